/**
 * Two small calcium scans that are alike but for the calcium: one with a lesion of 81, one whose true score is zero. What is done
 * wrong to one is done to the other: a refusal must not depend on there being calcium, and no fault may pass for a zero.
 *
 * Columns from the left: air, then soft tissue with a little noise. One block of 6 x 6 pixels of 0.5 mm on three slices of 3 mm
 * at 300 HU: 9 mm2 x 3 x 3 slices = 81. The same seed, the same files.
 */
import type { DicomSource } from '../../bindings/dicom/index.js'
import { type Edits, type Elements, type FileOptions, at, ctElements, encodeFile, random, source } from './make.js'

export type Twin = 'calcium' | 'zero'
export const TWINS: readonly Twin[] = ['calcium', 'zero']
export const SCORE: Readonly<Record<Twin, number>> = { calcium: 81, zero: 0 }

export const SLICES = 34
/** Stored = HU - INTERCEPT: above zero, so that a sign is a matter of the header only. */
export const INTERCEPT = -1100
/** A slice with calcium, where a fault does most harm. */
export const AMID = 11

/** Rows and columns from .. to, the last excluded. */
interface Box {
  readonly rows: readonly [number, number]
  readonly columns: readonly [number, number]
}
const LESION: Box = { rows: [30, 36], columns: [40, 46] }
const VESSEL: Box = { rows: [26, 41], columns: [36, 50] }
export const AORTA: Box = { rows: [48, 62], columns: [48, 62] }

export const isIn = ({ rows, columns }: Box, row: number, column: number): boolean =>
  row >= rows[0] && row < rows[1] && column >= columns[0] && column < columns[1]

/** The HU of a pixel, given what it would be. */
export type Paint = (hu: number, row: number, column: number, slice: number) => number

export interface TwinOptions {
  readonly edits?: (k: number) => Edits
  readonly paint?: Paint
  readonly slices?: number
  /** Rows and columns; what is beyond 64 is air. */
  readonly side?: number
  /** Standard deviation of the noise outside the vessel, HU. */
  readonly noiseHu?: number
  readonly file?: (k: number) => FileOptions
}

/** Normal deviates of a slice, twelve uniform ones added, at most 4 either way; made once. */
const deviates = new Map<string, Float32Array>()

function deviatesOf(k: number, side: number): Float32Array {
  const known = deviates.get(`${k} ${side}`)
  if (known) return known
  const next = random(1000 + k)
  const made = Float32Array.from({ length: side * side }, () => {
    let sum = -6
    for (let n = 0; n < 12; n++) sum += next()
    return Math.max(-4, Math.min(4, sum))
  })
  deviates.set(`${k} ${side}`, made)
  return made
}

/** HU of one slice. */
function slicePixels(twin: Twin, k: number, { paint, side = 64, noiseHu = 10 }: TwinOptions): Float64Array {
  const deviate = deviatesOf(k, side)
  return Float64Array.from({ length: side * side }, (_, i) => {
    const [row, column] = [Math.floor(i / side), i % side]
    const isTissue = column >= 24 && column < 64 && row < 64
    // In the vessel never above 80 HU: what is counted there is calcium.
    const sd = isIn(VESSEL, row, column) ? 10 : noiseHu
    const isCalcium = twin === 'calcium' && Math.abs(k - AMID) <= 1 && isIn(LESION, row, column)
    const hu = isCalcium ? 300 : Math.round((isTissue ? 40 : -1000) + sd * deviate[i]!)
    return paint ? paint(hu, row, column, k) : hu
  })
}

/** Words as bytes, little endian. */
export const wordBytes = (words: ArrayLike<number>): Uint8Array => new Uint8Array(Uint16Array.from(words).buffer)

export const storedOf = (twin: Twin, k: number, options: TwinOptions = {}, intercept = INTERCEPT): Float64Array =>
  slicePixels(twin, k, options).map((hu) => hu - intercept)

/** Elements of slice `k`. */
export function twinElements(twin: Twin, k: number, options: TwinOptions = {}): Elements {
  const { side = 64, edits } = options
  const changes = edits?.(k) ?? {}
  return ctElements(k, {
    0x00280010: [side],
    0x00280011: [side],
    0x00281052: String(INTERCEPT),
    ...(0x7fe00010 in changes ? {} : { 0x7fe00010: wordBytes(storedOf(twin, k, options)) }),
    ...changes,
  })
}

export const twinFile = (twin: Twin, k: number, options: TwinOptions = {}): DicomSource =>
  source(encodeFile(twinElements(twin, k, options), options.file?.(k)), `CT${String(k).padStart(4, '0')}.dcm`)

/** The files of a twin. */
export const twinSeries = (twin: Twin, options: TwinOptions = {}): DicomSource[] =>
  Array.from({ length: options.slices ?? SLICES }, (_, k) => twinFile(twin, k, options))

/** Edits of one slice alone. */
export const amid =
  (edits: Edits): ((k: number) => Edits) =>
  (k) =>
    k === AMID ? edits : {}

/** Edits that put slice `k` at this height above the first, and this far to the side. */
export const placed = (mm: number, sideways = 0): Edits => at(100 + mm, -100 + sideways)

/** Labels of one slice: LAD around the lesion (2), the aorta apart from it (7). */
export function twinLabels(rows: number, columns: number, slices: number): Uint8Array {
  const slice = Uint8Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns]
    return isIn(VESSEL, row, column) ? 2 : isIn(AORTA, row, column) ? 7 : 0
  })
  const all = new Uint8Array(slice.length * slices)
  for (let k = 0; k < slices; k++) all.set(slice, k * slice.length)
  return all
}
