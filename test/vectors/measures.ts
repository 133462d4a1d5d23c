/**
 * Vectors of `agatston/measures`: `npx tsx test/vectors/measures.ts` writes measures.json from the cases below, with published
 * answers as they were published and all others from `../reference/measures.ts`.
 */
import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type { MassCase, MeasureFile, WeightedCase } from '../../bindings/conformance/measures.js'
import { type Picture, byFractions, byIntegral, mean, sampleSd, weightedScore } from '../reference/measures.js'

const PUBLISHED = 'test suite of CalciumScoring.jl'
const REFERENCE = 'reference'

// prettier-ignore
const PLAQUE = [
  [10, 30, 135, 145, 5, 150, 100, 80, 9],
  [9, 40, 135, 130, 5, 150, 190, 80, 9],
  [10, 100, 100, 130, 5, 9, 0, 80, 18],
  [4, 40, 135, -10, 5, 150, 100, 0, 9],
  [10, 0, 189, 130, 5, 150, 40, 80, 22],
]
// prettier-ignore
const ROD_2D = [
  196.569, 207.709, 177.004, 207.147, 178.809, 207.359, 211.824, 0.0, 168.913, 202.965, 160.564, 0.0, 208.593, 214.862, 220.32,
  158.685, 188.71, 226.872, 202.076, 226.995, 186.996, 212.137, 185.208, 228.175, 234.261,
]
// prettier-ignore
const FAINT = [
  [0, 46, 58, 123, 133, 104, 65, 7],
  [19, 25, 20, 125, 163, 83, -22, -134],
  [127, 99, 65, 104, 139, 57, -51, -102],
  [123, 88, 112, 140, 104, 57, 46, 34],
  [122, 31, 71, 121, 93, 83, 101, 72],
  [97, 24, 59, 99, 68, 27, 22, 52],
  [0, 22, 29, 72, 80, 54, 28, 72],
  [0, 17, -20, 15, 42, 61, 80, 83],
  [0, 66, 14, -3, 11, 54, 110, 148],
  [0, 121, 127, 102, 103, 93, 118, 167],
]
// prettier-ignore
const ROD_3D = [
  153.984, 185.388, 176.888, 168.15, 165.752, 155.811, 161.226, 160.228, 183.94, 151.235, 149.247, 196.509, 167.052, 158.717,
  230.236, 174.404, 184.419, 177.621, 149.801, 182.128, 161.85, 192.528, 160.222, 178.946, 176.578,
]

type Weighted = Pick<WeightedCase, 'name' | 'note' | 'hu'> & Partial<WeightedCase>

function weighted(given: Weighted): WeightedCase {
  const { rod = null, mask = null } = given
  const rodMeanHu = given.rodMeanHu ?? (rod ? mean(rod) : 140)
  const rodSdHu = given.rodSdHu ?? (rod ? sampleSd(rod) : 20)
  return {
    measure: 'spatially-weighted',
    name: given.name,
    note: given.note,
    source: given.expected === undefined ? REFERENCE : PUBLISHED,
    hu: given.hu,
    mask,
    rod,
    rodMeanHu,
    rodSdHu,
    expected: given.expected ?? weightedScore(given.hu, rodMeanHu, rodSdHu, mask ?? undefined),
  }
}

type Mass = Pick<MassCase, 'name' | 'note' | 'hu' | 'brightHu' | 'darkHu'> & Partial<MassCase>

/** Both techniques, which agree where they are given the same two HU. */
function masses(given: Mass): MassCase[] {
  const { name, note, hu, brightHu, darkHu, voxelMm3 = 1, densityMgPerMl = 1000 } = given
  return (['volume-fraction', 'integrated'] as const)
    .filter((measure) => given.measure === undefined || given.measure === measure)
    .map((measure) => ({
      measure,
      name,
      note,
      source: given.source ?? REFERENCE,
      hu,
      brightHu,
      darkHu,
      voxelMm3,
      densityMgPerMl,
      expected: (measure === 'integrated' ? byIntegral : byFractions)(hu, brightHu, darkHu, voxelMm3, densityMgPerMl),
    }))
}

/** Repeatable whole HU about soft tissue, some of them calcified. */
function speckle(rows: number, columns: number, seed: number): number[][] {
  let state = seed
  const next = (): number => (state = (state * 16807) % 2147483647) / 2147483647
  return Array.from({ length: rows }, () =>
    Array.from({ length: columns }, () => Math.floor(next() * 80 + (next() > 0.8 ? next() * 400 : 0))),
  )
}

export function measureVectors(): MeasureFile {
  const one = (hu: number): Picture => [[[hu]]]
  const tissue = speckle(7, 11, 5)
  const [low, high] = [speckle(6, 6, 7), speckle(6, 6, 8)]
  const diamond = low.map((row, r) => row.map((_, c) => (Math.abs(r - 2) + Math.abs(c - 3) <= 2 ? 1 : 0)))
  // prettier-ignore
  const square = [-1024, -1024, -1024, -1024, -1024, 800, 800, -1024, -1024, 800, 800, -1024, -1024, -1024, -1024, -1024]
  return {
    schema: 'agatston.measure-vectors/1',
    title: 'Measures beside the score: spatially weighted score, volume fraction mass, integrated intensity mass',
    cases: [
      weighted({ name: 'published, one slice', note: '5 x 9 pixels; the rod has two holes', hu: [PLAQUE], rod: ROD_2D, expected: 3.7176620417439796 }), // prettier-ignore
      weighted({ name: 'published, two slices', note: 'one slice of 10 x 8 pixels, twice', hu: [FAINT, FAINT], rod: ROD_3D, expected: 1.4580418264134944 }), // prettier-ignore
      weighted({ name: 'a pixel at the mean of the rod', note: 'weight 1/2, no neighbour: 0.2 x 0.5 = 0.1', hu: one(140) }), // prettier-ignore
      weighted({ name: 'a pixel one standard deviation below', note: '0.2 x 0.158655...', hu: one(120) }),
      weighted({
        name: 'a pixel far below',
        note: '8 standard deviations: next to nothing, not nothing',
        hu: one(-20),
      }),
      weighted({ name: 'a pixel far above', note: 'weight 1: 0.2', hu: one(1000) }),
      weighted({ name: 'a block all calcium', note: '3 x 3 pixels of weight 1: (5 + 4 x 4 + 4 x 3) / 5 = 6.6', hu: [[[900, 900, 900], [900, 900, 900], [900, 900, 900]]] }), // prettier-ignore
      weighted({ name: 'two slices do not see each other', note: 'two single pixels of weight 1: 0.4', hu: [[[900]], [[900]]] }), // prettier-ignore
      weighted({ name: 'a row', note: 'neighbours at its ends are missing', hu: [[[100, 140, 180, 90]]] }),
      weighted({ name: 'speckle', note: '7 x 11 pixels', hu: [tissue], rodMeanHu: 138.5, rodSdHu: 17.25 }),
      weighted({ name: 'a masked region', note: 'what lies outside weighs nothing, for its neighbours too', hu: [low, high], mask: [diamond, diamond.map((row) => [...row].reverse())] }), // prettier-ignore
      ...masses({ name: 'published fractions', note: '1 + 2/3 + 1/3 + 0 - 1/3 - 1/3 = 4/3', source: PUBLISHED, measure: 'volume-fraction', hu: [400, 300, 200, 100, 0, 0], brightHu: 400, darkHu: 100, voxelMm3: 0.5, densityMgPerMl: 1500 }), // prettier-ignore
      ...masses({ name: 'published fractions, twice', note: '8/3', source: PUBLISHED, measure: 'volume-fraction', hu: [400, 300, 200, 100, 0, 0, 400, 300, 200, 100, 0, 0], brightHu: 400, darkHu: 100, voxelMm3: 0.5, densityMgPerMl: 1500 }), // prettier-ignore
      ...masses({ name: 'published integral', note: '8 pixels of 0.125 mm3 among air: 1 mm3, at 10000 mg/mL 10 mg', source: PUBLISHED, measure: 'integrated', hu: [...square, ...square], brightHu: 800, darkHu: -1024, voxelMm3: 0.125, densityMgPerMl: 10000 }), // prettier-ignore
      ...masses({ name: 'nothing but background', note: '0', hu: [40, 40, 40, 40], brightHu: 318, darkHu: 40, voxelMm3: 0.714432, densityMgPerMl: 200 }), // prettier-ignore
      ...masses({ name: 'blur moves and keeps', note: 'one full pixel over three: one pixel', hu: [40, 109.5, 179, 109.5, 40], brightHu: 318, darkHu: 40, voxelMm3: 0.714432, densityMgPerMl: 200 }), // prettier-ignore
      ...masses({ name: 'darker than the tissue', note: 'noise may leave a little less than nothing', hu: [38, 41, 39, 40], brightHu: 318, darkHu: 40, voxelMm3: 0.714432, densityMgPerMl: 200 }), // prettier-ignore
      ...masses({ name: 'speckle', note: '77 pixels', hu: tissue.flat(), brightHu: 277.5, darkHu: 38.25, voxelMm3: 0.48, densityMgPerMl: 200 }), // prettier-ignore
    ],
  }
}

/** One case a line. */
export function measureText(): string {
  const { schema, title, cases } = measureVectors()
  const lines = cases.map((one) => ` ${JSON.stringify(one)}`).join(',\n')
  return `{\n "schema":${JSON.stringify(schema)},\n "title":${JSON.stringify(title)},\n "cases":[\n${lines}\n ]\n}\n`
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(new URL('measures.json', import.meta.url), measureText())
}
