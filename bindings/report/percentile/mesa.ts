/** The percentile among people of the same age, sex and race in MESA: the published cut-points, and beside them an estimate. */
import { deepFreeze } from '../../score/default.js'
import { type Person, type Race, type Sex } from '../facts.js'
import { type ModelRange, requireInputs } from '../model-inputs.js'
import type { Published } from '../published.js'
import { type MesaGroup, MESA_ESTIMATE, estimatePercentile, nonzeroPercent } from './mesa-estimate.js'
import {
  MESA_2006,
  MESA_AGES,
  MESA_BRACKETS,
  MESA_CUTS,
  MESA_CUT_PERCENTILES,
  MESA_POPULATION,
  MESA_RACES,
  type MesaRace,
} from './mesa-table.js'
import { type PercentileReading, cutPointsOf, placeOf } from './place.js'

/** A continuous percentile, labelled so that nobody takes it for a published one. */
export interface PercentileEstimate {
  /** Percent of the group with a lower score, 0 to 99. */
  readonly percentile: number
  readonly label: 'estimate'
  /** Percent of people of this age, sex and race whose score is above zero, to one decimal. */
  readonly nonzeroPercent: number
  readonly published: Published
}

export interface MesaPercentile extends PercentileReading {
  readonly reference: 'mesa2006'
  /** The same as `estimate.percentile`: an estimate. The published statement is `place`. */
  readonly percentile: number
  readonly estimate: PercentileEstimate
}

export const MESA_RANGE: ModelRange = deepFreeze({
  name: 'the MESA percentile',
  inputs: deepFreeze([
    { input: 'ageYears', range: MESA_AGES },
    { input: 'sex' },
    { input: 'race', words: MESA_RACES },
  ] as const),
})

export const RACE_NAMES: Readonly<Record<Exclude<Race, 'other'>, string>> = deepFreeze({
  white: 'White',
  black: 'Black',
  hispanic: 'Hispanic',
  chinese: 'Chinese',
})

export const SEX_NAMES: Readonly<Record<Sex, string>> = deepFreeze({ male: 'men', female: 'women' })

/**
 * Percentile of an Agatston score among MESA participants of the same sex, race and age: McClelland RL et al., Circulation
 * 2006;113:30-37. Nothing is said of scores at another tube voltage or under other rules: that is for the caller to know.
 *
 * @param person `agatston` (0 or more), `ageYears` (45 to 84), `sex`, `race` (one of four: other people have no percentile here)
 * @throws TypeError if one of them is missing or of the wrong kind; RangeError if it is implausible
 * @throws AgatstonError MODEL_RANGE outside these ages and races
 */
export function mesaPercentile(person: Person): MesaPercentile {
  const { ageYears, sex, race } = requireInputs<'ageYears' | 'sex' | 'race'>(MESA_RANGE, person)
  const score = requireScore('the MESA percentile', person)
  const group: MesaGroup = { ageYears, sex, race: race as MesaRace }
  const index = MESA_BRACKETS.findLastIndex(({ from }) => ageYears >= from)
  const { from, to } = MESA_BRACKETS[index]!
  const cutPoints = cutPointsOf(MESA_CUT_PERCENTILES, MESA_CUTS[group.race][sex][index]!)
  const percentile = estimatePercentile(group, score)
  return {
    reference: 'mesa2006',
    percentile,
    score,
    group: `${RACE_NAMES[group.race]} ${SEX_NAMES[sex]} aged ${from} to ${to}`,
    population: MESA_POPULATION,
    place: placeOf(score, cutPoints),
    cutPoints,
    published: MESA_2006,
    estimate: {
      percentile,
      label: 'estimate',
      nonzeroPercent: Number(nonzeroPercent(group).toFixed(1)),
      published: MESA_ESTIMATE,
    },
  }
}

/** The score of a person, which what is named cannot do without. */
export function requireScore(name: string, { agatston }: Person): number {
  if (agatston === undefined) throw new TypeError(`${name} needs agatston, which is not given`)
  return agatston
}
