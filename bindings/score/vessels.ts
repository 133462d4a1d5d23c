/** Sums by name of vessel: what is asked of them beside their totals. */
import { CAC_DRS_VESSELS, cacDrsVessel, isCoronary } from '../volume/territory.js'
import type { Sum } from './tally.js'

/** Sum of each named territory, by name. */
export type ByName = ReadonlyMap<string, Sum>

/**
 * Diffusivity index: 1 - score of the most affected vessel / total, with LM counted into LAD, RAMUS into LCX and PDA into
 * RCA; a reader's own names are vessels of their own. Null at zero.
 */
export function diffusivity(byName: ByName): number | null {
  const vessels = new Map<string, number>()
  let total = 0
  for (const [name, sum] of byName) {
    if (!isCoronary(name)) continue
    const vessel = name === 'LM' ? 'LAD' : cacDrsVessel(name)
    vessels.set(vessel, (vessels.get(vessel) ?? 0) + sum.weighted)
    total += sum.weighted
  }
  return total === 0 ? null : 1 - Math.max(...vessels.values()) / total
}

/** Number of LM, LAD, LCX, RCA with a counted piece (CAC-DRS "N"); null where the map names none of them. */
export function vesselsWithCalcium(byName: ByName): number | null {
  if (![...byName.keys()].some((name) => (CAC_DRS_VESSELS as readonly string[]).includes(cacDrsVessel(name))))
    return null
  const found = new Set<string>()
  for (const [name, sum] of byName) if (sum.pieces > 0) found.add(cacDrsVessel(name))
  return CAC_DRS_VESSELS.filter((vessel) => found.has(vessel)).length
}
