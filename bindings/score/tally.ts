/**
 * Pieces -> totals. Weighted pixels and pixels are summed as integers and multiplied with area and factor once, so a score
 * does not depend on the order of its pieces: flipped, turned or cut into other slices' order it is the same number.
 */
import { isCoronary } from '../volume/territory.js'
import { type Geometry, pixelAreaMm2 } from '../volume/geometry.js'
import type { Findings } from './findings.js'
import type { Totals } from './result.js'
import { minimumPixels, sliceFactor } from './rules.js'
import type { Standard } from './standard.js'

/** The numbers every sum is multiplied with. */
export interface Measure {
  readonly standard: Standard
  readonly areaMm2: number
  readonly incrementMm: number
  /** Fewest pixels of a piece that counts. */
  readonly minimumPixels: number
  readonly sliceFactor: number
  /** mg/(mm3 HU), or null: no mass. */
  readonly massFactor: number | null
}

/** @throws AgatstonError `GEOMETRY_MISSING` where the standard needs what the geometry has not */
export function measureOf(standard: Standard, geometry: Geometry, massFactor: number | null): Measure {
  const areaMm2 = pixelAreaMm2(geometry)
  return {
    standard,
    areaMm2,
    incrementMm: geometry.incrementMm,
    minimumPixels: minimumPixels(standard.minimum, areaMm2),
    sliceFactor: sliceFactor(standard, geometry),
    massFactor,
  }
}

/** Integer sums over counted pieces, and the HU sums beside them. */
export class Sum {
  pixels = 0
  /** Sum of weight x pixels. */
  weighted = 0
  sumHu = 0
  peakHu = -Infinity
  pieces = 0
  lesions = 0

  add(pixels: number, weight: number, sumHu: number, peakHu: number): void {
    this.pixels += pixels
    this.weighted += weight * pixels
    this.sumHu += sumHu
    if (peakHu > this.peakHu) this.peakHu = peakHu
    this.pieces++
  }

  /** Add another sum's pieces; lesions are counted by the caller, since one may stand in both. */
  include(other: Sum): void {
    this.pixels += other.pixels
    this.weighted += other.weighted
    this.sumHu += other.sumHu
    if (other.peakHu > this.peakHu) this.peakHu = other.peakHu
    this.pieces += other.pieces
  }

  agatston(measure: Measure): number {
    return this.weighted * measure.areaMm2 * measure.sliceFactor
  }

  volumeMm3(measure: Measure): number {
    return this.pixels * measure.areaMm2 * measure.incrementMm
  }

  massMg(measure: Measure): number | null {
    if (measure.massFactor === null) return null
    return measure.massFactor * this.sumHu * measure.areaMm2 * measure.incrementMm
  }

  meanHu(): number | null {
    return this.pixels === 0 ? null : this.sumHu / this.pixels
  }

  totals(measure: Measure, diffusivity: number | null): Totals {
    return {
      agatston: this.agatston(measure),
      volumeMm3: this.volumeMm3(measure),
      massMg: this.massMg(measure),
      areaMm2: this.pixels * measure.areaMm2,
      meanHu: this.meanHu(),
      peakHu: this.pixels === 0 ? null : this.peakHu,
      densityScore: this.pixels === 0 ? null : this.weighted / this.pixels,
      diffusivity,
      pieces: this.pieces,
      lesions: this.lesions,
      pixels: this.pixels,
    }
  }
}

export interface Tally {
  readonly total: Sum
  /** One sum a label that occurs, counted or not. */
  readonly byLabel: ReadonlyMap<number, Sum>
}

/**
 * Sum up every counted piece. The total takes coronary territories only; without labels (`names` null) it takes all.
 *
 * @param names name of each label id
 */
export function tally(findings: Findings, measure: Measure, names: readonly (string | null)[] | null): Tally {
  const { standard } = measure
  const byLabel = new Map<number, Sum>()
  const countedLesions = new Uint8Array(findings.lesions)
  const lesionsOfLabel = new Set<number>()
  const inTotal = (label: number): boolean => names === null || isCoronary(names[label] ?? '')
  let last = -1
  let sum: Sum
  for (let k = 0; k + 1 < findings.sliceStarts.length; k++) {
    for (let i = findings.sliceStarts[k]!; i < findings.sliceStarts[k + 1]!; i++) {
      const label = findings.label(i)
      if (label !== last) {
        sum = byLabel.get(label) ?? new Sum()
        byLabel.set((last = label), sum)
      }
      const pixels = findings.pixels(i)
      if (pixels < measure.minimumPixels) continue
      sum!.add(pixels, standard.weights[findings.peakClass(i)], findings.sumHu(i, k), findings.peakHu(i, k))
      const lesion = findings.lesionOf[i]!
      if (names !== null) lesionsOfLabel.add(lesion * 256 + label)
      if (inTotal(label)) countedLesions[lesion] = 1
    }
  }
  if (names !== null) for (const key of lesionsOfLabel) byLabel.get(key % 256)!.lesions++
  const total = new Sum()
  for (const [label, sum] of byLabel) if (inTotal(label)) total.include(sum)
  for (const counted of countedLesions) total.lesions += counted
  return { total, byLabel }
}
