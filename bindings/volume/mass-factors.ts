/**
 * The mass factor c: milligrams of calcium hydroxyapatite per mm3 and HU, so that mass = c x mean HU x volume. It comes from a
 * scan of rods of known density, or from the header of an image; never from a guess. One place holds what it may be, since a
 * factor in the wrong unit is off by a thousand and looks like any other number.
 *
 * McCollough CH et al. Coronary artery calcium: a multi-institutional, multimanufacturer international standard for
 * quantification at cardiac CT. Radiology 2007;243:527-538, doi:10.1148/radiol.2432050808.
 */

/** What the header of an image says of its mass factor (PS3.3 C.8.2.1, C.8.15.3.9), in mg/mL per HU, as it stands there. */
export interface CalciumMassFactors {
  /** Calcium Scoring Mass Factor Patient (0018,9351): for the size of this very patient. */
  readonly patient: number | null
  /** Calcium Scoring Mass Factor Device (0018,9352): one each for a small, a medium and a large patient. */
  readonly bySize: Readonly<Record<PatientSize, number>> | null
  /** Why a factor that stands in the header is not given here; null: nothing was left out. */
  readonly note: string | null
}

export const PATIENT_SIZES = ['small', 'medium', 'large'] as const
export type PatientSize = (typeof PATIENT_SIZES)[number]

/** A factor of the header in the unit of scoring, with the attribute it came from. */
export interface HeaderMassFactor {
  readonly mgPerMm3Hu: number
  readonly attribute: 'CalciumScoringMassFactorPatient (0018,9351)' | 'CalciumScoringMassFactorDevice (0018,9352)'
  /** The size class that was used; null where the factor is the patient's own. */
  readonly patientSize: PatientSize | null
}

/**
 * What a mass factor can be, in mg/mL per HU. Published ones lie between 0.5 (80 kVp) and 0.9 (140 kVp); beyond these limits
 * it is not in this unit.
 */
export const MASS_FACTOR_LIMITS = Object.freeze({ low: 0.2, high: 2 })

export const isMassFactor = (mgPerMlHu: number): boolean =>
  mgPerMlHu >= MASS_FACTOR_LIMITS.low && mgPerMlHu <= MASS_FACTOR_LIMITS.high

/** The rods of a calibration scan. */
export interface CalibrationRods {
  /** Mean HU of the rod of 200 mg/mL calcium hydroxyapatite. */
  readonly hu200: number
  /** Mean HU of the rod of water, or of what stands for water. */
  readonly huWater: number
}

/**
 * c = 0.2 mg/mm3 / (HU of the 200 mg/mL rod - HU of the water rod), McCollough et al. 2007 (doi:10.1148/radiol.2432050808).
 *
 * @param rods mean HU of both rods, measured in the same scan
 * @returns mg/(mm3 HU), about 0.0007 at 120 kVp
 * @throws TypeError for what is no number; RangeError where the water is none (beyond -100 to 100 HU) or the rods give a factor
 *   no scanner has
 */
export function massFactorFromCalibration(rods: CalibrationRods): number {
  if (typeof rods !== 'object' || rods === null) throw new TypeError('give the rods as { hu200, huWater }')
  for (const key of Object.keys(rods)) {
    if (key !== 'hu200' && key !== 'huWater')
      throw new TypeError(`a calibration has hu200 and huWater, and no '${key}'`)
  }
  return factorOfRods({ name: 'hu200', hu: rods.hu200, mgPerMl: 200 }, { name: 'huWater', hu: rods.huWater })
}

/** Mean HU at which water is not believed. */
const WATER_OFF_HU = 100

/**
 * The factor from a rod of any density. Names are those the caller knows the numbers by.
 *
 * @throws TypeError, RangeError as `massFactorFromCalibration`
 */
export function factorOfRods(
  rod: { readonly name: string; readonly hu: number; readonly mgPerMl: number },
  water: { readonly name: string; readonly hu: number },
): number {
  for (const { name, hu } of [rod, water]) {
    if (typeof hu !== 'number') throw new TypeError(`${name} must be a number, in HU`)
    if (!Number.isFinite(hu)) throw new RangeError(`${name} must be finite, got ${hu}`)
  }
  if (Math.abs(water.hu) > WATER_OFF_HU) {
    throw new RangeError(`${water.name} is ${water.hu} HU; water is 0 HU within ${WATER_OFF_HU}. Measure it again`)
  }
  const mgPerMlHu = rod.mgPerMl / (rod.hu - water.hu)
  if (!isMassFactor(mgPerMlHu)) {
    const { low, high } = MASS_FACTOR_LIMITS
    const [least, most] = [rod.mgPerMl / high, rod.mgPerMl / low]
    const met = `${rod.name} is ${rod.hu - water.hu} HU above ${water.name}`
    throw new RangeError(
      `${met}; ${rod.mgPerMl} mg/mL lie ${least} to ${most} HU above water. Check which rod is which, and measure again`,
    )
  }
  return mgPerMlHu / 1000
}

/**
 * The mass factor of an image's own header: that of the patient (0018,9351), else that of the device for the size of patient
 * that is named (0018,9352). The header's unit is mg/mL per HU; here it becomes mg/(mm3 HU).
 *
 * @param factors `facts.calciumMassFactors` of a volume
 * @param patientSize the size class, as somebody judged it; without it the factors of the device are not used
 * @returns null where the header has no factor that can be used; then there is no mass
 * @throws TypeError for the wrong kind, RangeError for a size there is not or a factor beyond `MASS_FACTOR_LIMITS`
 */
export function massFactorFromHeader(
  factors: CalciumMassFactors | null,
  patientSize?: PatientSize,
): HeaderMassFactor | null {
  if (patientSize !== undefined && !PATIENT_SIZES.includes(patientSize)) {
    throw new RangeError(`patientSize must be ${PATIENT_SIZES.join(', ')}, got '${String(patientSize)}'`)
  }
  if (factors === null) return null
  if (typeof factors !== 'object') throw new TypeError('factors must be the calciumMassFactors of a volume, or null')
  const { patient, bySize } = factors
  if (patient !== null) {
    const mgPerMm3Hu = ofHeader('patient', patient)
    return { mgPerMm3Hu, attribute: 'CalciumScoringMassFactorPatient (0018,9351)', patientSize: null }
  }
  if (bySize === null || patientSize === undefined) return null
  if (typeof bySize !== 'object')
    throw new TypeError('bySize must have a factor for small, medium and large, or be null')
  const mgPerMm3Hu = ofHeader(`bySize.${patientSize}`, bySize[patientSize])
  return { mgPerMm3Hu, attribute: 'CalciumScoringMassFactorDevice (0018,9352)', patientSize }
}

function ofHeader(name: string, mgPerMlHu: number): number {
  if (typeof mgPerMlHu !== 'number') throw new TypeError(`${name} must be a number, in mg/mL per HU`)
  if (!isMassFactor(mgPerMlHu)) {
    const { low, high } = MASS_FACTOR_LIMITS
    throw new RangeError(`${name} must be from ${low} to ${high} mg/mL per HU, got ${mgPerMlHu}: check its unit`)
  }
  return mgPerMlHu / 1000
}
