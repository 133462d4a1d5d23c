/**
 * Which runs touch. The runs of a slice are one list sorted by place (layout), so those of a list that touch a given run,
 * looked at `back` places earlier, stand side by side in it: they are the interval [lo, hi) with
 *
 *   lo = runs that end at or before (start - back - reach), hi = runs that start before (end - back + reach)
 *
 *   back = pitch: the row above, for joining           reach 1 (8 neighbours)   #..     reach 0 (4 neighbours,     ##.
 *   back = 0: the same place in another slice                                   .#.     and slice to slice)        .#.
 *
 * Where runs are few, two pointers move along the list, mostly by one run for each run, which a processor foresees. In noise
 * every such step is a coin toss that costs more than all the arithmetic around it: there the starts and ends are put into bit
 * sets with a count in front of each word, and lo and hi are one population count each.
 *
 * What is done with a pair that touches is all that differs between joining runs into pieces, finding pieces of two
 * territories that touch, and linking the pieces of two slices. A slice costs its runs and the pairs that touch, which are
 * fewer than the runs of both lists together.
 */
import {
  RANK_BYTES,
  edges,
  forestAt,
  labelled,
  labelsAt,
  pairsAt,
  parentAt,
  pitch,
  rankWords,
  ranksAt,
  rowOf,
  runPieces,
} from './layout'
import { find, singletons, unite } from './unite'

/** Starts and ends of the list as bit sets, with the count before each word: { starts u64, ends u64, u32, u32 }. */
function rank(list: u32, listEnd: u32): void {
  const end = ranksAt + rankWords() * RANK_BYTES
  for (let at = ranksAt; at < end; at += RANK_BYTES) {
    store<u64>(at, 0)
    store<u64>(at, 0, 8)
  }
  for (let i: u32 = 0; i < listEnd; i++) {
    const first = load<u32>(list + (i << 3))
    const last = load<u32>(list + (i << 3), 4)
    const s = ranksAt + (first >> 6) * RANK_BYTES
    store<u64>(s, load<u64>(s) | ((<u64>1) << (first & 63)))
    const e = ranksAt + (last >> 6) * RANK_BYTES
    store<u64>(e, load<u64>(e, 8) | ((<u64>1) << (last & 63)), 8)
  }
  let starts: u32 = 0
  let ends: u32 = 0
  for (let at = ranksAt; at < end; at += RANK_BYTES) {
    store<u32>(at, starts, 16)
    store<u32>(at, ends, 20)
    starts += u32(popcnt(load<u64>(at)))
    ends += u32(popcnt(load<u64>(at, 8)))
  }
}

/** Starts before a place of at most rows x pitch + 1. */
function rankOfStarts(place: u32): u32 {
  const at = ranksAt + (place >> 6) * RANK_BYTES
  return load<u32>(at, 16) + u32(popcnt(load<u64>(at) & (((<u64>1) << (place & 63)) - 1)))
}

/** Ends before a place. */
function rankOfEnds(place: u32): u32 {
  const at = ranksAt + (place >> 6) * RANK_BYTES
  return load<u32>(at, 20) + u32(popcnt(load<u64>(at, 8) & (((<u64>1) << (place & 63)) - 1)))
}

/** What is done with the runs that touch. */
const JOIN = 0
const PAIR = 1

/**
 * For each run of `edge`, find the runs of `list` that touch it and join them (JOIN: sets of runs, one slice) or write their
 * pieces as pairs (PAIR) from `out` on; returns where the next pair goes. One loop for all, and everything it steps with in
 * locals: a global costs a trip to memory at each step.
 */
function meet(
  what: u32,
  list: u32,
  listRuns: u32,
  listPieces: u32,
  edge: u32,
  runs: u32,
  pieces: u32,
  back: u32,
  reach: u32,
  offset: u32,
  out: u32,
): u32 {
  const dense = listRuns > rankWords()
  if (dense) rank(list, listRuns)
  const listEnd = list + (listRuns << 3)
  let loAt = list
  for (let j: u32 = 0; j < runs; j++) {
    const place = load<u32>(edge + (j << 3))
    if (place < back) continue // the first row has none above
    const start = place - back + 1
    const end = load<u32>(edge + (j << 3), 4) - back + reach
    let hiAt: u32
    if (dense) {
      loAt = list + (rankOfEnds(start - reach) << 3)
      hiAt = list + (rankOfStarts(end) << 3)
    } else {
      while (loAt < listEnd && load<u32>(loAt, 4) + reach < start) loAt += 8
      hiAt = loAt
      while (hiAt < listEnd && load<u32>(hiAt) < end) hiAt += 8
    }
    if (what == JOIN) {
      // The run is new: it has no set to look up, and joining is a minimum, a maximum and a store, with nothing to decide.
      let root = j
      for (let at = loAt; at < hiAt; at += 8) {
        if (labelled && labelAt(load<u32>(at)) != labelAt(place)) continue
        const other = find(parentAt, (at - list) >> 3)
        const least = min(root, other)
        store<u32>(parentAt + (max(root, other) << 2), least)
        root = least
      }
      store<u32>(parentAt + (j << 2), root)
    } else {
      for (let at = loAt; at < hiAt; at += 8) {
        const p = load<u32>(listPieces + ((at - list) >> 1))
        const q = load<u32>(pieces + (j << 2))
        out = pair(out, p, q, offset)
      }
    }
  }
  return out
}

/** Unite the runs of a slice that touch from row to row; runs of different labels never are. */
export function joinRuns(slot: u32, runs: u32, reach: u32): void {
  const edge = edges(slot)
  singletons(parentAt, runs)
  meet(JOIN, edge, runs, 0, edge, runs, 0, pitch, reach, 0, 0)
}

/** Label of the pixel at a place. */
function labelAt(place: u32): u32 {
  return load<u8>(labelsAt + place - rowOf(place))
}

/**
 * Number the sets by first appearance and write each run's piece; returns the number of pieces. parent[i] <= i, and a run's
 * parent already has its piece when the run is met.
 */
export function numberPieces(slot: u32, count: u32): u32 {
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
export function touchingPieces(slot: u32, runs: u32, pieces: u32, reach: u32): u32 {
  const edge = edges(slot)
  const own = runPieces(slot)
  singletons(forestAt, pieces)
  let out = pairsAt
  for (let j: u32 = 1; j < runs; j++) {
    if (load<u32>(edge + (j << 3) - 4) != load<u32>(edge + (j << 3))) continue
    out = pair(out, load<u32>(own + (j << 2) - 4), load<u32>(own + (j << 2)), 0)
  }
  return (meet(PAIR, edge, runs, own, edge, runs, own, pitch, reach, 0, out) - pairsAt) >> 3
}

/**
 * Pairs (piece of slot `a`, piece of slot `b`) that share a row and column; returns the number of pairs written. Pairs that
 * follow from earlier ones are left out.
 */
export function linkSlices(a: u32, b: u32, runsA: u32, runsB: u32, piecesA: u32, piecesB: u32): u32 {
  singletons(forestAt, piecesA + piecesB)
  const out = meet(PAIR, edges(a), runsA, runPieces(a), edges(b), runsB, runPieces(b), 0, 0, piecesA, pairsAt)
  return (out - pairsAt) >> 3
}

/** Write two pieces as a pair, unless they are in one set already. `offset` sets the second slice's pieces apart. */
function pair(out: u32, p: u32, q: u32, offset: u32): u32 {
  if (!unite(forestAt, p, q + offset)) return out
  store<u32>(out, p)
  store<u32>(out, q, 4)
  return out + 8
}
