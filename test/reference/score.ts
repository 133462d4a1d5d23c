/**
 * Coronary calcium scoring from its definitions, one pixel at a time: the yardstick every faster way is held against.
 * The method is Agatston et al., J Am Coll Cardiol 1990;15:827-32; its rules are the fields of the standard. Written to
 * be read, with the plainest algorithm that is right. It shares no code with the engine and imports nothing but types.
 */
import type { Standard } from '../../bindings/score/standard.js'
import type { Input, Piece, Score, Sums } from './types.js'

const NOT_CALCIFIED = -1
const NOT_YET_VISITED = -2

type Triple = readonly [slice: number, row: number, column: number]
/** Steps to the neighbours of a pixel. */
const SIDES: readonly Triple[] = [[0, -1, 0], [0, 0, -1], [0, 0, 1], [0, 1, 0]] // prettier-ignore
const CORNERS: readonly Triple[] = [[0, -1, -1], [0, -1, 1], [0, 1, -1], [0, 1, 1]] // prettier-ignore
const ABOVE_AND_BELOW: readonly Triple[] = [[-1, 0, 0], [1, 0, 0]] // prettier-ignore

/** Score a volume. @throws RangeError where the standard needs a thickness and there is none. */
export function reference(input: Input, standard: Standard): Score {
  const { pixels, rows, columns, slices, labels } = input
  const placeOf = (i: number): Triple => [Math.floor(i / (rows * columns)), Math.floor(i / columns) % rows, i % columns]

  // 1. Which pixels are calcified: compared as HU, in float64. Padding is no picture, and label 0 is outside.
  const calcified = Array.from({ length: rows * columns * slices }, (_, i) => {
    const [[slice], stored] = [placeOf(i), pixels[i]!]
    const [hu, padding] = [hounsfield(input, slice, stored), input.padding?.(slice)]
    if (padding && padding.low <= stored && stored <= padding.high) return false
    if (labels?.[i] === 0) return false
    return reaches(hu, standard.thresholdHu, standard.thresholdRule) && hu <= (standard.upperHu ?? Infinity)
  })

  // 2. What is connected: flood fill. Components are numbered in order of their first pixel.
  const components = (steps: readonly Triple[], joins: (from: number, to: number) => boolean) => {
    const component: number[] = calcified.map((yes) => (yes ? NOT_YET_VISITED : NOT_CALCIFIED))
    for (let first = 0, number = 0; first < component.length; first++) {
      if (component[first] !== NOT_YET_VISITED) continue
      const stack = [first]
      component[first] = number
      while (stack.length > 0) {
        const from = stack.pop()!
        const [slice, row, column] = placeOf(from)
        for (const step of steps) {
          const [k, r, c] = [slice + step[0], row + step[1], column + step[2]]
          if (k < 0 || k >= slices || r < 0 || r >= rows || c < 0 || c >= columns) continue
          const to = (k * rows + r) * columns + c
          if (component[to] !== NOT_YET_VISITED || !joins(from, to)) continue
          component[to] = number
          stack.push(to)
        }
      }
      number++
    }
    return component
  }
  // A piece: calcified pixels of one territory that are connected in their slice.
  const neighbours = standard.connectivity === 8 ? [...SIDES, ...CORNERS] : SIDES
  const pieceOf = components(neighbours, (from, to) => labels?.[from] === labels?.[to])
  // A lesion: pieces over each other in neighbouring slices, or touching in one slice across the border of territories.
  const lesionOf = components([...neighbours, ...ABOVE_AND_BELOW], () => true)

  // 3. What each piece measures, added up in order of pixels.
  const pieces: Piece[] = []
  for (const [i, n] of pieceOf.entries()) {
    if (n === NOT_CALCIFIED) continue
    const [[slice, row, column], stored] = [placeOf(i), pixels[i]!]
    const piece = (pieces[n] ??= newPiece(slice, row, column, stored, labels?.[i] ?? 0, lesionOf[i]!))
    piece.peak = input.rescale(slice).slope > 0 ? Math.max(piece.peak, stored) : Math.min(piece.peak, stored)
    const [top, left, , right] = piece.box
    piece.box = [top, Math.min(left, column), row, Math.max(right, column)]
    piece.bins[densityClass(hounsfield(input, slice, stored), standard)]! += 1
    piece.pixels += 1
    piece.sum += stored
    piece.sumRow += row
    piece.sumColumn += column
  }
  for (const piece of pieces) {
    piece.weight = standard.weights[densityClass(hounsfield(input, piece.slice, piece.peak), standard)]!
    piece.counted = isLargeEnough(piece.pixels, input, standard)
  }

  // 4. Scores: of the whole, of each territory, of each lesion.
  const sumsOf = (some: readonly Piece[]) => sums(some, input, standard)
  const found = labels ? [...new Set(pieces.map((piece) => piece.territory))] : []
  const members: number[][] = []
  for (const [n, piece] of pieces.entries()) (members[piece.lesion] ??= []).push(n)
  return {
    total: sumsOf(pieces),
    territories: Object.fromEntries(found.map((t) => [t, sumsOf(pieces.filter((piece) => piece.territory === t))])),
    pieces,
    lesions: members.map((of) => ({ members: of, ...sumsOf(of.map((n) => pieces[n]!)) })),
  }
}

/** HU of a stored value, or the sum of HU of so many pixels of that stored sum. */
function hounsfield(input: Input, slice: number, stored: number, pixels = 1): number {
  const { slope, intercept } = input.rescale(slice)
  return slope * stored + intercept * pixels
}

const reaches = (hu: number, edge: number, rule: '>=' | '>') => (rule === '>=' ? hu >= edge : hu > edge)

/** How many edges of the ladder an HU reaches. */
const densityClass = (hu: number, s: Standard) => s.ladderHu.filter((edge) => reaches(hu, edge, s.ladderRule)).length

function newPiece(slice: number, row: number, column: number, peak: number, territory: number, lesion: number): Piece {
  const nothingYet = { pixels: 0, sum: 0, sumRow: 0, sumColumn: 0, weight: 0, counted: false }
  return { slice, territory, lesion, peak, ...nothingYet, bins: [0, 0, 0, 0], box: [row, column, row, column] }
}

/** Limits in mm2 have a relative tolerance of 1e-9: four pixels of 0.25 mm2 are 1 mm2 on every machine. */
function isLargeEnough(pixels: number, input: Input, { minimum }: Standard): boolean {
  if (minimum.by === 'none') return true
  if (minimum.by === 'pixels') return reaches(pixels, minimum.pixels, minimum.rule)
  const limit = minimum.mm2 / (input.pixelSpacingMm[0] * input.pixelSpacingMm[1])
  if (minimum.by === 'area') return reaches(pixels, limit * (minimum.rule === '>=' ? 1 - 1e-9 : 1 + 1e-9), minimum.rule)
  return reaches(pixels, minimum.rounding === 'ceil' ? Math.ceil(limit * (1 - 1e-9)) : Math.round(limit), minimum.rule)
}

function sliceFactor({ incrementMm, thicknessMm }: Input, standard: Standard): number {
  if (standard.sliceFactor === 'none') return 1
  if (standard.sliceFactor === 'increment/3') return incrementMm / 3
  if (thicknessMm == null) throw new RangeError(`${standard.id} needs thicknessMm`)
  return thicknessMm / 3
}

/** Sums over the counted ones of these pieces. */
function sums(of: readonly Piece[], input: Input, standard: Standard): Sums {
  const counted = of.filter((piece) => piece.counted)
  const sum = (value: (piece: Piece) => number) => counted.reduce((before, piece) => before + value(piece), 0)
  const pixels = sum((piece) => piece.pixels)
  const weighted = sum((piece) => piece.pixels * piece.weight)
  const areaMm2 = input.pixelSpacingMm[0] * input.pixelSpacingMm[1]
  const meanHu = pixels ? sum((piece) => hounsfield(input, piece.slice, piece.sum, piece.pixels)) / pixels : null
  const peakHu = counted.reduce((high, piece) => Math.max(high, hounsfield(input, piece.slice, piece.peak)), -Infinity)
  const volumeMm3 = pixels * areaMm2 * input.incrementMm
  return {
    agatston: weighted * areaMm2 * sliceFactor(input, standard),
    volumeMm3,
    massMg: input.massFactor == null ? null : input.massFactor * (meanHu ?? 0) * volumeMm3,
    areaMm2: pixels * areaMm2,
    meanHu,
    peakHu: pixels ? peakHu : null,
    densityScore: pixels ? weighted / pixels : null,
    pieces: counted.length,
    lesions: new Set(counted.map((piece) => piece.lesion)).size,
    pixels,
  }
}
