/**
 * What is known of billing CPT 75571, as data: sources with their dates, which modifiers go together, what diagnosis codes stand for,
 * rules of states. Numbers and our own short words; the descriptors of CPT are the AMA's and stand nowhere here. What was read in
 * a secondary source, or is remembered, says so, and the flag travels with each line made from it.
 */

export interface BillingSource {
  readonly source: string
  /** Of the source, or from when its rule holds; "undated": it bears none. */
  readonly date: string
  readonly verification: string
}

const SECONDARY = 'Secondary source, unconfirmed.'

export const SOURCES = deepFreeze({
  coding: { source: 'Public coding references for 75571 to 75574', date: 'undated', verification: SECONDARY },
  bundling: {
    source: 'Public coding references (pabau, codingahead, legalclarity)',
    date: 'undated',
    verification: SECONDARY,
  },
  bypass: { source: 'Public coding reference (codingahead)', date: 'undated', verification: SECONDARY },
  headers: {
    source: 'DICOM headers and result, by the rows of eligibility for 75571',
    date: 'of the scan',
    verification: 'Read by this software; a header may be wrong.',
  },
  score: {
    source: 'The result of this software',
    date: 'of the scan',
    verification: 'A confirmed coronary score, or said to be none.',
  },
  medicare: {
    source: 'Local coverage determinations seen: L33423, L33947; no national determination known',
    date: 'undated',
    verification: `${SECONDARY} The contractor of the place decides.`,
  },
  abn: {
    source: 'CMS instructions on the Advance Beneficiary Notice (form CMS-R-131), by way of revenuecycleadvisor',
    date: 'undated',
    verification: SECONDARY,
  },
  modifiers: { source: 'CMS change request 6563 (GA, GX)', date: '2010-04-01', verification: SECONDARY },
  gz: { source: 'CMS: lines with GZ are denied automatically', date: '2011-07-01', verification: SECONDARY },
  gyGz: {
    source: 'Columbia University Medical Center, compliance newsletter, spring 2002',
    date: '2002',
    verification: SECONDARY,
  },
  pairs: {
    source: 'Public billing guides on GA, GY and GZ (rcmguide, medicalbillingcptmodifiers 2014-08)',
    date: '2014',
    verification: SECONDARY,
  },
  advantage: {
    source: 'CMS on notice modifiers and Medicare Advantage, by way of rcmguide',
    date: '2014-05-05',
    verification: SECONDARY,
  },
  icd: {
    source: 'ICD-10-CM code sets (titles of R93.1, I25.84, Z13.6, Z82.49 seen in five and more)',
    date: 'undated',
    verification:
      'Whether a code is valid on the date of service is not checked; its pairing with 75571 is from weak sources.',
  },
  codeFirst: {
    source: 'ICD-10-CM, note on I25.84',
    date: 'undated',
    verification: 'From memory, unconfirmed.',
  },
  texas: {
    source: 'Tex. Ins. Code 1376.003 (Acts 2009, 81st Leg., ch. 1270, H.B. 1290), text read at instalawyer.io',
    date: '2009-09-01',
    verification: 'Text read in a copy; later changes are not known.',
  },
  estimate: {
    source: 'No Surprises Act, 45 CFR 149.610 (good-faith estimates for the uninsured and self-paying)',
    date: '2022-01-01',
    verification: 'From memory, unconfirmed.',
  },
  price: { source: 'MDedge Family Medicine 200252', date: '2019', verification: `${SECONDARY} Old.` },
  none: {
    source: 'No source at hand',
    date: 'undated',
    verification: 'Not known here; ask the payer.',
  },
})

export type SourceKey = keyof typeof SOURCES

/** The code that is checked, and those of one session that take it away: CT of the heart with contrast. */
export const SCORING_CODE = '75571'
export const CONTRAST_CODES: readonly string[] = Object.freeze(['75572', '75573', '75574'])

/** Professional and technical component. */
export const COMPONENTS: readonly string[] = Object.freeze(['26', 'TC'])
/** 59 and the four that stand for a part of it. */
export const DISTINCT: readonly string[] = Object.freeze(['59', 'XE', 'XP', 'XS', 'XU'])

export const NOTICES = ['GA', 'GX', 'GY', 'GZ'] as const
export type Notice = (typeof NOTICES)[number]

export const NOTICE_WORDS: Readonly<Record<Notice, string>> = Object.freeze({
  GA: 'a required ABN is on file; denial as not reasonable and necessary is expected',
  GX: 'a voluntary ABN is on file; the line is denied automatically',
  GY: 'excluded by statute or no Medicare benefit; no ABN is required; the line is denied automatically',
  GZ: 'denial as not reasonable and necessary is expected and there is no ABN; the line is denied automatically',
})

export interface NoticePair {
  readonly pair: readonly [Notice, Notice]
  readonly together: boolean
  readonly why: string
  readonly from: SourceKey
}

/** Each two of them on one line. */
export const NOTICE_PAIRS: readonly NoticePair[] = deepFreeze([
  {
    pair: ['GA', 'GX'],
    together: false,
    why: 'one says that the ABN was required, the other that it was voluntary; the claim is returned',
    from: 'modifiers',
  },
  {
    pair: ['GA', 'GY'],
    together: false,
    why: 'one expects denial for necessity, the other says that the statute excludes the service',
    from: 'pairs',
  },
  {
    pair: ['GA', 'GZ'],
    together: false,
    why: 'one says that there is an ABN, the other that there is none; the line cannot be processed',
    from: 'pairs',
  },
  {
    pair: ['GX', 'GY'],
    together: true,
    why: 'a voluntary ABN for a service that the statute excludes',
    from: 'modifiers',
  },
  {
    pair: ['GX', 'GZ'],
    together: false,
    why: 'one says that there is an ABN, the other that there is none; the claim is returned',
    from: 'modifiers',
  },
  {
    pair: ['GY', 'GZ'],
    together: false,
    why: 'one says that the statute excludes the service, the other expects denial for necessity',
    from: 'gyGz',
  },
])

export interface DiagnosisWords {
  /** A code, or what codes begin with where `family` is set. */
  readonly code: string
  readonly family: boolean
  /** Why a scan is ordered, or what it found. */
  readonly role: 'ordering' | 'result'
  readonly words: string
}

const one = (code: string, role: DiagnosisWords['role'], words: string): DiagnosisWords => ({
  code,
  family: false,
  role,
  words,
})
const LIPIDS = 'lipid disorder'

export const SCREENING = 'Z13.6'
export const CALCIFIED_LESION = 'I25.84'
/** What must stand before I25.84. */
export const ATHEROSCLEROSIS: readonly string[] = Object.freeze(['I25.1', 'I25.7', 'I25.81'])

export const DIAGNOSES: readonly DiagnosisWords[] = deepFreeze([
  one(SCREENING, 'ordering', 'screening for disease of heart and vessels'),
  one('Z82.49', 'ordering', 'heart or vessel disease in the family'),
  ...['E78.0', 'E78.1', 'E78.2', 'E78.3', 'E78.4', 'E78.5'].map((code) => ({
    ...one(code, 'ordering', LIPIDS),
    family: true,
  })),
  one('I10', 'ordering', 'high blood pressure, primary'),
  one('E11.9', 'ordering', 'type 2 diabetes, no complication'),
  one('Z87.891', 'ordering', 'former smoker'),
  one('Z72.0', 'ordering', 'tobacco use'),
  one('I25.10', 'result', 'atherosclerosis of a native coronary artery, no angina'),
  one(CALCIFIED_LESION, 'result', 'coronary atherosclerosis with a calcified lesion'),
  one('R93.1', 'result', 'abnormal imaging of heart or coronary arteries'),
])

export interface StateRule {
  readonly state: string
  readonly name: string
  /** Years of age, both ends exclusive. */
  readonly age: Readonly<Record<'male' | 'female', { readonly above: number; readonly below: number }>>
  readonly upToUsd: number
  readonly everyYears: number
  readonly limits: string
  readonly from: SourceKey
}

/** States whose statutes are known here. That a state is absent does not mean that it has none. */
export const STATE_RULES: readonly StateRule[] = deepFreeze([
  {
    state: 'TX',
    name: 'Texas',
    age: { male: { above: 45, below: 76 }, female: { above: 55, below: 76 } },
    upToUsd: 200,
    everyYears: 5,
    limits:
      'It binds plans under Texas law that cover screening procedures, pays one test (calcium CT or carotid ultrasound) and asks for a certified laboratory.',
    from: 'texas',
  },
])

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze)
  return value
}
