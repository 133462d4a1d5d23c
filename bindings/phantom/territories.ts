/**
 * Label maps of a phantom: the surroundings of each vessel's course, generous but disjoint (each pixel goes to the nearest
 * vessel), and every pixel that holds any of a calcification, with the blur around it, to that calcification's vessel.
 */
import type { Course } from './coronaries.js'
import { type Grid, indexRange } from './grid.js'
import { capsule } from './shapes.js'

/** Labels of slice `k` by nearness to the courses. `best` is scratch of the same length. */
export function labelCourses(
  labels: Uint8Array,
  best: Float32Array,
  grid: Grid,
  k: number,
  courses: readonly Course[],
): void {
  labels.fill(0)
  best.fill(Infinity)
  const [dx, dy, dz] = grid.spacingMm
  const z = grid.origin[2] + k * dz
  for (const { points, label, reachMm } of courses) {
    points.slice(1).forEach((to, n) => {
      const from = points[n]!
      const reach = Math.max(from[3], to[3]) + reachMm
      if (z < Math.min(from[2], to[2]) - reach || z > Math.max(from[2], to[2]) + reach) return
      const distance = capsule(from, to)
      const [left, right] = indexRange(grid, 0, Math.min(from[0], to[0]) - reach, Math.max(from[0], to[0]) + reach)
      const [top, bottom] = indexRange(grid, 1, Math.min(from[1], to[1]) - reach, Math.max(from[1], to[1]) + reach)
      for (let row = top; row <= bottom; row++) {
        for (let column = left; column <= right; column++) {
          const d = distance(grid.origin[0] + column * dx, grid.origin[1] + row * dy, z)
          const p = row * grid.columns + column
          if (d <= reachMm && d < best[p]!) {
            best[p] = d
            labels[p] = label
          }
        }
      }
    })
  }
}

/** Give the pixels a calcification touches, grown by `rim` pixels each way, to its vessel. */
export function labelLesion(
  labels: Uint8Array,
  grid: Grid,
  touched: readonly number[],
  label: number,
  rim: number,
): void {
  for (const p of touched) {
    const row = Math.floor(p / grid.columns)
    const column = p - row * grid.columns
    for (let r = Math.max(0, row - rim); r <= Math.min(grid.rows - 1, row + rim); r++) {
      for (let c = Math.max(0, column - rim); c <= Math.min(grid.columns - 1, column + rim); c++) {
        labels[r * grid.columns + c] = label
      }
    }
  }
}
