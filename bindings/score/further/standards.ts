/**
 * The shipped standards: frozen data with their citations. `id` and `version` are stamped on every result; a change of any
 * number here is a new version.
 */
import { DEFAULT_STANDARD, deepFreeze } from '../default.js'
import type { Minimum, Standard } from '../standard.js'

const VAN_PRAAGH = 'van Praagh 2021, doi:10.1002/mp.14912, and its published code'

/** As many pixels as make up an area, rounded up. */
const pixelsOf = (mm2: number): Minimum => ({ by: 'pixels-of-area', rule: '>=', mm2, rounding: 'ceil' })

/** Rules of vendors share all but the smallest piece, 4 neighbours among them. */
const vendor = (id: string, title: string, minimum: Minimum, more: Partial<Standard> = {}): Standard => ({
  ...DEFAULT_STANDARD,
  id,
  title,
  citation: VAN_PRAAGH,
  connectivity: 4,
  minimum,
  ...more,
})

/** Rules read from the source of public software. */
const software = (id: string, title: string, source: string, more: Partial<Standard>): Standard => ({
  ...DEFAULT_STANDARD,
  id,
  title,
  citation: `Rules of ${source}, read from its source`,
  ...more,
})

const ALL: readonly Standard[] = [
  DEFAULT_STANDARD,
  vendor(
    'literature',
    'Literature: 130 HU, 4 neighbours, pixels that make up 1 mm2; volume interpolated',
    pixelsOf(1),
    {
      volume: 'isotropic',
    },
  ),
  vendor('ge', 'GE: 130 HU, 4 neighbours, pixels that make up 1 mm2', pixelsOf(1)),
  vendor('terarecon', 'TeraRecon: 130 HU, 4 neighbours, pixels that make up 1 mm2', pixelsOf(1)),
  vendor('siemens', 'Siemens: 130 HU, 4 neighbours, every piece', { by: 'none' }),
  vendor(
    'philips',
    'Philips: 130 HU, 4 neighbours, pixels that make up 0.5 mm2; volume and mass from 112.5 HU',
    pixelsOf(0.5),
    { volumeThresholdHu: 112.5 },
  ),
  vendor('canon', 'Canon: 130 HU, 4 neighbours, 3 pixels', { by: 'pixels', rule: '>=', pixels: 3 }),
  {
    ...DEFAULT_STANDARD,
    id: 'fqm-python',
    title: 'Published phantom analysis (FQM, Python): 130 HU, 8 neighbours, above 1 mm2',
    citation: `${VAN_PRAAGH}; Python port in CAC-stanford-data`,
    minimum: { by: 'area', rule: '>', mm2: 1 },
  },
  software(
    'horos',
    'Horos: 130 to 1500 HU, grown in 3-D, weight from 3 pixels',
    'Horos (github.com/horosproject/horos)',
    {
      upperHu: 1500,
      connectivity: 4,
      ladderRule: '>',
      weightFrom: 'lesion-pixels-in-slice',
      weightPixels: 3,
      minimum: { by: 'none' },
      sliceFactor: 'increment/thickness',
      volume: 'area-x-thickness',
    },
  ),
  software(
    'calciumscoring-jl',
    'CalciumScoring.jl: above 128 HU, 8 neighbours, about 1 mm2, no slice factor',
    'CalciumScoring.jl (github.com/MolloiLab/CalciumScoring.jl)',
    {
      thresholdHu: 128,
      thresholdRule: '>',
      ladderHu: [199, 299, 399],
      minimum: { by: 'pixels-of-area', rule: '>=', mm2: 1, rounding: 'round' },
      sliceFactor: 'none',
    },
  ),
  software(
    'slicer-brains',
    "3D Slicer (BRAINSTools): 130 to 5000 HU, weight from the lesion's peak in the slice, no slice factor",
    'the cardiac agatston measures module of 3D Slicer',
    {
      upperHu: 5000,
      connectivity: 4,
      weightFrom: 'lesion-peak-in-slice',
      minimum: { by: 'none' },
      sliceFactor: 'none',
    },
  ),
  software(
    'ai-cac',
    "AI-CAC: 130 HU, weight from the lesion's peak, two voxels, thickness",
    'AI-CAC (github.com/Raffi-Hagopian/AI-CAC)',
    {
      connectivity: 4,
      weightFrom: 'lesion-peak',
      minimum: { by: 'pixels', rule: '>', pixels: 1 },
      minimumOf: 'lesion',
      sliceFactor: 'thickness/3',
    },
  ),
  software(
    'cacslabeler',
    'CACSLabeler: 131 HU, 4 neighbours, above 1 mm2, thickness',
    'CACSLabeler (github.com/Berni1557/CACSLabeler)',
    {
      thresholdHu: 131,
      connectivity: 4,
      minimum: { by: 'area', rule: '>', mm2: 1 },
      sliceFactor: 'thickness/3',
    },
  ),
]

/** Every shipped standard, the default first. */
export const STANDARDS: readonly Standard[] = deepFreeze(ALL)

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
