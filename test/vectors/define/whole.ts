/** Territories under the rule `whole`, territories that stand apart, and the band over the vendors' rules. */
import type { StoredVolume } from '../format.js'
import { type DefinitionFile, box, define, dot, labels, lines, volume } from '../build.js'
import { AGATSTON_130, BAND } from '../standards.js'

const [LM, LAD, AORTA, OTHER] = [1, 2, 7, 10]
const whole = (change: Parameters<typeof volume>[0]): StoredVolume => volume({ ...change, regionRule: 'whole' })
const block = box(150, [4, 8], [4, 8])

/** A 4 x 4 block of which so many pixels are LM's, row by row, the others LAD's. */
const shared = (lm: number) =>
  labels(
    box(LAD, [0, 16], [0, 16]),
    ...Array.from({ length: lm }, (_, n) => dot(LM, 4 + Math.floor(n / 4), 4 + (n % 4))),
  )

const sensitivity = (name: string, note: string, scored: StoredVolume) => ({
  ...define('sensitivity', name, note, scored, [AGATSTON_130, ...BAND]),
  band: true,
})

export const wholes: DefinitionFile = {
  file: 'whole.json',
  title: 'Lesions given to territories as a whole, territories apart, the band of vendors',
  definitions: [
    define('whole', '7 of 16 pixels', 'LAD has 9: one piece of 16 mm2, all LAD', whole({ boxes: [block], labels: shared(7) })), // prettier-ignore
    define('whole', '8 of 16 pixels', 'a tie: the lower label, LM', whole({ boxes: [block], labels: shared(8) })),
    define('whole', '9 of 16 pixels', 'LM has it', whole({ boxes: [block], labels: shared(9) })),
    define(
      'whole',
      'one labelled pixel of 16',
      'label 0 is no territory and has no say: all 16 mm2 are LAD',
      whole({ boxes: [block], labels: labels(dot(LAD, 5, 5)) }),
    ),
    define(
      'whole',
      'no labelled pixel',
      'in no territory: listed, not counted; the lesion beside it is LAD',
      whole({ boxes: [block, box(250, [10, 13], [10, 13])], labels: labels(box(LAD, [10, 13], [10, 13])) }),
    ),
    define(
      'whole',
      'a label without calcium',
      'nothing is LAD; nothing counts',
      whole({ boxes: [block], labels: labels(box(LAD, [10, 13], [10, 13])) }),
    ),
    define(
      'whole',
      'lesion by lesion, not piece by piece',
      'LM under 9 pixels of the first slice, LAD under 16 of the second: both are LAD',
      whole({
        slices: 2,
        boxes: [box(150, [4, 7], [4, 7]), box(250, [4, 8], [4, 8], [1, 2])],
        labels: labels(box(LM, [0, 16], [0, 16]), box(LAD, [0, 16], [0, 16], [1, 2])),
      }),
    ),
    define(
      'whole',
      'a border does not part',
      '4 pixels of 0.25 mm2 in two territories, 2 each: one piece of 1 mm2, LM by the tie; clipped, neither would count',
      whole({
        pixelSpacingMm: [0.5, 0.5],
        boxes: [box(150, [4, 6], [4, 6])],
        labels: labels(box(LM, [0, 5], [0, 16]), box(LAD, [5, 16], [0, 16])),
      }),
    ),
    define(
      'whole',
      'pieces that do not count have a say',
      'LM holds 4 of 9 pixels of one slice; over them 5 single pixels of 0.25 mm2 are LAD, too small to count: the lesion is LAD, 9 x 0.25 x 1 = 2.25',
      whole({
        slices: 2,
        pixelSpacingMm: [0.5, 0.5],
        boxes: [box(150, [5, 6], [2, 11]), box(150, [5, 6], [2, 11, 2], [1, 2])],
        labels: labels(box(LM, [5, 6], [2, 6]), box(LAD, [0, 16], [0, 16], [1, 2])),
      }),
    ),
    define(
      'whole',
      'most of it in the aorta',
      'the whole lesion stands apart: the total is 0',
      whole({ boxes: [block], labels: labels(box(AORTA, [0, 16], [0, 16]), box(LAD, [4, 8], [4, 5])) }),
    ),
    define(
      'whole',
      'over a slice without labels',
      'LAD, unlabelled, LAD: one lesion, all three pieces LAD',
      whole({
        slices: 3,
        boxes: [box(250, [4, 7], [4, 7], [0, 3])],
        labels: labels(box(LAD, [0, 16], [0, 16]), box(LAD, [0, 16], [0, 16], [2, 3])),
      }),
    ),
    define(
      'whole',
      'a rim that leads into another territory',
      'LM at 150 HU; most of its rim of 120 HU, which volume takes in, is LAD: what is scored decides, and all of it is LM',
      whole({
        massFactor: 0.001,
        boxes: [box(120, [4, 7], [4, 12]), box(150, [4, 7], [4, 7])],
        labels: labels(box(LM, [0, 16], [0, 7]), box(LAD, [0, 16], [7, 16])),
      }),
    ),
    define(
      'whole',
      'interpolated through every label',
      'LM under LAD is one lesion of a tie, LM, and labels do not part its planes: 4 mm3',
      whole({
        slices: 2,
        massFactor: 0.001,
        boxes: [box(300, [5, 6], [5, 6], [0, 2])],
        labels: labels(box(LM, [0, 16], [0, 16]), box(LAD, [0, 16], [0, 16], [1, 2])),
      }),
    ),

    define(
      'territories',
      'the aorta stands apart',
      'LAD 9 mm2 x 2; AORTA and OTHER have scores of their own and are no part of the total: 18',
      volume({
        boxes: [box(250, [1, 4], [1, 4]), box(450, [1, 4], [8, 11]), box(450, [8, 11], [8, 11])],
        labels: labels(box(LAD, [0, 16], [0, 6]), box(AORTA, [0, 6], [6, 16]), box(OTHER, [6, 16], [6, 16])),
      }),
    ),
    define(
      'territories',
      'a lesion from the aorta into the LM',
      'clipped at the border: LM 8, AORTA 32, total 8; one lesion of two pieces',
      volume({
        boxes: [box(150, [4, 8], [4, 6]), box(450, [4, 8], [6, 8])],
        labels: labels(box(LM, [0, 16], [0, 6]), box(AORTA, [0, 16], [6, 16])),
      }),
    ),

    sensitivity(
      'pieces of 1 to 5 pixels of 0.25 mm2',
      '450 HU, so each pixel scores 1: from 4 pixels on 9, from 3 on 12, from 2 on 14, all 15',
      volume({ pixelSpacingMm: [0.5, 0.5], boxes: lines([1, 2, 3, 4, 5], 450) }),
    ),
    sensitivity(
      'two blocks at a corner',
      'every vendor takes 4 neighbours: 16 + 4 = 20 in all five; the default, which takes 8, stands outside with 32',
      volume({ boxes: [box(450, [2, 4], [2, 4]), box(150, [4, 6], [4, 6])] }),
    ),
    sensitivity(
      'across a category edge',
      '24 mm2 of 450 HU, 3 pixels and 2 pixels of 150: 96 + 3 + 2 = 101; 99 where 3 pixels are asked for',
      volume({ boxes: [box(450, [1, 5], [1, 7]), box(150, [8, 9], [1, 4]), box(150, [11, 12], [1, 3])] }),
    ),
    sensitivity('nothing at all', 'from 0 to 0', volume({})),
    sensitivity(
      'in territories',
      'the band is that of the coronary total: LAD 1 to 5 pixels, the aorta apart',
      volume({
        pixelSpacingMm: [0.5, 0.5],
        boxes: [...lines([1, 2, 3, 4, 5], 450), box(450, [12, 16], [8, 12])],
        labels: labels(box(LAD, [0, 12], [0, 16]), box(AORTA, [12, 16], [0, 16])),
      }),
    ),
  ],
}
