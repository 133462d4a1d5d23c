/**
 * Which objects of a series are its slices. Localizers, dose reports and screen captures share a series with slices on many
 * scanners; they are left out where it is plain what they are, and always listed.
 */
import { type Vec3, cross, dot, normalize } from '../base/vector.js'
import type { Image } from './image.js'
import { LOCALIZER_WORDS, SOP_CLASS, normalized } from './tables.js'

export interface Excluded {
  readonly image: Image
  readonly reason: 'localizer' | 'secondary capture' | 'no position' | 'orthogonal'
}

export interface Selection {
  readonly slices: readonly Image[]
  readonly excluded: readonly Excluded[]
}

/** Part slices from the rest. `slices` is empty only where every object is a localizer. */
export function selectSlices(images: readonly Image[]): Selection {
  const excluded: Excluded[] = []
  let slices: readonly Image[] = images
  const leaveOut = (reason: Excluded['reason'], out: (image: Image) => boolean): void => {
    for (const image of slices) if (out(image)) excluded.push({ image, reason })
    slices = slices.filter((image) => !out(image))
  }
  leaveOut('localizer', isLocalizer)
  if (slices.some((image) => !isCapture(image))) leaveOut('secondary capture', isCapture)
  const positioned = (image: Image): boolean => image.placement !== null
  if (slices.some(positioned)) leaveOut('no position', (image) => !positioned(image) && isUnplacedScreen(image))
  const odd = orthogonalFew(slices)
  leaveOut('orthogonal', (image) => odd.has(image))
  return { slices, excluded }
}

export const isLocalizer = (image: Image): boolean =>
  image.acquisition.imageType.some((value) => LOCALIZER_WORDS.test(normalized(value)))

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
