/** Counted calcium by territory, as segments: which there are, what each is called, and how it is tracked from object to object. */
import type { Piece, Result } from '../../score/result.js'
import { isCoronary } from '../../volume/territory.js'
import { type Code, CORONARY_ARTERY, siteOf } from './codes.js'
import { seedOf, trackingUid } from './object.js'

export interface Segment {
  /** SegmentNumber, from 1. */
  readonly number: number
  /** Null: lesions of a scope that names no vessel. */
  readonly territory: string | null
  readonly label: string
  readonly site: Code | null
  readonly trackingId: string
  readonly trackingUid: string
  /** Display colour as CIELab of PS3.3 C.10.7.1.1: those of the report's pictures (Okabe and Ito 2008). */
  readonly lab: readonly [number, number, number]
}

/** From sRGB #cc79a7, #e69f00, #56b4e9, #009e73, #f0e442, #d55e00, #b8bec6 by way of D50. */
const COLOURS: Readonly<Record<string, Segment['lab']>> = Object.freeze({
  LM: [40112, 42581, 30302],
  LAD: [46653, 38053, 52082],
  LCX: [45400, 28579, 23766],
  RCA: [37753, 21404, 36035],
  RAMUS: [58687, 30716, 52165],
  PDA: [35976, 44539, 49401],
})
const OTHER_COLOUR: Segment['lab'] = [50252, 32640, 31661]

/** Label of lesions in no named vessel. */
const UNNAMED = 'Coronary artery calcification'

/** Tracking identifier of a territory's calcium, in the segmentation and in the structured report. */
export const trackingIdOf = (territory: string | null): string =>
  territory === null ? UNNAMED : `${territory} calcium`

/** Segments of a result that have counted pixels: coronary vessels first. */
export function segmentsOf(result: Result): readonly Segment[] {
  const seed = seedOf(result)
  const met = new Set<string | null>()
  for (const { pieces } of result.lesions) for (const piece of pieces) if (piece.counted) met.add(piece.territory)
  const order = [...Object.keys(result.territories), null]
  const ranked = [...met].sort((a, b) => rank(a) - rank(b) || order.indexOf(a) - order.indexOf(b))
  return ranked.map((territory, n) => ({
    number: n + 1,
    territory,
    label: territory ?? UNNAMED,
    site: territory === null ? CORONARY_ARTERY : siteOf(territory),
    trackingId: trackingIdOf(territory),
    trackingUid: trackingUid(seed, trackingIdOf(territory)),
    lab: (territory === null ? undefined : COLOURS[territory]) ?? OTHER_COLOUR,
  }))
}

const rank = (territory: string | null): number => (territory === null ? 1 : isCoronary(territory) ? 0 : 2)

/** Pieces in the order of the result, as `LesionPixels` numbers them. */
export const piecesOf = ({ lesions }: Result): readonly Piece[] => lesions.flatMap(({ pieces }) => pieces)
