/**
 * The normal distribution: how likely a value at or below z standard deviations is. Two classical expansions, each where it is
 * exact: a series of positive terms near the middle (Abramowitz and Stegun 26.2.11), Laplace's continued fraction in the tails
 * (26.2.14). The relative error stays below 1e-13 down to z = -37, where the answer leaves the normal numbers.
 */

/** Beyond this many standard deviations the fraction takes over. */
const TAIL = 2.5
/** Steps of the fraction: at 2.5 they leave 1e-16. */
const STEPS = 160
const ROOT_TWO_PI = Math.sqrt(2 * Math.PI)

/** Density at `z`. */
const density = (z: number): number => Math.exp(-0.5 * z * z) / ROOT_TWO_PI

/** Probability of a value at or below `z`. */
export function normalCdf(z: number): number {
  if (z < -TAIL) return upperTail(-z)
  if (z > TAIL) return 1 - upperTail(z)
  // z + z^3/3 + z^5/(3 x 5) + ...: all of one sign.
  let term = z
  let sum = z
  for (let n = 3; Math.abs(term) > 1e-17 * Math.abs(sum); n += 2) {
    term *= (z * z) / n
    sum += term
  }
  return 0.5 + density(z) * sum
}

/** Probability of a value above `z`, z > 0: density / (z + 1/(z + 2/(z + 3/...))). */
function upperTail(z: number): number {
  let below = z
  for (let n = STEPS; n >= 1; n--) below = z + n / below
  return density(z) / below
}
