/** Seeded volumes of all kinds through the whole engine against the reference, beyond those the vectors hold. */
import { describe, expect, it } from 'vitest'
import { DEFAULT_TERRITORY_NAMES } from '../../bindings/volume/territory.js'
import { NO_FACTS, type SyncVolume } from '../../bindings/volume/volume.js'
import { type PaintedVolume, paintVolume } from '../paint.js'
import type { Platform } from '../platforms.js'
import { reference } from '../reference/score.js'
import { SHIPPED, custom } from '../vectors/standards.js'
import { asGiven, isClose, wrongTotals } from '../../bindings/conformance/compare.js'

const STANDARDS = [
  ...SHIPPED,
  custom('strict', {
    thresholdRule: '>',
    ladderRule: '>',
    upperHu: 900,
    minimum: { by: 'pixels', rule: '>', pixels: 2 },
  }),
  custom('fractions', { thresholdHu: 129.5, ladderHu: [199.25, 300, 1000], weights: [0.5, 1, 10, 0], connectivity: 4 }),
  custom('of-area', { minimum: { by: 'pixels-of-area', rule: '>', mm2: 0.7, rounding: 'round' }, sliceFactor: 'none' }),
  custom('thickness', { sliceFactor: 'thickness/3', minimum: { by: 'area', rule: '>', mm2: 0.25 } }),
  custom('lesions-18', {
    lesionConnectivity: 18,
    weightFrom: 'lesion-peak',
    minimum: { by: 'pixels', rule: '>', pixels: 4 },
    minimumOf: 'lesion',
  }),
  custom('lesions-26', {
    connectivity: 4,
    lesionConnectivity: 26,
    weightFrom: 'lesion-peak-in-slice',
    minimum: { by: 'volume', rule: '>=', mm3: 7.5 },
    minimumOf: 'lesion',
  }),
  custom('two-pixels', { weightFrom: 'piece-pixels', weightPixels: 2, minimum: { by: 'volume', rule: '>', mm3: 3 } }),
  custom('three-pixels', {
    lesionConnectivity: 26,
    weightFrom: 'lesion-pixels-in-slice',
    weightPixels: 3,
    sliceFactor: 'increment/thickness',
    volume: 'area-x-thickness',
  }),
  custom('each-pixel', { weightFrom: 'pixel', weights: [0.5, 1, 3, 7], volume: 'isotropic', upperHu: 1000 }),
  custom('solid-from-150', {
    volumeThresholdHu: 150,
    minimum: { by: 'area', rule: '>=', mm2: 2 },
  }),
]

const SCORES = ['agatston', 'meanHu', 'peakHu'] as const
const BODY = ['volumeMm3', 'massMg'] as const

/** A painted volume as one in memory, at an oblique place. */
export function paintedVolume(painted: PaintedVolume): SyncVolume {
  const { pixels, rows, columns, slices, pixelSpacingMm, incrementMm, thicknessMm, kind } = painted
  const position = (k: number) => [7, -30, k * incrementMm - 100] as const
  return {
    kind: 'array',
    pixelKind: kind,
    geometry: {
      rows,
      columns,
      slices,
      pixelSpacingMm,
      incrementMm,
      thicknessMm,
      rowCosines: [1, 0, 0],
      columnCosines: [0, 1, 0],
      normal: [0, 0, 1],
      positions: Array.from({ length: slices }, (_, k) => position(k)),
    },
    facts: NO_FACTS,
    warnings: [],
    accepted: [],
    rescale: painted.rescale,
    padding: (k) => painted.padding?.(k) ?? null,
    sopInstanceUid: (k) => `1.2.${k}`,
    readSlice: (k, into) => into.set(pixels.subarray(k * rows * columns, (k + 1) * rows * columns)),
  }
}

export function paintedSuite(platform: Platform): void {
  describe(`painted volumes (${platform.name})`, () => {
    it.each(STANDARDS.map((standard) => [standard.id, standard] as const))(
      'score as the reference: %s',
      async (_id, standard) => {
        const engine = await platform.engine()
        // Volume and mass with a threshold of their own are those of totals.
        const compared = standard.volumeThresholdHu === null ? [...SCORES, ...BODY] : SCORES
        let pieces = 0
        for (let n = 0; n < 40; n++) {
          const seed = 5_000 + n + 1000 * STANDARDS.indexOf(standard)
          const painted = paintVolume(seed, standard, 60, 4)
          const regionRule = painted.labels && n % 4 === 3 ? ('whole' as const) : undefined
          const wanted = reference({ ...painted, massFactor: 7e-4, regionRule }, standard)
          const region: object = regionRule ? { regionRule } : {}
          const volume = paintedVolume(painted)
          const got = engine.scoreSync(volume, {
            standard: asGiven(standard),
            massFactor: 7e-4,
            ...region,
            ...(painted.labels
              ? { territories: { scalarData: painted.labels, names: DEFAULT_TERRITORY_NAMES } }
              : { scope: 'whole-image' as const }),
          })
          const what = `seed ${seed}`
          expect(wrongTotals(got.total, wanted.total), what).toEqual([])
          for (const [label, sums] of Object.entries(wanted.territories)) {
            expect(wrongTotals(got.territories[DEFAULT_TERRITORY_NAMES[Number(label)]!]!, sums), what).toEqual([])
          }
          // What no territory claims under the rule `whole` is not listed.
          const listed = wanted.lesions.filter(
            ({ members }) => !regionRule || wanted.pieces[members[0]!]!.territory !== 0,
          )
          expect(
            got.lesions.map((lesion) => lesion.pieces.length),
            what,
          ).toEqual(listed.map(({ members }) => members.length))
          for (const [i, lesion] of got.lesions.entries()) {
            for (const key of compared) {
              expect(isClose(lesion[key], listed[i]![key]), `${what}, lesion ${i}, ${key}`).toBe(true)
            }
          }
          // The sum of the parts is the whole.
          const parts = got.lesions.reduce((sum, lesion) => sum + lesion.agatston, 0)
          expect(isClose(parts, got.total.agatston) || Math.abs(parts - got.total.agatston) < 1e-9, what).toBe(true)
          pieces += wanted.pieces.length
        }
        expect(pieces).toBeGreaterThan(300)
      },
    )
  })
}
