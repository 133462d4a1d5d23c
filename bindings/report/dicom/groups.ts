/**
 * Measurement groups of a structured report (TID 1411, 1501 of PS3.16): the total, each territory, each lesion. Values are those of the
 * result, not rounded; what it has not is not there.
 */
import type { Lesion, Result, Totals } from '../../score/result.js'
import { isCoronary } from '../../volume/territory.js'
import { rulesText } from '../rules.js'
import { CODE, type Code, CORONARY_ARTERY, UNIT, siteOf } from './codes.js'
import { type Below, type Content, coded, container, image, number, point, text, uid } from './content.js'
import { type DicomObject, trackingUid } from './object.js'
import { type Segment, trackingIdOf } from './segments.js'
import { type ReportSource, instancesOf } from './source.js'

/** What the groups are made from. */
export interface GroupContext {
  readonly result: Result
  readonly source: ReportSource
  /** Of all UIDs: `seedOf(result)`. */
  readonly seed: string
  /** The segmentation territories refer to, and its segments; null: none was made. */
  readonly drawn: { readonly object: DicomObject; readonly segments: readonly Segment[] } | null
}

/** Most lesions that get a group of their own; the largest. A patient has some dozens, noise has thousands. */
export const MOST_LESIONS = 200

/** All coronary calcium; null where no coronary vessel was marked, so that nothing coronary was scored. */
export function totalGroup(context: GroupContext): Content | null {
  const { result } = context
  const named = Object.keys(result.territories)
  if (result.scope === 'territories' && !named.some(isCoronary)) return null
  const unconfirmed = result.scope === 'candidates' ? ' (candidates, not confirmed)' : ''
  return container(
    'CONTAINS',
    CODE.group,
    '1501',
    tracked(`Total coronary calcium${unconfirmed}`, context.seed),
    algorithm(result, true),
    site(CORONARY_ARTERY),
    number('CONTAINS', CODE.threshold, result.standard.thresholdHu, UNIT.hu),
    totals(result.total, CODE.coronaryScore),
  )
}

/** A vessel, or what is scored apart from them: with its segment where there is one. */
export function territoryGroup(context: GroupContext, territory: string): Content {
  const { result, source, drawn } = context
  const segment = drawn?.segments.find((one) => one.territory === territory)
  const { seriesInstanceUid } = source.volume.facts
  const region: Below =
    drawn && segment
      ? [
          image('CONTAINS', CODE.segment, { ...drawn.object, frames: null }, segment.number),
          uid('CONTAINS', CODE.sourceSeries, seriesInstanceUid!),
        ]
      : []
  return container(
    'CONTAINS',
    CODE.group,
    segment ? '1411' : '1501',
    tracked(trackingIdOf(territory), context.seed),
    ...region,
    algorithm(result, true),
    site(siteOf(territory)),
    totals(result.territories[territory]!, isCoronary(territory) ? CODE.coronaryScore : CODE.score),
  )
}

/** The largest counted lesions, in the order of the result, and how many there are. */
export function lesionGroups(context: GroupContext): { readonly groups: readonly Content[]; readonly counted: number } {
  const counted = context.result.lesions.filter((lesion) => lesion.counted)
  const bySize = [...counted].sort((a, b) => b.agatston - a.agatston || a.id - b.id).slice(0, MOST_LESIONS)
  const shown = bySize.sort((a, b) => a.id - b.id)
  return { groups: shown.map((lesion) => lesionGroup(context, lesion)), counted: counted.length }
}

function lesionGroup({ result, source, seed }: GroupContext, lesion: Lesion): Content {
  const { frameOfReferenceUid } = source.volume
  const slices = new Set(lesion.pieces.filter(({ counted }) => counted).map(({ slice }) => slice))
  const images = instancesOf(source, slices).map((one) => image('INFERRED FROM', CODE.sourceOfMeasurement, one))
  const sites = [...new Set(lesion.territories.map(siteOf))]
  return container(
    'CONTAINS',
    CODE.group,
    '1501',
    tracked(`Lesion ${lesion.id}`, seed),
    algorithm(result, false),
    // A lesion outside of named vessels was still scored as coronary.
    (sites.length === 0 ? [CORONARY_ARTERY] : sites).map(site),
    frameOfReferenceUid === null ? null : point('CONTAINS', CODE.center, lesion.centroidMm, frameOfReferenceUid),
    score(lesion.agatston, CODE.score, images),
    sizes(lesion),
    densities(lesion),
  )
}

/** Tracking Identifier and UID, and that the finding is calcification (TID 1501 rows 2 to 5). */
function tracked(identifier: string, seed: string): readonly Content[] {
  return [
    text('HAS OBS CONTEXT', CODE.trackingId, identifier),
    uid('HAS OBS CONTEXT', CODE.trackingUid, trackingUid(seed, identifier)),
    coded('CONTAINS', CODE.finding, CODE.calcification),
  ]
}

const site = (at: Code | null): Content | null => (at === null ? null : coded('HAS CONCEPT MOD', CODE.findingSite, at))

/** Algorithm Identification (TID 4019): this software, the standard it scored by, and every parameter of it. */
function algorithm(result: Result, withParameters: boolean): readonly Content[] {
  const { engine, standard, modifiers, accepted, input } = result
  const parameter = (value: string): Content => text('HAS CONCEPT MOD', CODE.algorithmParameters, value)
  const { massFactor } = input
  return [
    text('HAS CONCEPT MOD', CODE.algorithmName, `${engine.name}, standard ${standard.id} version ${standard.version}`),
    text('HAS CONCEPT MOD', CODE.algorithmVersion, engine.version),
    ...(withParameters
      ? [
          parameter(`Rules: ${rulesText(standard)}`),
          parameter(`Source: ${standard.citation}`),
          ...(standard.sha256 === null ? [] : [parameter(`Rules SHA-256: ${standard.sha256}`)]),
          ...(massFactor ? [parameter(`Mass factor: ${massFactor.mgPerMm3Hu} mg/(mm3 HU), ${massFactor.source}`)] : []),
          ...(modifiers.length > 0 ? [parameter(`Modified: ${modifiers.join(', ')}`)] : []),
          ...(accepted.length > 0 ? [parameter(`Refusals overridden: ${accepted.join(', ')}`)] : []),
          parameter(`Module: ${engine.build}, SHA-256 ${engine.wasmSha256}`),
          ...(input.pixelSha256 === null ? [] : [parameter(`Pixels SHA-256: ${input.pixelSha256}`)]),
        ]
      : []),
  ]
}

const method = (by: Code): Content => coded('HAS CONCEPT MOD', CODE.method, by)

const score = (value: number, name: Code, from: readonly Content[] = []): Content | null =>
  number('CONTAINS', name, value, UNIT.none, method(CODE.agatstonMethod), from)

const sizes = ({ volumeMm3, massMg }: Pick<Totals, 'volumeMm3' | 'massMg'>): Below[number] => [
  number('CONTAINS', CODE.volume, volumeMm3, UNIT.mm3, method(CODE.volumeMethod)),
  number('CONTAINS', CODE.mass, massMg, UNIT.mg, method(CODE.massMethod)),
]

const densities = ({ peakHu, meanHu }: Pick<Totals, 'peakHu' | 'meanHu'>): Below[number] => [
  number('CONTAINS', CODE.attenuation, peakHu, UNIT.hu, coded('HAS CONCEPT MOD', CODE.derivation, CODE.maximum)),
  number('CONTAINS', CODE.attenuation, meanHu, UNIT.hu, coded('HAS CONCEPT MOD', CODE.derivation, CODE.mean)),
]

const totals = (of: Totals, name: Code): readonly (Content | null)[] =>
  [score(of.agatston, name), sizes(of), densities(of), number('CONTAINS', CODE.count, of.lesions, UNIT.none)].flat()
