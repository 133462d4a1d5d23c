/** The lesions of a result as a table: the largest first, what is not listed summed in one line, what is not counted said. */
import type { Result } from '../../score/result.js'
import { NONE, count, fixed, plain, scoreText } from '../numbers.js'
import type { Column, Paper, Row } from './paper.js'
import { minimumText } from '../rules.js'
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

/** Lesions listed before the rest is summed. */
const LISTED = 12

/** What a column says of one lesion, and of those that are summed. */
interface LesionColumn extends Column {
  readonly one: (lesion: Share) => string
  readonly rest: (lesions: readonly Share[]) => string
}

const COLUMNS: readonly LesionColumn[] = [
  { title: 'Lesion', align: 'right', one: ({ id }) => String(id), rest: ({ length }) => `${length} more` },
  {
    title: 'Territory',
    one: ({ territories, isPart }) => territories.join('+') + (isPart ? ' †' : ''),
    rest: () => '',
  },
  { title: 'Slices', align: 'right', spare: 1, one: ({ slices }) => spanText(slices), rest: () => '' },
  {
    title: 'Area mm²',
    align: 'right',
    spare: 3,
    one: (lesion) => fixed(areaOf(lesion), 1),
    rest: (lesions) => fixed(sumOf(lesions, areaOf), 1),
  },
  { title: 'Peak HU', align: 'right', spare: 2, one: ({ peakHu }) => plain(peakHu, 0), rest: () => '' },
  { title: 'Weight', align: 'right', spare: 4, one: (lesion) => weightsText(lesion), rest: () => '' },
  {
    title: 'Score',
    align: 'right',
    one: ({ agatston }) => scoreText(agatston, 1),
    rest: (lesions) =>
      scoreText(
        sumOf(lesions, ({ agatston }) => agatston),
        1,
      ),
  },
  {
    title: 'Volume mm³',
    align: 'right',
    spare: 5,
    one: ({ volumeMm3 }) => fixed(volumeMm3, 1),
    rest: (lesions) =>
      fixed(
        sumOrNull(lesions, ({ volumeMm3 }) => volumeMm3),
        1,
      ),
  },
  {
    title: 'Mass mg',
    align: 'right',
    spare: 6,
    one: ({ massMg }) => fixed(massMg, 2),
    rest: (lesions) =>
      fixed(
        sumOrNull(lesions, ({ massMg }) => massMg),
        2,
      ),
  },
  {
    title: 'Centre L, P, S mm',
    align: 'right',
    spare: 7,
    one: ({ centroidMm, isPart }) => (isPart ? NONE : centroidMm.map((mm) => mm.toFixed(0)).join(', ')),
    rest: () => '',
  },
]

/** Lesions of the headline number, then those that stand apart. Each table sums to what stands above it. */
export function setLesions(paper: Paper, result: Result, all: boolean): void {
  const { main, apart } = sharesByTotal(result)
  if (main.length > 0) {
    const what = result.scope === 'whole-image' ? 'Connected calcifications, bone included' : 'Lesions'
    paper.heading(`${what}, highest score first`)
    setTable(paper, main, all)
    setPartNote(paper, main, 'the coronary part of a lesion that reaches beyond the coronary arteries')
  }
  if (apart.length > 0) {
    paper.heading('Outside the coronary total, highest score first')
    setTable(paper, apart, all)
    setPartNote(paper, apart, 'the part outside of a lesion that reaches into a coronary artery')
  }
  setExcluded(paper, result)
  setUncounted(paper, result)
}

/** What a reader left out, each with the reason given. */
function setExcluded(paper: Paper, { lesions }: Result): void {
  const excluded = lesions.filter(({ pieces }) => pieces.some((piece) => piece.excluded !== null))
  if (excluded.length === 0) return
  paper.heading('Left out by the reader, in no number above')
  for (const { id, slices, pieces } of excluded.slice(0, LISTED)) {
    const reason = pieces.find((piece) => piece.excluded !== null)!.excluded
    const area = sumOf(pieces, ({ areaMm2 }) => areaMm2)
    const [first, last] = slices
    const where = first === last ? `slice ${first}` : `slices ${first}–${last}`
    paper.paragraph(`Lesion ${id}, ${where}, ${fixed(area, 1)} mm²: ${reason}`, undefined, '- ')
  }
  if (excluded.length > LISTED) paper.paragraph(`${excluded.length - LISTED} more: the data lists all.`, 'dim')
}

function setPartNote(paper: Paper, shares: readonly Share[], what: string): void {
  if (shares.some(({ isPart }) => isPart)) paper.paragraph(`† ${what}.`, 'dim')
}

function setTable(paper: Paper, lesions: readonly Share[], all: boolean): void {
  const sorted = byScore(lesions)
  const listed = all || sorted.length === LISTED + 1 ? sorted : sorted.slice(0, LISTED)
  const rest = sorted.slice(listed.length)
  const named = lesions.some(({ territories }) => territories.length > 0)
  const columns = COLUMNS.filter(({ title }) => named || title !== 'Territory')
  const rows: Row[] = listed.map((lesion) => ({ cells: columns.map(({ one }) => one(lesion)) }))
  if (rest.length > 0) rows.push({ cells: columns.map((column) => column.rest(rest)), style: 'dim' })
  paper.table(columns, rows)
  if (rest.length > 0) paper.paragraph('The rest is summed in the last line; --all-lesions lists every one.', 'dim')
}

/** Pieces too small to count are listed in the data and not in the score: their number is told, never left out in silence. */
function setUncounted(paper: Paper, result: Result): void {
  const { lesions, standard, input } = result
  const small = smallPieces(result)
  paper.line()
  if (small > 0) {
    const text = `${count(small, 'piece')} too small to count (counted: ${minimumText(standard)}) ${small === 1 ? 'is' : 'are'} not in any number above.`
    paper.paragraph(text, 'dim')
  }
  if (lesions.length > 0) {
    const text = `Slices count from 0 to ${input.slices - 1} in order of position along the slice normal. A weight of 1–4 means that slices of the lesion have different weights.`
    paper.paragraph(text, 'dim')
  }
}
