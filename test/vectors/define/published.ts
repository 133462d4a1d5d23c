/** Cases with a published answer, and the traps public software fell into. The arithmetic stands in each note. */
import { type DefinitionFile, apart, box, define, dot, labels, volume } from '../build.js'
import { AGATSTON_130, CALCIUM_SCORING_JL, EVERY_PIECE, SIEMENS } from '../standards.js'

const block4 = (hu: number, slices: readonly [number, number] = [0, 1]) => box(hu, [4, 8], [6, 10], slices)
const block3 = (hu: number, slices: readonly [number, number] = [0, 1]) => box(hu, [5, 8], [2, 5], slices)
const half = [0.5, 0.5] as const

/** The 20 x 20 x 20 case: published as [x, y, z], here rows are y, columns x, slices z. */
const twentyCube = volume({
  rows: 20,
  columns: 20,
  slices: 20,
  pixelSpacingMm: [0.75, 0.75],
  incrementMm: 2,
  thicknessMm: 2,
  massFactor: 0.001,
  pixels: {
    fill: 129,
    boxes: [
      box(130, [8, 12], [10, 14], [6, 8]),
      box(200, [8, 9], [10, 11], [6, 8]),
      box(300, [8, 9], [11, 12], [6, 8]),
      box(400, [8, 9], [12, 13], [6, 8]),
      box(500, [12, 14], [14, 15], [8, 14]),
    ],
  },
  labels: labels(box(1, [8, 11], [10, 14], [7, 8]), box(1, [12, 13], [14, 15], [8, 10])),
})

export const published: DefinitionFile = {
  file: 'published.json',
  title: 'Cases with a published answer',
  definitions: [
    define(
      'published',
      '1a: 150 HU block',
      '16 pixels x 0.25 mm2 x weight 1 x 3/3 = 4',
      volume({ pixelSpacingMm: half, boxes: [block4(150)] }),
    ),
    define(
      'published',
      '1b: 500 HU block',
      '16 x 0.25 x 4 = 16',
      volume({ pixelSpacingMm: half, boxes: [block4(500)] }),
    ),
    define(
      'published',
      '1c: 250 HU block over three slices',
      '3 x 16 x 0.25 x 2 = 24; volume 48 x 0.25 x 3 = 36 mm3; one lesion',
      volume({ slices: 3, pixelSpacingMm: half, boxes: [block4(250, [0, 3])] }),
    ),
    define(
      'published',
      '2: 150 HU under 350 HU',
      '4 mm2 x 1 + 4 mm2 x 3 = 16: each piece weighted by its own peak; one lesion of two pieces',
      volume({ slices: 2, pixelSpacingMm: half, boxes: [block4(150), block4(350, [1, 2])] }),
    ),
    define(
      'published',
      '3a: 130 HU counts',
      '4 x 4 pixels of 130 HU: 16 x 0.25 x 1 = 4',
      volume({ pixelSpacingMm: half, boxes: [block4(130)] }),
    ),
    define(
      'published',
      '3b: 129 HU does not',
      'nothing reaches the threshold',
      volume({ pixelSpacingMm: half, boxes: [block4(129)] }),
    ),
    define(
      'published',
      '3c: one pixel of 0.09 mm2',
      'dropped where the standard has a minimum; with none: 0.09 x 1',
      volume({ pixelSpacingMm: [0.3, 0.3], boxes: [dot(150, 7, 7)] }),
    ),
    define('published', '4a: 3 x 3 block of 250 HU', '9 mm2 x 2 = 18; volume 27 mm3', volume({ boxes: [block3(250)] })),
    define('published', '4b: 3 x 3 block of 450 HU', '9 mm2 x 4 = 36', volume({ boxes: [block3(450)] })),
    define(
      'published',
      '4c: 3 x 3 block of 250 HU, 1.5 mm apart',
      '9 mm2 x 2 x 1.5/3 = 9',
      volume({ incrementMm: 1.5, thicknessMm: 1.5, boxes: [block3(250)] }),
    ),
    define('published', '4d: 3 x 3 block of 120 HU', 'nothing reaches the threshold', volume({ boxes: [block3(120)] })),
    define(
      'published',
      '5: 350 HU block on two slices 2.5 mm apart',
      '2 x 9 mm2 x 3 x 2.5/3 = 45',
      volume({ slices: 2, incrementMm: 2.5, thicknessMm: 2.5, boxes: [block3(350, [0, 2])] }),
    ),
    define(
      'published',
      '6: mask over a ladder of values',
      '12 pixels x 0.5625 mm2 x 4 x 2/3 = 18 and 2 x (1 x 0.5625 x 4 x 2/3) = 3: 21; volume 14 x 0.5625 x 2 = 15.75 mm3; sum of HU x voxel volume / 1000 = 3.45375 (as mass, factor 0.001); no minimum',
      twentyCube,
      [EVERY_PIECE, SIEMENS],
    ),
    define(
      'published',
      '7a: two columns of 400 HU',
      '2 slices x 8 pixels x 0.25 mm2 x 4, not scaled by slice: 16; volume 16 x 0.125 = 2 mm3',
      volume({
        rows: 4,
        columns: 4,
        slices: 2,
        pixelSpacingMm: half,
        incrementMm: 0.5,
        thicknessMm: 0.5,
        boxes: [box(400, [0, 4], [1, 3], [0, 2])],
      }),
      [CALCIUM_SCORING_JL, AGATSTON_130],
    ),
    define(
      'published',
      '7b: two columns of 400 HU, apart',
      'the same, as two pieces a slice of 4 pixels = 1 mm2 each',
      volume({
        rows: 4,
        columns: 4,
        slices: 2,
        pixelSpacingMm: half,
        incrementMm: 0.5,
        thicknessMm: 0.5,
        boxes: [box(400, [0, 4], [0, 4, 2], [0, 2])],
      }),
      [CALCIUM_SCORING_JL, AGATSTON_130],
    ),
  ],
}

export const traps: DefinitionFile = {
  file: 'traps.json',
  title: 'Traps public software fell into',
  definitions: [
    define(
      'trap',
      'only the last component of a slice',
      'three blocks of 9 mm2, weights 1, 2 and 3: 9 + 18 + 27 = 54',
      volume({ boxes: [box(150, [1, 4], [1, 4]), box(250, [1, 4], [6, 9]), box(350, [9, 12], [3, 6])] }),
    ),
    define(
      'trap',
      'intercept with the wrong sign',
      'stored 1154 - 1024 = 130 HU counts; stored 1153 does not: 9',
      volume({
        rescale: [{ slope: 1, intercept: -1024 }],
        boxes: [box(1154, [1, 4], [1, 4]), box(1153, [6, 9], [6, 9])],
      }),
    ),
    define(
      'trap',
      'intercept with the wrong sign, positive',
      'stored -894 + 1024 = 130 HU counts; stored -895 and 130 - 1024 do not meet: 9',
      volume({
        rescale: [{ slope: 1, intercept: 1024 }],
        pixels: { fill: -2000, boxes: [box(-894, [1, 4], [1, 4]), box(-895, [6, 9], [6, 9])] },
      }),
    ),
    define('trap', 'multiplied by thickness in mm', '9 mm2 x 2 x 3/3 = 18, not 54', volume({ boxes: [block3(250)] })),
    define(
      'trap',
      'integer bands lose 199.5 HU',
      'slope 0.5: stored 399 is 199.5 HU, weight 1: 9; stored 400 is 200 HU, weight 2: 18',
      volume({ rescale: [{ slope: 0.5, intercept: 0 }], boxes: [box(399, [1, 4], [1, 4]), box(400, [1, 4], [6, 9])] }),
    ),
    define(
      'trap',
      'each lesion rounded',
      'twelve lesions of 4 x 0.25 mm2 x 1 x 2.5/3 = 0.8333: 10 in all, not 12 (or 0)',
      volume({
        pixelSpacingMm: half,
        incrementMm: 2.5,
        thicknessMm: 2.5,
        boxes: [0, 1]
          .flatMap((row) => [0, 1, 2, 3, 4].map((n) => box(150, [1 + row * 4, 3 + row * 4], [n * 3, n * 3 + 2])))
          .concat([box(150, [9, 11], [0, 2]), box(150, [9, 11], [3, 5])]),
      }),
      [AGATSTON_130, SIEMENS],
    ),
    define(
      'trap',
      'thickness used where slices overlap',
      'slices 3 mm thick, 1.5 mm apart: 2 x 9 mm2 x 1 x 1.5/3 = 9, not 18; volume 27 mm3, not 54',
      volume({ slices: 2, incrementMm: 1.5, thicknessMm: 3, boxes: [block3(150, [0, 2])] }),
    ),
    define(
      'trap',
      'a label map given as HU',
      'values of 1 to 10 are labels, no HU: there is no calcium in them, and nothing to tell it from a healthy heart',
      volume({ boxes: [1, 2, 3, 4, 7, 10].map((label, n) => box(label, [2 * n, 2 * n + 2], [2, 12])) }),
    ),
    define(
      'trap',
      '65,792 pieces in one slice',
      'one more than a 16-bit label can name, under 8 neighbours: 257 x 256 single pixels of 1 mm2',
      volume({ rows: 514, columns: 512, boxes: [box(150, [0, 514, 2], [0, 512, 2]), dot(450, 512, 510)] }),
      [AGATSTON_130],
      [0, 1, 65534, 65535, 65536, 65791],
    ),
    define(
      'trap',
      '65,885 pieces on a checkerboard',
      'the same under 4 neighbours: pixels that touch at corners only',
      volume({
        rows: 363,
        columns: 363,
        boxes: [box(150, [0, 363, 2], [0, 363, 2]), box(150, [1, 363, 2], [1, 363, 2]), dot(250, 362, 362)],
      }),
      [SIEMENS],
      [0, 1, 65534, 65535, 65536, 65884],
    ),
    define(
      'trap',
      'a calcium below one',
      '0 < score < 1 is not zero: 4 x 0.25 mm2 x 1 x 0.6/3 = 0.2',
      volume({ pixelSpacingMm: half, incrementMm: 0.6, thicknessMm: 0.6, boxes: [box(150, [3, 5], [3, 5])] }),
      [AGATSTON_130],
    ),
    define(
      'trap',
      'nothing at all',
      'zero is exactly zero pieces; means, peaks and density are null, mass is 0',
      volume({ massFactor: 0.0008 }),
    ),
    define(
      'trap',
      'everything',
      'one piece as large as the picture',
      volume({ massFactor: 0.0008, pixels: { fill: 130, boxes: [] } }),
    ),
    define(
      'trap',
      'single pixels under five rules',
      '1 mm2 each: counted by >= 1 mm2 and by 1 pixel, not by > 1 mm2, not by 3 pixels',
      volume({ boxes: apart([130, 200, 300, 400]) }),
    ),
  ],
}
