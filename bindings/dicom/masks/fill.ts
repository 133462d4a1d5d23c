/**
 * Filling contours: which pixel centres lie inside a polygon, by the even-odd rule.
 *
 * A centre is inside where an odd number of edges cross its row at or left of it. An edge holds its upper end and not its
 * lower, so a centre on a left or upper border is inside, one on a right or lower border is not: of two regions that share a
 * border exactly one has each pixel. Crossings are marked in a bit map of the row and summed up along it, so the time is
 * that of the edges' heights plus the box, whatever the number of edges.
 */

/** Points in pixels of a slice, as pairs x (columns), y (rows); a pixel's centre is at whole numbers. Closed by itself. */
export type Polygon = Float64Array

/** The pixels inside a polygon: row by row of the box, 1 where inside. */
export interface Filled {
  /** First row and column of the box, and its size; 0 x 0 where no centre is inside. */
  readonly row: number
  readonly column: number
  readonly rows: number
  readonly columns: number
  readonly inside: Uint8Array
  /** How many are inside. */
  readonly pixels: number
}

/** Points are rounded to 2^-12 pixels: decimals in a file say no more, and a centre meant to lie on a border then does. */
export const snap = (pixels: number): number => Math.round(pixels * 4096) / 4096

/** The time filling takes: the rows each edge crosses, summed over all edges, and the pixels of the box. */
export function fillCost(polygon: Polygon, rows: number, columns: number): number {
  const box = boxOf(polygon, rows, columns)
  let cost = polygon.length + box.rows * box.columns
  for (let i = 1; i < polygon.length; i += 2) {
    const [y0, y1] = [polygon[i]!, polygon[(i + 2) % polygon.length]!]
    const from = Math.max(Math.ceil(Math.min(y0, y1)), box.row)
    const to = Math.min(Math.ceil(Math.max(y0, y1)), box.row + box.rows)
    if (to > from) cost += to - from
  }
  return cost
}

/** The pixels of a slice of rows x columns inside a polygon. */
export function fillPolygon(polygon: Polygon, rows: number, columns: number): Filled {
  const box = boxOf(polygon, rows, columns)
  const inside = new Uint8Array(box.rows * box.columns)
  for (let i = 0; i < polygon.length; i += 2) {
    const j = (i + 2) % polygon.length
    markEdge(inside, box, polygon[i]!, polygon[i + 1]!, polygon[j]!, polygon[j + 1]!)
  }
  return { ...box, inside, pixels: sumUp(inside, box.columns) }
}

type Box = Pick<Filled, 'row' | 'column' | 'rows' | 'columns'>

/** The pixels whose centres can be inside. */
function boxOf(polygon: Polygon, rows: number, columns: number): Box {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity]
  for (let i = 0; i < polygon.length; i += 2) {
    left = Math.min(left, polygon[i]!)
    right = Math.max(right, polygon[i]!)
    top = Math.min(top, polygon[i + 1]!)
    bottom = Math.max(bottom, polygon[i + 1]!)
  }
  const row = clamp(Math.ceil(top), rows)
  const column = clamp(Math.ceil(left), columns)
  const height = clamp(Math.ceil(bottom), rows) - row
  const width = clamp(Math.ceil(right), columns) - column
  return height > 0 && width > 0 ? { row, column, rows: height, columns: width } : { row, column, rows: 0, columns: 0 }
}

const clamp = (n: number, most: number): number => Math.min(Math.max(n, 0), most)

/** Turn over, in each row the edge crosses, the first pixel at or right of the crossing. */
function markEdge(marks: Uint8Array, box: Box, x0: number, y0: number, x1: number, y1: number): void {
  if (y0 === y1) return
  // From the upper end, whichever way round the contour runs: the same edge of two regions crosses at the same place.
  if (y0 > y1) return markEdge(marks, box, x1, y1, x0, y0)
  const from = Math.max(Math.ceil(y0), box.row)
  const to = Math.min(Math.ceil(y1), box.row + box.rows)
  const [width, height] = [x1 - x0, y1 - y0]
  for (let row = from; row < to; row++) {
    // Coordinates are multiples of 2^-12: near the slice all of this but the division is exact, and so is which side it is on.
    const x = (x0 * height + (row - y0) * width) / height
    const column = Math.max(Math.ceil(x) - box.column, 0)
    if (column < box.columns) marks[(row - box.row) * box.columns + column]! ^= 1
  }
}

/** Marks to insides, in place; how many are inside. */
function sumUp(marks: Uint8Array, columns: number): number {
  let pixels = 0
  for (let start = 0; start < marks.length; start += columns) {
    let odd = 0
    for (let i = start; i < start + columns; i++) {
      odd ^= marks[i]!
      marks[i] = odd
      pixels += odd
    }
  }
  return pixels
}
