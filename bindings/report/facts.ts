/**
 * What a person knows of the patient and a scan does not tell. All optional: what is missing makes a percentile or a risk "not
 * available", never a guess. A message names a field and its range; it repeats a number and nothing else of what was given.
 */
import { deepFreeze } from '../score/default.js'

export type Sex = 'male' | 'female'
export type Race = 'white' | 'black' | 'hispanic' | 'chinese' | 'other'

export interface PatientFacts {
  readonly sex?: Sex
  /** Age at the last birthday. */
  readonly ageYears?: number
  /** As the person says; the published tables know these four groups. */
  readonly race?: Race
  /** mmHg. */
  readonly systolicBpMmHg?: number
  /** mg/dL, as are all cholesterols here: mmol/L x 38.67. */
  readonly totalCholesterolMgDl?: number
  readonly hdlCholesterolMgDl?: number
  readonly ldlCholesterolMgDl?: number
  /** Medicine for high blood pressure. */
  readonly onBpMedication?: boolean
  readonly onStatin?: boolean
  /** Any lipid-lowering medicine, a statin included. */
  readonly onLipidMedication?: boolean
  /** Smokes now. */
  readonly smoker?: boolean
  readonly diabetes?: boolean
  /** A first-degree relative's heart attack at any age. */
  readonly familyHistory?: boolean
  /** Estimated glomerular filtration rate, mL/min/1.73 m2. */
  readonly egfr?: number
  /** kg/m2. */
  readonly bmi?: number
}

export type FactName = keyof PatientFacts

/** Facts about a patient with the score, mg/dL and mmHg, as the published models take them. */
export interface Person extends PatientFacts {
  /** Agatston score, 0 or more. */
  readonly agatston?: number
}

export const PATIENT_SCHEMA = 'agatston.patient/1'

/** A quantity: beyond this range it is a slip of the pen or another unit, whoever the patient is. */
interface Quantity {
  readonly kind: 'number'
  readonly name: string
  readonly range: readonly [low: number, high: number]
  readonly unit: string
}

type Field =
  | Quantity
  | { readonly kind: 'boolean'; readonly name: string }
  | { readonly kind: 'word'; readonly name: string; readonly words: readonly string[] }

const quantity = (name: string, low: number, high: number, unit: string): Quantity => ({
  kind: 'number',
  name,
  range: [low, high],
  unit,
})
const yesOrNo = (name: string): Field => ({ kind: 'boolean', name })
const oneOf = (name: string, ...words: readonly string[]): Field => ({ kind: 'word', name, words })

/** Every field: what it is called, its kind, and what is plausible. Ranges leave out mmol/L where mg/dL is asked for. */
export const FACT_FIELDS: Readonly<Record<FactName, Field>> = deepFreeze({
  sex: oneOf('sex', 'male', 'female'),
  ageYears: quantity('age', 0, 120, 'years'),
  race: oneOf('race', 'white', 'black', 'hispanic', 'chinese', 'other'),
  systolicBpMmHg: quantity('systolic blood pressure', 50, 300, 'mmHg'),
  totalCholesterolMgDl: quantity('total cholesterol', 40, 1500, 'mg/dL'),
  hdlCholesterolMgDl: quantity('HDL cholesterol', 5, 200, 'mg/dL'),
  ldlCholesterolMgDl: quantity('LDL cholesterol', 10, 1400, 'mg/dL'),
  onBpMedication: yesOrNo('medicine for blood pressure'),
  onStatin: yesOrNo('statin'),
  onLipidMedication: yesOrNo('lipid-lowering medicine'),
  smoker: yesOrNo('smoking'),
  diabetes: yesOrNo('diabetes'),
  familyHistory: yesOrNo('family history of heart attack'),
  egfr: quantity('eGFR', 1, 250, 'mL/min/1.73 m2'),
  bmi: quantity('body mass index', 8, 120, 'kg/m2'),
})

export const FACT_NAMES = Object.freeze(Object.keys(FACT_FIELDS) as FactName[])

/**
 * Facts from a parsed JSON file, `agatston.patient/1`: an object of the fields of `PatientFacts`, all optional, and optionally
 * `"schema": "agatston.patient/1"`. What is not known is left out; null is no value.
 *
 * @returns a frozen copy, without the schema line
 * @throws TypeError if it is no plain object, has a field that is not known, or a field of the wrong kind
 * @throws RangeError if a value is implausible, or another schema is named
 */
export function checkFacts(value: unknown): PatientFacts {
  if (!isRecord(value)) throw new TypeError(`facts about a patient must be an object, such as { "ageYears": 60 }`)
  const { schema, ...given } = value
  if ('schema' in value && schema !== PATIENT_SCHEMA)
    throw new RangeError(`schema of the facts about a patient must be ${PATIENT_SCHEMA}, or left out`)
  Object.keys(given).forEach((key, index) => {
    if (!isFactName(key))
      throw new TypeError(
        `field ${index + 1} of the facts about a patient is not known; known are ${FACT_NAMES.join(', ')}`,
      )
  })
  const facts = given as PatientFacts
  checkFields(facts)
  return Object.freeze({ ...facts })
}

/**
 * Kinds and plausibility of the fields that are given; fields that are not known are not looked at.
 *
 * @throws TypeError for a wrong kind, RangeError for an implausible value, each naming the field and what it may be
 */
export function checkFields(person: Person): void {
  const value: unknown = person
  if (!isRecord(value)) throw new TypeError('a person must be an object, such as { ageYears: 60, sex: "female" }')
  for (const name of FACT_NAMES) if (person[name] !== undefined) checkField(name, person[name])
  const { hdlCholesterolMgDl: hdl, totalCholesterolMgDl: total, agatston } = person
  if (hdl !== undefined && total !== undefined && hdl >= total)
    throw new RangeError('hdlCholesterolMgDl must be below totalCholesterolMgDl, of which it is a part')
  if (agatston === undefined) return
  if (typeof agatston !== 'number') throw new TypeError('agatston must be a number')
  if (!(agatston >= 0 && agatston < Infinity)) throw new RangeError('agatston must be a score of 0 or more')
}

function checkField(name: FactName, value: unknown): void {
  const field = FACT_FIELDS[name]
  if (field.kind === 'boolean') {
    if (typeof value !== 'boolean') throw new TypeError(`${name} must be true or false; leave it out if not known`)
    return
  }
  if (field.kind === 'word') {
    const words = field.words.map((word) => `"${word}"`).join(', ')
    if (typeof value !== 'string') throw new TypeError(`${name} must be one of ${words}; leave it out if not known`)
    if (!field.words.includes(value)) throw new RangeError(`${name} must be one of ${words}; leave it out if not known`)
    return
  }
  const [low, high] = field.range
  if (typeof value !== 'number')
    throw new TypeError(`${name} must be a number, ${low} to ${high} ${field.unit}; leave it out if not known`)
  if (!(value >= low && value <= high))
    throw new RangeError(`${name} must be ${low} to ${high} ${field.unit}, not ${value}: is it in another unit?`)
}

const isFactName = (key: string): key is FactName => Object.hasOwn(FACT_FIELDS, key)

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
