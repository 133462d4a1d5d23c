/** The small volumes that docs/standards.md draws and scores: pixels in HU, and the rules each is put to. */
import { DEFAULT_STANDARD, customStandard, standardById } from '../../bindings/score/further/index.js'
import type { Assignment } from '../../bindings/score/result.js'
import type { Standard } from '../../bindings/score/standard.js'

/** HU, by slice, row and column. */
export type Grid = readonly (readonly (readonly number[])[])[]

export interface Sample {
  /** Stands in tables and names the picture. */
  readonly id: string
  readonly name: string
  readonly hu: Grid
  /** Distance between rows, then between columns, mm. */
  readonly spacingMm: readonly [number, number]
  readonly incrementMm: number
  readonly thicknessMm: number
  /** Territory label of each pixel, the same in every slice, with the names; none: the whole image. */
  readonly labels?: { readonly map: readonly (readonly number[])[]; readonly names: Readonly<Record<number, string>> }
}

/** One way to score a sample. */
export interface Variant {
  readonly heading: string
  readonly standard: Standard
  readonly regionRule?: 'whole'
  readonly lmIntoLad?: true
  readonly assignments?: readonly Assignment[]
  readonly massFactor?: number
  readonly kvp?: number
}

export const TISSUE = 40

interface Box {
  readonly hu: number
  /** First and one past the last. */
  readonly rows: readonly [number, number]
  readonly columns: readonly [number, number]
  readonly slice?: number
}

const box = (hu: number, rows: readonly [number, number], columns: readonly [number, number], slice = 0): Box => ({
  hu,
  rows,
  columns,
  slice,
})

function paint(rows: number, columns: number, slices: number, boxes: readonly Box[], fill = TISSUE): Grid {
  return Array.from({ length: slices }, (_, k) =>
    Array.from({ length: rows }, (_, r) =>
      Array.from({ length: columns }, (_, c) => {
        const over = boxes.filter(
          ({ rows, columns, slice = 0 }) =>
            slice === k && r >= rows[0] && r < rows[1] && c >= columns[0] && c < columns[1],
        )
        return over.at(-1)?.hu ?? fill
      }),
    ),
  )
}

const sample = (id: string, name: string, hu: Grid, more: Partial<Sample> = {}): Sample => ({
  id,
  name,
  hu,
  spacingMm: [1, 1],
  incrementMm: 3,
  thicknessMm: 3,
  ...more,
})

/** Bars of so many rows, side by side with a column of tissue between them. */
const bars = (values: readonly number[], heights: readonly number[] | number): Box[] =>
  values.map((hu, n) => box(hu, [0, typeof heights === 'number' ? heights : heights[n]!], [2 * n, 2 * n + 1]))

export const THRESHOLD = sample('threshold', 'threshold', paint(2, 7, 1, bars([128, 129, 130, 131], 2)))
export const UPPER = sample(
  'upper-limit',
  'upper limit',
  paint(5, 5, 1, [box(500, [1, 4], [1, 4]), box(1600, [2, 3], [2, 3])]),
)
export const NEIGHBOURS = sample(
  'neighbours',
  'neighbours',
  paint(6, 6, 1, [box(450, [1, 3], [1, 3]), box(150, [3, 5], [3, 5])]),
)
export const SMALLEST = sample(
  'smallest-piece',
  'smallest piece',
  paint(5, 9, 1, bars([150, 150, 150, 150, 150], [1, 2, 3, 4, 5])),
  { spacingMm: [0.5, 0.5] },
)
export const ROUNDED = sample('rounding', 'rounding', paint(3, 5, 1, bars([150, 150, 150], [1, 2, 3])), {
  spacingMm: [0.6, 0.75],
})
export const LADDER = sample('ladder', 'ladder', paint(3, 11, 1, bars([198, 199, 200, 201, 400, 401], 3)))
export const WEIGHT = sample(
  'weight-from',
  'weight from',
  paint(3, 7, 2, [
    box(150, [0, 3], [0, 3]),
    box(250, [0, 3], [4, 7]),
    box(450, [1, 2], [5, 6]),
    box(150, [1, 2], [0, 7], 1),
  ]),
)
export const LESION_MINIMUM = sample(
  'lesion-minimum',
  'lesion minimum',
  paint(3, 5, 2, [box(150, [1, 2], [1, 2]), box(150, [1, 2], [1, 2], 1), box(150, [1, 2], [3, 4])]),
  { spacingMm: [0.5, 0.5] },
)
export const LINKING = sample(
  'linking',
  'linking',
  paint(4, 8, 2, [
    box(150, [1, 2], [0, 1]),
    box(150, [1, 2], [3, 4]),
    box(150, [1, 2], [6, 7]),
    box(150, [1, 2], [0, 1], 1),
    box(150, [2, 3], [3, 4], 1),
    box(150, [2, 3], [7, 8], 1),
  ]),
)

const block = (slices: number): Grid => paint(3, 3, slices, [box(150, [0, 3], [0, 3]), box(150, [0, 3], [0, 3], 1)])
export const CONTIGUOUS = sample('contiguous', '3 mm slices', block(2))
export const THIN = sample('thin', '1.5 mm slices', block(2), { incrementMm: 1.5, thicknessMm: 1.5 })
export const OVERLAPPING = sample('overlapping', 'overlapping', block(2), { incrementMm: 1.5, thicknessMm: 3 })
export const GAPPED = sample('gapped', 'with gaps', block(2), { incrementMm: 3, thicknessMm: 1.5 })

export const BETWEEN = sample('isotropic', 'interpolated', paint(3, 3, 3, [box(300, [0, 3], [0, 3], 1)], 0), {
  incrementMm: 4,
  thicknessMm: 4,
})
export const HALO = sample(
  'volume-threshold',
  'halo',
  paint(7, 7, 1, [box(120, [1, 6], [1, 6]), box(150, [2, 5], [2, 5])]),
)
const HALVES = Array.from({ length: 5 }, () => [1, 1, 1, 2, 2, 2, 2, 2, 0, 0])
export const TERRITORIES = sample(
  'territories',
  'territories',
  paint(5, 10, 1, [box(250, [1, 3], [1, 6]), box(450, [1, 3], [4, 5]), box(150, [3, 5], [7, 10])]),
  { labels: { map: HALVES, names: { 1: 'LM', 2: 'LAD' } } },
)
export const CLICKED = sample(
  'clicks',
  'clicks',
  paint(4, 7, 2, [
    box(250, [0, 2], [0, 2]),
    box(250, [1, 3], [1, 3], 1),
    box(150, [0, 2], [4, 6]),
    box(600, [3, 4], [3, 7]),
  ]),
)
export const BAND = sample(
  'band',
  'band',
  paint(8, 14, 1, [
    box(450, [1, 7], [1, 7]),
    box(180, [1, 2], [8, 9]),
    box(180, [3, 4], [8, 10]),
    box(180, [5, 6], [8, 11]),
    box(180, [7, 8], [7, 8]),
    box(180, [1, 2], [10, 12]),
    box(180, [4, 6], [12, 14]),
  ]),
  {
    spacingMm: [0.8, 0.8],
    labels: { map: Array.from({ length: 8 }, () => Array<number>(14).fill(2)), names: { 2: 'LAD' } },
  },
)
export const VOLTAGE = sample('voltage', 'tube voltage', paint(3, 9, 1, bars([125, 140, 190, 350, 460], 3)))

const byId = (id: string, heading = id): Variant => ({ heading, standard: standardById(id) })

/** The default with one rule changed. */
const changed = (heading: string, id: string, change: Partial<Standard>): Variant => {
  const { sha256: _sha256, ...rules } = DEFAULT_STANDARD
  const standard = customStandard({
    ...rules,
    id: `example.${id}`,
    title: heading,
    citation: 'Example of this document',
    ...change,
  })
  return { heading, standard }
}

/** A picture of grids: the sample under each variant. */
export interface GridPicture {
  readonly sample: Sample
  readonly title: string
  readonly variants: readonly Variant[]
  /** Panels side by side, or one below the other with the words on the right. */
  readonly layout: 'columns' | 'rows'
  readonly cell: number
  readonly perRow?: number
  /** What stands in a pixel of a piece: its HU, or the letter of its lesion. */
  readonly show?: 'lesion'
  /** What is told of each panel. */
  readonly tell: readonly ('score' | 'lesions' | 'territories' | 'volume')[]
}

const clicks: readonly Assignment[] = [
  { slice: 0, row: 0, column: 0, territory: 'LAD' },
  { slice: 0, row: 1, column: 5, territory: 'RCA' },
]

export const GRID_PICTURES: readonly GridPicture[] = [
  {
    sample: THRESHOLD,
    title: 'Threshold: is the pixel calcified?',
    variants: [
      byId('calciumscoring-jl', 'calciumscoring-jl: > 128'),
      byId('agatston-130', 'agatston-130: ≥ 130'),
      byId('cacslabeler', 'cacslabeler: ≥ 131'),
    ],
    layout: 'columns',
    cell: 29,
    tell: ['score'],
  },
  {
    sample: UPPER,
    title: 'Upper limit: is a very bright pixel calcium?',
    variants: [
      byId('agatston-130', 'agatston-130: no limit'),
      byId('slicer-brains', 'slicer-brains: up to 5000'),
      byId('horos', 'horos: up to 1500'),
    ],
    layout: 'columns',
    cell: 40,
    tell: ['score'],
  },
  {
    sample: NEIGHBOURS,
    title: 'Neighbours: are two blocks that touch at a corner one piece?',
    variants: [byId('agatston-130', 'agatston-130: 8 neighbours, one'), byId('ge', 'ge: 4 neighbours, two')],
    layout: 'columns',
    cell: 36,
    tell: ['score'],
  },
  {
    sample: SMALLEST,
    title: 'Smallest piece: what is calcium and what is noise?',
    variants: [
      byId('agatston-130', 'agatston-130: area ≥ 1 mm²'),
      byId('fqm-python', 'fqm-python: area > 1 mm²'),
      byId('siemens', 'siemens: every piece'),
      byId('philips', 'philips: ≥ 0.5 mm² in pixels'),
      byId('canon', 'canon: ≥ 3 pixels'),
      byId('ge', 'ge: ≥ 1 mm² in pixels'),
    ],
    layout: 'columns',
    perRow: 3,
    cell: 23,
    tell: ['score'],
  },
  {
    sample: ROUNDED,
    title: 'Pixels of an area, rounded: 1 mm² is 2.2 of these pixels',
    variants: [
      byId('agatston-130', 'agatston-130: area ≥ 1 mm²'),
      byId('ge', 'ge: 2.2 rounded up, 3 pixels'),
      byId('calciumscoring-jl', 'calciumscoring-jl: rounded, 2'),
    ],
    layout: 'columns',
    cell: 38,
    tell: ['score'],
  },
  {
    sample: LADDER,
    title: 'Density ladder: on which side of an edge does its own value lie?',
    variants: [
      byId('agatston-130', 'agatston-130: 2 from 200, 4 from 400'),
      byId('calciumscoring-jl', 'calciumscoring-jl: 2 from 199, 4 from 399'),
      byId('horos', 'horos: 2 above 200, 4 above 400'),
    ],
    layout: 'rows',
    cell: 32,
    tell: ['score'],
  },
  {
    sample: WEIGHT,
    title: 'Where the weight comes from: six answers for one lesion',
    variants: [
      byId('agatston-130', 'piece-peak (agatston-130 and most others)'),
      byId('slicer-brains', 'lesion-peak-in-slice (slicer-brains)'),
      byId('ai-cac', 'lesion-peak (ai-cac)'),
      byId('horos', 'lesion-pixels-in-slice, 3 pixels (horos)'),
      changed('piece-pixels, 3 pixels (no shipped standard)', 'piece-pixels', {
        weightFrom: 'piece-pixels',
        weightPixels: 3,
      }),
      changed('pixel (no shipped standard)', 'pixel', { weightFrom: 'pixel' }),
    ],
    layout: 'rows',
    cell: 27,
    tell: ['score'],
  },
  {
    sample: LESION_MINIMUM,
    title: 'Minimum over a piece or over the whole lesion',
    variants: [
      byId('agatston-130', 'agatston-130: piece of 1 mm² or more'),
      byId('ai-cac', 'ai-cac: lesion of 2 voxels or more'),
    ],
    layout: 'columns',
    cell: 30,
    tell: ['score'],
  },
  {
    sample: LINKING,
    title: 'Linking from slice to slice: which pieces are one lesion?',
    variants: [
      byId('agatston-130', '6: the same row and column (every shipped standard)'),
      changed('18: its four sides too', 'link-18', { lesionConnectivity: 18 }),
      changed('26: its corners too', 'link-26', { lesionConnectivity: 26 }),
    ],
    layout: 'rows',
    cell: 27,
    show: 'lesion',
    tell: ['lesions'],
  },
  {
    sample: HALO,
    title: 'Volume from a threshold of its own',
    variants: [byId('ge', 'ge: score and volume from 130 HU'), byId('philips', 'philips: volume from 112.5 HU')],
    layout: 'columns',
    cell: 34,
    tell: ['score', 'volume'],
  },
  {
    sample: TERRITORIES,
    title: 'Territories: whose is a lesion that crosses a border?',
    variants: [
      byId('agatston-130', 'clip (default): cut at the border'),
      { ...byId('agatston-130', 'clip, LM counted into LAD'), lmIntoLad: true },
      { ...byId('agatston-130', 'whole: to whom most of its pixels belong'), regionRule: 'whole' },
    ],
    layout: 'rows',
    cell: 30,
    tell: ['territories'],
  },
  {
    sample: CLICKED,
    title: 'Clicks: each takes the whole lesion under it',
    variants: [{ ...byId('agatston-130', 'agatston-130, two clicks (blue rings)'), assignments: clicks }],
    layout: 'rows',
    cell: 30,
    tell: ['territories', 'lesions'],
  },
]

/** Samples of the table that puts all standards side by side. */
export const TABLE_SAMPLES: readonly Sample[] = [
  THRESHOLD,
  UPPER,
  NEIGHBOURS,
  SMALLEST,
  ROUNDED,
  LADDER,
  WEIGHT,
  LESION_MINIMUM,
  THIN,
  OVERLAPPING,
]
export const VOLUME_SAMPLES: readonly Sample[] = [BETWEEN, HALO, THIN, OVERLAPPING, GAPPED]
