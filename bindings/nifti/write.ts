/** Writing NIfTI-1: label maps and volumes other tools can open over the series they belong to. Same input, same bytes. */
import { gzipSync } from 'fflate'

import { AgatstonError } from '../base/errors.js'
import { type Vec3, add, cross, dot, length, scale, subtract } from '../base/vector.js'
import type { Geometry } from '../volume/geometry.js'

export interface NiftiInput {
  /** One value a pixel: x fastest, then rows, then slices. */
  readonly data: Uint8Array | Int16Array
  readonly geometry: Geometry
  /** Whether to compress (`.nii.gz`); default false. */
  readonly gzip?: boolean
}

/** Header, and four bytes that say "no extension". */
const VOXELS_AT = 352
/** How far, in mm, a slice may lie from where one affine puts it. */
const STRAIGHT_MM = 0.01

/**
 * A single-file NIfTI-1 image, little-endian, with the grid as sform and as qform (both code 1, scanner), in RAS+ millimetres.
 *
 * @throws TypeError or RangeError for wrong arguments, AgatstonError `GEOMETRY_MIXED` where the slices do not lie on one
 *   straight, even grid: an affine cannot say where they are.
 */
export function writeNifti({ data, geometry, gzip = false }: NiftiInput): Uint8Array {
  if (!(data instanceof Uint8Array || data instanceof Int16Array)) {
    throw new TypeError('data must be a Uint8Array or an Int16Array')
  }
  const { rows, columns, slices } = geometry
  if (data.length !== rows * columns * slices) {
    throw new RangeError(`data has ${data.length} values, the grid ${columns} x ${rows} x ${slices}`)
  }
  checkStraight(geometry)
  const size = data.BYTES_PER_ELEMENT
  const file = new Uint8Array(VOXELS_AT + data.length * size)
  const view = new DataView(file.buffer)
  writeHeader(view, geometry, size)
  if (data instanceof Uint8Array) file.set(data, VOXELS_AT)
  else for (let i = 0; i < data.length; i++) view.setInt16(VOXELS_AT + 2 * i, data[i]!, true)
  // No time in the gzip header: it would make every run's bytes differ.
  return gzip ? gzipSync(file, { level: 6, mtime: 0 }) : file
}

function checkStraight({ positions, normal, incrementMm }: Geometry): void {
  positions.forEach((position, k) => {
    const off = length(subtract(position, add(positions[0]!, scale(normal, k * incrementMm))))
    if (!(off <= STRAIGHT_MM)) {
      throw new AgatstonError(
        'GEOMETRY_MIXED',
        `slice ${k + 1} lies ${off.toFixed(3)} mm from an even grid, which NIfTI cannot say; write it as DICOM instead`,
        { slice: k, millimetres: off },
      )
    }
  })
}

/** Field offsets from nifti1.h. */
function writeHeader(view: DataView, geometry: Geometry, size: number): void {
  const { rows, columns, slices, pixelSpacingMm, incrementMm } = geometry
  const axes = [geometry.rowCosines, geometry.columnCosines, geometry.normal].map(ras) as [Vec3, Vec3, Vec3]
  const spacing = [pixelSpacingMm[1], pixelSpacingMm[0], incrementMm]
  const origin = ras(geometry.positions[0]!)
  const handed = dot(cross(axes[0], axes[1]), axes[2]) < 0 ? -1 : 1
  const int16 = (at: number, ...values: number[]) => values.forEach((v, n) => view.setInt16(at + 2 * n, v, true))
  const float = (at: number, ...values: number[]) => values.forEach((v, n) => view.setFloat32(at + 4 * n, v, true))
  view.setInt32(0, 348, true)
  view.setUint8(38, 0x72) // "regular", which old readers look for
  int16(40, 3, columns, rows, slices, 1, 1, 1, 1)
  int16(70, size === 1 ? 2 : 4, size * 8)
  float(76, handed, ...spacing)
  float(108, VOXELS_AT, 1, 0)
  view.setUint8(123, 2) // millimetres
  int16(252, 1, 1)
  float(256, ...quaternion(axes[0], axes[1], scale(axes[2], handed)), ...origin)
  for (const row of [0, 1, 2] as const) {
    float(280 + 16 * row, ...axes.map((axis, n) => axis[row] * spacing[n]!), origin[row])
  }
  ;[...'n+1\0'].forEach((char, n) => view.setUint8(344 + n, char.charCodeAt(0)))
}

/** LPS to RAS and back; adding 0 makes -0 a plain 0. */
const ras = (v: Vec3): Vec3 => [-v[0] + 0, -v[1] + 0, v[2]]

/** The three imaginary parts of the rotation with these columns, the real part made non-negative (nifti1.h). */
function quaternion(i: Vec3, j: Vec3, k: Vec3): Vec3 {
  // Four times the square of each part; the largest is safe to divide by.
  const squares = [1 + i[0] + j[1] + k[2], 1 + i[0] - j[1] - k[2], 1 - i[0] + j[1] - k[2], 1 - i[0] - j[1] + k[2]]
  const largest = squares.indexOf(Math.max(...squares))
  const root = Math.sqrt(squares[largest]!)
  const parts = [
    [root * root, j[2] - k[1], k[0] - i[2], i[1] - j[0]],
    [j[2] - k[1], root * root, i[1] + j[0], k[0] + i[2]],
    [k[0] - i[2], i[1] + j[0], root * root, j[2] + k[1]],
    [i[1] - j[0], k[0] + i[2], j[2] + k[1], root * root],
  ][largest]!.map((part) => part / (2 * root))
  const sign = parts[0]! < 0 ? -1 : 1
  return [sign * parts[1]! + 0, sign * parts[2]! + 0, sign * parts[3]! + 0]
}
