/** What the fields of a standard mean, each in one place. */
import { AgatstonError } from '../../base/errors.js'
import { type Geometry, pixelAreaMm2 } from '../../volume/geometry.js'
import { type Measure, leastPixels } from '../measure.js'
import type { Minimum, Standard } from '../standard.js'

/** @throws AgatstonError `GEOMETRY_MISSING` where the standard needs what the geometry has not */
export function measureOf(standard: Standard, geometry: Geometry, massFactor: number | null): Measure {
  const areaMm2 = pixelAreaMm2(geometry)
  const isOfPieces = standard.minimumOf === 'piece'
  return {
    standard,
    areaMm2,
    heightMm: voxelHeight(standard, geometry),
    minimumPixels: isOfPieces ? minimumPixels(standard.minimum, areaMm2, geometry.incrementMm) : NaN,
    sliceFactor: sliceFactor(standard, geometry),
    massFactor,
  }
}

/**
 * Fewest pixels that count: every minimum is one, since all pixels of a volume have one size.
 *
 * @param areaMm2 area of one pixel
 */
export function minimumPixels(minimum: Minimum, areaMm2: number, incrementMm: number): number {
  switch (minimum.by) {
    case 'none':
      return 1
    case 'pixels':
      return atLeastOne(minimum.rule === '>=' ? Math.ceil(minimum.pixels) : Math.floor(minimum.pixels) + 1)
    case 'pixels-of-area': {
      const pixels = minimum.mm2 / areaMm2
      const whole = minimum.rounding === 'ceil' ? Math.ceil(pixels * (1 - 1e-9)) : Math.round(pixels)
      return atLeastOne(minimum.rule === '>=' ? whole : whole + 1)
    }
    case 'area':
      return leastPixels(minimum.mm2, areaMm2, minimum.rule === '>')
    case 'volume':
      return leastPixels(minimum.mm3, areaMm2 * incrementMm, minimum.rule === '>')
  }
}

const atLeastOne = (n: number): number => Math.max(n, 1)

/** What area x weight is multiplied with. */
function sliceFactor(standard: Standard, geometry: Geometry): number {
  switch (standard.sliceFactor) {
    case 'increment/3':
      return geometry.incrementMm / 3
    case 'thickness/3':
      return thickness(standard, geometry) / 3
    case 'increment/thickness':
      return Math.min(1, geometry.incrementMm / thickness(standard, geometry))
    case 'none':
      return 1
  }
}

function voxelHeight(standard: Standard, geometry: Geometry): number {
  switch (standard.volume) {
    case 'voxels':
      return geometry.incrementMm
    case 'area-x-thickness':
      return thickness(standard, geometry)
    case 'isotropic':
      return geometry.pixelSpacingMm[0]
  }
}

function thickness({ id }: Standard, { thicknessMm }: Geometry): number {
  if (thicknessMm !== null) return thicknessMm
  throw new AgatstonError(
    'GEOMETRY_MISSING',
    `The standard '${id}' needs the slice thickness, which the input does not give`,
    { attribute: 'SliceThickness', standard: id },
  )
}
