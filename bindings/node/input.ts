/**
 * From paths to sources: files and folders as they are, zip archives entry by entry, and a DICOMDIR for the folder it lies in.
 * An archive is unpacked only where it was named itself; one that lies in a folder is mostly a copy of it, another study or a
 * viewer, and reading it would take memory for all it holds: it is passed over, and told of by name (`dicom/foreign`). Nothing is ever written, and no name inside an archive or a DICOMDIR is used as a path.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { type Limits, checkLimits } from '../dicom/limits.js'
import { type DicomSource, baseName } from '../dicom/source.js'
import { type ZipArchive, looksLikeZip, openZip } from '../dicom/archive/zip.js'
import { type FoundFile, findFiles, unreadable } from './files.js'
import { type Handles, loadFiles, sourceOf } from './load.js'

export interface Input {
  /** How many sources there are. */
  readonly files: number
  readonly sources: () => AsyncGenerator<DicomSource>
}

/**
 * Everything these paths hold.
 *
 * @param handles keeps files open between their readings
 * @throws what `findFiles` throws; AgatstonError `PARSE_FAILED` and `LIMIT_EXCEEDED` for an archive that cannot be read
 */
export async function openInput(
  paths: readonly string[],
  changes: Partial<Limits> | undefined,
  handles?: Handles,
): Promise<Input> {
  const limits = checkLimits(changes)
  // An archive inside a folder that is named as well may be named by another way to the same place.
  const named = new Set(paths.map((path) => resolve(path)))
  const found = findFiles(paths.map(folderOfDirectory))
  const ends = new Set([...named].map(baseName))
  const isArchive = (file: FoundFile): boolean => ends.has(file.name) && named.has(resolve(file.path)) && isZip(file)
  const zips = found.filter(isArchive)
  const plain = found.filter((file) => !zips.includes(file))
  const archives: ZipArchive[] = []
  for (const zip of zips) archives.push(await openZip(sourceOf(zip), limits))
  return {
    files: archives.reduce((sum, { files }) => sum + files, plain.length),
    sources: async function* () {
      yield* loadFiles(plain, handles)
      for (const archive of archives) yield* archive.sources()
    },
  }
}

/** A DICOMDIR stands for the medium it lists: the folder it lies in. */
function folderOfDirectory(path: string): string {
  if (basename(path).toUpperCase() !== 'DICOMDIR') return path
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? dirname(path) : path
}

/** By its name or, whatever it is called, by its first bytes. */
function isZip({ path, name }: FoundFile): boolean {
  if (/\.zip$/i.test(name)) return true
  try {
    const file = openSync(path, 'r')
    try {
      const head = new Uint8Array(4)
      return readSync(file, head, 0, head.length, 0) === head.length && looksLikeZip(head)
    } finally {
      closeSync(file)
    }
  } catch (cause) {
    throw unreadable(path, cause)
  }
}
