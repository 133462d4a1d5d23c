/**
 * The elements of an object, read by dicom-parser and given out under the grammar of their value representation.
 *
 * Two readers must agree: what dicom-parser finds at the top level is held against the index of the walk before it. And no
 * number is guessed: dicom-parser reads `0,5` as 0 and the first half of an overlong Rows; here a value that does not match
 * PS3.5 section 6.2 is refused where it is needed, and not known where it is not.
 */
import dicomParser from 'dicom-parser'
import type { DataSet as ParsedSet, Element } from 'dicom-parser'
import { AgatstonError } from '../base/errors.js'
import type { OpenedObject } from './open.js'
import { TAG, tagName } from './tags.js'
import { parseFailed } from './trouble.js'

/** Decimal string and integer string of PS3.5 table 6.2-1, padding taken off. Both linear in the length. */
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
const INTEGER = /^[+-]?\d{1,12}$/
/** Longest number looked at. The standard allows 16 characters; some writers exceed that, none tenfold. */
const MAX_NUMBER = 64

export class DataSet {
  private constructor(
    readonly file: string,
    private readonly bytes: Uint8Array,
    private readonly elements: ReadonlyMap<number, Element>,
    private readonly bigEndian: boolean,
    private readonly explicit: boolean,
    /** First byte of the item this is; null for the data set of a file. */
    readonly itemOffset: number | null = null,
  ) {}

  /** Read an opened object. @throws AgatstonError `PARSE_FAILED` where dicom-parser and the walk disagree */
  static read(opened: OpenedObject): DataSet {
    const { file, bytes, syntax } = opened
    let found: Readonly<Record<string, Element>>
    try {
      found = parse(opened)
    } catch (cause) {
      if (cause instanceof AgatstonError) throw cause
      throw parseFailed('structure', 'the data set cannot be parsed', { file }, cause)
    }
    const elements = agreed(opened, found)
    return new DataSet(file, bytes, elements, syntax?.bigEndian ?? false, syntax?.explicit ?? true)
  }

  has(tag: number): boolean {
    return this.elements.has(tag)
  }

  /** Bytes of the value; null where the element is absent or empty. */
  value(tag: number): Uint8Array | null {
    const element = this.elements.get(tag)
    if (!element || element.length === 0) return null
    return this.bytes.subarray(element.dataOffset, element.dataOffset + element.length)
  }

  offset(tag: number): number | undefined {
    return this.elements.get(tag)?.dataOffset
  }

  vr(tag: number): string | null {
    return this.elements.get(tag)?.vr ?? null
  }

  /** Number of items of a sequence; a value that is present but no sequence counts as one. */
  itemCount(tag: number): number {
    const element = this.elements.get(tag)
    if (!element) return 0
    return element.items?.length ?? (element.length > 0 ? 1 : 0)
  }

  /** Items of a sequence, each a data set of its own; empty where the element is absent or no sequence. */
  items(tag: number): readonly DataSet[] {
    const items = this.elements.get(tag)?.items ?? []
    return items.map(({ dataSet, dataOffset }) => {
      const elements = new Map<number, Element>()
      for (const element of Object.values(dataSet?.elements ?? {})) {
        elements.set(Number.parseInt(element.tag.slice(1), 16), element)
      }
      return new DataSet(this.file, this.bytes, elements, this.bigEndian, this.explicit, dataOffset - 8)
    })
  }

  /** This data set without some elements. */
  without(tags: readonly number[]): DataSet {
    const elements = new Map(this.elements)
    for (const tag of tags) elements.delete(tag)
    return new DataSet(this.file, this.bytes, elements, this.bigEndian, this.explicit, this.itemOffset)
  }

  /** This data set with the elements of others of the same file laid over it, each over those before it. */
  with(others: readonly DataSet[]): DataSet {
    const elements = new Map(this.elements)
    for (const other of others) for (const [tag, element] of other.elements) elements.set(tag, element)
    return new DataSet(this.file, this.bytes, elements, this.bigEndian, this.explicit, this.itemOffset)
  }

  /** Text with padding off, bytes as Latin-1; null where absent or blank. */
  text(tag: number): string | null {
    const value = this.value(tag)
    if (!value) return null
    let text = ''
    for (const byte of value.subarray(0, 1024)) text += String.fromCharCode(byte)
    return trim(text) || null
  }

  /** Values of a code string (CS): upper case, padding off. Empty where absent. */
  codes(tag: number): readonly string[] {
    const text = this.text(tag)
    return text === null ? [] : text.split('\\').map((code) => trim(code).toUpperCase())
  }

  /** A unique identifier; null where absent. @throws AgatstonError `PARSE_FAILED` where it is none (PS3.5 9.1) */
  uid(tag: number): string | null {
    const text = this.text(tag)
    if (text === null) return null
    if (!/^[0-9.]{1,64}$/.test(text) || /^\.+$/.test(text)) this.bad(tag, 'is no unique identifier')
    return text
  }

  /** A 16-bit word as its bits, whichever sign its VR gives it. @throws AgatstonError `PARSE_FAILED` */
  word(tag: number): number | null {
    const value = this.value(tag)
    if (!value) return null
    const vr = this.vr(tag)
    const fitting = !this.explicit || vr === 'US' || vr === 'SS' || (vr === 'UN' && !this.bigEndian)
    if (!fitting || value.length !== 2) this.bad(tag, 'is not one 16-bit number')
    return this.bigEndian ? (value[0]! << 8) | value[1]! : (value[1]! << 8) | value[0]!
  }

  /** An unsigned 16-bit number (US). @throws AgatstonError `PARSE_FAILED` */
  unsigned(tag: number): number | null {
    if (this.value(tag) && this.vr(tag) === 'SS') this.bad(tag, 'is signed, which it must not be')
    return this.word(tag)
  }

  /** An unsigned 32-bit number (UL). @throws AgatstonError `PARSE_FAILED` */
  long(tag: number): number | null {
    const value = this.value(tag)
    if (!value) return null
    const vr = this.vr(tag)
    const fitting = !this.explicit || vr === 'UL' || (vr === 'UN' && !this.bigEndian)
    if (!fitting || value.length !== 4) this.bad(tag, 'is not one unsigned 32-bit number')
    return new DataView(value.buffer, value.byteOffset, 4).getUint32(0, !this.bigEndian)
  }

  /** Exactly `count` decimal strings (DS); null where absent or blank. @throws AgatstonError `PARSE_FAILED` */
  decimals(tag: number, count: number): readonly number[] | null {
    const text = this.text(tag)
    if (text === null) return null
    const parts = text.split('\\')
    if (parts.length !== count) this.bad(tag, `has ${parts.length} values where ${count} are due`)
    return parts.map((part) => parseNumber(part, DECIMAL) ?? this.bad(tag, 'is not a decimal number'))
  }

  /** One integer string (IS); null where absent or blank. @throws AgatstonError `PARSE_FAILED` */
  integer(tag: number): number | null {
    const text = this.text(tag)
    if (text === null) return null
    return parseNumber(text, INTEGER) ?? this.bad(tag, 'is not an integer')
  }

  /** One decimal string, or null where there is none that can be read: for what only informs. */
  hint(tag: number): number | null {
    const text = this.text(tag)
    return text === null ? null : parseNumber(text, DECIMAL)
  }

  private bad(tag: number, what: string): never {
    throw parseFailed('value', `${tagName(tag)} ${what}`, { file: this.file, offset: this.offset(tag), tag })
  }
}

/** Spaces on either side, NUL and line ends at the end: the padding met in practice. */
const trim = (text: string): string => text.replace(/[\0 \r\n]+$/, '').replace(/^ +/, '')

function parseNumber(text: string, grammar: RegExp): number | null {
  const digits = trim(text)
  if (digits.length > MAX_NUMBER || !grammar.test(digits)) return null
  const value = Number(digits)
  return Number.isFinite(value) ? value : null
}

/** All top-level elements but the pixels, as dicom-parser finds them. */
function parse(opened: OpenedObject): Readonly<Record<string, Element>> {
  const { layout, dataStart } = opened
  const bytes = withPatches(opened)
  const found: Record<string, Element> = {}
  const pixels = layout.elements.get(TAG.PixelData)
  parseStretch(opened, bytes, metaStart(opened), dataStart, found)
  if (!pixels) parseStretch(opened, bytes, dataStart, layout.end, found)
  else {
    const after = pixels.valueOffset + pixels.length + (pixels.undefinedLength ? 8 : 0)
    parseStretch(opened, bytes, dataStart, pixels.offset, found)
    parseStretch(opened, bytes, after, layout.end, found)
  }
  return found
}

/** Where the meta information begins: at the first element of the file. */
function metaStart({ layout, dataStart }: OpenedObject): number {
  let first = dataStart
  for (const { offset } of layout.elements.values()) if (offset < first) first = offset
  return first
}

/** Let dicom-parser read one stretch of bytes. */
function parseStretch(
  opened: OpenedObject,
  bytes: Uint8Array,
  start: number,
  end: number,
  found: Record<string, Element>,
): void {
  if (start >= end) return
  const meta = end <= opened.dataStart
  const order =
    opened.syntax?.bigEndian && !meta ? dicomParser.bigEndianByteArrayParser : dicomParser.littleEndianByteArrayParser
  const set = { byteArray: bytes, byteArrayParser: order, elements: found, warnings: [] } as unknown as ParsedSet
  const stream = new dicomParser.ByteStream(order, bytes, start)
  if (meta || opened.syntax?.explicit) dicomParser.parseDicomDataSetExplicit(set, stream, end)
  else dicomParser.parseDicomDataSetImplicit(set, stream, end)
}

/** dicom-parser's key of a tag: `x00080060`. Kept, since the files of a study hold the same tags again and again. */
function keyOf(tag: number): string {
  let key = KEYS.get(tag)
  if (key === undefined) {
    key = `x${tag.toString(16).padStart(8, '0')}`
    if (KEYS.size < MOST_KEYS) KEYS.set(tag, key)
  }
  return key
}
const KEYS = new Map<number, string>()
const MOST_KEYS = 4096

/** The bytes as dicom-parser must see them. */
function withPatches({ bytes, layout }: OpenedObject): Uint8Array {
  if (layout.patches.length === 0) return bytes
  const copy = bytes.slice()
  for (const patch of layout.patches) copy.set(patch.bytes, patch.offset)
  return copy
}

/** The elements by tag. Every top-level one must have been found by both readers, with its value at the same bytes. */
function agreed({ file, layout }: OpenedObject, found: Readonly<Record<string, Element>>): Map<number, Element> {
  const elements = new Map<number, Element>()
  let pixels = 0
  for (const span of layout.elements.values()) {
    if (span.tag === TAG.PixelData) {
      elements.set(span.tag, pixelElement(span.vr, span.valueOffset, span.length))
      pixels++
      continue
    }
    const element = found[keyOf(span.tag)]
    const same = element?.dataOffset === span.valueOffset && (span.undefinedLength || element.length === span.length)
    if (!same) {
      const where = { file, offset: span.offset, tag: span.tag }
      throw parseFailed('structure', `${tagName(span.tag)} can be read in two ways`, where)
    }
    elements.set(span.tag, element)
  }
  if (Object.keys(found).length + pixels !== elements.size)
    throw parseFailed('structure', 'the data set can be read in two ways', { file })
  return elements
}

/** Pixels are located by the walk alone. */
const pixelElement = (vr: string | null, dataOffset: number, length: number): Element => ({
  tag: 'x7fe00010',
  ...(vr === null ? {} : { vr }),
  dataOffset,
  length,
})
