/**
 * What the headers of slices say against a standard score: one function for each question, each refusing or warning, told apart
 * by subject. None of them looks at pixels.
 */
import type { Objections } from '../../base/verdict.js'
import type { Image } from '../image.js'
import { checkFiles } from './files.js'
import { checkMixture } from './identity.js'
import { checkLossy, checkOriginal } from './origin.js'
import { checkContrast, checkFilter, checkGating, checkKernel, checkVoltage } from './technique.js'
import { checkPadding, checkRescale } from './units.js'

/** Questions to the slices themselves. */
export function checkSlices(slices: readonly Image[], objections: Objections): void {
  checkMixture(slices, objections)
  checkRescale(slices, objections)
  checkContrast(slices, objections)
  checkOriginal(slices, objections)
  checkLossy(slices, objections)
  checkVoltage(slices, objections)
  checkFilter(slices, objections)
  checkKernel(slices, objections)
  checkGating(slices, objections)
  checkPadding(slices, objections)
  checkFiles(slices, objections)
}
