/** Contours of one region on one plane laid on each other: holes, islands in holes, copies, and contours that cross. */
import type { Filled } from './fill.js'

/** Part of a contour's pixels that may lie on the other side of another's line before the two count as crossing. */
const SLACK = 0.1

export type Laid = 'fits' | 'twice' | 'crossing'

export class Layers {
  private readonly row: number
  private readonly column: number
  private readonly columns: number
  /** By pixel of the box around all: number of the contour laid last, from 1, negative where an even number lies there. */
  private readonly top: Int32Array
  private readonly sizes: number[] = [0]

  /** For these contours, which are then to be laid from the largest to the smallest. */
  constructor(filled: readonly Filled[]) {
    this.row = Math.min(...filled.map(({ row }) => row))
    this.column = Math.min(...filled.map(({ column }) => column))
    const rows = Math.max(...filled.map(({ row, rows: count }) => row + count)) - this.row
    this.columns = Math.max(...filled.map(({ column, columns: count }) => column + count)) - this.column
    this.top = new Int32Array(rows * this.columns)
  }

  /**
   * Lay on a contour. It fits where (nearly) all of it lies on one contour or on none; one that is laid already is passed
   * over, since a hole as large as what it is in is a copy.
   */
  lay(filled: Filled): Laid {
    const below = new Map<number, number>()
    this.each(filled, (at) => {
      const contour = Math.abs(this.top[at]!)
      below.set(contour, (below.get(contour) ?? 0) + 1)
    })
    const [main, most] = [...below].reduce((a, b) => (b[1] > a[1] ? b : a))
    if (main !== 0 && most === filled.pixels && this.sizes[main] === most) return 'twice'
    if (filled.pixels - most > SLACK * filled.pixels) return 'crossing'
    const number = this.sizes.push(filled.pixels) - 1
    this.each(filled, (at) => {
      this.top[at] = this.top[at]! > 0 ? -number : number
    })
    return 'fits'
  }

  /** Told row and column of each pixel inside an odd number of contours. */
  forEachOdd(tell: (row: number, column: number) => void): void {
    this.top.forEach((contour, at) => {
      if (contour > 0) tell(this.row + Math.floor(at / this.columns), this.column + (at % this.columns))
    })
  }

  private each({ row, column, rows, columns, inside }: Filled, body: (at: number) => void): void {
    for (let r = 0; r < rows; r++) {
      const from = (row - this.row + r) * this.columns + column - this.column
      for (let c = 0; c < columns; c++) if (inside[r * columns + c]) body(from + c)
    }
  }
}
