/** The MESA risk score: coronary heart disease in 10 years, from traditional factors alone and together with the calcium score. */
import { deepFreeze } from '../../score/default.js'
import type { Person, Race } from '../facts.js'
import { twelve } from '../math.js'
import { type Answerable, type ModelRange, requireInputs } from '../model-inputs.js'
import { MESA_RACES } from '../percentile/mesa-table.js'
import type { Published } from '../published.js'

export const MESA_CHD_2015: Published = deepFreeze({
  citation:
    'McClelland RL, Jorgensen NW, Budoff M, et al. 10-year coronary heart disease risk prediction using coronary artery calcium and traditional risk factors. J Am Coll Cardiol 2015;66:1643-1653.',
  doi: '10.1016/j.jacc.2015.08.035',
  edition: 'MESA 2015, ages 45 to 84',
  verification:
    'three independent transcriptions are identical; two values of an independent implementation reproduced',
  flag: null,
})

export const MESA_CHD_ENDPOINT =
  'coronary heart disease in 10 years: myocardial infarction, resuscitated cardiac arrest, death from coronary heart disease, or revascularization where angina was confirmed before or with it'

export const MESA_CHD_RANGE: ModelRange = deepFreeze({
  name: 'the MESA risk score',
  inputs: deepFreeze([
    { input: 'ageYears', range: [45, 84] },
    { input: 'sex' },
    { input: 'race', words: MESA_RACES },
    { input: 'totalCholesterolMgDl' },
    { input: 'hdlCholesterolMgDl' },
    { input: 'systolicBpMmHg' },
    { input: 'onBpMedication' },
    { input: 'onLipidMedication' },
    { input: 'smoker' },
    { input: 'diabetes' },
    { input: 'familyHistory' },
  ] as const),
})

type Name =
  | 'ageYears' | 'sex' | 'race' | 'totalCholesterolMgDl' | 'hdlCholesterolMgDl' | 'systolicBpMmHg' | 'onBpMedication' | 'onLipidMedication' | 'smoker' | 'diabetes' | 'familyHistory' // prettier-ignore

interface Equation {
  readonly age: number
  readonly male: number
  /** White people are the reference. */
  readonly race: Readonly<Record<Exclude<Race, 'other'>, number>>
  readonly diabetes: number
  readonly smoker: number
  readonly total: number
  readonly hdl: number
  readonly lipidMedication: number
  readonly sbp: number
  readonly bpMedication: number
  readonly familyHistory: number
  /** Factor of ln(score + 1). */
  readonly calcium: number
  /** Survival at 10 years where all terms are 0. */
  readonly survival: number
}

// prettier-ignore
export const WITHOUT_CAC: Equation = deepFreeze({
  age: 0.0455, male: 0.7496, race: { white: 0, chinese: -0.5055, black: -0.2111, hispanic: -0.19 },
  diabetes: 0.5168, smoker: 0.4732, total: 0.0053, hdl: -0.014, lipidMedication: 0.2473, sbp: 0.0085, bpMedication: 0.3381,
  familyHistory: 0.4522, calcium: 0, survival: 0.99963,
})

// prettier-ignore
export const WITH_CAC: Equation = deepFreeze({
  age: 0.0172, male: 0.4079, race: { white: 0, chinese: -0.3475, black: 0.0353, hispanic: -0.0222 },
  diabetes: 0.3892, smoker: 0.3717, total: 0.0043, hdl: -0.0114, lipidMedication: 0.1206, sbp: 0.0066, bpMedication: 0.2278,
  familyHistory: 0.3239, calcium: 0.2743, survival: 0.99833,
})

/** Risks as fractions from 0 to 1. */
export interface MesaChdRisks {
  /** Null without a score. */
  readonly withCac: number | null
  readonly withoutCac: number
}

/**
 * Risk of coronary heart disease in 10 years, with the calcium score and without: McClelland RL et al., J Am Coll Cardiol
 * 2015;66:1643-1653. For people without cardiovascular disease. Nothing is clamped. The paper states a range of ages and the races;
 * other quantities need only be plausible.
 *
 * @param person `ageYears` (45 to 84), `sex`, `race` (one of four), `totalCholesterolMgDl`, `hdlCholesterolMgDl`,
 *   `systolicBpMmHg`, `onBpMedication`, `onLipidMedication`, `smoker`, `diabetes`, `familyHistory`; `agatston` for `withCac`
 * @throws TypeError if an input is missing or of the wrong kind; RangeError if it is implausible
 * @throws AgatstonError MODEL_RANGE outside these ages and races
 */
export function mesaChd(person: Person): MesaChdRisks {
  const p = requireInputs<Name>(MESA_CHD_RANGE, person)
  return {
    withCac: p.agatston === undefined ? null : riskBy(WITH_CAC, p, p.agatston),
    withoutCac: riskBy(WITHOUT_CAC, p, 0),
  }
}

function riskBy(b: Equation, p: Answerable<Name>, score: number): number {
  const sum =
    b.age * p.ageYears +
    (p.sex === 'male' ? b.male : 0) +
    b.race[p.race as Exclude<Race, 'other'>] +
    (p.diabetes ? b.diabetes : 0) +
    (p.smoker ? b.smoker : 0) +
    b.total * p.totalCholesterolMgDl +
    b.hdl * p.hdlCholesterolMgDl +
    (p.onLipidMedication ? b.lipidMedication : 0) +
    b.sbp * p.systolicBpMmHg +
    (p.onBpMedication ? b.bpMedication : 0) +
    (p.familyHistory ? b.familyHistory : 0) +
    b.calcium * Math.log(score + 1)
  return twelve(1 - b.survival ** Math.exp(sum))
}
