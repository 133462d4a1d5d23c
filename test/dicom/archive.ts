/** A writer of zip archives for tests, in which everything can be made wrong. */
import { crc32, deflateRawSync } from 'node:zlib'
import { join } from './make.js'

export interface TestEntry {
  readonly name: string
  readonly data: Uint8Array
  readonly stored?: boolean
  /** Sizes and CRC-32 stand behind the data, zeros before it. */
  readonly descriptor?: boolean
  /** Sizes and place stand in 64-bit fields. */
  readonly zip64?: boolean
  readonly flags?: number
  readonly method?: number
  /** What the directory says instead of the truth. */
  readonly says?: Partial<Record<'crc' | 'packed' | 'size' | 'offset', number>>
  /** The name in the local header. */
  readonly localName?: string
  /** Mode bits of Unix, such as 0o120777 of a link. */
  readonly mode?: number
  /** Compressed bytes to write instead. */
  readonly packed?: Uint8Array
}

export interface TestArchive {
  readonly comment?: string
  readonly zip64?: boolean
  readonly before?: Uint8Array
  /** Entries the end record claims. */
  readonly count?: number
  readonly disk?: number
  /** Added to the offset and the size of the directory in the end record. */
  readonly shift?: number
  readonly longer?: number
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Little-endian numbers: pairs of width in bytes and value. */
function record(...fields: readonly (readonly [width: 1 | 2 | 4 | 8, value: number])[]): Uint8Array {
  const bytes: number[] = []
  for (const [width, value] of fields) {
    for (let n = 0, rest = value; n < width; n++, rest = Math.floor(rest / 256)) bytes.push(rest % 256)
  }
  return Uint8Array.from(bytes)
}

export function zip(entries: readonly TestEntry[], archive: TestArchive = {}): Uint8Array {
  const parts: Uint8Array[] = [archive.before ?? new Uint8Array(0)]
  const directory: Uint8Array[] = []
  const length = (of: readonly Uint8Array[]): number => of.reduce((sum, part) => sum + part.length, 0)
  for (const entry of entries) {
    const { data, stored = false, descriptor = false, zip64 = false, says = {} } = entry
    const [name, localName] = [bytesOf(entry.name), bytesOf(entry.localName ?? entry.name)]
    const packed = entry.packed ?? (stored ? data : new Uint8Array(deflateRawSync(data)))
    const method = entry.method ?? (stored ? 0 : 8)
    const flags = (entry.flags ?? 0) | (descriptor ? 8 : 0) | 0x800
    const crc = says.crc ?? crc32(data)
    const [packedSize, size] = [says.packed ?? packed.length, says.size ?? data.length]
    const offset = says.offset ?? length(parts)
    const own: readonly [4, number][] = descriptor ? [[4, 0], [4, 0], [4, 0]] : [[4, crc], [4, packedSize], [4, size]] // prettier-ignore
    parts.push(record([4, 0x04034b50], [2, 20], [2, flags], [2, method], [4, 0], ...own, [2, localName.length], [2, 0]))
    parts.push(localName, packed)
    if (descriptor) parts.push(record([4, 0x08074b50], [4, crc], [4, packedSize], [4, size]))
    const extra = zip64 ? record([2, 0x5455], [2, 1], [1, 0], [2, 1], [2, 24], [8, size], [8, packedSize], [8, offset]) : new Uint8Array(0) // prettier-ignore
    const short = (value: number): number => (zip64 ? 0xffffffff : value)
    directory.push(
      record([4, 0x02014b50], [2, 20 + 256 * 3], [2, 20], [2, flags], [2, method], [4, 0], [4, crc]),
      record([4, short(packedSize)], [4, short(size)], [2, name.length], [2, extra.length], [2, 0], [2, 0], [2, 0]),
      record([2, 0], [2, entry.mode ?? 0o100644], [4, short(offset)]),
      name,
      extra,
    )
  }
  const start = length(parts) + (archive.shift ?? 0)
  const [size, count] = [length(directory) + (archive.longer ?? 0), archive.count ?? entries.length]
  const comment = bytesOf(archive.comment ?? '')
  const disk = archive.disk ?? 0
  parts.push(...directory)
  if (archive.zip64) {
    const at = length(parts)
    parts.push(
      record(
        [4, 0x06064b50],
        [8, 44],
        [2, 45],
        [2, 45],
        [4, disk],
        [4, disk],
        [8, count],
        [8, count],
        [8, size],
        [8, start],
      ),
      record([4, 0x07064b50], [4, 0], [8, at], [4, 1]),
    )
  }
  const cap = (value: number, most: number): number => (archive.zip64 ? most : value)
  parts.push(
    record([4, 0x06054b50], [2, disk], [2, disk], [2, cap(count, 0xffff)], [2, cap(count, 0xffff)]),
    record([4, cap(size, 0xffffffff)], [4, cap(start, 0xffffffff)], [2, comment.length]),
    comment,
  )
  return join(parts)
}
