/** Where bytes come from: memory, or a file a browser hands over. Neither is ever copied whole when it need not be. */
import { bytesUnder } from '../base/bytes.js'
import { parseFailed } from './trouble.js'

export interface DicomSource {
  /** Name to show; only its last part is kept. */
  readonly name: string
  /** The file: bytes at any offset of their buffer, or a blob that is read when needed. Not to be changed while in use. */
  readonly data: Uint8Array | Blob
}

/** Bytes enough to tell whether a file can be DICOM at all. */
export const MAGIC_BYTES = 132

/** @throws TypeError where the caller hands over something that is no source */
export function checkSource(source: DicomSource): void {
  const blob = typeof Blob !== 'undefined' && source?.data instanceof Blob
  if (typeof source?.name !== 'string' || !(source.data instanceof Uint8Array || blob)) {
    throw new TypeError('a source must be { name: string, data: Uint8Array | Blob }')
  }
}

/** Last part of a path, control characters replaced, at most 128 characters: safe to print. */
export function baseName(path: string): string {
  const last = path.split(/[\\/]/).pop() ?? ''
  // oxlint-disable-next-line no-control-regex
  return last.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/g, '?').slice(-128)
}

export const sourceSize = (source: DicomSource): number =>
  source.data instanceof Uint8Array ? source.data.length : source.data.size

/** Bytes `start` to `end`: a view where they are in memory, else read. Synchronous for memory. */
export function readBytes(source: DicomSource, start: number, end: number): Uint8Array | Promise<Uint8Array> {
  const { data, name } = source
  if (!(data instanceof Uint8Array)) return readBlob(data, baseName(name), start, end)
  // A buffer that was transferred away has length 0, and throws when a view is taken of it. The view is a plain one: `slice` of
  // a Node Buffer copies nothing, and its memory holds other files beside this one.
  return data.length === 0 ? new Uint8Array(0) : bytesUnder(data).subarray(start, end)
}

async function readBlob(blob: Blob, file: string, start: number, end: number): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.slice(start, end).arrayBuffer())
  } catch (cause) {
    throw parseFailed('read', 'the file could not be read', { file }, cause)
  }
}
