/** Reports to set as PDF and CSV: an ordinary one, and those that break layouts. */
import '../../../bindings/score/further/index.js'
import type { Warning, WarningCode } from '../../../bindings/base/errors.js'
import type { Subject } from '../../../bindings/dicom/subject.js'
import { buildReport } from '../../../bindings/report/build.js'
import type { PatientFacts } from '../../../bindings/report/facts.js'
import type { Picture } from '../../../bindings/report/pictures/picture.js'
import type { Report } from '../../../bindings/report/report.js'
import type { Result } from '../../../bindings/score/result.js'
import { changed, score, territoriesOf } from '../make.js'

export const SUBJECT: Subject = {
  name: 'Müller-Öztürk, Ελένη Мария',
  otherNames: [],
  id: 'PAT-000123',
  birthDate: '1961-04-05',
  sex: 'female',
  ageYears: 64,
  accessionNumber: 'ACC-77',
  studyDate: '2025-11-20',
  studyTime: '09:31:00',
  studyDescription: 'CT heart calcium score',
  institution: 'City Hospital',
  referringPhysician: 'House, Gregory',
}

export const FACTS: PatientFacts = {
  sex: 'female',
  ageYears: 64,
  race: 'white',
  systolicBpMmHg: 135,
  totalCholesterolMgDl: 220,
  hdlCholesterolMgDl: 50,
  ldlCholesterolMgDl: 140,
  onBpMedication: true,
  onStatin: false,
  onLipidMedication: false,
  smoker: false,
  diabetes: false,
  familyHistory: true,
  egfr: 85,
  bmi: 27,
}

const NAMES = ['LM', 'LAD', 'LCX', 'RCA', 'AORTA']
const HUS = [150, 0, 250, 420, 0, 330, 180, 0, 900, 145, 210, 0, 300, 520, 610]

/** As if read from a DICOM series at 120 kVp with everything known. */
export function asSeries(result: Result, warnings: readonly Warning[] = []): Result {
  return changed(result, {
    warnings,
    input: {
      ...result.input,
      kind: 'dicom-series',
      kvp: 120,
      thicknessMm: 3,
      seriesInstanceUid: '1.2.826.0.1.3680043.8.498.12345678901234567890123456789012',
      studyInstanceUid: '1.2.826.0.1.3680043.8.498.1',
      manufacturer: 'SIEMENS',
      kernel: 'Qr36',
      contrast: 'none',
      pixelSha256: '5e'.repeat(32),
    },
    quality: { noiseHu: 18.2, airHu: -998, bloodPoolHu: 41, gated: 'evidence', coverageMm: 120 },
  })
}

export const warning = (code: WarningCode, message = 'the tube voltage is 100 kVp, expected 120'): Warning => ({
  code,
  message,
  details: {},
})

export const ordinary = (subject: Subject | null = SUBJECT): Report =>
  buildReport(asSeries(score(HUS, { territories: territoriesOf(NAMES), sensitivity: true })), { subject, facts: FACTS })

/** Nothing calcified. */
export const zero = (): Report =>
  buildReport(asSeries(score([], { territories: territoriesOf(NAMES.slice(0, 3)) })), { facts: FACTS })

/** More lesions than are listed: those of a scan again and again, so that its totals are not theirs. */
export function many(count = 512): Report {
  const result = asSeries(score(HUS, { territories: territoriesOf(NAMES.slice(0, 4)) }))
  const { lesions } = result
  const repeated = Array.from({ length: count }, (_, n) => ({ ...lesions[n % lesions.length]!, id: n + 1 }))
  return buildReport(changed(result, { lesions: repeated }), { facts: FACTS })
}

export const wholeImage = (): Report => buildReport(score(HUS, { scope: 'whole-image' }))

const CODES = ['KVP_NOT_120', 'NOISE_HIGH', 'METAL', 'KERNEL_SHARP', 'SLICES_OVERLAP', 'FOV_WIDE'] as const

/** Proposed and unconfirmed, with every kind of warning. */
export function candidates(): Report {
  const result = asSeries(score(HUS, { scope: 'whole-image' }))
  const provisional = { classic: 'mild', cacDrs: 'A1', accAha2026: 'mild' }
  const warnings = [
    warning('CANDIDATES_UNCONFIRMED', 'nobody has confirmed them'),
    ...CODES.map((code) => warning(code)),
  ]
  return buildReport(changed(result, { scope: 'candidates', provisionalCategory: provisional, warnings }))
}

/** A refusal overridden. */
export function overridden(): Report {
  const result = asSeries(score(HUS, { territories: territoriesOf(NAMES) }), [
    warning('ACCEPTED', 'CONTRAST_GIVEN was accepted'),
  ])
  return buildReport(changed(result, { accepted: ['CONTRAST_GIVEN'], category: null }), { facts: FACTS })
}

/** Names that are no names: HTML, PDF syntax, controls, both directions, characters of no font, 64 of them without a blank. */
export const HOSTILE = {
  html: '<script>alert(1)</script><b>&amp;"',
  pdf: ') Tj ET Q endstream endobj /JS (app.alert(1)) <feff> >> %%EOF \\',
  controls: 'A\u0000B\u001b[31mC\u0007\r\nD\u009f\ufeff',
  bidi: 'Smith \u202Egnirts\u202C \u2066x\u2069 שלום עולם 123 مرحبا',
  cjk: '山田^太郎 김철수 \u{20BB7}\u{1F600}',
  long: 'W'.repeat(64),
  halves: 'x\ud800y\udc00',
} as const

/** Such names everywhere, those of territories too, which no reader lets in but a stored result may hold. */
export const hostile = (): Report => {
  const { html, pdf, controls, bidi, cjk, long, halves } = HOSTILE
  const own: Readonly<Record<string, string>> = { 'name 1': html, 'name 2': long, 'name 3': bidi }
  const made = asSeries(score(HUS, { territories: territoriesOf(['LAD', ...Object.keys(own)]) }))
  const result = JSON.parse(JSON.stringify(made), (_, value: unknown) => renamed(value, own)) as Result
  const names = { otherNames: [cjk, bidi], id: long, accessionNumber: halves, studyDescription: pdf }
  return buildReport(result, { subject: { ...SUBJECT, ...names, name: html, institution: controls }, facts: FACTS })
}

function renamed(value: unknown, names: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return names[value] ?? value
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [names[key] ?? key, one]))
}

/** A picture of a ramp: it deflates to nothing and shows where it is cut. */
export function picture(kind: Picture['kind'], title: string, [width, height]: readonly [number, number]): Picture {
  const rgb = new Uint8Array(width * height * 3)
  for (let at = 0; at < width * height; at++) rgb.fill(((at % width) * 255) / width, 3 * at, 3 * at + 3)
  const about = {
    caption: 'Calcified pixels are outlined.',
    alt: `An axial slice, ${title}`,
    territory: null,
    slice: 3,
  }
  return { kind, title, ...about, width, height, rgb }
}

export const PICTURES: readonly Picture[] = [
  ...['LM, slice 4', 'LAD, slice 4', 'LCX, slice 4', 'RCA, slice 5'].map((title) =>
    picture('key-image', title, [120, 120]),
  ),
  picture('overview', 'Axial', [120, 100]),
  picture('overview', 'Frontal', [120, 90]),
]
