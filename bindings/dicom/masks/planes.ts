/**
 * The functional groups of a segmentation (PS3.3 C.7.6.16): where each frame lies and which segment it shows, gathered by
 * plane. What a frame says of itself goes before what all frames share.
 */
import type { Vec3 } from '../../base/vector.js'
import { checkOrientation } from '../../volume/geometry.js'
import { maskMismatch } from '../../volume/mask-trouble.js'
import type { DataSet } from '../dataset.js'
import type { MaskFrames } from './frames.js'
import type { FrameGrid, Heights } from './grid.js'
import { MASK_TAG } from './tags.js'
import { TAG } from '../tags.js'
import { parseFailed } from '../trouble.js'

/** One frame: which segment it shows (null in label maps, which show all), and its first pixel in patient coordinates, mm. */
export interface PlacedFrame {
  readonly n: number
  readonly segment: number | null
  readonly position: Vec3
}

/** Frames at one height, in mm along the volume's normal from its first slice. */
export interface FramePlane {
  readonly heightMm: number
  readonly frames: readonly PlacedFrame[]
}

export interface FrameStack {
  readonly grid: FrameGrid
  /** Ascending. */
  readonly planes: readonly FramePlane[]
  /** Distance of neighbouring planes, those that were left out as empty included. */
  readonly distanceMm: number
}

/** Heights that differ by less than this part of the volume's increment are one plane. */
const ONE_PLANE = 0.01
const REDO = 'Make the mask on the series being scored, and export it again'

/** @throws AgatstonError `PARSE_FAILED` where groups and frames do not fit, `TERRITORY_MISMATCH` where a frame has no place */
export function readStack(set: DataSet, pixels: MaskFrames, heights: Heights): FrameStack {
  const { file } = set
  const own = set.items(MASK_TAG.PerFrameFunctionalGroupsSequence)
  const shared = set.items(MASK_TAG.SharedFunctionalGroupsSequence)[0]
  if (own.length !== pixels.frames) {
    const what = `${own.length} functional groups stand for ${pixels.frames} frames`
    throw parseFailed('structure', what, { file, tag: MASK_TAG.PerFrameFunctionalGroupsSequence })
  }
  const cached = new Map<number, DataSet | undefined>()
  const sharedGroup = (tag: number): DataSet | undefined => {
    if (!cached.has(tag)) cached.set(tag, shared?.items(tag)[0])
    return cached.get(tag)
  }
  let first: Measures | null = null
  const frames: (PlacedFrame & { readonly heightMm: number })[] = []
  own.forEach((groups, n) => {
    const group = (tag: number): DataSet | undefined => groups.items(tag)[0] ?? sharedGroup(tag)
    const measures = readMeasures(group, pixels, file)
    first ??= measures
    checkSame(first, measures, file)
    const position = group(MASK_TAG.PlanePositionSequence)?.decimals(TAG.ImagePositionPatient, 3)
    if (!position) throw maskMismatch('no-position', file, `frame ${n + 1} has no position in the patient`, REDO)
    const at: Vec3 = [position[0]!, position[1]!, position[2]!]
    const heightMm = heights.of(at)
    if (!Number.isFinite(heightMm)) {
      throw maskMismatch('no-position', file, `frame ${n + 1} lies nowhere a patient can be`, REDO)
    }
    const segment = pixels.kind === 'LABELMAP' ? null : segmentOf(group, n, file)
    frames.push({ n, segment, position: at, heightMm })
  })
  const planes = gather(frames, heights.geometry.incrementMm, file)
  const { grid, distanceMm, thicknessMm } = first!
  return { grid, planes, distanceMm: distanceMm ?? guessDistance(planes, thicknessMm ?? heights.geometry.incrementMm) }
}

type Group = (tag: number) => DataSet | undefined

/** Orientation and measures of a frame. Distance and thickness are null where they are not told. */
interface Measures {
  readonly grid: FrameGrid
  readonly distanceMm: number | null
  readonly thicknessMm: number | null
}

function readMeasures(group: Group, { rows, columns }: MaskFrames, file: string): Measures {
  const orientation = group(MASK_TAG.PlaneOrientationSequence)?.decimals(TAG.ImageOrientationPatient, 6)
  const measures = group(MASK_TAG.PixelMeasuresSequence)
  const spacing = measures?.decimals(TAG.PixelSpacing, 2)
  if (!orientation) throw maskMismatch('no-position', file, 'its frames have no orientation in the patient', REDO)
  if (!measures || !spacing?.every((mm) => mm > 0)) {
    throw maskMismatch('no-position', file, 'its frames have no pixel spacing above 0 mm', REDO)
  }
  const [a, b, c, d, e, f] = orientation as [number, number, number, number, number, number]
  const grid: FrameGrid = {
    rows,
    columns,
    pixelSpacingMm: [spacing[0]!, spacing[1]!],
    rowCosines: [a, b, c],
    columnCosines: [d, e, f],
  }
  try {
    checkOrientation(grid.rowCosines, grid.columnCosines)
  } catch (cause) {
    const what = 'ImageOrientationPatient is not two unit vectors at right angles'
    throw parseFailed('value', what, { file, tag: TAG.ImageOrientationPatient }, cause)
  }
  const known = (value: number | null): number | null => (value !== null && value !== 0 ? Math.abs(value) : null)
  return {
    grid,
    distanceMm: known(measures.hint(TAG.SpacingBetweenSlices)),
    thicknessMm: known(measures.hint(TAG.SliceThickness)),
  }
}

/** A mask is one grid; frames turned against each other, or of two spacings, are none. */
function checkSame({ grid: a }: Measures, { grid: b }: Measures, file: string): void {
  const numbers = (grid: FrameGrid): number[] => [...grid.rowCosines, ...grid.columnCosines, ...grid.pixelSpacingMm]
  const [first, second] = [numbers(a), numbers(b)]
  if (first.every((value, n) => Math.abs(value - second[n]!) <= 1e-6)) return
  throw maskMismatch('not-parallel', file, 'its frames differ in orientation or pixel spacing', REDO)
}

function segmentOf(group: Group, n: number, file: string): number {
  const segment = group(MASK_TAG.SegmentIdentificationSequence)?.unsigned(MASK_TAG.ReferencedSegmentNumber) ?? null
  if (segment !== null) return segment
  const where = { file, tag: MASK_TAG.ReferencedSegmentNumber }
  throw parseFailed('value', `frame ${n + 1} does not say which segment it shows`, where)
}

/** Frames by height. A segment has one frame a plane: a second would be of another time, or an error. */
function gather(
  frames: readonly (PlacedFrame & { readonly heightMm: number })[],
  incrementMm: number,
  file: string,
): readonly FramePlane[] {
  const planes: { heightMm: number; frames: PlacedFrame[]; shown: Set<number | null> }[] = []
  for (const frame of [...frames].sort((a, b) => a.heightMm - b.heightMm || a.n - b.n)) {
    let plane = planes[planes.length - 1]
    if (!plane || frame.heightMm - plane.heightMm > ONE_PLANE * incrementMm) {
      plane = { heightMm: frame.heightMm, frames: [], shown: new Set() }
      planes.push(plane)
    }
    if (plane.shown.has(frame.segment)) {
      const what = frame.segment === null ? 'two frames' : `two frames of segment ${frame.segment}`
      throw maskMismatch('duplicate', file, `${what} lie on one plane`, REDO, { segment: frame.segment })
    }
    plane.shown.add(frame.segment)
    plane.frames.push(frame)
  }
  return planes
}

/** Where SpacingBetweenSlices is not told: the nearest two planes, but not more than the thickness or the volume's increment. */
function guessDistance(planes: readonly FramePlane[], most: number): number {
  let least = most
  for (let p = 1; p < planes.length; p++) least = Math.min(least, planes[p]!.heightMm - planes[p - 1]!.heightMm)
  return least
}
