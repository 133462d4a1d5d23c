/**
 * The inverse DCT of 8 x 8 coefficients as ITU-T T.81 A.3.3 defines it, in float64. The constants are written out, since
 * Math.cos may differ in its last bit from one runtime to the next, and a sample could with it.
 */

/** cos(k pi / 16) / 2, and the first of A.3.3: 1 / sqrt(8). */
const C = [
  0.35355339059327379, 0.4903926402016152, 0.46193976625564337, 0.41573480615127262, 0.35355339059327379,
  0.27778511650980109, 0.19134171618254489, 0.097545161008064138,
]

/** BASIS[8 u + x]: what coefficient u adds at x. */
const BASIS = new Float64Array(64)
for (let u = 0; u < 8; u++) {
  for (let x = 0; x < 8; x++) BASIS[8 * u + x] = u === 0 ? C[0]! : cosine(((2 * x + 1) * u) % 32)
}

/** cos(k pi / 16) / 2 for k of 0 to 31. */
function cosine(k: number): number {
  const folded = k > 16 ? 32 - k : k
  if (folded === 8) return 0
  const size = folded === 0 || folded === 16 ? 0.5 : C[folded < 8 ? folded : 16 - folded]!
  return folded < 8 ? size : -size
}

const rows = new Float64Array(64)

/** @param coefficients 64, dequantised, row by row; @param samples 64 sums, before the level shift */
export function inverseDct(coefficients: Float64Array, samples: Float64Array): void {
  for (let v = 0; v < 8; v++) {
    for (let x = 0; x < 8; x++) {
      let sum = 0
      for (let u = 0; u < 8; u++) sum += coefficients[8 * v + u]! * BASIS[8 * u + x]!
      rows[8 * v + x] = sum
    }
  }
  for (let x = 0; x < 8; x++) {
    for (let y = 0; y < 8; y++) {
      let sum = 0
      for (let v = 0; v < 8; v++) sum += rows[8 * v + x]! * BASIS[8 * v + y]!
      samples[8 * y + x] = sum
    }
  }
}
