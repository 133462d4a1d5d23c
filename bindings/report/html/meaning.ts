/**
 * What the score means for the patient: percentile, arterial age, risks, what guidelines let a clinician consider. What has no value
 * says why; what has one says where it comes from, its flag first.
 */
import type { GuidelineSection, RuleOutcome } from '../guideline/apply.js'
import { plain, scoreText } from '../numbers.js'
import type { Drawing } from '../pictures/drawing.js'
import type { Published } from '../published.js'
import type { Report } from '../report.js'
import type { RiskModel } from '../risk/section.js'
import { drawn } from './figures.js'
import { type Markup, html, section, sentence } from './markup.js'

/** Percentile and sensitivity, side by side where both are there. */
export function comparison(report: Report, drawings: readonly Drawing[]): Markup {
  const named = (name: string): Drawing | undefined => drawings.find((drawing) => drawing.name === name)
  return html`${isSilent(report) ? null : percentile(report, named('percentile'))}${sensitivity(report, named('sensitivity'))}`
}

/** Percentile, risk and guidelines have one reason to be absent, which is said once. */
function isSilent({ percentile: first, arterialAge, risk, guidelines, status }: Report): boolean {
  if (status.kind !== 'score') return true
  return first.reason !== null && [arterialAge, risk, guidelines].every(({ reason }) => reason === first.reason)
}

export function meaning(report: Report): Markup | null {
  if (!isSilent(report)) return html`${risk(report)}${guidelines(report)}`
  const { reason } = report.percentile
  if (reason === null) return null
  return section(
    'meaning',
    'Percentile, risk, guidelines',
    html`<p class="muted">Not available: ${sentence(reason)}</p> `,
  )
}

function percentile({ percentile: { value, reason }, arterialAge }: Report, drawing: Drawing | undefined): Markup {
  const age =
    arterialAge.value === null
      ? html`<p class="muted">Arterial age not available: ${sentence(arterialAge.reason)}</p>`
      : html`<p>
          <b>Arterial age ${plain(arterialAge.value.years, 0)} years:</b> ${sentence(arterialAge.value.statement)}
        </p>`
  if (value === null)
    return section(
      'percentile',
      'Percentile',
      html`<p class="muted">Not available: ${sentence(reason)}</p>
        ${age} `,
    )
  const { place, group, estimate, population, published, notes } = value
  const sources = [published, ...(estimate ? [estimate.published] : []), ...(arterialAge.value ? [arterialAge.value.published] : [])] // prettier-ignore
  const words = html`<div>
    <p class="lead">${sentence(place.text)}</p>
    <p>Among ${group.charAt(0).toLowerCase() + group.slice(1)}.</p>
    ${estimate === null ? null : html`<p>Estimate: percentile ${plain(estimate.percentile)}. <span class="muted">${sentence(estimate.published.edition)}</span></p>`}
    ${age}
    <p class="muted">Compared with ${population}.</p>
    ${notes.map((note) => html`<p class="small">${sentence(note)}</p>`)}
  </div>`
  return section(
    'percentile',
    'Percentile',
    html`<div class="pair">${drawing ? drawn(drawing) : null}${words}</div>
      ${sources.map(source)} `,
  )
}

/** Where a number comes from, and its flag before anything else. */
const source = ({ citation, edition, verification, flag }: Published): Markup =>
  html`<p class="source">
    ${flag === null ? null : html`<span class="warn">${sentence(flag)}</span> `}${sentence(citation)}
    ${sentence(edition)} ${sentence(verification)}
  </p>`

/** How far the number hangs on the rules. */
function sensitivity({ result: { sensitivity: band } }: Report, drawing: Drawing | undefined): Markup | null {
  if (band === null) return null
  const text = (score: number): string => scoreText(score, score > 0 ? 1 : 0)
  const { min, max, byStandard, categoryChanges, flipped } = band
  const range = text(min) === text(max) ? `${text(min)} under each of them` : `${text(min)} to ${text(max)}`
  const words = html`<div>
    <p class="lead">${range}</p>
    <p>
      Under the published rules of five sources:
      ${Object.entries(byStandard)
        .map(([id, score]) => `${id} ${text(score)}`)
        .join(', ')}.
    </p>
    ${categoryChanges === true ? html`<p class="warn">The category is another one under some of these rules.</p>` : null}${categoryChanges === false ? html`<p>The category is the same under each of them.</p>` : null}
    ${flipped > 0 ? html`<p class="small muted">${flipped} ${flipped === 1 ? 'piece counts' : 'pieces count'} under some of these rules and not under others.</p>` : null}
  </div>`
  return section(
    'sensitivity',
    "Under vendors' rules",
    html`<div class="pair">${drawing ? drawn(drawing) : null}${words}</div> `,
  )
}

/** `7.3 %` */
const percentText = (fraction: number): string => `${(fraction * 100).toFixed(1)} %`

function risk({ risk: { value, reason } }: Report): Markup {
  if (value === null) return section('risk', 'Risk', html`<p class="muted">Not available: ${sentence(reason)}</p> `)
  const known = value.models.filter(({ risks }) => risks.value !== null)
  const absent = value.models.filter(({ risks }) => risks.value === null)
  return section(
    'risk',
    'Risk',
    known.length === 0
      ? null
      : html`<div class="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Model</th>
                <th scope="col">Risk of</th>
                <th scope="col" class="n">Years</th>
                <th scope="col" class="n">Risk</th>
              </tr>
            </thead>
            <tbody>
              ${known.map(modelRows)}
            </tbody>
          </table>
        </div> `,
    absent.length === 0
      ? null
      : html`<ul class="plain">
          ${absent.map(({ name, risks }) => html`<li><span class="muted">${name}: not available: ${sentence(risks.reason ?? '')}</span></li>`)}
        </ul> `,
    known.map(
      ({ name, notes, published }) =>
        html`<p class="source">
          <b>${name}.</b> ${notes.map((note) => `${sentence(note)} `)}${sourceText(published)}
        </p> `,
    ),
  )
}

const sourceText = ({ citation, edition, verification, flag }: Published): string =>
  [...(flag === null ? [] : [flag]), citation, edition, verification].map(sentence).join(' ')

function modelRows({ name, legacy, horizonYears, risks }: RiskModel): readonly Markup[] {
  return (risks.value ?? []).map(
    ({ name: what, endpoint, risk: fraction }, n) =>
      html`<tr>
        ${n === 0 ? html`<th scope="row" rowspan="${risks.value!.length}">${name}${legacy ? html` <span class="muted">(legacy)</span>` : null}</th>` : null}
        <td>${what}<br /><span class="small muted">${sentence(endpoint)}</span></td>
        <td class="n">${horizonYears}</td>
        <td class="n"><b>${percentText(fraction)}</b></td>
      </tr> `,
  )
}

function guidelines({ guidelines: { value, reason } }: Report): Markup {
  const title = 'What guidelines let a clinician consider'
  if (value === null)
    return section('guidelines', title, html`<p class="muted">Not available: ${sentence(reason)}</p> `)
  return section('guidelines', title, value.map(edition))
}

const STATES = {
  applies: { word: 'Applies', style: 'strong' },
  undecided: { word: 'Undecided', style: '' },
  blocked: { word: 'Blocked', style: 'alert' },
  other: { word: 'Other score', style: 'weak' },
} as const

function edition(told: GuidelineSection): Markup {
  const { name, replacedBy, rules, rescan, source: where, verification, statement } = told
  const shown = rules.filter(({ state }) => state !== 'other')
  return html`<h3>
      ${name}${replacedBy === null ? null : html` <span class="muted">(replaced by ${replacedBy})</span>`}
    </h3>
    ${
      shown.length === 0
        ? html`<p>No rule of this edition is for this score.</p>`
        : html`<ul class="plain">
            ${shown.map(rule)}
          </ul>`
    }
    <p><b>Another scan:</b> ${rescan.value === null ? sentence(rescan.reason) : sentence(rescan.value.text)}</p>
    <p class="small warn">${sentence(verification)}</p>
    <p class="source">${sentence(where)} ${statement}</p> `
}

function rule(outcome: RuleOutcome): Markup {
  const { state, when, consider, classOfRecommendation, levelOfEvidence, section: place } = outcome
  const { word, style } = STATES[state]
  const more = [...outcome.reasons, ...outcome.emphasis, ...outcome.confirm]
  return html`<li>
    <p><span class="state ${style}">${word}</span><b>${sentence(consider)}</b></p>
    <p class="small">${sentence(when)} Class ${classOfRecommendation}, level ${levelOfEvidence}, ${place}.</p>
    ${more.length === 0 ? null : html`<p class="small muted">${more.map((text) => `${sentence(text)} `)}</p>`}
  </li> `
}
