/**
 * An RGB raster to draw on: areas, lines, marks and letters with soft edges. Sums, products and square roots only, so that the same
 * drawing is the same bytes in every engine.
 */
import { BASELINE, type Segment, strokesOf } from './font.js'
import type { Mark } from './palette.js'

export type Colour = readonly [red: number, green: number, blue: number]
type Point = readonly [x: number, y: number]

export interface TextStyle {
  /** Height of a capital, pixels. */
  readonly size: number
  readonly colour: Colour
  readonly anchor?: 'start' | 'middle' | 'end'
  /** Width of a stroke as part of `size`; 0.11 unless told. */
  readonly weight?: number
  /** Drawn below the letters, wider by this many pixels to each side. */
  readonly halo?: { readonly colour: Colour; readonly width: number }
}

export class Canvas {
  readonly rgb: Uint8Array

  constructor(
    readonly width: number,
    readonly height: number,
    background: Colour = [0, 0, 0],
  ) {
    this.rgb = new Uint8Array(width * height * 3)
    for (let at = 0; at < this.rgb.length; at++) this.rgb[at] = background[at % 3]!
  }

  /** Lay a colour over a pixel. Outside of the raster nothing happens. */
  blend(x: number, y: number, [red, green, blue]: Colour, alpha: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height || alpha <= 0) return
    const at = (y * this.width + x) * 3
    const { rgb } = this
    rgb[at] = Math.round(rgb[at]! + (red - rgb[at]!) * alpha)
    rgb[at + 1] = Math.round(rgb[at + 1]! + (green - rgb[at + 1]!) * alpha)
    rgb[at + 2] = Math.round(rgb[at + 2]! + (blue - rgb[at + 2]!) * alpha)
  }

  /** A filled rectangle on whole pixels. */
  rect(x: number, y: number, width: number, height: number, colour: Colour, alpha = 1): void {
    for (let row = y; row < y + height; row++) {
      for (let column = x; column < x + width; column++) this.blend(column, row, colour, alpha)
    }
  }

  /** Lines of one width with round ends, drawn together: where they meet or cross nothing is laid on twice. */
  strokes(segments: readonly Segment[], width: number, colour: Colour, alpha = 1): void {
    const box = this.#boxOf(segments, width / 2 + 1)
    if (box === null) return
    const [left, top, right, bottom] = box
    const across = right - left + 1
    const cover = new Float64Array(across * (bottom - top + 1))
    for (const segment of segments) coverSegment(cover, segment, width / 2, box)
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const covered = cover[(y - top) * across + x - left]!
        if (covered > 0) this.blend(x, y, colour, covered * alpha)
      }
    }
  }

  /** A line through points. */
  line(points: readonly Point[], width: number, colour: Colour, closed = false): void {
    const ends = closed ? [...points.slice(1), points[0]!] : points.slice(1)
    this.strokes(
      ends.map(([x, y], n) => [points[n]![0], points[n]![1], x, y] as const),
      width,
      colour,
    )
  }

  /** A filled polygon, its edges softened by 16 samples a pixel. */
  polygon(points: readonly Point[], colour: Colour, alpha = 1): void {
    const xs = points.map(([x]) => x)
    const ys = points.map(([, y]) => y)
    for (let y = Math.floor(Math.min(...ys)); y <= Math.max(...ys); y++) {
      for (let x = Math.floor(Math.min(...xs)); x <= Math.max(...xs); x++) {
        let inside = 0
        for (let n = 0; n < 16; n++) {
          if (isInside(points, x + ((n & 3) + 0.5) / 4, y + ((n >> 2) + 0.5) / 4)) inside++
        }
        this.blend(x, y, colour, (alpha * inside) / 16)
      }
    }
  }

  /** The mark of a vessel about a point, `radius` pixels to its tips, with a dark edge. */
  mark(mark: Mark, [x, y]: Point, radius: number, colour: Colour): void {
    const dark: Colour = [16, 20, 24]
    const draw = (grow: number, ink: Colour): void => {
      if (mark === 'circle') return this.strokes([[x, y, x, y]], 2 * (radius + grow), ink)
      if (mark === 'ring') {
        const ring = OCTAGON.map(([dx, dy]): Point => [x + dx * radius * 0.85, y + dy * radius * 0.85])
        return this.line(ring, radius * 0.5 + 2 * grow, ink, true)
      }
      const corners = CORNERS[mark].map(([dx, dy]): Point => [x + dx * radius, y + dy * radius])
      this.polygon(corners, ink)
      if (grow > 0) this.line(corners, 2 * grow, ink, true)
    }
    draw(1.5, dark)
    draw(0, colour)
  }

  /** One line of text; its baseline begins, has its middle or ends at the point. Returns its width. */
  text(text: string, [x, y]: Point, { size, colour, anchor = 'start', weight = 0.11, halo }: TextStyle): number {
    const scale = size / BASELINE
    const { segments, width } = strokesOf(text)
    const left = anchor === 'start' ? x : anchor === 'end' ? x - width * scale : x - (width * scale) / 2
    const placed = segments.map(
      ([x1, y1, x2, y2]) =>
        [left + x1 * scale, y - size + y1 * scale, left + x2 * scale, y - size + y2 * scale] as const,
    )
    if (halo) this.strokes(placed, size * weight + 2 * halo.width, halo.colour)
    this.strokes(placed, size * weight, colour)
    return width * scale
  }

  /** Another raster, smaller or larger, as a mean of what falls on each pixel. */
  image(rgb: Uint8Array, width: number, height: number, x: number, y: number, toWidth: number, toHeight: number): void {
    const stepX = width / toWidth
    const stepY = height / toHeight
    const samples = Math.max(1, Math.ceil(Math.max(stepX, stepY)))
    for (let row = 0; row < toHeight; row++) {
      for (let column = 0; column < toWidth; column++) {
        const sum: [number, number, number] = [0, 0, 0]
        for (let n = 0; n < samples * samples; n++) {
          const fromX = Math.floor((column + ((n % samples) + 0.5) / samples) * stepX)
          const fromY = Math.floor((row + (Math.floor(n / samples) + 0.5) / samples) * stepY)
          const at = (fromY * width + fromX) * 3
          for (let c = 0; c < 3; c++) sum[c]! += rgb[at + c]!
        }
        this.blend(x + column, y + row, sum.map((s) => s / (samples * samples)) as unknown as Colour, 1)
      }
    }
  }

  /** First and last column and row that lines of a reach touch, within the raster; null: none. */
  #boxOf(segments: readonly Segment[], reach: number): readonly [number, number, number, number] | null {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
    for (const [x1, y1, x2, y2] of segments) {
      left = Math.min(left, x1, x2)
      right = Math.max(right, x1, x2)
      top = Math.min(top, y1, y2)
      bottom = Math.max(bottom, y1, y2)
    }
    left = Math.max(0, Math.floor(left - reach))
    top = Math.max(0, Math.floor(top - reach))
    right = Math.min(this.width - 1, Math.ceil(right + reach))
    bottom = Math.min(this.height - 1, Math.ceil(bottom + reach))
    return left <= right && top <= bottom ? [left, top, right, bottom] : null
  }
}

/** How wide a line of text is, pixels. */
export const textWidth = (text: string, size: number): number => (strokesOf(text).width * size) / BASELINE

/** Keep of each pixel the most any segment covers of it. */
function coverSegment(
  cover: Float64Array,
  [x1, y1, x2, y2]: Segment,
  half: number,
  [left, top, right, bottom]: readonly [number, number, number, number],
): void {
  const across = right - left + 1
  const reach = half + 1
  const [dx, dy] = [x2 - x1, y2 - y1]
  const square = dx * dx + dy * dy
  const lastY = Math.min(bottom, Math.ceil(Math.max(y1, y2) + reach))
  const lastX = Math.min(right, Math.ceil(Math.max(x1, x2) + reach))
  for (let y = Math.max(top, Math.floor(Math.min(y1, y2) - reach)); y <= lastY; y++) {
    for (let x = Math.max(left, Math.floor(Math.min(x1, x2) - reach)); x <= lastX; x++) {
      const [px, py] = [x + 0.5 - x1, y + 0.5 - y1]
      const along = square === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / square))
      const [awayX, awayY] = [px - along * dx, py - along * dy]
      const covered = Math.min(1, half + 0.5 - Math.sqrt(awayX * awayX + awayY * awayY))
      const at = (y - top) * across + x - left
      if (covered > cover[at]!) cover[at] = covered
    }
  }
}

function isInside(points: readonly Point[], x: number, y: number): boolean {
  let inside = false
  let [fromX, fromY] = points[points.length - 1]!
  for (const [toX, toY] of points) {
    if (fromY > y !== toY > y && x < ((toX - fromX) * (y - fromY)) / (toY - fromY) + fromX) inside = !inside
    ;[fromX, fromY] = [toX, toY]
  }
  return inside
}

const OCTAGON: readonly Point[] = [
  [1, 0],
  [0.707, 0.707],
  [0, 1],
  [-0.707, 0.707],
  [-1, 0],
  [-0.707, -0.707],
  [0, -1],
  [0.707, -0.707],
]

/** Corners of the marks about 0, 0, for rasters and drawings; y grows downwards. */
export const CORNERS: Readonly<Record<Exclude<Mark, 'circle' | 'ring'>, readonly Point[]>> = Object.freeze({
  square: [
    [-0.82, -0.82],
    [0.82, -0.82],
    [0.82, 0.82],
    [-0.82, 0.82],
  ],
  triangle: [
    [0, -1.05],
    [1.02, 0.78],
    [-1.02, 0.78],
  ],
  diamond: [
    [0, -1.15],
    [1.15, 0],
    [0, 1.15],
    [-1.15, 0],
  ],
  star: [
    [0, -1.15],
    [0.3, -0.38],
    [1.09, -0.36],
    [0.46, 0.14],
    [0.68, 0.93],
    [0, 0.48],
    [-0.68, 0.93],
    [-0.46, 0.14],
    [-1.09, -0.36],
    [-0.3, -0.38],
  ],
  cross: [
    [-0.36, -1],
    [0.36, -1],
    [0.36, -0.36],
    [1, -0.36],
    [1, 0.36],
    [0.36, 0.36],
    [0.36, 1],
    [-0.36, 1],
    [-0.36, 0.36],
    [-1, 0.36],
    [-1, -0.36],
    [-0.36, -0.36],
  ],
  pentagon: [
    [0, -1.05],
    [1, -0.32],
    [0.62, 0.85],
    [-0.62, 0.85],
    [-1, -0.32],
  ],
})
