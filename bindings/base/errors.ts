/**
 * One tagged error for everything that goes wrong in the world: a file that breaks off, a series that would score wrongly,
 * a runtime without WebAssembly. Wrong arguments are a `TypeError` (kind) or `RangeError` (value), as everywhere in JavaScript.
 */

/** Codes that refuse an input. `dicom` conformance and the command line's exit code 3 hang on these names; they never change. */
export const REFUSAL_CODES = [
  'NOT_DICOM',
  'PARSE_FAILED',
  'LIMIT_EXCEEDED',
  'MODALITY_NOT_CT',
  'LOCALIZER_ONLY',
  'SERIES_AMBIGUOUS',
  'PATIENT_MIXED',
  'SERIES_MIXED',
  'SYNTAX_UNSUPPORTED',
  'PIXELS_MISSING',
  'PIXELS_SHORT',
  'PIXELS_CORRUPT',
  'PIXEL_FORMAT',
  'RESCALE_MISSING',
  'RESCALE_INVALID',
  'RESCALE_TYPE_NOT_HU',
  'GEOMETRY_MISSING',
  'GEOMETRY_MIXED',
  'NOT_AXIAL',
  'SLICES_DUPLICATE',
  'SLICES_MISSING',
  'SPACING_IRREGULAR',
  'SERIES_INCOMPLETE',
  'GANTRY_TILT',
  'TOO_FEW_SLICES',
  'CONTRAST_GIVEN',
  'NOT_ORIGINAL',
  'LOSSY',
  'NOT_HU',
  'TERRITORY_MISMATCH',
  'SCOPE_MISSING',
  'REGION_NOT_FOUND',
  'ASSIGNMENT_MISSED',
  'KVP_UNSUPPORTED',
] as const

/** Codes for trouble that is neither the input's nor the caller's: nothing is left half done after any of them. */
export const FAULT_CODES = [
  'TIMEOUT',
  'CANCELLED',
  'OUT_OF_MEMORY',
  'INTERNAL',
  'WASM_UNSUPPORTED',
  'INTEGRITY_FAILED',
  'PACKAGE_MISSING',
] as const

/** Codes of a question about a person that a published model does not answer. They say nothing about the scan. */
export const MODEL_CODES = ['MODEL_RANGE'] as const

/** Refusals a caller may override by naming them; each override is stamped on the result. */
export const ACCEPTABLE_CODES = [
  'SERIES_MIXED',
  'RESCALE_TYPE_NOT_HU',
  'NOT_AXIAL',
  'SLICES_DUPLICATE',
  'SLICES_MISSING',
  'SPACING_IRREGULAR',
  'SERIES_INCOMPLETE',
  'GANTRY_TILT',
  'TOO_FEW_SLICES',
  'CONTRAST_GIVEN',
  'NOT_ORIGINAL',
  'LOSSY',
  'NOT_HU',
] as const satisfies readonly RefusalCode[]

/** Codes of warnings: data on the result, never thrown (unless `--strict` asks for it). */
export const WARNING_CODES = [
  'SCOPE_WHOLE_IMAGE',
  'CANDIDATES_UNCONFIRMED',
  'KVP_NOT_120',
  'KVP_MISSING',
  'SPECTRAL',
  'THICKNESS_NOT_2_5_TO_3',
  'SLICES_OVERLAP',
  'SLICES_GAP',
  'SPACING_JITTER',
  'SPACING_TAG_MISMATCH',
  'GANTRY_TILT_SLIGHT',
  'NOT_GATED',
  'KERNEL_SHARP',
  'FOV_WIDE',
  'PIXELS_LARGE',
  'COVERAGE_SHORT',
  'COUNT_UNVERIFIED',
  'NOISE_HIGH',
  'SATURATED',
  'METAL',
  'HU_CALIBRATION',
  'CONTRAST_RESIDUAL',
  'LOSSY',
  'NOT_ORIGINAL',
  'PADDING_IN_FIELD',
  'BITS_UNUSED_NONZERO',
  'PIXEL_SIGN_MISMATCH',
  'RESCALE_VARIES',
  'TAG_ORDER',
  'PREAMBLE_EXECUTABLE',
  'IMAGE_EXCLUDED',
  'SLICES_IDENTICAL_DROPPED',
  'CATEGORY_NEAR_EDGE',
  'ZERO_UNVERIFIED',
  'ACCEPTED',
] as const

/** Warnings that `strict` turns into refusals of the same name: each may move the number. */
export const STRICT_CODES = [
  'KVP_NOT_120',
  'KVP_MISSING',
  'SPECTRAL',
  'SLICES_GAP',
  'COVERAGE_SHORT',
  'METAL',
  'HU_CALIBRATION',
  'CONTRAST_RESIDUAL',
  'PIXEL_SIGN_MISMATCH',
  'ZERO_UNVERIFIED',
] as const satisfies readonly WarningCode[]

export type RefusalCode = (typeof REFUSAL_CODES)[number]
export type FaultCode = (typeof FAULT_CODES)[number]
export type ModelCode = (typeof MODEL_CODES)[number]
export type StrictCode = (typeof STRICT_CODES)[number]
export type ErrorCode = RefusalCode | FaultCode | ModelCode | StrictCode
export type AcceptableCode = (typeof ACCEPTABLE_CODES)[number]
export type WarningCode = (typeof WARNING_CODES)[number]

/** Machine-readable particulars: tag numbers, file names, offsets, counts. Never a value from the patient module. */
export type Details = Readonly<Record<string, unknown>>

/** A warning as it stands on a result. */
export interface Warning {
  readonly code: WarningCode
  readonly message: string
  readonly details: Details
}

/** A refusal as it stands in `agatston.refusal/1`. */
export interface Refusal {
  readonly code: ErrorCode
  readonly message: string
  readonly details: Details
}

/** Every failure of the world. `message` says the value met, what was expected and the next step; `cause` is kept. */
export class AgatstonError extends Error {
  override readonly name = 'AgatstonError'
  readonly code: ErrorCode
  readonly details: Details
  /** Warnings gathered before the refusal: a refused series still tells what else was seen. */
  readonly warnings: readonly Warning[]

  constructor(
    code: ErrorCode,
    message: string,
    details: Details = {},
    options: { readonly cause?: unknown; readonly warnings?: readonly Warning[] } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    this.details = details
    this.warnings = options.warnings ?? []
  }

  toRefusal(): Refusal {
    return { code: this.code, message: this.message, details: this.details }
  }
}

/** Whether a code is a fault (exit code 1) rather than a refusal of the input (exit code 3). */
export function isFault(code: ErrorCode): code is FaultCode {
  return (FAULT_CODES as readonly string[]).includes(code)
}

/** Whether `--accept` may name this code. */
export function isAcceptable(code: string): code is AcceptableCode {
  return (ACCEPTABLE_CODES as readonly string[]).includes(code)
}

/** Run `body`; anything it throws that is not ours becomes an `AgatstonError` of this code with the cause kept. */
export function tagged<T>(code: ErrorCode, message: string, details: Details, body: () => T): T {
  try {
    return body()
  } catch (cause) {
    if (cause instanceof AgatstonError) throw cause
    throw new AgatstonError(code, message, details, { cause })
  }
}
