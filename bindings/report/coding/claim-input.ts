/**
 * What is known of a claim before it is sent, checked. Messages name the field and what was expected, never what it held: a
 * diagnosis is the patient's.
 */
import { checkKeys } from '../../base/check.js'
import { SCORING_CODE } from './billing.js'

export const PAYERS = [
  'original-medicare',
  'medicare-advantage',
  'medicaid',
  'commercial',
  'other-government',
  'self-pay',
] as const
export type PayerKind = (typeof PAYERS)[number]

const PURPOSES = ['screening', 'diagnostic'] as const
const ABN_STATES = ['none', 'signed-before', 'signed-after', 'refused'] as const
const FRAMINGHAM = ['low', 'intermediate', 'high'] as const

export interface ClaimInput {
  readonly payer: PayerKind
  /** Why the scan was made; absent: not known. */
  readonly purpose?: (typeof PURPOSES)[number]
  /** CPT and HCPCS codes of the session, 75571 among them; absent: 75571 alone. */
  readonly codes?: readonly string[]
  /** Of the line with 75571; neither 26 nor TC means global. */
  readonly modifiers?: readonly string[]
  /** Of the line with 75571; absent: 1. */
  readonly units?: number
  /** ICD-10-CM, why the scan was ordered. With or without the dot. */
  readonly orderingDiagnoses?: readonly string[]
  /** ICD-10-CM, what the scan found. */
  readonly resultDiagnoses?: readonly string[]
  /** The Advance Beneficiary Notice; before and after the service. */
  readonly abn?: (typeof ABN_STATES)[number]
  /** Whether a person who pays for it was given an estimate. */
  readonly goodFaithEstimate?: boolean
  /** Two letters of the state whose law governs the plan. */
  readonly state?: string
  /** Risk of coronary disease by the Framingham algorithm, for rules of states. */
  readonly framinghamRisk?: (typeof FRAMINGHAM)[number]
  readonly yearsSinceLastScan?: number
}

const KEYS = [
  'payer',
  'purpose',
  'codes',
  'modifiers',
  'units',
  'orderingDiagnoses',
  'resultDiagnoses',
  'abn',
  'goodFaithEstimate',
  'state',
  'framinghamRisk',
  'yearsSinceLastScan',
] as const satisfies readonly (keyof ClaimInput)[]

const CPT = /^(\d{4}[0-9A-Z]|[A-Z]\d{4})$/
const MODIFIER = /^[0-9A-Z]{2}$/
const ICD10CM = /^([A-Z][0-9][0-9A-Z])(?:\.?([0-9A-Z]{1,4}))?$/
const STATE = /^[A-Z]{2}$/
const MOST = 50

/**
 * A claim from a JSON file, checked and with its diagnosis codes in the dotted form.
 *
 * @throws TypeError for the wrong kind or an unknown key, RangeError for the wrong value; both name the field
 */
export function checkClaim(value: unknown): ClaimInput {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(`claim must be an object with ${KEYS.join(', ')}`)
  checkKeys(value, KEYS, 'claim')
  const given = value as Readonly<Record<string, unknown>>
  const input: { -readonly [K in keyof ClaimInput]: ClaimInput[K] } = { payer: oneOf(given['payer'], 'payer', PAYERS) }
  if (given['purpose'] !== undefined) input.purpose = oneOf(given['purpose'], 'purpose', PURPOSES)
  if (given['codes'] !== undefined) input.codes = codesOf(given['codes'])
  if (given['modifiers'] !== undefined)
    input.modifiers = listOf(given['modifiers'], 'modifiers', MODIFIER, 'two digits or capital letters')
  if (given['units'] !== undefined) input.units = unitsOf(given['units'])
  for (const name of ['orderingDiagnoses', 'resultDiagnoses'] as const)
    if (given[name] !== undefined) input[name] = diagnosesOf(given[name], name)
  if (given['abn'] !== undefined) input.abn = oneOf(given['abn'], 'abn', ABN_STATES)
  if (given['goodFaithEstimate'] !== undefined) input.goodFaithEstimate = flagOf(given['goodFaithEstimate'])
  if (given['state'] !== undefined) input.state = stateOf(given['state'])
  if (given['framinghamRisk'] !== undefined)
    input.framinghamRisk = oneOf(given['framinghamRisk'], 'framinghamRisk', FRAMINGHAM)
  if (given['yearsSinceLastScan'] !== undefined) input.yearsSinceLastScan = yearsOf(given['yearsSinceLastScan'])
  return Object.freeze(input)
}

function oneOf<T extends string>(value: unknown, name: string, known: readonly T[]): T {
  const expected = `${name} must be one of ${known.join(', ')}`
  if (typeof value !== 'string') throw new TypeError(expected)
  const found = known.find((candidate) => candidate === value)
  if (found === undefined) throw new RangeError(expected)
  return found
}

function codesOf(value: unknown): readonly string[] {
  const codes = listOf(value, 'codes', CPT, 'a CPT or HCPCS code of five characters')
  if (!codes.includes(SCORING_CODE)) throw new RangeError(`codes must hold ${SCORING_CODE}, which is what is checked`)
  return codes
}

function diagnosesOf(value: unknown, name: string): readonly string[] {
  const codes = listOf(value, name, ICD10CM, 'an ICD-10-CM code such as Z13.6')
  const dotted = codes.map((code) => code.replace(ICD10CM, (_all, category: string, rest?: string) => (rest ? `${category}.${rest}` : category))) // prettier-ignore
  return unrepeated(dotted, name)
}

function listOf(value: unknown, name: string, grammar: RegExp, expected: string): readonly string[] {
  if (!Array.isArray(value)) throw new TypeError(`${name} must be a list of texts`)
  if (value.length > MOST) throw new RangeError(`${name} must hold at most ${MOST}, got ${value.length}`)
  const texts = (value as readonly unknown[]).map((item, n) => {
    if (typeof item !== 'string') throw new TypeError(`${name}[${n}] must be a text`)
    if (!grammar.test(item)) throw new RangeError(`${name}[${n}] must be ${expected}`)
    return item
  })
  return unrepeated(texts, name)
}

function unrepeated(texts: readonly string[], name: string): readonly string[] {
  const again = texts.findIndex((text, n) => texts.indexOf(text) < n)
  if (again >= 0) throw new RangeError(`${name}[${again}] stands there twice`)
  return Object.freeze([...texts])
}

function unitsOf(value: unknown): number {
  if (typeof value !== 'number') throw new TypeError('units must be a number')
  if (!(Number.isSafeInteger(value) && value >= 1)) throw new RangeError('units must be a whole number from 1')
  return value
}

function yearsOf(value: unknown): number {
  if (typeof value !== 'number') throw new TypeError('yearsSinceLastScan must be a number')
  if (!(value >= 0 && value <= 130)) throw new RangeError('yearsSinceLastScan must lie between 0 and 130')
  return value
}

function flagOf(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new TypeError('goodFaithEstimate must be true or false')
  return value
}

function stateOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('state must be a text')
  if (!STATE.test(value)) throw new RangeError('state must be two capital letters such as TX')
  return value
}
