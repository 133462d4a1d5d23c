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
import { columns, edges, labelled, labelsAt, pixelBytes, rowStarts, rows, windowAt } from './layout'
import { mask64 } from './lanes'

/** Find the runs of the window's slice; returns their number. */
export function findRuns<T>(slot: u32): u32 {
  const first = edges(slot)
  const starts = rowStarts(slot)
  const pitch = columns * pixelBytes
  let out = first
  for (let y: u32 = 0; y < rows; y++) {
    store<u32>(starts + (y << 2), (out - first) >> 2)
    const before = out
    out = rowEdges<T>(windowAt + y * pitch, out)
    if (labelled && out > before) out = cut(labelsAt + y * columns, before, out)
  }
  store<u32>(starts + (rows << 2), (out - first) >> 2)
  return (out - first) >> 2
}

/** No run at all: for a threshold no stored value can reach. */
export function noRuns(slot: u32): u32 {
  memory.fill(rowStarts(slot), 0, (rows + 1) << 2)
  return 0
}

/** Write the edges of one row from `out` on; returns where the next row's begin. */
function rowEdges<T>(at: u32, out: u32): u32 {
  let carry: u64 = 0
  for (let x: u32 = 0; x < columns; x += 64) {
    let m = mask64<T>(at)
    at += 64 * sizeof<T>()
    if (!(m | carry)) continue
    const left = columns - x
    if (left < 64) m &= ((<u64>1) << left) - 1
    let t = m ^ ((m << 1) | carry)
    carry = m >> 63
    while (t) {
      store<u16>(out, x + u32(ctz(t)))
      out += 2
      t &= t - 1
    }
  }
  if (carry) {
    store<u16>(out, columns)
    out += 2
  }
  return out
}

/**
 * Cut the runs of one row where the label changes, and drop what has label 0. The cut runs are more than the uncut ones, so
 * they are written behind them first, and then moved down over them: at most W runs are written, of pixels that lie in the
 * (at most ceil(W / 2)) uncut ones. The slot holds H x W runs, of which the rows above use at most y x W; the last row's
 * uncut and cut runs together may exceed its W by ceil(W / 2), which the slot's next array (pieces of runs) has room for,
 * being written only after.
 */
function cut(labels: u32, from: u32, to: u32): u32 {
  let out = to
  for (let run = from; run < to; run += 4) {
    const end = u32(load<u16>(run, 2))
    let start = u32(load<u16>(run))
    while (start < end) {
      const label = load<u8>(labels + start)
      let x = start + 1
      while (x < end && load<u8>(labels + x) == label) x++
      if (label) {
        store<u16>(out, start)
        store<u16>(out, x, 2)
        out += 4
      }
      start = x
    }
  }
  memory.copy(from, to, out - to)
  return from + (out - to)
}
