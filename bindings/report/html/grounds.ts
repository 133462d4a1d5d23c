/** What the number rests on: notes on the scan, eligibility and claim, how it was computed and from what, the disclaimer. */
import type { Claim } from '../coding/claim.js'
import type { ClaimLine } from '../coding/line.js'
import type { EligibilityRow, EligibilityState } from '../coding/eligibility.js'
import { NONE, plain } from '../numbers.js'
import type { Report } from '../report.js'
import { type Markup, fields, html, section, sentence } from './markup.js'
import { notice } from './opening.js'

/** What was measured of the scan, and what is to be known beside it. */
export function quality({ result, notes }: Report): Markup {
  const { quality: seen, input } = result
  const hu = (value: number | null): string => (value === null ? 'not measured' : `${plain(value, 1)} HU`)
  const gating = { evidence: 'recorded in the headers', 'no-evidence': 'not recorded in the headers' } as const
  return section(
    'quality',
    'Quality of the scan',
    fields([
      ['Tube voltage', input.kvp === null ? 'not known' : `${plain(input.kvp)} kV`],
      ['Slices', `${plain(input.incrementMm)} mm apart, ${input.thicknessMm === null ? 'thickness not known' : `${plain(input.thicknessMm)} mm thick`}`], // prettier-ignore
      ['Coverage', `${plain(seen.coverageMm, 1)} mm`],
      ['Noise', hu(seen.noiseHu)],
      ['Air', hu(seen.airHu)],
      ['ECG gating', seen.gated === null ? 'not known' : gating[seen.gated]],
    ]),
    notes.length === 0
      ? null
      : html`<h3>Notes</h3>
          <ul>
            ${notes.map(notice)}
          </ul> `,
  )
}

/** What each part of the mask files was taken for. */
export function masks({ result }: Report): Markup | null {
  const { territoryMapping } = result.input
  if (territoryMapping === null) return null
  const { sources, notes } = territoryMapping
  return section(
    'masks',
    'Masks',
    html`<div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col" class="n">No.</th>
            <th scope="col">Label</th>
            <th scope="col">Taken for</th>
            <th scope="col" class="n">Pixels</th>
          </tr>
        </thead>
        <tbody>
          ${sources.map(
            ({ file, number, label, territory, pixels }) =>
              html`<tr${territory === null ? html` class="apart"` : null}><th scope="row">${file}</th><td class="n">${number}</td><td>${label ?? NONE}</td><td>${territory ?? 'left out'}</td><td class="n">${pixels}</td></tr>
`,
          )}
        </tbody>
      </table>
    </div> `,
    notes.map((note) => html`<p class="small warn">${sentence(note)}</p>`),
  )
}

const RULES: Readonly<Record<EligibilityRow['rule'], string>> = {
  ct: 'CT',
  'heart-or-chest': 'Heart or chest',
  'no-contrast': 'No contrast',
  quantitative: 'Quantitative',
  'stand-alone': 'Stands alone',
}

const ELIGIBLE: Readonly<Record<EligibilityState, string>> = { met: 'strong', 'not met': 'alert', unknown: 'weak' }

export function eligibility({ eligibility: rows }: Report): Markup | null {
  if (rows === null) return null
  return section(
    'eligibility',
    'Eligibility for CPT 75571',
    html`<ul class="plain">
        ${rows.map(
          ({ rule, state, attribute, value, note }) =>
            html`<li>
              <p>
                <span class="state ${ELIGIBLE[state]}">${sentence(state).slice(0, -1)}</span
                ><b>${RULES[rule]}.</b> ${sentence(note)}
              </p>
              <p class="small muted">Read: ${attribute}: ${value}.</p>
            </li> `,
        )}
      </ul>
      <p class="small muted">No legal or billing advice.</p> `,
  )
}

const CLAIMED: Readonly<Record<ClaimLine['state'], readonly [word: string, style: string]>> = {
  conflict: ['Conflict', 'alert'],
  refusal: ['Not paid', 'alert'],
  gap: ['Open', ''],
  fits: ['Fits', 'strong'],
  note: ['Note', 'weak'],
}

export function claim({ claim: told }: Report): Markup | null {
  return told === null ? null : section('claim', 'Claim for CPT 75571', claimed(told))
}

const claimed = ({ payerName, codes, component, verdict, lines, statement }: Claim): Markup =>
  html`<p class="lead">${sentence(verdict)}</p>
    <p>${payerName}; codes ${codes.join(', ')}; component: ${component ?? 'not clear from the modifiers'}.</p>
    <ul class="plain">
      ${lines.map(({ state, text, source, date, verification }) => {
        const [word, style] = CLAIMED[state]
        return html`<li>
          <p><span class="state ${style}">${word}</span>${text}</p>
          <p class="small muted">${source}; ${date}; ${verification}</p>
        </li> `
      })}
    </ul>
    <p class="small muted">${statement}</p> `

/** The foot of the page: enough to make the number again, and what this is not. */
export const foot = ({ provenance, disclaimer }: Report): Markup =>
  html`<footer>
    ${provenance.map(
      ({ title, fields: rows }) =>
        html`<h3>${title}</h3>
          ${fields(rows)}`,
    )}
    <p class="disclaimer">${disclaimer}</p>
  </footer> `
