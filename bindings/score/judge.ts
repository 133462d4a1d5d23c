/**
 * What speaks against scoring a volume, beyond what its reader found: the geometry of arrays and streams, whose callers checked
 * nothing.
 */
import { type AcceptableCode, AgatstonError, type RefusalCode, type Warning } from '../base/errors.js'
import { Objections, type Verdict, judge } from '../base/verdict.js'
import { checkAxial, checkCoverage, checkField, checkThickness, checkVoltage } from '../volume/fit.js'
import type { Geometry } from '../volume/geometry.js'
import type { InputFacts, Volume } from '../volume/volume.js'

/** What can speak against a volume of whatever kind, in the order of all codes; the codes of files are their readers'. */
export const VOLUME_CODES: readonly RefusalCode[] = [
  'NOT_AXIAL',
  'SLICES_DUPLICATE',
  'SLICES_MISSING',
  'SPACING_IRREGULAR',
  'GANTRY_TILT',
  'TOO_FEW_SLICES',
  'CONTRAST_GIVEN',
  'NOT_HU',
]

/** The questions a DICOM series was asked when it was read, put to a volume that comes otherwise. */
export function checkVolume(geometry: Geometry, facts: InputFacts, objections: Objections): void {
  const { rows, columns, slices, pixelSpacingMm, incrementMm, thicknessMm } = geometry
  const [rowMm, columnMm] = pixelSpacingMm
  checkAxial(geometry.normal, objections)
  checkThickness(thicknessMm === null ? [] : [thicknessMm], incrementMm, objections)
  checkField(Math.max(rowMm * rows, columnMm * columns), Math.max(rowMm, columnMm), objections)
  checkCoverage(slices, incrementMm, objections)
  checkVoltage(facts.kvp, objections)
  if (facts.contrast === 'recorded') {
    const message = 'contrast agent is recorded, which is as bright as calcium'
    objections.refuse('CONTRAST_GIVEN', message, {})
  }
}

/** The verdict of a study: what its reader warned of and had accepted, and what scoring found. */
export interface Judged {
  readonly warnings: readonly Warning[]
  readonly accepted: readonly AcceptableCode[]
}

/** @throws AgatstonError for the first refusal that was not accepted; the others are in its details */
export function judgeStudy(
  volume: Pick<Volume, 'warnings' | 'accepted' | 'warningsFound'>,
  objections: Objections,
  accept: readonly AcceptableCode[],
): Judged {
  // What the reader was told to accept needs no second telling.
  const options = { accept: [...accept, ...volume.accepted], strict: [], incrementGiven: false }
  const verdict = judge(objections, options, VOLUME_CODES)
  throwRefusals(verdict)
  return {
    warnings: [...volume.warnings, ...(volume.warningsFound?.() ?? []), ...verdict.warnings],
    accepted: [...new Set([...volume.accepted, ...verdict.accepted])],
  }
}

/** The first refusal as the error, the others in its details. */
export function throwRefusals({ refusals, warnings }: Verdict): void {
  const first = refusals[0]
  if (!first) return
  const details = refusals.length > 1 ? { ...first.details, refusals } : first.details
  throw new AgatstonError(first.code, first.message, details, { warnings })
}
