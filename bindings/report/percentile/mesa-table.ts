/**
 * Calcium scores at the 25th, 50th, 75th, 90th and 95th percentile of the Multi-Ethnic Study of Atherosclerosis, by race, sex and
 * ten years of age: people free of clinical cardiovascular disease and of treated diabetes. The published values are those of a
 * smooth model in the middle of each bracket. Frozen data.
 */
import { deepFreeze } from '../../score/default.js'
import type { Published } from '../published.js'

export const MESA_RACES = deepFreeze(['white', 'chinese', 'black', 'hispanic'] as const)
export type MesaRace = (typeof MESA_RACES)[number]

export const MESA_AGES = deepFreeze([45, 84] as const)

export const MESA_CUT_PERCENTILES = deepFreeze([25, 50, 75, 90, 95] as const)

/** First and last age of each bracket, and the age its values are for. */
export const MESA_BRACKETS = deepFreeze([
  { from: 45, to: 54, midpoint: 50 },
  { from: 55, to: 64, midpoint: 60 },
  { from: 65, to: 74, midpoint: 70 },
  { from: 75, to: 84, midpoint: 80 },
] as const)

export const MESA_2006: Published = deepFreeze({
  citation:
    'McClelland RL, Chung H, Detrano R, Post W, Kronmal RA. Distribution of coronary artery calcium by race, gender, and age: results from the Multi-Ethnic Study of Atherosclerosis (MESA). Circulation 2006;113:30-37.',
  doi: '10.1161/CIRCULATIONAHA.105.580696',
  edition: 'MESA 2006, ages 45 to 84',
  verification:
    'two unrelated transcriptions agree in all 128 cells they share, the 95th percentile rests on a third; 117 cells compared with the MESA web calculator: mean difference 0.74, largest 2.2 percentile points',
  flag: null,
})

export const MESA_POPULATION =
  '6,110 US adults aged 45 to 84, free of clinical cardiovascular disease and treated diabetes (MESA)'

type Cuts = readonly [p25: number, p50: number, p75: number, p90: number, p95: number]
type BySex = Readonly<Record<'male' | 'female', readonly [Cuts, Cuts, Cuts, Cuts]>>

/** Scores at the cut percentiles, one row for each bracket of age. */
export const MESA_CUTS: Readonly<Record<MesaRace, BySex>> = deepFreeze({
  white: {
    male: [
      [0, 0, 22, 110, 207],
      [0, 28, 155, 452, 743],
      [21, 145, 540, 1345, 2271],
      [103, 385, 1200, 2933, 4619],
    ],
    female: [
      [0, 0, 0, 8, 31],
      [0, 0, 16, 102, 209],
      [0, 13, 119, 391, 674],
      [20, 106, 370, 921, 1535],
    ],
  },
  chinese: {
    male: [
      [0, 0, 14, 89, 184],
      [0, 5, 67, 242, 429],
      [0, 34, 174, 487, 803],
      [11, 81, 305, 769, 1299],
    ],
    female: [
      [0, 0, 0, 12, 44],
      [0, 0, 18, 105, 213],
      [0, 5, 70, 246, 436],
      [0, 32, 146, 398, 656],
    ],
  },
  black: {
    male: [
      [0, 0, 2, 45, 105],
      [0, 0, 40, 173, 318],
      [0, 32, 191, 575, 945],
      [23, 141, 516, 1281, 2176],
    ],
    female: [
      [0, 0, 0, 9, 38],
      [0, 0, 5, 74, 173],
      [0, 0, 77, 310, 561],
      [0, 47, 214, 582, 953],
    ],
  },
  hispanic: {
    male: [
      [0, 0, 9, 88, 195],
      [0, 3, 75, 291, 512],
      [1, 56, 247, 666, 1091],
      [36, 153, 494, 1221, 1943],
    ],
    female: [
      [0, 0, 0, 2, 18],
      [0, 0, 2, 50, 118],
      [0, 1, 51, 203, 361],
      [0, 45, 205, 557, 917],
    ],
  },
})
