/**
 * One page as the layout sees it: points from the upper left corner, y downwards, colours by what they are for. It writes content
 * operators (ISO 32000-1, annex A); texts only ever as hexadecimal strings, numbers only ever as finite decimals, so that nothing of
 * a report can become an operator.
 */
import { type Ink, LIGHT, bytesOf } from '../pictures/palette.js'
import { type Point, coordinate } from '../pictures/drawing.js'
import type { Face } from './face.js'
import type { Tag } from './tags.js'

export interface TextLook {
  readonly face: Face
  readonly size: number
  readonly ink?: Ink
  readonly anchor?: 'start' | 'middle' | 'end'
}

export interface Paint {
  readonly fill?: { readonly ink: Ink; readonly opacity?: number }
  readonly stroke?: { readonly ink: Ink; readonly width: number; readonly dash?: readonly number[] }
}

/** How far from the corner a quarter of a circle has its control points. */
const ROUND = 0.5523

export class Sheet {
  readonly #operators: string[] = []
  #marks = 0
  /** Opacities used, in per cent: each is a graphics state of the page. */
  readonly opacities = new Set<number>()
  /** Names of the pictures shown. */
  readonly images = new Set<string>()

  constructor(
    /** From 0. */
    readonly number: number,
    readonly height: number,
  ) {}

  /** What `draw` draws belongs to the element. */
  tagged(tag: Tag, draw: () => void): void {
    const id = this.#marks++
    tag.kids.push({ page: this.number, id })
    this.#put(`/${tag.kind} <</MCID ${id}>> BDC`)
    draw()
    this.#put('EMC')
  }

  /** What `draw` draws is no content: rules, grounds, what repeats on every page. */
  artifact(draw: () => void): void {
    this.#put('/Artifact BMC')
    draw()
    this.#put('EMC')
  }

  /** One line of drawable text on a baseline. */
  text(drawable: string, [x, y]: Point, { face, size, ink = 'ink', anchor = 'start' }: TextLook): void {
    if (drawable === '') return
    const back = { start: 0, middle: 0.5, end: 1 }[anchor] * face.width(drawable, size)
    const at = `${coordinate(x - back)} ${this.#y(y)}`
    this.#put(`BT ${colour(ink)} rg /${face.name} ${coordinate(size)} Tf ${at} Td <${face.encode(drawable)}> Tj ET`)
  }

  line(from: Point, to: Point, ink: Ink, width: number): void {
    this.shape([`${this.#point(from)} m`, `${this.#point(to)} l`], { stroke: { ink, width } })
  }

  rect(x: number, y: number, width: number, height: number, paint: Paint, radius = 0): void {
    const [right, bottom] = [x + width, y + height]
    if (radius <= 0) {
      this.shape([`${coordinate(x)} ${this.#y(bottom)} ${coordinate(width)} ${coordinate(height)} re`], paint)
      return
    }
    const bend = radius * (1 - ROUND)
    this.path(
      [
        ['m', [x + radius, y]],
        ['l', [right - radius, y]],
        ['c', [right - bend, y], [right, y + bend], [right, y + radius]],
        ['l', [right, bottom - radius]],
        ['c', [right, bottom - bend], [right - bend, bottom], [right - radius, bottom]],
        ['l', [x + radius, bottom]],
        ['c', [x + bend, bottom], [x, bottom - bend], [x, bottom - radius]],
        ['l', [x, y + radius]],
        ['c', [x, y + bend], [x + bend, y], [x + radius, y]],
        ['h'],
      ],
      paint,
    )
  }

  circle([x, y]: Point, radius: number, paint: Paint): void {
    const b = radius * ROUND
    this.path(
      [
        ['m', [x - radius, y]],
        ['c', [x - radius, y - b], [x - b, y - radius], [x, y - radius]],
        ['c', [x + b, y - radius], [x + radius, y - b], [x + radius, y]],
        ['c', [x + radius, y + b], [x + b, y + radius], [x, y + radius]],
        ['c', [x - b, y + radius], [x - radius, y + b], [x - radius, y]],
        ['h'],
      ],
      paint,
    )
  }

  /** Steps of a path: an operator and its points. */
  path(steps: readonly (readonly ['m' | 'l' | 'c' | 'h', ...Point[]])[], paint: Paint): void {
    this.shape(
      steps.map(([operator, ...points]) => [...points.map((point) => this.#point(point)), operator].join(' ')),
      paint,
    )
  }

  /** A picture of the document, filling the box. */
  image(name: string, x: number, y: number, width: number, height: number): void {
    this.images.add(name)
    const box = `${coordinate(width)} 0 0 ${coordinate(height)} ${coordinate(x)} ${this.#y(y + height)}`
    this.#put(`q ${box} cm /${name} Do Q`)
  }

  private shape(path: readonly string[], { fill, stroke }: Paint): void {
    if (!fill && !stroke) return
    const state: string[] = []
    if (fill) state.push(`${colour(fill.ink)} rg`)
    if (fill?.opacity !== undefined && fill.opacity < 1) state.push(`/${this.#opacity(fill.opacity)} gs`)
    if (stroke) {
      state.push(`${colour(stroke.ink)} RG ${coordinate(stroke.width)} w 1 J 1 j`)
      if (stroke.dash && stroke.dash.length > 0) state.push(`[${stroke.dash.map(coordinate).join(' ')}] 0 d`)
    }
    this.#put(`q ${state.join(' ')} ${path.join(' ')} ${fill ? (stroke ? 'B' : 'f') : 'S'} Q`)
  }

  #opacity(opacity: number): string {
    const percent = Math.round(Math.max(0, opacity) * 100)
    this.opacities.add(percent)
    return opacityName(percent)
  }

  #point([x, y]: Point): string {
    return `${coordinate(x)} ${this.#y(y)}`
  }

  #y(y: number): string {
    return coordinate(this.height - y)
  }

  #put(operators: string): void {
    if (/NaN|Infinity/.test(operators)) throw new RangeError('a place on a page is no finite number')
    this.#operators.push(operators)
  }

  /** All of it, as the content of the page. */
  content(): string {
    return this.#operators.join('\n')
  }
}

export const opacityName = (percent: number): string => `O${percent}`

const colour = (ink: Ink): string =>
  bytesOf(LIGHT[ink])
    .map((byte) => String(Number((byte / 255).toFixed(3))))
    .join(' ')
