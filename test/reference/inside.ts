/**
 * Whether the centre of a pixel lies inside polygons, from the definition: an odd number of edges at or left of the point on its
 * row, an edge holding its upper end and not its lower. One point at a time, in exact fractions; shares nothing with the reader.
 */

/** Points as multiples of 1/4096 pixel. */
export type Corner = readonly [x: bigint, y: bigint]

export function isInside(polygons: readonly (readonly Corner[])[], row: number, column: number): boolean {
  const [px, py] = [BigInt(column) * 4096n, BigInt(row) * 4096n]
  let crossings = 0
  for (const polygon of polygons) {
    polygon.forEach(([ax, ay], n) => {
      const [bx, by] = polygon[(n + 1) % polygon.length]!
      if (ay === by) return
      const [[tx, ty], [lx, ly]] = ay < by ? [[ax, ay], [bx, by]] : [[bx, by], [ax, ay]] // prettier-ignore
      if (py < ty! || py >= ly!) return
      // x of the edge at this row is at most px: tx + (py - ty) (lx - tx) / (ly - ty) <= px, all times a positive number.
      if (tx! * (ly! - ty!) + (py - ty!) * (lx! - tx!) <= px * (ly! - ty!)) crossings++
    })
  }
  return crossings % 2 === 1
}
