/** What the fields of a standard mean, each in one place. */
import { AgatstonError } from '../base/errors.js'
import { type Geometry, MAX_SIDE } from '../volume/geometry.js'
import type { Minimum, Standard } from './standard.js'

/** Area limits compare with this relative tolerance, so that four pixels of 0.25 mm2 are 1 mm2 on every machine. */
const TOLERANCE = 1e-9

/**
 * Fewest pixels a piece must have to count: every minimum is one, since all pixels of a volume have one area.
 *
 * @param areaMm2 area of one pixel
 */
export function minimumPixels(minimum: Minimum, areaMm2: number): number {
  switch (minimum.by) {
    case 'none':
      return 1
    case 'pixels':
      return atLeastOne(minimum.rule === '>=' ? Math.ceil(minimum.pixels) : Math.floor(minimum.pixels) + 1)
    case 'pixels-of-area': {
      const pixels = minimum.mm2 / areaMm2
      const whole = minimum.rounding === 'ceil' ? Math.ceil(pixels * (1 - TOLERANCE)) : Math.round(pixels)
      return atLeastOne(minimum.rule === '>=' ? whole : whole + 1)
    }
    case 'area':
      return leastAreaPixels(minimum.rule, minimum.mm2, areaMm2)
  }
}

/** Least n with n x area at or above (`>=`), or above (`>`), the limit, within the tolerance. */
function leastAreaPixels(rule: '>=' | '>', mm2: number, areaMm2: number): number {
  const counts = (n: number): boolean =>
    rule === '>=' ? n * areaMm2 >= mm2 * (1 - TOLERANCE) : n * areaMm2 > mm2 * (1 + TOLERANCE)
  // Three steps at most, for what a slice can hold; no piece is larger, and a step of one may be no step beyond 2^53.
  for (let n = atLeastOne(Math.floor(mm2 / areaMm2) - 1); n <= MAX_SIDE * MAX_SIDE; n++) if (counts(n)) return n
  return Infinity
}

const atLeastOne = (n: number): number => Math.max(n, 1)

/**
 * What area x weight is multiplied with.
 *
 * @throws AgatstonError `GEOMETRY_MISSING` where the standard needs a thickness and the volume has none
 */
export function sliceFactor(standard: Standard, geometry: Geometry): number {
  switch (standard.sliceFactor) {
    case 'increment/3':
      return geometry.incrementMm / 3
    case 'thickness/3':
      if (geometry.thicknessMm === null) {
        throw new AgatstonError(
          'GEOMETRY_MISSING',
          `The standard '${standard.id}' needs the slice thickness, which the input does not give`,
          { attribute: 'SliceThickness', standard: standard.id },
        )
      }
      return geometry.thicknessMm / 3
    case 'none':
      return 1
  }
}
