/**
 * The second reader. dicom-parser reads each element the walk found, and must find it at the same bytes: an object that can be
 * read in two ways is refused.
 *
 * What dicom-parser makes of a plain element hangs on its head alone: tag, VR and length (and, where the encoding is implicit, on
 * whether the value begins like a sequence; such values are not plain). The slices of a series repeat the same heads, so each is
 * shown to it once; a head both readers took alike is known from then on. Sequences it reads every time.
 */
import dicomParser from 'dicom-parser'
import type { ByteStream, Element } from 'dicom-parser'
import { AgatstonError } from '../base/errors.js'
import type { ElementSpan, Layout } from './layout.js'
import type { OpenedObject } from './open.js'
import { TAG, tagName } from './tags.js'
import { parseFailed } from './trouble.js'

/** One element of a data set. Offsets count from the start of the file. */
export interface FoundElement {
  readonly vr: string | null
  readonly valueOffset: number
  readonly length: number
  readonly undefinedLength: boolean
  /** Of a sequence. */
  readonly items?: readonly Element[] | undefined
}

/**
 * All top-level elements, by tag.
 *
 * @throws AgatstonError `PARSE_FAILED` (kind `structure`) where dicom-parser and the walk disagree
 */
export function readElements(opened: OpenedObject): ReadonlyMap<number, FoundElement> {
  const { bytes, layout, dataStart, syntax } = opened
  const data = syntax?.bigEndian ? 'big' : syntax?.explicit ? 'little' : 'implicit'
  const seen = withPatches(bytes, layout)
  const meta = new Reader(opened.file, seen, 'little', seen === bytes)
  const rest = data === 'little' ? meta : new Reader(opened.file, seen, data, seen === bytes)
  // Of plain elements alone there is nothing to add to what the walk found: no second table for every file.
  let elements: Map<number, FoundElement> = layout.elements
  for (const span of layout.spans) {
    if (span.tag === TAG.PixelData) continue // located by the walk alone
    const element = (span.offset < dataStart ? meta : rest).read(span)
    if (elements === layout.elements) {
      if (element === span) continue
      elements = new Map(elements)
    }
    elements.set(span.tag, element)
  }
  return elements
}

/** The elements of an item of a sequence, by tag. */
export function elementsOf(item: Element): ReadonlyMap<number, FoundElement> {
  const elements = new Map<number, FoundElement>()
  for (const element of Object.values(item.dataSet?.elements ?? {})) {
    elements.set(Number.parseInt(element.tag.slice(1), 16), asFound(element))
  }
  return elements
}

const asFound = ({ vr, dataOffset, length, hadUndefinedLength, items }: Element): FoundElement => ({
  vr: vr ?? null,
  valueOffset: dataOffset,
  length,
  undefinedLength: hadUndefinedLength ?? false,
  items,
})

/** How the heads of elements are written: explicit little or big endian, implicit little endian. */
type HeadKind = 'little' | 'big' | 'implicit'

/** Heads both readers took alike: by tag, the VRs and lengths. They say nothing of a patient. */
const KNOWN: Readonly<Record<HeadKind, Map<number, Set<number>>>> = {
  little: new Map(),
  big: new Map(),
  implicit: new Map(),
}
/** Where as many are known, no more are kept: a study has some hundred. */
const MOST_KNOWN = 16384
let known = 0

/** dicom-parser on the elements of one encoding. */
class Reader {
  private stream: ByteStream | null = null
  private readonly known: Map<number, Set<number>>

  /** @param asTheyAre the bytes are those of the file, without a patch */
  constructor(
    private readonly file: string,
    private readonly bytes: Uint8Array,
    private readonly kind: HeadKind,
    private readonly asTheyAre: boolean,
  ) {
    this.known = KNOWN[kind]
  }

  read(span: ElementSpan): FoundElement {
    const plain = this.asTheyAre && this.isPlain(span)
    const key = plain ? headKey(span) : 0
    if (plain && this.known.get(span.tag)?.has(key)) return span
    const element = this.ask(span)
    if (!plain) return element
    this.remember(span.tag, key)
    return span
  }

  /** No sequence, nor anything dicom-parser could take for one. */
  private isPlain({ vr, valueOffset, undefinedLength }: ElementSpan): boolean {
    if (undefinedLength || vr === 'SQ') return false
    if (this.kind !== 'implicit') return true
    // It looks at the four bytes behind every head, even where they belong to the next element.
    return (
      valueOffset + 4 <= this.bytes.length &&
      !(this.bytes[valueOffset] === 0xfe && this.bytes[valueOffset + 1] === 0xff)
    )
  }

  private remember(tag: number, key: number): void {
    if (known >= MOST_KNOWN) return
    known++
    const heads = this.known.get(tag)
    if (heads) heads.add(key)
    else this.known.set(tag, new Set([key]))
  }

  /** What dicom-parser reads at the place of an element: the same, up to the same byte. */
  private ask(span: ElementSpan): FoundElement {
    const { file, bytes, kind } = this
    const parser = kind === 'big' ? dicomParser.bigEndianByteArrayParser : dicomParser.littleEndianByteArrayParser
    const stream = (this.stream ??= new dicomParser.ByteStream(parser, bytes, span.offset))
    stream.position = span.offset
    let element: Element
    try {
      element =
        kind === 'implicit'
          ? dicomParser.readDicomElementImplicit(stream)
          : dicomParser.readDicomElementExplicit(stream, [])
    } catch (cause) {
      if (cause instanceof AgatstonError) throw cause
      throw parseFailed('structure', 'the data set cannot be parsed', { file }, cause)
    }
    const same =
      element.tag === keyOf(span.tag) &&
      (!this.asTheyAre || (element.vr ?? null) === span.vr) &&
      element.dataOffset === span.valueOffset &&
      (span.undefinedLength || element.length === span.length) &&
      stream.position === endOf(span)
    if (same) return asFound(element)
    const where = { file, offset: span.offset, tag: span.tag }
    throw parseFailed('structure', `${tagName(span.tag)} can be read in two ways`, where)
  }
}

/** VR and length as one number. */
const headKey = ({ vr, length }: ElementSpan): number =>
  vr === null ? length : ((vr.charCodeAt(0) << 8) | vr.charCodeAt(1)) * 2 ** 32 + length

/** First byte behind an element; one of undefined length ends with a delimiter of eight. */
const endOf = ({ valueOffset, length, undefinedLength }: ElementSpan): number =>
  valueOffset + length + (undefinedLength ? 8 : 0)

/** dicom-parser's name of a tag: `x00080060`. */
const keyOf = (tag: number): string => `x${tag.toString(16).padStart(8, '0')}`

/** The bytes as dicom-parser must see them. */
function withPatches(bytes: Uint8Array, { patches }: Layout): Uint8Array {
  if (patches.length === 0) return bytes
  const copy = bytes.slice()
  for (const patch of patches) copy.set(patch.bytes, patch.offset)
  return copy
}
