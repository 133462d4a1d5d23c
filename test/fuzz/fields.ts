/**
 * Where the elements, items and lengths of a DICOM file lie, for changing them. Made for files that may be broken already: it
 * follows what can be followed and stops where it cannot. It shares no code with the reader that is tested.
 */
export interface Field {
  readonly tag: number
  /** First byte of the tag, of the length, of the value, and the byte after it (a delimiter included). */
  readonly at: number
  readonly lengthAt: number
  readonly valueAt: number
  readonly end: number
  /** Bytes of the length: 2 or 4. */
  readonly lengthBytes: 2 | 4
  /** Where the two letters of the VR stand; -1: none. */
  readonly vrAt: number
  readonly vr: string
  readonly depth: number
  readonly bigEndian: boolean
  readonly explicit: boolean
}

const LONG = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '))
const MOST_FIELDS = 400
const DEEPEST = 24

export const ITEM = 0xfffee000
const ITEM_END = 0xfffee00d
const SEQUENCE_END = 0xfffee0dd

/** Where the data set of a file begins, and how it is written: as far as its meta information says. */
export interface Encoding {
  readonly dataStart: number
  readonly explicit: boolean
  readonly bigEndian: boolean
}

class Walker {
  readonly fields: { -readonly [K in keyof Field]: Field[K] }[] = []
  encoding: Encoding = { dataStart: 0, explicit: true, bigEndian: false }

  constructor(private readonly bytes: Uint8Array) {}

  walk(): this {
    const { bytes } = this
    const start = bytes[128] === 0x44 && bytes[129] === 0x49 && bytes[130] === 0x43 && bytes[131] === 0x4d ? 132 : 0
    let at = start
    let uid = ''
    while (at + 8 <= bytes.length && bytes[at] === 2 && bytes[at + 1] === 0) {
      const field = this.element(at, bytes.length, true, false, 0)
      if (!field) return this
      if (field.tag === 0x00020010) uid = latin(bytes.subarray(field.valueAt, field.end)).replace(/[\0 ]+$/, '')
      at = field.end
    }
    const explicit = uid !== '1.2.840.10008.1.2' && !(start === 0 && !isLetters(bytes, at + 4))
    this.encoding = { dataStart: at, explicit, bigEndian: uid === '1.2.840.10008.1.2.2' }
    if (uid !== '1.2.840.10008.1.2.1.99') this.set(at, bytes.length, explicit, this.encoding.bigEndian, 0)
    return this
  }

  /** Elements from `at` on; returns where they end. */
  private set(at: number, end: number, explicit: boolean, bigEndian: boolean, depth: number): number {
    while (at + 8 <= end && this.fields.length < MOST_FIELDS) {
      if (this.tag(at, bigEndian) === ITEM_END) return at + 8
      const field = this.element(at, end, explicit, bigEndian, depth)
      if (!field) return at
      at = field.end
    }
    return at
  }

  private element(at: number, end: number, explicit: boolean, bigEndian: boolean, depth: number): Field | null {
    const tag = this.tag(at, bigEndian)
    const vr = explicit ? String.fromCharCode(this.bytes[at + 4]!, this.bytes[at + 5]!) : ''
    const long = !explicit || LONG.has(vr)
    const lengthAt = explicit ? (long ? at + 8 : at + 6) : at + 4
    const valueAt = lengthAt + (long ? 4 : 2)
    if (valueAt > end || tag >>> 16 === 0xfffe) return null
    const length = long ? this.u32(lengthAt, bigEndian) : this.u16(lengthAt, bigEndian)
    const open = length === 0xffffffff
    if (!open && length > end - valueAt) return null
    const last = open ? valueAt : valueAt + length
    const vrAt = explicit ? at + 4 : -1
    const lengthBytes = long ? 4 : 2
    const field = { tag, at, lengthAt, valueAt, end: last, lengthBytes, vrAt, vr, depth, bigEndian, explicit } as const
    const own: (typeof this.fields)[number] = field
    this.fields.push(own)
    const first = valueAt + 8 <= end ? this.tag(valueAt, bigEndian) : 0
    const sequence = vr === 'SQ' || open || (!explicit && length >= 8 && first === ITEM)
    if (sequence && depth < DEEPEST) own.end = this.items(own, open ? end : last, open)
    return own
  }

  private items({ valueAt: start, bigEndian, explicit, depth, tag }: Field, end: number, open: boolean): number {
    let at = start
    while (at + 8 <= end && this.fields.length < MOST_FIELDS) {
      const met = this.tag(at, bigEndian)
      if (met === SEQUENCE_END) return at + 8
      if (met !== ITEM) break
      const length = this.u32(at + 4, bigEndian)
      const valueAt = at + 8
      const place = {
        tag: ITEM,
        at,
        lengthAt: at + 4,
        valueAt,
        end: valueAt,
        lengthBytes: 4,
        vrAt: -1,
        vr: '',
      } as const
      const item: (typeof this.fields)[number] = { ...place, depth: depth + 1, bigEndian, explicit }
      this.fields.push(item)
      const itemOpen = length === 0xffffffff
      if (!itemOpen && length > end - valueAt) break
      const itemEnd = itemOpen ? end : valueAt + length
      const stop = tag === 0x7fe00010 ? itemEnd : this.set(valueAt, itemEnd, explicit, bigEndian, depth + 2)
      at = itemOpen ? stop : itemEnd
      item.end = at
    }
    return open ? at : end
  }

  private u16(at: number, big: boolean): number {
    const a = this.bytes[at]!
    const b = this.bytes[at + 1]!
    return big ? (a << 8) | b : (b << 8) | a
  }

  private u32(at: number, big: boolean): number {
    const a = this.u16(at, big)
    const b = this.u16(at + 2, big)
    return (big ? (a << 16) | b : (b << 16) | a) >>> 0
  }

  private tag(at: number, big: boolean): number {
    return ((this.u16(at, big) << 16) | this.u16(at + 2, big)) >>> 0
  }
}

const isLetters = (bytes: Uint8Array, at: number): boolean =>
  bytes.subarray(at, at + 2).every((byte) => byte >= 0x41 && byte <= 0x5a)

export const latin = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

export interface Fields {
  readonly fields: readonly Field[]
  readonly encoding: Encoding
}

/** Of seeds, which are asked for again and again. */
const known = new WeakMap<Uint8Array, Fields>()

/** The fields of a file that is not changed any more. */
export function readFields(bytes: Uint8Array): Fields {
  let found = known.get(bytes)
  if (!found) {
    const { fields, encoding } = new Walker(bytes).walk()
    known.set(bytes, (found = { fields, encoding }))
  }
  return found
}

/** Write a tag, a length or any number of 2 or 4 bytes. */
export function putNumber(bytes: Uint8Array, at: number, value: number, size: 2 | 4, bigEndian: boolean): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (at < 0 || at + size > bytes.length) return
  if (size === 2) view.setUint16(at, value & 0xffff, !bigEndian)
  else view.setUint32(at, value >>> 0, !bigEndian)
}

export function putTag(bytes: Uint8Array, at: number, tag: number, bigEndian: boolean): void {
  putNumber(bytes, at, tag >>> 16, 2, bigEndian)
  putNumber(bytes, at + 2, tag & 0xffff, 2, bigEndian)
}

/** One element as bytes; `open`: undefined length, `value` with its delimiter. */
export function encodeElement(
  tag: number,
  vr: string,
  value: Uint8Array,
  encoding: Encoding,
  open = false,
): Uint8Array {
  const { explicit, bigEndian } = encoding
  const long = !explicit || LONG.has(vr)
  const head = explicit ? (long ? 12 : 8) : 8
  const out = new Uint8Array(head + value.length)
  putTag(out, 0, tag, bigEndian)
  if (explicit) for (const n of [0, 1]) out[4 + n] = vr.charCodeAt(n)
  const length = open ? 0xffffffff : value.length
  if (long) putNumber(out, head - 4, length, 4, bigEndian)
  else putNumber(out, 6, length, 2, bigEndian)
  out.set(value, head)
  return out
}

/** `bytes` with the part from `from` to `to` replaced. */
export function replaced(bytes: Uint8Array, from: number, to: number, by: Uint8Array): Uint8Array {
  const out = new Uint8Array(from + by.length + bytes.length - to)
  out.set(bytes.subarray(0, from))
  out.set(by, from)
  out.set(bytes.subarray(to), from + by.length)
  return out
}

/** The file with a new value in a field, and the lengths of all that holds it made true. */
export function withValue(
  bytes: Uint8Array,
  field: Field,
  value: Uint8Array,
  fields: readonly Field[] = [],
): Uint8Array {
  const out = replaced(bytes, field.valueAt, field.end, value)
  putNumber(out, field.lengthAt, value.length, field.lengthBytes, field.bigEndian)
  growAround(out, field, value.length - (field.end - field.valueAt), fields)
  return out
}

/** Add to every known length around a place. */
export function growAround(bytes: Uint8Array, { at, depth }: Field, by: number, fields: readonly Field[]): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (const outer of fields) {
    if (outer.at >= at || outer.end <= at || outer.depth >= depth || outer.lengthBytes !== 4) continue
    const length = view.getUint32(outer.lengthAt, !outer.bigEndian)
    if (length !== 0xffffffff) view.setUint32(outer.lengthAt, length + by, !outer.bigEndian)
  }
}
