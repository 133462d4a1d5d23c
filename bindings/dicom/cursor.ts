/** A position in a file, of which perhaps only the beginning is there, and the numbers that are read from it. */
import { NotRead } from './layout.js'
import { type ParseKind, parseFailed } from './trouble.js'

export abstract class Cursor {
  protected position = 0
  protected bigEndian = false

  /**
   * @param bytes the file, or its beginning
   * @param size bytes of the file
   */
  constructor(
    protected readonly bytes: Uint8Array,
    protected readonly file: string,
    protected readonly size: number,
  ) {}

  /**
   * That `count` bytes from `offset` on lie before `end`, and were read.
   *
   * @throws AgatstonError `PARSE_FAILED`; NotRead where they were not read yet
   */
  protected need(count: number, end: number, offset: number, tag?: number): void {
    if (offset + count <= end) return this.expectRead(offset + count)
    const kind = end === this.size ? 'truncated' : 'length'
    this.fail(kind, `${kind === 'truncated' ? 'the file' : 'a sequence or item'} ends inside an element`, offset, tag)
  }

  /** @throws NotRead where the bytes up to `end` are not there */
  protected expectRead(end: number): void {
    if (end > this.bytes.length) throw new NotRead()
  }

  protected fail(kind: ParseKind, what: string, offset: number, tag?: number): never {
    throw parseFailed(kind, what, { file: this.file, offset, tag })
  }

  protected tag(offset: number): number {
    return ((this.u16(offset) << 16) | this.u16(offset + 2)) >>> 0
  }

  protected u16(offset: number): number {
    const a = this.bytes[offset]!
    const b = this.bytes[offset + 1]!
    return this.bigEndian ? (a << 8) | b : (b << 8) | a
  }

  protected u32(offset: number): number {
    const a = this.u16(offset)
    const b = this.u16(offset + 2)
    return (this.bigEndian ? (a << 16) | b : (b << 16) | a) >>> 0
  }
}
