/** A box of a volume as HU: what the measures of this folder take. */
import type { Volume } from '../volume/volume.js'
import { checkKeys } from './checks.js'

/** Rows, columns and slices from 0, the end excluded. */
export interface Box {
  readonly rows: readonly [number, number]
  readonly columns: readonly [number, number]
  readonly slices: readonly [number, number]
}

export interface Region {
  /** HU, columns fastest, then rows, then slices. */
  readonly hu: Float64Array
  readonly rows: number
  readonly columns: number
  readonly slices: number
  /** Row spacing x column spacing x increment. */
  readonly voxelMm3: number
}

const AXES = ['rows', 'columns', 'slices'] as const

/**
 * Read a box of a volume in HU.
 *
 * @throws TypeError for the wrong kind; RangeError for a box that is not inside the volume or holds padding, which is no picture and
 *   has no HU; what `readSlice` of the volume throws
 */
export async function readRegion(volume: Volume, box: Box): Promise<Region> {
  if (typeof volume?.readSlice !== 'function') throw new TypeError('readRegion takes a volume: make or read one first')
  checkBox(volume, box)
  const { geometry, pixelKind } = volume
  const [rows, columns, slices] = AXES.map((axis) => box[axis][1] - box[axis][0]) as [number, number, number]
  const hu = new Float64Array(rows * columns * slices)
  const stored = new { int16: Int16Array, uint16: Uint16Array, float32: Float32Array }[pixelKind](
    geometry.rows * geometry.columns,
  )
  let next = 0
  for (let k = box.slices[0]; k < box.slices[1]; k++) {
    await volume.readSlice(k, stored)
    const { slope, intercept } = volume.rescale(k)
    const { low, high } = volume.padding(k) ?? { low: 1, high: 0 }
    for (let row = box.rows[0]; row < box.rows[1]; row++) {
      for (let column = box.columns[0]; column < box.columns[1]; column++) {
        const value = stored[row * geometry.columns + column]!
        if (value >= low && value <= high) {
          throw new RangeError(`the box holds padding in slice ${k}, row ${row}, column ${column}: take a smaller box`)
        }
        hu[next++] = slope * value + intercept
      }
    }
  }
  const [rowMm, columnMm] = geometry.pixelSpacingMm
  return { hu, rows, columns, slices, voxelMm3: rowMm * columnMm * geometry.incrementMm }
}

function checkBox({ geometry }: Volume, box: Box): void {
  checkKeys('a box', box, AXES)
  for (const axis of AXES) {
    const range = box[axis]
    if (!Array.isArray(range) || range.length !== 2) throw new TypeError(`${axis} of a box must be [start, end]`)
    const [start, end] = range
    if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end <= start || end > geometry[axis]) {
      throw new RangeError(
        `${axis} of the box must be [start, end] with 0 <= start < end <= ${geometry[axis]}, got [${start}, ${end}]`,
      )
    }
  }
}
