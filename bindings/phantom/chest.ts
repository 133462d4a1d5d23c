/**
 * The chest around the heart: skin, fat, muscle, ribs, sternum, spine, lungs with their vessels, diaphragm and liver. Coordinates
 * as in heart.ts. CT numbers are those of the textbooks at 120 kVp, without contrast.
 */
import { type Vec3, add, length, scale, subtract } from '../base/vector.js'
import { MIDLINE } from './heart.js'
import type { Random } from './random.js'
import type { Field, Paint, Tubes } from './render.js'
import {
  type Distance,
  type TubePoint,
  ellipsoid,
  ellipticColumn,
  grown,
  intersection,
  slab,
  smoothCurve,
  union,
} from './shapes.js'

/** CT numbers, in HU. */
export const TISSUE_HU = Object.freeze({
  skin: 20,
  fat: -100,
  muscle: 55,
  myocardium: 50,
  blood: 43,
  vesselWall: 52,
  lung: -850,
  lungVessel: 30,
  airway: -985,
  airwayWall: -60,
  cartilage: 88,
  cortical: 620,
  spongy: 165,
  disc: 80,
  cord: 30,
  liver: 60,
  spleen: 50,
  epicardialFat: -98,
  pericardium: 15,
})

/** Where a half angle's tangent puts a point of an ellipse, from the back (0) round the side (1) to the front. */
function onEllipse(a: number, b: number, cy: number, tangent: number, side: number): readonly [number, number] {
  const per = 1 / (1 + tangent * tangent)
  return [MIDLINE + side * a * 2 * tangent * per, cy + b * (1 - tangent * tangent) * per]
}

/** Distance between ribs, and between vertebrae. */
const LEVEL_MM = 27

/** Skin, fat, the pectoral muscles on both sides of the sternum, and the wall of the cage, from outside in. */
export function bodyWall(): Field[] {
  const outer = ellipticColumn(MIDLINE, 18, 176, 109)
  const cage = ellipticColumn(MIDLINE, 20, 148, 90)
  const pectoral = (side: number): Distance => {
    const muscle = ellipticColumn(0, 0, 70, 9)
    // Slanted: the muscle lies on the cage, which falls back towards the side.
    return (x, y, z) => {
      const dx = (x - MIDLINE) * side - 66
      return muscle(dx, y + 63 - 0.28 * dx, z)
    }
  }
  return [
    { kind: 'field', distance: outer, hu: TISSUE_HU.skin },
    { kind: 'field', distance: grown(outer, -1.8), hu: TISSUE_HU.fat },
    {
      kind: 'field',
      distance: union(pectoral(-1), pectoral(1), ellipticColumn(MIDLINE, 20, 151.5, 91.5)),
      hu: TISSUE_HU.muscle,
    },
    // Fat between the muscles and the cage, a thin dark line.
    { kind: 'field', distance: grown(cage, 1.4), hu: -50 },
    { kind: 'field', distance: cage, hu: TISSUE_HU.muscle },
  ]
}

/** The space inside the ribs. */
export const chestCavity: Distance = ellipticColumn(MIDLINE, 18, 137, 80)

/** Lungs, a little denser towards the back, and the muscles beside the spine that they lie against. */
export function lungs(): Field[] {
  return [
    { kind: 'field', distance: grown(chestCavity, 1.6), hu: TISSUE_HU.fat + 40 },
    { kind: 'field', distance: chestCavity, hu: TISSUE_HU.lung, huPerMm: 0.5 },
    {
      kind: 'field',
      distance: ellipticColumn(MIDLINE, 92, 40, 38),
      hu: TISSUE_HU.muscle,
      box: [-70, 40, 50, 140, -500, 500],
    },
  ]
}

/** The domes of liver, spleen and stomach, under a film of fat. */
export function abdomen(): Field[] {
  const liver = union(
    ellipsoid([MIDLINE - 48, 18, -128], [100, 90, 88]),
    ellipsoid([MIDLINE + 22, -20, -122], [72, 46, 66]),
  )
  const spleen = ellipsoid([MIDLINE + 86, 30, -136], [84, 76, 80])
  return [
    { kind: 'field', distance: grown(union(liver, spleen), 2.5), hu: 20, box: [-500, 500, -500, 500, -500, -34] },
    { kind: 'field', distance: spleen, hu: TISSUE_HU.spleen, box: [-500, 500, -500, 500, -500, -52] },
    { kind: 'field', distance: liver, hu: TISSUE_HU.liver, box: [-500, 500, -500, 500, -500, -36] },
  ]
}

/** Vertebral bodies with discs between, arches with the canal. */
export function spine(): Paint[] {
  const level = (z: number) => z - LEVEL_MM * Math.round(z / LEVEL_MM)
  const bodyOutline = ellipticColumn(MIDLINE, 68, 18, 15.5)
  const body: Distance = (x, y, z) => Math.max(bodyOutline(x, y, z), Math.abs(level(z)) - 11)
  const archOutline = intersection(ellipticColumn(MIDLINE, 92, 21, 16.5), (_x, y) => 78 - y)
  const bodyInside: Distance = (x, y, z) => Math.max(bodyOutline(x, y, z) + 1.5, Math.abs(level(z)) - 10.4)
  const arch: Distance = (x, y, z) => Math.max(archOutline(x, y, z), Math.abs(level(z - 3)) - 9)
  const box = [MIDLINE - 30, MIDLINE + 30, 45, 125, -500, 500] as const
  const processes: [TubePoint, TubePoint][] = []
  for (let n = -6; n <= 6; n++) {
    for (const side of [-1, 1]) {
      const z = n * LEVEL_MM + 3
      processes.push([
        [MIDLINE + side * 15, 88, z, 5],
        [MIDLINE + side * 36, 97, z + 4, 4],
      ])
    }
  }
  const thinner = processes.map(([a, b]): [TubePoint, TubePoint] => [
    [a[0], a[1], a[2], 3.4],
    [b[0], b[1], b[2], 2.5],
  ])
  return [
    { kind: 'field', distance: bodyOutline, hu: TISSUE_HU.disc, box },
    { kind: 'tubes', hu: 480, pieces: processes },
    { kind: 'tubes', hu: TISSUE_HU.spongy, pieces: thinner },
    { kind: 'field', distance: arch, hu: 460, box },
    { kind: 'field', distance: grown(arch, -2), hu: TISSUE_HU.spongy, box },
    { kind: 'field', distance: body, hu: 430, box },
    { kind: 'field', distance: bodyInside, hu: TISSUE_HU.spongy, box },
    { kind: 'field', distance: ellipticColumn(MIDLINE, 91, 9.5, 8), hu: TISSUE_HU.cord, box },
  ]
}

/** Ribs run from the spine round the side, falling; their cartilages rise again to the sternum. */
export function ribs(): Paint[] {
  const bone: [TubePoint, TubePoint][] = []
  const marrow: [TubePoint, TubePoint][] = []
  const cartilage: [TubePoint, TubePoint][] = []
  for (let level = -3; level <= 6; level++) {
    for (const side of [-1, 1]) {
      const top = level * LEVEL_MM + 6
      const at = (tangent: number): Vec3 => {
        const [x, y] = onEllipse(142, 85, 20, tangent, side)
        const fall = tangent < 2.2 ? 30 * tangent : 66 - 20 * (tangent - 2.2)
        return [x, y, top - fall]
      }
      const bony = smoothCurve([0.15, 0.4, 0.7, 1, 1.35, 1.75, 2.2].map(at), 8)
      const soft = smoothCurve([2.2, 3, 4.2, 6.4].map(at), 6)
      const chain = (curve: readonly Vec3[], r: number) =>
        curve.slice(1).map((p, n): [TubePoint, TubePoint] => [
          [...curve[n]!, r],
          [...p, r],
        ])
      bone.push(...chain(bony, 4))
      marrow.push(...chain(bony, 2.5))
      cartilage.push(...chain(soft, 4))
    }
  }
  const flat = 0.62
  const rib = (hu: number, pieces: Tubes['pieces']): Tubes => ({ kind: 'tubes', hu, pieces, flat })
  return [rib(TISSUE_HU.cartilage, cartilage), rib(TISSUE_HU.cortical, bone), rib(210, marrow)]
}

/** Body of the sternum, narrowing to the xiphoid below. */
export function sternum(): Field[] {
  const plate: Distance = (x, y, z) => {
    const half = Math.min(Math.max(17 + z * 0.06, 7), 21)
    return ellipticColumn(MIDLINE, -70 - z * 0.03, half, 5.8)(x, y, z)
  }
  const bone = intersection(plate, slab(-58, 200))
  const box = [MIDLINE - 30, MIDLINE + 30, -85, -55, -62, 500] as const
  return [
    { kind: 'field', distance: bone, hu: 420, box },
    { kind: 'field', distance: grown(bone, -1.3), hu: 105, box },
  ]
}

const pick = (curve: readonly Vec3[], fraction: number): Vec3 => curve[Math.floor(fraction * (curve.length - 1))]!

/** Vessels of the lungs: from each hilum to seeded places in the lung, branching and thinning. */
export function lungVessels(random: Random): Tubes {
  const pieces: [TubePoint, TubePoint][] = []
  const run = (from: Vec3, to: Vec3, bend: Vec3, thick: number, thin: number): Vec3[] => {
    const middle: Vec3 = [
      0.5 * (from[0] + to[0]) + bend[0],
      0.5 * (from[1] + to[1]) + bend[1],
      0.5 * (from[2] + to[2]) + bend[2],
    ]
    const curve = smoothCurve([from, middle, to], 14)
    const radius = (n: number) => thick + ((thin - thick) * n) / (curve.length - 1)
    curve.slice(1).forEach((p, n) =>
      pieces.push([
        [...curve[n]!, radius(n)],
        [...p, radius(n + 1)],
      ]),
    )
    return curve
  }
  const wander = (mm: number): Vec3 => [random.between(-mm, mm), random.between(-mm, mm), random.between(-mm, mm)]
  const hila: readonly (readonly [Vec3, number])[] = [
    [[-56, 20, 22], -1],
    [[46, 24, 22], 1],
  ]
  // A place in the lung: some way from the hilum to the pleura, at a height.
  const place = (side: number, from: number, to: number): Vec3 => {
    const tangent = random.between(0.2, 2.7)
    const depth = random.between(from, to)
    const [x, y] = onEllipse(136 * depth, 79 * depth, 18, tangent, side)
    return [x, y, random.between(-105, 105)]
  }
  for (const [hilum, side] of hila) {
    for (let lobar = 0; lobar < 16; lobar++) {
      const start: Vec3 = [
        hilum[0] + random.between(-4, 4),
        hilum[1] + random.between(-8, 12),
        hilum[2] + random.between(-28, 20),
      ]
      const stem = run(start, place(side, 0.5, 0.75), wander(8), 3.4, 2)
      for (let branch = 0; branch < 6; branch++) {
        const fork = pick(stem, random.between(0.35, 1))
        const far = place(side, 0.72, 0.95)
        // Towards a place near the pleura, but no further than a branch reaches.
        const reach = Math.min(1, 55 / length(subtract(far, fork)))
        const limb = run(fork, add(fork, scale(subtract(far, fork), reach)), wander(6), 1.9, 1)
        for (let twig = 0; twig < 3; twig++) {
          const end = pick(limb, random.between(0.4, 1))
          run(end, add(end, wander(18)), wander(2), 1.05, 0.6)
        }
      }
    }
  }
  return { kind: 'tubes', hu: TISSUE_HU.lungVessel, pieces }
}
