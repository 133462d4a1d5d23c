/**
 * Coronary calcium scoring from its definitions, one pixel at a time: the yardstick every faster way is held against.
 * The method is Agatston et al., J Am Coll Cardiol 1990;15:827-32; its rules are the fields of the standard. Written to
 * be read, with the plainest algorithm that is right. It shares no code with the engine, of which it imports nothing
 * but types. `pieces.ts` finds what is connected, `rules.ts` reads the fields of a standard, `volumes.ts` measures
 * volume and mass.
 */
import type { StandardRules } from '../../bindings/score/standard.js'
import { findPieces, lesionsOf } from './pieces.js'
import { hounsfield, sliceFactor, weightOf, weightedPixels } from './rules.js'
import type { Body, Input, Piece, Score, Sums } from './types.js'
import { bodyOf, claimSolid } from './volumes.js'

/** AORTA, AORTIC_VALVE, MITRAL_VALVE and OTHER by their ids in label maps: scored apart, never in the total. */
const NOT_CORONARY: readonly number[] = [7, 8, 9, 10]

/** Score a volume. @throws RangeError where the standard needs a thickness and there is none. */
export function reference(input: Input, standard: StandardRules): Score {
  const { thresholdHu, volumeThresholdHu } = standard

  // 1. Pieces, the lesions they form, and the weight of each.
  const scored = findPieces(input, standard, thresholdHu)
  const { pieces } = scored
  const members = lesionsOf(pieces)
  for (const lesion of members.map((of) => of.map((n) => pieces[n]!))) {
    for (const piece of lesion) piece.weight = weightOf(piece, lesion, input, standard)
  }

  // 2. Where volume and mass have a threshold of their own, they have pieces of their own.
  const [solid, fromHu] =
    volumeThresholdHu === null
      ? [pieces, thresholdHu]
      : [claimSolid(scored, findPieces(input, standard, volumeThresholdHu), input, standard), volumeThresholdHu]

  // 3. Scores: of the whole, of each territory, of each lesion. A lesion's volume is always that of its own pieces.
  const isCoronary = ({ territory }: Piece) => !input.labels || !NOT_CORONARY.includes(territory)
  const sumsOf = (which: (piece: Piece) => boolean) =>
    sums(pieces.filter(which), bodyOf(solid.filter(which), fromHu, input, standard), input, standard)
  const found = new Set([...pieces, ...solid].map((piece) => piece.territory).filter((label) => label !== 0))
  return {
    total: sumsOf(isCoronary),
    territories: Object.fromEntries([...found].map((label) => [label, sumsOf((piece) => piece.territory === label)])),
    pieces,
    lesions: members.map((of) => {
      const lesion = of.map((n) => pieces[n]!)
      return { members: of, ...sums(lesion, bodyOf(lesion, thresholdHu, input, standard), input, standard) }
    }),
  }
}

/** Sums over the counted ones of these pieces. */
function sums(pieces: readonly Piece[], { volumeMm3, massMg }: Body, input: Input, standard: StandardRules): Sums {
  const counted = pieces.filter((piece) => piece.counted)
  const sum = (value: (piece: Piece) => number) => counted.reduce((before, piece) => before + value(piece), 0)
  const pixels = sum((piece) => piece.pixels)
  const weighted = sum((piece) => weightedPixels(piece, standard))
  const areaMm2 = input.pixelSpacingMm[0] * input.pixelSpacingMm[1]
  const meanHu = pixels ? sum((piece) => hounsfield(input, piece.slice, piece.sum, piece.pixels)) / pixels : null
  const peakHu = counted.reduce((high, piece) => Math.max(high, hounsfield(input, piece.slice, piece.peak)), -Infinity)
  return {
    agatston: weighted * areaMm2 * sliceFactor(input, standard),
    volumeMm3,
    massMg,
    areaMm2: pixels * areaMm2,
    meanHu,
    peakHu: pixels ? peakHu : null,
    densityScore: pixels ? weighted / pixels : null,
    pieces: counted.length,
    lesions: new Set(counted.map((piece) => piece.lesion)).size,
    pixels,
  }
}
