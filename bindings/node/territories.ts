/**
 * Label maps from files onto the grid of a volume: one map of all vessels, or one map a vessel. A JSON of the same name beside
 * a map names its labels: `vessels.nii.gz` and `vessels.json` with `{ "1": "LAD", "2": "stent" }`.
 */
import { AgatstonError } from '../base/errors.js'
import type { Geometry } from '../volume/geometry.js'
import { type TerritoryMap, nameTable } from '../volume/territory.js'
import { type FoundFile, findFiles } from './files.js'
import { loadFile } from './load.js'
import { UsageError } from './usage.js'

/** A file name that says NIfTI. */
export const isNiftiName = (name: string): boolean => /\.nii(\.gz)?$/i.test(name)

/** A names file is a few lines; nothing larger is read. */
const MOST_NAMES_BYTES = 2 ** 20

/** A map as read, with the file it came from. */
interface NamedMap {
  readonly file: string
  readonly map: TerritoryMap
}

/** Label map files, found before anything is read. @throws UsageError for what is no NIfTI file, or is not there */
export function findLabelMaps(paths: readonly string[]): readonly FoundFile[] {
  return paths.map((path) => {
    if (!isNiftiName(path)) {
      throw new UsageError(
        'a label map must be a NIfTI file (.nii or .nii.gz); other kinds are not read in this version',
      )
    }
    const [file, ...rest] = findFiles([path])
    if (!file || rest.length > 0) throw new UsageError('a label map must be a file, not a folder')
    return file
  })
}

/**
 * Read label maps onto the grid of `geometry` and join them.
 *
 * @throws AgatstonError `TERRITORY_MISMATCH` where a map does not fit, two maps claim one pixel, or names are unusable
 */
export async function readTerritories(files: readonly FoundFile[], geometry: Geometry): Promise<TerritoryMap> {
  const { readLabelMap } = await import('../nifti/index.js') // loaded only where it is needed: it doubles the start of a command
  const maps = files.map((found): NamedMap => {
    const names = readNames(found)
    const map = readLabelMap(loadFile(found), geometry, { name: found.name, ...(names ? { names } : {}) })
    return { file: found.name, map }
  })
  return maps.length === 1 ? maps[0]!.map : joinMaps(maps, geometry)
}

/** Names by label id from the JSON beside a map; null where there is none. */
function readNames(map: FoundFile): Readonly<Record<number, string>> | null {
  const path = map.path.replace(/\.nii(\.gz)?$/i, '.json')
  let found: FoundFile
  try {
    found = findFiles([path])[0]!
  } catch (error) {
    if (error instanceof UsageError) return null
    throw error
  }
  try {
    if (found.bytes > MOST_NAMES_BYTES) throw new RangeError(`it has ${found.bytes} bytes`)
    const names: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(loadFile(found)))
    if (typeof names !== 'object' || names === null || Array.isArray(names)) throw new RangeError('it is no object')
    nameTable(names as Record<number, string>)
    return names as Record<number, string>
  } catch (cause) {
    throw new AgatstonError(
      'TERRITORY_MISMATCH',
      `${found.name} beside the label map does not name its labels. Write { "1": "LM", "2": "LAD" }, or move the file away`,
      { file: found.name, map: map.name },
      { cause },
    )
  }
}

/** One map of all: a label for each name, and no pixel that two maps claim. */
function joinMaps(maps: readonly NamedMap[], { rows, columns }: Geometry): TerritoryMap {
  const scalarData = new Uint8Array(maps[0]!.map.scalarData.length)
  const labels = new Map<string, number>()
  for (const { file, map } of maps) {
    const relabel = relabelling(map, labels, file)
    for (let i = 0; i < scalarData.length; i++) {
      const label = map.scalarData[i]!
      if (label === 0) continue
      if (scalarData[i] !== 0) throw overlap(maps, i, rows * columns, file)
      scalarData[i] = relabel[label]!
    }
  }
  return { scalarData, names: Object.fromEntries([...labels].map(([name, label]) => [label, name])) }
}

/** Label of the joined map for each label of one map; names met for the first time are added to `labels`. */
function relabelling(map: TerritoryMap, labels: Map<string, number>, file: string): Uint8Array {
  const table = new Uint8Array(256)
  for (const [id, name] of Object.entries(map.names)) {
    const label = labels.get(name) ?? labels.size + 1
    if (label > 255) {
      const message = 'the label maps name more than 255 territories together. Join territories that are not told apart'
      throw new AgatstonError('TERRITORY_MISMATCH', message, { file })
    }
    labels.set(name, label)
    table[Number(id)] = label
  }
  return table
}

function overlap(maps: readonly NamedMap[], pixel: number, sliceSize: number, second: string): AgatstonError {
  const first = maps.find(({ map }) => map.scalarData[pixel] !== 0)!.file
  const slice = Math.floor(pixel / sliceSize)
  return new AgatstonError(
    'TERRITORY_MISMATCH',
    `${first} and ${second} both mark the same pixel of slice ${slice}: its calcium would have two vessels. Make the maps disjoint`,
    { files: [first, second], slice },
  )
}
