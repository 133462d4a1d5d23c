/**
 * The packets of a JPEG 2000 tile, followed without decoding (ITU-T T.800 annex B): their headers say how many bytes and coding
 * passes each code-block has. Two things no header says come out of it.
 *
 * A reversible codestream is lossless only if no passes were left out. Writers that are asked for a compression ratio often keep
 * the reversible wavelet and drop passes; the result says "reversible" all over and is lossy. See `isComplete`.
 *
 * And the packets must fill their tile-parts to the byte: damage to a packet header is noticed here, where decoders go on.
 */
import type { FrameShape } from './decoder.js'
import type { J2kTile } from './j2k-header.js'
import { packetOrder } from './j2k-order.js'
import { type Precinct, type Subband, makeResolutions } from './j2k-precincts.js'
import { PacketBits } from './j2k-tagtree.js'
import { Bytes, type CodingName, frameCorrupt, frameShort } from './trouble.js'

/**
 * Follow all packets of a tile.
 *
 * @param codestream what the tile's parts are spans of
 * @returns whether every code-block that is there has its passes down to the last bit plane
 * @throws AgatstonError `PIXELS_SHORT` where packets are missing, `PIXELS_CORRUPT` where they are not what they can be,
 *   `LIMIT_EXCEEDED` for more precincts than an image of 4096 x 4096 pixels can need
 */
export function followPackets(codestream: Uint8Array, tile: J2kTile, shape: FrameShape, coding: CodingName): boolean {
  const bytes = new Bytes(partsJoined(codestream, tile), shape, coding)
  const resolutions = makeResolutions(tile, bytes.end, shape, coding)
  let complete = true
  let packet = 0
  for (const [resolution, index, layer] of packetOrder(tile, resolutions)) {
    if (bytes.left() === 0) {
      const what = `tile ${tile.index} ends after ${packet} packets`
      throw frameShort(shape, coding, what, { tile: tile.index, packets: packet })
    }
    try {
      readPacket(bytes, tile, resolutions[resolution]!.precincts[index]!, layer, packet)
    } catch (cause) {
      if (!(cause instanceof Damage)) throw cause
      const what = `packet ${packet} of tile ${tile.index}: ${cause.message}`
      throw frameCorrupt(shape, coding, what, { tile: tile.index, packet })
    }
    packet++
  }
  if (bytes.left() !== 0) {
    const what = `${bytes.left()} bytes of tile ${tile.index} belong to no packet`
    throw frameCorrupt(shape, coding, what, { tile: tile.index, bytes: bytes.left() })
  }
  for (const { precincts } of resolutions) {
    for (const { bands } of precincts) for (const band of bands) complete &&= isComplete(band, tile)
  }
  return complete
}

class Damage extends Error {}

/** The packets of all tile-parts in a row: a packet never crosses two, but nothing here needs that. */
function partsJoined(codestream: Uint8Array, tile: J2kTile): Uint8Array {
  const { parts } = tile
  if (parts.length === 1) return codestream.slice(...parts[0]!)
  const joined = new Uint8Array(parts.reduce((sum, [start, end]) => sum + end - start, 0))
  let at = 0
  for (const [start, end] of parts) {
    joined.set(codestream.subarray(start, end), at)
    at += end - start
  }
  return joined
}

function readPacket(bytes: Bytes, tile: J2kTile, precinct: Precinct, layer: number, number: number): void {
  if (tile.packets.sop) skipSop(bytes, number)
  const bits = new PacketBits(bytes)
  let body = 0
  if (bits.bit() === 1) for (const band of precinct.bands) body += readBand(bits, band, tile, layer)
  bits.close()
  if (tile.packets.eph && bytes.u16() !== 0xff92) throw new Damage('the marker EPH is missing')
  if (body > bytes.left()) throw new Damage(`${body} bytes are announced, ${bytes.left()} are there`)
  bytes.position += body
}

/** SOP may be left out packet by packet (A.8.1); where it stands, its number must be the packet's. */
function skipSop(bytes: Bytes, number: number): void {
  if (bytes.bytes[bytes.position] !== 0xff || bytes.bytes[bytes.position + 1] !== 0x91) return
  bytes.position += 2
  const [length, stated] = [bytes.u16(), bytes.u16()]
  if (length !== 4 || stated !== number % 65536) throw new Damage(`its SOP marker counts ${stated}`)
}

/** One subband's part of a packet header (B.10.3 to B.10.7); returns the bytes of its blocks in the packet's body. */
function readBand(bits: PacketBits, band: Subband, tile: J2kTile, layer: number): number {
  let bytes = 0
  for (let y = 0, block = 0; y < band.height; y++) {
    for (let x = 0; x < band.width; x++, block++) {
      const met = band.passes[block]! > 0
      const included = met ? bits.bit() === 1 : band.inclusion.read(bits, x, y, layer + 1) <= layer
      if (!included) continue
      if (!met) {
        band.zeroPlanes[block] = band.insignificance.read(bits, x, y, band.planes + 1)
        if (band.zeroPlanes[block]! >= band.planes) throw new Damage(`a block has none of ${band.planes} bit planes`)
        band.lengthBits[block] = 3
      } else if (tile.style.highThroughput) {
        throw new Damage('a high-throughput block comes in two layers')
      }
      const passes = readPasses(bits)
      while (bits.bit() === 1) band.lengthBits[block]!++
      if (band.lengthBits[block]! > 32) throw new Damage(`lengths of ${band.lengthBits[block]} bits`)
      bytes += tile.style.highThroughput
        ? readHighThroughputLengths(bits, band, block, passes)
        : readLengths(bits, band, block, passes, tile)
    }
  }
  return bytes
}

/** Number of coding passes: T.800 table B.4. */
function readPasses(bits: PacketBits): number {
  if (bits.bit() === 0) return 1
  if (bits.bit() === 0) return 2
  const few = bits.bits(2)
  if (few < 3) return 3 + few
  const some = bits.bits(5)
  if (some < 31) return 6 + some
  return 37 + bits.bits(7)
}

/** Lengths of the codeword segments that `passes` more passes of a block bring (B.10.7). */
function readLengths(bits: PacketBits, band: Subband, block: number, passes: number, tile: J2kTile): number {
  const { terminated, bypass } = tile.style
  const before = band.passes[block]!
  const after = before + passes
  const most = 3 * (band.planes - band.zeroPlanes[block]!) - 2
  if (after > most) throw new Damage(`a block has ${after} coding passes, its bit planes allow ${most}`)
  let bytes = 0
  for (let pass = before; pass < after;) {
    const end = Math.min(after, segmentEnd(pass, terminated, bypass))
    bytes += bits.bits(band.lengthBits[block]! + log2(end - pass))
    pass = end
  }
  band.passes[block] = after
  band.bytes[block]! += bytes
  return bytes
}

/** Pass after the last of the codeword segment that a pass belongs to (tables D.8 and D.9). */
function segmentEnd(pass: number, terminated: boolean, bypass: boolean): number {
  if (terminated) return pass + 1
  if (!bypass) return Infinity
  if (pass < 10) return 10
  // From the tenth pass on: two raw passes, one of the arithmetic coder.
  return (pass - 10) % 3 === 2 ? pass + 1 : pass + 2 - ((pass - 10) % 3)
}

/** A high-throughput block: cleanup in one segment, the two refinements in another; leading passes may hold their place only (T.814 B). */
function readHighThroughputLengths(bits: PacketBits, band: Subband, block: number, passes: number): number {
  const skipped = Math.floor((passes - 1) / 3)
  const real = passes - 3 * skipped
  band.zeroPlanes[block]! += skipped
  if (band.zeroPlanes[block]! >= band.planes) throw new Damage('a high-throughput block lies below its bit planes')
  if (real > 1 && band.zeroPlanes[block]! + 1 >= band.planes)
    throw new Damage('passes refine a plane that is not there')
  const lengthBits = band.lengthBits[block]!
  const cleanup = bits.bits(lengthBits + log2(3 * skipped + 1))
  if (cleanup < 2) throw new Damage(`a cleanup segment has ${cleanup} bytes`)
  const refinement = real > 1 ? bits.bits(lengthBits + (real > 2 ? 1 : 0)) : 0
  band.passes[block] = real
  return cleanup + refinement
}

/**
 * Whether the blocks of a subband go down to the last bit plane.
 *
 * Lossless writers (OpenJPEG, hence GDCM) leave out last passes that would change nothing: as a rule the last cleanup pass, more
 * where all coefficients of a block happen to be even. So a block is taken as cut off only where a refinement is missing and it
 * is so long that its dozens of coefficients cannot all be even by chance. A stream that lacks nothing but last cleanup passes is
 * taken as lossless; were it not, its coefficients would be off by 1 at most.
 */
function isComplete(band: Subband, tile: J2kTile): boolean {
  return band.passes.every((passes, block) => {
    if (passes === 0) return true
    const planes = band.planes - band.zeroPlanes[block]!
    if (!tile.style.highThroughput) return passes >= 3 * planes - 3 || band.bytes[block]! <= BY_CHANCE
    return passes !== 2 && planes === (passes === 3 ? 2 : 1)
  })
}

/** Up to this length in bytes a block may be even throughout by chance. */
const BY_CHANCE = 64

const log2 = (value: number): number => 31 - Math.clz32(value)
