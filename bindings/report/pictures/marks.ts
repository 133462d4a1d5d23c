/** The marks of vessels as shapes of a drawing. */
import { CORNERS } from './canvas.js'
import type { Point, Shape } from './drawing.js'
import { styleOf } from './palette.js'

/** The mark of a territory about a point. With a dark edge: yellow on white is hardly seen. */
export function markShape(territory: string | null, [x, y]: Point, radius: number): Shape {
  const { mark, ink } = styleOf(territory)
  const stroke = { ink: 'ink', width: radius / 6 } as const
  if (mark === 'circle') return { kind: 'circle', centre: [x, y], radius, fill: { ink }, stroke }
  if (mark === 'ring')
    return { kind: 'circle', centre: [x, y], radius: radius * 0.8, stroke: { ink: 'muted', width: radius * 0.45 } }
  const points = CORNERS[mark].map(([dx, dy]): Point => [x + dx * radius, y + dy * radius])
  return { kind: 'polyline', points, closed: true, fill: { ink }, stroke }
}
