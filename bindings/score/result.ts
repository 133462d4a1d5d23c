/**
 * The shape of a result, `agatston.result/1`. The published JSON Schema is made from these types. Fields may be added
 * within version 1; none changes meaning. Numbers are not rounded; what is not known or not built is null.
 */
import type { AcceptableCode, Refusal, Warning } from '../base/errors.js'
import type { TerritoryMapping } from '../volume/territory.js'
import type { Anatomy } from '../volume/volume.js'
import type { Standard } from './standard.js'

export type Scope = 'territories' | 'candidates' | 'region' | 'whole-image'

export interface Result {
  readonly schema: 'agatston.result/1'
  readonly engine: EngineStamp
  readonly input: InputStamp
  readonly standard: Standard
  readonly scope: Scope
  readonly total: Totals
  /** Each like `total`; only those asked for or found. */
  readonly territories: Readonly<Record<string, Totals>>
  /** Ordered by first slice, row, column. Made when first asked for. */
  readonly lesions: readonly Lesion[]
  readonly category: Categories | null
  readonly provisionalCategory: Categories | null
  /** The score under the rules of vendors; null where it was not asked for. */
  readonly sensitivity: Sensitivity | null
  readonly quality: Quality
  readonly modifiers: readonly string[]
  readonly warnings: readonly Warning[]
  readonly accepted: readonly AcceptableCode[]
}

export interface EngineStamp {
  readonly name: 'agatston'
  readonly version: string
  readonly build: 'simd' | 'scalar'
  /** SHA-256 of the wasm module that scored. */
  readonly wasmSha256: string
}

export interface InputStamp {
  readonly kind: 'dicom-series' | 'nifti' | 'array'
  readonly studyInstanceUid: string | null
  readonly seriesInstanceUid: string | null
  readonly transferSyntaxes: readonly string[]
  readonly rows: number
  readonly columns: number
  readonly slices: number
  /** Distance between rows, then between columns, in mm. */
  readonly pixelSpacingMm: readonly [number, number]
  readonly incrementMm: number
  readonly thicknessMm: number | null
  readonly kvp: number | null
  readonly manufacturer: string | null
  readonly kernel: string | null
  readonly contrast: 'none' | 'recorded' | null
  readonly anatomy: Anatomy | null
  /** `agatston-pixels/1`; null for arrays unless asked for. */
  readonly pixelSha256: string | null
  /** Mass factor used, mg/(mm3 HU), and where it came from; null: no mass. */
  readonly massFactor: MassFactor | null
  /** What each part of the mask files was taken for; null: labels came without files, or none did. */
  readonly territoryMapping: TerritoryMapping | null
  /** The reader's clicks, which given again make the same result; null: there were none. */
  readonly assignments: readonly Assignment[] | null
}

/**
 * A reader's click on a lesion: where, and what it is. It takes the whole lesion under it; of several clicks on one lesion the last
 * decides.
 */
export type Assignment = ClickedPlace & Clicked

/** A point in patient coordinates (LPS, mm), or a pixel, row and column from 0. */
export type ClickedPlace =
  | { readonly point: readonly [number, number, number] }
  | { readonly sopInstanceUid: string; readonly row: number; readonly column: number }
  | { readonly slice: number; readonly row: number; readonly column: number }

/** A territory, or the reason why the lesion is left out. */
export type Clicked = { readonly territory: string } | { readonly exclude: string }

/** What the same pixels score under the vendors' rules: `literature`, `ge`, `siemens`, `philips`, `canon`. */
export interface Sensitivity {
  readonly min: number
  readonly max: number
  /** Agatston score by standard. */
  readonly byStandard: Readonly<Record<string, number>>
  /** Whether any of them lies in another category than the result; null where it has no category. */
  readonly categoryChanges: boolean | null
  /** Pieces of the total that count here and not there, or the other way round: the largest 1,000. */
  readonly flips: readonly Flip[]
  /** How many there are. */
  readonly flipped: number
}

/** A piece that counts under some rules and not under others. */
export interface Flip {
  readonly slice: number
  readonly territory: string | null
  /** [row, column] from 0. */
  readonly centroidPx: readonly [number, number]
  readonly pixels: number
  /** Whether it counts in this result. */
  readonly counted: boolean
  /** Standards under which it is the other way round. */
  readonly against: readonly string[]
}

export interface MassFactor {
  readonly mgPerMm3Hu: number
  readonly source: 'caller' | 'calibration' | 'header'
}

/** Sums over counted pieces only. */
export interface Totals {
  readonly agatston: number
  readonly volumeMm3: number
  readonly massMg: number | null
  readonly areaMm2: number
  readonly meanHu: number | null
  readonly peakHu: number | null
  /** Sum of area x weight over sum of area; null at zero. */
  readonly densityScore: number | null
  /** 1 - most affected vessel / total; null at zero or without vessels. */
  readonly diffusivity: number | null
  readonly pieces: number
  readonly lesions: number
  readonly pixels: number
}

/** Pieces linked from slice to slice. Its numbers are over its counted pieces; a lesion without one is not counted. */
export interface Lesion {
  readonly id: number
  readonly territories: readonly string[]
  readonly agatston: number
  readonly volumeMm3: number
  readonly massMg: number | null
  readonly peakHu: number | null
  readonly meanHu: number | null
  /** Mean position of all its pixels, patient coordinates (LPS, mm). */
  readonly centroidMm: readonly [number, number, number]
  /** Smallest and largest patient coordinates of the corners of its pieces' boxes, which are pixel centres. */
  readonly boundsMm: readonly [readonly [number, number, number], readonly [number, number, number]]
  /** First and last slice, from 0. */
  readonly slices: readonly [number, number]
  readonly counted: boolean
  readonly pieces: readonly Piece[]
}

/** One 2-D connected component of calcified pixels in one slice, inside one territory. */
export interface Piece {
  readonly slice: number
  readonly territory: string | null
  readonly sopInstanceUid: string | null
  /** [row, column] from 0. */
  readonly centroidPx: readonly [number, number]
  /** First row, first column, last row, last column, from 0. */
  readonly boxPx: readonly [number, number, number, number]
  readonly pixels: number
  readonly areaMm2: number
  readonly peakHu: number
  readonly meanHu: number
  readonly weight: number
  readonly counted: boolean
  readonly suggested: string | null
  readonly excluded: string | null
}

export interface Categories {
  readonly classic: string
  readonly cacDrs: string
  readonly accAha2026: string
}

/** What the pixels say of the scan. Null: not measured (by `scoreSync` nothing is), or too little of it in the picture. */
export interface Quality {
  /** Standard deviation in even soft tissue. */
  readonly noiseHu: number | null
  /** Median of air, or of the lowest even material where there is no air. */
  readonly airHu: number | null
  readonly bloodPoolHu: number | null
  readonly gated: 'evidence' | 'no-evidence' | null
  /** Slices x increment. */
  readonly coverageMm: number
}

/** What `--json` prints when an input is refused. */
export interface RefusalReport {
  readonly schema: 'agatston.refusal/1'
  readonly refusals: readonly Refusal[]
  readonly warnings: readonly Warning[]
}
