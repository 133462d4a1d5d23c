/**
 * Arterial age: the age at which the estimated risk of coronary heart disease equals that of the score. Not made for people with
 * diabetes, nor outside 45 to 84; where either is not known there is none.
 */
import { deepFreeze } from '../../score/default.js'
import type { Result } from '../../score/result.js'
import { type PatientFacts, type Person, checkFields } from '../facts.js'
import { AgatstonError } from '../../base/errors.js'
import { twelve } from '../math.js'
import { type ModelRange, problemsOf, requireInputs } from '../model-inputs.js'
import type { Published } from '../published.js'
import type { Answer } from '../answer.js'
import { whyNotComparable } from '../standing.js'
import { requireScore } from './mesa.js'

export const ARTERIAL_AGE_2009: Published = deepFreeze({
  citation:
    'McClelland RL, Nasir K, Budoff M, Blumenthal RS, Kronmal RA. Arterial age as a function of coronary artery calcium (from the Multi-Ethnic Study of Atherosclerosis [MESA]). Am J Cardiol 2009;103:59-63.',
  doi: '10.1016/j.amjcard.2008.08.031',
  edition: 'MESA 2009, ages 45 to 84, without diabetes',
  verification:
    'two unrelated transcriptions agree; the abstract confirms a linear function of log-transformed calcium',
  flag: null,
})

export interface ArterialAge {
  /** Years, not rounded. No interval is given with the formula, so none stands here. */
  readonly years: number
  readonly statement: string
  readonly published: Published
}

const RANGE: ModelRange = deepFreeze({
  name: 'arterial age',
  inputs: deepFreeze([{ input: 'ageYears', range: [45, 84] }, { input: 'diabetes' }] as const),
})

const DIABETES = 'arterial age was not made for people with diabetes'
const STATEMENT =
  'the age at which the risk of coronary heart disease estimated from age alone equals that estimated from the score'

/**
 * 39.1 + 7.25 ln(score + 1) years: McClelland RL et al., Am J Cardiol 2009;103:59-63.
 *
 * @param person `agatston` (0 or more), `ageYears` (45 to 84), `diabetes` (false)
 * @throws TypeError if one of them is missing or of the wrong kind; RangeError if it is implausible
 * @throws AgatstonError MODEL_RANGE outside these ages or with diabetes
 */
export function arterialAge(person: Person): ArterialAge {
  const { diabetes } = requireInputs<'ageYears' | 'diabetes'>(RANGE, person)
  if (diabetes) {
    const details = { model: RANGE.name, input: 'diabetes', range: [false] }
    throw new AgatstonError('MODEL_RANGE', `${DIABETES}: there is no value for this person`, details)
  }
  const years = twelve(39.1 + 7.25 * Math.log(requireScore(RANGE.name, person) + 1))
  return { years, statement: STATEMENT, published: ARTERIAL_AGE_2009 }
}

/** Arterial age of a result, or the reason why there is none. `facts` null: nothing is known of the patient. */
export function routeArterialAge(result: Result, facts: PatientFacts | null): Answer<ArterialAge> {
  if (facts !== null) checkFields(facts)
  const reason = whyNotComparable(result)
  if (reason !== null) return { value: null, reason }
  if (facts === null) return { value: null, reason: 'nothing is known of the patient: age and diabetes decide' }
  const problems = [...problemsOf(RANGE, facts), ...(facts.diabetes === true ? [DIABETES] : [])]
  if (problems.length > 0) return { value: null, reason: problems.join('; ') }
  return {
    value: arterialAge({ ...facts, agatston: result.total.pieces === 0 ? 0 : result.total.agatston }),
    reason: null,
  }
}
