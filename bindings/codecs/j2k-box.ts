/**
 * JPEG 2000 in its file format JP2. DICOM wants the bare codestream (PS3.5 A.4.4), but some writers leave the boxes around it.
 * They are taken off, since the codestream in them is complete; a palette is refused, since it would change the values.
 */
import type { FrameShape } from './decoder.js'
import { Bytes, type CodingName, frameCorrupt, frameForeign } from './trouble.js'

const SIGNATURE = [0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20]
const JP2H = 0x6a703268
const JP2C = 0x6a703263
const PCLR = 0x70636c72

/** Where the codestream begins: 0 without boxes. */
export function findCodestream(frame: Uint8Array, shape: FrameShape, coding: CodingName): number {
  if (!SIGNATURE.every((byte, i) => frame[i] === byte)) return 0
  const bytes = new Bytes(frame, shape, coding)
  for (;;) {
    const { type, start, end } = readBox(bytes, shape, coding)
    if (type === JP2C) return start
    if (type === JP2H) refusePalette(new Bytes(frame, shape, coding, start, end), shape, coding)
    bytes.position = end
  }
}

function refusePalette(bytes: Bytes, shape: FrameShape, coding: CodingName): void {
  while (bytes.left() > 0) {
    const { type, end } = readBox(bytes, shape, coding)
    if (type === PCLR) throw frameForeign(shape, coding, 'its JP2 box holds a palette')
    bytes.position = end
  }
}

/** A box (T.800 I.4): length, type, perhaps a long length; length 0 reaches to the end. */
function readBox(bytes: Bytes, shape: FrameShape, coding: CodingName): { type: number; start: number; end: number } {
  const offset = bytes.position
  let length = bytes.u32()
  const type = bytes.u32()
  if (length === 1) length = bytes.u32() * 2 ** 32 + bytes.u32()
  const end = length === 0 ? bytes.end : offset + length
  // The codestream's own lengths say where it ends: a writer that sized its box before padding is forgiven.
  const fits = end >= bytes.position && (end <= bytes.end || type === JP2C)
  if (!fits) throw frameCorrupt(shape, coding, `the JP2 box at byte ${offset} has ${length} bytes`, { offset, length })
  return { type, start: bytes.position, end }
}
