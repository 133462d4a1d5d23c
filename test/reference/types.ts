/** What the reference takes and gives. Stored values, rows, columns and counts are integers; nothing is rounded. */

export interface Input {
  /** Stored values, columns fastest, then rows, then slices. */
  readonly pixels: ArrayLike<number>
  readonly rows: number
  readonly columns: number
  readonly slices: number
  /** Distance between rows, then between columns, in mm. */
  readonly pixelSpacingMm: readonly [number, number]
  /** Distance between slice centres in mm. */
  readonly incrementMm: number
  /** Nominal slice thickness in mm, for standards that need it. */
  readonly thicknessMm?: number | null | undefined
  /** HU = slope x stored + intercept, for slice 0, 1, ... */
  readonly rescale: (slice: number) => { readonly slope: number; readonly intercept: number }
  /** Stored values that mark "no picture here", both ends included. */
  readonly padding?: ((slice: number) => { readonly low: number; readonly high: number } | null) | undefined
  /** One territory a pixel, 0 outside. Without labels the whole image is one territory, 0. */
  readonly labels?: Uint8Array | undefined
  /**
   * `clip` (default): components are formed inside each label. `whole`: on all calcified pixels; then each lesion
   * belongs to the label that most of its labelled pixels have, the lower of two that tie. A lesion without a labelled
   * pixel belongs to none and does not count.
   */
  readonly regionRule?: 'clip' | 'whole' | undefined
  /** mg/(mm3 HU); without it mass is null. */
  readonly massFactor?: number | null | undefined
}

/** One component of calcified pixels of one territory in one slice. */
export interface Piece {
  readonly slice: number
  /** Label; 0 without labels, and of a lesion in no territory. */
  territory: number
  /** Index of its lesion. */
  readonly lesion: number
  pixels: number
  /** Stored value of the highest HU: where the slope is negative, the lowest stored value. */
  peak: number
  /** Sum of stored values. */
  sum: number
  /** Pixels from the threshold to the first edge of the ladder, to the second, to the third, and above. */
  readonly bins: [number, number, number, number]
  /** First row, first column, last row, last column. */
  box: [number, number, number, number]
  /** Sums of row and column over its pixels: divided by `pixels`, its centroid. */
  sumRow: number
  sumColumn: number
  weight: number
  counted: boolean
}

export interface Body {
  readonly volumeMm3: number
  readonly massMg: number | null
}

/** Sums over counted pieces; counts of pieces and of lesions that have one. */
export interface Sums extends Body {
  readonly agatston: number
  readonly areaMm2: number
  readonly meanHu: number | null
  readonly peakHu: number | null
  /** Sum of area x weight over sum of area; null at zero. */
  readonly densityScore: number | null
  readonly pieces: number
  readonly lesions: number
  readonly pixels: number
}

/**
 * Pieces linked from slice to slice. A lesion without a counted piece sums to nothing. Its volume and mass are those of
 * its own pieces, also where the total's have a threshold of their own.
 */
export interface Lesion extends Sums {
  /** Indices of its pieces, counted or not. */
  readonly members: readonly number[]
}

export interface Score {
  readonly total: Sums
  /** By label, wherever there is a piece, counted or not, scored or of volume alone; empty without labels. */
  readonly territories: Readonly<Record<string, Sums>>
  /** In order of first pixel: slice, then row, then column. */
  readonly pieces: readonly Piece[]
  /** In order of first piece. */
  readonly lesions: readonly Lesion[]
}

/** Agatston scores of one volume under several standards. */
export interface Band {
  readonly min: number
  readonly max: number
  readonly byStandard: Readonly<Record<string, number>>
}
