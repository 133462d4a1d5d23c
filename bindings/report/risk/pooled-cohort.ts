/**
 * The pooled cohort equations of 2013: legacy, kept because many guidelines and papers count in them. PREVENT has taken their place.
 */
import { deepFreeze } from '../../score/default.js'
import type { Person, Race, Sex } from '../facts.js'
import { twelve } from '../math.js'
import { type ModelRange, requireInputs } from '../model-inputs.js'
import type { Published } from '../published.js'

export const POOLED_COHORT_2013: Published = deepFreeze({
  citation:
    'Goff DC Jr, Lloyd-Jones DM, Bennett G, et al. 2013 ACC/AHA guideline on the assessment of cardiovascular risk. Circulation 2014;129(25 Suppl 2):S49-S73.',
  doi: '10.1161/01.cir.0000437741.48606.98',
  edition: 'ACC/AHA 2013, ages 40 to 79',
  verification: 'two transcriptions agree; nine published expected values reproduced',
  flag: 'legacy',
})

export const POOLED_COHORT_ENDPOINT =
  'first hard atherosclerotic event in 10 years: nonfatal myocardial infarction, death from coronary heart disease, fatal or nonfatal stroke'

export const POOLED_COHORT_RANGE: ModelRange = deepFreeze({
  name: 'the pooled cohort equations',
  inputs: deepFreeze([
    { input: 'ageYears', range: [40, 79] },
    { input: 'sex' },
    { input: 'race' },
    { input: 'totalCholesterolMgDl', range: [130, 320] },
    { input: 'hdlCholesterolMgDl', range: [20, 100] },
    { input: 'systolicBpMmHg', range: [90, 200] },
    { input: 'onBpMedication' },
    { input: 'smoker' },
    { input: 'diabetes' },
  ] as const),
})

/** Inputs of the equations, which checks have shown to be there. */
type Name =
  | 'ageYears' | 'sex' | 'race' | 'totalCholesterolMgDl' | 'hdlCholesterolMgDl' | 'systolicBpMmHg' | 'onBpMedication' | 'smoker' | 'diabetes' // prettier-ignore

/** One equation: factors of the logarithms and their products with ln(age), mean of the sum, survival at 10 years. */
interface Equation {
  readonly lnAge: number
  readonly lnAgeSquared: number
  readonly lnTotal: number
  readonly lnAgeLnTotal: number
  readonly lnHdl: number
  readonly lnAgeLnHdl: number
  readonly lnTreatedSbp: number
  readonly lnAgeLnTreatedSbp: number
  readonly lnUntreatedSbp: number
  readonly lnAgeLnUntreatedSbp: number
  readonly smoker: number
  readonly lnAgeSmoker: number
  readonly diabetes: number
  readonly mean: number
  readonly survival: number
}

// prettier-ignore
export const POOLED_COHORT_EQUATIONS: Readonly<Record<'white' | 'black', Readonly<Record<Sex, Equation>>>> = deepFreeze({
  white: {
    female: {
      lnAge: -29.799, lnAgeSquared: 4.884, lnTotal: 13.54, lnAgeLnTotal: -3.114, lnHdl: -13.578, lnAgeLnHdl: 3.149,
      lnTreatedSbp: 2.019, lnAgeLnTreatedSbp: 0, lnUntreatedSbp: 1.957, lnAgeLnUntreatedSbp: 0,
      smoker: 7.574, lnAgeSmoker: -1.665, diabetes: 0.661, mean: -29.18, survival: 0.9665,
    },
    male: {
      lnAge: 12.344, lnAgeSquared: 0, lnTotal: 11.853, lnAgeLnTotal: -2.664, lnHdl: -7.99, lnAgeLnHdl: 1.769,
      lnTreatedSbp: 1.797, lnAgeLnTreatedSbp: 0, lnUntreatedSbp: 1.764, lnAgeLnUntreatedSbp: 0,
      smoker: 7.837, lnAgeSmoker: -1.795, diabetes: 0.658, mean: 61.18, survival: 0.9144,
    },
  },
  black: {
    female: {
      lnAge: 17.114, lnAgeSquared: 0, lnTotal: 0.94, lnAgeLnTotal: 0, lnHdl: -18.92, lnAgeLnHdl: 4.475,
      lnTreatedSbp: 29.291, lnAgeLnTreatedSbp: -6.432, lnUntreatedSbp: 27.82, lnAgeLnUntreatedSbp: -6.087,
      smoker: 0.691, lnAgeSmoker: 0, diabetes: 0.874, mean: 86.61, survival: 0.9533,
    },
    male: {
      lnAge: 2.469, lnAgeSquared: 0, lnTotal: 0.302, lnAgeLnTotal: 0, lnHdl: -0.307, lnAgeLnHdl: 0,
      lnTreatedSbp: 1.916, lnAgeLnTreatedSbp: 0, lnUntreatedSbp: 1.809, lnAgeLnUntreatedSbp: 0,
      smoker: 0.549, lnAgeSmoker: 0, diabetes: 0.645, mean: 19.54, survival: 0.8954,
    },
  },
})

/** Whose equations a person is given: the 2013 guideline has two sets and lends the White one to everybody else. */
export const pooledCohortGroup = (race: Race): 'white' | 'black' => (race === 'black' ? 'black' : 'white')

/** What must be said beside the value for a race the equations were not made for; null: nothing. */
export const pooledCohortNote = (race: Race): string | null =>
  race === 'white' || race === 'black'
    ? null
    : 'the equations for White people stand in, as the 2013 guideline suggests for other groups; the risk may be over- or underestimated'

/**
 * Risk of a first hard atherosclerotic event in 10 years, a fraction from 0 to 1: Goff DC et al. 2013. Legacy. For people without
 * cardiovascular disease. Races other than `white` and `black` use the equations for White people, as the guideline suggests; the
 * race itself must be known. The score is no input.
 *
 * @param person `ageYears` (40 to 79), `sex`, `race`, `totalCholesterolMgDl` (130 to 320), `hdlCholesterolMgDl` (20 to 100),
 *   `systolicBpMmHg` (90 to 200), `onBpMedication`, `smoker`, `diabetes`
 * @throws TypeError if an input is missing or of the wrong kind; RangeError if it is implausible
 * @throws AgatstonError MODEL_RANGE outside these ranges
 */
export function pooledCohort(person: Person): number {
  const p = requireInputs<Name>(POOLED_COHORT_RANGE, person)
  const b = POOLED_COHORT_EQUATIONS[pooledCohortGroup(p.race)][p.sex]
  const age = Math.log(p.ageYears)
  const total = Math.log(p.totalCholesterolMgDl)
  const hdl = Math.log(p.hdlCholesterolMgDl)
  const sbp = Math.log(p.systolicBpMmHg)
  const sum =
    b.lnAge * age +
    b.lnAgeSquared * age * age +
    (b.lnTotal + b.lnAgeLnTotal * age) * total +
    (b.lnHdl + b.lnAgeLnHdl * age) * hdl +
    (p.onBpMedication ? b.lnTreatedSbp + b.lnAgeLnTreatedSbp * age : b.lnUntreatedSbp + b.lnAgeLnUntreatedSbp * age) *
      sbp +
    (p.smoker ? b.smoker + b.lnAgeSmoker * age : 0) +
    (p.diabetes ? b.diabetes : 0)
  return twelve(1 - b.survival ** Math.exp(sum - b.mean))
}
