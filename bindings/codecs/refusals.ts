/** How our own decoders refuse a frame, and what they ask of their caller. */
import { AgatstonError, type Details } from '../base/errors.js'
import type { FrameShape } from './decoder.js'

/** A coding by the name people know. */
type CodingName = 'RLE' | 'JPEG Lossless'

const FETCH_AGAIN = 'Fetch the image again from the archive or the scanner'
const EXPORT = 'Export the series uncompressed (Explicit VR Little Endian)'

/** The frame ends before its samples do. */
export function frameShort(shape: FrameShape, coding: CodingName, what: string, details: Details): AgatstonError {
  const message = `${shape.file}: the ${coding} frame ends early: ${what}. ${FETCH_AGAIN}`
  return new AgatstonError('PIXELS_SHORT', message, { file: shape.file, coding, ...details })
}

/** The frame contradicts itself, its format or the header of the file. */
export function frameCorrupt(shape: FrameShape, coding: CodingName, what: string, details: Details): AgatstonError {
  const message = `${shape.file}: the ${coding} frame is damaged: ${what}. ${FETCH_AGAIN}`
  return new AgatstonError('PIXELS_CORRUPT', message, { file: shape.file, coding, ...details })
}

/** The frame may be sound, but is of a kind that CT does not use. */
export function frameForeign(shape: FrameShape, coding: CodingName, what: string, details: Details): AgatstonError {
  const message = `${shape.file}: the ${coding} frame is of a kind that is not read: ${what}. ${EXPORT}`
  return new AgatstonError('PIXEL_FORMAT', message, { file: shape.file, coding, ...details })
}

/**
 * What a caller must give.
 *
 * @throws TypeError for a frame that is no Uint8Array; RangeError for a shape no image has
 */
export function checkFrameCall(frame: Uint8Array, shape: FrameShape): void {
  if (!(frame instanceof Uint8Array)) throw new TypeError('frame must be a Uint8Array')
  const { rows, columns, bitsAllocated, bitsStored } = shape
  whole('rows', rows, 65535)
  whole('columns', columns, 65535)
  if (bitsAllocated !== 8 && bitsAllocated !== 16) {
    throw new RangeError(`bitsAllocated must be 8 or 16, got ${String(bitsAllocated)}`)
  }
  whole('bitsStored', bitsStored, bitsAllocated)
}

function whole(name: string, value: number, highest: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= highest) return
  throw new RangeError(`${name} must be a whole number from 1 to ${highest}, got ${String(value)}`)
}

/** @throws TypeError, RangeError where there is no room for exactly the words of the shape */
export function checkRoom(into: Uint16Array, { rows, columns }: FrameShape): void {
  if (!(into instanceof Uint16Array)) throw new TypeError('into must be a Uint16Array')
  if (into.length !== rows * columns) {
    throw new RangeError(`into must have rows x columns = ${rows * columns} words, it has ${into.length}`)
  }
}
