/**
 * Which objects of a series are its slices. Localizers, dose reports and screen captures share a series with slices on many
 * scanners; they are left out where it is plain what they are, and always listed.
 */
import { type Vec3, cross, dot, length, median, normalize, scale, subtract } from '../base/vector.js'
import type { Image } from './image.js'
import { LOCALIZER_WORDS, SOP_CLASS, normalized } from './tables.js'

export interface Excluded {
  readonly image: Image
  readonly reason: 'localizer' | 'secondary capture' | 'no position' | 'orthogonal'
}

export interface Selection {
  readonly slices: readonly Image[]
  readonly excluded: readonly Excluded[]
  /** Left out by what they call themselves, yet lying where the stack lacks or continues a slice: slices wrongly tagged, perhaps. */
  readonly inStack: readonly Excluded[]
}

/** Part slices from the rest. `slices` is empty only where every object is a localizer. */
export function selectSlices(images: readonly Image[]): Selection {
  const excluded: Excluded[] = []
  let slices: readonly Image[] = images
  const leaveOut = (reason: Excluded['reason'], out: (image: Image) => boolean): void => {
    const stay: Image[] = []
    for (const image of slices) {
      if (out(image)) excluded.push({ image, reason })
      else stay.push(image)
    }
    slices = stay
  }
  leaveOut('localizer', isLocalizer)
  if (slices.some((image) => !isCapture(image))) leaveOut('secondary capture', isCapture)
  const positioned = (image: Image): boolean => image.placement !== null
  if (slices.some(positioned)) leaveOut('no position', (image) => !positioned(image) && isUnplacedScreen(image))
  const odd = orthogonalFew(slices)
  leaveOut('orthogonal', (image) => odd.has(image))
  const fitting = fittingStack(
    slices,
    excluded.map(({ image }) => image),
  )
  const fits = ({ image }: Excluded): boolean => fitting.has(image)
  return { slices, excluded: excluded.filter((one) => !fits(one)), inStack: excluded.filter(fits) }
}

export const isLocalizer = ({ acquisition }: Image): boolean =>
  acquisition.constantAngle || acquisition.imageType.some((value) => LOCALIZER_WORDS.test(normalized(value)))

export const isCapture = (image: Image): boolean => image.sopClassUid?.startsWith(SOP_CLASS.secondaryCapture) ?? false

/** A screen: secondary by its own word, and nowhere in the patient. */
const isUnplacedScreen = (image: Image): boolean =>
  image.acquisition.imageType[1] === 'SECONDARY' && image.refusals.some(({ code }) => code === 'GEOMETRY_MISSING')

/** At most three scouts that do not call themselves so: across the direction at least three times as many slices share. */
function orthogonalFew(images: readonly Image[]): ReadonlySet<Image> {
  const normals = new Map<Image, Vec3>()
  for (const image of images) {
    const { placement } = image
    if (placement) normals.set(image, normalize(cross(placement.rowCosines, placement.columnCosines)))
  }
  // The main direction is along the axis of the patient nearest to most normals: no vote needs a reference slice.
  const votes = [0, 0, 0]
  const axisOf = (n: Vec3): number => {
    const size = n.map(Math.abs)
    return size.indexOf(Math.max(...size))
  }
  for (const n of normals.values()) votes[axisOf(n)]!++
  const main = votes.indexOf(Math.max(...votes))
  const along = [...normals].filter(([, n]) => axisOf(n) === main)
  const typical = along[0]?.[1]
  if (!typical) return new Set()
  const across = [...normals].filter(([, n]) => Math.abs(dot(n, typical)) < 0.5).map(([image]) => image)
  return new Set(across.length <= 3 && along.length >= 3 * across.length ? across : [])
}

/** As for the slices of a stack: cosines and relative pixel spacings further apart are others. */
const SAME = { cosine: 1e-3, spacing: 1e-4 }
/** How far, in increments, a position may lie from the grid. */
const ON_GRID = 0.1

type Placed = Image & {
  readonly placement: NonNullable<Image['placement']>
  readonly format: NonNullable<Image['format']>
}
const isPlaced = (image: Image): image is Placed => image.placement !== null && image.format !== null

/** Of the images left out, those with the size, direction and place of a slice the stack lacks or continues with. */
function fittingStack(slices: readonly Image[], left: readonly Image[]): ReadonlySet<Image> {
  const stack = slices.filter(isPlaced)
  const [first] = stack
  if (!first || left.length === 0) return new Set()
  const { rowCosines, columnCosines, position: origin, pixelSpacingMm } = first.placement
  const normal = normalize(cross(rowCosines, columnCosines))
  const heightOf = ({ placement }: Placed): number => dot(subtract(placement.position, origin), normal)
  const heights = stack.map(heightOf).sort((a, b) => a - b)
  const steps = heights.slice(1).flatMap((height, k) => (height - heights[k]! > 0.01 ? [height - heights[k]!] : []))
  const [bottom, top] = [heights[0]!, heights[heights.length - 1]!]
  // The line the positions run along: a tilted stack does not run along its normal.
  const [lowest, highest] = [bottom, top].map((end) => stack.find((image) => heightOf(image) === end)!) as [
    Placed,
    Placed,
  ]
  const run = subtract(highest.placement.position, lowest.placement.position)
  const candidates = left.filter(isPlaced).filter((image) => isAlike(image, first))
  const increment = steps.length > 0 ? median(steps) : null
  const fits = (image: Placed): boolean => {
    const height = heightOf(image)
    const along = top > bottom ? scale(run, (height - bottom) / (top - bottom)) : scale(normal, height - bottom)
    const offset = subtract(subtract(image.placement.position, lowest.placement.position), along)
    if (length(offset) > Math.max(...pixelSpacingMm) / 2) return false
    if (increment === null) return Math.abs(height - bottom) > 0.01
    const steps = (height - bottom) / increment
    const beyond = Math.max(-steps, steps - (top - bottom) / increment)
    const taken = heights.some((other) => Math.abs(other - height) < increment / 2)
    return !taken && Math.abs(steps - Math.round(steps)) <= ON_GRID && beyond <= candidates.length + ON_GRID
  }
  return new Set(candidates.filter(fits))
}

function isAlike(a: Placed, b: Placed): boolean {
  const near = (u: Vec3, v: Vec3): boolean => u.every((cosine, n) => Math.abs(cosine - v[n]!) <= SAME.cosine)
  const same = (n: 0 | 1): boolean =>
    Math.abs(a.placement.pixelSpacingMm[n] / b.placement.pixelSpacingMm[n] - 1) <= SAME.spacing
  return (
    a.format.rows === b.format.rows &&
    a.format.columns === b.format.columns &&
    near(a.placement.rowCosines, b.placement.rowCosines) &&
    near(a.placement.columnCosines, b.placement.columnCosines) &&
    same(0) &&
    same(1)
  )
}
