/**
 * Calcifications: bodies of known volume and hydroxyapatite density. Their CT number follows from the mass factor, so that mass
 * scoring with that factor has a true answer.
 */
import type { Vec3 } from '../base/vector.js'

/**
 * Milligrams of hydroxyapatite per mm3 and HU at 120 kVp: the calibration factor of mass scoring (McCollough et al., Radiology
 * 2007;243:527). It differs a little between scanners; 0.00072 makes 200 mg/mL 278 HU above water.
 */
export const MASS_FACTOR = 0.00072

/** CT number of a hydroxyapatite density (mg/mL): density / 1000 / mass factor. Water is 0. */
export const hydroxyapatiteHu = (mgPerMl: number): number => mgPerMl / (1000 * MASS_FACTOR)

export interface Body {
  readonly volumeMm3: number
  /** Low and high x, y, z. */
  readonly box: readonly [number, number, number, number, number, number]
  /** Where a line along z through (x, y) runs inside: every body here is convex. */
  readonly zInterval: (x: number, y: number) => readonly [number, number] | null
}

export interface Lesion {
  readonly id: number
  readonly territory: string
  /** Label id in the map. */
  readonly label: number
  readonly centreMm: Vec3
  readonly densityMgPerMl: number
  readonly hu: number
  readonly shape: Body
  /** What it is, for people: "ellipsoid 6.4 x 3.6 x 3 mm". */
  readonly description: string
}

/** Sphere volumes are 4/3 pi; a decimal, since that is what it is on every machine. */
const PI = 3.141592653589793

/** An ellipsoid with half axes `radii` along `axes`. */
export function ellipsoidBody(centre: Vec3, radii: Vec3, axes: readonly [Vec3, Vec3, Vec3]): Body {
  // Quadratic form: sum of (axis . d)^2 / radius^2 <= 1.
  const form = (i: 0 | 1 | 2, j: 0 | 1 | 2): number =>
    (axes[0][i] * axes[0][j]) / (radii[0] * radii[0]) +
    (axes[1][i] * axes[1][j]) / (radii[1] * radii[1]) +
    (axes[2][i] * axes[2][j]) / (radii[2] * radii[2])
  const [xx, xy, xz, yy, yz, zz] = [form(0, 0), form(0, 1), form(0, 2), form(1, 1), form(1, 2), form(2, 2)]
  const reach = (i: 0 | 1 | 2): number => {
    const [a, b, c] = [axes[0][i] * radii[0], axes[1][i] * radii[1], axes[2][i] * radii[2]]
    return Math.sqrt(a * a + b * b + c * c)
  }
  return {
    volumeMm3: (4 / 3) * PI * radii[0] * radii[1] * radii[2],
    box: boxAround(centre, [reach(0), reach(1), reach(2)]),
    zInterval: (x, y) => {
      const dx = x - centre[0]
      const dy = y - centre[1]
      const b = xz * dx + yz * dy
      const c = xx * dx * dx + 2 * xy * dx * dy + yy * dy * dy - 1
      const square = b * b - zz * c
      if (square <= 0) return null
      const root = Math.sqrt(square)
      return [centre[2] + (-b - root) / zz, centre[2] + (-b + root) / zz]
    },
  }
}

/** A cylinder along z. */
export function cylinderBody(centre: Vec3, diameter: number, length: number): Body {
  const radius = diameter / 2
  const ends = [centre[2] - length / 2, centre[2] + length / 2] as const
  return {
    volumeMm3: PI * radius * radius * length,
    box: boxAround(centre, [radius, radius, length / 2]),
    zInterval: (x, y) => {
      const dx = x - centre[0]
      const dy = y - centre[1]
      return dx * dx + dy * dy <= radius * radius ? ends : null
    },
  }
}

function boxAround([x, y, z]: Vec3, [a, b, c]: Vec3): Body['box'] {
  return [x - a, x + a, y - b, y + b, z - c, z + c]
}
