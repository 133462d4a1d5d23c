/**
 * Zip archives as sources: entry by entry, so that memory holds what is kept and no more. Every entry is checked to its last
 * byte (size and CRC-32), also those that are no DICOM; of the latter only the beginning is kept, by which they are told
 * apart. Names become base names for messages; none is ever a path. An archive inside an archive is passed over like any other
 * file that is no DICOM.
 */
import { AgatstonError } from '../../base/errors.js'
import { crc32 } from '../../base/checksum.js'
import { DeflateError, inflateInto, inflatePieces } from './inflate.js'
import { type Limits, checkLimits } from '../limits.js'
import { looksLikeDicom } from '../open.js'
import { type DicomSource, baseName, checkSource, partOf, readBytes } from '../source.js'
import { parseFailed } from '../trouble.js'
import { LOCAL_HEADER, LOCAL_HEADER_BYTES, NOT_READ, type ZipEntry, readDirectory } from './zip-directory.js'

export { looksLikeZip } from './zip-directory.js'

/** An archive whose directory was read and checked. */
export interface ZipArchive {
  /** Files in it. */
  readonly files: number
  /** Each of them, unpacked when it is asked for. */
  readonly sources: () => AsyncGenerator<DicomSource>
}

/**
 * The files of a zip archive, for `readSeries` or `inspectSeries`.
 *
 * @throws AgatstonError `PARSE_FAILED` for an archive that is cut, damaged, encrypted, or packed otherwise than with deflate;
 *   `LIMIT_EXCEEDED` (zipEntries, zipRatio, bytes), before anything is unpacked
 */
export async function* unzip(
  source: DicomSource,
  options: { readonly limits?: Partial<Limits> } = {},
): AsyncGenerator<DicomSource> {
  yield* (await openZip(source, checkLimits(options.limits))).sources()
}

/** Read and check the directory of an archive. Throws as `unzip`. */
export async function openZip(source: DicomSource, limits: Limits): Promise<ZipArchive> {
  checkSource(source)
  const entries = await readDirectory(source, limits)
  return {
    files: entries.length,
    sources: async function* () {
      for (const entry of entries) yield { name: entry.name, data: await unpack(source, entry) }
    },
  }
}

/** Enough of a file to tell whether it is DICOM. */
const HEAD_BYTES = 512

/** The bytes of an entry; of one that is no DICOM the first of them. What lies as it is in a file or blob stays there. */
async function unpack(source: DicomSource, entry: ZipEntry): Promise<DicomSource['data']> {
  const start = await dataStart(source, entry)
  const packed = await readBytes(source, start, start + entry.packedBytes)
  if (packed.length !== entry.packedBytes) throw refuse(source, entry, 'read', 'could not be read')
  if (entry.method === 'stored') {
    if (crc32(packed) !== entry.crc) throw wrongSum(source, entry)
    if (!looksLikeDicom(packed)) return packed.slice(0, HEAD_BYTES)
    return source.data instanceof Uint8Array ? packed : partOf(source.data, start, packed.length)
  }
  try {
    const head = headOf(packed, entry)
    return looksLikeDicom(head) ? whole(source, packed, entry) : checked(source, packed, entry, head)
  } catch (cause) {
    if (cause instanceof RangeError) throw noMemory(source, entry, cause)
    if (!(cause instanceof DeflateError)) throw cause
    if (cause.kind !== 'full') throw refuse(source, entry, cause.kind, `cannot be unpacked: ${cause.message}`, cause)
    throw refuse(source, entry, 'length', 'holds more than the directory of the archive says', cause)
  }
}

/** Where the data of an entry begins. Its local header must say what the directory says. */
async function dataStart(source: DicomSource, entry: ZipEntry): Promise<number> {
  const { offset, rawName, end, packedBytes, flags, method } = entry
  const header = await readBytes(source, offset, offset + LOCAL_HEADER_BYTES + rawName.length)
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
  const agrees =
    header.length === LOCAL_HEADER_BYTES + rawName.length &&
    view.getUint32(0, true) === LOCAL_HEADER &&
    ((view.getUint16(6, true) ^ flags) & NOT_READ) === 0 &&
    view.getUint16(8, true) === (method === 'stored' ? 0 : 8) &&
    view.getUint16(26, true) === rawName.length &&
    rawName.every((byte, n) => byte === header[LOCAL_HEADER_BYTES + n])
  if (!agrees) throw refuse(source, entry, 'structure', 'is not what the directory of the archive says')
  const start = offset + LOCAL_HEADER_BYTES + rawName.length + view.getUint16(28, true)
  if (start + packedBytes > end) throw refuse(source, entry, 'structure', 'runs into what follows it')
  return start
}

/** The first bytes of an entry; the rest is not looked at. */
function headOf(packed: Uint8Array, { bytes }: ZipEntry): Uint8Array {
  const head = new Uint8Array(Math.min(bytes, HEAD_BYTES))
  try {
    return head.subarray(0, inflateInto(packed, 0, head).size)
  } catch (error) {
    if (error instanceof DeflateError && error.kind === 'full') return head
    throw error
  }
}

function whole(source: DicomSource, packed: Uint8Array, entry: ZipEntry): Uint8Array {
  const bytes = new Uint8Array(entry.bytes)
  const { size, end } = inflateInto(packed, 0, bytes)
  checkEnd(source, entry, size, end, crc32(bytes))
  return bytes
}

function checked(source: DicomSource, packed: Uint8Array, entry: ZipEntry, head: Uint8Array): Uint8Array {
  let [seen, sum] = [0, 0]
  const { size, end } = inflatePieces(packed, 0, (piece) => {
    seen += piece.length
    if (seen > entry.bytes) throw new DeflateError('full', 'the entry holds more than its size', 0)
    sum = crc32(piece, sum)
  })
  checkEnd(source, entry, size, end, sum)
  return head
}

function checkEnd(source: DicomSource, entry: ZipEntry, size: number, end: number, sum: number): void {
  if (size !== entry.bytes || end !== entry.packedBytes) {
    throw refuse(source, entry, 'length', 'holds less than the directory of the archive says')
  }
  if (sum !== entry.crc) throw wrongSum(source, entry)
}

function refuse(
  source: DicomSource,
  { name, offset }: ZipEntry,
  kind: 'read' | 'structure' | 'truncated' | 'damaged' | 'length',
  what: string,
  cause?: unknown,
): AgatstonError {
  return parseFailed(kind, `${name} of the archive ${what}`, { file: baseName(source.name), offset }, cause)
}

const wrongSum = (source: DicomSource, entry: ZipEntry): AgatstonError =>
  refuse(source, entry, 'damaged', 'is damaged: its CRC-32 does not fit')

function noMemory(source: DicomSource, { name }: ZipEntry, cause: unknown): AgatstonError {
  const file = baseName(source.name)
  const message = `${file}: there is no memory for ${name}. Close other programs, or unpack the archive`
  return new AgatstonError('OUT_OF_MEMORY', message, { file }, { cause })
}
