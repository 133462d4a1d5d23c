/**
 * Conditions of a rule against what is known, in three values: a fact that is missing is named, never supposed. Reasons are in
 * words and hold no value of the patient.
 */
import type { PatientFacts } from '../facts.js'
import type { GuidelineRule, HighRisk, NeededFact, Population, ScoreBounds, ScoreCondition } from './edition.js'

/** What is known when a rule is looked at. */
export interface Known {
  /** Agatston score, unit 1. */
  readonly score: number
  /** Counted pieces, which alone decide zero. */
  readonly pieces: number
  readonly facts: PatientFacts
  /** Percentile for age, sex and race, 0 to 100, or a range whose low end is in it and whose high end is not; absent: not known. */
  readonly percentile?: number | readonly [low: number, high: number]
  /** 10-year risks as fractions, 0 to 1. */
  readonly risk?: { readonly pooledCohort?: number; readonly preventAscvd?: number }
  /** Whether the scan was gated, so made for the heart. */
  readonly gated?: 'evidence' | 'no-evidence' | null
}

/** `no` with a reason, `unknown` with the facts that would decide. */
export type Finding =
  | { readonly state: 'yes' }
  | { readonly state: 'no'; readonly reason: string }
  | { readonly state: 'unknown'; readonly needs: readonly NeededFact[]; readonly reason: string }

const YES: Finding = Object.freeze({ state: 'yes' })
const no = (reason: string): Finding => ({ state: 'no', reason })
const unknown = (reason: string, ...needs: readonly NeededFact[]): Finding => ({ state: 'unknown', needs, reason })

/** LDL-C from which hypercholesterolaemia is severe, mg/dL. */
const SEVERE_LDL = 190
const QUARTILE = 75

/** Whether any of the conditions on score and percentile holds. */
export function scoreFinding({ anyOf }: GuidelineRule, known: Known): Finding {
  const findings = anyOf.filter(({ score }) => isInBounds(score, known)).map((one) => percentileFinding(one, known))
  return (
    findings.find(({ state }) => state === 'yes') ??
    findings.find(({ state }) => state === 'unknown') ??
    findings[0] ??
    no('The score lies elsewhere.')
  )
}

function isInBounds(bounds: ScoreBounds | 'zero', { score, pieces }: Known): boolean {
  if (bounds === 'zero') return pieces === 0
  const { from, below, inclusive } = bounds
  if (pieces === 0 || score < from) return false
  return below === null || score < below || (inclusive === true && score === below)
}

function percentileFinding({ percentile: asked }: ScoreCondition, { percentile }: Known): Finding {
  if (asked === undefined) return YES
  const isHigh = isAtLeastQuartile(percentile)
  if (isHigh === null) {
    const reason =
      percentile === undefined
        ? 'The percentile is not known.'
        : 'The percentile is known as a range only, and the 75th lies in it.'
    return unknown(reason, 'percentile')
  }
  if (isHigh === (asked === '75 and above')) return YES
  return no(isHigh ? 'The percentile is the 75th or above.' : 'The percentile is below the 75th.')
}

/** Null: not known, or known too roughly. */
export function isAtLeastQuartile(percentile: Known['percentile']): boolean | null {
  if (percentile === undefined) return null
  if (typeof percentile === 'number') return percentile >= QUARTILE
  const [low, high] = percentile
  if (low >= QUARTILE) return true
  return high <= QUARTILE ? false : null
}

/** Whether the scan is of the kind a rule was made for. */
export function basisFinding({ basis }: GuidelineRule, { gated }: Known): Finding {
  switch (basis) {
    case 'score':
      return YES
    case 'visual':
      return no('The rule is for a visual grade; here the score was measured.')
    case 'incidental':
      if (gated === 'evidence') return no('The scan was gated, so made for the heart.')
      return unknown('Whether the CT was made for another reason is not known.', 'reason for the CT')
  }
}

/** Age, LDL-C and risk, each by itself: all that speak against are told. */
export function populationFindings(population: Population, known: Known): readonly Finding[] {
  return [ageFinding(population, known), ldlFinding(population, known), riskFinding(population, known)]
}

function ageFinding({ ageFrom, ageTo, ageMayBeUnknown }: Population, { facts }: Known): Finding {
  if (!ageFrom) return YES
  const { ageYears, sex } = facts
  if (ageYears === undefined) return ageMayBeUnknown ? YES : unknown('The age is not known.', 'ageYears')
  const age = Math.floor(ageYears)
  if (ageTo !== undefined && age > ageTo)
    return no(`The age is above that of the rule's population (to ${ageTo} years).`)
  const { male, female } = ageFrom
  if (age >= Math.max(male, female)) return YES
  if (age < Math.min(male, female)) return no(tooYoung(Math.min(male, female)))
  if (sex === undefined) return unknown('Whether the age is enough depends on the sex, which is not known.', 'sex')
  return age >= ageFrom[sex] ? YES : no(tooYoung(ageFrom[sex]))
}

const tooYoung = (from: number): string => `The age is below that of the rule's population (from ${from} years).`

function ldlFinding({ ldl }: Population, { facts: { ldlCholesterolMgDl: value } }: Known): Finding {
  if (!ldl) return YES
  if (value === undefined) return unknown('LDL-C is not known.', 'ldlCholesterolMgDl')
  if (value < ldl.from) return no(`LDL-C is below ${ldl.from} mg/dL, outside the rule's population.`)
  return value < ldl.below ? YES : no(`LDL-C is ${ldl.below} mg/dL or above, outside the rule's population.`)
}

const MODELS = Object.freeze({ pooledCohort: 'pooled cohort equations', preventAscvd: 'PREVENT-ASCVD' })

function riskFinding({ risk }: Population, known: Known): Finding {
  if (!risk) return YES
  const { model, from, below } = risk
  const value = known.risk?.[model]
  const name = `The 10-year risk (${MODELS[model]})`
  if (value === undefined) return unknown(`${name} is not known.`, `risk.${model}`)
  if (value < from) return no(`${name} is below ${percent(from)}: low, outside the rule's population.`)
  return value < below ? YES : no(`${name} is ${percent(below)} or above: high, outside the rule's population.`)
}

const percent = (fraction: number): string => `${Number((fraction * 100).toFixed(1))} %`

/** Those who take a lipid-lowering drug cannot begin one; nothing is said of those of whom it is not known. */
export function therapyFinding({ beginsTherapy }: GuidelineRule, { facts }: Known): Finding {
  if (!beginsTherapy || !(facts.onStatin || facts.onLipidMedication)) return YES
  return no('Lipid-lowering therapy is taken already; the rule is about beginning it.')
}

/** Each condition of high risk that must be absent. */
export function highRiskFindings({ absent }: GuidelineRule, { facts }: Known): readonly Finding[] {
  return absent.map((condition) => HIGH_RISK[condition](facts))
}

const HIGH_RISK: Readonly<Record<HighRisk, (facts: PatientFacts) => Finding>> = Object.freeze({
  diabetes: ({ diabetes }) => absence(diabetes, 'Diabetes', 'diabetes'),
  smoking: ({ smoker }) => absence(smoker, 'Smoking', 'smoker'),
  'family history': ({ familyHistory }) => {
    if (familyHistory === undefined) return unknown('Family history is not known.', 'familyHistory')
    if (!familyHistory) return YES
    return unknown(
      'There is a family history; whether it is premature, which takes the rule away, is not known.',
      'age of the relative at the event',
    )
  },
  'severe hypercholesterolaemia': ({ ldlCholesterolMgDl: ldl }) => {
    if (ldl === undefined) return unknown('LDL-C is not known.', 'ldlCholesterolMgDl')
    return ldl < SEVERE_LDL ? YES : no(`LDL-C is ${SEVERE_LDL} mg/dL or above, which takes the rule away.`)
  },
})

function absence(value: boolean | undefined, name: string, fact: NeededFact): Finding {
  if (value === undefined) return unknown(`${name} is not known.`, fact)
  return value ? no(`${name} takes the rule away.`) : YES
}
