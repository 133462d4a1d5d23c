/**
 * JPEG with DCT (ITU-T T.81): baseline and extended sequential, Huffman coded, 8 or 12 bits, one component; that is transfer
 * syntax 1.2.840.10008.1.2.4.51. Always lossy. Written here because the decoders at hand know 8 bits only, and fill what a
 * broken frame lacks with grey.
 */
import type { CodecOptions, Decoder, FrameFacts, FrameReader, FrameShape } from './decoder.js'
import { type HuffmanTable, ScanBits, ScanDamage, ScanEnds, makeHuffman } from './jpeg-huffman.js'
import { inverseDct } from './jpeg-idct.js'
import { MARKER } from './jpeg-markers.js'
import { type JpegFrame, type Segment, hex, readSegments, restartInterval } from './jpeg-segments.js'
import { checkFrameCall, checkRoom } from './call.js'
import {
  type Bytes,
  type CodingName,
  type StatedImage,
  checkImage,
  frameCorrupt,
  frameForeign,
  frameShort,
} from './trouble.js'

const CODING: CodingName = 'JPEG Extended'

interface Header {
  readonly jpeg: JpegFrame
  readonly image: StatedImage
  /** Divisors in zigzag order. */
  readonly divisors: Uint16Array
  readonly dc: HuffmanTable
  readonly ac: HuffmanTable
  /** Blocks between restart markers; 0: none. */
  readonly interval: number
}

/** Size and precision of a frame; the DCT always loses detail, and its samples have no sign. */
export const readJpegExtended: FrameReader = (frame, shape) => {
  checkFrameCall(frame, shape)
  return factsOf(readHeader(frame, shape))
}

const factsOf = ({ image }: Header): FrameFacts => ({ lossy: true, precision: image.precision, signed: false })

/** The decoder is here already; nothing is loaded. */
export const loadJpegExtended = (_options: CodecOptions = {}): Promise<Decoder> =>
  Promise.resolve({
    decode(frame: Uint8Array, shape: FrameShape, into: Uint16Array): FrameFacts {
      checkFrameCall(frame, shape)
      checkRoom(into, shape)
      const header = readHeader(frame, shape)
      decodeScan(frame, header, shape, into)
      return factsOf(header)
    },
  })

function readHeader(frame: Uint8Array, shape: FrameShape): Header {
  const jpeg = readSegments(frame, shape, CODING, true)
  const { segments } = jpeg
  const sofs = segments.filter(({ marker }) => marker >= 0xc0 && marker <= 0xcf && marker !== MARKER.DHT)
  const foreign = [...sofs, ...segments].find(({ marker }) => !isKnown(marker))
  if (foreign) {
    const what = `it holds a segment FF ${hex(foreign.marker)}, expected baseline or extended sequential DCT (FF C0, FF C1)`
    throw frameForeign(shape, CODING, what, { marker: foreign.marker })
  }
  if (sofs.length !== 1) throw frameCorrupt(shape, CODING, `it has ${sofs.length} start of frame segments, expected 1`)
  const { image, id, table } = readFrameHeader(sofs[0]!, shape)
  const { dc, ac } = readScanHeader(segments.at(-1)!.body, id, shape)
  const header = {
    jpeg,
    image,
    divisors: readDivisors(segments, table, image.precision, shape),
    dc: readTable(segments, 0, dc, shape),
    ac: readTable(segments, 1, ac, shape),
    interval: restartInterval(jpeg, frame, shape, CODING),
  }
  const { rows, columns } = shape
  const blocks = Math.ceil(rows / 8) * Math.ceil(columns / 8)
  const expected = header.interval === 0 ? 0 : Math.ceil(blocks / header.interval) - 1
  if (jpeg.restarts.length !== expected) {
    const what = `${jpeg.restarts.length} restart markers, ${expected} expected`
    throw frameCorrupt(shape, CODING, what, { restarts: jpeg.restarts.length, expected })
  }
  return header
}

/** COM, APPn, DQT, DHT, DRI, SOF0, SOF1, SOS. */
const isKnown = (marker: number): boolean =>
  marker === 0xfe ||
  (marker >= 0xe0 && marker <= 0xef) ||
  [0xc0, 0xc1, MARKER.DQT, MARKER.DHT, MARKER.DRI, MARKER.SOS].some((known) => known === marker)

/** B.2.2. One component, whose sampling factors then mean nothing. */
function readFrameHeader({ marker, body }: Segment, shape: FrameShape) {
  const [precision, rows, columns, components] = [body.u8(), body.u16(), body.u16(), body.u8()]
  const image = { rows, columns, components, precision, signed: false }
  if (precision !== 8 && !(precision === 12 && marker === 0xc1)) {
    throw frameCorrupt(shape, CODING, `${precision} bits a sample, expected 8 or, extended, 12`, { precision })
  }
  // Samples have 8 or 12 bits whatever the image has: fewer stored bits are no contradiction, more are.
  checkImage({ ...shape, bitsStored: shape.bitsStored <= precision ? precision : shape.bitsStored }, CODING, image)
  const [id, sampling, table] = [body.u8(), body.u8(), body.u8()]
  const factors = [sampling >> 4, sampling & 15]
  if (factors.some((factor) => factor < 1 || factor > 4) || table > 3 || body.left() !== 0) {
    throw damaged(shape, 'start of frame')
  }
  return { image, id, table }
}

/** B.2.3: one scan with all coefficients at full precision. */
function readScanHeader(body: Bytes, id: number, shape: FrameShape): { dc: number; ac: number } {
  const [count, component, tables] = [body.u8(), body.u8(), body.u8()]
  const [from, to, approximation] = [body.u8(), body.u8(), body.u8()]
  const [dc, ac] = [tables >> 4, tables & 15]
  // In a sequential scan the selection is always 0 to 63; some writers left it 0.
  const all = from === 0 && (to === 63 || to === 0) && approximation === 0
  const wrong = count !== 1 || component !== id || !all
  if (wrong || dc > 3 || ac > 3 || body.left() !== 0) throw damaged(shape, 'start of scan')
  return { dc, ac }
}

/** DQT, B.2.4.1: of several of one name the last counts. */
function readDivisors(segments: readonly Segment[], wanted: number, precision: number, shape: FrameShape): Uint16Array {
  let found: Uint16Array | null = null
  for (const { marker, body } of segments) {
    if (marker !== MARKER.DQT) continue
    while (body.left() > 0) {
      const which = body.u8()
      const wide = which >> 4
      if (wide > 1 || (which & 15) > 3 || (wide === 1 && precision === 8)) throw damaged(shape, 'quantisation')
      const divisors = Uint16Array.from({ length: 64 }, () => (wide === 1 ? body.u16() : body.u8()))
      if (divisors.includes(0)) throw damaged(shape, 'quantisation')
      if ((which & 15) === wanted) found = divisors
    }
  }
  if (!found) throw frameCorrupt(shape, CODING, `quantisation table ${wanted} is missing`, { table: wanted })
  return found
}

/** DHT, B.2.4.2. */
function readTable(segments: readonly Segment[], kind: 0 | 1, wanted: number, shape: FrameShape): HuffmanTable {
  let found: HuffmanTable | null = null
  for (const { marker, body } of segments) {
    if (marker !== MARKER.DHT) continue
    const start = body.position
    while (body.left() > 0) {
      const which = body.u8()
      const counts = Uint8Array.from({ length: 16 }, () => body.u8())
      const symbols = Uint8Array.from({ length: counts.reduce((sum, count) => sum + count, 0) }, () => body.u8())
      const table = which >> 4 <= 1 && (which & 15) <= 3 ? makeHuffman(counts, symbols) : null
      if (!table) throw damaged(shape, 'Huffman table')
      if (which === kind * 16 + wanted) found = table
    }
    body.position = start
  }
  const name = kind === 0 ? 'DC' : 'AC'
  if (!found) throw frameCorrupt(shape, CODING, `Huffman table ${name} ${wanted} is missing`, { kind, table: wanted })
  return found
}

const damaged = (shape: FrameShape, name: string) =>
  frameCorrupt(shape, CODING, `its ${name} segment is not that of one grey component`, { segment: name })

/** Row and column of the coefficients as they come (figure A.6): 8 x row + column. */
// prettier-ignore
const ZIGZAG = [
   0,  1,  8, 16,  9,  2,  3, 10, 17, 24, 32, 25, 18, 11,  4,  5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13,  6,  7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
]

function decodeScan(frame: Uint8Array, header: Header, shape: FrameShape, into: Uint16Array): void {
  const { jpeg, image, interval } = header
  const [across, down] = [Math.ceil(shape.columns / 8), Math.ceil(shape.rows / 8)]
  const ends = [...jpeg.restarts, jpeg.scanEnd]
  const coefficients = new Float64Array(64)
  const samples = new Float64Array(64)
  let block = 0
  let start = jpeg.scanStart
  for (const end of ends) {
    const bits = new ScanBits(frame, start, end)
    const last = interval === 0 ? across * down : Math.min(block + interval, across * down)
    try {
      for (let before = 0; block < last; block++) {
        before = readBlock(bits, header, before, coefficients)
        inverseDct(coefficients, samples)
        place(samples, block % across, Math.floor(block / across), image.precision, shape, into)
      }
    } catch (cause) {
      const where = `at block ${block} of ${across * down}`
      if (cause instanceof ScanEnds) throw frameShort(shape, CODING, `its data end ${where}`, { block })
      if (cause instanceof ScanDamage) throw frameCorrupt(shape, CODING, `${cause.message} ${where}`, { block })
      throw cause
    }
    if (bits.left() > 0 && !onlyZeros(frame, end - bits.left(), end)) {
      const what = `${bits.left()} bytes are left after block ${block - 1}`
      throw frameCorrupt(shape, CODING, what, { block, bytes: bits.left() })
    }
    start = end + 2
  }
}

/** Some writers fill up with zeros before the end marker. */
const onlyZeros = (frame: Uint8Array, from: number, to: number): boolean =>
  frame.subarray(from, to).every((byte) => byte === 0)

/** The coefficients of a block (F.2.2), dequantised; returns its DC coefficient before that. */
function readBlock(bits: ScanBits, header: Header, before: number, into: Float64Array): number {
  const { divisors, dc, ac, image } = header
  // One bit more of difference than of coefficient (tables F.1, F.2, F.6 and F.7).
  const most = image.precision + 3
  into.fill(0)
  const size = bits.symbol(dc)
  if (size > most) throw new ScanDamage(`a DC difference of ${size} bits`)
  const base = before + bits.value(size)
  into[0] = base * divisors[0]!
  for (let k = 1; k < 64; k++) {
    const symbol = bits.symbol(ac)
    const [run, width] = [symbol >> 4, symbol & 15]
    if (width === 0) {
      if (run === 15) k += 15
      else if (run === 0) break
      else throw new ScanDamage(`a run of ${run} without a coefficient`)
      if (k > 63) throw new ScanDamage('a run goes beyond the block')
      continue
    }
    k += run
    if (k > 63) throw new ScanDamage('a coefficient lies beyond the block')
    if (width >= most) throw new ScanDamage(`an AC coefficient of ${width} bits`)
    into[ZIGZAG[k]!] = bits.value(width) * divisors[k]!
  }
  return base
}

/** Round, shift the level, clip (A.3.1); what lies beyond the image's edge is not part of it. */
function place(
  samples: Float64Array,
  blockX: number,
  blockY: number,
  precision: number,
  { rows, columns }: FrameShape,
  into: Uint16Array,
): void {
  const middle = 2 ** (precision - 1)
  const highest = 2 * middle - 1
  const [width, height] = [Math.min(8, columns - 8 * blockX), Math.min(8, rows - 8 * blockY)]
  for (let y = 0; y < height; y++) {
    const row = (8 * blockY + y) * columns + 8 * blockX
    for (let x = 0; x < width; x++) {
      const value = Math.round(samples[8 * y + x]!) + middle
      into[row + x] = value < 0 ? 0 : value > highest ? highest : value
    }
  }
}
