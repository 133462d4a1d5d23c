/**
 * The overview: the brightest value along lines through the volume, once along the slices and once across them, each pixel as large
 * as it is, and every counted lesion in the colour of its vessel. Bone outshines all calcium, so only the part about the lesions is
 * looked through. Fed slice by slice; what is kept is the two pictures.
 */
import type { Result } from '../../score/result.js'
import type { Geometry } from '../../volume/geometry.js'
import { isCoronary } from '../../volume/territory.js'
import type { LesionPixels } from '../lesion-pixels.js'
import { Canvas, textWidth } from './canvas.js'
import { type KeyPiece, inReadingOrder, nameOf, vesselColour } from './lesion-map.js'
import { type Axis, type Orientation, type Plane, axesOf, orient, placed, turned } from './orient.js'
import { styleOf } from './palette.js'
import type { Picture } from './picture.js'
import { DARK, type GreyWindow, type View, WHITE, borderOf, drawBar, drawLetters, fillGrey, onRaster } from './view.js'

const WIDTH = 640
const MOST_HEIGHT = 720
/** Shown beside the lesions, and looked through before and behind them, mm. */
const BESIDE_MM = 45
const BEHIND_MM = 12
const LEAST_MM = 150
const OVERVIEW_WINDOW: GreyWindow = Object.freeze({ centre: 225, width: 750 })
const LETTER_SIZE = 17
/** Territories that are named in the picture; more would hide it. */
const MOST_NAMES = 12

/** First and last, inclusive. */
type Range = readonly [low: number, high: number]

/** One projection as it grows: the brightest so far, and the brightest of counted calcium with its vessel. */
interface Projection {
  readonly fast: Axis
  readonly orientation: Orientation
  readonly through: Axis
  readonly range: Range
  readonly hu: Float32Array
  readonly peak: Float32Array
  /** 0, or 1 + the number of the territory. */
  readonly vessel: Uint32Array
}

export class Overview {
  readonly #axes: Readonly<Record<Axis['of'], Axis>>
  readonly #territories: readonly (string | null)[]
  readonly #vesselOf: Uint32Array
  readonly #along: Projection
  readonly #across: Projection
  /** Whether all of the volume is looked through. */
  readonly #isWhole: boolean
  readonly #boxes: Readonly<Record<Axis['of'], Range>>

  constructor(geometry: Geometry, result: Result, pixels: LesionPixels) {
    this.#axes = axesOf(geometry)
    const counted = pixels.pieces.filter((piece) => piece.counted)
    this.#territories = inReadingOrder([...new Set(counted.map(({ territory }) => territory))])
    this.#vesselOf = Uint32Array.from(pixels.pieces, (piece) =>
      piece.counted ? 1 + this.#territories.indexOf(piece.territory) : 0,
    )
    this.#isWhole = result.scope === 'whole-image' || counted.length === 0
    this.#boxes = this.#isWhole ? wholeOf(this.#axes) : boxesOf(pixels)
    const { column, row, slice } = this.#axes
    const seen = orient(column, row, slice).kind
    // Across the slices: from the front where that can be, else from the feet.
    const part = (axis: Axis): number => Math.abs(axis.along[seen === 'frontal' ? 2 : 1])
    const [through, kept] = part(row) >= part(column) ? [row, column] : [column, row]
    this.#along = this.#projection(column, row, slice)
    this.#across = this.#projection(kept, slice, through)
  }

  /** @param hu a slice as stored, NaN where there is no picture; @param numbers its pieces, or null where it has none */
  add(k: number, hu: Float32Array, numbers: Uint32Array | null): void {
    const along = this.#along
    const across = this.#across
    const { column, row } = this.#axes
    const isNear = k >= along.range[0] && k <= along.range[1]
    const isRowKept = across.fast.of === 'row'
    const [low, high] = across.range
    for (let r = 0, at = 0; r < row.count; r++) {
      for (let c = 0; c < column.count; c++, at++) {
        const value = hu[at]!
        const vessel = numbers !== null && numbers[at]! > 0 ? this.#vesselOf[numbers[at]! - 1]! : 0
        if (isNear) raise(along, at, value, vessel)
        const depth = isRowKept ? c : r
        if (depth >= low && depth <= high) raise(across, k * across.fast.count + (isRowKept ? r : c), value, vessel)
      }
    }
  }

  /** Both pictures; where each key image lies is told at the side of the second. */
  finish(keys: readonly KeyPiece[]): readonly Picture[] {
    return [this.#picture(this.#along, []), this.#picture(this.#across, keys)]
  }

  #projection(fast: Axis, slow: Axis, through: Axis): Projection {
    const size = fast.count * slow.count
    const margin = this.#isWhole ? 0 : Math.round(BEHIND_MM / through.mm)
    const [low, high] = this.#boxes[through.of]
    return {
      fast,
      through,
      orientation: orient(fast, slow, through),
      range: [Math.max(0, low - margin), Math.min(through.count - 1, high + margin)],
      hu: new Float32Array(size).fill(NaN),
      peak: new Float32Array(size).fill(-Infinity),
      vessel: new Uint32Array(size),
    }
  }

  #picture({ fast, orientation, through, range, hu, vessel }: Projection, keys: readonly KeyPiece[]): Picture {
    const plane = turned(hu, fast, orientation)
    const vessels = turned(vessel, fast, orientation)
    const { view, height } = this.#view(orientation, plane)
    const canvas = new Canvas(WIDTH, height)
    fillGrey(canvas, plane, view, OVERVIEW_WINDOW)
    this.#drawKeys(canvas, orientation, plane, view, keys)
    this.#drawVessels(canvas, vessels, view)
    drawLetters(canvas, orientation, LETTER_SIZE)
    drawBar(canvas, view, LETTER_SIZE)
    const name = { axial: 'Axial', frontal: 'Frontal', sagittal: 'Sagittal' }[orientation.kind]
    const depth = (range[1] - range[0] + 1) * through.mm
    const what = this.#isWhole ? 'the whole volume' : `the ${depth.toFixed(0)} mm about the lesions`
    const { centre, width } = OVERVIEW_WINDOW
    const ticks = keys.length > 0 ? ' Ticks: slices of the key images.' : ''
    const found = this.#territories.map(nameOf).join(', ')
    return Object.freeze({
      kind: 'overview',
      title: `${name} overview`,
      caption: `Maximum intensity through ${what}, counted calcium coloured.${ticks} Window ${centre - width / 2} to ${centre + width / 2} HU.`,
      alt: `${name} maximum intensity projection through ${what}; ${found === '' ? 'no counted calcium' : `counted calcium coloured: ${found}`}.`,
      width: WIDTH,
      height,
      rgb: canvas.rgb,
      territory: null,
      slice: null,
    })
  }

  /** The lesions and what lies beside them. Both pictures show the same width where they share the axis across. */
  #view(
    { across, down, flipAcross, flipDown }: Orientation,
    plane: Plane<Float32Array>,
  ): { view: View; height: number } {
    const [left, shownAcross] = shownOf(across, this.#boxes[across.of], flipAcross, this.#isWhole, plane.width)
    const isSlices = down.of === 'slice' || this.#isWhole
    const [top, shownDown] = shownOf(down, this.#boxes[down.of], flipDown, isSlices, plane.height)
    const scale = Math.min(WIDTH / shownAcross, MOST_HEIGHT / shownDown)
    const spare = WIDTH / scale - shownAcross
    return {
      view: { left: left - spare / 2, top, scale },
      height: Math.max(LETTER_SIZE * 6, Math.round(shownDown * scale)),
    }
  }

  #drawVessels(canvas: Canvas, vessels: Plane<Uint32Array>, view: View): void {
    const { values, width, mmAcross, mmDown } = vessels
    const largest = new Largest(this.#territories.length)
    for (const [n, territory] of this.#territories.entries()) {
      const colour = vesselColour(territory)
      const border = borderOf(vessels, view, (value) => value === n + 1)
      canvas.strokes(border, 4.5, DARK, 0.8)
      for (let at = 0; at < values.length; at++) {
        if (values[at] !== n + 1) continue
        const [x, y] = [at % width, Math.floor(at / width)]
        const [x0, y0] = onRaster(view, vessels, [x, y])
        const [left, top] = [Math.round(x0), Math.round(y0)]
        const right = Math.max(left + 1, Math.round(x0 + mmAcross * view.scale))
        const bottom = Math.max(top + 1, Math.round(y0 + mmDown * view.scale))
        canvas.rect(left, top, right - left, bottom - top, colour)
        largest.add(n, (left + right) / 2, top)
      }
      canvas.strokes(border, 1, colour)
    }
    if (this.#territories.length > MOST_NAMES) return
    const taken: Box[] = []
    for (const [n, territory] of this.#territories.entries()) {
      const point = largest.of(n)
      if (point) drawName(canvas, territory, point, taken)
    }
  }

  #drawKeys(
    canvas: Canvas,
    orientation: Orientation,
    plane: Plane<Float32Array>,
    view: View,
    keys: readonly KeyPiece[],
  ): void {
    const placedKeys = keys
      .map(({ piece, territory }) => {
        const [, y] = onRaster(view, plane, placed(orientation, { slice: piece.slice }))
        return { y, territory, slice: piece.slice }
      })
      .sort((a, b) => a.y - b.y)
    let free = -Infinity
    let last = -1
    for (const { y, territory, slice } of placedKeys) {
      const tick = [[WIDTH - 64, y, WIDTH - 44, y]] as const
      canvas.strokes(tick, 5, DARK, 0.8)
      canvas.strokes(tick, 2.4, vesselColour(territory))
      if (slice === last) continue
      last = slice
      const at = Math.max(y, free)
      free = at + 17
      const style = { size: 12, colour: WHITE, anchor: 'end', halo: { colour: DARK, width: 2.5 } } as const
      canvas.text(String(slice), [WIDTH - 70, at + 6], style)
    }
  }
}

/** Of each territory where its calcium is most on the picture: squares of 24 pixels are told apart, the fullest one counts. */
class Largest {
  readonly #cells: Map<string, { pixels: number; x: number; y: number }>[]

  constructor(territories: number) {
    this.#cells = Array.from({ length: territories }, () => new Map())
  }

  add(n: number, x: number, y: number): void {
    const key = `${Math.floor(x / 24)} ${Math.floor(y / 24)}`
    const cell = this.#cells[n]!.get(key)
    if (!cell) this.#cells[n]!.set(key, { pixels: 1, x, y })
    else {
      cell.pixels++
      cell.y = Math.min(cell.y, y)
    }
  }

  /** The middle of the top of it; null: it does not show. */
  of(n: number): readonly [number, number] | null {
    let best: { pixels: number; x: number; y: number } | null = null
    for (const cell of this.#cells[n]!.values()) if (best === null || cell.pixels > best.pixels) best = cell
    return best && [best.x, best.y]
  }
}

/** Where a name already stands. */
type Box = readonly [left: number, top: number, right: number, bottom: number]

/** The mark of a vessel, and its name, above its calcium, or beside or below where another name stands. */
function drawName(canvas: Canvas, territory: string | null, [x, y]: readonly [number, number], taken: Box[]): void {
  const name = territory === null ? '' : territory.slice(0, 14)
  const width = 24 + textWidth(name, 14)
  const places = [
    [x, y - 18],
    [x + 22, y + 8],
    [x - width - 6, y + 8],
    [x, y + 44],
    [x, y - 40],
    [x + 22, y + 30],
    [x - width - 6, y + 30],
  ] as const
  const boxes = places.map(([atX, atY]): Box => {
    const left = Math.min(canvas.width - width - 4, Math.max(4, atX - 10))
    const top = Math.min(canvas.height - 24, Math.max(4, atY - 10))
    return [left, top, left + width, top + 20]
  })
  const isFree = ([left, top, right, bottom]: Box): boolean =>
    taken.every((other) => right < other[0] || left > other[2] || bottom < other[1] || top > other[3])
  const box = boxes.find(isFree) ?? boxes[0]!
  taken.push(box)
  canvas.mark(styleOf(territory).mark, [box[0] + 10, box[1] + 10], 7, vesselColour(territory))
  const style = { size: 14, colour: WHITE, weight: 0.14, halo: { colour: DARK, width: 3 } } as const
  canvas.text(name, [box[0] + 23, box[1] + 17], style)
}

function raise({ hu, peak, vessel }: Projection, at: number, value: number, of: number): void {
  if (!(value <= hu[at]!)) {
    if (!Number.isNaN(value)) hu[at] = value
  }
  if (of > 0 && value > peak[at]!) {
    peak[at] = value
    vessel[at] = of
  }
}

const wholeOf = (axes: Readonly<Record<Axis['of'], Axis>>): Readonly<Record<Axis['of'], Range>> => ({
  column: [0, axes.column.count - 1],
  row: [0, axes.row.count - 1],
  slice: [0, axes.slice.count - 1],
})

/** From the first to the last index at which a counted piece of the coronary arteries lies, or of anything, where they have none. */
function boxesOf(all: LesionPixels): Readonly<Record<Axis['of'], Range>> {
  let [top, left, bottom, right, first, last] = [Infinity, Infinity, -Infinity, -Infinity, Infinity, -Infinity]
  const counted = all.pieces.filter((piece) => piece.counted)
  const coronary = counted.filter(({ territory }) => territory !== null && isCoronary(territory))
  for (const { boxPx, slice } of coronary.length > 0 ? coronary : counted) {
    top = Math.min(top, boxPx[0])
    left = Math.min(left, boxPx[1])
    bottom = Math.max(bottom, boxPx[2])
    right = Math.max(right, boxPx[3])
    first = Math.min(first, slice)
    last = Math.max(last, slice)
  }
  return { column: [left, right], row: [top, bottom], slice: [first, last] }
}

/** Where what is shown of an axis begins in the turned picture, and how much it is, mm. */
function shownOf(
  { mm, count }: Axis,
  [low, high]: Range,
  flip: boolean,
  isWhole: boolean,
  pixels: number,
): [number, number] {
  const whole = pixels * mm
  if (isWhole) return [0, whole]
  const [first, last] = flip ? [count - 1 - high, count - 1 - low] : [low, high]
  const shown = Math.min(whole, Math.max(LEAST_MM, (last - first + 1) * mm + 2 * BESIDE_MM))
  const middle = ((first + last + 1) / 2) * mm
  return [Math.min(whole - shown, Math.max(0, middle - shown / 2)), shown]
}
