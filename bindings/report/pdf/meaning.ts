/** What the number means: the group it is compared with, arterial age, risks, guideline considerations; or in words why not. */
import type { Drawing } from '../pictures/drawing.js'
import { fixed } from '../numbers.js'
import type { Answer, Report } from '../report.js'
import { SHRINK, type Said, setDrawings, setSaid } from './figures.js'
import { type Flow, SMALL } from './flow.js'
import { sentence } from './opening.js'
import { type Row, setTable } from './table.js'

const SOURCE = { size: SMALL, ink: 'muted', after: 2 } as const

interface Source {
  readonly citation: string
  readonly edition: string
  readonly verification: string
  readonly flag: string | null
}

/** Where a value comes from, and what must be said with it. */
function setSource(flow: Flow, { citation, edition, verification, flag }: Source): void {
  const said = `${sentence(citation)} ${sentence(edition)} ${sentence(verification)}`
  flow.paragraph(flag === null ? said : `[${flag}] ${said}`, { ...SOURCE, ink: flag === null ? 'muted' : 'warn' })
}

/** One line for several answers that are missing for one reason. */
function setWithout(flow: Flow, title: string, reason: string): void {
  flow.heading(title, 30)
  flow.paragraph(`Not available: ${sentence(reason, false)}`, { ink: 'muted' })
}

export function setPercentile(flow: Flow, { percentile, arterialAge }: Report, drawings: readonly Drawing[]): void {
  const title = 'Compared with people of the same age and sex'
  if (percentile.value === null) {
    setWithout(flow, title, percentile.reason)
  } else {
    const { place, group, population, estimate, notes, published } = percentile.value
    const [drawing, ...others] = drawings
    flow.heading(title, drawing ? drawing.height * SHRINK + 20 : 90)
    const said: Said[] = [
      { text: sentence(place.text), bold: true, size: 12, after: 5 },
      { text: sentence(group), bold: true, after: 2 },
      { text: sentence(population), ink: 'muted', after: 5 },
    ]
    if (estimate) {
      const above = `${fixed(estimate.nonzeroPercent, 0)} % of this age, sex and race have a score above zero.`
      const text = `Estimate of a continuous percentile (not published): ${fixed(estimate.percentile, 0)}. ${above}`
      said.push({ text, after: 5 })
    }
    for (const note of notes) said.push({ text: sentence(note), ink: 'warn', after: 3 })
    setSaid(flow, drawing, said)
    setDrawings(flow, others)
    setSource(flow, published)
    if (estimate) setSource(flow, estimate.published)
  }
  setArterialAge(flow, arterialAge)
}

function setArterialAge(flow: Flow, { value, reason }: Report['arterialAge']): void {
  if (value === null) {
    flow.paragraph(`Arterial age is not available: ${sentence(reason, false)}`, { ink: 'muted' })
    return
  }
  flow.subheading(`Arterial age ${fixed(value.years, 0)} years`)
  flow.paragraph(sentence(value.statement))
  setSource(flow, value.published)
}

export function setRisk(flow: Flow, { risk }: Report): void {
  const title = 'Risk by published models'
  if (risk.value === null) return setWithout(flow, title, risk.reason)
  flow.heading(title, 110)
  const rows = risk.value.models.flatMap(({ name, horizonYears, legacy, risks, notes }): Row[] => {
    const model = `${name}${legacy ? ' (legacy)' : ''}`
    const years = String(horizonYears)
    const said = notes.map((note) => sentence(note)).join(' ')
    if (risks.value === null)
      return [{ cells: [{ text: model, bold: true }, years, '–', { text: `Not available: ${sentence(risks.reason, false)}`, ink: 'muted' }], ruled: true }] // prettier-ignore
    return risks.value.map(({ name: of, endpoint, risk: fraction, usesScore }, n) => ({
      cells: [
        { text: model, bold: n === 0, ink: n === 0 ? 'ink' : 'muted' },
        { text: years, ink: n === 0 ? 'ink' : 'muted' },
        { text: `${fixed(fraction * 100, 1)} %`, bold: usesScore || n === 0 },
        { text: `${sentence(`${of}: ${endpoint}`)}${n === 0 && said !== '' ? ` ${said}` : ''}` },
      ],
      ruled: n === 0,
    }))
  })
  const columns = [
    { title: 'Model', most: 0.3 },
    { title: 'Years', align: 'right' },
    { title: 'Risk', align: 'right' },
    { title: 'Of what', grows: true },
  ] as const
  setTable(flow, columns, rows, { size: 7.8 })
  const told = new Set<string>()
  for (const { name, published, risks } of risk.value.models) {
    if (risks.value === null || told.has(published.citation)) continue
    told.add(published.citation)
    setSource(flow, { ...published, citation: `${name.replace(/, \d+ years$/, '')}: ${published.citation}` })
  }
}

const STATES = { applies: 'Applies', undecided: 'Undecided', blocked: 'Blocked', other: 'Other score' } as const

export function setGuidelines(flow: Flow, { guidelines }: Report): void {
  const title = 'Guideline considerations for the clinician'
  if (guidelines.value === null) return setWithout(flow, title, guidelines.reason)
  flow.heading(title, 110)
  const [statement] = new Set(guidelines.value.map((section) => section.statement))
  if (statement !== undefined) flow.paragraph(statement, { bold: true, after: 3 })
  for (const { name, replacedBy, rules, rescan, source, verification } of guidelines.value) {
    flow.subheading(`${name}${replacedBy === null ? '' : ` (replaced by ${replacedBy})`}`, 60)
    const shown = rules.filter(({ state }) => state !== 'other')
    const rows = shown.map(({ state, when, consider, classOfRecommendation, levelOfEvidence, section, reasons, emphasis, confirm, population }): Row => ({ // prettier-ignore
      cells: [
        { text: STATES[state], bold: true, ink: state === 'applies' ? 'accent' : state === 'blocked' ? 'warn' : 'muted' },
        {
          text: [
            sentence(`${when}: ${consider}`),
            sentence(`For ${population}`),
            ...[...reasons, ...emphasis].map((text) => sentence(text)),
            ...(confirm.length > 0 ? [`To be confirmed: ${confirm.join('; ')}.`] : []),
          ].join(' '),
        },
        `${classOfRecommendation} / ${levelOfEvidence}`,
        { text: section, ink: 'muted' },
      ],
    })) // prettier-ignore
    const columns = [
      { title: 'State' },
      { title: 'Consideration', grows: true },
      { title: 'Class / level', most: 0.16 },
      { title: 'Section', most: 0.16 },
    ]
    if (rows.length > 0) setTable(flow, columns, rows, { size: 7.8 })
    const others = rules.length - shown.length
    if (others > 0)
      flow.paragraph(`${others} ${others === 1 ? 'rule' : 'rules'} of this edition ${others === 1 ? 'is' : 'are'} for another score or another kind of scan.`, { size: SMALL, ink: 'muted', after: 2 }) // prettier-ignore
    flow.paragraph(rescanText(rescan), { after: 2 })
    flow.paragraph(sentence(verification), { size: SMALL, ink: 'warn', bold: true, after: 1 })
    flow.paragraph(sentence(source), SOURCE)
  }
}

const rescanText = ({ value, reason }: Answer<{ readonly text: string }>): string =>
  value === null ? `No interval for another scan: ${sentence(reason, false)}` : value.text
