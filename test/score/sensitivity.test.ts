/** The band of vendors' rules against the reference, and its flips against a plain count of which pieces share a pixel. */
import { describe, expect, it, vi } from 'vitest'
import { customStandard, standardById } from '../../bindings/score/further/index.js'
import type { ScoreOptions } from '../../bindings/score/request.js'
import type { Result } from '../../bindings/score/result.js'
import type { Standard } from '../../bindings/score/standard.js'
import { DEFAULT_TERRITORY_NAMES } from '../../bindings/volume/territory.js'
import { type PaintedVolume, paintVolume } from '../paint.js'
import { platforms } from '../platforms.js'
import { band } from '../reference/band.js'
import { findPieces } from '../reference/pieces.js'
import type { Input } from '../reference/types.js'
import { paintedVolume } from './painted.suite.js'
import { WHOLE, plain, study } from './studies.js'

// A slow machine is no failure.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const VENDORS = ['literature', 'ge', 'siemens', 'philips', 'canon'].map((id) => standardById(id))
const NOT_CORONARY = [7, 8, 9, 10]

/** A standard that asks for a look at other edges, whose pieces may hold several of the vendors', or the other way round. */
const odd = customStandard({
  ...standardById('cacslabeler'),
  id: 'odd',
  thresholdHu: 150,
  ladderHu: [210, 300, 400],
  upperHu: 900,
})
const RULES = ['agatston-130', 'siemens', 'calciumscoring-jl', 'cacslabeler', 'horos', 'ai-cac', 'philips'].map((id) => standardById(id)) // prettier-ignore

const asked = (painted: PaintedVolume): ScoreOptions =>
  painted.labels ? { territories: { scalarData: painted.labels, names: DEFAULT_TERRITORY_NAMES } } : WHOLE

const near = (got: number, wanted: number): void =>
  expect(Math.abs(got - wanted)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(wanted)))

/** Flips by definition: a piece counts under a vendor where a counted piece of the vendor's shares a pixel with it. */
function flipsOf(input: Input, standard: Standard): string[] {
  const here = findPieces(input, standard, standard.thresholdHu)
  const there = VENDORS.map((vendor) => findPieces(input, vendor, vendor.thresholdHu))
  return here.pieces.flatMap((piece, n) => {
    if (input.labels && (piece.territory === 0 || NOT_CORONARY.includes(piece.territory))) return []
    const against = VENDORS.filter((_, v) => {
      const counted = here.pieceOf.some(
        (of, i) => of === n && there[v]!.pieces[there[v]!.pieceOf[i]!]?.counted === true,
      )
      return counted !== piece.counted
    })
    const rest = [piece.slice, piece.pixels, piece.sumRow, piece.sumColumn, piece.counted]
    return against.length === 0 ? [] : [[...rest, against.map(({ id }) => id).join()].join(' ')]
  })
}

const shown = ({ flips }: NonNullable<Result['sensitivity']>): string[] =>
  flips.map(({ slice, pixels, centroidPx: [row, column], counted, against }) =>
    [slice, pixels, Math.round(row * pixels), Math.round(column * pixels), counted, against.join()].join(' '),
  )

for (const platform of platforms) {
  describe(`sensitivity (${platform.name})`, async () => {
    const engine = await platform.engine()
    await engine.score(
      study([2, 2, 1], () => 0),
      { ...WHOLE, sensitivity: true },
    )

    it.each([...RULES, odd].map((standard) => [standard.id, standard] as const))(
      'as the reference: %s',
      (_id, standard) => {
        let flips = 0
        for (let n = 0; n < 12; n++) {
          const painted = paintVolume(9_000 + n + 100 * RULES.indexOf(standard), standard, 28, 3)
          const volume = paintedVolume(painted)
          const options = { ...asked(painted), standard }
          const result = engine.scoreSync(volume, { ...options, sensitivity: true })
          const { min, max, byStandard, flipped } = result.sensitivity!
          const wanted = band(painted, VENDORS)
          expect(Object.keys(byStandard)).toEqual(VENDORS.map(({ id }) => id))
          for (const [id, score] of Object.entries(wanted.byStandard)) near(byStandard[id]!, score)
          near(min, wanted.min)
          near(max, wanted.max)
          const naive = flipsOf(painted, standard)
          expect(shown(result.sensitivity!).sort(), `seed ${painted.seed}`).toEqual(naive.sort())
          expect(flipped).toBe(naive.length)
          expect(result.sensitivity!.categoryChanges === null).toBe(result.category === null)
          flips += flipped
          // Nothing else on the result hangs on it.
          const without = engine.scoreSync(volume, options)
          expect(without.sensitivity).toBeNull()
          expect(plain({ ...result, sensitivity: null, lesions: result.lesions })).toEqual(plain(without))
        }
        expect(flips).toBeGreaterThan(0)
      },
    )

    it('under the rule whole, least and greatest in order', () => {
      let masked = 0
      for (let n = 0; n < 30; n++) {
        const painted = paintVolume(12_000 + n, RULES[0]!, 24, 3)
        if (!painted.labels) continue
        masked++
        const { sensitivity, total } = engine.scoreSync(paintedVolume(painted), {
          ...asked(painted),
          regionRule: 'whole',
          sensitivity: true,
        })
        // Lesions of the vendors' 4 neighbours may part; each part stays with the lesion scored here.
        expect(sensitivity!.max).toBeGreaterThanOrEqual(sensitivity!.min)
        if (total.pieces === 0 && sensitivity!.flipped === 0) expect(sensitivity!.max).toBe(0)
      }
      expect(masked).toBeGreaterThan(5)
    })

    // One bridge of three pixels in a row, and a block; 0.5 mm2 a pixel.
    const small = study([20, 10, 3], (x, y, z) => {
      if (z !== 1) return 0
      if (x >= 2 && x < 5 && y >= 2 && y < 5) return 350
      return y === 7 && x === 12 ? 200 : 0
    })
    const ON = { slice: 1, row: 3, column: 3 }
    const SPECK = { slice: 1, row: 7, column: 12 }
    const fine = {
      ...small,
      geometry: { ...small.geometry, pixelSpacingMm: [0.5, 0.5] as const, thicknessMm: 3 },
    } as typeof small

    it('of clicks: what they take, exclude and leave', () => {
      const of = (assignments: ScoreOptions['assignments'] & object, more: ScoreOptions = {}) =>
        engine.scoreSync(fine, { assignments, sensitivity: true, ...more }).sensitivity!
      const lad = { ...ON, territory: 'LAD' }
      expect(of([lad])).toMatchObject({ min: 6.75, max: 6.75, flipped: 0, categoryChanges: false })
      // A speck counts with siemens alone, and makes another vessel of CAC-DRS there.
      const both = of([lad, { ...SPECK, territory: 'RCA' }])
      expect(both.byStandard).toEqual({ literature: 6.75, ge: 6.75, siemens: 7.25, philips: 6.75, canon: 6.75 })
      expect(both).toMatchObject({ flipped: 1, categoryChanges: true })
      expect(both.flips[0]).toMatchObject({ territory: 'RCA', counted: false, against: ['siemens'], pixels: 1 })
      const same = of([lad, { ...SPECK, territory: 'LAD' }])
      expect(same).toMatchObject({ max: 7.25, flipped: 1, categoryChanges: false })
      expect(of([lad, { ...SPECK, exclude: 'noise' }])).toMatchObject({ max: 6.75, flipped: 0 })
      expect(of([lad, { ...SPECK, territory: 'AORTA' }])).toMatchObject({ max: 6.75, flipped: 0 })
      expect(of([{ ...SPECK, territory: 'LAD' }])).toMatchObject({ min: 0, max: 0.5, categoryChanges: true })
      expect(of([{ ...ON, exclude: 'stent' }], { scope: 'whole-image' })).toMatchObject({
        min: 0,
        max: 0.5,
        categoryChanges: null,
      })
      for (const standard of ['siemens', 'calciumscoring-jl', 'cacslabeler', 'philips'])
        expect(of([lad, { ...SPECK, territory: 'RCA' }], { standard }).byStandard, standard).toEqual(both.byStandard)
    })

    it('flips in order of size; slices where nothing falls apart before and after one where a corner held six pixels together', () => {
      const volume = study([20, 10, 3], (x, y, z) => {
        if (z === 0) return (x > 1 && x < 5 && y > 1 && y < 5) || (x === 12 && y === 7) ? 350 : 0
        if (z === 2) return x > 1 && x < 6 && y > 1 && y < 4 ? 350 : 0
        return (y === 3 && x > 1 && x < 5) || (y === 4 && x > 4 && x < 8) ? 350 : 0
      })
      const geometry = { ...volume.geometry, pixelSpacingMm: [0.5, 0.5] as const, thicknessMm: 3 }
      const { sensitivity } = engine.scoreSync({ ...volume, geometry } as typeof volume, {
        ...WHOLE,
        sensitivity: true,
      })
      expect(sensitivity!.flips).toMatchObject([
        { slice: 1, pixels: 6, counted: true, against: ['literature', 'ge'] },
        { slice: 0, pixels: 1, counted: false, against: ['siemens'] },
      ])
      expect(sensitivity!.byStandard).toEqual({
        literature: 12.75,
        ge: 12.75,
        siemens: 18,
        philips: 17.25,
        canon: 17.25,
      })
    })

    it('under the ladder of another voltage: the vendors’ minimum, that ladder', () => {
      const at = (hu: number) => {
        const volume = study([8, 8, 1], (x, y) => (x > 1 && x < 5 && y > 1 && y < 5 ? hu : 0))
        const facts = { ...volume.facts, kvp: 100 }
        const { sensitivity, total } = engine.scoreSync({ ...volume, facts } as typeof volume, {
          ...WHOLE,
          kvpAdapted: true,
          sensitivity: true,
        })
        expect(sensitivity).toMatchObject({ min: total.agatston, max: total.agatston })
        return total.agatston
      }
      expect([144, 145, 222, 223, 334, 335, 446, 447].map(at)).toEqual([0, 9, 9, 18, 18, 27, 27, 36])
    })

    it('is asked for: by default of files alone', async () => {
      expect((await engine.score(small, WHOLE)).sensitivity).toBeNull()
      const file = { ...small, kind: 'nifti' as const }
      expect((await engine.score(file, { ...WHOLE, hash: false })).sensitivity).not.toBeNull()
      expect((await engine.score(file, { ...WHOLE, hash: false, sensitivity: false })).sensitivity).toBeNull()
      expect(engine.scoreSync(file, WHOLE).sensitivity).toBeNull()
    })
  })
}
