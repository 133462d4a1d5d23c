/** One score of one implementation, and the verdict on it. */
import type { ReferenceCase } from './cases.js'

export interface Score {
  readonly case: string
  readonly standard: string
  readonly engine: string
  /** Null: refused, since the standard needs a thickness and the volume has none. */
  readonly score: number | null
  /** ms of one score; null: not timed. */
  readonly median: number | null
  readonly runs: number
}

/** What a score is held against: the plain reference. */
export const NAIVE = 'naive reference'

/** Scores agree within this relative difference. */
export const TOLERANCE = 1e-9

export interface Judged extends Score {
  /** Relative, from the plain reference; 0 where both refuse; Infinity where one refuses or is no number. */
  readonly difference: number
  /** From the published score, in points; null: none was published. */
  readonly fromPublished: number | null
  readonly isWrong: boolean
}

function differenceOf(score: number | null, wanted: number | null): number {
  if (score === null || wanted === null) return score === wanted ? 0 : Infinity
  if (Number.isNaN(score) || Number.isNaN(wanted)) return Infinity
  return score === wanted ? 0 : Math.abs(score - wanted) / Math.max(Math.abs(score), Math.abs(wanted))
}

/** Every score beside the plain reference's, or the first peer's where that has none. */
export function judge(cases: readonly ReferenceCase[], scores: readonly Score[]): readonly Judged[] {
  const keyOf = (of: Score): string => JSON.stringify([of.case, of.standard])
  const wanted = new Map<string, number | null>()
  for (const one of scores) if (!wanted.has(keyOf(one)) || one.engine === NAIVE) wanted.set(keyOf(one), one.score)
  const published = new Map(cases.map((one) => [one.name, one.published]))
  return scores.map((one) => {
    const difference = differenceOf(one.score, wanted.get(keyOf(one))!)
    const known = published.get(one.case)
    const fromPublished = known?.standard === one.standard ? (one.score ?? NaN) - known.score : null
    const isAsPublished = fromPublished === null || Math.abs(fromPublished) <= known!.within
    return { ...one, difference, fromPublished, isWrong: !(difference <= TOLERANCE) || !isAsPublished }
  })
}
