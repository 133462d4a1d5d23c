/**
 * Every coefficient of every model, on people for whom each term counts. The values were worked out by a second implementation that
 * shares no code with this one; where the coefficients lie beside the repository, they are compared as well.
 */
import { describe, expect, it } from 'vitest'
import { type Person, mesaChd, pooledCohort, prevent } from '../../../bindings/report/index.js'
import { MESA_CHD_RANGE, WITHOUT_CAC, WITH_CAC } from '../../../bindings/report/risk/mesa-chd.js'
import { POOLED_COHORT_EQUATIONS, POOLED_COHORT_RANGE } from '../../../bindings/report/risk/pooled-cohort.js'
import { PREVENT_RANGES } from '../../../bindings/report/risk/prevent.js'
import { NO_CLINICAL, clinical } from '../clinical.js'

/** All factors present. */
const ALL = {
  onBpMedication: true,
  onStatin: true,
  onLipidMedication: true,
  smoker: true,
  diabetes: true,
  familyHistory: true,
} as const

describe('worked values', () => {
  const cohort: Person = {
    ...ALL,
    ageYears: 62,
    totalCholesterolMgDl: 240,
    hdlCholesterolMgDl: 38,
    systolicBpMmHg: 150,
  }
  it.each([
    ['white', 'female', false, 0.26709584],
    ['white', 'female', true, 0.345543811],
    ['black', 'female', false, 0.480573637],
    ['black', 'female', true, 0.563751737],
    ['white', 'male', false, 0.44643351],
    ['white', 'male', true, 0.502274498],
    ['black', 'male', false, 0.374613845],
    ['black', 'male', true, 0.551732356],
  ] as const)('pooled cohort equations: %s %s, treated: %s', (race, sex, onBpMedication, risk) => {
    expect(pooledCohort({ ...cohort, race, sex, onBpMedication })).toBeCloseTo(risk, 8)
  })

  const chd: Person = { ...ALL, sex: 'male', ageYears: 66, totalCholesterolMgDl: 225, hdlCholesterolMgDl: 41, systolicBpMmHg: 145 } // prettier-ignore
  it.each([
    ['white', 0.533689902, 0.473120312],
    ['black', 0.460826809, 0.485112409],
    ['hispanic', 0.467882409, 0.465655442],
    ['chinese', 0.368834343, 0.36407998],
  ] as const)('MESA: %s', (race, withoutCac, withCac) => {
    const risks = mesaChd({ ...chd, race, agatston: 250 })
    expect(risks.withoutCac).toBeCloseTo(withoutCac, 8)
    expect(risks.withCac).toBeCloseTo(withCac, 8)
  })

  const A: Person = { ...ALL, diabetes: false, ageYears: 41, totalCholesterolMgDl: 250, hdlCholesterolMgDl: 70, systolicBpMmHg: 100, bmi: 23, egfr: 48 } // prettier-ignore
  const B: Person = { ...ALL, ageYears: 57, totalCholesterolMgDl: 165, hdlCholesterolMgDl: 33, systolicBpMmHg: 171, bmi: 36, egfr: 20 } // prettier-ignore
  it.each([
    [10, 'male', A, [0.0554077158, 0.0284420435, 0.0283562141, 0.0138380728, 0.0138575251]],
    [10, 'male', B, [0.616446188, 0.371176075, 0.659387967, 0.248172951, 0.223769233]],
    [10, 'female', A, [0.0392256413, 0.0209771097, 0.0238218614, 0.0100122614, 0.0115465879]],
    [10, 'female', B, [0.678068312, 0.461211845, 0.644099647, 0.315387619, 0.288244168]],
    [30, 'male', A, [0.234043066, 0.121369566, 0.129671753, 0.063912672, 0.0610739714]],
    [30, 'male', B, [0.685397115, 0.433899274, 0.706777459, 0.299919936, 0.262466627]],
    [30, 'female', A, [0.184636141, 0.0948348774, 0.123439638, 0.0482375218, 0.0511970371]],
    [30, 'female', B, [0.764864477, 0.548665092, 0.717874273, 0.385714657, 0.351260469]],
  ] as const)('PREVENT: %d years, %s', (horizonYears, sex, person, expected) => {
    const { totalCvd, ascvd, heartFailure, chd, stroke } = prevent({ ...person, sex }, { horizonYears })
    const risks = [totalCvd, ascvd, heartFailure, chd, stroke]
    expected.forEach((risk, n) => expect(risks[n]).toBeCloseTo(risk, 8))
  })
})

describe('ranges', () => {
  it('are those of the publications', () => {
    const ranges = [MESA_CHD_RANGE, POOLED_COHORT_RANGE, PREVENT_RANGES[10], PREVENT_RANGES[30]].map(({ inputs }) =>
      inputs.flatMap(({ input, range }) => (range ? [`${input} ${range.join('-')}`] : [])).join(', '),
    )
    const lipids = 'totalCholesterolMgDl 130-320, hdlCholesterolMgDl 20-100'
    expect(ranges).toEqual([
      'ageYears 45-84',
      `ageYears 40-79, ${lipids}, systolicBpMmHg 90-200`,
      `ageYears 30-79, ${lipids}, systolicBpMmHg 90-180, egfr 15-140, bmi 18.5-39.9`,
      `ageYears 30-59, ${lipids}, systolicBpMmHg 90-180, egfr 15-140, bmi 18.5-39.9`,
    ])
  })
})

describe.skipIf(NO_CLINICAL)('coefficients kept beside the repository', () => {
  it('of the pooled cohort equations', () => {
    const { models } = clinical<{ models: Record<string, Record<string, number>> }>('pce_2013')
    for (const race of ['white', 'black'] as const)
      for (const sex of ['female', 'male'] as const) {
        const { mean_5dig: _, ...expected } = models[`${race}_${sex}`]!
        expect(Object.values(POOLED_COHORT_EQUATIONS[race][sex])).toEqual(Object.values(expected))
      }
  })

  it('of MESA', () => {
    const { models } = clinical<{ models: Record<string, Record<string, unknown>> }>('mesa_chd_2015')
    const flat = (one: object): number[] => Object.values(one).flatMap((v: unknown) => (typeof v === 'object' ? flat(v!) : [v as number])) // prettier-ignore
    for (const [ours, theirs] of [
      [WITHOUT_CAC, 'without_cac'],
      [WITH_CAC, 'with_cac'],
    ] as const)
      // prettier-ignore
      expect(flat(ours).filter((b) => b !== 0).sort()).toEqual(flat(models[theirs]!).filter((b) => b !== 0).sort())
  })
})
