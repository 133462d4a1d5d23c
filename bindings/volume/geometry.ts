import { type Vec3, cross, length } from '../base/vector.js'

/** Where every pixel lies in the patient (LPS, mm), and how large it is. The same for every slice but for the position. */
export interface Geometry {
  readonly rows: number
  readonly columns: number
  readonly slices: number
  /** Distance between rows, then between columns, in mm: the order of PixelSpacing (PS3.3 10.7.1.3). */
  readonly pixelSpacingMm: readonly [number, number]
  /** Direction in which the column index grows along a row. */
  readonly rowCosines: Vec3
  /** Direction in which the row index grows along a column. */
  readonly columnCosines: Vec3
  /** Direction in which the slice index grows. */
  readonly normal: Vec3
  /** Centre of the first pixel of each slice, in slice order. */
  readonly positions: readonly Vec3[]
  /** Distance between slice centres along the normal, from positions; never the thickness. */
  readonly incrementMm: number
  /** Nominal slice thickness, where known. */
  readonly thicknessMm: number | null
}

/** Largest rows or columns. A larger picture is not a CT slice and would outgrow the kernel's memory bound. */
export const MAX_SIDE = 4096
/** Most slices in one series. */
export const MAX_SLICES = 4000
/** Most pixels in one series: 2^30. */
export const MAX_PIXELS = 2 ** 30

/** Whether these are two distances in mm whose product, the area of a pixel, is a number above 0, too. */
export function isPixelSpacing(spacing: readonly [number, number]): boolean {
  const [rows, columns] = spacing
  return rows > 0 && columns > 0 && rows * columns > 0 && Number.isFinite(rows * columns)
}

/** Area of one pixel in mm2. */
export function pixelAreaMm2(geometry: Geometry): number {
  return geometry.pixelSpacingMm[0] * geometry.pixelSpacingMm[1]
}

/** Orientation of a slice: two unit vectors at right angles. Throws a `RangeError` where they are not. */
export function checkOrientation(rowCosines: Vec3, columnCosines: Vec3, what = 'orientation'): void {
  const finite = [...rowCosines, ...columnCosines].every(Number.isFinite)
  const square = Math.abs(length(cross(rowCosines, columnCosines)) - 1) < 1e-3
  const unit = Math.abs(length(rowCosines) - 1) < 1e-3 && Math.abs(length(columnCosines) - 1) < 1e-3
  if (!finite || !square || !unit) {
    throw new RangeError(
      `${what} must be two unit vectors at right angles, got [${rowCosines.join(', ')}] and [${columnCosines.join(', ')}]`,
    )
  }
}
