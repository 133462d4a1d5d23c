/**
 * Slices by their positions: which increment, and everything in it that would make a score wrong. Positions alone decide
 * (PS3.3 C.7.6.2.1.1); instance numbers, file names, slice locations and thicknesses are never asked.
 */
import { type Vec3, dot, length, median, scale, subtract } from '../base/vector.js'
import type { Objections } from '../base/verdict.js'

/** Two positions nearer than this are one. Well above the rounding of decimal strings, well below any increment. */
export const SAME_POSITION_MM = 0.01
/** An increment further from the median than both is another increment. */
const IRREGULAR = { share: 0.02, mm: 0.05 }
/** An increment further from the median than both is told of. */
const JITTER = { share: 0.001, mm: 0.01 }
/** An increment this near to 2, 3, ... medians is a gap of whole slices. */
const MISSING_SHARE = 0.1
/** Degrees between the line of positions and the slice normal. */
const TILT = { refuse: 1, warn: 0.1 }
/** What subtracting binary fractions may be off by. */
const NOISE = 1e-9

/**
 * The increment of slices at these heights along their normal: (last - first) / (n - 1), or the median where they are
 * irregular and that was accepted. Rounded to 12 significant digits, which takes off the noise of binary fractions and
 * nothing a scanner could mean.
 *
 * @param heights mm along the normal, in rising order, none twice
 * @param given the caller's increment, which stands for one slice only
 * @returns null where one slice has no increment
 */
export function measureIncrement(
  heights: readonly number[],
  given: number | null,
  objections: Objections,
): number | null {
  if (heights.length === 1) {
    const message = 'one slice has no increment: accept TOO_FEW_SLICES and give one'
    objections.refuse('TOO_FEW_SLICES', message, { slices: 1 })
    return given
  }
  const increments = heights.slice(1).map((height, k) => withoutNoise(height - heights[k]!))
  const middle = withoutNoise(median(increments))
  const even = checkIncrements(increments, middle, objections)
  const increment = even ? withoutNoise((heights[heights.length - 1]! - heights[0]!) / (heights.length - 1)) : middle
  if (given !== null && Math.abs(given - increment) > JITTER.mm) {
    const message = `an increment of ${given} mm was given, but the positions say ${increment} mm, which is used`
    objections.warn('SPACING_TAG_MISMATCH', message, { givenMm: given, incrementMm: increment })
  }
  return increment
}

/** Refuse gaps and uneven increments, warn of jitter; true where the increments are even. */
function checkIncrements(increments: readonly number[], middle: number, objections: Objections): boolean {
  const steps = increments.map((mm, afterSlice) => ({ mm, afterSlice, times: Math.round(mm / middle) }))
  const missing = steps.filter(
    ({ mm, times }) => times >= 2 && Math.abs(mm / (times * middle) - 1) <= MISSING_SHARE + NOISE,
  )
  const irregular = steps.filter((step) => !missing.includes(step) && isOff(step.mm, middle, IRREGULAR))
  const [gap, odd] = [missing[0], irregular[0]]
  if (gap) {
    const lost = missing.reduce((sum, { times }) => sum + times - 1, 0)
    const message = `${lost} slice(s) seem missing: after slice ${gap.afterSlice} the increment is ${gap.mm} mm, elsewhere ${middle} mm. Transfer the series again`
    objections.refuse('SLICES_MISSING', message, {
      missing: lost,
      afterSlice: gap.afterSlice,
      incrementMm: gap.mm,
      medianMm: middle,
    })
  }
  if (odd) {
    const message = `the increment after slice ${odd.afterSlice} is ${odd.mm} mm, elsewhere ${middle} mm: no even stack. Use a reconstruction with even increments`
    objections.refuse('SPACING_IRREGULAR', message, {
      gaps: irregular.length,
      afterSlice: odd.afterSlice,
      incrementMm: odd.mm,
      medianMm: middle,
    })
  }
  if (gap || odd) return false
  const largest = steps.reduce((most, { mm }) => Math.max(most, Math.abs(mm - middle)), 0)
  if (isOff(middle + largest, middle, JITTER)) {
    const message = `increments differ from their median of ${middle} mm by up to ${largest.toFixed(3)} mm; their mean is used`
    objections.warn('SPACING_JITTER', message, { largestMm: largest, medianMm: middle })
  }
  return true
}

function isOff(mm: number, middle: number, limit: { readonly share: number; readonly mm: number }): boolean {
  return Math.abs(mm - middle) > Math.max(limit.share * middle, limit.mm) + NOISE
}

const withoutNoise = (mm: number): number => Number(mm.toPrecision(12))

/**
 * The line the positions make, against the normal: sheared stacks, whatever GantryDetectorTilt (0018,1120) says.
 *
 * @param positions centre of each slice's first pixel (LPS, mm), in order along the normal
 */
export function checkTilt(positions: readonly Vec3[], normal: Vec3, objections: Objections): void {
  const first = positions[0]!
  const along = dot(subtract(positions[positions.length - 1]!, first), normal)
  if (along <= 0) return
  let sideways = 0
  for (const position of positions) {
    const offset = subtract(position, first)
    sideways = Math.max(sideways, length(subtract(offset, scale(normal, dot(offset, normal)))))
  }
  const degrees = (Math.atan2(sideways, along) * 180) / Math.PI
  if (degrees > TILT.refuse) {
    const message = `the slices are sheared: their positions run ${degrees.toFixed(2)} degrees off the slice normal. Use an untilted series`
    objections.refuse('GANTRY_TILT', message, { degrees })
  } else if (degrees >= TILT.warn) {
    const message = `positions run ${degrees.toFixed(2)} degrees off the slice normal; the score is not corrected for it`
    objections.warn('GANTRY_TILT_SLIGHT', message, { degrees })
  }
}
