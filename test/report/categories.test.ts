/** Categories as a report shows them: every edge of every system, CAC-DRS with its vessels, and when there is none. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cacDrs, categoryRows, classify } from '../../bindings/report/index.js'
import { categorize } from '../../bindings/score/category.js'
import { changed, score, territoriesOf } from './make.js'

describe('classify', () => {
  it.each([
    [0, 0, 'zero', 'A0', 'absent'],
    [Number.MIN_VALUE, 1, 'mild', 'A1', 'minimal'],
    [9.99, 1, 'mild', 'A1', 'minimal'],
    [10, 1, 'mild', 'A1', 'mild'],
    [99.99, 1, 'mild', 'A1', 'mild'],
    [100, 1, 'moderate', 'A2', 'moderate'],
    [299.9, 1, 'moderate', 'A2', 'moderate'],
    [300, 1, 'moderate', 'A3', 'severe'],
    [399.9, 1, 'moderate', 'A3', 'severe'],
    [400, 1, 'extensive', 'A3', 'severe'],
    [999.9, 1, 'extensive', 'A3', 'severe'],
    [1000, 1, 'extensive', 'A3', 'extensive'],
  ])('%d with %d pieces: %s, %s, %s', (value, pieces, classic, drs, accAha2026) => {
    expect(classify(value, pieces)).toEqual({ classic, cacDrs: drs, accAha2026 })
    expect(cacDrs(value, pieces, null)).toBe(drs)
  })

  it.each<[string, () => unknown, ErrorConstructor, RegExp]>([
    ['a text', () => classify('1' as unknown as number, 1), TypeError, /score/],
    ['below 0', () => classify(-0.01, 1), RangeError, /score/],
    ['NaN', () => classify(NaN, 1), RangeError, /score/],
    ['endless', () => classify(Infinity, 1), RangeError, /score/],
    ['a score of nothing', () => classify(1, 0), RangeError, /score must be 0/],
    ['half a piece', () => classify(1, 0.5), RangeError, /pieces/],
    ['pieces as text', () => classify(1, '1' as unknown as number), TypeError, /pieces/],
    ['five vessels', () => cacDrs(1, 9, 5), RangeError, /vessels must be 4/],
    ['more vessels than pieces', () => cacDrs(1, 1, 2), RangeError, /not be more than pieces/],
    ['vessels below 0', () => cacDrs(1, 1, -1), RangeError, /vessels/],
  ])('refuses %s', (_what, run, kind, message) => {
    expect(run).toThrow(kind)
    expect(run).toThrow(message)
  })

  it('CAC-DRS bears N where vessels are known, the last four included', () => {
    expect([0, 1, 4].map((vessels) => cacDrs(150, 4, vessels))).toEqual(['A2/N0', 'A2/N1', 'A2/N4'])
    expect(cacDrs(0, 0, 0)).toBe('A0/N0')
  })

  it('is the category of a result', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 5000, noNaN: true }), fc.integer({ min: 0, max: 4 }), (value, vessels) => {
        expect({ ...classify(value, 4), cacDrs: cacDrs(value, 4, vessels) }).toEqual(categorize(value, 4, vessels))
      }),
      { seed: 5, numRuns: 200 },
    )
  })
})

describe('categoryRows', () => {
  const coronary = score([450, 250, 250], { territories: territoriesOf(['LM', 'LAD', 'AORTA']) })

  it('three systems side by side, each with band and source', () => {
    const { value } = categoryRows(coronary)
    expect(value!.map(({ system, value: category, meaning, provisional }) => [system, category, meaning, provisional]))
      .toEqual([
        ['classic', 'mild', 'above 0, below 100', false],
        ['cac-drs', 'A1/N2', 'above 0, below 100; calcium in 2 of the 4 vessels counted (LM, LAD, LCX, RCA)', false],
        ['acc-aha-2026', 'mild', '10 to below 100', false],
      ]) // prettier-ignore
    for (const { source, name } of value!) expect(source.length + name.length).toBeGreaterThan(40)
    expect(value![2]!.source).toMatch(/Secondary source, unconfirmed/)
  })

  it('the top band has no end; without vessels CAC-DRS says so', () => {
    const { value } = categoryRows(changed(coronary, { category: categorize(1000, 3, null) }))
    expect(value!.map(({ meaning }) => meaning)).toEqual([
      '400 and above',
      '300 and above; the number of vessels is not known',
      '1000 and above',
    ])
  })

  it('a zero that is not verified says so', () => {
    const zero = score([], { territories: territoriesOf(['LM', 'LAD', 'LCX', 'RCA']) })
    const { value } = categoryRows(zero)
    expect(value!.map(({ value: category }) => category)).toEqual(['zero', 'A0/N0', 'absent'])
    expect(value![0]!.meaning).toBe('no counted calcification; the zero is not verified')
    const verified = categoryRows(changed(zero, { warnings: [] }))
    expect(verified.value![0]!.meaning).toBe('no counted calcification')
  })

  it('none for a whole image, an overridden refusal, proposed lesions; provisional where those have one', () => {
    expect(categoryRows(score([450], { scope: 'whole-image' })).reason).toMatch(/whole image/)
    expect(categoryRows(changed(coronary, { accepted: ['LOSSY'] })).reason).toMatch(/LOSSY/)
    const proposed = { scope: 'candidates', category: null } as const
    expect(categoryRows(changed(coronary, proposed)).reason).toMatch(/no reader/)
    const provisionalCategory = categorize(150, 3, null)
    const { value } = categoryRows(changed(coronary, { ...proposed, provisionalCategory }))
    expect(value!.map(({ value: category, provisional }) => [category, provisional])).toEqual([
      ['moderate', true],
      ['A2', true],
      ['moderate', true],
    ])
    expect(categoryRows(changed(coronary, { ...proposed, provisionalCategory, accepted: ['LOSSY'] })).reason).toMatch(
      /LOSSY/,
    )
  })
})
