/**
 * DICOM RLE (PS3.5 annex G). A frame is a header of sixteen 32-bit numbers, the count of segments and where each begins, and
 * the segments: the bytes of all words, high bytes first, each plane packed on its own (assembly/codecs/rle.ts). The format has
 * no end marker, so all there is to hold a frame against is the count of bytes: each segment must give rows x columns exactly,
 * and nothing but padding may be left of it.
 *
 * Where writers stray harmlessly they are read: offsets may be odd (the pad that makes a segment even is missing), and runs may
 * go on from one row to the next. Whether segments are where the header says is proved by what they decode to.
 */
import type { CodecOptions, FrameFacts, FrameReader, FrameShape } from './decoder.js'
import { CodecInstance, type OwnDecoder, STATUS } from './instance.js'
import { checkFrameCall, checkRoom } from './call.js'
import { frameCorrupt, frameShort } from './trouble.js'

const CODING = 'RLE'
const HEADER_BYTES = 64

/** RLE keeps every bit, and says nothing of what they mean. */
const FACTS: FrameFacts = Object.freeze({ lossy: false, precision: null, signed: null })

/** Start and end of each segment, as the header has them: one for words of 8 bits, two for 16. */
function readSegments(frame: Uint8Array, shape: FrameShape): [start: number, end: number][] {
  checkFrameCall(frame, shape)
  const { bitsAllocated } = shape
  if (frame.length < HEADER_BYTES) {
    throw frameShort(shape, CODING, `it has ${frame.length} bytes, its header alone ${HEADER_BYTES}`, {
      bytes: frame.length,
    })
  }
  const header = new DataView(frame.buffer, frame.byteOffset, HEADER_BYTES)
  const segments = header.getUint32(0, true)
  const expected = bitsAllocated / 8
  if (segments !== expected) {
    throw frameCorrupt(shape, CODING, `it has ${segments} segments; words of ${bitsAllocated} bits make ${expected}`, {
      segments,
      expected,
    })
  }
  const starts = Array.from({ length: segments }, (_, i) => header.getUint32(4 + 4 * i, true))
  return starts.map((start, i) => {
    const end = starts[i + 1] ?? frame.length
    if (i === 0 && start !== HEADER_BYTES) {
      throw frameCorrupt(shape, CODING, `segment 1 is said to begin at byte ${start}; 64 is due`, { start })
    }
    if (start >= frame.length || end > frame.length) {
      throw frameShort(
        shape,
        CODING,
        `segment ${i + 1} is said to be bytes ${start} to ${end}; it has ${frame.length}`,
        {
          segment: i + 1,
          start,
          bytes: frame.length,
        },
      )
    }
    if (end <= start) {
      throw frameCorrupt(
        shape,
        CODING,
        `segment ${i + 2} is said to begin at byte ${end}, before the one in front of it`,
        {
          segment: i + 2,
          start: end,
          before: start,
        },
      )
    }
    return [start, end]
  })
}

/** Check an RLE frame's header. It can say neither precision nor sign, and loses nothing. */
export const readRle: FrameReader = (frame, shape) => {
  readSegments(frame, shape)
  return FACTS
}

class RleDecoder implements OwnDecoder {
  readonly #instance: CodecInstance

  constructor(instance: CodecInstance) {
    this.#instance = instance
  }

  decode(frame: Uint8Array, shape: FrameShape, into: Uint16Array): FrameFacts {
    const segments = readSegments(frame, shape)
    checkRoom(into, shape)
    const { rows, columns, file } = shape
    const planes = segments.length as 1 | 2
    this.#instance.run({ frame, rows, columns, planes, file }, into, (calls) => {
      segments.forEach(([start, end], plane) => {
        const status = calls.rleSegment(start, end, plane) >>> 0
        if (status !== STATUS.done) throw failed(status, calls.rleDecoded() >>> 0, plane, shape)
      })
      calls.rleJoin(planes)
    })
    return FACTS
  }

  wipe(): void {
    this.#instance.wipe()
  }
}

function failed(status: number, decoded: number, plane: number, shape: FrameShape): Error {
  const expected = shape.rows * shape.columns
  const details = { segment: plane + 1, decoded, expected }
  const which = `segment ${plane + 1}`
  switch (status) {
    case STATUS.short:
      return frameShort(shape, CODING, `${which} decodes to ${decoded} bytes, rows x columns are ${expected}`, details)
    case STATUS.overrun:
      return frameCorrupt(shape, CODING, `${which} decodes to more than rows x columns = ${expected} bytes`, details)
    default:
      return frameCorrupt(shape, CODING, `${which} has data left after rows x columns = ${expected} bytes`, details)
  }
}

/**
 * Load the RLE decoder.
 *
 * @throws AgatstonError `WASM_UNSUPPORTED`, `INTEGRITY_FAILED`
 */
export const loadRle: (options: CodecOptions) => Promise<OwnDecoder> = async (options) =>
  new RleDecoder(await CodecInstance.load(options))
