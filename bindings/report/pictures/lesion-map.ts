/** What the pictures need to know of the pieces of a result: which count, which lesion and which vessel each is of. */
import type { Lesion, Piece, Result } from '../../score/result.js'
import { isCoronary } from '../../volume/territory.js'
import { type VesselStyle, bytesOf, LIGHT, styleOf } from './palette.js'
import type { Colour } from './canvas.js'

/** Territories in the order in which people read them: left main first, then as named, what is no coronary artery last. */
const ORDER: readonly string[] = ['LM', 'LAD', 'LCX', 'RCA', 'RAMUS', 'PDA']

export function inReadingOrder<T extends string | null>(territories: readonly T[]): readonly T[] {
  const rank = (territory: T): number => {
    if (territory === null) return ORDER.length + 2
    const at = ORDER.indexOf(territory)
    return at >= 0 ? at : isCoronary(territory) ? ORDER.length : ORDER.length + 1
  }
  return [...territories].sort(
    (a, b) => rank(a) - rank(b) || (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0),
  )
}

/** The piece a key image shows: of a territory, in its largest lesion, where there is most of it. */
export interface KeyPiece {
  readonly territory: string | null
  readonly lesion: Lesion
  /** Number of the lesion among those of the result, from 0. */
  readonly index: number
  readonly piece: Piece
}

const weighted = ({ areaMm2, weight }: Piece): number => areaMm2 * weight

/** One for each territory that has calcium which counts. */
export function keyPieces({ lesions }: Result): readonly KeyPiece[] {
  const best = new Map<string | null, { readonly sum: number; readonly index: number }>()
  for (const [index, lesion] of lesions.entries()) {
    const sums = new Map<string | null, number>()
    for (const piece of lesion.pieces) {
      if (piece.counted) sums.set(piece.territory, (sums.get(piece.territory) ?? 0) + weighted(piece))
    }
    for (const [territory, sum] of sums) {
      if (sum > (best.get(territory)?.sum ?? -Infinity)) best.set(territory, { sum, index })
    }
  }
  return inReadingOrder([...best.keys()]).map((territory) => {
    const { index } = best.get(territory)!
    const lesion = lesions[index]!
    const members = lesion.pieces.filter((piece) => piece.counted && piece.territory === territory)
    const piece = members.reduce((most, one) => (weighted(one) > weighted(most) ? one : most))
    return { territory, lesion, index, piece }
  })
}

/** A territory in the words of a picture. */
export const nameOf = (territory: string | null): string => territory ?? 'Calcification'

export const colourOf = ({ ink }: VesselStyle): Colour => bytesOf(LIGHT[ink])

export const vesselColour = (territory: string | null): Colour => colourOf(styleOf(territory))
