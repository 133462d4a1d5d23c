/**
 * A score between published cut-points. A table says where the 50th and the 75th percentile lie and nothing about what is between,
 * so the answer is "between the 50th and 75th percentile", never a number.
 */
import { twelve } from '../math.js'
import type { Published } from '../published.js'

export interface CutPoint {
  readonly percentile: number
  /** Agatston score at that percentile. */
  readonly score: number
}

export interface Place {
  /** Largest published percentile the score reaches; 0 below the first, and for no calcium. */
  readonly lower: number
  /** Smallest published percentile the score does not reach; null beyond the last. */
  readonly upper: number | null
  /** The score is the cut-point of `lower` itself. */
  readonly exact: boolean
  /** Percent of the group that at least share a score of zero; 0 for a score above zero, or where the table does not say. */
  readonly sharedZeroPercent: number
  /** In words: "between the 50th and 75th percentile". */
  readonly text: string
}

/** What every reading of a published table tells. */
export interface PercentileReading {
  readonly reference: 'mesa2006' | 'javaid2022' | 'hoff2001'
  /** Agatston score that was looked up. */
  readonly score: number
  /** Whom the score is compared with: "White men aged 55 to 64". */
  readonly group: string
  /** The people the table was made from. */
  readonly population: string
  readonly place: Place
  /** Cut-points of the group, in rising order. */
  readonly cutPoints: readonly CutPoint[]
  readonly published: Published
}

/** Percentile for people: `75th`, `91st`, `12th`, `97.5th`. */
export function ordinal(percentile: number): string {
  const [ones, tens] = [percentile % 10, percentile % 100]
  if (ones > 3 || ones < 1 || !Number.isInteger(percentile) || (tens > 10 && tens < 14)) return `${percentile}th`
  return `${percentile}${['st', 'nd', 'rd'][ones - 1]}`
}

export const cutPointsOf = (percentiles: readonly number[], scores: readonly number[]): readonly CutPoint[] =>
  percentiles.map((percentile, index) => ({ percentile, score: scores[index]! }))

/** Where a score (0 or more) lies among cut-points in rising order. Compared to 12 digits: a sum of areas is no exact integer. */
export function placeOf(score: number, cuts: readonly CutPoint[]): Place {
  if (score === 0) return placeOfZero(cuts)
  const value = twelve(score)
  const reached = cuts.findLast((cut) => cut.score <= value) ?? null
  const upper = cuts.find((cut) => cut.score > value)?.percentile ?? null
  const lower = reached?.percentile ?? 0
  const exact = reached?.score === value
  return { lower, upper, exact, sharedZeroPercent: 0, text: placeText(lower, upper, exact) }
}

function placeText(lower: number, upper: number | null, exact: boolean): string {
  if (exact) return `at the ${ordinal(lower)} percentile`
  if (upper === null) return `above the ${ordinal(lower)} percentile`
  if (lower === 0) return `below the ${ordinal(upper)} percentile`
  return `between the ${ordinal(lower)} and ${ordinal(upper)} percentile`
}

/** Nobody is below zero: its percentile is 0, and what the table adds is how many share it. */
function placeOfZero(cuts: readonly CutPoint[]): Place {
  const shared = cuts.findLast(({ score }) => score === 0)?.percentile ?? 0
  const upper = cuts.find(({ score }) => score > 0)?.percentile ?? null
  const text =
    shared > 0
      ? `no calcium, as in at least ${shared} % of the group`
      : `no calcium: below the ${ordinal(upper!)} percentile`
  return { lower: 0, upper, exact: false, sharedZeroPercent: shared, text }
}
