/** Encapsulated pixel data for tests: frames cut into fragments at will, with any offset table, right or wrong; and a small RLE encoder. */
import { type Edits, type Element, join } from './make.js'

export interface Encapsulation {
  /** Fragments of frame `n`; default: one. */
  readonly split?: (frame: Uint8Array, n: number) => readonly Uint8Array[]
  /** `basic` and `extended` are right; a list is written into the first item as 32-bit numbers; bytes as they are. Default: empty. */
  readonly table?: 'empty' | 'basic' | 'extended' | readonly number[] | Uint8Array
  /** Replaces the values of a right extended table. */
  readonly extended?: { readonly offsets?: readonly number[]; readonly lengths?: readonly number[] }
  /** Items after the last frame. */
  readonly more?: readonly Uint8Array[]
  /** Leave the first item, the place of the table, out. */
  readonly noTable?: boolean
}

/** Even length, by one zero. */
export const padded = (bytes: Uint8Array): Uint8Array => (bytes.length % 2 ? join([bytes, Uint8Array.of(0)]) : bytes)

const u32 = (...values: readonly number[]): Uint8Array => {
  const bytes = new Uint8Array(4 * values.length)
  const view = new DataView(bytes.buffer)
  values.forEach((value, i) => view.setUint32(4 * i, value, true))
  return bytes
}
const u64 = (values: readonly number[]): Uint8Array =>
  u32(...values.flatMap((value) => [value % 2 ** 32, Math.floor(value / 2 ** 32)]))

const item = (bytes: Uint8Array): Uint8Array => join([u32(0xe000fffe, bytes.length), bytes])

/** Pixel data of undefined length, and the extended table where it is wanted: edits for an object of explicit little endian. */
export function encapsulated(frames: readonly Uint8Array[], options: Encapsulation = {}): Edits {
  const { split = (frame) => [padded(frame)], table = 'empty', more = [] } = options
  const cut = frames.map((frame, n) => split(frame, n))
  const sizes = cut.map((parts) => parts.reduce((sum, part) => sum + part.length + 8, 0))
  const offsets = sizes.map((_, n) => sizes.slice(0, n).reduce((sum, size) => sum + size, 0))
  const lengths = sizes.map((size, n) => size - 8 * cut[n]!.length)
  const first =
    table === 'basic'
      ? u32(...offsets)
      : table instanceof Uint8Array
        ? table
        : Array.isArray(table)
          ? u32(...table)
          : u32()
  const items = [...(options.noTable ? [] : [first]), ...cut.flat(), ...more]
  const value = join([...items.map(item), u32(0xe0ddfffe, 0)])
  const extended = (values: readonly number[]): Element => ({ vr: 'OV', value: u64(values) })
  return {
    ...(table === 'extended' && {
      0x7fe00001: extended(options.extended?.offsets ?? offsets),
      0x7fe00002: extended(options.extended?.lengths ?? lengths),
    }),
    0x7fe00010: { vr: 'OB', value, open: true },
  }
}

/** RLE of words (PS3.5 annex G): header, high bytes if there are, low bytes. Runs of one byte value where there are any, else literals. */
export function rle(words: ArrayLike<number>, bytes: 1 | 2 = 2): Uint8Array {
  const plane = (shift: number): Uint8Array => Uint8Array.from(words, (word) => (word >> shift) & 255)
  const segments = (bytes === 2 ? [8, 0] : [0]).map((shift) => padded(packBits(plane(shift))))
  const header = new Uint8Array(64)
  header.set(u32(bytes, 64, ...(bytes === 2 ? [64 + segments[0]!.length] : [])))
  return join([header, ...segments])
}

function packBits(bytes: Uint8Array): Uint8Array {
  const out: number[] = []
  for (let i = 0; i < bytes.length;) {
    let run = 1
    while (run < 128 && bytes[i + run] === bytes[i]) run++
    if (run > 1) out.push(257 - run, bytes[i]!)
    else {
      while (run < 128 && i + run < bytes.length && bytes[i + run] !== bytes[i + run - 1]) run++
      out.push(run - 1, ...bytes.subarray(i, i + run))
    }
    i += run
  }
  return Uint8Array.from(out)
}

/** Cut at these places. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const ends = [0, ...[...places].sort((a, b) => a - b), bytes.length]
  return ends.slice(1).map((end, i) => bytes.subarray(ends[i], end))
}
