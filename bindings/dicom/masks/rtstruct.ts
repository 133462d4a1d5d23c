/**
 * RT Structure Set (PS3.3 A.19, C.8.8) onto the grid of a volume: regions drawn as closed contours, plane by plane.
 *
 * A pixel belongs to a region where its centre lies inside, by the even-odd rule over all contours of the region on one plane:
 * a contour inside another is a hole, a keyhole is what its line encloses (see `mask-fill` for centres on a border). A slice
 * takes the contours of the nearest plane within half an increment. Contours do not say how far apart their planes are, so a
 * region with slices left out is only taken where its contours are known to be as dense as the slices.
 */
import type { AgatstonError } from '../../base/errors.js'
import { type Vec3, dot, normalize, subtract } from '../../base/vector.js'
import type { Geometry } from '../../volume/geometry.js'
import { beyondNote, maskMismatch } from '../../volume/mask-trouble.js'
import type { Described } from '../../volume/territory-names.js'
import type { DataSet } from '../dataset.js'
import type { MaskCanvas, Owner } from './canvas.js'
import { ContourReader, type Points } from './contours.js'
import { type Polygon, fillCost, fillPolygon, snap } from './fill.js'
import { Heights, choosePlanes } from './grid.js'
import { Layers } from './layers.js'
import type { NamedPart } from './names.js'
import { MASK_TAG } from './tags.js'
import { codesOf } from './segmentation.js'
import { parseFailed } from '../trouble.js'

/** The regions of a structure set. @throws AgatstonError `PARSE_FAILED` where they have no numbers, or share one */
export function readRegions(set: DataSet): readonly Described[] {
  const { file } = set
  const observed = new Map<number | null, DataSet>()
  for (const item of set.items(MASK_TAG.RTROIObservationsSequence)) {
    observed.set(item.integer(MASK_TAG.ReferencedROINumber), item)
  }
  const regions = set.items(MASK_TAG.StructureSetROISequence).map((item): Described => {
    const number = item.integer(MASK_TAG.ROINumber)
    if (number === null) throw parseFailed('value', 'a region has no number', { file, tag: MASK_TAG.ROINumber })
    const observation = observed.get(number)
    const codes = codesOf(observation?.items(MASK_TAG.RTROIIdentificationCodeSequence) ?? [])
    // The outline of the body is marked as such, whatever it is called.
    const external = observation?.codes(MASK_TAG.RTROIInterpretedType)[0] === 'EXTERNAL'
    const types = external ? [{ scheme: null, value: null, meaning: 'External' }] : codes
    return { number, label: item.text(MASK_TAG.ROIName), types, regions: [] }
  })
  if (new Set(regions.map(({ number }) => number)).size !== regions.length) {
    throw parseFailed('structure', 'two regions have one number', { file, tag: MASK_TAG.ROINumber })
  }
  return regions
}

/** Frame of reference of each region that says one. */
export function framesOfReference(set: DataSet): ReadonlyMap<number, string | null> {
  const uids = new Map<number, string | null>()
  for (const item of set.items(MASK_TAG.StructureSetROISequence)) {
    const number = item.integer(MASK_TAG.ROINumber)
    if (number !== null) uids.set(number, item.uid(MASK_TAG.ReferencedFrameOfReferenceUID))
  }
  return uids
}

/** Contours of one region at one height, in mm along the volume's normal from its first slice. */
interface Plane {
  readonly heightMm: number
  readonly contours: Points[]
}

/** Part of an increment by which the points of a contour may leave its plane, and contours of one plane each other. */
const FLAT = 0.05

/**
 * Paint the regions taken for territories; owners, with the pixels each got, and notes.
 *
 * @param ownSeries the structure set says it was drawn on the volume's own series
 * @throws AgatstonError `TERRITORY_MISMATCH` (`tilted`, `off-plane`, `gaps`, `crossing`, `overlap`), `PARSE_FAILED`,
 *   `LIMIT_EXCEEDED`
 */
export function paintStructures(
  set: DataSet,
  parts: readonly NamedPart[],
  canvas: MaskCanvas,
  ownSeries: boolean,
): { readonly owners: readonly Owner[]; readonly notes: readonly string[] } {
  const { file } = set
  const heights = new Heights(canvas.geometry)
  const reader = new ContourReader(file)
  const contoursOf = new Map<number, readonly DataSet[]>()
  for (const item of set.items(MASK_TAG.ROIContourSequence)) {
    const number = item.integer(MASK_TAG.ReferencedROINumber)
    if (number === null) continue
    if (contoursOf.has(number)) throw parseFailed('structure', `region ${number} has contours twice`, { file })
    contoursOf.set(number, item.items(MASK_TAG.ContourSequence))
  }
  const regions = parts.flatMap((part) => {
    if (part.territory === null) return []
    const tally = new Tally()
    const planes = planesOf(contoursOf.get(part.number) ?? [], { part, reader, heights, tally })
    return [{ part, planes, tally, owner: canvas.enter(part, part.territory) }]
  })
  const notes: string[] = []
  for (const { part, planes, tally, owner } of regions) {
    paintRegion({ part, planes, owner, canvas, heights, ownSeries, tally })
    notes.push(...tally.notes(part))
  }
  return { owners: regions.map(({ owner }) => owner), notes }
}

/** What happened to the contours of a region. */
class Tally {
  open = 0
  small = 0
  twice = 0
  beyond = 0
  resampled = false
  /** Slices before and after the first ones without a contour. */
  gap: readonly [number, number] | null = null

  notes({ file, number, territory }: NamedPart): string[] {
    const of = `${file}: ROI ${number}`
    return [
      ...(this.gap
        ? [`${of}: no contour between the slices ${this.gap[0]} and ${this.gap[1]}; nothing is marked there`]
        : []),
      ...(this.open > 0 ? [`${of} has ${this.open} point(s) or open contour(s), which enclose nothing`] : []),
      ...(this.small > 0
        ? [`${of} has ${this.small} contour(s) of fewer than three points, which enclose nothing`]
        : []),
      ...(this.twice > 0 ? [`${of} has ${this.twice} contour(s) drawn twice, which were taken once`] : []),
      ...(this.beyond > 0 ? [beyondNote(file, `ROI ${number} (${territory})`, this.beyond)] : []),
      ...(this.resampled ? [`${of} is not drawn on the slices themselves; each slice took the nearest plane`] : []),
    ]
  }
}

interface Gathering {
  readonly part: NamedPart
  readonly reader: ContourReader
  readonly heights: Heights
  readonly tally: Tally
}

/** The closed contours of a region by plane, ascending. */
function planesOf(items: readonly DataSet[], { part, reader, heights, tally }: Gathering): readonly Plane[] {
  const flat = FLAT * heights.geometry.incrementMm
  const contours: { heightMm: number; points: Points }[] = []
  for (const item of items) {
    const type = item.codes(MASK_TAG.ContourGeometricType)[0] ?? ''
    if (type !== 'CLOSED_PLANAR' && type !== 'CLOSEDPLANAR_XOR') {
      tally.open++
      continue
    }
    const points = reader.points(item)
    if (points.length < 9) tally.small++
    else contours.push({ points, heightMm: heightOf(points, heights, flat, part) })
  }
  const planes: Plane[] = []
  for (const { heightMm, points } of contours.sort((a, b) => a.heightMm - b.heightMm)) {
    const last = planes[planes.length - 1]
    if (last && heightMm - last.heightMm <= flat) last.contours.push(points)
    else planes.push({ heightMm, contours: [points] })
  }
  return planes
}

/** Mean height of a contour. @throws AgatstonError `TERRITORY_MISMATCH` where it leaves the plane of the slices */
function heightOf(points: Points, heights: Heights, flat: number, { file, number }: NamedPart): number {
  let [low, high] = [Infinity, -Infinity]
  for (let i = 0; i < points.length; i += 3) {
    const height = heights.of([points[i]!, points[i + 1]!, points[i + 2]!])
    low = Math.min(low, height)
    high = Math.max(high, height)
  }
  if (!Number.isFinite(high - low)) throw nowhere(number, file)
  if (high - low <= flat) return (low + high) / 2
  const met = `a contour of ROI ${number} is not parallel to the slices: its points lie up to ${(high - low).toPrecision(3)} mm apart along the normal`
  throw maskMismatch('tilted', file, met, 'Draw the region on the slices of the series being scored', { number })
}

const nowhere = (number: number, file: string): AgatstonError =>
  parseFailed('value', `a contour of ROI ${number} has a point nowhere a patient can be`, { file })

/**
 * At least as many neighbouring planes of the region are no further apart than slices are as are further: then it was drawn on
 * every slice, and where it has none it ends and begins again. Every second slice is a habit that leaves half the vessel out.
 */
function isDense(planes: readonly Plane[], { incrementMm }: Geometry): boolean {
  const heights = planes.map(({ heightMm }) => heightMm).sort((a, b) => a - b)
  const gaps = heights.slice(1).map((height, n) => height - heights[n]!)
  const close = gaps.filter((gap) => gap > FLAT * incrementMm && gap <= (1 + FLAT) * incrementMm).length
  return close > 0 && 2 * close >= gaps.length
}

interface Region {
  readonly part: NamedPart
  readonly planes: readonly Plane[]
  readonly owner: Owner
  readonly canvas: MaskCanvas
  readonly heights: Heights
  readonly ownSeries: boolean
  readonly tally: Tally
}

function paintRegion({ part, planes, owner, canvas, heights, ownSeries, tally }: Region): void {
  const { geometry } = canvas
  const choice = choosePlanes(
    planes.map(({ heightMm }) => heightMm),
    heights,
    geometry.incrementMm / 2,
  )
  tally.beyond = choice.beyond.length
  tally.resampled = choice.resampled
  checkReached(planes, heights, part)
  const marked = [...choice.ofSlice.keys()].filter((k) => choice.ofSlice[k]! >= 0)
  const gap = marked.findIndex((k, n) => n > 0 && k > marked[n - 1]! + 1)
  if (gap > 0) tally.gap = [marked[gap - 1]!, marked[gap]!]
  if (gap > 0 && !isDense(planes, geometry)) {
    const [before, after] = [marked[gap - 1]!, marked[gap]!]
    const how = ownSeries ? 'drawn on some slices only' : 'drawn on another series, perhaps of thicker slices'
    const met = `ROI ${part.number} has no contour on the slices between ${before} and ${after}: it was ${how}`
    const next = 'Draw it on the series being scored, or interpolate its contours onto every slice'
    throw maskMismatch('gaps', part.file, met, next, { number: part.number, slices: [before, after] })
  }
  for (const k of marked) {
    const polygons = planes[choice.ofSlice[k]!]!.contours.map((points) => toPixels(points, geometry, k, part))
    paintPlane(polygons, { k, part, owner, canvas, tally })
  }
}

/** Within the stack every plane must be near a slice: where slices are further apart than most, one may not be. */
function checkReached(planes: readonly Plane[], { slices, geometry }: Heights, { file, number }: NamedPart): void {
  const half = geometry.incrementMm / 2
  let k = 0
  for (const { heightMm } of planes) {
    if (heightMm < slices[0]! - half || heightMm > slices[slices.length - 1]! + half) continue
    while (k + 1 < slices.length && Math.abs(slices[k + 1]! - heightMm) <= Math.abs(slices[k]! - heightMm)) k++
    const distance = Math.abs(slices[k]! - heightMm)
    if (distance <= half * (1 + FLAT)) continue
    const met = `a contour of ROI ${number} lies ${distance.toPrecision(3)} mm from the nearest slice, more than half an increment`
    throw maskMismatch('off-plane', file, met, 'Draw the region on the slices of the series being scored', { number })
  }
}

/** Patient coordinates to pixels of slice `k`: x is the column, y the row. */
function toPixels(points: Points, geometry: Geometry, k: number, { file, number }: NamedPart): Polygon {
  const { pixelSpacingMm, positions } = geometry
  const [alongRow, alongColumn] = [normalize(geometry.rowCosines), normalize(geometry.columnCosines)]
  const polygon = new Float64Array((points.length / 3) * 2)
  for (let i = 0, at = 0; i < points.length; i += 3, at += 2) {
    const point: Vec3 = [points[i]!, points[i + 1]!, points[i + 2]!]
    const from = subtract(point, positions[k]!)
    polygon[at] = snap(dot(from, alongRow) / pixelSpacingMm[1])
    polygon[at + 1] = snap(dot(from, alongColumn) / pixelSpacingMm[0])
    if (Number.isFinite(polygon[at]! - polygon[at + 1]!)) continue
    throw nowhere(number, file)
  }
  return polygon
}

interface Painting {
  readonly k: number
  readonly part: NamedPart
  readonly owner: Owner
  readonly canvas: MaskCanvas
  readonly tally: Tally
}

/** Even-odd over all contours of a plane, from the largest to the smallest. */
function paintPlane(polygons: readonly Polygon[], { k, part, owner, canvas, tally }: Painting): void {
  const { rows, columns } = canvas.geometry
  const filled = polygons
    .map((polygon) => {
      canvas.spend(fillCost(polygon, rows, columns), part.file)
      return fillPolygon(polygon, rows, columns)
    })
    .filter(({ pixels }) => pixels > 0)
    .sort((a, b) => b.pixels - a.pixels)
  if (filled.length === 0) return
  const layers = new Layers(filled)
  for (const one of filled) {
    const laid = layers.lay(one)
    if (laid === 'twice') tally.twice++
    if (laid !== 'crossing') continue
    const met = `two contours of ROI ${part.number} cross each other on slice ${k}, so what they enclose is not certain`
    throw maskMismatch('crossing', part.file, met, 'Join them to one contour, or draw one inside the other', {
      number: part.number,
      slice: k,
    })
  }
  layers.forEachOdd((row, column) => canvas.mark((k * rows + row) * columns + column, owner))
}
