/**
 * A slice -> runs, by walking set bits. Where a bit of the mask differs from the bit before it a run starts or ends, so the
 * changes t = m xor (m << 1 | carry) are the run's edges in order, and each costs one count of trailing zeros and one store:
 *
 *   m      ..111..1.      (pixel 0 first)
 *   m << 1 ...111..1
 *   t      ..1..1.11      start, end, start, end
 *
 * `carry` is the last bit of the chunk before. The mask is cleared beyond the row's width, so an open run ends there; where
 * the width is a multiple of 64 the carry says so. With labels a run is cut where the label changes, and dropped where it is
 * 0. Each row writes at most ceil(W / 2) runs, W with labels: the slot's bound (layout).
 */
import { columns, edges, labelled, labelsAt, pitch, pixelBytes, rows, windowAt } from './layout'
import { mask64, nextChunk } from './lanes'

/** Find the runs of the window's slice; returns their number. */
export function findRuns<T>(slot: u32): u32 {
  const first = edges(slot)
  let out = first
  for (let y: u32 = 0; y < rows; y++) {
    const before = out
    out = rowEdges<T>(windowAt + y * columns * pixelBytes, y * pitch, out)
    if (labelled && out > before) out = cut(labelsAt + y * columns, y * pitch, before, out)
  }
  return (out - first) >> 3
}

/** Write the edges of one row, whose first place is `place`, from `out` on; returns where the next row's begin. */
function rowEdges<T>(row: u32, place: u32, out: u32): u32 {
  const chunk: u32 = 64 * sizeof<T>()
  const wholeEnd = row + (columns >> 6) * chunk
  let at = row
  let carry: u64 = 0
  while (true) {
    if (!carry) at = nextChunk<T>(at, wholeEnd)
    if (at >= wholeEnd) break
    const m = mask64<T>(at)
    out = changes(m ^ ((m << 1) | carry), place + (at - row) / sizeof<T>(), out)
    carry = m >> 63
    at += chunk
  }
  const rest = columns & 63
  if (rest) {
    const m = mask64<T>(at) & (((<u64>1) << rest) - 1)
    out = changes(m ^ ((m << 1) | carry), place + columns - rest, out)
  } else if (carry) {
    store<u32>(out, place + columns)
    out += 4
  }
  return out
}

/**
 * Write the places of the set bits, the first of which is `place`. A chunk of a CT has none, one or two, so two are written
 * whatever they are and kept by arithmetic; what is written past the last edge lies within the slot (its pieces of runs come
 * next and are written later) and is overwritten.
 */
function changes(t: u64, place: u32, out: u32): u32 {
  store<u32>(out, place + u32(ctz(t)))
  out += u32(t != 0) << 2
  t &= t - 1
  store<u32>(out, place + u32(ctz(t)))
  out += u32(t != 0) << 2
  t &= t - 1
  while (t) {
    store<u32>(out, place + u32(ctz(t)))
    out += 4
    t &= t - 1
  }
  return out
}

/**
 * Cut the runs of one row where the label changes, and drop what has label 0. The cut runs are more than the uncut ones, so
 * they are written behind them first, and then moved down over them: at most W runs are written, of pixels that lie in the
 * (at most ceil(W / 2)) uncut ones. The slot holds H x W runs, of which the rows above use at most y x W; the last row's
 * uncut and cut runs together may exceed its W by ceil(W / 2), which the slot's next array (pieces of runs, four bytes each to
 * the eight of a run) has room for, being written only after.
 */
function cut(labels: u32, place: u32, from: u32, to: u32): u32 {
  let out = to
  for (let run = from; run < to; run += 8) {
    const end = load<u32>(run, 4) - place
    let start = load<u32>(run) - place
    while (start < end) {
      const label = load<u8>(labels + start)
      let x = start + 1
      while (x < end && load<u8>(labels + x) == label) x++
      if (label) {
        store<u32>(out, place + start)
        store<u32>(out, place + x, 4)
        out += 8
      }
      start = x
    }
  }
  memory.copy(from, to, out - to)
  return from + (out - to)
}
