/**
 * The numbers of a report as Observations: the coronary total and one for each territory. A sum over a whole image is no coronary
 * score and becomes none; where nothing coronary was marked the total is absent with its reason, never 0.
 */
import type { Totals } from '../../score/result.js'
import { isCoronary } from '../../volume/territory.js'
import type { Report, VesselRow } from '../report.js'
import {
  AGATSTON_METHOD,
  CALCIUM_MASS,
  CALCIUM_SCORE,
  CALCIUM_VOLUME,
  CORONARY_ARTERIES,
  IMAGING,
  NOT_PERFORMED,
  SITES,
  mass,
  score,
  volume,
} from './codes.js'
import type { CodeableConcept, FhirResource } from './resource.js'
import { fhirString } from './text.js'

export interface NamedResource {
  /** By which its identifier is made, the same for the same result. */
  readonly name: string
  readonly resource: FhirResource
}

/** What every Observation shares: who, when, of which study, by which software. */
export type Shared = Readonly<Record<string, unknown>>

/** `final`: a confirmed coronary score; else `preliminary`. */
export const statusOf = ({ status, result }: Report): 'final' | 'preliminary' =>
  status.kind === 'score' && result.accepted.length === 0 && !isNothingMarked(result) ? 'final' : 'preliminary'

const isNothingMarked = ({ scope, territories }: Report['result']): boolean =>
  scope === 'territories' && !Object.keys(territories).some(isCoronary)

export function observationsOf(report: Report, shared: Shared): readonly NamedResource[] {
  if (report.status.kind === 'not-coronary') return []
  const vessels = report.vessels.map((vessel) => vesselObservation(vessel, report, shared))
  return [totalObservation(report, shared), ...vessels]
}

function totalObservation(of: Report, shared: Shared): NamedResource {
  const { result, categories, status, first } = of
  const notes = [status.statement, ...first.map(({ message, effect }) => `${message}. ${effect}`)]
  const categoryParts = (categories.value ?? []).map(({ name, value, meaning, provisional }) => ({
    code: { text: fhirString(`${name}${provisional ? ', provisional' : ''}`) },
    valueString: fhirString(`${value} (${meaning})`),
  }))
  const value = isNothingMarked(result)
    ? { dataAbsentReason: NOT_PERFORMED }
    : { valueQuantity: score(result.total.agatston), component: [...measures(result.total), ...categoryParts] }
  return {
    name: 'Observation/total',
    resource: {
      ...base(of, shared, CALCIUM_SCORE, CORONARY_ARTERIES),
      ...value,
      ...noteOf(notes),
    },
  }
}

function vesselObservation(vessel: VesselRow, report: Report, shared: Shared): NamedResource {
  const { territory, name, coronary, totals } = vessel
  const text = fhirString(name) ?? 'Territory without a name'
  const site = { ...SITES.get(territory), text }
  const code = coronary ? CALCIUM_SCORE : { text: 'Agatston score outside the coronary arteries' }
  return {
    name: `Observation/territory/${territory}`,
    resource: {
      ...base(report, shared, code, site),
      valueQuantity: score(totals.agatston),
      component: measures(totals),
      ...noteOf([report.status.statement, coronary ? null : 'In no coronary total.']),
    },
  }
}

const base = (report: Report, shared: Shared, code: CodeableConcept, bodySite: CodeableConcept): FhirResource => ({
  resourceType: 'Observation',
  status: statusOf(report),
  category: [IMAGING],
  code,
  ...shared,
  bodySite,
  method: { ...AGATSTON_METHOD, text: `${report.result.standard.id}, version ${report.result.standard.version}` },
})

function measures({ volumeMm3, massMg, lesions }: Totals): readonly object[] {
  return [
    { code: CALCIUM_VOLUME, valueQuantity: volume(volumeMm3) },
    ...(massMg === null ? [] : [{ code: CALCIUM_MASS, valueQuantity: mass(massMg) }]),
    { code: { text: 'Number of lesions' }, valueInteger: lesions },
  ]
}

function noteOf(texts: readonly (string | null)[]): object {
  const notes = texts.flatMap((text) => fhirString(text) ?? []).map((text) => ({ text }))
  return notes.length === 0 ? {} : { note: notes }
}
