/** Huffman tables and the bits of a sequential JPEG scan (ITU-T T.81 annexes C and F.2.2). */

/** Reads past the end of the scan's data: the scan holds fewer codes than its blocks need. */
export class ScanEnds extends Error {}
/** A code no table names, or a coefficient beyond the block. */
export class ScanDamage extends Error {}

export interface HuffmanTable {
  /** By the next 8 bits: length << 8 | symbol, or 0 where the code is longer. */
  readonly short: Uint16Array
  /** By code length: first code, code after the last, index of the first symbol. */
  readonly first: Int32Array
  readonly beyond: Int32Array
  readonly offset: Int32Array
  readonly symbols: Uint8Array
}

/** A table from the counts of its codes by length 1 to 16 and its symbols; null where no such code exists. */
export function makeHuffman(counts: Uint8Array, symbols: Uint8Array): HuffmanTable | null {
  const [first, beyond, offset] = [new Int32Array(17), new Int32Array(17), new Int32Array(17)]
  const short = new Uint16Array(256)
  let code = 0
  let index = 0
  for (let length = 1; length <= 16; length++) {
    const count = counts[length - 1]!
    first[length] = code
    offset[length] = index
    if (code + count > 2 ** length) return null
    for (let i = 0; i < count; i++, code++, index++) {
      if (length > 8) continue
      const from = code << (8 - length)
      short.fill((length << 8) | symbols[index]!, from, from + (1 << (8 - length)))
    }
    beyond[length] = code
    code *= 2
  }
  return { short, first, beyond, offset, symbols }
}

/** Bits of one restart interval, stuffing taken out. */
export class ScanBits {
  readonly #bytes: Uint8Array
  readonly #end: number
  #at: number
  #held = 0
  #count = 0

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes
    this.#at = start
    this.#end = end
  }

  symbol(table: HuffmanTable): number {
    this.#fill(16)
    const next =
      this.#count >= 16 ? (this.#held >>> (this.#count - 16)) & 0xffff : (this.#held << (16 - this.#count)) & 0xffff
    const quick = table.short[next >> 8]!
    if (quick !== 0) {
      this.#drop(quick >> 8)
      return quick & 255
    }
    for (let length = 9; length <= 16; length++) {
      const code = next >> (16 - length)
      if (code >= table.beyond[length]! || code < table.first[length]!) continue
      this.#drop(length)
      return table.symbols[table.offset[length]! + code - table.first[length]!]!
    }
    if (this.#count < 16) throw new ScanEnds()
    throw new ScanDamage('a code is in no Huffman table')
  }

  /** A signed value of `size` bits (F.2.2.1, EXTEND). */
  value(size: number): number {
    if (size === 0) return 0
    this.#fill(size)
    this.#drop(size)
    const bits = (this.#held >>> this.#count) & (2 ** size - 1)
    return bits < 2 ** (size - 1) ? bits - 2 ** size + 1 : bits
  }

  /** Bytes and bits that are left, padding of the last byte apart. */
  left(): number {
    return this.#end - this.#at + (this.#count >> 3)
  }

  #drop(count: number): void {
    if (count > this.#count) throw new ScanEnds()
    this.#count -= count
  }

  #fill(count: number): void {
    while (this.#count < count && this.#at < this.#end) {
      const byte = this.#bytes[this.#at]!
      this.#at += byte === 0xff ? 2 : 1
      this.#held = (this.#held << 8) | byte
      this.#count += 8
    }
  }
}
