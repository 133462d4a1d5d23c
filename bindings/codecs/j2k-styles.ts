/** Coding styles and quantisation of a JPEG 2000 codestream (ITU-T T.800 A.6.1 to A.6.5; T.814 for high-throughput blocks). */
import type { FrameShape } from './decoder.js'
import { type Bytes, type CodingName, frameCorrupt, frameForeign } from './trouble.js'

/** How the packets of a tile are laid out: the first half of COD. */
export interface PacketStyle {
  /** 0 LRCP, 1 RLCP, 2 RPCL, 3 PCRL, 4 CPRL. */
  readonly progression: number
  readonly layers: number
  /** Packets may begin with a SOP marker segment; their headers end with an EPH marker. */
  readonly sop: boolean
  readonly eph: boolean
}

/** How a component is transformed and its blocks are coded: the second half of COD, and COC. */
export interface CodingStyle {
  readonly levels: number
  /** Exponents of the code-block's width and height. */
  readonly blockWidth: number
  readonly blockHeight: number
  /** Each coding pass ends its own codeword segment. */
  readonly terminated: boolean
  /** Passes of the lower bit planes bypass the arithmetic coder. */
  readonly bypass: boolean
  /** Blocks are coded by T.814. */
  readonly highThroughput: boolean
  /** 5/3 wavelet; false: the irreversible 9/7. */
  readonly reversible: boolean
  /** Exponents of the precinct's width and height, by resolution, coarsest first. */
  readonly precincts: readonly (readonly [width: number, height: number])[]
}

export interface Quantisation {
  /** Coefficients are whole and not divided. */
  readonly none: boolean
  readonly guardBits: number
  /** Exponents by subband, coarsest first; of derived quantisation the first only. */
  readonly exponents: readonly number[]
  readonly derived: boolean
}

/** COD (A.6.1). */
export function readCod(
  body: Bytes,
  shape: FrameShape,
  coding: CodingName,
): { readonly packets: PacketStyle; readonly style: CodingStyle } {
  const flags = body.u8()
  const [progression, layers] = [body.u8(), body.u16()]
  body.u8() // The transform between components: there is one.
  if (flags > 7 || progression > 4 || layers < 1) {
    const what = `its coding style is ${flags}, progression ${progression}, ${layers} layers`
    throw frameCorrupt(shape, coding, what, { flags, progression, layers })
  }
  const packets = { progression, layers, sop: (flags & 2) !== 0, eph: (flags & 4) !== 0 }
  return { packets, style: readStyle(body, (flags & 1) !== 0, shape, coding) }
}

/** COC (A.6.2) after its component. */
export function readCoc(body: Bytes, shape: FrameShape, coding: CodingName): CodingStyle {
  return readStyle(body, (body.u8() & 1) !== 0, shape, coding)
}

function readStyle(body: Bytes, ownPrecincts: boolean, shape: FrameShape, coding: CodingName): CodingStyle {
  const levels = body.u8()
  const [blockWidth, blockHeight] = [body.u8() + 2, body.u8() + 2]
  const [flags, transform] = [body.u8(), body.u8()]
  if (levels > 32 || blockWidth > 10 || blockHeight > 10 || blockWidth + blockHeight > 12 || transform > 1) {
    const what = `its coding style has ${levels} levels, blocks of 2^${blockWidth} x 2^${blockHeight}, wavelet ${transform}`
    throw frameCorrupt(shape, coding, what, { levels, blockWidth, blockHeight, transform })
  }
  // Bit 6: high throughput; with bit 7 every block may choose. Of T.800's own flags only two change what is read here.
  if (flags & 0x80) throw frameForeign(shape, coding, `its block style is ${flags}`, { flags })
  const precincts: [number, number][] = []
  for (let r = 0; r <= levels; r++) {
    const both = ownPrecincts ? body.u8() : 0xff
    const [width, height] = [both & 15, both >> 4]
    if (r > 0 && (width === 0 || height === 0)) {
      throw frameCorrupt(shape, coding, `precincts of 2^${width} x 2^${height} at resolution ${r}`, { resolution: r })
    }
    precincts.push([width, height])
  }
  if (body.left() !== 0) throw frameCorrupt(shape, coding, `${body.left()} bytes too many in its coding style`)
  const highThroughput = (flags & 0x40) !== 0
  const [terminated, bypass] = [(flags & 4) !== 0, (flags & 1) !== 0]
  return { levels, blockWidth, blockHeight, terminated, bypass, highThroughput, reversible: transform === 1, precincts }
}

/** QCD, or QCC after its component (A.6.4, A.6.5). */
export function readQuantisation(body: Bytes, shape: FrameShape, coding: CodingName): Quantisation {
  const style = body.u8()
  const kind = style & 31
  if (kind > 2) throw frameCorrupt(shape, coding, `its quantisation is of style ${kind}, expected 0 to 2`, { kind })
  const exponents: number[] = []
  if (kind === 0) while (body.left() > 0) exponents.push(body.u8() >> 3)
  else while (body.left() > 0) exponents.push(body.u16() >> 11)
  const count = exponents.length
  const fits = kind === 1 ? count === 1 : count % 3 === 1 && count <= 97
  if (!fits) throw frameCorrupt(shape, coding, `its quantisation names ${count} subbands`, { kind, count })
  return { none: kind === 0, guardBits: style >> 5, exponents, derived: kind === 1 }
}

/**
 * Bit planes a subband may have: guard bits + exponent - 1 (T.800 E-2), or null where the quantisation names no such subband.
 *
 * @param band 0: LL; 3 (r - 1) + 1, 2, 3: HL, LH, HH of resolution r
 */
export function bitPlanes(quantisation: Quantisation, band: number): number | null {
  const { guardBits, exponents, derived } = quantisation
  const resolution = Math.ceil(band / 3)
  // Derived (E-5): one less from each level to the next finer, LL and the first details alike.
  const exponent = derived ? exponents[0]! - Math.max(0, resolution - 1) : exponents[band]
  return exponent === undefined ? null : guardBits + exponent - 1
}
