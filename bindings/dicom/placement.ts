/** Where the pixels of one image lie in the patient, and how its stored values become HU. */
import { AgatstonError } from '../base/errors.js'
import type { Vec3 } from '../base/vector.js'
import { checkRescale } from '../volume/array.js'
import { checkOrientation } from '../volume/geometry.js'
import type { Rescale } from '../volume/volume.js'
import type { DataSet } from './dataset.js'
import { TAG, tagName, tagText } from './tags.js'
import { parseFailed } from './trouble.js'

/** Where an image lies: PS3.3 C.7.6.2. Patient coordinates, mm. */
export interface Placement {
  readonly position: Vec3
  readonly rowCosines: Vec3
  readonly columnCosines: Vec3
  /** Between rows, then between columns. */
  readonly pixelSpacingMm: readonly [number, number]
}

/**
 * Position, orientation, spacing: each absent one is `GEOMETRY_MISSING`. ImagerPixelSpacing, InstanceNumber or 1.0 stand in for
 * nothing.
 */
export function readPlacement(set: DataSet): Placement {
  const { file } = set
  const position = set.decimals(TAG.ImagePositionPatient, 3)
  const orientation = set.decimals(TAG.ImageOrientationPatient, 6)
  const spacing = set.decimals(TAG.PixelSpacing, 2)
  if (position === null) throw missing(file, TAG.ImagePositionPatient)
  if (orientation === null) throw missing(file, TAG.ImageOrientationPatient)
  if (spacing === null) throw missing(file, TAG.PixelSpacing)
  if (!spacing.every((mm) => mm > 0)) {
    const details = { file, tag: tagText(TAG.PixelSpacing) }
    throw new AgatstonError('GEOMETRY_MISSING', `${file}: ${tagName(TAG.PixelSpacing)} is not above 0 mm`, details)
  }
  const [a, b, c, d, e, f] = orientation as [number, number, number, number, number, number]
  const [rowCosines, columnCosines]: [Vec3, Vec3] = [
    [a, b, c],
    [d, e, f],
  ]
  try {
    checkOrientation(rowCosines, columnCosines)
  } catch (cause) {
    const where = { file, tag: TAG.ImageOrientationPatient, offset: set.offset(TAG.ImageOrientationPatient) }
    throw parseFailed('value', 'ImageOrientationPatient is not two unit vectors at right angles', where, cause)
  }
  return {
    position: [position[0]!, position[1]!, position[2]!],
    rowCosines,
    columnCosines,
    pixelSpacingMm: [spacing[0]!, spacing[1]!],
  }
}

const missing = (file: string, tag: number): AgatstonError =>
  new AgatstonError(
    'GEOMETRY_MISSING',
    `${file}: ${tagName(tag)} is absent, and nothing may stand in for it. Export the original axial series`,
    { file, tag: tagText(tag) },
  )

/** Modality LUT module, linear form only (PS3.3 C.11.1). Whether the unit is HU is a question to the series. */
export function readRescale(set: DataSet): Rescale {
  const { file } = set
  if (set.has(TAG.ModalityLUTSequence) && set.itemCount(TAG.ModalityLUTSequence) > 0) {
    const details = { file, tag: tagText(TAG.ModalityLUTSequence) }
    const message = `${file}: a Modality LUT stands where slope and intercept are due. Export the original series`
    throw new AgatstonError('RESCALE_INVALID', message, details)
  }
  const slope = rescaleNumber(set, TAG.RescaleSlope)
  const intercept = rescaleNumber(set, TAG.RescaleIntercept)
  const most = Math.abs(slope) * 65536 + Math.abs(intercept)
  if (slope === 0 || !Number.isFinite(most)) {
    const what = slope === 0 ? 'is 0' : 'is too large'
    throw new AgatstonError('RESCALE_INVALID', `${file}: ${tagName(TAG.RescaleSlope)} ${what}; HU cannot be formed`, {
      file,
      tag: tagText(TAG.RescaleSlope),
    })
  }
  return checkRescale({ slope, intercept })
}

function rescaleNumber(set: DataSet, tag: number): number {
  const { file } = set
  const details = { file, tag: tagText(tag) }
  let values: readonly number[] | null
  try {
    values = set.decimals(tag, 1)
  } catch (cause) {
    const message = `${file}: ${tagName(tag)} is not one decimal number. Export the original series`
    throw new AgatstonError('RESCALE_INVALID', message, details, { cause })
  }
  if (values === null) {
    const message = `${file}: ${tagName(tag)} is absent; HU cannot be formed. Export the original series`
    throw new AgatstonError('RESCALE_MISSING', message, details)
  }
  return values[0]!
}
