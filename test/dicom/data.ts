/** Where test data lies beside the repository, or null where it does not: tests that need it are then skipped. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DicomSource } from '../../bindings/dicom/index.js'

const DATA = fileURLToPath(new URL('../../../shared/data/', import.meta.url))

/** With AGATSTON_WITHOUT_DATA set, as in a stranger's clone: nothing is there. */
export function dataFolder(name: string): string | null {
  const folder = join(DATA, name)
  if (existsSync(folder) && !process.env['AGATSTON_WITHOUT_DATA']) return folder
  console.warn(`skipped: ../shared/data/${name} is not there`)
  return null
}

/** Every file of a folder and those below it. */
export function sourcesIn(folder: string): DicomSource[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ name: basename(path), data: new Uint8Array(readFileSync(path)) }))
}
