/**
 * How an image was made, as far as warnings and series checks ask. Nothing here can break a file: what cannot be read is not
 * known. Where an unknown would matter, a check says so.
 */
import type { DataSet } from './dataset.js'
import { GATED_SCAN_OPTIONS, LOSSY_WORDS, NO_CONTRAST, UNGATED_SCAN_OPTIONS, normalized } from './tables.js'
import { TAG, tagName } from './tags.js'

export interface Acquisition {
  /** Values of ImageType, upper case. */
  readonly imageType: readonly string[]
  readonly kvp: number | null
  /** KVP is there but no number. */
  readonly kvpUnreadable: boolean
  readonly manufacturer: string | null
  /** Values of ConvolutionKernel joined by a backslash, as in the file. */
  readonly kernel: string | null
  readonly thicknessMm: number | null
  readonly spacingBetweenMm: number | null
  readonly sliceLocationMm: number | null
  readonly diameterMm: number | null
  readonly frameOfReferenceUid: string | null
  /** What may tell apart groups of slices that share positions; by attribute. */
  readonly groups: Readonly<Record<GroupAttribute, string | null>>
  readonly rescaleType: string | null
  /** Attributes that record contrast, and that tell of gating. */
  readonly contrast: readonly string[]
  readonly gating: readonly string[]
  readonly tinFilter: boolean
  /** `now`: the file says its pixels are lossy; `history`: they have been, or a ratio is given. */
  readonly lossy: 'now' | 'history' | null
  /** Instances the series has, as an archive or scanner wrote it. */
  readonly seriesInstances: number | null
}

/** Attributes by which phases and reconstructions differ. */
export type GroupAttribute =
  | 'AcquisitionNumber'
  | 'TemporalPositionIdentifier'
  | 'NominalPercentageOfCardiacPhase'
  | 'TriggerTime'
  | 'ImageType'
  | 'SliceThickness'
  | 'ReconstructionDiameter'

export function readAcquisition(set: DataSet): Acquisition {
  const imageType = set.codes(TAG.ImageType)
  const kvp = set.hint(TAG.KVP)
  const thickness = set.hint(TAG.SliceThickness)
  return {
    imageType,
    kvp: kvp !== null && kvp > 0 ? kvp : null,
    kvpUnreadable: set.value(TAG.KVP) !== null && kvp === null,
    manufacturer: printable(set.text(TAG.Manufacturer)),
    kernel: printable(set.text(TAG.ConvolutionKernel)),
    thicknessMm: thickness !== null && thickness > 0 ? thickness : null,
    spacingBetweenMm: set.hint(TAG.SpacingBetweenSlices),
    sliceLocationMm: set.hint(TAG.SliceLocation),
    diameterMm: positive(set, TAG.ReconstructionDiameter),
    frameOfReferenceUid: set.text(TAG.FrameOfReferenceUID),
    groups: {
      AcquisitionNumber: set.text(TAG.AcquisitionNumber),
      TemporalPositionIdentifier: set.text(TAG.TemporalPositionIdentifier),
      NominalPercentageOfCardiacPhase: hexOf(set.value(TAG.NominalPercentageOfCardiacPhase)),
      TriggerTime: set.text(TAG.TriggerTime),
      ImageType: imageType.join('\\') || null,
      SliceThickness: set.text(TAG.SliceThickness),
      ReconstructionDiameter: set.text(TAG.ReconstructionDiameter),
    },
    rescaleType: set.text(TAG.RescaleType),
    contrast: contrastEvidence(set),
    gating: gatingEvidence(set),
    tinFilter: hasTinFilter(set),
    lossy: lossiness(set, imageType),
    seriesInstances: positive(set, TAG.NumberOfSeriesRelatedInstances),
  }
}

function positive(set: DataSet, tag: number): number | null {
  const value = set.hint(tag)
  return value !== null && value > 0 ? value : null
}

/** Text for messages and results: printable ASCII, at most 64 characters. */
const printable = (text: string | null): string | null => text && text.replace(/[^\x20-\x7e]/g, '?').slice(0, 64)

const hexOf = (value: Uint8Array | null): string | null => value && [...value.subarray(0, 16)].join(' ')

function contrastEvidence(set: DataSet): readonly string[] {
  const evidence: number[] = []
  const says = (tag: number): boolean => !NO_CONTRAST.includes((set.text(tag) ?? '').toUpperCase())
  if (says(TAG.ContrastBolusAgent)) evidence.push(TAG.ContrastBolusAgent)
  if (set.itemCount(TAG.ContrastBolusAgentSequence) > 0) evidence.push(TAG.ContrastBolusAgentSequence)
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
  return evidence.map(tagName)
}

/** Tin hardens the beam: 100 kVp with tin is no 100 kVp. Written as filter material or type, or before the voltage. */
function hasTinFilter(set: DataSet): boolean {
  const tin = /(^|_)(TIN|SN)(_|\d|$)/
  return [TAG.FilterMaterial, TAG.FilterType, TAG.KVP].some((tag) => tin.test(normalized(set.text(tag) ?? '')))
}

function lossiness(set: DataSet, imageType: readonly string[]): Acquisition['lossy'] {
  if (['01', '1'].includes(set.codes(TAG.LossyImageCompression)[0] ?? '')) return 'now'
  if (imageType.some((value) => LOSSY_WORDS.test(normalized(value)))) return 'history'
  const ratio = set.hint(TAG.LossyImageCompressionRatio)
  return ratio !== null && ratio > 1 ? 'history' : null
}
