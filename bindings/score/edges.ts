/** A standard's ladder as the kernel's side wants it. */
import type { Edges } from '../engine/ladder.js'
import type { StandardRules } from './standard.js'

/** The ladder of a standard, in HU. */
export function edgesOf(standard: StandardRules): Edges {
  return {
    hu: [standard.thresholdHu, ...standard.ladderHu],
    thresholdRule: standard.thresholdRule,
    ladderRule: standard.ladderRule,
    upperHu: standard.upperHu,
  }
}
