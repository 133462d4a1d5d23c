/** Risk models: published expected values, edges of every range at -1, 0, +1, and what rises with what. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AgatstonError } from '../../../bindings/base/errors.js'
import { type FactName, FACT_FIELDS } from '../../../bindings/report/facts.js'
import { type Person, mesaChd, pooledCohort, prevent } from '../../../bindings/report/index.js'
import { type ModelRange } from '../../../bindings/report/model-inputs.js'
import { MESA_CHD_RANGE } from '../../../bindings/report/risk/mesa-chd.js'
import { POOLED_COHORT_RANGE } from '../../../bindings/report/risk/pooled-cohort.js'
import { PREVENT_10, PREVENT_30, PREVENT_ENDPOINTS } from '../../../bindings/report/risk/prevent-coefficients.js'
import { PREVENT_RANGES } from '../../../bindings/report/risk/prevent.js'
import { NO_CLINICAL, clinical } from '../clinical.js'

const PERSON = {
  sex: 'female',
  ageYears: 50,
  race: 'black',
  systolicBpMmHg: 160,
  totalCholesterolMgDl: 200,
  hdlCholesterolMgDl: 45,
  onBpMedication: true,
  onStatin: false,
  onLipidMedication: false,
  smoker: false,
  diabetes: true,
  familyHistory: false,
  egfr: 90,
  bmi: 35,
} as const satisfies Person

const MAN: Person = { ...PERSON, sex: 'male', ageYears: 59, race: 'white' }
const MESA: Person = { ...PERSON, sex: 'male', ageYears: 70, race: 'hispanic', systolicBpMmHg: 130, totalCholesterolMgDl: 190, hdlCholesterolMgDl: 50, diabetes: false } // prettier-ignore
const COHORT: Person = { ...PERSON, ageYears: 55, systolicBpMmHg: 140, totalCholesterolMgDl: 213, hdlCholesterolMgDl: 50, onBpMedication: false, diabetes: false } // prettier-ignore

describe('published expected values', () => {
  it('MESA, with and without the score', () => {
    expect(Math.abs(100 * mesaChd(MESA).withoutCac - 8.61)).toBeLessThan(0.005)
    expect(Math.abs(100 * mesaChd({ ...MESA, agatston: 0 }).withCac! - 3.06)).toBeLessThan(0.005)
    expect(mesaChd(MESA).withCac).toBeNull()
  })

  it('pooled cohort equations', () => {
    expect(Math.abs(100 * pooledCohort(COHORT) - 5.08)).toBeLessThan(0.015)
    expect(Math.abs(100 * pooledCohort({ ...COHORT, race: 'white' }) - 2.76)).toBeLessThan(0.015)
    expect(Math.abs(pooledCohort(PERSON) - 0.245)).toBeLessThan(0.0008)
    expect(Math.abs(pooledCohort(MAN) - 0.262)).toBeLessThan(0.0008)
  })

  it('PREVENT', () => {
    const near = (risks: object, expected: Record<string, number>) => {
      for (const [name, value] of Object.entries(expected))
        expect(Math.abs((risks as Record<string, number>)[name]! - value), name).toBeLessThan(0.0005)
    }
    near(prevent(PERSON), { totalCvd: 0.147, ascvd: 0.092, chd: 0.044, stroke: 0.054 })
    near(prevent({ ...PERSON, ageYears: 67 }), { totalCvd: 0.23, heartFailure: 0.147, chd: 0.073 })
    near(prevent(MAN, { horizonYears: 10 }), { totalCvd: 0.211, ascvd: 0.134, chd: 0.075, stroke: 0.07 })
    near(prevent(MAN, { horizonYears: 30 }), { ascvd: 0.355, heartFailure: 0.433, stroke: 0.203 })
  })

  interface Vector { model: string; input: Record<string, number | string>; expected: number; tolerance: number; unit: string } // prettier-ignore
  const vectors = NO_CLINICAL ? [] : clinical<Vector[]>('risk_test_vectors')
  it.skipIf(NO_CLINICAL)('all those kept beside the repository', () => {
    expect(vectors.length).toBeGreaterThan(30)
    for (const { model, input, expected, tolerance, unit } of vectors) {
      const risk = riskOf(model, personOf(input)) * (unit === 'percent' ? 100 : 1)
      expect(Math.abs(risk - expected), `${model}: ${risk}`).toBeLessThanOrEqual(tolerance)
    }
  })

  it.skipIf(NO_CLINICAL)('every coefficient of PREVENT', () => {
    const { models } = clinical<{ models: Record<string, Record<string, number[]>> }>('prevent_2023')
    const name = (endpoint: string): string => endpoint.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    for (const sex of ['female', 'male'] as const)
      for (const endpoint of PREVENT_ENDPOINTS) {
        expect(PREVENT_10[sex][endpoint]).toEqual(models['base_10yr']![`${sex}_${name(endpoint)}`])
        expect(PREVENT_30[sex][endpoint]).toEqual(models['base_30yr']![`${sex}_${name(endpoint)}`])
      }
  })
})

const NAMES: Readonly<Record<string, FactName | 'agatston'>> = {
  sex: 'sex', age: 'ageYears', race: 'race', sbp: 'systolicBpMmHg', hdl: 'hdlCholesterolMgDl', tc: 'totalCholesterolMgDl',
  bp_med: 'onBpMedication', lipid_med: 'onLipidMedication', statin: 'onStatin', smoker: 'smoker', dm: 'diabetes',
  fh: 'familyHistory', egfr: 'egfr', bmi: 'bmi', cac: 'agatston',
} // prettier-ignore

function personOf(input: Readonly<Record<string, number | string>>): Person {
  const entries = Object.entries(input).map(([key, value]) => {
    const name = NAMES[key]!
    const yesOrNo = name !== 'agatston' && FACT_FIELDS[name].kind === 'boolean'
    return [name, yesOrNo ? value === 1 : value] as const
  })
  return Object.fromEntries(entries) as Person
}

function riskOf(model: string, person: Person): number {
  if (model === 'MESA no CAC') return mesaChd(person).withoutCac
  if (model === 'MESA with CAC') return mesaChd(person).withCac!
  if (model === 'PCE') return pooledCohort(person)
  const [, years, name] = /^PREVENT base (10|30)y (\w+)$/.exec(model)!
  const key = name!.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
  const risks: Readonly<Record<string, number>> = prevent(person, { horizonYears: Number(years) as 10 | 30 })
  return risks[key]!
}

const IN_RANGE: Person = { ...PERSON, ageYears: 50 }
const MODELS: [string, ModelRange, (person: Person) => unknown][] = [
  ['mesaChd', MESA_CHD_RANGE, mesaChd],
  ['pooledCohort', POOLED_COHORT_RANGE, pooledCohort],
  ['prevent 10', PREVENT_RANGES[10], (person) => prevent(person, { horizonYears: 10 })],
  ['prevent 30', PREVENT_RANGES[30], (person) => prevent(person, { horizonYears: 30 })],
]

describe.each(MODELS)('%s', (_, range, model) => {
  it('has a value inside every range, and an error that names input and range outside', () => {
    const inputs = range.inputs.flatMap(({ input, range: limits }) => (limits ? [[input, ...limits] as const] : []))
    expect(inputs.length).toBeGreaterThan(0)
    for (const [input, low, high] of inputs) {
      for (const value of [low, low + 1, high - 1, high])
        expect(() => model({ ...IN_RANGE, [input]: value })).not.toThrow()
      for (const value of [low - 1, low - 0.01, high + 0.01, high + 1]) {
        const error = thrown(() => model({ ...IN_RANGE, [input]: value }))
        expect(error, `${input} ${value}`).toBeInstanceOf(AgatstonError)
        expect(error).toMatchObject({ code: 'MODEL_RANGE', details: { model: range.name, input, range: [low, high] } })
        expect((error as Error).message).toContain(`outside ${low} to ${high}`)
        expect((error as Error).message.replace(`${low} to ${high}`, '')).not.toContain(String(value))
      }
    }
  })

  it('needs every input: none is guessed', () => {
    for (const { input } of range.inputs) {
      const { [input]: _missing, ...rest } = IN_RANGE
      expect(
        thrown(() => model(rest)),
        input,
      ).toBeInstanceOf(TypeError)
      expect((thrown(() => model(rest)) as Error).message).toContain(input)
    }
  })

  it('refuses wrong kinds and the implausible as arguments', () => {
    expect(thrown(() => model({ ...IN_RANGE, ageYears: NaN }))).toBeInstanceOf(RangeError)
    expect(thrown(() => model({ ...IN_RANGE, ageYears: '50' as unknown as number }))).toBeInstanceOf(TypeError)
    expect(thrown(() => model({ ...IN_RANGE, smoker: 1 as unknown as boolean }))).toBeInstanceOf(TypeError)
    expect(thrown(() => model(undefined as unknown as Person))).toBeInstanceOf(TypeError)
  })
})

function thrown(body: () => unknown): unknown {
  try {
    body()
  } catch (error) {
    return error
  }
  return null
}

describe('races and horizons', () => {
  it('MESA has four races; the pooled cohort equations lend theirs; PREVENT asks for none', () => {
    expect(thrown(() => mesaChd({ ...PERSON, race: 'other' }))).toMatchObject({ code: 'MODEL_RANGE' })
    const white = pooledCohort({ ...PERSON, race: 'white' })
    for (const race of ['hispanic', 'chinese', 'other'] as const) expect(pooledCohort({ ...PERSON, race })).toBe(white)
    expect(pooledCohort(PERSON)).not.toBe(white)
    const { race: _, ...rest } = PERSON
    expect(prevent(rest)).toEqual(prevent(PERSON))
  })

  it('10 and 30 years, and no other', () => {
    expect(prevent(PERSON)).toEqual(prevent(PERSON, { horizonYears: 10 }))
    expect(thrown(() => prevent(PERSON, { horizonYears: 20 as 10 }))).toBeInstanceOf(RangeError)
  })
})

const people = fc.record({
  sex: fc.constantFrom('male', 'female'),
  race: fc.constantFrom('white', 'black', 'hispanic', 'chinese'),
  ageYears: fc.integer({ min: 45, max: 58 }),
  systolicBpMmHg: fc.integer({ min: 110, max: 179 }),
  totalCholesterolMgDl: fc.integer({ min: 130, max: 319 }),
  hdlCholesterolMgDl: fc.integer({ min: 20, max: 100 }),
  onBpMedication: fc.boolean(),
  onStatin: fc.boolean(),
  onLipidMedication: fc.boolean(),
  smoker: fc.boolean(),
  diabetes: fc.boolean(),
  familyHistory: fc.boolean(),
  egfr: fc.integer({ min: 15, max: 140 }),
  bmi: fc.double({ min: 18.5, max: 39.9, noNaN: true }),
  agatston: fc.double({ min: 0, max: 5000, noNaN: true }),
}) as fc.Arbitrary<Required<Omit<Person, 'ldlCholesterolMgDl'>>>
const RUNS = { seed: 11, numRuns: 200 }

describe('what rises with what', () => {
  it('all risks are fractions, and the same to 12 digits', () => {
    fc.assert(
      fc.property(people, (person) => {
        const { withCac, withoutCac } = mesaChd(person)
        const all = [withCac!, withoutCac, pooledCohort(person), ...Object.values(prevent(person))]
        all.push(...Object.values(prevent(person, { horizonYears: 30 })))
        for (const risk of all) {
          expect(risk > 0 && risk < 1).toBe(true)
          expect(Number(risk.toPrecision(12))).toBe(risk)
        }
      }),
      RUNS,
    )
  })

  it('MESA with the score, age, pressure, total cholesterol and each factor; the score moves one of its two', () => {
    fc.assert(
      fc.property(people, (person) => {
        const { withCac, withoutCac } = mesaChd(person)
        const more = mesaChd({ ...person, agatston: person.agatston + 1 })
        expect(more.withCac!).toBeGreaterThan(withCac!)
        expect(more.withoutCac).toBe(withoutCac)
        const worse: Person[] = [
          { ...person, ageYears: person.ageYears + 1 },
          { ...person, systolicBpMmHg: person.systolicBpMmHg + 1 },
          { ...person, totalCholesterolMgDl: person.totalCholesterolMgDl + 1 },
        ]
        for (const name of ['smoker', 'diabetes', 'familyHistory', 'onBpMedication', 'onLipidMedication'] as const)
          if (!person[name]) worse.push({ ...person, [name]: true })
        for (const other of worse) {
          expect(mesaChd(other).withCac!).toBeGreaterThan(withCac!)
          expect(mesaChd(other).withoutCac).toBeGreaterThan(withoutCac)
        }
      }),
      RUNS,
    )
  })

  it('PREVENT and the pooled cohort equations with pressure and diabetes', () => {
    fc.assert(
      fc.property(people, (person) => {
        const worse: Person[] = [{ ...person, systolicBpMmHg: person.systolicBpMmHg + 1 }]
        if (!person.diabetes) worse.push({ ...person, diabetes: true })
        for (const other of worse) {
          expect(pooledCohort(other)).toBeGreaterThan(pooledCohort(person))
          expect(prevent(other).totalCvd).toBeGreaterThan(prevent(person).totalCvd)
        }
      }),
      RUNS,
    )
  })

  it('the body mass index moves heart failure alone; neither score nor race moves PREVENT', () => {
    const { heartFailure: slim, ...rest } = prevent({ ...PERSON, bmi: 31 })
    const { heartFailure: stout, ...others } = prevent({ ...PERSON, bmi: 38 })
    expect(stout).toBeGreaterThan(slim)
    expect(others).toEqual(rest)
    expect(prevent({ ...PERSON, agatston: 900, race: 'white' })).toEqual(prevent(PERSON))
  })
})
