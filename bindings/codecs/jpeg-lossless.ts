/**
 * JPEG lossless, process 14, any predictor (ITU-T T.81 annex H; transfer syntaxes .57 and .70): the header read here, the scan
 * decoded by our own wasm (assembly/codecs/lossless.ts), which counts every bit.
 */
import type { CodecOptions, FrameFacts, FrameReader, FrameShape } from './decoder.js'
import { CodecInstance, type OwnDecoder, STATUS } from './instance.js'
import { factsOf, readLosslessHeader } from './jpeg-lossless-header.js'
import { checkRoom } from './call.js'
import { frameCorrupt, frameShort } from './trouble.js'

const CODING = 'JPEG Lossless'

/** Check the header of a JPEG lossless frame, and that it ends in an EOI marker. */
export const readJpegLossless: FrameReader = (frame, shape) => factsOf(readLosslessHeader(frame, shape))

class JpegLosslessDecoder implements OwnDecoder {
  readonly #instance: CodecInstance

  constructor(instance: CodecInstance) {
    this.#instance = instance
  }

  decode(frame: Uint8Array, shape: FrameShape, into: Uint16Array): FrameFacts {
    const header = readLosslessHeader(frame, shape)
    checkRoom(into, shape)
    const { rows, columns, file } = shape
    const { precision, selection, pointTransform, intervalRows, table, scanStart, end } = header
    this.#instance.run({ frame: frame.subarray(0, end), rows, columns, planes: 0, file }, into, (calls) => {
      calls.losslessTable(table)
      const depth = precision - pointTransform
      const status = calls.lossless(scanStart, end, selection, intervalRows, depth, pointTransform) >>> 0
      if (status !== STATUS.done) throw failed(status, calls.losslessRow() >>> 0, depth, shape)
    })
    return factsOf(header)
  }

  wipe(): void {
    this.#instance.wipe()
  }
}

function failed(status: number, row: number, depth: number, shape: FrameShape): Error {
  const { rows } = shape
  const details = { row, rows }
  const where = `row ${row + 1} of ${rows}`
  switch (status) {
    case STATUS.short:
      return frameShort(shape, CODING, `its scan has no data left in ${where}`, details)
    case STATUS.code:
      return frameCorrupt(shape, CODING, `${where} has bits that are no code of its Huffman table`, details)
    case STATUS.marker:
      return frameCorrupt(shape, CODING, `a marker that is not due ends the data that begins with ${where}`, details)
    case STATUS.left:
      return frameCorrupt(shape, CODING, `data is left after ${where}, where its interval or the image ends`, details)
    default:
      return frameCorrupt(shape, CODING, `${where} has a sample of more than ${depth} bits`, details)
  }
}

/**
 * Load the decoder of JPEG lossless frames.
 *
 * @throws AgatstonError `WASM_UNSUPPORTED`, `INTEGRITY_FAILED`
 */
export const loadJpegLossless: (options: CodecOptions) => Promise<OwnDecoder> = async (options) =>
  new JpegLosslessDecoder(await CodecInstance.load(options))
