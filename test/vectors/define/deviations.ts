/**
 * Where each shipped standard departs from `agatston-130`: one case for each departure, by the standard's name, scored under both.
 * `literature`, `ge` and `terarecon` ask for ceil(1 mm2 / pixel area) pixels, which is the same as 1 mm2 and no departure.
 */
import type { StandardRules } from '../../../bindings/score/standard.js'
import type { Rule, StoredVolume } from '../format.js'
import { type DefinitionFile, box, define, dot, lines, volume } from '../build.js'
import {
  AGATSTON_130,
  AI_CAC,
  CACSLABELER,
  CALCIUM_SCORING_JL,
  CANON,
  FQM_PYTHON,
  GE,
  HOROS,
  LITERATURE,
  PHILIPS,
  SIEMENS,
  SLICER_BRAINS,
  TERARECON,
} from '../standards.js'

const half = [0.5, 0.5] as const

const departure = (rule: Rule, standard: StandardRules, what: string, note: string, scored: StoredVolume) =>
  define(rule, `${standard.id}: ${what}`, note, scored, [AGATSTON_130, standard])

/** Two blocks of 4 mm2 that touch at a corner: 4 x 4 + 4 x 1 where apart, 8 x 4 where one. */
const corner = volume({ boxes: [box(450, [2, 4], [2, 4]), box(150, [4, 6], [4, 6])] })
/** Two pieces of 9 mm2, 150 and 450 HU, linked by one of 250 in the next slice. */
const bridge = volume({
  slices: 2,
  boxes: [box(150, [2, 5], [1, 4]), box(450, [2, 5], [7, 10]), box(250, [3, 4], [1, 10], [1, 2])],
})
/** 150 HU under 450 HU, 9 mm2 each. */
const stacked = volume({ slices: 2, boxes: [box(150, [2, 5], [2, 5]), box(450, [2, 5], [2, 5], [1, 2])] })
const overlapping = volume({ slices: 2, incrementMm: 1.5, boxes: [box(150, [3, 6], [3, 6], [0, 2])] })
const gapped = volume({ slices: 2, thicknessMm: 1.5, boxes: [box(150, [3, 6], [3, 6], [0, 2])] })
const apart = (values: readonly number[]) =>
  values.map((hu, n) => box(hu, [1 + 3 * Math.floor(n / 5), 3 + 3 * Math.floor(n / 5)], [(n % 5) * 3, (n % 5) * 3 + 2]))

export const deviations: DefinitionFile = {
  file: 'deviations.json',
  title: 'Where each standard departs from agatston-130',
  definitions: [
    ...[LITERATURE, GE, TERARECON, SIEMENS, PHILIPS, CANON, HOROS, SLICER_BRAINS, AI_CAC, CACSLABELER].map((standard) =>
      departure(
        'neighbours',
        standard,
        '4 neighbours',
        'two blocks at a corner are one piece of 8 x 4 to 8 neighbours, two of 4 x 4 and 4 x 1 to 4',
        corner,
      ),
    ),
    departure(
      'volume',
      LITERATURE,
      'interpolated volume',
      '4 mm apart 0, 75, 150, 225, 300, 225, 150, 75, 0 HU: 5 planes of 9 mm3 are 45; as voxels 9 x 4 = 36; mass goes with it',
      volume({ slices: 3, incrementMm: 4, massFactor: 0.001, boxes: [box(300, [3, 6], [3, 6], [1, 2])] }),
    ),
    departure(
      'minimum',
      SIEMENS,
      'no smallest piece',
      'pieces of 1 to 5 pixels of 0.25 mm2: 3.75 mm2 of all, 2.25 from 1 mm2 on',
      volume({ pixelSpacingMm: half, boxes: lines([1, 2, 3, 4, 5]) }),
    ),
    departure(
      'minimum',
      PHILIPS,
      'pixels that make up 0.5 mm2',
      'of 1 to 5 pixels of 0.25 mm2 those from 2 on: 3.5 mm2, not 2.25',
      volume({ pixelSpacingMm: half, boxes: lines([1, 2, 3, 4, 5]) }),
    ),
    departure(
      'volume',
      PHILIPS,
      'volume and mass from 112.5 HU',
      '9 mm2 of 150 HU in 25 of 120: volume 75 mm3 and mass 9.81 mg, not 27 and 4.05; the score is 9 under both',
      volume({ massFactor: 0.001, boxes: [box(120, [2, 7], [2, 7]), box(150, [3, 6], [3, 6])] }),
    ),
    departure(
      'minimum',
      CANON,
      '3 pixels',
      'of 1 to 5 pixels of 0.25 mm2 those from 3 on: 3 mm2, not 2.25',
      volume({ pixelSpacingMm: half, boxes: lines([1, 2, 3, 4, 5]) }),
    ),
    departure(
      'minimum',
      CANON,
      '3 pixels, where one is 1 mm2',
      'of 1 to 5 pixels of 1 mm2 those from 3 on: 12, not 15',
      volume({ boxes: lines([1, 2, 3, 4, 5]) }),
    ),
    departure(
      'minimum',
      FQM_PYTHON,
      'above 1 mm2',
      'of 3, 4 and 5 pixels of 0.25 mm2 only the last: 1.25 mm2, not 2.25',
      volume({ pixelSpacingMm: half, boxes: lines([3, 4, 5]) }),
    ),
    departure(
      'threshold',
      HOROS,
      'up to 1500 HU',
      'blocks of 4 mm2 at 1499, 1500 and 1501 HU: the last is no calcium: 32, not 48',
      volume({ boxes: apart([1499, 1500, 1501]) }),
    ),
    departure(
      'threshold',
      HOROS,
      'a bright core is a hole',
      'a block of 500 HU with one pixel of 1501: 8 pixels, not 9',
      volume({ boxes: [box(500, [2, 5], [2, 5]), dot(1501, 3, 3)] }),
    ),
    departure('minimum', HOROS, 'no smallest piece', 'a pixel of 0.25 mm2', volume({ pixelSpacingMm: half, boxes: [dot(150, 3, 3)] })), // prettier-ignore
    departure(
      'weight',
      HOROS,
      'weight from 3 pixels',
      'nine pixels with 2 of 450 HU: 9 x 1, not 9 x 4; with 3 of them 9 x 4: 45, not 72',
      volume({
        boxes: [
          box(150, [2, 5], [2, 5]),
          box(450, [2, 3], [2, 4]),
          box(150, [2, 5], [8, 11]),
          box(450, [2, 3], [8, 11]),
        ],
      }),
    ),
    departure(
      'weight',
      HOROS,
      'edges are not part of their class',
      '4 mm2 at 200, 201, 300, 301, 400 and 401 HU: weights 1 2 2 3 3 4, not 2 2 3 3 4 4: 60, not 72',
      volume({ columns: 18, boxes: apart([200, 201, 300, 301, 400, 401]) }),
    ),
    departure(
      'weight',
      HOROS,
      'grown in 3-D',
      'a region is grown over slices: in its first slice 150 and 450 HU weigh 4 together: 18 x 4 + 9 x 2 = 90, not 63',
      bridge,
    ),
    departure(
      'geometry',
      HOROS,
      'increment / thickness',
      '3 mm thick, 1.5 mm apart: factor 0.5 = 1.5 / 3 as the default has it; volume 9 x 2 x 3 = 54 mm3, not 27',
      overlapping,
    ),
    departure(
      'geometry',
      HOROS,
      'at most 1',
      '1.5 mm thick, 3 mm apart: factor 1, not 2: 18 as the default; volume 27 mm3, not 54',
      gapped,
    ),
    departure(
      'geometry',
      HOROS,
      'thin slices are not scaled',
      '1.5 mm thick and apart: factor 1, not 1.5 / 3: 18, not 9',
      volume({ slices: 2, incrementMm: 1.5, thicknessMm: 1.5, boxes: [box(150, [3, 6], [3, 6], [0, 2])] }),
    ),
    departure(
      'threshold',
      CALCIUM_SCORING_JL,
      'above 128 HU',
      '4 mm2 at 128, 129 and 130 HU: 8, not 4',
      volume({ boxes: apart([128, 129, 130]) }),
    ),
    departure(
      'ladder',
      CALCIUM_SCORING_JL,
      'edges one lower',
      '4 mm2 at 198, 199, 298, 299, 398 and 399 HU: weights 1 2 2 3 3 4, not 1 1 2 2 3 3: 60, not 48',
      volume({ columns: 18, boxes: apart([198, 199, 298, 299, 398, 399]) }),
    ),
    departure(
      'minimum',
      CALCIUM_SCORING_JL,
      '1 mm2 in pixels, rounded',
      '0.45 mm2 a pixel, 2.2 pixels to 1 mm2: 2 and 3 pixels count, not 3 alone: 2.25 mm2, not 1.35',
      volume({ pixelSpacingMm: [0.6, 0.75], boxes: lines([1, 2, 3]) }),
    ),
    departure(
      'geometry',
      CALCIUM_SCORING_JL,
      'no slice factor',
      '1.5 mm apart: 18, not 9',
      volume({ slices: 2, incrementMm: 1.5, thicknessMm: 1.5, boxes: [box(150, [3, 6], [3, 6], [0, 2])] }),
    ),
    departure(
      'threshold',
      SLICER_BRAINS,
      'up to 5000 HU',
      'blocks of 4 mm2 at 4999, 5000 and 5001 HU: 32, not 48',
      volume({ boxes: apart([4999, 5000, 5001]) }),
    ),
    departure(
      'minimum',
      SLICER_BRAINS,
      'no smallest piece',
      'a pixel of 0.25 mm2',
      volume({ pixelSpacingMm: half, boxes: [dot(150, 3, 3)] }),
    ),
    departure(
      'weight',
      SLICER_BRAINS,
      "the lesion's peak in the slice",
      'in the first slice 150 and 450 HU both weigh 4, in the second 2: 90, not 63',
      bridge,
    ),
    departure(
      'weight',
      SLICER_BRAINS,
      'slices weigh apart',
      '150 HU under 450: 9 x 1 + 9 x 4 = 45 as the default has it',
      stacked,
    ),
    departure(
      'geometry',
      SLICER_BRAINS,
      'no slice factor',
      '1.5 mm apart: 18, not 9',
      volume({ slices: 2, incrementMm: 1.5, thicknessMm: 1.5, boxes: [box(150, [3, 6], [3, 6], [0, 2])] }),
    ),
    departure('weight', AI_CAC, "the whole lesion's peak", '150 HU under 450: 18 x 4 = 72, not 45', stacked),
    departure(
      'minimum',
      AI_CAC,
      'lesions of two voxels',
      'pixels of 0.25 mm2: one alone, two in a slice, two in two slices: 4 of 5 count, the default has none: 1',
      volume({
        slices: 2,
        pixelSpacingMm: half,
        boxes: [dot(150, 1, 1), box(150, [4, 5], [1, 3]), box(150, [7, 8], [1, 2], [0, 2])],
      }),
    ),
    departure('minimum', AI_CAC, 'one voxel is too little', 'a voxel of 1 mm2 counts by area', volume({ boxes: [dot(450, 3, 3)] })), // prettier-ignore
    departure('geometry', AI_CAC, 'thickness / 3', '3 mm thick, 1.5 mm apart: 18, not 9', overlapping),
    departure('geometry', AI_CAC, 'gaps add nothing', '1.5 mm thick, 3 mm apart: 9, not 18', gapped),
    departure(
      'threshold',
      CACSLABELER,
      'from 131 HU',
      'blocks of 4 mm2 at 130, 131 and 132 HU: 8, not 12',
      volume({ boxes: apart([130, 131, 132]) }),
    ),
    departure(
      'minimum',
      CACSLABELER,
      'above 1 mm2',
      'of 3, 4 and 5 pixels of 0.25 mm2 only the last: 1.25 mm2, not 2.25',
      volume({ pixelSpacingMm: half, boxes: lines([3, 4, 5]) }),
    ),
    departure('geometry', CACSLABELER, 'thickness / 3', '3 mm thick, 1.5 mm apart: 18, not 9', overlapping),
    departure('geometry', CACSLABELER, 'gaps add nothing', '1.5 mm thick, 3 mm apart: 9, not 18', gapped),
  ],
}
