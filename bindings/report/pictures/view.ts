/** From a plane in HU to a raster in grey, with what every picture bears: contours, letters, a bar of length. */
import { Canvas, type Colour, textWidth } from './canvas.js'
import type { Segment } from './font.js'
import type { Orientation, Plane } from './orient.js'

/** The part of a plane that is shown, and how large: millimetres from the plane's upper left corner, pixels per millimetre. */
export interface View {
  readonly left: number
  readonly top: number
  readonly scale: number
}

/** HU that are black and white. */
export interface GreyWindow {
  readonly centre: number
  readonly width: number
}

export const WHITE: Colour = [255, 255, 255]
export const DARK: Colour = [12, 15, 18]
const LETTER: Colour = [214, 222, 230]

/** A point of the plane, in its pixels, on the raster. */
export const onRaster = (
  { left, top, scale }: View,
  { mmAcross, mmDown }: Plane<Float32Array | Uint32Array>,
  [x, y]: readonly [number, number],
): [number, number] => [(x * mmAcross - left) * scale, (y * mmDown - top) * scale]

/**
 * Fill a part of a raster with a plane: HU between pixels are interpolated where the plane is shown larger, and averaged where it
 * is shown smaller. NaN and what lies outside is black.
 */
export function fillGrey(
  canvas: Canvas,
  plane: Plane<Float32Array>,
  view: View,
  { centre, width }: GreyWindow,
  [x0, y0, x1, y1]: readonly [number, number, number, number] = [0, 0, canvas.width, canvas.height],
): void {
  const least = Math.min(plane.mmAcross, plane.mmDown) * view.scale
  const samples = Math.min(6, Math.max(1, Math.ceil(1 / least)))
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) {
      let sum = 0
      for (let n = 0; n < samples * samples; n++) {
        const across = (x - x0 + ((n % samples) + 0.5) / samples) / view.scale + view.left
        const down = (y - y0 + (Math.floor(n / samples) + 0.5) / samples) / view.scale + view.top
        sum += huAt(plane, across / plane.mmAcross - 0.5, down / plane.mmDown - 0.5)
      }
      const hu = sum / (samples * samples)
      const grey = Number.isNaN(hu) ? 0 : Math.min(255, Math.max(0, ((hu - centre) / width + 0.5) * 255))
      canvas.rgb.fill(Math.round(grey), (y * canvas.width + x) * 3, (y * canvas.width + x) * 3 + 3)
    }
  }
}

/** Between four pixels; NaN outside of the plane and beside what is no picture. */
function huAt({ width, height, values }: Plane<Float32Array>, x: number, y: number): number {
  if (x < -0.5 || y < -0.5 || x > width - 0.5 || y > height - 0.5) return NaN
  const left = Math.min(width - 1, Math.max(0, Math.floor(x)))
  const top = Math.min(height - 1, Math.max(0, Math.floor(y)))
  const right = Math.min(width - 1, left + 1)
  const bottom = Math.min(height - 1, top + 1)
  const [fx, fy] = [Math.min(1, Math.max(0, x - left)), Math.min(1, Math.max(0, y - top))]
  const upper = values[top * width + left]! * (1 - fx) + values[top * width + right]! * fx
  const lower = values[bottom * width + left]! * (1 - fx) + values[bottom * width + right]! * fx
  return upper * (1 - fy) + lower * fy
}

/** The edges between pixels of the plane where what `isIn` says changes, on the raster. */
export function borderOf(plane: Plane<Uint32Array>, view: View, isIn: (value: number) => boolean): Segment[] {
  const { width, height, values } = plane
  const segments: Segment[] = []
  const inside = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && isIn(values[y * width + x]!)
  const add = (x1: number, y1: number, x2: number, y2: number): void => {
    segments.push([...onRaster(view, plane, [x1, y1]), ...onRaster(view, plane, [x2, y2])])
  }
  for (let at = 0; at < values.length; at++) {
    if (values[at] === 0 || !isIn(values[at]!)) continue
    const [x, y] = [at % width, Math.floor(at / width)]
    if (!inside(x, y - 1)) add(x, y, x + 1, y)
    if (!inside(x, y + 1)) add(x, y + 1, x + 1, y + 1)
    if (!inside(x - 1, y)) add(x, y, x, y + 1)
    if (!inside(x + 1, y)) add(x + 1, y, x + 1, y + 1)
  }
  return segments
}

/** A contour with a dark line below it, so that it is seen on bright and dark. */
export function drawContour(canvas: Canvas, segments: readonly Segment[], width: number, colour: Colour): void {
  canvas.strokes(segments, width + 2.4, DARK, 0.75)
  canvas.strokes(segments, width, colour)
}

/** Letters at the middle of each edge. */
export function drawLetters(canvas: Canvas, { letters }: Orientation, size: number): void {
  const { width, height } = canvas
  const style = { size, colour: LETTER, halo: { colour: DARK, width: 2 } } as const
  const edge = Math.round(size * 0.75)
  const middle = height / 2 + size / 2
  canvas.text(letters.left, [edge, middle], style)
  canvas.text(letters.right, [width - edge, middle], { ...style, anchor: 'end' })
  canvas.text(letters.top, [width / 2, edge + size], { ...style, anchor: 'middle' })
  canvas.text(letters.bottom, [width / 2, height - edge], { ...style, anchor: 'middle' })
}

/** A bar of a round length, lower left: the largest of 50, 20, 10, 5, 2 and 1 mm that takes a quarter of the width at most. */
export function drawBar(canvas: Canvas, { scale }: View, size: number): void {
  const mm = [50, 20, 10, 5, 2].find((one) => one * scale <= canvas.width / 4) ?? 1
  const edge = Math.round(size * 0.9)
  const [left, right, y] = [edge, edge + mm * scale, canvas.height - edge - 0.5]
  const bar: Segment[] = [
    [left, y, right, y],
    [left, y - size * 0.35, left, y],
    [right, y - size * 0.35, right, y],
  ]
  canvas.strokes(bar, 5, DARK, 0.75)
  canvas.strokes(bar, 2, LETTER)
  const style = { size: size * 0.85, colour: LETTER, halo: { colour: DARK, width: 2 } } as const
  const text = `${mm} mm`
  const over = textWidth(text, style.size) > mm * scale
  canvas.text(text, [over ? left : (left + right) / 2, y - size * 0.6], { ...style, anchor: over ? 'start' : 'middle' })
}
