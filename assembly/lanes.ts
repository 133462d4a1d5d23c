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
 * Nearly all chunks of a CT hold nothing: `nextChunk` runs over them comparing the maximum of 64 keys, and only a chunk that
 * holds something is turned into bits. NaN compares false everywhere and is never calcified.
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
/** Whether the stored value is the key and only `low` bounds it: nearly every CT. */
let plain: bool = false

export function setInterval16(flip: i32, low: i32, high: i32, skipLow: i32, skipHigh: i32): void {
  flip16 = flip
  low16 = low
  high16 = high
  skipLow16 = skipLow
  skipHigh16 = skipHigh
  narrow = high < i16.MAX_VALUE || skipLow <= skipHigh
  plain = flip == 0 && !narrow
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

/**
 * First chunk of 64 pixels, from `at` up to `end`, that holds a key of at least `low`; `end` where none does. Both lie a
 * whole number of chunks apart. The scalar module looks no further than the chunk it stands on.
 */
export function nextChunk<T>(at: u32, end: u32): u32 {
  if (isFloat<T>()) {
    if (ASC_FEATURE_SIMD) return nextFloats(at, end)
  } else {
    if (ASC_FEATURE_SIMD) return flip16 == 0 ? nextSigned(at, end) : nextFlipped(at, end)
  }
  return at
}

/** Keys are the stored values themselves: nearly every CT. */
function nextSigned(at: u32, end: u32): u32 {
  const t = i16x8.splat(i16(low16))
  for (; at < end; at += 128) {
    const top = i16x8.max_s(
      i16x8.max_s(i16x8.max_s(v128.load(at), v128.load(at, 16)), i16x8.max_s(v128.load(at, 32), v128.load(at, 48))),
      i16x8.max_s(
        i16x8.max_s(v128.load(at, 64), v128.load(at, 80)),
        i16x8.max_s(v128.load(at, 96), v128.load(at, 112)),
      ),
    )
    if (v128.any_true(i16x8.ge_s(top, t))) break
  }
  return at
}

function nextFlipped(at: u32, end: u32): u32 {
  const t = i16x8.splat(i16(low16))
  const f = i16x8.splat(i16(flip16))
  for (; at < end; at += 128) {
    const top = i16x8.max_s(
      i16x8.max_s(
        i16x8.max_s(v128.xor(v128.load(at), f), v128.xor(v128.load(at, 16), f)),
        i16x8.max_s(v128.xor(v128.load(at, 32), f), v128.xor(v128.load(at, 48), f)),
      ),
      i16x8.max_s(
        i16x8.max_s(v128.xor(v128.load(at, 64), f), v128.xor(v128.load(at, 80), f)),
        i16x8.max_s(v128.xor(v128.load(at, 96), f), v128.xor(v128.load(at, 112), f)),
      ),
    )
    if (v128.any_true(i16x8.ge_s(top, t))) break
  }
  return at
}

/** Half a chunk a step would do; a whole one keeps the loop of the caller the same. */
function nextFloats(at: u32, end: u32): u32 {
  const t = f32x4.splat(low32)
  const f = i32x4.splat(flip32)
  for (; at < end; at += 256) {
    let any = f32x4.ge(v128.xor(v128.load(at), f), t)
    for (let i: u32 = 16; i < 256; i += 16) any = v128.or(any, f32x4.ge(v128.xor(v128.load(at + i), f), t))
    if (v128.any_true(any)) break
  }
  return at
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
  const t = i16x8.splat(i16(low16))
  if (plain) {
    return (
      bits16(i16x8.ge_s(v128.load(at), t), i16x8.ge_s(v128.load(at, 16), t), 0) |
      bits16(i16x8.ge_s(v128.load(at, 32), t), i16x8.ge_s(v128.load(at, 48), t), 16) |
      bits16(i16x8.ge_s(v128.load(at, 64), t), i16x8.ge_s(v128.load(at, 80), t), 32) |
      bits16(i16x8.ge_s(v128.load(at, 96), t), i16x8.ge_s(v128.load(at, 112), t), 48)
    )
  }
  return (
    bits16(inside16(at, t), inside16(at + 16, t), 0) |
    bits16(inside16(at + 32, t), inside16(at + 48, t), 16) |
    bits16(inside16(at + 64, t), inside16(at + 80, t), 32) |
    bits16(inside16(at + 96, t), inside16(at + 112, t), 48)
  )
}

/** 16 lanes of all ones or zeros -> 16 bits, from bit `shift` on. */
function bits16(a: v128, b: v128, shift: u64): u64 {
  return u64(u32(i8x16.bitmask(i8x16.narrow_i16x8_s(a, b)))) << shift
}

/** Eight pixels against the whole interval. */
function inside16(at: u32, t: v128): v128 {
  const keys = v128.xor(v128.load(at), i16x8.splat(i16(flip16)))
  const above = v128.and(i16x8.ge_s(keys, t), i16x8.le_s(keys, i16x8.splat(i16(high16))))
  if (skipLow16 > skipHigh16) return above
  const skip = v128.and(i16x8.ge_s(keys, i16x8.splat(i16(skipLow16))), i16x8.le_s(keys, i16x8.splat(i16(skipHigh16))))
  return v128.andnot(above, skip)
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
  if (ASC_FEATURE_SIMD) return measureSimd(at, i32(n))
  return measureScalar(at, n)
}

function measureScalar(at: u32, n: u32): i32 {
  let sum = 0
  let peak: i32 = i16.MIN_VALUE
  let c2 = 0
  let c3 = 0
  let c4 = 0
  for (const end = at + (n << 1); at < end; at += 2) {
    const key = key16(at)
    sum += key
    peak = max(peak, key)
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
 * Eight pixels a step. Lanes beyond the run are cleared from the sum and the counts and set to the lowest key for the peak,
 * so a run of up to eight pixels, which is nearly every run of a noisy slice, takes one step without a loop. Sums: at most
 * 4096 keys of 16 bits, which 32 bits hold.
 */
function measureSimd(at: u32, n: i32): i32 {
  const f = i16x8.splat(i16(flip16))
  const e2 = i16x8.splat(i16(edge2))
  const e3 = i16x8.splat(i16(edge3))
  const e4 = i16x8.splat(i16(edge4))
  let sum = i32x4.splat(0)
  let peak = i16x8.splat(i16.MIN_VALUE)
  let n2 = i16x8.splat(0)
  let n3 = n2
  let n4 = n2
  for (; n > 8; n -= 8, at += 16) {
    const keys = v128.xor(v128.load(at), f)
    sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_s(keys))
    peak = i16x8.max_s(peak, keys)
    n2 = i16x8.sub(n2, i16x8.ge_s(keys, e2))
    n3 = i16x8.sub(n3, i16x8.ge_s(keys, e3))
    n4 = i16x8.sub(n4, i16x8.ge_s(keys, e4))
  }
  const keys = v128.xor(v128.load(at), f)
  const lanes = i16x8.gt_s(i16x8.splat(i16(n)), i16x8(0, 1, 2, 3, 4, 5, 6, 7))
  sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_s(v128.and(keys, lanes)))
  peak = i16x8.max_s(peak, v128.bitselect(keys, i16x8.splat(i16.MIN_VALUE), lanes))
  n2 = i16x8.sub(n2, v128.and(lanes, i16x8.ge_s(keys, e2)))
  n3 = i16x8.sub(n3, v128.and(lanes, i16x8.ge_s(keys, e3)))
  n4 = i16x8.sub(n4, v128.and(lanes, i16x8.ge_s(keys, e4)))

  // Four sums of eight or four lanes at once: rows to columns, then add.
  const s2 = i32x4.extadd_pairwise_i16x8_s(n2)
  const s3 = i32x4.extadd_pairwise_i16x8_s(n3)
  const s4 = i32x4.extadd_pairwise_i16x8_s(n4)
  const low = i32x4.add(v128.shuffle<i32>(sum, s2, 0, 4, 1, 5), v128.shuffle<i32>(sum, s2, 2, 6, 3, 7))
  const high = i32x4.add(v128.shuffle<i32>(s3, s4, 0, 4, 1, 5), v128.shuffle<i32>(s3, s4, 2, 6, 3, 7))
  const all = i32x4.add(v128.shuffle<i64>(low, high, 0, 2), v128.shuffle<i64>(low, high, 1, 3))
  above2 = edge2 > i16.MAX_VALUE ? 0 : i32x4.extract_lane(all, 1)
  above3 = edge3 > i16.MAX_VALUE ? 0 : i32x4.extract_lane(all, 2)
  above4 = edge4 > i16.MAX_VALUE ? 0 : i32x4.extract_lane(all, 3)

  peak = i16x8.max_s(peak, v128.shuffle<i16>(peak, peak, 4, 5, 6, 7, 0, 1, 2, 3))
  peak = i16x8.max_s(peak, v128.shuffle<i16>(peak, peak, 2, 3, 0, 1, 6, 7, 4, 5))
  peak = i16x8.max_s(peak, v128.shuffle<i16>(peak, peak, 1, 0, 3, 2, 5, 4, 7, 6))
  peak16 = i16x8.extract_lane_s(peak, 0)
  return i32x4.extract_lane(all, 0)
}
