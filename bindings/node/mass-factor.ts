/**
 * Which mass factor a scan on disk is scored with: the caller's own; else that of a calibration made with the same scanner,
 * voltage and kernel; else that of the scan's header. None of them: there is no mass, and never a guess.
 */
import { type Calibration, compareCalibration } from '../measures/calibration.js'
import type { MassFactor } from '../score/result.js'
import { PATIENT_SIZES, type PatientSize, isMassFactor, massFactorFromHeader } from '../volume/mass-factors.js'
import type { InputFacts } from '../volume/volume.js'
import { UsageError } from './usage.js'

export interface MassOptions {
  /** Mass factor c in mg/(mm3 HU), or with where it came from. Not with `calibration`. */
  readonly massFactor?: number | MassFactor
  /** A calibration file as `parseCalibration` reads it; one made with another scanner, voltage or kernel is refused. */
  readonly calibration?: Calibration
  /**
   * Size class of the patient, as somebody judged it. Used where nothing before it gives a factor: for Calcium Scoring Mass Factor
   * Device (0018,9352).
   */
  readonly patientSize?: PatientSize
}

/** What can be wrong before anything is read. @throws UsageError, RangeError, TypeError */
export function checkMassOptions({ massFactor, calibration, patientSize }: MassOptions): void {
  if (massFactor !== undefined && calibration !== undefined)
    throw new UsageError('a mass factor and a calibration exclude each other: give one of them')
  if (patientSize !== undefined && !PATIENT_SIZES.includes(patientSize))
    throw new RangeError(`patientSize must be ${PATIENT_SIZES.join(', ')}, got '${String(patientSize)}'`)
  if (calibration === undefined) return
  const { schema, mgPerMm3Hu } = calibration ?? {}
  if (schema !== 'agatston.calibration/1' || typeof mgPerMm3Hu !== 'number' || !isMassFactor(mgPerMm3Hu * 1000))
    throw new TypeError('make a calibration with parseCalibration of agatston/measures')
}

/**
 * @param facts of the scan
 * @returns undefined: there is none, and no mass
 * @throws UsageError that names what the calibration was made with and the scan was not
 */
export function massFactorOf(
  { massFactor, calibration, patientSize }: MassOptions,
  facts: InputFacts,
): number | MassFactor | undefined {
  if (massFactor !== undefined) return massFactor
  if (calibration !== undefined) {
    const [mismatch] = compareCalibration(calibration, facts)
    if (!mismatch) return { mgPerMm3Hu: calibration.mgPerMm3Hu, source: 'calibration' }
    const { field, calibration: own, scan } = mismatch
    const ofScan = scan === null ? 'the scan does not say its own' : `the scan has '${scan}'`
    throw new UsageError(
      `the calibration was made with ${field} '${own}'; ${ofScan}. Take one made with the same, or leave it out: then there is no mass`,
    )
  }
  const header = massFactorFromHeader(facts.calciumMassFactors, patientSize)
  return header === null ? undefined : { mgPerMm3Hu: header.mgPerMm3Hu, source: 'header' }
}
