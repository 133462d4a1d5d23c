/** Seeded volumes of all kinds through the whole engine against the reference, beyond those the vectors hold. */
import { describe, expect, it } from 'vitest'
import { DEFAULT_TERRITORY_NAMES } from '../../bindings/volume/territory.js'
import { NO_FACTS, type SyncVolume } from '../../bindings/volume/volume.js'
import { type PaintedVolume, paintVolume } from '../paint.js'
import type { Platform } from '../platforms.js'
import { reference } from '../reference/score.js'
import { FIVE, custom } from '../vectors/standards.js'
import { asGiven, isClose, wrongTotals } from './vectors.suite.js'

const STANDARDS = [
  ...FIVE,
  custom('strict', {
    thresholdRule: '>',
    ladderRule: '>',
    upperHu: 900,
    minimum: { by: 'pixels', rule: '>', pixels: 2 },
  }),
  custom('fractions', { thresholdHu: 129.5, ladderHu: [199.25, 300, 1000], weights: [0.5, 1, 10, 0], connectivity: 4 }),
  custom('of-area', { minimum: { by: 'pixels-of-area', rule: '>', mm2: 0.7, rounding: 'round' }, sliceFactor: 'none' }),
  custom('thickness', { sliceFactor: 'thickness/3', minimum: { by: 'area', rule: '>', mm2: 0.25 } }),
]

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
        let pieces = 0
        for (let n = 0; n < 40; n++) {
          const seed = 5_000 + n + 1000 * STANDARDS.indexOf(standard)
          const painted = paintVolume(seed, standard, 60, 4)
          const wanted = reference({ ...painted, massFactor: 7e-4 }, standard)
          const volume = paintedVolume(painted)
          const got = engine.scoreSync(volume, {
            standard: asGiven(standard),
            massFactor: 7e-4,
            ...(painted.labels
              ? { territories: { scalarData: painted.labels, names: DEFAULT_TERRITORY_NAMES } }
              : { scope: 'whole-image' as const }),
          })
          const what = `seed ${seed}`
          expect(wrongTotals(got.total, wanted.total), what).toEqual([])
          for (const [label, sums] of Object.entries(wanted.territories)) {
            expect(wrongTotals(got.territories[DEFAULT_TERRITORY_NAMES[Number(label)]!]!, sums), what).toEqual([])
          }
          expect(got.lesions.map((lesion) => lesion.pieces.length), what).toEqual(wanted.lesions.map(({ members }) => members.length)) // prettier-ignore
          for (const [i, lesion] of got.lesions.entries()) {
            for (const key of ['agatston', 'volumeMm3', 'massMg', 'meanHu', 'peakHu'] as const) {
              expect(isClose(lesion[key], wanted.lesions[i]![key]), `${what}, lesion ${i}, ${key}`).toBe(true)
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
