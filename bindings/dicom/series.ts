/** From the objects that share a SeriesInstanceUID to a verdict: eligible with a volume, or refused with every reason. */
import { REFUSAL_CODES, type Refusal, type Warning } from '../base/errors.js'
import type { Geometry } from '../volume/geometry.js'
import type { Anatomy, InputFacts } from '../volume/volume.js'
import { checkCount } from './checks/count.js'
import { checkGeometry } from './checks/geometry.js'
import { checkIdentity } from './checks/identity.js'
import { checkSlices } from './checks/slices.js'
import { Objections, type JudgeOptions, judge } from '../base/verdict.js'
import type { ListedSeries } from './archive/dicomdir.js'
import type { DecodeFrame } from './decoding/encoded.js'
import { archivesWords } from './foreign.js'
import type { Image } from './image.js'
import type { Limits } from './limits.js'
import { commonMassFactors } from './mass-factors.js'
import { listOf } from './planes.js'
import { type Excluded, selectSlices } from './select.js'
import { byIdentity, stackSlices } from './stack.js'
import { SOP_CLASS } from './tables.js'
import { DicomVolume } from './volume.js'

/** One series as found. Null: not known. Nothing of the patient module. */
export interface SeriesInspection {
  readonly seriesInstanceUid: string
  readonly studyInstanceUid: string | null
  readonly modality: string | null
  /** Objects with this SeriesInstanceUID, localizers and unreadable ones included. */
  readonly instances: number
  readonly rows: number | null
  readonly columns: number | null
  /** Slices that would be scored. */
  readonly slices: number
  readonly pixelSpacingMm: readonly [number, number] | null
  readonly incrementMm: number | null
  readonly thicknessMm: number | null
  readonly kvp: number | null
  readonly manufacturer: string | null
  readonly kernel: string | null
  readonly contrast: InputFacts['contrast']
  readonly gated: InputFacts['gated']
  readonly anatomy: Anatomy | null
  readonly transferSyntaxes: readonly string[]
  /** No refusal stands: `volume` is there. */
  readonly eligible: boolean
  readonly refusals: readonly Refusal[]
  readonly warnings: readonly Warning[]
  readonly volume: DicomVolume | null
}

export interface SeriesOptions extends JudgeOptions {
  readonly limits: Limits
  readonly incrementMm: number | undefined
  readonly expectedSlices: number | undefined
  /** Decodes compressed frames. */
  readonly decode: DecodeFrame
}

/** Files of a series that could not be read, and files that might belong to it. */
export interface Broken {
  readonly own: readonly Refusal[]
  /** Unreadable files of unknown series: any of them may be a missing slice of this one. */
  readonly unattributed: readonly Refusal[]
}

/** All that was found of a series. */
export interface Found {
  readonly images: readonly Image[]
  readonly broken: Broken
  /** What a DICOMDIR among the files lists of the series; null: none does. */
  readonly listed: ListedSeries | null
  /** Zip archives among the files that were not opened. */
  readonly archives: readonly string[]
}

export async function inspectOne(
  seriesInstanceUid: string,
  found: Found,
  options: SeriesOptions,
): Promise<SeriesInspection> {
  const images = [...found.images].sort(byIdentity)
  const objections = new Objections()
  const instances = objectsOf(images) + found.broken.own.length
  const stack = await examine({ ...found, images }, instances, options, objections)
  const { slices, geometry } = stack
  const facts = factsOf(seriesInstanceUid, slices.length > 0 ? slices : images)
  const verdict = judge(objections, options, REFUSAL_CODES)
  const eligible = verdict.refusals.length === 0 && geometry !== null
  const format = slices.find((image) => image.format)?.format
  const placement = slices.find((image) => image.placement)?.placement
  return Object.freeze({
    seriesInstanceUid,
    studyInstanceUid: facts.studyInstanceUid,
    modality: images[0]?.modality ?? null,
    instances,
    rows: format?.rows ?? null,
    columns: format?.columns ?? null,
    slices: slices.length,
    pixelSpacingMm: geometry?.pixelSpacingMm ?? placement?.pixelSpacingMm ?? null,
    incrementMm: geometry?.incrementMm ?? null,
    thicknessMm: geometry?.thicknessMm ?? null,
    kvp: facts.kvp,
    manufacturer: facts.manufacturer,
    kernel: facts.kernel,
    contrast: facts.contrast,
    gated: facts.gated,
    anatomy: facts.anatomy,
    transferSyntaxes: facts.transferSyntaxes,
    eligible,
    refusals: verdict.refusals,
    warnings: verdict.warnings,
    volume: eligible ? new DicomVolume({ images: slices, geometry, facts, ...verdict, decode: options.decode }) : null,
  })
}

/** Frames of one object are one object. */
function objectsOf(images: readonly Image[]): number {
  const framed = images.filter(({ frame }) => frame !== null)
  return images.length - framed.length + new Set(framed.map(({ source }) => source)).size
}

/** Standard storage classes but those of CT and of captured pictures; of private ones nothing is known. */
function isForeignClass(uid: string | null): boolean {
  if (uid === null || !uid.startsWith('1.2.840.10008.')) return false
  const { ctImage, enhancedCt, legacyConvertedCt, secondaryCapture } = SOP_CLASS
  return !([ctImage, enhancedCt, legacyConvertedCt] as string[]).includes(uid) && !uid.startsWith(secondaryCapture)
}

interface Examined {
  readonly slices: readonly Image[]
  readonly geometry: Geometry | null
}

/** Run every check that can be run: a series is told all that is wrong with it at once. */
async function examine(
  { images, broken, listed, archives }: Found,
  instances: number,
  options: SeriesOptions,
  objections: Objections,
): Promise<Examined> {
  objections.refusals.push(...broken.own)
  if (images.length === 0) return { slices: [], geometry: null }
  const foreign = images.find(({ modality, sopClassUid }) => modality === 'CT' && isForeignClass(sopClassUid))
  if (foreign) {
    const message =
      'an object of the series calls itself CT and is of a SOP class that is not. Use the original CT images'
    objections.refuse('MODALITY_NOT_CT', message, {
      modality: 'CT',
      sopClassUid: foreign.sopClassUid,
      file: foreign.file,
    })
    return { slices: [], geometry: null }
  }
  const other = images.find(({ modality }) => modality !== 'CT')
  if (other) {
    const shown = other.modality && /^[A-Z0-9]{1,16}$/.test(other.modality) ? other.modality : 'not given'
    const message = `the modality of the series is ${shown}; only CT can be scored`
    objections.refuse('MODALITY_NOT_CT', message, { modality: shown, file: other.file })
    return { slices: [], geometry: null }
  }
  checkIdentity(images, objections)
  const { slices, excluded, inStack } = selectSlices(images)
  if (slices.length === 0) {
    const message = `all ${images.length} image(s) of the series are localizers. Use the axial series`
    objections.refuse('LOCALIZER_ONLY', message, { images: images.length })
    return { slices: [], geometry: null }
  }
  warnExcluded(excluded, objections)
  warnArchives(archives, objections)
  refuseInStack(inStack, objections)
  objections.refusals.push(...slices.flatMap((image) => image.refusals))
  checkSlices(slices, objections)
  const stack = await stackIfPossible(slices, options, objections)
  checkCount(stack.slices.length, instances, options.expectedSlices, images, listed, objections)
  if (options.expectedSlices !== stack.slices.length) objections.refusals.push(...broken.unattributed)
  if (stack.geometry) checkGeometry(stack.slices, stack.geometry, objections)
  return stack
}

/** A stack needs the place and size of every slice; with one unknown, gaps would be reported that are none. */
async function stackIfPossible(
  slices: readonly Image[],
  options: SeriesOptions,
  objections: Objections,
): Promise<Examined> {
  const complete = slices.every((image) => image.placement && image.format)
  if (!withinLimits(slices, options.limits, objections) || !complete) return { slices, geometry: null }
  const { images, geometry } = await stackSlices(slices, options.incrementMm, options.decode, objections)
  return { slices: images, geometry }
}

function withinLimits(slices: readonly Image[], limits: Limits, objections: Objections): boolean {
  const pixels = slices.reduce((sum, { format }) => sum + (format ? format.rows * format.columns : 0), 0)
  const over = (limit: 'slices' | 'pixels', value: number): boolean => {
    if (value <= limits[limit]) return false
    const message = `the series has ${value} ${limit}; the limit is ${limits[limit]}. If it is sound, raise limits.${limit}`
    objections.refuse('LIMIT_EXCEEDED', message, { limit, value, most: limits[limit] })
    return true
  }
  return !over('slices', slices.length) && !over('pixels', pixels)
}

function warnExcluded(excluded: readonly Excluded[], objections: Objections): void {
  if (excluded.length === 0) return
  const reasons = [...new Set(excluded.map(({ reason }) => reason))].sort()
  const message = `${excluded.length} image(s) of the series were left out: ${reasons.join(', ')}`
  const files = listOf(excluded.map(({ image }) => image.file))
  objections.warn('IMAGE_EXCLUDED', message, { images: excluded.length, reasons, files })
}

function warnArchives(archives: readonly string[], objections: Objections): void {
  if (archives.length === 0) return
  const details = { kind: 'archive', archives: archives.length, files: listOf(archives) }
  objections.warn('IMAGE_EXCLUDED', archivesWords(archives), details)
}

/** Leaving these out would shorten the stack, or leave a hole in it, by the word of a tag. */
function refuseInStack(inStack: readonly Excluded[], objections: Objections): void {
  if (inStack.length === 0) return
  const reasons = [...new Set(inStack.map(({ reason }) => reason))].sort()
  const files = listOf(inStack.map(({ image }) => image.file))
  const message = `${inStack.length} image(s) call themselves ${reasons.join(' and ')}, but have the size, direction and place of a slice the stack lacks. Export the series again, or take them out by hand`
  objections.refuse('SERIES_MIXED', message, { kind: 'excluded-in-stack', images: inStack.length, reasons, files })
}

/** What all images say they show; an attribute without a class where they disagree. */
function commonAnatomy(images: readonly Image[]): Anatomy | null {
  const first = images[0]?.acquisition.anatomy ?? null
  const agree = images.every(({ acquisition }) => acquisition.anatomy?.region === first?.region)
  return agree || first === null ? first : { ...first, region: null }
}

function factsOf(seriesInstanceUid: string, images: readonly Image[]): InputFacts {
  const common = <T>(of: (image: Image) => T | null): T | null => {
    const value = images.length > 0 ? of(images[0]!) : null
    return images.every((image) => of(image) === value) ? value : null
  }
  const any = (of: (image: Image) => readonly string[]): boolean => images.some((image) => of(image).length > 0)
  return Object.freeze({
    studyInstanceUid: common((image) => image.studyUid),
    seriesInstanceUid,
    transferSyntaxes: Object.freeze([...new Set(images.map(({ syntax }) => syntax.uid))].sort()),
    kvp: common(({ acquisition }) => acquisition.kvp),
    manufacturer: common(({ acquisition }) => acquisition.manufacturer),
    model: common(({ acquisition }) => acquisition.model),
    kernel: common(({ acquisition }) => acquisition.kernel),
    contrast: any(({ acquisition }) => acquisition.contrast) ? 'recorded' : 'none',
    gated: any(({ acquisition }) => acquisition.gating) ? 'evidence' : 'no-evidence',
    anatomy: commonAnatomy(images),
    calciumMassFactors: commonMassFactors(images.map(({ acquisition }) => acquisition.massFactors)),
  })
}
