/** Volume and mass where they are not pixels x increment: interpolated, by thickness, and from a threshold of their own. */
import { type DefinitionFile, box, define, dot, labels, volume } from '../build.js'
import { AGATSTON_130, HOROS, LITERATURE, PHILIPS, custom } from '../standards.js'

const ISOTROPIC = custom('isotropic', { volume: 'isotropic', minimum: { by: 'none' } })
const ISOTROPIC_ABOVE = custom('isotropic-above', { volume: 'isotropic', thresholdRule: '>', minimum: { by: 'none' } })
const ISOTROPIC_UP_TO_900 = custom('isotropic-up-to-900', { volume: 'isotropic', upperHu: 900 })
const SOLID_150 = custom('volume-from-150', { volumeThresholdHu: 150 })
const SOLID_ABOVE = custom('volume-above-112.5', { volumeThresholdHu: 112.5, thresholdRule: '>' })
const massFactor = 0.001
const half = [0.5, 0.5] as const

/** One pixel of these HU, slice by slice. */
const column = (values: readonly number[], row = 5, at = 5) => values.map((hu, k) => dot(hu, row, at, k))
const everyOther = (k: number) => ({ slope: k % 2 ? -0.5 : 0.5, intercept: 0 })

export const volumes: DefinitionFile = {
  file: 'volumes.json',
  title: 'Volume and mass: interpolated, by thickness, from a threshold of their own',
  definitions: [
    define(
      'volume',
      'a ramp from 0 to 400 HU',
      '4 mm apart, planes of 1 mm: 0, 100, 200, 300, 400 HU: 3 mm3 where interpolated, 4 mm3 as a voxel; mass 0.001 x 400 x volume',
      volume({ slices: 2, incrementMm: 4, massFactor, boxes: column([0, 400]) }),
    ),
    define(
      'volume',
      'a ramp through the threshold',
      'to 230 HU from 28, 30 and 32, 4 mm apart: the middle plane has 129, 130, 131 HU: 2 + 3 + 3 mm3; 2 + 2 + 3 where the threshold is not calcified',
      volume({
        slices: 2,
        incrementMm: 4,
        massFactor,
        boxes: [28, 30, 32].flatMap((hu, n) => column([hu, 230], 5, 2 + 4 * n)),
      }),
      [LITERATURE, ISOTROPIC, ISOTROPIC_ABOVE],
    ),
    define(
      'volume',
      'a single slice, interpolated',
      'one plane, as thick as a row: 9 x 0.25 x 0.5 = 1.125 mm3',
      volume({ pixelSpacingMm: half, massFactor, boxes: [box(250, [3, 6], [3, 6])] }),
    ),
    define(
      'volume',
      'a block in the middle slice of three',
      '0, 100, 200, 300, 200, 100, 0 HU over 6 mm: 3 planes of 9 mm2 = 27 mm3',
      volume({ slices: 3, massFactor, boxes: [box(300, [3, 6], [3, 6], [1, 2])] }),
    ),
    define(
      'volume',
      'a block in the first slice and in the last',
      'no plane lies before the first slice or behind the last: 2 planes each',
      volume({ slices: 4, massFactor, boxes: [box(300, [1, 4], [1, 4]), box(300, [8, 11], [8, 11], [3, 4])] }),
    ),
    define(
      'volume',
      'two lesions one slice apart',
      '0, 300, 100, 300, 0 HU, 2 mm apart: 150, 300, 200 and 200, 300, 150: each lesion 3 mm3',
      volume({ slices: 5, incrementMm: 2, massFactor, boxes: column([0, 300, 100, 300, 0]) }),
    ),
    define(
      'volume',
      'nothing beyond the box grown by one slice',
      'a pixel, then a row of three over its left in the slice after next: the two boxes hold their own columns only: 300, 150 are 2 mm3; 150, 300, 150 over three columns 9',
      volume({ slices: 4, incrementMm: 2, massFactor, boxes: [dot(300, 5, 5), box(300, [5, 6], [3, 6], [2, 3])] }),
    ),
    define(
      'volume',
      'a disc inside a ring',
      'the box of the ring holds the disc, which counts for each: (24 + 9) + 9 = 42 mm3',
      volume({
        massFactor,
        boxes: [box(300, [2, 9], [2, 9]), box(0, [3, 8], [3, 8]), box(300, [4, 7], [4, 7])],
      }),
    ),
    define(
      'volume',
      'beside padding',
      'nothing is interpolated with padding: of 0, 1, 2, 3 mm the first plane alone; 300, 200, 100, 0 HU would be 2 mm3',
      volume({
        slices: 2,
        massFactor,
        padding: [{ low: -2000, high: -2000 }],
        boxes: [...column([300, -2000]), ...column([300, 0], 9, 9)],
      }),
    ),
    define(
      'volume',
      'across a border of territories',
      'LM under LAD: nothing is interpolated between them: LM 1 mm3, LAD 1 mm3; without labels 4',
      volume({
        slices: 2,
        massFactor,
        boxes: column([300, 300]),
        labels: labels(box(1, [0, 16], [0, 16]), box(2, [0, 16], [0, 16], [1, 2])),
      }),
    ),
    define(
      'volume',
      'a lesion of two territories side by side',
      'each has its own box, and pixels of the other are no calcium in it: 4 columns x 4 planes and 2 x 4',
      volume({
        slices: 2,
        massFactor,
        boxes: [box(300, [5, 6], [2, 8], [0, 2])],
        labels: labels(box(1, [0, 16], [0, 6], [0, 2]), box(2, [0, 16], [6, 16], [0, 2])),
      }),
    ),
    define(
      'volume',
      'under an upper limit',
      '300, 766.7, 1233.3, 1700 HU: two planes up to 900 HU',
      volume({ slices: 2, massFactor, boxes: column([300, 1700]) }),
      [ISOTROPIC, ISOTROPIC_UP_TO_900],
    ),
    define(
      'volume',
      'planes that fall on slices',
      'rows 0.1, slices 0.3 mm apart: plane 3 is the second slice, though 3 x 0.1 > 0.3 in float64; behind it is padding: 4 planes of 0.001 mm3',
      volume({
        slices: 3,
        pixelSpacingMm: [0.1, 0.1],
        incrementMm: 0.3,
        thicknessMm: 0.3,
        massFactor,
        padding: [{ low: -2000, high: -2000 }],
        boxes: column([300, 300, -2000]),
      }),
      [ISOTROPIC],
    ),
    define(
      'volume',
      'the last plane is the last slice',
      'rows 0.1, two slices 0.3 mm apart: 4 planes, the last one though 3 x 0.1 > 0.3 in float64',
      volume({
        slices: 2,
        pixelSpacingMm: [0.1, 0.1],
        incrementMm: 0.3,
        thicknessMm: 0.3,
        massFactor,
        boxes: column([300, 300]),
      }),
      [ISOTROPIC],
    ),
    define(
      'volume',
      'rows farther apart than slices',
      'planes at 0 and 2 mm, slices at 0, 1, 2: what lies in the second slice alone is between planes and has no volume, though a score; 300, 300, 0 HU has one plane: 2 x 2 = 4 mm3, as voxels both are 6',
      volume({
        slices: 3,
        pixelSpacingMm: [2, 1],
        incrementMm: 1,
        thicknessMm: 1,
        massFactor,
        boxes: [...column([0, 300, 0]), ...column([300, 300, 0], 9, 9)],
      }),
    ),
    define(
      'volume',
      'rows 0.5, columns 2 mm apart',
      'planes are as far apart as rows: 0, 50, ... 300 HU: 4 planes from 150 on, of 1 x 0.5 mm3 = 2 mm3',
      volume({ slices: 2, pixelSpacingMm: [0.5, 2], massFactor, boxes: column([0, 300]) }),
    ),
    define(
      'volume',
      'a slope of another sign in the second slice',
      'HU are interpolated, not stored values: 300 HU stored as 600 and -600',
      volume({
        slices: 2,
        massFactor,
        rescale: [everyOther(0), everyOther(1)],
        boxes: column([600, -600]),
      }),
    ),
    define(
      'volume',
      '112, 112.5, 113, 129.5, 130 HU',
      'blocks of 4 mm2, slope 0.5: score 4 from the last alone; volume from 112.5 on 4 x 4 x 3 = 48 mm3, mass 0.001 x 12 x (112.5 + 113 + 129.5 + 130) = 5.82 mg',
      volume({
        columns: 18,
        massFactor,
        rescale: [{ slope: 0.5, intercept: 0 }],
        boxes: [224, 225, 226, 259, 260].map((stored, n) => box(stored, [2, 4], [1 + 3 * n, 3 + 3 * n])),
      }),
      [AGATSTON_130, PHILIPS, SOLID_ABOVE, SOLID_150],
    ),
    define(
      'volume',
      '112 and 113 HU in whole numbers',
      'between them lies 112.5',
      volume({ massFactor, boxes: [box(112, [2, 4], [1, 3]), box(113, [2, 4], [4, 6]), box(114, [2, 4], [7, 9])] }),
    ),
    define(
      'volume',
      'a rim below 130 HU',
      '9 mm2 of 150 HU in 25 of 120: area 9 and mean 150 HU, volume 25 x 3 = 75 mm3, mass 0.001 x 3 x (9 x 150 + 16 x 120) = 9.81 mg',
      volume({ massFactor, boxes: [box(120, [2, 7], [2, 7]), box(150, [3, 6], [3, 6])] }),
    ),
    define(
      'volume',
      'nothing but a rim',
      'score 0, no piece, no peak; volume 25 x 3 = 75 mm3 from 112.5 HU on',
      volume({ massFactor, boxes: [box(120, [2, 7], [2, 7])] }),
    ),
    define(
      'volume',
      'large enough with its rim',
      'a pixel of 0.25 mm2 at 150 HU is no piece that counts, beside one of 120 it is a volume: 2 x 0.25 x 3 = 1.5 mm3',
      volume({ pixelSpacingMm: half, massFactor, boxes: [dot(150, 5, 5), dot(120, 5, 6)] }),
    ),
    define(
      'volume',
      'too small for a volume, with and without rim',
      'one pixel of 0.25 mm2: neither',
      volume({ pixelSpacingMm: half, massFactor, boxes: [dot(150, 5, 5), dot(120, 9, 9)] }),
    ),
    define(
      'volume',
      'a rim in another territory',
      'LM has the calcium, LAD half of the rim: volume 15 + 10 pixels; LAD without a score',
      volume({
        massFactor,
        boxes: [box(120, [2, 7], [2, 7]), box(150, [3, 6], [3, 5])],
        labels: labels(box(1, [0, 16], [0, 5]), box(2, [0, 16], [5, 16])),
      }),
    ),
    define(
      'volume',
      'a rim in the aorta',
      'volume of the total is coronary as its score is',
      volume({
        massFactor,
        boxes: [box(120, [2, 7], [2, 7]), box(150, [3, 6], [3, 5])],
        labels: labels(box(1, [0, 16], [0, 5]), box(7, [0, 16], [5, 16])),
      }),
    ),
    define(
      'volume',
      'a rim that is padding',
      'stored 120 is padding: no part of any volume',
      volume({
        massFactor,
        padding: [{ low: 120, high: 120 }],
        boxes: [box(120, [2, 7], [2, 7]), box(125, [2, 3], [2, 7]), box(150, [3, 6], [3, 6])],
      }),
    ),
    define(
      'volume',
      'a higher threshold for volume',
      '16 mm2 from 130 HU on, 4 of them from 150: volume 12 mm3',
      volume({ massFactor, boxes: [box(140, [2, 6], [2, 6]), box(160, [3, 5], [3, 5])] }),
      [AGATSTON_130, SOLID_150],
    ),
    define(
      'volume',
      'area x thickness where slices overlap',
      '3 mm thick, 1.5 mm apart: score 2 x 9 x 1 x 0.5 = 9, volume 2 x 9 x 3 = 54 mm3',
      volume({ slices: 2, incrementMm: 1.5, thicknessMm: 3, massFactor, boxes: [box(150, [3, 6], [3, 6], [0, 2])] }),
      [AGATSTON_130, HOROS],
    ),
    define(
      'volume',
      'area x thickness where slices leave gaps',
      '1.5 mm thick, 3 mm apart: the factor is 1 and no more: score 18, volume 2 x 9 x 1.5 = 27 mm3',
      volume({ slices: 2, incrementMm: 3, thicknessMm: 1.5, massFactor, boxes: [box(150, [3, 6], [3, 6], [0, 2])] }),
      [AGATSTON_130, HOROS],
    ),
  ],
}
