/**
 * How pixels are turned for people to look at: axial as seen from the feet, frontal as seen from the front, sagittal from the left;
 * and which letters stand at the edges. All from positions and cosines, so that an array that runs the other way looks the same.
 */
import { type Vec3, dot, scale } from '../../base/vector.js'
import type { Geometry } from '../../volume/geometry.js'

/** One index of a volume: where it leads, how far a step is, how many there are. */
export interface Axis {
  readonly of: 'column' | 'row' | 'slice'
  /** Unit vector, LPS. */
  readonly along: Vec3
  readonly mm: number
  readonly count: number
}

export function axesOf(geometry: Geometry): Readonly<Record<Axis['of'], Axis>> {
  const { rowCosines, columnCosines, normal, pixelSpacingMm, incrementMm, rows, columns, slices } = geometry
  return {
    column: { of: 'column', along: rowCosines, mm: pixelSpacingMm[1], count: columns },
    row: { of: 'row', along: columnCosines, mm: pixelSpacingMm[0], count: rows },
    slice: { of: 'slice', along: normal, mm: incrementMm, count: slices },
  }
}

export type PlaneKind = 'axial' | 'frontal' | 'sagittal'

/** What lies right and down in each kind of plane, LPS. */
const DISPLAY: Readonly<Record<PlaneKind, { readonly right: Vec3; readonly down: Vec3 }>> = Object.freeze({
  axial: { right: [1, 0, 0], down: [0, 1, 0] },
  frontal: { right: [1, 0, 0], down: [0, 0, -1] },
  sagittal: { right: [0, 1, 0], down: [0, 0, -1] },
})

/** The plane that is looked at along an axis. */
export function planeAlong({ along: [x, y, z] }: Axis): PlaneKind {
  const [ax, ay, az] = [Math.abs(x), Math.abs(y), Math.abs(z)]
  if (az >= ax && az >= ay) return 'axial'
  return ay >= ax ? 'frontal' : 'sagittal'
}

/** Two axes as a picture: which runs across, and which ways. */
export interface Orientation {
  readonly kind: PlaneKind
  readonly across: Axis
  readonly down: Axis
  readonly flipAcross: boolean
  readonly flipDown: boolean
  /** What lies at the edges of the picture: `R`, or `RA` where it lies between. */
  readonly letters: { readonly left: string; readonly right: string; readonly top: string; readonly bottom: string }
}

/** @param through the axis that is looked along */
export function orient(one: Axis, other: Axis, through: Axis): Orientation {
  const kind = planeAlong(through)
  const { right, down: downwards } = DISPLAY[kind]
  const isOneAcross = Math.abs(dot(one.along, right)) >= Math.abs(dot(other.along, right))
  const [across, down] = isOneAcross ? [one, other] : [other, one]
  const flipAcross = dot(across.along, right) < 0
  const flipDown = dot(down.along, downwards) < 0
  const toRight = flipAcross ? scale(across.along, -1) : across.along
  const toBottom = flipDown ? scale(down.along, -1) : down.along
  const letters = {
    left: letterOf(scale(toRight, -1)),
    right: letterOf(toRight),
    top: letterOf(scale(toBottom, -1)),
    bottom: letterOf(toBottom),
  }
  return { kind, across, down, flipAcross, flipDown, letters }
}

const LETTERS: readonly (readonly [minus: string, plus: string])[] = [
  ['R', 'L'],
  ['A', 'P'],
  ['F', 'H'],
]
/** A second letter from here: sine of 22.5 degrees. */
const SECOND = 0.3827

/** Where a direction leads: right, left, anterior, posterior, head, foot; two letters where it lies between (PS3.3 C.7.6.1.1.1). */
export function letterOf(direction: Vec3): string {
  return direction
    .map((part, n) => ({ part: Math.abs(part), letter: LETTERS[n]![part < 0 ? 0 : 1] }))
    .filter(({ part }) => part >= SECOND)
    .sort((a, b) => b.part - a.part)
    .slice(0, 2)
    .map(({ letter }) => letter)
    .join('')
}

/** Values as a picture lies: row by row from its upper left corner. */
export interface Plane<Values extends Float32Array | Uint32Array> {
  readonly width: number
  readonly height: number
  readonly mmAcross: number
  readonly mmDown: number
  readonly values: Values
}

/** Turn values, `fast` running fastest, as the orientation of the two axes says. */
export function turned<Values extends Float32Array | Uint32Array>(
  values: Values,
  fast: Axis,
  orientation: Orientation,
): Plane<Values> {
  const { across, down } = orientation
  const width = across.count
  const height = down.count
  const stepAcross = across.of === fast.of ? 1 : fast.count
  const stepDown = down.of === fast.of ? 1 : fast.count
  const result = values.slice() as Values
  for (let y = 0, at = 0; y < height; y++) {
    const fromY = (orientation.flipDown ? height - 1 - y : y) * stepDown
    for (let x = 0; x < width; x++, at++) {
      result[at] = values[fromY + (orientation.flipAcross ? width - 1 - x : x) * stepAcross]!
    }
  }
  return { width, height, mmAcross: across.mm, mmDown: down.mm, values: result }
}

/** Where a pixel's centre, given by its indices, lies in the turned picture, in pixels from its left and upper edge. */
export function placed(
  orientation: Orientation,
  index: Readonly<Partial<Record<Axis['of'], number>>>,
): [number, number] {
  const { across, down, flipAcross, flipDown } = orientation
  const x = index[across.of] ?? 0
  const y = index[down.of] ?? 0
  return [(flipAcross ? across.count - 1 - x : x) + 0.5, (flipDown ? down.count - 1 - y : y) + 0.5]
}
