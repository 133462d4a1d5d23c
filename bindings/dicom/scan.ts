/**
 * The structure of a data set, walked once under limits before any parser sees it (PS3.5 section 7).
 *
 * dicom-parser trusts what it reads: it runs past the end of implicit data, recurses as deep as a file asks for, and takes the
 * end of the file for the end of a sequence. This walk trusts nothing. Every length is held against the element or file around
 * it; sequences are followed on an explicit stack, so that depth is a number and not a stack overflow; each byte is visited at
 * most once, so time is linear in the file. What it leaves behind is an index of the top level.
 */
import { type Limits, beyondLimit, mostElements } from './limits.js'
import { Cursor } from './cursor.js'
import { ITEM, ITEM_END, SEQUENCE_END, UNDEFINED } from './layout.js'
import type { ElementSpan, Encoding, Layout, Level } from './layout.js'
import { DEFLATED_LITTLE } from './syntax.js'
import { TAG, tagName } from './tags.js'
import { MISREAD_VRS, vrOf } from './vr.js'

export class Scanner extends Cursor {
  readonly layout: Layout = { spans: [], elements: new Map(), fragments: [], patches: [], outOfOrder: false, end: 0 }
  private elementCount = 0
  private itemCount = 0
  private levels: Level[] = []
  /** Tags of the data sets that are open, innermost last. */
  private readonly tags: number[] = []
  private readonly mostElements: number
  private encapsulated = false

  /**
   * @param bytes the file, or its beginning
   * @param size bytes of the file; the pixel data of native syntaxes may lie beyond `bytes`, for anything else there the walk
   *   throws `NotRead`
   */
  constructor(
    bytes: Uint8Array,
    file: string,
    private readonly limits: Limits,
    size: number = bytes.length,
  ) {
    super(bytes, file, size)
    this.mostElements = mostElements(limits, size)
  }

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
    this.need(8, level.end, offset)
    const tag = this.tag(offset)
    if (tag >>> 16 === 0xfffe) return this.endOfItem(tag, level, offset)
    if (++this.elementCount > this.mostElements) {
      throw beyondLimit('elements', this.mostElements, `${this.file}: more data elements than the limit`, {
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
      if (known.long) this.need(12, level.end, offset, tag)
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
    if (top) {
      this.layout.spans.push(span)
      this.layout.elements.set(tag, span)
    }
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
    this.need(8, level.end, offset)
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
      this.need(8, level.end, offset, span.tag)
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
}
