/**
 * The shape of a report, `agatston.report/1`: everything a rendering writes down, and nothing it would have to work out. Made by
 * `buildReport` from one result and optional facts about the patient. Plain data: it survives JSON.
 */
import type { Warning } from '../base/errors.js'
import type { Answer } from './answer.js'
import type { EligibilityRow } from './coding/eligibility.js'
import type { Claim } from './coding/claim.js'
import type { GuidelineSection } from './guideline/apply.js'
import type { PatientFacts } from './facts.js'
import type { ArterialAge } from './percentile/arterial-age.js'
import type { PercentileSection } from './percentile/route.js'
import type { RiskSection } from './risk/section.js'
import type { Result, Totals } from '../score/result.js'
import type { Subject } from '../dicom/subject.js'

export type { Answer } from './answer.js'

export interface Report {
  readonly schema: 'agatston.report/1'
  /** The result told of, whole. */
  readonly result: Result
  readonly status: Status
  /** Who was scanned, from the headers; null: not known, or left out (`identity: false`). */
  readonly subject: Subject | null
  /** Facts about the patient as they were given; null: none were. */
  readonly facts: PatientFacts | null
  readonly headline: Headline
  /** One row for each system, or why there is none. */
  readonly categories: Answer<readonly CategoryRow[]>
  readonly percentile: Answer<PercentileSection>
  readonly arterialAge: Answer<ArterialAge>
  readonly risk: Answer<RiskSection>
  readonly guidelines: Answer<readonly GuidelineSection[]>
  /** What speaks for and against CPT 75571; null for inputs that are no DICOM series. */
  readonly eligibility: readonly EligibilityRow[] | null
  /** The claim looked at before it is sent; null: not asked for. */
  readonly claim: Claim | null
  /** What may move the number, to be read before it. */
  readonly first: readonly Notice[]
  readonly notes: readonly Notice[]
  readonly vessels: readonly VesselRow[]
  /** Coronary vessels nobody marked, whose zero says nothing. */
  readonly notMarked: readonly string[]
  /** How it was made and from what, as name and value. */
  readonly provenance: readonly ProvenanceGroup[]
  /** That this is no cleared medical device. */
  readonly disclaimer: string
}

export interface Status {
  /** `score`: a coronary score; `unconfirmed`: proposed by the software; `not-coronary`: a sum over an image. */
  readonly kind: 'score' | 'unconfirmed' | 'not-coronary'
  readonly title: string
  /** What must be said wherever the number stands; null: nothing. */
  readonly statement: string | null
}

export interface Headline {
  /** What the number is, such as "Agatston score". */
  readonly label: string
  /** The number as printed: an integer, with one decimal where rounding would change the category. "-" where nothing was looked at. */
  readonly score: string
  /** One line below it: lesions, territories, volume, mass. */
  readonly found: string
}

export interface CategoryRow {
  readonly system: 'classic' | 'cac-drs' | 'acc-aha-2026'
  /** Name of the system for people, with edition. */
  readonly name: string
  readonly value: string
  /** What the value stands for, such as "100 to below 400". */
  readonly meaning: string
  readonly source: string
  /** Not confirmed by a reader, so not a category of the patient. */
  readonly provisional: boolean
}

export interface Notice {
  readonly code: Warning['code']
  /** What was met. */
  readonly message: string
  /** What it does to the score. */
  readonly effect: string
}

export interface VesselRow {
  /** Name of the territory as on the result. */
  readonly territory: string
  /** In words: "Left main". A reader's own name stays as it is. */
  readonly name: string
  readonly coronary: boolean
  readonly totals: Totals
  /** The score as printed. */
  readonly score: string
}

export interface ProvenanceGroup {
  readonly title: string
  readonly fields: readonly (readonly [name: string, value: string])[]
}
