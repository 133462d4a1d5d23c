/**
 * Two tables for people MESA has no percentile for: Hoff 2001 (30 to 90, not by race) and Javaid 2022 (30 to 45, Black and White).
 * Each rests on one transcription, and says so in `published.flag`.
 */
import { deepFreeze } from '../../score/default.js'
import type { Person } from '../facts.js'
import { type ModelRange, requireInputs } from '../model-inputs.js'
import { HOFF_2001, HOFF_AGES, HOFF_BRACKETS, HOFF_CUTS, HOFF_CUT_PERCENTILES, HOFF_POPULATION } from './hoff-table.js'
import {
  JAVAID_2022,
  JAVAID_AGES,
  JAVAID_CUTS,
  JAVAID_CUT_PERCENTILES,
  JAVAID_POPULATION,
  JAVAID_RACES,
  type JavaidRace,
} from './javaid-table.js'
import { RACE_NAMES, SEX_NAMES, requireScore } from './mesa.js'
import { type PercentileReading, cutPointsOf, placeOf } from './place.js'

export const HOFF_RANGE: ModelRange = deepFreeze({
  name: 'the Hoff percentile',
  inputs: deepFreeze([{ input: 'ageYears', range: HOFF_AGES }, { input: 'sex' }] as const),
})

export const JAVAID_RANGE: ModelRange = deepFreeze({
  name: 'the percentile for ages 30 to 45',
  inputs: deepFreeze([
    { input: 'ageYears', range: JAVAID_AGES },
    { input: 'sex' },
    { input: 'race', words: JAVAID_RACES },
  ] as const),
})

/**
 * Percentile range among self-referred Americans of the same sex and age: Hoff JA et al., Am J Cardiol 2001;87:1335-1339.
 *
 * @param person `agatston` (0 or more), `ageYears` (30 to 90), `sex`
 * @throws TypeError, RangeError, AgatstonError MODEL_RANGE as `mesaPercentile`
 */
export function hoffPercentile(person: Person): PercentileReading {
  const { ageYears, sex } = requireInputs<'ageYears' | 'sex'>(HOFF_RANGE, person)
  const score = requireScore(HOFF_RANGE.name, person)
  const index = HOFF_BRACKETS.findLastIndex(({ from }) => ageYears >= from)
  const { from, to } = HOFF_BRACKETS[index]!
  const cutPoints = cutPointsOf(HOFF_CUT_PERCENTILES, HOFF_CUTS[sex][index]!)
  return {
    reference: 'hoff2001',
    score,
    group: `${SEX_NAMES[sex]} aged ${from} to ${to}`,
    population: HOFF_POPULATION,
    place: placeOf(score, cutPoints),
    cutPoints,
    published: HOFF_2001,
  }
}

/**
 * Percentile range among Black or White Americans of the same sex and year of age: Javaid A et al. 2022.
 *
 * @param person `agatston` (0 or more), `ageYears` (30 to 45), `sex`, `race` (`white` or `black`)
 * @throws TypeError, RangeError, AgatstonError MODEL_RANGE as `mesaPercentile`
 */
export function javaidPercentile(person: Person): PercentileReading {
  const { ageYears, sex, race } = requireInputs<'ageYears' | 'sex' | 'race'>(JAVAID_RANGE, person)
  const score = requireScore(JAVAID_RANGE.name, person)
  const year = Math.floor(ageYears)
  const cutPoints = cutPointsOf(JAVAID_CUT_PERCENTILES, JAVAID_CUTS[sex][race as JavaidRace][year - JAVAID_AGES[0]]!)
  return {
    reference: 'javaid2022',
    score,
    group: `${RACE_NAMES[race as JavaidRace]} ${SEX_NAMES[sex]} aged ${year}`,
    population: JAVAID_POPULATION,
    place: placeOf(score, cutPoints),
    cutPoints,
    published: JAVAID_2022,
  }
}
