/** The sampling of a phantom: pixels of one size around the origin, slices that touch. */

export interface Grid {
  readonly rows: number
  readonly columns: number
  readonly slices: number
  /** Between columns, between rows, between slices (which are as thick). */
  readonly spacingMm: readonly [number, number, number]
  /** Patient coordinates of the first pixel's centre; the middle of the volume is 0, 0, 0. */
  readonly origin: readonly [number, number, number]
}

export function centredGrid(
  rows: number,
  columns: number,
  slices: number,
  spacingMm: readonly [number, number, number],
): Grid {
  // To the nanometre, so that the decimal strings in files are the very same numbers.
  const first = (count: number, mm: number) => Math.round(-((count - 1) / 2) * mm * 1e6) / 1e6 + 0
  const origin = [first(columns, spacingMm[0]), first(rows, spacingMm[1]), first(slices, spacingMm[2])] as const
  return Object.freeze({ rows, columns, slices, spacingMm, origin })
}

/** First and last index (clamped to the grid) of the pixels or slices that a stretch from `low` to `high` mm touches. */
export function indexRange(grid: Grid, axis: 0 | 1 | 2, low: number, high: number): readonly [number, number] {
  const count = [grid.columns, grid.rows, grid.slices][axis]!
  const mm = grid.spacingMm[axis]
  const first = Math.floor((low - grid.origin[axis]) / mm + 0.5)
  const last = Math.ceil((high - grid.origin[axis]) / mm - 0.5)
  return [Math.max(first, 0), Math.min(last, count - 1)]
}
