/**
 * The central directory of a zip archive (APPNOTE 6.3.10), read strictly: an archive that two programs could read in two ways is
 * refused. The directory has to end where its end record begins and that record at the last byte of the file; entries must
 * not overlap; what they claim is held against limits before a byte is inflated.
 */
import { parseFailed } from '../trouble.js'
import { type Limits, beyondLimit } from '../limits.js'
import { type DicomSource, baseName, readBytes, sourceSize } from '../source.js'

export interface ZipEntry {
  /** Last part of the name: for messages, never a path. */
  readonly name: string
  /** The name's bytes, which stand before the entry's data again. */
  readonly rawName: Uint8Array
  readonly method: 'stored' | 'deflated'
  readonly flags: number
  readonly crc: number
  readonly packedBytes: number
  readonly bytes: number
  /** Where its local header begins, and where the next entry or the directory does. */
  readonly offset: number
  readonly end: number
}

/** Signatures (APPNOTE 4.3). */
export const LOCAL_HEADER = 0x04034b50
const DIRECTORY_HEADER = 0x02014b50
const END_RECORD = 0x06054b50
const END_RECORD_64 = 0x06064b50
const LOCATOR_64 = 0x07064b50

const END_BYTES = 22
const LOCATOR_BYTES = 20
const END_64_BYTES = 56
const DIRECTORY_HEADER_BYTES = 46
export const LOCAL_HEADER_BYTES = 30
/** Longest comment of an archive. */
const MAX_COMMENT = 0xffff
/** Most bytes of directory an entry may take: headers, and names and extra fields far longer than any in use. */
const MAX_ENTRY_BYTES = 4096
/** Up to this size the ratio does not matter. */
const FREE_BYTES = 64 * 2 ** 20

/** Whether these bytes, the first of a file, begin a zip archive; an empty one has nothing but its end record. */
export const looksLikeZip = (head: Uint8Array): boolean => {
  const start = head.length >= 4 ? viewOf(head).getUint32(0, true) : 0
  return start === LOCAL_HEADER || start === END_RECORD
}

/**
 * The files of an archive, folders and links left out, in the order of their places.
 *
 * @throws AgatstonError `PARSE_FAILED` (kind `structure`, `truncated`, `length`, or `unsupported` for what is encrypted, split, or
 *   packed otherwise than with deflate); `LIMIT_EXCEEDED` (zipEntries, zipRatio, bytes)
 */
export async function readDirectory(source: DicomSource, limits: Limits): Promise<readonly ZipEntry[]> {
  const file = baseName(source.name)
  const { offset, bytes, entries } = await findDirectory(source, file)
  if (entries > limits.zipEntries) {
    const what = `${file}: the archive has ${entries} entries`
    throw beyondLimit('zipEntries', limits.zipEntries, what, { file, value: entries })
  }
  if (bytes > entries * MAX_ENTRY_BYTES) {
    throw parseFailed('length', `the directory of the archive has ${bytes} bytes for ${entries} entries`, {
      file,
      offset,
    })
  }
  const directory = await readBytes(source, offset, offset + bytes)
  const reader = new DirectoryReader(directory, offset, file)
  const found: DirectoryEntry[] = []
  for (let n = 0; n < entries; n++) found.push(reader.next())
  if (reader.at !== directory.length) {
    throw parseFailed('structure', 'the directory of the archive does not end with its last entry', {
      file,
      offset: offset + reader.at,
    })
  }
  return withEnds(found, offset, file, sourceSize(source), limits)
}

interface Place {
  readonly offset: number
  readonly bytes: number
  readonly entries: number
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Where the directory lies, by the end record at the end of the file, or by its 64-bit kin before it. */
async function findDirectory(source: DicomSource, file: string): Promise<Place> {
  const size = sourceSize(source)
  const tailStart = Math.max(0, size - END_BYTES - MAX_COMMENT - LOCATOR_BYTES)
  const tail = await readBytes(source, tailStart, size)
  const view = viewOf(tail)
  let at = tail.length - END_BYTES
  const isEnd = (): boolean =>
    view.getUint32(at, true) === END_RECORD && at + END_BYTES + view.getUint16(at + 20, true) === tail.length
  while (at >= 0 && !isEnd()) at--
  if (at < 0) throw parseFailed('truncated', 'the archive has no directory at its end', { file, offset: size })
  const where = { file, offset: tailStart + at }
  const [disk, firstDisk] = [view.getUint16(at + 4, true), view.getUint16(at + 6, true)]
  const [own, entries] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)]
  const [bytes, offset] = [view.getUint32(at + 12, true), view.getUint32(at + 16, true)]
  const large = at >= LOCATOR_BYTES && view.getUint32(at - LOCATOR_BYTES, true) === LOCATOR_64
  if (large) return findDirectory64(source, file, where.offset - LOCATOR_BYTES)
  if (disk !== 0 || firstDisk !== 0 || own !== entries) throw split(where)
  return endingAt(where.offset, { offset, bytes, entries }, where)
}

async function findDirectory64(source: DicomSource, file: string, locator: number): Promise<Place> {
  const where = { file, offset: locator }
  const start = locator - END_64_BYTES
  if (start < 0) throw parseFailed('structure', 'the 64-bit end record of the archive is not there', where)
  const view = viewOf(await readBytes(source, start, locator + LOCATOR_BYTES))
  // Only a record of the usual length right before its locator is read: a longer one has not been met.
  const fits = view.getUint32(0, true) === END_RECORD_64 && longAt(view, 4) === END_64_BYTES - 12
  const locates = longAt(view, END_64_BYTES + 8) === start
  if (!fits || !locates) throw parseFailed('structure', 'the 64-bit end record of the archive is not there', where)
  const entries = longAt(view, 32)
  if (view.getUint32(16, true) !== 0 || view.getUint32(20, true) !== 0 || longAt(view, 24) !== entries) {
    throw split(where)
  }
  return endingAt(start, { offset: longAt(view, 48), bytes: longAt(view, 40), entries }, where)
}

/** 64 bits as a number; those no file can mean become Infinity, which fits nowhere. */
function longAt(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true)
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : Infinity
}

const split = (where: { readonly file: string; readonly offset: number }): Error =>
  parseFailed('unsupported', 'the archive is one part of several, which are not read: join or unpack them', where)

function endingAt(end: number, place: Place, where: { readonly file: string; readonly offset: number }): Place {
  if (place.offset + place.bytes === end) return place
  const before = end - place.offset - place.bytes
  if (before > 0) {
    const what = `the archive says its directory ends at byte ${place.offset + place.bytes}, and it ends at ${end}: ${before} bytes were put before or into it, as a program that unpacks it. Unpack the archive, and give the folder`
    throw parseFailed('structure', what, where)
  }
  throw parseFailed('structure', 'the directory of the archive does not lie where its end record says', where)
}

type DirectoryEntry = Omit<ZipEntry, 'end'> & { readonly isFile: boolean }

/** Bits of the general flags: encrypted, patched data, strongly encrypted, directory encrypted. */
const ENCRYPTED = 0x0001 | 0x0040 | 0x2000
const PATCHED = 0x0020
export const NOT_READ = ENCRYPTED | PATCHED
const UTF8 = 0x0800

/** Names of packing methods that are met and not read (APPNOTE 4.4.5). */
const OTHER_METHODS: Readonly<Record<number, string>> = {
  9: 'Deflate64',
  12: 'bzip2',
  14: 'LZMA',
  93: 'Zstandard',
  95: 'XZ',
  98: 'PPMd',
  99: 'AES encryption',
}

class DirectoryReader {
  at = 0
  private readonly view: DataView

  constructor(
    private readonly bytes: Uint8Array,
    private readonly start: number,
    private readonly file: string,
  ) {
    this.view = viewOf(bytes)
  }

  next(): DirectoryEntry {
    const { view, at } = this
    const where = { file: this.file, offset: this.start + at }
    if (at + DIRECTORY_HEADER_BYTES > this.bytes.length || view.getUint32(at, true) !== DIRECTORY_HEADER) {
      throw parseFailed('structure', 'the directory of the archive has fewer entries than it says', where)
    }
    const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)]
    const [nameBytes, extraBytes] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true)]
    const nameEnd = at + DIRECTORY_HEADER_BYTES + nameBytes
    const end = nameEnd + extraBytes + view.getUint16(at + 32, true)
    if (end > this.bytes.length) {
      throw parseFailed('structure', 'an entry of the directory of the archive breaks off', where)
    }
    const rawName = this.bytes.slice(at + DIRECTORY_HEADER_BYTES, nameEnd)
    const short = [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)]
    const [bytes, packedBytes, offset] = this.long(short, this.bytes.subarray(nameEnd, nameEnd + extraBytes), where)
    const disk = view.getUint16(at + 34, true)
    if (disk !== 0 && disk !== 0xffff) throw split(where)
    const isFile = this.isFile(at, rawName)
    this.at = end
    return {
      name: baseName(decodeName(rawName, (flags & UTF8) !== 0)),
      rawName,
      method: isFile ? packing(method, flags, where) : 'stored',
      flags,
      crc: view.getUint32(at + 16, true),
      packedBytes: packedBytes!,
      bytes: bytes!,
      offset: offset!,
      isFile,
    }
  }

  /** Sizes and place; those that are all ones stand in the zip64 extra field, in this order (APPNOTE 4.5.3). */
  private long(
    short: readonly number[],
    extra: Uint8Array,
    where: { readonly file: string; readonly offset: number },
  ): number[] {
    const missing = short.filter((value) => value === 0xffffffff).length
    if (missing === 0) return [...short]
    const view = viewOf(extra)
    for (let at = 0; at + 4 <= extra.length;) {
      const [id, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)]
      at += 4
      if (at + length > extra.length) break
      if (id === 1 && length >= 8 * missing) {
        const sizes = short.map((value) => {
          if (value !== 0xffffffff) return value
          at += 8
          return longAt(view, at - 8)
        })
        if (sizes.every(Number.isFinite)) return sizes
        throw parseFailed('structure', 'an entry of the archive has sizes no file can have', where)
      }
      at += length
    }
    throw parseFailed('structure', 'an entry of the archive has no 64-bit sizes where it needs them', where)
  }

  /** Folders hold nothing; a link made on Unix holds the path it leads to, which is not followed. */
  private isFile(at: number, rawName: Uint8Array): boolean {
    const madeOnUnix = this.view.getUint8(at + 5) === 3
    const type = madeOnUnix ? (this.view.getUint32(at + 38, true) >>> 28) & 15 : 0
    return rawName[rawName.length - 1] !== 0x2f && (type === 0 || type === 8)
  }
}

function packing(
  method: number,
  flags: number,
  where: { readonly file: string; readonly offset: number },
): ZipEntry['method'] {
  if (flags & ENCRYPTED || method === 99) {
    throw parseFailed('unsupported', 'an entry of the archive is encrypted: unpack it with its password', where)
  }
  if (flags & PATCHED) throw parseFailed('unsupported', 'an entry of the archive is a patch, which is not read', where)
  if (method === 0) return 'stored'
  if (method === 8) return 'deflated'
  const name = OTHER_METHODS[method] ? ` (${OTHER_METHODS[method]})` : ''
  throw parseFailed('unsupported', `an entry of the archive is packed by method ${method}${name}: unpack it`, where)
}

function decodeName(bytes: Uint8Array, utf8: boolean): string {
  return utf8 ? new TextDecoder().decode(bytes) : String.fromCharCode(...bytes.subarray(-1024))
}

/** Each entry with where the next thing begins. Entries that overlap are how small archives hold petabytes. */
function withEnds(
  found: readonly DirectoryEntry[],
  directoryOffset: number,
  file: string,
  archiveBytes: number,
  limits: Limits,
): readonly ZipEntry[] {
  const inPlace = [...found].sort((a, b) => a.offset - b.offset)
  const entries: ZipEntry[] = []
  let total = 0
  inPlace.forEach(({ isFile, ...entry }, n) => {
    const end = inPlace[n + 1]?.offset ?? directoryOffset
    const least = entry.offset + LOCAL_HEADER_BYTES + entry.rawName.length + entry.packedBytes
    if (!(least <= end)) {
      const what = `${entry.name} of the archive runs into what follows it`
      throw parseFailed('structure', what, { file, offset: entry.offset })
    }
    if (!isFile) return
    checkSizes(entry, file, limits)
    total += entry.bytes
    entries.push({ ...entry, end })
  })
  if (total > limits.bytes) {
    const what = `${file}: its entries have ${total} bytes together`
    throw beyondLimit('bytes', limits.bytes, what, { file, value: total })
  }
  if (total > Math.max(FREE_BYTES, limits.zipRatio * archiveBytes)) {
    const what = `${file}: ${archiveBytes} bytes of archive hold ${total}`
    throw beyondLimit('zipRatio', limits.zipRatio, what, { file, value: total })
  }
  return entries
}

function checkSizes(
  { name, method, bytes, packedBytes, offset }: Omit<ZipEntry, 'end'>,
  file: string,
  limits: Limits,
): void {
  if (method === 'stored' && bytes !== packedBytes) {
    throw parseFailed('length', `${name} of the archive is not packed, but has two sizes`, { file, offset })
  }
  if (bytes > Math.max(FREE_BYTES, limits.zipRatio * packedBytes)) {
    const what = `${file}: ${packedBytes} bytes of ${name} hold ${bytes}`
    throw beyondLimit('zipRatio', limits.zipRatio, what, { file, value: bytes })
  }
}
