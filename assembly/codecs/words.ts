/** Eight bytes in one word: patterns that repeat in it, and bytes put in another order. */

/** 0x01 in each byte. */
export const EACH: u64 = (0x01010101 << 32) | 0x01010101
/** The low seven bits of each byte, and the top one. */
const LOW: u64 = 0x7f * EACH
const TOP: u64 = 0x80 * EACH
/** Every second byte, every second pair of bytes. */
const BYTES: u64 = (0x00ff00ff << 32) | 0x00ff00ff
const PAIRS: u64 = (0x0000ffff << 32) | 0x0000ffff

/** The top bit of each byte that is 0xff: its low seven bits carry into the eighth, which is set. No carry leaves a byte. */
export function fullBytes(eight: u64): u64 {
  return ((eight & LOW) + EACH) & eight & TOP
}

/** Eight bytes at a place, the first on top. */
export function bigEndian(at: u32): u64 {
  let x = load<u64>(at)
  x = ((x >> 8) & BYTES) | ((x & BYTES) << 8)
  x = ((x >> 16) & PAIRS) | ((x & PAIRS) << 16)
  return rotr(x, 32)
}

/** Four bytes, each in 16 bits. */
export function apart(four: u64): u64 {
  four = (four | (four << 16)) & PAIRS
  return (four | (four << 8)) & BYTES
}
