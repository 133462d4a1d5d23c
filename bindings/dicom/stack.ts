/**
 * From images to a stack: sorted along the slice normal, doubles dropped, increments measured. Positions alone decide (PS3.3
 * C.7.6.2.1.1); file names, instance numbers, SliceLocation and SpacingBetweenSlices are only ever compared with them.
 */
import { type Vec3, cross, dot, length, median, normalize, scale, subtract } from '../base/vector.js'
import type { Geometry } from '../volume/geometry.js'
import type { Findings } from './findings.js'
import type { Image, Placement } from './image.js'
import { type Plane, checkGroups, dropIdentical } from './planes.js'

/** Two positions nearer than this are one. Well above the rounding of decimal strings, well below any increment. */
export const SAME_POSITION_MM = 0.01
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

/** Put the slices in order and measure them; what is wrong goes to `findings`. Every image must have a placement and format. */
export async function stackSlices(
  images: readonly Image[],
  incrementMm: number | undefined,
  findings: Findings,
): Promise<Stack> {
  const placed = [...(images as readonly Placed[])].sort(byIdentity)
  if (!checkUniform(placed, findings)) return { images: placed, geometry: null }
  const { rowCosines, columnCosines } = placed[0]!.placement
  const normal = normalize(cross(rowCosines, columnCosines))
  checkAxial(normal, findings)

  const planes = await dropIdentical(intoPlanes(placed, normal), findings)
  checkGroups(planes, findings)
  const slices = planes.map((plane) => plane.images[0]!) as Placed[]
  const heights = planes.map((plane) => plane.heightMm)
  checkTilt(slices, normal, findings)
  const increment = checkIncrements(heights, slices, incrementMm, findings)
  if (increment === null) return { images: slices, geometry: null }
  checkTags(slices, heights, increment, findings)
  return { images: slices, geometry: geometryOf(slices, normal, increment) }
}

/** By SOP Instance UID, then by name: an order that does not depend on the order of the files. */
export const byIdentity = (a: Image, b: Image): number =>
  compare(a.sopInstanceUid ?? '', b.sopInstanceUid ?? '') || compare(a.source.name, b.source.name)

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** One orientation, one pixel size, one matrix, one frame of reference. */
function checkUniform(images: readonly Placed[], findings: Findings): boolean {
  const first = images[0]!
  const differs: Record<string, (image: Placed) => boolean> = {
    orientation: ({ placement: p }) =>
      farApart(
        [...p.rowCosines, ...p.columnCosines],
        [...first.placement.rowCosines, ...first.placement.columnCosines],
      ),
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
    findings.refuse('GEOMETRY_MIXED', message, { what, kind: what, file: others.sort()[0]!, files: others.length })
  }
  return uniform
}

const farApart = (a: readonly number[], b: readonly number[]): boolean =>
  a.some((value, i) => Math.abs(value - b[i]!) > SAME_COSINE)

function checkAxial(normal: Vec3, findings: Findings): void {
  const degrees = toDegrees(Math.acos(Math.min(1, Math.abs(normal[2]))))
  if (degrees > 30) {
    const message = `the slices lie ${degrees.toFixed(1)} degrees off axial; scores are defined on axial slices. Use the axial series`
    findings.refuse('NOT_AXIAL', message, { degrees })
  }
}

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

/** The line the positions make, against the normal: sheared stacks, whatever GantryDetectorTilt (0018,1120) says. */
function checkTilt(slices: readonly Placed[], normal: Vec3, findings: Findings): void {
  const first = slices[0]!.placement.position
  const along = dot(subtract(slices[slices.length - 1]!.placement.position, first), normal)
  if (along <= 0) return
  let sideways = 0
  for (const { placement } of slices) {
    const offset = subtract(placement.position, first)
    sideways = Math.max(sideways, length(subtract(offset, scale(normal, dot(offset, normal)))))
  }
  const degrees = toDegrees(Math.atan2(sideways, along))
  if (degrees > 1) {
    const message = `the slices are sheared: their positions run ${degrees.toFixed(2)} degrees off the slice normal. Use an untilted series`
    findings.refuse('GANTRY_TILT', message, { degrees })
  } else if (degrees >= 0.1) {
    const message = `positions run ${degrees.toFixed(2)} degrees off the slice normal; the score is not corrected for it`
    findings.warn('GANTRY_TILT_SLIGHT', message, { degrees })
  }
}

const toDegrees = (radians: number): number => (radians * 180) / Math.PI

/**
 * The increment: the median distance of neighbours along the normal. Distances are rounded to 1e-9 mm, which takes off the
 * noise of subtracting binary fractions and nothing a scanner could mean.
 */
function checkIncrements(
  heights: readonly number[],
  slices: readonly Image[],
  given: number | undefined,
  findings: Findings,
): number | null {
  if (heights.length === 1) {
    const message = 'one slice has no increment. Read the whole series, or accept TOO_FEW_SLICES and give the increment'
    findings.refuse('TOO_FEW_SLICES', message, { slices: 1 })
    return given ?? null
  }
  const increments = heights.slice(1).map((height, k) => Math.round((height - heights[k]!) * 1e9) / 1e9)
  const middle = Math.round(median(increments) * 1e9) / 1e9
  const gaps = increments.map((mm, k) => ({ mm, times: Math.round(mm / middle), after: slices[k]!.file, slice: k }))
  const missing = gaps.filter(({ mm, times }) => times >= 2 && Math.abs(mm / (times * middle) - 1) <= 0.1 + 1e-9)
  const irregular = gaps.filter(
    (gap) => !missing.includes(gap) && Math.abs(gap.mm - middle) > Math.max(0.02 * middle, 0.05) + 1e-9,
  )
  const [gap, odd] = [missing[0], irregular[0]]
  if (gap) {
    const lost = missing.reduce((sum, { times }) => sum + times - 1, 0)
    const message = `${lost} slice(s) seem missing: after slice ${gap.slice} the increment is ${gap.mm} mm, elsewhere ${middle} mm. Transfer the series again`
    findings.refuse('SLICES_MISSING', message, {
      missing: lost,
      afterSlice: gap.slice,
      incrementMm: gap.mm,
      medianMm: middle,
    })
  }
  if (odd) {
    const message = `the increment after slice ${odd.slice} is ${odd.mm} mm, elsewhere ${middle} mm: no even stack. Use a reconstruction with even increments`
    findings.refuse('SPACING_IRREGULAR', message, {
      gaps: irregular.length,
      afterSlice: odd.slice,
      incrementMm: odd.mm,
      medianMm: middle,
    })
  }
  checkJitter(increments, middle, Boolean(gap ?? odd), findings)
  return middle
}

function checkJitter(increments: readonly number[], middle: number, refused: boolean, findings: Findings): void {
  const largest = Math.max(...increments.map((mm) => Math.abs(mm - middle)))
  if (refused || largest <= Math.max(0.001 * middle, 0.01) + 1e-9) return
  const message = `increments differ from their median of ${middle} mm by up to ${largest.toFixed(3)} mm; the median is used`
  findings.warn('SPACING_JITTER', message, { largestMm: largest, medianMm: middle })
}

/** What the header says of spacing, against the positions; the positions stand. */
function checkTags(slices: readonly Image[], heights: readonly number[], increment: number, findings: Findings): void {
  const between = slices.find(
    ({ acquisition: { spacingBetweenMm: mm } }) => mm !== null && Math.abs(mm - increment) > 0.01 + 1e-9,
  )
  if (between) {
    const mm = between.acquisition.spacingBetweenMm
    const message = `SpacingBetweenSlices says ${mm} mm, the positions ${increment} mm; the positions are used`
    findings.warn('SPACING_TAG_MISMATCH', message, {
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
    findings.warn('SPACING_TAG_MISMATCH', message, { tag: 'SliceLocation (0020,1041)', slice: off })
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
