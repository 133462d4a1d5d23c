/**
 * The pixels of a segmentation's frames (PS3.3 C.8.20.2, A.51): one bit a pixel; or fractions in bytes; or, in label map
 * segmentations, segment numbers in bytes or words. What a value means is decided here, where it comes from in
 * `native-frames` and `coded-frames`.
 */
import { AgatstonError } from '../../base/errors.js'
import type { DataSet } from '../dataset.js'
import type { DecodeFrame } from '../decoding/encoded.js'
import type { Limits } from '../limits.js'
import type { OpenedObject } from '../open.js'
import { side } from '../pixels.js'
import { TAG, tagName, tagText } from '../tags.js'
import { parseFailed } from '../trouble.js'
import { codedFrames } from './coded-frames.js'
import { type ReadFrame, type StoredShape, nativeFrames } from './native-frames.js'
import { MASK_TAG } from './tags.js'

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
  /** Frames have to be decoded: reading one costs more than its bytes in the file. */
  readonly compressed: boolean
  private readonly readStored: ReadFrame
  private readonly background: number

  /**
   * @throws AgatstonError `PIXEL_FORMAT`, `PIXELS_MISSING`, `PIXELS_SHORT`, `PIXELS_CORRUPT`, `SYNTAX_UNSUPPORTED`,
   *   `LIMIT_EXCEEDED`, `PARSE_FAILED` for what the header gets wrong
   */
  constructor(opened: OpenedObject, set: DataSet, limits: Limits, decode: DecodeFrame) {
    const { file } = set
    this.kind = kindOf(set)
    this.rows = side(set, TAG.Rows, limits)
    this.columns = side(set, TAG.Columns, limits)
    this.frames = set.integer(TAG.NumberOfFrames) ?? 1
    if (this.frames < 1) throw parseFailed('value', 'NumberOfFrames is below 1', { file, tag: TAG.NumberOfFrames })
    const { rows, columns, frames } = this
    const shape: StoredShape = { rows, columns, frames, bits: bitsOf(set, this.kind) }
    this.most = this.kind === 'FRACTIONAL' ? largestFraction(set) : 1
    this.threshold = this.most / 2
    this.background = this.kind === 'LABELMAP' ? (set.word(TAG.PixelPaddingValue) ?? 0) : 0
    this.compressed = opened.syntax?.coding !== 'native'
    this.readStored = this.compressed ? codedFrames(opened, set, shape, decode) : nativeFrames(opened, set, shape)
    this.values = new Uint16Array(rows * columns)
  }

  /**
   * Read frame `n` into `values`; where it is occupied. One frame at a time.
   *
   * @throws AgatstonError what decoding it throws
   */
  async read(n: number): Promise<Occupied> {
    const { values, columns } = this
    await this.readStored(n, values)
    this.interpret()
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

  /** Stored values to what they mean, in place. */
  private interpret(): void {
    const { values, kind, background, most, threshold } = this
    if (kind === 'BINARY') return
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!
      if (kind === 'LABELMAP') values[i] = value === background ? 0 : value
      else {
        if (value > 0 && value < most) this.fractionsMet = true
        values[i] = value >= threshold ? 1 : 0
      }
    }
  }
}

function kindOf(set: DataSet): FrameKind {
  const type = set.codes(MASK_TAG.SegmentationType)[0] ?? ''
  if (type === 'BINARY' || type === 'FRACTIONAL' || type === 'LABELMAP') return type
  throw format(set, MASK_TAG.SegmentationType, 'none of them', 'BINARY, FRACTIONAL or LABELMAP')
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
