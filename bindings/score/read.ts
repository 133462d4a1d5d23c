/** Findings -> reading: by the default standard here, by a plan of `further/` otherwise. */
import type { Geometry } from '../volume/geometry.js'
import type { PixelSource, Scanned } from './further.js'
import { type Measure, type Reading, defaultMeasure, plainReading } from './measure.js'
import type { Request } from './options.js'

/** @throws AgatstonError `GEOMETRY_MISSING` where the standard needs what the geometry has not */
export function measureFor({ plan, massFactor }: Request, geometry: Geometry): Measure {
  const factor = massFactor?.mgPerMm3Hu ?? null
  return plan?.measure(geometry, factor) ?? defaultMeasure(geometry, factor)
}

/** @throws AgatstonError `ASSIGNMENT_MISSED` */
export function readAs({ plan }: Request, scanned: Scanned, source: PixelSource): Reading | Promise<Reading> {
  return plan?.read(scanned, source) ?? plainReading(scanned.findings, scanned.measure)
}
