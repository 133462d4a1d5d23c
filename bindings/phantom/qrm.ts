/**
 * A phantom after QRM's thorax phantom with the cardiac calcification insert (McCollough et al., Radiology 2007;243:527):
 * nine cylinders of hydroxyapatite, as long as wide, in a disc of 100 mm, and two rods to calibrate the mass factor.
 */
import type { Vec3 } from '../base/vector.js'
import { type Lesion, cylinderBody, hydroxyapatiteHu } from './lesions.js'
import type { Field, Paint } from './render.js'
import type { Scene } from './scene.js'
import { type Distance, ellipticColumn, grown, intersection, slab, union } from './shapes.js'

/** The body is 100 mm long; before and behind it is air. */
const HALF_LENGTH_MM = 50
/** Middle of the disc. */
const DISC: readonly [number, number] = [0, -19]

/** Arms of the star the cylinders lie on, unit vectors, with the density of each. */
const HALF_ROOT_3 = Math.sqrt(3) / 2
const ARMS = [
  { suffix: 'HD', mgPerMl: 800, towards: [-1, 0] },
  { suffix: 'MD', mgPerMl: 400, towards: [0.5, -HALF_ROOT_3] },
  { suffix: 'LD', mgPerMl: 200, towards: [0.5, HALF_ROOT_3] },
] as const
/** Diameter (and length), and distance from the middle of the disc. */
const SIZES = [
  { prefix: 'L', mm: 5, radius: 37 },
  { prefix: 'M', mm: 3, radius: 25 },
  { prefix: 'S', mm: 1, radius: 13.5 },
] as const

/** Calibration rods, the whole length of the body, between the arms. */
export const RODS = [
  { name: 'rod 200 mg/mL', mgPerMl: 200, centreMm: [DISC[0] + 33, DISC[1]] },
  { name: 'rod water', mgPerMl: 0, centreMm: [DISC[0] - 16.5, DISC[1] + 33 * HALF_ROOT_3] },
] as const
export const ROD_DIAMETER_MM = 12

/** Label ids start above those of vessels, so that a map read without its names is refused, not misread. */
const FIRST_LABEL = 11

/** How far a cylinder's territory reaches beyond it. */
const REACH_MM = 3.5

export function qrmScene(): Scene {
  const lesions = qrmLesions()
  return {
    base: [],
    paints: qrmPaints(),
    lesions,
    courses: lesions.map(({ territory, label, centreMm: [x, y, z], shape }) => {
      const half = (shape.box[1] - shape.box[0]) / 2
      return {
        vessel: territory,
        label,
        reachMm: REACH_MM,
        points: [
          [x, y, z - half, half],
          [x, y, z + half, half],
        ],
      }
    }),
    names: Object.freeze(Object.fromEntries(lesions.map(({ label, territory }) => [label, territory]))),
  }
}

function qrmLesions(): Lesion[] {
  return ARMS.flatMap(({ suffix, mgPerMl, towards }) =>
    SIZES.map((size) => ({ suffix, mgPerMl, towards, ...size })),
  ).map(({ suffix, mgPerMl, towards, prefix, mm, radius }, n) => {
    const centreMm: Vec3 = [DISC[0] + radius * towards[0], DISC[1] + radius * towards[1], 0]
    return {
      id: n + 1,
      territory: `${prefix}_${suffix}`,
      label: FIRST_LABEL + n,
      centreMm,
      densityMgPerMl: mgPerMl,
      hu: hydroxyapatiteHu(mgPerMl),
      shape: cylinderBody(centreMm, mm, mm),
      description: `cylinder ${mm} x ${mm} mm along z`,
    }
  })
}

function qrmPaints(): Paint[] {
  const ends = slab(-HALF_LENGTH_MM, HALF_LENGTH_MM)
  const field = (distance: Distance, hu: number): Field => ({
    kind: 'field',
    distance: intersection(distance, ends),
    hu,
    box: [-500, 500, -500, 500, -HALF_LENGTH_MM - 2, HALF_LENGTH_MM + 2],
  })
  const disc = ellipticColumn(DISC[0], DISC[1], 50, 50)
  const stem: Distance = (x, y) => Math.max(Math.abs(x) - 24 + 0.1 * Math.abs(y + 70), y + 50, -95 - y)
  const back: Distance = (x, y) => Math.max(Math.abs(x) - 9, 20 - y, y - 45)
  const process: Distance = (x, y) => Math.max(Math.abs(x) - 4.5, 65 - y, y - 98)
  const wings: Distance = (x, y) => Math.max(Math.abs(x) - 33, 70 - y - 2 + 0.22 * Math.abs(x), y - 77)
  return [
    field(ellipticColumn(0, 0, 150, 99), 35),
    field(lung(-1), -850),
    field(lung(1), -850),
    field(union(grown(disc, 4), stem, back), 35),
    field(union(ellipticColumn(0, 53, 17, 17), process, wings), 520),
    field(ellipticColumn(0, 53, 13, 13), 150),
    // A gap of air between the disc and its hole, as thin as a sheet.
    field(grown(disc, 0.35), -300),
    field(disc, 40),
    ...RODS.map(({ mgPerMl, centreMm }) => {
      const rod = ellipticColumn(centreMm[0], centreMm[1], ROD_DIAMETER_MM / 2, ROD_DIAMETER_MM / 2)
      return field(rod, hydroxyapatiteHu(mgPerMl))
    }),
  ]
}

/** A lung fills one side of the body between its walls. */
function lung(side: -1 | 1): Distance {
  const inner = ellipticColumn(0, 0, 134, 78)
  return intersection(inner, (x) => 6 - side * x)
}
