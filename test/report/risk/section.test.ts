/** The risk section: four models, each with values or the reason why it has none. */
import { describe, expect, it } from 'vitest'
import { type PatientFacts, mesaChd, pooledCohort, prevent } from '../../../bindings/report/index.js'
import { type RiskModel, riskSection } from '../../../bindings/report/risk/section.js'
import { comparable } from '../comparable.js'

const FACTS: PatientFacts = {
  sex: 'male',
  ageYears: 55,
  race: 'white',
  systolicBpMmHg: 130,
  totalCholesterolMgDl: 210,
  hdlCholesterolMgDl: 48,
  onBpMedication: false,
  onStatin: false,
  onLipidMedication: false,
  smoker: false,
  diabetes: false,
  familyHistory: true,
  egfr: 90,
  bmi: 27,
}

const models = (facts: PatientFacts, score = 120): readonly RiskModel[] =>
  riskSection(comparable(score), facts).value!.models
const reasons = (facts: PatientFacts): (string | null)[] => models(facts).map(({ risks }) => risks.reason)

describe('the risk section', () => {
  it('has all four models, each value with its endpoint and source', () => {
    const all = models(FACTS)
    expect(all.map(({ id }) => id)).toEqual([
      'mesa-chd-2015',
      'prevent-2023-10',
      'prevent-2023-30',
      'pooled-cohort-2013',
    ])
    expect(all.map(({ legacy }) => legacy)).toEqual([false, false, false, true])
    const counts = all.map(({ risks }) => risks.value!.length)
    expect(counts).toEqual([2, 5, 5, 1])
    for (const { published, risks, population } of all) {
      for (const text of [published.citation, published.edition, published.verification, population])
        expect(text.length).toBeGreaterThan(10)
      for (const { endpoint, risk } of risks.value!) {
        expect(endpoint).toMatch(/in (10|30) years/)
        expect(risk > 0 && risk < 1).toBe(true)
      }
    }
    expect(all[3]!.published.flag).toBe('legacy')
    expect(JSON.parse(JSON.stringify(all))).toEqual(all)
  })

  it('gives what the models give, with the score of the result', () => {
    const [mesa, ten, thirty, cohort] = models(FACTS).map(({ risks }) =>
      Object.fromEntries(risks.value!.map(({ key, risk }) => [key, risk])),
    )
    expect(mesa).toEqual(mesaChd({ ...FACTS, agatston: 120 }))
    expect(ten).toEqual(prevent(FACTS, { horizonYears: 10 }))
    expect(thirty).toEqual(prevent(FACTS, { horizonYears: 30 }))
    expect(cohort).toEqual({ ascvd: pooledCohort(FACTS) })
    const uses = models(FACTS).flatMap(({ risks }) => risks.value!.flatMap(({ key, usesScore }) => (usesScore ? [key] : []))) // prettier-ignore
    expect(uses).toEqual(['withCac'])
  })

  it('says for each model what is not known or out of its range', () => {
    expect(reasons({ ...FACTS, ageYears: 60 })).toEqual([null, null, 'age is outside 30 to 59 years', null])
    expect(reasons({ ...FACTS, ageYears: 42 })).toEqual(['age is outside 45 to 84 years', null, null, null])
    const { egfr: _, ...withoutEgfr } = FACTS
    expect(reasons(withoutEgfr)).toEqual([null, 'not known: eGFR', 'not known: eGFR', null])
    expect(reasons({ ...withoutEgfr, ageYears: 81 })).toEqual([
      null,
      'not known: eGFR; age is outside 30 to 79 years',
      'not known: eGFR; age is outside 30 to 59 years',
      'age is outside 40 to 79 years',
    ])
    expect(reasons({ ...FACTS, systolicBpMmHg: 190 })[1]).toBe('systolic blood pressure is outside 90 to 180 mmHg')
    expect(reasons({}).every((reason) => reason!.startsWith('not known: '))).toBe(true)
    expect(reasons({ ...FACTS, race: 'other' })[0]).toBe('race is none of white, chinese, black, hispanic')
  })

  it('says when the equations for White people stand in', () => {
    const notes = (facts: PatientFacts) => models(facts)[3]!.notes.join()
    for (const race of ['hispanic', 'chinese', 'other'] as const)
      expect(notes({ ...FACTS, race })).toContain('equations for White people stand in')
    for (const race of ['white', 'black'] as const) expect(notes({ ...FACTS, race })).not.toContain('stand in')
    const { race: _, ...unknown } = FACTS
    expect(models(unknown)[3]!.risks.reason).toBe('not known: race')
  })

  it('takes a zero from the pieces', () => {
    const mesa = models(FACTS, 0)[0]!.risks.value!
    expect(mesa[0]!.risk).toBe(mesaChd({ ...FACTS, agatston: 0 }).withCac)
  })

  it('knows nothing without facts', () => {
    expect(riskSection(comparable(1), null).reason).toContain('nothing is known of the patient')
  })
})
