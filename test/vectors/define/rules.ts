/** The edges of every rule of a standard, at -1, 0 and +1: threshold, ladder, smallest piece, neighbours. */
import type { Box, StoredVolume } from '../format.js'
import { type DefinitionFile, box, define, dot, lines, volume } from '../build.js'
import { AGATSTON_130, CANON, EVERY_PIECE, FQM_PYTHON, GE, SIEMENS, custom } from '../standards.js'

/** 2 x 2 blocks of these values, each on its own, five in a row. */
function blocks(values: readonly number[]): Box[] {
  return values.map((value, n) => {
    const [top, left] = [1 + 3 * Math.floor(n / 5), 3 * (n % 5)]
    return box(value, [top, top + 2], [left, left + 2])
  })
}

const wide = (boxes: readonly Box[]): StoredVolume => volume({ columns: 18, boxes })
const threshold = (id: string, rule: '>=' | '>', upperHu: number | null) =>
  custom(id, { thresholdRule: rule, upperHu, minimum: { by: 'none' } })
const UP_TO_1500 = threshold('up-to-1500', '>=', 1500)

/** Pieces one pixel below, at and above the least that counts, for pixels of this size. */
/**
 * Ladders of other tube voltages: kVp, threshold, edges. Gräni 2018, doi:10.1093/ehjci/jey019; its upper bounds of classes, each + 1.
 */
const LADDERS = [
  [70, 207, 319, 478, 637],
  [80, 177, 272, 409, 545],
  [100, 145, 223, 335, 447],
  [135, 119, 184, 275, 365],
] as const

function ladderOf([kvp, thresholdHu, ...ladderHu]: (typeof LADDERS)[number]) {
  const values = [thresholdHu, ...ladderHu].flatMap((edge) => [edge - 1, edge])
  const why = `threshold ${thresholdHu}, edges ${ladderHu.join(', ')}: never standard`
  return define('ladder', `the ladder of ${kvp} kVp`, why, wide(blocks(values)), [
    custom(`ladder-kvp${kvp}`, { thresholdHu, ladderHu }),
  ])
}

function minimumAt(rowMm: number, columnMm: number, least: number, why: string) {
  const counts = [least - 1, least, least + 1].filter((n) => n > 0)
  const scored = volume({
    columns: Math.max(16, least + 3),
    pixelSpacingMm: [rowMm, columnMm],
    boxes: lines(counts),
  })
  return define('minimum', `pieces of ${counts.join(', ')} pixels of ${rowMm} x ${columnMm} mm`, why, scored)
}

export const rules: DefinitionFile = {
  file: 'rules.json',
  title: 'Edges of the rules: threshold, ladder, smallest piece, neighbours',
  definitions: [
    define('threshold', '129, 130, 131 HU', 'the threshold itself is calcified', wide(blocks([129, 130, 131]))),
    define(
      'threshold',
      'above 130 HU',
      'rule >: the threshold itself is not calcified',
      wide(blocks([129, 130, 131])),
      [threshold('above-130', '>', null)],
    ),
    define('threshold', 'an upper limit', '1500 HU is calcified, 1501 is not', wide(blocks([1499, 1500, 1501])), [
      UP_TO_1500,
    ]),
    define(
      'threshold',
      'a hole above the upper limit',
      'the pixel of 1501 HU is no part of the piece around it: 8 pixels',
      wide([box(500, [2, 5], [2, 5]), dot(1501, 3, 3)]),
      [UP_TO_1500],
    ),
    define(
      'ladder',
      'edges 200, 300, 400 HU',
      'peaks at -1, 0 and +1 of each edge: weights 1 2 2, 2 3 3, 3 4 4 over 4 mm2: 96',
      wide(blocks([199, 200, 201, 299, 300, 301, 399, 400, 401])),
    ),
    define(
      'ladder',
      'above 200, 300, 400 HU',
      'rule >: an edge itself stays in the class below: weights 1 1 2, 2 2 3, 3 3 4',
      wide(blocks([199, 200, 201, 299, 300, 301, 399, 400, 401])),
      [custom('ladder-above', { ladderRule: '>' })],
    ),
    define(
      'ladder',
      'one pixel decides',
      'a peak of 400 HU among 130: weight 4 for all nine pixels: 36; one pixel in the highest bin',
      wide([box(130, [2, 5], [2, 5]), dot(400, 4, 2)]),
    ),
    define(
      'ladder',
      'every class in one piece',
      'bins 2, 3, 4, 5; weight 4',
      wide([box(150, [1, 2], [1, 3]), box(250, [1, 2], [3, 6]), box(350, [1, 2], [6, 10]), box(450, [1, 2], [10, 15])]),
    ),
    define(
      'ladder',
      'other weights',
      'weights 1 1 3 5 by class: 4 mm2 x (1 + 1 + 3 + 5) = 40',
      wide(blocks([150, 250, 350, 450])),
      [custom('other-weights', { weights: [1, 1, 3, 5] })],
    ),
    define(
      'ladder',
      'a lower ladder',
      'threshold 110, edges 170, 260, 350',
      wide(blocks([109, 110, 169, 170, 259, 260, 349, 350])),
      [custom('lower-ladder', { thresholdHu: 110, ladderHu: [170, 260, 350] })],
    ),
    ...LADDERS.map(ladderOf),

    minimumAt(0.5, 0.5, 4, '4 x 0.25 mm2 is 1 mm2: counted by >= 1 mm2, not by > 1 mm2'),
    minimumAt(0.25, 4, 1, 'one pixel of 0.25 x 4 is 1 mm2'),
    minimumAt(0.25, 1, 4, 'rows closer than columns'),
    minimumAt(0.1, 10, 1, '0.1 x 10 is 1 mm2'),
    minimumAt(
      0.1,
      0.1,
      100,
      '0.1 x 0.1 is a little above 0.01 in float64: 100 pixels are 1 mm2 all the same, not above it',
    ),
    minimumAt(0.2, 0.2, 25, '0.2 x 0.2 is a little above 0.04 in float64: 25 pixels are 1 mm2, not above it'),
    minimumAt(0.7, 0.7, 3, '2.04 pixels to 1 mm2: three'),
    minimumAt(0.488, 0.488, 5, '4.2 pixels to 1 mm2: five'),
    minimumAt(
      Math.sqrt(1 / 3),
      Math.sqrt(1 / 3),
      3,
      'a third of a mm2, a little off in float64: three pixels are 1 mm2, within 1e-9',
    ),
    minimumAt(0.25 * (1 - 5e-10), 1, 4, 'short of 1 mm2 by half the tolerance: equal to 1 mm2'),
    minimumAt(0.25 * (1 - 2e-9), 1, 4, 'short of 1 mm2 by twice the tolerance: below 1 mm2'),
    minimumAt(0.25 * (1 + 5e-10), 1, 4, 'beyond 1 mm2 by half the tolerance: not above 1 mm2'),
    minimumAt(0.25 * (1 + 2e-9), 1, 4, 'beyond 1 mm2 by twice the tolerance: above 1 mm2'),
    minimumAt(2, 2, 1, 'every pixel is above 1 mm2'),
    minimumAt(1, 1, 3, 'pieces of 2, 3 and 4 pixels against a minimum of 3 pixels'),
    define('minimum', 'more than 3 pixels', 'rule > on pixels', volume({ boxes: lines([2, 3, 4]) }), [
      custom('above-3-pixels', { minimum: { by: 'pixels', rule: '>', pixels: 3 } }),
    ]),
    define(
      'minimum',
      '2.2 pixels to 1 mm2, rounded',
      '1 / 0.45 = 2.2: two pixels where rounded to the nearest, three where rounded up',
      volume({ pixelSpacingMm: [0.6, 0.75], boxes: lines([1, 2, 3]) }),
      [GE, custom('rounded', { minimum: { by: 'pixels-of-area', rule: '>=', mm2: 1, rounding: 'round' } })],
    ),
    define(
      'minimum',
      '0.5 mm2 and more pixels than that makes',
      'rule > on ceil(0.5 / 0.25) = 2 pixels',
      volume({ pixelSpacingMm: [0.5, 0.5], boxes: lines([1, 2, 3]) }),
      [custom('above-half', { minimum: { by: 'pixels-of-area', rule: '>', mm2: 0.5, rounding: 'ceil' } })],
    ),
    define(
      'minimum',
      'pieces, not lesions, are measured',
      'three slices of 2 pixels of 0.25 mm2 in one lesion: no piece reaches 1 mm2',
      volume({ slices: 3, pixelSpacingMm: [0.5, 0.5], boxes: [box(150, [4, 5], [4, 6], [0, 3])] }),
    ),

    define(
      'neighbours',
      'two pixels at a corner, falling',
      'one piece under 8 neighbours, two under 4',
      volume({ boxes: [dot(150, 3, 3), dot(250, 4, 4)] }),
    ),
    define(
      'neighbours',
      'two pixels at a corner, rising',
      'one piece under 8 neighbours, two under 4',
      volume({ boxes: [dot(150, 3, 4), dot(250, 4, 3)] }),
    ),
    define(
      'neighbours',
      'two blocks at a corner',
      'weights of 4 for both under 8 neighbours; 4 and 1 apart',
      volume({ boxes: [box(450, [2, 4], [2, 4]), box(150, [4, 6], [4, 6])] }),
    ),
    define(
      'neighbours',
      'a U joins at its end',
      'two arms meet in the last row: one piece',
      volume({ boxes: [box(150, [2, 10], [3, 4]), box(250, [2, 10], [9, 10]), box(150, [9, 10], [3, 10])] }),
    ),
    define(
      'neighbours',
      'a W joins arm by arm',
      'five arms meet two by two, then all: one piece',
      volume({
        boxes: [
          box(150, [0, 12], [1, 14, 3]),
          box(150, [9, 10], [1, 5]),
          box(150, [10, 11], [7, 11]),
          box(150, [11, 12], [1, 14]),
        ],
      }),
    ),
    define(
      'neighbours',
      'a row does not run on into the next',
      'end of one row and start of the next touch in memory only: two pieces',
      volume({ boxes: [dot(150, 5, 15), dot(250, 6, 0)] }),
      [EVERY_PIECE, SIEMENS],
    ),
    define(
      'neighbours',
      'a row does not run back into the one before',
      'a column of three at the left rim, one pixel at the right rim beside its middle: two pieces',
      volume({ boxes: [box(150, [4, 7], [0, 1]), dot(250, 5, 15)] }),
      [EVERY_PIECE, SIEMENS],
    ),
    define(
      'neighbours',
      'a slice does not run on into the next',
      'last row and first row of the next slice touch in memory only: two lesions',
      volume({ slices: 2, boxes: [box(150, [15, 16], [0, 16]), box(250, [0, 1], [0, 16], [1, 2])] }),
      [EVERY_PIECE, SIEMENS],
    ),
    define(
      'neighbours',
      'a slice does not run back into the one before',
      'a lesion climbs to the first row of the second slice; the last row of the first, next in memory, is another',
      volume({ slices: 2, boxes: [dot(150, 0, 3), dot(250, 15, 3), dot(350, 0, 3, 1)] }),
      [EVERY_PIECE, SIEMENS],
    ),
    define(
      'neighbours',
      'nested rings',
      'each ring is a piece; the disc in the middle too',
      volume({
        boxes: [
          box(150, [1, 15], [1, 15]),
          box(0, [2, 14], [2, 14]),
          box(250, [4, 12], [4, 12]),
          box(0, [5, 11], [5, 11]),
          box(350, [7, 9], [7, 9]),
        ],
      }),
    ),
    ...[1, 7, 8, 9, 15, 16, 17, 31, 32, 33].map((columns) =>
      define(
        'neighbours',
        `a full row of ${columns}`,
        'first and last column belong to the run; the rows around are empty',
        volume({ rows: 3, columns, boxes: [box(150, [1, 2], [0, columns]), dot(420, 1, columns - 1)] }),
        [EVERY_PIECE, SIEMENS],
      ),
    ),
    define(
      'neighbours',
      'one pixel is the picture',
      'a volume of 1 x 1 x 1',
      volume({ rows: 1, columns: 1, boxes: [dot(400, 0, 0)] }),
      [AGATSTON_130, FQM_PYTHON, CANON],
    ),
    define(
      'neighbours',
      'one column is the picture',
      'runs of one pixel',
      volume({
        rows: 20,
        columns: 1,
        boxes: [box(150, [0, 4], [0, 1]), box(150, [5, 9], [0, 1]), box(150, [10, 20], [0, 1])],
      }),
    ),
  ],
}
