/**
 * Answers worked out by hand for what sets standards apart: where each departs from the default, by every rule a
 * standard may name. The arithmetic stands in the note of each vector.
 */
import type { Known } from './known.js'
import type { Sums } from './types.js'

/** Case (rule and name), a measure that shows the departure, its value under the standard and under `agatston-130`. */
const DEPARTURES: readonly (readonly [string, keyof Sums, own: number, byDefault: number])[] = [
  ...[
    'literature',
    'ge',
    'terarecon',
    'siemens',
    'philips',
    'canon',
    'horos',
    'slicer-brains',
    'ai-cac',
    'cacslabeler',
  ].map((id) => [`neighbours: ${id}: 4 neighbours`, 'agatston', 20, 32] as const),
  ['volume: literature: interpolated volume', 'volumeMm3', 45, 36],
  ['volume: literature: interpolated volume', 'massMg', 13.5, 10.8],
  ['minimum: siemens: no smallest piece', 'agatston', 3.75, 2.25],
  ['minimum: philips: pixels that make up 0.5 mm2', 'agatston', 3.5, 2.25],
  ['volume: philips: volume and mass from 112.5 HU', 'volumeMm3', 75, 27],
  ['volume: philips: volume and mass from 112.5 HU', 'massMg', 9.81, 4.05],
  ['volume: philips: volume and mass from 112.5 HU', 'agatston', 9, 9],
  ['volume: philips: volume and mass from 112.5 HU', 'meanHu', 150, 150],
  ['minimum: canon: 3 pixels', 'agatston', 3, 2.25],
  ['minimum: canon: 3 pixels, where one is 1 mm2', 'agatston', 12, 15],
  ['minimum: fqm-python: above 1 mm2', 'agatston', 1.25, 2.25],
  ['threshold: horos: up to 1500 HU', 'agatston', 32, 48],
  ['threshold: horos: a bright core is a hole', 'pixels', 8, 9],
  ['minimum: horos: no smallest piece', 'agatston', 0.25, 0],
  ['weight: horos: weight from 3 pixels', 'agatston', 45, 72],
  ['weight: horos: edges are not part of their class', 'agatston', 60, 72],
  ['weight: horos: grown in 3-D', 'agatston', 90, 63],
  ['geometry: horos: increment / thickness', 'agatston', 9, 9],
  ['geometry: horos: increment / thickness', 'volumeMm3', 54, 27],
  ['geometry: horos: at most 1', 'agatston', 18, 18],
  ['geometry: horos: at most 1', 'volumeMm3', 27, 54],
  ['geometry: horos: thin slices are not scaled', 'agatston', 18, 9],
  ['threshold: calciumscoring-jl: above 128 HU', 'agatston', 8, 4],
  ['ladder: calciumscoring-jl: edges one lower', 'agatston', 60, 48],
  ['minimum: calciumscoring-jl: 1 mm2 in pixels, rounded', 'agatston', 2.25, 1.35],
  ['geometry: calciumscoring-jl: no slice factor', 'agatston', 18, 9],
  ['threshold: slicer-brains: up to 5000 HU', 'agatston', 32, 48],
  ['minimum: slicer-brains: no smallest piece', 'agatston', 0.25, 0],
  ["weight: slicer-brains: the lesion's peak in the slice", 'agatston', 90, 63],
  ['weight: slicer-brains: slices weigh apart', 'agatston', 45, 45],
  ['geometry: slicer-brains: no slice factor', 'agatston', 18, 9],
  ["weight: ai-cac: the whole lesion's peak", 'agatston', 72, 45],
  ['minimum: ai-cac: lesions of two voxels', 'agatston', 1, 0],
  ['minimum: ai-cac: one voxel is too little', 'agatston', 0, 4],
  ['geometry: ai-cac: thickness / 3', 'agatston', 18, 9],
  ['geometry: ai-cac: gaps add nothing', 'agatston', 9, 18],
  ['threshold: cacslabeler: from 131 HU', 'agatston', 8, 12],
  ['minimum: cacslabeler: above 1 mm2', 'agatston', 1.25, 2.25],
  ['geometry: cacslabeler: thickness / 3', 'agatston', 18, 9],
  ['geometry: cacslabeler: gaps add nothing', 'agatston', 9, 18],
]

/** Case, then what each standard, or each of several with a blank between, must give. */
const BY_RULE: readonly (readonly [string, Readonly<Record<string, Partial<Sums>>>])[] = [
  ['published: 7a: two columns of 400 HU', { 'agatston-130': { agatston: 8 / 3, volumeMm3: 2 } }],
  ['trap: a label map given as HU', { 'agatston-130 siemens calciumscoring-jl': { agatston: 0, pieces: 0 } }],
  ['trap: multiplied by thickness in mm', { 'siemens cacslabeler ai-cac': { agatston: 18 }, horos: { agatston: 18 } }],
  ['trap: thickness used where slices overlap', { 'cacslabeler ai-cac': { agatston: 18 }, horos: { agatston: 9 } }],
  [
    'weight: one bright pixel',
    {
      'agatston-130 weight-lesion-peak weight-lesion-peak-in-slice': { agatston: 36 },
      'weight-piece-pixels weight-lesion-pixels horos': { agatston: 9 },
      'weight-pixel': { agatston: 12, densityScore: 12 / 9 },
    },
  ],
  [
    'weight: 2, 3 and 4 bright pixels',
    { 'agatston-130': { agatston: 108 }, 'weight-piece-pixels': { agatston: 81 }, 'weight-pixel': { agatston: 54 } },
  ],
  [
    'weight: higher classes count as lower ones',
    {
      'agatston-130': { agatston: 36 },
      'weight-piece-pixels horos': { agatston: 18 },
      'weight-pixel': { agatston: 15 },
    },
  ],
  [
    'weight: two pieces of a slice in one lesion',
    {
      'agatston-130 weight-piece-pixels weight-pixel': { agatston: 63 },
      'slicer-brains weight-lesion-peak-in-slice weight-lesion-pixels horos': { agatston: 90 },
      'ai-cac weight-lesion-peak': { agatston: 108 },
    },
  ],
  [
    'weight: bright pixels of two pieces of a slice',
    {
      'weight-lesion-pixels horos agatston-130': { agatston: 81 },
      'weight-piece-pixels': { agatston: 27 },
      'weight-pixel': { agatston: 36 },
    },
  ],
  [
    'weight: bright pixels of two slices',
    { 'weight-lesion-pixels weight-piece-pixels': { agatston: 18 }, 'weight-lesion-peak': { agatston: 72 } },
  ],
  [
    'weight: a piece that does not count lends its peak',
    { 'agatston-130': { agatston: 4 }, 'weight-lesion-peak': { agatston: 16, peakHu: 150 } },
  ],
  [
    'weight: a piece that does not count lends its peak to its slice',
    { 'agatston-130': { agatston: 6 }, 'weight-lesion-peak-in-slice': { agatston: 18, peakHu: 150 } },
  ],
  ['weight: a lesion in two territories', { 'agatston-130': { agatston: 40 }, 'weight-lesion-peak': { agatston: 64 } }],
  ['weight: lesions apart do not lend', { 'agatston-130 weight-lesion-peak weight-lesion-pixels': { agatston: 45 } }],
  [
    'weight: edges of pixels that have their own weight',
    { 'weight-pixel': { agatston: 16 }, 'weight-pixel-halves': { agatston: 12 } },
  ],

  ['lesions: the same place in the next slice', { 'lesions-6 lesions-18 lesions-26': { lesions: 4 } }],
  [
    'lesions: a column aside in the next slice',
    { 'lesions-6': { lesions: 8 }, 'lesions-18 lesions-26': { lesions: 4 } },
  ],
  ['lesions: a row aside in the next slice', { 'lesions-6': { lesions: 8 }, 'lesions-18 lesions-26': { lesions: 4 } }],
  [
    'lesions: a corner aside in the next slice',
    { 'lesions-6 lesions-18': { lesions: 8 }, 'lesions-26': { lesions: 4 } },
  ],
  ['lesions: two columns aside in the next slice', { 'lesions-6 lesions-18 lesions-26': { lesions: 8 } }],
  ['lesions: a knight away in the next slice', { 'lesions-6 lesions-18 lesions-26': { lesions: 8 } }],
  ['lesions: round the rim in the next slice', { 'lesions-6 lesions-18 lesions-26': { lesions: 2 } }],
  ['lesions: a corner in the slice, under 26', { 'lesions-26-pieces-4': { lesions: 2 }, 'lesions-26': { lesions: 1 } }],
  [
    'lesions: corners there and back, under 26',
    { 'lesions-18': { lesions: 3 }, 'lesions-26-pieces-4': { lesions: 1 }, 'lesions-26-peak': { agatston: 9 } },
  ],
  [
    'lesions: another territory a column aside in the next slice',
    { 'lesions-6': { lesions: 2 }, 'lesions-18': { lesions: 1, agatston: 45 }, 'lesions-26-peak': { agatston: 72 } },
  ],

  ['minimum: 6, 9 and 12 mm3 against 9 mm3', { 'volume-from-9': { pieces: 2 }, 'volume-above-9': { pieces: 1 } }],
  [
    'minimum: 0.3, 0.45 and 0.6 mm3 against 0.45 mm3',
    { 'volume-from-0.45': { pieces: 2 }, 'volume-above-0.45': { pieces: 1 } },
  ],
  [
    `minimum: three pixels of ${3 * (1 - 5e-10)} mm3`,
    { 'volume-from-9': { pieces: 1 }, 'volume-above-9': { pieces: 0 } },
  ],
  [`minimum: three pixels of ${3 * (1 - 2e-9)} mm3`, { 'volume-from-9 volume-above-9': { pieces: 0 } }],
  [
    `minimum: three pixels of ${3 * (1 + 5e-10)} mm3`,
    { 'volume-from-9': { pieces: 1 }, 'volume-above-9': { pieces: 0 } },
  ],
  [`minimum: three pixels of ${3 * (1 + 2e-9)} mm3`, { 'volume-from-9 volume-above-9': { pieces: 1 } }],
  [
    'minimum: a lesion of one voxel, of two in a slice, of two in two slices',
    { 'ai-cac': { agatston: 16, lesions: 2, pieces: 3 }, 'agatston-130': { agatston: 20 }, canon: { agatston: 0 } },
  ],
  ['minimum: two voxels that are no lesion', { 'ai-cac': { lesions: 0 }, siemens: { lesions: 4 } }],
  [
    'minimum: a lesion of one voxel in each of two territories',
    { 'ai-cac lesion-area-above': { pieces: 2, agatston: 8 }, 'piece-area-above': { pieces: 0 } },
  ],
  [
    'minimum: lesions of 3, 4 and 5 pixels of 0.25 mm2 in two slices',
    {
      'agatston-130': { lesions: 0 },
      'lesion-area lesion-pixels-of-area lesion-volume': { lesions: 2, agatston: 2.25 },
      'lesion-area-above': { lesions: 1, agatston: 1.25 },
    },
  ],
  [
    'minimum: small pieces of a large lesion',
    { 'agatston-130': { pieces: 1, agatston: 4 }, 'lesion-area lesion-volume': { pieces: 2, agatston: 5 } },
  ],

  ['volume: a ramp from 0 to 400 HU', { literature: { volumeMm3: 3, massMg: 1.2 }, ge: { volumeMm3: 4, massMg: 1.6 } }],
  ['volume: a ramp through the threshold', { isotropic: { volumeMm3: 8 }, 'isotropic-above': { volumeMm3: 7 } }],
  ['volume: a single slice, interpolated', { literature: { volumeMm3: 1.125 }, ge: { volumeMm3: 6.75 } }],
  ['volume: a block in the middle slice of three', { literature: { volumeMm3: 27 } }],
  ['volume: a block in the first slice and in the last', { literature: { volumeMm3: 36 }, ge: { volumeMm3: 54 } }],
  ['volume: two lesions one slice apart', { literature: { volumeMm3: 6 } }],
  ['volume: nothing beyond the box grown by one slice', { literature: { volumeMm3: 11 } }],
  ['volume: a disc inside a ring', { literature: { volumeMm3: 42 } }],
  ['volume: beside padding', { literature: { volumeMm3: 3 } }],
  ['volume: across a border of territories', { literature: { volumeMm3: 2 } }],
  ['volume: a lesion of two territories side by side', { literature: { volumeMm3: 24 } }],
  ['volume: under an upper limit', { isotropic: { volumeMm3: 4 }, 'isotropic-up-to-900': { volumeMm3: 2 } }],
  ['volume: planes that fall on slices', { isotropic: { volumeMm3: 0.004 } }],
  ['volume: the last plane is the last slice', { isotropic: { volumeMm3: 0.004 } }],
  ['volume: rows farther apart than slices', { literature: { volumeMm3: 4, lesions: 2 }, ge: { volumeMm3: 6 } }],
  ['volume: rows 0.5, columns 2 mm apart', { literature: { volumeMm3: 2 } }],
  ['volume: a slope of another sign in the second slice', { literature: { volumeMm3: 4 } }],
  [
    'volume: 112, 112.5, 113, 129.5, 130 HU',
    {
      philips: { agatston: 4, volumeMm3: 48, massMg: 5.82, meanHu: 130, pixels: 4 },
      'volume-above-112.5': { agatston: 0, volumeMm3: 36 },
      'volume-from-150': { agatston: 4, volumeMm3: 0, massMg: 0 },
    },
  ],
  ['volume: 112 and 113 HU in whole numbers', { philips: { volumeMm3: 24 } }],
  ['volume: a rim below 130 HU', { philips: { volumeMm3: 75, massMg: 9.81, areaMm2: 9, meanHu: 150 } }],
  ['volume: nothing but a rim', { philips: { volumeMm3: 75, massMg: 9, agatston: 0, pieces: 0, peakHu: null } }],
  ['volume: large enough with its rim', { philips: { agatston: 0, volumeMm3: 1.5 }, siemens: { volumeMm3: 0.75 } }],
  ['volume: too small for a volume, with and without rim', { philips: { volumeMm3: 0 } }],
  ['volume: a rim in another territory', { philips: { agatston: 6, volumeMm3: 75 } }],
  ['volume: a rim in the aorta', { philips: { agatston: 6, volumeMm3: 45 } }],
  ['volume: a rim that is padding', { philips: { volumeMm3: 42 } }],
  ['volume: a higher threshold for volume', { 'volume-from-150': { agatston: 16, volumeMm3: 12, meanHu: 145 } }],
  ['volume: area x thickness where slices overlap', { horos: { agatston: 9, volumeMm3: 54, massMg: 8.1 } }],
  ['volume: area x thickness where slices leave gaps', { horos: { agatston: 18, volumeMm3: 27, massMg: 4.05 } }],

  ['whole: 7 of 16 pixels', { 'agatston-130': { agatston: 16, pieces: 1 } }],
  ['whole: no labelled pixel', { 'agatston-130': { agatston: 18, lesions: 1 } }],
  ['whole: a label without calcium', { 'agatston-130 siemens': { agatston: 0, lesions: 0 } }],
  ['whole: lesion by lesion, not piece by piece', { 'agatston-130': { agatston: 9 + 32 }, 'ai-cac': { agatston: 50 } }],
  ['whole: a border does not part', { 'agatston-130': { agatston: 1 } }],
  ['whole: pieces that do not count have a say', { 'agatston-130': { agatston: 2.25, pieces: 1 } }],
  ['whole: most of it in the aorta', { 'agatston-130': { agatston: 0, lesions: 0 } }],
  ['whole: over a slice without labels', { 'agatston-130': { agatston: 54, pieces: 3 } }],
  ['whole: a rim that leads into another territory', { philips: { agatston: 9, volumeMm3: 72 } }],
  ['whole: interpolated through every label', { literature: { volumeMm3: 4 } }],
  ['territories: the aorta stands apart', { 'agatston-130': { agatston: 18, lesions: 1 } }],
  ['territories: a lesion from the aorta into the LM', { 'agatston-130': { agatston: 8 }, 'ai-cac': { agatston: 32 } }],
]

const idOf = (name: string): string => name.split(': ')[1]!

export const KNOWN_BY_RULE: Known = [
  ...DEPARTURES.flatMap(([name, key, own, byDefault]) => [
    [`${name} [${idOf(name)}]`, { [key]: own }] as const,
    [`${name} [agatston-130]`, { [key]: byDefault }] as const,
  ]),
  ...BY_RULE.flatMap(([name, answers]) =>
    Object.entries(answers).flatMap(([ids, answer]) =>
      ids.split(' ').map((id) => [`${name} [${id}]`, answer] as const),
    ),
  ),
]
