/**
 * Which runs touch. For each run of one row the runs of the other row that it touches stand side by side, since both rows are
 * sorted: they are the interval [lo, hi) with
 *
 *   lo = runs that end at or before (start - reach), hi = runs that start before (end + reach)
 *
 *   reach 1 (8 neighbours)    #..      reach 0 (4 neighbours, and slice to slice)    ##.
 *                             .#.                                                    .#.
 *
 * Where runs are few, two pointers move along the row and their branches are cheap. In noise every such branch is a coin toss
 * that costs more than all the arithmetic around it: there the other row's starts and ends are put into bit sets with a count
 * in front of each word, and lo and hi are one population count each.
 *
 * What is done with a pair that touches is all that differs between joining runs into pieces, finding pieces of two
 * territories that touch, and linking the pieces of two slices. A row costs its runs and the pairs that touch, which are
 * fewer than the runs of both rows together.
 */
import {
  RANK_BYTES,
  columns,
  edges,
  forestAt,
  labelled,
  labelsAt,
  pairsAt,
  parentAt,
  ranksAt,
  rowStarts,
  rows,
  runPieces,
} from './layout'
import { find, singletons, unite } from './unite'

/** From this many runs in two rows on the bit sets pay. */
const DENSE: u32 = 32

/** The interval found last, as run numbers. */
let lo: u32 = 0
let hi: u32 = 0

/** Find the runs [lo, hi) of the row `from` .. `to` that touch the run `run`. Starts from the last interval unless `dense`. */
function touched(edge: u32, from: u32, to: u32, run: u32, reach: u32, dense: bool): void {
  const start = run & 0xffff
  const end = run >>> 16
  if (dense) {
    lo = from + rankOfEnds(start + 1 - reach)
    hi = from + rankOfStarts(end + reach)
    return
  }
  while (lo < to && u32(load<u16>(edge + (lo << 2), 2)) + reach <= start) lo++
  hi = lo
  while (hi < to && u32(load<u16>(edge + (hi << 2))) < end + reach) hi++
}

/** Starts and ends of a row's runs as bit sets, with the count before each word: { starts u64, ends u64, u32, u32 }. */
function rankRow(edge: u32, from: u32, to: u32): void {
  const words = ((columns + 1) >> 6) + 1
  for (let w: u32 = 0; w < words; w++) {
    store<u64>(ranksAt + w * RANK_BYTES, 0)
    store<u64>(ranksAt + w * RANK_BYTES, 0, 8)
  }
  for (let i = from; i < to; i++) {
    const run = load<u32>(edge + (i << 2))
    const s = ranksAt + ((run & 0xffff) >> 6) * RANK_BYTES
    store<u64>(s, load<u64>(s) | ((<u64>1) << (run & 63)))
    const e = ranksAt + (run >>> 22) * RANK_BYTES
    store<u64>(e, load<u64>(e, 8) | ((<u64>1) << ((run >>> 16) & 63)), 8)
  }
  let starts: u32 = 0
  let ends: u32 = 0
  for (let w: u32 = 0; w < words; w++) {
    const at = ranksAt + w * RANK_BYTES
    store<u32>(at, starts, 16)
    store<u32>(at, ends, 20)
    starts += u32(popcnt(load<u64>(at)))
    ends += u32(popcnt(load<u64>(at, 8)))
  }
}

/** Starts before column `x`, x <= columns + 1. */
function rankOfStarts(x: u32): u32 {
  const at = ranksAt + (x >> 6) * RANK_BYTES
  return load<u32>(at, 16) + u32(popcnt(load<u64>(at) & (((<u64>1) << (x & 63)) - 1)))
}

/** Ends before column `x`. */
function rankOfEnds(x: u32): u32 {
  const at = ranksAt + (x >> 6) * RANK_BYTES
  return load<u32>(at, 20) + u32(popcnt(load<u64>(at, 8) & (((<u64>1) << (x & 63)) - 1)))
}

/** Unite the runs of a slice that touch, row by row; runs of different labels never are. */
export function joinRuns(slot: u32, reach: u32): void {
  const edge = edges(slot)
  const starts = rowStarts(slot)
  singletons(parentAt, load<u32>(starts + (rows << 2)))
  let from: u32 = 0
  let to: u32 = load<u32>(starts, 4)
  for (let y: u32 = 1; y < rows; y++) {
    const end = load<u32>(starts + (y << 2), 4)
    if (from < to && to < end) {
      const dense = end - from > DENSE
      if (dense) rankRow(edge, from, to)
      lo = from
      for (let j = to; j < end; j++) {
        const run = load<u32>(edge + (j << 2))
        touched(edge, from, to, run, reach, dense)
        joinRun(edge, y, j, run)
      }
    }
    from = to
    to = end
  }
}

/**
 * Put the new run `j` into the sets of the runs [lo, hi) above it, which become one. It has no set of its own to look up,
 * and joining is a minimum, a maximum and a store, with nothing to decide.
 */
function joinRun(edge: u32, y: u32, j: u32, run: u32): void {
  let root = j
  for (let i = lo; i < hi; i++) {
    if (labelled && labelOf(y - 1, load<u32>(edge + (i << 2))) != labelOf(y, run)) continue
    const other = find(parentAt, i)
    const least = min(root, other)
    store<u32>(parentAt + (max(root, other) << 2), least)
    root = least
  }
  store<u32>(parentAt + (j << 2), root)
}

function labelOf(y: u32, run: u32): u32 {
  return load<u8>(labelsAt + y * columns + (run & 0xffff))
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
    const root = u32(p == i)
    store<u32>(pieces + (i << 2), select(next, load<u32>(pieces + (p << 2)), root))
    next += root
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
    const to = load<u32>(starts + (y << 2))
    const end = load<u32>(starts + ((y + 1) << 2))
    for (let j = to; j + 1 < end; j++) {
      if (load<u16>(edge + (j << 2), 2) == load<u16>(edge + ((j + 1) << 2))) out = pair(out, own, j, own, j + 1, 0)
    }
    if (y > 0) out = pairRows(out, edge, own, load<u32>(starts + ((y - 1) << 2)), to, edge, own, to, end, reach, 0)
  }
  return (out - pairsAt) >> 3
}

/**
 * Pairs (piece of slot `a`, piece of slot `b`) that share a row and column; returns the number of pairs written. Pairs that
 * follow from earlier ones are left out.
 */
export function linkSlices(a: u32, b: u32, piecesA: u32, piecesB: u32): u32 {
  const startsA = rowStarts(a)
  const startsB = rowStarts(b)
  const edgeA = edges(a)
  const edgeB = edges(b)
  const ownA = runPieces(a)
  const ownB = runPieces(b)
  singletons(forestAt, piecesA + piecesB)
  let out = pairsAt
  let fromA: u32 = 0
  let fromB: u32 = 0
  for (let y: u32 = 0; y < rows; y++) {
    const toA = load<u32>(startsA + (y << 2), 4)
    const toB = load<u32>(startsB + (y << 2), 4)
    if (fromA < toA && fromB < toB) {
      out = pairRows(out, edgeA, ownA, fromA, toA, edgeB, ownB, fromB, toB, 0, piecesA)
    }
    fromA = toA
    fromB = toB
  }
  return (out - pairsAt) >> 3
}

/** Pairs of pieces whose runs touch, one row's runs [fromA, toA) against another's [fromB, toB). */
function pairRows(
  out: u32,
  edgeA: u32,
  ownA: u32,
  fromA: u32,
  toA: u32,
  edgeB: u32,
  ownB: u32,
  fromB: u32,
  toB: u32,
  reach: u32,
  offset: u32,
): u32 {
  const dense = toA - fromA + (toB - fromB) > DENSE
  if (dense) rankRow(edgeA, fromA, toA)
  lo = fromA
  for (let j = fromB; j < toB; j++) {
    touched(edgeA, fromA, toA, load<u32>(edgeB + (j << 2)), reach, dense)
    for (let i = lo; i < hi; i++) out = pair(out, ownA, i, ownB, j, offset)
  }
  return out
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
