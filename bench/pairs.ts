/** Two calls in turn, A B A B ...: a machine whose speed drifts, and caches one call leaves to the other, weigh on both alike. */

export interface PairRow {
  readonly case: string
  readonly engine: string
  readonly against: string
  /** Median over the pairs of time of `engine` / time of `against`. */
  readonly ratio: number
  readonly rounds: number
}

/** Median ratio, pair by pair. */
export function ratioInTurn(call: () => unknown, against: () => unknown, rounds: number): number {
  const ratios: number[] = []
  for (let round = -10; round < rounds; round++) {
    const start = performance.now()
    against()
    const middle = performance.now()
    call()
    const end = performance.now()
    if (round >= 0) ratios.push((end - middle) / (middle - start))
  }
  return ratios.sort((a, b) => a - b)[rounds >> 1]!
}
