/** The PREVENT equations of the American Heart Association, base models: risks in 10 and 30 years, without race and without the score. */
import { deepFreeze } from '../../score/default.js'
import type { Person } from '../facts.js'
import { twelve } from '../math.js'
import { type Answerable, type ModelRange, requireInputs } from '../model-inputs.js'
import type { Published } from '../published.js'
import { PREVENT_10, PREVENT_30, type PreventEndpoint } from './prevent-coefficients.js'

export type PreventHorizon = 10 | 30

/** Risks as fractions from 0 to 1. */
export type PreventRisks = Readonly<Record<PreventEndpoint, number>>

export const PREVENT_2023: Published = deepFreeze({
  citation:
    'Khan SS, Matsushita K, Sang Y, et al. Development and validation of the American Heart Association PREVENT equations. Circulation 2024;149:430-449.',
  doi: '10.1161/CIRCULATIONAHA.123.067626',
  edition: 'AHA PREVENT 2023, base models',
  verification: 'published expected values of the base models reproduced; the extended models are not offered',
  flag: null,
})

/** What each risk is of. */
export const PREVENT_ENDPOINT_TEXT: Readonly<Record<PreventEndpoint, string>> = deepFreeze({
  totalCvd: 'first cardiovascular event: atherosclerotic disease or heart failure',
  ascvd: 'first atherosclerotic event: coronary heart disease or stroke',
  heartFailure: 'first heart failure',
  chd: 'first coronary heart disease: nonfatal myocardial infarction or death from coronary heart disease',
  stroke: 'first stroke, fatal or nonfatal',
})

type Name =
  | 'ageYears' | 'sex' | 'totalCholesterolMgDl' | 'hdlCholesterolMgDl' | 'systolicBpMmHg' | 'onBpMedication' | 'onStatin' | 'smoker' | 'diabetes' | 'egfr' | 'bmi' // prettier-ignore

/** Ranges of the derivation: some calculators take a systolic pressure of up to 200 mmHg; the equations were made up to 180. */
const rangeOf = (name: string, lastAge: number): ModelRange =>
  deepFreeze({
    name,
    inputs: deepFreeze([
      { input: 'ageYears', range: [30, lastAge] },
      { input: 'sex' },
      { input: 'totalCholesterolMgDl', range: [130, 320] },
      { input: 'hdlCholesterolMgDl', range: [20, 100] },
      { input: 'systolicBpMmHg', range: [90, 180] },
      { input: 'onBpMedication' },
      { input: 'onStatin' },
      { input: 'smoker' },
      { input: 'diabetes' },
      { input: 'egfr', range: [15, 140] },
      { input: 'bmi', range: [18.5, 39.9] },
    ] as const),
  })

export const PREVENT_RANGES: Readonly<Record<PreventHorizon, ModelRange>> = deepFreeze({
  10: rangeOf('PREVENT (10 years)', 79),
  30: rangeOf('PREVENT (30 years)', 59),
})

/** mg/dL of cholesterol to mmol/L, as the paper converts. */
const MMOL = 0.02586

/**
 * Risks of a first event, fractions from 0 to 1: base PREVENT equations, Khan SS et al., Circulation 2024;149:430-449. For people
 * without cardiovascular disease. Neither race nor the score is an input.
 *
 * @param person `ageYears` (30 to 79; 30 to 59 for 30 years), `sex`, `totalCholesterolMgDl` (130 to 320), `hdlCholesterolMgDl`
 *   (20 to 100), `systolicBpMmHg` (90 to 180), `onBpMedication`, `onStatin`, `smoker`, `diabetes`, `egfr` (15 to 140
 *   mL/min/1.73 m2), `bmi` (18.5 to 39.9 kg/m2)
 * @param options `horizonYears`: 10 (as without options) or 30
 * @throws TypeError if an input is missing or of the wrong kind; RangeError if it is implausible, or for another horizon
 * @throws AgatstonError MODEL_RANGE outside these ranges
 */
export function prevent(
  person: Person,
  { horizonYears = 10 }: { readonly horizonYears?: PreventHorizon } = {},
): PreventRisks {
  if (horizonYears !== 10 && horizonYears !== 30) throw new RangeError('horizonYears must be 10 or 30')
  const p = requireInputs<Name>(PREVENT_RANGES[horizonYears], person)
  const terms = horizonYears === 10 ? termsOf(p) : withAgeSquared(termsOf(p))
  const coefficients = (horizonYears === 10 ? PREVENT_10 : PREVENT_30)[p.sex]
  const risk = (endpoint: PreventEndpoint): number => logistic(dot(coefficients[endpoint], terms))
  return {
    totalCvd: risk('totalCvd'),
    ascvd: risk('ascvd'),
    heartFailure: risk('heartFailure'),
    chd: risk('chd'),
    stroke: risk('stroke'),
  }
}

/** The 23 terms of the 10-year equations, centred and scaled, in the order of the coefficients. */
function termsOf(p: Answerable<Name>): readonly number[] {
  const age = (p.ageYears - 55) / 10
  const nonHdl = (p.totalCholesterolMgDl - p.hdlCholesterolMgDl) * MMOL - 3.5
  const hdl = (p.hdlCholesterolMgDl * MMOL - 1.3) / 0.3
  const sbpLow = (Math.min(p.systolicBpMmHg, 110) - 110) / 20
  const sbpHigh = (Math.max(p.systolicBpMmHg, 110) - 130) / 20
  const diabetes = Number(p.diabetes)
  const smoker = Number(p.smoker)
  const bmiLow = (Math.min(p.bmi, 30) - 25) / 5
  const bmiHigh = (Math.max(p.bmi, 30) - 30) / 5
  const egfrLow = (Math.min(p.egfr, 60) - 60) / -15
  const egfrHigh = (Math.max(p.egfr, 60) - 90) / -15
  const bpMedication = Number(p.onBpMedication)
  const statin = Number(p.onStatin)
  const main = [age, nonHdl, hdl, sbpLow, sbpHigh, diabetes, smoker, bmiLow, bmiHigh, egfrLow, egfrHigh]
  const withAge = [nonHdl, hdl, sbpHigh, diabetes, smoker, bmiHigh, egfrLow].map((term) => age * term)
  return [...main, bpMedication, statin, bpMedication * sbpHigh, statin * nonHdl, ...withAge, 1]
}

/** The 30-year equations have the square of age as their second term. */
const withAgeSquared = ([age, ...rest]: readonly number[]): readonly number[] => [age!, age! * age!, ...rest]

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, factor, n) => sum + factor * b[n]!, 0)

const logistic = (x: number): number => twelve(1 / (1 + Math.exp(-x)))
