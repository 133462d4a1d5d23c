/**
 * The percentile lines of the group a person is compared with, and where the person is. Scores are spread by log(score + 1), so that
 * ten and a thousand are both seen.
 */
import { type PercentileCurve, type PercentileLine } from '../percentile/curve.js'
import { ordinal } from '../percentile/place.js'
import type { Drawing, Point, Shape, TextShape } from './drawing.js'

const WIDTH = 360
const HEIGHT = 214
const LEFT = 40
const RIGHT = 46
const TOP = 12
const BOTTOM = 34
const TICKS: readonly number[] = [0, 10, 100, 400, 1000, 3000, 10000]

export interface PatientPoint {
  readonly ageYears: number
  readonly agatston: number
  /** The score as printed. */
  readonly score: string
}

/** @param place where the score lies, in words */
export function percentileDrawing(curve: PercentileCurve, patient: PatientPoint, place: string): Drawing {
  const highest = Math.max(
    100,
    patient.agatston,
    ...curve.lines.flatMap(({ points }) => points.map(([, score]) => score)),
  )
  const top = TICKS.find((tick) => tick >= highest) ?? highest * 1.1
  const [from, to] = curve.ages
  const x = (age: number): number => LEFT + ((age - from) / (to - from)) * (WIDTH - LEFT - RIGHT)
  const y = (score: number): number => HEIGHT - BOTTOM - (Math.log1p(score) / Math.log1p(top)) * (HEIGHT - TOP - BOTTOM)
  const at = ([age, score]: readonly [number, number]): Point => [x(age), y(score)]
  const group = curve.group
  const { edition, flag } = curve.published
  return Object.freeze({
    name: 'percentile',
    width: WIDTH,
    height: HEIGHT,
    title: `Among ${group.charAt(0).toLowerCase()}${group.slice(1)} of each age`,
    desc: `Percentile lines of the Agatston score over age for ${group}, ages ${from} to ${to}. The patient, aged ${patient.ageYears} with a score of ${patient.score}: ${place}.`,
    caption: [...(flag === null ? [] : [flag]), edition].map(sentence).join(' '),
    shapes: [
      ...grid(x, y, top, curve.ages),
      ...curve.lines.flatMap((line) => lineShapes(line, at)),
      ...endLabels(curve.lines, y),
      ...curve.cutPoints.flatMap(({ points }) =>
        points.map((point): Shape => ({ kind: 'circle', centre: at(point), radius: 1.6, fill: { ink: 'muted' } })),
      ),
      ...patientShapes(patient, x, y),
    ],
  })
}

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`

type Scale = (value: number) => number

const label = (at: Point, text: string, anchor: TextShape['anchor'], ink: TextShape['ink'] = 'muted'): TextShape => ({
  kind: 'text',
  at,
  anchor,
  size: 8,
  weight: 'normal',
  ink,
  text,
})

function grid(x: Scale, y: Scale, top: number, [from, to]: readonly [number, number]): Shape[] {
  const shapes: Shape[] = []
  for (const tick of TICKS.filter((one) => one <= top)) {
    const stroke = { ink: 'line', width: tick === 0 ? 1 : 0.5 } as const
    shapes.push({ kind: 'line', from: [LEFT, y(tick)], to: [WIDTH - RIGHT, y(tick)], stroke })
    shapes.push(label([LEFT - 6, y(tick) + 2.8], String(tick), 'end'))
  }
  for (let age = Math.ceil(from / 5) * 5; age <= to; age += to - from > 25 ? 10 : 5) {
    shapes.push({ kind: 'line', from: [x(age), y(0)], to: [x(age), y(0) + 3], stroke: { ink: 'line', width: 1 } })
    shapes.push(label([x(age), HEIGHT - BOTTOM + 13], String(age), 'middle'))
  }
  shapes.push(label([(LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8], 'Age, years', 'middle'))
  shapes.push(label([LEFT, TOP - 3], 'Agatston score', 'start'))
  return shapes
}

/** The middle one is drawn strongest; every other one dashed, so that lines are told apart where they run close. */
function lineShapes({ percentile, points }: PercentileLine, at: (point: readonly [number, number]) => Point): Shape[] {
  const isMiddle = percentile === 50
  const width = isMiddle ? 1.8 : 1
  const isDashed = percentile === 25 || percentile === 90 || percentile > 95
  const stroke = { ink: isMiddle ? 'ink' : 'muted', width, ...(isDashed ? { dash: [4, 2.5] } : {}) } as const
  return [{ kind: 'polyline', points: points.map(at), closed: false, stroke }]
}

/** The percentile at the end of each line; moved apart where lines end close together. */
function endLabels(lines: readonly PercentileLine[], y: Scale): Shape[] {
  const shapes: Shape[] = []
  let free = Infinity
  for (const { percentile, points } of lines) {
    const wanted = y(points.at(-1)![1]) + 2.8
    const at = Math.min(wanted, free)
    free = at - 9
    shapes.push(label([WIDTH - RIGHT + 5, at], ordinal(percentile), 'start', percentile === 50 ? 'ink' : 'muted'))
  }
  return shapes
}

function patientShapes({ ageYears, agatston, score }: PatientPoint, x: Scale, y: Scale): Shape[] {
  const centre: Point = [x(ageYears), y(agatston)]
  const isRight = centre[0] > WIDTH * 0.6
  const isTop = centre[1] < TOP + 16
  const textAt: Point = [centre[0] + (isRight ? -9 : 9), centre[1] + (isTop ? 12 : -7)]
  const text = `Score ${score}, age ${Number(ageYears.toFixed(0))}`
  const width = text.length * 4.9 + 6
  const dash = [1.5, 2]
  return [
    { kind: 'line', from: centre, to: [centre[0], y(0)], stroke: { ink: 'accent', width: 0.8, dash } },
    { kind: 'line', from: [LEFT, centre[1]], to: centre, stroke: { ink: 'accent', width: 0.8, dash } },
    { kind: 'circle', centre, radius: 5.5, fill: { ink: 'accent' }, stroke: { ink: 'paper', width: 1.5 } },
    {
      kind: 'rect',
      x: isRight ? textAt[0] - width + 3 : textAt[0] - 3,
      y: textAt[1] - 8.5,
      width,
      height: 12,
      radius: 2,
      fill: { ink: 'paper', opacity: 0.85 },
    },
    { kind: 'text', at: textAt, anchor: isRight ? 'end' : 'start', size: 9, weight: 'bold', ink: 'accent', text },
  ]
}
