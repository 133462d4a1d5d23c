/**
 * Where everything lies. One memory, laid out once from the shape of a slice; nothing is ever allocated.
 *
 *   window     the slice's stored values, row by row, no gaps; then PAD pixels that a row's last chunk may read and never uses
 *   labels     one byte a pixel (territory masks only), then the same pad
 *   slot 0, 1  the runs of two slices: start and end of each run, then the piece of each run
 *   parent     disjoint sets over the runs of the slice being labelled
 *   pieces     one record of 64 bytes a piece
 *   forest     disjoint sets over the pieces of both slots; while pieces are split the number of parts of each
 *   pairs      links found: two piece numbers each; or of each part the piece it was split from
 *   ranks      starts, ends and pixels of the runs of two slices as bit sets, 32 bytes for 64 places
 *
 * Places: a run's start and (exclusive) end are row x pitch + column, with pitch = columns + 1. The one place between rows keeps
 * a run at the end of a row from touching the first of the next, so a whole slice of runs is one sorted list, and neither
 * joining nor linking nor measuring ever asks where a row begins.
 *
 * Bounds, for H rows and W columns. A run ends in front of a pixel that is not calcified or lies beyond the row, so a row
 * holds at most ceil(W / 2) runs: the checkerboard and the comb reach it. Labels may change at every pixel, so with labels a
 * row holds at most W. Hence R = H x ceil(W / 2), or H x W with labels. A piece has at least one run: P <= R. A link is kept
 * only when it joins two sets of the forest, which starts with at most 2 P sets: at most 2 P - 1 links.
 *
 * With the largest slice (4096 x 4096, float32, labels) R = 2^24 and the sum is 2,046,830,144 bytes: below the declared
 * maximum of 3 GiB and below 2^32, so no size here can wrap. A test recomputes the sum for every width and kind.
 */

/** Largest rows or columns: a column index and an end fit 16 bits, and the bound above holds. */
export const MAX_SIDE: u32 = 4096
/** Pixels a row's last chunk may read past the slice. */
export const PAD: u32 = 64
/** Bytes of a word of ranks (label). */
export const RANK_BYTES: u32 = 32
/** Empty words in front of a table of ranks: the row above the first one, whatever its length. */
const RANK_GUARD: u32 = (MAX_SIDE + 64) >> 6
/** Bytes of a piece record, and where its fields lie. */
export const PIECE_BYTES: u32 = 64
export const PIECE_PIXELS: u32 = 0 // u32
export const PIECE_PEAK: u32 = 4 // i32 key, or f32 key
export const PIECE_ABOVE2: u32 = 8 // u32, pixels at or above the second edge
export const PIECE_ABOVE3: u32 = 12 // u32
export const PIECE_ABOVE4: u32 = 16 // u32
export const PIECE_LABEL: u32 = 20 // u32
export const PIECE_ROW0: u32 = 24 // u16
export const PIECE_COLUMN0: u32 = 26 // u16
export const PIECE_ROW1: u32 = 28 // u16, last row
export const PIECE_COLUMN1: u32 = 30 // u16, last column
export const PIECE_SUM: u32 = 32 // f64, sum of keys: exact, below 2^53
export const PIECE_SUM_ROW: u32 = 40 // f64
export const PIECE_SUM_COLUMN: u32 = 48 // f64
/** The last eight bytes of a record are zero. */

const BASE: u32 = 1024

export let rows: u32 = 0
export let columns: u32 = 0
/** Places of a row: one more than columns. */
export let pitch: u32 = 0
let perPitch: f64 = 0
export let pixelBytes: u32 = 0
export let labelled: bool = false
export let runBound: u32 = 0

export let windowAt: u32 = 0
export let labelsAt: u32 = 0
export let parentAt: u32 = 0
export let piecesAt: u32 = 0
export let forestAt: u32 = 0
export let pairsAt: u32 = 0

/** First word of each of the two tables. */
let ranks0: u32 = 0
let ranks1: u32 = 0

let slot0: u32 = 0
let slot1: u32 = 0

/** Set every address for slices of this shape; returns the first byte beyond all of them. */
export function lay(h: u32, w: u32, bytes: u32, withLabels: bool): u32 {
  rows = h
  columns = w
  pitch = w + 1
  perPitch = 1.0 / f64(pitch)
  pixelBytes = bytes
  labelled = withLabels
  runBound = withLabels ? h * w : h * ((w + 1) >> 1)

  windowAt = BASE
  let at = align(windowAt + (h * w + PAD) * bytes)
  labelsAt = at
  if (withLabels) at = align(at + h * w + PAD)
  slot0 = at
  at = align(at + slotBytes())
  slot1 = at
  at = align(at + slotBytes())
  parentAt = at
  at = align(at + runBound * 4)
  piecesAt = at
  at = align(at + runBound * PIECE_BYTES)
  forestAt = at
  at = align(at + runBound * 8)
  pairsAt = at
  ranks0 = align(at + runBound * 16) + RANK_GUARD * RANK_BYTES
  at = ranks0 + (rankWords() + 1) * RANK_BYTES
  ranks1 = at + RANK_GUARD * RANK_BYTES
  return align(ranks1 + (rankWords() + 1) * RANK_BYTES)
}

/** Start and end (exclusive) of each run, as places: u32 x 2. */
export function edges(slot: u32): u32 {
  return slot ? slot1 : slot0
}

/** Piece of each run: u32. */
export function runPieces(slot: u32): u32 {
  return align(edges(slot) + runBound * 8)
}

function slotBytes(): u32 {
  return align(runBound * 8) + align(runBound * 4)
}

/** First word of a table of ranks; empty ones lie in front of it, and one behind. */
export function ranks(table: u32): u32 {
  return table ? ranks1 : ranks0
}

/** Words of 64 places, up to the place after the last end. */
export function rankWords(): u32 {
  return ((rows * pitch) >> 6) + 2
}

/** Empty a table, with the empty words around it. */
export function clearRanks(table: u32): void {
  const from = ranks(table) - RANK_GUARD * RANK_BYTES
  memory.fill(from, 0, (RANK_GUARD + rankWords() + 1) * RANK_BYTES)
}

/**
 * Row of a place. A multiplication instead of a division: place + 1/2 lies at least 1 / (2 x 4097) rows from any whole row, and
 * the product is off by less than 1e-11.
 */
export function rowOf(place: u32): u32 {
  return u32(i32((f64(i32(place)) + 0.5) * perPitch))
}

function align(at: u32): u32 {
  return (at + 63) & ~63
}
