/**
 * What the pixels say of the scan: how noisy it is, whether its air is air, whether parts of the picture are blanked out. A look
 * at a few small blocks of every slice, counted in whole numbers, so that slices in any order give the same figures.
 *
 * Noise is the commonest standard deviation of blocks of soft tissue (Christianson O et al. Automated technique to measure noise
 * in clinical CT examinations. AJR 2015;205:W93-W99): edges, vessels and calcium only make others, larger ones. The pixels of a
 * block lie two or three apart, since neighbours share their noise and would hide it. Air is the lowest even material; a block
 * that is constant is a fill or the floor of the scale, and measures nothing.
 */
import type { Geometry } from './geometry.js'
import { Surround } from './surround.js'
import type { Measured, Padding, Rescale, SliceArray } from './volume.js'

/** What a survey measured. Null: too little of it in the picture. */
export interface Surveyed extends Measured {
  /** Slices with padding inside the picture. */
  readonly padded: number
}

/** Pixels of a block either way, and about how many blocks of a slice are looked at either way. */
const SIDE = 5
const PIXELS = 25
const BLOCKS = 20
/** Mean of a block of soft tissue, HU: neither fat nor bone. */
const TISSUE_FROM = -50
const TISSUE_TO = 100
/** Half of its way to air or bone a pixel lies at an edge, whatever the noise. */
const EDGE_BELOW = -600
const EDGE_ABOVE = 700
/** Noise is counted in steps of 1/4 HU, up to 100 HU and no further; with fewer blocks there is no figure. */
const STEPS_PER_HU = 4
const STEPS = 400
const LEAST_TISSUE = 50
/** Air lies below -300 HU and is even within 40 HU; so many blocks within 20 HU, with few others within 60, are a material. */
const AIR_BELOW = -300
const LOWEST = -3500
const EVEN = 40
const LEAST_AIR = 6
const NEAR = 20
const AROUND = 60
/**
 * Up to here an even material may be that of a phantom's lungs, which no patient has: it is air only where it lies around a body
 * (see `surround`), or where soft tissue is not where it belongs either, but a good part of it denser.
 *
 * A field of view that holds no air leaves the scale unverified, and a zero with it. Nothing else in a chest can stand in: lung
 * differs from patient to patient by more than a tenth of its way to water, and fat and muscle lie so near each other that they
 * tell a slope to a fifth at best, where air tells it to a tenth.
 */
const LUNG_TO = -600
const DENSE_TO = 400
/** Every so many rows and columns are searched for padding. */
const LINES_APART = 8

export class Survey {
  readonly #rows: number
  readonly #columns: number
  /** Pixels from one pixel of a block to the next: above a millimetre, where neighbours hardly share their noise. */
  readonly #stride: number
  /** Of each column the last row with picture, while a slice is searched for padding. */
  readonly #last: Uint32Array
  /** Of the block that is looked at: sum, and sum of squares. */
  readonly #block = new Float64Array(2)
  readonly #noise = new Uint32Array(STEPS)
  readonly #air = new Uint32Array(AIR_BELOW - LOWEST)
  readonly #surround: Surround
  readonly #down: number
  readonly #across: number
  #dense = 0
  #padded = 0

  constructor({ rows, columns, pixelSpacingMm }: Pick<Geometry, 'rows' | 'columns' | 'pixelSpacingMm'>) {
    this.#rows = rows
    this.#columns = columns
    this.#last = new Uint32Array(columns)
    this.#stride = pixelSpacingMm[1] < 0.45 ? 3 : 2
    const span = this.#stride * (SIDE - 1) + 1
    this.#down = Math.max(span, Math.ceil(rows / BLOCKS))
    this.#across = Math.max(span, Math.ceil(columns / BLOCKS))
    const blocks = (pixels: number, apart: number): number =>
      pixels < span ? 0 : Math.floor((pixels - span) / apart) + 1
    this.#surround = new Surround(blocks(rows, this.#down), blocks(columns, this.#across))
  }

  /** Look at one slice. */
  add(pixels: SliceArray, rescale: Rescale, padding: Padding | null): void {
    const rows = this.#rows
    const columns = this.#columns
    const { slope, intercept } = rescale
    const stride = this.#stride
    const span = stride * (SIDE - 1) + 1
    const block = this.#block
    let n = 0
    for (let row = 0; row + span <= rows; row += this.#down) {
      for (let column = 0; column + span <= columns; column += this.#across) {
        if (padding && this.#touches(pixels, row * columns + column, padding)) {
          this.#surround.set(n++, 0, false, true)
          continue
        }
        addUp(pixels, row * columns + column, stride, stride * columns, block)
        const sum = block[0]!
        const squares = block[1]!
        const mean = (slope * sum) / PIXELS + intercept
        // Of whole numbers this is exact, and 0 for a constant block only.
        const sd = Math.abs(slope) * Math.sqrt(Math.max(0, PIXELS * squares - sum * sum) / (PIXELS * (PIXELS - 1)))
        this.#surround.set(n++, mean, sd < EVEN, sd === 0)
        if (mean > TISSUE_FROM && mean < TISSUE_TO) {
          const step = Math.floor(sd * STEPS_PER_HU)
          if (step < STEPS) this.#noise[step]!++
          else if (!this.#atEdge(pixels, row * columns + column, rescale)) this.#noise[STEPS - 1]!++
        } else if (mean > TISSUE_TO + 10 && mean < DENSE_TO) this.#dense++
        else if (mean < AIR_BELOW && sd > 0 && sd < EVEN) this.#air[Math.round(mean) - LOWEST]!++
      }
    }
    this.#surround.endSlice()
    if (padding && this.#hasHole(pixels, rescale, padding)) this.#padded++
  }

  /** Whether a block holds padding. */
  #touches(pixels: SliceArray, start: number, { low, high }: Padding): boolean {
    const span = this.#stride * (SIDE - 1) + 1
    for (let n = 0, p = start; n < SIDE; n++, p += this.#stride * this.#columns) {
      for (let q = p; q < p + span; q += this.#stride) if (pixels[q]! >= low && pixels[q]! <= high) return true
    }
    return false
  }

  /** Whether a block reaches from tissue to air or bone. With less than 100 HU of deviation none does. */
  #atEdge(pixels: SliceArray, start: number, { slope, intercept }: Rescale): boolean {
    for (let n = 0; n < PIXELS; n++) {
      const p = start + this.#stride * ((n % SIDE) + Math.floor(n / SIDE) * this.#columns)
      const hu = slope * pixels[p]! + intercept
      if (hu < EDGE_BELOW || hu > EDGE_ABOVE) return true
    }
    return false
  }

  measured(): Surveyed {
    return { noiseHu: noiseOf(this.#noise), airHu: this.#airHu(), padded: this.#padded }
  }

  #airHu(): number | null {
    const air = airOf(this.#air)
    const mayBeLung = air !== null && air > -900 && air < LUNG_TO
    if (!mayBeLung) return air
    return this.#surround.airHu() ?? (4 * this.#dense < sums(this.#noise)(0, STEPS) ? null : air)
  }

  /**
   * Padding with picture at both ends of it in its row or column: a field of view is round or square, and has none. Where its
   * value cannot be told from air, both ends must be tissue.
   */
  #hasHole(pixels: SliceArray, { slope, intercept }: Rescale, { low, high }: Padding): boolean {
    const asAir = [low, high].some((value) => Math.abs(slope * value + intercept + 1000) <= 100)
    const least = asAir ? -500 : -Infinity
    const columns = this.#columns
    for (let row = 0; row < this.#rows; row += LINES_APART) {
      let last = columns // the last pixel of picture; none yet
      for (let column = 0, i = row * columns; column < columns; column++, i++) {
        const value = pixels[i]!
        if (value >= low && value <= high) continue
        const isEnd = slope * value + intercept > least
        if (isEnd && last < column - 1) return true
        last = isEnd ? column : columns
      }
    }
    // The columns all at once, row by row, as they lie in memory: one after another takes several times as long.
    const last = this.#last.fill(this.#rows)
    for (let row = 0, start = 0; row < this.#rows; row++, start += columns) {
      for (let column = 0; column < columns; column += LINES_APART) {
        const value = pixels[start + column]!
        if (value >= low && value <= high) continue
        const isEnd = slope * value + intercept > least
        if (isEnd && last[column]! < row - 1) return true
        last[column] = isEnd ? row : this.#rows
      }
    }
    return false
  }
}

/**
 * Sum and sum of squares of a block's pixels. A function of its own, since it is where the time goes, and so short that it is compiled
 * before a program that scores a single scan ends.
 */
function addUp(pixels: SliceArray, start: number, perColumn: number, perRow: number, into: Float64Array): void {
  let sum = 0
  let squares = 0
  for (let n = 0, p = start; n < SIDE; n++, p += perRow) {
    const a = pixels[p]!
    const b = pixels[p + perColumn]!
    const c = pixels[p + 2 * perColumn]!
    const d = pixels[p + 3 * perColumn]!
    const e = pixels[p + 4 * perColumn]!
    sum = sum + a + b + c + d + e
    squares = squares + a * a + b * b + c * c + d * d + e * e
  }
  into[0] = sum
  into[1] = squares
}

/** Sum of the counts from one place to another, both included. */
function sums(counts: Uint32Array): (from: number, to: number) => number {
  const upTo = new Float64Array(counts.length + 1)
  for (let n = 0; n < counts.length; n++) upTo[n + 1] = upTo[n]! + counts[n]!
  return (from, to) => upTo[Math.min(to + 1, counts.length)]! - upTo[Math.max(from, 0)]!
}

/** The densest place within an eighth, then the mean of what lies within a quarter of it. */
function noiseOf(counts: Uint32Array): number | null {
  const sum = sums(counts)
  if (sum(0, STEPS) < LEAST_TISSUE) return null
  let most = 0
  let mode = 0
  for (let n = 0; n < STEPS; n++) {
    const reach = Math.round(n / 8)
    const density = sum(n - reach, n + reach) / (2 * reach + 1)
    if (density > most) [most, mode] = [density, n]
  }
  if (mode === 0) return 0
  const reach = Math.round(mode / 4)
  let weighted = 0
  for (let n = mode - reach; n <= mode + reach && n < STEPS; n++) weighted += counts[n]! * (n + 0.5)
  return weighted / sum(mode - reach, mode + reach) / STEPS_PER_HU
}

/** The median of the lowest material. */
function airOf(counts: Uint32Array): number | null {
  const sum = sums(counts)
  for (let n = 0; n < counts.length; n++) {
    const near = sum(n - NEAR, n + NEAR)
    if (near < LEAST_AIR || 3 * near < 2 * sum(n - AROUND, n + AROUND)) continue
    let m = n - NEAR
    while (2 * sum(n - NEAR, m) < near) m++
    return m + LOWEST
  }
  return null
}
