/** Slices for kernel suites: masks through hostile stored values, and what the kernel found, read back field by field. */
import type { Instance } from '../../bindings/engine/instance.js'
import type { Moved } from '../../bindings/engine/ladder.js'
import { Scanner, type SliceFound } from '../../bindings/engine/scan.js'
import * as layout from '../../bindings/engine/wasm.generated.js'
import { edgesOf } from '../../bindings/score/edges.js'
import type { StandardRules } from '../../bindings/score/standard.js'
import type { Padding, PixelKind, Rescale, SliceArray } from '../../bindings/volume/volume.js'
import { type Mask, type Random, newPixels, paintLabels } from '../paint.js'
import type { Input, Piece } from '../reference/types.js'

/** What one scan found: pieces as the reference gives them (weight and minimum are the scorer's business). */
export type KernelPiece = Omit<Piece, 'weight' | 'counted'>

export interface KernelInput extends Input {
  readonly pixels: SliceArray
  readonly kind: PixelKind
  readonly standard: StandardRules
}

/** Old contents of wasm memory that a scan must never see. */
export const POISONS = [0xaa, 0xff, 0x7f, 0x00] as const

/**
 * Scan a volume slice by slice and link it, in memory that was full of `poison` before it was laid out. The pixels behind
 * the window hold `padBytes`, over and over.
 */
export function scanVolume(
  instance: Instance,
  input: KernelInput,
  poison: number,
  padBytes: readonly number[],
): KernelPiece[] {
  const { rows, columns, slices, kind, labels } = input
  const shape = { rows, columns, pixelKind: kind, labelled: labels !== undefined }
  instance.open(rows, columns, kind === 'float32' ? 4 : 2, shape.labelled)
  new Uint8Array(instance.memory.buffer).fill(poison)
  const scanner = new Scanner(instance, shape, edgesOf(input.standard), input.standard.connectivity)
  // The pixels behind the slice that a row's last chunk reads and never uses.
  const { byteOffset, byteLength, BYTES_PER_ELEMENT } = scanner.pixels
  const pad = new Uint8Array(instance.memory.buffer, byteOffset + byteLength, layout.PAD * BYTES_PER_ELEMENT)
  for (let i = 0; i < pad.length; i++) pad[i] = padBytes[i % padBytes.length]!

  const size = rows * columns
  const pieces: KernelPiece[] = []
  const links: (readonly [number, number])[] = []
  let before: SliceFound | null = null
  for (let k = 0; k < slices; k++) {
    scanner.pixels.set(input.pixels.subarray(k * size, (k + 1) * size))
    if (labels) scanner.labels.set(labels.subarray(k * size, (k + 1) * size))
    const moved: Moved = { ...input.rescale(k), padding: input.padding?.(k) ?? null }
    const found = scanner.scan(k % 2 === 0 ? 0 : 1, moved)
    const first = pieces.length
    pieces.push(...readRecords(scanner.records(found), found, k, kind))
    if (labels) for (const [a, b] of pairsOf(scanner.touching(found))) links.push([first + a, first + b])
    if (before) {
      const firstBefore = first - before.pieces
      for (const [a, b] of pairsOf(scanner.linked(before, found))) links.push([firstBefore + a, first + b])
    }
    before = found
  }
  return withLesions(pieces, links)
}

/** Records as they lie in wasm memory, in the reference's terms. */
export function readRecords(bytes: Uint8Array, found: SliceFound, slice: number, kind: PixelKind): KernelPiece[] {
  const { keySign, keyOffset } = found.ladder
  return Array.from({ length: found.pieces }, (_, n) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset + n * layout.PIECE_BYTES, layout.PIECE_BYTES)
    const u32 = (at: number): number => view.getUint32(at, true)
    const u16 = (at: number): number => view.getUint16(at, true)
    const f64 = (at: number): number => view.getFloat64(at, true)
    const pixels = u32(layout.PIECE_PIXELS)
    const peakKey =
      kind === 'float32' ? view.getFloat32(layout.PIECE_PEAK, true) : view.getInt32(layout.PIECE_PEAK, true)
    const above = [layout.PIECE_ABOVE2, layout.PIECE_ABOVE3, layout.PIECE_ABOVE4].map(u32) as [number, number, number]
    return {
      slice,
      territory: u32(layout.PIECE_LABEL),
      lesion: -1,
      pixels,
      peak: keySign * peakKey + keyOffset + 0,
      sum: keySign * f64(layout.PIECE_SUM) + keyOffset * pixels + 0,
      bins: [pixels - above[0], above[0] - above[1], above[1] - above[2], above[2]],
      box: [layout.PIECE_ROW0, layout.PIECE_COLUMN0, layout.PIECE_ROW1, layout.PIECE_COLUMN1].map(u16) as Piece['box'],
      sumRow: f64(layout.PIECE_SUM_ROW),
      sumColumn: f64(layout.PIECE_SUM_COLUMN),
    }
  })
}

export function pairsOf(flat: Uint32Array): (readonly [number, number])[] {
  return Array.from({ length: flat.length / 2 }, (_, n) => [flat[2 * n]!, flat[2 * n + 1]!] as const)
}

/** Number the sets that links make of the pieces, by first piece: naive, by walking. */
function withLesions(pieces: KernelPiece[], links: readonly (readonly [number, number])[]): KernelPiece[] {
  const neighbours = pieces.map((): number[] => [])
  for (const [a, b] of links) {
    neighbours[a]!.push(b)
    neighbours[b]!.push(a)
  }
  const lesion = pieces.map(() => -1)
  let next = 0
  for (let first = 0; first < pieces.length; first++) {
    if (lesion[first] !== -1) continue
    const stack = [first]
    lesion[first] = next
    while (stack.length > 0) {
      for (const to of neighbours[stack.pop()!]!) {
        if (lesion[to] !== -1) continue
        lesion[to] = next
        stack.push(to)
      }
    }
    next++
  }
  return pieces.map((piece, i) => ({ ...piece, lesion: lesion[i]! }))
}

/** The reference's pieces in the same terms: without weights, and with one zero. */
export function expectedPieces(pieces: readonly Piece[]): KernelPiece[] {
  return pieces.map(({ weight: _weight, counted: _counted, ...rest }) => ({
    ...rest,
    peak: rest.peak + 0,
    sum: rest.sum + 0,
  }))
}

/** Threshold and rescale so that stored values change sides at the very ends of their type, beyond them and in between. */
export function hostileRescale(kind: PixelKind, standard: StandardRules, from: Random): Rescale {
  const ends = {
    int16: [-32769, -32768, -32767, -1, 0, 1, 130, 32766, 32767, 32768],
    uint16: [-1, 0, 1, 130, 1154, 32767, 32768, 65534, 65535, 65536],
    float32: [-32768, -0.5, 0, 0.5, 130, 1154, 32767.5, 1e9],
  } as const
  const slope = from.pick([1, 1, 1, -1, 0.5, -0.25, 2.0000305, 3, -1.1, 1e-3])
  // The threshold falls on this stored value (or just beside it, where the slope is no power of two).
  const threshold = from.pick(ends[kind])
  return { slope, intercept: standard.thresholdHu - slope * threshold }
}

/** Stored values near every edge, at the ends of the type and anywhere; a pixel of the mask is calcified where any value is. */
export function hostilePixels(
  masks: readonly Mask[],
  kind: PixelKind,
  standard: StandardRules,
  rescale: (k: number) => Rescale,
  padding: ((k: number) => Padding | null) | undefined,
  from: Random,
): SliceArray {
  const size = masks[0]!.data.length
  const pixels = newPixels(kind, size * masks.length)
  for (const [k, { data }] of masks.entries()) {
    const { slope, intercept } = rescale(k)
    const [low, high] = { int16: [-32768, 32767], uint16: [0, 65535], float32: [-3e38, 3e38] }[kind] as [number, number]
    const edges = [standard.thresholdHu, ...standard.ladderHu, standard.upperHu ?? 1500]
    const values = [low, high, 0, 1, -1].concat(
      edges.flatMap((hu) => [-2, -1, 0, 1, 2].map((step) => Math.round((hu - intercept) / slope) + step)),
      Array.from({ length: 12 }, () => Math.round(low + (high - low) * from.next())),
      kind === 'float32' ? edges.map((hu) => Math.fround((hu - intercept) / slope)) : [],
      kind === 'float32' ? [NaN, Math.fround(from.next() * 1000), Math.fround(-from.next())] : [],
    )
    const possible = values.filter((value) => Object.is(newPixels(kind, 1).fill(value)[0], value))
    const band = padding?.(k) ?? null
    const isOn = (stored: number): boolean => {
      const hu = slope * stored + intercept
      const reached = standard.thresholdRule === '>=' ? hu >= standard.thresholdHu : hu > standard.thresholdHu
      return reached && hu <= (standard.upperHu ?? Infinity) && !(band && stored >= band.low && stored <= band.high)
    }
    const on = possible.filter(isOn)
    const off = possible.filter((value) => !isOn(value))
    for (let i = 0; i < size; i++) {
      const wanted = data[i] ? on : off
      pixels[k * size + i] = from.pick(wanted.length > 0 ? wanted : possible)
    }
  }
  return pixels
}

/** Labels 0 to 4 in blocks, or a label of its own for each pixel's parity: the most cuts there can be. */
export function hostileLabels(size: readonly [number, number, number], from: Random): Uint8Array {
  if (from.next() < 0.7) return paintLabels(size, 4, from)
  const [rows, columns, slices] = size
  return Uint8Array.from(
    { length: rows * columns * slices },
    (_, i) => 1 + (((i % columns) + Math.floor(i / columns)) % 2),
  )
}
