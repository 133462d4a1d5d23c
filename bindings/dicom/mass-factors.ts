/**
 * Mass factors of calcium scoring in the header: of the patient (0018,9351) and, for three sizes of patient, of the device
 * (0018,9352). Both are optional and few scanners write them; one that is unreadable, in another unit, or not the same in every
 * slice is no factor, and the volume says so.
 */
import { type CalciumMassFactors, MASS_FACTOR_LIMITS, isMassFactor } from '../volume/mass-factors.js'
import type { DataSet } from './dataset.js'
import { TAG, tagName } from './tags.js'

/** Of one image: null: absent or empty; `unusable`: it stands there and is no mass factor. */
export interface StoredMassFactors {
  readonly patient: readonly number[] | 'unusable' | null
  readonly device: readonly number[] | 'unusable' | null
}

const NONE: StoredMassFactors = Object.freeze({ patient: null, device: null })

/** Both attributes of an image. */
export function readMassFactors(set: DataSet): StoredMassFactors {
  const patient = readFactors(set, TAG.CalciumScoringMassFactorPatient, 1)
  const device = readFactors(set, TAG.CalciumScoringMassFactorDevice, 3)
  return patient === null && device === null ? NONE : { patient, device }
}

function readFactors(set: DataSet, tag: number, count: number): readonly number[] | 'unusable' | null {
  if (set.value(tag) === null) return null
  const values = set.floats(tag, count)
  return values?.every(isMassFactor) ? values : 'unusable'
}

/** What all images say; a factor they do not agree on is none, with a note. Null: none says anything. */
export function commonMassFactors(images: readonly StoredMassFactors[]): CalciumMassFactors | null {
  if (images.every((image) => image === NONE)) return null
  const notes: string[] = []
  const common = (which: keyof StoredMassFactors, tag: number): readonly number[] | null => {
    const values = images.map((image) => image[which])
    const first = values[0]!
    const same = values.every((value) => String(value) === String(first))
    const { low, high } = MASS_FACTOR_LIMITS
    if (values.includes('unusable')) notes.push(`${tagName(tag)} is no factor from ${low} to ${high} mg/mL per HU`)
    else if (!same) notes.push(`${tagName(tag)} is not the same in every slice`)
    else return first as readonly number[] | null
    return null
  }
  const patient = common('patient', TAG.CalciumScoringMassFactorPatient)
  const device = common('device', TAG.CalciumScoringMassFactorDevice)
  return Object.freeze({
    patient: patient && patient[0]!,
    bySize: device && Object.freeze({ small: device[0]!, medium: device[1]!, large: device[2]! }),
    note: notes.length > 0 ? `${notes.join('; ')}: not used` : null,
  })
}
