/**
 * Where everything lies. One memory, laid out anew for each frame from its length and its shape; nothing is ever allocated,
 * and nothing of the frame before is ever read.
 *
 *   lookup   what the next LOOKUP_BITS bits of a scan mean (huffman), 4 bytes each
 *   codes    the codes of each length, and their categories (huffman)
 *   words    the samples: rows x columns of 16 bits
 *   planes   RLE only: the bytes of each segment, rows x columns each
 *   frame    the frame as it came
 *   plain    JPEG only: the data of one restart interval without its stuffing (lossless), never longer than the frame
 *
 * What may be touched beyond an area, so that no inner loop has to ask: whole 8 bytes are read and written at most 7 bytes past
 * the end of a plane or the frame (SLACK). A row of a damaged scan is noticed when it is done, by then at most 4 bytes a sample
 * past the end of the plain data (a code of 16 bits and 15 bits more), and 15 more in the window: the slack at the end has those.
 */

/** Bits looked up at once: most samples of a CT (code and difference) are no longer, and the table fits the nearest cache. */
export const LOOKUP_BITS: u32 = 12
/** Largest rows or columns: what 16 bits hold, as in both formats. */
export const MAX_SIDE: u32 = 65535
/** No frame may take more memory: 256 MiB, the declared maximum of the module. */
const MAX_BYTES: u64 = 256 << 20
const SLACK: u64 = 64

export const LOOKUP_AT: u32 = 1024
/** For each length 0..16: the end of its codes, as 16 bits; the number of its first category less its first code. u32 each. */
export const CODES_AT: u32 = LOOKUP_AT + (4 << LOOKUP_BITS)
/** Category of each code, in order of the codes: at most 17. */
export const CATEGORIES_AT: u32 = CODES_AT + 17 * 8
export const WORDS_AT: u32 = (CATEGORIES_AT + 17 + 63) & ~63

export let rows: u32 = 0
export let columns: u32 = 0
export let planesAt: u32 = 0
export let frameAt: u32 = 0
export let plainAt: u32 = 0

/**
 * Set every address for a frame of so many bytes; returns the first byte beyond all, or 0 where that would be beyond the
 * maximum. Summed in 64 bits: 65,535 x 65,535 samples and 4 GiB of frame cannot wrap them.
 */
export function lay(h: u32, w: u32, frameBytes: u32, planes: u32): u32 {
  const samples = u64(h) * w
  const planesFrom = align(u64(WORDS_AT) + samples * 2)
  const frameFrom = align(planesFrom + samples * planes + SLACK)
  const plainFrom = align(frameFrom + frameBytes + SLACK)
  const end = align(plainFrom + (planes ? 0 : u64(frameBytes) + u64(w) * 4 + SLACK))
  if (end > MAX_BYTES) return 0
  rows = h
  columns = w
  planesAt = u32(planesFrom)
  frameAt = u32(frameFrom)
  plainAt = u32(plainFrom)
  return u32(end)
}

function align(at: u64): u64 {
  return (at + 63) & ~63
}
