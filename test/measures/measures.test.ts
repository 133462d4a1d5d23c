/** Measures beside the score: published answers, every vector, laws that hold for any picture, and every wrong argument. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type MeasureFile, agrees, wrongMeasure } from '../../bindings/conformance/measures.js'
import { arrayVolume } from '../../bindings/index.js'
import {
  type WeightedInput,
  integratedMass,
  meanAndSd,
  readRegion,
  spatiallyWeightedScore,
  volumeFractionMass,
} from '../../bindings/measures/index.js'
import { normalCdf } from '../../bindings/measures/normal.js'
import { CompensatedSum } from '../../bindings/measures/statistics.js'
import type { Volume } from '../../bindings/volume/volume.js'
import { cumulative, weightedScore } from '../reference/measures.js'
import { measureVectors } from '../vectors/measures.js'

const vectors = JSON.parse(readFileSync(new URL('../vectors/measures.json', import.meta.url), 'utf8')) as MeasureFile

/** Within 1e-9 relative, or 1e-12 of `size` where the answer is next to nothing. */
function agree(got: number, expected: number, size = 1): void {
  expect(agrees(got, expected, size), `${got}, not ${expected}`).toBe(true)
}

describe('vectors', () => {
  it.each(vectors.cases.map((one) => [`${one.measure}: ${one.name}`, one] as const))('%s', (_, one) => {
    expect(wrongMeasure(one)).toEqual([])
  })

  it('are what the plain implementation gives, case by case', () => {
    const fresh = measureVectors()
    expect(vectors.cases.map(({ name, measure }) => [measure, name])).toEqual(fresh.cases.map(({ name, measure }) => [measure, name])) // prettier-ignore
    fresh.cases.forEach(({ expected }, n) => {
      const stored = vectors.cases[n]!.expected
      if (typeof expected === 'number') agree(stored as number, expected)
      else agree((stored as typeof expected).massMg, expected.massMg)
    })
  })

  it('published answers are met by the plain implementation too, which did not make them', () => {
    const published = vectors.cases.filter(({ source }) => source !== 'reference')
    expect(published).toHaveLength(5)
    for (const one of published) {
      if (one.measure === 'spatially-weighted') agree(weightedScore(one.hu, one.rodMeanHu, one.rodSdHu), one.expected)
    }
  })
})

describe('the normal distribution', () => {
  it.each([
    [0, 0.5],
    [-1, 0.15865525393145705],
    [1, 0.8413447460685429],
    [1.96, 0.9750021048517795],
    [-3.5, 0.00023262907903552504],
    [-2.5, 0.006209665325776135],
    [-2.5000001, 0.006209663572946307],
    [-5, 2.866515718791939e-7],
    [-10, 7.619853024160525e-24],
    [-30, 4.906713927148187e-198],
    [10, 1],
    [-1e6, 0],
    [1e6, 1],
  ])('at %s is %s', (z, expected) => {
    expect(Math.abs(normalCdf(z) - expected)).toBeLessThanOrEqual(1e-12 * expected)
  })

  it('rises, mirrors, and is the integral of its density', () => {
    let last = -1
    for (let z = -12; z <= 12; z += 1 / 16) {
      const value = normalCdf(z)
      expect(value).toBeGreaterThanOrEqual(last)
      expect(Math.abs(value + normalCdf(-z) - 1)).toBeLessThan(1e-15 * 4)
      expect(Math.abs(value - cumulative(z, 0, 1))).toBeLessThan(1e-12)
      last = value
    }
  })
})

const pixel = fc.integer({ min: -200, max: 900 })
const picture = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 3 }))
  .chain(([rows, columns, slices]) =>
    fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      slices: fc.constant(slices),
      hu: fc.array(pixel, { minLength: rows * columns * slices, maxLength: rows * columns * slices }),
      mask: fc.array(fc.constantFrom(0, 1), { minLength: rows * columns * slices, maxLength: rows * columns * slices }),
    }),
  )
const ROD = { meanHu: 140, sdHu: 20 }

describe('spatiallyWeightedScore', () => {
  const nested = (values: readonly number[], rows: number, columns: number): number[][][] =>
    Array.from({ length: values.length / (rows * columns) }, (_, k) =>
      Array.from({ length: rows }, (_row, r) => values.slice((k * rows + r) * columns, (k * rows + r + 1) * columns)),
    )

  it('is what a kernel slid over the picture gives, masked or not', () => {
    fc.assert(
      fc.property(picture, ({ hu, rows, columns, slices, mask }) => {
        const image = nested(hu, rows, columns)
        agree(spatiallyWeightedScore({ hu, rows, columns, slices, rod: ROD }), weightedScore(image, 140, 20), hu.length)
        if (!mask.includes(1)) return
        const expected = weightedScore(image, 140, 20, nested(mask, rows, columns))
        agree(spatiallyWeightedScore({ hu, rows, columns, slices, mask, rod: ROD }), expected, hu.length)
      }),
      { seed: 11, numRuns: 60 },
    )
  })

  it('lies between 0 and the pixels, adds slices, and turns with the picture', () => {
    fc.assert(
      fc.property(picture, ({ hu, rows, columns, slices }) => {
        const score = spatiallyWeightedScore({ hu, rows, columns, slices, rod: ROD })
        expect(score).toBeGreaterThanOrEqual(0)
        expect(score).toBeLessThanOrEqual(hu.length)
        const size = rows * columns
        let sum = 0
        for (let k = 0; k < slices; k++) {
          sum += spatiallyWeightedScore({ hu: hu.slice(k * size, (k + 1) * size), rows, columns, rod: ROD })
        }
        agree(sum, score, hu.length)
        agree(spatiallyWeightedScore({ hu: [...hu].reverse(), rows, columns, slices, rod: ROD }), score, hu.length)
        const turned = nested(hu, rows, columns).flatMap((slice) =>
          slice[0]!.flatMap((_, c) => slice.map((row) => row[c]!)),
        )
        agree(spatiallyWeightedScore({ hu: turned, rows: columns, columns: rows, slices, rod: ROD }), score, hu.length)
      }),
      { seed: 12 },
    )
  })

  it('depends on HU in standard deviations of the rod alone, and rises with every pixel', () => {
    fc.assert(
      fc.property(picture, fc.integer({ min: 1, max: 5 }), pixel, ({ hu, rows, columns, slices }, scale, shift) => {
        const input = { rows, columns, slices }
        const score = spatiallyWeightedScore({ ...input, hu, rod: ROD })
        const rod = { meanHu: 140 * scale + shift, sdHu: 20 * scale }
        agree(spatiallyWeightedScore({ ...input, hu: hu.map((x) => x * scale + shift), rod }), score, hu.length)
        const brighter = hu.map((x, i) => (i === 0 ? x + 10 : x))
        expect(spatiallyWeightedScore({ ...input, hu: brighter, rod: ROD })).toBeGreaterThanOrEqual(score)
      }),
      { seed: 13 },
    )
  })

  it('scores a patch above as many scattered pixels', () => {
    const at = (places: readonly number[]): number[] => Array.from({ length: 49 }, (_, i) => (places.includes(i) ? 300 : 0)) // prettier-ignore
    const score = (places: readonly number[]): number => spatiallyWeightedScore({ hu: at(places), rows: 7, columns: 7, rod: ROD, mask: at(places).map((x) => (x > 0 ? 1 : 0)) }) // prettier-ignore
    expect(score([16, 17, 23, 24])).toBeCloseTo(2.4, 12)
    expect(score([0, 6, 42, 48])).toBeCloseTo(0.8, 12)
  })

  it('takes typed arrays, views included', () => {
    const view = new Int16Array([99, 140, 150, 99]).subarray(1, 3)
    const expected = spatiallyWeightedScore({ hu: [140, 150], rows: 1, columns: 2, rod: ROD })
    expect(spatiallyWeightedScore({ hu: view, rows: 1, columns: 2, rod: ROD })).toBe(expected)
    expect(spatiallyWeightedScore({ hu: view, rows: 1, columns: 2, mask: Uint8Array.of(255, 1), rod: ROD })).toBe(expected) // prettier-ignore
  })

  const good: WeightedInput = { hu: [1, 2, 3, 4, 5, 6], rows: 2, columns: 3, rod: ROD }
  it.each<[string, object | null, ErrorConstructor]>([
    ['nothing', null, TypeError],
    ['an unknown option', { ...good, threshold: 130 }, TypeError],
    ['no pixels', { ...good, hu: [] }, RangeError],
    ['HU that are no list', { ...good, hu: '123456' }, TypeError],
    ['a buffer', { ...good, hu: new ArrayBuffer(6) }, TypeError],
    ['a data view', { ...good, hu: new DataView(new ArrayBuffer(6)) }, TypeError],
    ['one pixel too few', { ...good, hu: [1, 2, 3, 4, 5] }, RangeError],
    ['one pixel too many', { ...good, hu: [1, 2, 3, 4, 5, 6, 7] }, RangeError],
    ['HU of NaN', { ...good, hu: [1, 2, 3, NaN, 5, 6] }, RangeError],
    ['HU of Infinity', { ...good, hu: [1, 2, 3, 4, 5, -Infinity] }, RangeError],
    ['HU as text', { ...good, hu: [1, 2, 3, '4', 5, 6] }, TypeError],
    ['half a row', { ...good, rows: 1.5, columns: 4 }, RangeError],
    ['no row', { ...good, rows: 0 }, RangeError],
    ['rows as text', { ...good, rows: '2' }, TypeError],
    ['half a slice', { ...good, slices: 0.5 }, RangeError],
    ['no rod', { ...good, rod: undefined }, TypeError],
    ['a rod without noise', { ...good, rod: { meanHu: 140, sdHu: 0 } }, RangeError],
    ['a rod below nothing', { ...good, rod: { meanHu: 140, sdHu: -1 } }, RangeError],
    ['a rod of NaN', { ...good, rod: { meanHu: NaN, sdHu: 1 } }, RangeError],
    ['a rod as text', { ...good, rod: { meanHu: '140', sdHu: 1 } }, TypeError],
    ['a rod with more', { ...good, rod: { ...ROD, median: 3 } }, TypeError],
    ['a mask too short', { ...good, mask: [1, 1, 1, 1, 1] }, RangeError],
    ['an empty mask', { ...good, mask: [0, 0, 0, 0, 0, 0] }, RangeError],
    ['a mask that is no list', { ...good, mask: true }, TypeError],
  ])('refuses %s', (_, input, kind) => {
    expect(() => spatiallyWeightedScore(input as WeightedInput)).toThrow(kind)
  })
})

describe('masses without a threshold', () => {
  const SIZES = { voxelMm3: 0.714432, densityMgPerMl: 200 }
  const both = (hu: readonly number[], bright: number, dark: number, sizes = SIZES) => [
    volumeFractionMass({ hu, calciumHu: bright, tissueHu: dark, ...sizes }),
    integratedMass({ hu, objectHu: bright, backgroundHu: dark, ...sizes }),
  ]
  const region = fc.array(pixel, { minLength: 1, maxLength: 60 })

  it('give the same number for the same two HU, to the bit, in any order', () => {
    fc.assert(
      fc.property(region, fc.integer({ min: 1, max: 800 }), fc.integer(), (hu, contrast, seed) => {
        const [fraction, integral] = both(hu, 40 + contrast, 40)
        expect(integral).toEqual(fraction)
        const order = [...hu.keys()].sort((a, b) => Math.sin(a * seed) - Math.sin(b * seed))
        expect(both(order.map((i) => hu[i]!), 40 + contrast, 40)[0]).toEqual(fraction) // prettier-ignore
      }),
      { seed: 21 },
    )
  })

  it('are linear in size and density, and in the region', () => {
    fc.assert(
      fc.property(region, region, fc.integer({ min: 1, max: 9 }), (one, other, n) => {
        const [whole] = both([...one, ...other], 318, 40)
        const parts = [both(one, 318, 40)[0]!, both(other, 318, 40)[0]!]
        agree(parts[0]!.massMg + parts[1]!.massMg, whole!.massMg)
        const larger = both(one, 318, 40, { ...SIZES, voxelMm3: SIZES.voxelMm3 * n })[0]!
        agree(larger.massMg, parts[0]!.massMg * n)
        expect(larger.voxels).toBe(parts[0]!.voxels)
        const denser = both(one, 318, 40, { ...SIZES, densityMgPerMl: 200 * n })[0]!
        agree(denser.massMg, parts[0]!.massMg * n)
        expect(denser.volumeMm3).toBe(parts[0]!.volumeMm3)
      }),
      { seed: 22 },
    )
  })

  it('do not see where HU begin, nor their unit', () => {
    fc.assert(
      fc.property(region, pixel, fc.constantFrom(0.5, 2, 4), (hu, shift, scale) => {
        const [plain] = both(hu, 318, 40)
        const [moved] = both(hu.map((x) => x * scale + shift), 318 * scale + shift, 40 * scale + shift) // prettier-ignore
        agree(moved!.voxels, plain!.voxels)
      }),
      { seed: 23 },
    )
  })

  it('leave out what the mask leaves out', () => {
    const input = { hu: [1000, 318, 40, NaN], mask: [0, 1, 1, 0], calciumHu: 318, tissueHu: 40, ...SIZES }
    expect(() => volumeFractionMass(input)).toThrow(RangeError)
    const sound = { ...input, hu: [1000, 318, 40, -9] }
    expect(volumeFractionMass(sound).voxels).toBe(1)
    const { calciumHu: objectHu, tissueHu: backgroundHu, ...rest } = sound
    expect(integratedMass({ ...rest, objectHu, backgroundHu })).toEqual(volumeFractionMass(sound))
  })

  const good = { hu: [1, 2], calciumHu: 300, tissueHu: 40, ...SIZES }
  it.each<[string, object | null, ErrorConstructor]>([
    ['nothing', null, TypeError],
    ['options of the other', { ...good, objectHu: 3 }, TypeError],
    ['no pixels', { ...good, hu: [] }, RangeError],
    ['HU of NaN', { ...good, hu: [1, NaN] }, RangeError],
    ['HU that are no list', { ...good, hu: 5 }, TypeError],
    ['calcium as dark as tissue', { ...good, calciumHu: 40 }, RangeError],
    ['calcium darker than tissue', { ...good, calciumHu: 39 }, RangeError],
    ['calcium of Infinity', { ...good, calciumHu: Infinity }, RangeError],
    ['tissue as text', { ...good, tissueHu: '40' }, TypeError],
    ['no tissue', { ...good, tissueHu: undefined }, TypeError],
    ['a size of 0', { ...good, voxelMm3: 0 }, RangeError],
    ['a size below 0', { ...good, voxelMm3: -1 }, RangeError],
    ['a density of 0', { ...good, densityMgPerMl: 0 }, RangeError],
    ['a density of NaN', { ...good, densityMgPerMl: NaN }, RangeError],
    ['no density', { ...good, densityMgPerMl: undefined }, TypeError],
    ['a mask of another length', { ...good, mask: [1] }, RangeError],
    ['a mask of nothing', { ...good, mask: [0, 0] }, RangeError],
  ])('refuse %s', (_, input, kind) => {
    expect(() => volumeFractionMass(input as typeof good)).toThrow(kind)
    if (input === null) return
    const { calciumHu: objectHu, tissueHu: backgroundHu, ...rest } = input as typeof good
    const other = 'objectHu' in input ? { ...rest, objectHu, backgroundHu, calciumHu: 3 } : { ...rest, objectHu, backgroundHu } // prettier-ignore
    expect(() => integratedMass(other)).toThrow(kind)
  })
})

describe('meanAndSd', () => {
  it('divides by n - 1', () => {
    expect(meanAndSd([1, 2, 3, 4])).toEqual({ meanHu: 2.5, sdHu: Math.sqrt(5 / 3), pixels: 4 })
    expect(meanAndSd(Int16Array.of(-5, 5))).toEqual({ meanHu: 0, sdHu: Math.sqrt(50), pixels: 2 })
  })

  it('keeps small differences of large values', () => {
    expect(meanAndSd([1e9 + 1, 1e9 + 2, 1e9 + 3])).toEqual({ meanHu: 1e9 + 2, sdHu: 1, pixels: 3 })
  })

  it('refuses one value, none, and what is no number', () => {
    for (const wrong of [[], [1], [1, NaN]]) expect(() => meanAndSd(wrong)).toThrow(RangeError)
    for (const wrong of [null, 5, ['1', '2']]) expect(() => meanAndSd(wrong as unknown as number[])).toThrow(TypeError)
  })

  it('sums what plain addition loses', () => {
    const sum = new CompensatedSum()
    for (const value of [1, 1e100, 1, -1e100]) sum.add(value)
    expect(sum.value()).toBe(2)
  })
})

describe('readRegion', () => {
  const scalarData = Int16Array.from({ length: 4 * 3 * 2 }, (_, i) => i)
  const volume = arrayVolume({ scalarData, dimensions: [4, 3, 2], spacing: [0.5, 0.25, 3], rescale: { slope: 2, intercept: -10 } }) // prettier-ignore

  it('gives HU, sizes and the size of a pixel', async () => {
    const region = await readRegion(volume, { rows: [1, 3], columns: [2, 4], slices: [0, 2] })
    expect(region).toMatchObject({ rows: 2, columns: 2, slices: 2, voxelMm3: 0.375 })
    expect([...region.hu]).toEqual([6, 7, 10, 11, 18, 19, 22, 23].map((stored) => 2 * stored - 10))
  })

  it('refuses padding', async () => {
    const padded: Volume = { ...volume, padding: () => ({ low: 5, high: 5 }) }
    await expect(readRegion(padded, { rows: [0, 3], columns: [0, 4], slices: [0, 1] })).rejects.toThrow('slice 0, row 1, column 1') // prettier-ignore
    expect((await readRegion(padded, { rows: [2, 3], columns: [0, 4], slices: [0, 1] })).hu).toHaveLength(4)
  })

  it.each<[object, ErrorConstructor]>([
    [{ rows: [0, 4], columns: [0, 4], slices: [0, 2] }, RangeError],
    [{ rows: [0, 3], columns: [-1, 4], slices: [0, 2] }, RangeError],
    [{ rows: [0, 3], columns: [0, 4], slices: [2, 2] }, RangeError],
    [{ rows: [0, 3], columns: [0, 4], slices: [1.5, 2] }, RangeError],
    [{ rows: [0, 3], columns: [0, 4], slices: 1 }, TypeError],
    [{ rows: [0, 3], columns: [0, 4] }, TypeError],
    [{ rows: [0, 3], columns: [0, 4], slices: [0, 2], z: 1 }, TypeError],
  ])('refuses the box %j', async (box, kind) => {
    await expect(readRegion(volume, box as Parameters<typeof readRegion>[1])).rejects.toThrow(kind)
  })

  it('refuses what is no volume', async () => {
    await expect(readRegion(null as unknown as Volume, { rows: [0, 1], columns: [0, 1], slices: [0, 1] })).rejects.toThrow(TypeError) // prettier-ignore
  })
})
