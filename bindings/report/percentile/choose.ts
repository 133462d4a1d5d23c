/**
 * Which table a person is compared with. MESA wherever it reaches (45 to 84); below, the table by single years for Black and White
 * people; elsewhere from 30 to 90 Hoff's, which is not by race. Calcium differs by race, so without a known race, or with one no
 * table has, there is no percentile: nobody is taken for White.
 */
import type { PatientFacts } from '../facts.js'
import { problemsOf } from '../model-inputs.js'
import type { Answer } from '../answer.js'
import { HOFF_RANGE, JAVAID_RANGE } from './flagged.js'
import { MESA_RANGE } from './mesa.js'
import type { PercentileReading } from './place.js'

export type Reference = PercentileReading['reference']

/** The table for a person, or why there is none. */
export function chooseReference(facts: PatientFacts): Answer<Reference> {
  const missing = [
    ...(facts.ageYears === undefined ? ['age'] : []),
    ...(facts.sex === undefined ? ['sex'] : []),
    ...(facts.race === undefined ? ['race'] : []),
  ]
  if (missing.length > 0)
    return { value: null, reason: `percentiles are by age, sex and race; not known: ${missing.join(', ')}` }
  if (facts.race === 'other')
    return {
      value: null,
      reason: 'the published percentiles are for White, Black, Hispanic and Chinese people; none stands in for others',
    }
  if (problemsOf(MESA_RANGE, facts).length === 0) return { value: 'mesa2006', reason: null }
  if (problemsOf(JAVAID_RANGE, facts).length === 0) return { value: 'javaid2022', reason: null }
  if (problemsOf(HOFF_RANGE, facts).length === 0) return { value: 'hoff2001', reason: null }
  return { value: null, reason: 'no published percentiles for this age: they reach from 30 to 90 years' }
}
