/**
 * Pieces -> totals. Weighted pixels and pixels are summed as integers and multiplied with area and factor once, so a score
 * does not depend on the order of its pieces: flipped, turned or cut into other slices' order it is the same number.
 */
import { isCoronary } from '../volume/territory.js'
import type { Measure, Reading, Voxels } from './measure.js'
import type { Totals } from './result.js'

/** Integer sums over counted pieces, and the HU sums beside them. */
export class Sum {
  pixels = 0
  /** Sum of weight x pixels. */
  weighted = 0
  sumHu = 0
  peakHu = -Infinity
  pieces = 0
  lesions = 0
  /** Set where volume and mass are not those of the pixels above. */
  volume: Voxels | null = null

  add(pixels: number, weighted: number, sumHu: number, peakHu: number): void {
    this.pixels += pixels
    this.weighted += weighted
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
    if (other.volume) {
      const { voxels, sumHu } = this.volume ?? { voxels: 0, sumHu: 0 }
      this.volume = { voxels: voxels + other.volume.voxels, sumHu: sumHu + other.volume.sumHu }
    }
  }

  agatston(measure: Measure): number {
    return this.weighted * measure.areaMm2 * measure.sliceFactor
  }

  volumeMm3(measure: Measure): number {
    return (this.volume?.voxels ?? this.pixels) * measure.areaMm2 * measure.heightMm
  }

  massMg(measure: Measure): number | null {
    if (measure.massFactor === null) return null
    return measure.massFactor * (this.volume?.sumHu ?? this.sumHu) * measure.areaMm2 * measure.heightMm
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

/** Whether a label stands in the coronary total; without names everything does. */
export function isInTotal(names: readonly (string | null)[] | null, label: number): boolean {
  const name = names?.[label]
  return names === null || (typeof name === 'string' && isCoronary(name))
}

/**
 * Sum up every counted piece. The total takes coronary territories only; without labels (`names` null) it takes all.
 *
 * @param names name of each label id
 */
export function tally(reading: Reading, names: readonly (string | null)[] | null): Tally {
  const { findings } = reading
  const byLabel = new Map<number, Sum>()
  const countedLesions = new Uint8Array(findings.lesions)
  const lesionsOfLabel = new Set<number>()
  let last = -1
  let sum: Sum
  let inTotal = false
  for (let k = 0; k + 1 < findings.sliceStarts.length; k++) {
    for (let i = findings.sliceStarts[k]!; i < findings.sliceStarts[k + 1]!; i++) {
      const label = reading.label(i)
      if (label !== last) {
        sum = byLabel.get(label) ?? new Sum()
        byLabel.set((last = label), sum)
        inTotal = isInTotal(names, label)
      }
      if (!reading.counted(i)) continue
      sum!.add(findings.pixels(i), reading.weighted(i), findings.sumHu(i, k), findings.peakHu(i, k))
      const lesion = findings.lesionOf[i]!
      if (names !== null) lesionsOfLabel.add(lesion * 256 + label)
      if (inTotal) countedLesions[lesion] = 1
    }
  }
  if (names !== null) for (const key of lesionsOfLabel) byLabel.get(key % 256)!.lesions++
  const total = new Sum()
  const { volumes } = reading
  for (const label of volumes?.labels ?? []) if (!byLabel.has(label)) byLabel.set(label, new Sum())
  if (volumes) for (const [label, sum] of byLabel) sum.volume = volumes.ofLabel(label)
  for (const [label, sum] of byLabel) if (isInTotal(names, label)) total.include(sum)
  for (const counted of countedLesions) total.lesions += counted
  return { total, byLabel }
}
