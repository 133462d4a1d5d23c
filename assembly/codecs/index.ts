/**
 * The ABI of the codecs: what the host may call, and nothing else. For each frame: `open`, copy the frame to `frameAt`, then
 * `rleSegment` for each segment and `rleJoin`, or `losslessTable` and `lossless`; then read the words at `wordsAt`. All numbers
 * are 32-bit and unsigned. Places in the frame are offsets from its first byte, and lie within it: the host has read the headers.
 */
import * as layout from './layout'
import { makeTable } from './huffman'
import { row, scan } from './lossless'
import { decoded, join, segment } from './rle'

/** Raised by one whenever a name, a meaning or a layout here changes. */
export const ABI: u32 = 1

/** Lay the memory out for a frame; returns the bytes it must have. 0: beyond the limits. `planes` is 0 but for RLE. */
export function open(rows: u32, columns: u32, frameBytes: u32, planes: u32): u32 {
  if (rows - 1 >= layout.MAX_SIDE || columns - 1 >= layout.MAX_SIDE || planes > 2) return 0
  return layout.lay(rows, columns, frameBytes, planes)
}

export function frameAt(): u32 {
  return layout.frameAt
}
export function wordsAt(): u32 {
  return layout.WORDS_AT
}

/** Decode the RLE segment [start, end) as plane 0 or 1; returns a status. */
export function rleSegment(start: u32, end: u32, plane: u32): u32 {
  return segment(layout.frameAt + start, layout.frameAt + end, plane)
}
/** Bytes that were decoded of a segment that failed. */
export function rleDecoded(): u32 {
  return decoded
}
export function rleJoin(planes: u32): void {
  join(planes)
}

/** Make the Huffman table whose 16 counts are at this place. */
export function losslessTable(at: u32): void {
  makeTable(layout.frameAt + at)
}
/** Decode the scan [start, end), EOI included; returns a status. See `scan`. */
export function lossless(start: u32, end: u32, selection: u32, interval: u32, depth: u32, transform: u32): u32 {
  return scan(layout.frameAt + start, layout.frameAt + end, selection, interval, depth, transform)
}
/** The row where a scan failed. */
export function losslessRow(): u32 {
  return row
}
