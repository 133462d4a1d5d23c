/**
 * The pixels of a segmentation's frames (PS3.3 C.8.20.2, A.51): one bit a pixel, bits and frames following each other without
 * a gap, lowest bit first (PS3.5 8.1.1, D.1); or fractions in bytes; or, in label map segmentations, segment numbers in
 * bytes or words.
 */
import { AgatstonError } from '../../base/errors.js'
import type { DataSet } from '../dataset.js'
import { type Limits, beyondLimit } from '../limits.js'
import { MASK_TAG } from './tags.js'
import type { OpenedObject } from '../open.js'
import { TAG, tagName, tagText } from '../tags.js'
import { parseFailed } from '../trouble.js'

export type FrameKind = 'BINARY' | 'FRACTIONAL' | 'LABELMAP'

/** Pixels of a frame that are not background: first and last row and column of them, null where there is none. */
export type Occupied = { rows: readonly [number, number]; columns: readonly [number, number] } | null

export class MaskFrames {
  readonly kind: FrameKind
  readonly rows: number
  readonly columns: number
  readonly frames: number
  /** A fraction at or above this is inside; 1 for the other kinds. */
  readonly threshold: number
  /** Largest fraction; 1 for the other kinds. */
  readonly most: number
  /** A fraction strictly between 0 and the largest was met. */
  fractionsMet = false
  /** Values of the frame read last, row by row: 0 outside, else 1 or the segment number. */
  readonly values: Uint16Array
  private readonly bits: 1 | 8 | 16
  private readonly bytes: Uint8Array
  private readonly background: number

  /**
   * @throws AgatstonError `PIXEL_FORMAT`, `PIXELS_MISSING`, `PIXELS_SHORT`, `SYNTAX_UNSUPPORTED`, `LIMIT_EXCEEDED`,
   *   `PARSE_FAILED` for what the header gets wrong
   */
  constructor(opened: OpenedObject, set: DataSet, limits: Limits) {
    const { file } = set
    this.kind = kindOf(set)
    this.rows = side(set, TAG.Rows, limits)
    this.columns = side(set, TAG.Columns, limits)
    this.frames = set.integer(TAG.NumberOfFrames) ?? 1
    if (this.frames < 1) throw parseFailed('value', 'NumberOfFrames is below 1', { file, tag: TAG.NumberOfFrames })
    this.bits = bitsOf(set, this.kind)
    this.most = this.kind === 'FRACTIONAL' ? largestFraction(set) : 1
    this.threshold = this.most / 2
    this.background = this.kind === 'LABELMAP' ? (set.word(TAG.PixelPaddingValue) ?? 0) : 0
    this.bytes = pixelBytes(opened, set, (this.rows * this.columns * this.frames * this.bits) / 8, this.bits)
    this.values = new Uint16Array(this.rows * this.columns)
  }

  /** Read frame `n` into `values`; where it is occupied. */
  read(n: number): Occupied {
    const { values } = this
    if (this.kind === 'BINARY') this.readBits(n)
    else this.readNumbers(n)
    const { columns } = this
    let [top, bottom, left, right] = [-1, -1, columns, -1]
    for (let row = 0, i = 0; row < this.rows; row++) {
      for (let column = 0; column < columns; column++, i++) {
        if (values[i] === 0) continue
        if (top < 0) top = row
        bottom = row
        if (column < left) left = column
        if (column > right) right = column
      }
    }
    return top < 0 ? null : { rows: [top, bottom], columns: [left, right] }
  }

  private readBits(n: number): void {
    const { values, bytes } = this
    const start = n * values.length
    const end = start + values.length
    values.fill(0)
    // Most bytes mark nothing. The first and the last may be shared with the frames beside.
    for (let at = Math.floor(start / 8); at * 8 < end; at++) {
      const byte = bytes[at]!
      if (byte === 0) continue
      for (let bit = 0; bit < 8; bit++) {
        const i = at * 8 + bit - start
        if ((byte >> bit) & 1 && i >= 0 && i < values.length) values[i] = 1
      }
    }
  }

  private readNumbers(n: number): void {
    const { values, bytes, bits, background } = this
    const start = n * values.length * (bits / 8)
    for (let i = 0; i < values.length; i++) {
      const value = bits === 8 ? bytes[start + i]! : bytes[start + 2 * i]! | (bytes[start + 2 * i + 1]! << 8)
      if (this.kind === 'LABELMAP') values[i] = value === background ? 0 : value
      else {
        if (value > 0 && value < this.most) this.fractionsMet = true
        values[i] = value >= this.threshold ? 1 : 0
      }
    }
  }
}

function kindOf(set: DataSet): FrameKind {
  const type = set.codes(MASK_TAG.SegmentationType)[0] ?? ''
  if (type === 'BINARY' || type === 'FRACTIONAL' || type === 'LABELMAP') return type
  throw format(set, MASK_TAG.SegmentationType, 'none of them', 'BINARY, FRACTIONAL or LABELMAP')
}

function side(set: DataSet, tag: number, limits: Limits): number {
  const { file } = set
  const value = set.unsigned(tag)
  if (value === null) throw parseFailed('value', `${tagName(tag)} is absent`, { file, tag })
  if (value >= 1 && value <= limits.side) return value
  const message = `${file}: ${tagName(tag)} is ${value}; at least 1 is due`
  throw beyondLimit('side', limits.side, message, { file, value, tag: tagText(tag) })
}

function bitsOf(set: DataSet, kind: FrameKind): 1 | 8 | 16 {
  const expected = kind === 'BINARY' ? [1] : kind === 'FRACTIONAL' ? [8] : [8, 16]
  const allocated = set.unsigned(TAG.BitsAllocated) ?? 0
  if (!expected.includes(allocated)) throw format(set, TAG.BitsAllocated, String(allocated), expected.join(' or '))
  const stored = set.unsigned(TAG.BitsStored) ?? allocated
  if (stored !== allocated) throw format(set, TAG.BitsStored, String(stored), String(allocated))
  if ((set.unsigned(TAG.SamplesPerPixel) ?? 1) !== 1) throw format(set, TAG.SamplesPerPixel, 'above 1', '1')
  if ((set.unsigned(TAG.PixelRepresentation) ?? 0) !== 0) throw format(set, TAG.PixelRepresentation, '1', '0')
  return allocated as 1 | 8 | 16
}

/** MaximumFractionalValue. Half of it is where inside begins: more likely than not, or half occupied. */
function largestFraction(set: DataSet): number {
  const most = set.unsigned(MASK_TAG.MaximumFractionalValue)
  if (most !== null && most >= 1 && most <= 255) return most
  throw format(set, MASK_TAG.MaximumFractionalValue, most === null ? 'absent' : String(most), '1 to 255')
}

const format = (set: DataSet, tag: number, met: string, expected: string): AgatstonError =>
  new AgatstonError(
    'PIXEL_FORMAT',
    `${set.file}: ${tagName(tag)} is ${met}; a segmentation is read with ${expected}. Export it again`,
    { file: set.file, tag: tagText(tag), met, expected },
  )

/** The bytes of all frames, words in little-endian order. `needed` may end in a fraction: the last byte is then part used. */
function pixelBytes(opened: OpenedObject, set: DataSet, needed: number, bits: 1 | 8 | 16): Uint8Array {
  const { file } = set
  const { syntax } = opened
  if (!syntax || syntax.coding !== 'native') {
    const message = `${file}: the segmentation is compressed (${syntax?.name ?? 'unknown transfer syntax'}), which is not read. Export it uncompressed (Explicit VR Little Endian)`
    throw new AgatstonError('SYNTAX_UNSUPPORTED', message, {
      uid: syntax?.uid ?? null,
      name: syntax?.name ?? null,
      file,
    })
  }
  const value = set.value(TAG.PixelData)
  if (!value) {
    const message = `${file}: the segmentation holds no pixel data. Export it with its pixels`
    throw new AgatstonError('PIXELS_MISSING', message, { file })
  }
  const whole = Math.ceil(needed)
  if (value.length < whole) {
    const message = `${file}: the pixel data has ${value.length} bytes, its rows x columns x frames need ${whole}. Export the file again`
    throw new AgatstonError('PIXELS_SHORT', message, { file, bytes: value.length, needed: whole })
  }
  if (value.length > whole + (whole % 2)) {
    const excess = `the pixel data is ${value.length - whole} bytes longer than rows x columns x frames`
    throw parseFailed('length', excess, { file, offset: set.offset(TAG.PixelData), tag: TAG.PixelData })
  }
  // Words of big-endian files hold their two bytes the other way round; bytes (OB) do not.
  const swapped = syntax.bigEndian && (set.vr(TAG.PixelData) === 'OW' || bits === 16)
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
