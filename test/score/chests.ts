/** Whole pictures of a chest, small and quick to make, for what is measured in pixels; and files, as far as scoring sees them. */
import { arrayVolume } from '../../bindings/volume/array.js'
import { examined, fileExaminer } from '../../bindings/volume/examine.js'
import type { TerritoryMap } from '../../bindings/volume/territory.js'
import type { Padding, Rescale, SyncVolume, Volume } from '../../bindings/volume/volume.js'

export const SIDE = 128
export const SLICES = 32
const SIZE = SIDE * SIDE

/** Words from 0 to 2^32 - 1, one seed one sequence (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t
    return (t ^ (t >>> 14)) >>> 0
  }
}

/** Normal deviates: twelve uniform ones added. */
export function gauss(seed: number): () => number {
  const word = random(seed)
  return () => {
    let sum = -6
    for (let n = 0; n < 12; n++) sum += word() / 2 ** 32
    return sum
  }
}

/** What lies where, by the distance from the middle in half sides: air, skin and muscle, two lungs that are not even, the heart. */
function tissue(column: number, row: number, word: () => number): number {
  const [x, y] = [(column - SIDE / 2) / (SIDE / 2), (row - SIDE / 2) / (SIDE / 2)]
  if (x * x + (y * y) / 0.8 > 0.85) return -1000
  if (Math.hypot(x, y) < 0.35) return 40
  const lung = Math.hypot((Math.abs(x) - 0.55) / 0.28, y / 0.6) < 1
  return lung ? -860 + (word() % 300) : 55
}

export interface ChestOptions {
  readonly noiseHu?: number
  readonly seed?: number
  readonly slices?: number
  /** HU of each pixel once tissue and noise are there. */
  readonly paint?: (hu: number, column: number, row: number, slice: number) => number
}

/** 128 x 128 x 32 pixels of 1 x 1 x 3 mm, in HU, without calcium. */
export function chest({ noiseHu = 15, seed = 1, slices = SLICES, paint }: ChestOptions = {}): Int16Array {
  const [word, normal] = [random(seed), gauss(seed + 1000)]
  return Int16Array.from({ length: SIZE * slices }, (_, i) => {
    const [column, row, slice] = [i % SIDE, Math.floor(i / SIDE) % SIDE, Math.floor(i / SIZE)]
    const hu = Math.round(tissue(column, row, word) + noiseHu * normal())
    return paint ? paint(hu, column, row, slice) : hu
  })
}

/** Stored values as an array volume. */
export function chestVolume(
  scalarData: Int16Array | Float32Array | Uint16Array,
  rescale?: Rescale,
  mm = 3,
): SyncVolume {
  const dimensions = [SIDE, SIDE, scalarData.length / SIZE] as const
  return examined(
    arrayVolume({
      scalarData,
      dimensions: [...dimensions],
      spacing: [1, 1, mm],
      thicknessMm: mm,
      ...(rescale ? { rescale } : {}),
    }),
  )
}

/** The same as a file would bring it. */
export const fileOf = (volume: Volume, more: { padding?: Padding; bitsStored?: number } = {}): Volume => ({
  ...volume,
  kind: 'nifti',
  examiner: () => fileExaminer(volume.geometry),
  ...(more.padding ? { padding: () => more.padding! } : {}),
  ...(more.bitsStored ? { bitsStored: () => more.bitsStored! } : {}),
})

/** A vessel where the heart is. */
export function vessel(slices = SLICES): TerritoryMap {
  const scalarData = new Uint8Array(SIZE * slices)
  for (let i = 0; i < scalarData.length; i++) {
    const [column, row] = [i % SIDE, Math.floor(i / SIDE) % SIDE]
    if (Math.abs(column - SIDE / 2) < 15 && Math.abs(row - SIDE / 2) < 15) scalarData[i] = 2
  }
  return { scalarData, names: { 2: 'Coronary arteries' } } // all of them: a zero of one vessel alone is none
}
