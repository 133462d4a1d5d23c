/**
 * Vectors of `agatston/measures` (`agatston.measure-vectors/1`): the format, and each case through the package. Numbers agree within
 * 1e-9 relative, or 1e-12 of the number of pixels where the answer is next to nothing.
 */
import {
  type CalciumContent,
  integratedMass,
  meanAndSd,
  spatiallyWeightedScore,
  volumeFractionMass,
} from '../measures/index.js'

/** Slices of rows of HU. */
type Picture = readonly (readonly (readonly number[])[])[]

export interface WeightedCase {
  readonly measure: 'spatially-weighted'
  readonly name: string
  readonly note: string
  /** Where the answer is from. */
  readonly source: string
  /** Slices of rows of HU. */
  readonly hu: Picture
  /** The same shape; 0 is outside. Null: all is inside. */
  readonly mask: Picture | null
  /** HU of the pixels of the rod; null where mean and standard deviation are given. */
  readonly rod: readonly number[] | null
  readonly rodMeanHu: number
  readonly rodSdHu: number
  readonly expected: number
}

export interface MassCase {
  readonly measure: 'volume-fraction' | 'integrated'
  readonly name: string
  readonly note: string
  readonly source: string
  readonly hu: readonly number[]
  readonly brightHu: number
  readonly darkHu: number
  readonly voxelMm3: number
  readonly densityMgPerMl: number
  readonly expected: CalciumContent
}

export type MeasureCase = WeightedCase | MassCase

export interface MeasureFile {
  readonly schema: 'agatston.measure-vectors/1'
  readonly title: string
  readonly cases: readonly MeasureCase[]
}

/** Whether two numbers agree; `size` is the number of pixels where an answer may be next to nothing. */
export const agrees = (got: number, expected: number, size = 1): boolean =>
  Math.abs(got - expected) <= Math.max(1e-9 * Math.abs(expected), 1e-12 * size)

/** What is wrong with the measure of a case, in words; empty where nothing is. */
export function wrongMeasure(one: MeasureCase): string[] {
  return one.measure === 'spatially-weighted' ? wrongWeighted(one) : wrongMass(one)
}

const differs = (what: string, got: number, expected: number, size?: number): string[] =>
  agrees(got, expected, size) ? [] : [`${what} ${got}, not ${expected}`]

function wrongWeighted({ hu, mask, rod, rodMeanHu, rodSdHu, expected }: WeightedCase): string[] {
  const [slices, rows, columns] = [hu.length, hu[0]?.length ?? 0, hu[0]?.[0]?.length ?? 0]
  const input = { hu: hu.flat(2), rows, columns, slices, ...(mask ? { mask: mask.flat(2) } : {}) }
  const score = spatiallyWeightedScore({ ...input, rod: { meanHu: rodMeanHu, sdHu: rodSdHu } })
  const wrong = differs('score', score, expected, input.hu.length)
  if (!rod) return wrong
  const ofRod = spatiallyWeightedScore({ ...input, rod: meanAndSd(rod) })
  return [...wrong, ...differs('score by the pixels of the rod', ofRod, expected)]
}

function wrongMass({ measure, hu, brightHu, darkHu, voxelMm3, densityMgPerMl, expected }: MassCase): string[] {
  const sizes = { hu, voxelMm3, densityMgPerMl }
  const got =
    measure === 'integrated'
      ? integratedMass({ ...sizes, objectHu: brightHu, backgroundHu: darkHu })
      : volumeFractionMass({ ...sizes, calciumHu: brightHu, tissueHu: darkHu })
  return (['voxels', 'volumeMm3', 'massMg'] as const).flatMap((key) => differs(key, got[key], expected[key]))
}
