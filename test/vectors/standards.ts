/**
 * The standards the vectors are scored under, written out here a second time so that the vectors do not hang on the shipped table;
 * a test compares the two. `custom` makes further ones that exercise a single field.
 */
import type { Standard } from '../../bindings/score/standard.js'

const AGATSTON = 'Agatston AS et al. J Am Coll Cardiol 1990;15:827-832, doi:10.1016/0735-1097(90)90282-T'
const VENDOR_RULES =
  'Vendor scoring rules as used in Med Phys 2021, doi:10.1002/mp.14912, and its published analysis code'

const agatston130: Standard = {
  id: 'agatston-130',
  version: 1,
  title: 'Agatston score at 130 HU',
  citation: AGATSTON,
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

const vendor = { ...agatston130, citation: VENDOR_RULES, connectivity: 4 } as const

export const AGATSTON_130: Standard = agatston130
export const FQM_PYTHON: Standard = {
  ...agatston130,
  id: 'fqm-python',
  title: 'Published phantom analysis',
  citation: VENDOR_RULES,
  minimum: { by: 'area', rule: '>', mm2: 1 },
}
export const SIEMENS: Standard = { ...vendor, id: 'siemens', title: 'Siemens', minimum: { by: 'none' } }
export const GE: Standard = {
  ...vendor,
  id: 'ge',
  title: 'GE',
  minimum: { by: 'pixels-of-area', rule: '>=', mm2: 1, rounding: 'ceil' },
}
export const CANON: Standard = {
  ...vendor,
  id: 'canon',
  title: 'Canon',
  minimum: { by: 'pixels', rule: '>=', pixels: 3 },
}

/** All five; every case that does not pin one of them is scored under all. */
export const FIVE: readonly Standard[] = [AGATSTON_130, FQM_PYTHON, SIEMENS, GE, CANON]

/** `agatston-130` with other fields: no shipped standard, only a test of one field. */
export function custom(id: string, change: Partial<Standard>): Standard {
  return { ...agatston130, id, title: `Test of one field: ${id}`, ...change }
}

/** A published test-suite case of CalciumScoring.jl: above 128 HU, edges one lower, no slice factor. */
export const CALCIUM_SCORING_JL = custom('calciumscoring-jl-case', {
  thresholdHu: 128,
  thresholdRule: '>',
  ladderHu: [199, 299, 399],
  minimum: { by: 'pixels-of-area', rule: '>=', mm2: 1, rounding: 'round' },
  sliceFactor: 'none',
})

export const EVERY_PIECE = custom('every-piece', { minimum: { by: 'none' } })
