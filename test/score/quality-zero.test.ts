/** When a zero is one: what passes, each fault that takes it away, and padding inside the picture. */
import '../../bindings/score/further/index.js'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { AcceptableCode, Warning } from '../../bindings/base/errors.js'
import { readSeries } from '../../bindings/dicom/index.js'
import { makePhantom } from '../../bindings/phantom/index.js'
import { type Engine, createEngine } from '../../bindings/score/engine.js'
import { Survey } from '../../bindings/volume/survey.js'
import type { Result } from '../../bindings/score/result.js'
import { buildReport, renderText } from '../../bindings/report/index.js'
import type { Padding, Volume } from '../../bindings/volume/volume.js'
import { SLICES, chest, chestVolume, fileOf, vessel } from './chests.js'

// A slow machine is no failure.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})

const codes = (result: Result): string[] => result.warnings.map(({ code }) => code)
const scored = (volume: Volume, slices = SLICES): Promise<Result> => engine.score(volume, { territories: vessel(slices), hash: false }) // prettier-ignore
/** Checks that a zero did not pass; null: it is verified. */
const failed = (result: Result): unknown =>
  result.warnings.find(({ code }) => code === 'ZERO_UNVERIFIED')?.details['failed'] ?? null

/** No noise passes 130 HU where the heart is. */
const quieted = (hu: number, x: number, y: number): number => (Math.hypot(x - 64, y - 64) < 24 ? Math.min(hu, 125) : hu)

describe('a zero', () => {
  const clean = (): Volume => fileOf(chestVolume(chest({ paint: quieted })))

  it('of a clean chest is verified: not one warning, and the report says so', async () => {
    const result = await scored(clean())
    expect([result.total.pieces, codes(result)]).toEqual([0, []])
    expect(result.category).toMatchObject({ classic: 'zero' })
    expect(renderText(buildReport(result))).toMatch(/No coronary calcium was found/)
    expect(renderText(buildReport(result))).toMatch(/Noise +1[45]\.\d HU in soft tissue\n *Air +-\d+ HU/)
  })

  it('of an array is verified as well, where the array is a whole picture', async () => {
    expect(failed(await scored(chestVolume(chest({ paint: quieted }))))).toBe(null)
  })

  it('of a phantom read from DICOM is verified', async () => {
    const phantom = makePhantom({ rows: 256, columns: 256, slices: 32, spacingMm: [0.8, 0.8, 3], noiseHu: 15 })
    const sources = [...phantom.dicomFiles()].map(({ name, bytes }) => ({ name, data: bytes }))
    const volume = await readSeries(sources, { expectedSlices: 32 })
    // The left ventricle, where there is none.
    const { positions } = volume.geometry
    const scalarData = new Uint8Array(256 * 256 * 32)
    const [column, row, slice] = [22 - positions[0]![0], -positions[0]![1], -14 - positions[0]![2]].map((mm, n) => Math.round(mm / [0.8, 0.8, 3][n]!)) // prettier-ignore
    for (let dy = -8; dy <= 8; dy++)
      for (let dx = -8; dx <= 8; dx++) scalarData[(slice! * 256 + row! + dy) * 256 + column! + dx] = 2
    const scored = (name: string): Promise<Result> =>
      engine.score(volume, { territories: { scalarData, names: { 2: name } }, hash: false })
    const result = await scored('Coronary arteries')
    expect(result.total.pieces).toBe(0)
    expect(codes(result)).not.toContain('ZERO_UNVERIFIED')
    // A zero of one vessel is no zero of the coronaries.
    expect(failed(await scored('LAD'))).toEqual(['LCX not marked', 'RCA not marked'])
  })

  it('of scoreSync is not: nothing was measured', () => {
    const result = engine.scoreSync(chestVolume(chest({ paint: quieted })), { territories: vessel() })
    expect(failed(result)).toEqual(['noise not measured', 'air not measured'])
  })

  it('under masks with something to know of them is not', async () => {
    const noted = (notes: readonly string[]): Promise<Result> =>
      engine.score(clean(), { territories: { ...vessel(), mapping: { sources: [], notes } }, hash: false })
    expect(failed(await noted([]))).toBe(null)
    expect(failed(await noted(['2 of its planes lie beyond the last slice']))).toEqual(['notes on the masks'])
  })

  it('of a whole image is told to be unverified by the same checks', async () => {
    const whole = (volume: Volume): Promise<Result> => engine.score(volume, { scope: 'whole-image', hash: false })
    expect(codes(await whole(clean()))).toEqual(['SCOPE_WHOLE_IMAGE'])
    const { warnings: _, accepted, ...rest } = clean()
    const gaps = { ...rest, accepted, warnings: [{ code: 'SLICES_GAP', message: '', details: {} }] } as const
    expect(failed(await whole(gaps))).toEqual(['SLICES_GAP'])
  })

  it('says which checks it did not pass', async () => {
    const { warnings, accepted, ...rest } = clean()
    const warned = (code: Warning['code']): Volume => ({ ...rest, accepted, warnings: [{ code, message: '', details: {} }] }) // prettier-ignore
    for (const code of ['COVERAGE_SHORT', 'SLICES_GAP'] as const) {
      expect(failed(await scored(warned(code)))).toEqual([code])
    }
    for (const code of ['COUNT_UNVERIFIED', 'NOT_GATED', 'KVP_NOT_120', 'SLICES_OVERLAP'] as const) {
      expect(failed(await scored(warned(code)))).toBe(null)
    }
    for (const code of ['SLICES_MISSING', 'SERIES_INCOMPLETE', 'LOSSY'] as const satisfies readonly AcceptableCode[]) {
      expect(failed(await scored({ ...rest, warnings, accepted: [code] }))).toEqual([code])
    }
  })

  it('with 90 mm of coverage, and with less', async () => {
    const of = async (mm: number): Promise<unknown> =>
      failed(await scored(chestVolume(chest({ paint: quieted }), undefined, mm)))
    expect(await of(90 / SLICES)).toBe(null)
    expect(await of(2.9)).toBe(null)
    expect(await of(89.9 / SLICES)).toEqual(['COVERAGE_SHORT'])
  })

  it('with gaps, noise, HU off, no air, no even tissue, padding in the picture', async () => {
    const gap = chestVolume(chest({ paint: quieted }))
    const geometry = { ...gap.geometry, thicknessMm: 2.5 }
    expect(failed(await scored({ ...gap, geometry }))).toEqual(['SLICES_GAP'])
    const of = (options: Parameters<typeof chest>[0], more: { padding?: Padding } = {}): Promise<Result> =>
      scored(fileOf(chestVolume(chest(options)), more))
    expect(failed(await of({ noiseHu: 34, paint: quieted }))).toEqual(['NOISE_HIGH'])
    expect(failed(await of({ paint: (hu, x, y) => (hu < -940 ? hu - 150 : quieted(hu, x, y)) }))).toEqual([
      'HU_CALIBRATION',
    ])
    const noAir = await of({ paint: (hu, x, y) => (hu < -940 ? -1024 : quieted(hu, x, y)) })
    expect(failed(noAir)).toEqual(['air not measured'])
    const noTissue = await of({ paint: (hu, x) => (hu > -200 ? 112 + (x % 3) : hu) })
    expect(failed(noTissue)).toEqual(['noise not measured'])
    const hole = (hu: number, x: number, y: number): number => (x > 60 && x < 70 && y > 60 && y < 70 ? -2000 : quieted(hu, x, y)) // prettier-ignore
    expect(failed(await of({ paint: hole }, { padding: { low: -2000, high: -2000 } }))).toEqual(['PADDING_IN_FIELD'])
  })

  it('in an array whose air is off is told to be unverified, though nothing else is said', async () => {
    const result = await scored(chestVolume(chest({ paint: (hu, x, y) => (hu < -940 ? hu - 150 : quieted(hu, x, y)) })))
    expect(failed(result)).toEqual(['HU_CALIBRATION'])
    expect(codes(result)).toEqual(['ZERO_UNVERIFIED'])
  })

  it('is no matter where there is calcium', async () => {
    const block = (hu: number, x: number, y: number, z: number): number => (z === 9 && x === 64 && y > 60 && y < 64 ? 500 : Math.min(hu, 120)) // prettier-ignore
    const result = await scored(fileOf(chestVolume(chest({ noiseHu: 40, paint: block }))))
    expect(result.total.pieces).toBe(1)
    expect(codes(result)).not.toContain('ZERO_UNVERIFIED')
  })
})

describe('COVERAGE_SHORT by a counted lesion', () => {
  it.each([
    [0, ['first']],
    [1, undefined],
    [SLICES - 2, undefined],
    [SLICES - 1, ['last']],
  ])('on slice %d', async (slice, ends) => {
    const block = (hu: number, x: number, y: number, z: number): number => (z === slice && x === 64 && y > 60 && y < 64 ? 500 : quieted(hu, x, y)) // prettier-ignore
    const { warnings } = await scored(fileOf(chestVolume(chest({ paint: block }))))
    expect(warnings.find(({ code }) => code === 'COVERAGE_SHORT')?.details['ends']).toEqual(ends)
  })
})

describe('PADDING_IN_FIELD', () => {
  const N = 64
  /** Slices with padding inside, of one slice of tissue with padding where `isPadded` says so. */
  const padded = (isPadded: (x: number, y: number) => boolean, padding: Padding = { low: -2000, high: -2000 }, tissue = 40): number => {
    const survey = new Survey({ rows: N, columns: N, pixelSpacingMm: [0.5, 0.5] })
    const pixels = Int16Array.from({ length: N * N }, (_, i) =>
      isPadded(i % N, Math.floor(i / N)) ? padding.low : tissue,
    )
    survey.add(pixels, { slope: 1, intercept: 0 }, padding)
    return survey.measured().padded
  } // prettier-ignore

  it('is not outside a round field of view, wherever its middle and however large', () => {
    for (const [x0, y0, radius] of [[31.5, 31.5, 32], [31.5, 31.5, 20], [10, 50, 30], [70, -5, 40], [31.5, 31.5, 0.4], [31, 31, 100]] as const) {
      expect(padded((x, y) => Math.hypot(x - x0, y - y0) > radius)).toBe(0)
    } // prettier-ignore
    expect(padded(() => true)).toBe(0)
    expect(padded((x, y) => x < 10 || y > 50)).toBe(0) // a square one
  })

  it('is a hole, a bay and a band', () => {
    expect(padded((x, y) => Math.hypot(x - 30, y - 30) < 9)).toBe(1)
    expect(padded((x, y) => x >= 20 && x < 28 && y >= 20 && y < 28)).toBe(1) // 8 x 8: as wide as lines lie apart
    expect(padded((x, y) => x > 20 && x < 40 && y < 30)).toBe(1)
    expect(padded((_, y) => y > 20 && y < 40)).toBe(1)
    expect(padded((x) => x > 20 && x < 40)).toBe(1)
  })

  it('between tissue only, where its value may be air', () => {
    const hole = (x: number, y: number): boolean => Math.hypot(x - 30, y - 30) < 9
    for (const value of [-1100, -1024, -1000, -900]) {
      const padding = { low: value, high: value }
      expect(padded(hole, padding)).toBe(1)
      expect(padded(hole, padding, -980)).toBe(0)
    }
    for (const value of [-1101, -899]) expect(padded(hole, { low: value, high: value }, -980)).toBe(1)
  })

  it('is warned of in files, with the number of slices, and not in arrays', async () => {
    const hole = (hu: number, x: number, y: number, z: number): number =>
      Math.hypot(x - 63.5, y - 63.5) > 63 || (z < 3 && Math.hypot(x - 60, y - 50) < 6) ? -2000 : quieted(hu, x, y)
    const volume = chestVolume(chest({ paint: hole }))
    const padding = { low: -2000, high: -2000 }
    const { warnings } = await scored(fileOf(volume, { padding }))
    expect(warnings.find(({ code }) => code === 'PADDING_IN_FIELD')?.details).toEqual({ slices: 3 })
    expect(codes(await scored(fileOf(volume)))).not.toContain('PADDING_IN_FIELD')
    expect(codes(await scored({ ...volume, padding: () => padding }))).not.toContain('PADDING_IN_FIELD')
  })
})
