/**
 * Frames of a segmentation that are not compressed: bytes or words (PS3.5 8.1.1), or one bit a pixel, lowest bit first, bits and
 * frames following each other without a gap (D.1).
 */
import { AgatstonError } from '../../base/errors.js'
import type { DataSet } from '../dataset.js'
import type { OpenedObject } from '../open.js'
import { TAG } from '../tags.js'
import { parseFailed } from '../trouble.js'

/** What frames are stored as. */
export interface StoredShape {
  readonly rows: number
  readonly columns: number
  readonly frames: number
  readonly bits: 1 | 8 | 16
}

/** Fills `into`, rows x columns, with the stored values of frame `n`, counted from 0: at once, or when it is decoded. */
export type ReadFrame = (n: number, into: Uint16Array) => void | Promise<void>

/** @throws AgatstonError `PIXELS_MISSING`, `PIXELS_SHORT`, `PARSE_FAILED` where there are more pixels than frames have */
export function nativeFrames(opened: OpenedObject, set: DataSet, shape: StoredShape): ReadFrame {
  const bytes = pixelBytes(opened, set, shape)
  if (shape.bits === 1) return (n, into) => unpackBits(bytes, n * into.length, into)
  return (n, into) => {
    const start = n * into.length
    for (let i = 0; i < into.length; i++) {
      const at = start + i
      into[i] = shape.bits === 8 ? bytes[at]! : bytes[2 * at]! | (bytes[2 * at + 1]! << 8)
    }
  }
}

/** `into.length` bits from bit `start` on, each to a value of 0 or 1. */
export function unpackBits(bytes: Uint8Array, start: number, into: Uint16Array): void {
  const end = start + into.length
  into.fill(0)
  // Most bytes mark nothing. The first and the last may be shared with the frames beside.
  for (let at = Math.floor(start / 8); at * 8 < end; at++) {
    const byte = bytes[at]!
    if (byte === 0) continue
    for (let bit = 0; bit < 8; bit++) {
      const i = at * 8 + bit - start
      if ((byte >> bit) & 1 && i >= 0 && i < into.length) into[i] = 1
    }
  }
}

/** The refusal of a segmentation without pixels. */
export function noPixels(file: string): AgatstonError {
  const message = `${file}: the segmentation holds no pixel data. Export it with its pixels`
  return new AgatstonError('PIXELS_MISSING', message, { file })
}

/** The bytes of all frames, words in little-endian order. The last byte may be used in part. */
function pixelBytes({ syntax }: OpenedObject, set: DataSet, { rows, columns, frames, bits }: StoredShape): Uint8Array {
  const { file } = set
  const value = set.value(TAG.PixelData)
  if (!value) throw noPixels(file)
  const whole = Math.ceil((rows * columns * frames * bits) / 8)
  if (value.length < whole) {
    const message = `${file}: the pixel data has ${value.length} bytes, its rows x columns x frames need ${whole}. Export the file again`
    throw new AgatstonError('PIXELS_SHORT', message, { file, bytes: value.length, needed: whole })
  }
  if (value.length > whole + (whole % 2)) {
    const excess = `the pixel data is ${value.length - whole} bytes longer than rows x columns x frames`
    throw parseFailed('length', excess, { file, offset: set.offset(TAG.PixelData), tag: TAG.PixelData })
  }
  // Words of big-endian files hold their two bytes the other way round; bytes (OB) do not.
  const swapped = syntax!.bigEndian && (set.vr(TAG.PixelData) === 'OW' || bits === 16)
  return swapped ? swapPairs(value) : value
}

function swapPairs(bytes: Uint8Array): Uint8Array {
  const swapped = new Uint8Array(bytes.length)
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    swapped[i] = bytes[i + 1]!
    swapped[i + 1] = bytes[i]!
  }
  return swapped
}
