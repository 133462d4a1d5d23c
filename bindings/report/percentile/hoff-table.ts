/**
 * Calcium scores at the 25th, 50th, 75th and 90th percentile of Americans who had themselves scanned, by sex and age, not by race.
 * Frozen data from one transcription: flagged wherever a value stands.
 */
import { deepFreeze } from '../../score/default.js'
import type { Sex } from '../facts.js'
import { type Published, SINGLE_TRANSCRIPTION } from '../published.js'

export const HOFF_AGES = deepFreeze([30, 90] as const)

export const HOFF_CUT_PERCENTILES = deepFreeze([25, 50, 75, 90] as const)

export const HOFF_2001: Published = deepFreeze({
  citation:
    'Hoff JA, Chomka EV, Krainik AJ, Daviglus M, Rich S, Kondos GT. Age and gender distributions of coronary artery calcium detected by electron beam tomography in 35,246 adults. Am J Cardiol 2001;87:1335-1339.',
  doi: '10.1016/S0002-9149(01)01548-X',
  edition: 'Hoff 2001, ages 30 to 90',
  verification: "one transcription; the paper's own table was not seen",
  flag: SINGLE_TRANSCRIPTION,
})

export const HOFF_POPULATION =
  '35,246 US adults without symptoms who referred themselves, aged 30 to 90, electron beam CT 1993 to 1999, not by race'

/** First and last age of each row; the last row of the table is "above 74". */
export const HOFF_BRACKETS = deepFreeze([
  { from: 30, to: 39 },
  { from: 40, to: 44 },
  { from: 45, to: 49 },
  { from: 50, to: 54 },
  { from: 55, to: 59 },
  { from: 60, to: 64 },
  { from: 65, to: 69 },
  { from: 70, to: 74 },
  { from: 75, to: 90 },
] as const)

type Cuts = readonly [p25: number, p50: number, p75: number, p90: number]

export const HOFF_CUTS: Readonly<Record<Sex, readonly Cuts[]>> = deepFreeze({
  male: [
    [0, 1, 3, 14],
    [0, 1, 9, 59],
    [0, 3, 36, 154],
    [1, 15, 103, 332],
    [4, 48, 215, 554],
    [13, 113, 410, 994],
    [32, 180, 566, 1299],
    [64, 310, 892, 1774],
    [166, 473, 1071, 1982],
  ],
  female: [
    [0, 0, 1, 3],
    [0, 0, 1, 4],
    [0, 0, 2, 22],
    [0, 0, 5, 55],
    [0, 1, 23, 121],
    [0, 3, 57, 193],
    [1, 24, 145, 410],
    [3, 52, 210, 631],
    [9, 75, 241, 709],
  ],
})
