/**
 * The rules of an edition held against a score and what is known of the patient: which applies, what stands in the way of another,
 * and which fact would decide. Considerations for the clinician; nothing here is advice to a patient.
 */
import type { Result } from '../../score/result.js'
import type { Answer } from '../answer.js'
import type { PatientFacts } from '../facts.js'
import { whyNotComparable } from '../standing.js'
import {
  type Finding,
  type Known,
  basisFinding,
  highRiskFindings,
  isAtLeastQuartile,
  populationFindings,
  scoreFinding,
  therapyFinding,
} from './conditions.js'
import type { EditionId, Emphasis, GuidelineRule, NeededFact } from './edition.js'
import { GUIDELINE_EDITIONS, editionOf } from './editions.js'
import { type GuidelineContext, evidenceOf } from './evidence.js'

export type GuidelineInput = Known

export interface GuidelineSection {
  readonly edition: EditionId
  /** For people, with the years. */
  readonly name: string
  /** The name of the edition that took its place; null: none known here. */
  readonly replacedBy: string | null
  /** When the edition considers a scan. */
  readonly indication: string
  /** Every rule of the edition, in its order. */
  readonly rules: readonly RuleOutcome[]
  /** When another scan may be considered, in years. */
  readonly rescan: Answer<Rescan>
  readonly source: string
  readonly readIn: string
  /** That the guideline itself was not read; to be printed with the section. */
  readonly verification: string
  /** That these are considerations; to be printed with the section. */
  readonly statement: string
}

export interface RuleOutcome {
  readonly id: string
  /**
   * `applies`; `undecided`: a fact is missing (`needs`); `blocked`: the score fits and something else stands in the way; `other`:
   * made for another score or another kind of scan.
   */
  readonly state: 'applies' | 'undecided' | 'blocked' | 'other'
  /** The condition in words. */
  readonly when: string
  /** Whom it is for. */
  readonly population: string
  readonly consider: string
  readonly classOfRecommendation: string
  readonly levelOfEvidence: string
  readonly section: string
  /** What stands in the way or is not known, a sentence each; empty where it applies. */
  readonly reasons: readonly string[]
  readonly needs: readonly NeededFact[]
  /** What makes it weigh more here. */
  readonly emphasis: readonly string[]
  /** What only the clinician and the patient know. */
  readonly confirm: readonly string[]
}

export interface Rescan {
  readonly fromYears: number
  readonly toYears: number
  readonly text: string
}

export const GUIDELINE_STATEMENT =
  'Considerations for the clinician, who knows the patient; no treatment recommendation by this software.'

/**
 * One edition's rules for a confirmed coronary score at 120 kVp under the common rules; whether a result is one, `guidelineSections`
 * asks.
 *
 * @param input score of unit 1; percentile 0 to 100; risks as fractions 0 to 1; facts in the units of their names
 * @throws TypeError, RangeError naming the field, without its value
 */
export function guideline(edition: EditionId, input: GuidelineInput): GuidelineSection {
  const { id, name, replacedBy, indication, source, readIn, verification, rules } = editionOf(edition)
  checkInput(input)
  const outcomes = rules.map((rule) => outcomeOf(rule, input))
  return Object.freeze({
    edition: id,
    name,
    replacedBy: replacedBy === null ? null : editionOf(replacedBy).name,
    indication,
    rules: Object.freeze(outcomes),
    rescan: rescanOf(rules, outcomes, input),
    source,
    readIn,
    verification,
    statement: GUIDELINE_STATEMENT,
  })
}

/** Both editions for a result, the newest first; or why the rules were not made for it. */
export function guidelineSections(
  result: Result,
  facts: PatientFacts | null,
  context: GuidelineContext = {},
): Answer<readonly GuidelineSection[]> {
  const reason = whyNotComparable(result)
  if (reason !== null) return { value: null, reason }
  const { agatston: score, pieces } = result.total
  const input = { ...evidenceOf(context), score, pieces, facts: facts ?? {}, gated: result.quality.gated }
  return { value: Object.freeze(GUIDELINE_EDITIONS.map(({ id }) => guideline(id, input))), reason: null }
}

function outcomeOf(rule: GuidelineRule, known: Known): RuleOutcome {
  const fit = [basisFinding(rule, known), scoreFinding(rule, known)]
  const rest = [
    ...populationFindings(rule.population, known),
    therapyFinding(rule, known),
    ...highRiskFindings(rule, known),
  ]
  const misfits = fit.filter(isNo)
  const blocks = rest.filter(isNo)
  const gaps = [...fit, ...rest].filter(isUnknown)
  const { id, when, population, consider, classOfRecommendation, levelOfEvidence, section } = rule
  const row = { id, when, population: population.text, consider, classOfRecommendation, levelOfEvidence, section }
  const of = (
    state: RuleOutcome['state'],
    findings: readonly (Finding & { readonly reason: string })[],
    needs: readonly NeededFact[] = [],
  ): RuleOutcome =>
    Object.freeze({
      ...row,
      state,
      reasons: unique(findings.map(({ reason }) => reason)),
      needs: unique(needs),
      emphasis: state === 'applies' || state === 'undecided' ? emphasisOf(rule, known) : Object.freeze([]),
      confirm: confirmOf(rule, known),
    })
  if (misfits.length > 0) return of('other', misfits.slice(0, 1))
  if (blocks.length > 0) return of('blocked', blocks)
  if (gaps.length > 0)
    return of(
      'undecided',
      gaps,
      gaps.flatMap(({ needs }) => needs),
    )
  return of('applies', [])
}

type No = Extract<Finding, { readonly state: 'no' }>
type Unknown = Extract<Finding, { readonly state: 'unknown' }>
const isNo = (finding: Finding): finding is No => finding.state === 'no'
const isUnknown = (finding: Finding): finding is Unknown => finding.state === 'unknown'

const unique = <T>(items: readonly T[]): readonly T[] => Object.freeze([...new Set(items)])

function emphasisOf({ emphasis }: GuidelineRule, known: Known): readonly string[] {
  return Object.freeze(emphasis.filter((one) => isEmphasised(one, known)).map(({ text }) => text))
}

function isEmphasised(emphasis: Emphasis, { score, percentile, facts }: Known): boolean {
  if ('scoreFrom' in emphasis) return score >= emphasis.scoreFrom
  if ('ageFrom' in emphasis) return facts.ageYears !== undefined && Math.floor(facts.ageYears) >= emphasis.ageFrom
  return isAtLeastQuartile(percentile) === true
}

/** What a person has to look at; therapy only where it is not known whether any is taken. */
function confirmOf({ confirm, beginsTherapy }: GuidelineRule, { facts }: Known): readonly string[] {
  const { onStatin, onLipidMedication } = facts
  const asksTherapy =
    beginsTherapy && !onStatin && !onLipidMedication && !(onStatin === false && onLipidMedication === false)
  return Object.freeze(asksTherapy ? [...confirm, 'no lipid-lowering therapy is taken yet'] : [...confirm])
}

/** The editions give an interval after a zero only, and with the rule that gives it. */
function rescanOf(rules: readonly GuidelineRule[], outcomes: readonly RuleOutcome[], known: Known): Answer<Rescan> {
  const index = rules.findIndex(({ rescanYears }) => rescanYears !== null)
  const { state, reasons } = outcomes[index]!
  const [fromYears, toYears] = rules[index]!.rescanYears!
  const interval = `${fromYears} to ${toYears} years`
  if (state === 'applies') {
    const text = `Another scan may be considered in ${interval}.`
    return { value: Object.freeze({ fromYears, toYears, text }), reason: null }
  }
  if (known.pieces > 0)
    return { value: null, reason: 'the edition, as read, gives an interval after a score of 0 only' }
  const why = reasons.join(' ')
  return {
    value: null,
    reason:
      state === 'undecided'
        ? `the interval (${interval}) goes with a rule that is undecided: ${why}`
        : `the interval (${interval}) goes with a rule that does not apply: ${why}`,
  }
}

function checkInput(input: GuidelineInput): void {
  if (typeof input !== 'object' || input === null) throw new TypeError('input must be an object')
  const { score, pieces, percentile, risk, facts } = input
  if (typeof facts !== 'object' || facts === null)
    throw new TypeError('facts must be an object; empty where nothing is known')
  checkRange(score, 'score', 0, Number.MAX_VALUE)
  checkRange(pieces, 'pieces', 0, Number.MAX_SAFE_INTEGER)
  if (!Number.isInteger(pieces)) throw new RangeError('pieces must be a whole number')
  if (pieces === 0 && score > 0) throw new RangeError('score must be 0 without a counted piece')
  if (Array.isArray(percentile)) checkPercentiles(percentile)
  else if (percentile !== undefined) checkRange(percentile, 'percentile', 0, 100)
  for (const model of ['pooledCohort', 'preventAscvd'] as const)
    if (risk?.[model] !== undefined) checkRange(risk[model], `risk.${model}`, 0, 1)
  if (facts.ageYears !== undefined) checkRange(facts.ageYears, 'ageYears', 0, 130)
  if (facts.ldlCholesterolMgDl !== undefined) checkRange(facts.ldlCholesterolMgDl, 'ldlCholesterolMgDl', 0, 2000)
  if (facts.sex !== undefined && facts.sex !== 'male' && facts.sex !== 'female')
    throw new RangeError("sex must be 'male' or 'female'")
  for (const flag of FLAGS)
    if (facts[flag] !== undefined && typeof facts[flag] !== 'boolean')
      throw new TypeError(`${flag} must be true or false`)
}

const FLAGS = ['diabetes', 'smoker', 'familyHistory', 'onStatin', 'onLipidMedication'] as const

function checkPercentiles(ends: readonly unknown[]): void {
  if (ends.length !== 2) throw new RangeError('percentile must be a number, or the two ends of a range')
  ends.forEach((end, n) => checkRange(end, `percentile[${n}]`, 0, 100))
  if ((ends[0] as number) >= (ends[1] as number))
    throw new RangeError('percentile must rise from its first end to its second')
}

/** The value stays out of the message: it is the patient's. */
function checkRange(value: unknown, name: string, from: number, to: number): void {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, got ${typeof value}`)
  if (!(value >= from && value <= to)) throw new RangeError(`${name} must lie between ${from} and ${to}`)
}
