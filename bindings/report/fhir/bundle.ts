/**
 * A report as a bundle of FHIR R4: DiagnosticReport, Observations, ImagingStudy, Device, and Patient where the report has a subject.
 * By default a `collection`, which moves nothing when it is read: whoever takes it in decides whose record it belongs to.
 * A `transaction` has requests that make each resource once, for a patient the caller names: the number in a header comes without
 * its issuer, and a server that looked it up might find somebody else.
 */
import type { Subject } from '../../dicom/subject.js'
import type { Report } from '../report.js'
import { ACCESSION, CT, CT_SERVICE, EXAMINATION, MEDICAL_RECORD } from './codes.js'
import { deviceUuid, uuidsOf } from './ids.js'
import { type NamedResource, observationsOf, statusOf } from './observations.js'
import type { FhirBundle, FhirEntry, FhirResource, Reference } from './resource.js'
import { fhirString, narrative } from './text.js'

export interface FhirOptions {
  readonly type?: FhirBundle['type']
  /** The patient's resource on the server, such as `Patient/123`: then no Patient is in the bundle. A transaction needs it. */
  readonly patient?: string
}

const PATIENT = /^(https?:\/\/[^\s"<>]+\/)?Patient\/[A-Za-z0-9\-.]{1,64}$/

const UUIDS = 'urn:ietf:rfc:3986'

/**
 * Plain data for `JSON.stringify`. The same report gives the same bundle; it bears no time of its own.
 *
 * @throws TypeError, RangeError for options that are none
 */
export function renderFhir(report: Report, options: FhirOptions = {}): FhirBundle {
  const { type = 'collection' } = options
  if (type !== 'collection' && type !== 'transaction')
    throw new RangeError('type of the bundle must be collection or transaction')
  checkPatient(options)
  const own = uuidsOf(report.result)
  const uuid = (name: string): string => (name === 'Device' ? deviceUuid(report.result) : own(name))
  const refer = (name: string): Reference => ({ reference: `urn:uuid:${uuid(name)}` })
  const resources = resourcesOf(report, refer, options)
  const entry = resources.map(({ name, resource }): FhirEntry => {
    const id = `urn:uuid:${uuid(name)}`
    const identified = withIdentifier(resource, id)
    return {
      fullUrl: id,
      resource: identified,
      ...(type === 'transaction' ? { request: requestOf(identified) } : {}),
    }
  })
  return { resourceType: 'Bundle', type, identifier: { system: UUIDS, value: `urn:uuid:${uuid('Bundle')}` }, entry }
}

function checkPatient({ type, patient }: FhirOptions): void {
  if (patient === undefined) {
    if (type === 'transaction') throw new RangeError('patient must be given for a transaction, such as Patient/123')
    return
  }
  if (typeof patient !== 'string') throw new TypeError('patient must be a text, such as Patient/123')
  if (!PATIENT.test(patient)) throw new RangeError('patient must be a reference such as Patient/123')
}

type Refer = (name: string) => Reference

function resourcesOf(report: Report, refer: Refer, { patient: known }: FhirOptions): readonly NamedResource[] {
  const { subject, result } = report
  const own = known === undefined && subject !== null
  const patient = known !== undefined ? { reference: known } : own ? refer('Patient') : { display: 'Not stated' }
  const study = isStudy(report) ? refer('ImagingStudy') : null
  const when = subject?.studyDate ? { effectiveDateTime: subject.studyDate } : {}
  const shared = { subject: patient, ...when }
  const observations = observationsOf(report, {
    ...shared,
    device: refer('Device'),
    ...(study ? { derivedFrom: [study] } : {}),
  })
  return [
    {
      name: 'DiagnosticReport',
      resource: diagnosticReport(report, {
        ...shared,
        ...(observations.length > 0 ? { result: observations.map(({ name }) => refer(name)) } : {}),
        ...(study ? { imagingStudy: [study] } : {}),
      }),
    },
    ...observations,
    ...(study ? [{ name: 'ImagingStudy', resource: imagingStudy(report, patient) }] : []),
    { name: 'Device', resource: device(result) },
    ...(own ? [{ name: 'Patient', resource: patientOf(subject) }] : []),
  ]
}

const isStudy = ({ result: { input } }: Report): boolean =>
  input.kind === 'dicom-series' && input.studyInstanceUid !== null

function diagnosticReport(report: Report, shared: object): FhirResource {
  const { status, headline, categories, vessels, notMarked, first, disclaimer } = report
  const number = `${headline.label}: ${headline.score}. ${headline.found}`
  const rows = (categories.value ?? []).map(
    ({ name, value, meaning, provisional }) => `${name}${provisional ? ', provisional' : ''}: ${value} (${meaning})`,
  )
  const paragraphs = [
    status.title,
    ...(status.statement === null ? [] : [status.statement]),
    number,
    ...rows,
    ...(categories.value === null ? [`No category: ${categories.reason}.`] : []),
    ...vessels.map(({ name, score }) => `${name}: ${score}`),
    ...(notMarked.length > 0 ? [`Not marked, so not looked at: ${notMarked.join(', ')}.`] : []),
    ...first.map(({ message, effect }) => `${message}. ${effect}`),
    disclaimer,
  ]
  return {
    resourceType: 'DiagnosticReport',
    text: narrative(paragraphs),
    status: statusOf(report),
    category: [CT_SERVICE],
    code: EXAMINATION,
    ...shared,
    conclusion: fhirString([status.title, status.statement, number, ...rows, disclaimer].filter(Boolean).join('\n')),
  }
}

/** By its UID alone; what the archive holds of it is the archive's to say. */
function imagingStudy({ result: { input }, subject }: Report, patient: Reference): FhirResource {
  const accession = fhirString(subject?.accessionNumber)
  return {
    resourceType: 'ImagingStudy',
    identifier: [
      { system: 'urn:dicom:uid', value: `urn:oid:${input.studyInstanceUid}` },
      ...(accession === undefined ? [] : [{ type: ACCESSION, value: accession }]),
    ],
    status: 'available',
    modality: [CT],
    subject: patient,
    ...(subject?.studyDate ? { started: subject.studyDate } : {}),
    ...(input.seriesInstanceUid === null ? {} : { series: [{ uid: input.seriesInstanceUid, modality: CT }] }),
  }
}

function device({ engine, standard }: Report['result']): FhirResource {
  const version = (text: string, value: string): object => ({ type: { text }, value })
  return {
    resourceType: 'Device',
    status: 'active',
    deviceName: [{ name: engine.name, type: 'user-friendly-name' }],
    type: { text: 'Coronary calcium scoring software; not a cleared medical device' },
    version: [
      version('software', engine.version),
      version('scoring module, SHA-256', engine.wasmSha256),
      version('scoring standard', `${standard.id}, version ${standard.version}`),
    ],
  }
}

function patientOf({ name, otherNames, id, birthDate, sex }: Subject): FhirResource {
  const number = fhirString(id)
  const names = [name, ...otherNames].flatMap((one) => fhirString(one) ?? []).map((text) => ({ text }))
  return {
    resourceType: 'Patient',
    ...(number === undefined ? {} : { identifier: [{ type: MEDICAL_RECORD, value: number }] }),
    ...(names.length === 0 ? {} : { name: names }),
    ...(sex === null ? {} : { gender: sex }),
    ...(birthDate === null ? {} : { birthDate }),
  }
}

/** A study is known by its UID and a patient by the number of the hospital; the rest by what is made from the result. */
function withIdentifier(resource: FhirResource, id: string): FhirResource {
  if (resource.resourceType === 'ImagingStudy' || resource.resourceType === 'Patient') return resource
  return { ...resource, identifier: [{ system: UUIDS, value: id }] }
}

function requestOf({ resourceType, identifier }: FhirResource): NonNullable<FhirEntry['request']> {
  const [{ system, value }] = identifier as readonly [{ system: string; value: string }]
  return {
    method: 'POST',
    url: resourceType,
    ifNoneExist: `identifier=${encodeURIComponent(system)}|${encodeURIComponent(value)}`,
  }
}
