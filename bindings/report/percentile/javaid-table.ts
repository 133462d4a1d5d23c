/**
 * Calcium scores at the 75th, 90th, 95th and 97.5th percentile of Black and White Americans aged 30 to 45, by single year. Frozen
 * data from one transcription: flagged wherever a value stands.
 */
import { deepFreeze } from '../../score/default.js'
import type { Sex } from '../facts.js'
import { type Published, SINGLE_TRANSCRIPTION } from '../published.js'

export const JAVAID_AGES = deepFreeze([30, 45] as const)
export const JAVAID_RACES = deepFreeze(['white', 'black'] as const)
export type JavaidRace = (typeof JAVAID_RACES)[number]

export const JAVAID_CUT_PERCENTILES = deepFreeze([75, 90, 95, 97.5] as const)

export const JAVAID_2022: Published = deepFreeze({
  citation:
    'Javaid A et al. Coronary artery calcium percentiles of adults aged 30 to 45 (CARDIA, CAC Consortium, Walter Reed), 2022.',
  doi: null,
  edition: 'Javaid 2022, ages 30 to 45',
  verification: 'one transcription; it agrees with four statements of the published abstract',
  flag: SINGLE_TRANSCRIPTION,
})

export const JAVAID_POPULATION =
  '19,725 Black and White US adults without symptoms aged 30 to 45 (CARDIA, CAC Consortium, Walter Reed; cohorts weighted equally)'

type Cuts = readonly [p75: number, p90: number, p95: number, p975: number]

/** Scores at the cut percentiles, one row for each year from 30 to 45. */
export const JAVAID_CUTS: Readonly<Record<Sex, Readonly<Record<JavaidRace, readonly Cuts[]>>>> = deepFreeze({
  male: {
    white: [
      [0, 0, 0, 2],
      [0, 0, 1, 9],
      [0, 0, 4, 18],
      [0, 0, 9, 29],
      [0, 1, 15, 40],
      [0, 3, 21, 55],
      [0, 5, 29, 68],
      [0, 8, 35, 80],
      [0, 11, 41, 96],
      [0, 15, 47, 100],
      [0, 18, 53, 111],
      [0, 21, 59, 125],
      [0, 26, 72, 146],
      [1, 32, 83, 166],
      [3, 43, 105, 190],
      [5, 55, 131, 249],
    ],
    black: [
      [0, 0, 0, 5],
      [0, 0, 0, 9],
      [0, 0, 1, 5],
      [0, 0, 2, 8],
      [0, 0, 3, 12],
      [0, 0, 4, 16],
      [0, 0, 6, 24],
      [0, 1, 10, 35],
      [0, 2, 14, 42],
      [0, 3, 17, 47],
      [0, 5, 26, 64],
      [0, 7, 33, 82],
      [0, 9, 42, 96],
      [0, 12, 54, 119],
      [0, 22, 85, 175],
      [0, 36, 138, 277],
    ],
  },
  female: {
    white: [
      [0, 0, 0, 4],
      [0, 0, 0, 5],
      [0, 0, 0, 7],
      [0, 0, 0, 7],
      [0, 0, 1, 8],
      [0, 0, 1, 10],
      [0, 0, 2, 10],
      [0, 0, 2, 11],
      [0, 0, 2, 12],
      [0, 0, 3, 15],
      [0, 0, 4, 21],
      [0, 0, 5, 27],
      [0, 0, 8, 37],
      [0, 0, 10, 47],
      [0, 0, 12, 64],
      [0, 0, 12, 76],
    ],
    black: [
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 1],
      [0, 0, 0, 2],
      [0, 0, 0, 3],
      [0, 0, 1, 7],
      [0, 0, 1, 10],
      [0, 0, 2, 16],
      [0, 0, 5, 23],
      [0, 0, 8, 30],
      [0, 0, 9, 36],
      [0, 0, 11, 41],
      [0, 0, 13, 40],
      [0, 0, 12, 37],
    ],
  },
})
