/**
 * Changes of a file: of its bytes, and of what they mean. Each takes a file and gives another; none needs the file to be whole,
 * so that they can follow each other.
 */
import { join } from '../dicom/make.js'
import {
  type Encoding,
  type Field,
  ITEM,
  encodeElement,
  growAround,
  putNumber,
  putTag,
  readFields,
  replaced,
  withValue,
} from './fields.js'
import type { Rng } from './random.js'
import { oddValue } from './values.js'

/** @param others files to take pieces from */
export type Mutator = (bytes: Uint8Array, rng: Rng, others: readonly Uint8Array[]) => Uint8Array

const SPECIAL = [0, 1, 0x7f, 0x80, 0xff, 0xfe, 0xe0, 0xdd, 0x0d, 0x20, 0x5c, 0x2c, 0x2d, 0x30, 0x39, 0x55, 0x4e]
/** Most of a file is pixels; most of what can go wrong is in front of them. */
const place = (bytes: Uint8Array, rng: Rng): number => {
  const head = rng.chance(0.8) ? Math.min(bytes.length, 2200) : bytes.length
  return rng.below(head)
}

/** Changes of bytes, whatever they are. */
export const BYTES = {
  'flip bits': (bytes, rng) => {
    const out = bytes.slice()
    for (let n = rng.between(1, 4); n > 0 && out.length > 0; n--) out[place(out, rng)]! ^= 1 << rng.below(8)
    return out
  },
  'set bytes': (bytes, rng) => {
    const out = bytes.slice()
    const at = place(out, rng)
    for (let n = rng.between(1, 4); n > 0; n--)
      if (at + n <= out.length) out[at + n - 1] = rng.chance(0.7) ? rng.pick(SPECIAL) : rng.below(256)
    return out
  },
  truncate: (bytes, rng) => bytes.slice(0, rng.chance(0.7) ? place(bytes, rng) : rng.below(bytes.length + 1)),
  'cut the front': (bytes, rng) => bytes.slice(rng.pick([1, 2, 127, 128, 131, 132, place(bytes, rng)])),
  remove: (bytes, rng) => {
    const at = place(bytes, rng)
    return replaced(bytes, at, Math.min(bytes.length, at + rng.between(1, 24)), new Uint8Array(0))
  },
  repeat: (bytes, rng) => {
    const at = place(bytes, rng)
    const end = Math.min(bytes.length, at + rng.between(1, 64))
    return replaced(bytes, at, at, bytes.slice(at, end))
  },
  insert: (bytes, rng) => {
    const at = place(bytes, rng)
    const count = rng.between(1, 16)
    const more = rng.chance(0.5) ? rng.bytes(count) : new Uint8Array(count).fill(rng.pick(SPECIAL))
    return replaced(bytes, at, at, more)
  },
  'swap pieces': (bytes, rng) => {
    const out = bytes.slice()
    const [a, b] = [place(bytes, rng), place(bytes, rng)]
    const count = rng.between(1, 32)
    out.set(bytes.subarray(a, Math.min(a + count, bytes.length - Math.max(0, b - a))), b)
    out.set(bytes.subarray(b, Math.min(b + count, bytes.length - Math.max(0, a - b))), a)
    return out
  },
  'fill a piece': (bytes, rng) => {
    const at = place(bytes, rng)
    return bytes.slice().fill(rng.pick(SPECIAL), at, at + rng.between(2, 300))
  },
  'add a tail': (bytes, rng) => {
    const tail = rng.chance(0.5) ? new Uint8Array(rng.between(1, 3000)) : rng.bytes(rng.between(1, 40))
    return replaced(bytes, bytes.length, bytes.length, tail)
  },
  splice: (bytes, rng, others) => {
    const other = rng.pick(others)
    return replaced(bytes, place(bytes, rng), bytes.length, other.slice(place(other, rng)))
  },
} satisfies Record<string, Mutator>

/** A change of one field; the file itself where it has none. */
const onField =
  (
    change: (bytes: Uint8Array, field: Field, rng: Rng, fields: readonly Field[], encoding: Encoding) => Uint8Array,
  ): Mutator =>
  (bytes, rng) => {
    const { fields, encoding } = readFields(bytes)
    return fields.length === 0 ? bytes : change(bytes, rng.pick(fields), rng, fields, encoding)
  }

/** Lengths worth trying: nothing, one off, the end of the file and beyond, the limits of 32 bits. */
function oddLength(field: Field, bytes: Uint8Array, rng: Rng, fields: readonly Field[]): number {
  const length = field.end - field.valueAt
  const toEnd = bytes.length - field.valueAt
  const later = fields.filter(({ at }) => at >= field.end)
  return rng.pick([
    0, 1, 2, length - 2, length - 1, length + 1, length + 2, length + 8, toEnd - 1, toEnd, toEnd + 1, toEnd + 2,
    2 ** 15, 2 ** 16 - 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 2, rng.below(toEnd + 1),
    // To the end of a later element: what lies between is swallowed, and the rest still reads.
    ...(later.length > 0 ? [0, 0, 0].map(() => rng.pick(later).end - field.valueAt) : []),
  ]) // prettier-ignore
}

const VRS = 'AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US OB OD OF OL OV OW SQ SV UC UN UR UT UV QQ ZZ'.split(' ') // prettier-ignore
const INTERESTING_TAGS = [
  0x00020010, 0x00080005, 0x00080008, 0x00080016, 0x00080018, 0x00080060, 0x00080070, 0x00100010, 0x00100020, 0x00180010,
  0x00180050, 0x00180060, 0x00181210, 0x0020000d, 0x0020000e, 0x00200032, 0x00200037, 0x00280002, 0x00280004, 0x00280008,
  0x00280010, 0x00280011, 0x00280030, 0x00280100, 0x00280101, 0x00280102, 0x00280103, 0x00280120, 0x00280121, 0x00281052,
  0x00281053, 0x00281054, 0x00283000, 0x7fe00001, 0x7fe00002, 0x7fe00008, 0x7fe00010, 0xfffee000, 0xfffee00d, 0xfffee0dd,
] // prettier-ignore

const SEQUENCE_END = Uint8Array.of(0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0)
const ITEM_END = Uint8Array.of(0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0)

/** A sequence of sequences, written with undefined lengths; `closed`: with all its delimiters. */
export function nested(levels: number, encoding: Encoding, closed: boolean): Uint8Array {
  const { bigEndian } = encoding
  const head = encodeElement(0x00081140, 'SQ', new Uint8Array(0), encoding, true)
  const item = new Uint8Array(8).fill(0xff)
  putTag(item, 0, ITEM, bigEndian)
  const ends = [ITEM_END, SEQUENCE_END].map((bytes) => {
    const out = bytes.slice()
    putTag(out, 0, bytes === ITEM_END ? 0xfffee00d : 0xfffee0dd, bigEndian)
    return out
  })
  const opening = Uint8Array.from([...head, ...item])
  const closing = Uint8Array.from(ends.flatMap((end) => [...end]))
  const out = new Uint8Array(levels * (opening.length + (closed ? closing.length : 0)))
  for (let n = 0; n < levels; n++) {
    out.set(opening, n * opening.length)
    if (closed) out.set(closing, levels * opening.length + n * closing.length)
  }
  return out
}

/** Place for another element of the top level. */
function boundary(fields: readonly Field[], rng: Rng): number {
  const top = fields.filter(({ depth, tag }) => depth === 0 && tag >= 0x00080000 && tag !== 0x7fe00010)
  return top.length > 0 ? rng.pick(top).at : 0
}

/** Changes of elements. */
export const ELEMENTS = {
  'edit a length': onField((bytes, field, rng, fields) => {
    const out = bytes.slice()
    putNumber(out, field.lengthAt, oddLength(field, bytes, rng, fields), field.lengthBytes, field.bigEndian)
    return out
  }),
  'edit a tag': onField((bytes, field, rng, fields) => {
    const out = bytes.slice()
    const tag = rng.pick([
      rng.pick(INTERESTING_TAGS),
      rng.pick(fields).tag,
      field.tag ^ (1 << rng.below(32)),
      field.tag + 1,
    ])
    putTag(out, field.at, tag >>> 0, field.bigEndian)
    return out
  }),
  'edit a VR': onField((bytes, { vrAt }, rng) => {
    const out = bytes.slice()
    const vr = rng.pick(VRS)
    if (vrAt >= 0) for (const n of [0, 1]) out[vrAt + n] = rng.chance(0.9) ? vr.charCodeAt(n) : rng.below(256)
    return out
  }),
  'edit a value': onField((bytes, field, rng, fields) =>
    withValue(bytes, field, oddValue(field, bytes, rng), rng.chance(0.9) ? fields : []),
  ),
  'remove an element': onField((bytes, field, rng, fields) => {
    const out = replaced(bytes, field.at, field.end, new Uint8Array(0))
    if (rng.chance(0.9)) growAround(out, field, field.at - field.end, fields)
    return out
  }),
  'repeat an element': onField((bytes, field, rng, fields) => {
    const at = rng.chance(0.5) ? field.at : boundary(fields, rng)
    const out = replaced(bytes, at, at, bytes.slice(field.at, field.end))
    if (at === field.at && rng.chance(0.9)) growAround(out, field, field.end - field.at, fields)
    return out
  }),
  'swap elements': (bytes, rng) => {
    const top = readFields(bytes).fields.filter(({ depth }) => depth === 0)
    if (top.length < 2) return bytes
    const [a, b] = [rng.pick(top), rng.pick(top)].sort((x, y) => x.at - y.at) as [Field, Field]
    if (a.end > b.at) return bytes
    const middle = [bytes.subarray(b.at, b.end), bytes.subarray(a.end, b.at), bytes.subarray(a.at, a.end)]
    return join([bytes.subarray(0, a.at), ...middle, bytes.subarray(b.end)])
  },
  'take an element': (bytes, rng, others) => {
    const other = rng.pick(others)
    const theirs = readFields(other).fields
    const { fields } = readFields(bytes)
    if (theirs.length === 0 || fields.length === 0) return bytes
    const { at, end, tag } = rng.pick(theirs)
    const own = fields.find((field) => field.tag === tag)
    const piece = other.slice(at, Math.min(end, at + 4096))
    if (own && rng.chance(0.8)) return replaced(bytes, own.at, own.end, piece)
    const to = boundary(fields, rng)
    return replaced(bytes, to, to, piece)
  },
  nest: (bytes, rng) => {
    const { fields, encoding } = readFields(bytes)
    const at = boundary(fields, rng)
    const levels = rng.pick([1, 2, 31, 32, 33, 63, 64, 65, 66, 100, 300])
    return replaced(bytes, at, at, nested(levels, encoding, rng.chance(0.6)))
  },
  'make a sequence': onField((bytes, field, rng, fields, encoding) => {
    const item = new Uint8Array(8 + field.end - field.valueAt)
    putTag(item, 0, ITEM, encoding.bigEndian)
    putNumber(item, 4, rng.pick([item.length - 8, 0xffffffff, 0]), 4, encoding.bigEndian)
    item.set(bytes.subarray(field.valueAt, field.end), 8)
    return withValue(bytes, field, item, fields)
  }),
  'open a length': onField((bytes, field) => {
    const out = replaced(bytes, field.end, field.end, field.tag === ITEM ? ITEM_END : SEQUENCE_END)
    putNumber(out, field.lengthAt, 0xffffffff, field.lengthBytes, field.bigEndian)
    return out
  }),
} satisfies Record<string, Mutator>

/** Floods and depths of another order: rare, since each costs as much as thousands of the others. */
export const HEAVY = {
  'nest deeply': (bytes, rng) => {
    const { fields, encoding } = readFields(bytes)
    const at = boundary(fields, rng)
    return replaced(bytes, at, at, nested(rng.pick([1000, 5000, 20000]), encoding, rng.chance(0.5)))
  },
  'flood with items': (bytes, rng) => {
    const { fields, encoding } = readFields(bytes)
    const at = boundary(fields, rng)
    const count = rng.pick([1000, 199_990, 200_010, 1_000_000])
    const items = new Uint8Array(8 * count)
    putTag(items, 0, ITEM, encoding.bigEndian)
    for (let n = 1; n < count; n *= 2) items.copyWithin(8 * n, 0, Math.min(8 * n, 8 * (count - n)))
    return replaced(bytes, at, at, encodeElement(0x00081140, 'SQ', items, encoding))
  },
  'flood with elements': (bytes, rng) => {
    const { fields, encoding } = readFields(bytes)
    const at = boundary(fields, rng)
    const element = encodeElement(0x00091001, 'LO', new Uint8Array(0), encoding)
    const count = rng.pick([1000, 99_900, 100_010, 500_000])
    const out = new Uint8Array(count * element.length)
    for (let n = 0; n < count; n++) out.set(element, n * element.length)
    return replaced(bytes, at, at, out)
  },
  'grow to megabytes': (bytes, rng) => {
    const at = boundary(readFields(bytes).fields, rng)
    const { encoding } = readFields(bytes)
    const value = new Uint8Array(rng.pick([1, 4, 8]) * 2 ** 20).fill(rng.pick(SPECIAL))
    return replaced(bytes, at, at, encodeElement(0x00091002, 'OB', value, encoding))
  },
} satisfies Record<string, Mutator>

const ORDINARY: readonly (readonly [string, Mutator])[] = [
  ...Object.entries(BYTES),
  ...Object.entries(ELEMENTS),
  ...Object.entries(ELEMENTS),
]

/** One to four changes, half of the time one; their names, and the file. */
export function mutate(
  bytes: Uint8Array,
  rng: Rng,
  others: readonly Uint8Array[],
  table: readonly (readonly [string, Mutator])[] = ORDINARY,
): { readonly what: string; readonly bytes: Uint8Array } {
  const names: string[] = []
  let out = bytes
  for (let left = rng.chance(0.5) ? 1 : rng.between(2, 4); left > 0; left--) {
    const [name, mutator] = rng.pick(table)
    out = mutator(out, rng, others)
    names.push(name)
  }
  return { what: names.join(', '), bytes: out }
}
