/** The same pixels under each vendor's rules: how far the number hangs on them, and whether an edge between categories lies there. */
import { CATEGORY_SYSTEMS } from '../../score/category.js'
import type { Sensitivity } from '../../score/result.js'
import { scoreText } from '../numbers.js'
import type { Drawing, Shape } from './drawing.js'

const WIDTH = 360
const LEFT = 78
const TOP = 22
const ROW = 17

/** Every score at which some system has a new category, rising. */
const EDGES: readonly number[] = Object.freeze(
  [...new Set(Object.values(CATEGORY_SYSTEMS).flatMap(({ bands }) => bands.map(({ from }) => from)))]
    .filter((from) => from > 0)
    .sort((a, b) => a - b),
)

/**
 * @param own the result's own score, and its standard
 * @param hasCategories whether edges mean anything: a sum over an image has none
 */
export function sensitivityDrawing(
  { min, max, byStandard, categoryChanges }: Sensitivity,
  own: { readonly standard: string; readonly agatston: number; readonly score: string },
  hasCategories: boolean,
): Drawing {
  const text = (score: number): string => scoreText(score, score > 0 ? 1 : 0)
  const rows = [
    { name: own.standard, score: own.agatston, printed: own.score, isOwn: true },
    ...Object.entries(byStandard).map(([name, score]) => ({ name, score, printed: text(score), isOwn: false })),
  ]
  const [low, high] = rangeOf(Math.min(min, own.agatston), Math.max(max, own.agatston))
  // Room for the numbers at the right.
  const right = WIDTH - 16 - 5 * Math.max(...rows.map(({ printed }) => printed.length))
  const x = (score: number): number => LEFT + ((score - low) / (high - low)) * (right - LEFT)
  const bottom = TOP + rows.length * ROW
  const edges = hasCategories ? EDGES.filter((edge) => edge > low && edge < high) : []
  const band = text(min) === text(max) ? `${text(min)} under each` : `${text(min)} to ${text(max)}`
  return Object.freeze<Drawing>({
    name: 'sensitivity',
    width: WIDTH,
    height: bottom + 20,
    title: "The same pixels under vendors' rules",
    desc: `Agatston score by standard: ${rows.map(({ name, printed }) => `${name} ${printed}`).join(', ')}.`,
    caption: `Vendors' rules: ${band}.${categoryChanges === true ? ' The category is another one under some of them.' : ''}`,
    shapes: [
      {
        kind: 'rect',
        x: x(min) - 2,
        y: TOP - 4,
        width: x(max) - x(min) + 4,
        height: bottom - TOP + 4,
        radius: 3,
        fill: { ink: 'accent', opacity: 0.14 },
      },
      ...edgeShapes(edges, x, bottom),
      ...rows.flatMap((row, n) => rowShapes(row, x(row.score), TOP + n * ROW + ROW / 2, right)),
      { kind: 'line', from: [LEFT, bottom + 2], to: [right, bottom + 2], stroke: { ink: 'line', width: 1 } },
      ...[low, high].map((score, n): Shape => ({
        kind: 'text',
        at: [n === 0 ? LEFT : right, bottom + 13],
        anchor: n === 0 ? 'start' : 'end',
        size: 8,
        weight: 'normal',
        ink: 'muted',
        text: String(Math.round(score)),
      })),
    ],
  })
}

/** The scores, and as much again beside them, or 15 %, whichever is more; never below zero. */
function rangeOf(min: number, max: number): readonly [number, number] {
  const beside = Math.max(5, (max - min) * 0.6, max * 0.15)
  return [Math.max(0, Math.floor(min - beside)), Math.ceil(max + beside)]
}

function edgeShapes(edges: readonly number[], x: (score: number) => number, bottom: number): Shape[] {
  let free = -Infinity
  return edges.flatMap((edge): Shape[] => {
    const at = x(edge)
    const line: Shape = {
      kind: 'line',
      from: [at, TOP - 6],
      to: [at, bottom + 2],
      stroke: { ink: 'warn', width: 1, dash: [3, 2] },
    }
    if (at < free) return [line]
    free = at + 40
    const text = edges.length === 1 ? `category edge ${edge}` : `edge ${edge}`
    return [line, { kind: 'text', at: [at, TOP - 10], anchor: 'middle', size: 8, weight: 'normal', ink: 'warn', text }]
  })
}

interface Row {
  readonly name: string
  readonly printed: string
  readonly isOwn: boolean
}

/** Name, a line to be read along, a dot, the number. The result's own is a filled one; the others are rings. */
function rowShapes({ name, printed, isOwn }: Row, x: number, y: number, right: number): Shape[] {
  const weight = isOwn ? 'bold' : 'normal'
  const ink = isOwn ? 'ink' : 'muted'
  const short = name.length > 16 ? `${name.slice(0, 15)}…` : name
  return [
    { kind: 'text', at: [LEFT - 8, y + 3], anchor: 'end', size: 8.5, weight, ink, text: short },
    { kind: 'line', from: [LEFT, y], to: [right, y], stroke: { ink: 'line', width: 0.5 } },
    isOwn
      ? { kind: 'circle', centre: [x, y], radius: 5, fill: { ink: 'accent' }, stroke: { ink: 'paper', width: 1.5 } }
      : { kind: 'circle', centre: [x, y], radius: 3.6, fill: { ink: 'paper' }, stroke: { ink: 'accent', width: 1.6 } },
    { kind: 'text', at: [right + 8, y + 3], anchor: 'start', size: 8.5, weight, ink, text: printed },
  ]
}
