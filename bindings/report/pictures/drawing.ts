/**
 * A drawing as shapes: made once from the numbers of a report, written down as SVG for a page and as vectors for a PDF. It names its
 * colours by what they are for, so that each page puts its own behind them: paper, screen, dark screen.
 *
 * Units are points as printed (1/72 inch); x grows to the right, y downwards, both from the upper left corner. Shapes are painted in
 * order. Text has no markup and needs escaping like any other.
 */
import type { Ink } from './palette.js'

export interface Drawing {
  /** One word, unique among the drawings of a report: `percentile`, `sensitivity`, `vessels`. */
  readonly name: string
  readonly width: number
  readonly height: number
  /** What it is, as a heading. */
  readonly title: string
  /** What it shows, in words, for those who do not see it. */
  readonly desc: string
  /** What must be said below it: source, edition, kind of estimate. Null: nothing. */
  readonly caption: string | null
  readonly shapes: readonly Shape[]
}

export type Shape = LineShape | PolylineShape | RectShape | CircleShape | PathShape | TextShape

/** How a line is drawn. Round caps and joins. */
export interface Stroke {
  readonly ink: Ink
  readonly width: number
  /** Lengths of dash and gap in turn; none: an unbroken line. */
  readonly dash?: readonly number[]
}

/** How an area is filled. */
export interface Fill {
  readonly ink: Ink
  /** 0 to 1; none: 1. */
  readonly opacity?: number
}

export interface LineShape {
  readonly kind: 'line'
  readonly from: Point
  readonly to: Point
  readonly stroke: Stroke
}

export interface PolylineShape {
  readonly kind: 'polyline'
  readonly points: readonly Point[]
  /** Joined to its beginning. Only then is it filled. */
  readonly closed: boolean
  readonly stroke?: Stroke
  readonly fill?: Fill
}

export interface RectShape {
  readonly kind: 'rect'
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** Radius of the corners; none: sharp. */
  readonly radius?: number
  readonly stroke?: Stroke
  readonly fill?: Fill
}

export interface CircleShape {
  readonly kind: 'circle'
  readonly centre: Point
  readonly radius: number
  readonly stroke?: Stroke
  readonly fill?: Fill
}

/** For what is bent: absolute moves, lines, cubic curves and closings only. */
export interface PathShape {
  readonly kind: 'path'
  readonly steps: readonly PathStep[]
  readonly stroke?: Stroke
  readonly fill?: Fill
}

export type PathStep =
  | { readonly to: 'move' | 'line'; readonly point: Point }
  | { readonly to: 'curve'; readonly first: Point; readonly second: Point; readonly point: Point }
  | { readonly to: 'close' }

export interface TextShape {
  readonly kind: 'text'
  /** Where its baseline begins, has its middle, or ends, as `anchor` says. */
  readonly at: Point
  readonly anchor: 'start' | 'middle' | 'end'
  /** Size of the font, points; a sans-serif. */
  readonly size: number
  readonly weight: 'normal' | 'bold'
  readonly ink: Ink
  readonly text: string
}

export type Point = readonly [x: number, y: number]

/** A number as drawings write it: two decimals at most, so that the same drawing is the same text in every engine. */
export const coordinate = (value: number): string => String(Number(value.toFixed(2)))

/** The steps of a path as SVG writes them, for whoever draws from that: `M1 2L3 4C5 6 7 8 9 10Z`. */
export function pathText(steps: readonly PathStep[]): string {
  const pair = ([x, y]: Point): string => `${coordinate(x)} ${coordinate(y)}`
  return steps
    .map((step) => {
      switch (step.to) {
        case 'move':
          return `M${pair(step.point)}`
        case 'line':
          return `L${pair(step.point)}`
        case 'curve':
          return `C${pair(step.first)} ${pair(step.second)} ${pair(step.point)}`
        case 'close':
          return 'Z'
      }
    })
    .join('')
}
