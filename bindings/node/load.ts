/**
 * From found files to sources the DICOM reader takes. Small studies are read at once, synchronously: for many files of half a
 * megabyte that takes a fifth of the time of asynchronous reading (13 ms against 70 ms for a series of 47). Large ones stay on
 * disk and are read when a slice is asked for, so memory stays that of the largest file.
 */
import { closeSync, openAsBlob, openSync, readSync } from 'node:fs'
import { looksLikeDicom } from '../dicom/open.js'
import type { DicomSource } from '../dicom/source.js'
import { type FoundFile, unreadable } from './files.js'

/** Studies up to this size are held in memory. */
const IN_MEMORY_BYTES = 2 ** 30
/** Enough of a file to tell whether it is DICOM: the preamble, or the first elements of a file without one. */
const HEAD_BYTES = 512

/**
 * Sources of these files, each read when it is asked for.
 *
 * @throws AgatstonError `PARSE_FAILED` (kind `read`) for a file that cannot be read
 */
export async function* loadFiles(
  files: readonly FoundFile[],
  inMemoryBytes: number = IN_MEMORY_BYTES,
): AsyncGenerator<DicomSource> {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const held = bytes <= inMemoryBytes
  for (const file of files) {
    const start = readStart(file, held)
    yield { name: file.name, data: start.whole ? start.data : await openBlob(file.path) }
  }
}

/** The file if it is to be held, else its first bytes; those are also all that is read of a file that is no DICOM. */
function readStart({ path, bytes }: FoundFile, hold: boolean): { data: Uint8Array; whole: boolean } {
  try {
    const file = openSync(path, 'r')
    try {
      const head = fill(file, new Uint8Array(Math.min(bytes, HEAD_BYTES)), 0)
      if (head.length === bytes || !looksLikeDicom(head)) return { data: head, whole: true }
      if (!hold) return { data: head, whole: false }
      const data = new Uint8Array(bytes)
      data.set(head)
      return { data: fill(file, data, head.length), whole: true }
    } finally {
      closeSync(file)
    }
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

/** Read on from byte `from` until `into` is full or the file ends; what was read. */
function fill(file: number, into: Uint8Array, from: number): Uint8Array {
  let at = from
  while (at < into.length) {
    const read = readSync(file, into, at, into.length - at, at)
    if (read === 0) break
    at += read
  }
  return into.subarray(0, at)
}

async function openBlob(path: string): Promise<Blob> {
  try {
    return await openAsBlob(path)
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

/** A whole file at once, for what is no series of slices: a volume or a label map in one file. */
export function loadFile({ path, bytes }: FoundFile): Uint8Array {
  try {
    const file = openSync(path, 'r')
    try {
      return fill(file, new Uint8Array(bytes), 0)
    } finally {
      closeSync(file)
    }
  } catch (cause) {
    throw unreadable(path, cause)
  }
}
