/** Drawings and pictures put on a page: vectors stay vectors, rasters are shown as they are, each with words for those who do not see it. */
import type { Drawing, PathStep, Point, Shape } from '../pictures/drawing.js'
import type { Faces } from './flow.js'
import type { Paint, Sheet } from './sheet.js'

/** Draws all shapes with the drawing's corner at `corner`, scaled. */
export function drawDrawing(sheet: Sheet, faces: Faces, { shapes }: Drawing, corner: Point, scale: number): void {
  const at = ([x, y]: Point): Point => [corner[0] + x * scale, corner[1] + y * scale]
  for (const shape of shapes) drawShape(sheet, faces, shape, at, scale)
}

/** One shape; `at` places its points, `scale` its lengths. */
export function drawShape(sheet: Sheet, faces: Faces, shape: Shape, at: (point: Point) => Point, scale: number): void {
  switch (shape.kind) {
    case 'line':
      return sheet.path(
        [
          ['m', at(shape.from)],
          ['l', at(shape.to)],
        ],
        paintOf(shape, scale),
      )
    case 'polyline': {
      const { stroke, fill } = paintOf(shape, scale)
      const steps = shape.points.map((point, n) => [n === 0 ? 'm' : 'l', at(point)] as const)
      if (shape.closed) return sheet.path([...steps, ['h']], { ...(stroke && { stroke }), ...(fill && { fill }) })
      return sheet.path(steps, stroke ? { stroke } : {})
    }
    case 'rect': {
      const [x, y] = at([shape.x, shape.y])
      const { width, height, radius = 0 } = shape
      return sheet.rect(x, y, width * scale, height * scale, paintOf(shape, scale), radius * scale)
    }
    case 'circle':
      return sheet.circle(at(shape.centre), shape.radius * scale, paintOf(shape, scale))
    case 'path':
      return sheet.path(
        shape.steps.map((step) => stepOf(step, at)),
        paintOf(shape, scale),
      )
    case 'text': {
      const face = shape.weight === 'bold' ? faces.bold : faces.regular
      const { ink, anchor } = shape
      return sheet.text(face.drawable(shape.text), at(shape.at), { face, size: shape.size * scale, ink, anchor })
    }
  }
}

function stepOf(step: PathStep, at: (point: Point) => Point): readonly ['m' | 'l' | 'c' | 'h', ...Point[]] {
  switch (step.to) {
    case 'move':
      return ['m', at(step.point)]
    case 'line':
      return ['l', at(step.point)]
    case 'curve':
      return ['c', at(step.first), at(step.second), at(step.point)]
    case 'close':
      return ['h']
  }
}

/** Widths and dashes of lines grow with the drawing. */
function paintOf({ stroke, fill }: Paint, scale: number): Paint {
  return {
    ...(fill && { fill }),
    ...(stroke && {
      stroke: {
        ...stroke,
        width: stroke.width * scale,
        ...(stroke.dash && { dash: stroke.dash.map((length) => length * scale) }),
      },
    }),
  }
}
