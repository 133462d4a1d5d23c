/**
 * Seeded pictures for tests: masks of every awkward shape, and stored values painted through them so that a pixel is calcified
 * exactly where its mask says so, with values at, just below and just above every edge of the ladder. One seed gives one picture
 * everywhere; a suite prints the seed it failed on.
 */
import type { StandardRules } from '../bindings/score/standard.js'
import type { Padding, PixelKind, Rescale, SliceArray } from '../bindings/volume/volume.js'
import type { Input } from './reference/types.js'

/** Uniform random numbers from a seed, the same on every machine. */
export interface Random {
  readonly seed: number
  /** In [0, 1). */
  next(): number
  /** Whole number in [0, n). */
  below(n: number): number
  /** One of a list. */
  pick<T>(from: readonly T[]): T
}

/** A Weyl sequence through a 32-bit mixer: no state but a counter, every seed a different start. */
export function random(seed: number): Random {
  let counter = Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1)
  const next = (): number => {
    counter = (counter + 0x9e3779b9) | 0
    let x = counter
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
    return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32
  }
  const below = (n: number): number => Math.floor(next() * n)
  return { seed, next, below, pick: (from) => from[below(from.length)]! }
}

/** Which pixels of one slice are to be calcified: 0 or 1, row by row. */
export interface Mask {
  readonly name: string
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

function mask(name: string, width: number, height: number, on: (row: number, column: number) => boolean): Mask {
  const data = Uint8Array.from({ length: width * height }, (_, i) => Number(on(Math.floor(i / width), i % width)))
  return { name: `${name} ${width}x${height}`, width, height, data }
}

/** Noise in square blocks of `granularity` pixels (1 to 16); `density` of them (0 to 1) are on. */
export function randomMask(width: number, height: number, density: number, granularity: number, from: Random): Mask {
  const across = Math.ceil(width / granularity)
  const blocks = Array.from({ length: across * Math.ceil(height / granularity) }, () => from.next() < density)
  const on = (row: number, column: number): boolean =>
    blocks[Math.floor(row / granularity) * across + Math.floor(column / granularity)]!
  return mask(`noise density=${density} granularity=${granularity} seed=${from.seed}`, width, height, on)
}

/** One path, one pixel wide, that winds inwards with a gap of one: the longest thin component. */
function spiral(width: number, height: number): Mask {
  const path = mask('spiral', width, height, () => false)
  const isFree = (row: number, column: number): boolean =>
    row < 0 || column < 0 || row >= height || column >= width || path.data[row * width + column] === 0
  const isInside = (row: number, column: number): boolean => row >= 0 && column >= 0 && row < height && column < width
  let [row, column, down, right, turns] = [0, 0, 0, 1, 0]
  path.data[0] = 1
  while (turns < 2) {
    const [r, c] = [row + down, column + right]
    if (isInside(r, c) && isFree(r, c) && isFree(r + down, c + right)) {
      path.data[r * width + c] = 1
      ;[row, column, turns] = [r, c, 0]
    } else {
      ;[down, right, turns] = [right, -down, turns + 1]
    }
  }
  return path
}

/** Every fixed shape at this size. */
export function shapeMasks(width: number, height: number): Mask[] {
  const shape = (name: string, on: (row: number, column: number) => boolean): Mask => mask(name, width, height, on)
  const fromRim = (row: number, column: number): number => Math.min(row, column, height - 1 - row, width - 1 - column)
  const corner = (name: string, r: number, c: number): Mask => shape(name, (row, column) => row === r && column === c)
  return [
    shape('all', () => true),
    shape('none', () => false),
    shape('checkerboard', (row, column) => (row + column) % 2 === 0),
    shape('checkerboard, other phase', (row, column) => (row + column) % 2 === 1),
    shape('dots', (row, column) => row % 2 === 0 && column % 2 === 0),
    shape('comb, joined in the first row', (row, column) => row === 0 || column % 2 === 0),
    shape('comb, joined in the last row', (row, column) => row === height - 1 || column % 2 === 0),
    shape('comb, joined in the first column', (row, column) => column === 0 || row % 2 === 0),
    shape('comb, joined in the last column', (row, column) => column === width - 1 || row % 2 === 0),
    spiral(width, height),
    shape('diagonal stripes, falling', (row, column) => (row - column + width * 3) % 3 === 0),
    shape('diagonal stripes, rising', (row, column) => (row + column) % 3 === 0),
    shape('nested rings', (row, column) => fromRim(row, column) % 2 === 0),
    shape('nested rings, rim off', (row, column) => fromRim(row, column) % 2 === 1),
    corner('first pixel', 0, 0),
    corner('end of the first row', 0, width - 1),
    corner('start of the last row', height - 1, 0),
    corner('last pixel', height - 1, width - 1),
  ]
}

export interface PaintOptions {
  readonly kind: PixelKind
  readonly standard: StandardRules
  readonly rescale: (slice: number) => Rescale
  /** Padding stored inside the calcified range is painted on pixels that are off. */
  readonly padding?: ((slice: number) => Padding | null) | undefined
  readonly random: Random
}

/** Stored values of the slices, one mask each. @throws RangeError where a mask asks for what no stored value can give */
export function paintSlices(masks: readonly Mask[], options: PaintOptions): SliceArray {
  const size = masks[0]!.data.length
  const pixels = newPixels(options.kind, size * masks.length)
  for (const [k, { name, data }] of masks.entries()) {
    const palette = paletteOf(options, options.rescale(k), options.padding?.(k) ?? null)
    for (let i = 0; i < size; i++) {
      const values = data[i] ? palette.on : palette.off
      if (values.length === 0) {
        throw new RangeError(
          `slice ${k} (${name}): no ${options.kind} value is ${data[i] ? 'calcified' : 'background'}`,
        )
      }
      pixels[k * size + i] = options.random.pick(values)
    }
  }
  return pixels
}

export function newPixels(kind: PixelKind, length: number): SliceArray {
  if (kind === 'int16') return new Int16Array(length)
  return kind === 'uint16' ? new Uint16Array(length) : new Float32Array(length)
}

/** Stored values to paint with: around every edge, at the ends of the type, and some between. */
function paletteOf(options: PaintOptions, { slope, intercept }: Rescale, padding: Padding | null) {
  const { kind, standard, random: from } = options
  const { thresholdHu, ladderHu, upperHu, volumeThresholdHu } = standard
  const edges = [thresholdHu, ...ladderHu, upperHu, volumeThresholdHu].filter((hu) => hu !== null)
  const grain = kind === 'float32' ? 1024 : 1
  const between = Array.from({ length: 24 }, (_, n) => (n % 2 ? -1024 + 4096 * from.next() : 130 + 400 * from.next()))
  const values = edges.flatMap((hu) => around(kind, (hu - intercept) / slope))
  for (const hu of between) values.push(Math.round(((hu - intercept) / slope) * grain) / grain)
  if (kind !== 'float32') values.push(...(kind === 'int16' ? [-32768, -1, 0, 1, 32767] : [0, 1, 65535]))
  if (padding) for (const ends of [padding.low, padding.high]) values.push(...around(kind, ends))

  const isOn = (stored: number): boolean => {
    if (padding && stored >= padding.low && stored <= padding.high) return false
    const hu = slope * stored + intercept
    const reached = standard.thresholdRule === '>=' ? hu >= standard.thresholdHu : hu > standard.thresholdHu
    return reached && (standard.upperHu === null || hu <= standard.upperHu)
  }
  const possible = values.filter((stored) => Object.is(newPixels(kind, 1).fill(stored)[0], stored))
  return { on: possible.filter(isOn), off: possible.filter((stored) => !isOn(stored)) }
}

/** The value itself where it can be stored, and the nearest storable values on both sides of it. */
function around(kind: PixelKind, value: number): number[] {
  if (kind !== 'float32') return [-1, 0, 1, 2].map((step) => Math.floor(value) + step)
  const middle = Math.fround(value)
  const bits = new Int32Array(new Float32Array([middle]).buffer)[0]!
  const next = (step: number): number => new Float32Array(new Int32Array([bits + step]).buffer)[0]!
  return middle === 0 ? [0, -1, 1] : [middle, next(-1), next(1), Math.fround(value - 1), Math.fround(value + 1)]
}

/** Blocks of labels 0 (outside) to `count`. */
export function paintLabels(size: readonly [number, number, number], count: number, from: Random): Uint8Array {
  const [rows, columns, slices] = size
  const side = 1 + from.below(9)
  const blocks = Array.from({ length: 4096 }, () => from.below(count + 1))
  const labelAt = (k: number, row: number, column: number): number =>
    blocks[(k * 61 + Math.floor(row / side) * 67 + Math.floor(column / side) * 71) % blocks.length]!
  return Uint8Array.from({ length: rows * columns * slices }, (_, i) =>
    labelAt(Math.floor(i / (rows * columns)), Math.floor(i / columns) % rows, i % columns),
  )
}

/** What the reference scores, of a known pixel kind. */
export interface PaintedVolume extends Input {
  readonly pixels: SliceArray
  readonly thicknessMm: number
  readonly kind: PixelKind
  readonly seed: number
  readonly masks: readonly Mask[]
}

const RESCALES: readonly Rescale[] = [
  { slope: 1, intercept: -1024 },
  { slope: 1, intercept: 0 },
  { slope: 1, intercept: -8192 },
  { slope: 0.5, intercept: -100.25 },
  { slope: -1, intercept: 1000 },
  { slope: -0.25, intercept: 500.1 },
  { slope: 0.1, intercept: -3 },
  { slope: 2.0000305, intercept: -1024.7 },
  { slope: 3, intercept: -1000 },
  { slope: 1e-3, intercept: 129.99 },
  // Neighbouring stored values round to one HU: order of stored values and of HU part here.
  { slope: 1e-14, intercept: 130 },
]
const SPACINGS = [[1, 1], [0.5, 0.5], [0.25, 4], [0.4, 0.7], [0.1, 0.1], [0.488, 0.488], [0.9765625, 0.33]] as const // prettier-ignore

/**
 * A whole volume from one seed: size, kind, rescale, padding, labels and shapes all vary. Sides go up to `maxSide`. Float values
 * are coarse enough for every sum of them to be exact in float64, so suites compare sums with `===`.
 */
export function paintVolume(seed: number, standard: StandardRules, maxSide = 70, maxSlices = 5): PaintedVolume {
  const from = random(seed)
  const [rows, columns, slices] = [1 + from.below(maxSide), 1 + from.below(maxSide), 1 + from.below(maxSlices)]
  const kind = from.pick<PixelKind>(['int16', 'uint16', 'float32'])
  const usable = RESCALES.filter((rescale) => {
    const { on, off } = paletteOf({ kind, standard, rescale: () => rescale, random: random(1) }, rescale, null)
    return on.length > 0 && off.length > 0 && (kind !== 'float32' || Math.abs(rescale.slope) >= 0.1)
  })
  const varies = from.next() < 0.3
  const rescales = Array.from({ length: slices }, () => from.pick(usable))
  const rescale = (k: number): Rescale => rescales[varies ? k : 0]!
  const padding = from.next() < 0.3 ? (k: number) => paddingAt(kind, rescale(k), 210) : undefined
  const masks = Array.from({ length: slices }, () =>
    from.next() < 0.3
      ? from.pick(shapeMasks(columns, rows))
      : randomMask(
          columns,
          rows,
          from.pick([0.02, 0.1, 0.3, 0.5, 0.6, 0.9]),
          1 + from.below(from.pick([1, 3, 16])),
          from,
        ),
  )
  const labels = from.next() < 0.5 ? paintLabels([rows, columns, slices], 4, from) : undefined
  const pixels = paintSlices(masks, { kind, standard, rescale, padding, random: from })
  const scan = { pixelSpacingMm: from.pick(SPACINGS), incrementMm: from.pick([3, 2.5, 1.5, 0.625]), thicknessMm: 3 }
  return { pixels, rows, columns, slices, ...scan, rescale, padding, labels, kind, seed, masks }
}

/** A band of three stored values that hold about this HU. */
function paddingAt(kind: PixelKind, { slope, intercept }: Rescale, hu: number): Padding {
  const [low, high] = kind === 'uint16' ? [0, 65532] : [-32768, 32764]
  const middle = Math.min(Math.max(Math.floor((hu - intercept) / slope), low), high)
  return { low: middle, high: middle + 2 }
}
