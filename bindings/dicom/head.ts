/**
 * The header of a volume's first slice, read again when somebody asks for it: a volume keeps facts and no identity, and reports and
 * derived objects need just that.
 */
import { DataSet } from './dataset.js'
import { DEFAULT_LIMITS } from './limits.js'
import { NotRead } from './layout.js'
import { type OpenedObject, openObject } from './open.js'
import { type DicomSource, baseName, readBytes, sourceSize } from './source.js'
import { parseFailed } from './trouble.js'
import type { DicomVolume } from './volume.js'

/** Where a header mostly ends. */
const BEGINNING = 2 ** 16

/** The data set of the first slice's file. `dataset` holds its bytes as they are in the file. */
export interface Head {
  readonly dataset: DataSet
}

/** @throws AgatstonError `PARSE_FAILED` where the file is not any more the one that was read */
export async function readHead(volume: DicomVolume): Promise<Head> {
  const { source, syntax } = volume.origin(0)
  const file = baseName(source.name)
  const isInflated = syntax.deflated && source.data instanceof Uint8Array
  const opened = await openHead(source, file, isInflated)
  const gone = 'the file was read when the series was, and cannot be now. Read the series again'
  if (!opened) throw parseFailed('read', gone, { file })
  if (opened.failure) throw opened.failure
  const dataset = DataSet.read(opened)
  if (dataset.uid(0x00080018) !== volume.sopInstanceUid(0)) throw parseFailed('read', gone, { file })
  return { dataset }
}

async function openHead(source: DicomSource, file: string, isInflated: boolean): Promise<OpenedObject | null> {
  const size = sourceSize(source)
  const open = (bytes: Uint8Array): OpenedObject | null => openObject(bytes, file, DEFAULT_LIMITS, size, isInflated)
  if (size > BEGINNING) {
    try {
      return open(await readBytes(source, 0, BEGINNING))
    } catch (error) {
      if (!(error instanceof NotRead)) throw error
    }
  }
  return open(await readBytes(source, 0, size))
}
