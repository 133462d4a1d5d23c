/** How the scan was made: contrast, tube voltage, filter, kernel, gating. */
import type { Objections } from '../../base/verdict.js'
import type { Image } from '../image.js'
import { SHARP_KERNELS, normalized } from '../tables.js'
import { TAG, tagText } from '../tags.js'
import { distinct, filesWhere } from './which.js'

export function checkContrast(slices: readonly Image[], objections: Objections): void {
  const evidence = [...new Set(slices.flatMap(({ acquisition }) => acquisition.contrast))].sort()
  if (evidence.length === 0) return
  const files = filesWhere(slices, ({ acquisition }) => acquisition.contrast.length > 0)
  const message = `contrast medium is recorded in ${evidence.join(', ')}; bright blood would be scored as calcium. Use the series without contrast`
  objections.refuse('CONTRAST_GIVEN', message, { evidence, files: files.length })
}

export function checkVoltage(slices: readonly Image[], objections: Objections): void {
  const tag = tagText(TAG.KVP)
  const unknown = slices.filter(({ acquisition }) => acquisition.kvp === null)
  if (unknown.length > 0) {
    const how = unknown.some(({ acquisition }) => acquisition.kvpUnreadable) ? 'is not a number' : 'is absent'
    const message = `KVP ${how} on ${unknown.length} slice(s); 130 HU means calcium at 120 kV only. No percentile`
    objections.warn('KVP_MISSING', message, { tag, files: unknown.length })
  }
  const other = distinct(slices, ({ acquisition }) => acquisition.kvp).filter((kvp) => Math.abs(kvp - 120) > 0.5)
  if (other.length > 0) {
    const kvp = other.sort((a, b) => a - b)
    const message = `tube voltage ${kvp.join(', ')} kV instead of 120: calcium is brighter below and darker above. No percentile`
    objections.warn('KVP_NOT_120', message, { tag, kvp: kvp[0] })
  }
}

export function checkFilter(slices: readonly Image[], objections: Objections): void {
  if (!slices.some(({ acquisition }) => acquisition.tinFilter)) return
  const message = 'a tin filter hardened the beam: calcium is darker than at 120 kV without it. No percentile'
  objections.warn('SPECTRAL', message, { filter: 'tin' })
}

export function checkKernel(slices: readonly Image[], objections: Objections): void {
  const sharp = slices.find(({ acquisition }) => isSharp(acquisition.manufacturer, acquisition.kernel))
  if (!sharp) return
  const { kernel, manufacturer } = sharp.acquisition
  const message = `kernel ${kernel} is sharp: noise and overshoot raise the score. Use a medium-smooth kernel`
  objections.warn('KERNEL_SHARP', message, { kernel, manufacturer })
}

function isSharp(manufacturer: string | null, kernel: string | null): boolean {
  if (manufacturer === null || kernel === null) return false
  const vendor = normalized(manufacturer)
  const name = normalized(kernel.split('\\')[0]!.trim())
  return SHARP_KERNELS.some((row) => row.vendor.test(vendor) && row.kernels.test(name))
}

export function checkGating(slices: readonly Image[], objections: Objections): void {
  if (slices.some(({ acquisition }) => acquisition.gating.length > 0)) return
  const message = 'nothing in the headers tells of ECG gating: motion blurs and doubles calcifications'
  objections.warn('NOT_GATED', message, {})
}
