/** Padding inside the picture, against its definition read line by line. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Survey } from '../../bindings/volume/survey.js'

const PADDING = { low: -2001, high: -2000 }

/** Every eighth row and column: picture, padding, picture. */
function hasHole(pixels: Int16Array, rows: number, columns: number): boolean {
  const holed = (line: readonly number[]): boolean => {
    const marks = line.map((value) => (value >= PADDING.low && value <= PADDING.high ? '.' : 'x')).join('')
    return /x\.+x/.test(marks)
  }
  const line = (length: number, at: (n: number) => number): number[] => Array.from({ length }, (_, n) => pixels[at(n)]!)
  for (let r = 0; r < rows; r += 8) if (holed(line(columns, (n) => r * columns + n))) return true
  for (let c = 0; c < columns; c += 8) if (holed(line(rows, (n) => n * columns + c))) return true
  return false
}

describe('padding inside the picture', () => {
  it('is found in every eighth row and column, and nowhere else', () => {
    const met = { holes: 0, none: 0 }
    const shape = fc.record({ rows: fc.integer({ min: 1, max: 30 }), columns: fc.integer({ min: 1, max: 30 }) })
    const spots = fc.array(fc.nat(899), { maxLength: 6 })
    fc.assert(
      fc.property(shape, spots, fc.boolean(), ({ rows, columns }, places, sparse) => {
        const pixels = new Int16Array(rows * columns).fill(sparse ? PADDING.low : 40)
        for (const place of places) pixels[place % pixels.length] = sparse ? 40 : PADDING.high
        const survey = new Survey({ rows, columns, pixelSpacingMm: [0.5, 0.5] })
        survey.add(new Int16Array(pixels.length).fill(40), { slope: 1, intercept: 0 }, PADDING) // leaves nothing behind
        survey.add(pixels, { slope: 1, intercept: 0 }, PADDING)
        const hole = hasHole(pixels, rows, columns)
        met[hole ? 'holes' : 'none']++
        expect(survey.measured().padded).toBe(hole ? 1 : 0)
      }),
      { seed: 7, numRuns: 600 },
    )
    expect(Math.min(met.holes, met.none)).toBeGreaterThan(50)
  })
})
