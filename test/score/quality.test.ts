/** Noise and air measured in the pixels, against truth and a plain computation; and what scoring warns of where they are off. */
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { AgatstonError } from '../../bindings/base/errors.js'
import { Objections } from '../../bindings/base/verdict.js'
import { readSeries } from '../../bindings/dicom/index.js'
import { makePhantom } from '../../bindings/phantom/index.js'
import { type Engine, createEngine } from '../../bindings/score/engine.js'
import { arrayExaminer, checkMeasured, examined } from '../../bindings/volume/examine.js'
import { Survey } from '../../bindings/volume/survey.js'
import type { Result } from '../../bindings/score/result.js'
import type { SliceArray, SyncVolume, Volume } from '../../bindings/volume/volume.js'
import { dataFolder, sourcesIn } from '../dicom/data.js'
import { SIDE, chest, chestVolume, fileOf, gauss, random, vessel } from './chests.js'
import { WHOLE } from './studies.js'

// A slow machine is no failure.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})

/** No noise passes 130 HU where the heart is: a zero whatever the noise. */
const quieted = (hu: number, x: number, y: number): number => (Math.hypot(x - 64, y - 64) < 24 ? Math.min(hu, 125) : hu)

const codes = (result: Result): string[] => result.warnings.map(({ code }) => code)
/** Phantoms and arrays are asked to be measured. */
const score = (volume: Volume): Promise<Result> =>
  engine.score(volume.kind === 'array' ? examined(volume as SyncVolume) : volume, { ...WHOLE, hash: false })

/** All slices of a volume in memory, in HU. */
function huOf(volume: SyncVolume): Float64Array {
  const { rows, columns, slices } = volume.geometry
  const size = rows * columns
  const hu = new Float64Array(size * slices)
  const slice = volume.pixelKind === 'int16' ? new Int16Array(size) : new Uint16Array(size)
  for (let k = 0; k < slices; k++) {
    volume.readSlice(k, slice)
    const { slope, intercept } = volume.rescale(k)
    slice.forEach((value, i) => (hu[k * size + i] = slope * value + intercept))
  }
  return hu
}

/** The plain measure: the standard deviation of what was added, where there is soft tissue. */
function addedNoise(noisy: Float64Array, clean: Float64Array): number {
  let [n, sum, squares] = [0, 0, 0]
  noisy.forEach((hu, i) => {
    if (clean[i]! < -50 || clean[i]! > 100) return
    n++
    sum += hu - clean[i]!
    squares += (hu - clean[i]!) ** 2
  })
  return Math.sqrt(squares / n - (sum / n) ** 2)
}

describe('noise', () => {
  const small = { rows: 320, columns: 320, slices: 10, spacingMm: [0.6, 0.6, 3] } as const
  let clean: SyncVolume
  beforeAll(() => {
    clean = makePhantom({ ...small, noiseHu: 0 }).volume
  })

  it.each([5, 10, 20, 30, 40])('of %d HU, grained as a reconstruction is, is found within 15 %', async (sd) => {
    const { volume } = makePhantom({ ...small, noiseHu: sd })
    const truth = addedNoise(huOf(volume), huOf(clean))
    const { noiseHu } = (await score(volume)).quality
    expect(noiseHu! / truth).toBeGreaterThan(0.85)
    expect(noiseHu! / truth).toBeLessThan(1.15)
  })

  it.each([5, 10, 20, 30, 40])('of %d HU, white, is found within 5 %', async (sd) => {
    const normal = gauss(sd)
    const scalarData = Int16Array.from(huOf(clean), (hu) => Math.round(hu + sd * normal()))
    const { geometry } = clean
    const volume = { ...chestVolume(chest({ slices: 1 })), geometry, readSlice: sliceOf(scalarData, 320 * 320) }
    const truth = addedNoise(Float64Array.from(scalarData), huOf(clean))
    expect((await score(volume)).quality.noiseHu! / truth).toBeCloseTo(1, 1.3)
  })

  const sliceOf = (data: Int16Array, size: number) => (k: number, into: SliceArray) =>
    into.set(data.subarray(k * size, (k + 1) * size))

  it('is hardly moved by calcium, bone, lungs and a fat that is not even', async () => {
    const plain = (await score(chestVolume(chest()))).quality.noiseHu!
    expect(plain).toBeGreaterThan(14)
    expect(plain).toBeLessThan(16)
    const word = random(7)
    const littered = chest({ paint: (hu, x, y) => (word() % 50 === 0 ? 700 : y > 100 && x % 9 < 3 ? hu - 150 : hu) })
    expect((await score(chestVolume(littered))).quality.noiseHu! / plain).toBeCloseTo(1, 1)
  })

  it('has no figure under 50 blocks of soft tissue, and 0 where there is none', () => {
    const normal = gauss(3)
    const of = (slices: number, hu: () => number): number | null => {
      const survey = new Survey({ rows: 9, columns: 9, pixelSpacingMm: [1, 1] }) // one block a slice
      for (let k = 0; k < slices; k++) {
        survey.add(Float32Array.from({ length: 81 }, hu), { slope: 1, intercept: 0 }, null)
      }
      return survey.measured().noiseHu
    }
    const noisy = (): number => 40 + 20 * normal()
    expect(of(49, noisy)).toBe(null)
    for (const n of [50, 51]) expect(of(n, noisy)! / 20).toBeCloseTo(1, 0.7)
    expect(of(50, () => 40)).toBe(0)
    for (const hu of [-50, 100]) expect(of(50, () => hu)).toBe(null)
    for (const hu of [-49, 99]) expect(of(50, () => hu)).toBe(0)
    expect(of(60, () => NaN)).toBe(null)
    // More than is told apart is told as the most, and never as nothing.
    for (const sd of [100, 200, 300]) expect(of(400, () => 40 + sd * normal())).toBeGreaterThan(75)
    // Nor are edges to lung, air and bone noise.
    expect(of(100, () => (normal() < 0 ? -850 : 900))).toBe(null)
  })

  it('is measured in HU whatever the stored values, and in floats as in integers', async () => {
    const hu = chest()
    const noise = async (volume: Volume): Promise<number> => (await score(volume)).quality.noiseHu!
    const plain = await noise(chestVolume(hu))
    const shifted = chestVolume(
      Uint16Array.from(hu, (v) => v + 1024),
      { slope: 1, intercept: -1024 },
    )
    const falling = chestVolume(
      Int16Array.from(hu, (v) => -v),
      { slope: -1, intercept: 0 },
    )
    const halved = chestVolume(
      Int16Array.from(hu, (v) => 2 * v),
      { slope: 0.5, intercept: 0 },
    )
    for (const same of [shifted, falling, halved, chestVolume(Float32Array.from(hu))])
      expect(await noise(same)).toBe(plain)
  })

  it('leaves padding out', () => {
    const normal = gauss(4)
    const pixels = Float32Array.from({ length: 81 }, () => 40 + 20 * normal())
    const measured = (padding: boolean): number | null => {
      const survey = new Survey({ rows: 9, columns: 9, pixelSpacingMm: [1, 1] })
      const marked = pixels.slice()
      marked[0] = -2000
      for (let k = 0; k < 60; k++)
        survey.add(padding ? marked : pixels, { slope: 1, intercept: 0 }, { low: -2000, high: -2000 })
      return survey.measured().noiseHu
    }
    expect(measured(false)).not.toBe(null)
    expect(measured(true)).toBe(null)
  })

  it('is not measured by scoreSync', () => {
    const result = engine.scoreSync(chestVolume(chest({ noiseHu: 60 })), WHOLE)
    expect(result.quality).toEqual({ noiseHu: null, airHu: null, bloodPoolHu: null, gated: null, coverageMm: 96 })
    expect(codes(result)).not.toContain('NOISE_HIGH')
  })

  it('NOISE_HIGH above 30 HU, on a score of zero too', async () => {
    const warned = (noiseHu: number | null): string[] => {
      const objections = new Objections()
      checkMeasured({ noiseHu, airHu: null, padded: 0 }, true, objections)
      return objections.warnings.map(({ code }) => code)
    }
    for (const hu of [null, 29.99, 30]) expect(warned(hu)).toEqual([])
    expect(warned(30.01)).toEqual(['NOISE_HIGH'])
    const zero = async (noiseHu: number): Promise<Result> =>
      engine.score(fileOf(chestVolume(chest({ noiseHu, paint: quieted }))), { territories: vessel() })
    const [quiet, loud] = [await zero(27), await zero(33)]
    expect([quiet.total.pieces, codes(quiet)]).toEqual([0, []])
    expect(codes(loud)).toEqual(expect.arrayContaining(['NOISE_HIGH']))
  })
})

describe('streamed slices', () => {
  it('in any order give the quality of the volume', async () => {
    const hu = chest({ slices: 12 })
    const size = SIDE * SIDE
    const whole = await score(chestVolume(hu))
    for (const seed of [1, 2]) {
      const word = random(seed)
      const order = Array.from({ length: 12 }, (_, k) => ({ k, by: word() })).sort((a, b) => a.by - b.by)
      const orientation = [1, 0, 0, 0, 1, 0]
      const shape = {
        rows: SIDE,
        columns: SIDE,
        pixelSpacingMm: [1, 1] as [number, number],
        orientation,
        thicknessMm: 3,
      }
      const scan = engine.begin(shape, { ...WHOLE, examiner: arrayExaminer(shape) })
      for (const { k } of order) scan.addSlice({ position: [0, 0, 3 * k], pixels: hu.slice(k * size, (k + 1) * size) })
      const result = scan.end()
      expect(result.quality).toEqual(whole.quality)
      expect(codes(result)).toEqual(codes(whole))
    }
    expect(whole.quality).toMatchObject({ noiseHu: expect.any(Number), airHu: expect.any(Number), coverageMm: 36 })
  })
})

describe('air', () => {
  const airOf = async (hu: Int16Array, intercept = 0, padding?: number): Promise<number | null> => {
    const volume = fileOf(chestVolume(hu, { slope: 1, intercept }), padding === undefined ? {} : { padding: { low: padding, high: padding } }) // prettier-ignore
    return (await score(volume)).quality.airHu
  }

  it('is found beside lungs, and moves with the scale', async () => {
    const hu = chest()
    const air = (await airOf(hu))!
    expect(Math.abs(air + 1000)).toBeLessThan(4)
    expect(await airOf(hu, 37)).toBe(air + 37)
  })

  it('is null where there is none: soft tissue, or lung alone', async () => {
    const normal = gauss(5)
    const word = random(6)
    expect(await airOf(Int16Array.from({ length: SIDE * SIDE * 8 }, () => Math.round(40 + 10 * normal())))).toBe(null)
    const vessels = (): number => -900 + (word() % 5 === 0 ? 200 + (word() % 200) : 0)
    expect(await airOf(Int16Array.from({ length: SIDE * SIDE * 8 }, () => Math.round(vessels() + 15 * normal())))).toBe(null) // prettier-ignore
  })

  it('is not the even lung of a phantom without air, unless soft tissue is off as well', async () => {
    const normal = gauss(8)
    const of = (lung: number, soft: number): Int16Array =>
      Int16Array.from({ length: SIDE * SIDE * 8 }, (_, i) => Math.round((i % SIDE < 64 ? lung : soft) + 12 * normal()))
    expect(await airOf(of(-803, 40))).toBe(null)
    for (const lung of [-890, -700, -610]) expect(await airOf(of(lung, 40))).toBe(null)
    for (const [air, soft] of [[-890, 141], [-803, 237], [-590, 40], [-910, 40]] as const) {
      expect(Math.abs((await airOf(of(air, soft)))! - air)).toBeLessThan(2)
    } // prettier-ignore
  })

  it('is no fill of -2000 or -3024 outside a round field of view, marked as padding or not', async () => {
    const round = (fill: number) => (hu: number, x: number, y: number) =>
      Math.hypot(x - 63.5, y - 63.5) > 62 ? fill : hu
    for (const fill of [-2000, -3024]) {
      const air = await airOf(chest({ paint: round(fill) }))
      expect(Math.abs(air! + 1000)).toBeLessThan(4)
      expect(await airOf(chest({ paint: round(fill) }), 0, fill)).toBe(air)
    }
  })

  it('cut off at -1024 is air all the same, and all cut off it is nothing to go by', async () => {
    const air = await airOf(chest({ noiseHu: 25, paint: (hu) => Math.max(hu, -1024) }))
    expect(Math.abs(air! + 1000)).toBeLessThan(6)
    expect(await airOf(chest({ paint: (hu) => (hu < -930 ? -1024 : hu) }))).toBe(null)
  })
})

describe('HU_CALIBRATION of files', () => {
  /** A zero, its HU moved: what is said of it. */
  const said = async (slope: number, intercept: number): Promise<string[] | string> => {
    const hu = Float32Array.from(chest({ noiseHu: 10 }), (v) => slope * v + intercept)
    return engine.score(fileOf(chestVolume(hu)), { territories: vessel() }).then(codes, (e: AgatstonError) => e.code)
  }

  it('air at -1000 +- 100 passes, one more does not', async () => {
    const { airHu } = (await score(chestVolume(chest({ noiseHu: 10 })))).quality
    for (const at of [-900, -1100]) {
      const [inside, outside] = [at - airHu!, at < -1000 ? at - airHu! - 1 : at - airHu! + 1]
      const within = at < -1000 ? inside + 1 : inside - 1
      for (const shift of [within, inside]) expect(await said(1, shift)).not.toContain('HU_CALIBRATION')
      const codesOutside = await said(1, outside)
      expect(codesOutside).toContain('HU_CALIBRATION')
      if (at < -1000) expect(codesOutside).toContain('ZERO_UNVERIFIED') // upward soft tissue passes 130 HU: no zero
    }
  })

  it('24 HU off is nobody else’s business', async () => {
    for (const shift of [-24, 24]) expect(await said(1, shift)).toEqual([])
  })

  it.each([
    ['a shift of -1000', 1, -1000],
    ['a shift of +1000', 1, 1000],
    ['+1024, the intercept left out', 1, 1024],
    ['half the slope', 0.5, 0],
    ['half the slope of stored values', 0.5, -512],
    ['twice the slope', 2, 0],
    ['twice the slope of stored values', 2, 1024],
    ['the sign of the intercept', 1, 2048],
  ])('%s is refused or warned of', async (_what, slope, intercept) => {
    const result = await said(slope, intercept)
    if (result !== 'NOT_HU') expect(result).toContain('HU_CALIBRATION')
  })

  it('says nothing of arrays, which may be part of a picture', async () => {
    const shifted = chestVolume(chest({ paint: (hu) => hu + 500 }))
    expect(codes(await score(shifted))).not.toContain('HU_CALIBRATION')
    expect(codes(await score(fileOf(shifted)))).toContain('HU_CALIBRATION')
  })
})

describe('real scans', () => {
  /** Of each: the range of noise by numpy (windows of 20 mm, plane taken off, the quietest quarter), and air. */
  it.each([
    ['qrm_canon/dicom', 18.4, 21.6, null],
    ['chest_acrin_flt_013/dicom', 5.7, 7.4, -1003],
    ['geometry_fail/dcm_qa_ct_GE', 3.3, 4.3, -999],
  ])('%s', async (name, low, high, air) => {
    const folder = dataFolder(name)
    if (!folder) return
    const accept = [
      'SPACING_IRREGULAR',
      'SLICES_MISSING',
      'GANTRY_TILT',
      'NOT_ORIGINAL',
      'CONTRAST_GIVEN',
      'LOSSY',
    ] as const
    const volume = await readSeries(sourcesIn(folder), { accept })
    const { quality, warnings } = await engine.score(volume, { ...WHOLE, accept, hash: false })
    expect(quality.noiseHu).toBeGreaterThan(low)
    expect(quality.noiseHu).toBeLessThan(high)
    expect(quality.airHu).toBe(air)
    expect(warnings.map(({ code }) => code)).not.toContain('HU_CALIBRATION')
    expect(warnings.map(({ code }) => code)).not.toContain('PADDING_IN_FIELD')
  })
})
