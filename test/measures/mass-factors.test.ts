/** Where a mass factor may come from: rods, a calibration file, the header. Every edge, and every way to get it wrong. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CalciumMassFactors,
  type CalibrationRods,
  type PatientSize,
  compareCalibration,
  massFactorFromCalibration,
  massFactorFromHeader,
  parseCalibration,
} from '../../bindings/measures/index.js'

describe('massFactorFromCalibration', () => {
  it('is 0.2 mg/mm3 over the HU between the rods', () => {
    expect(massFactorFromCalibration({ hu200: 200 / 0.72, huWater: 0 })).toBeCloseTo(0.00072, 15)
    expect(massFactorFromCalibration({ hu200: 252.5, huWater: 2.5 })).toBe(0.0008)
    expect(massFactorFromCalibration({ hu200: 250, huWater: -6 })).toBe(0.2 / 256)
  })

  it('depends on the difference alone', () => {
    const rods = fc.record({ up: fc.integer({ min: 150, max: 600 }), shift: fc.integer({ min: -100, max: 100 }) })
    fc.assert(
      fc.property(rods, ({ up, shift }) => {
        const shifted = massFactorFromCalibration({ hu200: up + shift, huWater: shift })
        expect(shifted).toBe(massFactorFromCalibration({ hu200: up, huWater: 0 }))
        expect(shifted).toBeCloseTo(0.2 / up, 15)
      }),
    )
  })

  it.each([
    ['99 HU', 99, 0],
    ['1001 HU', 1001, 0],
    ['no difference', 5, 5],
    ['rods the wrong way round', 0, 90],
    ['bone for water', 500, 101],
    ['air for water', -750, -1000],
    ['a water of -101', 150, -101],
    ['NaN', NaN, 0],
    ['Infinity', 250, Infinity],
  ])('refuses %s', (_, hu200, huWater) => {
    expect(() => massFactorFromCalibration({ hu200, huWater })).toThrow(RangeError)
  })

  it('takes the very edges', () => {
    expect(massFactorFromCalibration({ hu200: 100, huWater: 0 })).toBe(0.002)
    expect(massFactorFromCalibration({ hu200: 1000, huWater: 0 })).toBe(0.0002)
    expect(massFactorFromCalibration({ hu200: 350, huWater: 100 })).toBe(0.0008)
    expect(massFactorFromCalibration({ hu200: 150, huWater: -100 })).toBe(0.0008)
  })

  it('refuses what is no pair of numbers', () => {
    const wrong = [
      null,
      undefined,
      250,
      {},
      { hu200: '250', huWater: 0 },
      { hu200: 250 },
      { hu200: 250, huWater: 0, kv: 1 },
    ]
    for (const rods of wrong) expect(() => massFactorFromCalibration(rods as CalibrationRods)).toThrow(TypeError)
  })

  it('says what was met and what was expected', () => {
    expect(() => massFactorFromCalibration({ hu200: 90, huWater: 10 })).toThrow(
      'hu200 is 80 HU above huWater; 200 mg/mL lie 100 to 1000 HU above water. Check which rod is which, and measure again',
    )
  })
})

describe('massFactorFromHeader', () => {
  const bySize = { small: 0.5, medium: 0.75, large: 1 }
  const factors = (change: Partial<CalciumMassFactors> = {}): CalciumMassFactors => ({ patient: null, bySize: null, note: null, ...change }) // prettier-ignore

  it('takes the factor of the patient first, whatever the size', () => {
    const expected = {
      mgPerMm3Hu: 0.000625,
      attribute: 'CalciumScoringMassFactorPatient (0018,9351)',
      patientSize: null,
    }
    for (const size of [undefined, 'small', 'large'] as const) {
      expect(massFactorFromHeader(factors({ patient: 0.625, bySize }), size)).toEqual(expected)
    }
  })

  it.each([
    ['small', 0.0005],
    ['medium', 0.00075],
    ['large', 0.001],
  ] as const)('takes the factor of the device for a %s patient', (patientSize, mgPerMm3Hu) => {
    const attribute = 'CalciumScoringMassFactorDevice (0018,9352)'
    expect(massFactorFromHeader(factors({ bySize }), patientSize)).toEqual({ mgPerMm3Hu, attribute, patientSize })
  })

  it('never guesses the size, and has nothing where the header has nothing', () => {
    expect(massFactorFromHeader(factors({ bySize }))).toBeNull()
    expect(massFactorFromHeader(factors(), 'small')).toBeNull()
    expect(massFactorFromHeader(null, 'small')).toBeNull()
    expect(massFactorFromHeader(null)).toBeNull()
  })

  it('refuses a size there is not, also without factors', () => {
    expect(() => massFactorFromHeader(null, 'tall' as PatientSize)).toThrow(RangeError)
    expect(() => massFactorFromHeader(factors({ patient: 0.7 }), '' as PatientSize)).toThrow(RangeError)
  })

  it.each([0, -0.7, 0.1999, 2.0001, NaN, Infinity, 0.0007, 743])('refuses %s mg/mL per HU', (value) => {
    expect(() => massFactorFromHeader(factors({ patient: value }))).toThrow(RangeError)
    expect(() => massFactorFromHeader(factors({ bySize: { ...bySize, large: value } }), 'large')).toThrow(RangeError)
  })

  it('takes the edges', () => {
    expect(massFactorFromHeader(factors({ patient: 0.2 }))!.mgPerMm3Hu).toBe(0.0002)
    expect(massFactorFromHeader(factors({ patient: 2 }))!.mgPerMm3Hu).toBe(0.002)
  })

  it('refuses the wrong kind', () => {
    const wrong = [7, 'x', factors({ patient: '0.7' as unknown as number })]
    for (const one of wrong) expect(() => massFactorFromHeader(one as CalciumMassFactors)).toThrow(TypeError)
    const sizes = { small: 0.5 } as unknown as CalciumMassFactors['bySize']
    expect(() => massFactorFromHeader(factors({ bySize: sizes }), 'large')).toThrow(TypeError)
    expect(() => massFactorFromHeader(factors({ bySize: 3 as unknown as null }), 'large')).toThrow(TypeError)
  })
})

const LEAST = { schema: 'agatston.calibration/1', date: '2026-03-14', rodHu: 252.5, waterHu: 2.5 }
const text = (change: object = {}): string => JSON.stringify({ ...LEAST, ...change })

describe('parseCalibration', () => {
  it('reads the least there must be', () => {
    const expected = { ...LEAST, rodMgPerMl: 200, manufacturer: null, model: null, kernel: null, kvp: null }
    const calibration = parseCalibration(text())
    expect(calibration).toEqual({ ...expected, mgPerMm3Hu: 0.0008 })
    expect(Object.isFrozen(calibration)).toBe(true)
    expect(parseCalibration(`\ufeff${text()}\n`)).toEqual(calibration)
    expect(calibration.mgPerMm3Hu).toBe(massFactorFromCalibration({ hu200: 252.5, huWater: 2.5 }))
  })

  it('reads all there may be', () => {
    const all = { rodMgPerMl: 400, manufacturer: 'CANON', model: 'Aquilion ": " ONE', kernel: 'FC12', kvp: 100 }
    expect(parseCalibration(text({ ...all, rodHu: 502.5 }))).toEqual({ ...LEAST, ...all, rodHu: 502.5, mgPerMm3Hu: 0.0008 }) // prettier-ignore
  })

  it.each<[string, string, RegExp]>([
    ['no JSON', '{', /no JSON/],
    ['nothing', '', /no JSON/],
    ['a list', '[]', /no object/],
    ['null', 'null', /no object/],
    ['a number', '0.00072', /no object/],
    ['no schema', JSON.stringify({ date: '2026-03-14', rodHu: 250, waterHu: 0 }), /schema must be/],
    ['a later schema', text({ schema: 'agatston.calibration/2' }), /schema must be/],
    ['no rod', text({ rodHu: undefined }), /rodHu is missing/],
    ['no water', text({ waterHu: undefined }), /waterHu is missing/],
    ['no date', text({ date: undefined }), /date is missing/],
    ['a rod as text', text({ rodHu: '252.5' }), /rodHu must be a number/],
    ['a rod of null', text({ rodHu: null }), /rodHu must be a number/],
    ['an endless rod', text().replace('252.5', '1e999'), /rodHu must be a number/],
    ['rods the wrong way round', text({ rodHu: 0, waterHu: 90 }), /rodHu is -90 HU above waterHu/],
    ['a water of 101 HU', text({ rodHu: 400, waterHu: 101 }), /waterHu is 101 HU/],
    ['a density of 49', text({ rodMgPerMl: 49 }), /rodMgPerMl must be from 50 to 1000 mg\/mL, got 49/],
    ['a density of 1001', text({ rodMgPerMl: 1001 }), /rodMgPerMl/],
    ['a density in g/mL', text({ rodMgPerMl: 0.2 }), /rodMgPerMl/],
    ['a density that does not fit', text({ rodMgPerMl: 800 }), /800 mg\/mL lie 400 to 4000 HU above water/],
    ['49 kV', text({ kvp: 49 }), /kvp must be from 50 to 200 kV/],
    ['201 kV', text({ kvp: 201 }), /kvp/],
    ['kV as text', text({ kvp: '120' }), /kvp must be a number/],
    ['a day that is none', text({ date: '2026-02-30' }), /date must be a day/],
    ['a date in words', text({ date: '14 March 2026' }), /date must be a day/],
    ['a date as number', text({ date: 20260314 }), /date must be a day/],
    ['an empty kernel', text({ kernel: ' ' }), /kernel must be a text/],
    ['a kernel of 65 characters', text({ kernel: 'x'.repeat(65) }), /kernel must be a text/],
    ['a kernel of null', text({ kernel: null }), /kernel must be a text/],
    ['a control character', text({ model: 'a\u0007' }), /model must be a text/],
    ['an unknown field', text({ operator: 'x' }), /no field 'operator'/],
    ['an unknown field of many words', text({ 'Mrs Doe, born 1950': 1 }), /no field with a name that is none/],
    ['a field given twice', text().replace('{', '{"rodHu":300,'), /given twice/],
    ['a field of fields', text({ kernel: { date: 1 } }), /fields of its own/],
    ['too much text', text() + ' '.repeat(65536), /characters are no calibration/],
  ])('refuses %s', (_, given, message) => {
    expect(() => parseCalibration(given)).toThrow(RangeError)
    expect(() => parseCalibration(given)).toThrow(message)
  })

  it('takes the edges', () => {
    expect(parseCalibration(text({ kvp: 50 })).kvp).toBe(50)
    expect(parseCalibration(text({ kvp: 200 })).kvp).toBe(200)
    expect(parseCalibration(text({ rodMgPerMl: 50, rodHu: 70 })).rodMgPerMl).toBe(50)
    expect(parseCalibration(text({ rodMgPerMl: 1000, rodHu: 1402.5 })).mgPerMm3Hu).toBeCloseTo(1 / 1400, 15)
    expect(parseCalibration(text({ date: '2024-02-29' })).date).toBe('2024-02-29')
    expect(parseCalibration(text({ kernel: 'x'.repeat(64) })).kernel).toHaveLength(64)
    expect(parseCalibration(text().padEnd(65536)).rodHu).toBe(252.5)
  })

  it('refuses anything but text', () => {
    for (const one of [undefined, null, 5, {}, new Uint8Array(3)]) {
      expect(() => parseCalibration(one as unknown as string)).toThrow(TypeError)
    }
  })

  it('quotes nothing of a file that is none', () => {
    const given = 'DOE^JANE 1950-01-01'
    try {
      parseCalibration(given)
      expect.unreachable()
    } catch (error) {
      expect(String(error)).not.toMatch(/DOE|1950/)
      expect((error as Error).cause).toBeUndefined()
    }
  })

  it('reads or refuses any text, and what it reads has a factor in range', () => {
    const value = fc.oneof(fc.integer({ min: -200, max: 1200 }), fc.double(), fc.string(), fc.constant(null))
    const fields = fc.record(
      {
        date: fc.constantFrom('2026-03-14', 'x'),
        rodHu: value,
        waterHu: value,
        rodMgPerMl: value,
        kvp: value,
        kernel: value,
      },
      { requiredKeys: ['date', 'rodHu', 'waterHu'] },
    )
    fc.assert(
      fc.property(fields, (given) => {
        try {
          const { mgPerMm3Hu } = parseCalibration(JSON.stringify({ schema: LEAST.schema, ...given }))
          expect(mgPerMm3Hu).toBeGreaterThanOrEqual(0.0002)
          expect(mgPerMm3Hu).toBeLessThanOrEqual(0.002)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }),
      { numRuns: 500, seed: 7 },
    )
  })
})

describe('compareCalibration', () => {
  const made = { manufacturer: 'Canon', model: 'Aquilion ONE', kernel: 'FC12', kvp: 120 }
  const calibration = parseCalibration(text(made))

  it('finds nothing where all is the same, whatever the spelling', () => {
    expect(compareCalibration(calibration, made)).toEqual([])
    const spelt = { manufacturer: 'CANON ', model: 'AQUILION  One', kernel: 'fc12', kvp: 120 }
    expect(compareCalibration(calibration, spelt)).toEqual([])
  })

  it('names each field that differs, and each the scan does not give', () => {
    expect(compareCalibration(calibration, { ...made, kvp: 100, kernel: null })).toEqual([
      { field: 'kernel', calibration: 'FC12', scan: null },
      { field: 'kvp', calibration: 120, scan: 100 },
    ])
    const nothing = { manufacturer: null, model: null, kernel: null, kvp: null }
    expect(compareCalibration(calibration, nothing)).toHaveLength(4)
  })

  it('asks for nothing the calibration does not give', () => {
    expect(compareCalibration(parseCalibration(text()), made)).toEqual([])
  })
})
