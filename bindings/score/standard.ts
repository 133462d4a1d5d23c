/**
 * What a scoring standard is: a frozen set of parameters, with a citation. Every rule a result hangs on is a field here,
 * and the code that scores reads the fields; no standard is a special case anywhere.
 */

/** Rules of scoring, with a name and a source. */
export interface StandardRules {
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
  /**
   * Neighbours in the next slice that link pieces into a lesion: the pixel at the same row and column (6), with its four sides
   * (18), with its corners too (26).
   */
  readonly lesionConnectivity: 6 | 18 | 26
  /** Density ladder: three edges above the threshold, and the weight of each of the four classes. */
  readonly ladderHu: readonly [number, number, number]
  readonly ladderRule: '>=' | '>'
  readonly weights: readonly [number, number, number, number]
  /** What decides the class of a piece. */
  readonly weightFrom: WeightFrom
  /** For the rules that count: pixels that must reach a class, those of higher classes among them. 1 for all others. */
  readonly weightPixels: number
  /** What counts ... */
  readonly minimum: Minimum
  /** ... each piece by itself, or all pieces of a lesion, whose sizes are added, together. */
  readonly minimumOf: 'piece' | 'lesion'
  /** What area x weight is multiplied with. */
  readonly sliceFactor: SliceFactor
  readonly volume: VolumeRule
  /**
   * Volume and mass from components of their own: pixels from this HU on (`thresholdRule`), same neighbours, same minimum.
   * Null: from the pieces that are scored.
   */
  readonly volumeThresholdHu: number | null
}

/** Rules that were checked: shipped ones, or someone's own. */
export interface Standard extends StandardRules {
  /** SHA-256 of rules of one's own, as JSON with sorted keys; null: a shipped standard. */
  readonly sha256: string | null
}

/**
 * `piece-peak`: the highest HU of the piece in its slice. `lesion-peak-in-slice`: the highest HU of all its lesion's pieces in
 * the slice. `lesion-peak`: the highest HU of its lesion. `piece-pixels`: the highest class that at least `weightPixels` pixels
 * of the piece reach. `lesion-pixels-in-slice`: the same over all its lesion's pieces in the slice. `pixel`: each pixel has
 * the weight of its own HU.
 */
export type WeightFrom =
  'piece-peak' | 'lesion-peak-in-slice' | 'lesion-peak' | 'piece-pixels' | 'lesion-pixels-in-slice' | 'pixel'

/**
 * `none`: every piece counts. `area`: its area against `mm2`, with a relative tolerance of 1e-9. `pixels`: its pixels against
 * a number. `pixels-of-area`: its pixels against `mm2` / pixel area, rounded as said. `volume`: area x increment against `mm3`,
 * with the same tolerance.
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
  | { readonly by: 'volume'; readonly rule: '>=' | '>'; readonly mm3: number }

/**
 * The factor that makes scores of other increments comparable with 3 mm slices; `increment/thickness` is at most 1: slices that
 * overlap count less, gaps nothing.
 */
export type SliceFactor = 'increment/3' | 'thickness/3' | 'increment/thickness' | 'none'

/**
 * `voxels`: pixels x pixel area x increment. `area-x-thickness`: pixels x pixel area x slice thickness. `isotropic`: linear
 * interpolation between slice centres on a grid whose step is the row spacing, from the first slice's centre to the last's, inside
 * the box of each counted lesion grown by one slice; pixels that reach the threshold x row spacing x column spacing x step.
 */
export type VolumeRule = 'voxels' | 'area-x-thickness' | 'isotropic'
