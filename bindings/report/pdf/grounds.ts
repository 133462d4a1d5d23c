/** What the number rests on: the scan's quality, notes, what speaks for its code, the claim, how it was made, and the last word. */
import { fixed, plain } from '../numbers.js'
import type { Report } from '../report.js'
import { BODY, type Flow, SMALL } from './flow.js'
import { sentence } from './opening.js'
import { type Cell, type Row, setTable } from './table.js'

/** Names and values in two columns. */
export function setFields(flow: Flow, fields: readonly (readonly [string, string])[], size = BODY): void {
  const rows = fields.map(([name, value]): Row => ({ cells: [{ text: name, ink: 'muted' }, value] }))
  setTable(
    flow,
    [
      { title: 'Name', most: 0.26 },
      { title: 'Value', grows: true },
    ],
    rows,
    { headless: true, size, pad: 1.3 },
  )
}

export function setQuality(flow: Flow, { result, notes }: Report): void {
  const { quality } = result
  const of = (value: number | null, digits: number, unit: string): string =>
    value === null ? 'not measured' : `${plain(value, digits)} ${unit}`
  flow.heading('Quality of the scan')
  setFields(flow, [
    ['Noise in even soft tissue', of(quality.noiseHu, 1, 'HU (standard deviation)')],
    ['Air', of(quality.airHu, 0, 'HU')],
    ['Blood pool', of(quality.bloodPoolHu, 0, 'HU')],
    ['ECG gating', quality.gated === null ? 'not known' : GATING[quality.gated]],
    ['Coverage along the slices', `${fixed(quality.coverageMm, 1)} mm`],
  ])
  if (notes.length === 0) return
  flow.subheading('Notes')
  const rows = notes.map(({ code, message, effect }): Row => ({
    cells: [{ text: sentence(message) }, { text: effect, ink: 'muted' }, { text: code, ink: 'muted' }],
  }))
  setTable(flow, [{ title: 'Met', grows: true, most: 0.48 }, { title: 'What it does to the score', most: 0.38 }, { title: 'Code' }], rows, { size: 7.8 }) // prettier-ignore
}

const GATING = { evidence: 'recorded in the headers', 'no-evidence': 'not recorded in the headers' } as const

const RULES: Readonly<Record<string, string>> = {
  ct: 'CT',
  'heart-or-chest': 'Heart or chest',
  'no-contrast': 'No contrast',
  quantitative: 'Calcium quantified',
  'stand-alone': 'Stands alone',
}

/** A state with a sign before it, so that colour is not what tells it. */
const STATES: Readonly<Record<string, Cell>> = {
  met: { text: '+ met', bold: true },
  'not met': { text: '× not met', bold: true, ink: 'warn' },
  unknown: { text: '? unknown', bold: true, ink: 'muted' },
  conflict: { text: '× conflict', bold: true, ink: 'warn' },
  gap: { text: '? gap', bold: true, ink: 'muted' },
  fits: { text: '+ fits', bold: true },
  note: { text: '· note', ink: 'muted' },
}

export function setEligibility(flow: Flow, { eligibility }: Report): void {
  if (eligibility === null) return
  flow.heading('What speaks for CPT 75571', 100)
  const rows = eligibility.map(({ rule, state, note, attribute, value }): Row => ({
    cells: [
      RULES[rule] ?? rule,
      STATES[state] ?? state,
      { text: note },
      { text: `${attribute}: ${value}`, ink: 'muted' },
    ],
  }))
  setTable(flow, [{ title: 'Rule' }, { title: 'State' }, { title: 'Why', grows: true, most: 0.42 }, { title: 'Read from', most: 0.36 }], rows, { size: 7.8 }) // prettier-ignore
  flow.paragraph('An aid to whoever codes; not legal or billing advice.', { size: SMALL, ink: 'muted' })
}

export function setClaim(flow: Flow, { claim }: Report): void {
  if (claim === null) return
  flow.heading('The claim, looked at before it is sent', 120)
  flow.paragraph(`${claim.payerName}: ${claim.verdict}.`, {
    bold: true,
    ink: claim.verdict === 'conflicts' ? 'warn' : 'ink',
  })
  const rows = claim.lines.map(({ state, text, source, date, verification }): Row => ({
    cells: [STATES[state] ?? state, { text }, { text: `${source} (${date}). ${verification}`, ink: 'muted' }],
  }))
  setTable(flow, [{ title: 'State' }, { title: 'Line', grows: true, most: 0.5 }, { title: 'Source', most: 0.42 }], rows, { size: 7.6 }) // prettier-ignore
  flow.paragraph(claim.statement, { size: SMALL, ink: 'muted' })
}

export function setProvenance(flow: Flow, { provenance, result }: Report): void {
  for (const { title, fields } of provenance) {
    flow.heading(title, 60)
    setFields(flow, fields, 7.6)
  }
  const mapping = result.input.territoryMapping
  if (mapping === null) return
  flow.heading('What the masks were taken for', 70)
  const rows = mapping.sources.map(({ file, number, label, code, territory, pixels }): Row => ({
    cells: [file, String(number), label ?? '–', code ?? '–', territory ?? 'left out', String(pixels)],
    ...(territory === null ? { ink: 'muted' } : {}),
  }))
  const columns = [
    { title: 'File', most: 0.3 },
    { title: 'No.', align: 'right' },
    { title: 'Label', most: 0.3 },
    { title: 'Code', most: 0.2 },
    { title: 'Taken for', most: 0.25 },
    { title: 'Pixels', align: 'right' },
  ] as const
  setTable(flow, columns, rows, { size: 7.6 })
  for (const note of mapping.notes) flow.paragraph(sentence(note), { size: SMALL, ink: 'warn', after: 2 })
}

/** What every reader must know last; and which characters no font here could draw. */
export function setEnd(flow: Flow, { disclaimer }: Report): void {
  const { replaced } = flow.faces
  if (replaced.size > 0) {
    const codes = [...replaced].sort((a, b) => a - b)
    const shown = codes.slice(0, 40).map((code) => `U+${code.toString(16).toUpperCase().padStart(4, '0')}`)
    const more = codes.length > shown.length ? ` and ${codes.length - shown.length} more` : ''
    const sign = flow.face().standIn
    flow.space(8)
    flow.paragraph(
      `${sign} stands for characters that cannot be drawn here: ${shown.join(', ')}${more}. The data hold them.`,
      { size: SMALL, ink: 'warn' },
    )
  }
  const look = { bold: true, size: 9.5, after: 0 }
  const height = flow.heightOf(disclaimer, flow.width - 24, look) + 16
  flow.need(height + 12)
  flow.space(12)
  const { sheet, left, y } = flow
  sheet.artifact(() => sheet.rect(left, y, flow.width, height, { stroke: { ink: 'ink', width: 0.9 } }, 4))
  flow.parent = flow.root
  flow.lines(flow.parent.add('P'), disclaimer, left + 12, y + 7, flow.width - 24, look)
  flow.space(height)
}
