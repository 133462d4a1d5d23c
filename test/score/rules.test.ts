/** Minimum pieces, categories and slice factors at -1, 0 and +1 of every edge. */
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { categorize } from '../../bindings/score/category.js'
import { minimumPixels } from '../../bindings/score/further/rules.js'
import type { Minimum } from '../../bindings/score/standard.js'
import { STANDARDS, standardById } from '../../bindings/score/further/index.js'
import { diffusivity, vesselsWithCalcium } from '../../bindings/score/vessels.js'
import { Sum } from '../../bindings/score/tally.js'

// A slow machine is no failure.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const area = (rule: '>=' | '>', mm2: number): Minimum => ({ by: 'area', rule, mm2 })

describe('the smallest piece', () => {
  it.each([
    [area('>=', 1), 0.25, 4],
    [area('>', 1), 0.25, 5],
    [area('>=', 1), 0.1 * 0.1, 100],
    [area('>', 1), 0.1 * 0.1, 101],
    [area('>=', 1), 1 / 3, 3],
    [area('>', 1), 1 / 3, 4],
    [area('>=', 1), 0.7 * 0.7, 3],
    [area('>=', 1), 0.488 * 0.488, 5],
    [area('>=', 1), 1, 1],
    [area('>', 1), 1, 2],
    [area('>=', 1), 7, 1],
    [area('>=', 0), 0.25, 1],
    [area('>', 0), 0.25, 1],
    [{ by: 'none' }, 0.25, 1],
    [{ by: 'pixels', rule: '>=', pixels: 3 }, 0.25, 3],
    [{ by: 'pixels', rule: '>', pixels: 3 }, 0.25, 4],
    [{ by: 'pixels', rule: '>=', pixels: 2.5 }, 0.25, 3],
    [{ by: 'pixels', rule: '>', pixels: 2.5 }, 0.25, 3],
    [{ by: 'pixels', rule: '>=', pixels: 0 }, 0.25, 1],
    [{ by: 'pixels-of-area', rule: '>=', mm2: 1, rounding: 'ceil' }, 0.25, 4],
    [{ by: 'pixels-of-area', rule: '>=', mm2: 1, rounding: 'ceil' }, 0.1 * 0.1, 100],
    [{ by: 'pixels-of-area', rule: '>=', mm2: 1, rounding: 'ceil' }, 0.3, 4],
    [{ by: 'pixels-of-area', rule: '>=', mm2: 1, rounding: 'round' }, 0.3, 3],
    [{ by: 'pixels-of-area', rule: '>=', mm2: 1, rounding: 'round' }, 0.4, 3],
    [{ by: 'pixels-of-area', rule: '>=', mm2: 1, rounding: 'round' }, 9, 1],
    [{ by: 'pixels-of-area', rule: '>', mm2: 1, rounding: 'ceil' }, 0.25, 5],
  ] as const)('%j at %d mm2 a pixel: %i', (minimum, areaMm2, pixels) => {
    expect(minimumPixels(minimum, areaMm2, 3)).toBe(pixels)
  })

  it('is the least number of pixels that meets the rule, for any area', () => {
    const sizes = fc.double({ min: 1e-3, max: 20, noNaN: true })
    fc.assert(
      fc.property(sizes, sizes, fc.constantFrom('>=' as const, '>' as const), (mm2, areaMm2, rule) => {
        const counts = (n: number): boolean =>
          rule === '>=' ? n * areaMm2 >= mm2 * (1 - 1e-9) : n * areaMm2 > mm2 * (1 + 1e-9)
        const least = minimumPixels(area(rule, mm2), areaMm2, 3)
        expect(counts(least) && (least === 1 || !counts(least - 1))).toBe(true)
      }),
      { numRuns: 500, seed: 5 },
    )
  })

  // A loop that counts up one by one never ends where one more is no other number.
  it.each([
    [area('>', 1), 1e-16],
    [area('>=', 1), 1e-300],
    [area('>', 1), 1e-10],
    [area('>', 1e17), 1],
    [area('>', 1e300), 0.25],
  ] as const)('ends for %j at %d mm2 a pixel', { timeout: 2000 }, (minimum, areaMm2) => {
    const steps = { left: 1e6 }
    // The area counts how often it is asked, so that a loop without end fails instead of hanging.
    const counted = { valueOf: () => (steps.left-- > 0 ? areaMm2 : fail()) } as unknown as number
    expect(minimumPixels(minimum, counted, 3)).toBeGreaterThan(1)
    expect(steps.left).toBeGreaterThan(1e6 - 100)
  })
})

function fail(): never {
  throw new Error('a million steps and no end')
}

describe('categories', () => {
  const next = (x: number, step: -1 | 1): number => x * (1 + step * 2 ** -52)

  it.each([
    ['classic', 0, 'zero', 'mild'],
    ['classic', 100, 'mild', 'moderate'],
    ['classic', 400, 'moderate', 'extensive'],
    ['cacDrs', 100, 'A1', 'A2'],
    ['cacDrs', 300, 'A2', 'A3'],
    ['accAha2026', 10, 'minimal', 'mild'],
    ['accAha2026', 100, 'mild', 'moderate'],
    ['accAha2026', 300, 'moderate', 'severe'],
    ['accAha2026', 1000, 'severe', 'extensive'],
  ] as const)('%s at %d: %s below, %s from there on', (system, edge, below, above) => {
    if (edge === 0) {
      expect(categorize(0, 0, null)[system]).toBe(below)
      expect(categorize(5e-324, 1, null)[system]).toBe(above)
      expect(categorize(0, 1, null)[system], 'a counted piece of weight 0').toBe(above)
      return
    }
    expect(categorize(next(edge, -1), 1, null)[system]).toBe(below)
    expect(categorize(edge, 1, null)[system]).toBe(above)
    expect(categorize(next(edge, 1), 1, null)[system]).toBe(above)
  })

  it('zero is no counted piece, and never a score above it', () => {
    expect(categorize(0, 0, 0)).toEqual({ classic: 'zero', cacDrs: 'A0/N0', accAha2026: 'absent' })
    expect(categorize(0.2, 1, 1)).toEqual({ classic: 'mild', cacDrs: 'A1/N1', accAha2026: 'minimal' })
  })
})

describe('vessels', () => {
  const sums = (scores: Readonly<Record<string, number>>) =>
    new Map(
      Object.entries(scores).map(([name, weighted]) => {
        const sum = new Sum()
        if (weighted > 0) sum.add(weighted, weighted, 130 * weighted, 130)
        return [name, sum] as const
      }),
    )

  it('RAMUS counts as LCX, PDA as RCA, each vessel once, AORTA never', () => {
    expect(vesselsWithCalcium(sums({}))).toBe(null)
    expect(vesselsWithCalcium(sums({ AORTA: 9, L_HD: 3 }))).toBe(null)
    expect(vesselsWithCalcium(sums({ LAD: 0 }))).toBe(0)
    expect(vesselsWithCalcium(sums({ LM: 1, LAD: 1, LCX: 1, RCA: 1 }))).toBe(4)
    expect(vesselsWithCalcium(sums({ LM: 0, LAD: 1, AORTA: 9, OTHER: 2, D1: 3 }))).toBe(1)
    expect(vesselsWithCalcium(sums({ RAMUS: 1, LCX: 1, PDA: 1, RCA: 1 }))).toBe(2)
  })

  it('diffusivity: LM counts into LAD, RAMUS into LCX, PDA into RCA; null at zero', () => {
    expect(diffusivity(sums({ LAD: 0, AORTA: 50 }))).toBe(null)
    expect(diffusivity(sums({ LAD: 10 }))).toBe(0)
    expect(diffusivity(sums({ LAD: 10, RCA: 30 }))).toBe(0.25)
    expect(diffusivity(sums({ LM: 10, LAD: 20, RCA: 10, AORTA: 900 }))).toBe(0.25)
    expect(diffusivity(sums({ RAMUS: 10, LCX: 10, PDA: 10, RCA: 10 }))).toBe(0.5)
    expect(diffusivity(sums({ D1: 10, LAD: 10 }))).toBe(0.5)
  })
})

describe('standards', () => {
  it('are frozen to the last number, with id, version and citation', () => {
    expect(STANDARDS.map(({ id }) => id)).toEqual([
      'agatston-130',
      'literature',
      'ge',
      'terarecon',
      'siemens',
      'philips',
      'canon',
      'fqm-python',
      'horos',
      'calciumscoring-jl',
      'slicer-brains',
      'ai-cac',
      'cacslabeler',
    ])
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen))
    expect(frozen(STANDARDS)).toBe(true)
    for (const { id, version, citation } of STANDARDS) {
      expect([standardById(id).id, version]).toEqual([id, 1])
      expect(citation).toMatch(/doi:10\.|read from its source/)
    }
    expect(() => standardById('Siemens')).toThrow(/siemens/)
  })
})
