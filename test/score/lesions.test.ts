/** Lesions as a reader meets them: linked in 3-D, placed in patient millimetres, measured over what counts. */
import { describe, expect, it } from 'vitest'
import { arrayVolume } from '../../bindings/index.js'
import { platforms } from '../platforms.js'

/** Oblique in every way: rows run along +y, columns along -z, slices along -x. */
const SHAPE = {
  dimensions: [12, 8, 4],
  spacing: [0.5, 0.25, 2],
  origin: [10, 20, 30],
  direction: [0, 1, 0, 0, 0, -1, -1, 0, 0],
} as const

/** 2 x 4 pixels of 300 HU (1 mm2) in slice 1, and under one of them 3 pixels of 450 HU, too few to count, in slice 2. */
function pixels(): Int16Array {
  const [columns, rows, slices] = SHAPE.dimensions
  const hu = new Int16Array(columns * rows * slices).fill(40)
  const row = (k: number, r: number, from: number, to: number, value: number): void =>
    void hu.fill(value, (k * rows + r) * columns + from, (k * rows + r) * columns + to)
  row(1, 2, 4, 8, 300)
  row(1, 3, 4, 8, 300)
  row(2, 3, 7, 10, 450)
  return hu
}

for (const platform of platforms) {
  describe(`lesions (${platform.name})`, () => {
    it('lie where their pixels lie in the patient, counted or not, and measure what counts', async () => {
      const engine = await platform.engine()
      const volume = arrayVolume({ ...SHAPE, scalarData: pixels() })
      const { lesions } = engine.scoreSync(volume, { scope: 'whole-image', massFactor: 0.001, accept: ['NOT_AXIAL'] })
      expect(lesions).toHaveLength(1)
      const [lesion] = lesions
      expect(lesion!.pieces.map(({ slice, counted }) => [slice, counted])).toEqual([[1, true], [2, false]]) // prettier-ignore
      // Slices 1 to 2 along -x, columns 4 to 9 along +y, rows 2 to 3 along -z.
      expect(lesion!.boundsMm).toEqual([[6, 22, 29.25], [8, 24.5, 29.5]]) // prettier-ignore
      // 11 pixels: slices add up to 8 x 1 + 3 x 2, columns to 2 x (4 + 5 + 6 + 7) + 24, rows to 4 x 2 + 4 x 3 + 3 x 3.
      const centroid = [10 - (2 * 14) / 11, 20 + (0.5 * 68) / 11, 30 - (0.25 * 29) / 11]
      lesion!.centroidMm.forEach((mm, axis) => expect(mm).toBeCloseTo(centroid[axis]!, 12))
      // 1 mm2 x 3 x 2 mm / 3 mm; 1 mm2 x 2 mm; 0.001 x 300 HU x 2 mm3. The peak is that of the piece that counts.
      expect(lesion).toMatchObject({ agatston: 2, volumeMm3: 2, peakHu: 300, meanHu: 300, slices: [1, 2] })
      expect(lesion!.massMg).toBeCloseTo(0.6, 12)
    })
  })
}
