import type { AcceptableCode, Warning } from '../base/errors.js'
import type { Objections } from '../base/verdict.js'
import type { Geometry } from './geometry.js'
import type { CalciumMassFactors } from './mass-factors.js'

/** HU = slope x stored + intercept, in float64. */
export interface Rescale {
  readonly slope: number
  readonly intercept: number
}

/** Stored values that mark "no picture here" (PixelPaddingValue .. PixelPaddingRangeLimit), inclusive, low <= high. */
export interface Padding {
  readonly low: number
  readonly high: number
}

/** What was measured in the pixels. Null: too little of it in the picture. */
export interface Measured {
  /** Standard deviation of even soft tissue, HU. */
  readonly noiseHu: number | null
  /** Air around or in the body, HU. */
  readonly airHu: number | null
}

/** Looks at the stored values of every slice while they are scored. */
export interface Examiner {
  add(pixels: SliceArray, rescale: Rescale, padding: Padding | null): void
  /** What was measured; what speaks against a score goes into `objections`. */
  finish(objections: Objections): Measured
}

/** How stored values lie in the window. Int32 volumes are handed over as float32, exactly, or refused. */
export type PixelKind = 'int16' | 'uint16' | 'float32'

/** The destination of one slice: rows x columns stored values, row by row, no gaps. */
export type SliceArray = Int16Array | Uint16Array | Float32Array

/** Room for a slice of `length` pixels. */
export function newSlice(kind: PixelKind, length: number): SliceArray {
  if (kind === 'float32') return new Float32Array(length)
  return kind === 'int16' ? new Int16Array(length) : new Uint16Array(length)
}

/** What the input says of itself. Null: not known. Nothing of the patient module. */
export interface InputFacts {
  readonly studyInstanceUid: string | null
  readonly seriesInstanceUid: string | null
  readonly transferSyntaxes: readonly string[]
  readonly kvp: number | null
  readonly manufacturer: string | null
  /** The manufacturer's name of the scanner model. */
  readonly model: string | null
  readonly kernel: string | null
  /** `none`: nothing recorded; `recorded`: an agent, sequence or volume is; null: not known. */
  readonly contrast: 'none' | 'recorded' | null
  /** `evidence`: some attribute tells of gating; `no-evidence`: none does; null: not known. */
  readonly gated: 'evidence' | 'no-evidence' | null
  /** The part of the body the input says it shows. */
  readonly anatomy: Anatomy | null
  /** Mass factors of the header, checked; null: it has none. */
  readonly calciumMassFactors: CalciumMassFactors | null
}

export interface Anatomy {
  /** Null: a term that is not understood. */
  readonly region: 'heart' | 'chest' | 'other' | null
  /** Name and tag of the attribute that says so. */
  readonly attribute: string
}

export const NO_FACTS: InputFacts = Object.freeze({
  studyInstanceUid: null,
  seriesInstanceUid: null,
  transferSyntaxes: Object.freeze([]),
  kvp: null,
  manufacturer: null,
  model: null,
  kernel: null,
  contrast: null,
  gated: null,
  anatomy: null,
  calciumMassFactors: null,
})

/**
 * A promise to fill a slice. The scorer passes its wasm window as `into`, so a reader of raw pixels writes straight into
 * wasm memory. What a volume knows has been checked: an object that exists is valid.
 */
export interface Volume {
  readonly kind: 'dicom-series' | 'nifti' | 'array'
  readonly geometry: Geometry
  readonly pixelKind: PixelKind
  readonly facts: InputFacts
  /** Warnings found while reading; the result repeats them. */
  readonly warnings: readonly Warning[]
  /** Refusals the caller overrode while reading. */
  readonly accepted: readonly AcceptableCode[]
  /** Rescale of slice `k`, 0 <= k < slices. */
  rescale(k: number): Rescale
  /** Padding of slice `k`, or null. */
  padding(k: number): Padding | null
  /** SOP Instance UID of slice `k`, or null where there is none. */
  sopInstanceUid(k: number): string | null
  /** What is to look at the pixels while they are scored; made anew for each scoring. None: nothing is measured. */
  examiner?(): Examiner
  /** Fill `into` (rows x columns, of the volume's pixel kind) with the stored values of slice `k`. */
  readSlice(k: number, into: SliceArray): void | Promise<void>
  /** Bits that a stored value of slice `k` can have, where fewer than the type; its highest value is a peak cut off. */
  bitsStored?(k: number): number
  /** Warnings that only reading the slices could find, so far; the result repeats them. */
  warningsFound?(): readonly Warning[]
}

/** A volume in memory: `readSlice` is synchronous, so `scoreSync` takes it. */
export interface SyncVolume extends Volume {
  readonly kind: 'array' | 'nifti'
  readSlice(k: number, into: SliceArray): void
}
