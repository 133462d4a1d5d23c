/**
 * How a frame is refused, and what every reader of a codestream checks alike: its size, its components, its precision, and
 * that nothing but padding follows its end. The library decoders return plausible pixels for frames that are cut or damaged,
 * so all of this is read from the codestream before any of them sees it.
 */
import { AgatstonError, type Details } from '../base/errors.js'
import type { FrameShape } from './decoder.js'

/** A coding by the name people know. */
export type CodingName = 'RLE' | 'JPEG Lossless' | 'JPEG-LS' | 'JPEG 2000' | 'HTJ2K' | 'JPEG Extended'

const FETCH_AGAIN = 'Fetch the image again from the archive or the scanner'
const EXPORT = 'Export the series uncompressed (Explicit VR Little Endian)'

/** The frame ends before its codestream does. */
export function frameShort(shape: FrameShape, coding: CodingName, what: string, details: Details = {}): AgatstonError {
  const message = `${shape.file}: the ${coding} frame ends early: ${what}. ${FETCH_AGAIN}`
  return new AgatstonError('PIXELS_SHORT', message, { file: shape.file, coding, ...details })
}

/** The codestream contradicts itself or the header. */
export function frameCorrupt(
  shape: FrameShape,
  coding: CodingName,
  what: string,
  details: Details = {},
  cause?: unknown,
): AgatstonError {
  const message = `${shape.file}: the ${coding} frame is damaged: ${what}. ${FETCH_AGAIN}`
  const options = cause === undefined ? {} : { cause }
  return new AgatstonError('PIXELS_CORRUPT', message, { file: shape.file, coding, ...details }, options)
}

/** A codestream that may be sound, of a kind that CT does not use and this reader does not take. */
export function frameForeign(
  shape: FrameShape,
  coding: CodingName,
  what: string,
  details: Details = {},
): AgatstonError {
  const message = `${shape.file}: the ${coding} frame is of a kind that is not read: ${what}. ${EXPORT}`
  return new AgatstonError('PIXEL_FORMAT', message, { file: shape.file, coding, ...details })
}

/** What a codestream's header says of the image. */
export interface StatedImage {
  readonly rows: number
  readonly columns: number
  readonly components: number
  /** Bits of a sample. */
  readonly precision: number
  /** Null where the coding has no sign. */
  readonly signed: boolean | null
}

/**
 * The codestream's own size, components and precision against the header (PS3.5 section 8.2).
 *
 * The precision is BitsStored, or BitsAllocated where the writer coded whole words. A smaller one is taken where the values
 * are the same whatever it is: unsigned samples, or samples whose sign the codestream itself carries.
 */
export function checkImage(shape: FrameShape, coding: CodingName, image: StatedImage): void {
  const { rows, columns, bitsAllocated, bitsStored } = shape
  if (image.components !== 1) {
    throw frameForeign(shape, coding, `${image.components} components, expected 1`, { components: image.components })
  }
  if (image.rows !== rows || image.columns !== columns) {
    const sizes = { rows: image.rows, columns: image.columns, headerRows: rows, headerColumns: columns }
    const what = `it says ${image.rows} rows x ${image.columns} columns, the header ${rows} x ${columns}`
    throw frameCorrupt(shape, coding, what, sizes)
  }
  const { precision } = image
  if (precision > 16)
    throw frameForeign(shape, coding, `${precision} bits a sample, at most 16 expected`, { precision })
  const unambiguous = image.signed === null ? !shape.signed : image.signed === shape.signed
  const fits = precision === bitsStored || precision === bitsAllocated || (precision < bitsStored && unambiguous)
  if (!fits || precision > bitsAllocated) {
    const what = `it has ${precision} bits a sample, the header ${bitsStored} of ${bitsAllocated}`
    throw frameCorrupt(shape, coding, what, { precision, bitsStored, bitsAllocated })
  }
}

/**
 * What follows the end marker is padding: zeros, before them at most one 0xFF with which some writers make the length even
 * (PS3.5 A.4 asks for zero). Anything else may be the rest of an image, or another one.
 *
 * @param fill any number of 0xFF may stand before the zeros: fill bytes of JPEG (T.81 B.1.1.2), which are nothing without a marker
 */
export function checkPadding(
  frame: Uint8Array,
  end: number,
  shape: FrameShape,
  coding: CodingName,
  fill = false,
): void {
  let at = end
  if (fill) while (frame[at] === 0xff) at++
  else if (frame[at] === 0xff && end % 2 === 1) at++
  while (at < frame.length && frame[at] === 0) at++
  if (at === frame.length) return
  const what = `${frame.length - end} bytes follow its end marker, and they are no padding`
  throw frameCorrupt(shape, coding, what, { end, length: frame.length })
}

/** A big-endian reader that never runs past its end. */
export class Bytes {
  readonly bytes: Uint8Array
  position: number
  readonly #shape: FrameShape
  readonly #coding: CodingName
  /** Index after the last byte that may be read. */
  end: number

  constructor(bytes: Uint8Array, shape: FrameShape, coding: CodingName, position = 0, end = bytes.length) {
    this.bytes = bytes
    this.position = position
    this.end = end
    this.#shape = shape
    this.#coding = coding
  }

  u8(): number {
    this.#need(1)
    return this.bytes[this.position++]!
  }

  u16(): number {
    this.#need(2)
    return (this.bytes[this.position++]! << 8) | this.bytes[this.position++]!
  }

  u32(): number {
    return this.u16() * 65536 + this.u16()
  }

  left(): number {
    return this.end - this.position
  }

  #need(count: number): void {
    if (this.position + count <= this.end) return
    const what = `${count} more bytes were expected at byte ${this.end}`
    // Inside a segment of stated length the frame may well go on: then the segment is what is wrong.
    if (this.end < this.bytes.length) throw frameCorrupt(this.#shape, this.#coding, what, { offset: this.position })
    throw frameShort(this.#shape, this.#coding, what, { length: this.bytes.length })
  }
}
