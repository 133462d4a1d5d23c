/**
 * Huffman codes of differences (ITU-T T.81 annexes C, F.1.2.1, H.1.2.2). A sample is a code, which names a category s, and then
 * s bits that say which of the 2^s differences of that category it is. Both together are mostly short, so one look at the next
 * LOOKUP_BITS bits gives the difference and how many bits to drop:
 *
 *   difference << 16 | bits       bits 1..32: all is said
 *   category << 16 | length << 8  bits 0: the code is known, the difference is longer than the bits looked at
 *   0                             the code itself is longer, or there is none
 *
 * `longer` answers the last two. Category 16 is the one difference 32768, and no bits follow (T.81 table H.2).
 */
import { CATEGORIES_AT, CODES_AT, LOOKUP_AT, LOOKUP_BITS } from './layout'

/**
 * Make the table from a DHT segment's 16 counts and their categories, at `at`. The host has checked them: no more codes of any
 * length than there are bits for, no category above 16, none twice, so at most 17.
 */
export function makeTable(at: u32): void {
  memory.fill(LOOKUP_AT, 0, 4 << LOOKUP_BITS)
  let code: u32 = 0
  let symbol: u32 = 0
  store<u32>(CODES_AT, 0)
  for (let length: u32 = 1; length <= 16; length++) {
    code <<= 1
    const count = u32(load<u8>(at + length - 1))
    store<u32>(CODES_AT + (length << 3), symbol - code, 4)
    for (const end = symbol + count; symbol < end && symbol < 17; symbol++, code++) {
      const category = u32(load<u8>(at + 16 + symbol))
      store<u8>(CATEGORIES_AT + symbol, u8(category))
      if (length <= LOOKUP_BITS) lookUps(code, length, category)
    }
    store<u32>(CODES_AT + (length << 3), code << (16 - length))
  }
}

/** Every table entry that begins with this code. */
function lookUps(code: u32, length: u32, category: u32): void {
  const spare = LOOKUP_BITS - length
  const extra = category & 15
  for (let rest: u32 = 0; rest >> spare == 0; rest++) {
    const index = (code << spare) | rest
    const bits = u64(index) << (64 - LOOKUP_BITS)
    const known = extra <= spare ? entry(bits << length, length, category) : (category << 16) | (length << 8)
    store<u32>(LOOKUP_AT + (index << 2), known)
  }
}

/** What a code of this length means when the bits after it stand at the top of `rest` (T.81 F.2.2.1, EXTEND). */
function entry(rest: u64, length: u32, category: u32): u32 {
  if (category == 0) return length
  if (category == 16) return (32768 << 16) | length
  const bits = i32(rest >> (64 - category))
  const low = 1 << (category - 1)
  const difference = bits < low ? bits - 2 * low + 1 : bits
  return (u32(difference) << 16) | (length + category)
}

/** The whole entry where the table gave `known` with bits 0; `window` has the next 32 bits on top. 0: there is no such code. */
export function longer(window: u64, known: u32): u32 {
  if (known) return entry(window << ((known >> 8) & 255), (known >> 8) & 255, known >> 16)
  const next = u32(window >> 48)
  for (let length: u32 = LOOKUP_BITS + 1; length <= 16; length++) {
    if (next >= load<u32>(CODES_AT + (length << 3))) continue
    const symbol = (next >> (16 - length)) + load<u32>(CODES_AT + (length << 3), 4)
    return entry(window << length, length, load<u8>(CATEGORIES_AT + symbol))
  }
  return 0
}
