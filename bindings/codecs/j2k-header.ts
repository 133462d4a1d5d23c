/**
 * The headers of a JPEG 2000 codestream (ITU-T T.800 annex A; T.814 for HTJ2K): main header, tile-parts by their lengths up to
 * EOC, and what they say of coding and quantisation. No decoder is needed for it, and nothing is taken on trust: each length
 * must lead to the next marker, every tile must be there, and the last tile-part must end where EOC stands.
 */
import type { FrameShape } from './decoder.js'
import { findCodestream } from './j2k-box.js'
import {
  type CodingStyle,
  type PacketStyle,
  type Quantisation,
  readCoc,
  readCod,
  readQuantisation,
} from './j2k-styles.js'
import { hex } from './jpeg-segments.js'
import { Bytes, type CodingName, checkPadding, frameCorrupt, frameForeign, frameShort } from './trouble.js'

export interface J2kTile {
  readonly index: number
  /** Region on the reference grid, ends exclusive. */
  readonly x0: number
  readonly y0: number
  readonly x1: number
  readonly y1: number
  readonly packets: PacketStyle
  readonly style: CodingStyle
  readonly quantisation: Quantisation
  /** Packets of the tile: spans of the codestream, one a tile-part. */
  readonly parts: readonly (readonly [start: number, end: number])[]
}

export interface J2kStream {
  /** From SOC to EOC. */
  readonly codestream: Uint8Array
  /** Where in it the byte of SIZ lies that holds precision and sign. */
  readonly sampleByte: number
  readonly rows: number
  readonly columns: number
  readonly components: number
  readonly precision: number
  readonly signed: boolean
  readonly tiles: readonly J2kTile[]
}

/** Parameters that a main header gives and a tile header may replace. */
interface Parameters {
  cod: { readonly packets: PacketStyle; readonly style: CodingStyle } | null
  coc: CodingStyle | null
  qcd: Quantisation | null
  qcc: Quantisation | null
}

interface Size {
  readonly columns: number
  readonly rows: number
  readonly tileWidth: number
  readonly tileHeight: number
  readonly across: number
  readonly down: number
  readonly components: number
  readonly precision: number
  readonly signed: boolean
}

interface TileState {
  readonly parameters: Parameters
  readonly parts: (readonly [number, number])[]
  /** Tile-parts the tile says it has, 0 while it has not said. */
  announced: number
}

const SOC = 0xff4f
const SIZ = 0xff51
const COD = 0xff52
const COC = 0xff53
const QCD = 0xff5c
const QCC = 0xff5d
const SOT = 0xff90
const SOD = 0xff93
const EOC = 0xffd9
/** CAP, PRF, TLM, PLM, PLT, CRG, COM, CPF: they change nothing in how the samples come out. */
const PASSED_OVER = [0xff50, 0xff56, 0xff55, 0xff57, 0xff58, 0xff63, 0xff64, 0xff59]

/**
 * Read all headers of a frame.
 *
 * @throws AgatstonError `PIXELS_SHORT` where the frame ends before EOC, `PIXELS_CORRUPT` where lengths or values contradict
 *   each other, `PIXEL_FORMAT` for Part 2 extensions, subsampling, packed packet headers, changes of progression
 */
export function readStream(frame: Uint8Array, shape: FrameShape, coding: CodingName): J2kStream {
  const start = findCodestream(frame, shape, coding)
  const bytes = new Bytes(frame, shape, coding, start)
  if (bytes.u16() !== SOC || bytes.u16() !== SIZ) {
    throw frameForeign(shape, coding, 'it does not begin with the markers SOC and SIZ (FF 4F FF 51)', { offset: start })
  }
  const sampleByte = bytes.position + 38 - start
  const size = readSize(segment(bytes, SIZ, shape, coding), shape, coding)
  const main: Parameters = { cod: null, coc: null, qcd: null, qcc: null }
  for (;;) {
    const marker = bytes.u16()
    if (marker === SOT) break
    readParameter(marker, segment(bytes, marker, shape, coding), main, size, shape, coding)
  }
  bytes.position -= 2
  const tiles = new Map<number, TileState>()
  const end = readTileParts(bytes, size, tiles, shape, coding)
  checkPadding(frame, end, shape, coding)
  return {
    codestream: frame.subarray(start, end),
    sampleByte,
    rows: size.rows,
    columns: size.columns,
    components: size.components,
    precision: size.precision,
    signed: size.signed,
    tiles: finishTiles(tiles, main, size, start, shape, coding),
  }
}

/** The body of a marker segment; the reader stands behind it afterwards. */
function segment(bytes: Bytes, marker: number, shape: FrameShape, coding: CodingName): Bytes {
  const offset = bytes.position - 2
  if (marker < 0xff00) throw frameCorrupt(shape, coding, `byte ${offset} is no marker`, { offset })
  const length = bytes.u16()
  const end = bytes.position + length - 2
  const name = `segment FF ${hex(marker & 0xff)} at byte ${offset}`
  if (length < 2) throw frameCorrupt(shape, coding, `${name} has length ${length}`, { offset, marker })
  if (end > bytes.end)
    throw frameShort(shape, coding, `${name} ends at byte ${end} of ${bytes.end}`, { offset, marker })
  const body = new Bytes(bytes.bytes, shape, coding, bytes.position, end)
  bytes.position = end
  return body
}

/** SIZ: T.800 A.5.1. */
function readSize(body: Bytes, shape: FrameShape, coding: CodingName): Size {
  const capabilities = body.u16()
  if (capabilities & 0x8000) throw frameForeign(shape, coding, 'it uses extensions of Part 2', { capabilities })
  const [x1, y1, x0, y0] = [body.u32(), body.u32(), body.u32(), body.u32()]
  const [tileWidth, tileHeight, tileX, tileY] = [body.u32(), body.u32(), body.u32(), body.u32()]
  const components = body.u16()
  const depth = body.u8()
  const [dx, dy] = [body.u8(), body.u8()]
  const columns = x1 - x0
  const rows = y1 - y0
  if (columns < 1 || rows < 1 || tileWidth < 1 || tileHeight < 1 || components < 1) {
    const what = `its size segment says ${columns} x ${rows} pixels in tiles of ${tileWidth} x ${tileHeight}`
    throw frameCorrupt(shape, coding, what, { columns, rows, tileWidth, tileHeight })
  }
  // Before the offset is judged: a size that is wrong is damage, whatever else is odd.
  if (components === 1 && (columns !== shape.columns || rows !== shape.rows)) {
    const what = `it says ${rows} rows x ${columns} columns, the header ${shape.rows} x ${shape.columns}`
    throw frameCorrupt(shape, coding, what, { rows, columns })
  }
  if (x0 !== 0 || y0 !== 0 || tileX !== 0 || tileY !== 0) {
    throw frameForeign(shape, coding, 'its image does not begin at the origin of its grid', { x0, y0, tileX, tileY })
  }
  if (components === 1 && (dx !== 1 || dy !== 1)) {
    throw frameForeign(shape, coding, `its samples are ${dx} x ${dy} apart, expected 1 x 1`, { dx, dy })
  }
  if (body.left() !== 3 * (components - 1)) {
    throw frameCorrupt(shape, coding, 'its size segment is not as long as its components', { components })
  }
  const across = Math.ceil(columns / tileWidth)
  const down = Math.ceil(rows / tileHeight)
  if (across * down > 65535) {
    throw frameCorrupt(shape, coding, `${across * down} tiles, at most 65535 allowed`, { tiles: across * down })
  }
  const [precision, signed] = [(depth & 0x7f) + 1, depth >= 0x80]
  return { columns, rows, tileWidth, tileHeight, across, down, components, precision, signed }
}

/** A marker segment of the main header or of a tile's first part. */
function readParameter(
  marker: number,
  body: Bytes,
  into: Parameters,
  size: Size,
  shape: FrameShape,
  coding: CodingName,
): void {
  if (PASSED_OVER.includes(marker)) return
  const componentOf = (): number => (size.components < 257 ? body.u8() : body.u16())
  if (marker === COD) into.cod = readCod(body, shape, coding)
  else if (marker === QCD) into.qcd = readQuantisation(body, shape, coding)
  else if (marker === COC) {
    if (componentOf() === 0) into.coc = readCoc(body, shape, coding)
  } else if (marker === QCC) {
    if (componentOf() === 0) into.qcc = readQuantisation(body, shape, coding)
  } else {
    // POC, PPM, PPT, RGN, extensions: no writer of CT images uses them.
    throw frameForeign(shape, coding, `it holds a segment FF ${hex(marker & 0xff)}`, { marker })
  }
}

/** Follow the tile-parts by their lengths (A.4.2); returns the index after EOC. */
function readTileParts(
  bytes: Bytes,
  size: Size,
  tiles: Map<number, TileState>,
  shape: FrameShape,
  coding: CodingName,
): number {
  for (;;) {
    const offset = bytes.position
    if (bytes.left() < 2) {
      const what = `its end marker EOC (FF D9) is missing after ${bytes.end} bytes`
      throw frameShort(shape, coding, what, { length: bytes.end })
    }
    const marker = bytes.u16()
    if (marker === EOC) return bytes.position
    if (marker !== SOT) throw frameCorrupt(shape, coding, `no tile-part begins at byte ${offset}`, { offset })
    const body = segment(bytes, SOT, shape, coding)
    if (body.left() !== 8) throw frameCorrupt(shape, coding, `the tile-part at byte ${offset} is misnamed`, { offset })
    const [index, length, part, parts] = [body.u16(), body.u32(), body.u8(), body.u8()]
    if (index >= size.across * size.down) {
      throw frameCorrupt(shape, coding, `tile ${index} of ${size.across * size.down}`, { tile: index, offset })
    }
    // Length 0: the last tile-part, up to EOC.
    const end = length === 0 ? endByMarker(bytes) : offset + length
    if (end > bytes.end) {
      const what = `the tile-part at byte ${offset} has ${length} bytes, ${bytes.end - offset} are there`
      throw frameShort(shape, coding, what, { offset, length: bytes.end })
    }
    if (length !== 0 && end < bytes.position + 2) {
      throw frameCorrupt(shape, coding, `the tile-part at byte ${offset} has ${length} bytes`, { offset, tile: index })
    }
    const state = tiles.get(index) ?? {
      parameters: { cod: null, coc: null, qcd: null, qcc: null },
      parts: [],
      announced: 0,
    }
    if (part !== state.parts.length || (parts !== 0 && state.announced !== 0 && parts !== state.announced)) {
      const what = `tile ${index}: part ${part} of ${parts} comes where part ${state.parts.length} should`
      throw frameCorrupt(shape, coding, what, { tile: index, part, offset })
    }
    if (parts !== 0) state.announced = parts
    tiles.set(index, state)
    const header = new Bytes(bytes.bytes, shape, coding, bytes.position, end)
    for (;;) {
      const inner = header.u16()
      if (inner === SOD) break
      if (part > 0 && [COD, COC, QCD, QCC].includes(inner)) {
        throw frameCorrupt(shape, coding, `tile ${index} changes its coding in part ${part}`, { tile: index, part })
      }
      readParameter(inner, segment(header, inner, shape, coding), state.parameters, size, shape, coding)
    }
    state.parts.push([header.position, end])
    bytes.position = end
  }
}

/** Where EOC stands when only padding follows it. */
function endByMarker(bytes: Bytes): number {
  let end = bytes.end
  while (end > 0 && bytes.bytes[end - 1] === 0) end--
  if (bytes.bytes[end - 1] === 0xff) end--
  return bytes.bytes[end - 2] === 0xff && bytes.bytes[end - 1] === 0xd9 ? end - 2 : bytes.end
}

function finishTiles(
  states: ReadonlyMap<number, TileState>,
  main: Parameters,
  size: Size,
  start: number,
  shape: FrameShape,
  coding: CodingName,
): J2kTile[] {
  const tiles: J2kTile[] = []
  for (let index = 0; index < size.across * size.down; index++) {
    const state = states.get(index)
    if (!state)
      throw frameShort(shape, coding, `tile ${index} of ${size.across * size.down} is missing`, { tile: index })
    const { parameters: own, parts, announced } = state
    if (announced > parts.length) {
      throw frameShort(shape, coding, `tile ${index} has ${parts.length} of ${announced} parts`, { tile: index })
    }
    if (announced !== 0 && announced < parts.length) {
      throw frameCorrupt(shape, coding, `tile ${index} has ${parts.length} parts, it says ${announced}`, {
        tile: index,
      })
    }
    // A tile's own COD outranks a COC of the main header (A.6.2), and so with QCD and QCC.
    const style = own.coc ?? own.cod?.style ?? main.coc ?? main.cod?.style
    const packets = (own.cod ?? main.cod)?.packets
    const quantisation = own.qcc ?? own.qcd ?? main.qcc ?? main.qcd
    if (!style || !packets || !quantisation) {
      const missing = quantisation ? 'COD' : 'QCD'
      throw frameCorrupt(shape, coding, `its ${missing} segment is missing`, { tile: index })
    }
    const [column, row] = [index % size.across, Math.floor(index / size.across)]
    tiles.push({
      index,
      x0: column * size.tileWidth,
      y0: row * size.tileHeight,
      x1: Math.min((column + 1) * size.tileWidth, size.columns),
      y1: Math.min((row + 1) * size.tileHeight, size.rows),
      packets,
      style,
      quantisation,
      parts: parts.map(([from, to]) => [from - start, to - start] as const),
    })
  }
  return tiles
}
