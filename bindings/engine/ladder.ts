/**
 * The ladder in stored units. HU = slope x stored + intercept is monotone in the stored value even after rounding to
 * float64, so for every edge there is one stored value from which on (or, with a negative slope, up to which) the float64
 * comparison holds. It is found by bisection over the very comparison it replaces: no slope or intercept can make the
 * integer comparison of the kernel differ from comparing HU pixel by pixel.
 *
 * The kernel sees keys: stored values with the bits of `flip` turned over, in the order of HU (assembly/lanes.ts).
 */

export interface Edges {
  /** Threshold, then the three density edges, in HU. */
  readonly hu: readonly [number, number, number, number]
  /** Whether the threshold itself is calcified, and whether an edge itself belongs to the class above. */
  readonly thresholdRule: '>=' | '>'
  readonly ladderRule: '>=' | '>'
  /** Last calcified HU, or null. */
  readonly upperHu: number | null
}

/** Interval, padding and density edges in keys, and the way back: stored = keySign x key + keyOffset. */
export interface Ladder {
  readonly flip: number
  readonly low: number
  readonly high: number
  readonly skipLow: number
  readonly skipHigh: number
  readonly edges: readonly [number, number, number]
  readonly keySign: 1 | -1
  readonly keyOffset: number
}

export interface Moved {
  readonly slope: number
  readonly intercept: number
  readonly padding: { readonly low: number; readonly high: number } | null
}

/** The ladder for 16-bit pixels. Keys are integers in [-32768, 32767]; an edge of 32768 is out of reach. */
export function ladder16(edges: Edges, kind: 'int16' | 'uint16', moved: Moved): Ladder {
  const falling = moved.slope < 0
  const flip = (kind === 'uint16' ? 0x8000 : 0) ^ (falling ? 0xffff : 0)
  const keySign = falling ? -1 : 1
  const keyOffset = kind === 'uint16' ? (falling ? 32767 : 32768) : falling ? -1 : 0
  const huOf = (key: number): number => moved.slope * (keySign * key + keyOffset) + moved.intercept
  const from = (rule: '>=' | '>', edge: number): number =>
    bisect(-32768, 32768, (key) => (rule === '>=' ? huOf(key) >= edge : huOf(key) > edge))
  const keyOf = (stored: number): number => keySign * (stored - keyOffset)
  const { padding } = moved
  const [p, q] = padding ? [keyOf(Math.ceil(padding.low)), keyOf(Math.floor(padding.high))] : [1, 0]
  return {
    flip,
    low: from(edges.thresholdRule, edges.hu[0]),
    high: edges.upperHu === null ? 32767 : from('>', edges.upperHu) - 1,
    skipLow: clamp(falling && padding ? q : p, -32768, 32768),
    skipHigh: clamp(falling && padding ? p : q, -32769, 32767),
    edges: [
      from(edges.ladderRule, edges.hu[1]),
      from(edges.ladderRule, edges.hu[2]),
      from(edges.ladderRule, edges.hu[3]),
    ],
    keySign,
    keyOffset,
  }
}

/** The ladder for float32 pixels. Keys are float32; an edge that no finite value reaches is NaN, which nothing reaches. */
export function ladder32(edges: Edges, moved: Moved): Ladder {
  const keySign = moved.slope < 0 ? -1 : 1
  const huOf = (key: number): number => moved.slope * (keySign * key) + moved.intercept
  const from = (rule: '>=' | '>', edge: number): number => {
    const rank = bisect(-MAX_RANK, MAX_RANK + 1, (r) => {
      const hu = huOf(floatOfRank(r))
      return rule === '>=' ? hu >= edge : hu > edge
    })
    return rank > MAX_RANK ? NaN : floatOfRank(rank)
  }
  const upper = edges.upperHu
  const beyond = upper === null ? NaN : from('>', upper)
  const { padding } = moved
  const ends = padding ? [keySign * padding.low, keySign * padding.high].sort((a, b) => a - b) : [NaN, NaN]
  return {
    flip: keySign < 0 ? 0x80000000 | 0 : 0,
    low: from(edges.thresholdRule, edges.hu[0]),
    high: Number.isNaN(beyond) ? Infinity : floatOfRank(rankOf(beyond) - 1),
    skipLow: ends[0]!,
    skipHigh: ends[1]!,
    edges: [
      from(edges.ladderRule, edges.hu[1]),
      from(edges.ladderRule, edges.hu[2]),
      from(edges.ladderRule, edges.hu[3]),
    ],
    keySign,
    keyOffset: 0,
  }
}

/** Least integer in [low, high) for which a monotone predicate holds; `high` where it holds for none. */
function bisect(low: number, high: number, holds: (n: number) => boolean): number {
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}

/** Padding may lie beyond the type: an interval that holds any 16-bit key at all then has ends that 16 bits hold, too. */
const clamp = (key: number, least: number, most: number): number => Math.min(Math.max(key, least), most)

/** Rank of the largest finite float32: floats in order are integers in order, once negative ones are turned round. */
const MAX_RANK = 0x7f7fffff
const bits = new DataView(new ArrayBuffer(4))

function floatOfRank(rank: number): number {
  bits.setUint32(0, rank < 0 ? (-rank | 0x80000000) >>> 0 : rank)
  return bits.getFloat32(0)
}

function rankOf(value: number): number {
  bits.setFloat32(0, value)
  const raw = bits.getUint32(0)
  return raw & 0x80000000 ? -(raw & 0x7fffffff) : raw
}
