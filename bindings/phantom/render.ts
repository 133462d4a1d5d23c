/**
 * From shapes to the noiseless picture of a slice. Shapes are painted in order, later over earlier, each by the part of the
 * pixel (through the whole slice) that it fills, so that edges carry the partial volume of a real scan.
 *
 * Large shapes are evaluated on a coarse net of nodes in the planes between slices; cells wholly inside or outside are filled or
 * passed over, and only at boundaries is the distance interpolated for each pixel. Thin tubes are evaluated pixel by pixel in their
 * boxes. Calcifications are integrated exactly along z and finely in plane: their masses are the truth of the phantom.
 */
import { type Grid, indexRange } from './grid.js'
import type { Lesion } from './lesions.js'
import { type Distance, type TubePoint, capsule } from './shapes.js'

/** A large shape and what fills it. */
export interface Field {
  readonly kind: 'field'
  readonly distance: Distance
  readonly hu: number
  /** Change of HU with y, towards the back. */
  readonly huPerMm?: number
  /** Nothing of the shape lies outside: low and high x, y, z. */
  readonly box?: readonly [number, number, number, number, number, number]
}

/** Thin tubes of one filling. `flat` squeezes the section: heights count that much less than widths. */
export interface Tubes {
  readonly kind: 'tubes'
  readonly hu: number
  readonly pieces: readonly (readonly [TubePoint, TubePoint])[]
  readonly flat?: number
}

export type Paint = Field | Tubes

/** Distance between nodes of the coarse net, about. */
const NODE_MM = 2
/** Finest step in plane inside a calcification. */
const LESION_STEP_MM = 0.04

/** Everything one slice after another needs; slices must be asked for in ascending order. */
export class Renderer {
  readonly hu: Float32Array
  readonly #grid: Grid
  readonly #base: Float32Array
  readonly #nets: readonly (Net | null)[]
  readonly #tubes: readonly (readonly Piece[] | null)[]
  readonly #paints: readonly Paint[]
  readonly #scratch: Float32Array

  /** `base` holds fields that are the same at every height: they are painted once. */
  constructor(grid: Grid, base: readonly Field[], paints: readonly Paint[]) {
    this.#grid = grid
    this.#paints = paints
    this.#base = new Float32Array(grid.rows * grid.columns).fill(-1000)
    for (const field of base) paintField(this.#base, grid, 0, field, makeNet(grid, field))
    this.hu = new Float32Array(grid.rows * grid.columns)
    this.#scratch = new Float32Array(Math.max(grid.rows, grid.columns))
    this.#nets = paints.map((paint) => (paint.kind === 'field' ? makeNet(grid, paint) : null))
    this.#tubes = paints.map((paint) => (paint.kind === 'tubes' ? paint.pieces.map((p) => makePiece(p, paint)) : null))
  }

  /** The tissues of slice `k`, into `hu`, over air. */
  paintSlice(k: number): void {
    this.hu.set(this.#base)
    this.#paints.forEach((paint, n) => {
      if (paint.kind === 'field') paintField(this.hu, this.#grid, k, paint, this.#nets[n]!)
      else for (const piece of this.#tubes[n]!) paintPiece(this.hu, this.#grid, k, piece, paint)
    })
  }

  /** A calcification in slice `k`. Returns the volume (mm3) painted. `touched` is told each pixel that holds some. */
  paintLesion(k: number, lesion: Lesion, touched: (pixel: number) => void): number {
    return paintLesion(this.hu, this.#grid, k, lesion, touched)
  }

  /** The scanner's blur: `passes` times 1 2 1 along rows and along columns. Sums are kept, so masses are too. */
  blur(passes: number): void {
    const { rows, columns } = this.#grid
    for (let pass = 0; pass < passes; pass++) {
      for (let row = 0; row < rows; row++) blurLine(this.hu, row * columns, 1, columns, this.#scratch)
      for (let column = 0; column < columns; column++) blurLine(this.hu, column, columns, rows, this.#scratch)
    }
  }
}

function blurLine(hu: Float32Array, start: number, step: number, count: number, line: Float32Array): void {
  for (let n = 0, p = start; n < count; n++, p += step) line[n] = hu[p]!
  for (let n = 0, p = start; n < count; n++, p += step) {
    hu[p] = (line[n > 0 ? n - 1 : 0]! + 2 * line[n]! + line[n + 1 < count ? n + 1 : n]!) / 4
  }
}

/** Nodes of a field in the plane below and above a slice. Columns and rows of nodes are `step` pixels apart from `left`, `top`. */
interface Net {
  readonly step: number
  readonly left: number
  readonly top: number
  readonly across: number
  readonly down: number
  /** First and last slice the field may touch. */
  readonly slices: readonly [number, number]
  below: Float32Array
  above: Float32Array
  /** The slice whose two planes are held. */
  slice: number
}

function makeNet(grid: Grid, { box }: Field): Net {
  const step = Math.max(1, Math.round(NODE_MM / Math.max(grid.spacingMm[0], grid.spacingMm[1])))
  const x = box ? indexRange(grid, 0, box[0], box[1]) : ([0, grid.columns - 1] as const)
  const y = box ? indexRange(grid, 1, box[2], box[3]) : ([0, grid.rows - 1] as const)
  const slices = box ? indexRange(grid, 2, box[4], box[5]) : ([0, grid.slices - 1] as const)
  const across = Math.max(0, Math.ceil((x[1] - x[0] + 1) / step)) + 1
  const down = Math.max(0, Math.ceil((y[1] - y[0] + 1) / step)) + 1
  const [left, top] = [x[0], y[0]]
  const nodes = across * down
  return {
    step,
    left,
    top,
    across,
    down,
    slices,
    below: new Float32Array(nodes),
    above: new Float32Array(nodes),
    slice: -2,
  }
}

/** Nodes along one side of a block that is looked at as a whole first. */
const BLOCK = 4

/**
 * Distances at the nodes of a plane. Where the corners of a block all lie further from the surface than the block is wide, on
 * the same side, its nodes cannot lie near it: they take a corner's distance, unmeasured.
 */
function fillPlane(grid: Grid, field: Field, net: Net, plane: number, nodes: Float32Array): void {
  const { step, left, top, across, down } = net
  const [dx, dy, dz] = grid.spacingMm
  const z = grid.origin[2] + (plane - 0.5) * dz
  const measure = (i: number, j: number): number =>
    field.distance(grid.origin[0] + (left + i * step) * dx, grid.origin[1] + (top + j * step) * dy, z)
  const far = 1.5 * BLOCK * step * Math.max(dx, dy)
  const blocksAcross = Math.ceil((across - 1) / BLOCK)
  let upper = new Float64Array(blocksAcross + 1)
  let lower = new Float64Array(blocksAcross + 1)
  for (let i = 0; i <= blocksAcross; i++) lower[i] = measure(i * BLOCK, 0)
  for (let j = 0; j < down; j += BLOCK) {
    ;[upper, lower] = [lower, upper]
    for (let i = 0; i <= blocksAcross; i++) lower[i] = measure(i * BLOCK, j + BLOCK)
    for (let block = 0; block < Math.max(blocksAcross, 1); block++) {
      const [a, b, c, d] = [upper[block]!, upper[block + 1] ?? 0, lower[block]!, lower[block + 1] ?? 0]
      const skip = Math.min(a, b, c, d) > far || Math.max(a, b, c, d) < -far
      const lastI = block + 1 >= blocksAcross ? across : (block + 1) * BLOCK
      for (let nj = j; nj < Math.min(j + BLOCK, down); nj++) {
        for (let ni = block * BLOCK; ni < lastI; ni++) nodes[nj * across + ni] = skip ? a : measure(ni, nj)
      }
    }
  }
}

function paintField(hu: Float32Array, grid: Grid, k: number, field: Field, net: Net): void {
  if (k < net.slices[0] || k > net.slices[1]) return
  if (net.slice === k - 1) [net.below, net.above] = [net.above, net.below]
  else fillPlane(grid, field, net, k, net.below)
  fillPlane(grid, field, net, k + 1, net.above)
  net.slice = k
  const width = Math.max(grid.spacingMm[0], grid.spacingMm[1])
  const { below, above, across } = net
  for (let j = 0; j + 1 < net.down; j++) {
    for (let i = 0; i + 1 < across; i++) {
      const n = j * across + i
      const [a, b, c, d] = [below[n]!, below[n + 1]!, below[n + across]!, below[n + across + 1]!]
      const [e, f, g, h] = [above[n]!, above[n + 1]!, above[n + across]!, above[n + across + 1]!]
      const least = Math.min(a, b, c, d, e, f, g, h)
      if (least >= width / 2) continue
      const most = Math.max(a, b, c, d, e, f, g, h)
      const firstRow = net.top + j * net.step
      const firstColumn = net.left + i * net.step
      const lastRow = Math.min(firstRow + net.step, grid.rows)
      const lastColumn = Math.min(firstColumn + net.step, grid.columns)
      for (let row = firstRow; row < lastRow; row++) {
        const filling = field.hu + (field.huPerMm ?? 0) * (grid.origin[1] + row * grid.spacingMm[1])
        const start = row * grid.columns
        if (most <= -width / 2) {
          for (let p = start + firstColumn; p < start + lastColumn; p++) hu[p] = filling
          continue
        }
        // The distance runs straight along the row: from its value at the left side of the cell, by a step a pixel.
        const v = (row - firstRow) / net.step
        let low = a + (c - a) * v
        let high = e + (g - e) * v
        const lowStep = (b + (d - b) * v - low) / net.step
        const highStep = (f + (h - f) * v - high) / net.step
        for (let p = start + firstColumn; p < start + lastColumn; p++) {
          hu[p] = hu[p]! + (filling - hu[p]!) * coverage(-low, -high, width)
          low += lowStep
          high += highStep
        }
      }
    }
  }
}

/** Part of a pixel `width` mm wide that is inside, where the depth runs straight from `a` to `b` through the slice. */
function coverage(a: number, b: number, width: number): number {
  if (a <= -width / 2 && b <= -width / 2) return 0
  if (a >= width / 2 && b >= width / 2) return 1
  const change = b - a
  if (Math.abs(change) < 1e-3) return Math.min(Math.max((a + b) / 2 / width + 0.5, 0), 1)
  return (integral(b, width) - integral(a, width)) / change
}

/** Integral of the ramp that rises from 0 to 1 between -width/2 and width/2. */
function integral(depth: number, width: number): number {
  const half = width / 2
  if (depth <= -half) return 0
  return depth >= half ? depth : ((depth + half) * (depth + half)) / (2 * width)
}

interface Piece {
  readonly distance: Distance
  readonly box: readonly [number, number, number, number, number, number]
}

function makePiece([from, to]: readonly [TubePoint, TubePoint], { flat = 1 }: Tubes): Piece {
  const radius = Math.max(from[3], to[3])
  const low = (i: 0 | 1 | 2) => Math.min(from[i], to[i]) - radius / (i === 2 ? flat : 1)
  const high = (i: 0 | 1 | 2) => Math.max(from[i], to[i]) + radius / (i === 2 ? flat : 1)
  const squeeze = (p: TubePoint): TubePoint => [p[0], p[1], p[2] * flat, p[3]]
  return { distance: capsule(squeeze(from), squeeze(to)), box: [low(0), high(0), low(1), high(1), low(2), high(2)] }
}

/** A tube may lie wholly between two planes: its distance is taken at the middle of the slice too. */
function paintPiece(hu: Float32Array, grid: Grid, k: number, { distance, box }: Piece, paint: Tubes): void {
  const [dx, dy, dz] = grid.spacingMm
  const middle = grid.origin[2] + k * dz
  if (middle + dz / 2 < box[4] || middle - dz / 2 > box[5]) return
  const width = Math.max(dx, dy)
  const flat = paint.flat ?? 1
  const [left, right] = indexRange(grid, 0, box[0] - width, box[1] + width)
  const [top, bottom] = indexRange(grid, 1, box[2] - width, box[3] + width)
  const heights = [(middle - dz / 2) * flat, middle * flat, (middle + dz / 2) * flat] as const
  for (let row = top; row <= bottom; row++) {
    const y = grid.origin[1] + row * dy
    for (let column = left; column <= right; column++) {
      const x = grid.origin[0] + column * dx
      const centre = -distance(x, y, heights[1])
      // The distance changes by no more than the height does.
      if (centre < -width / 2 - (dz / 2) * flat) continue
      const part =
        (coverage(-distance(x, y, heights[0]), centre, width) + coverage(centre, -distance(x, y, heights[2]), width)) /
        2
      const p = row * grid.columns + column
      hu[p] = hu[p]! + (paint.hu - hu[p]!) * part
    }
  }
}

function paintLesion(hu: Float32Array, grid: Grid, k: number, lesion: Lesion, touched: (p: number) => void): number {
  const [dx, dy, dz] = grid.spacingMm
  const { box, zInterval } = lesion.shape
  const low = grid.origin[2] + (k - 0.5) * dz
  const high = low + dz
  if (high <= box[4] || low >= box[5]) return 0
  const nx = Math.max(1, Math.ceil(dx / LESION_STEP_MM))
  const ny = Math.max(1, Math.ceil(dy / LESION_STEP_MM))
  const [left, right] = indexRange(grid, 0, box[0], box[1])
  const [top, bottom] = indexRange(grid, 1, box[2], box[3])
  let filled = 0
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      let sum = 0
      for (let j = 0; j < ny; j++) {
        const y = grid.origin[1] + (row + (j + 0.5) / ny - 0.5) * dy
        for (let i = 0; i < nx; i++) {
          const within = zInterval(grid.origin[0] + (column + (i + 0.5) / nx - 0.5) * dx, y)
          if (within) sum += Math.max(0, Math.min(within[1], high) - Math.max(within[0], low))
        }
      }
      if (sum === 0) continue
      const part = sum / (nx * ny * dz)
      const p = row * grid.columns + column
      hu[p] = hu[p]! + (lesion.hu - hu[p]!) * part
      filled += part
      touched(p)
    }
  }
  return filled * dx * dy * dz
}
