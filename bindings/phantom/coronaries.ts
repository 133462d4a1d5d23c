/**
 * The coronary arteries: courses laid onto the surface of the heart, and the calcifications along them. The courses are those of a
 * right-dominant heart; places, sizes and densities of the calcifications vary with the seed, around a fixed plan from a fleck
 * that scores nothing to a plaque of a hundred milligrams.
 */
import { type Vec3, add, cross, dot, length, normalize, scale, subtract } from '../base/vector.js'
import { TERRITORY_IDS } from '../volume/territory.js'
import { aortaDescending, heartMuscle } from './heart.js'
import { type Lesion, ellipsoidBody, hydroxyapatiteHu } from './lesions.js'
import type { Random } from './random.js'
import { type Distance, type TubePoint, smoothCurve } from './shapes.js'

export type Vessel = 'LM' | 'LAD' | 'LCX' | 'RCA' | 'AORTA'

export interface Course {
  readonly vessel: string
  readonly label: number
  /** Middle line with radii. */
  readonly points: readonly TubePoint[]
  /** How far from the middle line the territory reaches, beyond the vessel's radius. */
  readonly reachMm: number
}

/** Control points, before they are laid onto the heart; and radii at the start and the end. */
const PLAN: readonly { vessel: Vessel; points: readonly Vec3[]; radii: readonly [number, number] }[] = [
  {
    vessel: 'LM',
    points: [
      [5, -10, 21],
      [10, -10, 21],
      [16, -11, 19],
    ],
    radii: [2.3, 2.1],
  },
  {
    vessel: 'LAD',
    points: [
      [18, -13, 18.5],
      [24, -26, 16],
      [29, -36, 6],
      [34, -42, -6],
      [42, -44, -20],
      [50, -40, -34],
    ],
    radii: [1.9, 1],
  },
  {
    vessel: 'LCX',
    points: [
      [20, -8, 18],
      [29, 2, 17],
      [38, 14, 11],
      [36, 26, 2],
      [24, 33, -10],
    ],
    radii: [1.8, 1],
  },
  {
    vessel: 'RCA',
    points: [
      [-22, -17, 20],
      [-27, -32, 14],
      [-34, -37, 2],
      [-37, -36, -12],
      [-34, -27, -28],
      [-24, -10, -42],
      [-8, 10, -44],
      [8, 14, -44],
    ],
    radii: [2, 1.1],
  },
]

/** How far the middle line lies above the muscle. */
const LIFT_MM = 2.4

/** The four arteries and the descending aorta. */
export function makeCourses(): Course[] {
  const arteries = PLAN.map(({ vessel, points, radii }): Course => {
    const line = settle(smoothCurve(points, 2.5))
    const radius = (n: number) => radii[0] + ((radii[1] - radii[0]) * n) / (line.length - 1)
    return {
      vessel,
      label: TERRITORY_IDS[vessel],
      points: line.map((p, n): TubePoint => [...p, radius(n)]),
      reachMm: 4.5,
    }
  })
  return [...arteries, { vessel: 'AORTA', label: TERRITORY_IDS.AORTA, points: aortaDescending, reachMm: 1.2 }]
}

/** Lay a line onto the heart: each point moves along the surface's gradient to its height, then neighbours are averaged. */
function settle(line: readonly Vec3[]): Vec3[] {
  let settled = line.map((point) => {
    let p = point
    for (let step = 0; step < 12; step++) {
      const g = gradient(heartMuscle, p)
      p = subtract(p, scale(g, ((heartMuscle(...p) - LIFT_MM) * 0.8) / dot(g, g)))
    }
    return p
  })
  for (let pass = 0; pass < 3; pass++) {
    settled = settled.map((p, n) => {
      const [before, after] = [settled[n - 1], settled[n + 1]]
      return before && after ? scale(add(add(before, scale(p, 2)), after), 0.25) : p
    })
  }
  return settled
}

function gradient(shape: Distance, [x, y, z]: Vec3): Vec3 {
  const h = 0.5
  return [
    (shape(x + h, y, z) - shape(x - h, y, z)) / (2 * h),
    (shape(x, y + h, z) - shape(x, y - h, z)) / (2 * h),
    (shape(x, y, z + h) - shape(x, y, z - h)) / (2 * h),
  ]
}

/** One planned calcification: where along the vessel (0 to 1), half axes along, across and into the wall, and density. */
type Planned = readonly [vessel: Vessel, place: number, halfAxes: Vec3, mgPerMl: number]

const LESION_PLAN: readonly Planned[] = [
  ['LM', 0.55, [2.2, 1.2, 1.1], 420],
  ['LAD', 0.14, [4.6, 1.6, 1.4], 520],
  ['LAD', 0.32, [3.4, 1.9, 1.6], 680],
  ['LAD', 0.5, [1.2, 0.8, 0.8], 320],
  ['LAD', 0.68, [0.6, 0.5, 0.5], 240],
  ['LCX', 0.3, [2.4, 1.3, 1.2], 390],
  ['LCX', 0.66, [0.9, 0.7, 0.7], 270],
  ['RCA', 0.16, [4.2, 2, 1.8], 760],
  ['RCA', 0.38, [1.6, 1.1, 1], 340],
  ['RCA', 0.62, [2.6, 1, 0.9], 290],
  ['AORTA', 0.42, [5, 4, 1.2], 480],
  ['AORTA', 0.62, [2, 1.6, 0.9], 360],
]

/** The calcifications of a seed: plan, shifted and scaled by up to a tenth. Every lesion draws the same number of times. */
export function makeLesions(courses: readonly Course[], random: Random): Lesion[] {
  return LESION_PLAN.map(([vessel, place, halfAxes, mgPerMl], n) => {
    const course = courses.find((c) => c.vessel === vessel)!
    const spot = pointAlong(course, place + random.between(-0.03, 0.03))
    const size = random.between(0.9, 1.1)
    const radii: Vec3 = [halfAxes[0] * size, halfAxes[1] * size, halfAxes[2] * size]
    const turn: Vec3 = [random.between(-1, 1), random.between(-1, 1), random.between(-1, 1)]
    const densityMgPerMl = Math.round(mgPerMl * random.between(0.9, 1.1))
    // A plaque sits in the wall: off the middle line, towards a seeded side.
    const outward = normalize(cross(spot.along, normalize(length(cross(spot.along, turn)) > 0.1 ? turn : [1, 0, 0])))
    const axes = [spot.along, cross(outward, spot.along), outward] as const
    const off = vessel === 'AORTA' ? spot.radius - 0.4 * radii[2] : Math.max(0, spot.radius - 0.8 * radii[2])
    const side = vessel === 'AORTA' ? forward(spot.along) : outward
    const aorta = [spot.along, cross(side, spot.along), side] as const
    const centreMm = add(spot.point, scale(side, off))
    return {
      id: n + 1,
      territory: vessel,
      label: course.label,
      centreMm,
      densityMgPerMl,
      hu: hydroxyapatiteHu(densityMgPerMl),
      shape: ellipsoidBody(centreMm, radii, vessel === 'AORTA' ? aorta : axes),
      description: `ellipsoid ${radii.map((r) => (2 * r).toFixed(2)).join(' x ')} mm`,
    }
  })
}

/** The front left of the aorta: away from the spine, whose bone must stay out of its territory. */
function forward(along: Vec3): Vec3 {
  const wish: Vec3 = [0.6, -0.8, 0]
  return normalize(subtract(wish, scale(along, dot(wish, along))))
}

/** Place on a course by the fraction of its length. The aorta's is counted over the height of the field of view only. */
function pointAlong(course: Course, fraction: number): { point: Vec3; along: Vec3; radius: number } {
  const points =
    course.vessel === 'AORTA'
      ? course.points.map((p): TubePoint => [p[0], p[1], Math.max(-70, Math.min(70, p[2])), p[3]])
      : course.points
  const steps = points.slice(1).map((p, n) => subtract(xyz(p), xyz(points[n]!)))
  const total = steps.reduce((sum, step) => sum + length(step), 0)
  let rest = fraction * total
  let n = 0
  while (n + 1 < steps.length && rest > length(steps[n]!)) rest -= length(steps[n++]!)
  const step = steps[n]!
  const t = rest / length(step)
  const [from, to] = [points[n]!, points[n + 1]!]
  return {
    point: add(xyz(from), scale(step, t)),
    along: normalize(step),
    radius: from[3] + (to[3] - from[3]) * t,
  }
}

const xyz = (p: TubePoint): Vec3 => [p[0], p[1], p[2]]
