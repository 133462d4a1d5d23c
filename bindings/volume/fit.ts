/**
 * What the geometry of a volume says against a standard score. The same questions for files, arrays and streams: a volume that
 * scores without a word has passed them whichever way it came.
 */
import type { Vec3 } from '../base/vector.js'
import type { Objections } from '../base/verdict.js'

/** Degrees the slice normal may lie off head-foot. */
const MOST_OBLIQUE = 30
/** Increments the score is defined on, mm. */
const STANDARD_INCREMENT = { least: 2.45, most: 3.05 }
/** Share by which thickness and increment may differ. */
const SAME_SHARE = 0.02
/** What a heart needs at least, mm. */
const LEAST_COVERAGE = 90
const WIDE_FIELD = 300
const LARGE_PIXEL = 1
const NOISE = 1e-9

export function checkAxial(normal: Vec3, objections: Objections): void {
  const degrees = (Math.acos(Math.min(1, Math.abs(normal[2]))) * 180) / Math.PI
  if (degrees > MOST_OBLIQUE) {
    const message = `the slices lie ${degrees.toFixed(1)} degrees off axial; scores are defined on axial slices. Use the axial series`
    objections.refuse('NOT_AXIAL', message, { degrees })
  }
}

/** @param thicknesses every nominal thickness that is known, mm */
export function checkThickness(thicknesses: readonly number[], incrementMm: number, objections: Objections): void {
  if (incrementMm < STANDARD_INCREMENT.least - NOISE || incrementMm > STANDARD_INCREMENT.most + NOISE) {
    const message = `the increment is ${incrementMm} mm; the score is defined on 2.5 to 3 mm and is not comparable elsewhere`
    objections.warn('THICKNESS_NOT_2_5_TO_3', message, { incrementMm })
  }
  if (thicknesses.length === 0) return
  const [thinnest, thickest] = [Math.min(...thicknesses), Math.max(...thicknesses)]
  if (incrementMm < thickest * (1 - SAME_SHARE) - NOISE) {
    const message = `slices of ${thickest} mm every ${incrementMm} mm overlap; the score is scaled by increment / 3 mm`
    objections.warn('SLICES_OVERLAP', message, { thicknessMm: thickest, incrementMm })
  }
  if (incrementMm > thinnest * (1 + SAME_SHARE) + NOISE) {
    const message = `slices of ${thinnest} mm every ${incrementMm} mm leave gaps; calcium between them is not seen`
    objections.warn('SLICES_GAP', message, { thicknessMm: thinnest, incrementMm })
  }
}

export function checkCoverage(slices: number, incrementMm: number, objections: Objections): void {
  const coverageMm = slices * incrementMm
  if (coverageMm < LEAST_COVERAGE - 1e-6) {
    const message = `the slices cover ${coverageMm.toFixed(1)} mm; a heart needs about 100. Calcium beyond them is not scored`
    objections.warn('COVERAGE_SHORT', message, { coverageMm })
  }
}

export function checkField(fieldMm: number, pixelMm: number, objections: Objections): void {
  if (fieldMm > WIDE_FIELD) {
    const message = `the field of view is ${fieldMm.toFixed(0)} mm; above 300 mm small calcifications are averaged away`
    objections.warn('FOV_WIDE', message, { fieldMm })
  }
  if (pixelMm > LARGE_PIXEL) {
    const message = `pixels of ${pixelMm} mm are larger than 1 mm: one of them may exceed the smallest lesion counted`
    objections.warn('PIXELS_LARGE', message, { pixelMm })
  }
}

/** @param kvp one tube voltage, kV, or null where it is not known */
export function checkVoltage(kvp: number | null, objections: Objections): void {
  if (kvp === null || Math.abs(kvp - 120) <= 0.5) return
  const message = `the tube voltage is ${kvp} kV; the 130 HU threshold is defined at 120 kV, and the score is not standard`
  objections.warn('KVP_NOT_120', message, { kvp })
}
