/**
 * The shipped standards: frozen data with their citations. `id` and `version` are stamped on every result; a change of any
 * number here is a new version.
 */
import type { Minimum, Standard } from './standard.js'

const VAN_PRAAGH = 'van Praagh GD et al. Med Phys 2021, doi:10.1002/mp.14912, and its published analysis code'

const AGATSTON_130: Standard = {
  id: 'agatston-130',
  version: 1,
  title: 'Agatston score: 130 HU, 8 neighbours, 1 mm2',
  citation:
    'Agatston AS et al. J Am Coll Cardiol 1990;15:827-832, doi:10.1016/0735-1097(90)90282-T; slices scaled to 3 mm',
  thresholdHu: 130,
  thresholdRule: '>=',
  upperHu: null,
  connectivity: 8,
  ladderHu: [200, 300, 400],
  ladderRule: '>=',
  weights: [1, 2, 3, 4],
  weightFrom: 'piece-peak',
  minimum: { by: 'area', rule: '>=', mm2: 1 },
  sliceFactor: 'increment/3',
  volume: 'voxels',
}

/** Vendor rules share all but the smallest piece: 4 neighbours and a minimum in pixels. */
function vendor(id: string, title: string, minimum: Minimum): Standard {
  return { ...AGATSTON_130, id, title, citation: VAN_PRAAGH, connectivity: 4, minimum }
}

const ALL: readonly Standard[] = [
  AGATSTON_130,
  {
    ...AGATSTON_130,
    id: 'fqm-python',
    title: 'Published phantom analysis (FQM, Python): 130 HU, 8 neighbours, above 1 mm2',
    citation: `${VAN_PRAAGH}; Python port in CAC-stanford-data`,
    minimum: { by: 'area', rule: '>', mm2: 1 },
  },
  vendor('siemens', 'Siemens: 130 HU, 4 neighbours, every piece', { by: 'none' }),
  vendor('ge', 'GE: 130 HU, 4 neighbours, pixels that make up 1 mm2', {
    by: 'pixels-of-area',
    rule: '>=',
    mm2: 1,
    rounding: 'ceil',
  }),
  vendor('canon', 'Canon: 130 HU, 4 neighbours, 3 pixels', { by: 'pixels', rule: '>=', pixels: 3 }),
]

/** Every shipped standard, the default first. */
export const STANDARDS: readonly Standard[] = deepFreeze(ALL)

export const DEFAULT_STANDARD = STANDARDS[0]!

/** The shipped standard of this id. @throws RangeError that lists the ids there are */
export function standardById(id: string): Standard {
  const found = STANDARDS.find((standard) => standard.id === id)
  if (!found) {
    throw new RangeError(
      `There is no standard '${id}'; there are ${STANDARDS.map((standard) => standard.id).join(', ')}`,
    )
  }
  return found
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze)
    Object.freeze(value)
  }
  return value
}

/**
 * Check a standard that does not come from here. It may not bear a shipped id unless it is that standard.
 *
 * @throws RangeError that names the field
 */
export function checkStandard(standard: Standard): Standard {
  const shipped = STANDARDS.find(({ id }) => id === standard.id)
  if (shipped) {
    if (shipped === standard || inKeyOrder(shipped) === inKeyOrder(standard)) return shipped
    throw new RangeError(`standard.id '${standard.id}' is a shipped standard with other rules: choose another id`)
  }
  const wrong = (field: string, expected: string): never => {
    throw new RangeError(`standard.${field} must be ${expected}`)
  }
  for (const key of Object.keys(standard)) if (!(key in AGATSTON_130)) wrong(key, 'left out: no standard has it')
  for (const key of Object.keys(AGATSTON_130)) if (!(key in standard)) wrong(key, 'given')
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
  return deepFreeze(structuredClone(standard))
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
