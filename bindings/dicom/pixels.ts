/**
 * Where the pixels of an image lie and how they are to be read, found without decoding any (PS3.5 8.1, 8.2 and A.4): native
 * words at an offset, or the fragments of a compressed frame whose own header is held against that of the object.
 */
import { AgatstonError } from '../base/errors.js'
import type { Padding } from '../volume/volume.js'
import type { DataSet } from './dataset.js'
import { readFrameHeader } from './decoding/encoded.js'
import { framesOf } from './frames.js'
import { type Limits, beyondLimit } from './limits.js'
import { type OpenedObject, unsupported } from './open.js'
import { type ElementSpan, NotRead } from './layout.js'
import type { TransferSyntax } from './syntax.js'
import { TAG, tagName, tagText } from './tags.js'
import { parseFailed } from './trouble.js'
import {
  type NativeWords,
  type PixelFormat,
  type PixelWords,
  type UnusedBits,
  type WordFormat,
  lookAtUnused,
  wordsOf,
} from './words.js'

export type { PixelFormat, PixelWords } from './words.js'

/**
 * The pixel format of a CT image (PS3.3 C.7.6.3, C.8.2.1).
 *
 * @param frames frames the caller will read of the object
 * @throws AgatstonError `LIMIT_EXCEEDED`, `PIXEL_FORMAT`, `PARSE_FAILED` for attributes that are malformed
 */
export function readPixelFormat(set: DataSet, limits: Limits, frames = 1): PixelFormat {
  const { file } = set
  const told = set.integer(TAG.NumberOfFrames) ?? 1
  if (told !== frames) {
    throw new AgatstonError(
      'PIXEL_FORMAT',
      `${file}: the object holds ${told} frames; a classic CT image has one. Export the series as classic or enhanced CT`,
      { file, frames: told, tag: tagText(TAG.NumberOfFrames) },
    )
  }
  const rows = side(set, TAG.Rows, limits)
  const columns = side(set, TAG.Columns, limits)
  expectWord(set, TAG.SamplesPerPixel, (n) => n === 1, '1')
  const photometric = set.codes(TAG.PhotometricInterpretation)[0] ?? null
  if (photometric !== 'MONOCHROME2') {
    const shown = photometric !== null && /^[A-Z0-9_]{1,16}$/.test(photometric) ? photometric : 'absent or unknown'
    throw wrongFormat(file, TAG.PhotometricInterpretation, shown, 'MONOCHROME2')
  }
  expectWord(set, TAG.BitsAllocated, (n) => n === 16, '16')
  const bitsStored = expectWord(set, TAG.BitsStored, (n) => n >= 1 && n <= 16, '1 to 16')
  expectWord(set, TAG.HighBit, (n) => n === bitsStored - 1, `BitsStored - 1, which is ${bitsStored - 1}`)
  const signed = expectWord(set, TAG.PixelRepresentation, (n) => n <= 1, '0 or 1') === 1
  return { rows, columns, bitsStored, signed }
}

/** Rows or columns. @throws AgatstonError `PARSE_FAILED` where there are none, `LIMIT_EXCEEDED` */
export function side(set: DataSet, tag: number, limits: Limits): number {
  const { file } = set
  const value = set.unsigned(tag)
  if (value === null) throw parseFailed('value', `${tagName(tag)} is absent`, { file, tag })
  if (value < 1 || value > limits.side) {
    throw beyondLimit('side', limits.side, `${file}: ${tagName(tag)} is ${value}; at least 1 is due`, {
      file,
      value,
      tag: tagText(tag),
    })
  }
  return value
}

function expectWord(set: DataSet, tag: number, fits: (n: number) => boolean, expected: string): number {
  const value = set.unsigned(tag)
  if (value === null || !fits(value)) {
    throw wrongFormat(set.file, tag, value === null ? 'absent' : String(value), expected)
  }
  return value
}

const wrongFormat = (file: string, tag: number, met: string, expected: string): AgatstonError =>
  new AgatstonError('PIXEL_FORMAT', `${file}: ${tagName(tag)} is ${met}; CT is read with ${expected}`, {
    file,
    tag: tagText(tag),
    met,
    expected,
  })

/**
 * Locate the words of one frame, look at their unused bits, or read the header of their codestream.
 *
 * @param format null where it was refused: what the syntax refuses is still told, and null returned
 * @param frame counts from 0
 * @param frames frames of the object: all of them must be there, whichever is asked for
 * @throws AgatstonError `PIXELS_MISSING`, `PIXELS_SHORT`, `PIXELS_CORRUPT`, `PIXEL_FORMAT`, `SYNTAX_UNSUPPORTED`, `PARSE_FAILED`
 */
export function locatePixels(
  opened: OpenedObject,
  set: DataSet,
  format: PixelFormat | null,
  frame = 0,
  frames = 1,
): PixelWords | null {
  const { file, layout } = opened
  const syntax = opened.syntax!
  const { coding } = syntax
  if (coding === 'none') throw unsupported(syntax, file)
  if (format === null) return null
  const span = layout.elements.get(TAG.PixelData)
  if (!span) throw missing(set)
  if (coding === 'native') return locateNative(opened, span, set, format, frame, frames)
  if (!span.undefinedLength) throw notEncapsulated(span, syntax, file)
  const fragments = framesOf(opened, coding, frames)[frame]!
  const facts = readFrameHeader(opened, coding, fragments, format)
  const [padding, paddingIfForeign] = (['clear', 'foreign'] as const).map((unused) => readPadding(set, format, unused))
  return { ...format, coding, fragments, facts, padding: padding!, paddingIfForeign: paddingIfForeign! }
}

function missing(set: DataSet): AgatstonError {
  const { file } = set
  for (const tag of [TAG.FloatPixelData, TAG.DoubleFloatPixelData]) {
    if (set.has(tag)) return wrongFormat(file, tag, 'present', '16-bit words in PixelData (7FE0,0010)')
  }
  return new AgatstonError(
    'PIXELS_MISSING',
    `${file}: the image holds no pixel data. Export the series with its pixels`,
    { file },
  )
}

/** Raw words or a bare codestream under a compressed syntax: which of the two it is may not be guessed. */
function notEncapsulated(
  { length, offset, tag }: ElementSpan,
  { uid, name }: TransferSyntax,
  file: string,
): AgatstonError {
  const what = `the pixel data is one value of ${length} bytes where transfer syntax ${uid} (${name}) wants fragments`
  return parseFailed('structure', what, { file, offset, tag })
}

function locateNative(
  opened: OpenedObject,
  span: ElementSpan,
  set: DataSet,
  format: PixelFormat,
  frame: number,
  frames: number,
): NativeWords {
  const { file, bytes } = opened
  const { rows, columns } = format
  const { bigEndian } = opened.syntax!
  if (span.length === 0) throw missing(set)
  const byteWide = span.vr === 'OB' || span.vr === 'UN'
  if (span.vr !== null && span.vr !== 'OW' && (!byteWide || bigEndian)) {
    throw wrongFormat(file, TAG.PixelData, `of VR ${span.vr}`, 'VR OW')
  }
  const byteLength = rows * columns * 2
  const needed = byteLength * frames
  const { valueOffset } = span
  if (span.length < needed) {
    const size = `${rows} x ${columns} pixels${frames > 1 ? ` x ${frames} frames` : ''}`
    throw new AgatstonError(
      'PIXELS_SHORT',
      `${file}: the pixel data has ${span.length} bytes, ${size} need ${needed}. Export the file again`,
      { file, offset: valueOffset, bytes: span.length, needed },
    )
  }
  const end = valueOffset + span.length
  if (end > bytes.length && (span.length > needed || format.bitsStored < 16)) throw new NotRead()
  if (span.length > needed) checkExcess(bytes.subarray(valueOffset + needed, end), columns * 2, file, valueOffset)
  const offset = valueOffset + frame * byteLength
  const unused =
    format.bitsStored === 16
      ? 'clear'
      : lookAtUnused(wordsOf(bytes.subarray(offset, offset + byteLength), bigEndian), format)
  const padding = readPadding(set, format, unused)
  // Member by member: it is done for every slice, and spreading takes most of the time of it.
  return {
    coding: 'native',
    rows,
    columns,
    bitsStored: format.bitsStored,
    signed: format.signed,
    bigEndian,
    offset,
    byteLength,
    unused,
    padding,
  }
}

/** Zeros of less than a row are padding. More, or anything else, means that rows or columns are not what the header says. */
function checkExcess(excess: Uint8Array, rowBytes: number, file: string, offset: number): void {
  if (excess.length < rowBytes && excess.every((byte) => byte === 0)) return
  const where = { file, offset, tag: TAG.PixelData }
  throw parseFailed('length', `the pixel data is ${excess.length} bytes longer than rows x columns`, where)
}

/**
 * PixelPaddingValue .. PixelPaddingRangeLimit (PS3.3 C.7.5.1.1.2), as stored values. Their VR may be US or SS against the sign
 * of the pixels, so the bits are taken and given the pixels' sign. A value the stored bits cannot hold is met only where the
 * unused bits carry it; there it is cut like the pixels are.
 */
function readPadding(set: DataSet, format: WordFormat, unused: UnusedBits): Padding | null {
  const first = set.word(TAG.PixelPaddingValue)
  if (first === null) return null
  const last = set.word(TAG.PixelPaddingRangeLimit) ?? first
  const [a, b] = [storedValue(first, format), storedValue(last, format)]
  const fits = signOf(first, 16, format.signed) === a && signOf(last, 16, format.signed) === b
  if (!fits && unused !== 'foreign') return null
  return Object.freeze({ low: Math.min(a, b), high: Math.max(a, b) })
}

const storedValue = (bits: number, { bitsStored, signed }: WordFormat): number =>
  signOf(bits & (2 ** bitsStored - 1), bitsStored, signed)

const signOf = (bits: number, width: number, signed: boolean): number =>
  signed ? (bits << (32 - width)) >> (32 - width) : bits
