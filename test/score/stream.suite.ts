/**
 * Slices that arrive one by one: every order of arrival gives the result of the whole volume, and `end` refuses each
 * series that would score wrongly, exactly from its limit on.
 */
import '../../bindings/score/further/index.js'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { AcceptableCode, AgatstonError } from '../../bindings/base/errors.js'
import type { Engine } from '../../bindings/score/engine.js'
import type { Result } from '../../bindings/score/result.js'
import type { Scan, ScanOptions, ScanSlice } from '../../bindings/score/scan.js'
import { arrayVolume } from '../../bindings/volume/array.js'
import { paintLabels, random, randomMask } from '../paint.js'
import type { Platform } from '../platforms.js'
import { WHOLE, plain, thrown } from './studies.js'

const SHAPE = { rows: 4, columns: 4, pixelSpacingMm: [1, 1], orientation: [1, 0, 0, 0, 1, 0] } as const
const block = (hu: number): Int16Array => new Int16Array(16).fill(hu)

/** Add slices of these positions (z, or all three coordinates) and end. */
function scanAt(
  engine: Engine,
  positions: readonly (number | readonly [number, number, number])[],
  options: ScanOptions = {},
): Result {
  const scan = engine.begin(SHAPE, { ...WHOLE, ...options })
  try {
    for (const [n, at] of positions.entries()) {
      scan.addSlice({ position: typeof at === 'number' ? [0, 0, at] : at, pixels: block(500 + n) })
    }
    return scan.end()
  } finally {
    scan.cancel()
  }
}

const codeOf = (call: () => unknown): string => {
  try {
    call()
    return 'accepted'
  } catch (error) {
    return (error as AgatstonError).code
  }
}

/** Codes of the warnings, but for the coverage: a few slices never cover a heart. */
const codes = (result: Result): string[] =>
  result.warnings.map(({ code }) => code).filter((code) => code !== 'COVERAGE_SHORT')

export function streamSuite(platform: Platform): void {
  describe(`slices in any order (${platform.name})`, () => {
    let engine: Engine
    beforeAll(async () => {
      engine = await platform.engine()
    })

    const kinds = [Int16Array, Uint16Array, Int32Array, Float32Array] as const

    it('give the result of the whole volume', () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 2 ** 31 }), fc.boolean(), fc.constantFrom(4 as const, 8 as const), (seed, labelled, n) => {
          const from = random(seed)
          const [columns, rows, slices] = [1 + from.below(30), 1 + from.below(30), 2 + from.below(7)]
          const Kind = from.pick(kinds)
          const size = rows * columns
          const scalarData = new Kind(size * slices)
          for (let k = 0; k < slices; k++) {
            const { data } = randomMask(columns, rows, from.pick([0, 0.2, 0.6]), 1 + from.below(4), from)
            for (let i = 0; i < size; i++) scalarData[k * size + i] = data[i] ? from.pick([1154, 1300, 1900]) : from.pick([0, 1153])
          }
          const labels = paintLabels([rows, columns, slices], 3, from)
          const names = { 1: 'LM', 2: 'LAD', 3: 'RCA' }
          const rescale = { slope: 1, intercept: -1024 }
          const standard = n === 8 ? 'agatston-130' : 'canon'
          const volume = arrayVolume({ scalarData, dimensions: [columns, rows, slices], spacing: [0.5, 0.75, 3], origin: [-20, 10, -60], rescale, thicknessMm: 2 })
          const whole = engine.scoreSync(volume, { standard, massFactor: 7e-4, ...(labelled ? { territories: { scalarData: labels, names } } : WHOLE) })
          const order = Array.from({ length: slices }, (_, k) => k)
          for (let k = slices - 1; k > 0; k--) {
            const other = from.below(k + 1)
            ;[order[k], order[other]] = [order[other]!, order[k]!]
          }
          const shape = { rows, columns, pixelSpacingMm: [0.75, 0.5], orientation: [1, 0, 0, 0, 1, 0], thicknessMm: 2 } as const
          const scan = engine.begin(shape, { standard, massFactor: 7e-4, ...(labelled ? { territories: { names } } : WHOLE) })
          for (const k of order) {
            const slice: ScanSlice = { position: [-20, 10, 3 * k - 60], pixels: scalarData.subarray(k * size, (k + 1) * size), rescale }
            scan.addSlice(labelled ? { ...slice, labels: labels.subarray(k * size, (k + 1) * size) } : slice)
          }
          expect(scan.slices).toBe(slices)
          expect(plain(scan.end()), `order ${order.join()}`).toEqual(plain(whole))
        }),
        { numRuns: 150, seed: 7 },
      )
    }) // prettier-ignore

    it('every order of five slices, each with its own rescale', () => {
      const rescales = [{ slope: 1, intercept: 0 }, { slope: -1, intercept: 900 }, { slope: 0.5, intercept: 100 }, { slope: 2, intercept: -500 }, { slope: 1, intercept: -200 }] // prettier-ignore
      const results = new Set<string>()
      const permute = (rest: readonly number[], order: readonly number[]): void => {
        if (rest.length === 0) {
          const scan = engine.begin(SHAPE, WHOLE)
          for (const k of order) {
            scan.addSlice({ position: [0, 0, 3 * k], pixels: block(400 + k), rescale: rescales[k]!, sopInstanceUid: `1.2.${k}` })
          }
          results.add(JSON.stringify(scan.end()))
        }
        for (const k of rest) permute(rest.filter((other) => other !== k), [...order, k])
      } // prettier-ignore
      permute([0, 1, 2, 3, 4], [])
      expect(results.size).toBe(1)
    })

    it('keeps nothing of the arrays it was given', () => {
      const pixels = block(500)
      const scan = engine.begin(SHAPE, WHOLE)
      for (const z of [0, 3, 6]) scan.addSlice({ position: [0, 0, z], pixels })
      pixels.fill(0)
      expect(scan.end().total.agatston).toBe(3 * 16 * 4)
    })

    it('scores slices against the normal and oblique ones', () => {
      const shape = { ...SHAPE, orientation: [1, 0, 0, 0, 0, -1] } // coronal: the normal is +y
      const coronal = (options: ScanOptions): Result => {
        const scan = engine.begin(shape, options)
        for (const y of [9, 3, 6, 0]) scan.addSlice({ position: [0, y, 0], pixels: block(500 + y) })
        return scan.end()
      }
      expect(codeOf(() => coronal(WHOLE))).toBe('NOT_AXIAL')
      const result = coronal({ ...WHOLE, accept: ['NOT_AXIAL'] })
      expect(result.accepted).toEqual(['NOT_AXIAL'])
      expect(result.input.incrementMm).toBe(3)
      expect(result.lesions[0]!.pieces.map(({ peakHu }) => peakHu)).toEqual([500, 503, 506, 509])
    })
  })

  describe(`what end refuses (${platform.name})`, () => {
    let engine: Engine
    beforeAll(async () => {
      engine = await platform.engine()
    })

    it('TOO_FEW_SLICES: none, one, not two', () => {
      expect(codeOf(() => scanAt(engine, []))).toBe('TOO_FEW_SLICES')
      expect(codeOf(() => scanAt(engine, [0]))).toBe('TOO_FEW_SLICES')
      expect(codeOf(() => scanAt(engine, [0], { accept: ['TOO_FEW_SLICES'] }))).toBe('TOO_FEW_SLICES')
      expect(codeOf(() => scanAt(engine, [0], { incrementMm: 3 }))).toBe('TOO_FEW_SLICES')
      expect(codeOf(() => scanAt(engine, [], { accept: ['TOO_FEW_SLICES'], incrementMm: 3 }))).toBe('TOO_FEW_SLICES')
      const one = scanAt(engine, [0], { accept: ['TOO_FEW_SLICES'], incrementMm: 1.5 })
      expect([one.total.agatston, one.input.incrementMm, one.accepted]).toEqual([32, 1.5, ['TOO_FEW_SLICES']])
      expect(codes(one)).toContain('ACCEPTED')
      expect(scanAt(engine, [0, 3]).accepted).toEqual([])
    })

    it('SLICES_DUPLICATE: nearer than a hundredth of a mm', () => {
      expect(codeOf(() => scanAt(engine, [0, 3, 6, 6]))).toBe('SLICES_DUPLICATE')
      expect(codeOf(() => scanAt(engine, [0, 3, 6, 6.0099]))).toBe('SLICES_DUPLICATE')
      expect(codeOf(() => scanAt(engine, [0, 3, 6, 6.0101]))).not.toBe('SLICES_DUPLICATE')
    })

    it('drops a slice that came twice, and says so', () => {
      const twice = (scan: Scan): Result => {
        for (const z of [0, 3, 0, 6, 6]) scan.addSlice({ position: [0, 0, z], pixels: block(500) })
        return scan.end()
      }
      const result = twice(engine.begin(SHAPE, WHOLE))
      expect([result.total.agatston, result.input.slices, codes(result)]).toEqual([3 * 64, 3, ['SLICES_IDENTICAL_DROPPED', 'SCOPE_WHOLE_IMAGE']]) // prettier-ignore
    })

    it('accepted duplicates: the same slice stays in every order of arrival', () => {
      for (const uids of [['1.2', '1.10', '1.3', '1.4'], [undefined, undefined, undefined, undefined]]) {
        const slices = [0, 0, 3, 6].map((z, n) => {
          const slice = { position: [0, 0, z] as const, pixels: block(500 + 50 * n) }
          return uids[n] === undefined ? slice : { ...slice, sopInstanceUid: uids[n] }
        })
        const peaks = [[0, 1, 2, 3], [1, 0, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]].map((order) => {
          const scan = engine.begin(SHAPE, { ...WHOLE, accept: ['SLICES_DUPLICATE'] })
          for (const n of order) scan.addSlice(slices[n]!)
          const result = scan.end()
          expect(codes(result)).toContain('ACCEPTED')
          expect(result.accepted).toEqual(['SLICES_DUPLICATE'])
          return result.lesions[0]!.pieces.map(({ peakHu }) => peakHu).join()
        })
        expect(new Set(peaks).size, `UIDs ${String(uids)}: ${peaks.join(' / ')}`).toBe(1)
      } // prettier-ignore
    })

    it('SLICES_MISSING: a gap of about two increments, or three', () => {
      for (const [gap, code] of [[5.41, 'SLICES_MISSING'], [6, 'SLICES_MISSING'], [6.59, 'SLICES_MISSING'], [9.89, 'SLICES_MISSING'], [5.39, 'SPACING_IRREGULAR'], [6.61, 'SPACING_IRREGULAR'], [4.5, 'SPACING_IRREGULAR'], [3, 'accepted']] as const) {
        expect(codeOf(() => scanAt(engine, [0, 3, 6, 9, 9 + gap])), `gap ${gap}`).toBe(code)
      } // prettier-ignore
      const error = thrown(() => scanAt(engine, [0, 3, 6, 9, 18, 24])) as AgatstonError
      expect(error.details).toMatchObject({ missing: 3, afterSlice: 3, incrementMm: 9, medianMm: 3 })
      const accepted = scanAt(engine, [0, 3, 6, 9, 15], { accept: ['SLICES_MISSING'] })
      expect([accepted.input.incrementMm, accepted.accepted, codes(accepted)]).toEqual([3, ['SLICES_MISSING'], ['ACCEPTED', 'SCOPE_WHOLE_IMAGE']]) // prettier-ignore
    })

    it('SPACING_IRREGULAR: beyond both 2 % and 0.05 mm of the median', () => {
      for (const sign of [-1, 1]) {
        for (const [mm, off, code] of [[3, 0.0599, 'accepted'], [3, 0.0601, 'SPACING_IRREGULAR'], [1, 0.0499, 'accepted'], [1, 0.0501, 'SPACING_IRREGULAR'], [5, 0.0999, 'accepted'], [5, 0.1001, 'SPACING_IRREGULAR']] as const) {
          const positions = [0, mm, 2 * mm, 3 * mm, 4 * mm + sign * off]
          expect(codeOf(() => scanAt(engine, positions)), `${mm} mm, off by ${sign * off}`).toBe(code)
        }
      } // prettier-ignore
      const jitter = scanAt(engine, [0, 3, 6, 9, 12.04])
      expect([jitter.input.incrementMm, codes(jitter)]).toEqual([3.01, ['SPACING_JITTER', 'SCOPE_WHOLE_IMAGE']])
      expect(codes(scanAt(engine, [0, 3, 6, 9, 12.009]))).toEqual(['SCOPE_WHOLE_IMAGE'])
      const accepted = scanAt(engine, [0, 3, 6, 9, 13.5], { accept: ['SPACING_IRREGULAR'] })
      expect(accepted.input.incrementMm).toBe(3) // the median
    })

    it('GANTRY_TILT: beyond one degree between the positions and the normal', () => {
      const tilted = (degrees: number): (readonly [number, number, number])[] =>
        [0, 1, 2, 3].map((k) => [0, 3 * k * Math.tan((degrees * Math.PI) / 180), 3 * k] as const)
      expect(codeOf(() => scanAt(engine, tilted(1.001)))).toBe('GANTRY_TILT')
      expect(codeOf(() => scanAt(engine, tilted(-1.001)))).toBe('GANTRY_TILT')
      expect(codes(scanAt(engine, tilted(0.999)))).toContain('GANTRY_TILT_SLIGHT')
      expect(codes(scanAt(engine, tilted(0.101)))).toContain('GANTRY_TILT_SLIGHT')
      expect(codes(scanAt(engine, tilted(0.099)))).not.toContain('GANTRY_TILT_SLIGHT')
      expect(scanAt(engine, tilted(20), { accept: ['GANTRY_TILT'] }).accepted).toEqual(['GANTRY_TILT'])
    })

    it('all that is wrong at once, and no acceptance of one that lets another pass', () => {
      const positions = [0, 3, 6, 9, 9, 15, 16.3]
      const error = thrown(() => scanAt(engine, positions)) as AgatstonError
      const refusals = error.details.refusals as readonly { code: string }[]
      expect(refusals.map(({ code }) => code)).toEqual(['SLICES_DUPLICATE', 'SLICES_MISSING', 'SPACING_IRREGULAR'])
      const all: AcceptableCode[] = ['SLICES_DUPLICATE', 'SLICES_MISSING', 'SPACING_IRREGULAR']
      for (const left of all) {
        const accept = all.filter((code) => code !== left)
        expect(codeOf(() => scanAt(engine, positions, { accept }))).toBe(left)
      }
      expect(scanAt(engine, positions, { accept: all }).accepted.toSorted()).toEqual(all.toSorted())
      // An accepted refusal is no confirmed score: its category is withheld.
      const labels = new Uint8Array(16).fill(2)
      const scan = engine.begin(SHAPE, { territories: { names: { 2: 'LAD' } }, accept: all })
      for (const z of positions) scan.addSlice({ position: [0, 0, z], pixels: block(500), labels })
      expect(scan.end().category).toBe(null)
    })
  })

  describe(`what addSlice refuses (${platform.name})`, () => {
    const good = { position: [0, 0, 0], pixels: block(500) } as const
    const bad: readonly (readonly [string, unknown, typeof TypeError | string, RegExp])[] = [
      ['an unknown key', { ...good, pixel: 1 }, TypeError, /pixel/],
      ['too few pixels', { ...good, pixels: new Int16Array(15) }, RangeError, /15/],
      ['too many pixels', { ...good, pixels: new Int16Array(17) }, RangeError, /17/],
      ['pixels of another type', { ...good, pixels: new Float32Array(16) }, TypeError, /float32/],
      ['a plain array', { ...good, pixels: Array.from(block(1)) }, TypeError, /Int16Array/],
      ['bytes', { ...good, pixels: new Uint8Array(16) }, TypeError, /Int16Array/],
      ['no pixels', { position: [0, 0, 0] }, TypeError, /Int16Array/],
      ['two coordinates', { ...good, position: [0, 0] }, RangeError, /position/],
      ['NaN as a coordinate', { ...good, position: [0, NaN, 0] }, RangeError, /NaN/],
      ['no position', { pixels: block(1) }, RangeError, /position/],
      ['a slope of 0', { ...good, rescale: { slope: 0, intercept: 0 } }, 'RESCALE_INVALID', /slope/],
      ['NaN as intercept', { ...good, rescale: { slope: 1, intercept: NaN } }, 'RESCALE_INVALID', /NaN/],
      ['an infinite slope', { ...good, rescale: { slope: Infinity, intercept: 0 } }, 'RESCALE_INVALID', /Infinity/],
      ['labels in a scan without territories', { ...good, labels: new Uint8Array(16) }, TypeError, /territories/],
      ['nothing', null, TypeError, /object/],
    ]

    it.each(bad)('%s, and leaves the scan as it was', async (_what, slice, kind, message) => {
      const engine = await platform.engine()
      const scan = engine.begin(SHAPE, WHOLE)
      scan.addSlice({ ...good, position: [0, 0, 3] })
      const error = thrown(() => scan.addSlice(slice as ScanSlice)) as AgatstonError
      if (typeof kind === 'string') expect(error.code).toBe(kind)
      else expect(error).toBeInstanceOf(kind)
      expect(error.message).toMatch(message)
      scan.addSlice(good)
      expect(scan.end().total.agatston).toBe(128)
    })

    it('labels that are missing, too many, or have no name', async () => {
      const engine = await platform.engine()
      const scan = engine.begin(SHAPE, { territories: { names: { 1: 'LAD' } } })
      expect(thrown(() => scan.addSlice(good))).toBeInstanceOf(TypeError)
      expect(thrown(() => scan.addSlice({ ...good, labels: new Uint8Array(17) }))).toBeInstanceOf(RangeError)
      expect(thrown(() => scan.addSlice({ ...good, labels: new Uint8Array(16).fill(2, 15) }))).toMatchObject({ message: expect.stringMatching(/label 2/) }) // prettier-ignore
      scan.cancel()
    })

    it('a first slice beyond the limit, and Int32 values no float32 holds', async () => {
      const engine = await platform.engine()
      const wide = engine.begin({ ...SHAPE, rows: 1, columns: 4097 }, WHOLE)
      expect(thrown(() => wide.addSlice({ ...good, pixels: new Int16Array(4097) }))).toMatchObject({
        code: 'LIMIT_EXCEEDED',
      })
      wide.cancel()
      const scan = engine.begin(SHAPE, WHOLE)
      for (const value of [2 ** 24 + 1, -(2 ** 24) - 1]) {
        expect(thrown(() => scan.addSlice({ ...good, pixels: new Int32Array(16).fill(value, 15) }))).toMatchObject({
          code: 'PIXEL_FORMAT',
        })
      }
      for (const z of [0, 3]) scan.addSlice({ position: [0, 0, z], pixels: new Int32Array(16).fill(2 ** 24) })
      expect(scan.end().total.peakHu).toBe(2 ** 24)
    })
  })

  describe(`what begin refuses (${platform.name})`, () => {
    const cases: readonly (readonly [string, unknown, unknown, typeof TypeError | string, RegExp])[] = [
      ['an unknown shape key', { ...SHAPE, depth: 3 }, WHOLE, TypeError, /depth/],
      ['an unknown option', SHAPE, { ...WHOLE, threshold: 130 }, TypeError, /threshold/],
      ['no shape', undefined, WHOLE, TypeError, /object/],
      ['no rows', { ...SHAPE, rows: 0 }, WHOLE, RangeError, /rows/],
      ['half a column', { ...SHAPE, columns: 1.5 }, WHOLE, RangeError, /1\.5/],
      ['no spacing', { ...SHAPE, pixelSpacingMm: [1, 0] }, WHOLE, RangeError, /pixelSpacingMm/],
      ['spacing of the wrong kind', { ...SHAPE, pixelSpacingMm: '11' }, WHOLE, TypeError, /pixelSpacingMm must/],
      ['a spacing so small that its square is 0', { ...SHAPE, pixelSpacingMm: [1e-200, 1e-200] }, WHOLE, RangeError, /pixelSpacingMm/],
      ['a spacing so large that its square is infinite', { ...SHAPE, pixelSpacingMm: [1e200, 1e200] }, WHOLE, RangeError, /pixelSpacingMm/],
      ['five cosines', { ...SHAPE, orientation: [1, 0, 0, 0, 1] }, WHOLE, RangeError, /orientation/],
      ['cosines at no right angle', { ...SHAPE, orientation: [1, 0, 0, 0.5, 0.8, 0] }, WHOLE, RangeError, /right angles/],
      ['no thickness', { ...SHAPE, thicknessMm: 0 }, WHOLE, RangeError, /thicknessMm/],
      ['a refusal that cannot be accepted', SHAPE, { ...WHOLE, accept: ['PIXELS_SHORT'] }, RangeError, /PIXELS_SHORT/],
      ['no increment', SHAPE, { ...WHOLE, incrementMm: 0 }, RangeError, /incrementMm/],
      ['no scope', SHAPE, {}, 'SCOPE_MISSING', /territories/],
      ['a label name with markup', SHAPE, { territories: { names: { 1: '<b>' } } }, RangeError, /label 1/],
      ['label 0', SHAPE, { territories: { names: { 0: 'LAD' } } }, RangeError, /0/],
      ['label 256', SHAPE, { territories: { names: { 256: 'LAD' } } }, RangeError, /256/],
      ['territories without names', SHAPE, { territories: {} }, TypeError, /names/],
    ] // prettier-ignore

    it.each(cases)('%s, and stays free', async (_what, shape, options, kind, message) => {
      const engine = await platform.engine()
      const error = thrown(() => engine.begin(shape as typeof SHAPE, options as ScanOptions)) as AgatstonError
      if (typeof kind === 'string') expect(error.code).toBe(kind)
      else expect(error).toBeInstanceOf(kind)
      expect(error.message).toMatch(message)
      engine.begin(SHAPE, WHOLE).cancel()
    })
  })
}
