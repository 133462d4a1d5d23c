/**
 * Which pixels each piece of a result is made of. A result holds numbers, not pixels: pictures and segmentations find them again in
 * the volume, by the rules of its standard, and nothing is taken for a piece that has not its box, its number of pixels and its peak.
 * Memory: the pixels of the pieces, and one slice.
 */
import { AgatstonError } from '../base/errors.js'
import type { Piece, Result } from '../score/result.js'
import type { TerritoryMap } from '../volume/territory.js'
import { type SliceArray, type Volume, newSlice } from '../volume/volume.js'

/** The pieces of a result as pixels. Pieces are numbered from 0, lesion by lesion, in the order of the result. */
export interface LesionPixels {
  readonly rows: number
  readonly columns: number
  /** Slices that hold a piece, rising. */
  readonly slices: readonly number[]
  /** A piece by its number. */
  readonly pieces: readonly Piece[]
  /** Number of the lesion, from 0, of each piece. */
  readonly lesionOf: Uint32Array
  /** rows x columns, row by row: 0, or 1 + the number of the piece. Made anew at each call. */
  slice(k: number): Uint32Array
}

/**
 * Find the pixels of every piece.
 *
 * @param volume the one that was scored; it is read slice by slice, only those that hold a piece
 * @param labels the masks it was scored with; needed where a mask cut through calcium
 * @throws AgatstonError `INTEGRITY_FAILED` where the volume has another shape or does not hold the pieces
 */
export async function lesionPixels(result: Result, volume: Volume, labels?: TerritoryMap): Promise<LesionPixels> {
  checkShape(result, volume)
  const { rows, columns } = volume.geometry
  const pieces = result.lesions.flatMap((lesion) => lesion.pieces)
  const lesionOf = Uint32Array.from(result.lesions.flatMap((lesion, n) => lesion.pieces.map(() => n)))
  const bySlice = new Map<number, number[]>()
  pieces.forEach(({ slice }, n) => push(bySlice, slice, n))
  const slices = [...bySlice.keys()].sort((a, b) => a - b)
  const stored = newSlice(volume.pixelKind, rows * columns)
  const found = new Map<number, readonly (readonly [piece: number, pixels: Uint32Array])[]>()
  for (const k of slices) {
    checkUid(pieces, bySlice.get(k)!, volume, k)
    await volume.readSlice(k, stored)
    const sought = new Sought(result, volume, stored, k, labels)
    found.set(
      k,
      bySlice.get(k)!.map((n) => [n, sought.find(pieces[n]!)] as const),
    )
  }
  return Object.freeze({
    rows,
    columns,
    slices,
    pieces,
    lesionOf,
    slice(k: number): Uint32Array {
      const map = new Uint32Array(rows * columns)
      for (const [n, pixels] of found.get(k) ?? []) for (const at of pixels) map[at] = n + 1
      return map
    },
  })
}

/** What a piece is told by: box, pixels and peak; of twins the one that comes first. */
const keyOf = ([top, left, bottom, right]: readonly number[], pixels: number, peakHu: number): string =>
  `${top} ${left} ${bottom} ${right} ${pixels} ${peakHu}`

/** The connected components of one slice, formed when they are first asked for: cut by labels as well, and not cut. */
class Sought {
  readonly #hu: Float64Array
  readonly #ways: (() => Map<string, Uint32Array[]>)[]
  readonly #made: Map<string, Uint32Array[]>[] = []

  constructor(
    private readonly result: Result,
    private readonly volume: Volume,
    stored: SliceArray,
    private readonly k: number,
    labels: TerritoryMap | undefined,
  ) {
    const { rows, columns } = volume.geometry
    this.#hu = calcifiedHu(result, volume, stored, k)
    const all = (): Map<string, Uint32Array[]> => this.#components(null)
    const size = rows * columns
    const cut = labels?.scalarData.subarray(k * size, (k + 1) * size)
    this.#ways = cut ? [() => this.#components(cut), all] : [all]
  }

  /** Offsets (row x columns + column) of the pixels of a piece, rising. @throws AgatstonError `INTEGRITY_FAILED` */
  find({ boxPx, pixels, peakHu }: Piece): Uint32Array {
    const key = keyOf(boxPx, pixels, peakHu)
    for (let way = 0; way < this.#ways.length; way++) {
      const made = (this.#made[way] ??= this.#ways[way]!())
      const twin = made.get(key)?.shift()
      if (twin) return twin
    }
    const message =
      `slice ${this.k} does not hold a piece of ${pixels} pixel(s) that the result tells of. ` +
      'Give the volume that was scored, and the masks it was scored with'
    throw new AgatstonError('INTEGRITY_FAILED', message, { kind: 'piece', slice: this.k })
  }

  /** Components by their keys, in order of first appearance. */
  #components(labels: Uint8Array | null): Map<string, Uint32Array[]> {
    const { rows, columns } = this.volume.geometry
    const hu = this.#hu
    const seen = new Uint8Array(hu.length)
    const stack: number[] = []
    const made = new Map<string, Uint32Array[]>()
    const isEight = this.result.standard.connectivity === 8
    for (let first = 0; first < hu.length; first++) {
      if (seen[first] || Number.isNaN(hu[first]!)) continue
      const members: number[] = []
      const box = [rows, columns, 0, 0]
      let peak = -Infinity
      seen[first] = 1
      stack.push(first)
      while (stack.length > 0) {
        const at = stack.pop()!
        const row = Math.floor(at / columns)
        const column = at - row * columns
        members.push(at)
        peak = Math.max(peak, hu[at]!)
        box[0] = Math.min(box[0]!, row)
        box[1] = Math.min(box[1]!, column)
        box[2] = Math.max(box[2]!, row)
        box[3] = Math.max(box[3]!, column)
        for (let down = -1; down <= 1; down++) {
          for (let across = -1; across <= 1; across++) {
            if (!isEight && down !== 0 && across !== 0) continue
            const [r, c] = [row + down, column + across]
            if (r < 0 || c < 0 || r >= rows || c >= columns) continue
            const next = r * columns + c
            if (seen[next] || Number.isNaN(hu[next]!) || (labels && labels[next] !== labels[at])) continue
            seen[next] = 1
            stack.push(next)
          }
        }
      }
      push(made, keyOf(box, members.length, peak), Uint32Array.from(members).sort())
    }
    return made
  }
}

/** HU of each calcified pixel of a slice, NaN of all others. */
function calcifiedHu({ standard }: Result, volume: Volume, stored: SliceArray, k: number): Float64Array {
  const { slope, intercept } = volume.rescale(k)
  const padding = volume.padding(k)
  const { thresholdHu, thresholdRule, upperHu } = standard
  return Float64Array.from(stored, (value) => {
    if (padding && value >= padding.low && value <= padding.high) return NaN
    const hu = slope * value + intercept
    const isReached = thresholdRule === '>=' ? hu >= thresholdHu : hu > thresholdHu
    return isReached && (upperHu === null || hu <= upperHu) ? hu : NaN
  })
}

function checkShape({ input }: Result, { geometry }: Volume): void {
  const told = [input.rows, input.columns, input.slices]
  const met = [geometry.rows, geometry.columns, geometry.slices]
  if (met.every((n, i) => n === told[i])) return
  const message = `the volume has ${met.join(' x ')} rows, columns and slices, the result was made from ${told.join(' x ')}`
  throw new AgatstonError('INTEGRITY_FAILED', `${message}. Give the volume that was scored`, { kind: 'shape' })
}

function checkUid(pieces: readonly Piece[], members: readonly number[], volume: Volume, k: number): void {
  const uid = volume.sopInstanceUid(k)
  const isOther = (n: number): boolean => {
    const told = pieces[n]!.sopInstanceUid
    return told !== null && uid !== null && told !== uid
  }
  if (!members.some(isOther)) return
  const message = `slice ${k} of the volume is not the instance the result was made from. Give the volume that was scored`
  throw new AgatstonError('INTEGRITY_FAILED', message, { kind: 'instance', slice: k })
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}
