/** Air around a body told from lung: synthetic chests under wrong scales, in wide fields and in fields all within the chest. */
import { describe, expect, it, vi } from 'vitest'
import { makePhantom } from '../../bindings/phantom/index.js'
import { createEngine } from '../../bindings/score/engine.js'
import { Surround } from '../../bindings/volume/surround.js'
import { Survey } from '../../bindings/volume/survey.js'
import type { SyncVolume, Volume } from '../../bindings/volume/volume.js'
import { chest, chestVolume, fileOf, vessel } from '../score/chests.js'

// A slow machine is no failure.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

/** A volume with its scale turned about water. */
const turned = (volume: Volume, by: number): Volume => ({
  ...volume,
  rescale: (k) => ({ slope: volume.rescale(k).slope * by, intercept: volume.rescale(k).intercept * by }),
})

function airOf(volume: SyncVolume, by: number): number | null {
  const { rows, columns, slices } = volume.geometry
  const survey = new Survey(volume.geometry)
  const into = volume.pixelKind === 'int16' ? new Int16Array(rows * columns) : new Uint16Array(rows * columns)
  for (let k = 0; k < slices; k++) {
    volume.readSlice(k, into)
    survey.add(into, turned(volume, by).rescale(k), volume.padding(k))
  }
  return survey.measured().airHu
}

describe('synthetic chests', () => {
  const phantom = (kind: 'torso' | 'qrm', mm: number, noiseHu: number): SyncVolume =>
    makePhantom({ kind, rows: 256, columns: 256, slices: 20, spacingMm: [mm, mm, 3], noiseHu }).volume

  it.each([
    ['torso', 1.5, 15],
    ['torso', 1.5, 35],
    ['torso', 1.2, 25],
    ['qrm', 1.2, 25],
    ['qrm', 1.5, 35],
  ] as const)('%s, a field with air around the body, pixels of %d mm, noise %d: air as it is', (kind, mm, noiseHu) => {
    const volume = phantom(kind, mm, noiseHu)
    for (const by of [1, 0.95, 0.89, 0.85, 0.8, 0.7, 0.62]) {
      expect(Math.abs(airOf(volume, by)! + 1000 * by), `${by}`).toBeLessThan(6)
    }
  })

  it.each([
    ['torso', 0.6, 5],
    ['torso', 0.6, 20],
    ['torso', 0.8, 15],
    ['qrm', 0.5, 5],
    ['qrm', 0.6, 20],
  ] as const)('%s, a field within the chest, pixels of %d mm, noise %d: lung is never air', (kind, mm, noiseHu) => {
    const volume = phantom(kind, mm, noiseHu)
    for (const by of [1, 0.95, 0.9, 0.85, 0.8]) {
      const air = airOf(volume, by)
      if (air !== null) expect(Math.abs(air + 1000 * by), `${by}`).toBeLessThan(30) // the airways
    }
  })

  it.each([-1024, -2000, -3024])('a round field of view, its corners filled with %d', (fill) => {
    const volume = phantom('torso', 1.5, 15)
    const isCorner = Uint8Array.from({ length: 256 * 256 }, (_, i) =>
      Number(Math.hypot((i % 256) - 127.5, Math.floor(i / 256) - 127.5) > 127),
    )
    // In HU as they are: the phantom's own stored values do not reach so low.
    const round: SyncVolume = {
      ...volume,
      pixelKind: 'int16',
      rescale: () => ({ slope: 1, intercept: 0 }),
      readSlice: (k, into) => {
        const stored = new Uint16Array(into.length)
        volume.readSlice(k, stored)
        const { slope, intercept } = volume.rescale(k)
        stored.forEach((value, i) => (into[i] = isCorner[i] ? fill : slope * value + intercept))
      },
    }
    for (const by of [1, 0.85, 0.65]) expect(Math.abs(airOf(round, by)! + 1000 * by), `${by}`).toBeLessThan(6)
  })
})

describe('HU_CALIBRATION', () => {
  /** No noise passes 130 HU where the heart is. */
  const quiet = (hu: number, x: number, y: number): number => (Math.hypot(x - 64, y - 64) < 24 ? Math.min(hu, 125) : hu)
  const said = async (by: number, paint = quiet): Promise<string[]> => {
    const engine = await createEngine()
    const volume = turned(fileOf(chestVolume(chest({ paint, slices: 32 }))), by)
    return (await engine.score(volume, { territories: vessel(), hash: false })).warnings.map(({ code }) => code)
  }

  it('is told of a zero with air at -850 and soft tissue in its place, and takes the zero away', async () => {
    expect(await said(1)).toEqual([])
    for (const by of [0.85, 0.75, 0.65]) expect(await said(by)).toEqual(['HU_CALIBRATION', 'ZERO_UNVERIFIED'])
  })

  it('is not told of even lungs that reach the edge of a field without air: the zero stays unverified', async () => {
    for (const lung of [-850, -800, -700]) {
      const within = (hu: number, x: number, y: number): number =>
        Math.abs(x - 64) > 40 ? lung + (hu % 16) : quiet(hu < -500 ? 40 : hu, x, y)
      expect(await said(1, within)).toEqual(['ZERO_UNVERIFIED'])
    }
  })
})

describe('lines of blocks', () => {
  const [AIR, LUNG, SKIN, BODY, FILL] = ['air', 'lung', 'skin', 'body', 'fill'] as const
  type Block = typeof AIR | typeof LUNG | typeof SKIN | typeof BODY | typeof FILL
  const airOfLine = (
    line: readonly Block[],
    { air = -850, lung = -700, slices = 30, spread = 0, even = true } = {},
  ): number | null => {
    const surround = new Surround(1, line.length)
    for (let k = 0; k < slices; k++) {
      line.forEach((block, n) => {
        // One in three blocks lies off by the spread.
        const off = k % 3 === 2 ? spread : 0
        const mean = { air: air + off, lung, skin: -400, body: 40, fill: -1024 }[block]
        surround.set(n, mean, block === AIR && even, block === FILL)
      })
      surround.endSlice()
    }
    return surround.airHu()
  }
  const WIDE = [AIR, SKIN, BODY, LUNG, BODY, SKIN, BODY]

  it('air, body, lung, body', () => {
    expect(airOfLine(WIDE)).toBe(-850)
    expect(airOfLine(WIDE.toReversed())).toBe(-850)
    expect(airOfLine([FILL, FILL, SKIN, AIR, BODY, LUNG, BODY])).toBe(-850)
    expect(airOfLine([FILL, AIR, BODY, LUNG, BODY, FILL])).toBe(-850)
  })

  it.each([
    ['nothing but air', [AIR, AIR, AIR]],
    ['no body on one side of the lung', [AIR, BODY, LUNG, LUNG]],
    ['lung at the edge, the heart, lung at the edge', [AIR, BODY, BODY, AIR]],
    ['no air at the edge', [BODY, LUNG, BODY]],
    ['a line that begins in the skin', [SKIN, AIR, BODY, LUNG, BODY]],
    ['fill alone', [FILL, FILL, FILL]],
    ['fill around the body', [FILL, SKIN, BODY, LUNG, BODY, FILL]],
  ] satisfies [string, Block[]][])('%s: nothing', (_, line) => {
    expect(airOfLine(line)).toBe(null)
  })

  it('30 blocks of each, and the lung 60 HU denser', () => {
    expect(airOfLine(WIDE, { slices: 29 })).toBe(null)
    expect(airOfLine(WIDE, { slices: 31 })).toBe(-850)
    expect(airOfLine(WIDE, { lung: -791 })).toBe(null)
    for (const lung of [-790, -789]) expect(airOfLine(WIDE, { lung })).toBe(-850)
  })

  it('even, and two of three blocks within 12 HU of the middle one', () => {
    expect(airOfLine(WIDE, { even: false })).toBe(null)
    for (const spread of [12, 13, 40]) expect(airOfLine(WIDE, { spread })).toBe(-850)
    const half = (spread: number): number | null => {
      const surround = new Surround(1, WIDE.length)
      for (let k = 0; k < 60; k++) {
        WIDE.forEach((block, n) => {
          const air = -850 + (k % 2 ? spread : 0)
          surround.set(n, { air, lung: -700, skin: -400, body: 40, fill: 0 }[block], block === AIR, false)
        })
        surround.endSlice()
      }
      return surround.airHu()
    }
    for (const spread of [11, 12]) expect(half(spread)).toBe(-850)
    expect(half(13)).toBe(null)
  })
})
