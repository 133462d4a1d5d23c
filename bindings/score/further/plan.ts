/** What one study needs beyond the plain reading of its pieces: further looks, clicks, volumes, the band. */
import { edgesOf } from '../edges.js'
import type { PixelSource, Plan, Scanned } from '../further.js'
import type { Reading } from '../measure.js'
import type { Assignment } from '../result.js'
import type { Standard } from '../standard.js'
import { ownershipOf } from './assign.js'
import { gradesOf } from './grade.js'
import { interpolate } from './interpolate.js'
import { type Look, looker } from './look.js'
import { measureOf } from './rules.js'
import { bandLook, bandOf } from './sensitivity.js'
import { volumesOfLook } from './volumes.js'

export interface Wanted {
  readonly standard: Standard
  readonly sensitivity: boolean
  readonly clicks: readonly Assignment[] | null
  readonly regionRule: 'clip' | 'whole'
  readonly kvpAdapted: boolean
  readonly lmIntoLad: boolean
  /** Whether there are masks. */
  readonly masked: boolean
}

export function planOf(wanted: Wanted): Plan {
  const { standard, sensitivity, kvpAdapted } = wanted
  const { volumeThresholdHu, connectivity } = standard
  const looks: Look[] = []
  if (volumeThresholdHu !== null) {
    looks.push({ edges: edgesOf({ ...standard, thresholdHu: volumeThresholdHu }), connectivity })
  }
  const band = sensitivity ? bandLook(standard, kvpAdapted) : null
  if (band) looks.push(band)
  const isUnmasked = wanted.masked && wanted.regionRule === 'whole'
  return {
    look: looker(looks),
    keepsRuns: wanted.clicks !== null || isUnmasked,
    keepsPixels: standard.volume === 'isotropic',
    isUnmasked,
    measure: (geometry, massFactor) => measureOf(standard, geometry, massFactor),
    read: (scanned, source) => read(wanted, scanned, source),
    sensitivity: (scanned, reading, isConfirmed) =>
      sensitivity ? bandOf(scanned, reading, { look: band, n: looks.length - 1 }, kvpAdapted, isConfirmed) : null,
  }
}

function read(wanted: Wanted, scanned: Scanned, source: PixelSource): Reading | Promise<Reading> {
  const { findings, measure, geometry } = scanned
  const { counted, weighted } = gradesOf(findings, measure, geometry)
  const { excluded, ...owned } = ownershipOf(scanned, wanted)
  const reading: Reading = {
    findings,
    ...owned,
    excluded,
    counted: (i) => counted(i) && excluded(i) === null,
    weighted,
    volumes: null,
  }
  const { standard } = wanted
  if (standard.volumeThresholdHu !== null) return { ...reading, volumes: volumesOfLook(scanned, reading, 0) }
  if (standard.volume === 'isotropic') return interpolate(scanned, reading, source, standard)
  return reading
}
