/**
 * The shape of a guideline's edition as data: rules with their condition, class of recommendation, level of evidence and section. The
 * wording of the editions here is our own and short; the guideline's own text decides.
 */

export type EditionId = 'acc-aha-2018-2019' | 'acc-aha-2026'

/** Facts a rule may ask for, by their names in `PatientFacts`, and what other parts of a report work out. */
export type NeededFact =
  | 'ageYears'
  | 'sex'
  | 'ldlCholesterolMgDl'
  | 'diabetes'
  | 'smoker'
  | 'familyHistory'
  | 'age of the relative at the event'
  | 'percentile'
  | 'risk.pooledCohort'
  | 'risk.preventAscvd'
  | 'reason for the CT'

/** What the score must be. All that is given must hold. */
export interface ScoreCondition {
  /** No counted piece; or the bounds, of a score above zero. */
  readonly score: 'zero' | ScoreBounds
  /** Below the 75th percentile for age, sex and race, or at it and above. */
  readonly percentile?: 'below 75' | '75 and above'
}

export interface ScoreBounds {
  /** Inclusive; 0 means above zero. */
  readonly from: number
  /** Exclusive; null: no upper bound. */
  readonly below: number | null
  /** The upper bound itself belongs to the band. */
  readonly inclusive?: true
}

/** Conditions under which a zero is no reason to wait. */
export type HighRisk = 'diabetes' | 'smoking' | 'family history' | 'severe hypercholesterolaemia'

/** Whom a rule is for. Ages are completed years. */
export interface Population {
  readonly text: string
  readonly ageFrom?: { readonly male: number; readonly female: number }
  /** Inclusive. */
  readonly ageTo?: number
  /** mg/dL; `from` inclusive, `below` exclusive. */
  readonly ldl?: { readonly from: number; readonly below: number }
  /** An unknown age is taken to be inside: the source names adults and no other bound. */
  readonly ageMayBeUnknown?: true
  /** 10-year risk as a fraction; `from` inclusive, `below` exclusive. */
  readonly risk?: { readonly model: 'pooledCohort' | 'preventAscvd'; readonly from: number; readonly below: number }
}

export interface GuidelineRule {
  readonly id: string
  /** The condition in words. */
  readonly when: string
  /** Any one of them; empty: made for something else than a score (`basis`). */
  readonly anyOf: readonly ScoreCondition[]
  /** `incidental`: a CT made for another reason; `visual`: a visual grade there. */
  readonly basis: 'score' | 'incidental' | 'visual'
  readonly population: Population
  /** Whether it is about beginning a therapy, so not for those who take it. */
  readonly beginsTherapy: boolean
  /** Each of these takes the rule away. */
  readonly absent: readonly HighRisk[]
  readonly classOfRecommendation: string
  readonly levelOfEvidence: string
  readonly section: string
  /** As a consideration for the clinician. */
  readonly consider: string
  /** What makes it weigh more. */
  readonly emphasis: readonly Emphasis[]
  /** What only the clinician and the patient know. */
  readonly confirm: readonly string[]
  readonly rescanYears: readonly [from: number, to: number] | null
}

export type Emphasis =
  | { readonly text: string; readonly ageFrom: number }
  | { readonly text: string; readonly scoreFrom: number }
  | { readonly text: string; readonly percentileFrom: number }

export interface GuidelineEdition {
  readonly id: EditionId
  readonly name: string
  /** The edition that took its place; null: none known here. */
  readonly replacedBy: EditionId | null
  /** When the edition considers a scan. */
  readonly indication: string
  readonly source: string
  /** What the data were taken from. */
  readonly readIn: string
  readonly verification: string
  readonly rules: readonly GuidelineRule[]
}

/** For the clinician to confirm, of every rule here. */
export const ASCVD = 'no known atherosclerotic cardiovascular disease (these are rules of primary prevention)'

/** What most rules share. */
export const RULE = {
  basis: 'score',
  beginsTherapy: true,
  absent: [],
  emphasis: [],
  confirm: [ASCVD],
  rescanYears: null,
} as const

export const UNCONFIRMED =
  "Secondary source, unconfirmed: the guideline's own text was not read. Check it against the guideline before use."

/** An edition frozen through and through. */
export function frozenEdition(edition: GuidelineEdition): GuidelineEdition {
  return deepFreeze(edition)
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze)
  return value
}
