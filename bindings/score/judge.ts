/**
 * What speaks against scoring a volume, beyond what its reader found: the geometry of arrays and streams, whose callers checked
 * nothing, and pixels that cannot be HU.
 */
import { type AcceptableCode, AgatstonError, type Warning } from '../base/errors.js'
import { Objections, type Verdict, judge } from '../base/verdict.js'
import { checkAxial, checkCoverage, checkField, checkThickness, checkVoltage } from '../volume/fit.js'
import type { Geometry } from '../volume/geometry.js'
import type { InputFacts, Rescale, SliceArray, Volume } from '../volume/volume.js'

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
    const message = 'contrast agent is recorded: it is as bright as calcium. Use the series without contrast'
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
  volume: Pick<Volume, 'warnings' | 'accepted'>,
  objections: Objections,
  accept: readonly AcceptableCode[],
): Judged {
  // What the reader was told to accept needs no second telling.
  const verdict = judge(objections, { accept: [...accept, ...volume.accepted], strict: [], incrementGiven: false })
  throwRefusals(verdict)
  return {
    warnings: [...volume.warnings, ...verdict.warnings],
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

/** About how many pixels of a slice are looked at: enough to see a share of 1 % in a series, too few to cost time. */
const LOOKS = 8192
const AIR_BELOW = -300
const SOFT_TISSUE = { from: -200, to: 200 }
const LEAST_SHARE = 0.01
/** A label map has few values, all small and none negative. */
const LABELS = { fewerThan: 32, to: 255 }

/** Whether the pixels of a file can be HU: a label map is not, nor is a picture without air and soft tissue. */
export class Plausibility {
  #looked = 0
  #air = 0
  #soft = 0
  #beyondLabels = false
  readonly #values = new Set<number>()

  /** Look at one slice. */
  add(pixels: SliceArray, { slope, intercept }: Rescale): void {
    const stride = Math.floor(pixels.length / LOOKS) | 1 // odd, so that no column is favoured
    for (let i = 0; i < pixels.length; i += stride) {
      const hu = slope * pixels[i]! + intercept
      this.#looked++
      if (hu < AIR_BELOW) this.#air++
      else if (hu >= SOFT_TISSUE.from && hu <= SOFT_TISSUE.to) this.#soft++
      if (this.#beyondLabels) continue
      this.#values.add(hu)
      this.#beyondLabels = hu < 0 || hu > LABELS.to || this.#values.size >= LABELS.fewerThan
    }
  }

  check(objections: Objections): void {
    if (!this.#beyondLabels) {
      const message = `the pixels have ${this.#values.size} values between 0 and ${LABELS.to} only: a label map or a picture, no CT`
      objections.refuse('NOT_HU', message, { kind: 'labels', values: this.#values.size })
      return
    }
    const least = LEAST_SHARE * this.#looked
    if (this.#air < least && this.#soft < least) {
      const message = 'neither air nor soft tissue is in 1 % of the pixels: no HU. Check the rescale'
      const share = (count: number): number => Number((count / this.#looked).toPrecision(3))
      objections.refuse('NOT_HU', message, { kind: 'tissue', air: share(this.#air), softTissue: share(this.#soft) })
    }
  }
}
