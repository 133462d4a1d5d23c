/** Facts about a patient: what a file may say, and that a message repeats nothing of it but a number. */
import { describe, expect, it } from 'vitest'
import { FACT_FIELDS, FACT_NAMES, type FactName } from '../../bindings/report/facts.js'
import { checkFacts } from '../../bindings/report/index.js'

const ALL = {
  sex: 'female',
  ageYears: 61,
  race: 'hispanic',
  systolicBpMmHg: 128,
  totalCholesterolMgDl: 204,
  hdlCholesterolMgDl: 52,
  ldlCholesterolMgDl: 131,
  onBpMedication: true,
  onStatin: false,
  onLipidMedication: false,
  smoker: false,
  diabetes: false,
  familyHistory: true,
  egfr: 88,
  bmi: 27.4,
}

const thrown = (value: unknown): Error => {
  try {
    checkFacts(value)
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}

describe('facts about a patient', () => {
  it('are taken as they are, frozen, without the schema line', () => {
    expect(checkFacts({ schema: 'agatston.patient/1', ...ALL })).toEqual(ALL)
    expect(checkFacts(ALL)).toEqual(ALL)
    expect(checkFacts({})).toEqual({})
    expect(Object.isFrozen(checkFacts(ALL))).toBe(true)
    expect(Object.keys(ALL).sort()).toEqual([...FACT_NAMES].sort())
  })

  it.each([null, undefined, [], 'x', 3, true, [ALL]])('are an object: %j is refused', (value) => {
    expect(thrown(value)).toBeInstanceOf(TypeError)
  })

  it.each(['agatston.patient/2', '', null, 1, undefined])('name no other schema: %j', (schema) => {
    expect(thrown({ schema, ...ALL })).toBeInstanceOf(RangeError)
  })

  it('have no field that is not known; its place is told, not its name', () => {
    const error = thrown({ ageYears: 60, 'Doe, Jane': 1 })
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toContain('field 2')
    expect(error.message).toContain('ageYears, race')
    expect(error.message).not.toContain('Doe')
    for (const key of ['__proto__', 'constructor', 'toString', 'agatston'])
      expect(thrown(JSON.parse(`{"${key}": 1}`)), key).toBeInstanceOf(TypeError)
  })

  const quantities = FACT_NAMES.flatMap((name) => {
    const field = FACT_FIELDS[name]
    return field.kind === 'number' ? [[name, ...field.range, field.unit] as const] : []
  })
  it.each(quantities)('%s is plausible from %d to %d', (name, low, high, unit) => {
    for (const value of [low, high, (low + high) / 2]) expect(checkFacts({ [name]: value })).toEqual({ [name]: value })
    for (const value of [low - 0.001, low - 1, high + 0.001, high + 1, NaN, Infinity, -Infinity]) {
      const error = thrown({ [name]: value })
      expect(error, String(value)).toBeInstanceOf(RangeError)
      expect(error.message).toContain(`${name} must be ${low} to ${high} ${unit}`)
    }
  })

  it.each([
    ['totalCholesterolMgDl', 5.2],
    ['hdlCholesterolMgDl', 1.3],
    ['ldlCholesterolMgDl', 3.4],
  ] as const)('%s in mmol/L is noticed', (name, value) => {
    expect(thrown({ [name]: value }).message).toContain('another unit')
  })

  it.each(FACT_NAMES)('%s of the wrong kind is refused by name, and never repeated', (name: FactName) => {
    for (const value of [
      null,
      undefined,
      ['SECRET'],
      { SECRET: 1 },
      FACT_FIELDS[name].kind === 'word' ? 7 : 'SECRET',
    ]) {
      if (value === undefined) continue
      const error = thrown({ [name]: value })
      expect(error).toBeInstanceOf(TypeError)
      expect(error.message).toContain(`${name} must be`)
      expect(error.message).not.toContain('SECRET')
    }
  })

  it('words are one of those listed', () => {
    for (const [name, value] of [
      ['sex', 'Female'],
      ['sex', ''],
      ['race', 'SECRET'],
    ] as const) {
      // prettier-ignore
      const error = thrown({ [name]: value })
      expect(error).toBeInstanceOf(RangeError)
      expect(error.message).not.toContain('SECRET')
    }
  })

  it('HDL is a part of the total', () => {
    expect(thrown({ totalCholesterolMgDl: 90, hdlCholesterolMgDl: 90 })).toBeInstanceOf(RangeError)
    expect(checkFacts({ totalCholesterolMgDl: 91, hdlCholesterolMgDl: 90 })).toBeTruthy()
  })
})
