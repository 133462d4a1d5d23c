/**
 * What each rule of a standard says of one pixel, one piece, one lesion: the plain reading of its fields. Shares no
 * code with the engine.
 */
import type { StandardRules } from '../../bindings/score/standard.js'
import type { Input, Piece } from './types.js'

/** HU of a stored value, or the sum of HU of so many pixels of that stored sum. */
export function hounsfield(input: Input, slice: number, stored: number, pixels = 1): number {
  const { slope, intercept } = input.rescale(slice)
  return slope * stored + intercept * pixels
}

export const reaches = (value: number, edge: number, rule: '>=' | '>') => (rule === '>=' ? value >= edge : value > edge)

/** Whether an HU is calcium from this threshold on: it reaches the threshold, and is not above the upper limit. */
export function isCalcium(hu: number, thresholdHu: number, { thresholdRule, upperHu }: StandardRules): boolean {
  return reaches(hu, thresholdHu, thresholdRule) && hu <= (upperHu ?? Infinity)
}

/** Padding is no picture: stored values, both ends included. */
export function isPadding(input: Input, slice: number, stored: number): boolean {
  const padding = input.padding?.(slice)
  return padding != null && padding.low <= stored && stored <= padding.high
}

/** How many edges of the ladder an HU reaches. */
export function densityClass(hu: number, { ladderHu, ladderRule }: StandardRules): number {
  return ladderHu.filter((edge) => reaches(hu, edge, ladderRule)).length
}

/** Limits of size have a relative tolerance of 1e-9: four pixels of 0.25 mm2 are 1 mm2 on every machine. */
export function isLargeEnough(pixels: number, input: Input, { minimum }: StandardRules): boolean {
  const areaMm2 = input.pixelSpacingMm[0] * input.pixelSpacingMm[1]
  switch (minimum.by) {
    case 'none':
      return true
    case 'pixels':
      return reaches(pixels, minimum.pixels, minimum.rule)
    case 'pixels-of-area': {
      const quotient = minimum.mm2 / areaMm2
      const least = minimum.rounding === 'ceil' ? Math.ceil(quotient * (1 - 1e-9)) : Math.round(quotient)
      return reaches(pixels, least, minimum.rule)
    }
    case 'area':
      return reaches(pixels * areaMm2, minimum.mm2 * (minimum.rule === '>=' ? 1 - 1e-9 : 1 + 1e-9), minimum.rule)
    case 'volume': {
      const volumeMm3 = pixels * areaMm2 * input.incrementMm
      return reaches(volumeMm3, minimum.mm3 * (minimum.rule === '>=' ? 1 - 1e-9 : 1 + 1e-9), minimum.rule)
    }
  }
}

/** Weight of a piece. `lesion` is all pieces of its lesion, itself among them, counted or not. */
export function weightOf(piece: Piece, lesion: readonly Piece[], input: Input, standard: StandardRules): number {
  const { weightFrom, weights } = standard
  const inItsSlice = () => lesion.filter((other) => other.slice === piece.slice)
  switch (weightFrom) {
    case 'piece-peak':
      return weights[classOfPeak([piece], input, standard)]!
    case 'lesion-peak-in-slice':
      return weights[classOfPeak(inItsSlice(), input, standard)]!
    case 'lesion-peak':
      return weights[classOfPeak(lesion, input, standard)]!
    case 'piece-pixels':
      return weights[classOfPixels([piece], standard)]!
    case 'lesion-pixels-in-slice':
      return weights[classOfPixels(inItsSlice(), standard)]!
    case 'pixel':
      return weightedPixels(piece, standard) / piece.pixels
  }
}

/** Class of the highest HU of these pieces. */
function classOfPeak(pieces: readonly Piece[], input: Input, standard: StandardRules): number {
  const peaks = pieces.map((piece) => hounsfield(input, piece.slice, piece.peak))
  return Math.max(...peaks.map((hu) => densityClass(hu, standard)))
}

/** The highest class that enough pixels of these pieces reach, those of higher classes among them. */
function classOfPixels(pieces: readonly Piece[], { weightPixels }: StandardRules): number {
  const reaching = (c: number) =>
    pieces.flatMap((piece) => piece.bins.slice(c)).reduce((sum, pixels) => sum + pixels, 0)
  return [3, 2, 1].find((c) => reaching(c) >= weightPixels) ?? 0
}

/** Sum of the weights of a piece's pixels. */
export function weightedPixels(piece: Piece, { weightFrom, weights }: StandardRules): number {
  if (weightFrom !== 'pixel') return piece.pixels * piece.weight
  return piece.bins.reduce((sum, pixels, c) => sum + pixels * weights[c]!, 0)
}

/** What area x weight is multiplied with. */
export function sliceFactor(input: Input, standard: StandardRules): number {
  switch (standard.sliceFactor) {
    case 'none':
      return 1
    case 'increment/3':
      return input.incrementMm / 3
    case 'thickness/3':
      return thickness(input, standard) / 3
    case 'increment/thickness':
      return Math.min(1, input.incrementMm / thickness(input, standard))
  }
}

/** @throws RangeError where there is none */
export function thickness({ thicknessMm }: Input, { id }: StandardRules): number {
  if (thicknessMm == null) throw new RangeError(`${id} needs thicknessMm`)
  return thicknessMm
}
