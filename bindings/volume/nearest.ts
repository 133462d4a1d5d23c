/** Where pixel centres lie among the pixels of a parallel grid, along one axis. Each takes the pixel its centre lies in. */

/** How far, in pixels of the mask, a centre may lie outside the outermost of them, and grids may drift apart. */
export const TOLERANCE = 0.05
/** Further off than this, in pixels or increments, and a grid is not the volume's own. */
export const SAME = 0.01

export interface Nearest {
  readonly indices: Int32Array
  /** The centres are those of the other grid's pixels. */
  readonly same: boolean
}

/**
 * For `count` centres, the first at `start` and each `step` further, in pixels of a grid of `size`: the pixel each lies in, or
 * null where one lies outside. A centre on the border of two goes to the lower one, on every machine.
 */
export function nearestPixels(start: number, step: number, count: number, size: number): Nearest | null {
  const drift = Math.abs(Math.abs(step) - 1) * (count - 1)
  const indices = new Int32Array(count)
  for (let n = 0; n < count; n++) {
    const exact = start + n * step
    if (!(exact >= -0.5 - TOLERANCE && exact <= size - 0.5 + TOLERANCE)) return null
    indices[n] = Math.min(Math.max(Math.ceil(exact - 0.5 - 1e-6), 0), size - 1)
  }
  return { indices, same: drift <= SAME && Math.abs(start - Math.round(start)) <= SAME }
}
