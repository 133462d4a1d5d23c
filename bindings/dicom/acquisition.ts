/**
 * How an image was made, as far as warnings and series checks ask. Nothing here can break a file: what cannot be read is not
 * known. Where an unknown would matter, a check says so.
 */
import type { Anatomy } from '../volume/volume.js'
import { readAnatomy } from './anatomy.js'
import type { DataSet } from './dataset.js'
import type { FrameGroups } from './enhanced.js'
import { type StoredMassFactors, readMassFactors } from './mass-factors.js'
import {
  FRAME_CONTRASTS,
  GATED_SCAN_OPTIONS,
  HOUNSFIELD_UNITS,
  LOSSY_WORDS,
  NOT_ORIGINAL_WORDS,
  NO_CONTRAST,
  ORIGINAL_FRAMES,
  UNGATED_SCAN_OPTIONS,
  normalized,
} from './tables.js'
import { TAG, tagName } from './tags.js'

export interface Acquisition {
  /** Values of ImageType, of a frame those of its FrameType, upper case. */
  readonly imageType: readonly string[]
  /** What else says that the pixels were computed from others (Enhanced CT). */
  readonly computed: readonly Computed[]
  /** Taken with the tube at rest (Enhanced CT): a localizer. */
  readonly constantAngle: boolean
  readonly kvp: number | null
  /** KVP is there but no number. */
  readonly kvpUnreadable: boolean
  readonly manufacturer: string | null
  readonly model: string | null
  /** Values of ConvolutionKernel joined by a backslash, as in the file. */
  readonly kernel: string | null
  readonly thicknessMm: number | null
  readonly spacingBetweenMm: number | null
  readonly sliceLocationMm: number | null
  readonly diameterMm: number | null
  readonly anatomy: Anatomy | null
  readonly massFactors: StoredMassFactors
  readonly frameOfReferenceUid: string | null
  /** What may tell apart groups of slices that share positions; by attribute. */
  readonly groups: Readonly<Record<GroupAttribute, string | null>>
  readonly rescaleType: string | null
  /** Unit of the real world values, where they are mapped and none is in HU. */
  readonly mappedUnit: string | null
  /** Attributes that record contrast, and that tell of gating. */
  readonly contrast: readonly string[]
  readonly gating: readonly string[]
  readonly tinFilter: boolean
  /** `now`: the file says its pixels are lossy; `history`: they have been, or a ratio is given. */
  readonly lossy: 'now' | 'history' | null
  /** Instances the series has, as an archive or scanner wrote it. */
  readonly seriesInstances: number | null
}

/** An attribute, and what of its value says that pixels are not the scanner's own. */
export interface Computed {
  readonly tag: number
  readonly what: string
}

/** Attributes by which phases and reconstructions differ. */
export type GroupAttribute =
  | 'StackID'
  | 'AcquisitionNumber'
  | 'TemporalPositionIdentifier'
  | 'NominalPercentageOfCardiacPhase'
  | 'TriggerTime'
  | 'ImageType'
  | 'SliceThickness'
  | 'ReconstructionDiameter'

/**
 * @param set the object, or one frame of it with the attributes of its functional groups in their places
 * @param frame the functional groups of that frame
 */
export function readAcquisition(set: DataSet, frame: FrameGroups | null = null): Acquisition {
  const imageType = set.codes(set.value(TAG.FrameType) ? TAG.FrameType : TAG.ImageType)
  const kvp = set.hint(TAG.KVP)
  const thickness = set.hint(TAG.SliceThickness)
  return {
    imageType,
    computed: frame ? computedFrame(set, frame) : [],
    constantAngle: set.codes(TAG.AcquisitionType)[0] === 'CONSTANT_ANGLE',
    kvp: kvp !== null && kvp > 0 ? kvp : null,
    kvpUnreadable: set.value(TAG.KVP) !== null && kvp === null,
    manufacturer: printable(set.text(TAG.Manufacturer)),
    model: printable(set.text(TAG.ManufacturerModelName)),
    kernel: printable(set.text(TAG.ConvolutionKernel)),
    thicknessMm: thickness !== null && thickness > 0 ? thickness : null,
    spacingBetweenMm: set.hint(TAG.SpacingBetweenSlices),
    sliceLocationMm: set.hint(TAG.SliceLocation),
    diameterMm: positive(set, TAG.ReconstructionDiameter),
    anatomy: readAnatomy(set),
    massFactors: readMassFactors(set),
    frameOfReferenceUid: set.text(TAG.FrameOfReferenceUID),
    groups: {
      StackID: set.text(TAG.StackID),
      AcquisitionNumber: hexOf(set.value(TAG.FrameAcquisitionNumber)) ?? set.text(TAG.AcquisitionNumber),
      TemporalPositionIdentifier:
        hexOf(set.value(TAG.TemporalPositionIndex)) ?? set.text(TAG.TemporalPositionIdentifier),
      NominalPercentageOfCardiacPhase: hexOf(set.value(TAG.NominalPercentageOfCardiacPhase)),
      TriggerTime: set.text(TAG.TriggerTime),
      ImageType: imageType.join('\\') || null,
      SliceThickness: set.text(TAG.SliceThickness),
      ReconstructionDiameter: set.text(TAG.ReconstructionDiameter),
    },
    rescaleType: set.text(TAG.RescaleType),
    mappedUnit: mappedUnit(frame ? frame.maps : set.items(TAG.RealWorldValueMappingSequence)),
    contrast: contrastEvidence(set, frame?.contrast ?? []),
    gating: gatingEvidence(set),
    tinFilter: [set, ...(frame?.sources ?? [])].some(hasTinFilter),
    lossy: lossiness(set, imageType),
    seriesInstances: positive(set, TAG.NumberOfSeriesRelatedInstances),
  }
}

function positive(set: DataSet, tag: number): number | null {
  const value = set.hint(tag)
  return value !== null && value > 0 ? value : null
}

/**
 * Text for messages and results: printable ASCII, at most 64 characters. A value with control characters other than the escape
 * of character sets is no text: where a length was damaged it holds the elements behind it, the patient's name among them.
 */
function printable(text: string | null): string | null {
  // oxlint-disable-next-line no-control-regex
  if (text === null || /[\x00-\x1a\x1c-\x1f\x7f]/.test(text)) return null
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 64)
}

const hexOf = (value: Uint8Array | null): string | null => value && [...value.subarray(0, 16)].join(' ')

/**
 * What says that a frame was computed from others: the attributes of Enhanced CT, on the frame and on the object (PS3.3
 * C.8.16.2), and the derived pixel contrast (C.8.16.1.4). `MIXED` on the object means that frames differ, which they say
 * themselves; on a frame it means nothing good.
 */
function computedFrame(set: DataSet, { object, enhanced }: FrameGroups): readonly Computed[] {
  const found: Computed[] = []
  for (const { tag, originals } of ORIGINAL_FRAMES) {
    for (const holder of [set, object]) {
      const value = holder.codes(tag)[0] ?? ''
      if (value !== '' && !originals.includes(value) && !(holder === object && value === 'MIXED')) {
        found.push({ tag, what: shownCode(value) })
      }
    }
  }
  const contrast = set.codes(TAG.FrameType)[3] ?? ''
  // Words that name a computed picture are looked for in FrameType as in ImageType; what they name need not be said twice.
  const named = NOT_ORIGINAL_WORDS.some(({ words }) => words.test(normalized(contrast)))
  if (enhanced && contrast !== '' && !named && !FRAME_CONTRASTS.includes(contrast)) {
    found.push({ tag: TAG.FrameType, what: shownCode(contrast) })
  }
  const imageType = object.codes(TAG.ImageType)
  if (imageType[1] === 'SECONDARY') found.push({ tag: TAG.ImageType, what: 'secondary' })
  for (const { what, words } of NOT_ORIGINAL_WORDS) {
    if (imageType.slice(2).some((value) => words.test(normalized(value)))) found.push({ tag: TAG.ImageType, what })
  }
  return found
}

/** A code of the file for a message: nothing but what a code string may hold. */
const shownCode = (value: string): string => (/^[A-Z0-9_ ]{1,16}$/.test(value) ? value : 'an unknown value')

/** The unit pixels are mapped to (PS3.3 C.7.6.16.2.11); null where there is no map, or one in HU. */
function mappedUnit(maps: readonly DataSet[]): string | null {
  const units = maps.map((map) => map.items(TAG.MeasurementUnitsCodeSequence)[0]?.text(TAG.CodeValue) ?? 'none')
  return units.length === 0 || units.some((unit) => HOUNSFIELD_UNITS.includes(unit)) ? null : printable(units[0]!)
}

/**
 * @param usage which of the agents of the object this frame was taken with (PS3.3 C.8.15.3.7): an agent that was not given yet is
 *   none
 */
function contrastEvidence(set: DataSet, usage: readonly DataSet[]): readonly string[] {
  const evidence: number[] = []
  const says = (tag: number): boolean => !NO_CONTRAST.includes((set.text(tag) ?? '').toUpperCase())
  if (says(TAG.ContrastBolusAgent)) evidence.push(TAG.ContrastBolusAgent)
  const given = usage.filter((agent) => agent.codes(TAG.ContrastBolusAgentAdministered)[0] !== 'NO')
  const detected = usage.filter((agent) => agent.codes(TAG.ContrastBolusAgentDetected)[0] === 'YES')
  if (given.length > 0) evidence.push(TAG.ContrastBolusAgentAdministered)
  else if (detected.length > 0) evidence.push(TAG.ContrastBolusAgentDetected)
  else if (usage.length === 0 && set.itemCount(TAG.ContrastBolusAgentSequence) > 0) {
    evidence.push(TAG.ContrastBolusAgentSequence)
  }
  // A volume that is no number is a record all the same; 0 is none.
  if (says(TAG.ContrastBolusVolume) && set.hint(TAG.ContrastBolusVolume) !== 0) evidence.push(TAG.ContrastBolusVolume)
  return evidence.map(tagName)
}

/** Any of the attributes by which scanners record synchronization with the heart. A zero is no evidence. */
function gatingEvidence(set: DataSet): readonly string[] {
  const evidence: number[] = []
  const options = set.codes(TAG.ScanOptions).map(normalized)
  if (options.some((option) => GATED_SCAN_OPTIONS.test(option) && !UNGATED_SCAN_OPTIONS.test(option))) {
    evidence.push(TAG.ScanOptions)
  }
  for (const tag of [TAG.HeartRate, TAG.TriggerTime, TAG.NominalInterval, TAG.LowRRValue, TAG.HighRRValue]) {
    if (positive(set, tag) !== null) evidence.push(tag)
  }
  const technique = set.codes(TAG.CardiacSynchronizationTechnique)[0] ?? ''
  if (technique !== '' && technique !== 'NONE') evidence.push(TAG.CardiacSynchronizationTechnique)
  if (set.value(TAG.NominalPercentageOfCardiacPhase)) evidence.push(TAG.NominalPercentageOfCardiacPhase)
  if (set.value(TAG.RRIntervalTimeNominal)?.some((byte) => byte !== 0)) evidence.push(TAG.RRIntervalTimeNominal)
  return evidence.map(tagName)
}

/** Tin hardens the beam: 100 kVp with tin is no 100 kVp. Written as filter material or type, or before the voltage. */
function hasTinFilter(set: DataSet): boolean {
  return TIN_PLACES.some((tag) => {
    const text = set.text(tag)
    return text !== null && TIN_WORDS.test(normalized(text))
  })
}
const TIN_PLACES: readonly number[] = [TAG.FilterMaterial, TAG.FilterType, TAG.KVP]
const TIN_WORDS = /(^|_)(TIN|SN)(_|\d|$)/

function lossiness(set: DataSet, imageType: readonly string[]): Acquisition['lossy'] {
  if (['01', '1'].includes(set.codes(TAG.LossyImageCompression)[0] ?? '')) return 'now'
  if (imageType.some((value) => LOSSY_WORDS.test(normalized(value)))) return 'history'
  const ratio = set.hint(TAG.LossyImageCompressionRatio)
  return ratio !== null && ratio > 1 ? 'history' : null
}
