/**
 * Which runs touch. Two sorted rows of runs are walked side by side, and each pair that touches is met once; what is done
 * with a pair is all that differs between joining runs into pieces, finding pieces of two territories that touch, and linking
 * the pieces of two slices.
 *
 *   reach 1 (8 neighbours)    #..      reach 0 (4 neighbours, and slice to slice)    ##.
 *                             .#.                                                    .#.
 *
 * Runs [s, e) and [s', e') touch when s' < e + reach and s < e' + reach. The run that ends first can touch no later run of
 * the other row and is left behind. Where both end together neither can, unless labels cut runs without a gap between them:
 * then the other row's next run may start right there and touch by its corner, so that pair is looked at before moving on.
 *
 * Cost: at most (runs above + runs below) steps a row.
 */
import {
  columns,
  edges,
  forestAt,
  labelled,
  labelsAt,
  pairsAt,
  parentAt,
  rowStarts,
  rows,
  runPieces,
} from './layout'
import { find, singletons, unite } from './unite'

/** Unite the runs of a slice that touch, row by row; runs of different labels never are. */
export function joinRuns(slot: u32, reach: u32): void {
  const edge = edges(slot)
  const starts = rowStarts(slot)
  singletons(parentAt, load<u32>(starts + (rows << 2)))
  for (let y: u32 = 1; y < rows; y++) {
    const middle = load<u32>(starts + (y << 2))
    let i = load<u32>(starts + ((y - 1) << 2))
    let j = middle
    const end = load<u32>(starts + ((y + 1) << 2))
    if (i == middle || j == end) continue
    const above = labelsAt + (y - 1) * columns
    const below = labelsAt + y * columns
    while (i < middle && j < end) {
      const a = load<u32>(edge + (i << 2))
      const b = load<u32>(edge + (j << 2))
      const aEnd = a >>> 16
      const bEnd = b >>> 16
      if ((b & 0xffff) < aEnd + reach && (a & 0xffff) < bEnd + reach) {
        if (!labelled) {
          unite(parentAt, i, j)
        } else {
          if (sameLabel(above, a, below, b)) unite(parentAt, i, j)
          if (aEnd == bEnd && j + 1 < end && cornered(load<u32>(edge + ((j + 1) << 2)), aEnd, reach)) {
            if (sameLabel(above, a, below, load<u32>(edge + ((j + 1) << 2)))) unite(parentAt, i, j + 1)
          }
        }
      }
      if (aEnd <= bEnd) i++
      else j++
    }
  }
}

/** Whether a run starts right where another ended, and the reach is over corners. */
function cornered(run: u32, end: u32, reach: u32): bool {
  return reach > 0 && (run & 0xffff) == end
}

function sameLabel(above: u32, a: u32, below: u32, b: u32): bool {
  return load<u8>(above + (a & 0xffff)) == load<u8>(below + (b & 0xffff))
}

/**
 * Number the sets by first appearance and write each run's piece; returns the number of pieces. parent[i] <= i, and a run's
 * parent already has its piece when the run is met.
 */
export function numberPieces(slot: u32): u32 {
  const count = load<u32>(rowStarts(slot) + (rows << 2))
  const pieces = runPieces(slot)
  let next: u32 = 0
  for (let i: u32 = 0; i < count; i++) {
    const p = load<u32>(parentAt + (i << 2))
    store<u32>(pieces + (i << 2), p == i ? next++ : load<u32>(pieces + (p << 2)))
  }
  return next
}

/** Pairs of pieces of one slice that touch although their labels differ; returns the number of pairs written. */
export function touchingPieces(slot: u32, pieces: u32, reach: u32): u32 {
  const edge = edges(slot)
  const starts = rowStarts(slot)
  const own = runPieces(slot)
  singletons(forestAt, pieces)
  let out = pairsAt
  for (let y: u32 = 0; y < rows; y++) {
    const middle = load<u32>(starts + (y << 2))
    const end = load<u32>(starts + ((y + 1) << 2))
    for (let j = middle; j + 1 < end; j++) {
      if (load<u16>(edge + (j << 2), 2) == load<u16>(edge + ((j + 1) << 2))) out = pair(out, own, j, own, j + 1, 0)
    }
    if (y == 0) continue
    let i = load<u32>(starts + ((y - 1) << 2))
    let j = middle
    while (i < middle && j < end) {
      const a = load<u32>(edge + (i << 2))
      const b = load<u32>(edge + (j << 2))
      const aEnd = a >>> 16
      const bEnd = b >>> 16
      if ((b & 0xffff) < aEnd + reach && (a & 0xffff) < bEnd + reach) {
        out = pair(out, own, i, own, j, 0)
        if (aEnd == bEnd && j + 1 < end && cornered(load<u32>(edge + ((j + 1) << 2)), aEnd, reach)) {
          out = pair(out, own, i, own, j + 1, 0)
        }
      }
      if (aEnd <= bEnd) i++
      else j++
    }
  }
  return (out - pairsAt) >> 3
}

/**
 * Pairs (piece of slot `from`, piece of slot `to`) that share a row and column; returns the number of pairs written. Pairs
 * that follow from earlier ones are left out.
 */
export function linkSlices(from: u32, to: u32, piecesFrom: u32, piecesTo: u32): u32 {
  const edgeA = edges(from)
  const edgeB = edges(to)
  const startsA = rowStarts(from)
  const startsB = rowStarts(to)
  const ownA = runPieces(from)
  const ownB = runPieces(to)
  singletons(forestAt, piecesFrom + piecesTo)
  let out = pairsAt
  for (let y: u32 = 0; y < rows; y++) {
    let i = load<u32>(startsA + (y << 2))
    let j = load<u32>(startsB + (y << 2))
    const endA = load<u32>(startsA + ((y + 1) << 2))
    const endB = load<u32>(startsB + ((y + 1) << 2))
    while (i < endA && j < endB) {
      const a = load<u32>(edgeA + (i << 2))
      const b = load<u32>(edgeB + (j << 2))
      const aEnd = a >>> 16
      const bEnd = b >>> 16
      if ((b & 0xffff) < aEnd && (a & 0xffff) < bEnd) out = pair(out, ownA, i, ownB, j, piecesFrom)
      if (aEnd <= bEnd) i++
      else j++
    }
  }
  return (out - pairsAt) >> 3
}

/** Write the pieces of two runs as a pair, unless they are in one set already. `offset` sets the second slice's pieces apart. */
function pair(out: u32, ownA: u32, i: u32, ownB: u32, j: u32, offset: u32): u32 {
  const p = load<u32>(ownA + (i << 2))
  const q = load<u32>(ownB + (j << 2))
  if (!unite(forestAt, p, q + offset)) return out
  store<u32>(out, p)
  store<u32>(out, q, 4)
  return out + 8
}
