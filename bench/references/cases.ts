/** What all implementations score: whole studies, which are timed, and the vectors' small volumes, one rule each. */
import { makePhantom } from '../../bindings/phantom/index.js'
import type { PixelKind } from '../../bindings/volume/volume.js'
import { type VectorCase, vectors } from '../../test/vectors/load.js'
import { type Case, noiseCase, scanCase, wholeHu } from '../cases.js'

export interface ReferenceCase {
  readonly name: string
  readonly input: VectorCase['input']
  readonly kind: PixelKind
  /** What its scores are added up with in the table; null: they stand for themselves and are timed. */
  readonly group: string | null
  /** A score that others published, and how far rounding in print may have moved it. */
  readonly published?: { readonly standard: string; readonly score: number; readonly within: number }
}

/** A study in HU, its slices as thick as they lie apart unless said. */
function study(name: string, of: Omit<Case, 'answer' | 'name'>, more: { labels?: Uint8Array; thicknessMm?: number }) {
  const { data, rows, columns, slices, spacing } = of
  const input = {
    pixels: data,
    rows,
    columns,
    slices,
    pixelSpacingMm: [spacing[1], spacing[0]] as const,
    incrementMm: spacing[2],
    thicknessMm: spacing[2],
    rescale: () => ({ slope: 1, intercept: 0 }),
    ...more,
  }
  return { name, kind: 'int16' as const, group: null, input }
}

function phantomCase(kind: 'torso' | 'qrm', slices: number): ReferenceCase {
  const { volume } = makePhantom({ kind, seed: 1, slices })
  const { rows, columns, pixelSpacingMm, incrementMm } = volume.geometry
  const data = wholeHu(volume)
  const spacing = [pixelSpacingMm[1], pixelSpacingMm[0], incrementMm] as const
  return study(
    `${kind === 'torso' ? 'torso' : 'QRM'} phantom, synthetic, ${slices} slices`,
    { data, rows, columns, slices, spacing },
    {},
  )
}

/** Centre (row, column) and diameter in mm of the inserts of the QRM phantom as it lies in the published scan. */
const INSERTS: readonly (readonly [row: number, column: number, diameterMm: number])[] = [
  [220, 180, 5],
  [220, 205, 3],
  [220, 229, 1],
  [150, 291, 5],
  [173, 280, 3],
  [194, 269, 1],
  [281, 298, 5],
  [260, 285, 3],
  [240, 272, 1],
]
/** Slices that hold inserts, in order of position: 21 to 28 by InstanceNumber, which falls where the position rises. */
const INSERT_SLICES = [18, 26] as const

/**
 * The published scan: its nine inserts alone, and as a whole. Published total: MolloiLab/CAC-stanford-data (van Praagh et al., Med Phys 2021,
 * doi:10.1002/mp.14912), nine scores printed to five decimals. There a piece belongs to an insert when its centroid lies within
 * ceil(radius) + 1 pixels of the insert's centre; here the insert is a disc that reaches ceil(radius) further, so that it holds such pieces whole.
 */
async function scanCases(quick: boolean): Promise<ReferenceCase[]> {
  const scan = await scanCase()
  if (scan === null) return []
  const { rows, columns, slices, spacing } = scan
  const [start, end] = INSERT_SLICES.map((slice) => slice * rows * columns)
  const data = scan.data.slice(start, end)
  const labels = new Uint8Array(data.length)
  for (const [row, column, diameterMm] of INSERTS) {
    const reach = 2 * Math.ceil(diameterMm / spacing[0] / 2) + 1
    for (let i = 0; i < labels.length; i++) {
      const [r, c] = [Math.floor(i / columns) % rows, i % columns]
      if (Math.hypot(r - row, c - column) <= reach) labels[i] = 1
    }
  }
  const some = { ...scan, data, slices: INSERT_SLICES[1] - INSERT_SLICES[0] }
  const inserts = study(`QRM phantom, real scan, its nine inserts, ${some.slices} slices`, some, { labels })
  const published = { standard: 'fqm-python', score: 966.6265, within: INSERTS.length * 5e-6 }
  const whole = study(`QRM phantom, real scan, whole image, ${slices} slices`, scan, {})
  return [{ ...inserts, published }, ...(quick ? [] : [whole])]
}

/** Half of all pixels calcified at random, in slices thicker than they lie apart. */
function dense(slices: number): ReferenceCase {
  const noise = noiseCase(0.5, 1, slices)
  return study(
    `noise, half of all pixels, ${slices} slices that overlap`,
    { ...noise, spacing: [0.4, 0.4, 2] },
    {
      thicknessMm: 3,
    },
  )
}

/** Every volume of the vectors, once: the peers score it under all shipped standards. */
function vectorCases(): ReferenceCase[] {
  const seen = new Map<string, ReferenceCase>()
  for (const { file, rule, name, input, kind } of vectors) {
    const plain = name.replace(/ \[[^[]*\]$/, '')
    const key = `${file}: ${plain}`
    if (!seen.has(key)) seen.set(key, { name: key, group: rule, input, kind })
  }
  return [...seen.values()]
}

/** @param quick fewer slices, and of the vectors the first volume of each rule */
export async function referenceCases(quick: boolean): Promise<readonly ReferenceCase[]> {
  const small = vectorCases()
  const first = small.filter(({ group }, n) => small.findIndex((one) => one.group === group) === n)
  return [
    ...(await scanCases(quick)),
    phantomCase('torso', quick ? 4 : 8),
    phantomCase('qrm', quick ? 4 : 8),
    dense(quick ? 2 : 4),
    ...(quick ? first : small),
  ]
}
