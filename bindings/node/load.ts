/**
 * From found files to sources the DICOM reader takes. They stay on disk: the reader asks for their beginnings, and for the pixels
 * of a slice when it is scored, so that memory stays that of one slice and no byte is copied twice. Reading is synchronous: for
 * many files of half a megabyte that takes a fifth of the time of asynchronous reading (13 ms against 70 ms for a series of 47).
 */
import { closeSync, openSync, readSync } from 'node:fs'
import type { DicomSource, RandomAccess } from '../dicom/source.js'
import { type FoundFile, unreadable } from './files.js'

/** Sources of these files, each read when it is asked for. */
export const loadFiles = (files: readonly FoundFile[]): readonly DicomSource[] => files.map(sourceOf)

/** A file as a source. */
export const sourceOf = (file: FoundFile): DicomSource => ({ name: file.name, data: new FileOnDisk(file) })

/** A file that is opened for each reading, so that a series of thousands holds no handles. */
class FileOnDisk implements RandomAccess {
  readonly size: number
  readonly #path: string

  constructor({ path, bytes }: FoundFile) {
    this.size = bytes
    this.#path = path
  }

  read(start: number, into: Uint8Array): number {
    try {
      const file = openSync(this.#path, 'r')
      try {
        return fill(file, start, into)
      } finally {
        closeSync(file)
      }
    } catch (cause) {
      throw unreadable(this.#path, cause)
    }
  }
}

/** Read from byte `start` on until `into` is full or the file ends; how much was read. */
function fill(file: number, start: number, into: Uint8Array): number {
  let at = 0
  while (at < into.length) {
    const read = readSync(file, into, at, into.length - at, start + at)
    if (read === 0) break
    at += read
  }
  return at
}

/** A whole file at once, for what is no series of slices: a volume or a label map in one file. */
export function loadFile(file: FoundFile): Uint8Array {
  const bytes = new Uint8Array(file.bytes)
  return bytes.subarray(0, new FileOnDisk(file).read(0, bytes))
}
