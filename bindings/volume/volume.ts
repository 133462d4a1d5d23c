import type { AcceptableCode, Warning } from '../base/errors.js'
import type { Geometry } from './geometry.js'

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

/** How stored values lie in the window. Int32 volumes are handed over as float32, exactly, or refused. */
export type PixelKind = 'int16' | 'uint16' | 'float32'

/** The destination of one slice: rows x columns stored values, row by row, no gaps. */
export type SliceArray = Int16Array | Uint16Array | Float32Array

/** What the input says of itself. Null: not known. Nothing of the patient module. */
export interface InputFacts {
  readonly studyInstanceUid: string | null
  readonly seriesInstanceUid: string | null
  readonly transferSyntaxes: readonly string[]
  readonly kvp: number | null
  readonly manufacturer: string | null
  readonly kernel: string | null
  /** `none`: nothing recorded; `recorded`: an agent, sequence or volume is; null: not known. */
  readonly contrast: 'none' | 'recorded' | null
  /** `evidence`: some attribute tells of gating; `no-evidence`: none does; null: not known. */
  readonly gated: 'evidence' | 'no-evidence' | null
}

export const NO_FACTS: InputFacts = Object.freeze({
  studyInstanceUid: null,
  seriesInstanceUid: null,
  transferSyntaxes: Object.freeze([]),
  kvp: null,
  manufacturer: null,
  kernel: null,
  contrast: null,
  gated: null,
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
  /** Fill `into` (rows x columns, of the volume's pixel kind) with the stored values of slice `k`. */
  readSlice(k: number, into: SliceArray): void | Promise<void>
}

/** A volume in memory: `readSlice` is synchronous, so `scoreSync` takes it. */
export interface SyncVolume extends Volume {
  readonly kind: 'array' | 'nifti'
  readSlice(k: number, into: SliceArray): void
}
