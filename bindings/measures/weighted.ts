/**
 * The spatially weighted calcium score (SWCS) of the Multi-Ethnic Study of Atherosclerosis: a score without a threshold, so that
 * calcium below 130 HU counts as far as it looks like calcium.
 *
 * Liang CJ, Budoff MJ, Kaufman JD, Kronmal RA, Brown ER. An alternative method for quantifying coronary artery calcification: the
 * multi-ethnic study of atherosclerosis (MESA). BMC Med Imaging 2012;12:14, doi:10.1186/1471-2342-12-14. Events with it: Shea S et
 * al. Circ Cardiovasc Imaging 2021;14:e011981, doi:10.1161/CIRCIMAGING.120.011981.
 */
import { checkKeys, list, mask, valueAt } from './checks.js'
import { normalCdf } from './normal.js'
import { type MeanAndSd, CompensatedSum, checkRod } from './statistics.js'

export interface WeightedInput {
  /** HU of the region, columns fastest, then rows, then slices. */
  readonly hu: ArrayLike<number>
  readonly rows: number
  readonly columns: number
  /** Default 1. */
  readonly slices?: number
  /** One value for each pixel; what is 0 lies outside the region. Default: all of it is the region. */
  readonly mask?: ArrayLike<number>
  /** Mean and standard deviation, in HU, of the pixels of a rod of 100 mg/mL in the same scan; `meanAndSd` makes them. */
  readonly rod: MeanAndSd
}

/** A pixel and its four neighbours in the slice count alike. */
const SHARE = 0.2

/**
 * The spatially weighted score of a region.
 *
 * Each pixel has the weight P(X <= HU), X normal with the mean and standard deviation of the rod: 0 well below it, a half at its
 * mean, 1 well above. The score of a pixel is the mean of its own weight and those of its four neighbours in the slice (above,
 * below, left, right; a fifth each), so that a single bright pixel of noise counts less than a patch. The score is the sum over
 * the region. Beyond the edge of the region, or of its mask, weights are 0, and slices do not see each other; so it matters
 * where a region ends, and regions are compared only if they were cut alike. It has no unit and grows with the number of
 * pixels: it compares scans of one pixel size and increment.
 *
 * Vectors published with CalciumScoring.jl are met to 1e-12. Which part of the picture is a coronary artery is the
 * caller's to say; the study took a tube around each.
 *
 * @returns at least 0, at most the number of pixels of the region
 * @throws TypeError for the wrong kind, RangeError for a wrong value: sizes that are no whole numbers or do not fit, HU that are
 *   not finite, a standard deviation of 0
 */
export function spatiallyWeightedScore(input: WeightedInput): number {
  checkKeys('spatiallyWeightedScore', input, ['hu', 'rows', 'columns', 'slices', 'mask', 'rod'])
  const { hu, rows, columns, slices = 1, rod } = input
  list('hu', hu)
  checkSize({ rows, columns, slices }, hu.length)
  const region = mask('mask', input.mask, hu.length)
  const { meanHu, sdHu } = checkRod('rod', rod)
  const isIn = (i: number): number => (region === null || region[i] !== 0 ? 1 : 0)
  const size = rows * columns
  const sum = new CompensatedSum()
  for (let i = 0; i < hu.length; i++) {
    const value = valueAt('hu', hu, i)
    if (isIn(i) === 0) continue
    const row = Math.floor((i % size) / columns)
    const column = i % columns
    // A pixel's weight goes to itself and to each neighbour that is there: summed over all pixels it is the same sum.
    const receivers =
      1 +
      (row > 0 ? isIn(i - columns) : 0) +
      (row + 1 < rows ? isIn(i + columns) : 0) +
      (column > 0 ? isIn(i - 1) : 0) +
      (column + 1 < columns ? isIn(i + 1) : 0)
    sum.add(SHARE * receivers * normalCdf((value - meanHu) / sdHu))
  }
  return sum.value()
}

function checkSize(sizes: Readonly<Record<'rows' | 'columns' | 'slices', number>>, length: number): void {
  for (const [name, size] of Object.entries(sizes)) {
    if (typeof size !== 'number') throw new TypeError(`${name} must be a whole number from 1`)
    if (!Number.isSafeInteger(size) || size < 1)
      throw new RangeError(`${name} must be a whole number from 1, got ${size}`)
  }
  const { rows, columns, slices } = sizes
  if (rows * columns * slices !== length) {
    throw new RangeError(
      `hu has ${length} values, ${columns} x ${rows} x ${slices} pixels need ${rows * columns * slices}`,
    )
  }
}
