/** Reading packet headers of JPEG 2000 (ITU-T T.800 B.10): bits with stuffing, and tag trees. */
import type { Bytes } from './trouble.js'

/** Bits of a packet header: after a byte 0xFF the next one holds seven. */
export class PacketBits {
  readonly #bytes: Bytes
  #byte = 0
  #left = 0

  constructor(bytes: Bytes) {
    this.#bytes = bytes
  }

  bit(): number {
    if (this.#left === 0) {
      this.#left = this.#byte === 0xff ? 7 : 8
      this.#byte = this.#bytes.u8()
    }
    return (this.#byte >> --this.#left) & 1
  }

  bits(count: number): number {
    let value = 0
    for (let i = 0; i < count; i++) value = value * 2 + this.bit()
    return value
  }

  /** End of the header: the rest of its byte is padding, and a byte after a final 0xFF too. */
  close(): void {
    if (this.#byte === 0xff) this.#bytes.u8()
  }
}

interface Level {
  readonly width: number
  /** What is known: the node's value is at least this. */
  readonly low: Int32Array
  /** 1 where the value is exactly `low`. */
  readonly known: Uint8Array
}

/** A tag tree (B.10.2): the minimum of a two-dimensional array, refined where a leaf is asked about. */
export class TagTree {
  readonly #levels: Level[] = []

  constructor(width: number, height: number) {
    for (let [w, h] = [width, height]; ; [w, h] = [(w + 1) >> 1, (h + 1) >> 1]) {
      this.#levels.push({ width: w, low: new Int32Array(w * h), known: new Uint8Array(w * h) })
      if (w * h <= 1) break
    }
  }

  /** Read until it is known whether the leaf's value is below `limit`. Returns it, or `limit` where it is not below. */
  read(bits: PacketBits, x: number, y: number, limit: number): number {
    let low = 0
    let known = false
    for (let k = this.#levels.length - 1; k >= 0; k--) {
      const level = this.#levels[k]!
      const node = (y >> k) * level.width + (x >> k)
      low = Math.max(low, level.low[node]!)
      known = level.known[node] === 1
      while (low < limit && !known) {
        if (bits.bit() === 1) known = true
        else low++
      }
      level.low[node] = low
      level.known[node] = known ? 1 : 0
    }
    return known ? Math.min(low, limit) : limit
  }
}
