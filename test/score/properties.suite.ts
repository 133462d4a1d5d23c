/** What must hold for every picture: symmetries, sums of parts, and that more calcium never scores less. */
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../bindings/score/engine.js'
import type { Result } from '../../bindings/score/result.js'
import { STANDARDS } from '../../bindings/score/further/index.js'
import { arrayVolume } from '../../bindings/volume/array.js'
import { type Random, random, randomMask } from '../paint.js'
import type { Platform } from '../platforms.js'
import { WHOLE } from './studies.js'

interface Picture {
  readonly size: readonly [columns: number, rows: number, slices: number]
  /** Columns, rows, slices. */
  readonly spacing: readonly [number, number, number]
  readonly hu: Int16Array
  readonly labels: Uint8Array
  readonly standard: string
}

const LEVELS = [130, 131, 199, 200, 201, 299, 300, 399, 400, 401, 1500]

function picture(seed: number): Picture {
  const from = random(seed)
  const size = [1 + from.below(24), 1 + from.below(24), 1 + from.below(5)] as const
  const [columns, rows, slices] = size
  const hu = new Int16Array(columns * rows * slices)
  for (let k = 0; k < slices; k++) {
    const { data } = randomMask(columns, rows, from.pick([0.1, 0.4, 0.6]), 1 + from.below(4), from)
    data.forEach((on, i) => {
      hu[k * data.length + i] = on ? from.pick(LEVELS) : from.pick([-1000, 0, 128, 129])
    })
  }
  const labels = Uint8Array.from(hu, () => 1)
  const side = 1 + from.below(6)
  labels.forEach((_, i) => {
    labels[i] = (Math.floor((i % columns) / side) * 7 + Math.floor(i / columns / side) * 5) % 4
  })
  // Sides whose product is exact, so that sums of areas are, too.
  const spacing = [from.pick([0.25, 0.5, 0.75, 1]), from.pick([0.25, 0.5, 1.5]), from.pick([3, 1.5, 0.75])] as const
  return { size, spacing, hu, labels, standard: from.pick(PLAIN).id }
}

/** Standards by which a piece is worth what its own pixels make it, and a volume is its pixels: what these properties are about. */
const PLAIN = STANDARDS.filter(
  ({ thresholdHu, weightFrom, volume, volumeThresholdHu, sliceFactor, upperHu }) =>
    thresholdHu === 130 &&
    weightFrom === 'piece-peak' &&
    volume === 'voxels' &&
    volumeThresholdHu === null &&
    !sliceFactor.includes('thickness') &&
    upperHu === null,
)

/** The picture seen from elsewhere: axes in another order (`axes[n]` is the old axis of the new axis n), some turned round. */
function seen(old: Picture, axes: readonly [number, number, number], turned: readonly boolean[]): Picture {
  const pick = <T>(of: readonly [T, T, T]): [T, T, T] => [of[axes[0]]!, of[axes[1]]!, of[axes[2]]!]
  const size = pick(old.size)
  const hu = new Int16Array(old.hu.length)
  const labels = new Uint8Array(old.hu.length)
  const at: [number, number, number] = [0, 0, 0]
  let i = 0
  for (let z = 0; z < size[2]; z++) {
    for (let y = 0; y < size[1]; y++) {
      for (let x = 0; x < size[0]; x++, i++) {
        for (const [n, value] of [x, y, z].entries()) at[axes[n]!] = turned[n] ? size[n]! - 1 - value : value
        const j = (at[2] * old.size[1] + at[1]) * old.size[0] + at[0]
        hu[i] = old.hu[j]!
        labels[i] = old.labels[j]!
      }
    }
  }
  return { ...old, size, spacing: pick(old.spacing), hu, labels }
}

const NAMES = { 1: 'LM', 2: 'LAD', 3: 'RCA' }

export function propertiesSuite(platform: Platform): void {
  describe(`properties (${platform.name})`, () => {
    let engine: Engine
    beforeAll(async () => {
      engine = await platform.engine()
    })

    const score = ({ hu, size, spacing, standard }: Picture): Result =>
      engine.scoreSync(arrayVolume({ scalarData: hu, dimensions: size, spacing }), { ...WHOLE, standard })
    const scoreTerritories = (
      { hu, size, spacing, standard, labels }: Picture,
      names: Record<number, string>,
    ): Result =>
      engine.scoreSync(arrayVolume({ scalarData: hu, dimensions: size, spacing }), {
        standard,
        territories: { scalarData: labels, names },
      })
    const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 })
    const holds = (name: string, property: (one: Picture, from: Random) => void, numRuns = 200): void =>
      it(name, () =>
        fc.assert(
          fc.property(seeds, (seed) => property(picture(seed), random(seed + 1))),
          { numRuns, seed: 3 },
        ),
      )

    const VIEWS: readonly (readonly [string, readonly [number, number, number], readonly boolean[]])[] = [
      ['left and right exchanged', [0, 1, 2], [true, false, false]],
      ['up and down exchanged', [0, 1, 2], [false, true, false]],
      ['first and last slice exchanged', [0, 1, 2], [false, false, true]],
      ['transposed, spacing with it', [1, 0, 2], [false, false, false]],
      ['turned by 90 degrees', [1, 0, 2], [true, false, false]],
      ['turned by 180 degrees', [0, 1, 2], [true, true, false]],
      ['turned by 270 degrees', [1, 0, 2], [false, true, true]],
    ]
    for (const [name, axes, turned] of VIEWS) {
      holds(`${name}: the same total, the same lesions`, (one) => {
        const other = seen(one, axes, turned)
        expect(score(other).total).toEqual(score(one).total)
        const a = scoreTerritories(one, NAMES)
        const b = scoreTerritories(other, NAMES)
        expect([b.total, b.territories]).toEqual([a.total, a.territories])
        const sizes = (result: Result) =>
          result.lesions.map(({ agatston, pieces }) => `${agatston} ${pieces.length}`).sort()
        expect(sizes(b)).toEqual(sizes(a))
      })
    }

    holds('cut between two slices, the parts add up to the whole', (one, from) => {
      const [columns, rows, slices] = one.size
      const cut = from.below(slices + 1)
      const whole = score(one).total
      const parts = [[0, cut], [cut, slices]].flatMap(([a, b]) => {
        if (a === b) return []
        const hu = one.hu.subarray(a! * columns * rows, b! * columns * rows)
        return [score({ ...one, hu, size: [columns, rows, b! - a!] }).total]
      }) // prettier-ignore
      for (const key of ['agatston', 'volumeMm3', 'areaMm2', 'pixels', 'pieces'] as const) {
        expect(
          parts.reduce((sum, part) => sum + part[key], 0),
          key,
        ).toBe(whole[key])
      }
      expect(parts.reduce((sum, part) => sum + part.lesions, 0)).toBeGreaterThanOrEqual(whole.lesions)
    })

    holds('a frame of background changes nothing', (one, from) => {
      const [columns, rows, slices] = one.size
      const [left, top] = [from.below(70), from.below(5)]
      const size = [columns + left + 1, rows + top + 2, slices] as const
      const hu = new Int16Array(size[0] * size[1] * slices).fill(129)
      for (let i = 0; i < one.hu.length; i++) {
        const [x, y, z] = [i % columns, Math.floor(i / columns) % rows, Math.floor(i / columns / rows)]
        hu[(z * size[1] + y + top) * size[0] + x + left] = one.hu[i]!
      }
      const [a, b] = [score(one), score({ ...one, hu, size })]
      expect(b.total).toEqual(a.total)
      expect(b.lesions.map(({ agatston }) => agatston)).toEqual(a.lesions.map(({ agatston }) => agatston))
    })

    holds('one more calcified pixel never lowers area, volume or score', (one, from) => {
      const before = score(one).total
      const hu = one.hu.slice()
      const i = from.below(hu.length)
      if (hu[i]! < 130) hu[i] = from.pick(LEVELS)
      const after = score({ ...one, hu }).total
      for (const key of ['areaMm2', 'volumeMm3', 'agatston', 'pixels'] as const)
        expect(after[key]).toBeGreaterThanOrEqual(before[key])
    })

    // True of every standard without an upper limit and with rising weights: all that are shipped.
    holds('a higher value never lowers the score or the peak', (one, from) => {
      const before = score(one).total
      const hu = one.hu.slice()
      const i = from.below(hu.length)
      hu[i] = hu[i]! + from.below(400)
      const after = score({ ...one, hu }).total
      expect(after.agatston).toBeGreaterThanOrEqual(before.agatston)
      expect(after.peakHu ?? -Infinity).toBeGreaterThanOrEqual(before.peakHu ?? -Infinity)
    })

    holds('between weight x area of the lowest and of the highest class', (one) => {
      const { total } = score(one)
      const area = total.areaMm2 * (one.spacing[2] / 3)
      expect(total.agatston).toBeGreaterThanOrEqual(area)
      expect(total.agatston).toBeLessThanOrEqual(4 * area)
      if (total.pixels > 0) expect(total.densityScore! * area).toBeCloseTo(total.agatston, 9)
    })

    holds('exchanged labels exchange territories', (one) => {
      const turned = [0, 3, 1, 2]
      const labels = one.labels.map((label) => turned[label]!)
      const names = Object.fromEntries(Object.entries(NAMES).map(([id, name]) => [turned[Number(id)]!, name]))
      const [a, b] = [scoreTerritories(one, NAMES), scoreTerritories({ ...one, labels }, names)]
      expect([b.total, b.territories]).toEqual([a.total, a.territories])
      const renamed = scoreTerritories(one, { 1: 'LAD', 2: 'RCA', 3: 'LM' })
      expect([renamed.territories.LAD, renamed.territories.RCA, renamed.territories.LM]).toEqual([a.territories.LM, a.territories.LAD, a.territories.RCA]) // prettier-ignore
    })

    holds('one label everywhere scores as no label, and territories never exceed the whole', (one) => {
      const labels = one.labels.map(() => 9)
      const whole = score(one).total
      const named = scoreTerritories({ ...one, labels }, { 9: 'LAD' })
      expect({ ...named.total, diffusivity: null }).toEqual(whole)
      expect({ ...named.territories.LAD, diffusivity: null }).toEqual(whole)
      const parts = Object.values(scoreTerritories(one, NAMES).territories)
      expect(parts.reduce((sum, part) => sum + part.pixels, 0)).toBeLessThanOrEqual(whole.pixels)
      expect(parts.reduce((sum, part) => sum + part.agatston, 0)).toBeLessThanOrEqual(whole.agatston)
    })

    holds('lesions part the pieces, in order, each in its box', (one) => {
      const { lesions, total } = scoreTerritories(one, NAMES)
      const pieces = lesions.flatMap((lesion) => lesion.pieces)
      expect(pieces.filter(({ counted }) => counted).length).toBe(total.pieces)
      expect(lesions.filter(({ counted }) => counted).length).toBe(total.lesions)
      for (const { pieces: own, slices, boundsMm, centroidMm, territories } of lesions) {
        expect(new Set(own.map(({ territory }) => territory))).toEqual(new Set(territories))
        expect([...own].sort((a, b) => a.slice - b.slice)).toEqual(own)
        expect(slices).toEqual([own[0]!.slice, own.at(-1)!.slice])
        for (const axis of [0, 1, 2]) {
          expect(centroidMm[axis]).toBeGreaterThanOrEqual(boundsMm[0][axis]! - 1e-9)
          expect(centroidMm[axis]).toBeLessThanOrEqual(boundsMm[1][axis]! + 1e-9)
        }
        for (const { boxPx, centroidPx, pixels } of own) {
          const [top, left, bottom, right] = boxPx
          expect(pixels).toBeLessThanOrEqual((bottom - top + 1) * (right - left + 1))
          expect(
            centroidPx[0] >= top && centroidPx[0] <= bottom && centroidPx[1] >= left && centroidPx[1] <= right,
          ).toBe(true)
        }
      }
      const firsts = lesions.map(({ pieces: own }) => own[0]!.slice)
      expect(firsts).toEqual([...firsts].sort((a, b) => a - b))
    })
  })
}
