/** The editions there are. */
import { ACC_AHA_2018 } from './acc-aha-2018.js'
import { ACC_AHA_2026 } from './acc-aha-2026.js'
import type { EditionId, GuidelineEdition } from './edition.js'

/** The newest first. */
export const GUIDELINE_EDITIONS: readonly GuidelineEdition[] = Object.freeze([ACC_AHA_2026, ACC_AHA_2018])

/** @throws RangeError where there is no such edition */
export function editionOf(id: EditionId): GuidelineEdition {
  const found = GUIDELINE_EDITIONS.find((edition) => edition.id === id)
  if (!found) {
    const known = GUIDELINE_EDITIONS.map((edition) => edition.id).join(', ')
    throw new RangeError(`There is no edition '${String(id)}' of the guideline; there are ${known}`)
  }
  return found
}
