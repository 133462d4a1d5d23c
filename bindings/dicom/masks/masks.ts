/**
 * Masks in: DICOM segmentations and RT structure sets, one or several, onto the grid of the volume that is scored.
 *
 * What a mask is for is checked before what it marks: it must be of the volume's frame of reference, every part of it must be
 * understood, and no pixel may have two territories. Anything else would put calcium into the wrong vessel, or leave it out.
 */
import type { Geometry } from '../../volume/geometry.js'
import { maskMismatch } from '../../volume/mask-trouble.js'
import type { TerritoryMap, TerritoryMapping, TerritorySource } from '../../volume/territory.js'
import { type MaskNames, checkMaskNames } from '../../volume/territory-names.js'
import type { InputFacts, Volume } from '../../volume/volume.js'
import type { CodecOptions } from '../../codecs/decoder.js'
import { DataSet } from '../dataset.js'
import { type DecodeFrame, decodeHere } from '../decoding/encoded.js'
import { type Limits, checkLimits } from '../limits.js'
import { MaskCanvas, type Owner } from './canvas.js'
import { type NamedPart, nameParts } from './names.js'
import { MASK_SOP_CLASS, MASK_TAG } from './tags.js'
import { openObject } from '../open.js'
import { framesOfReference, paintStructures, readRegions } from './rtstruct.js'
import { paintSegmentation, readSegments } from './segmentation.js'
import { type DicomSource, baseName, checkSource, readBytes, sourceSize } from '../source.js'
import { TAG } from '../tags.js'

/** A mask file, and names that go before its own. */
export interface MaskSource extends DicomSource {
  /** Territory by segment or ROI number; null leaves that part out. */
  readonly names?: MaskNames
}

/** What masks are put on: a volume, or its geometry alone (then only positions can be compared). */
export type MaskTarget = Geometry | MaskedVolume

/** What of a volume is compared with what a mask says it was made on. */
export interface MaskedVolume extends Pick<Volume, 'geometry'> {
  readonly facts?: Pick<InputFacts, 'seriesInstanceUid'>
  /** Null: not known. */
  readonly frameOfReferenceUid?: string | null
}

export interface MaskOptions {
  readonly limits?: Partial<Limits>
  /** Where the decoders of compressed frames find their WebAssembly, if not beside their code. */
  readonly codecs?: CodecOptions
  /** Decode compressed frames elsewhere: `decode` of a pool of threads. Default: here. */
  readonly decode?: DecodeFrame
}

export interface Masks {
  /** One label a pixel of the volume. `territories.mapping` is the same as `mapping`. */
  readonly territories: TerritoryMap
  /** What each part of each file was taken for, and what to know of the files. */
  readonly mapping: TerritoryMapping
}

/**
 * Read segmentations (binary, fractional, label map) and RT structure sets as territories.
 *
 * Names come, in this order, from the caller, from SNOMED codes, from label texts (see `territory-names`). A part that is
 * plainly no territory (heart, lung) is left out and listed; one that is not understood is refused, since an unknown name would
 * count as coronary. Fractions are inside from half of their largest value on. Grids may be the volume's own, or parallel to
 * it; each pixel then takes the nearest label.
 *
 * @throws AgatstonError `TERRITORY_MISMATCH` with `details.kind`; `PARSE_FAILED`, `PIXEL_FORMAT`, `PIXELS_MISSING`,
 *   `PIXELS_SHORT`, `PIXELS_CORRUPT`, `SYNTAX_UNSUPPORTED`, `LIMIT_EXCEEDED`, and what loading a decoder throws; TypeError and RangeError for wrong arguments
 */
export async function readMasks(
  sources: readonly MaskSource[],
  target: MaskTarget,
  options: MaskOptions = {},
): Promise<Masks> {
  const limits = checkLimits(options.limits)
  if (typeof target !== 'object' || target === null)
    throw new TypeError('the second argument must be a volume or its geometry')
  const volume: MaskedVolume = 'geometry' in target ? target : { geometry: target }
  if (!Array.isArray(sources) || sources.length === 0)
    throw new TypeError('sources must be a list of at least one mask')
  const files = sources.map((source: MaskSource) => {
    checkSource(source)
    return { source, names: source.names === undefined ? null : checkMaskNames(source.names) }
  })
  const canvas = new MaskCanvas(volume.geometry)
  const decode = options.decode ?? decodeHere(options.codecs)
  const parts: { readonly part: NamedPart; readonly owner: Owner | undefined }[] = []
  const notes: string[] = []
  for (const { source, names } of files) {
    const painted = await readMask(source, { volume, names, canvas, limits, decode })
    const owners = new Map(painted.owners.map((owner) => [owner.source.number, owner]))
    for (const part of painted.parts) parts.push({ part, owner: owners.get(part.number) })
    notes.push(...painted.notes)
  }
  const mapped = parts.map(({ part, owner }): TerritorySource => ({ ...part, pixels: owner?.pixels ?? 0 }))
  const idle = mapped.filter(({ territory, pixels }) => territory !== null && pixels === 0)
  if (mapped.every(({ pixels }) => pixels === 0)) {
    const next = 'Make the mask on the series being scored'
    throw maskMismatch('empty', baseName(sources[0]!.name), 'it marks no pixel of the volume', next)
  }
  for (const { file, number, territory } of idle)
    notes.push(`${file}: ${number} (${territory}) marks no pixel of the volume`)
  const mapping = Object.freeze({ sources: Object.freeze(mapped), notes: Object.freeze(notes) })
  return Object.freeze({ territories: Object.freeze({ ...canvas.territories(), mapping }), mapping })
}

interface Reading {
  readonly volume: MaskedVolume
  readonly names: ReadonlyMap<number, string | null> | null
  readonly canvas: MaskCanvas
  readonly limits: Limits
  readonly decode: DecodeFrame
}

interface Painted {
  readonly parts: readonly NamedPart[]
  readonly owners: readonly Owner[]
  readonly notes: readonly string[]
}

async function readMask(source: DicomSource, { volume, names, canvas, limits, decode }: Reading): Promise<Painted> {
  const file = baseName(source.name)
  const opened = openObject(await readBytes(source, 0, sourceSize(source)), file, limits)
  const next = 'Give a DICOM segmentation or an RT structure set'
  if (!opened) throw maskMismatch('not-a-mask', file, 'it is no DICOM file', next)
  if (opened.failure) throw opened.failure
  const set = DataSet.read(opened)
  const sopClass = set.uid(TAG.SOPClassUID)
  if (sopClass === MASK_SOP_CLASS.segmentation || sopClass === MASK_SOP_CLASS.labelMapSegmentation) {
    const parts = nameParts(readSegments(set), { file, kind: 'seg', names })
    const drawnOn = set.items(MASK_TAG.ReferencedSeriesSequence).map((item) => item.uid(TAG.SeriesInstanceUID))
    const { notes } = checkReferences(file, [set.uid(TAG.FrameOfReferenceUID)], drawnOn, volume)
    const painted = await paintSegmentation(opened, set, parts, canvas, { limits, decode })
    return { parts, owners: painted.owners, notes: [...notes, ...painted.notes] }
  }
  if (sopClass === MASK_SOP_CLASS.rtStructureSet) {
    const parts = nameParts(readRegions(set), { file, kind: 'rtstruct', names })
    const uids = framesOfReference(set)
    const common = set.uid(TAG.FrameOfReferenceUID)
    const frames = parts.flatMap(({ number, territory }) => (territory === null ? [] : [uids.get(number) ?? common]))
    const { notes, ownSeries } = checkReferences(file, frames, structureSeries(set), volume)
    const painted = paintStructures(set, parts, canvas, ownSeries)
    return { parts, owners: painted.owners, notes: [...notes, ...painted.notes] }
  }
  const modality = set.codes(TAG.Modality)[0] ?? ''
  const shown = /^[A-Z]{1,16}$/.test(modality) ? `of modality ${modality}` : 'of another kind'
  throw maskMismatch('not-a-mask', file, `it is a DICOM object ${shown}, no mask`, next)
}

/** The series a structure set was drawn on (PS3.3 C.8.8.5). */
function structureSeries(set: DataSet): readonly (string | null)[] {
  return set
    .items(MASK_TAG.ReferencedFrameOfReferenceSequence)
    .flatMap((frame) => frame.items(MASK_TAG.RTReferencedStudySequence))
    .flatMap((study) => study.items(MASK_TAG.RTReferencedSeriesSequence))
    .map((series) => series.uid(TAG.SeriesInstanceUID))
}

/**
 * Whether a mask is of the volume's patient space. Frames of reference must be the same; where one of the two does not say,
 * the series it was drawn on must not be another. Another series of the same frame of reference is fine: positions decide.
 */
function checkReferences(
  file: string,
  frames: readonly (string | null)[],
  drawnOn: readonly (string | null)[],
  { frameOfReferenceUid: own = null, facts }: MaskedVolume,
): { readonly ownSeries: boolean; readonly notes: readonly string[] } {
  const series = facts?.seriesInstanceUid ?? null
  const told = drawnOn.filter((uid) => uid !== null)
  const ownSeries = series !== null && told.includes(series)
  const next = 'Give the mask that was made on the series being scored'
  if (own !== null && frames.some((uid) => uid !== null && uid !== own)) {
    const met = 'it is of another frame of reference than the volume, so its positions mean other places'
    throw maskMismatch('frame-of-reference', file, met, next)
  }
  const sameFrame = own !== null && frames.every((uid) => uid === own)
  if (!sameFrame && !ownSeries && series !== null && told.length > 0) {
    const met = 'it was made on another series, and no frame of reference says that both share their positions'
    throw maskMismatch('other-series', file, met, next)
  }
  if (ownSeries) return { ownSeries, notes: [] }
  if (!sameFrame)
    return { ownSeries, notes: [`${file}: that it belongs to the volume is known from its positions alone`] }
  const notes =
    told.length > 0 && series !== null ? [`${file}: it was made on another series of the frame of reference`] : []
  return { ownSeries, notes }
}
