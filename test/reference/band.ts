/**
 * How far a score hangs on the rules it was made by: the same volume under each of several standards. Shares no code
 * with the engine.
 */
import type { StandardRules } from '../../bindings/score/standard.js'
import { reference } from './score.js'
import type { Band, Input } from './types.js'

/** Agatston score of the total under each standard, the least and the greatest. @throws RangeError for no standard */
export function band(input: Input, standards: readonly StandardRules[]): Band {
  if (standards.length === 0) throw new RangeError('a band needs a standard')
  const scores = standards.map((standard) => reference(input, standard).total.agatston)
  return {
    min: Math.min(...scores),
    max: Math.max(...scores),
    byStandard: Object.fromEntries(standards.map(({ id }, n) => [id, scores[n]!])),
  }
}
