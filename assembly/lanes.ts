/**
 * Pixels in, bit masks out: 64 pixels become one 64-bit mask, bit i set where pixel i is calcified. The only file that knows
 * v128; the SIMD and the scalar spelling stand side by side, and `ASC_FEATURE_SIMD` leaves one of them in each module.
 *
 * A stored value is compared through its key: the value with the bits of `flip` turned over, which puts unsigned values
 * (0x8000), falling ones (0xffff: a negative slope) and both (0x7fff) into the order of signed 16-bit HU. For float32 the
 * key's flip is the sign bit. So one comparison serves every kind of pixel, and the ladder is moved to the pixels, never the
 * pixels to HU.
 *
 *   calcified = low <= key <= high, and not skipLow <= key <= skipHigh (padding)
 *
 * Nearly all chunks of a CT hold nothing: the maximum of 64 keys is compared first, and only a chunk that holds something is
 * turned into bits. NaN compares false everywhere and is never calcified.
 */

/** The interval of calcified keys, and of padding among them. Set once a slice by `threshold`. */
export let flip16: i32 = 0
export let low16: i32 = 0
export let high16: i32 = 0
export let skipLow16: i32 = 0
export let skipHigh16: i32 = 0
export let flip32: i32 = 0
export let low32: f32 = 0
export let high32: f32 = 0
export let skipLow32: f32 = 0
export let skipHigh32: f32 = 0
/** Whether an upper limit or padding narrows the interval: most slices have neither. */
let narrow: bool = false

export function setInterval16(flip: i32, low: i32, high: i32, skipLow: i32, skipHigh: i32): void {
  flip16 = flip
  low16 = low
  high16 = high
  skipLow16 = skipLow
  skipHigh16 = skipHigh
  narrow = high < i16.MAX_VALUE || skipLow <= skipHigh
}

export function setInterval32(flip: i32, low: f32, high: f32, skipLow: f32, skipHigh: f32): void {
  flip32 = flip
  low32 = low
  high32 = high
  skipLow32 = skipLow
  skipHigh32 = skipHigh
  narrow = high < f32.MAX_VALUE || skipLow <= skipHigh
}

/** Key of one 16-bit stored value. */
export function key16(at: u32): i32 {
  return i32(load<i16>(at)) ^ ((flip16 << 16) >> 16)
}

/** Key of one float32 stored value. */
export function key32(at: u32): f32 {
  return reinterpret<f32>(load<i32>(at) ^ flip32)
}

/** Mask of the 64 pixels from `at`. Reads all 64, whatever the row's width: the caller clears what lies beyond it. */
export function mask64<T>(at: u32): u64 {
  if (isFloat<T>()) {
    if (ASC_FEATURE_SIMD) return maskFloatSimd(at)
    return maskFloatScalar(at)
  }
  if (ASC_FEATURE_SIMD) return maskIntSimd(at)
  return maskIntScalar(at)
}

function maskIntSimd(at: u32): u64 {
  const f = i16x8.splat(i16(flip16))
  const t = i16x8.splat(i16(low16))
  const a = v128.xor(v128.load(at), f)
  const b = v128.xor(v128.load(at, 16), f)
  const c = v128.xor(v128.load(at, 32), f)
  const d = v128.xor(v128.load(at, 48), f)
  const e = v128.xor(v128.load(at, 64), f)
  const g = v128.xor(v128.load(at, 80), f)
  const h = v128.xor(v128.load(at, 96), f)
  const k = v128.xor(v128.load(at, 112), f)
  const top = i16x8.max_s(
    i16x8.max_s(i16x8.max_s(a, b), i16x8.max_s(c, d)),
    i16x8.max_s(i16x8.max_s(e, g), i16x8.max_s(h, k)),
  )
  if (!v128.any_true(i16x8.ge_s(top, t))) return 0
  return (
    u64(bits16(a, b, t)) |
    (u64(bits16(c, d, t)) << 16) |
    (u64(bits16(e, g, t)) << 32) |
    (u64(bits16(h, k, t)) << 48)
  )
}

/** 16 keys -> 16 bits. */
function bits16(a: v128, b: v128, t: v128): u32 {
  return u32(i8x16.bitmask(i8x16.narrow_i16x8_s(inside16(a, t), inside16(b, t))))
}

function inside16(keys: v128, t: v128): v128 {
  const at = i16x8.ge_s(keys, t)
  if (!narrow) return at
  const below = i16x8.le_s(keys, i16x8.splat(i16(high16)))
  if (skipLow16 > skipHigh16) return v128.and(at, below)
  const skip = v128.and(
    i16x8.ge_s(keys, i16x8.splat(i16(skipLow16))),
    i16x8.le_s(keys, i16x8.splat(i16(skipHigh16))),
  )
  return v128.andnot(v128.and(at, below), skip)
}

function maskIntScalar(at: u32): u64 {
  let mask: u64 = 0
  for (let i: u32 = 0; i < 64; i++) {
    mask |= u64(key16(at + (i << 1)) >= low16) << i
  }
  if (!mask || !narrow) return mask
  for (let rest = mask; rest; rest &= rest - 1) {
    const i = u32(ctz(rest))
    const key = key16(at + (i << 1))
    if (key > high16 || (key >= skipLow16 && key <= skipHigh16)) mask &= ~((<u64>1) << i)
  }
  return mask
}

function maskFloatSimd(at: u32): u64 {
  const f = i32x4.splat(flip32)
  const t = f32x4.splat(low32)
  let mask: u64 = 0
  for (let i: u32 = 0; i < 4; i++) {
    const a = v128.xor(v128.load(at), f)
    const b = v128.xor(v128.load(at, 16), f)
    const c = v128.xor(v128.load(at, 32), f)
    const d = v128.xor(v128.load(at, 48), f)
    const words = i8x16.narrow_i16x8_s(
      i16x8.narrow_i32x4_s(inside32(a, t), inside32(b, t)),
      i16x8.narrow_i32x4_s(inside32(c, t), inside32(d, t)),
    )
    mask |= u64(u32(i8x16.bitmask(words))) << (i << 4)
    at += 64
  }
  return mask
}

function inside32(keys: v128, t: v128): v128 {
  const at = f32x4.ge(keys, t)
  if (!narrow) return at
  const below = f32x4.le(keys, f32x4.splat(high32))
  const skip = v128.and(f32x4.ge(keys, f32x4.splat(skipLow32)), f32x4.le(keys, f32x4.splat(skipHigh32)))
  return v128.andnot(v128.and(at, below), skip)
}

function maskFloatScalar(at: u32): u64 {
  let mask: u64 = 0
  for (let i: u32 = 0; i < 64; i++) {
    const key = key32(at + (i << 2))
    const inside = key >= low32 && key <= high32 && !(key >= skipLow32 && key <= skipHigh32)
    mask |= u64(inside) << i
  }
  return mask
}

/** Where `measureRun16` leaves what it found beside the sum, which it returns. */
export let peak16: i32 = 0
export let above2: u32 = 0
export let above3: u32 = 0
export let above4: u32 = 0

/** Density edges, as keys, of the slice being measured. */
export let edge2: i32 = 0
export let edge3: i32 = 0
export let edge4: i32 = 0

export function setEdges16(e2: i32, e3: i32, e4: i32): void {
  edge2 = e2
  edge3 = e3
  edge4 = e4
}

/** Sum of the keys of `n` pixels from `at`, n >= 1; their peak and counts at or above each edge are left in the globals. */
export function measureRun16(at: u32, n: u32): i32 {
  if (ASC_FEATURE_SIMD) {
    if (n > 4) return measureSimd(at, n)
  }
  let sum = 0
  let peak: i32 = i16.MIN_VALUE
  let c2 = 0
  let c3 = 0
  let c4 = 0
  for (const end = at + (n << 1); at < end; at += 2) {
    const key = key16(at)
    sum += key
    peak = key > peak ? key : peak
    c2 += i32(key >= edge2)
    c3 += i32(key >= edge3)
    c4 += i32(key >= edge4)
  }
  peak16 = peak
  above2 = c2
  above3 = c3
  above4 = c4
  return sum
}

/**
 * Eight pixels a step; in the last step the lanes beyond the run are set to the lowest key, which is no peak, lies below
 * every edge (an edge at or below it is counted from `n` instead) and is taken off the sum again. Sums: at most 4096 keys of
 * 16 bits, so 32 bits hold them, and counts of at most 512 a lane fit 16.
 */
function measureSimd(at: u32, n: u32): i32 {
  const f = i16x8.splat(i16(flip16))
  const e2 = i16x8.splat(i16(edge2))
  const e3 = i16x8.splat(i16(edge3))
  const e4 = i16x8.splat(i16(edge4))
  const lowest = i16x8.splat(i16.MIN_VALUE)
  let sum = i32x4.splat(0)
  let peak = lowest
  let c2 = i16x8.splat(0)
  let c3 = c2
  let c4 = c2
  let left = i32(n)
  for (; left > 0; left -= 8, at += 16) {
    let keys = v128.xor(v128.load(at), f)
    if (left < 8) {
      const lanes = i16x8.gt_s(i16x8.splat(i16(left)), i16x8(0, 1, 2, 3, 4, 5, 6, 7))
      keys = v128.bitselect(keys, lowest, lanes)
    }
    sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_s(keys))
    peak = i16x8.max_s(peak, keys)
    c2 = i16x8.sub(c2, i16x8.ge_s(keys, e2))
    c3 = i16x8.sub(c3, i16x8.ge_s(keys, e3))
    c4 = i16x8.sub(c4, i16x8.ge_s(keys, e4))
  }
  const over = -left // lanes beyond the run
  peak = i16x8.max_s(peak, v128.shuffle<i16>(peak, peak, 4, 5, 6, 7, 0, 1, 2, 3))
  peak = i16x8.max_s(peak, v128.shuffle<i16>(peak, peak, 2, 3, 0, 1, 6, 7, 4, 5))
  peak = i16x8.max_s(peak, v128.shuffle<i16>(peak, peak, 1, 0, 3, 2, 5, 4, 7, 6))
  peak16 = i16x8.extract_lane_s(peak, 0)
  above2 = counted(c2, edge2, over)
  above3 = counted(c3, edge3, over)
  above4 = counted(c4, edge4, over)
  return total32(sum) + over * 32768
}

/** Total of eight counters, without the `over` lanes where the edge is so low that even they were counted; 0 for an edge out of reach. */
function counted(counts: v128, edge: i32, over: i32): u32 {
  if (edge > i16.MAX_VALUE) return 0
  return total32(i32x4.extadd_pairwise_i16x8_s(counts)) - (edge <= i16.MIN_VALUE ? over : 0)
}

function total32(v: v128): i32 {
  v = i32x4.add(v, v128.shuffle<i32>(v, v, 2, 3, 0, 1))
  v = i32x4.add(v, v128.shuffle<i32>(v, v, 1, 0, 3, 2))
  return i32x4.extract_lane(v, 0)
}
