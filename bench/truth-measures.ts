/** Measures without a threshold on one insert of a phantom: a disc that holds all of it, and a ring of background around. */
import {
  type MeanAndSd,
  type Region,
  integratedMass,
  meanAndSd,
  readRegion,
  spatiallyWeightedScore,
  volumeFractionMass,
} from '../bindings/measures/index.js'
import type { Volume } from '../bindings/volume/volume.js'

/** A body along z: centre in patient x and y (mm), diameter, slices it lies in (end excluded). */
export interface Spot {
  readonly centreMm: readonly [number, number]
  readonly diameterMm: number
  readonly slices: readonly [number, number]
}

export interface Calibrated {
  readonly mgPerMl: number
  /** HU of a density of hydroxyapatite. */
  readonly hu: (mgPerMl: number) => number
  /** Standard deviation of a rod's pixels. */
  readonly noiseHu: number
  /** Mean HU of the rod of 200 mg/mL. */
  readonly rodHu: number
}

export interface SpotMeasures {
  readonly fractionMg: number
  readonly integratedMg: number
  readonly weighted: number
}

/** How far the disc reaches beyond the insert; and where the ring ends, which is short of the next insert. */
const MARGIN_MM = 3
const RING_END_MM = 8.5

export async function measureSpot(volume: Volume, spot: Spot, calibrated: Calibrated): Promise<SpotMeasures> {
  const radius = spot.diameterMm / 2 + MARGIN_MM
  const { region, distanceMm } = await around(volume, spot, RING_END_MM)
  const { hu, rows, columns, slices, voxelMm3 } = region
  const mask = Uint8Array.from(distanceMm, (mm) => (mm <= radius ? 1 : 0))
  const ring = meanAndSd(hu.filter((_, i) => distanceMm[i]! > radius && distanceMm[i]! <= RING_END_MM))
  const { mgPerMl, rodHu } = calibrated
  const fraction = { calciumHu: rodHu, tissueHu: ring.meanHu, densityMgPerMl: 200 }
  const integral = { objectHu: calibrated.hu(mgPerMl), backgroundHu: ring.meanHu, densityMgPerMl: mgPerMl }
  return {
    fractionMg: volumeFractionMass({ hu, mask, voxelMm3, ...fraction }).massMg,
    integratedMg: integratedMass({ hu, mask, voxelMm3, ...integral }).massMg,
    weighted: spatiallyWeightedScore({
      hu,
      rows,
      columns,
      slices,
      mask,
      rod: { meanHu: calibrated.hu(100), sdHu: calibrated.noiseHu },
    }),
  }
}

/** Mean and standard deviation of a rod, well inside its wall. @param hollowMm radius around its axis that is left out */
export async function rodOf(volume: Volume, rod: Spot, hollowMm = 0): Promise<MeanAndSd> {
  const radius = 0.7 * (rod.diameterMm / 2)
  const { region, distanceMm } = await around(volume, rod, radius)
  return meanAndSd(region.hu.filter((_, i) => distanceMm[i]! <= radius && distanceMm[i]! >= hollowMm))
}

/** The box about a spot, and how far each of its pixels lies from the axis. */
async function around(
  volume: Volume,
  spot: Spot,
  reachMm: number,
): Promise<{ region: Region; distanceMm: Float64Array }> {
  const { positions, pixelSpacingMm } = volume.geometry
  const [x0, y0] = positions[0]!
  const column = (spot.centreMm[0] - x0) / pixelSpacingMm[1]
  const row = (spot.centreMm[1] - y0) / pixelSpacingMm[0]
  const range = (centre: number, mm: number): [number, number] => [
    Math.floor(centre - reachMm / mm),
    Math.ceil(centre + reachMm / mm) + 1,
  ]
  const rows = range(row, pixelSpacingMm[0])
  const columns = range(column, pixelSpacingMm[1])
  const region = await readRegion(volume, { rows, columns, slices: spot.slices })
  const distanceMm = Float64Array.from(region.hu, (_, i) => {
    const r = rows[0] + (Math.floor(i / region.columns) % region.rows)
    const c = columns[0] + (i % region.columns)
    return Math.hypot((r - row) * pixelSpacingMm[0], (c - column) * pixelSpacingMm[1])
  })
  return { region, distanceMm }
}
