/** The lesions of a result as a table: the largest first, what is not listed summed in one line, what is not counted said. */
import type { Lesion, Piece, Result } from '../score/result.js'
import { isCoronary } from '../volume/territory.js'
import { count, fixed, plain, scoreText } from './numbers.js'
import type { Column, Paper, Row } from './paper.js'
import { minimumText } from './rules.js'

/** Lesions listed before the rest is summed. */
const LISTED = 12

/** What a column says of one lesion, and of those that are summed. */
interface LesionColumn extends Column {
  readonly one: (lesion: Lesion) => string
  readonly rest: (lesions: readonly Lesion[]) => string
}

const countedPieces = (lesion: Lesion): readonly Piece[] => lesion.pieces.filter((piece) => piece.counted)

const sumOf = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0)

const areaOf = (lesion: Lesion): number => sumOf(countedPieces(lesion), (piece) => piece.areaMm2)

const COLUMNS: readonly LesionColumn[] = [
  { title: 'Lesion', align: 'right', one: ({ id }) => String(id), rest: ({ length }) => `${length} more` },
  { title: 'Territory', one: ({ territories }) => territories.join('+'), rest: () => '' },
  { title: 'Slices', align: 'right', one: ({ slices }) => spanText(slices), rest: () => '' },
  {
    title: 'Area mm²',
    align: 'right',
    one: (lesion) => fixed(areaOf(lesion), 1),
    rest: (lesions) => fixed(sumOf(lesions, areaOf), 1),
  },
  { title: 'Peak HU', align: 'right', one: ({ peakHu }) => plain(peakHu, 0), rest: () => '' },
  { title: 'Weight', align: 'right', one: (lesion) => weightsText(lesion), rest: () => '' },
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
    spare: 1,
    one: ({ volumeMm3 }) => fixed(volumeMm3, 1),
    rest: (lesions) =>
      fixed(
        sumOf(lesions, ({ volumeMm3 }) => volumeMm3),
        1,
      ),
  },
  {
    title: 'Mass mg',
    align: 'right',
    spare: 2,
    one: ({ massMg }) => fixed(massMg, 2),
    rest: (lesions) => fixed(massOf(lesions), 2),
  },
  {
    title: 'Centre L, P, S mm',
    align: 'right',
    spare: 3,
    one: ({ centroidMm }) => centroidMm.map((mm) => mm.toFixed(0)).join(', '),
    rest: () => '',
  },
]

/** Lesions of the headline number, then those that stand apart. */
export function setLesions(paper: Paper, result: Result, all: boolean): void {
  const counted = result.lesions.filter((lesion) => lesion.counted)
  const inTotal = (lesion: Lesion): boolean => result.scope !== 'territories' || lesion.territories.some(isCoronary)
  const main = counted.filter(inTotal)
  const apart = counted.filter((lesion) => !inTotal(lesion))
  if (main.length > 0) {
    const what = result.scope === 'whole-image' ? 'Connected calcifications, bone included' : 'Lesions'
    paper.heading(`${what}, highest score first`)
    setTable(paper, main, all)
  }
  if (apart.length > 0) {
    paper.heading('Outside the coronary total, highest score first')
    setTable(paper, apart, all)
  }
  setUncounted(paper, result)
}

function setTable(paper: Paper, lesions: readonly Lesion[], all: boolean): void {
  const sorted = [...lesions].sort((a, b) => b.agatston - a.agatston || a.id - b.id)
  const listed = all || sorted.length === LISTED + 1 ? sorted : sorted.slice(0, LISTED)
  const rest = sorted.slice(listed.length)
  const named = lesions.some(({ territories }) => territories.length > 0)
  const columns = COLUMNS.filter(({ title }) => named || title !== 'Territory')
  const rows: Row[] = listed.map((lesion) => ({ cells: columns.map(({ one }) => one(lesion)) }))
  if (rest.length > 0) rows.push({ cells: columns.map((column) => column.rest(rest)), style: 'dim' })
  paper.table(columns, rows)
  if (rest.length > 0) paper.paragraph('The rest is summed in the last line; --all-lesions lists every one.', 'dim')
}

const spanText = ([first, last]: Lesion['slices']): string => (first === last ? String(first) : `${first}–${last}`)

function massOf(lesions: readonly Lesion[]): number | null {
  return lesions.some(({ massMg }) => massMg === null) ? null : sumOf(lesions, ({ massMg }) => massMg!)
}

/** The weight of its slices: one, or from the lowest to the highest. */
function weightsText(lesion: Lesion): string {
  const weights = countedPieces(lesion).map(({ weight }) => weight)
  const low = weights.reduce((a, b) => Math.min(a, b), Infinity)
  const high = weights.reduce((a, b) => Math.max(a, b), -Infinity)
  return low === high ? plain(low) : `${plain(low)}–${plain(high)}`
}

/** Pieces too small to count are listed in the data and not in the score: their number is told, never left out in silence. */
function setUncounted(paper: Paper, result: Result): void {
  const { lesions, standard, input } = result
  const small = sumOf(lesions, (lesion) => lesion.pieces.length - countedPieces(lesion).length)
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
