/** Positions into an increment: the numbers behind every objection, each at its edge. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Vec3, median } from '../../bindings/base/vector.js'
import { Objections } from '../../bindings/base/verdict.js'
import { checkTilt, measureIncrement } from '../../bindings/volume/stack.js'

function measured(heights: readonly number[], given: number | null = null) {
  const objections = new Objections()
  const increment = measureIncrement(heights, given, objections)
  return { increment, codes: [...objections.refusals, ...objections.warnings].map(({ code }) => code), ...objections }
}

describe('the increment', () => {
  it('is the mean of even increments, the median of uneven ones, the caller’s for one slice', () => {
    expect(measured([0, 3, 6, 9.03])).toMatchObject({ increment: 3.01, codes: ['SPACING_JITTER'] })
    expect(measured([0, 3, 6, 9, 15])).toMatchObject({ increment: 3, codes: ['SLICES_MISSING'] })
    expect(measured([0, 3, 6, 10])).toMatchObject({ increment: 3, codes: ['SPACING_IRREGULAR'] })
    expect(measured([0, 0.7])).toMatchObject({ increment: 0.7, codes: [] })
    expect(measured([5], 2.5)).toMatchObject({ increment: 2.5, codes: ['TOO_FEW_SLICES'] })
    expect(measured([5])).toMatchObject({ increment: null, codes: ['TOO_FEW_SLICES'] })
  })

  it('is the one that was meant, whatever binary fractions make of it', () => {
    for (const mm of [0.1, 0.3, 0.625, 0.7, 1.1, 2.5, 3]) {
      for (const start of [-1234.7, -0.1, 0, 1e4]) {
        const heights = Array.from({ length: 40 }, (_, k) => start + k * mm)
        expect(measured(heights)).toMatchObject({ increment: mm, codes: [] })
      }
    }
  })

  it('does not depend on where the stack lies', () => {
    const gaps = fc.array(fc.constantFrom(1, 2.5, 3, 3.01, 6, 0.625), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(gaps, fc.integer({ min: -4000, max: 4000 }), (increments, start) => {
        const from = (first: number): number[] => increments.reduce((all, mm) => [...all, all.at(-1)! + mm], [first])
        expect(measured(from(start))).toEqual(measured(from(0)))
      }),
      { numRuns: 200, seed: 1 },
    )
  })
})

describe('objections to increments', () => {
  it('count what is missing, and say where first', () => {
    const { refusals } = measured([0, 1, 2, 5, 6, 7, 9, 10, 11])
    const details = { missing: 3, afterSlice: 2, incrementMm: 3, medianMm: 1 }
    expect(refusals).toMatchObject([{ code: 'SLICES_MISSING', details }])
  })

  it.each([
    [12, []],
    [12.009, []],
    [12.011, ['SPACING_JITTER']],
    [12.06, ['SPACING_JITTER']],
    [12.0601, ['SPACING_IRREGULAR']],
    [11.94, ['SPACING_JITTER']],
    [11.9399, ['SPACING_IRREGULAR']],
    [14.3999, ['SPACING_IRREGULAR']],
    [14.4, ['SLICES_MISSING']],
    [15.6, ['SLICES_MISSING']],
    [15.6001, ['SPACING_IRREGULAR']],
    [17.1, ['SLICES_MISSING']],
    [9.5, ['SPACING_IRREGULAR']],
  ])('0, 3, 6, 9, %d: %j', (last, codes) => {
    expect(measured([0, 3, 6, 9, last]).codes).toEqual(codes)
  })

  it('come both where both are', () => {
    expect(measured([0, 3, 6, 9, 15, 16]).codes).toEqual(['SLICES_MISSING', 'SPACING_IRREGULAR'])
  })

  it('come where half of the slices lack, so that no increment is usual', () => {
    expect(measured([0, 3, 9]).codes).not.toEqual([])
    expect(measured([0, 3, 9, 12, 18]).codes).not.toEqual([])
  })
})

describe('tilt', () => {
  const tilt = (...positions: Vec3[]): [string, number][] => {
    const objections = new Objections()
    checkTilt(positions, [0, 0, 1], objections)
    return [...objections.refusals, ...objections.warnings].map(({ code, details }) => [
      code,
      details.degrees as number,
    ])
  }

  it('is the angle between the line of positions and the normal', () => {
    expect(tilt([0, 0, 0], [10, 0, 10])).toEqual([['GANTRY_TILT', 45]])
    expect(tilt([5, 5, 0], [5, -5, 10])).toEqual([['GANTRY_TILT', 45]])
    expect(tilt([0, 0, 0], [0, 0, 10])).toEqual([])
    expect(tilt([7, 7, 7])).toEqual([])
  })

  it('is seen where only a slice in the middle is shifted', () => {
    expect(tilt([0, 0, 0], [2, 0, 5], [0, 0, 10])).toMatchObject([['GANTRY_TILT', expect.any(Number)]])
  })

  it('at its edges', () => {
    const at = (degrees: number) =>
      tilt([0, 0, 0], [0, 100 * Math.tan((degrees * Math.PI) / 180), 100]).map(([code]) => code)
    expect([at(0.0999), at(0.1001), at(0.9999), at(1.0001)]).toEqual([[], ['GANTRY_TILT_SLIGHT'], ['GANTRY_TILT_SLIGHT'], ['GANTRY_TILT']]) // prettier-ignore
  })
})

describe('median', () => {
  it('is the middle, or the mean of the two middle ones', () => {
    expect([median([3]), median([1, 2]), median([9, 1, 5]), median([4, 1, 3, 2])]).toEqual([3, 1.5, 5, 2.5])
  })
})
