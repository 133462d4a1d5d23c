/**
 * Runs -> piece records, in order of first appearance. Each run adds its integers to its piece's record: pixels, sum and
 * peak of keys, pixels at or above each density edge, bounding box, sums of row and column.
 *
 * Exactness: a 16-bit run of at most 4096 pixels sums within 32 bits; the record's sums are f64 and stay integers below
 * 2^24 x 2^16 = 2^40. Float32 pixels are added one by one in raster order, in f64, so that SIMD and scalar modules agree to
 * the last bit.
 */
import {
  PIECE_ABOVE2,
  PIECE_ABOVE3,
  PIECE_ABOVE4,
  PIECE_BYTES,
  PIECE_COLUMN0,
  PIECE_COLUMN1,
  PIECE_LABEL,
  PIECE_PEAK,
  PIECE_PIXELS,
  PIECE_ROW0,
  PIECE_ROW1,
  PIECE_SUM,
  PIECE_SUM_COLUMN,
  PIECE_SUM_ROW,
  columns,
  edges,
  labelled,
  labelsAt,
  piecesAt,
  pitch,
  pixelBytes,
  runPieces,
  windowAt,
} from './layout'
import { above2, above3, above4, key32, measureRun16, peak16 } from './lanes'

/** Density edges of float32 slices, as keys. */
export let edge2f: f32 = 0
export let edge3f: f32 = 0
export let edge4f: f32 = 0

export function setEdges32(e2: f32, e3: f32, e4: f32): void {
  edge2f = e2
  edge3f = e3
  edge4f = e4
}

/** Write the records of the pieces of the slot's `count` runs. */
export function measure<T>(slot: u32, count: u32): void {
  const edge = edges(slot)
  const own = runPieces(slot)
  let fresh = piecesAt // records are met in order, so the first run of a piece meets its record at the end of those begun
  let y: u32 = 0
  let row: u32 = 0 // place of the row's first pixel
  for (let i: u32 = 0; i < count; i++) {
    const place = load<u32>(edge + (i << 3))
    for (; place >= row + pitch; row += pitch) y++
    const start = place - row
    const record = piecesAt + load<u32>(own + (i << 2)) * PIECE_BYTES
    if (record == fresh) {
      begin<T>(record, y, start)
      fresh += PIECE_BYTES
    }
    addRun<T>(record, y, start, load<u32>(edge + (i << 3), 4) - row)
  }
}

function begin<T>(record: u32, y: u32, start: u32): void {
  for (let at: u32 = 0; at < PIECE_BYTES; at += 8) store<u64>(record + at, 0) // unrolled; memory.fill is a call out of wasm
  if (isFloat<T>()) store<f32>(record, -Infinity, PIECE_PEAK)
  else store<i32>(record, i16.MIN_VALUE, PIECE_PEAK)
  store<u16>(record, y, PIECE_ROW0)
  store<u16>(record, start, PIECE_COLUMN0)
  if (labelled) store<u32>(record, load<u8>(labelsAt + y * columns + start), PIECE_LABEL)
}

function addRun<T>(record: u32, y: u32, start: u32, end: u32): void {
  const n = end - start
  const at = windowAt + (y * columns + start) * pixelBytes
  store<u32>(record, load<u32>(record, PIECE_PIXELS) + n, PIECE_PIXELS)
  if (isFloat<T>()) addFloats(record, at, n)
  else addInts(record, at, n)
  store<u16>(record, y, PIECE_ROW1)
  store<u16>(record, min<u32>(start, load<u16>(record, PIECE_COLUMN0)), PIECE_COLUMN0)
  store<u16>(record, max<u32>(end - 1, load<u16>(record, PIECE_COLUMN1)), PIECE_COLUMN1)
  store<f64>(record, load<f64>(record, PIECE_SUM_ROW) + f64(y * n), PIECE_SUM_ROW)
  store<f64>(record, load<f64>(record, PIECE_SUM_COLUMN) + f64(((start + end - 1) * n) >> 1), PIECE_SUM_COLUMN)
}

function addInts(record: u32, at: u32, n: u32): void {
  const sum = measureRun16(at, n)
  store<f64>(record, load<f64>(record, PIECE_SUM) + f64(sum), PIECE_SUM)
  store<i32>(record, max<i32>(peak16, load<i32>(record, PIECE_PEAK)), PIECE_PEAK)
  store<u32>(record, load<u32>(record, PIECE_ABOVE2) + above2, PIECE_ABOVE2)
  store<u32>(record, load<u32>(record, PIECE_ABOVE3) + above3, PIECE_ABOVE3)
  store<u32>(record, load<u32>(record, PIECE_ABOVE4) + above4, PIECE_ABOVE4)
}

function addFloats(record: u32, at: u32, n: u32): void {
  let sum = load<f64>(record, PIECE_SUM)
  let peak = load<f32>(record, PIECE_PEAK)
  let c2: u32 = 0
  let c3: u32 = 0
  let c4: u32 = 0
  for (const end = at + (n << 2); at < end; at += 4) {
    const key = key32(at)
    sum += f64(key)
    peak = max<f32>(peak, key)
    c2 += u32(key >= edge2f)
    c3 += u32(key >= edge3f)
    c4 += u32(key >= edge4f)
  }
  store<f64>(record, sum, PIECE_SUM)
  store<f32>(record, peak, PIECE_PEAK)
  store<u32>(record, load<u32>(record, PIECE_ABOVE2) + c2, PIECE_ABOVE2)
  store<u32>(record, load<u32>(record, PIECE_ABOVE3) + c3, PIECE_ABOVE3)
  store<u32>(record, load<u32>(record, PIECE_ABOVE4) + c4, PIECE_ABOVE4)
}
