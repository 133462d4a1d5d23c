/**
 * The elements of an object, given out under the grammar of their value representation. No number is guessed: dicom-parser reads
 * `0,5` as 0 and the first half of an overlong Rows; here a value that does not match PS3.5 section 6.2 is refused where it is
 * needed, and not known where it is not.
 */
import { ITEM_END } from './layout.js'
import type { OpenedObject } from './open.js'
import { type FoundElement, elementsOf, readElements } from './parser.js'
import { tagName } from './tags.js'
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
    private readonly elements: ReadonlyMap<number, FoundElement>,
    private readonly bigEndian: boolean,
    private readonly explicit: boolean,
    /** First byte of the item this is; null for the data set of a file. */
    readonly itemOffset: number | null = null,
  ) {}

  /** Read an opened object. @throws AgatstonError `PARSE_FAILED` where dicom-parser and the walk disagree */
  static read(opened: OpenedObject): DataSet {
    const { file, bytes, syntax } = opened
    return new DataSet(file, bytes, readElements(opened), syntax?.bigEndian ?? false, syntax?.explicit ?? true)
  }

  has(tag: number): boolean {
    return this.elements.has(tag)
  }

  /** Tags of its elements, rising. The delimiter of an item is none. */
  tags(): readonly number[] {
    return [...this.elements.keys()].filter((tag) => tag !== ITEM_END).sort((a, b) => a - b)
  }

  /** Little endian, and with VRs: as derived objects are written. */
  get isExplicitLittle(): boolean {
    return this.explicit && !this.bigEndian
  }

  get isBigEndian(): boolean {
    return this.bigEndian
  }

  /** Bytes of the value; null where the element is absent or empty. */
  value(tag: number): Uint8Array | null {
    const element = this.elements.get(tag)
    if (!element || element.length === 0) return null
    return this.bytes.subarray(element.valueOffset, element.valueOffset + element.length)
  }

  offset(tag: number): number | undefined {
    return this.elements.get(tag)?.valueOffset
  }

  vr(tag: number): string | null {
    return this.elements.get(tag)?.vr ?? null
  }

  /** Whether its length is undefined, and a delimiter ends the value. */
  isOpen(tag: number): boolean {
    return this.elements.get(tag)?.undefinedLength ?? false
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
    return items.map(
      (item) =>
        new DataSet(this.file, this.bytes, elementsOf(item), this.bigEndian, this.explicit, item.dataOffset - 8),
    )
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
    const element = this.elements.get(tag)
    if (!element) return null
    const { bytes } = this
    let start = element.valueOffset
    let end = Math.min(start + Math.min(element.length, MAX_TEXT), bytes.length)
    while (end > start && isPadding(bytes[end - 1]!)) end--
    while (start < end && bytes[start] === SPACE) start++
    return start < end ? latin1(bytes, start, end) : null
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

  /** Exactly `count` 32-bit floats (FL), or null where there are none that can be read: for what only informs. */
  floats(tag: number, count: number): readonly number[] | null {
    const value = this.value(tag)
    const vr = this.vr(tag)
    const fitting = !this.explicit || vr === 'FL' || (vr === 'UN' && !this.bigEndian)
    if (!value || !fitting || value.length !== 4 * count) return null
    const view = new DataView(value.buffer, value.byteOffset, value.length)
    return Array.from({ length: count }, (_, n) => view.getFloat32(4 * n, !this.bigEndian))
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

/** Most bytes of a text that are looked at. */
const MAX_TEXT = 1024

/** Bytes as Latin-1, all at once: a character at a time takes five times as long, and headers are mostly text. */
function latin1(bytes: Uint8Array, start: number, end: number): string {
  // As long as it will be: one that grows takes twice the memory.
  // oxlint-disable-next-line unicorn/no-new-array
  const codes = new Array<number>(end - start)
  for (let i = start; i < end; i++) codes[i - start] = bytes[i]!
  return String.fromCharCode.apply(null, codes)
}

const SPACE = 0x20

/** What stands behind values in practice: spaces, NUL, line ends. */
const isPadding = (code: number): boolean => code === SPACE || code === 0 || code === 0x0d || code === 0x0a

/** Without padding at the end and spaces at the beginning. */
function trim(text: string): string {
  let start = 0
  let end = text.length
  while (end > start && isPadding(text.charCodeAt(end - 1))) end--
  while (start < end && text.charCodeAt(start) === SPACE) start++
  return text.slice(start, end)
}

function parseNumber(text: string, grammar: RegExp): number | null {
  const digits = trim(text)
  if (digits.length > MAX_NUMBER || !grammar.test(digits)) return null
  const value = Number(digits)
  return Number.isFinite(value) ? value : null
}
