/** Drawings and marks as SVG within the page. Colours are the page's own, so that a dark page has dark drawings. */
import { type Drawing, type Fill, type Shape, type Stroke, coordinate, pathText } from '../pictures/drawing.js'
import { markShape } from '../pictures/marks.js'
import { Markup, escaped, html } from './markup.js'

/** A drawing with its title and its words for those who do not see it. */
export function svgOf({ name, width, height, title, desc, shapes }: Drawing): Markup {
  const id = `drawing-${name}`
  return html`<svg viewBox="0 0 ${width} ${coordinate(height)}" role="img" aria-labelledby="${id}-t ${id}-d">
    <title id="${id}-t">${title}</title>
    <desc id="${id}-d">${desc}</desc>
    ${shapes.map(shapeOf)}
  </svg>`
}

/** The mark of a territory, as large as the letters beside it. The name stands beside it, so it is not read out. */
export const markOf = (territory: string | null): Markup =>
  html`<svg class="mark" viewBox="-6 -6 12 12" aria-hidden="true">${shapeOf(markShape(territory, [0, 0], 4.6))}</svg>`

function shapeOf(shape: Shape): Markup {
  switch (shape.kind) {
    case 'line': {
      const [[x1, y1], [x2, y2]] = [shape.from, shape.to]
      return tag('line', { x1, y1, x2, y2 }, shape.stroke)
    }
    case 'polyline': {
      const points = shape.points.map((point) => point.map(coordinate).join(',')).join(' ')
      return tag(shape.closed ? 'polygon' : 'polyline', { points }, shape.stroke, shape.closed ? shape.fill : undefined)
    }
    case 'rect': {
      const { x, y, width, height, radius } = shape
      return tag('rect', { x, y, width, height, ...(radius ? { rx: radius } : {}) }, shape.stroke, shape.fill)
    }
    case 'circle':
      return tag('circle', { cx: shape.centre[0], cy: shape.centre[1], r: shape.radius }, shape.stroke, shape.fill)
    case 'path':
      return tag('path', { d: pathText(shape.steps) }, shape.stroke, shape.fill)
    case 'text': {
      const { at, anchor, size, weight, ink, text } = shape
      const place = `x="${coordinate(at[0])}" y="${coordinate(at[1])}" text-anchor="${anchor}" font-size="${coordinate(size)}"`
      const bold = weight === 'bold' ? ' font-weight="700"' : ''
      return new Markup(`<text ${place}${bold} fill="var(--${ink})">${escaped(text)}</text>`)
    }
  }
}

function tag(
  name: string,
  attributes: Readonly<Record<string, number | string>>,
  stroke: Stroke | undefined,
  fill?: Fill,
): Markup {
  const places = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? coordinate(value) : value}"`,
  )
  const lines = stroke
    ? ` stroke="var(--${stroke.ink})" stroke-width="${coordinate(stroke.width)}"${stroke.dash ? ` stroke-dasharray="${stroke.dash.join(' ')}"` : ''}`
    : ''
  const area = fill
    ? ` fill="var(--${fill.ink})"${fill.opacity === undefined ? '' : ` fill-opacity="${fill.opacity}"`}`
    : ' fill="none"'
  return new Markup(`<${name}${places.join('')}${area}${lines}/>`)
}
