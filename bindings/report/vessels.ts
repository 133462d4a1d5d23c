/** The vessels of a result as rows: coronary ones first, what stands apart after them; and those nobody marked. */
import type { Result } from '../score/result.js'
import { CAC_DRS_VESSELS, isCoronary } from '../volume/territory.js'
import { scoreText } from './numbers.js'
import type { VesselRow } from './report.js'

/** Territories in words. A reader's own name stays as it is. */
export const TERRITORY_WORDS: Readonly<Record<string, string>> = Object.freeze({
  LM: 'Left main',
  LAD: 'Left anterior descending',
  LCX: 'Circumflex',
  RCA: 'Right coronary',
  RAMUS: 'Ramus intermedius',
  PDA: 'Posterior descending',
  AORTA: 'Aorta',
  AORTIC_VALVE: 'Aortic valve',
  MITRAL_VALVE: 'Mitral valve',
  OTHER: 'Other',
})

export function vesselRows({ territories }: Result): readonly VesselRow[] {
  const rows = Object.entries(territories).map(([territory, totals]): VesselRow => ({
    territory,
    name: Object.hasOwn(TERRITORY_WORDS, territory) ? TERRITORY_WORDS[territory]! : territory,
    coronary: isCoronary(territory),
    totals,
    score: scoreText(totals.agatston, totals.pieces),
  }))
  return [...rows.filter(({ coronary }) => coronary), ...rows.filter(({ coronary }) => !coronary)]
}

/** Vessels of CAC-DRS that no mask and no click names: their zero says nothing. What was counted into LAD was not left out. */
export function vesselsNotMarked({ scope, territories, modifiers }: Result): readonly string[] {
  if (scope !== 'territories') return []
  const isIntoLad = (name: string): boolean => name === 'LM' && modifiers.includes('lm-into-lad')
  return CAC_DRS_VESSELS.filter((name) => territories[name] === undefined && !isIntoLad(name))
}
