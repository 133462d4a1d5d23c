/** How a frame ended; the host has the words for each (bindings/codecs). A number never changes its meaning. */

export const DONE: u32 = 0
/** The data ends before the samples do. */
export const SHORT: u32 = 1
/** Bits that are no code of the table. */
export const CODE: u32 = 2
/** A marker that may not stand where it stands. */
export const MARKER: u32 = 3
/** Data is left when all samples are decoded. */
export const LEFT: u32 = 4
/** A sample of more bits than the frame's precision. */
export const BEYOND: u32 = 5
/** A packet that holds more bytes than its segment has room for. */
export const OVERRUN: u32 = 6
