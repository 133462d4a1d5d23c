/**
 * Label maps: which voxel lies in which vessel. A map may come on the CT's own grid, on that grid with axes swapped or turned
 * round (viewers do that), or on a parallel grid of another spacing, where each pixel takes the label of the voxel its centre
 * lies in. Anything else would put calcium into the wrong vessel, and is refused.
 */
import { AgatstonError, type Details } from '../base/errors.js'
import { type Vec3, cross, dot, scale, subtract } from '../base/vector.js'
import type { Geometry } from '../volume/geometry.js'
import { DEFAULT_TERRITORY_NAMES, type TerritoryMap, checkTerritoryMap } from '../volume/territory.js'
import type { Affine } from './affine.js'
import { type NiftiImage, readImage } from './header.js'
import { fileDetails } from './volume.js'
import { voxelArray } from './voxels.js'

export interface LabelMapOptions {
  /** Names by label id; replaces the default names altogether. */
  readonly names?: Readonly<Record<number, string>>
  /** File name for messages; only its last part is used. */
  readonly name?: string
}

/** How far, in voxels of the map, a pixel may lie from where a parallel grid puts it, and outside the outermost voxels. */
const TOLERANCE = 0.05
/** Bytes of a compressed map a pixel of the CT justifies: eight voxels of two bytes, or one of sixteen. */
const BYTES_PER_PIXEL = 16

/**
 * Read a label map (`.nii` or `.nii.gz`, any integer type, or floats that hold whole numbers) onto the grid of a volume.
 *
 * @throws AgatstonError `TERRITORY_MISMATCH` (not parallel, does not cover, an id without a name, a value that is no id, no
 *   label at all), `PARSE_FAILED`, `LIMIT_EXCEEDED`, `PIXEL_FORMAT`; TypeError and RangeError for wrong arguments.
 */
export function readLabelMap(bytes: Uint8Array, geometry: Geometry, options: LabelMapOptions = {}): TerritoryMap {
  const details = fileDetails(options.name)
  const pixels = geometry.rows * geometry.columns * geometry.slices
  if (options.names) checkTerritoryMap({ scalarData: new Uint8Array(pixels), names: options.names }, pixels)
  const image = readImage(bytes, pixels * BYTES_PER_PIXEL, details)
  if (!image.affine) {
    throw mismatch('its header has neither an sform nor a qform, so where its labels lie is not known', details)
  }
  const labels = readLabels(image, details)
  const scalarData = onGrid(labels, image.dimensions, image.affine, geometry, details)
  return { scalarData, names: namesOf(scalarData, options.names, details) }
}

function mismatch(what: string, details: Details): AgatstonError {
  return new AgatstonError(
    'TERRITORY_MISMATCH',
    `the label map does not fit the volume: ${what}; export it on the grid of the series being scored`,
    details,
  )
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
      throw mismatch(`it holds the value ${value}, labels are whole numbers from 0 to 255`, { ...details, value })
    }
  }
  return labels
}

/** Take each pixel's label from the voxel its centre lies in. */
function onGrid(
  labels: Uint8Array,
  dimensions: NiftiImage['dimensions'],
  affine: Affine,
  geometry: Geometry,
  details: Details,
): Uint8Array {
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
    throw mismatch('its grid is not parallel to the slices', details)
  }
  const sliceAxis = (3 - columnAxis - rowAxis) as 0 | 1 | 2
  const stride = [1, dimensions[0], dimensions[0] * dimensions[1]] as const
  const out = new Uint8Array(rows * columns * slices)
  let at = 0
  for (let k = 0; k < slices; k++) {
    const start = toIndex.point(geometry.positions[k]!)
    const alongRow = nearest(start[columnAxis], step[0][columnAxis], columns, dimensions[columnAxis])
    const alongColumn = nearest(start[rowAxis], step[1][rowAxis], rows, dimensions[rowAxis])
    const slice = nearest(start[sliceAxis], 0, 1, dimensions[sliceAxis])
    if (!alongRow || !alongColumn || !slice) {
      throw mismatch(`it does not cover slice ${k + 1} of ${slices}`, { ...details, slice: k })
    }
    for (let row = 0; row < rows; row++) {
      const line = slice[0]! * stride[sliceAxis] + alongColumn[row]! * stride[rowAxis]
      for (let column = 0; column < columns; column++)
        out[at++] = labels[line + alongRow[column]! * stride[columnAxis]]!
    }
  }
  return out
}

/** The one map axis a step runs along, or null where `count` steps stray from it. */
function axisOf(step: Vec3, count: number): 0 | 1 | 2 | null {
  for (const axis of [0, 1, 2] as const) {
    const others = [0, 1, 2].filter((other) => other !== axis)
    if (step[axis] !== 0 && others.every((other) => Math.abs(step[other]!) * (count - 1) <= TOLERANCE)) return axis
  }
  return null
}

/** Voxel index of each of `count` pixel centres, or null where one lies outside the map. */
function nearest(start: number, step: number, count: number, size: number): Int32Array | null {
  const indices = new Int32Array(count)
  for (let n = 0; n < count; n++) {
    const exact = start + n * step
    if (!(exact >= -0.5 - TOLERANCE && exact <= size - 0.5 + TOLERANCE)) return null
    // A centre on the border of two voxels goes to the lower one, on every machine.
    indices[n] = Math.min(Math.max(Math.ceil(exact - 0.5 - 1e-6), 0), size - 1)
  }
  return indices
}

/** Patient coordinates to fractional voxel indices. */
function inverse({ axes: [a, b, c], origin }: Affine): { point(p: Vec3): Vec3; direction(d: Vec3): Vec3 } {
  const determinant = dot(a, cross(b, c))
  const rows = [cross(b, c), cross(c, a), cross(a, b)].map((row) => scale(row, 1 / determinant))
  const direction = (d: Vec3): Vec3 => [dot(rows[0]!, d), dot(rows[1]!, d), dot(rows[2]!, d)]
  return { direction, point: (p) => direction(subtract(p, origin)) }
}

/** Names of the labels that occur (and every name a caller gave). An id without a name is refused, and named. */
function namesOf(
  labels: Uint8Array,
  given: LabelMapOptions['names'],
  details: Details,
): Readonly<Record<number, string>> {
  const seen = new Uint8Array(256)
  for (let i = 0; i < labels.length; i++) seen[labels[i]!] = 1
  const ids = [...seen.keys()].filter((id) => id > 0 && seen[id])
  if (!ids.length) throw mismatch('it marks no pixel of it', details)
  const names = given ?? DEFAULT_TERRITORY_NAMES
  const unnamed = ids.filter((id) => names[id] === undefined)
  if (unnamed.length) {
    throw new AgatstonError(
      'TERRITORY_MISMATCH',
      `the label map uses id ${unnamed.join(', ')}, which has no name; give the names by id beside the map`,
      { ...details, ids: unnamed },
    )
  }
  if (given) return Object.freeze({ ...given })
  return Object.freeze(Object.fromEntries(ids.map((id) => [id, names[id]!])))
}
