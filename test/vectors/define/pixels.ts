/** How stored values become HU: types, slopes of either sign, fractions, another rescale in each slice, padding. */
import type { PixelKind, Rescale } from '../../../bindings/volume/volume.js'
import type { Box } from '../format.js'
import { type DefinitionFile, box, define, dot, volume } from '../build.js'
import { EVERY_PIECE } from '../standards.js'

const EDGES = [130, 200, 300, 400]
const NEAR = [-1, 0, 1, 2]

/** A 2 x 2 block for each stored value, five in a row. */
function blocks(values: readonly number[], slice = 0): Box[] {
  return values.map((value, n) => {
    const [top, left] = [1 + 3 * Math.floor(n / 5), 3 * (n % 5)]
    return box(value, [top, top + 2], [left, left + 2], [slice, slice + 1])
  })
}

/** Stored whole values at and next to every edge of the ladder. */
const integersAtEdges = ({ slope, intercept }: Rescale): number[] =>
  EDGES.flatMap((hu) => NEAR.map((step) => Math.floor((hu - intercept) / slope) + step))

/** Stored float32 values at and next to every edge. */
function floatsAtEdges({ slope, intercept }: Rescale): number[] {
  const next = (value: number, step: number): number =>
    new Float32Array(new Int32Array([new Int32Array(new Float32Array([value]).buffer)[0]! + step]).buffer)[0]!
  return EDGES.flatMap((hu) => [-1, 0, 1].map((step) => next(Math.fround((hu - intercept) / slope), step)))
}

/** A stored value far below the threshold. */
function background(type: PixelKind, { slope, intercept }: Rescale): number {
  const stored = Math.round((-200 - intercept) / slope)
  const [low, high] = type === 'uint16' ? [0, 65535] : [-32768, 32767]
  return Math.min(Math.max(stored, low), high)
}

function atEdges(type: PixelKind, rescale: Rescale, why: string) {
  const values = type === 'float32' ? floatsAtEdges(rescale) : integersAtEdges(rescale)
  const pixels = { fill: background(type, rescale), boxes: blocks(values) }
  const name = `${type}, HU = ${rescale.slope} x stored + ${rescale.intercept}`
  return define('rescale', name, why, volume({ type, columns: 18, rescale: [rescale], pixels, massFactor: 0.0008 }))
}

const steps: readonly Rescale[] = [
  { slope: 1, intercept: -1024 },
  { slope: 2, intercept: -2048 },
  { slope: -1, intercept: 500 },
  { slope: 0.5, intercept: -0.5 },
]

export const pixels: DefinitionFile = {
  file: 'pixels.json',
  title: 'Stored values: types, rescale, padding',
  definitions: [
    atEdges('int16', { slope: 1, intercept: 0 }, 'HU are stored'),
    atEdges('int16', { slope: 1, intercept: -1024 }, 'the usual rescale'),
    atEdges('uint16', { slope: 1, intercept: -1024 }, 'the usual rescale, unsigned'),
    atEdges('uint16', { slope: 1, intercept: -32768 }, 'stored values above 32,767: negative if taken as signed'),
    atEdges('uint16', { slope: 1, intercept: -8192 }, 'extended scale'),
    atEdges('int16', { slope: 1, intercept: 32600 }, 'stored values near -32,768 are bone'),
    atEdges('int16', { slope: -1, intercept: 0 }, 'negative slope: the peak is the lowest stored value'),
    atEdges('uint16', { slope: -1, intercept: 1000 }, 'negative slope, unsigned'),
    atEdges('int16', { slope: -0.25, intercept: 500.1 }, 'negative slope, fractions'),
    atEdges('int16', { slope: 0.5, intercept: 0 }, '129.5 and 199.5 HU lie below their edges'),
    atEdges('int16', { slope: 0.5, intercept: -0.25 }, 'no stored value meets an edge'),
    atEdges('int16', { slope: 0.1, intercept: -3 }, '0.1 is no binary fraction: edges as float64 has them'),
    atEdges('int16', { slope: 0.7, intercept: -33.3 }, 'edges as float64 has them'),
    atEdges('uint16', { slope: 2.0000305, intercept: -1024.7 }, 'as some scanners write it'),
    atEdges('int16', { slope: 3, intercept: -1000 }, 'steps of 3 HU'),
    atEdges('int16', { slope: 0.01, intercept: 200 }, 'steps of a hundredth'),
    atEdges('float32', { slope: 1, intercept: 0 }, 'the next float below an edge is below it'),
    atEdges('float32', { slope: 1, intercept: -1024 }, 'the next float below an edge is below it'),
    atEdges('float32', { slope: -1, intercept: 1000 }, 'negative slope'),
    atEdges('float32', { slope: 0.1, intercept: -3 }, 'compared as HU in float64'),
    define(
      'rescale',
      'neighbouring stored values of one HU',
      'slope 1e-14: many stored values round to 130 HU in float64, and are calcified',
      volume({
        rescale: [{ slope: 1e-14, intercept: 130 }],
        pixels: { fill: -32768, boxes: [-4, -3, -2, -1, 0, 1, 2].map((stored, n) => dot(stored, 2, 2 * n)) },
      }),
      [EVERY_PIECE],
    ),
    define(
      'rescale',
      'another rescale in each slice',
      'the same HU, stored four ways; one lesion a block',
      volume({
        slices: 4,
        rescale: steps,
        pixels: {
          fill: 0,
          boxes: steps.flatMap(({ slope, intercept }, k) => [
            box(Math.round((-200 - intercept) / slope), [0, 16], [0, 16], [k, k + 1]),
            ...[150, 250, 350, 450].map((hu, n) =>
              box(Math.round((hu - intercept) / slope), [2, 5], [4 * n, 4 * n + 3], [k, k + 1]),
            ),
          ]),
        },
        massFactor: 0.0008,
      }),
    ),
    define(
      'rescale',
      'slope of another sign in the second slice',
      'the peak is the highest stored value in the first slice, the lowest in the second; the peak HU of both is 410',
      volume({
        slices: 2,
        rescale: [
          { slope: 1, intercept: 0 },
          { slope: -1, intercept: 0 },
        ],
        boxes: [box(150, [4, 8], [4, 8]), dot(410, 5, 5), box(-150, [4, 8], [4, 8], [1, 2]), dot(-410, 6, 6, 1)],
      }),
    ),
    define(
      'rescale',
      'ends of int16',
      'stored 32,767 is calcified, -32,768 is not',
      volume({ pixels: { fill: -32768, boxes: [box(32767, [3, 6], [3, 6])] } }),
    ),
    define(
      'rescale',
      'ends of uint16',
      'stored 65,535 is calcified, 0 is not',
      volume({ type: 'uint16', rescale: [{ slope: 1, intercept: -1024 }], boxes: [box(65535, [3, 6], [3, 6])] }),
    ),
    define(
      'rescale',
      'float32 fractions',
      '199.5 HU is weight 1, 129.99 no calcium',
      volume({ type: 'float32', boxes: blocks([129.9900054931640625, 130.25, 199.5, 200.5, 399.75, 400.125]) }),
    ),

    define(
      'padding',
      'a band inside the calcified range',
      'stored 1500 to 2000 is padding, both ends included: 1499 and 2001 are calcified',
      volume({
        columns: 18,
        padding: [{ low: 1500, high: 2000 }],
        boxes: blocks([1499, 1500, 1501, 1999, 2000, 2001]),
      }),
    ),
    define(
      'padding',
      'a single value',
      'stored 400 is padding, 399 and 401 are not',
      volume({ padding: [{ low: 400, high: 400 }], boxes: blocks([399, 400, 401]) }),
    ),
    define(
      'padding',
      'below the threshold',
      'the usual -2000 changes nothing',
      volume({ padding: [{ low: -2000, high: -2000 }], pixels: { fill: -2000, boxes: blocks([129, 130]) } }),
    ),
    define(
      'padding',
      'splits a piece',
      'a column of padding through a block leaves two pieces, neither with its peak',
      volume({ padding: [{ low: 3000, high: 3071 }], boxes: [box(150, [3, 8], [3, 8]), box(3071, [3, 8], [5, 6])] }),
    ),
    define(
      'padding',
      'in stored values, under a negative slope',
      'stored -400 to -300 (300 to 400 HU) is padding',
      volume({
        columns: 18,
        rescale: [{ slope: -1, intercept: 0 }],
        padding: [{ low: -400, high: -300 }],
        boxes: blocks([-299, -300, -301, -399, -400, -401]),
      }),
    ),
    define(
      'padding',
      'of the second slice alone',
      'the same stored values: calcium in the first slice and the third, padding in the second',
      volume({
        slices: 3,
        padding: [null, { low: 1000, high: 1100 }, { low: 2000, high: 2000 }],
        boxes: [box(1050, [3, 6], [3, 6], [0, 3])],
      }),
    ),
    define(
      'padding',
      'float32',
      'ends included, the next float beyond them is not',
      volume({
        type: 'float32',
        columns: 18,
        padding: [{ low: 500, high: 600 }],
        boxes: blocks([499.999969482421875, 500, 550.5, 600, 600.00006103515625]),
      }),
    ),
  ],
}
