/**
 * Encapsulated pixel data: from fragments to frames (PS3.5 A.4, PS3.3 C.7.6.3.1.8).
 *
 * The standard lets a frame lie in any number of fragments, with an offset table, basic or extended, or with none. So the frames
 * are found from the fragments alone, and a table is only ever held against what was found:
 *
 * 1. One frame is all fragments joined, however it was cut; RLE too, though the standard wants it whole.
 * 2. Of several, a frame begins at a fragment that starts with the start marker of its coding and follows one that ends with the
 *    end marker, padding aside. Neither can stand there by chance: in coded data FF D9 does not occur. RLE and deflate have
 *    no markers.
 * 3. Where that does not give the number of frames the header tells, every fragment is a frame if there are as many. Each
 *    frame's own header is read next, and tells where this was wrong.
 * 4. Anything else is refused, and so is a table that is there and says otherwise: then table, fragments and NumberOfFrames
 *    contradict each other, and which of them is wrong cannot be known. A slice at the wrong place would be a wrong score.
 *
 * Fragments without bytes hold nothing and are passed over. Odd lengths are taken as they are.
 */
import { AgatstonError } from '../base/errors.js'
import type { OpenedObject } from './open.js'
import type { Layout } from './layout.js'
import type { FrameCoding } from './syntax.js'
import { TAG, tagName, tagText } from './tags.js'

/** Codings frames are encapsulated in: those of images, and frames deflated one by one (PS3.5 A.4.13). */
type Encapsulation = FrameCoding | 'deflate'

/** Where some bytes of the pixel data lie in the file. */
export interface Fragment {
  readonly offset: number
  readonly length: number
}

/** The fragments of one frame, in order. */
export type Frame = readonly Fragment[]

interface Parted {
  readonly count: number
  readonly frames: readonly Frame[] | AgatstonError
}

/** Each frame is asked for on its own; the fragments of an object are parted once. */
const parted = new WeakMap<Layout, Parted>()

/**
 * The frames of an object whose pixel data is encapsulated.
 *
 * @param count frames the header says there are, at least 1
 * @throws AgatstonError `PIXELS_MISSING` where there is no fragment, `PIXELS_CORRUPT` where fragments, tables and count disagree
 */
export function framesOf(opened: OpenedObject, coding: Encapsulation, count: number): readonly Frame[] {
  let found = parted.get(opened.layout)
  if (found?.count !== count) {
    found = { count, frames: tryToPart(opened, coding, count) }
    parted.set(opened.layout, found)
  }
  if (found.frames instanceof AgatstonError) throw found.frames
  return found.frames
}

function tryToPart(opened: OpenedObject, coding: Encapsulation, count: number): Parted['frames'] {
  try {
    return partFragments(opened, coding, count)
  } catch (error) {
    if (error instanceof AgatstonError) return error
    throw error
  }
}

function partFragments(opened: OpenedObject, coding: Encapsulation, count: number): readonly Frame[] {
  const [table, ...items] = pairs(opened.layout.fragments)
  const fragments = items.filter(({ length }) => length > 0)
  if (!table || (fragments.length === 0 && table.length === 0)) {
    const message = `${opened.file}: the pixel data holds no fragment. Export the series with its pixels`
    throw new AgatstonError('PIXELS_MISSING', message, { file: opened.file, tag: tagText(TAG.PixelData) })
  }
  if (fragments.length === 0) {
    const what = `the pixel data has a first item of ${table.length} bytes, which is the place of the offset table, and no fragment after it`
    throw corrupt(opened, what, 'no-fragment')
  }
  const starts = firstFragments(opened, coding, fragments, count)
  // The only frame is all there is, whatever a table says: some writers leave offsets of an earlier encoding.
  if (count > 1) {
    checkBasicTable(opened, table, items[0]!, fragments, starts)
    checkExtendedTable(opened, items[0]!, fragments, starts)
  }
  return starts.map((start, n) => fragments.slice(start, starts[n + 1] ?? fragments.length))
}

const pairs = (flat: readonly number[]): Fragment[] =>
  Array.from({ length: flat.length / 2 }, (_, i) => ({ offset: flat[2 * i]!, length: flat[2 * i + 1]! }))

/** Index of the first fragment of each frame. */
function firstFragments(
  opened: OpenedObject,
  coding: Encapsulation,
  fragments: readonly Fragment[],
  count: number,
): readonly number[] {
  const marked = markedStarts(opened.bytes, coding, fragments)
  if (marked?.length === count) return marked
  if (marked === null && count === 1) return [0]
  if (fragments.length === count) return fragments.map((_, i) => i)
  const found = marked
    ? `${marked.length} frame(s) in ${fragments.length} fragment(s)`
    : `${fragments.length} fragments`
  const what = `the pixel data holds ${found}, ${count} frame(s) are due by ${tagName(TAG.NumberOfFrames)}`
  throw corrupt(opened, what, 'frames', { fragments: fragments.length, frames: count })
}

/** Second byte of the start marker; the first is FF. All end with FF D9, EOI or EOC by name. */
const START: Readonly<Record<Encapsulation, number | null>> = {
  rle: null,
  deflate: null,
  jpeg: 0xd8,
  'jpeg-lossless': 0xd8,
  'jpeg-ls': 0xd8,
  'jpeg-2000': 0x4f,
  htj2k: 0x4f,
}
const END = 0xd9

/** Fragments a frame begins with, by its markers; null for a coding without. */
function markedStarts(
  bytes: Uint8Array,
  coding: Encapsulation,
  fragments: readonly Fragment[],
): readonly number[] | null {
  const second = START[coding]
  if (second === null) return null
  const starts = [0]
  for (let i = 1; i < fragments.length; i++) {
    const { offset, length } = fragments[i]!
    const begins = length >= 2 && bytes[offset] === 0xff && bytes[offset + 1] === second
    if (begins && endsBefore(bytes, fragments, i, starts[starts.length - 1]!)) starts.push(i)
  }
  return starts
}

/** Whether the bytes before fragment `i`, back to the start of its frame at most, end with the end marker and padding. */
function endsBefore(bytes: Uint8Array, fragments: readonly Fragment[], i: number, first: number): boolean {
  let marker = false
  for (let k = i - 1; k >= first; k--) {
    const { offset, length } = fragments[k]!
    for (let at = offset + length - 1; at >= offset; at--) {
      const byte = bytes[at]!
      if (marker) return byte === 0xff
      if (byte === END) marker = true
      else if (byte !== 0 && byte !== 0xff) return false
    }
  }
  return false
}

/** The first item: 32-bit offsets, one a frame, or nothing. */
function checkBasicTable(
  opened: OpenedObject,
  { offset, length }: Fragment,
  firstItem: Fragment,
  fragments: readonly Fragment[],
  starts: readonly number[],
): void {
  if (length === 0) return
  const bytes = opened.bytes.subarray(offset, offset + length)
  checkOffsets(opened, 'the basic offset table', numbers(bytes, 4), firstItem, fragments, starts)
}

/**
 * (7FE0,0001) and (7FE0,0002): 64-bit offsets, and the bytes of each frame, with or without the padding that makes a fragment
 * even. A common library, before its version of 2024, left the padding out of the offsets as well; where offsets, lengths and
 * fragments then agree in all but the padding, there is one way to read them, and the table stands.
 */
function checkExtendedTable(
  opened: OpenedObject,
  firstItem: Fragment,
  fragments: readonly Fragment[],
  starts: readonly number[],
): void {
  const offsets = valuesOf(opened, TAG.ExtendedOffsetTable)
  const lengths = valuesOf(opened, TAG.ExtendedOffsetTableLengths)
  if (offsets && !(lengths && countsWithoutPadding(offsets, lengths, fragments, starts))) {
    checkOffsets(opened, tagName(TAG.ExtendedOffsetTable), offsets, firstItem, fragments, starts)
  }
  if (!lengths) return
  const name = tagName(TAG.ExtendedOffsetTableLengths)
  checkCount(opened, name, lengths, starts.length)
  const frameBytes = (n: number): number =>
    fragments.slice(starts[n], starts[n + 1]).reduce((sum, fragment) => sum + fragment.length, 0)
  lengths.forEach((told, n) => {
    const bytes = frameBytes(n)
    if (told === bytes || (told < bytes && isPadding(opened.bytes, fragments, starts, n, bytes - told))) return
    throw corrupt(opened, `${name} gives frame ${n + 1} ${told} bytes, its fragments have ${bytes}`, 'table')
  })
}

/** Whether each offset is where a frame would begin, had each, in a fragment of its own, the length told and no padding. */
function countsWithoutPadding(
  offsets: readonly number[],
  lengths: readonly number[],
  fragments: readonly Fragment[],
  starts: readonly number[],
): boolean {
  if (fragments.length !== starts.length || offsets.length !== starts.length || lengths.length !== starts.length) {
    return false
  }
  let due = 0
  return offsets.every((offset, n) => {
    const fits = offset === due
    due += lengths[n]! + 8
    return fits
  })
}

/** Whether the last bytes of frame `n` are padding: one that may be anything, as writers pad, or zeros alone after an end marker. */
function isPadding(
  bytes: Uint8Array,
  fragments: readonly Fragment[],
  starts: readonly number[],
  n: number,
  count: number,
): boolean {
  if (count === 1) return true
  const last = fragments[(starts[n + 1] ?? fragments.length) - 1]!
  const end = last.offset + last.length - count
  const marked = last.length >= count + 2 && bytes[end - 2] === 0xff && bytes[end - 1] === END
  return marked && bytes.subarray(end, end + count).every((byte) => byte === 0)
}

function checkOffsets(
  opened: OpenedObject,
  name: string,
  offsets: readonly number[],
  firstItem: Fragment,
  fragments: readonly Fragment[],
  starts: readonly number[],
): void {
  checkCount(opened, name, offsets, starts.length)
  // Offsets count from the tag of the first item after the table; a fragment's tag is 8 bytes before its value.
  starts.forEach((start, n) => {
    const due = fragments[start]!.offset - firstItem.offset
    if (offsets[n] === due) return
    const met = Number.isNaN(offsets[n]) ? 'half a number' : offsets[n]
    throw corrupt(opened, `${name} puts frame ${n + 1} at ${met}, it begins at ${due}`, 'table')
  })
}

function checkCount(opened: OpenedObject, name: string, values: readonly number[], frames: number): void {
  if (values.length === frames) return
  throw corrupt(opened, `${name} lists ${values.length} frame(s), there are ${frames}`, 'table')
}

/** Values of a table of 64-bit numbers; null where it is absent or empty. */
function valuesOf({ layout, bytes }: OpenedObject, tag: number): readonly number[] | null {
  const span = layout.elements.get(tag)
  if (!span || span.length === 0) return null
  return numbers(bytes.subarray(span.valueOffset, span.valueOffset + span.length), 8)
}

/** Little-endian numbers of 4 or 8 bytes. A rest that is no whole number counts as one, so that the table is found wrong. */
function numbers(bytes: Uint8Array, size: 4 | 8): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => {
    if (size * (i + 1) > bytes.length) return Number.NaN
    const low = view.getUint32(size * i, true)
    return size === 4 ? low : low + view.getUint32(size * i + 4, true) * 2 ** 32
  })
}

function corrupt(
  { file, layout }: OpenedObject,
  what: string,
  kind: string,
  details: Readonly<Record<string, number>> = {},
): AgatstonError {
  const offset = layout.elements.get(TAG.PixelData)?.offset
  return new AgatstonError('PIXELS_CORRUPT', `${file}: ${what}. Export or transfer the file again`, {
    file,
    kind,
    tag: tagText(TAG.PixelData),
    ...(offset === undefined ? {} : { offset }),
    ...details,
  })
}
