/** Where bytes come from: memory, a file on disk, or one a browser hands over. None is ever read whole when it need not be. */
import { bytesUnder } from '../base/bytes.js'
import { parseFailed } from './trouble.js'

export interface DicomSource {
  /** Name to show; only its last part is kept. */
  readonly name: string
  /** The file: bytes at any offset of their buffer, or what is read when needed. Not to be changed while in use. */
  readonly data: Uint8Array | Blob | RandomAccess
}

/** A file that can be read from anywhere, at once. */
export interface RandomAccess {
  readonly size: number
  /**
   * Read from byte `start` on until `into` is full or the file ends; returns how many bytes were read.
   *
   * @throws AgatstonError `PARSE_FAILED` (kind `read`)
   */
  read(start: number, into: Uint8Array): number
}

/** @throws TypeError where the caller hands over something that is no source */
export function checkSource(source: DicomSource): void {
  const data: unknown = source?.data
  const right = data instanceof Uint8Array || (typeof Blob !== 'undefined' && data instanceof Blob) || isAccess(data)
  if (typeof source?.name !== 'string' || !right) {
    throw new TypeError('a source must be { name: string, data: Uint8Array | Blob | { size, read } }')
  }
}

const isAccess = (data: unknown): data is RandomAccess =>
  typeof data === 'object' && data !== null && 'read' in data && typeof data.read === 'function' && 'size' in data

/** Last part of a path, control characters replaced, at most 128 characters: safe to print. */
export function baseName(path: string): string {
  const last = path.split(/[\\/]/).pop() ?? ''
  // oxlint-disable-next-line no-control-regex
  return last.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/g, '?').slice(-128)
}

export const sourceSize = (source: DicomSource): number =>
  source.data instanceof Uint8Array ? source.data.length : source.data.size

/**
 * Bytes `start` to `end`: a view where they are in memory, else read. Synchronous for memory and for files on disk.
 *
 * @param room at least as many bytes, for what is read from disk: good until it is used again
 */
export function readBytes(
  source: DicomSource,
  start: number,
  end: number,
  room?: Uint8Array,
): Uint8Array | Promise<Uint8Array> {
  const { data, name } = source
  if (!(data instanceof Uint8Array)) {
    if (!isAccess(data)) return readBlob(data, baseName(name), start, end)
    const count = Math.max(0, Math.min(end, data.size) - start)
    const bytes = room ? room.subarray(0, count) : new Uint8Array(count)
    return bytes.subarray(0, data.read(start, bytes))
  }
  // A buffer that was transferred away has length 0, and throws when a view is taken of it. The view is a plain one: `slice` of
  // a Node Buffer copies nothing, and its memory holds other files beside this one.
  return data.length === 0 ? new Uint8Array(0) : bytesUnder(data).subarray(start, end)
}

/** `size` bytes of a file from byte `start` on, as a file of their own. */
export function partOf(data: Blob | RandomAccess, start: number, size: number): Blob | RandomAccess {
  if (!isAccess(data)) return data.slice(start, start + size)
  return { size, read: (from, into) => data.read(start + from, into.subarray(0, Math.max(0, size - from))) }
}

/** Fill `into` with the bytes from `start` on, without a copy between; false where they are not there any more. */
export function readInto(source: DicomSource, start: number, into: Uint8Array): boolean | Promise<boolean> {
  const { data } = source
  if (isAccess(data)) return data.read(start, into) === into.length
  const fill = (bytes: Uint8Array): boolean => {
    if (bytes.length !== into.length) return false
    into.set(bytes)
    return true
  }
  const bytes = readBytes(source, start, start + into.length)
  return bytes instanceof Uint8Array ? fill(bytes) : bytes.then(fill)
}

async function readBlob(blob: Blob, file: string, start: number, end: number): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.slice(start, end).arrayBuffer())
  } catch (cause) {
    throw parseFailed('read', 'the file could not be read', { file }, cause)
  }
}
