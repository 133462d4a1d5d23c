/**
 * The ABI: what the host may call, and nothing else. The order of calls is `open`; then for each slice: fill the window (and
 * the labels), `threshold`, `label`, read the records; then `touch` or `link`, read the pairs. All numbers are plain 32-bit
 * integers or floats; addresses are unsigned.
 */
import * as layout from './layout'
import { setEdges16, setInterval16, setInterval32 } from './lanes'
import { findRuns } from './runs'
import { joinRuns, linkSlices, numberPieces, touchingPieces } from './label'
import { measure, setEdges32 } from './measure'
import { partedRuns, splitPieces } from './split'

/** Raised by one whenever a name, a meaning or a layout here changes. */
export const ABI: u32 = 3
/** 1 in the SIMD module, 0 in the scalar one. */
export const SIMD: u32 = ASC_FEATURE_SIMD ? 1 : 0

/** Lay the memory out for slices of this shape; returns the bytes it must have. `pixelBytes` is 2 or 4. 0: a shape beyond the limits. */
export function open(rows: u32, columns: u32, pixelBytes: u32, labelled: bool): u32 {
  if (rows - 1 >= layout.MAX_SIDE || columns - 1 >= layout.MAX_SIDE) return 0
  if (pixelBytes != 2 && pixelBytes != 4) return 0
  return layout.lay(rows, columns, pixelBytes, labelled)
}

export function windowAt(): u32 {
  return layout.windowAt
}
export function labelsAt(): u32 {
  return layout.labelsAt
}
export function piecesAt(): u32 {
  return layout.piecesAt
}
export function pairsAt(): u32 {
  return layout.pairsAt
}
export function edgesAt(slot: u32): u32 {
  return layout.edges(slot)
}
export function runPiecesAt(slot: u32): u32 {
  return layout.runPieces(slot)
}
export function runBound(): u32 {
  return layout.runBound
}

/**
 * Runs of the 16-bit slice in the window; returns their number. Keys: see lanes. `low` may be 32768: nothing is calcified.
 * An empty interval of padding is `skipLow` > `skipHigh`.
 */
export function threshold16(slot: u32, flip: i32, low: i32, high: i32, skipLow: i32, skipHigh: i32): u32 {
  setInterval16(flip, low, high, skipLow, skipHigh)
  if (low > i16.MAX_VALUE || high < i16.MIN_VALUE) return 0
  return findRuns<i16>(slot)
}

/** Runs of the float32 slice in the window; returns their number. `low` may be NaN: nothing is calcified. */
export function threshold32(slot: u32, flip: i32, low: f32, high: f32, skipLow: f32, skipHigh: f32): u32 {
  setInterval32(flip, low, high, skipLow, skipHigh)
  return findRuns<f32>(slot)
}

/** Pieces of the slot's `runs` runs (16-bit slice still in the window); returns their number. `reach` is 1 for 8 neighbours, 0 for 4. */
export function label16(slot: u32, runs: u32, reach: u32, edge2: i32, edge3: i32, edge4: i32): u32 {
  setEdges16(edge2, edge3, edge4)
  joinRuns(slot, runs, reach)
  const pieces = numberPieces(slot, runs)
  measure<i16>(slot, runs)
  return pieces
}

/** The same for a float32 slice. */
export function label32(slot: u32, runs: u32, reach: u32, edge2: f32, edge3: f32, edge4: f32): u32 {
  setEdges32(edge2, edge3, edge4)
  joinRuns(slot, runs, reach)
  const pieces = numberPieces(slot, runs)
  measure<f32>(slot, runs)
  return pieces
}

/**
 * Those of the slot's `pieces` pieces, just labelled by 8 neighbours, that fall apart under 4: the number of parts they fall into. The
 * parts' records take the place of the slice's; where the pairs begin stands for each part the piece it lies in. The other slot's runs
 * are lost.
 */
export function split(slot: u32, runs: u32, pieces: u32): u32 {
  const parts = splitPieces(slot, runs, pieces)
  if (layout.pixelBytes == 2) measure<i16>(slot ^ 1, partedRuns)
  else measure<f32>(slot ^ 1, partedRuns)
  return parts
}

/** Links between pieces of one slice that touch under different labels; returns their number. */
export function touch(slot: u32, runs: u32, pieces: u32, reach: u32): u32 {
  return layout.labelled ? touchingPieces(slot, runs, pieces, reach) : 0
}

/** Links between the pieces of two neighbouring slices by 6, 18 or 26 neighbours; returns their number. */
export function link(
  from: u32,
  to: u32,
  runsFrom: u32,
  runsTo: u32,
  piecesFrom: u32,
  piecesTo: u32,
  neighbours: u32,
): u32 {
  return linkSlices(from, to, runsFrom, runsTo, piecesFrom, piecesTo, neighbours)
}
