/**
 * What a published model needs to know of a person, and the range it was made for. Asked before every use: a model gives no value
 * outside its range, and none for what is not known. The words name input and range, never the person's value.
 */
import { AgatstonError } from '../base/errors.js'
import { FACT_FIELDS, type FactName, type Person, checkFields } from './facts.js'

/** One input: a range (inclusive, in the unit of the field), the words allowed, or nothing beyond the field's own kind. */
export interface ModelInput {
  readonly input: FactName
  readonly range?: readonly [low: number, high: number]
  readonly words?: readonly string[]
}

export interface ModelRange {
  /** The model, for people. */
  readonly name: string
  readonly inputs: readonly ModelInput[]
}

/** Why the model has no value for a person: inputs not known first, then those outside its range. Empty: it has one. */
export function problemsOf({ inputs }: ModelRange, person: Person): readonly string[] {
  const missing = inputs.filter(({ input }) => person[input] === undefined).map(({ input }) => FACT_FIELDS[input].name)
  const outside = inputs.filter((one) => person[one.input] !== undefined && !isWithin(one, person)).map(outsideText)
  return missing.length > 0 ? [`not known: ${missing.join(', ')}`, ...outside] : outside
}

/** A person all of whose inputs of a model are known and within its range. */
export type Answerable<Name extends FactName> = Person & { readonly [K in Name]-?: NonNullable<Person[K]> }

/**
 * The person, once the model may be used on them.
 *
 * @throws TypeError if an input is missing or of the wrong kind, RangeError if it is implausible
 * @throws AgatstonError MODEL_RANGE if an input is outside the range of the model, with `model`, `input` and `range` in its details
 */
export function requireInputs<Name extends FactName>(model: ModelRange, person: Person): Answerable<Name> {
  checkFields(person)
  for (const { input } of model.inputs)
    if (person[input] === undefined) throw new TypeError(`${model.name} needs ${input}, which is not given`)
  for (const one of model.inputs) {
    if (isWithin(one, person)) continue
    const details = { model: model.name, input: one.input, range: one.range ?? one.words }
    const next = 'there is no value of this model for this person'
    throw new AgatstonError('MODEL_RANGE', `${model.name}: ${outsideText(one)} (${one.input}); ${next}`, details)
  }
  return person as Answerable<Name>
}

function isWithin({ input, range, words }: ModelInput, person: Person): boolean {
  const value = person[input]
  if (range) return typeof value === 'number' && value >= range[0] && value <= range[1]
  return words ? words.includes(value as string) : true
}

function outsideText({ input, range, words }: ModelInput): string {
  const field = FACT_FIELDS[input]
  if (range && field.kind === 'number') return `${field.name} is outside ${range[0]} to ${range[1]} ${field.unit}`
  return `${field.name} is none of ${(words ?? []).join(', ')}`
}
