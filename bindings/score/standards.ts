/**
 * The shipped standards: frozen data with their citations. `id` and `version` are stamped on every result; a change of any
 * number here is a new version.
 */
import type { Minimum, Standard } from './standard.js'

const VAN_PRAAGH = 'van Praagh 2021, doi:10.1002/mp.14912, and its published code'

const AGATSTON_130: Standard = {
  id: 'agatston-130',
  version: 1,
  title: 'Agatston score: 130 HU, 8 neighbours, 1 mm2',
  citation: 'Agatston 1990, doi:10.1016/0735-1097(90)90282-T; slices scaled to 3 mm',
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

/** Standards whose rules were checked: the shipped ones, and those of `customStandard`. */
export const CHECKED = new WeakSet<Standard>(STANDARDS)

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

export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze)
    Object.freeze(value)
  }
  return value
}
