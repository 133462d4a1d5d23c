/**
 * From NIfTI's two ways of placing an image (RAS+) to patient coordinates (LPS). The sform is taken where there is one, else
 * the qform (nifti1.h, methods 3 and 2). The bare pixel size of method 1 places nothing and is no affine.
 */
import { NIFTI1, type NIFTI2 } from 'nifti-reader-js'

import { type Vec3, cross, dot, length } from '../base/vector.js'

/** Patient coordinates (LPS, mm) = origin + i x axes[0] + j x axes[1] + k x axes[2]. */
export interface Affine {
  readonly axes: readonly [Vec3, Vec3, Vec3]
  readonly origin: Vec3
  /** Voxel size along each axis, in mm: the header's own pixdim where it agrees with the axes. */
  readonly spacing: Vec3
}

type Row = readonly [number, number, number, number]
type Rows = readonly [Row, Row, Row]

/** Millimetres per unit of xyzt_units; 0, "unknown", is millimetres by custom. */
const UNIT_MM: Readonly<Record<number, number>> = Object.freeze({ 0: 1, 1: 1000, 2: 1, 3: 0.001 })

/** The affine of a header, or null where it has none that is finite and spans space. */
export function gridAffine(header: NIFTI1 | NIFTI2): Affine | null {
  const exact = header instanceof NIFTI1 ? shortestDecimal : (value: number) => value
  const rows = header.sform_code > 0 ? sform(header, exact) : header.qform_code > 0 ? qform(header, exact) : null
  const unit = UNIT_MM[header.xyzt_units & 7]
  if (!rows || unit === undefined || !rows.flat().every(Number.isFinite)) return null
  // RAS to LPS turns the first two coordinates round; adding 0 makes -0 a plain 0.
  const column = (j: 0 | 1 | 2 | 3): Vec3 => [-unit * rows[0][j] + 0, -unit * rows[1][j] + 0, unit * rows[2][j] + 0]
  const axes = [column(0), column(1), column(2)] as const
  const box = length(axes[0]) * length(axes[1]) * length(axes[2])
  if (!(box > 0 && Math.abs(dot(axes[0], cross(axes[1], axes[2]))) > 1e-3 * box)) return null
  const size = (j: 0 | 1 | 2): number => {
    const along = length(axes[j])
    const told = unit * Math.abs(exact(header.pixDims[j + 1] ?? 0))
    return Math.abs(told - along) <= 1e-6 * along ? told : along
  }
  return { axes, origin: column(3), spacing: [size(0), size(1), size(2)] }
}

function sform(header: NIFTI1 | NIFTI2, exact: (value: number) => number): Rows {
  const row = (n: number): Row => {
    const [a, b, c, d] = header.affine[n]!
    return [exact(a!), exact(b!), exact(c!), exact(d!)]
  }
  return [row(0), row(1), row(2)]
}

/** Rotation from the quaternion, times the voxel size, third axis turned round where qfac (pixdim[0]) is negative. */
function qform(header: NIFTI1 | NIFTI2, exact: (value: number) => number): Rows {
  let { quatern_b: b, quatern_c: c, quatern_d: d } = header
  const rest = 1 - (b * b + c * c + d * d)
  let a = 0
  if (rest < 1e-7) {
    const norm = Math.sqrt(b * b + c * c + d * d)
    b /= norm
    c /= norm
    d /= norm
  } else a = Math.sqrt(rest)
  const i = exact(header.pixDims[1]!)
  const j = exact(header.pixDims[2]!)
  const k = exact(header.pixDims[3]!) * (header.pixDims[0]! < 0 ? -1 : 1)
  const { qoffset_x: x, qoffset_y: y, qoffset_z: z } = header
  return [
    [(a * a + b * b - c * c - d * d) * i, 2 * (b * c - a * d) * j, 2 * (b * d + a * c) * k, exact(x)],
    [2 * (b * c + a * d) * i, (a * a + c * c - b * b - d * d) * j, 2 * (c * d - a * b) * k, exact(y)],
    [2 * (b * d - a * c) * i, 2 * (c * d + a * b) * j, (a * a + d * d - b * b - c * c) * k, exact(z)],
  ]
}

/**
 * The shortest decimal that is this float32: 0.4, not 0.4000000059604645. NIfTI-1 stores float32 where DICOM stores decimals;
 * a pixel area that is off in the eighth digit would decide an area limit otherwise.
 */
export function shortestDecimal(value: number): number {
  if (!Number.isFinite(value) || value === 0) return value
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return value
}
