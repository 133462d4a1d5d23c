/**
 * Native pixels (PS3.5 8.1, 8.2): where the words of an image lie, and how they become the stored values of a slice. Words are
 * 16 bits; of BitsStored below 16 the rest may hold anything, an old overlay for instance, and never reaches a score.
 */
import { AgatstonError } from '../base/errors.js'
import type { Padding, SliceArray } from '../volume/volume.js'
import type { DataSet } from './dataset.js'
import { type Limits, beyondLimit } from './limits.js'
import { type OpenedObject, unsupported } from './open.js'
import { TAG, tagName, tagText } from './tags.js'
import { parseFailed } from './trouble.js'

/**
 * What the unused high bits hold. `clear`: words are values as they lie; `extend`: the sign is not
 * repeated in them and must be; `foreign`: data of something else.
 */
export type UnusedBits = 'clear' | 'extend' | 'foreign'

/** The words of one image, checked against the header and the file. */
export interface PixelWords {
  readonly rows: number
  readonly columns: number
  readonly bitsStored: number
  readonly signed: boolean
  readonly bigEndian: boolean
  /** First byte in the file, and bytes: rows x columns x 2. */
  readonly offset: number
  readonly byteLength: number
  readonly unused: UnusedBits
  readonly padding: Padding | null
}

/** Rows, columns and the format of the words, before anything is looked for in the file. */
export interface PixelFormat {
  readonly rows: number
  readonly columns: number
  readonly bitsStored: number
  readonly signed: boolean
}

/**
 * The pixel format of a CT image (PS3.3 C.7.6.3, C.8.2.1).
 *
 * @throws AgatstonError `LIMIT_EXCEEDED`, `PIXEL_FORMAT`, `PARSE_FAILED` for attributes that are malformed
 */
export function readPixelFormat(set: DataSet, limits: Limits): PixelFormat {
  const { file } = set
  const frames = set.integer(TAG.NumberOfFrames) ?? 1
  if (frames !== 1) {
    throw new AgatstonError(
      'PIXEL_FORMAT',
      `${file}: the object holds ${frames} frames; one image a file is read. Export the series as classic CT images`,
      { file, frames, tag: tagText(TAG.NumberOfFrames) },
    )
  }
  const rows = side(set, TAG.Rows, limits)
  const columns = side(set, TAG.Columns, limits)
  expectWord(set, TAG.SamplesPerPixel, (n) => n === 1, '1')
  const photometric = set.codes(TAG.PhotometricInterpretation)[0] ?? null
  if (photometric !== 'MONOCHROME2') {
    const shown = photometric !== null && /^[A-Z0-9_]{1,16}$/.test(photometric) ? photometric : 'absent or unknown'
    throw format(file, TAG.PhotometricInterpretation, shown, 'MONOCHROME2')
  }
  expectWord(set, TAG.BitsAllocated, (n) => n === 16, '16')
  const bitsStored = expectWord(set, TAG.BitsStored, (n) => n >= 1 && n <= 16, '1 to 16')
  expectWord(set, TAG.HighBit, (n) => n === bitsStored - 1, `BitsStored - 1, which is ${bitsStored - 1}`)
  const signed = expectWord(set, TAG.PixelRepresentation, (n) => n <= 1, '0 or 1') === 1
  return { rows, columns, bitsStored, signed }
}

function side(set: DataSet, tag: number, limits: Limits): number {
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
  if (value === null || !fits(value)) throw format(set.file, tag, value === null ? 'absent' : String(value), expected)
  return value
}

const format = (file: string, tag: number, met: string, expected: string): AgatstonError =>
  new AgatstonError('PIXEL_FORMAT', `${file}: ${tagName(tag)} is ${met}; CT is read with ${expected}`, {
    file,
    tag: tagText(tag),
    met,
    expected,
  })

/**
 * Locate the words of an image and look at their unused bits.
 *
 * @throws AgatstonError `PIXELS_MISSING`, `PIXELS_SHORT`, `PIXEL_FORMAT`, `SYNTAX_UNSUPPORTED`, `PARSE_FAILED`
 */
export function locatePixels(opened: OpenedObject, set: DataSet, pixelFormat: PixelFormat): PixelWords {
  const { file, bytes, layout, syntax } = opened
  const { rows, columns, bitsStored, signed } = pixelFormat
  if (!syntax || syntax.coding !== 'native') throw unsupported(syntax!, file)
  const span = layout.elements.get(TAG.PixelData)
  if (!span || span.length === 0) throw missing(set)
  const { bigEndian } = syntax
  const byteWide = span.vr === 'OB' || span.vr === 'UN'
  if (span.vr !== null && span.vr !== 'OW' && (!byteWide || bigEndian)) {
    throw format(file, TAG.PixelData, `of VR ${span.vr}`, 'VR OW')
  }
  const byteLength = rows * columns * 2
  if (span.length < byteLength) {
    throw new AgatstonError(
      'PIXELS_SHORT',
      `${file}: the pixel data has ${span.length} bytes, ${rows} x ${columns} pixels need ${byteLength}. Export the file again`,
      { file, offset: span.valueOffset, bytes: span.length, needed: byteLength },
    )
  }
  const offset = span.valueOffset
  checkExcess(bytes.subarray(offset + byteLength, offset + span.length), columns * 2, file, offset)
  const words = bytes.subarray(offset, offset + byteLength)
  const unused = lookAtUnused(words, { bigEndian, bitsStored, signed })
  const padding = readPadding(set, { bitsStored, signed, unused })
  return { rows, columns, bitsStored, signed, bigEndian, offset, byteLength, unused, padding }
}

function missing(set: DataSet): AgatstonError {
  const { file } = set
  for (const tag of [TAG.FloatPixelData, TAG.DoubleFloatPixelData]) {
    if (set.has(tag)) return format(file, tag, 'present', '16-bit words in PixelData (7FE0,0010)')
  }
  return new AgatstonError(
    'PIXELS_MISSING',
    `${file}: the image holds no pixel data. Export the series with its pixels`,
    {
      file,
    },
  )
}

/** Zeros of less than a row are padding. More, or anything else, means that rows or columns are not what the header says. */
function checkExcess(excess: Uint8Array, rowBytes: number, file: string, offset: number): void {
  if (excess.length === 0 || (excess.length < rowBytes && excess.every((byte) => byte === 0))) return
  const where = { file, offset, tag: TAG.PixelData }
  throw parseFailed('length', `the pixel data is ${excess.length} bytes longer than rows x columns`, where)
}

type Word = Pick<PixelWords, 'bigEndian' | 'bitsStored' | 'signed'>

const sixteen = (words: Uint8Array): Uint16Array =>
  words.byteOffset % 2 === 0
    ? new Uint16Array(words.buffer, words.byteOffset, words.byteLength >> 1)
    : new Uint16Array(words.slice().buffer)

/** Look at every word once, where some of its bits are unused. Signed words may rightly repeat their sign there. */
function lookAtUnused(words: Uint8Array, { bigEndian, bitsStored, signed }: Word): UnusedBits {
  if (bitsStored === 16) return 'clear'
  const stored = bigEndian ? swapped(sixteen(words)) : sixteen(words)
  const used = 2 ** bitsStored - 1
  if (!signed) {
    let any = 0
    for (let i = 0; i < stored.length; i++) any |= stored[i]!
    return any & ~used ? 'foreign' : 'clear'
  }
  const shift = 32 - bitsStored
  let differing = 0
  let foreign = 0
  for (let i = 0; i < stored.length; i++) {
    const word = stored[i]!
    const difference = (((word << shift) >> shift) & 0xffff) ^ word
    differing |= difference
    if (difference !== 0) foreign |= word & ~used
  }
  return foreign ? 'foreign' : differing ? 'extend' : 'clear'
}

function swapped(words: Uint16Array): Uint16Array {
  const result = new Uint16Array(words.length)
  for (let i = 0; i < words.length; i++) result[i] = (words[i]! << 8) | (words[i]! >>> 8)
  return result
}

/**
 * PixelPaddingValue .. PixelPaddingRangeLimit (PS3.3 C.7.5.1.1.2), as stored values. Their VR may be US or SS against the sign
 * of the pixels, so the bits are taken and given the pixels' sign. A value the stored bits cannot hold is met only where the
 * unused bits carry it; there it is cut like the pixels are.
 */
function readPadding(set: DataSet, word: Pick<PixelWords, 'bitsStored' | 'signed' | 'unused'>): Padding | null {
  const first = set.word(TAG.PixelPaddingValue)
  if (first === null) return null
  const last = set.word(TAG.PixelPaddingRangeLimit) ?? first
  const [a, b] = [storedValue(first, word), storedValue(last, word)]
  const fits = signOf(first, 16, word.signed) === a && signOf(last, 16, word.signed) === b
  if (!fits && word.unused !== 'foreign') return null
  return Object.freeze({ low: Math.min(a, b), high: Math.max(a, b) })
}

const storedValue = (bits: number, { bitsStored, signed }: Pick<PixelWords, 'bitsStored' | 'signed'>): number =>
  signOf(bits & (2 ** bitsStored - 1), bitsStored, signed)

const signOf = (bits: number, width: number, signed: boolean): number =>
  signed ? (bits << (32 - width)) >> (32 - width) : bits

/**
 * Stored values of an image, written straight into the destination: one copy of the bytes where they are right as they lie,
 * else the copy corrected in place. `words` are the image's bytes as in the file, at any alignment.
 */
export function fillSlice(words: Uint8Array, image: PixelWords, into: SliceArray): void {
  const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength)
  bytes.set(words)
  if (image.bigEndian) swapWords(into)
  if (image.unused === 'clear') return
  if (image.signed) extendSign(into, image.bitsStored)
  else clearUnused(into, image.bitsStored)
}

function swapWords(into: SliceArray): void {
  const words = new Uint16Array(into.buffer, into.byteOffset, into.length)
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    words[i] = (word << 8) | (word >>> 8)
  }
}

function extendSign(into: SliceArray, bitsStored: number): void {
  const shift = 32 - bitsStored
  for (let i = 0; i < into.length; i++) into[i] = (into[i]! << shift) >> shift
}

function clearUnused(into: SliceArray, bitsStored: number): void {
  const used = 2 ** bitsStored - 1
  for (let i = 0; i < into.length; i++) into[i] = into[i]! & used
}
