/**
 * Categories as bands of the score: lower edge inclusive, zero apart. Zero is no counted piece at all; a score between 0
 * and 1 lies in the first band above it. Nothing is rounded before it is put in its band.
 */
import type { Categories } from './result.js'

interface Band {
  readonly from: number
  readonly name: string
}

interface BandSystem {
  readonly zero: string
  /** In rising order; the first starts just above 0. */
  readonly bands: readonly Band[]
}

/**
 * classic: the bands of common coronary calcium reports (0, 1-99, 100-399, 400 and above). cacDrs: Hecht HS et al. CAC-DRS:
 * Coronary Artery Calcium Data and Reporting System. J Cardiovasc Comput Tomogr 2018;12:185-191. accAha2026: the tiers of the
 * ACC/AHA 2026 guideline.
 */
export const CATEGORY_SYSTEMS = Object.freeze({
  classic: {
    zero: 'zero',
    bands: [
      { from: 0, name: 'mild' },
      { from: 100, name: 'moderate' },
      { from: 400, name: 'extensive' },
    ],
  },
  cacDrs: {
    zero: 'A0',
    bands: [
      { from: 0, name: 'A1' },
      { from: 100, name: 'A2' },
      { from: 300, name: 'A3' },
    ],
  },
  accAha2026: {
    zero: 'absent',
    bands: [
      { from: 0, name: 'minimal' },
      { from: 10, name: 'mild' },
      { from: 100, name: 'moderate' },
      { from: 300, name: 'severe' },
      { from: 1000, name: 'extensive' },
    ],
  },
} as const satisfies Record<string, BandSystem>)

/** Band of a score. `pieces`: counted pieces, which alone decide zero. */
function bandOf(system: BandSystem, score: number, pieces: number): string {
  if (pieces === 0) return system.zero
  let name = system.bands[0]!.name
  for (const band of system.bands) if (score >= band.from) name = band.name
  return name
}

/**
 * All categories of a coronary score.
 *
 * @param vessels vessels with calcium among LM, LAD, LCX, RCA, or null where no vessels are named (then CAC-DRS has no N)
 */
export function categorize(score: number, pieces: number, vessels: number | null): Categories {
  const a = bandOf(CATEGORY_SYSTEMS.cacDrs, score, pieces)
  return {
    classic: bandOf(CATEGORY_SYSTEMS.classic, score, pieces),
    cacDrs: vessels === null ? a : `${a}/N${vessels}`,
    accAha2026: bandOf(CATEGORY_SYSTEMS.accAha2026, score, pieces),
  }
}
