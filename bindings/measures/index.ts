/**
 * `agatston/measures`: measures of the phantom literature that stand beside the score (spatially weighted score, volume fraction
 * and integrated intensity mass), and where a mass factor may come from. Plain functions of HU: no engine, no files.
 */
export {
  type CalciumContent,
  type IntegratedInput,
  type VolumeFractionInput,
  integratedMass,
  volumeFractionMass,
} from './mass.js'
export { type WeightedInput, spatiallyWeightedScore } from './weighted.js'
export { type MeanAndSd, meanAndSd } from './statistics.js'
export { type Box, type Region, readRegion } from './region.js'
export { type Calibration, type CalibrationMismatch, compareCalibration, parseCalibration } from './calibration.js'
export {
  type CalciumMassFactors,
  type CalibrationRods,
  type HeaderMassFactor,
  type PatientSize,
  MASS_FACTOR_LIMITS,
  PATIENT_SIZES,
  massFactorFromCalibration,
  massFactorFromHeader,
} from '../volume/mass-factors.js'
