/** Findings -> result: the one place where a result is put together. */
import type { Measured, Volume } from '../volume/volume.js'
import { VERSION } from '../base/version.js'
import { brightWarnings } from './bright.js'
import { categorize } from './category.js'
import { scopeWarnings } from './caveats.js'
import type { Scanned } from './further.js'
import { type LesionContext, eachLesion } from './lesion.js'
import type { Request } from './options.js'
import type { EngineStamp, Lesion, Result, Totals } from './result.js'
import type { Reading } from './measure.js'
import { Sum, tally } from './tally.js'
import { type ByName, diffusivity, vesselsWithCalcium } from './vessels.js'

/** What of a volume a result tells. */
export type Described = Pick<Volume, 'kind' | 'geometry' | 'facts' | 'warnings' | 'accepted'>

export interface Scored {
  readonly request: Request
  readonly scanned: Scanned
  readonly reading: Reading
  /** What was measured in the pixels; null: nothing. */
  readonly measured: Measured | null
  readonly volume: Described
  readonly pixelSha256: string | null
  readonly engine: Pick<EngineStamp, 'build' | 'wasmSha256'>
}

export function assemble(scored: Scored): Result {
  const { request, scanned, reading, measured, volume } = scored
  const { measure } = scanned
  const { total, byLabel } = tally(reading, request.names)
  const byName = sumsByName(byLabel, request)
  const diffuse = request.names === null ? null : diffusivity(byName)
  const totals = total.totals(measure, diffuse)
  const territories: Record<string, Totals> = Object.create(null) as Record<string, Totals>
  for (const [name, sum] of byName) territories[name] = sum.totals(measure, null)
  const confirmed = request.scope === 'territories' && request.marked.length > 0 && volume.accepted.length === 0
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
    sensitivity: request.plan?.sensitivity(scanned, reading, confirmed) ?? null,
    quality: {
      noiseHu: measured?.noiseHu ?? null,
      airHu: measured?.airHu ?? null,
      bloodPoolHu: null,
      gated: volume.facts.gated,
      coverageMm: volume.geometry.slices * volume.geometry.incrementMm,
    },
    modifiers: request.modifiers,
    warnings: [
      // An adapted ladder is the answer to this one.
      ...volume.warnings.filter(({ code }) => code !== 'KVP_NOT_120' || !request.modifiers.includes('kvp-adapted')),
      ...brightWarnings(reading, measure, request.names),
      ...scopeWarnings(scored, totals.pieces),
    ],
    accepted: volume.accepted,
  }
  return withLesions(result, {
    reading,
    measure,
    geometry: volume.geometry,
    names: request.names,
    sopInstanceUid: scanned.sopInstanceUid,
  })
}

/** What the lesions of a result are made from, for as long as the result is held. */
const contexts = new WeakMap<object, LesionContext>()

/**
 * Lesions are made when first looked at: a viewer that shows a total never pays for them, and nothing else notices, since
 * the property is the object's own and enumerable (JSON, spread and structured clone all read it).
 */
function withLesions(rest: Omit<Result, 'lesions'>, context: LesionContext): Result {
  let made: readonly Lesion[] | null = null
  const result: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(rest)) {
    result[key] = value
    if (key !== 'territories') continue
    const get = (): readonly Lesion[] => (made ??= Object.freeze([...eachLesion(context)]))
    Object.defineProperty(result, 'lesions', { enumerable: true, get })
  }
  contexts.set(result, context)
  return Object.freeze(result) as unknown as Result
}

/**
 * The lesions of a result one by one, for a writer that needs each only once: of a scan of thousands most of the time goes into
 * holding them all.
 */
export function lesionsOf(result: Result): Iterable<Lesion> {
  const context = contexts.get(result)
  return context ? eachLesion(context) : result.lesions
}

/** A sum for every name of the map, found or not. Labels of one name were made one label before scanning. */
function sumsByName(byLabel: ReadonlyMap<number, Sum>, request: Request): ByName {
  const byName = new Map<string, Sum>()
  request.names?.forEach((name, label) => {
    if (name === null || byName.has(name) || (name === 'LM' && request.modifiers.includes('lm-into-lad'))) return
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
    anatomy: facts.anatomy,
    pixelSha256,
    massFactor: request.massFactor,
    territoryMapping: request.territories?.mapping ?? null,
    assignments: request.assignments,
  }
}
