/** Numbers for people. A rounded score never says another category than the exact one. */
import { type Categories } from '../score/result.js'
import { CATEGORY_SYSTEMS, categorize } from '../score/category.js'

/** What stands where there is no number. */
export const NONE = '–'

export const fixed = (value: number | null, digits: number): string => (value === null ? NONE : value.toFixed(digits))

/** Shortest decimals of at most `digits`, for spacings and parameters. */
export const plain = (value: number | null, digits = 3): string =>
  value === null ? NONE : String(Number(value.toFixed(digits)))

/**
 * An Agatston score: one decimal, and more where one decimal would lie in another category of any system. No counted piece is
 * `0`; a score above zero is never shown as zero.
 *
 * @param pieces counted pieces, which alone decide zero
 */
export function scoreText(score: number, pieces: number): string {
  if (pieces === 0) return '0'
  const exact = bands(score)
  for (let digits = 1; digits <= 12; digits++) {
    const text = score.toFixed(digits)
    if (Number(text) > 0 && bands(Number(text)) === exact) return text
  }
  return String(score)
}

function bands(score: number): string {
  const { classic, cacDrs, accAha2026 } = categorize(score, 1, null)
  return `${classic} ${cacDrs} ${accAha2026}`
}

/** A category with its band: `moderate (100 to below 400)`. */
export function bandText(system: keyof typeof CATEGORY_SYSTEMS, name: string): string {
  const range = bandRange(system, name)
  return range === null ? name : `${name} (${range})`
}

/** Where a category lies: `100 to below 400`. Null: it is the zero, or no band of the system. */
export function bandRange(system: keyof typeof CATEGORY_SYSTEMS, name: string): string | null {
  const { bands: all } = CATEGORY_SYSTEMS[system]
  const [base] = name.split('/')
  const index = all.findIndex((band) => band.name === base)
  if (index < 0) return null
  const { from } = all[index]!
  const next = all[index + 1]
  if (!next) return `${from} and above`
  return from === 0 ? `above 0, below ${next.from}` : `${from} to below ${next.from}`
}

/** All categories in one line. */
export function categoryText(categories: Categories): string {
  return [
    bandText('classic', categories.classic),
    `CAC-DRS ${categories.cacDrs}`,
    `ACC/AHA 2026: ${bandText('accAha2026', categories.accAha2026)}`,
  ].join('; ')
}

/** `1 lesion`, `2 lesions`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`
