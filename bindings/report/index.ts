/** `agatston/report`: results for people. Runs in Node and browsers; needs neither the engine nor a reader. */
import type { PdfOptions } from './pdf/options.js'
import type { Report } from './report.js'

export {
  type EligibilityFacts,
  type EligibilityRow,
  type EligibilitySeries,
  type EligibilityState,
  eligibility75571,
  resultEligibility,
  seriesOf,
} from './coding/eligibility.js'
export { type CsvColumn, type CsvOptions, type CsvRows, CSV_COLUMNS, renderCsv } from './csv.js'
export { scoreText } from './numbers.js'
export type { FontFiles } from './pdf/options.js'
export type { PdfOptions }
export { REFUSAL_HELP, type RefusalHelp } from './refusals.js'
export { DISCLAIMER } from './disclaimer.js'
export { type TextOptions, renderText } from './text/text.js'
export { WARNING_HELP, type WarningHelp } from './warnings.js'
export {
  PATIENT_SCHEMA,
  type FactName,
  type PatientFacts,
  type Person,
  type Race,
  type Sex,
  checkFacts,
} from './facts.js'
export type { Published } from './published.js'
export { type ArterialAge, arterialAge } from './percentile/arterial-age.js'
export { type MesaPercentile, type PercentileEstimate, mesaPercentile } from './percentile/mesa.js'
export type { CutPoint, PercentileReading, Place } from './percentile/place.js'
export { type MesaChdRisks, mesaChd } from './risk/mesa-chd.js'
export { pooledCohort } from './risk/pooled-cohort.js'
export { type PreventHorizon, type PreventRisks, prevent } from './risk/prevent.js'
export { cacDrs, categoryRows, classify } from './categories.js'
export type { CategoryRow, Headline, Notice, ProvenanceGroup, Report, Status, VesselRow } from './report.js'
export type { Answer } from './answer.js'
export { type ReportOptions, buildReport } from './build.js'
export { type LesionPixels, lesionPixels } from './lesion-pixels.js'
export {
  type GuidelineInput,
  type GuidelineSection,
  type Rescan,
  type RuleOutcome,
  guideline,
  guidelineSections,
} from './guideline/apply.js'
export type { GuidelineContext } from './guideline/evidence.js'
export type { EditionId, GuidelineEdition, GuidelineRule, NeededFact } from './guideline/edition.js'
export { GUIDELINE_EDITIONS } from './guideline/editions.js'
export { type Claim, type ClaimContext, claimCheck } from './coding/claim.js'
export { type ClaimInput, type PayerKind, checkClaim } from './coding/claim-input.js'
export type { ClaimDiagnosis } from './coding/diagnoses.js'
export type { ClaimLine } from './coding/line.js'
export type { NoticeAnswer } from './coding/notice.js'
export { type HtmlOptions, renderHtml } from './html/html.js'
export type { Drawing } from './pictures/drawing.js'
export { makeDrawings } from './pictures/drawings.js'
export type { Picture } from './pictures/picture.js'
export { makePictures } from './pictures/pictures.js'
export { type FhirOptions, renderFhir } from './fhir/bundle.js'
export type { FhirBundle, FhirEntry, FhirResource } from './fhir/resource.js'

/**
 * The report as a PDF file (see `PdfOptions`). What makes it is loaded with the first call, and needs the optional package
 * `@cantoo/pdf-lib`; with fonts of one's own `@cantoo/fontkit` too.
 *
 * @throws AgatstonError `PACKAGE_MISSING` where one of them is not installed
 * @throws TypeError, RangeError for options that are none
 */
export async function renderPdf(report: Report, options: PdfOptions = {}): Promise<Uint8Array> {
  return (await import('./pdf/pdf.js')).renderPdf(report, options)
}
export {
  type CapturedPicture,
  type DicomObject,
  type EncapsulatedPdfOptions,
  type ObjectOptions,
  type ReportSource,
  type SecondaryCaptureOptions,
  type StructuredReportOptions,
  encapsulatedPdf,
  openSource,
  secondaryCapture,
  segmentation,
  structuredReport,
} from './dicom/index.js'
