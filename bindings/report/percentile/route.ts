/** The percentile of a result: from the table made for the person, or the reason why there is none. */
import type { Result } from '../../score/result.js'
import { type PatientFacts, checkFields } from '../facts.js'
import type { Answer } from '../answer.js'
import { whyNotComparable } from '../standing.js'
import { chooseReference } from './choose.js'
import { hoffPercentile, javaidPercentile } from './flagged.js'
import { type PercentileEstimate, mesaPercentile } from './mesa.js'
import { MESA_BRACKETS } from './mesa-table.js'
import type { PercentileReading } from './place.js'

export interface PercentileSection extends PercentileReading {
  /** A continuous percentile, labelled "estimate"; null where there is none (all tables but MESA). */
  readonly estimate: PercentileEstimate | null
  /** What limits the comparison for this person, in sentences without a full stop. */
  readonly notes: readonly string[]
}

/**
 * @param facts null: nothing is known of the patient
 * @throws TypeError or RangeError if the facts themselves are wrong
 */
export function routePercentile(result: Result, facts: PatientFacts | null): Answer<PercentileSection> {
  if (facts !== null) checkFields(facts)
  const reason = whyNotComparable(result)
  if (reason !== null) return { value: null, reason }
  if (facts === null) return { value: null, reason: 'nothing is known of the patient: age, sex and race decide' }
  const chosen = chooseReference(facts)
  if (chosen.value === null) return chosen
  const person = { ...facts, agatston: result.total.pieces === 0 ? 0 : result.total.agatston }
  const notes = notesFor(chosen.value, facts)
  if (chosen.value !== 'mesa2006') {
    const reading = chosen.value === 'javaid2022' ? javaidPercentile(person) : hoffPercentile(person)
    return { value: { ...reading, estimate: null, notes }, reason: null }
  }
  // The estimate stands in its own field, so that nothing prints it for a published percentile.
  const { percentile, ...reading } = mesaPercentile(person)
  const differ = isOutside(percentile, reading) ? [DIFFER] : []
  return { value: { ...reading, notes: [...notes, ...differ] }, reason: null }
}

const DIFFER =
  'the estimate lies outside the published range: away from the middle of a bracket the two need not agree, and near the 75th percentile that matters'

/** More than the largest error of the estimate outside the published range; no calcium is the same in both. */
const isOutside = (percentile: number, { score, place: { lower, upper } }: PercentileReading): boolean =>
  score > 0 && (percentile < lower - 4 || percentile > (upper ?? 100) + 4)

function notesFor(
  reference: PercentileReading['reference'],
  { ageYears, diabetes, race }: PatientFacts,
): readonly string[] {
  const notes: string[] = []
  const bracket = MESA_BRACKETS.findLast(({ from }) => ageYears! >= from)
  if (reference === 'mesa2006')
    notes.push(
      `the published cut-points are those at age ${bracket!.midpoint}, the middle of the bracket; the estimate is for the age itself`,
    )
  if (reference === 'mesa2006' && diabetes === true)
    notes.push('people treated for diabetes were left out of the group compared with')
  if (reference === 'hoff2001' && race !== undefined)
    notes.push('the table is not by race; no table by race reaches this age and race')
  return notes
}
