/**
 * Volume and mass of pieces, by each of the three volume rules. The isotropic one follows van Praagh et al., Med Phys
 * 2021, doi:10.1002/mp.14912, where slices are interpolated to voxels as high as rows are apart. Shares no code with
 * the engine.
 */
import type { StandardRules } from '../../bindings/score/standard.js'
import type { Found } from './pieces.js'
import { hounsfield, isCalcium, isLargeEnough, isPadding, thickness } from './rules.js'
import type { Body, Input, Piece } from './types.js'

/**
 * The pieces that volume is measured from, where it has a threshold of its own. Under the rule `whole` lesions are
 * claimed by what is scored: each of these pieces goes with the first scored one it shares a pixel with, and one that
 * shares none belongs to nobody.
 */
export function claimSolid(scored: Found, solid: Found, input: Input, standard: StandardRules): Piece[] {
  if (!input.labels || input.regionRule !== 'whole') return solid.pieces
  for (const [n, piece] of solid.pieces.entries()) {
    const shared = scored.pieceOf.filter((of, i) => of >= 0 && solid.pieceOf[i] === n)
    piece.territory = shared.length > 0 ? scored.pieces[Math.min(...shared)]!.territory : 0
    piece.counted = piece.territory !== 0 && isLargeEnough(piece.pixels, input, standard)
  }
  return solid.pieces
}

/**
 * Volume of the counted ones of these pieces, and mass = factor x mean HU x volume.
 *
 * @param thresholdHu the HU the pieces were found from
 */
export function bodyOf(pieces: readonly Piece[], thresholdHu: number, input: Input, standard: StandardRules): Body {
  const parts = standard.volume === 'isotropic' ? partsOf(pieces) : [pieces]
  let [volumeMm3, massMg] = [0, 0]
  for (const part of parts) {
    const counted = part.filter((piece) => piece.counted)
    const pixels = counted.reduce((sum, piece) => sum + piece.pixels, 0)
    if (pixels === 0) continue
    const sumHu = counted.reduce(
      (sum, { slice, sum: stored, pixels: n }) => sum + hounsfield(input, slice, stored, n),
      0,
    )
    const partMm3 =
      standard.volume === 'isotropic'
        ? interpolatedMm3(part, thresholdHu, input, standard)
        : pixels * (input.pixelSpacingMm[0] * input.pixelSpacingMm[1]) * voxelHeight(input, standard)
    volumeMm3 += partMm3
    massMg += (input.massFactor ?? 0) * (sumHu / pixels) * partMm3
  }
  return { volumeMm3, massMg: input.massFactor == null ? null : massMg }
}

function voxelHeight(input: Input, standard: StandardRules): number {
  return standard.volume === 'area-x-thickness' ? thickness(input, standard) : input.incrementMm
}

/** The pieces of each lesion; where it lies in several territories, those of each. */
function partsOf(pieces: readonly Piece[]): Piece[][] {
  const parts = new Map<string, Piece[]>()
  for (const piece of pieces) {
    const key = `${piece.lesion} in ${piece.territory}`
    if (!parts.has(key)) parts.set(key, [])
    parts.get(key)!.push(piece)
  }
  return [...parts.values()]
}

/**
 * Planes one row spacing apart, from the first slice's centre to the last's. Of each plane that lies in the box of the
 * part, grown by one slice, every pixel in the box that is calcium by its interpolated HU.
 */
function interpolatedMm3(part: readonly Piece[], thresholdHu: number, input: Input, standard: StandardRules): number {
  const { pixels, rows, columns, slices, labels, regionRule, incrementMm } = input
  const [rowMm, columnMm] = input.pixelSpacingMm
  const clip = regionRule === 'whole' ? undefined : labels
  const least = (value: (piece: Piece) => number) => Math.min(...part.map(value))
  const most = (value: (piece: Piece) => number) => Math.max(...part.map(value))
  const [top, left] = [least((piece) => piece.box[0]), least((piece) => piece.box[1])]
  const [bottom, right] = [most((piece) => piece.box[2]), most((piece) => piece.box[3])]
  const first = Math.max(least((piece) => piece.slice) - 1, 0)
  const last = Math.min(most((piece) => piece.slice) + 1, slices - 1)

  // HU at a slice's centre. None where there is no picture, or another territory: nothing is interpolated with it.
  const huAt = (slice: number, row: number, column: number): number | null => {
    const i = (slice * rows + row) * columns + column
    if (isPadding(input, slice, pixels[i]!) || (clip && clip[i] !== part[0]!.territory)) return null
    return hounsfield(input, slice, pixels[i]!)
  }

  let voxels = 0
  for (let i = 0; ; i++) {
    // Where the plane lies, in slices. Within 1e-9 of a slice's centre it is that slice.
    const exact = (i * rowMm) / incrementMm
    const nearest = Math.round(exact)
    const place = Math.abs(exact - nearest) <= 1e-9 * nearest ? nearest : exact
    if (place < first) continue
    if (place > last) break
    const below = Math.floor(place)
    const t = place - below
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const a = huAt(below, row, column)
        const b = t === 0 ? a : huAt(below + 1, row, column)
        if (a === null || b === null) continue
        if (isCalcium(a + (b - a) * t, thresholdHu, standard)) voxels++
      }
    }
  }
  return voxels * (rowMm * columnMm) * rowMm
}
