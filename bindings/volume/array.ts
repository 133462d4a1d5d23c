/** Volumes that lie in memory as one typed array: what viewers hold. */
import { checkKeys, checkNumbers, checkPositive } from '../base/check.js'
import { AgatstonError, type Warning } from '../base/errors.js'
import { type Vec3, add, scale } from '../base/vector.js'
import { type Geometry, MAX_PIXELS, MAX_SIDE, MAX_SLICES, checkOrientation, isPixelSpacing } from './geometry.js'
import { type InputFacts, NO_FACTS, type PixelKind, type Rescale, type SliceArray, type SyncVolume } from './volume.js'

export interface ArrayVolumeInput {
  /** Stored values, x fastest, then rows, then slices. Views at any byte offset are fine; the data is read, never changed. */
  readonly scalarData: Int16Array | Uint16Array | Int32Array | Float32Array
  /** Columns, rows, slices. */
  readonly dimensions: readonly [number, number, number]
  /** Distance in mm between columns, rows, slices. The third is the increment, not the thickness. */
  readonly spacing: readonly [number, number, number]
  /** Patient coordinates (LPS, mm) of the first pixel's centre; default 0, 0, 0. */
  readonly origin?: readonly [number, number, number]
  /** Row cosines, column cosines, slice normal (LPS); default the identity. */
  readonly direction?: ArrayLike<number>
  /** HU = slope x stored + intercept; default 1, 0. */
  readonly rescale?: Rescale
  /** Nominal slice thickness in mm, for standards that need it. */
  readonly thicknessMm?: number
  /** What is known of the scan; none of it changes the score, but warnings come from it. */
  readonly facts?: Partial<InputFacts>
}

const KEYS = ['scalarData', 'dimensions', 'spacing', 'origin', 'direction', 'rescale', 'thicknessMm', 'facts']
const IDENTITY = [1, 0, 0, 0, 1, 0, 0, 0, 1]

/**
 * Wrap a typed array as a volume. Checks once, copies nothing.
 *
 * @throws TypeError for the wrong kind of argument, RangeError for a wrong value, AgatstonError `LIMIT_EXCEEDED` beyond the
 *   limits, `RESCALE_INVALID` for a slope of 0 or a rescale that is no number.
 */
export function arrayVolume(input: ArrayVolumeInput): SyncVolume {
  checkKeys(input, KEYS, 'the input of arrayVolume')
  const { scalarData } = input
  const pixelKind = pixelKindOf(scalarData)
  const [columns, rows, slices] = checkDimensions(input.dimensions)
  if (scalarData.length !== columns * rows * slices) {
    throw new RangeError(
      `scalarData has ${scalarData.length} values, dimensions ${columns} x ${rows} x ${slices} need ${columns * rows * slices}`,
    )
  }
  const geometry = arrayGeometry(input, rows, columns, slices)
  const rescale = checkRescale(input.rescale ?? { slope: 1, intercept: 0 })
  const size = rows * columns
  return Object.freeze({
    kind: 'array' as const,
    geometry,
    pixelKind,
    facts: Object.freeze({ ...NO_FACTS, ...input.facts }),
    warnings: Object.freeze([] as Warning[]),
    accepted: Object.freeze([]),
    rescale: () => rescale,
    padding: () => null,
    sopInstanceUid: () => null,
    readSlice(k: number, into: SliceArray): void {
      const slice = scalarData.subarray(k * size, (k + 1) * size)
      if (slice instanceof Int32Array) narrowInt32(slice, k)
      into.set(slice)
    },
  })
}

/** Rows, columns and slices as whole numbers within the limits. */
function checkDimensions(dimensions: readonly [number, number, number]): readonly [number, number, number] {
  if (
    !Array.isArray(dimensions) ||
    dimensions.length !== 3 ||
    !dimensions.every((n) => Number.isInteger(n) && n >= 1)
  ) {
    throw new RangeError(`dimensions must be columns, rows, slices, each at least 1; got [${String(dimensions)}]`)
  }
  const [columns, rows, slices] = dimensions
  if (columns > MAX_SIDE || rows > MAX_SIDE || slices > MAX_SLICES || columns * rows * slices > MAX_PIXELS) {
    throw new AgatstonError(
      'LIMIT_EXCEEDED',
      `${columns} x ${rows} x ${slices} pixels is beyond the limit of ${MAX_SIDE} x ${MAX_SIDE}, ${MAX_SLICES} slices and 2^30 pixels`,
      { limit: 'dimensions', columns, rows, slices },
    )
  }
  return dimensions
}

function arrayGeometry(input: ArrayVolumeInput, rows: number, columns: number, slices: number): Geometry {
  const { spacing, origin = [0, 0, 0], direction = IDENTITY, thicknessMm } = input
  if (
    !Array.isArray(spacing) ||
    spacing.length !== 3 ||
    !spacing.every((mm) => Number.isFinite(mm) && mm > 0) ||
    !isPixelSpacing([spacing[1]!, spacing[0]!])
  ) {
    throw new RangeError(`spacing must be three distances above 0 mm; got [${String(spacing)}]`)
  }
  checkNumbers(origin, 3, 'origin')
  checkNumbers(direction, 9, 'direction')
  checkPositive(thicknessMm, 'thicknessMm')
  const axis = (n: number): Vec3 => [direction[n]!, direction[n + 1]!, direction[n + 2]!]
  const [rowCosines, columnCosines, normal] = [axis(0), axis(3), axis(6)]
  checkOrientation(rowCosines, columnCosines, 'direction')
  checkOrientation(columnCosines, normal, 'direction')
  checkOrientation(rowCosines, normal, 'direction')
  const start: Vec3 = [origin[0]!, origin[1]!, origin[2]!]
  return Object.freeze({
    rows,
    columns,
    slices,
    pixelSpacingMm: [spacing[1]!, spacing[0]!] as const,
    rowCosines,
    columnCosines,
    normal,
    positions: Array.from({ length: slices }, (_, k) => add(start, scale(normal, k * spacing[2]!))),
    incrementMm: spacing[2]!,
    thicknessMm: thicknessMm ?? null,
  })
}

/** @throws AgatstonError `RESCALE_INVALID` */
export function checkRescale(rescale: Rescale): Rescale {
  const { slope, intercept } = rescale
  if (!Number.isFinite(slope) || !Number.isFinite(intercept) || slope === 0) {
    throw new AgatstonError(
      'RESCALE_INVALID',
      `rescale must be a finite slope other than 0 and a finite intercept, got ${slope} and ${intercept}`,
      { slope, intercept },
    )
  }
  return Object.freeze({ slope, intercept })
}

/** The window kind that holds these values exactly. @throws TypeError for arrays of another type */
export function pixelKindOf(data: ArrayVolumeInput['scalarData']): PixelKind {
  if (data instanceof Int16Array) return 'int16'
  if (data instanceof Uint16Array) return 'uint16'
  if (data instanceof Int32Array || data instanceof Float32Array) return 'float32'
  throw new TypeError('scalarData must be an Int16Array, Uint16Array, Int32Array or Float32Array of stored values')
}

/** Largest magnitude up to which every integer is a float32. */
const FLOAT32_INTEGERS = 2 ** 24

/** Int32 values are handed on as float32, which is exact up to 2^24; no CT value comes near. */
export function narrowInt32(slice: Int32Array, k: number): void {
  for (let i = 0; i < slice.length; i++) {
    const value = slice[i]!
    if (value > FLOAT32_INTEGERS || value < -FLOAT32_INTEGERS) {
      throw new AgatstonError('PIXEL_FORMAT', `slice ${k} holds the value ${value}: no CT number lies beyond +-2^24`, {
        slice: k,
        index: i,
      })
    }
  }
}
