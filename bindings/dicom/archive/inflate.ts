/**
 * Deflate (RFC 1951), strictly and within bounds. Compressed data sets carry no checksum, so the stream itself has to prove
 * that it is whole: code tables must be complete, stored blocks must repeat their length, distances must stay in what was
 * written, and the caller learns at which byte the stream ended. Common inflaters pass over one or more of these.
 *
 * Output goes to memory of a size fixed beforehand, so a bomb costs time in proportion to the limit and no memory: callers first
 * measure a stream through a window of 96 KiB, then allocate what it needs, or take the size from a directory.
 */

/** What is wrong with a stream. `full`: it holds more than the caller made room for. */
export type DeflateTrouble = 'truncated' | 'damaged' | 'full'

export class DeflateError extends Error {
  override readonly name = 'DeflateError'
  /** @param at byte of the input where it was found */
  constructor(
    readonly kind: DeflateTrouble,
    what: string,
    readonly at: number,
  ) {
    super(what)
  }
}

export interface Inflated {
  /** Bytes written. */
  readonly size: number
  /** First byte of the input after the stream. */
  readonly end: number
}

/**
 * Inflate the stream at `start` of `input` into `out`, which may be longer than needed.
 *
 * @throws DeflateError; `out` then holds what was inflated before
 */
export function inflateInto(input: Uint8Array, start: number, out: Uint8Array): Inflated {
  return new Inflater(input, start, out, null).run()
}

/**
 * Inflate the stream at `start` of `input` piece by piece; `take` is called with each piece, which it must not keep.
 *
 * @throws DeflateError; what `take` throws
 */
export function inflatePieces(input: Uint8Array, start: number, take: (piece: Uint8Array) => void): Inflated {
  return new Inflater(input, start, new Uint8Array(3 * REACH), take).run()
}

/** Furthest a match reaches back. */
const REACH = 32768
const MAX_BITS = 15
const END_OF_BLOCK = 256

/** Lengths of matches by symbol - 257, distances by symbol, and how many further bits each takes (RFC 1951 3.2.5). */
const LENGTH_BITS = Uint8Array.from([...'00000000111122223333444455550'].map(Number))
const LENGTH_BASE = Uint16Array.from(LENGTH_BITS, (_, n) =>
  n === 28 ? 258 : LENGTH_BITS.slice(0, n).reduce((sum, bits) => sum + 2 ** bits, 3),
)
const DISTANCE_BITS = Uint8Array.from({ length: 30 }, (_, n) => Math.max(0, (n >> 1) - 1))
const DISTANCE_BASE = Uint16Array.from(DISTANCE_BITS, (_, n) =>
  DISTANCE_BITS.slice(0, n).reduce((sum, bits) => sum + 2 ** bits, 1),
)
/** The order in which lengths of the code of code lengths stand (RFC 1951 3.2.7). */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

/** A code: from the next `bits` bits to symbol x 16 + length of its code word; 0 where no code word begins so. */
interface Code {
  readonly table: Uint16Array
  readonly bits: number
}

/**
 * The canonical code of these lengths. One of a single word of one bit may be incomplete; so may an empty one, of which no
 * word may be met.
 *
 * @returns null where the lengths make no code
 */
function codeOf(lengths: Uint8Array, mayBeIncomplete: boolean): Code | null {
  const count = new Uint16Array(MAX_BITS + 1)
  for (const length of lengths) count[length]!++
  count[0] = 0
  const bits = Math.max(
    1,
    count.findLastIndex((n) => n > 0),
  )
  const next = new Uint16Array(MAX_BITS + 2)
  let left = 1
  for (let length = 1; length <= MAX_BITS; length++) {
    left = 2 * left - count[length]!
    if (left < 0) return null
    next[length + 1] = (next[length]! + count[length]!) << 1
  }
  if (left > 0 && !(mayBeIncomplete && bits === 1)) return null
  const table = new Uint16Array(1 << bits)
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol]!
    if (length === 0) continue
    const first = reversed(next[length]!++, length)
    const entry = (symbol << 4) | length
    for (let at = first; at < table.length; at += 1 << length) table[at] = entry
  }
  return { table, bits }
}

/** Code words are packed from their most significant bit, everything else from the least. */
function reversed(word: number, length: number): number {
  let result = 0
  for (let n = 0; n < length; n++) result |= ((word >> n) & 1) << (length - 1 - n)
  return result
}

const FIXED_LITERALS = codeOf(
  Uint8Array.from({ length: 288 }, (_, n) => (n < 144 ? 8 : n < 256 ? 9 : n < 280 ? 7 : 8)),
  false,
)!
const FIXED_DISTANCES = codeOf(new Uint8Array(32).fill(5), false)!

class Inflater {
  /** Bits that were taken from the input and not yet used, the next one lowest, and how many. */
  private hold = 0
  private held = 0
  /** Where the next byte is written, and how many bytes left `out` before. */
  private to = 0
  private gone = 0
  /** Bytes of `out` that were handed on already. */
  private handed = 0

  constructor(
    private readonly input: Uint8Array,
    private at: number,
    private readonly out: Uint8Array,
    private readonly take: ((piece: Uint8Array) => void) | null,
  ) {}

  run(): Inflated {
    for (let last = false; !last;) {
      last = this.bits(1) === 1
      const type = this.bits(2)
      if (type === 0) this.stored()
      else if (type === 1) this.compressed(FIXED_LITERALS, FIXED_DISTANCES)
      else if (type === 2) this.compressed(...this.codes())
      else this.fail('damaged', 'a block has no known type')
    }
    this.take?.(this.out.subarray(this.handed, this.to))
    return { size: this.gone + this.to, end: this.at - (this.held >> 3) }
  }

  private fail(kind: DeflateTrouble, what: string): never {
    throw new DeflateError(kind, what, this.at)
  }

  private bits(count: number): number {
    while (this.held < count) {
      if (this.at >= this.input.length) this.fail('truncated', 'the compressed data breaks off')
      this.hold |= this.input[this.at++]! << this.held
      this.held += 8
    }
    const value = this.hold & ((1 << count) - 1)
    this.hold >>>= count
    this.held -= count
    return value
  }

  /** Make room behind what was written last: hand it on, and keep as much as a match can reach. */
  private spill(): void {
    const { out } = this
    if (!this.take) this.fail('full', 'the compressed data holds more than it should')
    this.take(out.subarray(this.handed, this.to))
    out.copyWithin(0, this.to - REACH, this.to)
    this.gone += this.to - REACH
    this.to = this.handed = REACH
  }

  private stored(): void {
    this.at -= this.held >> 3
    this.hold = this.held = 0
    const length = this.bits(16)
    if (length !== (~this.bits(16) & 0xffff)) this.fail('damaged', 'a stored block contradicts its length')
    if (length > this.input.length - this.at) this.fail('truncated', 'the compressed data breaks off')
    const end = this.at + length
    while (this.at < end) {
      if (this.to === this.out.length) this.spill()
      const piece = this.input.subarray(this.at, Math.min(end, this.at + this.out.length - this.to))
      this.out.set(piece, this.to)
      this.to += piece.length
      this.at += piece.length
    }
  }

  /** The two codes of a block, themselves coded (RFC 1951 3.2.7). */
  private codes(): [Code, Code] {
    const [literals, distances] = [this.bits(5) + 257, this.bits(5) + 1]
    const own = this.bits(4) + 4
    if (literals > 286 || distances > 30) this.fail('damaged', 'a block has too many symbols')
    const ownLengths = new Uint8Array(19)
    for (let n = 0; n < own; n++) ownLengths[ORDER[n]!] = this.bits(3)
    const code = codeOf(ownLengths, false) ?? this.fail('damaged', 'the lengths of a block make no code')
    const lengths = new Uint8Array(literals + distances)
    for (let n = 0; n < lengths.length;) {
      const symbol = this.symbol(code)
      if (symbol < 16) {
        lengths[n++] = symbol
        continue
      }
      if (symbol === 16 && n === 0) this.fail('damaged', 'a block repeats a length before the first')
      const value = symbol === 16 ? lengths[n - 1]! : 0
      const times = symbol === 16 ? 3 + this.bits(2) : symbol === 17 ? 3 + this.bits(3) : 11 + this.bits(7)
      if (n + times > lengths.length) this.fail('damaged', 'a block has too many lengths')
      lengths.fill(value, n, (n += times))
    }
    if (lengths[END_OF_BLOCK] === 0) this.fail('damaged', 'a block cannot end')
    const both = [lengths.subarray(0, literals), lengths.subarray(literals)] as const
    const [first, second] = both.map((part) => codeOf(part, true) ?? this.fail('damaged', 'the lengths make no code'))
    return [first!, second!]
  }

  private symbol({ table, bits }: Code): number {
    while (this.held < bits && this.at < this.input.length) {
      this.hold |= this.input[this.at++]! << this.held
      this.held += 8
    }
    const entry = table[this.hold & ((1 << bits) - 1)]!
    const length = entry & 15
    if (length === 0 || length > this.held) this.noWord()
    this.hold >>>= length
    this.held -= length
    return entry >> 4
  }

  private noWord(): never {
    const ended = this.at >= this.input.length
    return this.fail(ended ? 'truncated' : 'damaged', ended ? 'the compressed data breaks off' : 'no code word fits')
  }

  private compressed(literals: Code, distances: Code): void {
    const { input, out } = this
    const { table, bits } = literals
    const mask = (1 << bits) - 1
    const end = input.length
    for (;;) {
      // The same as `symbol`, with the fields in registers: most of the time is spent here.
      let { hold, held, at, to } = this
      let symbol = 0
      for (;;) {
        while (held < bits && at < end) {
          hold |= input[at++]! << held
          held += 8
        }
        const entry = table[hold & mask]!
        const length = entry & 15
        symbol = entry >> 4
        if (length === 0 || length > held) {
          this.at = at
          this.noWord()
        }
        if (symbol < END_OF_BLOCK && to === out.length) break
        hold >>>= length
        held -= length
        if (symbol >= END_OF_BLOCK) break
        out[to++] = symbol
      }
      this.hold = hold
      this.held = held
      this.at = at
      this.to = to
      if (symbol < END_OF_BLOCK) this.spill()
      else if (symbol === END_OF_BLOCK) return
      else this.match(symbol - 257, distances)
    }
  }

  /** Repeat what was written `distance` bytes before. */
  private match(lengthSymbol: number, distances: Code): void {
    if (lengthSymbol >= LENGTH_BASE.length) this.fail('damaged', 'a length has no meaning')
    const length = LENGTH_BASE[lengthSymbol]! + this.bits(LENGTH_BITS[lengthSymbol]!)
    const symbol = this.symbol(distances)
    if (symbol >= DISTANCE_BASE.length) this.fail('damaged', 'a distance has no meaning')
    const distance = DISTANCE_BASE[symbol]! + this.bits(DISTANCE_BITS[symbol]!)
    if (distance > this.gone + this.to) this.fail('damaged', 'a distance reaches before the start')
    const { out } = this
    if (this.to + length > out.length) this.spill()
    let { to } = this
    for (const end = to + length; to < end; to++) out[to] = out[to - distance]!
    this.to = to
  }
}
