/**
 * Shapes as distance functions: how far (mm, near enough) a point lies outside a surface, negative inside. Only additions,
 * multiplications, divisions and square roots, which IEEE 754 rounds the same everywhere; no sine, no exponential.
 */
import { type Vec3, cross, dot, normalize, scale, subtract } from '../base/vector.js'

export type Distance = (x: number, y: number, z: number) => number

/** An ellipsoid; without axes, along x, y and z. The distance is first order: exact on the surface, good near it. */
export function ellipsoid(centre: Vec3, radii: Vec3, axes: readonly [Vec3, Vec3, Vec3] = IDENTITY): Distance {
  const [u, v, w] = axes
  const [a, b, c] = radii
  return (x, y, z) => {
    const dx = x - centre[0]
    const dy = y - centre[1]
    const dz = z - centre[2]
    const p = (dx * u[0] + dy * u[1] + dz * u[2]) / a
    const q = (dx * v[0] + dy * v[1] + dz * v[2]) / b
    const r = (dx * w[0] + dy * w[1] + dz * w[2]) / c
    const k0 = Math.sqrt(p * p + q * q + r * r)
    const k1 = Math.sqrt((p * p) / (a * a) + (q * q) / (b * b) + (r * r) / (c * c))
    return k1 > 0 ? (k0 * (k0 - 1)) / k1 : -Math.min(a, b, c)
  }
}

const IDENTITY = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
] as const

/** A right-handed frame whose first axis is `along`, second as near to `up` as that allows. */
export function frame(along: Vec3, up: Vec3 = [0, 0, 1]): readonly [Vec3, Vec3, Vec3] {
  const u = normalize(along)
  const v = normalize(subtract(up, scale(u, dot(up, u))))
  return [u, v, cross(u, v)]
}

/** A column of elliptic section, endless along z. */
export function ellipticColumn(cx: number, cy: number, a: number, b: number): Distance {
  return (x, y) => {
    const p = (x - cx) / a
    const q = (y - cy) / b
    const k0 = Math.sqrt(p * p + q * q)
    const k1 = Math.sqrt((p * p) / (a * a) + (q * q) / (b * b))
    return k1 > 0 ? (k0 * (k0 - 1)) / k1 : -Math.min(a, b)
  }
}

/** A point of a tube's middle line, and the radius there. */
export type TubePoint = readonly [x: number, y: number, z: number, radius: number]

/** A tube of round section along straight pieces, with round ends. */
export function tube(points: readonly TubePoint[]): Distance {
  const pieces = points.slice(1).map((to, n) => capsule(points[n]!, to))
  return (x, y, z) => {
    let best = Infinity
    for (const piece of pieces) best = Math.min(best, piece(x, y, z))
    return best
  }
}

/** One straight piece of a tube. */
export function capsule(from: TubePoint, to: TubePoint): Distance {
  const [ax, ay, az, ra] = from
  const [ux, uy, uz] = [to[0] - ax, to[1] - ay, to[2] - az]
  const dr = to[3] - ra
  const square = ux * ux + uy * uy + uz * uz
  const perSquare = square > 0 ? 1 / square : 0
  return (x, y, z) => {
    const dx = x - ax
    const dy = y - ay
    const dz = z - az
    const t = Math.min(Math.max((dx * ux + dy * uy + dz * uz) * perSquare, 0), 1)
    const ex = dx - t * ux
    const ey = dy - t * uy
    const ez = dz - t * uz
    return Math.sqrt(ex * ex + ey * ey + ez * ez) - (ra + t * dr)
  }
}

/** Union with edges filled to a radius of about `k` mm: what fat does between round organs. */
export function blend(k: number, ...shapes: readonly Distance[]): Distance {
  return (x, y, z) => {
    let d = shapes[0]!(x, y, z)
    for (let n = 1; n < shapes.length; n++) {
      const e = shapes[n]!(x, y, z)
      const h = Math.max(k - Math.abs(d - e), 0) / k
      d = Math.min(d, e) - (h * h * k) / 4
    }
    return d
  }
}

export const union =
  (...shapes: readonly Distance[]): Distance =>
  (x, y, z) => {
    let d = Infinity
    for (const shape of shapes) d = Math.min(d, shape(x, y, z))
    return d
  }

export const intersection =
  (...shapes: readonly Distance[]): Distance =>
  (x, y, z) => {
    let d = -Infinity
    for (const shape of shapes) d = Math.max(d, shape(x, y, z))
    return d
  }

/** Grown by `mm` (shrunk where negative). */
export const grown =
  (shape: Distance, mm: number): Distance =>
  (x, y, z) =>
    shape(x, y, z) - mm

/** Between two heights. */
export const slab =
  (low: number, high: number): Distance =>
  (_x, _y, z) =>
    Math.max(low - z, z - high)

/** Points of a smooth curve through the given ones (Catmull-Rom), about `step` mm apart; the ends are the first and last. */
export function smoothCurve(points: readonly Vec3[], step: number): Vec3[] {
  const curve: Vec3[] = [points[0]!]
  for (let n = 0; n + 1 < points.length; n++) {
    const p1 = points[n]!
    const p2 = points[n + 1]!
    const p0 = points[n - 1] ?? p1
    const p3 = points[n + 2] ?? p2
    const chord = subtract(p2, p1)
    const pieces = Math.max(1, Math.ceil(Math.sqrt(dot(chord, chord)) / step))
    for (let piece = 1; piece <= pieces; piece++) {
      const t = piece / pieces
      const at = (i: 0 | 1 | 2): number =>
        0.5 *
        (2 * p1[i] +
          (p2[i] - p0[i]) * t +
          (2 * p0[i] - 5 * p1[i] + 4 * p2[i] - p3[i]) * t * t +
          (3 * p1[i] - p0[i] - 3 * p2[i] + p3[i]) * t * t * t)
      curve.push([at(0), at(1), at(2)])
    }
  }
  return curve
}
