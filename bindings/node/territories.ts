/**
 * Masks from files onto the grid of a volume: NIfTI label maps, DICOM segmentations and RT structure sets, told apart by what
 * they hold; one of all vessels, or one a vessel. A JSON of the same name beside a mask names its labels, segments or regions:
 * `vessels.nii.gz` and `vessels.json` with `{ "1": "LAD", "2": "stent", "3": null }`. Names are read by the words labels of DICOM masks
 * are read by (`Left main` is LM); one of which no word is known is a vessel of the reader's own; null leaves a part out.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { AgatstonError } from '../base/errors.js'
import type { DecodeFrame } from '../dicom/decoding/encoded.js'
import type { MaskSource, MaskTarget } from '../dicom/masks/masks.js'
import { looksLikeDicom } from '../dicom/open.js'
import type { Geometry } from '../volume/geometry.js'
import { maskMismatch } from '../volume/mask-trouble.js'
import type { TerritoryMap, TerritoryMapping } from '../volume/territory.js'
import { type MaskNames, checkMaskNames } from '../volume/territory-names.js'
import { type FoundFile, findFiles, unreadable } from './files.js'
import { loadFile } from './load.js'
import { UsageError } from './usage.js'

/** A file name that says NIfTI. */
export const isNiftiName = (name: string): boolean => /\.nii(\.gz)?$/i.test(name)

/** A names file is a few lines; nothing larger is read. */
const MOST_NAMES_BYTES = 2 ** 20
/** Enough of a file to tell what it is. */
const HEAD_BYTES = 512

/** A mask that was found, and what it is. */
export interface FoundMask extends FoundFile {
  readonly kind: 'nifti' | 'dicom'
}

/** A map as read, with the file or files it came from. */
interface NamedMap {
  readonly file: string
  readonly map: TerritoryMap
}

/** Mask files, found before anything but their first bytes is read. @throws UsageError for what is no mask, or is not there */
export function findLabelMaps(paths: readonly string[]): readonly FoundMask[] {
  return paths.map((path) => {
    const [file, ...rest] = findFiles([path])
    if (!file || rest.length > 0 || file.path !== path) throw new UsageError('a mask must be a file, not a folder')
    return { ...file, kind: kindOf(file) }
  })
}

function kindOf(file: FoundFile): FoundMask['kind'] {
  const head = readHead(file)
  if (looksLikeDicom(head)) return 'dicom'
  const gzip = head[0] === 0x1f && head[1] === 0x8b
  // The first number of a NIfTI header is its size, 348 or 540, in either byte order.
  const size = head.length < 4 ? 0 : new DataView(head.buffer).getInt32(0, true)
  const swapped = head.length < 4 ? 0 : new DataView(head.buffer).getInt32(0, false)
  if (gzip || isNiftiName(file.name) || [348, 540].includes(size) || [348, 540].includes(swapped)) return 'nifti'
  throw new UsageError(
    `'${file.name}' is no mask: give a NIfTI label map (.nii or .nii.gz), a DICOM segmentation or an RT structure set`,
  )
}

function readHead({ path }: FoundFile): Uint8Array {
  try {
    const file = openSync(path, 'r')
    try {
      const head = new Uint8Array(HEAD_BYTES)
      return head.slice(0, readSync(file, head, 0, HEAD_BYTES, 0))
    } finally {
      closeSync(file)
    }
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

/**
 * Read masks onto the grid of `target` and join them.
 *
 * @param target the volume, whose frame of reference and series DICOM masks are compared with, or its geometry alone
 * @param decode decodes compressed frames of segmentations elsewhere; default: here
 * @throws AgatstonError `TERRITORY_MISMATCH` where a mask does not fit, two claim one pixel, or names are unusable
 */
export async function readTerritories(
  files: readonly FoundMask[],
  target: MaskTarget,
  decode?: DecodeFrame,
): Promise<TerritoryMap> {
  const geometry = 'geometry' in target ? target.geometry : target
  const maps = [
    ...(await readNiftiMasks(
      files.filter(({ kind }) => kind === 'nifti'),
      geometry,
    )),
    ...(await readDicomMasks(
      files.filter(({ kind }) => kind === 'dicom'),
      target,
      decode,
    )),
  ]
  return maps.length === 1 ? maps[0]!.map : joinMaps(maps, geometry)
}

// Readers are loaded only where they are needed: each lengthens the start of a command.

async function readNiftiMasks(files: readonly FoundMask[], geometry: Geometry): Promise<readonly NamedMap[]> {
  if (files.length === 0) return []
  const { readLabelMap } = await import('../nifti/index.js')
  return files.map((found): NamedMap => {
    const names = readNames(found)
    const map = readLabelMap(loadFile(found), geometry, { name: found.name, ...(names ? { names } : {}) })
    return { file: found.name, map }
  })
}

/** All DICOM masks are one map: that they are disjoint is found where their parts are still known by name. */
async function readDicomMasks(
  files: readonly FoundMask[],
  target: MaskTarget,
  decode: DecodeFrame | undefined,
): Promise<readonly NamedMap[]> {
  if (files.length === 0) return []
  const { readMasks } = await import('../dicom/masks/masks.js')
  const sources = files.map((found): MaskSource => {
    const names = readNames(found)
    return { name: found.name, data: loadFile(found), ...(names ? { names } : {}) }
  })
  const { territories } = await readMasks(sources, target, decode ? { decode } : {})
  return [{ file: files.map(({ name }) => name).join(' or '), map: territories }]
}

/**
 * Names by number from the JSON beside a mask; null where there is none.
 *
 * @throws AgatstonError `TERRITORY_MISMATCH` for what are no names, or names that are only understood in part
 */
function readNames(mask: FoundMask): MaskNames | null {
  const path = `${mask.path.replace(/\.(nii(\.gz)?|dcm|dicom)$/i, '')}.json`
  let found: FoundFile
  try {
    found = findFiles([path])[0]!
  } catch (error) {
    if (error instanceof UsageError) return null
    throw error
  }
  const refusal = (what: string, cause: unknown): AgatstonError => {
    const next = 'Write { "1": "LM", "2": "LAD" }, or move the file away'
    const met = `beside the mask ${mask.name}, it does not name its parts${what}`
    return maskMismatch('names', found.name, met, next, { map: mask.name }, cause)
  }
  let names: MaskNames
  try {
    if (found.bytes > MOST_NAMES_BYTES) throw new RangeError(`it has ${found.bytes} bytes`)
    names = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(loadFile(found))) as MaskNames
  } catch (cause) {
    throw refusal('', cause)
  }
  try {
    checkMaskNames(names)
    if (mask.kind === 'nifti') checkIds(names)
    return names
  } catch (cause) {
    throw refusal(cause instanceof RangeError ? ` (${cause.message})` : '', cause)
  }
}

/** @throws RangeError for what is no label of a NIfTI map */
function checkIds(names: MaskNames): void {
  const strange = Object.keys(names).find((key) => Number(key) < 1 || Number(key) > 255)
  if (strange !== undefined) throw new RangeError(`names: ${strange} is no label id (1 to 255)`)
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
  const mapping: TerritoryMapping = {
    sources: maps.flatMap(({ map }) => map.mapping?.sources ?? []),
    notes: maps.flatMap(({ map }) => map.mapping?.notes ?? []),
  }
  return { scalarData, names: Object.fromEntries([...labels].map(([name, label]) => [label, name])), mapping }
}

/** Label of the joined map for each label of one map; names met for the first time are added to `labels`. */
function relabelling(map: TerritoryMap, labels: Map<string, number>, file: string): Uint8Array {
  const table = new Uint8Array(256)
  for (const [id, name] of Object.entries(map.names)) {
    const label = labels.get(name) ?? labels.size + 1
    if (label > 255) {
      const met = 'together with the masks before it names more than 255 territories'
      throw maskMismatch('names', file, met, 'Join territories that are not told apart')
    }
    labels.set(name, label)
    table[Number(id)] = label
  }
  return table
}

function overlap(maps: readonly NamedMap[], pixel: number, sliceSize: number, second: string): AgatstonError {
  const first = maps.find(({ map }) => map.scalarData[pixel] !== 0)!.file
  const slice = Math.floor(pixel / sliceSize)
  const met = `${first} and ${second} both mark the same pixel of slice ${slice}: its calcium would have two vessels`
  return new AgatstonError('TERRITORY_MISMATCH', `${met}. Make the maps disjoint`, {
    kind: 'overlap',
    file: second,
    files: [first, second],
    slice,
  })
}
