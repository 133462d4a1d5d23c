/**
 * A writer of data elements (PS3.5 7.1) in the three uncompressed transfer syntaxes. It knows the VRs of the elements this
 * package writes and refuses everything else, so that a typing slip is an error here and not a strange file elsewhere. Values of
 * other files are copied as the bytes they are.
 */

/** Uncompressed transfer syntaxes (PS3.5 A.1, A.2, A.3). */
export const WRITE_SYNTAXES = Object.freeze({
  'explicit-le': Object.freeze({ uid: '1.2.840.10008.1.2.1', explicit: true, littleEndian: true }),
  'implicit-le': Object.freeze({ uid: '1.2.840.10008.1.2', explicit: false, littleEndian: true }),
  'explicit-be': Object.freeze({ uid: '1.2.840.10008.1.2.2', explicit: true, littleEndian: false }),
})
export type WriteSyntax = keyof typeof WRITE_SYNTAXES

/** Value representations written here, with the longest value of the text ones (PS3.5 6.2). */
const TEXT_LIMITS = {
  AE: 16,
  AS: 4,
  CS: 16,
  DA: 8,
  DS: 16,
  DT: 26,
  IS: 12,
  LO: 64,
  LT: 10240,
  PN: 64,
  SH: 16,
  ST: 1024,
  TM: 14,
  UI: 64,
  UT: 2 ** 32 - 2,
} as const
type TextVr = keyof typeof TEXT_LIMITS
/** Texts of one value, which may have several lines. */
const LINES = ['LT', 'ST', 'UT']
/** VRs with a two-byte reserved field and a four-byte length in explicit encodings (PS3.5 7.1.2). */
const LONG_VRS = ['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']

/** Tag as a number 0xGGGGEEEE, VR, values. An empty list is an empty element (type 2). */
export type Element =
  | readonly [tag: number, vr: TextVr, values: readonly string[]]
  | readonly [tag: number, vr: 'US' | 'SS' | 'UL' | 'FL' | 'FD', values: readonly number[]]
  | readonly [tag: number, vr: 'OB', bytes: Uint8Array]
  | readonly [tag: number, vr: 'OW', words: Uint16Array | Int16Array]
  | readonly [tag: number, vr: 'SQ', items: readonly (readonly Element[])[]]
  | readonly [tag: number, vr: 'copy', value: CopiedValue]

/** A value as the bytes it has in another file, as explicit little endian writes them. */
export interface CopiedValue {
  readonly vr: string
  readonly bytes: Uint8Array
  /** Written with undefined length and a delimiter: a value of VR UN whose items are implicit (PS3.5 6.2.2). */
  readonly undefinedLength?: boolean
}

/** Encode elements, in ascending order of tag (they are sorted here). */
export function encodeElements(elements: readonly Element[], syntax: WriteSyntax): Uint8Array {
  const { explicit, littleEndian } = WRITE_SYNTAXES[syntax]
  const sorted = [...elements].sort((a, b) => a[0] - b[0])
  sorted.forEach((element, n) => {
    if (element[0] === sorted[n + 1]?.[0]) throw new RangeError(`element ${tagName(element[0])} is given twice`)
  })
  const values = sorted.map((element) => encodeValue(element, syntax))
  const vrs = sorted.map(([, vr, value]) => (vr === 'copy' ? value.vr : vr))
  const heads = vrs.map((vr) => (explicit && LONG_VRS.includes(vr) ? 12 : 8))
  const out = new Uint8Array(values.reduce((sum, value, n) => sum + heads[n]! + value.length, 0))
  const view = new DataView(out.buffer)
  let at = 0
  sorted.forEach((element, n) => {
    const [tag] = element
    const vr = vrs[n]!
    const open = element[1] === 'copy' && element[2].undefinedLength === true
    const length = open ? 0xffffffff : values[n]!.length
    view.setUint16(at, tag >>> 16, littleEndian)
    view.setUint16(at + 2, tag & 0xffff, littleEndian)
    if (explicit) for (const c of [0, 1]) view.setUint8(at + 4 + c, vr.charCodeAt(c))
    if (explicit && heads[n] === 8) {
      if (length > 0xffff)
        throw new RangeError(`${tagName(tag)} ${vr} has ${length} bytes; at most 65534 fit its length`)
      view.setUint16(at + 6, length, littleEndian)
    } else view.setUint32(at + heads[n]! - 4, length, littleEndian)
    out.set(values[n]!, at + heads[n]!)
    at += heads[n]! + values[n]!.length
  })
  return out
}

/** The value field, padded to an even length: UI with a null, other text with a space (PS3.5 6.2). */
function encodeValue(element: Element, syntax: WriteSyntax): Uint8Array {
  const { littleEndian } = WRITE_SYNTAXES[syntax]
  const [tag, vr, value] = element
  switch (vr) {
    case 'copy':
      return encodeCopy(tag, value, syntax)
    case 'OB':
      return evenly(value, 0)
    case 'OW':
      return encodeWords(value, littleEndian)
    case 'SQ':
      return encodeItems(value, syntax)
    case 'US':
    case 'SS':
    case 'UL':
    case 'FL':
    case 'FD':
      return encodeNumbers(vr, value, littleEndian, tag)
    default:
      return encodeText(tag, vr, value)
  }
}

/** Padded to an even length. */
function evenly(bytes: Uint8Array, padding: number): Uint8Array {
  if (bytes.length % 2 === 0) return bytes
  const even = new Uint8Array(bytes.length + 1)
  even.set(bytes)
  even[bytes.length] = padding
  return even
}

const SEQUENCE_DELIMITER = Uint8Array.of(0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0)

function encodeCopy(tag: number, { vr, bytes, undefinedLength }: CopiedValue, syntax: WriteSyntax): Uint8Array {
  if (syntax !== 'explicit-le') throw new RangeError(`${tagName(tag)} is a copy, which is written in explicit-le only`)
  if (!/^[A-Z]{2}$/.test(vr)) throw new RangeError(`${tagName(tag)} has no value representation`)
  if (!undefinedLength) return evenly(bytes, ['UI', 'OB', 'UN'].includes(vr) ? 0 : 0x20)
  const whole = new Uint8Array(bytes.length + SEQUENCE_DELIMITER.length)
  whole.set(bytes)
  whole.set(SEQUENCE_DELIMITER, bytes.length)
  return whole
}

function encodeText(tag: number, vr: TextVr, values: readonly string[]): Uint8Array {
  for (const value of values) {
    const signs = LINES.includes(vr) ? /^[\x20-\x7e\n\r]*$/ : /^[\x20-\x7e]*$/
    if (!signs.test(value) || value.includes('\\') || value.length > TEXT_LIMITS[vr]) {
      throw new RangeError(
        `${tagName(tag)} ${vr} takes up to ${TEXT_LIMITS[vr]} ASCII characters a value and no backslash, got ${value.length} characters that break this`,
      )
    }
  }
  const text = values.join('\\')
  const bytes = new Uint8Array(text.length + (text.length % 2)).fill(vr === 'UI' ? 0 : 0x20)
  for (let n = 0; n < text.length; n++) bytes[n] = text.charCodeAt(n)
  return bytes
}

const NUMBERS = {
  US: { bytes: 2, low: 0, high: 0xffff },
  SS: { bytes: 2, low: -0x8000, high: 0x7fff },
  UL: { bytes: 4, low: 0, high: 0xffffffff },
  FL: { bytes: 4, low: -3.4028234663852886e38, high: 3.4028234663852886e38 },
  FD: { bytes: 8, low: -Number.MAX_VALUE, high: Number.MAX_VALUE },
} as const

function encodeNumbers(vr: keyof typeof NUMBERS, values: readonly number[], le: boolean, tag: number): Uint8Array {
  const { bytes, low, high } = NUMBERS[vr]
  const out = new Uint8Array(values.length * bytes)
  const view = new DataView(out.buffer)
  values.forEach((value, n) => {
    if (!(value >= low && value <= high) || (vr !== 'FD' && vr !== 'FL' && !Number.isInteger(value))) {
      throw new RangeError(`${tagName(tag)} ${vr} cannot hold ${value}`)
    }
    if (vr === 'US') view.setUint16(2 * n, value, le)
    else if (vr === 'SS') view.setInt16(2 * n, value, le)
    else if (vr === 'UL') view.setUint32(4 * n, value, le)
    else if (vr === 'FL') view.setFloat32(4 * n, value, le)
    else view.setFloat64(8 * n, value, le)
  })
  return out
}

function encodeWords(words: Uint16Array | Int16Array, littleEndian: boolean): Uint8Array {
  const out = new Uint8Array(words.length * 2)
  for (let n = 0; n < words.length; n++) {
    const word = words[n]!
    out[2 * n] = littleEndian ? word : word >> 8
    out[2 * n + 1] = littleEndian ? word >> 8 : word
  }
  return out
}

/** Items of defined length (PS3.5 7.5). */
function encodeItems(items: readonly (readonly Element[])[], syntax: WriteSyntax): Uint8Array {
  const { littleEndian } = WRITE_SYNTAXES[syntax]
  const bodies = items.map((item) => encodeElements(item, syntax))
  const out = new Uint8Array(bodies.reduce((sum, body) => sum + 8 + body.length, 0))
  const view = new DataView(out.buffer)
  let at = 0
  for (const body of bodies) {
    view.setUint16(at, 0xfffe, littleEndian)
    view.setUint16(at + 2, 0xe000, littleEndian)
    view.setUint32(at + 4, body.length, littleEndian)
    out.set(body, at + 8)
    at += 8 + body.length
  }
  return out
}

/** (gggg,eeee) */
function tagName(tag: number): string {
  const hex = (n: number) => n.toString(16).padStart(4, '0')
  return `(${hex(tag >>> 16)},${hex(tag & 0xffff)})`
}

/** A decimal string of at most 16 characters, as close to the value as those allow (PS3.5 6.2, DS). */
export function decimalString(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`a decimal string cannot hold ${value}`)
  for (let digits = 17; ; digits--) {
    const rounded = digits === 17 ? value + 0 : Number(value.toPrecision(digits))
    // Rounding may carry the very largest numbers over the edge; fewer digits bring them back.
    if (!Number.isFinite(rounded)) continue
    for (const text of [String(rounded), rounded.toExponential()]) if (text.length <= 16) return text.toUpperCase()
  }
}

/** A Part 10 file: preamble of zeros, DICM, file meta information (always explicit little endian), data set (PS3.10 7.1). */
export function encodeFile(meta: readonly Element[], dataset: readonly Element[], syntax: WriteSyntax): Uint8Array {
  const group = encodeElements([...meta, [0x00020010, 'UI', [WRITE_SYNTAXES[syntax].uid]]], 'explicit-le')
  const length = encodeElements([[0x00020000, 'UL', [group.length]]], 'explicit-le')
  const body = encodeElements(dataset, syntax)
  const file = new Uint8Array(132 + length.length + group.length + body.length)
  file.set([0x44, 0x49, 0x43, 0x4d], 128)
  file.set(length, 132)
  file.set(group, 132 + length.length)
  file.set(body, 132 + length.length + group.length)
  return file
}
