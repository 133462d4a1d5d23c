/** The painter keeps its promises: masks are what they are called, a pixel is calcified exactly where its mask says so. */
import { describe, expect, it } from 'vitest'
import { paintVolume, random, randomMask, shapeMasks } from '../paint.js'
import { EVERY_PIECE, SIEMENS, custom } from '../vectors/standards.js'
import { reference } from './score.js'

const pixels = (data: Uint8Array): number => data.reduce((sum, on) => sum + on, 0)

function piecesOf(name: string, width: number, height: number, connectivity: 4 | 8): number {
  const mask = shapeMasks(width, height).find((one) => one.name === `${name} ${width}x${height}`)!
  const scan = { rows: height, columns: width, slices: 1, pixelSpacingMm: [1, 1], incrementMm: 3 } as const
  const input = { ...scan, pixels: mask.data, rescale: () => ({ slope: 200, intercept: 0 }) }
  return reference(input, connectivity === 4 ? SIEMENS : EVERY_PIECE).pieces.length
}

describe('random', () => {
  it('is the same for a seed, another for another, and even', () => {
    const draw = (seed: number): number[] => {
      const from = random(seed)
      return Array.from({ length: 4000 }, () => from.next())
    }
    expect(draw(7)).toEqual(draw(7))
    expect(draw(7)).not.toEqual(draw(8))
    const mean = draw(7).reduce((sum, x) => sum + x, 0) / 4000
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.03)
    expect(draw(7).every((x) => x >= 0 && x < 1)).toBe(true)
    expect(random(7).next()).toBe(0.30471426132135093)
  })
})

describe('masks', () => {
  it.each([
    [1, 1],
    [1, 9],
    [9, 1],
    [2, 2],
    [13, 8],
    [33, 17],
  ])('of %i x %i are as large as they say and hold only 0 and 1', (width, height) => {
    for (const mask of shapeMasks(width, height)) {
      expect(mask.data.length, mask.name).toBe(width * height)
      expect(Math.max(...mask.data), mask.name).toBeLessThanOrEqual(1)
    }
    expect(new Set(shapeMasks(width, height).map((mask) => mask.name)).size).toBe(18)
  })

  it('have the components their names promise', () => {
    expect(piecesOf('checkerboard', 9, 9, 8)).toBe(1)
    expect(piecesOf('checkerboard', 9, 9, 4)).toBe(41)
    expect(piecesOf('dots', 9, 9, 8)).toBe(25)
    for (const side of ['first row', 'last row', 'first column', 'last column']) {
      expect(piecesOf(`comb, joined in the ${side}`, 11, 7, 4), side).toBe(1)
    }
    for (const [width, height] of [[12, 9], [9, 12], [33, 31], [2, 2], [1, 5]] as const) {
      expect(piecesOf('spiral', width, height, 4)).toBe(1)
      expect(piecesOf('spiral', width, height, 8)).toBe(1)
    } // prettier-ignore
    expect(piecesOf('nested rings', 13, 13, 8)).toBe(4)
    expect(piecesOf('diagonal stripes, falling', 9, 9, 8)).toBeLessThan(piecesOf('diagonal stripes, falling', 9, 9, 4))
  })

  it('leave a gap in the spiral', () => {
    const spiral = shapeMasks(9, 9).find((mask) => mask.name.startsWith('spiral'))!
    const rows = Array.from({ length: 9 }, (_, r) => [...spiral.data.subarray(r * 9, r * 9 + 9)].join(''))
    expect(rows).toEqual([
      '111111111',
      '000000001',
      '111111101',
      '100000101',
      '101110101',
      '101000101',
      '101111101',
      '100000001',
      '111111111',
    ])
  })

  it('follow density and granularity', () => {
    expect(pixels(randomMask(40, 40, 0, 1, random(1)).data)).toBe(0)
    expect(pixels(randomMask(40, 40, 1, 16, random(1)).data)).toBe(1600)
    const half = pixels(randomMask(100, 100, 0.5, 1, random(1)).data)
    expect(Math.abs(half - 5000)).toBeLessThan(300)
    const coarse = randomMask(32, 32, 0.5, 16, random(3)).data
    for (let i = 0; i < coarse.length; i++) {
      const block = (Math.floor(i / 32 / 16) * 16 * 32 + Math.floor((i % 32) / 16) * 16) | 0
      expect(coarse[i]).toBe(coarse[block])
    }
  })
})

describe('painted volumes', () => {
  const standards = [SIEMENS, custom('narrow', { thresholdRule: '>', upperHu: 900, minimum: { by: 'none' } })]

  it('are calcified exactly where the mask is on and a territory is', () => {
    for (const standard of standards) {
      for (let seed = 1; seed <= 120; seed++) {
        const volume = paintVolume(seed, standard, 30, 3)
        const size = volume.rows * volume.columns
        const on = volume.masks.flatMap(({ data }, k) =>
          [...data].map((yes, i) => yes && (volume.labels?.[k * size + i] ?? 1)),
        )
        const found = reference(volume, standard).pieces.reduce((sum, piece) => sum + piece.pixels, 0)
        expect(found, `seed ${seed}, ${standard.id}`).toBe(on.filter(Boolean).length)
      }
    }
  })

  it('vary in everything', () => {
    const many = Array.from({ length: 60 }, (_, n) => paintVolume(n + 1, SIEMENS, 20, 3))
    expect(new Set(many.map((volume) => volume.kind)).size).toBe(3)
    expect(new Set(many.map((volume) => volume.columns)).size).toBeGreaterThan(12)
    expect(new Set(many.map((volume) => JSON.stringify(volume.rescale(0)))).size).toBeGreaterThan(8)
    for (const has of ['padding', 'labels'] as const) {
      const share = many.filter((volume) => volume[has]).length
      expect(share, has).toBeGreaterThan(8)
      expect(share, has).toBeLessThan(52)
    }
  })

  it('touch every edge of the ladder, on it and beside it', () => {
    const hu = new Set<number>()
    for (let seed = 1; seed <= 60; seed++) {
      const { pixels: stored, rescale, rows, columns, kind } = paintVolume(seed, SIEMENS, 40, 1)
      if (kind === 'float32' || rescale(0).slope !== 1) continue
      for (const value of stored.subarray(0, rows * columns)) hu.add(value + rescale(0).intercept)
    }
    for (const edge of [130, 200, 300, 400]) for (const step of [-1, 0, 1]) expect(hu).toContain(edge + step)
  })

  it('give one volume for one seed', () => {
    expect(paintVolume(5, SIEMENS).pixels).toEqual(paintVolume(5, SIEMENS).pixels)
  })
})
