/** Which mass factor is used, in order: the caller's, a calibration's, the header's for this patient, the device's for a size. */
import { expect, it } from 'vitest'
import { parseCalibration } from '../../bindings/measures/calibration.js'
import { checkMassOptions, massFactorOf } from '../../bindings/node/mass-factor.js'
import { UsageError } from '../../bindings/node/usage.js'
import { NO_FACTS } from '../../bindings/volume/volume.js'

const bySize = { small: 0.7, medium: 0.75, large: 0.8 }
const patient = { ...NO_FACTS, calciumMassFactors: { patient: 0.72, bySize, note: null } }
const device = { ...NO_FACTS, calciumMassFactors: { patient: null, bySize, note: null } }
const calibration = parseCalibration(
  JSON.stringify({ schema: 'agatston.calibration/1', date: '2026-03-14', rodHu: 250, waterHu: 0 }),
)

it('comes from the first that has one', () => {
  expect(massFactorOf({ massFactor: 7e-4, patientSize: 'small' }, patient)).toBe(7e-4)
  expect(massFactorOf({ calibration }, patient)).toEqual({ mgPerMm3Hu: 8e-4, source: 'calibration' })
  expect(massFactorOf({ patientSize: 'large' }, patient)).toEqual({ mgPerMm3Hu: 0.72 / 1000, source: 'header' })
  expect(massFactorOf({ patientSize: 'large' }, device)).toEqual({ mgPerMm3Hu: 0.8 / 1000, source: 'header' })
  expect(massFactorOf({}, device)).toBeUndefined()
  expect(massFactorOf({ patientSize: 'large' }, NO_FACTS)).toBeUndefined()
})

it('is refused where two are given, or the scan is another', () => {
  expect(() => checkMassOptions({ massFactor: 7e-4, calibration })).toThrow(UsageError)
  expect(() => checkMassOptions({ patientSize: 'huge' as 'large' })).toThrow(RangeError)
  expect(() => checkMassOptions({ calibration: {} as typeof calibration })).toThrow(TypeError)
  expect(() => massFactorOf({ calibration: { ...calibration, kvp: 120 } }, NO_FACTS)).toThrow(
    /kvp '120'; the scan does not say/,
  )
})
