/**
 * The structure of a data set, walked once under limits before any parser sees it (PS3.5 section 7).
 *
 * dicom-parser trusts what it reads: it runs past the end of implicit data, recurses as deep as a file asks for, and takes the
 * end of the file for the end of a sequence. This walk trusts nothing. Every length is held against the element or file around
 * it; sequences are followed on an explicit stack, so that depth is a number and not a stack overflow; each byte is visited at
 * most once, so time is linear in the file. What it leaves behind is an index of the top level.
 */
import { type Limits, beyondLimit } from './limits.js'
import { DEFLATED_LITTLE } from './syntax.js'
import { TAG, tagName } from './tags.js'
import { type ParseKind, parseFailed } from './trouble.js'
import { MISREAD_VRS, vrOf } from './vr.js'

/** One element of the top level. Offsets count from the start of the file. */
export interface ElementSpan {
  readonly tag: number
  /** Value representation; null where the encoding is implicit. */
  readonly vr: string | null
  /** First byte of the tag. */
  readonly offset: number
  /** First byte of the value. */
  readonly valueOffset: number
  /** Bytes of the value, delimiters not counted. */
  length: number
  readonly undefinedLength: boolean
}

export interface Layout {
  readonly elements: Map<number, ElementSpan>
  /** Offset and length of each fragment of the encapsulated pixel data, the offset table first: flat pairs. */
  readonly fragments: number[]
  /** Bytes dicom-parser must see otherwise to find what this walk found; their meaning for this reader is the same. */
  readonly patches: Patch[]
  /** Tags of the top level do not ascend. */
  outOfOrder: boolean
  /** First byte after the last element; trailing zeros may follow. */
  end: number
}

export interface Patch {
  readonly offset: number
  readonly bytes: readonly number[]
}

export interface Encoding {
  readonly explicit: boolean
  readonly bigEndian: boolean
  /** Pixel data of undefined length is a sequence of fragments. */
  readonly encapsulated: boolean
}

const ITEM = 0xfffee000
const ITEM_END = 0xfffee00d
const SEQUENCE_END = 0xfffee0dd
const UNDEFINED = 0xffffffff

/** What is open: a data set (elements follow) or a sequence (items follow). */
interface Level {
  readonly items: boolean
  /** No byte at or after this belongs to it. */
  readonly end: number
  /** Ends by a delimiter, not by its length. */
  readonly open: boolean
  readonly explicit: boolean
  readonly bigEndian: boolean
  /** The element a sequence is, whose length is noted when it closes. */
  readonly span: ElementSpan | null
  /** Of a data set: how many tags were on the list when it began, and the highest since. */
  readonly base: number
  last: number
  /** Its tags, from the first one out of order on. */
  seen: Set<number> | null
}

/** The walk needs bytes that were not read yet: only the beginning of the file is there. Never leaves the reader. */
export class NotRead extends Error {}

export class Scanner {
  readonly layout: Layout = { elements: new Map(), fragments: [], patches: [], outOfOrder: false, end: 0 }
  private elementCount = 0
  private itemCount = 0
  private position = 0
  private levels: Level[] = []
  /** Tags of the data sets that are open, innermost last. */
  private readonly tags: number[] = []
  private bigEndian = false
  private encapsulated = false

  /**
   * @param bytes the file, or its beginning
   * @param size bytes of the file; the pixel data of native syntaxes may lie beyond `bytes`, for anything else there the walk
   *   throws `NotRead`
   */
  constructor(
    private readonly bytes: Uint8Array,
    private readonly file: string,
    private readonly limits: Limits,
    private readonly size: number = bytes.length,
  ) {}

  /**
   * Walk the file meta information, always explicit little endian (PS3.10 7.1). Returns where the data set begins: at `end` where
   * that is known, else at the first element of another group. A deflated data set may begin with the bytes of group 2, so
   * there the length of the group counts, where it is given.
   */
  meta(start: number, end?: number): number {
    this.position = start
    this.levels = [this.dataSetLevel(true, false)]
    while (this.position !== end && (this.position + 8 <= this.size || this.levels.length > 1)) {
      this.expectRead(Math.min(this.position + 8, this.size))
      if (this.levels.length === 1 && (this.u16(this.position) !== 2 || this.isBeforeDeflated())) break
      this.step()
    }
    if (this.position !== end && this.position < this.size && this.position + 8 > this.size) {
      this.fail('truncated', 'the file ends inside an element', this.position)
    }
    this.layout.end = this.position
    return this.position
  }

  private isBeforeDeflated(): boolean {
    const { elements } = this.layout
    const length = elements.get(TAG.FileMetaInformationGroupLength)
    const syntax = elements.get(TAG.TransferSyntaxUID)
    if (length?.length !== 4 || !syntax) return false
    if (this.position !== length.valueOffset + 4 + this.u32(length.valueOffset)) return false
    const uid = this.bytes.subarray(syntax.valueOffset, syntax.valueOffset + syntax.length)
    return String.fromCharCode(...uid.subarray(0, 64)).replace(/[\0 ]+$/, '') === DEFLATED_LITTLE.uid
  }

  /** Walk the data set from `start` to the end of the file. Throws `PARSE_FAILED` or `LIMIT_EXCEEDED`; the index so far stays. */
  dataSet(start: number, encoding: Encoding): void {
    this.position = start
    this.encapsulated = encoding.encapsulated
    const { explicit, bigEndian } = encoding
    // The data set goes on where the meta information ended: a tag of either must not come back in the other.
    this.levels = [this.dataSetLevel(explicit, bigEndian)]
    while (this.levels.length > 0) this.step()
  }

  /** The top level, as it is or as it begins. */
  private dataSetLevel(explicit: boolean, bigEndian: boolean): Level {
    const [last, seen] = [this.levels[0]?.last ?? -1, this.levels[0]?.seen ?? null]
    const end = this.size
    return { items: false, end, open: false, explicit, bigEndian, span: null, base: 0, last, seen }
  }

  /** One element, item or closing of a level. */
  private step(): void {
    const level = this.levels[this.levels.length - 1]!
    this.bigEndian = level.bigEndian
    if (this.position === level.end) {
      if (level.open) this.fail('undelimited', 'a sequence or item of undefined length never ends', this.position)
      this.close(level)
    } else if (level.items) this.item(level)
    else this.element(level)
  }

  private close(level: Level): void {
    if (level.span) level.span.length = this.position - level.span.valueOffset
    this.pop()
    if (this.levels.length === 0) this.layout.end = this.position
  }

  /** Leave the innermost level, and forget its tags. */
  private pop(): void {
    const level = this.levels.pop()!
    if (!level.items) this.tags.length = level.base
  }

  private element(level: Level): void {
    const { position: offset } = this
    const top = this.levels.length === 1
    if (top && this.onlyZerosFrom(offset)) return this.endInPadding(offset)
    this.need(8, level, offset)
    const tag = this.tag(offset)
    if (tag >>> 16 === 0xfffe) return this.endOfItem(tag, level, offset)
    if (++this.elementCount > this.limits.elements) {
      throw beyondLimit('elements', this.limits.elements, `${this.file}: more data elements than the limit`, {
        file: this.file,
        offset,
      })
    }
    let vr: string | null = null
    let length: number
    if (level.explicit) {
      const known = vrOf(this.bytes[offset + 4]!, this.bytes[offset + 5]!)
      if (!known) this.fail('structure', 'an element has no known value representation', offset, tag)
      vr = known.name
      if (known.long) this.need(12, level, offset, tag)
      length = known.long ? this.u32(offset + 8) : this.u16(offset + 6)
      this.position = offset + (known.long ? 12 : 8)
      // dicom-parser takes the lengths of OV, SV and UV for short ones. Under the name UN it skips them rightly.
      if (MISREAD_VRS.includes(vr)) this.layout.patches.push({ offset: offset + 4, bytes: [0x55, 0x4e] })
    } else {
      length = this.u32(offset + 4)
      this.position = offset + 8
    }
    const span = { tag, vr, offset, valueOffset: this.position, length, undefinedLength: length === UNDEFINED }
    this.checkOnce(span, level)
    if (top) this.layout.elements.set(tag, span)
    if (span.undefinedLength) this.undefinedLength(span, level, top)
    else this.definedLength(span, level)
  }

  /**
   * A standard attribute that occurs twice in one data set or item has no meaning. While tags ascend none can; they are only
   * looked up from the first one on that does not.
   */
  private checkOnce(span: ElementSpan, level: Level): void {
    const { tag } = span
    if (tag > level.last) level.last = tag
    else {
      level.seen ??= new Set(this.tags.slice(level.base))
      if (level.seen.has(tag) && ((tag >>> 16) & 1) === 0) {
        this.fail('duplicate', `${tagName(tag)} occurs twice`, span.offset, tag)
      }
      if (this.levels.length === 1) this.layout.outOfOrder = true
    }
    level.seen?.add(tag)
    this.tags.push(tag)
  }

  private definedLength(span: ElementSpan, level: Level): void {
    const { valueOffset, length, tag } = span
    if (length > level.end - valueOffset) {
      const kind = level.end === this.size ? 'truncated' : 'length'
      const around = kind === 'truncated' ? 'the file' : 'what holds it'
      const left = level.end - valueOffset
      this.fail(kind, `${tagName(tag)} claims ${length} bytes, ${around} has ${left} left`, span.offset, tag)
    }
    const end = valueOffset + length
    const native = tag === TAG.PixelData && this.levels.length === 1 && !this.encapsulated
    if (!native) this.expectRead(end)
    const sequence = level.explicit ? span.vr === 'SQ' : this.looksLikeSequence(span)
    if (sequence) this.push({ ...level, items: true, end, open: false, span }, span)
    else this.position = end
  }

  private undefinedLength(span: ElementSpan, level: Level, top: boolean): void {
    const { vr, tag } = span
    const pixels = tag === TAG.PixelData
    if (pixels && level.explicit && this.encapsulated && (vr === 'OB' || vr === 'OW')) {
      return this.fragments(span, level, top)
    }
    const sequence = !pixels && (level.explicit ? vr === 'SQ' || vr === 'UN' : true)
    if (!sequence) {
      this.fail('undelimited', `${tagName(tag)} has undefined length, which only a sequence may have`, span.offset, tag)
    }
    // A sequence of VR UN is implicit little endian, whatever surrounds it (PS3.5 6.2.2).
    const [explicit, bigEndian] = vr === 'UN' ? [false, false] : [level.explicit, level.bigEndian]
    this.push({ ...level, items: true, open: true, explicit, bigEndian, span }, span)
  }

  private push(level: Level, span: ElementSpan): void {
    // Levels alternate: data set, sequence, item, sequence, item ...: the depth is half of them.
    if (this.levels.length >> 1 >= this.limits.depth) {
      this.fail('depth', `sequences are nested deeper than ${this.limits.depth}`, span.offset, span.tag)
    }
    this.levels.push(level)
  }

  private item(level: Level): void {
    const { position: offset } = this
    this.need(8, level, offset)
    const tag = this.tag(offset)
    const length = this.u32(offset + 4)
    this.position = offset + 8
    if (tag === SEQUENCE_END && level.open && length === 0) return this.endOfSequence(level)
    if (tag !== ITEM) this.fail('structure', 'a sequence holds something that is no item', offset)
    this.countItem(offset)
    const open = length === UNDEFINED
    if (!open && length > level.end - this.position) {
      this.fail('length', `an item claims ${length} bytes, its sequence has ${level.end - this.position} left`, offset)
    }
    const end = open ? level.end : this.position + length
    this.levels.push({ ...level, items: false, end, open, span: null, base: this.tags.length, last: -1, seen: null })
  }

  /** Close a sequence at its delimiter, which has been read. */
  private endOfSequence({ span }: Level): void {
    this.pop()
    if (!span) return
    const whole = this.position - span.valueOffset
    span.length = whole - 8
    if (span.vr !== 'UN' || !this.levels[this.levels.length - 1]!.bigEndian) return
    // dicom-parser would read the little-endian items of this sequence as big endian: let it skip them by length.
    const bytes = [whole >>> 24, (whole >>> 16) & 255, (whole >>> 8) & 255, whole & 255]
    this.layout.patches.push({ offset: span.valueOffset - 4, bytes })
  }

  private endOfItem(tag: number, level: Level, offset: number): void {
    if (tag !== ITEM_END || !level.open || this.u32(offset + 4) !== 0) {
      this.fail('structure', 'a delimiter stands where none belongs', offset)
    }
    this.position = offset + 8
    this.pop()
  }

  /** Encapsulated pixel data: an offset table, fragments, a delimiter (PS3.5 A.4). */
  private fragments(span: ElementSpan, level: Level, top: boolean): void {
    for (;;) {
      const { position: offset } = this
      this.need(8, level, offset, span.tag)
      const tag = this.tag(offset)
      const length = this.u32(offset + 4)
      this.position = offset + 8
      if (tag === SEQUENCE_END && length === 0) {
        span.length = offset - span.valueOffset
        return
      }
      if (tag !== ITEM) this.fail('structure', 'pixel data holds something that is no fragment', offset, span.tag)
      this.countItem(offset)
      if (length > level.end - this.position) {
        const left = level.end - this.position
        this.fail('truncated', `a fragment claims ${length} bytes, the file has ${left} left`, offset, span.tag)
      }
      if (top) this.layout.fragments.push(this.position, length)
      this.position += length
    }
  }

  private countItem(offset: number): void {
    if (++this.itemCount > this.limits.items) {
      throw beyondLimit('items', this.limits.items, `${this.file}: more items and fragments than the limit`, {
        file: this.file,
        offset,
      })
    }
  }

  /**
   * Implicit data does not say what is a sequence. dicom-parser enters a value that begins like one; so must the walk that
   * bounds it. Private values of known length it leaves alone.
   */
  private looksLikeSequence({ tag, valueOffset, length }: ElementSpan): boolean {
    if (length < 8 || tag === TAG.PixelData || ((tag >>> 16) & 1) === 1) return false
    const first = this.tag(valueOffset)
    return first === ITEM || first === SEQUENCE_END
  }

  /** Zeros up to the end of the file are padding some archives add; they hold nothing. Looked for only at a zero tag. */
  private onlyZerosFrom(offset: number): boolean {
    const { bytes } = this
    if (this.layout.elements.size === 0) return false
    for (let i = offset; i < bytes.length; i++) if (bytes[i] !== 0) return false
    this.expectRead(this.size)
    return true
  }

  /** Everything of a data set has an even length: an odd rest means that something before it was shifted (PS3.5 7.1.1). */
  private endInPadding(offset: number): void {
    if ((this.size - offset) % 2 === 1) this.fail('length', 'an odd number of bytes follows the data set', offset)
    this.layout.end = offset
    this.pop()
  }

  private need(count: number, level: Level, offset: number, tag?: number): void {
    if (offset + count <= level.end) return this.expectRead(offset + count)
    const kind = level.end === this.size ? 'truncated' : 'length'
    this.fail(kind, `${kind === 'truncated' ? 'the file' : 'a sequence or item'} ends inside an element`, offset, tag)
  }

  /** @throws NotRead where the bytes up to `end` are not there */
  private expectRead(end: number): void {
    if (end > this.bytes.length) throw new NotRead()
  }

  private fail(kind: ParseKind, what: string, offset: number, tag?: number): never {
    throw parseFailed(kind, what, { file: this.file, offset, tag })
  }

  private tag(offset: number): number {
    return ((this.u16(offset) << 16) | this.u16(offset + 2)) >>> 0
  }

  private u16(offset: number): number {
    const [a, b] = [this.bytes[offset]!, this.bytes[offset + 1]!]
    return this.bigEndian ? (a << 8) | b : (b << 8) | a
  }

  private u32(offset: number): number {
    const [a, b] = [this.u16(offset), this.u16(offset + 2)]
    return (this.bigEndian ? (a << 16) | b : (b << 16) | a) >>> 0
  }
}
