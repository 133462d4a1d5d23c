/**
 * The risks of a person by published models, each with what its endpoint is, or why it has no value. MESA is the only one that
 * knows the score; the others say what traditional factors alone would have said.
 */
import type { Result } from '../../score/result.js'
import { type PatientFacts, type Person, checkFields } from '../facts.js'
import { type ModelRange, problemsOf } from '../model-inputs.js'
import type { Published } from '../published.js'
import type { Answer } from '../answer.js'
import { whyNotComparable } from '../standing.js'
import { MESA_CHD_2015, MESA_CHD_ENDPOINT, MESA_CHD_RANGE, mesaChd } from './mesa-chd.js'
import {
  POOLED_COHORT_2013,
  POOLED_COHORT_ENDPOINT,
  POOLED_COHORT_RANGE,
  pooledCohort,
  pooledCohortNote,
} from './pooled-cohort.js'
import { PREVENT_ENDPOINTS } from './prevent-coefficients.js'
import { PREVENT_2023, PREVENT_ENDPOINT_TEXT, PREVENT_RANGES, type PreventHorizon, prevent } from './prevent.js'

export interface RiskSection {
  /** MESA, PREVENT 10 and 30 years, pooled cohort equations: always all four, in this order. */
  readonly models: readonly RiskModel[]
}

export interface RiskModel {
  readonly id: 'mesa-chd-2015' | 'prevent-2023-10' | 'prevent-2023-30' | 'pooled-cohort-2013'
  /** For people. */
  readonly name: string
  readonly horizonYears: 10 | 30
  /** Kept for comparison only; another model has taken its place. */
  readonly legacy: boolean
  /** Whom the model is for. */
  readonly population: string
  /** One value for each endpoint or set of inputs, or what is not known or out of range. */
  readonly risks: Answer<readonly RiskValue[]>
  /** What must be said beside the values, in sentences without a full stop. */
  readonly notes: readonly string[]
  readonly published: Published
}

export interface RiskValue {
  /** Name of the field the model's own function returns it in; `ascvd` for the pooled cohort equations. */
  readonly key: 'withCac' | 'withoutCac' | 'totalCvd' | 'ascvd' | 'heartFailure' | 'chd' | 'stroke'
  /** For people: "with the calcium score". */
  readonly name: string
  /** What it is the risk of. */
  readonly endpoint: string
  /** A fraction from 0 to 1. */
  readonly risk: number
  /** The calcium score is an input. */
  readonly usesScore: boolean
}

/**
 * @param facts null: nothing is known of the patient
 * @returns the models, or why risks do not belong beside this result at all
 * @throws TypeError or RangeError if the facts themselves are wrong
 */
export function riskSection(result: Result, facts: PatientFacts | null): Answer<RiskSection> {
  if (facts !== null) checkFields(facts)
  const reason = whyNotComparable(result)
  if (reason !== null) return { value: null, reason }
  if (facts === null)
    return { value: null, reason: 'nothing is known of the patient: risks come from their risk factors' }
  const person = { ...facts, agatston: result.total.pieces === 0 ? 0 : result.total.agatston }
  const models = [mesaModel(person), preventModel(person, 10), preventModel(person, 30), pooledCohortModel(person)]
  return { value: { models }, reason: null }
}

function mesaModel(person: Person): RiskModel {
  const value = (key: 'withCac' | 'withoutCac', risk: number): RiskValue => ({
    key,
    name: key === 'withCac' ? 'with the calcium score' : 'without the calcium score',
    endpoint: MESA_CHD_ENDPOINT,
    risk,
    usesScore: key === 'withCac',
  })
  return {
    id: 'mesa-chd-2015',
    name: 'MESA coronary heart disease',
    horizonYears: 10,
    legacy: false,
    population: 'adults aged 45 to 84 without cardiovascular disease',
    risks: answer(MESA_CHD_RANGE, person, () => {
      const { withCac, withoutCac } = mesaChd(person)
      return [...(withCac === null ? [] : [value('withCac', withCac)]), value('withoutCac', withoutCac)]
    }),
    notes: [],
    published: MESA_CHD_2015,
  }
}

const PREVENT_NAMES = Object.freeze({
  totalCvd: 'cardiovascular disease',
  ascvd: 'atherosclerotic disease',
  heartFailure: 'heart failure',
  chd: 'coronary heart disease',
  stroke: 'stroke',
})

function preventModel(person: Person, horizonYears: PreventHorizon): RiskModel {
  return {
    id: `prevent-2023-${horizonYears}`,
    name: `PREVENT, ${horizonYears} years`,
    horizonYears,
    legacy: false,
    population: `adults aged 30 to ${horizonYears === 10 ? 79 : 59} without cardiovascular disease`,
    risks: answer(PREVENT_RANGES[horizonYears], person, () => {
      const risks = prevent(person, { horizonYears })
      return PREVENT_ENDPOINTS.map((key) => ({
        key,
        name: PREVENT_NAMES[key],
        endpoint: `${PREVENT_ENDPOINT_TEXT[key]}, in ${horizonYears} years`,
        risk: risks[key],
        usesScore: false,
      }))
    }),
    notes: ['the calcium score is no input of this model'],
    published: PREVENT_2023,
  }
}

function pooledCohortModel(person: Person): RiskModel {
  const note = person.race === undefined ? null : pooledCohortNote(person.race)
  return {
    id: 'pooled-cohort-2013',
    name: 'Pooled cohort equations',
    horizonYears: 10,
    legacy: true,
    population: 'adults aged 40 to 79 without cardiovascular disease',
    risks: answer(POOLED_COHORT_RANGE, person, () => [
      {
        key: 'ascvd',
        name: 'atherosclerotic disease',
        endpoint: POOLED_COHORT_ENDPOINT,
        risk: pooledCohort(person),
        usesScore: false,
      },
    ]),
    notes: ['the calcium score is no input of this model', ...(note === null ? [] : [note])],
    published: POOLED_COHORT_2013,
  }
}

/** The values of a model where it has any, else all that stands against it. */
function answer(range: ModelRange, person: Person, values: () => readonly RiskValue[]): Answer<readonly RiskValue[]> {
  const problems = problemsOf(range, person)
  return problems.length > 0 ? { value: null, reason: problems.join('; ') } : { value: values(), reason: null }
}
