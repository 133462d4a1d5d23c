/**
 * A CT volume from a NIfTI file. The file says nothing of kVp, gating, contrast, or how many slices there were: those facts stay
 * unknown, and the volume warns of it.
 */
import {
  ACCEPTABLE_CODES,
  REFUSAL_CODES,
  STRICT_CODES,
  type AcceptableCode,
  AgatstonError,
  type Details,
  isAcceptable,
} from '../base/errors.js'
import { fileExaminer } from '../volume/examine.js'
import { type Vec3, cross, dot, length, scale } from '../base/vector.js'
import { Objections, type Verdict, judge } from '../base/verdict.js'
import { type ArrayVolumeInput, arrayVolume, narrowInt32 } from '../volume/array.js'
import type { SyncVolume } from '../volume/volume.js'
import type { Affine } from './affine.js'
import { type NiftiImage, readImage } from './header.js'
import { voxelArray } from './voxels.js'

export interface NiftiVolumeOptions {
  /** File name for messages; only its last part is used. */
  readonly name?: string
  /** Distance between slices in mm, for a file of one slice: used only together with an accepted `TOO_FEW_SLICES`. */
  readonly incrementMm?: number
  /** Refusals to override: `NOT_AXIAL`, `TOO_FEW_SLICES`. Each is stamped on the volume where it was met. */
  readonly accept?: readonly AcceptableCode[]
  /** Refuse where a warning may move the number. A NIfTI file never tells its tube voltage, so this refuses `KVP_MISSING`. */
  readonly strict?: boolean
}

/** The cosine of 30 degrees: a slice normal further than that from head-foot is no axial slice. */
const AXIAL_COSINE = Math.sqrt(3) / 2

/**
 * Read a CT volume from a `.nii` or `.nii.gz` file. The slice axis is the third array axis; values are int16, uint16, int32 (up
 * to 2^24) or float32, and scl_slope and scl_inter are the rescale to HU.
 *
 * @throws AgatstonError `PARSE_FAILED`, `LIMIT_EXCEEDED`, `PIXEL_FORMAT`, `RESCALE_INVALID`, `GEOMETRY_MISSING` (no sform and no
 *   qform), `GEOMETRY_MIXED` (a sheared grid), `NOT_AXIAL`, `TOO_FEW_SLICES`, under `strict` `KVP_MISSING`; all reasons are in
 *   `details.refusals`, warnings on the error. TypeError and RangeError for wrong arguments.
 */
export function readNiftiVolume(bytes: Uint8Array, options: NiftiVolumeOptions = {}): SyncVolume {
  const details = fileDetails(options.name)
  const image = readImage(bytes, 0, details)
  const { affine } = image
  if (!affine) {
    throw new AgatstonError(
      'GEOMETRY_MISSING',
      'the NIfTI header has neither an sform nor a qform that places the image; convert the series again, or read the DICOM',
      details,
    )
  }
  checkRightAngles(affine, details)
  const objections = new Objections()
  if (!isAxial(affine)) objections.refuse('NOT_AXIAL', NOT_AXIAL, details)
  const incrementMm = checkIncrement(image, affine, options, details, objections)
  warnUnknown(image, objections)
  const { warnings, accepted } = verdictOf(objections, options)
  const volume = arrayVolume({
    scalarData: scalars(image, details),
    dimensions: image.dimensions,
    spacing: [affine.spacing[0], affine.spacing[1], incrementMm],
    origin: affine.origin,
    direction: affine.axes.flatMap((axis) => scale(axis, 1 / length(axis))),
    ...(image.scaling ? { rescale: image.scaling } : {}),
  })
  return Object.freeze({
    ...volume,
    kind: 'nifti' as const,
    examiner: () => fileExaminer(volume.geometry),
    accepted: Object.freeze([...accepted]),
    warnings: Object.freeze([...warnings]),
  })
}

/** @throws AgatstonError with the first refusal that stands, all of them in its details */
function verdictOf(objections: Objections, { accept = [], strict = false, incrementMm }: NiftiVolumeOptions): Verdict {
  for (const code of accept) {
    if (!isAcceptable(code)) {
      throw new RangeError(`accept: ${String(code)} cannot be overridden; possible are ${ACCEPTABLE_CODES.join(', ')}`)
    }
  }
  const options = { accept, strict: strict ? STRICT_CODES : [], incrementGiven: incrementMm !== undefined }
  const verdict = judge(objections, options, REFUSAL_CODES)
  const { refusals, warnings } = verdict
  const first = refusals[0]
  if (!first) return verdict
  throw new AgatstonError(first.code, first.message, { ...first.details, refusals }, { warnings })
}

/** What a DICOM series tells and no field of a NIfTI file can. */
function warnUnknown(image: NiftiImage, objections: Objections): void {
  const voltage = 'a NIfTI file has no tube voltage; 130 HU means calcium at 120 kV only. No percentile'
  objections.warn('KVP_MISSING', voltage, {})
  const gating = 'a NIfTI file says nothing of ECG gating: motion blurs and doubles calcifications'
  objections.warn('NOT_GATED', gating, {})
  const count =
    'nothing says how many slices the series had before it was converted; missing ones at either end cannot be seen'
  objections.warn('COUNT_UNVERIFIED', count, { slices: image.dimensions[2] })
}

/** The file's base name, where one is given. Nothing else of a path goes into a message. */
export function fileDetails(name: string | undefined): Details {
  if (name === undefined) return {}
  if (typeof name !== 'string') throw new TypeError('options.name must be a string')
  return { file: name.split(/[/\\]/).at(-1) ?? '' }
}

function checkRightAngles({ axes }: Affine, details: Details): void {
  const unit = axes.map((axis) => scale(axis, 1 / length(axis)))
  const [i, j, k] = unit as [Vec3, Vec3, Vec3]
  const shear = Math.max(Math.abs(dot(i, j)), Math.abs(dot(j, k)), Math.abs(dot(i, k)))
  if (shear > 1e-3) {
    throw new AgatstonError(
      'GEOMETRY_MIXED',
      'the image axes are not at right angles (a tilted gantry, or a sheared affine): pixels have no common size; resample it on a straight grid, or read the DICOM',
      { ...details, cosine: shear },
    )
  }
}

function isAxial({ axes }: Affine): boolean {
  const normal = cross(axes[0], axes[1])
  return Math.abs(normal[2]) >= AXIAL_COSINE * length(normal)
}

const NOT_AXIAL =
  'the slices (third array axis) lie more than 30 degrees off axial, and scores are defined on axial slices; reorient the file, or accept NOT_AXIAL'

/** Distance between slices. A file of one slice has none: it needs the caller's, and the caller's word to be read at all. */
function checkIncrement(
  image: NiftiImage,
  affine: Affine,
  options: NiftiVolumeOptions,
  details: Details,
  objections: Objections,
): number {
  const given = options.incrementMm
  if (given !== undefined && !(Number.isFinite(given) && given > 0)) {
    throw new RangeError(`incrementMm must be a distance above 0 mm, got ${given}`)
  }
  const own = affine.spacing[2]
  if (image.dimensions[2] > 1) {
    if (given !== undefined && Math.abs(given - own) > 0.01) {
      throw new RangeError(
        `the increment given is ${given} mm, but the file's slices lie ${own} mm apart; leave it out`,
      )
    }
    return own
  }
  const message = 'one slice has no increment. Read the whole series, or accept TOO_FEW_SLICES and give the increment'
  objections.refuse('TOO_FEW_SLICES', message, { ...details, slices: 1 })
  return given ?? own
}

function scalars(image: NiftiImage, details: Details): ArrayVolumeInput['scalarData'] {
  const type = image.datatype
  if (type !== 'int16' && type !== 'uint16' && type !== 'int32' && type !== 'float32') {
    throw new AgatstonError(
      'PIXEL_FORMAT',
      `${type} voxels are no CT volume here, expected int16, uint16, int32 or float32; convert the file`,
      { ...details, datatype: type },
    )
  }
  const data = voxelArray(image) as Int16Array | Uint16Array | Int32Array | Float32Array
  if (!(data instanceof Int32Array)) return data
  const size = image.dimensions[0] * image.dimensions[1]
  for (let k = 0; k < image.dimensions[2]; k++) narrowInt32(data.subarray(k * size, (k + 1) * size), k)
  return data
}
