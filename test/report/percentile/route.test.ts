/** Which table a person is compared with, when nobody is, arterial age with its exclusions, and the lines of the picture. */
import { describe, expect, it } from 'vitest'
import type { Result } from '../../../bindings/index.js'
import { type PatientFacts, type Race, arterialAge } from '../../../bindings/report/index.js'
import { routeArterialAge } from '../../../bindings/report/percentile/arterial-age.js'
import { percentileCurve } from '../../../bindings/report/percentile/curve.js'
import { routePercentile } from '../../../bindings/report/percentile/route.js'
import { riskSection } from '../../../bindings/report/risk/section.js'
import { comparable } from '../comparable.js'

const FACTS: PatientFacts = { ageYears: 60, sex: 'male', race: 'white', diabetes: false }

const reference = (facts: PatientFacts): string | null =>
  routePercentile(comparable(50), facts).value?.reference ?? null

describe('the route', () => {
  it.each<[number, Race, string | null]>([
    [29, 'white', null],
    [30, 'white', 'javaid2022'],
    [44, 'black', 'javaid2022'],
    [45, 'black', 'mesa2006'],
    [46, 'white', 'mesa2006'],
    [44, 'hispanic', 'hoff2001'],
    [45, 'hispanic', 'mesa2006'],
    [84, 'chinese', 'mesa2006'],
    [85, 'chinese', 'hoff2001'],
    [90, 'white', 'hoff2001'],
    [91, 'white', null],
    [60, 'other', null],
    [35, 'other', null],
    [88, 'other', null],
  ])('age %d, %s: %s', (ageYears, race, expected) => {
    expect(reference({ ...FACTS, ageYears, race })).toBe(expected)
  })

  it('guesses nothing, and says what is not known', () => {
    expect(routePercentile(comparable(50), null).reason).toContain('nothing is known of the patient')
    expect(routePercentile(comparable(50), {}).reason).toContain('not known: age, sex, race')
    expect(routePercentile(comparable(50), { ageYears: 60, sex: 'male' }).reason).toContain('not known: race')
    expect(routePercentile(comparable(50), { ...FACTS, race: 'other' }).reason).toContain('none stands in for others')
    expect(routePercentile(comparable(50), { ...FACTS, ageYears: 91 }).reason).toContain('30 to 90')
  })

  it('keeps the published range and the estimate apart', () => {
    const { value } = routePercentile(comparable(100), FACTS)
    expect(value).toMatchObject({ place: { lower: 50, upper: 75 }, estimate: { label: 'estimate' }, score: 100 })
    expect(value).not.toHaveProperty('percentile')
    expect(routePercentile(comparable(100), { ...FACTS, ageYears: 88 }).value!.estimate).toBeNull()
  })

  it('says what limits the comparison', () => {
    const notes = (facts: PatientFacts) => routePercentile(comparable(1), facts).value!.notes.join('; ')
    expect(notes(FACTS)).toMatch(/cut-points are those at age 60/)
    expect(notes({ ...FACTS, diabetes: true })).toContain('people treated for diabetes were left out')
    expect(notes({ ...FACTS, ageYears: 88 })).toContain('not by race')
  })

  it('says where published range and estimate part, and only there', () => {
    const notes = (ageYears: number, score: number) =>
      routePercentile(comparable(score), { ...FACTS, ageYears }).value!.notes.join('; ')
    expect(notes(54, 23)).toContain('outside the published range')
    for (const score of [0, 1, 22, 23, 110, 500]) expect(notes(50, score)).not.toContain('outside')
  })

  it('knows zero by the pieces, not by the number', () => {
    const { value } = routePercentile(comparable(0), FACTS)
    expect(value).toMatchObject({ score: 0, place: { lower: 0, sharedZeroPercent: 25 }, estimate: { percentile: 0 } })
  })
})

describe('what no published value may stand beside', () => {
  const base = comparable(100)
  const cases: [string, Partial<Result>][] = [
    ['an accepted refusal', { accepted: ['SLICES_MISSING'] }],
    ['a whole image', { scope: 'whole-image' }],
    ['candidates', { scope: 'candidates' }],
    ['100 kVp', { input: { ...base.input, kvp: 100 } }],
    ['an unknown tube voltage', { input: { ...base.input, kvp: null } }],
    ['another standard', { standard: { ...base.standard, id: 'siemens' } }],
    ['modified rules', { modifiers: ['kvp-adapted'] }],
    ['a spectral image', { warnings: [{ code: 'SPECTRAL', message: 'x', details: {} }] }],
  ]
  it.each(cases)('%s', (_, change) => {
    const result = comparable(100, change)
    for (const answer of [
      routePercentile(result, FACTS),
      routeArterialAge(result, FACTS),
      riskSection(result, FACTS),
    ]) {
      expect(answer.value).toBeNull()
      expect(answer.reason!.length).toBeGreaterThan(20)
    }
  })

  it('an unverified zero; a verified one is compared', () => {
    const warnings = [{ code: 'ZERO_UNVERIFIED', message: 'x', details: {} }] as const
    expect(routePercentile(comparable(0, { warnings }), FACTS).reason).toContain('ZERO_UNVERIFIED')
    expect(routePercentile(comparable(0), FACTS).value).not.toBeNull()
  })

  it('facts that are wrong are an error, not a reason', () => {
    for (const route of [routePercentile, routeArterialAge, riskSection])
      expect(() => route(comparable(1), { ageYears: 300 })).toThrow(RangeError)
  })
})

describe('arterial age', () => {
  it.each([
    [0, 39.1],
    [1, 44.13],
    [10, 56.48],
    [50, 67.61],
    [100, 72.56],
    [250, 79.16],
    [400, 82.56],
    [1000, 89.19],
  ])('of score %d is %d', (agatston, years) => {
    expect(arterialAge({ agatston, ageYears: 60, diabetes: false }).years).toBeCloseTo(years, 1.7)
    expect(Math.abs(arterialAge({ agatston, ageYears: 60, diabetes: false }).years - years)).toBeLessThan(0.006)
  })

  it.each([44, 45, 46, 83, 84, 85])('at age %d', (ageYears) => {
    const { value, reason } = routeArterialAge(comparable(100), { ageYears, diabetes: false })
    if (ageYears < 45 || ageYears > 84) expect(reason).toBe('age is outside 45 to 84 years')
    else expect(value!.years).toBeCloseTo(72.56, 1)
  })

  it('is not for people with diabetes, nor where that is not known', () => {
    expect(routeArterialAge(comparable(100), { ageYears: 60, diabetes: true }).reason).toContain('diabetes')
    expect(routeArterialAge(comparable(100), { ageYears: 60 }).reason).toBe('not known: diabetes')
    expect(routeArterialAge(comparable(100), null).value).toBeNull()
    expect(() => arterialAge({ ageYears: 60, diabetes: true, agatston: 1 })).toThrow(
      expect.objectContaining({ code: 'MODEL_RANGE' }),
    )
    expect(() => arterialAge({ ageYears: 60, diabetes: false })).toThrow(TypeError)
  })
})

describe('the curve', () => {
  it('of MESA is an estimate over every age, with the published values on it', () => {
    const { value } = percentileCurve(FACTS)
    expect(value).toMatchObject({ reference: 'mesa2006', group: 'White men', ages: [45, 84] })
    expect(value!.published.flag).toBe('estimate')
    expect(value!.lines.map(({ percentile }) => percentile)).toEqual([25, 50, 75, 90, 95])
    for (const { points } of value!.lines) {
      expect(points.map(([age]) => age)).toEqual(Array.from({ length: 40 }, (_, n) => 45 + n))
      const scores = points.map(([, score]) => score)
      expect([...scores].sort((a, b) => a - b)).toEqual(scores)
    }
    expect(value!.cutPoints[2]).toEqual({ percentile: 75, points: [[50, 22], [60, 155], [70, 540], [80, 1200]] }) // prettier-ignore
  })

  it('never falls with age nor from a percentile to the next, for any group', () => {
    for (const race of ['white', 'black', 'hispanic', 'chinese'] as const)
      for (const sex of ['male', 'female'] as const) {
        const { lines } = percentileCurve({ ageYears: 60, sex, race }).value!
        lines.forEach(({ points }, n) =>
          points.forEach(([, score], k) => {
            if (k > 0) expect(score).toBeGreaterThanOrEqual(points[k - 1]![1])
            if (n > 0) expect(score).toBeGreaterThanOrEqual(lines[n - 1]!.points[k]![1])
          }),
        )
      }
  })

  it('of the other tables is drawn as published', () => {
    const young = percentileCurve({ ...FACTS, ageYears: 40 }).value!
    expect(young).toMatchObject({ reference: 'javaid2022', ages: [30, 45], cutPoints: [] })
    expect(young.lines[1]!.points[10]).toEqual([40, 18])
    const old = percentileCurve({ ...FACTS, ageYears: 88 }).value!
    expect(old.lines[1]!.points.slice(-2)).toEqual([[75, 473], [90, 473]]) // prettier-ignore
    expect(percentileCurve({ ...FACTS, race: 'other' }).value).toBeNull()
  })
})
