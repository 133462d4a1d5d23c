/**
 * Air around the body, told from lung by where it lies. Alone, an even material of -850 HU may be the lung of a phantom in a field
 * of view that holds no air, or the air of a scan whose scale is off; soft tissue in its place does not decide, since a scale
 * turned about water leaves it there. But what lies between the edge of the picture and a body that has lung within is air, if
 *
 * 1. it is even as no patient's lung is (blocks of lung differ by tens of HU, by their vessels and by gravity), and
 * 2. what lies between tissue and tissue, the lung, is plainly denser: of a phantom whose lungs reach the edge, lung is both.
 *
 * Looked for along every row and column of blocks, from both ends. What fills the corners of a round field of view is passed.
 */

/** What a block is: an edge between two others, a fill or the floor of the scale, low, low and even, or fat and what is denser. */
const [EDGE, FILL, LOW, EVEN, BODY] = [0, 1, 2, 3, 4]

const AIR_BELOW = -300
const BODY_FROM = -200
const LOWEST = -3500
/** So many blocks of either; less is no measure. */
const LEAST = 30
/**
 * Air is even when two of three blocks lie this near, in HU, to the middle one: a table and streaks beside the arms included, three
 * of four do. Of lung about one in four does.
 */
const EVEN_WITHIN = 12
/** HU by which lung is denser than air at least: 170 in most, 80 in emphysema. */
const LUNG_ABOVE = 60

export class Surround {
  readonly #kinds: Uint8Array
  readonly #means: Int16Array
  readonly #down: number
  readonly #across: number
  readonly #outside = new Uint32Array(AIR_BELOW - LOWEST)
  readonly #inside = new Uint32Array(AIR_BELOW - LOWEST)

  /** @param down, across blocks of a slice either way */
  constructor(down: number, across: number) {
    this.#down = down
    this.#across = across
    this.#kinds = new Uint8Array(down * across)
    this.#means = new Int16Array(down * across)
  }

  /**
   * Block `n` of a slice, row by row.
   *
   * @param mean HU
   * @param even whether its deviation is that of one material
   * @param fill whether it is constant or holds padding
   */
  set(n: number, mean: number, even: boolean, fill: boolean): void {
    const low = mean < AIR_BELOW && mean > LOWEST + 1
    this.#kinds[n] = fill ? FILL : low ? (even ? EVEN : LOW) : mean > BODY_FROM ? BODY : EDGE
    this.#means[n] = low ? Math.round(mean) : 0
  }

  /** All blocks of the slice are set. */
  endSlice(): void {
    const [down, across] = [this.#down, this.#across]
    for (let row = 0; row < down; row++) this.#line(row * across, 1, across)
    for (let column = 0; column < across; column++) this.#line(column, across, down)
  }

  /** HU of the air around the body; null where there is none, or it might be lung. */
  airHu(): number | null {
    const [air, lung] = [median(this.#outside), median(this.#inside)]
    if (air === null || lung === null || lung < air + LUNG_ABOVE) return null
    let [near, all] = [0, 0]
    this.#outside.forEach((count, n) => {
      all += count
      if (Math.abs(n + LOWEST - air) <= EVEN_WITHIN) near += count
    })
    return 3 * near >= 2 * all ? air : null
  }

  #line(start: number, step: number, blocks: number): void {
    const kinds = this.#kinds
    const end = start + blocks * step
    let [first, last] = [start, end - step]
    while (first < end && kinds[first] !== BODY) first += step
    while (last > first && kinds[last] !== BODY) last -= step
    let lung = false
    for (let at = first + step; at < last; at += step) {
      if (kinds[at] !== LOW && kinds[at] !== EVEN) continue
      this.#inside[this.#means[at]! - LOWEST]!++
      lung = true
    }
    if (!lung) return
    this.#inwards(start, step)
    this.#inwards(end - step, -step)
  }

  /** From one end of a line to its body: there is one, where this ends. */
  #inwards(end: number, step: number): void {
    const kinds = this.#kinds
    let at = end
    while (kinds[at] === FILL) at += step
    // The rim of a round field of view lies half in the fill.
    if (at !== end && (kinds[at] === EDGE || kinds[at] === LOW)) at += step
    for (; kinds[at] === EVEN; at += step) this.#outside[this.#means[at]! - LOWEST]!++
  }
}

/** The middle one of what was counted, HU; null for too few. */
function median(counts: Uint32Array): number | null {
  const all = counts.reduce((sum, count) => sum + count, 0)
  if (all < LEAST) return null
  let [n, upTo] = [0, counts[0]!]
  while (2 * upTo < all) upTo += counts[++n]!
  return n + LOWEST
}
