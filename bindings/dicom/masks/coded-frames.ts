/**
 * Compressed frames of a segmentation (PS3.5 8.2), decoded one at a time when they are asked for.
 *
 * Which coding may hold which pixels: bytes and words any that loses nothing; single bits only those whose tables in PS3.5 allow
 * BitsAllocated 1 since CP-2301 and Supplement 244. RLE then has a byte a pixel (G.2: a pixel is padded to whole bytes), JPEG 2000
 * samples of one bit (table 8.2.4-1), deflated frames the packed bits as they would lie in the file (8.2.16), each frame from
 * a byte of its own. JPEG-LS (table 8.2.3-1: 8 or 16) and the JPEG processes have no single bits.
 */
import { AgatstonError } from '../../base/errors.js'
import { DeflateError, inflateInto } from '../archive/inflate.js'
import type { DataSet } from '../dataset.js'
import { type DecodeFrame, joinFragments } from '../decoding/encoded.js'
import { type Frame, framesOf } from '../frames.js'
import { type OpenedObject, unsupported } from '../open.js'
import { DEFLATED_FRAMES, type FrameCoding, type TransferSyntax } from '../syntax.js'
import { TAG } from '../tags.js'
import { parseFailed } from '../trouble.js'
import { type ReadFrame, type StoredShape, noPixels, unpackBits } from './native-frames.js'

/** Codings that may hold single bits. */
const SINGLE_BIT: readonly FrameCoding[] = ['rle', 'jpeg-2000']

/**
 * @throws AgatstonError `SYNTAX_UNSUPPORTED` for a coding that is not read or not allowed for these pixels, `PIXELS_MISSING`,
 *   `PIXELS_CORRUPT` where fragments and frames disagree, `PARSE_FAILED` for pixel data that is not in fragments
 */
export function codedFrames(opened: OpenedObject, set: DataSet, shape: StoredShape, decode: DecodeFrame): ReadFrame {
  const { file } = set
  const syntax = opened.syntax!
  const deflated = syntax === DEFLATED_FRAMES
  const coding = deflated ? 'deflate' : syntax.coding
  if (coding === 'none' || coding === 'native') throw unsupported(syntax, file)
  if (shape.bits === 1 && coding !== 'deflate' && !SINGLE_BIT.includes(coding)) throw notForBits(syntax, file)
  const span = opened.layout.elements.get(TAG.PixelData)
  if (!span) throw noPixels(file)
  if (!span.undefinedLength) {
    const what = `the pixel data is one value of ${span.length} bytes where ${syntax.name} wants fragments`
    throw parseFailed('structure', what, { file, offset: span.offset, tag: TAG.PixelData })
  }
  const frames = framesOf(opened, coding, shape.frames)
  const parts = (n: number): readonly Uint8Array[] => partsOf(opened, frames[n]!)
  if (coding === 'deflate') {
    const room = new Uint8Array(Math.ceil((shape.rows * shape.columns * shape.bits) / 8))
    return (n, into) => inflateFrame(joinFragments(parts(n)), { file, n, bits: shape.bits }, room, into)
  }
  return async (n, into) => decodeFrame({ coding, fragments: parts(n), file, n, shape }, decode, into)
}

const partsOf = ({ bytes }: OpenedObject, frame: Frame): readonly Uint8Array[] =>
  frame.map(({ offset, length }) => bytes.subarray(offset, offset + length))

function notForBits({ uid, name }: TransferSyntax, file: string): AgatstonError {
  const message = `${file}: the segmentation is binary, one bit a pixel, which transfer syntax ${uid} (${name}) cannot hold. Export it uncompressed (Explicit VR Little Endian)`
  return new AgatstonError('SYNTAX_UNSUPPORTED', message, { uid, name, file })
}

interface Job {
  readonly coding: FrameCoding
  readonly fragments: readonly Uint8Array[]
  readonly file: string
  readonly n: number
  readonly shape: StoredShape
}

/** Decode a frame and hold what it says of itself against the header: a label must come out as it went in. */
async function decodeFrame({ coding, fragments, file, n, shape }: Job, decode: DecodeFrame, into: Uint16Array) {
  const { rows, columns, bits } = shape
  const bitsAllocated = bits === 16 ? 16 : 8
  // RLE knows no single bits, only the bytes they are padded to.
  const bitsStored = coding === 'rle' ? bitsAllocated : bits
  into.fill(0)
  const facts = await decode(
    { coding, fragments, shape: { rows, columns, bitsAllocated, bitsStored, signed: false, file } },
    into,
  ).catch((cause: unknown) => {
    throw isPacked(cause, shape) ? packedBits(file, n) : cause
  })
  if (facts.lossy) throw lossyLabels(file, n, coding)
  const { precision, signed } = facts
  if (signed || (bits === 1 && precision !== null && precision !== 1)) {
    throw corrupt(file, n, `it holds ${signed ? 'signed' : 'unsigned'} samples of ${precision} bits, ${bits} are due`)
  }
  if (bits === 1) checkBits(into, file, n)
}

function checkBits(values: Uint16Array, file: string, n: number): void {
  const strange = values.find((value) => value > 1)
  if (strange !== undefined) throw corrupt(file, n, `it holds the value ${strange}, a binary segmentation 0 and 1 only`)
}

/** RLE that ended early, just where it would if each byte were eight pixels. */
const isPacked = (cause: unknown, { rows, columns, bits }: StoredShape): boolean =>
  bits === 1 &&
  cause instanceof AgatstonError &&
  cause.code === 'PIXELS_SHORT' &&
  cause.details['decoded'] === Math.ceil((rows * columns) / 8)

function packedBits(file: string, n: number): AgatstonError {
  const message = `${file}: frame ${n + 1} has eight pixels packed in each byte of its RLE, where PS3.5 G.2 has a byte for each. Export the segmentation uncompressed (Explicit VR Little Endian)`
  return new AgatstonError('PIXEL_FORMAT', message, { file, frame: n + 1, kind: 'packed-bits' })
}

function lossyLabels(file: string, n: number, coding: FrameCoding): AgatstonError {
  const message = `${file}: frame ${n + 1} was compressed with loss (${coding}), so its labels are not those that were drawn. Export the segmentation uncompressed or lossless`
  return new AgatstonError('PIXEL_FORMAT', message, { file, frame: n + 1, coding, kind: 'lossy' })
}

interface Deflated {
  readonly file: string
  readonly n: number
  readonly bits: 1 | 8 | 16
}

/**
 * Inflate a frame to just the bytes it has. Behind the stream at most one zero makes the length even (PS3.5 A.4.13); bits of the
 * last byte beyond the last pixel must be 0, or the next frame may begin in them.
 */
function inflateFrame(packed: Uint8Array, { file, n, bits }: Deflated, room: Uint8Array, into: Uint16Array): void {
  const { size, end } = inflated(packed, room, file, n)
  if (size < room.length) {
    const message = `${file}: frame ${n + 1} inflates to ${size} bytes, its rows x columns need ${room.length}. Export the file again`
    throw new AgatstonError('PIXELS_SHORT', message, { file, frame: n + 1, bytes: size, needed: room.length })
  }
  const rest = packed.subarray(end)
  if (rest.length > 1 || (rest.length === 1 && rest[0] !== 0)) {
    throw corrupt(file, n, `${rest.length} bytes follow its deflate stream`)
  }
  if (bits === 1) {
    const used = into.length % 8
    if (used > 0 && room[room.length - 1]! >> used !== 0) throw corrupt(file, n, 'bits are set beyond its last pixel')
    unpackBits(room, 0, into)
    return
  }
  for (let i = 0; i < into.length; i++) {
    into[i] = bits === 8 ? room[i]! : room[2 * i]! | (room[2 * i + 1]! << 8)
  }
}

function inflated(packed: Uint8Array, room: Uint8Array, file: string, n: number): { size: number; end: number } {
  try {
    return inflateInto(packed, 0, room)
  } catch (cause) {
    if (!(cause instanceof DeflateError)) throw cause
    if (cause.kind !== 'truncated') throw corrupt(file, n, cause.message, cause)
    const message = `${file}: frame ${n + 1} breaks off: ${cause.message}. Export or transfer the file again`
    throw new AgatstonError('PIXELS_SHORT', message, { file, frame: n + 1 }, { cause })
  }
}

function corrupt(file: string, n: number, what: string, cause?: unknown): AgatstonError {
  const message = `${file}: frame ${n + 1} of the segmentation is damaged: ${what}. Export or transfer the file again`
  const options = cause === undefined ? {} : { cause }
  return new AgatstonError('PIXELS_CORRUPT', message, { file, frame: n + 1 }, options)
}
