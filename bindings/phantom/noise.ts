/**
 * Quantum noise as a reconstruction shows it: grains a few pixels wide, not single pixels. White noise (the sum of the four
 * bytes of a random word, near enough to a bell) is smoothed with the binomial kernel 1 4 6 4 1 in both directions, in integers
 * throughout, and scaled to the standard deviation asked for. 25 smoothed values make the result Gaussian for every purpose.
 */
import { seededRandom } from './random.js'

/** The kernel reaches this many pixels to each side. */
const REACH = 2
/** Variance of the sum of four bytes: 4 x (256^2 - 1) / 12. */
const WHITE_VARIANCE = 21845
/** Square root of the sum of squares of the 25 weights: 70, since 1 + 16 + 36 + 16 + 1 = 70 in each direction. */
const KERNEL_GAIN = 70

/** Streams above this are for noise; those below choose anatomy. */
const NOISE_STREAM = 0x10000

/** Makes noise for slices of one size. */
export class Noise {
  readonly #rows: number
  readonly #columns: number
  readonly #white: Int16Array
  readonly #across: Int32Array

  constructor(rows: number, columns: number) {
    this.#rows = rows
    this.#columns = columns
    this.#white = new Int16Array((rows + 2 * REACH) * (columns + 2 * REACH))
    this.#across = new Int32Array((rows + 2 * REACH) * columns)
  }

  /** Add noise of standard deviation `sd` to slice `k`. The same seed and slice give the same noise, whatever came before. */
  add(hu: Float32Array, sd: number, seed: number, k: number): void {
    if (sd === 0) return
    const across = this.#across
    const c = this.#columns
    fillWhite(this.#white, seed, k)
    smoothRows(this.#white, across, this.#rows + 2 * REACH, c)
    const scale = sd / (Math.sqrt(WHITE_VARIANCE) * KERNEL_GAIN)
    for (let p = 0; p < hu.length; p++) {
      const sum = across[p]! + across[p + 4 * c]! + 4 * (across[p + c]! + across[p + 3 * c]!) + 6 * across[p + 2 * c]!
      hu[p] = hu[p]! + sum * scale
    }
  }
}

function smoothRows(white: Int16Array, across: Int32Array, rows: number, columns: number): void {
  for (let row = 0, at = 0, p = 0; row < rows; row++, p += 2 * REACH) {
    for (let column = 0; column < columns; column++, p++) {
      across[at++] = white[p]! + white[p + 4]! + 4 * (white[p + 1]! + white[p + 3]!) + 6 * white[p + 2]!
    }
  }
}

/** Zero-mean words: four bytes added, less four times their mean of 127.5. */
function fillWhite(white: Int16Array, seed: number, k: number): void {
  const { word } = seededRandom(seed, NOISE_STREAM + k)
  for (let p = 0; p < white.length; p++) {
    const bits = word()
    const pairs = (bits & 0xff00ff) + ((bits >>> 8) & 0xff00ff)
    white[p] = (pairs & 0xffff) + (pairs >>> 16) - 510
  }
}
