/**
 * Density ladders for tube voltages other than 120 kVp: at a lower voltage the same calcium is brighter. Gräni et al., Ultra-low-dose
 * coronary artery calcium scoring using novel scoring thresholds for low tube voltage protocols, Eur Heart J Cardiovasc Imaging
 * 2018, doi:10.1093/ehjci/jey019; one transcription. The published numbers are upper bounds of the classes, so an edge
 * is bound + 1. A score by them is non-standard: no percentile was made with it.
 */
import { AgatstonError } from '../../base/errors.js'
import { deepFreeze } from '../default.js'
import type { Standard } from '../standard.js'
import { hashOf } from './custom.js'

interface VoltageLadder {
  readonly kvp: number
  readonly thresholdHu: number
  readonly upperBoundsHu: readonly [number, number, number]
}

export const KVP_LADDERS: readonly VoltageLadder[] = deepFreeze([
  { kvp: 70, thresholdHu: 207, upperBoundsHu: [318, 477, 636] },
  { kvp: 80, thresholdHu: 177, upperBoundsHu: [271, 408, 544] },
  { kvp: 100, thresholdHu: 145, upperBoundsHu: [222, 334, 446] },
  { kvp: 120, thresholdHu: 130, upperBoundsHu: [199, 299, 399] },
  { kvp: 135, thresholdHu: 119, upperBoundsHu: [183, 274, 364] },
])

/** Scanners write 119.9 for 120. */
const SAME_KVP = 0.5

/** @throws RangeError for a standard that does not begin at 130 HU, or has edges of its own beside the ladder */
export function checkAdaptable(standard: Standard): void {
  const { thresholdHu, thresholdRule, ladderHu, ladderRule, upperHu, volumeThresholdHu } = standard
  const isAt130 =
    thresholdHu === 130 && thresholdRule === '>=' && ladderRule === '>=' && String(ladderHu) === '200,300,400'
  if (isAt130 && upperHu === null && volumeThresholdHu === null) return
  throw new RangeError(
    `kvpAdapted: ladders of other tube voltages are defined for 130, 200, 300, 400 HU, not for '${standard.id}'`,
  )
}

/**
 * The standard with the ladder of a tube voltage; its id says so.
 *
 * @throws AgatstonError `KVP_UNSUPPORTED` for a voltage without a ladder, a filtered or virtual beam, or none recorded; RangeError
 *   for a standard that does not begin at 130 HU
 */
export function adaptToVoltage(standard: Standard, kvp: number | null, isSpectral: boolean): Standard {
  checkAdaptable(standard)
  const known = KVP_LADDERS.map((ladder) => ladder.kvp)
  if (isSpectral) refuse('of a tin filter or a virtual energy', { kvp, spectral: true })
  if (kvp === null) refuse('where none is recorded', { kvp })
  const ladder = KVP_LADDERS.find((one) => Math.abs(one.kvp - kvp!) <= SAME_KVP)
  if (!ladder) refuse(`of ${kvp} kVp`, { kvp, known })
  const adapted = {
    ...standard,
    id: `${standard.id}.kvp${ladder!.kvp}`,
    title: `${standard.title}; ladder of ${ladder!.kvp} kVp, non-standard`,
    citation: `${standard.citation}; Graeni 2018, doi:10.1093/ehjci/jey019`,
    thresholdHu: ladder!.thresholdHu,
    ladderHu: ladder!.upperBoundsHu.map((bound) => bound + 1) as [number, number, number],
  }
  // Rules of one's own stay stamped with the hash of the rules that scored.
  return deepFreeze(standard.sha256 === null ? adapted : { ...adapted, sha256: hashOf(adapted) })

  function refuse(what: string, details: Record<string, unknown>): never {
    throw new AgatstonError(
      'KVP_UNSUPPORTED',
      `There is no ladder ${what}: they are published for ${known.join(', ')} kVp, and nothing is interpolated`,
      details,
    )
  }
}
