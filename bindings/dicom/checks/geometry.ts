/** Questions to the stack: thickness, field, pixel size, coverage. */
import type { Objections } from '../../base/verdict.js'
import { checkCoverage, checkField, checkThickness } from '../../volume/fit.js'
import type { Geometry } from '../../volume/geometry.js'
import type { Image } from '../image.js'
import { TAG, tagName } from '../tags.js'
import { distinct } from './which.js'

/** Questions to the stack: thickness, field, pixel size, coverage. */
export function checkGeometry(slices: readonly Image[], geometry: Geometry, objections: Objections): void {
  checkThickness(
    distinct(slices, ({ acquisition }) => acquisition.thicknessMm),
    geometry.incrementMm,
    objections,
  )
  checkDiameter(slices, geometry, objections)
  checkField(fieldOf(slices, geometry), Math.max(...geometry.pixelSpacingMm), objections)
  checkCoverage(geometry.slices, geometry.incrementMm, objections)
}

/** Share by which a side may differ from the scanner's own figure: a spacing written with two decimals is off by half of that. */
const SAME_SIDE = 0.01

const sidesOf = ({ pixelSpacingMm: [rowMm, columnMm], rows, columns }: Geometry): readonly number[] => [
  rowMm * rows,
  columnMm * columns,
]

/** Field of view in mm: the scanner's own figure where it fits, since 512 times a rounded pixel spacing is not 300. */
function fieldOf(slices: readonly Image[], geometry: Geometry): number {
  const side = Math.max(...sidesOf(geometry))
  const told = slices[0]!.acquisition.diameterMm
  return told !== null && Math.abs(told / side - 1) <= SAME_SIDE ? told : side
}

/**
 * A zoomed reconstruction has a smaller diameter and smaller pixels; one side of the picture is the diameter all the same
 * (PS3.3 C.8.2.1). Where neither is, the picture was cut, or it was resampled and kept the spacing of before: then every area,
 * and the score with it, is wrong, and only the reader of the series can know which.
 */
function checkDiameter(slices: readonly Image[], geometry: Geometry, objections: Objections): void {
  const sides = sidesOf(geometry)
  const differs = ({ acquisition: { diameterMm: told } }: Image): boolean =>
    told !== null && sides.every((side) => Math.abs(side / told - 1) > SAME_SIDE + 1e-9)
  const other = slices.find(differs)
  if (!other) return
  const mm = other.acquisition.diameterMm
  const files = slices.filter(differs).length
  const sideMm = Math.max(...sides)
  const message = `ReconstructionDiameter says ${mm} mm, pixels and PixelSpacing give ${sideMm.toFixed(1)} mm: the picture was cut, or resampled with the spacing of before. Check the pixel size; areas are measured with PixelSpacing`
  objections.warn('SPACING_TAG_MISMATCH', message, { tag: tagName(TAG.ReconstructionDiameter), mm, sideMm, files })
}
