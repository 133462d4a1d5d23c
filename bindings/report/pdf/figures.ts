/** Figures: drawings in rows as they fit, key images in a grid, each with its title, its words for those who do not see it, its caption. */
import type { Drawing } from '../pictures/drawing.js'
import type { Picture } from '../pictures/picture.js'
import { imageName } from './document.js'
import { drawDrawing } from './drawing.js'
import { type Flow, type Look, SMALL } from './flow.js'

const GAP = 14
const TITLE = { bold: true, size: 9, after: 2 } as const
const CAPTION = { size: SMALL, ink: 'muted', after: 0 } as const

/** What stands in one place of a row. */
interface Figure {
  readonly title: string
  readonly alt: string
  readonly caption: string | null
  /** Width over height. */
  readonly aspect: number
  readonly draw: (x: number, y: number, width: number) => void
}

/** Drawings side by side where two fit without their words growing too small. */
export function setDrawings(flow: Flow, drawings: readonly Drawing[]): void {
  const half = (flow.width - GAP) / 2
  const fitsHalf = (drawing: Drawing): boolean => half / drawing.width >= SMALLEST
  for (let n = 0; n < drawings.length; n++) {
    const [one, next] = [drawings[n]!, drawings[n + 1]]
    if (next && fitsHalf(one) && fitsHalf(next)) {
      setRow(flow, [figureOf(flow, one), figureOf(flow, next)], half)
      n++
    } else setRow(flow, [figureOf(flow, one)], Math.min(flow.width, one.width * LARGEST))
  }
}

/** A drawing with paragraphs to its right; below it where they are longer than it is high. */
function setBeside(flow: Flow, drawing: Drawing, paragraphs: readonly Said[]): void {
  const width = Math.min(drawing.width, flow.width * 0.66)
  const [x, room] = [flow.left + width + GAP, flow.width - width - GAP]
  const figure = figureOf(flow, drawing)
  const captioned = drawing.caption === null ? 0 : flow.heightOf(drawing.caption, width, CAPTION) + 3
  const drawn = flow.heightOf(drawing.title, width, TITLE) + width / figure.aspect + captioned
  const said = paragraphs.reduce((sum, { text, ...look }) => sum + flow.heightOf(text, room, look), 0)
  flow.need(Math.max(drawn - (1 - SHRINK) * (width / figure.aspect), said) + 8)
  const top = flow.y
  let y = top
  for (const { text, ...look } of paragraphs) {
    flow.lines(flow.parent.add('P'), text, x, y, room, look)
    y += flow.heightOf(text, room, look)
  }
  setRow(flow, [figure], width)
  flow.y = Math.max(flow.y, y + 4)
}

/** Paragraphs beside a drawing, or by themselves. */
export function setSaid(flow: Flow, drawing: Drawing | undefined, paragraphs: readonly Said[]): void {
  if (drawing) setBeside(flow, drawing, paragraphs)
  else for (const { text, ...look } of paragraphs) flow.paragraph(text, look)
}

/** A paragraph and how it looks. */
export interface Said extends Look {
  readonly text: string
}

/** How far drawings may shrink and grow. */
const SMALLEST = 0.8
const LARGEST = 1.1
/** How far a row may shrink so as to stay on the page it begins on. */
export const SHRINK = 0.8

const figureOf = (flow: Flow, drawing: Drawing): Figure => ({
  title: drawing.title,
  alt: drawing.desc,
  caption: drawing.caption,
  aspect: drawing.width / drawing.height,
  draw: (x, y, width) => drawDrawing(flow.sheet, flow.faces, drawing, [x, y], width / drawing.width),
})

/** Pictures of one kind, as many in a row as asked for. */
export function setPictures(flow: Flow, all: readonly Picture[], kind: Picture['kind'], columns: number): void {
  const figures = all.flatMap((picture, n): Figure[] => {
    if (picture.kind !== kind) return []
    const { title, alt, caption, width, height } = picture
    const aspect = width / height
    return [{ title, alt, caption, aspect, draw: (x, y, w) => flow.sheet.image(imageName(n), x, y, w, w / aspect) }]
  })
  const width = (flow.width - GAP * (columns - 1)) / columns
  for (let n = 0; n < figures.length; n += columns) setRow(flow, figures.slice(n, n + columns), width)
}

/** Height of the first row, for a heading to stay with. */
export function rowHeight(flow: Flow, pictures: readonly Picture[], columns: number): number {
  const width = (flow.width - GAP * (columns - 1)) / columns
  return Math.max(0, ...pictures.slice(0, columns).map((one) => (width * one.height) / one.width)) * SHRINK + 40
}

/** Figures of one width beside each other: titles on one line, captions below each. Never cut, at most a page high. */
function setRow(flow: Flow, figures: readonly Figure[], width: number): void {
  const titled = Math.max(...figures.map(({ title }) => flow.heightOf(title, width, TITLE)))
  const captioned = ({ caption }: Figure): number => (caption === null ? 0 : flow.heightOf(caption, width, CAPTION) + 3)
  const around = titled + Math.max(...figures.map(captioned)) + 8
  const natural = Math.max(...figures.map(({ aspect }) => width / aspect))
  const fitting = flow.room - around
  const most = fitting >= natural * SHRINK ? fitting : flow.fullHeight - around
  const sizes = figures.map(({ aspect }) => Math.min(width, most * aspect))
  const tallest = Math.max(...figures.map(({ aspect }, n) => sizes[n]! / aspect))
  const height = around + tallest
  flow.need(height)
  const top = flow.y
  figures.forEach(({ title, alt, caption, aspect, draw }, n) => {
    const x = flow.left + n * (width + GAP)
    flow.lines(flow.parent.add('P'), title, x, top, width, TITLE)
    const [y, drawn] = [top + titled, sizes[n]!]
    flow.sheet.tagged(flow.parent.add('Figure', alt), () => draw(x, y, drawn))
    if (caption !== null) flow.lines(flow.parent.add('Caption'), caption, x, y + drawn / aspect + 3, width, CAPTION)
  })
  flow.y = top + height
}
