/**
 * The standards the vectors are scored under, written out here a second time so that the vectors do not hang on the shipped table;
 * a test compares the two. `custom` makes further ones that exercise a single field.
 */
import type { StandardRules } from '../../bindings/score/standard.js'

const AGATSTON = 'Agatston AS et al. J Am Coll Cardiol 1990;15:827-832, doi:10.1016/0735-1097(90)90282-T'
const VENDOR_RULES =
  'Vendor scoring rules as used in Med Phys 2021, doi:10.1002/mp.14912, and its published analysis code'

export const AGATSTON_130: StandardRules = {
  id: 'agatston-130',
  version: 1,
  title: 'Agatston score at 130 HU',
  citation: AGATSTON,
  thresholdHu: 130,
  thresholdRule: '>=',
  upperHu: null,
  connectivity: 8,
  lesionConnectivity: 6,
  ladderHu: [200, 300, 400],
  ladderRule: '>=',
  weights: [1, 2, 3, 4],
  weightFrom: 'piece-peak',
  weightPixels: 1,
  minimum: { by: 'area', rule: '>=', mm2: 1 },
  minimumOf: 'piece',
  sliceFactor: 'increment/3',
  volume: 'voxels',
  volumeThresholdHu: null,
}

const pixelsOf = (mm2: number, rounding: 'ceil' | 'round' = 'ceil') =>
  ({ by: 'pixels-of-area', rule: '>=', mm2, rounding }) as const
const vendor = { ...AGATSTON_130, citation: VENDOR_RULES, connectivity: 4 } as const
const read = (id: string, title: string) => ({ id, title, citation: `${title}: read from its source` })

export const LITERATURE: StandardRules = {
  ...vendor,
  id: 'literature',
  title: 'Literature',
  minimum: pixelsOf(1),
  volume: 'isotropic',
}
export const GE: StandardRules = { ...vendor, id: 'ge', title: 'GE', minimum: pixelsOf(1) }
export const TERARECON: StandardRules = { ...vendor, id: 'terarecon', title: 'TeraRecon', minimum: pixelsOf(1) }
export const SIEMENS: StandardRules = { ...vendor, id: 'siemens', title: 'Siemens', minimum: { by: 'none' } }
export const PHILIPS: StandardRules = {
  ...vendor,
  id: 'philips',
  title: 'Philips',
  minimum: pixelsOf(0.5),
  volumeThresholdHu: 112.5,
}
export const CANON: StandardRules = {
  ...vendor,
  id: 'canon',
  title: 'Canon',
  minimum: { by: 'pixels', rule: '>=', pixels: 3 },
}
export const FQM_PYTHON: StandardRules = {
  ...AGATSTON_130,
  id: 'fqm-python',
  title: 'Published phantom analysis',
  citation: VENDOR_RULES,
  minimum: { by: 'area', rule: '>', mm2: 1 },
}
export const HOROS: StandardRules = {
  ...AGATSTON_130,
  ...read('horos', 'Horos'),
  upperHu: 1500,
  connectivity: 4,
  ladderRule: '>',
  weightFrom: 'lesion-pixels-in-slice',
  weightPixels: 3,
  minimum: { by: 'none' },
  sliceFactor: 'increment/thickness',
  volume: 'area-x-thickness',
}
export const CALCIUM_SCORING_JL: StandardRules = {
  ...AGATSTON_130,
  ...read('calciumscoring-jl', 'CalciumScoring.jl'),
  thresholdHu: 128,
  thresholdRule: '>',
  ladderHu: [199, 299, 399],
  minimum: pixelsOf(1, 'round'),
  sliceFactor: 'none',
}
export const SLICER_BRAINS: StandardRules = {
  ...AGATSTON_130,
  ...read('slicer-brains', '3D Slicer, BRAINSTools'),
  upperHu: 5000,
  connectivity: 4,
  weightFrom: 'lesion-peak-in-slice',
  minimum: { by: 'none' },
  sliceFactor: 'none',
}
export const AI_CAC: StandardRules = {
  ...AGATSTON_130,
  ...read('ai-cac', 'AI-CAC'),
  connectivity: 4,
  weightFrom: 'lesion-peak',
  minimum: { by: 'pixels', rule: '>', pixels: 1 },
  minimumOf: 'lesion',
  sliceFactor: 'thickness/3',
}
export const CACSLABELER: StandardRules = {
  ...AGATSTON_130,
  ...read('cacslabeler', 'CACSLabeler'),
  thresholdHu: 131,
  connectivity: 4,
  minimum: { by: 'area', rule: '>', mm2: 1 },
  sliceFactor: 'thickness/3',
}

/** All that are shipped; every case that does not pin its standards is scored under each. */
export const SHIPPED: readonly StandardRules[] = [
  AGATSTON_130,
  LITERATURE,
  GE,
  TERARECON,
  SIEMENS,
  PHILIPS,
  CANON,
  FQM_PYTHON,
  HOROS,
  CALCIUM_SCORING_JL,
  SLICER_BRAINS,
  AI_CAC,
  CACSLABELER,
]

/** The vendors' rules a sensitivity band spans. */
export const BAND: readonly StandardRules[] = [LITERATURE, GE, SIEMENS, PHILIPS, CANON]

/** `agatston-130` with other fields: no shipped standard, only a test of one field. */
export function custom(id: string, change: Partial<StandardRules>): StandardRules {
  return { ...AGATSTON_130, id, title: `Test of one field: ${id}`, ...change }
}

/** A standard with other fields. */
export function variant(of: StandardRules, id: string, change: Partial<StandardRules>): StandardRules {
  return { ...of, id, title: `Test of one field: ${id}`, ...change }
}

export const needsThickness = ({ sliceFactor, volume }: StandardRules): boolean =>
  sliceFactor === 'thickness/3' || sliceFactor === 'increment/thickness' || volume === 'area-x-thickness'

export const EVERY_PIECE = custom('every-piece', { minimum: { by: 'none' } })
