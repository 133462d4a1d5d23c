/**
 * The file format of the language-neutral vectors (`agatston.vectors/1`; test/vectors/README.md says it in words): what a file holds, and
 * what a case is once read. Types and names only.
 */
import type { StandardRules } from '../score/standard.js'
import type { Padding, PixelKind, Rescale, SliceArray } from '../volume/volume.js'

export interface VectorFile {
  readonly schema: 'agatston.vectors/1'
  readonly title: string
  /** What the numbers of a piece are, in order. */
  readonly pieceFields: typeof PIECE_FIELDS
  /** Every standard the cases name, in full. */
  readonly standards: Readonly<Record<string, StandardRules>>
  readonly cases: readonly StoredCase[]
}

export interface StoredCase {
  readonly name: string
  /** The rule it pins, for a report of passes and failures by rule. */
  readonly rule: Rule
  /** What it shows, with the arithmetic where a hand can follow it. */
  readonly note: string
  readonly volume: StoredVolume
  /** One answer for each group of standards that agree to the last number. */
  readonly expected: readonly StoredAnswer[]
  /** Agatston score of the total under each standard of the sensitivity band, the least and the greatest; absent: not asked for. */
  readonly band?: KnownBand
}

export interface StoredAnswer extends Omit<Expected, 'pieces'> {
  readonly standards: readonly string[]
  readonly pieces: readonly PieceRow[]
}

/** A piece as a row of numbers, in this order; `counted` is 0 or 1. */
export const PIECE_FIELDS = [
  'slice',
  'territory',
  'lesion',
  'pixels',
  'peak',
  'sum',
  'bin1',
  'bin2',
  'bin3',
  'bin4',
  'firstRow',
  'firstColumn',
  'lastRow',
  'lastColumn',
  'sumRow',
  'sumColumn',
  'weight',
  'counted',
] as const
export type PieceRow = readonly number[]

export type Rule =
  | 'published'
  | 'threshold'
  | 'ladder'
  | 'minimum'
  | 'neighbours'
  | 'rescale'
  | 'padding'
  | 'territories'
  | 'lesions'
  | 'geometry'
  | 'weight'
  | 'volume'
  | 'whole'
  | 'sensitivity'
  | 'trap'
  | 'painted'

export interface StoredVolume {
  readonly type: PixelKind
  readonly rows: number
  readonly columns: number
  readonly slices: number
  /** Distance between rows, then between columns. */
  readonly pixelSpacingMm: readonly [number, number]
  readonly incrementMm: number
  readonly thicknessMm: number | null
  /** One for all slices, or one a slice. */
  readonly rescale: readonly Rescale[]
  /** None, one for all slices, or one (or null) a slice. */
  readonly padding: readonly (Padding | null)[]
  readonly massFactor: number | null
  readonly pixels: Encoded
  readonly labels: Encoded | null
  /** Absent: components are formed inside each label. `whole`: on all calcified pixels, and lesions are given to labels then. */
  readonly regionRule?: 'whole'
}

/** Values in order (columns fastest, then rows, then slices); or as base64 of little-endian bytes; or a fill with boxes over it. */
export type Encoded =
  | { readonly values: readonly number[] }
  | { readonly base64: string }
  | { readonly fill: number; readonly boxes: readonly Box[] }

/** Ranges [start, end) or [start, end, step), painted in order. */
export interface Box {
  readonly slices: Range
  readonly rows: Range
  readonly columns: Range
  readonly value: number
}
export type Range = readonly [start: number, end: number, step?: number]

export interface Expected {
  readonly total: KnownSums
  /** By label; empty without labels. */
  readonly territories: Readonly<Record<string, KnownSums>>
  /** Number of pieces and of lesions found, counted or not. */
  readonly found: { readonly pieces: number; readonly lesions: number }
  /** Every piece in order, or (very many) those at the places `sample` names. */
  readonly pieces: readonly KnownPiece[]
  readonly sample: readonly number[] | null
}

/** A decoded volume; functions of the slice where a file may say one for all. */
export interface VectorInput {
  /** Stored values, columns fastest, then rows, then slices. */
  readonly pixels: SliceArray
  readonly rows: number
  readonly columns: number
  readonly slices: number
  readonly pixelSpacingMm: readonly [number, number]
  readonly incrementMm: number
  readonly thicknessMm: number | null
  readonly rescale: (slice: number) => Rescale
  readonly padding?: ((slice: number) => Padding | null) | undefined
  readonly labels?: Uint8Array | undefined
  readonly regionRule?: 'clip' | 'whole' | undefined
  readonly massFactor?: number | null | undefined
}

/** A piece that must be found, numbers as stored: `box` is first row, first column, last row, last column. */
export interface KnownPiece {
  readonly slice: number
  /** Label; 0 without labels, and of a lesion in no territory. */
  readonly territory: number
  /** Index of its lesion. */
  readonly lesion: number
  readonly pixels: number
  readonly peak: number
  readonly sum: number
  readonly bins: readonly [number, number, number, number]
  readonly box: readonly [number, number, number, number]
  readonly sumRow: number
  readonly sumColumn: number
  readonly weight: number
  readonly counted: boolean
}

/** Sums over counted pieces, of all or of a label. */
export interface KnownSums {
  readonly agatston: number
  readonly volumeMm3: number
  readonly massMg: number | null
  readonly areaMm2: number
  readonly meanHu: number | null
  readonly peakHu: number | null
  readonly densityScore: number | null
  readonly pieces: number
  readonly lesions: number
  readonly pixels: number
}

/** Agatston scores of one volume under several standards. */
export interface KnownBand {
  readonly min: number
  readonly max: number
  readonly byStandard: Readonly<Record<string, number>>
}

/** One volume under one standard. `pixels` and `labels` are typed arrays; `input` goes to a plain implementation as it is. */
export interface VectorCase {
  readonly file: string
  /** The case and, in brackets, the standard. */
  readonly name: string
  /** The case as the file names it. */
  readonly caseName: string
  readonly rule: Rule
  readonly note: string
  readonly kind: PixelKind
  readonly input: VectorInput
  readonly standard: StandardRules
  readonly massFactor: number | null
  readonly expected: Expected
  /** Of the whole case, whatever the standard. */
  readonly band: KnownBand | null
}
