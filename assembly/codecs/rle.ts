/**
 * Segments of DICOM RLE (PS3.5 annex G): PackBits, one byte plane of the image each. A packet is a byte n and what follows:
 *
 *   0..127    n + 1 bytes as they are
 *   -127..-1  one byte, 1 - n times
 *   -128      nothing
 *
 * Every packet is checked against the end of its segment and of its plane before it is carried out; within that, eight bytes
 * are copied or filled at once, up to seven too many, which the next packet writes over (layout has room after the last).
 * A packet may run on from one row to the next, which G.3.1 forbids writers and no reader has to mind: it says the same bytes.
 */
import { DONE, LEFT, OVERRUN, SHORT } from './status'
import { WORDS_AT, columns, planesAt, rows } from './layout'
import { EACH, apart } from './words'

/** Bytes decoded of the segment that failed. */
export let decoded: u32 = 0

/**
 * Decode the segment [at, end) to a plane. It must give rows x columns bytes exactly. After them may come packets that say
 * nothing, and one zero, which makes the length even (G.3.1). More zeros are no padding: they read as literals of one zero, so
 * data that was lost and filled with zeros would pass for black.
 */
export function segment(at: u32, end: u32, plane: u32): u32 {
  const size = rows * columns
  const from = planesAt + plane * size
  const full = from + size
  let to = from
  while (to < full && at < end) {
    const n = i32(load<i8>(at++))
    if (n >= 0) {
      const count = u32(n) + 1
      if (end - at < count) break
      if (full - to < count) return stop(to - from, OVERRUN)
      for (let i: u32 = 0; i < count; i += 8) store<u64>(to + i, load<u64>(at + i))
      at += count
      to += count
    } else if (n != -128) {
      const count = u32(1 - n)
      if (at >= end) break
      if (full - to < count) return stop(to - from, OVERRUN)
      const eight = u64(load<u8>(at++)) * EACH
      for (let i: u32 = 0; i < count; i += 8) store<u64>(to + i, eight)
      to += count
    }
  }
  if (to < full) return stop(to - from, SHORT)
  while (at < end && load<u8>(at) == 0x80) at++
  if (at < end && load<u8>(at) == 0) at++
  return at < end ? stop(size, LEFT) : DONE
}

function stop(count: u32, status: u32): u32 {
  decoded = count
  return status
}

/** Planes -> words: of two, the first holds the high bytes (G.2). */
export function join(planes: u32): void {
  const size = rows * columns
  const low = planesAt + (planes - 1) * size
  let to = WORDS_AT
  let i: u32 = 0
  for (; i + 4 <= size; i += 4, to += 8) {
    let words = apart(load<u32>(low + i))
    if (planes == 2) words |= apart(load<u32>(planesAt + i)) << 8
    store<u64>(to, words)
  }
  for (; i < size; i++, to += 2) {
    let word = u32(load<u8>(low + i))
    if (planes == 2) word |= u32(load<u8>(planesAt + i)) << 8
    store<u16>(to, word)
  }
}
