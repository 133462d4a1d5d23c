/** How the score is shared among the vessels: a bar each, with mark and name. */
import type { VesselRow } from '../report.js'
import type { Drawing, Shape } from './drawing.js'
import { inReadingOrder } from './lesion-map.js'
import { markShape } from './marks.js'
import { styleOf } from './palette.js'

const WIDTH = 360
const LEFT = 100
const RIGHT = 54
const ROW = 18
/** Bars beyond this are for the table. */
const MOST = 12

/** Null: fewer than two coronary vessels, or none with calcium. */
export function vesselDrawing(vessels: readonly VesselRow[]): Drawing | null {
  const coronary = vessels.filter((row) => row.coronary)
  const most = Math.max(...coronary.map(({ totals }) => totals.agatston))
  if (coronary.length < 2 || most <= 0) return null
  const order = inReadingOrder(coronary.map(({ territory }) => territory))
  const rows = order.slice(0, MOST).map((name) => coronary.find(({ territory }) => territory === name)!)
  const rest = coronary.length - rows.length
  return Object.freeze({
    name: 'vessels',
    width: WIDTH,
    height: rows.length * ROW + 6,
    title: 'Score by vessel',
    desc: `Agatston score by vessel: ${rows.map(({ name, score }) => `${name} ${score}`).join(', ')}.`,
    caption: rest > 0 ? `${rest} more in the table.` : null,
    shapes: rows.flatMap((row, n) => rowShapes(row, n * ROW + ROW / 2 + 3, most)),
  })
}

function rowShapes({ territory, score, totals }: VesselRow, y: number, most: number): Shape[] {
  const width = (totals.agatston / most) * (WIDTH - LEFT - RIGHT)
  const short = territory.length > 13 ? `${territory.slice(0, 12)}…` : territory
  const { ink } = styleOf(territory)
  return [
    markShape(territory, [8, y], 4.5),
    { kind: 'text', at: [20, y + 3.2], anchor: 'start', size: 9.5, weight: 'bold', ink: 'ink', text: short },
    { kind: 'line', from: [LEFT, y - 7], to: [LEFT, y + 7], stroke: { ink: 'line', width: 1 } },
    ...(width > 0
      ? [
          {
            kind: 'rect',
            x: LEFT,
            y: y - 5,
            width: Math.max(1, width),
            height: 10,
            radius: 1.5,
            fill: { ink },
            stroke: { ink: 'ink', width: 0.5 },
          } as const,
        ]
      : []),
    {
      kind: 'text',
      at: [LEFT + width + 7, y + 3.2],
      anchor: 'start',
      size: 9.5,
      weight: 'normal',
      ink: 'ink',
      text: score,
    },
  ]
}
