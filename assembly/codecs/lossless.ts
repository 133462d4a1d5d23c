/**
 * A scan of JPEG lossless, process 14 (ITU-T T.81 annex H), of one component. The scan is cut into restart intervals of whole
 * rows. Each is first copied without its stuffing, eight bytes at a time, up to the marker that ends it; then its samples are
 * decoded without another look at bytes or markers, and the bits they took are counted against the bits there were. So a scan
 * that was cut, or holds more than it should, is noticed whatever its bits happen to decode to.
 *
 * Bits wait in a 64-bit window, next bit on top. One load fills it to at least 56, which is good for four samples of
 * LOOKUP_BITS, so the window is filled once for four samples without asking; a sample that is longer (at most 32 bits) fills
 * it for itself. Each predictor has its own loop, with all it steps with in locals: a global costs a trip to memory.
 *
 * Prediction (H.1.2.1) and sum are modulo 2^16, and a sample stands below 2^(precision - point transform): a higher one is
 * impossible, and seen in the union of all samples.
 */
import { CODE, BEYOND, DONE, LEFT, MARKER, SHORT } from './status'
import { LOOKUP_AT, LOOKUP_BITS, WORDS_AT, columns, plainAt, rows } from './layout'
import { longer } from './huffman'
import { bigEndian, fullBytes } from './words'

/** First of the eight restart markers, and the end of the image. */
const RST0: u32 = 0xd0
const EOI: u32 = 0xd9

/** The window: its bits, how many of them count, and the byte it is filled from next. */
let bits: u64 = 0
let valid: u64 = 0
let next: u32 = 0
/** Where the plain data ends, and the marker after it. */
let dataEnd: u32 = 0
let marker: u32 = 0
/** Union of all samples. */
let union: u32 = 0
/** The row where decoding stopped. */
export let row: u32 = 0

/**
 * Decode the scan whose data begins at `from`; an EOI marker ends at `end`, and the scan's must be that one. `interval` is the
 * restart interval in rows (`rows` for none), `depth` the precision less the point transform, `transform` the point transform.
 */
export function scan(from: u32, end: u32, selection: u32, interval: u32, depth: u32, transform: u32): u32 {
  const last = u32(rows - 1) / interval
  union = 0
  row = 0
  for (let k: u32 = 0; k <= last; k++) {
    from = unstuff(from)
    const ends = marker == EOI
    if (ends ? from != end : k == last || marker != RST0 + (k & 7)) return MARKER
    if (ends && k != last) return SHORT
    const status = rowsOf(k == last ? rows : (k + 1) * interval, selection, depth)
    if (status != DONE) return status
  }
  if (transform) restore(transform)
  return DONE
}

/**
 * Copy the data from `at` on, up to the next marker, without the zeros stuffed into it (T.81 F.1.2.3); returns where the marker
 * ends. Fill bytes before a marker are dropped (B.1.1.2). The frame ends in an EOI (the host has checked), so this ends.
 */
function unstuff(at: u32): u32 {
  let to = plainAt
  while (true) {
    const eight = load<u64>(at)
    const full = fullBytes(eight)
    store<u64>(to, eight)
    if (!full) {
      at += 8
      to += 8
      continue
    }
    const before = u32(ctz(full)) >> 3
    at += before + 1
    to += before
    let code = u32(load<u8>(at++))
    if (code == 0) {
      store<u8>(to++, 0xff)
      continue
    }
    while (code == 0xff) code = u32(load<u8>(at++))
    marker = code
    break
  }
  dataEnd = to
  return at
}

/** Decode the rows from `row` up to `end`, whose data is the plain data. */
function rowsOf(end: u32, selection: u32, depth: u32): u32 {
  bits = 0
  valid = 0
  next = plainAt
  const pitch = columns << 1
  let out = WORDS_AT + row * pitch
  // The first row of an interval is predicted from the left, from half the range on; the others begin with the sample above.
  let coded = oneRow(1, out, out, 1 << (depth - 1))
  while (true) {
    const left = i32((dataEnd - next) << 3) + i32(valid)
    if (!coded) return left < 16 ? SHORT : CODE
    if (left < 0) return SHORT
    if (union >> depth) return BEYOND
    if (++row == end) return left < 8 && endsInOnes(left) ? DONE : LEFT
    const above = out
    out += pitch
    coded = oneRow(selection, out, above, load<u16>(above))
  }
}

/** The bits after the last sample fill its byte with ones (T.81 F.1.2.3). */
function endsInOnes(left: u32): bool {
  return left == 0 || bits >> (64 - left) == ((<u64>1) << left) - 1
}

function oneRow(selection: u32, out: u32, above: u32, first: u32): bool {
  switch (selection) {
    case 1:
      return Row.decode(1, out, above, first)
    case 2:
      return Row.decode(2, out, above, first)
    case 3:
      return Row.decode(3, out, above, first)
    case 4:
      return Row.decode(4, out, above, first)
    case 5:
      return Row.decode(5, out, above, first)
    case 6:
      return Row.decode(6, out, above, first)
    default:
      return Row.decode(7, out, above, first)
  }
}

/** Written once, compiled for each predictor: only static methods may be marked to be inlined in what every tool can read. */
class Row {
  /**
   * Decode one row to `out`; false where bits are no code. With a = b = c every predictor gives the same, so `first` as a and c
   * makes the prediction of the first sample `first` for all: half the range in the first row of an interval, else the sample
   * above.
   */
  @inline
  static decode(selection: u32, out: u32, above: u32, first: u32): bool {
    let w = bits
    let n = valid
    let at = next
    let a = first
    let c = first
    let all: u32 = 0
    const start = out
    const end = out + (columns << 1)
    for (; out < end; out += 2) {
      if (!((out - start) & 6)) {
        w |= bigEndian(at) >> n
        at += u32((63 - n) >> 3)
        n |= 56
      }
      let e = load<u32>(LOOKUP_AT + (u32(w >> (64 - LOOKUP_BITS)) << 2))
      if (e & 63) {
        w <<= e & 63
        n -= e & 63
      } else {
        w |= bigEndian(at) >> n
        at += u32((63 - n) >> 3)
        n |= 56
        e = longer(w, e)
        if (!e) break
        w <<= e & 63
        n -= e & 63
        w |= bigEndian(at) >> n
        at += u32((63 - n) >> 3)
        n |= 56
      }
      let b: u32 = 0
      if (selection != 1) {
        b = load<u16>(above)
        above += 2
      }
      a = (Row.predict(selection, a, b, c) + (e >> 16)) & 0xffff
      c = b
      all |= a
      store<u16>(out, a)
    }
    bits = w
    valid = n
    next = at
    union |= all
    return out == end
  }

  /** Table H.1: a is the sample to the left, b the one above, c the one to the left of that. */
  @inline
  static predict(selection: u32, a: u32, b: u32, c: u32): u32 {
    if (selection == 1) return a
    if (selection == 2) return b
    if (selection == 3) return c
    if (selection == 4) return a + b - c
    if (selection == 5) return a + u32(i32(b - c) >> 1)
    if (selection == 6) return b + u32(i32(a - c) >> 1)
    return (a + b) >> 1
  }
}

/** Samples were coded without their lowest bits: put them back where they were (A.4). */
function restore(transform: u32): void {
  const end = WORDS_AT + rows * columns * 2
  for (let at = WORDS_AT; at < end; at += 2) store<u16>(at, u32(load<u16>(at)) << transform)
}
