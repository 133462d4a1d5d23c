/**
 * The ladder moved into stored units against comparing HU in float64, for all 65,536 stored values, under hundreds of slopes
 * and intercepts: tiny, huge, negative, fractional, subnormal. And for float32 around every edge, float by float.
 */
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { type Edges, type Ladder, ladder16, ladder32 } from '../../bindings/engine/ladder.js'
import { random } from '../paint.js'

// A slow machine is no failure.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const AGATSTON: Edges = { hu: [130, 200, 300, 400], thresholdRule: '>=', ladderRule: '>=', upperHu: null }
const RULES: readonly Edges[] = [
  AGATSTON,
  { ...AGATSTON, thresholdRule: '>', ladderRule: '>' },
  { ...AGATSTON, upperHu: 1500 },
  { hu: [-1000, -1000, 0, 3071], thresholdRule: '>', ladderRule: '>=', upperHu: 3071 },
  { hu: [129.5, 199.25, 1e9, 1e300], thresholdRule: '>=', ladderRule: '>', upperHu: 1e300 },
]

/** What the kernel does with a key, by its own words: `flip` turned over, read as signed. */
const keyOf = (stored: number, { flip }: Ladder): number => (((stored & 0xffff) ^ flip) << 16) >> 16

function classOf(hu: number, edges: Edges): number {
  const reached = edges.thresholdRule === '>=' ? hu >= edges.hu[0] : hu > edges.hu[0]
  if (!reached || hu > (edges.upperHu ?? Infinity)) return -1
  return edges.hu.slice(1).filter((edge) => (edges.ladderRule === '>=' ? hu >= edge : hu > edge)).length
}

/** The first stored value on which the two ways differ, or null. */
function difference(edges: Edges, kind: 'int16' | 'uint16', slope: number, intercept: number): string | null {
  const ladder = ladder16(edges, kind, { slope, intercept, padding: null })
  const from = kind === 'int16' ? -32768 : 0
  for (let stored = from; stored < from + 65536; stored++) {
    const key = keyOf(stored, ladder)
    const inside = key >= ladder.low && key <= ladder.high
    const got = inside ? ladder.edges.filter((edge) => key >= edge).length : -1
    const back = ladder.keySign * key + ladder.keyOffset
    if (got !== classOf(slope * stored + intercept, edges) || back !== stored) {
      return `${kind} ${stored} x ${slope} + ${intercept}: class ${got}, key ${key}, back ${back}`
    }
  }
  return null
}

const SLOPES = [
  1, -1, 0.5, -0.5, 2, 3, 1 / 3, 0.1, -0.1, 1e-3, 1e-14, -1e-14, 2 ** -60, 1e-300, 5e-324, -5e-324, 2 ** -1074, 2 ** -1030,
  1e300, -1e300, 1e304, -1.7e308, 2 ** 53, 65535, 1 + 2 ** -52, 1 - 2 ** -53, Math.PI, 2.0000305, 0.9999999, 32767.5,
] // prettier-ignore
const INTERCEPTS = [
  0, -0, -1024, -8192, 130, 129.5, 130 - 2 ** -45, 130 + 2 ** -45, 200, -1024.7, 1e9, -1e9, 1e300, -1e300, 1.7e308, -1.7e308,
  5e-324, -5e-324, 32768, -32768, 65536,
] // prettier-ignore

describe('ladder16', () => {
  it('equals comparing HU for all 65,536 values, awkward slopes and intercepts', () => {
    let tried = 0
    for (const [n, slope] of SLOPES.entries()) {
      for (const [m, intercept] of INTERCEPTS.entries()) {
        const edges = RULES[(n + m) % RULES.length]!
        expect(difference(edges, (n + m) % 2 ? 'int16' : 'uint16', slope, intercept)).toBe(null)
        tried++
      }
    }
    expect(tried).toBe(SLOPES.length * INTERCEPTS.length)
  })

  it('equals comparing HU where an edge falls on, just before or just behind a stored value', () => {
    const from = random(20_260)
    for (let n = 0; n < 300; n++) {
      const slope = (from.next() < 0.5 ? -1 : 1) * 10 ** (6 * from.next() - 4)
      const kind = n % 2 ? 'int16' : 'uint16'
      const stored = Math.floor(from.next() * 65536) - (kind === 'int16' ? 32768 : 0)
      const edges = RULES[n % RULES.length]!
      const exact = from.pick(edges.hu) - slope * stored
      const intercept = exact + from.pick([0, 1, -1]) * Math.abs(exact) * 2 ** -52
      expect(difference(edges, kind, slope, intercept), `case ${n}`).toBe(null)
    }
  })

  it.each(['int16', 'uint16'] as const)('skips exactly the padding of %s, up to the ends of the type', (kind) => {
    const [least, most] = kind === 'int16' ? [-32768, 32767] : [0, 65535]
    for (const slope of [1, -1, 0.5, -3]) {
      for (const [low, high] of [[least, least], [most, most], [least, most], [0, 0], [100, 200], [least, 5], [most - 5, most]] as const) {
        const ladder = ladder16(AGATSTON, kind, { slope, intercept: 0, padding: { low, high } })
        for (let stored = least; stored <= most; stored++) {
          const key = keyOf(stored, ladder)
          const skipped = key >= ladder.skipLow && key <= ladder.skipHigh
          if (skipped !== (stored >= low && stored <= high)) expect({ stored, low, high, slope }).toBe(null)
        }
      }
    } // prettier-ignore
    const none = ladder16(AGATSTON, kind, { slope: -1, intercept: 0, padding: null })
    expect(none.skipLow).toBeGreaterThan(none.skipHigh)
  })

  it.each(['int16', 'uint16'] as const)('keeps padding beyond %s within what 16 bits can say', (kind) => {
    // The SIMD kernel compares in 16 bits: an end beyond them must be cut to the type, or be an empty interval.
    const [least, most] = kind === 'int16' ? [-32768, 32767] : [0, 65535]
    for (const slope of [1, -1]) {
      for (const [low, high] of [[-40000, 500], [100, 70000], [-1e6, 1e6], [-1e6, least - 1], [most + 1, 1e6], [most, most + 1], [least - 1, least]] as const) {
        const { skipLow, skipHigh, ...ladder } = ladder16(AGATSTON, kind, { slope, intercept: 0, padding: { low, high } })
        const what = JSON.stringify({ kind, slope, low, high, skipLow, skipHigh })
        if (skipLow <= skipHigh) {
          expect(skipLow, what).toBeGreaterThanOrEqual(-32768)
          expect(skipHigh, what).toBeLessThanOrEqual(32767)
        }
        for (const stored of [least, least + 1, 100, 500, 501, most - 1, most]) {
          const key = keyOf(stored, { skipLow, skipHigh, ...ladder })
          expect(key >= skipLow && key <= skipHigh, `${stored} of ${what}`).toBe(stored >= low && stored <= high)
        }
      }
    } // prettier-ignore
  })
})

const bits = new DataView(new ArrayBuffer(4))
function neighbour(value: number, step: number): number {
  bits.setFloat32(0, value)
  const raw = bits.getInt32(0)
  const rank = (raw < 0 ? -(raw & 0x7fffffff) : raw) + step
  bits.setInt32(0, rank < 0 ? -rank | 0x80000000 : rank)
  return bits.getFloat32(0)
}

describe('ladder32', () => {
  const check = (edges: Edges, slope: number, intercept: number): void => {
    const ladder = ladder32(edges, { slope, intercept, padding: null })
    const finite = (x: number): boolean => Number.isFinite(x)
    const around = [...edges.hu, edges.upperHu ?? 1500]
      .map((hu) => Math.fround((hu - intercept) / slope))
      .filter(finite)
    const values = around
      .flatMap((value) => Array.from({ length: 9 }, (_, n) => neighbour(value, n - 4)))
      .filter(finite)
    values.push(0, -0, 2 ** -149, -(2 ** -149), 3.4028234663852886e38, -3.4028234663852886e38, 1, -1)
    for (const stored of values) {
      const key = ladder.flip === 0 ? stored : -stored
      const inside = key >= ladder.low && key <= ladder.high
      const got = inside ? ladder.edges.filter((edge) => key >= edge).length : -1
      const what = `${stored} x ${slope} + ${intercept}`
      expect(got, what).toBe(classOf(slope * stored + intercept, edges))
      expect(ladder.keySign * key + ladder.keyOffset + 0, what).toBe(stored + 0)
    }
  }

  it('equals comparing HU float by float around every edge', () => {
    for (const edges of RULES) {
      for (const slope of SLOPES) for (const intercept of INTERCEPTS.slice(0, 10)) check(edges, slope, intercept)
    }
  })

  it('equals comparing HU for any slope and intercept', () => {
    const slope = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((s) => s !== 0)
    const intercept = fc.double({ noNaN: true, noDefaultInfinity: true })
    fc.assert(
      fc.property(fc.constantFrom(...RULES), slope, intercept, (edges, s, i) => check(edges, s, i)),
      { numRuns: 400, seed: 130 },
    )
  })

  it('has only float32 numbers, so that nothing is rounded on the way into wasm', () => {
    for (const slope of [1, -0.1, 1e-3, 1e30]) {
      const { low, high, edges } = ladder32(RULES[2]!, { slope, intercept: -1024.3, padding: null })
      for (const number of [low, high, ...edges]) expect(Object.is(Math.fround(number), number)).toBe(true)
    }
  })

  it('takes padding in order under a negative slope too', () => {
    for (const slope of [1, -1]) {
      const ladder = ladder32(AGATSTON, { slope, intercept: 0, padding: { low: 150, high: 170 } })
      for (const stored of [149, 150, 160, 170, 171]) {
        const key = slope * stored
        expect(key >= ladder.skipLow && key <= ladder.skipHigh).toBe(stored >= 150 && stored <= 170)
      }
    }
  })
})
