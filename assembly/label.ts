/**
 * Which runs touch. The runs of a slice are one list sorted by place (layout), so those of a list that touch a given run,
 * looked at `back` places earlier, stand side by side in it: they are the interval [lo, hi) with
 *
 *   lo = runs that end at or before (start - back - reach), hi = runs that start before (end - back + reach)
 *
 *   back = pitch: the row above, for joining           reach 1 (8 neighbours)   #..     reach 0 (4 neighbours,     ##.
 *   back = 0: the same place in another slice                                   .#.     and slice to slice)        .#.
 *
 * Where runs are few, two pointers move along the list, mostly by one run for each run, which a processor foresees (`meet`).
 *
 * In noise every such step is a coin toss that costs more than all the arithmetic around it. There both lists become bit sets
 * over the places (`rank`): s where a run starts, e where one ends (the place behind it), m where there is one, and with ' the
 * same of the other list, moved by `back`. Each pair that touches is then one bit of one of
 *
 *   m & m' & (s | s')   both are there, and one of them has just begun: they overlap         ##    .##   ###
 *                                                                                             .##   ##.   .#.
 *   s & e'              the other ends where this one starts: corner to corner (reach 1)      #.
 *                                                                                             .#
 *   e & s'              this one ends where the other starts (reach 1)                        .#
 *                                                                                             #.
 *
 * and which two runs they are is the number of starts (or ends) up to that bit: a count kept for each word and one population
 * count (`meetDense`; only in the SIMD module: whoever lacks SIMD has slower troubles).
 *
 * What is done with a pair that touches is all that differs between joining runs into pieces, finding pieces of two
 * territories that touch, and linking the pieces of two slices. A slice costs its runs and the pairs that touch, which are
 * fewer than the runs of both lists together.
 */
import {
  RANK_BYTES,
  clearRanks,
  edges,
  forestAt,
  labelled,
  labelsAt,
  pairsAt,
  parentAt,
  pitch,
  rankWords,
  ranks,
  rowOf,
  runPieces,
} from './layout'
import { find, singletons, unite } from './unite'

/** A word of ranks: starts, ends, pixels (u64 each), starts and ends in all words before (u32 each). */
const ENDS = 8
const INSIDE = 16
const STARTS_BEFORE = 24
const ENDS_BEFORE = 28

/** Turn a list of runs into a table of ranks. */
function rank(table: u32, list: u32, runs: u32): void {
  clearRanks(table)
  const first = ranks(table)
  for (const end = list + (runs << 3); list < end; list += 8) {
    const from = load<u32>(list)
    const to = load<u32>(list, 4)
    const s = first + (from >> 6) * RANK_BYTES
    store<u64>(s, load<u64>(s) | ((<u64>1) << (from & 63)))
    const e = first + (to >> 6) * RANK_BYTES
    store<u64>(e, load<u64>(e, ENDS) | ((<u64>1) << (to & 63)), ENDS)
  }
  let starts: u32 = 0
  let ends: u32 = 0
  let open: u64 = 0 // all ones where a run goes on into this word
  for (let at = first, last = first + (rankWords() + 1) * RANK_BYTES; at < last; at += RANK_BYTES) {
    const s = load<u64>(at)
    const e = load<u64>(at, ENDS)
    // Between a start and an end the number of changes so far is odd.
    let m = s ^ e
    m ^= m << 1
    m ^= m << 2
    m ^= m << 4
    m ^= m << 8
    m ^= m << 16
    m ^= m << 32
    m ^= open
    open = 0 - (m >> 63)
    store<u64>(at, m, INSIDE)
    store<u32>(at, starts, STARTS_BEFORE)
    store<u32>(at, ends, ENDS_BEFORE)
    starts += u32(popcnt(s))
    ends += u32(popcnt(e))
  }
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
  if (ASC_FEATURE_SIMD && min(listRuns, runs) > rankWords()) {
    return meetDense(what, list, listRuns, listPieces, edge, runs, pieces, back, reach, offset, out)
  }
  const listEnd = list + (listRuns << 3)
  let loAt = list
  for (let j: u32 = 0; j < runs; j++) {
    const place = load<u32>(edge + (j << 3))
    if (place < back) continue // the first row has none above
    const start = place - back + 1
    const end = load<u32>(edge + (j << 3), 4) - back + reach
    while (loAt < listEnd && load<u32>(loAt, 4) + reach < start) loAt += 8
    let hiAt = loAt
    while (hiAt < listEnd && load<u32>(hiAt) < end) hiAt += 8
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

/** The same where both lists are long: 64 places a step. */
function meetDense(
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
  rank(0, edge, runs)
  if (list != edge) rank(1, list, listRuns)
  const own = ranks(0)
  // Bit 0 of an own word lies `shift` bits into the other word `words` earlier.
  const words = (back + 63) >> 6
  const shift = u64(words << 6) - back
  const before = ((<u64>1) << shift) - 1
  const kinds: u32 = reach ? 3 : 1
  let other = (list != edge ? ranks(1) : own) - words * RANK_BYTES
  for (let at = own, end = own + rankWords() * RANK_BYTES; at < end; at += RANK_BYTES, other += RANK_BYTES) {
    const s = load<u64>(at)
    const e = load<u64>(at, ENDS)
    const m = load<u64>(at, INSIDE)
    if (!(m | e)) continue
    const s1 = moved(other, 0, shift)
    const e1 = moved(other, ENDS, shift)
    for (let kind: u32 = 0; kind < kinds; kind++) {
      let t = kind ? (kind == 1 ? s & e1 : e & s1) : m & moved(other, INSIDE, shift) & (s | s1)
      if (!t) continue
      // What numbers the run of either list: its start, or where it ends here, its end.
      const own = kind == 2 ? e : s
      const theirs = kind == 1 ? e1 : s1
      const count = load<u32>(kind == 2 ? at + 4 : at, STARTS_BEFORE) - 1
      const field = kind == 1 ? other + 4 : other
      const count1 =
        load<u32>(field, STARTS_BEFORE) + u32(popcnt(load<u64>(kind == 1 ? other + ENDS : other) & before)) - 1
      for (; t; t &= t - 1) {
        const upTo = t ^ (t - 1)
        const j = count + u32(popcnt(own & upTo))
        const i = count1 + u32(popcnt(theirs & upTo))
        if (what == JOIN) join(list, i, j)
        else out = pair(out, load<u32>(listPieces + (i << 2)), load<u32>(pieces + (j << 2)), offset)
      }
    }
  }
  return out
}

/** Join the sets of two runs of one slice, unless their labels differ. */
function join(edge: u32, i: u32, j: u32): void {
  if (labelled && labelAt(load<u32>(edge + (i << 3))) != labelAt(load<u32>(edge + (j << 3)))) return
  const a = find(parentAt, i)
  const b = find(parentAt, j)
  store<u32>(parentAt + (max(a, b) << 2), min(a, b))
}

/** 64 bits of a table from bit `shift` of a word on. */
function moved(at: u32, field: u32, shift: u64): u64 {
  return (load<u64>(at + field) >> shift) | ((load<u64>(at + field, RANK_BYTES) << 1) << (63 - shift))
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
 * Pairs (piece of slot `a`, piece of slot `b`) that touch from slice to slice; returns the number of pairs written. Pairs that
 * follow from earlier ones are left out. `neighbours`: 6 the same row and column, 18 the four sides of it too, 26 its corners too.
 * Beside the same row, that is the row above as seen from either slice; from `b` as it is, from `a` with the roles exchanged.
 */
export function linkSlices(a: u32, b: u32, runsA: u32, runsB: u32, piecesA: u32, piecesB: u32, neighbours: u32): u32 {
  singletons(forestAt, piecesA + piecesB)
  const sides = u32(neighbours > 6)
  let out = meet(PAIR, edges(a), runsA, runPieces(a), edges(b), runsB, runPieces(b), 0, sides, piecesA, pairsAt)
  if (sides) {
    const corners = u32(neighbours > 18)
    out = meet(PAIR, edges(a), runsA, runPieces(a), edges(b), runsB, runPieces(b), pitch, corners, piecesA, out)
    const turned = out
    listOffset = piecesA
    out = meet(PAIR, edges(b), runsB, runPieces(b), edges(a), runsA, runPieces(a), pitch, corners, 0, out)
    listOffset = 0
    for (let at = turned; at < out; at += 8) {
      const ofB = load<u32>(at)
      store<u32>(at, load<u32>(at, 4))
      store<u32>(at, ofB, 4)
    }
  }
  return (out - pairsAt) >> 3
}

/** What sets the pieces of the list apart in the forest, where it is the second slice that is looked up. */
let listOffset: u32 = 0

/** Write two pieces as a pair, unless they are in one set already. `offset` sets the second slice's pieces apart. */
function pair(out: u32, p: u32, q: u32, offset: u32): u32 {
  if (!unite(forestAt, p + listOffset, q + offset)) return out
  store<u32>(out, p)
  store<u32>(out, q, 4)
  return out + 8
}
