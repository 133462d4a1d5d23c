/** Metal and peaks cut off: every edge, both modules, and regions counted by a flood fill that knows nothing of the kernel. */
import '../../bindings/score/further/index.js'
import fc from 'fast-check'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Warning } from '../../bindings/base/errors.js'
import type { Engine } from '../../bindings/score/engine.js'
import type { ScoreOptions } from '../../bindings/score/options.js'
import type { Result } from '../../bindings/score/result.js'
import { arrayVolume } from '../../bindings/volume/array.js'
import type { SyncVolume } from '../../bindings/volume/volume.js'
import { platforms } from '../platforms.js'
import { WHOLE, study } from './studies.js'

// A slow machine is no failure.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const SIDE = 16
type Hu = (x: number, y: number, z: number) => number

/** Pixels of 0.5 x 0.5 mm: four are 1 mm2, forty 10 mm2. */
function volumeOf(hu: Hu, slices = 3): SyncVolume {
  const scalarData = Int16Array.from({ length: SIDE * SIDE * slices }, (_, i) =>
    hu(i % SIDE, Math.floor(i / SIDE) % SIDE, Math.floor(i / SIDE / SIDE)),
  )
  return arrayVolume({ scalarData, dimensions: [SIDE, SIDE, slices], spacing: [0.5, 0.5, 3] })
}

const told = (result: Result, code: string): Warning | undefined => result.warnings.find((one) => one.code === code)

describe.each(platforms)('$name', (platform) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await platform.engine()
  })
  const score = (volume: SyncVolume, options: ScoreOptions = WHOLE): Result => engine.scoreSync(volume, options)
  const codes = (volume: SyncVolume, options: ScoreOptions = WHOLE): string[] =>
    score(volume, options)
      .warnings.map(({ code }) => code)
      .filter((code) => code === 'METAL' || code === 'SATURATED')

  describe('METAL', () => {
    /** `n` pixels in rows of eight. */
    const pixels = (n: number, hu: number): SyncVolume =>
      volumeOf((x, y, z) => (z === 1 && x < 8 && y * 8 + x < n ? hu : 40))

    it('above 10 mm2, and above 2000 HU', () => {
      expect(codes(pixels(39, 2500))).toEqual([])
      expect(codes(pixels(40, 2500))).toEqual([])
      expect(codes(pixels(41, 2500))).toEqual(['METAL'])
      expect(codes(pixels(60, 1999))).toEqual([])
      expect(codes(pixels(60, 2000))).toEqual([])
      expect(codes(pixels(60, 2001))).toEqual(['METAL'])
    })

    it('is one region: two of 8 mm2 in one calcification are none, joined by a corner they are', () => {
      const two = (gap: boolean): SyncVolume =>
        volumeOf((x, y, z) => {
          if (z !== 1 || x > 8) return 40
          if (y < 4 && x < 8) return 2500
          return (gap ? y > 4 : y > 3) && y < 9 && (x > 0 || !gap) ? (y < 8 || gap ? 2500 : 900) : 900
        })
      expect(codes(two(true))).toEqual([])
      expect(codes(two(false))).toEqual(['METAL'])
    })

    it('says how many, how large and where, the largest first', () => {
      const hu: Hu = (x, y, z) =>
        (z === 0 && x < 7 && y < 6) || (z === 2 && x > 5 && y > 9) ? 2600 : (x + y + z) % 7 === 0 ? 150 : 40
      const { details, message } = told(score(volumeOf(hu)), 'METAL')!
      expect(details).toEqual({
        regions: 2,
        pixels: 42 + 60,
        places: [
          { slice: 2, row: 13, column: 11, territory: null, pixels: 60 },
          { slice: 0, row: 3, column: 3, territory: null, pixels: 42 },
        ],
      })
      expect(message).toMatch(/2 region.*slice 2 at row 13, column 11/)
    })

    it('names the territory, and looks into each by itself', () => {
      const scalarData = new Uint8Array(SIDE * SIDE * 3).map((_, i) => (i % SIDE < 8 ? 2 : 7))
      const territories = { scalarData, names: { 2: 'LAD', 7: 'AORTA' } }
      const volume = volumeOf((_, y, z) => (z === 1 && y < 5 ? 2500 : 40)) // 40 pixels of each
      expect(codes(volume, { territories })).toEqual([])
      const larger = volumeOf((x, y, z) => (z === 1 && y < (x < 8 ? 6 : 5) ? 2500 : 40))
      const { details } = told(score(larger, { territories }), 'METAL')!
      expect(details).toMatchObject({ regions: 1, places: [{ territory: 'LAD', pixels: 48 }] })
    })

    it('leaves score, lesions and links as they are', () => {
      const block = (peak: number): SyncVolume => volumeOf((x, y, z) => (x > 2 && x < 12 && y > 2 && y < 12 ? (x === 7 && z > 0 ? 450 : peak) : 40)) // prettier-ignore
      const [plain, metal] = [score(block(900)), score(block(2500))]
      expect(told(metal, 'METAL')).toBeDefined()
      expect(metal.total.agatston).toBe(plain.total.agatston)
      expect(metal.lesions.map(({ pieces }) => pieces.map(({ slice, pixels: n }) => [slice, n]))).toEqual(
        plain.lesions.map(({ pieces }) => pieces.map(({ slice, pixels: n }) => [slice, n])),
      )
    })
  })

  describe('SATURATED', () => {
    /** A block of 16 pixels, one of them at `peak`. */
    const peak = (hu: number): SyncVolume =>
      volumeOf((x, y, z) => (z === 1 && x > 3 && x < 8 && y > 3 && y < 8 ? (x === 5 && y === 6 ? hu : 600) : 40))

    it('at 3071 HU, where scanners cut off 12 bits, and not beside it', () => {
      for (const hu of [3070, 3072]) expect(codes(peak(hu))).toEqual([])
      expect(codes(peak(3071))).toEqual(['SATURATED'])
      expect(told(score(peak(3071)), 'SATURATED')!.details).toEqual({
        regions: 1,
        pixels: 1,
        places: [{ slice: 1, row: 6, column: 5, territory: null, pixels: 1 }],
      })
    })

    it('not where other pixels of the slice go on above', () => {
      const volume = volumeOf((_, y, z) => (z === 1 && y < 6 ? (y < 3 ? 3071 : 3500) : 40))
      expect(codes(volume)).toEqual(['METAL'])
    })

    it('only in pieces that count', () => {
      const lone = (n: number): SyncVolume => volumeOf((x, y, z) => (z === 1 && y === 4 && x < n ? 3071 : 40))
      expect(codes(lone(3))).toEqual([])
      expect(codes(lone(4))).toEqual(['SATURATED'])
    })

    it('at the highest value of the type, of the bits stored, and of a falling slope', async () => {
      expect(codes(peak(32766))).toEqual([])
      expect(codes(peak(32767))).toEqual(['SATURATED'])
      const stored = async (bits: number, hu: number, slope = 1, intercept = 0): Promise<string[]> => {
        const at = Math.round((hu - intercept) / slope)
        const [block, rest] = [Math.round((600 - intercept) / slope), Math.round((40 - intercept) / slope)]
        const scalarData = Int16Array.from({ length: SIDE * SIDE * 3 }, (_, i) => (i < 300 && i > 260 ? (i === 270 ? at : block) : rest)) // prettier-ignore
        const volume = arrayVolume({
          scalarData,
          dimensions: [SIDE, SIDE, 3],
          spacing: [0.5, 0.5, 3],
          rescale: { slope, intercept },
        })
        const { warnings } = await engine.score({ ...volume, bitsStored: () => bits }, WHOLE)
        return warnings.map(({ code }) => code).filter((code) => code === 'SATURATED')
      }
      // Signed 12 bits: 2047, and -2048 where the slope falls.
      expect(await stored(12, 2046)).toEqual([])
      expect(await stored(12, 2047)).toEqual(['SATURATED'])
      expect(await stored(12, 1023, 1, -1024)).toEqual(['SATURATED'])
      expect(await stored(12, 1022, 1, -1024)).toEqual([])
      expect(await stored(12, 2048, -1)).toEqual(['SATURATED'])
      expect(await stored(12, 2047, -1)).toEqual([])
      expect(await stored(16, 2047)).toEqual([])
    })

    it('in floats at 3071 only', () => {
      const floats = (hu: number): SyncVolume => {
        const scalarData = Float32Array.from({ length: 64 }, (_, i) => (i < 16 ? hu : 40))
        return arrayVolume({ scalarData, dimensions: [8, 8, 1], spacing: [0.5, 0.5, 3] })
      }
      expect(codes(floats(3071))).toEqual(['SATURATED'])
      for (const hu of [3070.5, 3071.5, 32767, 1e30]) expect(codes(floats(hu))).not.toContain('SATURATED')
    })
  })

  it('a picture full of it takes no longer than its pieces, and tells of ten', () => {
    const side = 512
    // A quarter of a million single pixels in two slices, each metal by its area, or too small to count.
    const scalarData = Int16Array.from({ length: 2 * side * side }, (_, i) => (i % 2 && (i >> 9) % 2 ? 3071 : 0))
    const of = (mm: number, standard: string): Result => {
      const volume = arrayVolume({ scalarData, dimensions: [side, side, 2], spacing: [mm, mm, 3] })
      return score(volume, { ...WHOLE, standard })
    }
    const { details } = told(of(4, 'agatston-130'), 'METAL')!
    expect([details['regions'], (details['places'] as unknown[]).length]).toEqual([2 * 65536, 10])
    expect(told(of(4, 'agatston-130'), 'SATURATED')!.details['pixels']).toBe(2 * 65536)
    expect(told(of(0.5, 'canon'), 'SATURATED')).toBeUndefined()
  })

  it('both are what a flood fill finds, scored at once, awaited or streamed backwards', async () => {
    const values = fc.constantFrom(40, 150, 1999, 2000, 2001, 3070, 3071, 3500)
    const picture = fc.array(values, { minLength: 3 * 64, maxLength: 3 * 64 })
    await fc.assert(
      fc.asyncProperty(picture, fc.constantFrom(4, 8), async (hu, neighbours) => {
        const standard = neighbours === 8 ? 'agatston-130' : 'siemens'
        const options = { ...WHOLE, standard }
        const volume = study([8, 8, 3], (x, y, z) => hu[z * 64 + y * 8 + x]!)
        const found = (result: Result): (Warning | undefined)[] => [told(result, 'METAL'), told(result, 'SATURATED')]
        const result = score(volume, options)
        const expected = [0, 1, 2].map((z) => plainly(hu.slice(z * 64, z * 64 + 64), neighbours))
        const sum = (of: (slice: ReturnType<typeof plainly>) => number): number =>
          expected.reduce((a, b) => a + of(b), 0)
        const [metal, cut] = found(result)
        expect([metal?.details['regions'] ?? 0, metal?.details['pixels'] ?? 0]).toEqual([sum((s) => s.metal.length), sum((s) => s.metal.reduce((a, b) => a + b, 0))]) // prettier-ignore
        expect(cut?.details['pixels'] ?? 0).toBe(sum((s) => s.cut))
        expect(found(await engine.score(volume, options))).toEqual([metal, cut])
        const scan = engine.begin(
          { rows: 8, columns: 8, pixelSpacingMm: [1, 1], orientation: [1, 0, 0, 0, 1, 0] },
          options,
        )
        for (const z of [2, 0, 1]) scan.addSlice({ position: [0, 0, 3 * z], pixels: Int16Array.from(hu.slice(z * 64, z * 64 + 64)) }) // prettier-ignore
        expect(found(scan.end())).toEqual([metal, cut])
      }),
      { numRuns: 60, seed: 20 },
    )
  })
})

/** Regions above 2000 HU larger than 10 pixels of 1 mm2, and pixels at 3071 where nothing of the slice is above. */
function plainly(hu: readonly number[], neighbours: number): { metal: number[]; cut: number } {
  const seen = new Set<number>()
  const metal: number[] = []
  for (let start = 0; start < 64; start++) {
    if (hu[start]! <= 2000 || seen.has(start)) continue
    const open = [start]
    seen.add(start)
    let size = 0
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      size++
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          if (neighbours === 4 && dx !== 0 && dy !== 0) continue
          const [x, y] = [(at % 8) + dx, Math.floor(at / 8) + dy]
          const next = y * 8 + x
          if (x < 0 || x > 7 || y < 0 || y > 7 || seen.has(next) || hu[next]! <= 2000) continue
          seen.add(next)
          open.push(next)
        }
      }
    }
    if (size > 10) metal.push(size)
  }
  const most = hu.reduce((a, b) => Math.max(a, b))
  return { metal, cut: most === 3071 ? hu.filter((value) => value === 3071).length : 0 }
}
