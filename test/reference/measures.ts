/**
 * The measures of `agatston/measures` in the plainest words, written from their definitions and apart from the package: pictures are
 * nested lists, the kernel is slid over a padded picture, the normal distribution is an integral added up in small steps.
 */

/** Slices of rows of HU. */
export type Picture = readonly (readonly (readonly number[])[])[]

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

export function sampleSd(values: readonly number[]): number {
  const middle = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1))
}

/** P(X <= value) by Simpson's rule from 12 standard deviations below, where less than 1e-32 is left. */
export function cumulative(value: number, meanHu: number, sdHu: number): number {
  const end = (value - meanHu) / sdHu
  if (end <= -12) return 0
  if (end >= 12) return 1
  const steps = 4000
  const width = (end + 12) / steps
  let sum = 0
  for (let n = 0; n <= steps; n++) {
    const z = -12 + n * width
    const factor = n === 0 || n === steps ? 1 : n % 2 === 1 ? 4 : 2
    sum += factor * Math.exp((-z * z) / 2)
  }
  return (sum * width) / 3 / Math.sqrt(2 * Math.PI)
}

const KERNEL = [
  [0, 0.2, 0],
  [0.2, 0.2, 0.2],
  [0, 0.2, 0],
] as const

/** Weights, a frame of zeros around each slice, the kernel at every pixel of the region, and their sum. */
export function weightedScore(picture: Picture, meanHu: number, sdHu: number, inside?: Picture): number {
  let total = 0
  picture.forEach((slice, k) => {
    const isIn = (row: number, column: number): boolean => inside === undefined || inside[k]![row]![column] !== 0
    const width = slice[0]!.length
    const empty = Array.from({ length: width + 2 }, () => 0)
    const rows = slice.map((values, row) => [
      0,
      ...values.map((hu, column) => (isIn(row, column) ? cumulative(hu, meanHu, sdHu) : 0)),
      0,
    ])
    const padded = [empty, ...rows, empty]
    for (let row = 0; row < slice.length; row++) {
      for (let column = 0; column < width; column++) {
        if (!isIn(row, column)) continue
        for (const down of [0, 1, 2] as const) {
          for (const across of [0, 1, 2] as const) {
            total += KERNEL[down][across] * padded[row + down]![column + across]!
          }
        }
      }
    }
  })
  return total
}

export interface Content {
  readonly voxels: number
  readonly volumeMm3: number
  readonly massMg: number
}

const content = (voxels: number, voxelMm3: number, mgPerMl: number): Content => ({
  voxels,
  volumeMm3: voxels * voxelMm3,
  massMg: (voxels * voxelMm3 * mgPerMl) / 1000,
})

/** Fraction by fraction. */
export function byFractions(
  hu: readonly number[],
  calciumHu: number,
  tissueHu: number,
  voxelMm3: number,
  mgPerMl: number,
): Content {
  let voxels = 0
  for (const value of hu) voxels += (value - tissueHu) / (calciumHu - tissueHu)
  return content(voxels, voxelMm3, mgPerMl)
}

/** The intensity of the whole, less that of as much background. */
export function byIntegral(
  hu: readonly number[],
  objectHu: number,
  backgroundHu: number,
  voxelMm3: number,
  mgPerMl: number,
): Content {
  let intensity = 0
  for (const value of hu) intensity += value
  return content((intensity - hu.length * backgroundHu) / (objectHu - backgroundHu), voxelMm3, mgPerMl)
}
