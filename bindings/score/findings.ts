/**
 * What the kernel found in a whole volume: the records of all pieces in slice order, and the lesion of each. Kept as the
 * kernel's bytes, so that a million pieces cost a copy and not a million objects.
 */
import type { Ladder } from '../engine/ladder.js'
import type { RunTable } from '../engine/window.js'
import {
  PIECE_ABOVE2,
  PIECE_ABOVE3,
  PIECE_ABOVE4,
  PIECE_BYTES,
  PIECE_COLUMN0,
  PIECE_COLUMN1,
  PIECE_LABEL,
  PIECE_PEAK,
  PIECE_PIXELS,
  PIECE_ROW0,
  PIECE_ROW1,
  PIECE_SUM,
  PIECE_SUM_COLUMN,
  PIECE_SUM_ROW,
} from '../engine/wasm.generated.js'
import type { Rescale } from '../volume/volume.js'

/** What was found in one slice. */
export interface SliceFindings {
  /** Records of its pieces, 64 bytes each. */
  readonly records: Uint8Array
  readonly pieces: number
  /** Pairs of its pieces that touch under different labels. */
  readonly touching: Uint32Array
  /** Its runs, kept where slices are linked only at the end. */
  readonly runs: RunTable | null
  readonly ladder: Ladder
  readonly rescale: Rescale
  /** What a second look found in it brighter than calcium; absent where nothing is. */
  readonly bright?: Findings
  /** What further looks found in it, in their order; absent where there are none. */
  readonly looks?: readonly LookFindings[]
}

/** What another look found in a slice, and which of its pieces share a pixel with which of the slice's own. */
export interface LookFindings extends SliceFindings {
  /** Two piece numbers each: the slice's own, then the look's. Pairs that follow from earlier ones are left out. */
  readonly shared: Uint32Array
}

/** Links between a slice's pieces and those of the slice before it in order: two piece numbers each. */
export type SliceLinks = readonly Uint32Array[]

export class Findings {
  readonly pieces: number
  readonly lesions: number
  /** First piece of each slice, and one past the last. */
  readonly sliceStarts: Uint32Array
  /** Lesion of each piece, numbered from 0 by first appearance. */
  readonly lesionOf: Uint32Array
  /** In order of position. */
  readonly slices: readonly SliceFindings[]
  /** Whether pixels, and so peaks, are float32. */
  readonly floats: boolean
  /** Whether the kernel saw labels. */
  readonly labelled: boolean
  readonly #u32: Uint32Array
  readonly #i32: Int32Array
  readonly #f32: Float32Array
  readonly #u16: Uint16Array
  readonly #f64: Float64Array

  /**
   * @param slices what was found in each slice, in order of position
   * @param links links of slice k with slice k - 1, for each k (empty for the first)
   * @param floats whether pixels, and so peaks, are float32
   * @param labelled whether the kernel saw labels
   */
  constructor(slices: readonly SliceFindings[], links: SliceLinks, floats: boolean, labelled: boolean) {
    this.slices = slices
    this.floats = floats
    this.labelled = labelled
    this.sliceStarts = new Uint32Array(slices.length + 1)
    slices.forEach((slice, k) => {
      this.sliceStarts[k + 1] = this.sliceStarts[k]! + slice.pieces
    })
    this.pieces = this.sliceStarts[slices.length]!
    const bytes = new Uint8Array(this.pieces * PIECE_BYTES)
    slices.forEach((slice, k) => bytes.set(slice.records, this.sliceStarts[k]! * PIECE_BYTES))
    this.#u32 = new Uint32Array(bytes.buffer)
    this.#i32 = new Int32Array(bytes.buffer)
    this.#f32 = new Float32Array(bytes.buffer)
    this.#u16 = new Uint16Array(bytes.buffer)
    this.#f64 = new Float64Array(bytes.buffer)
    const { lesionOf, lesions } = joinLesions(slices, links, this.sliceStarts)
    this.lesionOf = lesionOf
    this.lesions = lesions
  }

  pixels(i: number): number {
    return this.#u32[i * WORDS + PIECE_PIXELS / 4]!
  }

  label(i: number): number {
    return this.#u32[i * WORDS + PIECE_LABEL / 4]!
  }

  /** Pixels at or above the second, third, fourth edge of the density ladder. */
  above(i: number, edge: 2 | 3 | 4): number {
    return this.#u32[i * WORDS + ABOVE[edge] / 4]!
  }

  /** Density class of the peak: 0 to 3. */
  peakClass(i: number): 0 | 1 | 2 | 3 {
    const at = i * WORDS
    if (this.#u32[at + PIECE_ABOVE4 / 4]! > 0) return 3
    if (this.#u32[at + PIECE_ABOVE3 / 4]! > 0) return 2
    return this.#u32[at + PIECE_ABOVE2 / 4]! > 0 ? 1 : 0
  }

  /** Peak in HU of piece `i` in slice `k`. */
  peakHu(i: number, k: number): number {
    const { ladder, rescale } = this.slices[k]!
    const at = i * WORDS + PIECE_PEAK / 4
    const key = this.floats ? this.#f32[at]! : this.#i32[at]!
    return rescale.slope * (ladder.keySign * key + ladder.keyOffset) + rescale.intercept
  }

  /** Sum of HU over the pixels of piece `i` in slice `k`. */
  sumHu(i: number, k: number): number {
    const { ladder, rescale } = this.slices[k]!
    const n = this.pixels(i)
    const stored = ladder.keySign * this.#f64[i * DOUBLES + PIECE_SUM / 8]! + ladder.keyOffset * n
    return rescale.slope * stored + rescale.intercept * n
  }

  /** First row, first column, last row, last column. */
  box(i: number): readonly [number, number, number, number] {
    const at = i * HALVES
    return [
      this.#u16[at + PIECE_ROW0 / 2]!,
      this.#u16[at + PIECE_COLUMN0 / 2]!,
      this.#u16[at + PIECE_ROW1 / 2]!,
      this.#u16[at + PIECE_COLUMN1 / 2]!,
    ]
  }

  /** Sums of row and of column over the pixels. */
  sumRow(i: number): number {
    return this.#f64[i * DOUBLES + PIECE_SUM_ROW / 8]!
  }
  sumColumn(i: number): number {
    return this.#f64[i * DOUBLES + PIECE_SUM_COLUMN / 8]!
  }
}

const WORDS = PIECE_BYTES / 4
const HALVES = PIECE_BYTES / 2
const DOUBLES = PIECE_BYTES / 8
const ABOVE = { 2: PIECE_ABOVE2, 3: PIECE_ABOVE3, 4: PIECE_ABOVE4 } as const

/** Disjoint sets over all pieces; the least member is the root, so lesions are numbered by first appearance. */
function joinLesions(
  slices: readonly SliceFindings[],
  links: SliceLinks,
  starts: Uint32Array,
): { lesionOf: Uint32Array; lesions: number } {
  const parent = new Uint32Array(starts[slices.length]!)
  for (let i = 0; i < parent.length; i++) parent[i] = i
  slices.forEach((slice, k) => {
    const own = starts[k]!
    uniteAll(parent, slice.touching, own, own)
    if (k > 0) uniteAll(parent, links[k]!, starts[k - 1]!, own)
  })
  // Parents lie below their children, so one sweep upward leaves each piece with its lesion's number.
  let lesions = 0
  for (let i = 0; i < parent.length; i++) parent[i] = parent[i] === i ? lesions++ : parent[parent[i]!]!
  return { lesionOf: parent, lesions }
}

function uniteAll(parent: Uint32Array, pairs: Uint32Array, firstOffset: number, secondOffset: number): void {
  for (let n = 0; n < pairs.length; n += 2) {
    const a = find(parent, pairs[n]! + firstOffset)
    const b = find(parent, pairs[n + 1]! + secondOffset)
    if (a < b) parent[b] = a
    else if (b < a) parent[a] = b
  }
}

function find(parent: Uint32Array, i: number): number {
  let p = parent[i]!
  while (p !== i) {
    const above = parent[p]!
    parent[i] = above
    i = above
    p = parent[i]!
  }
  return i
}
