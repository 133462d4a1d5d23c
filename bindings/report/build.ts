/** One result, and what is known beside it, as a report: everything a rendering writes down is worked out here. */
import type { Subject } from '../dicom/subject.js'
import type { Result } from '../score/result.js'
import { categoryRows } from './categories.js'
import { claimCheck } from './coding/claim.js'
import type { ClaimInput } from './coding/claim-input.js'
import { type EligibilitySeries, eligibility75571, seriesOf } from './coding/eligibility.js'
import { DISCLAIMER } from './disclaimer.js'
import type { PatientFacts } from './facts.js'
import { guidelineSections } from './guideline/apply.js'
import { headlineOf, statusOf } from './headline.js'
import { routeArterialAge } from './percentile/arterial-age.js'
import { routePercentile } from './percentile/route.js'
import { provenanceOf } from './provenance.js'
import type { Notice, Report } from './report.js'
import { riskSection } from './risk/section.js'
import { vesselRows, vesselsNotMarked } from './vessels.js'
import { WARNING_HELP } from './warnings.js'

export interface ReportOptions {
  /** What a person knows of the patient. Age and sex are taken from `subject` where they are not among these. */
  readonly facts?: PatientFacts
  /** Who was scanned (`readSubject`); left out, no rendering bears a name. */
  readonly subject?: Subject | null
  /** The other series of the session, for the eligibility; left out: not known. */
  readonly others?: readonly EligibilitySeries[]
  /** A claim to be looked at before it is sent. */
  readonly claim?: ClaimInput
}

/**
 * The report of a result. Percentile, risk and guidelines come with the facts they need, or the reason why not.
 *
 * @throws RangeError, TypeError for facts and claims that are none; AgatstonError never: a model that cannot be asked is a reason
 */
export function buildReport(result: Result, options: ReportOptions = {}): Report {
  const { subject = null, claim } = options
  const facts = factsOf(options)
  const percentile = routePercentile(result, facts)
  const risk = riskSection(result, facts)
  const eligibility = isDicom(result)
    ? eligibility75571({ series: seriesOf(result), others: options.others ?? null }, result)
    : null
  return Object.freeze({
    schema: 'agatston.report/1',
    result,
    status: statusOf(result),
    subject,
    facts: Object.keys(facts).length === 0 ? null : facts,
    headline: headlineOf(result),
    categories: categoryRows(result),
    percentile,
    arterialAge: routeArterialAge(result, facts),
    risk,
    guidelines: guidelineSections(result, facts, { percentile: percentile.value, risk: risk.value }),
    eligibility,
    claim: claim === undefined ? null : claimCheck(claim, { result, eligibility, facts }),
    first: noticesOf(result, 'first'),
    notes: noticesOf(result, 'note'),
    vessels: vesselRows(result),
    notMarked: vesselsNotMarked(result),
    provenance: provenanceOf(result),
    disclaimer: DISCLAIMER,
  })
}

const isDicom = ({ input }: Result): boolean => input.kind === 'dicom-series'

/** What the caller says goes before what the headers say. */
function factsOf({ facts = {}, subject }: ReportOptions): PatientFacts {
  const { sex, ageYears } = subject ?? {}
  return {
    ...(sex === 'male' || sex === 'female' ? { sex } : {}),
    ...(typeof ageYears === 'number' ? { ageYears } : {}),
    ...facts,
  }
}

/** Warnings in the order they were found, with what each does to the score. */
function noticesOf({ warnings }: Result, rank: 'first' | 'note'): readonly Notice[] {
  return warnings
    .filter(({ code }) => WARNING_HELP[code].rank === rank)
    .map(({ code, message }) => ({ code, message, effect: WARNING_HELP[code].effect }))
}
