/** Percentiles: published values stay ranges, the estimate is near the calculator's, edges of ages and scores at -1, 0, +1. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AgatstonError } from '../../../bindings/base/errors.js'
import { type Person, mesaPercentile } from '../../../bindings/report/index.js'
import { hoffPercentile, javaidPercentile } from '../../../bindings/report/percentile/flagged.js'
import { HOFF_BRACKETS, HOFF_CUTS } from '../../../bindings/report/percentile/hoff-table.js'
import { JAVAID_CUTS } from '../../../bindings/report/percentile/javaid-table.js'
import { estimatePercentile, estimateScore } from '../../../bindings/report/percentile/mesa-estimate.js'
import {
  MESA_BRACKETS,
  MESA_CUTS,
  MESA_CUT_PERCENTILES,
  MESA_RACES,
} from '../../../bindings/report/percentile/mesa-table.js'
import { cutPointsOf, ordinal, placeOf } from '../../../bindings/report/percentile/place.js'
import { NO_CLINICAL, clinical } from '../clinical.js'

const SEXES = ['male', 'female'] as const
const MAN: Person = { ageYears: 60, sex: 'male', race: 'white', agatston: 155 }

const code = (body: () => unknown): unknown => {
  try {
    body()
  } catch (error) {
    return error instanceof AgatstonError ? [error.code, error.details['input'], error.details['range']] : error
  }
  return null
}

describe('a place among cut-points', () => {
  const cuts = cutPointsOf([25, 50, 75, 90], [0, 10, 100, 400])
  it.each([
    [0.5, 25, 50, 'between the 25th and 50th percentile'],
    [9.99, 25, 50, 'between the 25th and 50th percentile'],
    [10, 50, 75, 'at the 50th percentile'],
    [10 - 1e-13, 50, 75, 'at the 50th percentile'],
    [10.01, 50, 75, 'between the 50th and 75th percentile'],
    [99, 50, 75, 'between the 50th and 75th percentile'],
    [100, 75, 90, 'at the 75th percentile'],
    [101, 75, 90, 'between the 75th and 90th percentile'],
    [399, 75, 90, 'between the 75th and 90th percentile'],
    [400, 90, null, 'at the 90th percentile'],
    [401, 90, null, 'above the 90th percentile'],
  ] as const)('%d', (score, lower, upper, text) => {
    expect(placeOf(score, cuts)).toMatchObject({
      lower,
      upper,
      text,
      exact: text.startsWith('at'),
      sharedZeroPercent: 0,
    })
  })

  it('below the first cut-point above zero', () => {
    expect(placeOf(4, cutPointsOf([25, 50], [5, 9])).text).toBe('below the 25th percentile')
    expect(placeOf(5, cutPointsOf([25, 50], [5, 9])).text).toBe('at the 25th percentile')
  })

  it('zero is no percentile above 0, however many share it', () => {
    expect(placeOf(0, cuts)).toMatchObject({ lower: 0, upper: 50, sharedZeroPercent: 25, exact: false })
    expect(placeOf(0, cutPointsOf([75, 90], [0, 0]))).toMatchObject({ lower: 0, upper: null, sharedZeroPercent: 90 })
    expect(placeOf(0, cutPointsOf([75, 90], [0, 0])).text).toBe('no calcium, as in at least 90 % of the group')
    expect(placeOf(0, cutPointsOf([25, 50], [5, 9])).text).toBe('no calcium: below the 25th percentile')
    expect(placeOf(1, cutPointsOf([75, 90], [0, 0])).text).toBe('above the 90th percentile')
  })
})

describe('a percentile in words', () => {
  it('has its ending', () => {
    expect([0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 21, 22, 23, 75, 91, 97.5, 99].map(ordinal).join(' ')).toBe(
      '0th 1st 2nd 3rd 4th 10th 11th 12th 13th 14th 21st 22nd 23rd 75th 91st 97.5th 99th',
    )
  })
})

describe('the tables', () => {
  const rows: [string, readonly number[]][] = []
  for (const sex of SEXES) {
    for (const race of MESA_RACES)
      MESA_CUTS[race][sex].forEach((cuts, n) => rows.push([`MESA ${race} ${sex} ${n}`, cuts]))
    for (const race of ['white', 'black'] as const)
      JAVAID_CUTS[sex][race].forEach((cuts, n) => rows.push([`Javaid ${race} ${sex} ${n}`, cuts]))
    HOFF_CUTS[sex].forEach((cuts, n) => rows.push([`Hoff ${sex} ${n}`, cuts]))
  }
  it('rise along each row, are frozen, and have every row', () => {
    expect(rows).toHaveLength(32 + 64 + 18)
    for (const [name, cuts] of rows) {
      expect(Object.isFrozen(cuts), name).toBe(true)
      expect(
        [...cuts].sort((a, b) => a - b),
        name,
      ).toEqual(cuts)
    }
  })

  it('hold these published values', () => {
    expect(MESA_CUTS.white.male[1]).toEqual([0, 28, 155, 452, 743])
    expect(MESA_CUTS.chinese.female[3]).toEqual([0, 32, 146, 398, 656])
    expect(MESA_CUTS.black.male[2]).toEqual([0, 32, 191, 575, 945])
    expect(HOFF_CUTS.female[8]).toEqual([9, 75, 241, 709])
    expect(JAVAID_CUTS.male.white[15]).toEqual([5, 55, 131, 249])
  })

  it.skipIf(NO_CLINICAL)('are the tables kept beside the repository', () => {
    type Table<K extends string> = { table: Record<string, Record<string, Record<K, number[]> | number[]>> }
    const mesa = clinical<Table<string>>('cac_percentiles_mesa2006').table
    const javaid = clinical<Table<string>>('cac_percentiles_javaid2022_age30_45').table
    const hoff = clinical<Table<string>>('cac_percentiles_hoff2001').table
    for (const sex of SEXES) {
      for (const race of MESA_RACES) expect(MESA_CUTS[race][sex]).toEqual(Object.values(mesa[race]![sex]!))
      for (const race of ['white', 'black'] as const)
        expect(JAVAID_CUTS[sex][race]).toEqual(Object.values(javaid[sex]![race]!))
      expect(HOFF_CUTS[sex]).toEqual(Object.values(hoff[sex]!))
    }
  })
})

describe('the MESA percentile', () => {
  it.each(MESA_BRACKETS)('has its cut-points from $from to $to', ({ from, to }) => {
    const group = (ageYears: number) => mesaPercentile({ ...MAN, ageYears }).group
    const expected = `White men aged ${from} to ${to}`
    expect([group(from), group(from + 1), group(to - 1), group(to)]).toEqual(Array(4).fill(expected))
    if (from > 45) expect(group(from - 1)).not.toBe(expected)
    if (to < 84) expect(group(to + 1)).not.toBe(expected)
  })

  it.each([
    [44, false],
    [44.99, false],
    [45, true],
    [46, true],
    [83, true],
    [84, true],
    [84.01, false],
    [85, false],
  ])('age %d: %s', (ageYears, has) => {
    const outcome = code(() => mesaPercentile({ ...MAN, ageYears }))
    expect(outcome).toEqual(has ? null : ['MODEL_RANGE', 'ageYears', [45, 84]])
  })

  it('names input and range, and not the value', () => {
    const body = () => mesaPercentile({ ...MAN, ageYears: 87 })
    expect(body).toThrow('the MESA percentile: age is outside 45 to 84 years (ageYears)')
    expect(body).not.toThrow('87')
    expect(code(() => mesaPercentile({ ...MAN, race: 'other' }))).toEqual(['MODEL_RANGE', 'race', MESA_RACES])
  })

  it('guesses nothing that is missing', () => {
    for (const name of ['ageYears', 'sex', 'race', 'agatston'] as const) {
      const { [name]: _, ...rest } = MAN
      expect(() => mesaPercentile(rest)).toThrow(TypeError)
      expect(() => mesaPercentile(rest)).toThrow(name)
    }
    expect(() => mesaPercentile({ ...MAN, agatston: -1 })).toThrow(RangeError)
    expect(() => mesaPercentile({ ...MAN, agatston: NaN })).toThrow(RangeError)
    expect(() => mesaPercentile({ ...MAN, agatston: Infinity })).toThrow(RangeError)
    expect(() => mesaPercentile({ ...MAN, agatston: '5' as unknown as number })).toThrow(TypeError)
    expect(() => mesaPercentile(null as unknown as Person)).toThrow(TypeError)
  })

  it('is at a published cut-point exactly there', () => {
    const at = (agatston: number) => mesaPercentile({ ...MAN, agatston }).place.text
    expect([at(154), at(155), at(156)]).toEqual([
      'between the 50th and 75th percentile',
      'at the 75th percentile',
      'between the 75th and 90th percentile',
    ])
  })

  // Ages, sexes, races, scores and percentiles as the MESA web calculator printed them.
  it.each([
    [55, 'male', 'white', 0, 0, [0, 6, 68, 234]],
    [46, 'female', 'chinese', 35, 97, [0, 0, 0, 0]],
    [62, 'female', 'black', 120, 91, [0, 0, 11, 102]],
  ] as const)(
    'is within 3 points of the calculator at %d, %s, %s',
    (ageYears, sex, race, agatston, expected, scores) => {
      const { percentile, estimate } = mesaPercentile({ ageYears, sex, race, agatston })
      expect(Math.abs(percentile - expected)).toBeLessThanOrEqual(3)
      expect(estimate).toMatchObject({ percentile, label: 'estimate' })
      scores.forEach((score, n) => {
        if (score === 0) return
        const near = estimatePercentile({ ageYears, sex, race }, score)
        expect(Math.abs(near - [25, 50, 75, 90][n]!), `score ${score}`).toBeLessThanOrEqual(3)
      })
    },
  )

  it.skipIf(NO_CLINICAL)('is within 3 points of every value kept beside the repository', () => {
    interface Case { age: number; sex: 'male' | 'female'; race: 'white'; score: number; percentile: number; p_nonzero: number } // prettier-ignore
    const { cases } = clinical<{ cases: Case[] }>('mesa_percentile_test_cases')
    for (const { age, sex, race, score, percentile, p_nonzero } of cases) {
      const answer = mesaPercentile({ ageYears: age, sex, race, agatston: score })
      expect(Math.abs(answer.percentile - percentile)).toBeLessThanOrEqual(3)
      expect(Math.abs(answer.estimate.nonzeroPercent - p_nonzero)).toBeLessThanOrEqual(3)
    }
    expect(cases.length).toBeGreaterThan(0)
  })

  it('is estimated near every published cut-point above zero', () => {
    const off: number[] = []
    for (const race of MESA_RACES)
      for (const sex of SEXES)
        MESA_BRACKETS.forEach(({ midpoint }, row) =>
          MESA_CUTS[race][sex][row]!.forEach((score, n) => {
            if (score < 10) return
            const near = estimatePercentile({ ageYears: midpoint, sex, race }, score)
            off.push(Math.abs(near - MESA_CUT_PERCENTILES[n]!))
          }),
        )
    expect(Math.max(...off)).toBeLessThanOrEqual(4)
    expect(off.reduce((a, b) => a + b) / off.length).toBeLessThan(1)
  })

  const groups = fc.record({
    ageYears: fc.integer({ min: 45, max: 84 }),
    sex: fc.constantFrom(...SEXES),
    race: fc.constantFrom(...MESA_RACES),
  })
  const scores = fc.double({ min: 0, max: 6000, noNaN: true })

  it('never falls with the score, estimate and range', () => {
    fc.assert(
      fc.property(groups, scores, scores, (group, a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map((agatston) => mesaPercentile({ ...group, agatston }))
        expect(less!.percentile).toBeLessThanOrEqual(more!.percentile)
        expect(less!.place.lower).toBeLessThanOrEqual(more!.place.lower)
      }),
      { seed: 5, numRuns: 300 },
    )
  })

  it('never rises with age at the same score above zero, and stays 0 to 99', () => {
    fc.assert(
      fc.property(groups, scores, (group, agatston) => {
        const { percentile } = mesaPercentile({ ...group, agatston })
        expect(percentile).toBeGreaterThanOrEqual(0)
        expect(percentile).toBeLessThanOrEqual(99)
        if (group.ageYears === 84) return
        const older = mesaPercentile({ ...group, ageYears: group.ageYears + 1, agatston })
        expect(older.percentile).toBeLessThanOrEqual(percentile)
      }),
      { seed: 6, numRuns: 300 },
    )
  })

  it('turns around: the score of a percentile has that percentile', () => {
    fc.assert(
      fc.property(groups, fc.constantFrom(...MESA_CUT_PERCENTILES), (group, percentile) => {
        const score = estimateScore(group, percentile)
        if (score > 0) expect(Math.abs(estimatePercentile(group, score) - percentile)).toBeLessThanOrEqual(0)
      }),
      { seed: 7, numRuns: 300 },
    )
  })
})

describe('the flagged tables', () => {
  it.each([29, 30, 31, 89, 90, 91])('Hoff at %d', (ageYears) => {
    const outcome = code(() => hoffPercentile({ ageYears, sex: 'female', agatston: 3 }))
    expect(outcome).toEqual(ageYears < 30 || ageYears > 90 ? ['MODEL_RANGE', 'ageYears', [30, 90]] : null)
  })

  it.each(HOFF_BRACKETS)('Hoff from $from to $to', ({ from, to }) => {
    for (const ageYears of [from, to])
      expect(hoffPercentile({ ageYears, sex: 'male', agatston: 3 }).group).toBe(`men aged ${from} to ${to}`)
  })

  it.each([29, 30, 31, 44, 45, 46])('Javaid at %d', (ageYears) => {
    const outcome = code(() => javaidPercentile({ ageYears, sex: 'male', race: 'black', agatston: 3 }))
    expect(outcome).toEqual(ageYears < 30 || ageYears > 45 ? ['MODEL_RANGE', 'ageYears', [30, 45]] : null)
  })

  it('say what they are', () => {
    const javaid = javaidPercentile({ ageYears: 40.5, sex: 'male', race: 'black', agatston: 26 })
    expect(javaid).toMatchObject({ group: 'Black men aged 40', place: { text: 'at the 95th percentile' } })
    expect(javaid.published.flag).toBe('single transcription, unconfirmed')
    expect(hoffPercentile({ ageYears: 60, sex: 'male', agatston: 26 }).published.flag).toBe(javaid.published.flag)
    expect(code(() => javaidPercentile({ ageYears: 40, sex: 'male', race: 'chinese', agatston: 26 }))).toEqual([
      'MODEL_RANGE',
      'race',
      ['white', 'black'],
    ])
  })
})
