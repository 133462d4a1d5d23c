/**
 * A continuous estimate of the MESA percentile: own least-squares fit to the published cut-points. A share of people has no
 * calcium, and in the others the logarithm of the score is about normal, with a mean that grows with age. An estimate, and labelled
 * so wherever it stands; the published cut-points stay beside it.
 */
import { deepFreeze } from '../../score/default.js'
import { normalCdf } from '../../measures/normal.js'
import type { Sex } from '../facts.js'
import { twelve } from '../math.js'
import type { Published } from '../published.js'
import { MESA_CUT_PERCENTILES, type MesaRace } from './mesa-table.js'

export const MESA_ESTIMATE: Published = deepFreeze({
  citation:
    'Own fit to the cut-points of McClelland RL et al., Circulation 2006;113:30-37, with the share of people with calcium at nine ages as the MESA web calculator gives it.',
  doi: '10.1161/CIRCULATIONAHA.105.580696',
  edition: 'own fit to MESA 2006',
  verification:
    'compared with 720 values of the MESA web calculator: mean absolute error 0.57 percentile points, 95 % within 2, largest 4 (3 for ages 50 to 80)',
  flag: 'estimate',
})

/** Ages at which the share of people with calcium is known. */
const KNOTS = deepFreeze([45, 50, 55, 60, 65, 70, 75, 80, 84])

interface Fit {
  /** Mean of ln(score) among people with calcium: m0 + m1 z + m2 z2, z = (age - 65) / 10. */
  readonly mu: readonly [m0: number, m1: number, m2: number]
  readonly sigma: number
  /** Percent of people with calcium at each knot. */
  readonly nonzero: readonly number[]
}

const FITS: Readonly<Record<MesaRace, Readonly<Record<Sex, Fit>>>> = deepFreeze({
  white: {
    male: { mu: [4.92727, 0.84637, -0.08766], sigma: 1.64137, nonzero: [25, 41, 56, 68, 77, 83, 90, 96, 99] },
    female: { mu: [4.03006, 0.77142, -0.11425], sigma: 1.65856, nonzero: [7, 16, 26, 36, 47, 59, 73, 87, 98] },
  },
  chinese: {
    male: { mu: [4.2468, 0.44404, -0.039], sigma: 1.63229, nonzero: [28, 36, 45, 54, 64, 71, 77, 82, 86] },
    female: { mu: [3.84357, 0.40316, -0.0962], sigma: 1.62788, nonzero: [4, 16, 27, 37, 46, 55, 64, 74, 81] },
  },
  black: {
    male: { mu: [4.28464, 0.74663, -0.03851], sigma: 1.64223, nonzero: [19, 28, 37, 46, 56, 66, 75, 84, 92] },
    female: { mu: [4.09966, 0.59336, -0.16315], sigma: 1.60929, nonzero: [8, 15, 21, 28, 37, 49, 62, 74, 85] },
  },
  hispanic: {
    male: { mu: [4.50926, 0.4911, -0.0379], sigma: 1.62685, nonzero: [23, 31, 38, 51, 64, 75, 84, 92, 99] },
    female: { mu: [3.6234, 0.60373, 0.02089], sigma: 1.61011, nonzero: [4, 11, 19, 27, 38, 50, 62, 74, 83] },
  },
})

export interface MesaGroup {
  /** 45 to 84. */
  readonly ageYears: number
  readonly sex: Sex
  readonly race: MesaRace
}

/** Percent of a group whose score is above zero, linear between the knots. */
export function nonzeroPercent({ ageYears, sex, race }: MesaGroup): number {
  const { nonzero } = FITS[race][sex]
  const right = Math.max(
    1,
    KNOTS.findIndex((age) => age >= ageYears),
  )
  const [a, b] = [KNOTS[right - 1]!, KNOTS[right]!]
  const share = (ageYears - a) / (b - a)
  return twelve(nonzero[right - 1]! + share * (nonzero[right]! - nonzero[right - 1]!))
}

/** Percent of a group with a lower score, 0 to 99: an estimate, to the nearest whole number. Zero for no calcium. */
export function estimatePercentile(group: MesaGroup, score: number): number {
  if (score === 0) return 0
  const share = nonzeroPercent(group) / 100
  const { mu, sigma } = logNormal(group)
  const percent = twelve(100 * (1 - share + share * normalCdf((Math.log(score) - mu) / sigma)))
  return Math.min(99, Math.max(0, Math.round(percent)))
}

/** Score at a percentile of a group, the estimate turned around; 0 where that many have no calcium. */
export function estimateScore(group: MesaGroup, percentile: (typeof MESA_CUT_PERCENTILES)[number]): number {
  const share = nonzeroPercent(group) / 100
  const within = (percentile / 100 - (1 - share)) / share
  if (within <= 0) return 0
  const { mu, sigma } = logNormal(group)
  return twelve(Math.exp(mu + sigma * normalQuantile(within)))
}

function logNormal({ ageYears, sex, race }: MesaGroup): { readonly mu: number; readonly sigma: number } {
  const { mu, sigma } = FITS[race][sex]
  const z = (ageYears - 65) / 10
  return { mu: mu[0] + mu[1] * z + mu[2] * z * z, sigma }
}

/** Where the normal distribution reaches `p`, 0 < p < 1, by halving: -9 to 9 in 60 steps leaves 2e-17. */
function normalQuantile(p: number): number {
  let [low, high] = [-9, 9]
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (normalCdf(middle) < p) low = middle
    else high = middle
  }
  return (low + high) / 2
}
