/** What was found: the vessels in one table, every lesion in another. */
import type { Totals } from '../../score/result.js'
import { NONE, fixed, plain, scoreText } from '../numbers.js'
import type { Report } from '../report.js'
import {
  type Share,
  areaOf,
  byScore,
  sharesByTotal,
  smallPieces,
  spanText,
  sumOf,
  sumOrNull,
  weightsText,
} from '../shares.js'
import { type Flow, SMALL } from './flow.js'
import { type Column, type Row, setTable } from './table.js'

/** Lesions listed on paper; what is beyond is summed in one line. */
export const MOST_LISTED = 500

const NUMBER = { align: 'right' } as const

export function setVessels(flow: Flow, { vessels, notMarked, result }: Report): void {
  if (vessels.length === 0) return
  const coronary = vessels.filter((row) => row.coronary)
  const apart = vessels.filter((row) => !row.coronary)
  const { total, scope } = result
  flow.heading('Vessels', 40 + 15 * Math.min(vessels.length + 1, 12))
  const columns: Column[] = [
    { title: 'Territory', grows: true, most: 0.4 },
    { title: 'Share of total' },
    { title: 'Score', ...NUMBER },
    { title: 'Volume mm³', ...NUMBER },
    { title: 'Mass mg', ...NUMBER },
    { title: 'Lesions', ...NUMBER },
    { title: 'Peak HU', ...NUMBER },
    { title: 'Mean HU', ...NUMBER },
  ]
  const nameOf = (name: string, territory: string): string => (name === territory ? name : `${name} (${territory})`)
  const rows: Row[] = coronary.map(({ name, territory, totals, score }) => {
    const share = total.agatston > 0 ? totals.agatston / total.agatston : 0
    return {
      cells: [
        { text: nameOf(name, territory), mark: territory },
        { text: total.agatston > 0 ? `${(share * 100).toFixed(0)} %` : NONE, bar: share },
        { text: score, bold: true },
        ...measures(totals),
      ],
    }
  })
  const name = scope === 'candidates' ? 'Proposed total' : 'Coronary total'
  const score = coronary.length === 0 ? NONE : scoreText(total.agatston, total.pieces)
  rows.push({ cells: [name, '', score, ...measures(total)], bold: true, ruled: true })
  apart.forEach(({ name: other, territory, totals, score: own }, n) =>
    rows.push({
      cells: [{ text: `${nameOf(other, territory)} *`, mark: territory }, '', own, ...measures(totals)],
      ink: 'muted',
      ruled: n === 0,
    }),
  )
  setTable(flow, columns, rows)
  if (apart.length > 0) flow.paragraph('* Not coronary: not in the total.', { size: SMALL, ink: 'muted' })
  if (notMarked.length > 0)
    flow.paragraph(`Not marked, so not scored, which is no zero: ${notMarked.join(', ')}.`, { ink: 'warn', bold: true })
}

const measures = ({ volumeMm3, massMg, lesions, peakHu, meanHu }: Totals): readonly string[] => [
  fixed(volumeMm3, 1),
  fixed(massMg, 2),
  String(lesions),
  plain(peakHu, 0),
  fixed(meanHu, 1),
]

export function setLesions(flow: Flow, { result }: Report): void {
  const { main, apart } = sharesByTotal(result)
  const what = result.scope === 'whole-image' ? 'Connected calcifications, bone included' : 'Lesions'
  if (main.length > 0) {
    flow.heading(`${what}, highest score first`)
    setLesionTable(flow, main)
    setPartNote(flow, main, 'the coronary part of a lesion that reaches beyond the coronary arteries')
  }
  if (apart.length > 0) {
    flow.heading('Lesions outside the coronary total, highest score first')
    setLesionTable(flow, apart)
    setPartNote(flow, apart, 'the part outside of a lesion that reaches into a coronary artery')
  }
  const small = smallPieces(result)
  const notes = [
    ...(small > 0 ? [`${small} ${small === 1 ? 'piece is' : 'pieces are'} too small to count and in no number.`] : []),
    ...(main.length + apart.length > 0 ? [SLICES_NOTE] : []),
  ]
  for (const note of notes) flow.paragraph(note, { size: SMALL, ink: 'muted', after: 2 })
  setExcluded(flow, result.lesions)
}

const SLICES_NOTE =
  'Slices count from 0 in order of position along the slice normal. A weight of 1–4 means that slices of the lesion have different weights. Centres are in patient coordinates (left, posterior, superior).'

const LESION_COLUMNS: readonly Column[] = [
  { title: 'No.', ...NUMBER },
  { title: 'Territory', most: 0.3 },
  { title: 'Slices', ...NUMBER },
  { title: 'Area mm²', ...NUMBER },
  { title: 'Peak HU', ...NUMBER },
  { title: 'Mean HU', ...NUMBER },
  { title: 'Weight', ...NUMBER },
  { title: 'Score', ...NUMBER },
  { title: 'Volume mm³', ...NUMBER },
  { title: 'Mass mg', ...NUMBER },
  { title: 'Centre L, P, S mm', ...NUMBER },
]

function setLesionTable(flow: Flow, shares: readonly Share[]): void {
  const sorted = byScore(shares)
  const listed = sorted.slice(0, MOST_LISTED)
  const rest = sorted.slice(MOST_LISTED)
  const named = shares.some(({ territories }) => territories.length > 0)
  const pick = <T>(cells: readonly T[]): T[] => cells.filter((_, n) => named || n !== 1)
  const rows: Row[] = listed.map((share) => {
    const first = share.territories[0]
    const text = share.territories.join(' + ') + (share.isPart ? ' †' : '')
    return {
      cells: pick([
        String(share.id),
        first === undefined ? '' : { text, mark: first },
        spanText(share.slices),
        fixed(areaOf(share), 1),
        plain(share.peakHu, 0),
        fixed(share.meanHu, 0),
        weightsText(share),
        { text: scoreText(share.agatston, 1), bold: true },
        fixed(share.volumeMm3, 1),
        fixed(share.massMg, 2),
        share.isPart ? NONE : share.centroidMm.map((mm) => String(Number(mm.toFixed(0)))).join(', '),
      ]),
    }
  })
  if (rest.length > 0)
    rows.push({
      cells: pick([
        `${rest.length} more`,
        '',
        '',
        fixed(sumOf(rest, areaOf), 1),
        '',
        '',
        '',
        scoreText(sumOf(rest, ({ agatston }) => agatston), 1),
        fixed(sumOrNull(rest, ({ volumeMm3 }) => volumeMm3), 1),
        fixed(sumOrNull(rest, ({ massMg }) => massMg), 2),
        '',
      ]),
      ruled: true,
      ink: 'muted',
    }) // prettier-ignore
  setTable(flow, pick(LESION_COLUMNS), rows, { size: 7.8 })
  if (rest.length > 0)
    flow.paragraph(`The first ${MOST_LISTED} are listed; the rest is summed in the last line and listed in the data.`, {
      size: SMALL,
      ink: 'muted',
    })
}

function setPartNote(flow: Flow, shares: readonly Share[], what: string): void {
  if (shares.some(({ isPart }) => isPart)) flow.paragraph(`† ${what}.`, { size: SMALL, ink: 'muted', after: 2 })
}

/** What a reader left out, each with the reason given. */
function setExcluded(flow: Flow, lesions: Report['result']['lesions']): void {
  const rows = lesions.flatMap(({ id, slices, pieces }): Row[] => {
    const reason = pieces.find(({ excluded }) => excluded !== null)?.excluded
    if (reason === undefined || reason === null) return []
    return [{ cells: [String(id), spanText(slices), fixed(sumOf(pieces, ({ areaMm2 }) => areaMm2), 1), reason] }] // prettier-ignore
  })
  if (rows.length === 0) return
  flow.subheading('Left out by the reader, in no number')
  const columns: Column[] = [
    { title: 'No.', ...NUMBER },
    { title: 'Slices', ...NUMBER },
    { title: 'Area mm²', ...NUMBER },
    { title: 'Reason given', grows: true },
  ]
  setTable(flow, columns, rows.slice(0, MOST_LISTED), { size: 7.8 })
}
