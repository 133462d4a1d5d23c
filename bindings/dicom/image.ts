/**
 * One image as typed, checked facts: a classic object is one, an enhanced object one for each frame. What a header gets wrong
 * about one image is found here; what only a series can get wrong is found in `series`. Patient attributes are reduced to an ordinal that says "same" or "not the same" and nothing else.
 */
import { AgatstonError, type Refusal } from '../base/errors.js'
import type { Rescale } from '../volume/volume.js'
import { type Acquisition, readAcquisition } from './acquisition.js'
import type { DataSet } from './dataset.js'
import { type Frame, countFrames, framesOf, isEnhanced } from './enhanced.js'
import { type Limits, beyondLimit } from './limits.js'
import type { OpenedObject } from './open.js'
import { type PixelFormat, type PixelWords, locatePixels, readPixelFormat } from './pixels.js'
import { type Placement, readPlacement, readRescale } from './placement.js'
import type { DicomSource } from './source.js'
import type { TransferSyntax } from './syntax.js'
import { TAG, tagName } from './tags.js'
import { collect, parseFailed } from './trouble.js'

export interface Image {
  readonly file: string
  readonly source: DicomSource
  readonly studyUid: string | null
  readonly seriesUid: string
  readonly sopClassUid: string | null
  readonly sopInstanceUid: string | null
  /** Number of the frame in its object, from 1; null: the object is this image. */
  readonly frame: number | null
  readonly modality: string | null
  /** Images of one patient share it. */
  readonly patient: PatientKey
  readonly syntax: TransferSyntax
  readonly executablePreamble: boolean
  readonly outOfOrder: boolean
  readonly acquisition: Acquisition
  readonly format: PixelFormat | null
  readonly words: PixelWords | null
  readonly placement: Placement | null
  readonly rescale: Rescale | null
  readonly refusals: readonly Refusal[]
}

/** Ordinals of the identifiers met so far; null where an image has none. */
export interface PatientKey {
  readonly id: number | null
  readonly name: number | null
  readonly birthDate: number | null
}

/** Gives equal texts equal numbers. Lives as long as one inspection; nothing reads the texts back. */
export class Ordinals {
  private readonly known = new Map<string, number>()

  of(text: string | null): number | null {
    if (text === null) return null
    const key = text
      .toUpperCase()
      .replace(/[\s^=]+/g, ' ')
      .trim()
    if (key === '') return null
    const ordinal = this.known.get(key) ?? this.known.size
    this.known.set(key, ordinal)
    return ordinal
  }
}

export interface ImageContext {
  readonly source: DicomSource
  readonly limits: Limits
  readonly ordinals: Ordinals
}

/** What the images of one object share. */
type ObjectFacts = Omit<Image, 'frame' | 'acquisition' | 'format' | 'words' | 'placement' | 'rescale' | 'refusals'>

/**
 * Read one object of a series: one image, or an image for each frame of an enhanced object. What is wrong with one is on its
 * `refusals`; only objects of modality CT are looked at beyond their identifiers.
 *
 * @throws AgatstonError `PARSE_FAILED` where it cannot even be told to which series the object belongs
 */
export function readImages(opened: OpenedObject, set: DataSet, context: ImageContext): readonly Image[] {
  const refusals: Refusal[] = []
  const facts = readIdentity(opened, set, context, refusals)
  if (facts.modality !== 'CT') return [withoutPixels(facts, set, [])]
  for (const tag of [TAG.StudyInstanceUID, TAG.SOPInstanceUID]) {
    if (set.text(tag) === null) refusals.push(absent(facts.file, tag).toRefusal())
  }
  if (isEnhanced(facts.sopClassUid)) return readEnhanced(opened, set, context.limits, facts, refusals)
  const format = collect(refusals, () => readPixelFormat(set, context.limits))
  return [readOne({ opened, set, format, frame: null, frames: 1 }, facts, readAcquisition(set), refusals)]
}

function readIdentity(
  opened: OpenedObject,
  set: DataSet,
  { source, ordinals }: ImageContext,
  refusals: Refusal[],
): ObjectFacts {
  const { file } = opened
  const seriesUid = set.uid(TAG.SeriesInstanceUID)
  if (seriesUid === null) throw absent(file, TAG.SeriesInstanceUID)
  return {
    file,
    source,
    seriesUid,
    studyUid: collect(refusals, () => set.uid(TAG.StudyInstanceUID)),
    sopClassUid: collect(refusals, () => set.uid(TAG.SOPClassUID)),
    sopInstanceUid: collect(refusals, () => set.uid(TAG.SOPInstanceUID)),
    modality: codeOf(set, TAG.Modality),
    patient: {
      id: ordinals.of(set.text(TAG.PatientID)),
      name: ordinals.of(set.text(TAG.PatientName)),
      birthDate: ordinals.of(set.text(TAG.PatientBirthDate)),
    },
    syntax: opened.syntax!,
    executablePreamble: opened.executablePreamble,
    outOfOrder: opened.layout.outOfOrder,
  }
}

/** An object of which no more than this can be told. */
function withoutPixels(facts: ObjectFacts, set: DataSet, refusals: readonly Refusal[]): Image {
  const acquisition = readAcquisition(set)
  return { ...facts, frame: null, acquisition, format: null, words: null, placement: null, rescale: null, refusals }
}

/** The frames of an enhanced object; where their number is not certain, the object as one image that is refused. */
function readEnhanced(
  opened: OpenedObject,
  object: DataSet,
  limits: Limits,
  facts: ObjectFacts,
  shared: readonly Refusal[],
): readonly Image[] {
  const refusals = [...shared]
  try {
    const frames = countFrames(object, limits)
    const format = collect(refusals, () => readPixelFormat(object, limits, frames))
    if (format) checkPixelCount(frames, format, limits, facts.file)
    const images: Image[] = []
    for (const frame of framesOf(object, frames)) {
      images.push(readFrame(opened, frame, format, frames, facts, refusals))
    }
    return images
  } catch (error) {
    if (!(error instanceof AgatstonError)) throw error
    return [withoutPixels(facts, object, [...refusals, error.toRefusal()])]
  }
}

function checkPixelCount(frames: number, { rows, columns }: PixelFormat, limits: Limits, file: string): void {
  const pixels = frames * rows * columns
  if (pixels <= limits.pixels) return
  throw beyondLimit('pixels', limits.pixels, `${file}: the object has ${pixels} pixels`, { file, value: pixels })
}

/** @param shared refusals of the object: no frame can be read without what they refuse */
function readFrame(
  opened: OpenedObject,
  frame: Frame,
  format: PixelFormat | null,
  frames: number,
  facts: ObjectFacts,
  shared: readonly Refusal[],
): Image {
  const refusals: Refusal[] = []
  const set = collect(refusals, () => frame.asClassic())
  if (set === null) {
    const { object } = frame.groups()
    return { ...withoutPixels(facts, object, named(refusals, shared, facts.file, frame)), frame: frame.number }
  }
  const acquisition = readAcquisition(set, frame.groups())
  const image = readOne({ opened, set, format, frame: frame.number, frames }, facts, acquisition, refusals)
  return { ...image, refusals: named(refusals, shared, facts.file, frame) }
}

/** Refusals of a frame with its number, after those of its object. */
function named(own: readonly Refusal[], shared: readonly Refusal[], file: string, frame: Frame): readonly Refusal[] {
  const withNumber = ({ code, message, details }: Refusal): Refusal => ({
    code,
    message: message.startsWith(`${file}: `)
      ? `${file}, frame ${frame.number}: ${message.slice(file.length + 2)}`
      : message,
    details: { ...details, frame: frame.number },
  })
  return [...shared, ...own.map(withNumber)]
}

interface OneImage {
  readonly opened: OpenedObject
  /** The image's attributes in their classic places. */
  readonly set: DataSet
  readonly format: PixelFormat | null
  readonly frame: number | null
  /** Frames of the object. */
  readonly frames: number
}

function readOne(
  { opened, set, format, frame, frames }: OneImage,
  facts: ObjectFacts,
  acquisition: Acquisition,
  refusals: Refusal[],
): Image {
  const words = collect(refusals, () => locatePixels(opened, set, format, (frame ?? 1) - 1, frames))
  const placement = collect(refusals, () => readPlacement(set))
  const rescale = collect(refusals, () => readRescale(set))
  // Member by member: spreading a score of them takes most of the time of reading an image.
  return {
    file: facts.file,
    source: facts.source,
    studyUid: facts.studyUid,
    seriesUid: facts.seriesUid,
    sopClassUid: facts.sopClassUid,
    sopInstanceUid: facts.sopInstanceUid,
    modality: facts.modality,
    patient: facts.patient,
    syntax: facts.syntax,
    executablePreamble: facts.executablePreamble,
    outOfOrder: facts.outOfOrder,
    frame,
    acquisition,
    format,
    words,
    placement,
    rescale,
    refusals,
  }
}

const absent = (file: string, tag: number): AgatstonError =>
  parseFailed('value', `${tagName(tag)} is absent`, { file, tag })

/** A code string; null where it is none: a damaged length may have swallowed what stands behind it. */
function codeOf(set: DataSet, tag: number): string | null {
  const code = set.codes(tag)[0] ?? ''
  return /^[A-Z0-9_ ]{1,16}$/.test(code) ? code : null
}
