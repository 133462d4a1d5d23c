/**
 * The key image of a vessel: the slice in which its largest lesion has most of its score, cut square about it, with the contour of
 * what was counted, and where in the slice it lies.
 */
import { plain } from '../numbers.js'
import type { LesionPixels } from '../lesion-pixels.js'
import { Canvas } from './canvas.js'
import { type KeyPiece, nameOf, vesselColour } from './lesion-map.js'
import { type Orientation, type Plane, placed } from './orient.js'
import { styleOf } from './palette.js'
import type { Picture } from './picture.js'
import {
  DARK,
  type GreyWindow,
  type View,
  WHITE,
  borderOf,
  drawBar,
  drawContour,
  drawLetters,
  fillGrey,
  onRaster,
} from './view.js'

/** Side of the raster, pixels. */
const SIDE = 560
/** Side of what is shown, mm: a heart and its neighbours. */
const SHOWN_MM = 100
/** Side of the locator, pixels; it lies in the upper right corner. */
const LOCATOR = 132
/** Wider than for soft tissue, so that calcium has shades: -150 HU is black, 350 HU white. */
export const KEY_WINDOW: GreyWindow = Object.freeze({ centre: 100, width: 500 })
const LETTER_SIZE = 17

/** @param hu the slice and @param numbers its pieces (as `LesionPixels.slice`), both turned as `orientation` says */
export function keyImage(
  key: KeyPiece,
  hu: Plane<Float32Array>,
  numbers: Plane<Uint32Array>,
  orientation: Orientation,
  pixels: LesionPixels,
): Picture {
  const { territory, piece, lesion } = key
  const canvas = new Canvas(SIDE, SIDE)
  const [row, column] = piece.centroidPx
  const centre = placed(orientation, { row, column })
  const view = viewAbout(centre, hu)
  fillGrey(canvas, hu, view, KEY_WINDOW)
  drawPieces(canvas, key, numbers, view, pixels)
  if (view.scale * Math.max(hu.width * hu.mmAcross, hu.height * hu.mmDown) > SIDE * 1.2) drawLocator(canvas, hu, view)
  drawLetters(canvas, orientation, LETTER_SIZE)
  drawBar(canvas, view, LETTER_SIZE)
  drawTag(canvas, territory, onRaster(view, hu, centre), boxOnRaster(key, orientation, view, hu))
  const name = nameOf(territory)
  const where = `slice ${piece.slice}`
  const facts = `${plain(piece.areaMm2, 1)} mm², peak ${plain(piece.peakHu, 0)} HU, weight ${plain(piece.weight)}`
  const [low, high] = [KEY_WINDOW.centre - KEY_WINDOW.width / 2, KEY_WINDOW.centre + KEY_WINDOW.width / 2]
  return Object.freeze({
    kind: 'key-image',
    title: `${name}, ${where}`,
    caption: `Largest lesion (${lesion.id}) where it scores most: ${facts}. Window ${low} to ${high} HU.`,
    alt: `CT ${where} about lesion ${lesion.id}${territory === null ? '' : ` of ${territory}`}, counted calcium outlined: ${facts}.`,
    width: SIDE,
    height: SIDE,
    rgb: canvas.rgb,
    territory,
    slice: piece.slice,
  })
}

/** A square about a point, moved into the picture as far as it goes. */
function viewAbout([x, y]: readonly [number, number], hu: Plane<Float32Array>): View {
  const [width, height] = [hu.width * hu.mmAcross, hu.height * hu.mmDown]
  const shown = Math.min(SHOWN_MM, Math.max(width, height))
  const within = (at: number, whole: number): number =>
    whole <= shown ? (whole - shown) / 2 : Math.min(whole - shown, Math.max(0, at - shown / 2))
  return { left: within(x * hu.mmAcross, width), top: within(y * hu.mmDown, height), scale: SIDE / shown }
}

/** Every counted piece of the slice in the colour of its vessel; those of the lesion that is meant are drawn bolder, and last. */
function drawPieces(
  canvas: Canvas,
  { territory, index }: KeyPiece,
  numbers: Plane<Uint32Array>,
  view: View,
  { pieces, lesionOf }: LesionPixels,
): void {
  const isMeant = (n: number): boolean => lesionOf[n] === index && pieces[n]!.territory === territory
  const here = [...new Set(numbers.values)].flatMap((value) =>
    value > 0 && pieces[value - 1]!.counted ? [value - 1] : [],
  )
  const groups = new Map<string | null, Set<number>>()
  for (const n of here) {
    if (isMeant(n)) continue
    const of = pieces[n]!.territory
    groups.set(of, (groups.get(of) ?? new Set()).add(n + 1))
  }
  for (const [of, members] of groups) {
    drawContour(
      canvas,
      borderOf(numbers, view, (value) => members.has(value)),
      1.2,
      vesselColour(of),
    )
  }
  const meant = new Set(here.filter(isMeant).map((n) => n + 1))
  drawContour(
    canvas,
    borderOf(numbers, view, (value) => meant.has(value)),
    2,
    vesselColour(territory),
  )
}

/** The whole slice, small, and what of it is shown. */
function drawLocator(canvas: Canvas, hu: Plane<Float32Array>, view: View): void {
  const whole = Math.max(hu.width * hu.mmAcross, hu.height * hu.mmDown)
  const scale = LOCATOR / whole
  const left = SIDE - LOCATOR - 12
  const top = 12
  const small: View = {
    left: (hu.width * hu.mmAcross - whole) / 2,
    top: (hu.height * hu.mmDown - whole) / 2,
    scale,
  }
  canvas.rect(left - 3, top - 3, LOCATOR + 6, LOCATOR + 6, DARK)
  fillGrey(canvas, hu, small, KEY_WINDOW, [left, top, left + LOCATOR, top + LOCATOR])
  const x = left + (view.left - small.left) * scale
  const y = top + (view.top - small.top) * scale
  const side = (SIDE / view.scale) * scale
  const corners = [
    [x, y],
    [x + side, y],
    [x + side, y + side],
    [x, y + side],
  ] as const
  canvas.line(corners, 4, DARK, true)
  canvas.line(corners, 1.6, WHITE, true)
}

type Box = readonly [left: number, top: number, right: number, bottom: number]

function boxOnRaster({ piece }: KeyPiece, orientation: Orientation, view: View, hu: Plane<Float32Array>): Box {
  const [top, left, bottom, right] = piece.boxPx
  const a = onRaster(view, hu, placed(orientation, { row: top, column: left }))
  const b = onRaster(view, hu, placed(orientation, { row: bottom, column: right }))
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1])]
}

/** Mark and name of the vessel beside the lesion, joined to it by a line. It lies left of a lesion on the right, and so on. */
function drawTag(canvas: Canvas, territory: string | null, [x, y]: readonly [number, number], box: Box): void {
  const style = styleOf(territory)
  const colour = vesselColour(territory)
  const isRight = x > SIDE / 2
  const isLow = y > SIDE / 2
  const reach = 34
  const startX = isRight ? box[0] - 5 : box[2] + 5
  const startY = isLow ? box[1] - 5 : box[3] + 5
  const endX = startX + (isRight ? -reach : reach)
  const endY = startY + (isLow ? -reach : reach)
  canvas.strokes([[startX, startY, endX, endY]], 4, DARK, 0.75)
  canvas.strokes([[startX, startY, endX, endY]], 1.8, colour)
  const markX = endX + (isRight ? -10 : 10)
  canvas.mark(style.mark, [markX, endY], 9, colour)
  if (territory === null) return
  canvas.text(territory.slice(0, 14), [markX + (isRight ? -18 : 18), endY + 10], {
    size: 20,
    colour: WHITE,
    weight: 0.13,
    anchor: isRight ? 'end' : 'start',
    halo: { colour: DARK, width: 3 },
  })
}
