/** Mean and standard deviation of a patch of pixels: a calibration rod, a ring of background. */
import { checkKeys, finite, list, positive, valueAt } from './checks.js'

/** A rod or patch as its statistics. */
export interface MeanAndSd {
  /** HU. */
  readonly meanHu: number
  /** Standard deviation of the pixels, HU, with n - 1 below. */
  readonly sdHu: number
}

/**
 * Mean and sample standard deviation (divided by n - 1), in two passes, compensated: the order of the values does not show.
 *
 * @param hu HU of at least two pixels, in any order
 * @throws TypeError for what is no list of numbers, RangeError for fewer than two or one that is not finite
 */
export function meanAndSd(hu: ArrayLike<number>): MeanAndSd & { readonly pixels: number } {
  const { length } = list('hu', hu)
  if (length < 2) throw new RangeError(`hu has ${length} value; a standard deviation needs at least 2`)
  const sum = new CompensatedSum()
  for (let i = 0; i < length; i++) sum.add(valueAt('hu', hu, i))
  const meanHu = sum.value() / length
  const squares = new CompensatedSum()
  for (let i = 0; i < length; i++) squares.add((hu[i]! - meanHu) ** 2)
  return { meanHu, sdHu: Math.sqrt(squares.value() / (length - 1)), pixels: length }
}

/** @throws TypeError, RangeError that say what is wrong with the statistics of a rod */
export function checkRod(name: string, rod: MeanAndSd): MeanAndSd {
  checkKeys(name, rod, ['meanHu', 'sdHu', 'pixels'])
  finite(`${name}.meanHu`, rod.meanHu, 'HU')
  positive(`${name}.sdHu`, rod.sdHu, 'HU')
  return rod
}

/** A sum that keeps what each addition loses (Neumaier 1974); of whole numbers up to 2^53 it is exact. */
export class CompensatedSum {
  #sum = 0
  #lost = 0

  add(value: number): void {
    const next = this.#sum + value
    this.#lost += Math.abs(this.#sum) >= Math.abs(value) ? this.#sum - next + value : value - next + this.#sum
    this.#sum = next
  }

  value(): number {
    return this.#sum + this.#lost
  }
}
