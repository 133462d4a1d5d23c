/**
 * Slices by their positions: which order, which increment, and everything that would make a score wrong. Positions alone
 * decide; instance numbers, file names, slice locations and thicknesses are never asked.
 */
import { type AcceptableCode, AgatstonError, type Refusal, type Warning } from '../base/errors.js'
import { type Vec3, dot, length, median, subtract } from '../base/vector.js'

/** Increments within this share of the median, or this many mm, are one increment. */
const IRREGULAR = { share: 0.02, mm: 0.05 }
/** From here on jitter is told of. */
const JITTER = { share: 0.001, mm: 0.01 }
/** An increment within this share of 2, 3, ... medians is a gap of whole slices. */
const MISSING_SHARE = 0.1
/** Degrees between the line of positions and the slice normal. */
const TILT = { refuse: 1, warn: 0.1 }
/** Closer than this two slices lie at one position, mm. */
export const SAME_POSITION_MM = 1e-3

export interface Stack {
  /** Indices into the positions given, in order along the normal. */
  readonly order: readonly number[]
  readonly incrementMm: number
  readonly warnings: readonly Warning[]
  /** Refusals, worst first; those accepted are warnings instead. */
  readonly refusals: readonly Refusal[]
}

/**
 * Order slices and judge their spacing.
 *
 * @param positions centre of each slice's first pixel (LPS, mm), at least one; no two at one position
 * @param normal unit vector along which the slices are ordered
 * @param accepted refusals the caller overrode
 * @param incrementMm the caller's increment, which one slice needs
 */
export function stackSlices(
  positions: readonly Vec3[],
  normal: Vec3,
  accepted: readonly AcceptableCode[] = [],
  incrementMm: number | null = null,
): Stack {
  const along = positions.map((position) => dot(position, normal))
  const order = along.map((_, index) => index).sort((a, b) => along[a]! - along[b]! || a - b)
  const sorted = order.map((index) => along[index]!)
  const refusals: Refusal[] = []
  const warnings: Warning[] = []
  if (positions.length === 1) {
    if (incrementMm === null || !accepted.includes('TOO_FEW_SLICES')) {
      refusals.push({
        code: 'TOO_FEW_SLICES',
        message:
          'One slice has no increment. Give all slices, or accept TOO_FEW_SLICES together with the increment in mm',
        details: { slices: 1 },
      })
    }
    return { order, incrementMm: incrementMm ?? 0, warnings, refusals }
  }
  const increments = sorted.slice(1).map((mm, k) => mm - sorted[k]!)
  const middle = median(increments)
  const even = judgeIncrements(increments, middle, refusals, warnings)
  judgeTilt(subtract(positions[order.at(-1)!]!, positions[order[0]!]!), normal, refusals, warnings)
  const mean = (sorted.at(-1)! - sorted[0]!) / (sorted.length - 1)
  return { order, incrementMm: even ? mean : middle, warnings, refusals }
}

/** Refuse gaps and uneven increments, warn of jitter; true where the increments are even. */
function judgeIncrements(
  increments: readonly number[],
  middle: number,
  refusals: Refusal[],
  warnings: Warning[],
): boolean {
  const off = (mm: number, limit: { share: number; mm: number }): boolean =>
    Math.abs(mm - middle) > limit.share * middle && Math.abs(mm - middle) > limit.mm
  const gaps = increments.flatMap((mm, k) => (isWholeGap(mm, middle) ? [k] : []))
  const uneven = increments.flatMap((mm, k) => (off(mm, IRREGULAR) && !isWholeGap(mm, middle) ? [k] : []))
  if (gaps.length > 0) {
    const missing = gaps.reduce((sum, k) => sum + Math.round(increments[k]! / middle) - 1, 0)
    refusals.push({
      code: 'SLICES_MISSING',
      message: `${missing} slice(s) are missing: ${gaps.length} increment(s) are a multiple of the usual ${round(middle)} mm`,
      details: { missing, afterSlices: gaps.slice(0, 20), incrementMm: middle },
    })
  }
  if (uneven.length > 0) {
    refusals.push({
      code: 'SPACING_IRREGULAR',
      message: `${uneven.length} increment(s) differ from the usual ${round(middle)} mm by more than 2 % and 0.05 mm`,
      details: { afterSlices: uneven.slice(0, 20), incrementMm: middle },
    })
  }
  const even = gaps.length + uneven.length === 0
  if (even && increments.some((mm) => off(mm, JITTER))) {
    const most = Math.max(...increments.map((mm) => Math.abs(mm - middle)))
    warnings.push({
      code: 'SPACING_JITTER',
      message: `Increments differ from the usual ${round(middle)} mm by up to ${round(most)} mm; the mean is used`,
      details: { incrementMm: middle, mostMm: most },
    })
  }
  return even
}

function isWholeGap(mm: number, middle: number): boolean {
  const times = Math.round(mm / middle)
  return times >= 2 && Math.abs(mm - times * middle) <= MISSING_SHARE * middle
}

function judgeTilt(line: Vec3, normal: Vec3, refusals: Refusal[], warnings: Warning[]): void {
  const cosine = Math.min(dot(line, normal) / length(line), 1)
  const degrees = (Math.acos(cosine) * 180) / Math.PI
  const details = { degrees: Number(degrees.toPrecision(6)) }
  if (degrees > TILT.refuse) {
    refusals.push({
      code: 'GANTRY_TILT',
      message: `Slices are shifted against each other: their positions run ${round(degrees)} degrees off the slice normal`,
      details,
    })
  } else if (degrees > TILT.warn) {
    warnings.push({
      code: 'GANTRY_TILT_SLIGHT',
      message: `Slice positions run ${round(degrees)} degrees off the slice normal`,
      details,
    })
  }
}

const round = (n: number): number => Number(n.toPrecision(4))

/** The error for refusals that were not accepted, or null. */
export function refusalError(refusals: readonly Refusal[], warnings: readonly Warning[]): AgatstonError | null {
  const first = refusals[0]
  if (!first) return null
  const details = refusals.length > 1 ? { ...first.details, refusals } : first.details
  return new AgatstonError(first.code, first.message, details, { warnings })
}

/** The warning that stands on a result for each accepted refusal. */
export function acceptedWarning(refusal: Refusal): Warning {
  return {
    code: 'ACCEPTED',
    message: `Accepted by the caller: ${refusal.message}`,
    details: { ...refusal.details, accepted: refusal.code },
  }
}
