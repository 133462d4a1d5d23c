/** What gives a piece its weight, and what counts where lesions are measured: each rule where it differs from the others. */
import { type DefinitionFile, box, define, dot, labels, lines, volume } from '../build.js'
import { AGATSTON_130, AI_CAC, HOROS, SHIPPED, SLICER_BRAINS, custom } from '../standards.js'

const PIECE_PIXELS = custom('weight-piece-pixels', { weightFrom: 'piece-pixels', weightPixels: 3 })
const OWN_PIXELS = custom('weight-pixel', { weightFrom: 'pixel' })
const LESION_PEAK = custom('weight-lesion-peak', { weightFrom: 'lesion-peak' })
const SLICE_PEAK = custom('weight-lesion-peak-in-slice', { weightFrom: 'lesion-peak-in-slice' })
const SLICE_PIXELS = custom('weight-lesion-pixels', { weightFrom: 'lesion-pixels-in-slice', weightPixels: 3 })
const WEIGHTS = [...SHIPPED, SLICE_PEAK, LESION_PEAK, PIECE_PIXELS, SLICE_PIXELS, OWN_PIXELS]

const sixOf = (connectivity: 6 | 18 | 26) => custom(`lesions-${connectivity}`, { lesionConnectivity: connectivity })
const LINKS = [sixOf(6), sixOf(18), sixOf(26)]
const FOUR_26 = custom('lesions-26-pieces-4', { lesionConnectivity: 26, connectivity: 4 })
const PEAK_26 = custom('lesions-26-peak', { lesionConnectivity: 26, weightFrom: 'lesion-peak' })

const LESION_AREA = custom('lesion-area', { minimumOf: 'lesion' })
const LESION_AREA_ABOVE = custom('lesion-area-above', {
  minimumOf: 'lesion',
  minimum: { by: 'area', rule: '>', mm2: 1 },
})
const LESION_ROUNDED = custom('lesion-pixels-of-area', {
  minimumOf: 'lesion',
  minimum: { by: 'pixels-of-area', rule: '>=', mm2: 1, rounding: 'ceil' },
})
const LESION_VOLUME = custom('lesion-volume', { minimumOf: 'lesion', minimum: { by: 'volume', rule: '>=', mm3: 3 } })
const byVolume = (rule: '>=' | '>', mm3: number) =>
  custom(`volume-${rule === '>' ? 'above' : 'from'}-${mm3}`, { minimum: { by: 'volume', rule, mm3 } })
const [FROM_9, ABOVE_9, FROM_045, ABOVE_045] = [byVolume('>=', 9), byVolume('>', 9), byVolume('>=', 0.45), byVolume('>', 0.45)] // prettier-ignore

/** A 3 x 3 block of 150 HU whose first pixels have these values. */
const speckled = (values: readonly number[], left: number, slice = 0) => [
  box(150, [2, 5], [left, left + 3], [slice, slice + 1]),
  ...values.map((hu, n) => dot(hu, 2 + Math.floor(n / 3), left + (n % 3), slice)),
]

/** Four pairs of single pixels, one in each slice; the second lies so many rows and columns from the first, in all four directions. */
const pairs = (down: number, right: number) =>
  [[1, 1], [1, -1], [-1, 1], [-1, -1]].flatMap(([v, h], n) => {
    const [row, column] = [3 + 8 * Math.floor(n / 2), 3 + 8 * (n % 2)]
    return [dot(150, row, column, 0), dot(250, row + down * v!, column + right * h!, 1)]
  }) // prettier-ignore

export const weights: DefinitionFile = {
  file: 'weights.json',
  title: 'What weighs a piece, what links a lesion, and minima of lesions and of volumes',
  definitions: [
    define(
      'weight',
      'one bright pixel',
      '450 HU among eight of 150: by peak 9 x 4 = 36; each its own 8 x 1 + 4 = 12; by 3 pixels 9 x 1 = 9',
      volume({ boxes: speckled([450], 2) }),
      WEIGHTS,
    ),
    define(
      'weight',
      '2, 3 and 4 bright pixels',
      'by 3 pixels 9 x 1 + 9 x 4 + 9 x 4 = 81; by peak 108; each its own (7 + 8) + (6 + 12) + (5 + 16) = 54',
      volume({ boxes: [2, 3, 4].flatMap((n, i) => speckled([450, 450, 450, 450].slice(0, n), 1 + 5 * i)) }),
      WEIGHTS,
    ),
    define(
      'weight',
      'higher classes count as lower ones',
      'one pixel each of 250, 350 and 450 HU: three reach 200 HU, one 400: by 3 pixels 9 x 2 = 18; by peak 36; each its own 6 + 2 + 3 + 4 = 15',
      volume({ boxes: speckled([250, 350, 450], 2) }),
      WEIGHTS,
    ),
    define(
      'weight',
      'two pieces of a slice in one lesion',
      'a bar of 250 HU in the next slice links 150 with 450: by piece 9 + 36 + 18 = 63; by lesion and slice (9 + 9) x 4 + 18 = 90; by lesion 27 x 4 = 108',
      volume({
        slices: 2,
        boxes: [box(150, [2, 5], [1, 4]), box(450, [2, 5], [7, 10]), box(250, [3, 4], [1, 10], [1, 2])],
      }),
      WEIGHTS,
    ),
    define(
      'weight',
      'bright pixels of two pieces of a slice',
      'two of one piece and one of another, linked in the next slice: three pixels together weigh both 4: 72 + 9; each piece by itself 1: 27',
      volume({
        slices: 2,
        boxes: [...speckled([450, 450], 1), ...speckled([450], 7), box(150, [4, 5], [1, 10], [1, 2])],
      }),
      WEIGHTS,
    ),
    define(
      'weight',
      'bright pixels of two slices',
      'two in each slice of a lesion: in no slice are there three; the lesion has its peak all the same',
      volume({ slices: 2, boxes: [...speckled([450, 450], 2), ...speckled([450, 450], 2, 1)] }),
      WEIGHTS,
    ),
    define(
      'weight',
      'a piece that does not count lends its peak',
      'one pixel of 0.25 mm2 and 450 HU over 16 of 150: by lesion 16 x 0.25 x 4 = 16; by piece 4',
      volume({ slices: 2, pixelSpacingMm: [0.5, 0.5], boxes: [box(150, [4, 8], [4, 8]), dot(450, 5, 5, 1)] }),
      WEIGHTS,
    ),
    define(
      'weight',
      'a piece that does not count lends its peak to its slice',
      'the bright pixel lies in the same slice, linked from the next: 16 x 0.25 x 4 and 8 x 0.25 x 1 = 18',
      volume({
        slices: 2,
        pixelSpacingMm: [0.5, 0.5],
        boxes: [box(150, [4, 8], [1, 5]), dot(450, 6, 8), box(150, [6, 7], [1, 9], [1, 2])],
      }),
      WEIGHTS,
    ),
    define(
      'weight',
      'a lesion in two territories',
      '150 HU in LM beside 450 in LAD: by piece 8 and 32; by lesion both 4: 32 and 32',
      volume({
        boxes: [box(150, [4, 8], [4, 6]), box(450, [4, 8], [6, 8])],
        labels: labels(box(1, [0, 16], [0, 6]), box(2, [0, 16], [6, 16])),
      }),
      WEIGHTS,
    ),
    define(
      'weight',
      'lesions apart do not lend',
      'as two pieces of a slice in one lesion, without the bar: 9 + 36 = 45 by any rule',
      volume({ slices: 2, boxes: [box(150, [2, 5], [1, 4]), box(450, [2, 5], [7, 10])] }),
      WEIGHTS,
    ),
    define(
      'weight',
      'edges of pixels that have their own weight',
      '129, 130, 199, 200, 299, 300, 399, 400 HU in a row: 1 + 1 + 2 + 2 + 3 + 3 + 4 = 16; with weights 0.5, 1, 2.5, 4: 0.5 x 2 + 1 x 2 + 2.5 x 2 + 4 = 12',
      volume({ boxes: [129, 130, 199, 200, 299, 300, 399, 400].map((hu, n) => dot(hu, 5, 2 + n)) }),
      [OWN_PIXELS, custom('weight-pixel-halves', { weightFrom: 'pixel', weights: [0.5, 1, 2.5, 4] })],
    ),

    define('lesions', 'the same place in the next slice', 'linked by each rule: 4', volume({ slices: 2, boxes: pairs(0, 0) }), LINKS), // prettier-ignore
    define(
      'lesions',
      'a column aside in the next slice',
      'no link to 6 neighbours: 8 lesions; linked to 18 and 26: 4',
      volume({ slices: 2, boxes: pairs(0, 1) }),
      LINKS,
    ),
    define(
      'lesions',
      'a row aside in the next slice',
      'no link to 6 neighbours: 8 lesions; linked to 18 and 26: 4',
      volume({ slices: 2, boxes: pairs(1, 0) }),
      LINKS,
    ),
    define(
      'lesions',
      'a corner aside in the next slice',
      'linked to 26 neighbours only: 8, 8, 4 lesions',
      volume({ slices: 2, boxes: pairs(1, 1) }),
      LINKS,
    ),
    define('lesions', 'two columns aside in the next slice', 'never linked', volume({ slices: 2, boxes: pairs(0, 2) }), LINKS), // prettier-ignore
    define('lesions', 'a knight away in the next slice', 'never linked', volume({ slices: 2, boxes: pairs(1, 2) }), LINKS), // prettier-ignore
    define(
      'lesions',
      'round the rim in the next slice',
      'the last column of a row and the first of the next are neighbours in memory only: 2 lesions',
      volume({ slices: 2, boxes: [dot(150, 5, 15), dot(250, 6, 0, 1)] }),
      LINKS,
    ),
    define(
      'lesions',
      'a corner in the slice, under 26',
      'lesions reach corners of the next slice; pieces of 4 neighbours no corner of their own: 2 lesions, not 1',
      volume({ boxes: [dot(150, 5, 5), dot(250, 6, 6)] }),
      [FOUR_26, ...LINKS],
    ),
    define(
      'lesions',
      'corners there and back, under 26',
      'two pixels at a corner in one slice, a third at a corner to both in the next: 1 lesion under 26',
      volume({ slices: 2, boxes: [dot(150, 5, 5), dot(250, 5, 7), dot(350, 6, 6, 1)] }),
      [FOUR_26, PEAK_26, ...LINKS],
    ),
    define(
      'lesions',
      'another territory a column aside in the next slice',
      'LM, then LAD beside it: one lesion under 18 and 26',
      volume({
        slices: 2,
        boxes: [box(150, [4, 7], [4, 7]), box(450, [4, 7], [7, 10], [1, 2])],
        labels: labels(box(1, [0, 16], [0, 7], [0, 2]), box(2, [0, 16], [7, 16], [0, 2])),
      }),
      [PEAK_26, ...LINKS],
    ),

    define(
      'minimum',
      '6, 9 and 12 mm3 against 9 mm3',
      '2, 3 and 4 pixels of 1 mm2, 3 mm apart; thickness plays no part',
      volume({ thicknessMm: 1, boxes: lines([2, 3, 4]) }),
      [FROM_9, ABOVE_9],
    ),
    define(
      'minimum',
      '0.3, 0.45 and 0.6 mm3 against 0.45 mm3',
      '2, 3 and 4 pixels of 0.25 mm2, 0.6 mm apart: 3 x 0.15 is 0.45 within 1e-9, not above it',
      volume({ pixelSpacingMm: [0.5, 0.5], incrementMm: 0.6, boxes: lines([2, 3, 4]) }),
      [FROM_045, ABOVE_045],
    ),
    ...([[-5e-10, 'short of 9 mm3 by half the tolerance: equal'], [-2e-9, 'short of 9 mm3 by twice the tolerance: below'], [5e-10, 'beyond 9 mm3 by half the tolerance: not above'], [2e-9, 'beyond 9 mm3 by twice the tolerance: above']] as const).map(([off, why]) =>
      define('minimum', `three pixels of ${3 * (1 + off)} mm3`, why, volume({ incrementMm: 3 * (1 + off), boxes: lines([3]) }), [FROM_9, ABOVE_9]),
    ), // prettier-ignore

    define(
      'minimum',
      'a lesion of one voxel, of two in a slice, of two in two slices',
      'more than one voxel: 1 does not count, 2 do, wherever they lie: 4 pixels of 450 HU',
      volume({
        slices: 2,
        boxes: [dot(450, 1, 1), box(450, [4, 5], [1, 3]), box(450, [7, 8], [1, 2], [0, 2])],
      }),
    ),
    define(
      'minimum',
      'two voxels that are no lesion',
      'at a corner in the slice, and aside in the next: two lesions of one voxel each under 4 neighbours',
      volume({ slices: 2, boxes: [dot(450, 1, 1), dot(450, 2, 2), dot(450, 8, 8), dot(450, 8, 9, 1)] }),
    ),
    define(
      'minimum',
      'a lesion of one voxel in each of two territories',
      'measured together: both count where lesions are measured',
      volume({
        boxes: [box(450, [5, 6], [5, 7])],
        labels: labels(box(1, [0, 16], [0, 6]), box(2, [0, 16], [6, 16])),
      }),
      [AI_CAC, LESION_AREA_ABOVE, custom('piece-area-above', { minimum: { by: 'area', rule: '>', mm2: 1 } })],
    ),
    define(
      'minimum',
      'lesions of 3, 4 and 5 pixels of 0.25 mm2 in two slices',
      'no piece has 1 mm2, the second lesion has it, the third more',
      volume({
        slices: 2,
        pixelSpacingMm: [0.5, 0.5],
        boxes: [3, 4, 5].flatMap((n, i) => {
          const rows = [1 + 4 * i, 2 + 4 * i] as const
          return [box(150, rows, [3, 3 + Math.ceil(n / 2)]), box(150, rows, [3, 3 + Math.floor(n / 2)], [1, 2])]
        }),
      }),
      [AGATSTON_130, LESION_AREA, LESION_AREA_ABOVE, LESION_ROUNDED, LESION_VOLUME],
    ),
    define(
      'minimum',
      'small pieces of a large lesion',
      'a pixel of 0.25 mm2 over 16: counts with its lesion, not by itself',
      volume({ slices: 2, pixelSpacingMm: [0.5, 0.5], boxes: [box(150, [4, 8], [4, 8]), dot(900, 5, 5, 1)] }),
      [AGATSTON_130, LESION_AREA, LESION_ROUNDED, LESION_VOLUME, AI_CAC, SLICER_BRAINS, HOROS],
    ),
  ],
}
