/**
 * Pieces and lesions from their definitions, by flood fill, one pixel at a time: which pixels are calcified, which hang
 * together, what each piece measures, where it belongs and whether it counts. Shares no code with the engine.
 */
import type { StandardRules } from '../../bindings/score/standard.js'
import { densityClass, hounsfield, isCalcium, isLargeEnough, isPadding } from './rules.js'
import type { Input, Piece } from './types.js'

const NOT_CALCIFIED = -1
const NOT_YET_VISITED = -2

type Triple = readonly [slice: number, row: number, column: number]
/** Steps to the neighbours of a pixel in its slice, then from a slice to the next. */
const SIDES: readonly Triple[] = [[0, -1, 0], [0, 0, -1], [0, 0, 1], [0, 1, 0]] // prettier-ignore
const CORNERS: readonly Triple[] = [[0, -1, -1], [0, -1, 1], [0, 1, -1], [0, 1, 1]] // prettier-ignore
const over = (steps: readonly Triple[]): Triple[] => [-1, 1].flatMap((k) => steps.map(([, r, c]) => [k, r, c] as const))
const NEXT_SLICE = {
  6: over([[0, 0, 0]]),
  18: over([[0, 0, 0], ...SIDES]),
  26: over([[0, 0, 0], ...SIDES, ...CORNERS]),
} as const

/** All pieces from this threshold on, in order of first pixel. Their weight is not decided yet. */
export function findPieces(input: Input, standard: StandardRules, thresholdHu: number): Found {
  const { pixels, rows, columns, slices, labels, regionRule } = input
  const placeOf = (i: number): Triple => [Math.floor(i / (rows * columns)), Math.floor(i / columns) % rows, i % columns]
  // Labels that clip part what they border; under the rule `whole` they only say, at the end, where a lesion belongs.
  const clip = regionRule === 'whole' ? undefined : labels

  // 1. Which pixels are calcified: compared as HU, in float64. Padding is no picture, and label 0 is outside.
  const calcified = Array.from({ length: rows * columns * slices }, (_, i) => {
    const [[slice], stored] = [placeOf(i), pixels[i]!]
    if (isPadding(input, slice, stored) || clip?.[i] === 0) return false
    return isCalcium(hounsfield(input, slice, stored), thresholdHu, standard)
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
  const inSlice = standard.connectivity === 8 ? [...SIDES, ...CORNERS] : SIDES
  const pieceOf = components(inSlice, (from, to) => clip?.[from] === clip?.[to])
  // A lesion: pieces that meet from slice to slice, or touch in one slice across the border of territories.
  const lesionOf = components([...inSlice, ...NEXT_SLICE[standard.lesionConnectivity]], () => true)

  // 3. What each piece measures, added up in order of pixels.
  const pieces: Piece[] = []
  for (const [i, n] of pieceOf.entries()) {
    if (n === NOT_CALCIFIED) continue
    const [[slice, row, column], stored] = [placeOf(i), pixels[i]!]
    const piece = (pieces[n] ??= newPiece(slice, row, column, stored, clip?.[i] ?? 0, lesionOf[i]!))
    piece.peak = input.rescale(slice).slope > 0 ? Math.max(piece.peak, stored) : Math.min(piece.peak, stored)
    const [top, left, , right] = piece.box
    piece.box = [top, Math.min(left, column), row, Math.max(right, column)]
    piece.bins[densityClass(hounsfield(input, slice, stored), standard)]! += 1
    piece.pixels += 1
    piece.sum += stored
    piece.sumRow += row
    piece.sumColumn += column
  }

  // 4. Under the rule `whole` a lesion belongs to the label that most of its labelled pixels have, the lower of two
  // that tie.
  if (labels && !clip) {
    const held = new Map<number, number[]>()
    for (const [i, lesion] of lesionOf.entries()) {
      if (lesion === NOT_CALCIFIED || labels[i] === 0) continue
      if (!held.has(lesion))
        held.set(
          lesion,
          Array.from({ length: 256 }, () => 0),
        )
      held.get(lesion)![labels[i]!]! += 1
    }
    for (const piece of pieces) {
      const pixelsOfLabel = held.get(piece.lesion) ?? [1]
      piece.territory = pixelsOfLabel.indexOf(Math.max(...pixelsOfLabel))
    }
  }

  // 5. What counts: each piece by its own size or by its lesion's, and nothing that is in no territory.
  for (const lesion of lesionsOf(pieces)) {
    const together = lesion.reduce((sum, n) => sum + pieces[n]!.pixels, 0)
    for (const piece of lesion.map((n) => pieces[n]!)) {
      const isLarge = isLargeEnough(standard.minimumOf === 'lesion' ? together : piece.pixels, input, standard)
      piece.counted = isLarge && !(labels && piece.territory === 0)
    }
  }
  return { pieces, pieceOf }
}

/** Pieces, and for each pixel the number of the piece it lies in, negative for none. */
export interface Found {
  readonly pieces: Piece[]
  readonly pieceOf: readonly number[]
}

/** Places of the pieces of each lesion, in order of first piece. */
export function lesionsOf(pieces: readonly Piece[]): number[][] {
  const members: number[][] = []
  for (const [n, piece] of pieces.entries()) (members[piece.lesion] ??= []).push(n)
  return members
}

function newPiece(slice: number, row: number, column: number, peak: number, territory: number, lesion: number): Piece {
  const nothingYet = { pixels: 0, sum: 0, sumRow: 0, sumColumn: 0, weight: 0, counted: false }
  return { slice, territory, lesion, peak, ...nothingYet, bins: [0, 0, 0, 0], box: [row, column, row, column] }
}
