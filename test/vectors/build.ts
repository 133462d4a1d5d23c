/** Small words to write vectors in. A definition is a volume and the standards it is scored under; the answers come from the reference. */
import type { StandardRules } from '../../bindings/score/standard.js'
import { band } from '../reference/band.js'
import { reference } from '../reference/score.js'
import type { Score } from '../reference/types.js'
import {
  type Box,
  type Encoded,
  PIECE_FIELDS,
  type Range,
  type Rule,
  type StoredAnswer,
  type StoredVolume,
  type VectorFile,
  decodeVolume,
  toRow,
} from './format.js'
import { BAND, SHIPPED, needsThickness } from './standards.js'

export interface Definition {
  readonly name: string
  readonly rule: Rule
  readonly note: string
  readonly volume: StoredVolume
  readonly standards: readonly StandardRules[]
  /** Places of the pieces to keep where there are very many. */
  readonly sample?: readonly number[]
  /** Whether the case tells the sensitivity band as well. */
  readonly band?: boolean
}

export interface DefinitionFile {
  readonly file: string
  readonly title: string
  readonly definitions: readonly Definition[]
}

/** A volume of zeros in HU, one 16 x 16 slice of 1 mm2 pixels, 3 mm thick and apart, but for what is said. */
export function volume(change: Partial<StoredVolume> & { readonly boxes?: readonly Box[] }): StoredVolume {
  const { boxes = [], ...rest } = change
  return {
    type: 'int16',
    rows: 16,
    columns: 16,
    slices: 1,
    pixelSpacingMm: [1, 1],
    incrementMm: 3,
    thicknessMm: 3,
    rescale: [{ slope: 1, intercept: 0 }],
    padding: [],
    massFactor: null,
    pixels: { fill: 0, boxes },
    labels: null,
    ...rest,
  }
}

/** A box of one value. Row and column ranges, then slices (the first one alone, unless said). */
export function box(value: number, rows: Range, columns: Range, slices: Range = [0, 1]): Box {
  return { slices, rows, columns, value }
}

/** One pixel. */
export function dot(value: number, row: number, column: number, slice = 0): Box {
  return box(value, [row, row + 1], [column, column + 1], [slice, slice + 1])
}

/** A row of these values in an otherwise empty slice, each on its own: every second column of the row, from column 1. */
export function apart(values: readonly number[], row = 1): Box[] {
  return values.map((value, n) => dot(value, row, 1 + 2 * n))
}

/** Straight pieces of these many pixels from column 0 on, each in a row of its own. */
export function lines(counts: readonly number[], hu = 150): Box[] {
  return counts.map((n, line) => box(hu, [1 + 2 * line, 2 + 2 * line], [0, n]))
}

export function labels(...boxes: readonly Box[]): Encoded {
  return { fill: 0, boxes }
}

/** A case under every shipped standard that has what it needs, or under those given. */
export function define(
  rule: Rule,
  name: string,
  note: string,
  scored: StoredVolume,
  standards: readonly StandardRules[] = SHIPPED.filter((one) => scored.thicknessMm !== null || !needsThickness(one)),
  sample?: readonly number[],
): Definition {
  return { rule, name, note, volume: scored, standards, ...(sample && { sample }) }
}

/** The file with its answers. @throws RangeError where a name or a standard's id is used twice */
export function answer({ file, title, definitions }: DefinitionFile): VectorFile {
  const standards: Record<string, StandardRules> = {}
  const names = new Set<string>()
  const cases = definitions.map(({ name, rule, note, volume: scored, standards: under, sample, ...more }) => {
    if (names.has(name)) throw new RangeError(`${file}: two cases are named ${name}`)
    names.add(name)
    const input = decodeVolume(scored)
    const groups = new Map<string, StoredAnswer>()
    for (const standard of under) {
      if ((standards[standard.id] ??= standard) !== standard) throw new RangeError(`two standards ${standard.id}`)
      const expected = answerOf(reference(input, standard), sample ?? null)
      const key = JSON.stringify(expected)
      groups.set(key, { standards: [...(groups.get(key)?.standards ?? []), standard.id], ...expected })
    }
    const expected = [...groups.values()]
    return { name, rule, note, volume: scored, expected, ...(more.band && { band: band(input, BAND) }) }
  })
  return { schema: 'agatston.vectors/1', title, pieceFields: PIECE_FIELDS, standards, cases }
}

function answerOf(score: Score, sample: readonly number[] | null): Omit<StoredAnswer, 'standards'> {
  const { total, territories, pieces, lesions } = score
  return {
    total,
    territories,
    found: { pieces: pieces.length, lesions: lesions.length },
    sample,
    pieces: (sample ? sample.map((n) => pieces[n]!) : pieces).map(toRow),
  }
}

/** JSON with one line for each piece, list and small object: compact, and a change shows as the line it is. */
export function toText(content: unknown, indent = ''): string {
  const flat = JSON.stringify(content)
  if (flat.length + indent.length <= 400 || typeof content !== 'object' || content === null) return flat
  const inner = `${indent} `
  const lines = Array.isArray(content)
    ? content.map((value) => inner + toText(value, inner))
    : Object.entries(content).map(([key, value]) => `${inner}${JSON.stringify(key)}:${toText(value, inner)}`)
  const [open, close] = Array.isArray(content) ? '[]' : '{}'
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`
}
