/**
 * JPEG-LS (ISO/IEC 14495-1, ITU-T T.87), lossless and near-lossless, through CharLS. CharLS notices pieces missing inside a
 * scan, and most flipped bits; cut frames it chews for seconds, so the end marker is found here before it is asked.
 */
import type { CodecOptions, Decoder, FrameFacts, FrameReader, FrameShape } from './decoder.js'
import { MARKER } from './jpeg-markers.js'
import { hex, oneSegment, readSegments, restartInterval } from './jpeg-segments.js'
import { type Library, type LibrarySource, loadLibrary } from './library.js'
import { checkFrameCall, checkRoom } from './call.js'
import { type CodingName, type StatedImage, checkImage, frameCorrupt, frameForeign } from './trouble.js'
import { wordsOf } from './words.js'

const CODING: CodingName = 'JPEG-LS'

/** Markers a JPEG-LS frame may hold before its scan: COM, APPn, DRI, LSE, SOF55, SOS. */
const isKnown = (marker: number): boolean =>
  marker === 0xfe ||
  (marker >= 0xe0 && marker <= 0xef) ||
  [MARKER.DRI, MARKER.LSE, MARKER.SOF55, MARKER.SOS].some((known) => known === marker)

/** Size, precision and NEAR of a frame; JPEG-LS knows no sign. */
export const readJpegLs: FrameReader = (frame, shape) => {
  checkFrameCall(frame, shape)
  const { near, image } = readHeader(frame, shape)
  return { lossy: near > 0, precision: image.precision, signed: null }
}

interface Header {
  readonly image: StatedImage
  readonly near: number
}

function readHeader(frame: Uint8Array, shape: FrameShape): Header {
  const jpeg = readSegments(frame, shape, CODING, false)
  const { segments } = jpeg
  const strange = segments.find(({ marker }) => !isKnown(marker))
  if (strange)
    throw frameForeign(shape, CODING, `it holds a segment FF ${hex(strange.marker)}`, { marker: strange.marker })

  const sof = oneSegment(segments, MARKER.SOF55, shape, CODING)?.body
  if (!sof) throw frameForeign(shape, CODING, 'it has no JPEG-LS start of frame (FF F7)')
  const [precision, rows, columns, components] = [sof.u8(), sof.u16(), sof.u16(), sof.u8()]
  const image = { rows, columns, components, precision, signed: null }
  checkImage(shape, CODING, image)
  const id = sof.u8()
  const sampling = sof.u8()
  if (sof.u8() !== 0 || sof.left() !== 0 || sampling !== 0x11) throw damagedSegment(shape, 'SOF')
  if (precision < 2) throw frameCorrupt(shape, CODING, `${precision} bits a sample, at least 2 expected`, { precision })

  for (const { marker, body } of segments) {
    if (marker !== MARKER.LSE) continue
    const kind = body.u8()
    // 2, 3: mapping tables, that is a palette; 4: dimensions beyond 65535.
    if (kind !== 1) throw frameForeign(shape, CODING, `an LSE segment of type ${kind}, only 1 is read`, { kind })
    const maximum = body.u16()
    if (maximum >= 2 ** precision) {
      throw frameCorrupt(shape, CODING, `MAXVAL ${maximum} does not fit ${precision} bits`, { maximum, precision })
    }
    if (body.left() !== 8) throw damagedSegment(shape, 'LSE')
  }

  const sos = segments.at(-1)!.body
  const inScan = sos.u8()
  const component = sos.u8()
  const table = sos.u8()
  const near = sos.u8()
  const interleave = sos.u8()
  const point = sos.u8()
  if (inScan !== 1 || component !== id || interleave !== 0 || sos.left() !== 0) throw damagedSegment(shape, 'SOS')
  if (table !== 0) throw frameForeign(shape, CODING, `mapping table ${table}, expected none`, { table })
  if (point !== 0) throw frameForeign(shape, CODING, `point transform ${point}, expected 0`, { point })
  if (near > Math.min(255, (2 ** precision - 1) >> 1)) {
    throw frameCorrupt(shape, CODING, `NEAR is ${near} at ${precision} bits`, { near, precision })
  }
  restartInterval(jpeg, frame, shape, CODING)
  return { image, near }
}

const damagedSegment = (shape: FrameShape, name: string) =>
  frameCorrupt(shape, CODING, `its ${name} segment is not that of one grey component`, { segment: name })

/** CharLS 2 as WebAssembly. */
export const CHARLS: LibrarySource = {
  coding: 'jpeg-ls',
  package: '@cornerstonejs/codec-charls',
  version: '1.2.7',
  factory: () => import('@cornerstonejs/codec-charls/decodewasmjs'),
  specifier: '@cornerstonejs/codec-charls/decodewasm',
  address: () => new URL('@cornerstonejs/codec-charls/decodewasm', import.meta.url),
  decoder: 'JpegLSDecoder',
}

/** Load CharLS. Errors: see `loadLibrary`. */
export async function loadJpegLs(options: CodecOptions = {}): Promise<Decoder> {
  return new JpegLsDecoder(await loadLibrary(CHARLS, options))
}

class JpegLsDecoder implements Decoder {
  readonly #library: Library

  constructor(library: Library) {
    this.#library = library
  }

  decode(frame: Uint8Array, shape: FrameShape, into: Uint16Array): FrameFacts {
    checkFrameCall(frame, shape)
    checkRoom(into, shape)
    const { image, near } = readHeader(frame, shape)
    this.#library.decode(frame, shape, CODING, (decoder) => {
      const info = decoder.getFrameInfo()
      const loss = decoder.getNearLossless?.()
      if (
        info.width !== image.columns ||
        info.height !== image.rows ||
        info.bitsPerSample !== image.precision ||
        info.componentCount !== 1 ||
        loss !== near
      ) {
        throw frameCorrupt(shape, CODING, 'the decoder reads its header otherwise', { info: { ...info }, near: loss })
      }
      wordsOf(
        decoder.getDecodedBuffer(),
        { precision: image.precision, signed: false, exact: true },
        into,
        shape,
        CODING,
      )
    })
    return { lossy: near > 0, precision: image.precision, signed: null }
  }
}
