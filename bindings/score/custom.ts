/** The entry `agatston/standards`: the shipped rules, and rules of one's own. */
import type { Minimum, Standard } from './standard.js'
import { CHECKED, DEFAULT_STANDARD, STANDARDS, deepFreeze } from './standards.js'

export { DEFAULT_STANDARD, STANDARDS, standardById } from './standards.js'
export type { Minimum, SliceFactor, Standard, VolumeRule, WeightFrom } from './standard.js'

/**
 * A standard of one's own, checked and frozen, to be given to `score`. It may not bear a shipped id unless it is that standard.
 *
 * @throws TypeError for what is no object, RangeError that names the field
 */
export function customStandard(standard: Standard): Standard {
  if (typeof standard !== 'object' || standard === null)
    throw new TypeError('a standard must be an object of its rules')
  const shipped = STANDARDS.find(({ id }) => id === standard.id)
  if (shipped) {
    if (shipped === standard || inKeyOrder(shipped) === inKeyOrder(standard)) return shipped
    throw new RangeError(`standard.id '${standard.id}' is a shipped standard with other rules: choose another id`)
  }
  const wrong = (field: string, expected: string): never => {
    throw new RangeError(`standard.${field} must be ${expected}`)
  }
  for (const key of Object.keys(standard)) if (!(key in DEFAULT_STANDARD)) wrong(key, 'left out: no standard has it')
  for (const key of Object.keys(DEFAULT_STANDARD)) if (!(key in standard)) wrong(key, 'given')
  if (typeof standard.id !== 'string') wrong('id', 'a text')
  if (!Array.isArray(standard.ladderHu)) wrong('ladderHu', 'three edges')
  if (!Array.isArray(standard.weights)) wrong('weights', 'four finite numbers')
  if (typeof standard.minimum !== 'object' || standard.minimum === null) wrong('minimum', 'a rule')
  const rule = (value: string): boolean => value === '>=' || value === '>'
  const { ladderHu, weights, minimum, thresholdHu, upperHu } = standard
  if (!/^[a-z0-9][a-z0-9.-]{0,63}$/.test(standard.id)) wrong('id', 'lower-case letters, digits, dots and dashes')
  if (!Number.isInteger(standard.version) || standard.version < 1) wrong('version', 'a whole number from 1')
  if (!Number.isFinite(thresholdHu)) wrong('thresholdHu', 'a finite number')
  if (!rule(standard.thresholdRule) || !rule(standard.ladderRule)) wrong('thresholdRule and ladderRule', "'>=' or '>'")
  if (upperHu !== null && !(Number.isFinite(upperHu) && upperHu >= thresholdHu))
    wrong('upperHu', 'null or at least the threshold')
  if (standard.connectivity !== 4 && standard.connectivity !== 8) wrong('connectivity', '4 or 8')
  const rising = [thresholdHu, ...ladderHu].every(
    (edge, n, all) => Number.isFinite(edge) && (n === 0 || edge >= all[n - 1]!),
  )
  if (ladderHu.length !== 3 || !rising) wrong('ladderHu', 'three edges in rising order from the threshold on')
  if (weights.length !== 4 || !weights.every(Number.isFinite)) wrong('weights', 'four finite numbers')
  if (standard.weightFrom !== 'piece-peak') wrong('weightFrom', "'piece-peak'")
  if (!['increment/3', 'thickness/3', 'none'].includes(standard.sliceFactor))
    wrong('sliceFactor', "'increment/3', 'thickness/3' or 'none'")
  if (standard.volume !== 'voxels') wrong('volume', "'voxels'")
  if (!minimumIsValid(minimum))
    wrong('minimum', 'none, an area, a number of pixels or pixels of an area, with its rule')
  const checked = deepFreeze(structuredClone(standard))
  CHECKED.add(checked)
  return checked
}

/** As text that does not depend on the order in which fields were written. */
function inKeyOrder(standard: Standard): string {
  const sorted = (value: unknown): unknown =>
    typeof value !== 'object' || value === null || Array.isArray(value)
      ? value
      : Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, own]) => [key, sorted(own)])
  return JSON.stringify(sorted(standard))
}

function minimumIsValid(minimum: Minimum): boolean {
  if (minimum.by === 'none') return true
  if (minimum.rule !== '>=' && minimum.rule !== '>') return false
  if (minimum.by === 'pixels') return Number.isFinite(minimum.pixels) && minimum.pixels >= 0
  if (minimum.by === 'pixels-of-area' && minimum.rounding !== 'ceil' && minimum.rounding !== 'round') return false
  return (minimum.by === 'area' || minimum.by === 'pixels-of-area') && Number.isFinite(minimum.mm2) && minimum.mm2 >= 0
}
