/**
 * The same picture handed over in every way there is: typed arrays of four kinds, views at odd offsets, NaN and infinities,
 * and a window full of somebody else's pixels.
 */
import '../../bindings/score/further/index.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { portableHasher } from '../../bindings/base/sha256.js'
import type { Engine } from '../../bindings/score/engine.js'
import { arrayVolume } from '../../bindings/volume/array.js'
import type { SliceArray, SyncVolume } from '../../bindings/volume/volume.js'
import { paintLabels, random } from '../paint.js'
import type { Platform } from '../platforms.js'
import { WHOLE, plain, study, thrown } from './studies.js'

const DIMENSIONS = [37, 23, 3] as const
const LENGTH = 37 * 23 * 3
const KINDS = [Int16Array, Uint16Array, Int32Array, Float32Array] as const
const RESCALE = { slope: 1, intercept: -1024 } as const

const from = random(41)
const STORED = Array.from({ length: LENGTH }, () =>
  from.pick([0, 1000, 1153, 1154, 1223, 1224, 1323, 1324, 1423, 1424, 4095]),
)

export function inputsSuite(platform: Platform): void {
  describe(`one picture, handed over in many ways (${platform.name})`, () => {
    let engine: Engine
    let expected: unknown
    const score = (scalarData: Int16Array | Uint16Array | Int32Array | Float32Array, rescale = RESCALE) =>
      plain(
        engine.scoreSync(arrayVolume({ scalarData, dimensions: DIMENSIONS, spacing: [0.5, 0.5, 3], rescale }), WHOLE),
      )

    beforeAll(async () => {
      engine = await platform.engine()
      expected = score(Int16Array.from(STORED))
    })

    it.each(KINDS.map((Kind) => [Kind.name, Kind] as const))('%s', (_name, Kind) => {
      expect(score(Kind.from(STORED))).toEqual(expected)
    })

    it.each(KINDS.map((Kind) => [Kind.name, Kind] as const))('views into %s at every offset', (_name, Kind) => {
      for (let offset = 0; offset <= 9; offset++) {
        const whole = new Kind(LENGTH + offset + 5).fill(4000)
        whole.set(STORED, offset)
        const before = whole.slice()
        expect(score(whole.subarray(offset, offset + LENGTH)), `offset ${offset}`).toEqual(expected)
        expect(whole).toEqual(before) // read, never changed
      }
      for (const bytes of [0, 2, 4, 6, 8, 10, 14]) {
        if (bytes % Kind.BYTES_PER_ELEMENT !== 0) continue
        const buffer = new ArrayBuffer(bytes + LENGTH * Kind.BYTES_PER_ELEMENT + 6)
        const view = new Kind(buffer, bytes, LENGTH)
        view.set(STORED)
        expect(score(view), `byte offset ${bytes}`).toEqual(expected)
      }
    })

    it('on shared memory', () => {
      const shared = new Int16Array(new SharedArrayBuffer(LENGTH * 2))
      shared.set(STORED)
      expect(score(shared)).toEqual(expected)
    })

    it('with another zero, another sign', () => {
      expect(
        score(
          Int16Array.from(STORED, (v) => v - 1024),
          { slope: 1, intercept: 0 } as never,
        ),
      ).toEqual(expected)
      expect(
        score(
          Int16Array.from(STORED, (v) => -v),
          { slope: -1, intercept: -1024 } as never,
        ),
      ).toEqual(expected)
      expect(
        score(
          Uint16Array.from(STORED, (v) => v + 60000),
          { slope: 1, intercept: -61024 } as never,
        ),
      ).toEqual(expected)
      expect(
        score(
          Uint16Array.from(STORED, (v) => 65535 - v),
          { slope: -1, intercept: 64511 } as never,
        ),
      ).toEqual(expected)
      expect(
        score(
          Float32Array.from(STORED, (v) => v / 4),
          { slope: 4, intercept: -1024 } as never,
        ),
      ).toEqual(expected)
    })

    it('after any other study: nothing of it is left in the window', () => {
      const loud = study([64, 64, 4], () => 3000)
      const labels = new Uint8Array(64 * 64 * 4).fill(3)
      engine.scoreSync(loud, { territories: { scalarData: labels, names: { 3: 'LCX' } } })
      expect(score(Int16Array.from(STORED))).toEqual(expected)
      engine.scoreSync(
        arrayVolume({ scalarData: new Float32Array(4096).fill(1e30), dimensions: [64, 64, 1], spacing: [1, 1, 1] }),
        WHOLE,
      )
      expect(score(Int16Array.from(STORED))).toEqual(expected)
      expect(score(Float32Array.from(STORED))).toEqual(expected)
    })

    it('again and again: the same text', () => {
      const volume = arrayVolume({
        scalarData: Int16Array.from(STORED),
        dimensions: DIMENSIONS,
        spacing: [0.5, 0.5, 3],
        rescale: RESCALE,
      })
      const texts = Array.from({ length: 5 }, () => JSON.stringify(engine.scoreSync(volume, WHOLE)))
      expect(new Set(texts).size).toBe(1)
    })

    it('the result outlives the engine and what comes after', async () => {
      const own = await platform.engine()
      const volume = arrayVolume({
        scalarData: Int16Array.from(STORED),
        dimensions: DIMENSIONS,
        spacing: [0.5, 0.5, 3],
        rescale: RESCALE,
      })
      const result = own.scoreSync(volume, WHOLE) // its lesions are not looked at yet
      own.scoreSync(
        study([64, 64, 4], () => 3000),
        WHOLE,
      )
      own.dispose()
      expect(plain(result)).toEqual(expected)
      expect(result.lesions).toBe(result.lesions)
      expect(plain(structuredClone(result))).toEqual(expected)
      expect(plain({ ...result })).toEqual(expected)
    })
  })

  describe(`numbers that are none (${platform.name})`, () => {
    const one = (values: readonly number[], rescale = { slope: 1, intercept: 0 }): SyncVolume =>
      arrayVolume({
        scalarData: Float32Array.from(values),
        dimensions: [values.length, 1, 1],
        spacing: [1, 1, 3],
        rescale,
      })

    it('NaN is never calcified and parts what lies beside it', async () => {
      const engine = await platform.engine()
      for (const slope of [1, -1]) {
        const values = [500, 500, NaN, 500, -NaN, 129].map((v) => v * slope)
        const { total } = engine.scoreSync(one(values, { slope, intercept: 0 }), WHOLE)
        expect([total.pixels, total.pieces, total.agatston, total.meanHu]).toEqual([3, 2, 12, 500])
      }
      expect(engine.scoreSync(one(Array.from({ length: 130 }, () => NaN)), WHOLE).total.pixels).toBe(0)
    })

    it('minus infinity is never calcified; zero of either sign is zero', async () => {
      const engine = await platform.engine()
      expect(engine.scoreSync(one([-Infinity, 500, -0, 0]), WHOLE).total).toMatchObject({ pixels: 1, meanHu: 500 })
      expect(engine.scoreSync(one([Infinity, -500], { slope: -1, intercept: 0 }), WHOLE).total).toMatchObject({
        pixels: 1,
      })
      for (const slope of [1, -1]) {
        const { total } = engine.scoreSync(one([0, -0], { slope, intercept: 130 }), WHOLE)
        expect([total.pixels, total.agatston, total.peakHu, total.meanHu]).toEqual([2, 2, 130, 130])
      }
    })

    it('infinity is above every threshold: it is calcified, or the picture is refused, but no finite mean comes of it', async () => {
      const engine = await platform.engine()
      for (const slope of [1, -1]) {
        let total
        try {
          total = engine.scoreSync(one([500, slope < 0 ? -Infinity : Infinity], { slope, intercept: 0 }), WHOLE).total
        } catch (error) {
          expect(error).toMatchObject({ code: 'PIXEL_FORMAT' })
          continue
        }
        expect([total.peakHu, total.meanHu], `slope ${slope}`).toEqual([Infinity, Infinity])
      }
    })

    it('Int32 up to 2^24 is exact, beyond it is refused, by value and place', async () => {
      const engine = await platform.engine()
      const of = (value: number): SyncVolume =>
        arrayVolume({ scalarData: Int32Array.from([0, value]), dimensions: [1, 1, 2], spacing: [1, 1, 3] })
      expect(engine.scoreSync(of(2 ** 24), WHOLE).total.peakHu).toBe(2 ** 24)
      expect(engine.scoreSync(of(2 ** 24 - 1), WHOLE).total.peakHu).toBe(2 ** 24 - 1)
      expect(engine.scoreSync(of(-(2 ** 24)), WHOLE).total.pixels).toBe(0)
      for (const value of [2 ** 24 + 1, 2 ** 31 - 1, -(2 ** 24) - 1, -(2 ** 31)]) {
        expect(thrown(() => engine.scoreSync(of(value), WHOLE))).toMatchObject({
          code: 'PIXEL_FORMAT',
          details: { slice: 1, index: 0 },
          message: expect.stringContaining(String(value)),
        })
      }
    })
  })

  describe(`territories (${platform.name})`, () => {
    const painted = Int16Array.from(STORED, (v) => v - 1024)
    const volume = arrayVolume({ scalarData: painted, dimensions: DIMENSIONS, spacing: [0.5, 0.5, 3] })
    const map = paintLabels([23, 37, 3], 4, random(11))

    it('of one name under two ids are one territory, pieces and all', async () => {
      const engine = await platform.engine()
      const joined = map.map((label) => (label === 4 ? 2 : label))
      const names = { 1: 'LM', 2: 'LAD', 3: 'RCA' }
      const two = engine.scoreSync(volume, { territories: { scalarData: map, names: { ...names, 4: 'LAD' } } })
      const one = engine.scoreSync(volume, { territories: { scalarData: joined, names } })
      expect(plain(two)).toEqual(plain(one))
    })

    it('label maps at odd offsets are read where they lie', async () => {
      const engine = await platform.engine()
      const names = { 1: 'LM', 2: 'LAD', 3: 'RCA', 4: 'LCX' }
      const expected = plain(engine.scoreSync(volume, { territories: { scalarData: map, names } }))
      for (const offset of [1, 3, 7]) {
        const wide = new Uint8Array(LENGTH + offset + 3).fill(4)
        wide.set(map, offset)
        const scalarData = wide.subarray(offset, offset + LENGTH)
        expect(plain(engine.scoreSync(volume, { territories: { scalarData, names } }))).toEqual(expected)
      }
    })

    it('names in the map that no pixel bears stand on the result with nothing', async () => {
      const engine = await platform.engine()
      const empty = new Uint8Array(LENGTH)
      const result = engine.scoreSync(volume, {
        territories: { scalarData: empty, names: { 1: 'LM', 255: 'constructor' } },
      })
      expect(Object.keys(result.territories)).toEqual(['LM', 'constructor'])
      expect(result.total).toMatchObject({ agatston: 0, pieces: 0, lesions: 0, meanHu: null, diffusivity: null })
      expect(result.category).toBe(null) // a map that marks no vessel says nothing of vessels
      expect(result.warnings.map(({ code }) => code)).toContain('ZERO_UNVERIFIED')
    })

    it('aorta, valves and others stand apart from the total', async () => {
      const engine = await platform.engine()
      const names = { 1: 'LAD', 2: 'AORTA', 3: 'MITRAL_VALVE', 4: 'OTHER' }
      const { total, territories } = engine.scoreSync(volume, { territories: { scalarData: map, names } })
      expect(total.pixels).toBe(territories.LAD!.pixels)
      expect(total.agatston).toBe(territories.LAD!.agatston)
      expect(total.diffusivity).toBe(0)
      expect(territories.AORTA!.pixels).toBeGreaterThan(0)
    })
  })

  describe(`pixels that are read (${platform.name})`, () => {
    it('lie row by row in an array of the volume kind, as large as a slice', async () => {
      const engine = await platform.engine()
      for (const [pixelKind, Kind] of [['int16', Int16Array], ['uint16', Uint16Array], ['float32', Float32Array]] as const) {
        const seen: SliceArray[] = []
        const base = study([5, 7, 2], () => 0)
        engine.scoreSync({ ...base, pixelKind, readSlice: (_k, into) => void seen.push(into) }, WHOLE)
        expect(seen.map((into) => [into.constructor, into.length])).toEqual([[Kind, 35], [Kind, 35]])
      } // prettier-ignore
    })

    it('under a rescale that is none are refused, not scored as zero', async () => {
      const engine = await platform.engine()
      const loud = study([5, 7, 2], () => 500)
      for (const slope of [NaN, 0, Infinity]) {
        const volume = { ...loud, rescale: (k: number) => ({ slope: k === 1 ? slope : 1, intercept: 0 }) }
        expect(
          thrown(() => engine.scoreSync(volume, WHOLE)),
          `slope ${slope}`,
        ).toMatchObject({ code: 'RESCALE_INVALID' })
      }
    })

    it('hash to what their definition says, in every kind', async () => {
      const engine = await platform.engine()
      const volume = arrayVolume({
        scalarData: Int16Array.of(1, -2, 3, 4),
        dimensions: [2, 1, 2],
        spacing: [1, 1, 3],
        rescale: { slope: 0.5, intercept: -1024 },
      })
      expect(engine.scoreSync(volume, WHOLE).input.pixelSha256).toBe(null)
      const text = 'agatston-pixels/1 1 2 2 signed\n0.5 -1024\n\x01\x00\xfe\xff0.5 -1024\n\x03\x00\x04\x00'
      const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0))
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
      const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
      expect(engine.scoreSync(volume, { ...WHOLE, hash: portableHasher }).input.pixelSha256).toBe(hex)
      expect(thrown(() => engine.scoreSync(volume, { ...WHOLE, hash: true }))).toBeInstanceOf(RangeError)
      expect((await engine.score(volume, { ...WHOLE, hash: true })).input.pixelSha256).toBe(hex)
      const given: number[] = []
      const hasher = () => ({ update: (some: Uint8Array) => void given.push(...some), hex: () => 'mine' })
      expect(engine.scoreSync(volume, { ...WHOLE, hash: hasher }).input.pixelSha256).toBe('mine')
      expect(given).toEqual([...bytes])
    })
  })
}
