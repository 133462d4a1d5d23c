/** Pieces in space: territories, lesions from slice to slice, spacing and increment. */
import { type DefinitionFile, box, define, dot, labels, volume } from '../build.js'
import { AGATSTON_130, EVERY_PIECE, SHIPPED, SIEMENS, custom } from '../standards.js'

const [LM, LAD, LCX, RCA] = [1, 2, 3, 4]
const half = [0.5, 0.5] as const
const BY_THICKNESS = custom('by-thickness', { sliceFactor: 'thickness/3' })
const UNSCALED = custom('unscaled', { sliceFactor: 'none' })

export const space: DefinitionFile = {
  file: 'space.json',
  title: 'Territories, lesions, spacing',
  definitions: [
    define(
      'territories',
      'label 0 is outside',
      'only the labelled part of the block: 8 mm2 of 16',
      volume({ boxes: [box(150, [4, 8], [4, 8])], labels: labels(box(LAD, [0, 16], [6, 16])) }),
    ),
    define(
      'territories',
      'nothing labelled',
      'no piece, no territory',
      volume({ boxes: [box(150, [4, 8], [4, 8])], labels: labels() }),
      [AGATSTON_130],
    ),
    define(
      'territories',
      'two that touch',
      'the border cuts a block in two pieces, each with its own peak; they are one lesion: LM 8 x 1, LAD 8 x 4',
      volume({
        boxes: [box(150, [4, 8], [4, 8]), dot(450, 5, 7)],
        labels: labels(box(LM, [0, 16], [0, 6]), box(LAD, [0, 16], [6, 16])),
      }),
    ),
    define(
      'territories',
      'two that touch at a corner',
      'one lesion under 8 neighbours, two under 4',
      volume({
        boxes: [box(150, [2, 5], [2, 5]), box(150, [5, 8], [5, 8])],
        labels: labels(box(LCX, [0, 5], [0, 16]), box(RCA, [5, 16], [0, 16])),
      }),
    ),
    define(
      'territories',
      'the border takes both below the minimum',
      '4 pixels of 0.25 mm2 in two territories, 2 each: neither reaches 1 mm2',
      volume({
        pixelSpacingMm: half,
        boxes: [box(150, [4, 6], [4, 6])],
        labels: labels(box(LM, [0, 5], [0, 16]), box(LAD, [5, 16], [0, 16])),
      }),
    ),
    define(
      'territories',
      'three in a row',
      'LM touches LAD, LAD touches LCX: one lesion of three pieces; the RCA apart',
      volume({
        boxes: [box(250, [4, 7], [1, 10]), box(350, [11, 14], [11, 14])],
        labels: labels(
          box(LM, [0, 9], [0, 4]),
          box(LAD, [0, 9], [4, 7]),
          box(LCX, [0, 9], [7, 16]),
          box(RCA, [9, 16], [0, 16]),
        ),
      }),
    ),
    define(
      'territories',
      'one label, two pieces',
      'a territory of two parts; its pieces are two lesions',
      volume({
        boxes: [box(150, [2, 5], [2, 5]), box(250, [9, 12], [9, 12])],
        labels: labels(box(RCA, [0, 16], [0, 16])),
      }),
    ),
    define(
      'territories',
      'a background gap of label 0',
      'the middle column is outside: two pieces of one territory, which do not touch: two lesions',
      volume({
        boxes: [box(150, [4, 8], [4, 9])],
        labels: labels(box(LAD, [0, 16], [0, 6]), box(LAD, [0, 16], [7, 16])),
      }),
    ),
    define(
      'territories',
      'linked over slices',
      'LM in the first slice lies under LAD in the second: one lesion, listed by both',
      volume({
        slices: 2,
        boxes: [box(150, [4, 7], [4, 7], [0, 2])],
        labels: labels(box(LM, [0, 16], [0, 16]), box(LAD, [0, 16], [0, 16], [1, 2])),
      }),
    ),
    define(
      'territories',
      'order of pieces',
      'pieces are numbered by first pixel, not by label: RCA, LAD, LM',
      volume({
        boxes: [box(150, [1, 4], [10, 13]), box(250, [2, 5], [5, 8]), box(350, [8, 11], [1, 4])],
        labels: labels(box(LM, [7, 16], [0, 16]), box(LAD, [0, 7], [0, 9]), box(RCA, [0, 7], [9, 16])),
      }),
    ),
    define(
      'territories',
      'checkerboard of labels',
      'every pixel is its own piece under 4 neighbours, two pieces under 8; all one lesion',
      volume({
        rows: 6,
        columns: 6,
        pixels: { fill: 150, boxes: [] },
        labels: labels(box(LM, [0, 6], [0, 6]), box(LAD, [0, 6, 2], [0, 6, 2]), box(LAD, [1, 6, 2], [1, 6, 2])),
      }),
      [EVERY_PIECE, SIEMENS],
    ),

    define(
      'lesions',
      'overlap of one pixel',
      'blocks of two slices share one row and column: one lesion',
      volume({ slices: 2, boxes: [box(150, [2, 5], [2, 5]), box(250, [4, 7], [4, 7], [1, 2])] }),
    ),
    define(
      'lesions',
      'no overlap',
      'blocks of two slices that touch at a corner only, seen from above: two lesions under either rule',
      volume({ slices: 2, boxes: [box(150, [2, 5], [2, 5]), box(250, [5, 8], [5, 8], [1, 2])] }),
    ),
    define(
      'lesions',
      'side by side',
      'blocks of two slices whose columns adjoin: no row and column shared, two lesions',
      volume({ slices: 2, boxes: [box(150, [2, 5], [2, 5]), box(250, [2, 5], [5, 8], [1, 2])] }),
    ),
    define(
      'lesions',
      'an empty slice between',
      'two lesions',
      volume({ slices: 3, boxes: [box(150, [2, 5], [2, 5]), box(150, [2, 5], [2, 5], [2, 3])] }),
    ),
    define(
      'lesions',
      'joined in the slice above',
      'two pieces of the first slice, one piece over both: one lesion of three pieces',
      volume({
        slices: 2,
        boxes: [box(150, [2, 5], [1, 4]), box(250, [2, 5], [9, 12]), box(350, [3, 4], [2, 11], [1, 2])],
      }),
    ),
    define(
      'lesions',
      'joined in the slice below',
      'one piece, then two over it: one lesion',
      volume({
        slices: 2,
        boxes: [box(350, [3, 4], [2, 11]), box(150, [2, 5], [1, 4], [1, 2]), box(250, [2, 5], [9, 12], [1, 2])],
      }),
    ),
    define(
      'lesions',
      'joined only in the last slice',
      'two columns of pieces run through four slices and meet in the fifth; a third stays alone',
      volume({
        slices: 5,
        boxes: [
          box(150, [2, 4], [1, 3], [0, 5]),
          box(250, [2, 4], [6, 8], [0, 5]),
          box(150, [2, 4], [1, 8], [4, 5]),
          box(350, [10, 12], [10, 12], [1, 3]),
        ],
      }),
    ),
    define(
      'lesions',
      'a staircase',
      'a piece that moves by one pixel a slice: one lesion',
      volume({
        slices: 6,
        boxes: [0, 1, 2, 3, 4, 5].map((k) => box(150 + 50 * k, [2 + k, 4 + k], [2 + k, 4 + k], [k, k + 1])),
      }),
    ),
    define(
      'lesions',
      'linked by a piece that does not count',
      '16 pixels, one pixel, 16 pixels of 0.25 mm2: one lesion; the middle piece adds nothing where there is a minimum',
      volume({
        slices: 3,
        pixelSpacingMm: half,
        boxes: [box(150, [4, 8], [4, 8]), dot(900, 5, 5, 1), box(150, [4, 8], [4, 8], [2, 3])],
      }),
    ),
    define(
      'lesions',
      'none of its pieces counts',
      'a lesion of two single pixels of 0.25 mm2 is listed, and is not counted',
      volume({
        slices: 2,
        pixelSpacingMm: half,
        boxes: [box(150, [4, 5], [4, 5], [0, 2]), box(250, [10, 13], [10, 13])],
      }),
    ),
    define(
      'lesions',
      'order',
      'by first piece: slice, then row, then column',
      volume({
        slices: 3,
        boxes: [
          box(150, [9, 12], [1, 4], [1, 3]),
          box(250, [9, 12], [6, 9], [0, 1]),
          box(350, [2, 5], [10, 13], [1, 2]),
          box(450, [2, 5], [2, 5], [2, 3]),
        ],
      }),
    ),

    define(
      'geometry',
      'rows 0.4, columns 0.7 mm apart',
      '9 x 0.28 mm2 x 2 = 5.04',
      volume({ pixelSpacingMm: [0.4, 0.7], massFactor: 0.0008, boxes: [box(250, [3, 6], [4, 7])] }),
    ),
    define(
      'geometry',
      'slices 0.625 mm apart',
      '4 slices x 9 x 1 x 0.625/3 = 7.5; volume 22.5 mm3',
      volume({ slices: 4, incrementMm: 0.625, thicknessMm: 0.625, boxes: [box(150, [3, 6], [4, 7], [0, 4])] }),
    ),
    define(
      'geometry',
      'slices 1.5 mm apart, 3 mm thick',
      'scaled by the increment: 3 x 9 x 3 x 1.5/3 = 40.5; by the thickness where a standard says so: 81; not at all: 81',
      volume({ slices: 3, incrementMm: 1.5, thicknessMm: 3, boxes: [box(350, [3, 6], [4, 7], [0, 3])] }),
      [...SHIPPED, BY_THICKNESS, UNSCALED],
    ),
    define(
      'geometry',
      'slices 3 mm apart, 2.5 mm thick',
      'a gap: 9 x 1 x 3/3 = 9; by thickness 7.5; volume by increment in both',
      volume({ incrementMm: 3, thicknessMm: 2.5, boxes: [box(150, [3, 6], [4, 7])] }),
      [...SHIPPED, BY_THICKNESS, UNSCALED],
    ),
    define(
      'geometry',
      'no thickness known',
      'standards that scale by increment do not need it',
      volume({ incrementMm: 2, thicknessMm: null, boxes: [box(150, [3, 6], [4, 7])] }),
    ),
    define(
      'geometry',
      'mass',
      '9 voxels of 3 mm3 at 250 HU x 0.0008 = 5.4 mg',
      volume({ massFactor: 0.0008, boxes: [box(250, [3, 6], [4, 7])] }),
    ),
    define(
      'geometry',
      'corners of the picture',
      'boxes, sums of row and column at the rim',
      volume({
        rows: 7,
        columns: 11,
        slices: 2,
        boxes: [dot(150, 0, 0), dot(250, 0, 10), dot(350, 6, 0, 1), dot(450, 6, 10, 1)],
      }),
      [EVERY_PIECE, SIEMENS],
    ),
  ],
}
