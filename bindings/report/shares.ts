/**
 * What of each lesion belongs to the number above the table: a lesion may reach from a coronary artery into the aorta, and then only a
 * part of it is in the coronary total.
 */
import type { Lesion, Piece, Result } from '../score/result.js'
import { isCoronary } from '../volume/territory.js'
import { plain } from './numbers.js'

/** A lesion, or that part of it which lies in the coronary arteries, or outside them. */
export interface Share extends Omit<Lesion, 'volumeMm3'> {
  readonly isPart: boolean
  /** Null: of a part, where volume is not that of its pixels. */
  readonly volumeMm3: number | null
}

export type WithPieces = Pick<Lesion, 'pieces'>

export const countedPieces = (lesion: WithPieces): readonly Piece[] => lesion.pieces.filter((piece) => piece.counted)

export const sumOf = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0)

export const areaOf = (lesion: WithPieces): number => sumOf(countedPieces(lesion), (piece) => piece.areaMm2)

/** Lesions of the headline number, and those that stand apart. */
export function sharesByTotal(result: Result): { readonly main: readonly Share[]; readonly apart: readonly Share[] } {
  const inTotal = ({ territory }: Piece): boolean => result.scope !== 'territories' || isCoronary(territory ?? '')
  return { main: sharesOf(result, inTotal), apart: sharesOf(result, (piece) => !inTotal(piece)) }
}

/** Of each lesion the share whose pieces are asked for, where one of them counts; a lesion that is all of that kind as it is. */
function sharesOf(result: Result, isIn: (piece: Piece) => boolean): readonly Share[] {
  return result.lesions.flatMap((lesion): Share[] => {
    const pieces = lesion.pieces.filter(isIn)
    if (!pieces.some(({ counted }) => counted)) return []
    return [pieces.length === lesion.pieces.length ? { ...lesion, isPart: false } : shareOf(lesion, pieces, result)]
  })
}

/**
 * A part of a lesion: its score and means over its own counted pieces, by the factor the lesion's score was formed with; its volume
 * by its share of the lesion's area, and its mass by its share of the lesion's HU, where volume is that of pixels.
 */
function shareOf(lesion: Lesion, pieces: readonly Piece[], { standard }: Result): Share {
  const isOfPixels = standard.volume !== 'isotropic' && standard.volumeThresholdHu === null
  const counted = pieces.filter((piece) => piece.counted)
  const all = lesion.pieces.filter((piece) => piece.counted)
  const weighted = ({ areaMm2, weight }: Piece): number => areaMm2 * weight
  const area = ({ areaMm2 }: Piece): number => areaMm2
  const hu = ({ meanHu, pixels }: Piece): number => meanHu * pixels
  const slices = pieces.map(({ slice }) => slice)
  return {
    ...lesion,
    isPart: true,
    pieces,
    territories: [...new Set(pieces.map(({ territory }) => territory ?? ''))],
    agatston: sumOf(counted, weighted) * (lesion.agatston / sumOf(all, weighted)),
    volumeMm3: isOfPixels ? sumOf(counted, area) * (lesion.volumeMm3 / sumOf(all, area)) : null,
    massMg: isOfPixels && lesion.massMg !== null ? sumOf(counted, hu) * (lesion.massMg / sumOf(all, hu)) : null,
    peakHu: counted.reduce((most, { peakHu }) => Math.max(most, peakHu), -Infinity),
    meanHu: sumOf(counted, hu) / sumOf(counted, ({ pixels }) => pixels),
    slices: [slices.reduce((a, b) => Math.min(a, b)), slices.reduce((a, b) => Math.max(a, b))],
  }
}

/** Highest score first. */
export const byScore = (shares: readonly Share[]): readonly Share[] =>
  [...shares].sort((a, b) => b.agatston - a.agatston || a.id - b.id)

export const spanText = ([first, last]: Lesion['slices']): string =>
  first === last ? String(first) : `${first}–${last}`

export function sumOrNull(lesions: readonly Share[], of: (lesion: Share) => number | null): number | null {
  return lesions.some((lesion) => of(lesion) === null) ? null : sumOf(lesions, (lesion) => of(lesion)!)
}

/** The weight of its slices: one, or from the lowest to the highest. */
export function weightsText(lesion: WithPieces): string {
  const weights = countedPieces(lesion).map(({ weight }) => weight)
  const low = weights.reduce((a, b) => Math.min(a, b), Infinity)
  const high = weights.reduce((a, b) => Math.max(a, b), -Infinity)
  return low === high ? plain(low) : `${plain(low)}–${plain(high)}`
}

/** Pieces too small to count, left out by no reader. */
export const smallPieces = ({ lesions }: Result): number =>
  sumOf(lesions, ({ pieces }) => pieces.filter((one) => !one.counted && one.excluded === null).length)
