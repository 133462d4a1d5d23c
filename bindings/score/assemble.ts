/** Findings -> result: the one place where a result is put together. */
import type { Warning } from '../base/errors.js'
import { isCoronary } from '../volume/territory.js'
import type { Volume } from '../volume/volume.js'
import { VERSION } from '../base/version.js'
import { categorize } from './category.js'
import type { Findings } from './findings.js'
import { makeLesions } from './lesion.js'
import type { Request } from './options.js'
import type { EngineStamp, Lesion, Result, Totals } from './result.js'
import { type Measure, Sum, tally } from './tally.js'
import { type ByName, diffusivity, vesselsWithCalcium } from './vessels.js'

/** What of a volume a result tells. */
export type Described = Pick<Volume, 'kind' | 'geometry' | 'facts' | 'warnings' | 'accepted' | 'sopInstanceUid'>

export interface Scored {
  readonly request: Request
  readonly measure: Measure
  readonly findings: Findings
  readonly volume: Described
  readonly pixelSha256: string | null
  readonly engine: Pick<EngineStamp, 'build' | 'wasmSha256'>
}

export function assemble(scored: Scored): Result {
  const { request, measure, findings, volume } = scored
  const { total, byLabel } = tally(findings, measure, request.names)
  const byName = sumsByName(byLabel, request)
  const diffuse = request.names === null ? null : diffusivity(byName)
  const totals = total.totals(measure, diffuse)
  const territories: Record<string, Totals> = Object.create(null) as Record<string, Totals>
  for (const [name, sum] of byName) territories[name] = sum.totals(measure, null)
  const confirmed = request.scope === 'territories' && request.marksCoronary && volume.accepted.length === 0
  const result: Omit<Result, 'lesions'> = {
    schema: 'agatston.result/1',
    engine: { name: 'agatston', version: VERSION, ...scored.engine },
    input: inputStamp(scored),
    standard: request.standard,
    scope: request.scope,
    total: totals,
    territories: { ...territories },
    category: confirmed ? categorize(totals.agatston, totals.pieces, vesselsWithCalcium(byName)) : null,
    provisionalCategory: null,
    sensitivity: null,
    quality: { noiseHu: null, bloodPoolHu: null, gated: volume.facts.gated },
    modifiers: [],
    warnings: [...volume.warnings, ...scopeWarnings(request, findings, measure, totals)],
    accepted: volume.accepted,
  }
  return withLesions(result, () =>
    makeLesions({
      findings,
      measure,
      geometry: volume.geometry,
      names: request.names,
      sopInstanceUid: (k) => volume.sopInstanceUid(k),
    }),
  )
}

/**
 * Lesions are made when first looked at: a viewer that shows a total never pays for them, and nothing else notices, since
 * the property is the object's own and enumerable (JSON, spread and structured clone all read it).
 */
function withLesions(rest: Omit<Result, 'lesions'>, make: () => readonly Lesion[]): Result {
  let made: readonly Lesion[] | null = null
  const result: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(rest)) {
    result[key] = value
    if (key !== 'territories') continue
    Object.defineProperty(result, 'lesions', { enumerable: true, get: () => (made ??= make()) })
  }
  return Object.freeze(result) as unknown as Result
}

/** A sum for every name of the map, found or not. Labels of one name were made one label before scanning. */
function sumsByName(byLabel: ReadonlyMap<number, Sum>, request: Request): ByName {
  const byName = new Map<string, Sum>()
  request.names?.forEach((name, label) => {
    if (name === null || byName.has(name)) return
    byName.set(name, byLabel.get(label) ?? new Sum())
  })
  return byName
}

function inputStamp({ volume, request, pixelSha256 }: Scored): Result['input'] {
  const { geometry, facts } = volume
  return {
    kind: volume.kind,
    studyInstanceUid: facts.studyInstanceUid,
    seriesInstanceUid: facts.seriesInstanceUid,
    transferSyntaxes: facts.transferSyntaxes,
    rows: geometry.rows,
    columns: geometry.columns,
    slices: geometry.slices,
    pixelSpacingMm: geometry.pixelSpacingMm,
    incrementMm: geometry.incrementMm,
    thicknessMm: geometry.thicknessMm,
    kvp: facts.kvp,
    manufacturer: facts.manufacturer,
    kernel: facts.kernel,
    contrast: facts.contrast,
    pixelSha256,
    massFactor: request.massFactor,
  }
}

function scopeWarnings(request: Request, findings: Findings, measure: Measure, totals: Totals): Warning[] {
  if (request.scope === 'whole-image') {
    return [
      {
        code: 'SCOPE_WHOLE_IMAGE',
        message:
          'Every calcified pixel of the image was summed, bone and devices included: this is no coronary calcium score',
        details: {},
      },
    ]
  }
  const warnings: Warning[] = []
  const ends = lesionsAtTheEnds(request, findings, measure)
  if (ends.length > 0) {
    warnings.push({
      code: 'COVERAGE_SHORT',
      message: `A counted coronary lesion lies on the ${ends.join(' and ')} slice: calcium may continue outside the scan`,
      details: { ends },
    })
  }
  if (!request.marksCoronary) {
    warnings.push({
      code: 'ZERO_UNVERIFIED',
      message: 'No pixel is marked as a coronary territory: the total says nothing',
      details: { kind: 'no-coronary-territory' },
    })
  } else if (totals.pieces === 0) {
    warnings.push({
      code: 'ZERO_UNVERIFIED',
      message: 'A zero: noise and HU were not checked, so faint calcium may be missed',
      details: { kind: 'not-measured' },
    })
  }
  return warnings
}

/** Which ends of the scan a counted coronary lesion reaches, by whichever of its pieces. */
function lesionsAtTheEnds(request: Request, findings: Findings, measure: Measure): ('first' | 'last')[] {
  const isVessel = (i: number): boolean => isCoronary(request.names?.[findings.label(i)] ?? '')
  const counted = new Uint8Array(findings.lesions)
  for (let i = 0; i < findings.pieces; i++) {
    if (findings.pixels(i) >= measure.minimumPixels && isVessel(i)) counted[findings.lesionOf[i]!] = 1
  }
  const reaches = (k: number): boolean => {
    for (let i = findings.sliceStarts[k]!; i < findings.sliceStarts[k + 1]!; i++) {
      if (counted[findings.lesionOf[i]!] && isVessel(i)) return true
    }
    return false
  }
  const last = findings.sliceStarts.length - 2
  return [...(reaches(0) ? (['first'] as const) : []), ...(last > 0 && reaches(last) ? (['last'] as const) : [])]
}
