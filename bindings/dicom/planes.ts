/**
 * Several slices at one position: the same slice twice, or two phases, or two reconstructions. The first is dropped, the others
 * would each be scored and added up.
 */
import { AgatstonError, isFault } from '../base/errors.js'
import { length, subtract } from '../base/vector.js'
import type { Objections } from '../base/verdict.js'
import type { GroupAttribute } from './acquisition.js'
import type { DecodeFrame } from './decoding/encoded.js'
import type { Image } from './image.js'
import { readStored } from './stored.js'
import { TAG, tagText } from './tags.js'

/** The slices at one position along the normal, by SOP Instance UID. */
export interface Plane {
  readonly heightMm: number
  readonly images: readonly Image[]
}

/** Drop slices that repeat another bit for bit; warn of them. What is left at a position differs. */
export async function dropIdentical(
  planes: readonly Plane[],
  decode: DecodeFrame,
  objections: Objections,
): Promise<readonly Plane[]> {
  const comparison = new Comparison(decode, objections)
  const dropped: string[] = []
  const kept: Plane[] = []
  for (const plane of planes) {
    if (plane.images.length === 1) {
      kept.push(plane)
      continue
    }
    const images: Image[] = []
    for (const image of await comparison.inPixelOrder(plane.images)) {
      let repeats = false
      for (const other of images) repeats ||= await comparison.isIdentical(image, other)
      if (repeats) dropped.push(image.file)
      else images.push(image)
    }
    kept.push({ heightMm: plane.heightMm, images })
  }
  if (dropped.length > 0) {
    const message = `${dropped.length} slice(s) repeat another bit for bit and were dropped`
    objections.warn('SLICES_IDENTICAL_DROPPED', message, { dropped: dropped.length, files: listOf(dropped) })
  }
  return kept
}

/** At most this many file names stand in a detail. */
const MAX_LISTED = 20
export const listOf = (files: readonly string[]): readonly string[] => [...files].sort().slice(0, MAX_LISTED)

/**
 * Compares the pixels of slices, whatever their encoding. Of a series in many phases every position holds many slices that all
 * differ, so each is read, and decoded, once for a checksum, and again only beside one of the same checksum.
 */
class Comparison {
  readonly #checksums = new Map<Image, string | null>()
  readonly #unreadable = new Set<Image>()

  constructor(
    private readonly decode: DecodeFrame,
    private readonly objections: Objections,
  ) {}

  /** Same pixels, same meaning of them, same place. Pixels that cannot be read are not the same as anything. */
  async isIdentical(a: Image, b: Image): Promise<boolean> {
    if (!a.words || !b.words || !a.rescale || !b.rescale || !a.placement || !b.placement) return false
    const alike =
      a.words.signed === b.words.signed &&
      a.rescale.slope === b.rescale.slope &&
      a.rescale.intercept === b.rescale.intercept &&
      length(subtract(a.placement.position, b.placement.position)) < 0.01
    if (!alike) return false
    const checksum = await this.checksumOf(a)
    if (checksum === null || checksum !== (await this.checksumOf(b))) return false
    const [pixelsA, pixelsB] = [await this.pixelsOf(a), await this.pixelsOf(b)]
    return pixelsA !== null && pixelsB !== null && samePixels(pixelsA, pixelsB)
  }

  /** Slices that share UID and name have only their pixels to tell them apart. */
  async inPixelOrder(images: readonly Image[]): Promise<readonly Image[]> {
    const name = (image: Image): string => `${image.sopInstanceUid} ${image.source.name}`
    if (new Set(images.map(name)).size === images.length) return images
    const checksums = new Map<Image, string>()
    for (const image of images) checksums.set(image, (await this.checksumOf(image)) ?? '')
    const order = (a: Image, b: Image): number => compareText(checksums.get(a)!, checksums.get(b)!)
    return [...images].sort((a, b) => (name(a) === name(b) ? order(a, b) : 0))
  }

  private async checksumOf(image: Image): Promise<string | null> {
    const known = this.#checksums.get(image)
    if (known !== undefined) return known
    const pixels = await this.pixelsOf(image)
    const checksum = pixels && checksumOf(pixels)
    this.#checksums.set(image, checksum)
    return checksum
  }

  /** Stored values; null where they cannot be read, which is told once. */
  private async pixelsOf(image: Image): Promise<Uint16Array | null> {
    const { words, source } = image
    if (!words || this.#unreadable.has(image)) return null
    const values = new Uint16Array(words.rows * words.columns)
    try {
      await readStored(source, words, this.decode, words.signed ? new Int16Array(values.buffer) : values)
    } catch (error) {
      if (!(error instanceof AgatstonError) || isFault(error.code)) throw error
      this.#unreadable.add(image)
      this.objections.refusals.push(error.toRefusal())
      return null
    }
    return values
  }
}

/** Two sums that go their own ways (FNV-1a and a polynomial): equal pixels have equal ones, others hardly ever. */
function checksumOf(pixels: Uint16Array): string {
  let [a, b] = [0x811c9dc5, 1]
  for (let i = 0; i < pixels.length; i++) {
    a = Math.imul(a ^ pixels[i]!, 0x01000193)
    b = (Math.imul(b, 31) + pixels[i]!) | 0
  }
  return `${pixels.length} ${a} ${b}`
}

function samePixels(a: Uint16Array, b: Uint16Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Attributes whose slices, sharing no position, still must not interleave: a step-and-shoot scan goes slab after slab. */
const ONE_RANGE_EACH: readonly GroupAttribute[] = [
  'StackID',
  'AcquisitionNumber',
  'TemporalPositionIdentifier',
  'NominalPercentageOfCardiacPhase',
  'ImageType',
  'SliceThickness',
  'ReconstructionDiameter',
]

/** Refuse what is left doubled, and groups whose ranges of position overlap. */
export function checkGroups(planes: readonly Plane[], objections: Objections): void {
  const doubled = planes.filter((plane) => plane.images.length > 1)
  if (doubled.length > 0) {
    const files = doubled.flatMap((plane) => plane.images.map((image) => image.file))
    const message = `${doubled.length} position(s) hold more than one slice, with different pixels. Select one phase and one reconstruction`
    objections.refuse('SLICES_DUPLICATE', message, { positions: doubled.length, files: listOf(files) })
    const attribute = doubled.length > 1 ? separatedBy(doubled) : null
    if (attribute) refuseMixed(attribute, objections)
    return
  }
  const interleaved = ONE_RANGE_EACH.find((attribute) => rangesOverlap(planes, attribute))
  if (interleaved) refuseMixed(interleaved, objections)
}

/**
 * A SOP Instance UID names one object for ever (PS3.3 C.12.1.1.1). Slices of several files that share one, at different places,
 * are no copies: an export or anonymisation went wrong, any archive on the way may have put one in place of another, and nothing
 * tells which pixels belong to which header. Frames of one object share it rightly.
 *
 * @param planes what is left after identical slices were dropped
 */
export function checkInstances(planes: readonly Plane[], objections: Objections): void {
  const byUid = new Map<string, { readonly image: Image; readonly plane: Plane }[]>()
  for (const plane of planes) {
    for (const image of plane.images) {
      const { sopInstanceUid: uid } = image
      const known = byUid.get(uid ?? '')
      if (known) known.push({ image, plane })
      else if (uid !== null) byUid.set(uid, [{ image, plane }])
    }
  }
  const shared = [...byUid.values()].filter(
    ([first, ...rest]) =>
      rest.some(({ image }) => image.source !== first!.image.source) &&
      rest.some(({ plane }) => plane !== first!.plane),
  )
  if (shared.length === 0) return
  const files = shared.flat().map(({ image }) => image.file)
  const tag = tagText(TAG.SOPInstanceUID)
  const message = `${files.length} slices at different positions share ${shared.length} SOPInstanceUID(s): one object cannot be in two places. Export the series again, each slice with a UID of its own`
  objections.refuse('SLICES_DUPLICATE', message, {
    kind: 'instance-uid',
    tag,
    uids: shared.length,
    files: files.length,
    file: listOf(files)[0],
  })
}

function refuseMixed(attribute: GroupAttribute, objections: Objections): void {
  const message = `the series holds groups of slices that differ in ${attribute} and overlap in position. Select one of them`
  objections.refuse('SERIES_MIXED', message, { attribute, kind: attribute })
}

/** An attribute that is different for the slices at every doubled position. */
function separatedBy(doubled: readonly Plane[]): GroupAttribute | null {
  const attributes = Object.keys(doubled[0]!.images[0]!.acquisition.groups) as GroupAttribute[]
  const valuesAt = (plane: Plane, attribute: GroupAttribute): Set<string | null> =>
    new Set(plane.images.map((image) => image.acquisition.groups[attribute]))
  return attributes.find((name) => doubled.every((plane) => valuesAt(plane, name).size === plane.images.length)) ?? null
}

/** Whether two groups of at least two slices each cover common ground. `planes` are in order. */
function rangesOverlap(planes: readonly Plane[], attribute: GroupAttribute): boolean {
  const ranges = new Map<string, { first: number; last: number; count: number }>()
  planes.forEach((plane, k) => {
    const value = plane.images[0]!.acquisition.groups[attribute]
    if (value === null) return
    const range = ranges.get(value) ?? { first: k, last: k, count: 0 }
    ranges.set(value, { first: range.first, last: k, count: range.count + 1 })
  })
  const groups = [...ranges.values()].filter(({ count }) => count > 1).sort((a, b) => a.first - b.first)
  let reach = -1
  for (const { first, last } of groups) {
    if (first < reach) return true
    reach = Math.max(reach, last)
  }
  return false
}
