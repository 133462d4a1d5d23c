/** A standard put to a volume: the numbers every sum is multiplied with, and what each piece is worth. */
import { type Geometry, MAX_SIDE, pixelAreaMm2 } from '../volume/geometry.js'
import { DEFAULT_STANDARD } from './default.js'
import type { Findings } from './findings.js'
import type { Standard } from './standard.js'

/** Area limits compare with this relative tolerance, so that four pixels of 0.25 mm2 are 1 mm2 on every machine. */
const TOLERANCE = 1e-9

export interface Measure {
  readonly standard: Standard
  readonly areaMm2: number
  /** Height of a voxel, for volume and mass. */
  readonly heightMm: number
  readonly sliceFactor: number
  /** mg/(mm3 HU), or null: no mass. */
  readonly massFactor: number | null
  /** Fewest pixels of a piece that counts, where each piece counts by itself; NaN where lesions do. */
  readonly minimumPixels: number
}

/** The default standard put to a volume. */
export function defaultMeasure(geometry: Geometry, massFactor: number | null): Measure {
  const areaMm2 = pixelAreaMm2(geometry)
  return {
    standard: DEFAULT_STANDARD,
    areaMm2,
    heightMm: geometry.incrementMm,
    minimumPixels: leastPixels(1, areaMm2),
    sliceFactor: geometry.incrementMm / 3,
    massFactor,
  }
}

/** Least n for which n x size is at or above the limit, within the tolerance; `isAbove` asks for more than that. */
export function leastPixels(limit: number, size: number, isAbove = false): number {
  const counts = (n: number): boolean =>
    isAbove ? n * size > limit * (1 + TOLERANCE) : n * size >= limit * (1 - TOLERANCE)
  // Three steps at most, for what a slice can hold; no piece is larger, and a step of one may be no step beyond 2^53.
  for (let n = Math.max(Math.floor(limit / size) - 1, 1); n <= MAX_SIDE * MAX_SIDE; n++) if (counts(n)) return n
  return Infinity
}

/** Findings as the standard and the reader see them: what each piece is worth, and to whom it belongs. */
export interface Reading {
  readonly findings: Findings
  /** Label of piece `i`, 0 for none. */
  label(i: number): number
  /** The label under which what a mask marks with this one is counted: that of LAD for LM, where that was asked for. */
  countsAs(label: number): number
  counted(i: number): boolean
  /** Sum of the weights of its pixels. */
  weighted(i: number): number
  /** Why a reader left it out; null: nobody did. */
  excluded(i: number): string | null
  /** Volumes that are not those of the counted pixels; null: they are. */
  readonly volumes: Volumes | null
}

/** Volume as voxels of areaMm2 x heightMm, and the sum of their HU. */
export interface Voxels {
  readonly voxels: number
  readonly sumHu: number
}

/** Volumes formed by rules of their own. */
export interface Volumes {
  readonly labels: readonly number[]
  ofLabel(label: number): Voxels
  ofLesion(lesion: number): Voxels
}

/** Each piece by its own pixels and its own peak: the rule of all but a few standards. */
export function plainReading(findings: Findings, { standard, minimumPixels }: Measure): Reading {
  const { weights } = standard
  return {
    findings,
    label: (i) => findings.label(i),
    countsAs: (label) => label,
    counted: (i) => findings.pixels(i) >= minimumPixels,
    weighted: (i) => weights[findings.peakClass(i)] * findings.pixels(i),
    excluded: () => null,
    volumes: null,
  }
}
