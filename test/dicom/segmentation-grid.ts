/** A small grid, pictures on it, and what a segmentation made of them is read as. */
import type { MaskNames, MaskTarget, Masks } from '../../bindings/dicom/index.js'
import type { Geometry } from '../../bindings/volume/geometry.js'
import { TERRITORY_IDS } from '../../bindings/volume/territory.js'
import { random } from './make.js'
import { readOne } from './mask-outcome.js'
import { type Segment, gridOf, volumeOf } from './masks.js'

export const GRID = gridOf()
export const PIXELS = GRID.rows * GRID.columns * GRID.slices

export const read = (file: Uint8Array, target: MaskTarget = volumeOf(GRID), names?: MaskNames): Promise<Masks> =>
  readOne('SEG.dcm', file, target, names)

/** Pixels of a random half of the grid. */
export const noise = (seed: number, grid = GRID): number[] => {
  const next = random(seed)
  return Array.from({ length: grid.rows * grid.columns * grid.slices }, () => Number(next() < 0.5))
}
/** A box of pixels on some slices. */
export const block = (
  row: number,
  column: number,
  rows: number,
  columns: number,
  slices: readonly number[],
  grid: Geometry = GRID,
): number[] =>
  Array.from({ length: grid.rows * grid.columns * grid.slices }, (_, i) => {
    const [c, r, k] = [
      i % grid.columns,
      Math.floor(i / grid.columns) % grid.rows,
      Math.floor(i / grid.columns / grid.rows),
    ]
    return Number(r >= row && r < row + rows && c >= column && c < column + columns && slices.includes(k))
  })
export const lad = (pixels: readonly number[]): Segment => ({ number: 1, label: 'LAD', pixels })
export const inside = ({ territories }: Masks, name: keyof typeof TERRITORY_IDS = 'LAD'): number[] =>
  Array.from(territories.scalarData, (label) => Number(label === TERRITORY_IDS[name]))
export const slicesOf = (masks: Masks, grid: Geometry = GRID): number[] => {
  const size = grid.rows * grid.columns
  return grid.positions.flatMap((_, k) =>
    inside(masks)
      .slice(k * size, (k + 1) * size)
      .includes(1)
      ? [k]
      : [],
  )
}
