/**
 * Where the pixels of a volume lie in the frames of a mask. Frames may be on the volume's own grid, or on a parallel one: axes
 * swapped or turned round, another spacing, another origin. Each pixel of the volume takes the value of the frame pixel its
 * centre lies in; a centre on the border of two goes to the one of lower index, on every machine.
 */
import { type Vec3, add, cross, dot, normalize, scale, subtract } from '../../base/vector.js'
import type { Geometry } from '../../volume/geometry.js'
import { maskMismatch } from '../../volume/mask-trouble.js'
import { SAME, TOLERANCE, nearestPixels } from '../../volume/nearest.js'

/** What all frames of a mask share. */
export interface FrameGrid {
  readonly rows: number
  readonly columns: number
  /** Between rows, then between columns, in mm. */
  readonly pixelSpacingMm: readonly [number, number]
  readonly rowCosines: Vec3
  readonly columnCosines: Vec3
}

/** Where the rows and columns of a slice lie in a frame. */
export interface FrameIndex {
  /** Frame row of each row of the slice, and frame column of each column; with `swapped` the other way round. */
  readonly rows: Int32Array
  readonly columns: Int32Array
  readonly swapped: boolean
}

export class GridMatch {
  /** A pixel was met whose centre is not that of a frame pixel. */
  resampled = false
  /** Steps in frame pixels of one column and one row of the volume, along the frame's x (columns) and y (rows). */
  private readonly columnStep: readonly [number, number]
  private readonly rowStep: readonly [number, number]
  /** The frame axis the volume's columns run along: 0 is x. */
  private readonly columnAxis: 0 | 1

  /** @throws AgatstonError `TERRITORY_MISMATCH` where the frames are not parallel to the slices */
  constructor(
    private readonly grid: FrameGrid,
    private readonly geometry: Geometry,
    private readonly file: string,
  ) {
    const { rows, columns, pixelSpacingMm } = geometry
    const alongColumns = scale(geometry.rowCosines, pixelSpacingMm[1])
    const alongRows = scale(geometry.columnCosines, pixelSpacingMm[0])
    this.columnStep = this.inFrame(alongColumns)
    this.rowStep = this.inFrame(alongRows)
    const normal = normalize(cross(grid.rowCosines, grid.columnCosines))
    const lift = Math.max(
      Math.abs(dot(alongColumns, normal)) * (columns - 1),
      Math.abs(dot(alongRows, normal)) * (rows - 1),
    )
    const axis = ([0, 1] as const).find(
      (x) =>
        Math.abs(this.columnStep[1 - x]!) * (columns - 1) <= TOLERANCE &&
        Math.abs(this.rowStep[x]) * (rows - 1) <= TOLERANCE &&
        this.columnStep[x] !== 0 &&
        this.rowStep[1 - x] !== 0,
    )
    if (axis === undefined || !(lift <= TOLERANCE * geometry.incrementMm)) {
      const next = 'Make the mask on the series being scored, or resample it onto its slices'
      throw maskMismatch('not-parallel', file, 'its planes or rows are not parallel to the slices of the volume', next)
    }
    this.columnAxis = axis
  }

  private inFrame(vector: Vec3): readonly [number, number] {
    const { pixelSpacingMm, rowCosines, columnCosines } = this.grid
    return [dot(vector, rowCosines) / pixelSpacingMm[1], dot(vector, columnCosines) / pixelSpacingMm[0]]
  }

  /**
   * Where the pixels of slice `k` lie in a frame whose first pixel is at `position` (patient coordinates, mm).
   *
   * @throws AgatstonError `TERRITORY_MISMATCH` where the frame does not cover the slice
   */
  index(position: Vec3, k: number): FrameIndex {
    const { geometry, grid } = this
    const start = this.inFrame(subtract(geometry.positions[k]!, position))
    const [columnAxis, rowAxis] = [this.columnAxis, (1 - this.columnAxis) as 0 | 1]
    const size = [grid.columns, grid.rows] as const
    const columns = nearestPixels(start[columnAxis], this.columnStep[columnAxis], geometry.columns, size[columnAxis])
    const rows = nearestPixels(start[rowAxis], this.rowStep[rowAxis], geometry.rows, size[rowAxis])
    if (!columns || !rows) {
      throw maskMismatch(
        'not-covering',
        this.file,
        `its frames of ${grid.rows} x ${grid.columns} pixels do not cover slice ${k} of the volume, ${geometry.rows} x ${geometry.columns} pixels`,
        'Export the mask on the whole grid of the series being scored',
        { slice: k, rows: grid.rows, columns: grid.columns },
      )
    }
    this.resampled ||= !columns.same || !rows.same
    return { rows: rows.indices, columns: columns.indices, swapped: columnAxis === 1 }
  }
}

/** Heights along the normal of a volume's slices and of anything else, in mm from its first slice. */
export class Heights {
  readonly slices: readonly number[]
  private readonly origin: Vec3
  private readonly normal: Vec3

  constructor(readonly geometry: Geometry) {
    this.origin = geometry.positions[0]!
    this.normal = normalize(geometry.normal)
    this.slices = geometry.positions.map((position) => this.of(position))
  }

  of(point: Vec3): number {
    return dot(subtract(point, this.origin), this.normal)
  }

  /** The point of a slice's plane right above or below. */
  onto(point: Vec3, k: number): Vec3 {
    return add(point, scale(this.normal, this.slices[k]! - this.of(point)))
  }
}

/** Which of some planes each slice takes: its index among the heights, or -1. */
export interface PlaneChoice {
  readonly ofSlice: Int32Array
  /** A plane is off its slice, taken by two, or passed over between the first and last slice. */
  readonly resampled: boolean
  /** Indices of the planes beyond the first or last slice, taken by none. */
  readonly beyond: readonly number[]
}

/**
 * For each slice the nearest plane, where it is at most `reach` away. A plane stands for what lies from half its distance below
 * to half above it, the upper end included, so a slice midway between two takes the lower.
 *
 * @param planes heights in mm, ascending
 * @param reach half the distance of planes, in mm
 */
export function choosePlanes(planes: readonly number[], heights: Heights, reach: number): PlaneChoice {
  const { slices, geometry } = heights
  const ofSlice = new Int32Array(slices.length).fill(-1)
  const taken = new Uint8Array(planes.length)
  const slack = reach * 1e-6
  let resampled = false
  let below = -1
  slices.forEach((z, k) => {
    while (below + 1 < planes.length && planes[below + 1]! <= z) below++
    const down = below < 0 ? Infinity : z - planes[below]!
    const up = below + 1 < planes.length ? planes[below + 1]! - z : Infinity
    // Far from both, or nearer to the lower one; midway counts as near enough to the lower and not to the upper.
    const best = down <= up + slack && down <= reach + slack ? below : up < reach - slack ? below + 1 : -1
    if (best < 0) return
    ofSlice[k] = best
    resampled ||= taken[best]! > 0 || Math.min(down, up) > SAME * geometry.incrementMm
    taken[best] = 1
  })
  const [first, last] = [slices[0]!, slices[slices.length - 1]!]
  const half = geometry.incrementMm / 2
  const idle = [...planes.keys()].filter((p) => !taken[p])
  const beyond = idle.filter((p) => planes[p]! < first - half || planes[p]! > last + half)
  return { ofSlice, resampled: resampled || idle.length > beyond.length, beyond }
}
