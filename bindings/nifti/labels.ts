/**
 * Label maps: which voxel lies in which vessel. A map may come on the CT's own grid, on that grid with axes swapped or turned
 * round (viewers do that), or on a parallel grid of another spacing, where each pixel takes the label of the voxel its centre
 * lies in. Anything else would put calcium into the wrong vessel, and is refused.
 */
import { type AgatstonError, type Details } from '../base/errors.js'
import { type Vec3, cross, dot, normalize, scale, subtract } from '../base/vector.js'
import type { Geometry } from '../volume/geometry.js'
import { type MismatchKind, maskMismatch, nearestNote } from '../volume/mask-trouble.js'
import { SAME, TOLERANCE, nearestPixels } from '../volume/nearest.js'
import type { TerritoryMap } from '../volume/territory.js'
import type { MaskNames } from '../volume/territory-names.js'
import type { Affine } from './affine.js'
import { type NiftiImage, readImage } from './header.js'
import { type LabelName, beyondNotes, checkLabelNames, mapLabels } from './label-names.js'
import { fileDetails } from './volume.js'
import { voxelArray } from './voxels.js'

export interface LabelMapOptions {
  /**
   * Names by label id; replaces the default names altogether. They are read by the words labels of DICOM masks are read by (`Left
   * main` is LM, `heart` is left out); a name of which no word is known is a coronary vessel of your own. Null leaves a label out.
   */
  readonly names?: MaskNames
  /** File name for messages; only its last part is used. */
  readonly name?: string
}

/** Bytes of a compressed map a pixel of the CT justifies: eight voxels of two bytes, or one of sixteen. */
const BYTES_PER_PIXEL = 16

/**
 * Read a label map (`.nii` or `.nii.gz`, any integer type, or floats that hold whole numbers) onto the grid of a volume. Its
 * `mapping` says what each label was taken for, and what to know of the map.
 *
 * @throws AgatstonError `TERRITORY_MISMATCH` with `details.kind` (no position, not parallel, not covering, a value that is no id,
 *   an id without a name, no label at all or none of a territory), `PARSE_FAILED`, `LIMIT_EXCEEDED`, `PIXEL_FORMAT`; TypeError
 *   and RangeError for wrong arguments, names that are only understood in part among them
 */
export function readLabelMap(bytes: Uint8Array, geometry: Geometry, options: LabelMapOptions = {}): TerritoryMap {
  const details = fileDetails(options.name)
  const pixels = geometry.rows * geometry.columns * geometry.slices
  const given: ReadonlyMap<number, LabelName> | null = options.names ? checkLabelNames(options.names) : null
  const image = readImage(bytes, pixels * BYTES_PER_PIXEL, details)
  if (!image.affine) {
    const what = 'its header has neither an sform nor a qform, so where its labels lie is not known'
    throw mismatch('no-position', what, details)
  }
  const labels = readLabels(image, details)
  const placed = onGrid(labels, image.dimensions, image.affine, geometry, details)
  const file = fileOf(details)
  const { scalarData, names, sources } = mapLabels(placed.scalarData, given, file)
  const notes = [...(placed.same ? [] : [nearestNote(file)]), ...beyondNotes(placed.beyond, sources)]
  return { scalarData, names, mapping: Object.freeze({ sources, notes: Object.freeze(notes) }) }
}

const fileOf = (details: Details): string => (details['file'] as string | undefined) ?? 'the label map'

function mismatch(kind: MismatchKind, what: string, details: Details): AgatstonError {
  return maskMismatch(kind, fileOf(details), what, 'Export it on the grid of the series being scored', details)
}

/** One byte a voxel. Every value must be a whole number from 0 to 255 after scaling. */
function readLabels(image: NiftiImage, details: Details): Uint8Array {
  const stored = voxelArray(image)
  if (stored instanceof Uint8Array && !image.scaling) return stored
  const { slope, intercept } = image.scaling ?? { slope: 1, intercept: 0 }
  const labels = new Uint8Array(stored.length)
  for (let i = 0; i < labels.length; i++) {
    const value = slope * Number(stored[i]!) + intercept
    labels[i] = value
    if (labels[i] !== value) {
      throw mismatch('values', `it holds the value ${value}, labels are whole numbers from 0 to 255`, {
        ...details,
        value,
      })
    }
  }
  return labels
}

/** A map on the volume's grid. */
interface Placed {
  readonly scalarData: Uint8Array
  /** It was on that grid before, or on one with axes swapped or turned round. */
  readonly same: boolean
  /** For each label, the planes beyond the first or last slice that have it. */
  readonly beyond: Uint32Array
}

/** Take each pixel's label from the voxel its centre lies in. */
function onGrid(
  labels: Uint8Array,
  dimensions: NiftiImage['dimensions'],
  affine: Affine,
  geometry: Geometry,
  details: Details,
): Placed {
  const { rows, columns, slices, pixelSpacingMm } = geometry
  const toIndex = inverse(affine)
  // Steps in map voxels of one column and of one row, and which map axis each runs along.
  const step = [
    toIndex.direction(scale(geometry.rowCosines, pixelSpacingMm[1])),
    toIndex.direction(scale(geometry.columnCosines, pixelSpacingMm[0])),
  ] as const
  const columnAxis = axisOf(step[0], columns)
  const rowAxis = axisOf(step[1], rows)
  if (columnAxis === null || rowAxis === null || columnAxis === rowAxis) {
    throw mismatch('not-parallel', 'its grid is not parallel to the slices of the volume', details)
  }
  const sliceAxis = (3 - columnAxis - rowAxis) as 0 | 1 | 2
  const stride = [1, dimensions[0], dimensions[0] * dimensions[1]] as const
  const out = new Uint8Array(rows * columns * slices)
  const taken: number[] = []
  let same = true
  let at = 0
  for (let k = 0; k < slices; k++) {
    const start = toIndex.point(geometry.positions[k]!)
    const alongRow = nearestPixels(start[columnAxis], step[0][columnAxis], columns, dimensions[columnAxis])
    const alongColumn = nearestPixels(start[rowAxis], step[1][rowAxis], rows, dimensions[rowAxis])
    const slice = nearestPixels(start[sliceAxis], 1, 1, dimensions[sliceAxis])
    if (!alongRow || !alongColumn || !slice) {
      throw mismatch('not-covering', `it does not cover slice ${k} of ${slices}`, { ...details, slice: k })
    }
    const plane = slice.indices[0]!
    taken.push(plane)
    same &&= alongRow.same && alongColumn.same && slice.same
    for (let row = 0; row < rows; row++) {
      const line = plane * stride[sliceAxis] + alongColumn.indices[row]! * stride[rowAxis]
      for (let column = 0; column < columns; column++)
        out[at++] = labels[line + alongRow.indices[column]! * stride[columnAxis]]!
    }
  }
  // Planes between the slices that none took are resampling too; that two took one shows in their places.
  const [low, high] = [Math.min(...taken), Math.max(...taken)]
  same &&= high - low === slices - 1
  const ends = [geometry.positions[0]!, geometry.positions[slices - 1]!].map((p) => toIndex.point(p)[sliceAxis])
  const half = Math.abs(toIndex.direction(scale(normalize(geometry.normal), geometry.incrementMm))[sliceAxis]) / 2
  const [first, last] = [Math.min(...ends) - half - SAME, Math.max(...ends) + half + SAME]
  const planes = [...Array(dimensions[sliceAxis]).keys()].filter((p) => p < first || p > last)
  return { scalarData: out, same, beyond: labelsOn(labels, dimensions, sliceAxis, planes) }
}

/** How many of these planes of the map, counted along an axis, have each label. */
function labelsOn(
  labels: Uint8Array,
  [width, height, depth]: NiftiImage['dimensions'],
  axis: 0 | 1 | 2,
  planes: readonly number[],
): Uint32Array {
  const counts = new Uint32Array(256)
  const size = [width, height, depth] as const
  const stride = [1, width, width * height] as const
  const [u, v] = ([0, 1, 2] as const).filter((other) => other !== axis) as [0 | 1, 1 | 2]
  for (const plane of planes) {
    const seen = new Uint8Array(256)
    for (let j = 0; j < size[v]; j++) {
      const line = plane * stride[axis] + j * stride[v]
      for (let i = 0; i < size[u]; i++) seen[labels[line + i * stride[u]]!] = 1
    }
    for (let label = 1; label < 256; label++) counts[label]! += seen[label]!
  }
  return counts
}

/** The one map axis a step runs along, or null where `count` steps stray from it. */
function axisOf(step: Vec3, count: number): 0 | 1 | 2 | null {
  for (const axis of [0, 1, 2] as const) {
    const others = [0, 1, 2].filter((other) => other !== axis)
    if (step[axis] !== 0 && others.every((other) => Math.abs(step[other]!) * (count - 1) <= TOLERANCE)) return axis
  }
  return null
}

/** Patient coordinates to fractional voxel indices. */
function inverse({ axes: [a, b, c], origin }: Affine): { point(p: Vec3): Vec3; direction(d: Vec3): Vec3 } {
  const determinant = dot(a, cross(b, c))
  const rows = [cross(b, c), cross(c, a), cross(a, b)].map((row) => scale(row, 1 / determinant))
  const direction = (d: Vec3): Vec3 => [dot(rows[0]!, d), dot(rows[1]!, d), dot(rows[2]!, d)]
  return { direction, point: (p) => direction(subtract(p, origin)) }
}
