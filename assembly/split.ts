/**
 * What corners alone hold together: for rules that join 4 neighbours where the slice was labelled by 8.
 *
 * What touches side by side touches, so a piece of 4 neighbours (a part) lies in one piece of 8 (its whole). The runs are joined once
 * more, by their sides only. A whole with one part is that part, and its record says all there is to say; most are. Of the others
 * the runs are gathered and their parts measured, so pixels are read again only where the two rules differ, and every field is
 * what labelling by 4 neighbours would have written, the sums of float32 included.
 *
 * Bounds: parts are pieces, at most R (layout). Their wholes take 4 bytes each of the pairs (which have 16 R), the number of parts of
 * each whole 4 of the forest (8 R), whose sets every call that links makes anew. Gathered runs are at most the slice's, which a slot
 * holds. A run's parent gives way to its part only when it has been looked up; it lies at or before the run, in the same whole.
 */
import { edges, forestAt, pairsAt, parentAt, runPieces } from './layout'
import { joinRuns } from './label'

/** Runs of the parts found by `splitPieces`, which lie in the other slot. */
export let partedRuns: u32 = 0

/**
 * Find the parts of those of the slot's `count` pieces that have several; returns the number of parts. They are numbered by first
 * appearance; the whole of each goes to the pairs, their runs and the part of each run to the other slot.
 */
export function splitPieces(slot: u32, runs: u32, count: u32): u32 {
  joinRuns(slot, runs, 0)
  const end = runs << 2
  const wholes = runPieces(slot)
  memory.fill(forestAt, 0, count << 2)
  for (let i: u32 = 0; i < end; i += 4) {
    if (load<u32>(parentAt + i) << 2 != i) continue
    const parts = partsOf(load<u32>(wholes + i))
    store<u32>(parts, load<u32>(parts) + 1)
  }
  let next: u32 = 0
  const edge = edges(slot)
  const partedEdge = edges(slot ^ 1)
  const parted = runPieces(slot ^ 1)
  let out: u32 = 0
  for (let i: u32 = 0; i < end; i += 4) {
    const whole = load<u32>(wholes + i)
    if (load<u32>(partsOf(whole)) == 1) continue
    const parent = load<u32>(parentAt + i) << 2
    let part = next
    if (parent == i) store<u32>(pairsAt + (next++ << 2), whole)
    else part = load<u32>(parentAt + parent)
    store<u32>(parentAt + i, part)
    store<u32>(parted + out, part)
    store<u64>(partedEdge + (out << 1), load<u64>(edge + (i << 1)))
    out += 4
  }
  partedRuns = out >> 2
  return next
}

/** Where the number of parts of a whole stands. */
function partsOf(whole: u32): u32 {
  return forestAt + (whole << 2)
}
