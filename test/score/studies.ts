/** Small studies for suites of the engine, and results in a form that compares. */
import { arrayVolume } from '../../bindings/volume/array.js'
import type { Result } from '../../bindings/score/result.js'
import type { SyncVolume } from '../../bindings/volume/volume.js'

/** A volume of `dimensions` (columns, rows, slices) of 1 x 1 x 3 mm; `hu` by column, row, slice. */
export function study(
  dimensions: readonly [number, number, number],
  hu: (column: number, row: number, slice: number) => number,
): SyncVolume {
  const [columns, rows, slices] = dimensions
  const scalarData = Int16Array.from({ length: columns * rows * slices }, (_, i) =>
    hu(i % columns, Math.floor(i / columns) % rows, Math.floor(i / columns / rows)),
  )
  return arrayVolume({ scalarData, dimensions, spacing: [1, 1, 3] })
}

/** 3 x 3 pixels of 250 HU in one 8 x 8 slice: Agatston 18. */
export const EIGHTEEN = study([8, 8, 1], (x, y) => (x > 1 && x < 5 && y > 1 && y < 5 ? 250 : 0))
/** The same block in 256 x 256, which needs more than one page of memory. */
export const EIGHTEEN_WIDE = study([256, 256, 2], (x, y, z) => (z === 1 && x > 1 && x < 5 && y > 1 && y < 5 ? 250 : 0))
export const WHOLE = { scope: 'whole-image' } as const

/** The whole result, lesions made, as plain data; without the stamp of the module that scored. */
export function plain(result: Result): Omit<Result, 'engine'> {
  const { engine: _engine, ...rest } = JSON.parse(JSON.stringify(result)) as Result
  return rest
}

/** What a call throws. */
export function thrown(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
