/**
 * What a scoring standard is: a frozen set of parameters, with a citation. Every rule a result hangs on is a field here,
 * and the code that scores reads the fields; no standard is a special case anywhere.
 */

export interface Standard {
  readonly id: string
  readonly version: number
  readonly title: string
  readonly citation: string
  /** A pixel is calcified from this HU on ... */
  readonly thresholdHu: number
  /** ... itself included (`>=`) or not (`>`). */
  readonly thresholdRule: '>=' | '>'
  /** ... up to this HU, itself included; null: no upper limit. */
  readonly upperHu: number | null
  /** Neighbours within a slice that join pixels into a piece. */
  readonly connectivity: 4 | 8
  /** Density ladder: three edges above the threshold, and the weight of each of the four classes. */
  readonly ladderHu: readonly [number, number, number]
  readonly ladderRule: '>=' | '>'
  readonly weights: readonly [number, number, number, number]
  /** What decides the class of a piece. */
  readonly weightFrom: WeightFrom
  /** Which pieces count. */
  readonly minimum: Minimum
  /** What area x weight is multiplied with. */
  readonly sliceFactor: SliceFactor
  readonly volume: VolumeRule
}

/** `piece-peak`: the highest HU of the piece in its slice. */
export type WeightFrom = 'piece-peak'

/**
 * `none`: every piece counts. `area`: its area against `mm2`, with a relative tolerance of 1e-9. `pixels`: its pixels against
 * a number. `pixels-of-area`: its pixels against `mm2` / pixel area, rounded as said.
 */
export type Minimum =
  | { readonly by: 'none' }
  | { readonly by: 'area'; readonly rule: '>=' | '>'; readonly mm2: number }
  | { readonly by: 'pixels'; readonly rule: '>=' | '>'; readonly pixels: number }
  | {
      readonly by: 'pixels-of-area'
      readonly rule: '>=' | '>'
      readonly mm2: number
      readonly rounding: 'ceil' | 'round'
    }

/** The factor that makes scores of other increments comparable with 3 mm slices. */
export type SliceFactor = 'increment/3' | 'thickness/3' | 'none'

/** `voxels`: pixels x pixel area x increment. */
export type VolumeRule = 'voxels'
