/**
 * The door to what the core does without: other standards, the sensitivity band, clicks. `further/` comes with
 * `agatston/standards`, or by itself when `score` is asked for any of it; the core alone scores by the default standard.
 */
import type { Moved } from '../engine/ladder.js'
import type { Scanner, Seen, SliceFound } from '../engine/scan.js'
import type { Geometry } from '../volume/geometry.js'
import type { Volume } from '../volume/volume.js'
import type { Findings, LookFindings, SliceFindings } from './findings.js'
import type { Measure, Reading } from './measure.js'
import type { Beyond } from './request.js'
import type { Assignment, MassFactor, Scope, Sensitivity } from './result.js'
import type { Standard } from './standard.js'
import type { TerritoryMap } from '../volume/territory.js'

/** Options as the scorer uses them. */
export interface Request {
  readonly standard: Standard
  readonly scope: Scope
  readonly massFactor: MassFactor | null
  readonly territories: TerritoryMap | null
  readonly assignments: readonly Assignment[] | null
  /** Name of each label id; null without territories. */
  readonly names: readonly (string | null)[] | null
  /** Coronary territories that have a pixel, or a click. */
  readonly marked: readonly string[]
  readonly modifiers: readonly string[]
  /** Null: the default standard and nothing beyond it. */
  readonly plan: Plan | null
}

/** A scanned volume. */
export interface Scanned {
  readonly findings: Findings
  readonly measure: Measure
  readonly geometry: Geometry
  readonly names: readonly (string | null)[] | null
  /** One label a pixel of slice `k`, where there are masks. */
  labels(k: number): Uint8Array | null
  sopInstanceUid(k: number): string | null
}

/** Where pixels can be read once more. */
export type PixelSource = Pick<Volume, 'pixelKind' | 'readSlice' | 'rescale' | 'padding'>

/** What is done for one study beyond the plain reading of its pieces. */
export interface Plan {
  /**
   * Other looks at the slice just scanned; undefined: none are wanted.
   *
   * @param found the slice; the other slot is free
   * @param take what the kernel found last, copied
   */
  look(
    scanner: Scanner,
    found: SliceFound,
    moved: Moved,
    take: (seen: Seen) => SliceFindings,
  ): readonly LookFindings[] | undefined
  /** Whether the runs of each slice are kept: for what asks where a pixel belongs. */
  readonly keepsRuns: boolean
  /** Whether pixels are read again: where slices come only once, a copy of each is kept. */
  readonly keepsPixels: boolean
  /** Whether components are formed on all calcified pixels, whatever the masks say. */
  readonly isUnmasked: boolean
  /** @throws AgatstonError `GEOMETRY_MISSING` where the standard needs what the geometry has not */
  measure(geometry: Geometry, massFactor: number | null): Measure
  /**
   * A promise where pixels are wanted and come as one.
   *
   * @throws AgatstonError `ASSIGNMENT_MISSED`
   */
  read(scanned: Scanned, source: PixelSource): Reading | Promise<Reading>
  /** @param isConfirmed whether the result has a category */
  sensitivity(scanned: Scanned, reading: Reading, isConfirmed: boolean): Sensitivity | null
}

/** The beam a volume was made with. */
export interface Beam {
  readonly kvp: number | null
  /** A tin filter, or an energy that was computed. */
  readonly isSpectral: boolean
}

export interface Further {
  /**
   * What was asked for beyond the default, checked, and the plan of it.
   *
   * @param plain the request without it
   * @param beam null: not known yet, and nothing is adapted to it
   * @throws TypeError, RangeError for wrong options; AgatstonError `KVP_UNSUPPORTED`
   */
  request(options: Beyond, plain: Request, beam: Beam | null): Request
}

let provided: Further | null = null

/** Called by `further/` when it is loaded. */
export function provide(further: Further): void {
  provided = further
}

/** @throws TypeError where it was not loaded before */
export function furtherRules(): Further {
  if (provided === null) {
    throw new TypeError("import 'agatston/standards' first: it brings the other standards, the band and clicks")
  }
  return provided
}
