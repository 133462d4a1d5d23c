/**
 * Seeded randomness that is the same on every machine: integers only, and uniform numbers from them by one exact division.
 */

/** A stream of 32-bit words. */
export interface Random {
  /** The next word, 0 to 2^32 - 1. */
  word(): number
  /** A number from low (included) to high (excluded). */
  between(low: number, high: number): number
}

/**
 * sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, passes PractRand and BigCrush. `stream` makes independent streams
 * of one seed, so that slices can be made in any order.
 */
export function seededRandom(seed: number, stream = 0): Random {
  let a = seed | 0
  let b = stream | 0
  let c = 0x9e3779b9 | 0
  let counter = 1
  const word = (): number => {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return t >>> 0
  }
  // The author's warm-up: after it, seeds that differ in one bit have nothing in common.
  for (let n = 0; n < 15; n++) word()
  return { word, between: (low, high) => low + (word() / 4294967296) * (high - low) }
}
