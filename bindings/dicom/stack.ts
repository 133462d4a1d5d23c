/**
 * From images to a stack: sorted along the slice normal, doubles dropped, increments measured. Positions alone decide (PS3.3
 * C.7.6.2.1.1); file names, instance numbers, SliceLocation and SpacingBetweenSlices are only ever compared with them.
 */
import { type Vec3, cross, dot, normalize } from '../base/vector.js'
import type { Geometry } from '../volume/geometry.js'
import { checkAxial } from '../volume/fit.js'
import { SAME_POSITION_MM, checkTilt, measureIncrement } from '../volume/stack.js'
import type { Objections } from '../base/verdict.js'
import type { DecodeFrame } from './decoding/encoded.js'
import type { Image } from './image.js'
import type { Placement } from './placement.js'
import { type Plane, checkGroups, checkInstances, dropIdentical } from './planes.js'

/** Cosines further apart are another orientation. */
const SAME_COSINE = 1e-3
/** Spacings further apart, relative, are another pixel size; writers round the same number differently. */
const SAME_SPACING = 1e-4

export interface Stack {
  /** Slices in order of position. */
  readonly images: readonly Image[]
  readonly geometry: Geometry | null
}

type Placed = Image & { readonly placement: Placement }

/** Put the slices in order and measure them; what is wrong goes to `objections`. Every image must have a placement and format. */
export async function stackSlices(
  images: readonly Image[],
  incrementMm: number | undefined,
  decode: DecodeFrame,
  objections: Objections,
): Promise<Stack> {
  const placed = [...(images as readonly Placed[])].sort(byIdentity)
  if (!checkUniform(placed, objections)) return { images: placed, geometry: null }
  const { rowCosines, columnCosines } = placed[0]!.placement
  const normal = normalize(cross(rowCosines, columnCosines))
  checkAxial(normal, objections)

  const planes = await dropIdentical(intoPlanes(placed, normal), decode, objections)
  checkInstances(planes, objections)
  checkGroups(planes, objections)
  const slices = planes.map((plane) => plane.images[0]!) as Placed[]
  const heights = planes.map((plane) => plane.heightMm)
  checkTilt(
    slices.map((slice) => slice.placement.position),
    normal,
    objections,
  )
  const increment = measureIncrement(heights, incrementMm ?? null, objections)
  if (increment === null) return { images: slices, geometry: null }
  checkTags(slices, heights, increment, objections)
  return { images: slices, geometry: geometryOf(slices, normal, increment) }
}

/** By SOP Instance UID, then by name and frame: an order that does not depend on the order of the files. */
export const byIdentity = (a: Image, b: Image): number =>
  compare(a.sopInstanceUid ?? '', b.sopInstanceUid ?? '') ||
  compare(a.source.name, b.source.name) ||
  (a.frame ?? 0) - (b.frame ?? 0)

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** One orientation, one pixel size, one matrix, one frame of reference. */
function checkUniform(images: readonly Placed[], objections: Objections): boolean {
  const first = images[0]!
  const differs: Record<string, (image: Placed) => boolean> = {
    orientation: ({ placement: p }) =>
      farApart(p.rowCosines, first.placement.rowCosines) || farApart(p.columnCosines, first.placement.columnCosines),
    'pixel spacing': ({ placement: p }) =>
      p.pixelSpacingMm.some((mm, i) => Math.abs(mm / first.placement.pixelSpacingMm[i]! - 1) > SAME_SPACING),
    'rows or columns': ({ format }) => format?.rows !== first.format?.rows || format?.columns !== first.format?.columns,
    'frame of reference': ({ acquisition: a }) => a.frameOfReferenceUid !== first.acquisition.frameOfReferenceUid,
  }
  let uniform = true
  for (const [what, test] of Object.entries(differs)) {
    const others = images.filter(test).map((image) => image.file)
    if (others.length === 0) continue
    uniform = false
    const message = `${others.length} of ${images.length} slices differ in ${what} from ${first.file}: no volume. Select one series`
    objections.refuse('GEOMETRY_MIXED', message, { what, kind: what, file: others.sort()[0]!, files: others.length })
  }
  return uniform
}

const farApart = (a: readonly number[], b: readonly number[]): boolean =>
  a.some((value, i) => Math.abs(value - b[i]!) > SAME_COSINE)

/** Slices sorted along the normal, those at one position together. */
function intoPlanes(images: readonly Placed[], normal: Vec3): Plane[] {
  const height = (image: Placed): number => dot(image.placement.position, normal)
  const sorted = [...images].sort((a, b) => height(a) - height(b) || byIdentity(a, b))
  const planes: { heightMm: number; images: Image[] }[] = []
  for (const image of sorted) {
    const plane = planes[planes.length - 1]
    if (plane && height(image) - plane.heightMm < SAME_POSITION_MM) plane.images.push(image)
    else planes.push({ heightMm: height(image), images: [image] })
  }
  for (const plane of planes) plane.images.sort(byIdentity)
  return planes
}

/** What the header says of spacing, against the positions; the positions stand. */
function checkTags(
  slices: readonly Image[],
  heights: readonly number[],
  increment: number,
  objections: Objections,
): void {
  const between = slices.find(
    ({ acquisition: { spacingBetweenMm: mm } }) => mm !== null && Math.abs(mm - increment) > 0.01 + 1e-9,
  )
  if (between) {
    const mm = between.acquisition.spacingBetweenMm
    const message = `SpacingBetweenSlices says ${mm} mm, the positions ${increment} mm; the positions are used`
    objections.warn('SPACING_TAG_MISMATCH', message, {
      tag: 'SpacingBetweenSlices (0018,0088)',
      mm,
      incrementMm: increment,
    })
  }
  const locations = slices.map(({ acquisition }) => acquisition.sliceLocationMm)
  const start = locations[0]
  if (start === null || start === undefined) return
  // SliceLocation counts from anywhere and in either direction; only its steps can be compared.
  const off = locations.findIndex(
    (mm, k) => mm !== null && Math.abs(Math.abs(mm - start) - (heights[k]! - heights[0]!)) > 0.01 + 1e-9,
  )
  if (off >= 0) {
    const message = `SliceLocation disagrees with the position of slice ${off}; the positions are used`
    objections.warn('SPACING_TAG_MISMATCH', message, { tag: 'SliceLocation (0020,1041)', slice: off })
  }
}

function geometryOf(slices: readonly Placed[], normal: Vec3, incrementMm: number): Geometry {
  const { placement, format } = slices[0]!
  const thickness = slices.map(({ acquisition }) => acquisition.thicknessMm)
  const same = thickness.every((mm) => mm !== null && Math.abs(mm - thickness[0]!) <= 0.01)
  return Object.freeze({
    rows: format!.rows,
    columns: format!.columns,
    slices: slices.length,
    pixelSpacingMm: placement.pixelSpacingMm,
    rowCosines: placement.rowCosines,
    columnCosines: placement.columnCosines,
    normal,
    positions: Object.freeze(slices.map((slice) => slice.placement.position)),
    incrementMm,
    thicknessMm: same ? thickness[0]! : null,
  })
}
