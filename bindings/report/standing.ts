/**
 * What may be said of a result beyond its number. Percentiles, risks, categories and guidelines were all made with confirmed
 * coronary scores at 120 kVp under the common rules; of anything else they would say something, and it would be wrong.
 */
import type { Result } from '../score/result.js'
import { isCoronary } from '../volume/territory.js'

/** The standards under which the published tables and models were made, or whose score equals theirs by design. */
const COMPARABLE: readonly string[] = Object.freeze(['agatston-130'])

/** Why a result has no category, in words; null: it has one. */
export function whyNoCategory(result: Result): string | null {
  const { scope, accepted } = result
  if (accepted.length > 0)
    return `a refusal was overridden (${accepted.join(', ')}), so the number is not one the categories were made for`
  if (scope === 'whole-image') return 'the number is a sum over a whole image and says nothing of the coronary arteries'
  if (scope === 'candidates') return 'the lesions were proposed by the software and no reader has confirmed them'
  if (scope === 'territories' && !Object.keys(result.territories).some(isCoronary))
    return 'no coronary territory is marked, so nothing coronary was scored'
  return result.category === null ? 'the result has no category' : null
}

/** Why a result cannot be put beside published percentiles, risks and guidelines; null: it can. */
export function whyNotComparable(result: Result): string | null {
  const category = whyNoCategory(result)
  if (category !== null) return category
  if (isUnverifiedZero(result)) return 'the zero is not verified (ZERO_UNVERIFIED)'
  const { standard, modifiers, input, warnings } = result
  if (!COMPARABLE.includes(standard.id))
    return `the standard is ${standard.id}; published values were made with the rules of agatston-130`
  if (modifiers.length > 0) return `the rules were modified (${modifiers.join(', ')})`
  if (input.kvp !== null && input.kvp !== 120)
    return `the tube voltage is ${input.kvp} kVp; published values are for 120 kVp`
  if (input.kvp === null) return 'the tube voltage is not known; published values are for 120 kVp'
  if (warnings.some(({ code }) => code === 'SPECTRAL')) return 'the image is spectral; published values are for 120 kVp'
  return null
}

/** A zero whose checks were not passed, or could not be made. */
export const isUnverifiedZero = ({ total, warnings }: Result): boolean =>
  total.pieces === 0 && warnings.some(({ code }) => code === 'ZERO_UNVERIFIED')
