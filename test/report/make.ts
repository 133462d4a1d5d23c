/** Results to render: scored from small arrays, so that they are what the engine really makes. */
import { arrayVolume, createEngine } from '../../bindings/index.js'
import type { Result, ScoreOptions, TerritoryMap } from '../../bindings/index.js'

const engine = await createEngine()

export const SIDE = 32

/** One slice row per value: a 2 x 2 block at that HU in each row band, 1 mm pixels, 3 mm slices. */
export function volumeOf(hus: readonly number[], slices = 40) {
  const scalarData = new Int16Array(SIDE * SIDE * slices).fill(40)
  hus.forEach((hu, n) => {
    const [row, column, k] = [(n % 8) * 4, (Math.floor(n / 8) % 8) * 4, 4 + Math.floor(n / 64)]
    for (const at of [0, 1, SIDE, SIDE + 1]) scalarData[k * SIDE * SIDE + row * SIDE + column + at] = hu
  })
  return arrayVolume({ scalarData, dimensions: [SIDE, SIDE, slices], spacing: [1, 1, 3] })
}

/** Every band of four rows is a territory: rows 0-3 label 1 (LM), 4-7 label 2 and so on, in turn over `names`. */
export function territoriesOf(names: readonly string[], slices = 40): TerritoryMap {
  const scalarData = new Uint8Array(SIDE * SIDE * slices)
  for (let i = 0; i < scalarData.length; i++) {
    const row = Math.floor(i / SIDE) % SIDE
    scalarData[i] = 1 + (Math.floor(row / 4) % names.length)
  }
  return { scalarData, names: Object.fromEntries(names.map((name, n) => [n + 1, name])) }
}

export const score = (hus: readonly number[], options: ScoreOptions): Result => engine.scoreSync(volumeOf(hus), options)

/** A result with some fields changed, as data. */
export const changed = (result: Result, change: Partial<Result>): Result => ({ ...result, ...change })
