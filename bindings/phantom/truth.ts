/**
 * What is true of a phantom: volumes and masses of the bodies put into it, and what the default standard makes of the picture
 * before noise. The latter is counted here by the plainest flood fill, not by the package's scorer.
 */
import type { Vec3 } from '../base/vector.js'
import type { Grid } from './grid.js'

export interface LesionTruth {
  readonly id: number
  readonly territory: string
  readonly shape: string
  readonly centreMm: Vec3
  /** Of the body itself, and as painted into pixels. */
  readonly volumeMm3: number
  readonly renderedVolumeMm3: number
  readonly massMg: number
  readonly densityMgPerMl: number
  readonly hu: number
}

export interface TerritoryTruth {
  readonly label: number
  readonly lesions: number
  readonly volumeMm3: number
  readonly massMg: number
  /** The picture before noise, scored by the rule named in `Truth.noiselessRule`. */
  readonly noiseless: Noiseless
}

export interface Noiseless {
  readonly agatston: number
  readonly volumeMm3: number
  readonly massMg: number
  readonly pieces: number
}

export interface Truth {
  readonly schema: 'agatston.phantom/1'
  readonly generator: { readonly name: 'agatston phantom'; readonly version: number }
  readonly kind: 'torso' | 'qrm'
  readonly seed: number
  readonly dimensions: { readonly columns: number; readonly rows: number; readonly slices: number }
  readonly spacingMm: readonly [number, number, number]
  readonly originMm: readonly [number, number, number]
  readonly noiseHu: number
  /** How often the picture was smoothed by 1 2 1 along rows and columns before noise. */
  readonly blurPasses: number
  /** mg/(mm3 HU): HU of a calcification = density (mg/mL) / (1000 x massFactor). */
  readonly massFactor: number
  readonly noiselessRule: string
  readonly lesions: readonly LesionTruth[]
  readonly territories: Readonly<Record<string, TerritoryTruth>>
  /** Names by label id, for whoever reads the label map. */
  readonly territoryNames: Readonly<Record<number, string>>
  /** Rods to measure the mass factor with (kind `qrm`). */
  readonly calibration: readonly {
    name: string
    densityMgPerMl: number
    hu: number
    centreMm: readonly [number, number]
    diameterMm: number
  }[]
}

/** The rule `scoreSlice` applies, as it stands in truth.json. */
export const NOISELESS_RULE =
  'picture before noise, rounded to whole HU; pixels >= 130 HU inside the territory, joined by 8 neighbours; pieces of 1 mm2 or more; weight by peak (130, 200, 300, 400 HU: 1 to 4); area x weight x increment / 3 mm; volume = pixels x pixel area x increment; mass = massFactor x mean HU x volume'

/** Running sums of one territory. */
export interface Tally {
  weighted: number
  pixels: number
  sum: number
  pieces: number
}

const LADDER = [200, 300, 400] as const

/** Add the pieces of one slice to the tallies, by label. */
export function scoreSlice(hu: Float32Array, labels: Uint8Array, grid: Grid, tallies: Map<number, Tally>): void {
  const { columns, rows, spacingMm } = grid
  const area = spacingMm[0] * spacingMm[1]
  const seen = new Set<number>()
  const stack: number[] = []
  const calcified = (p: number) => hu[p]! >= 129.5
  for (let start = 0; start < hu.length; start++) {
    const label = labels[start]!
    if (!label || !calcified(start) || seen.has(start)) continue
    let [pixels, sum, peak] = [0, 0, 0]
    seen.add(start)
    stack.push(start)
    for (let p = stack.pop(); p !== undefined; p = stack.pop()) {
      const value = Math.floor(hu[p]! + 0.5)
      pixels++
      sum += value
      peak = Math.max(peak, value)
      const row = Math.floor(p / columns)
      const column = p - row * columns
      for (let r = Math.max(row - 1, 0); r <= Math.min(row + 1, rows - 1); r++) {
        for (let c = Math.max(column - 1, 0); c <= Math.min(column + 1, columns - 1); c++) {
          const q = r * columns + c
          if (labels[q] !== label || !calcified(q) || seen.has(q)) continue
          seen.add(q)
          stack.push(q)
        }
      }
    }
    if (pixels * area < 1 - 1e-9) continue
    const tally = tallies.get(label) ?? { weighted: 0, pixels: 0, sum: 0, pieces: 0 }
    tally.weighted += pixels * (1 + LADDER.filter((edge) => peak >= edge).length)
    tally.pixels += pixels
    tally.sum += sum
    tally.pieces++
    tallies.set(label, tally)
  }
}

/** Scores from a tally. */
export function noiseless(tally: Tally | undefined, grid: Grid, massFactor: number): Noiseless {
  const [dx, dy, dz] = grid.spacingMm
  const { weighted = 0, pixels = 0, sum = 0, pieces = 0 } = tally ?? {}
  return {
    agatston: (weighted * dx * dy * dz) / 3,
    volumeMm3: pixels * dx * dy * dz,
    massMg: massFactor * sum * dx * dy * dz,
    pieces,
  }
}
