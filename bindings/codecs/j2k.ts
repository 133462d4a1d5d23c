/** What JPEG 2000 and HTJ2K share: the facts of a frame from its codestream, and decoding it by a library held to them. */
import type { FrameFacts, FrameShape } from './decoder.js'
import { type J2kStream, readStream } from './j2k-header.js'
import { followPackets } from './j2k-packets.js'
import type { Library } from './library.js'
import { checkFrameCall, checkRoom } from './call.js'
import { checkImage, frameCorrupt, frameForeign } from './trouble.js'
import { wordsOf } from './words.js'

type Coding = 'JPEG 2000' | 'HTJ2K'

export interface StreamFacts {
  readonly stream: J2kStream
  readonly facts: FrameFacts
}

/**
 * Read and check everything but the code-blocks themselves.
 *
 * @throws AgatstonError `PIXELS_SHORT`, `PIXELS_CORRUPT`, `PIXEL_FORMAT`, `LIMIT_EXCEEDED`
 */
export function readFacts(frame: Uint8Array, shape: FrameShape, coding: Coding): StreamFacts {
  checkFrameCall(frame, shape)
  const stream = readStream(frame, shape, coding)
  checkImage(shape, coding, stream)
  let lossless = true
  for (const tile of stream.tiles) {
    const { style, quantisation } = tile
    if (style.highThroughput !== (coding === 'HTJ2K')) {
      const what = `its blocks are coded ${style.highThroughput ? 'by' : 'without'} high throughput`
      throw frameForeign(shape, coding, what, { tile: tile.index })
    }
    if (!style.reversible && quantisation.none) {
      throw frameCorrupt(shape, coding, 'its 9/7 wavelet has no quantisation', { tile: tile.index })
    }
    const complete = followPackets(stream.codestream, tile, shape, coding)
    lossless &&= style.reversible && quantisation.none && complete
  }
  return { stream, facts: { lossy: !lossless, precision: stream.precision, signed: stream.signed } }
}

/** Decode a frame by OpenJPEG or OpenJPH, and hold what they say against what was read. */
export function decodeStream(
  library: Library,
  frame: Uint8Array,
  shape: FrameShape,
  into: Uint16Array,
  coding: Coding,
): FrameFacts {
  checkRoom(into, shape)
  const { stream, facts } = readFacts(frame, shape, coding)
  const { precision, signed } = stream
  // Both libraries clip samples of up to 8 bits to 0..255, signed ones too. Such frames are decoded as unsigned, which in
  // JPEG 2000 only adds half the range (T.800 G.1), and it is taken off again.
  const asUnsigned = signed && precision <= 8
  const given = asUnsigned ? withoutSign(stream) : stream.codestream
  library.decode(given, shape, coding, (decoder) => {
    const info = decoder.getFrameInfo()
    if (
      info.width !== stream.columns ||
      info.height !== stream.rows ||
      info.componentCount !== 1 ||
      info.bitsPerSample !== precision ||
      info.isSigned !== (signed && !asUnsigned) ||
      decoder.getIsReversible?.() !== stream.tiles[0]!.style.reversible
    ) {
      throw frameCorrupt(shape, coding, 'the decoder reads its header otherwise', { info: { ...info } })
    }
    const offset = asUnsigned ? -(2 ** (precision - 1)) : 0
    wordsOf(decoder.getDecodedBuffer(), { precision, signed, exact: !facts.lossy, offset }, into, shape, coding)
  })
  return facts
}

function withoutSign(stream: J2kStream): Uint8Array {
  const copy = stream.codestream.slice()
  copy[stream.sampleByte]! &= 0x7f
  return copy
}
