/** What stored values mean: their unit, their scale, and which of them are padding. */
import type { Objections } from '../../base/verdict.js'
import type { Padding } from '../../volume/volume.js'
import type { Image } from '../image.js'
import { listOf } from '../planes.js'
import { TAG, tagText } from '../tags.js'
import { distinct, filesWhere } from './which.js'

/** HU of calcium and metal: padding over these would blank it out, and nobody would see it. */
const CALCIUM_HU = { from: 100, to: 4000 }

/**
 * Padding is what no scanner measures (PS3.3 C.7.5.1.1.2): below air, or at the end of the scale. A single value that only the
 * unused bits of the words can hold is cut like they are and costs at most one value of the pixels; a range of them is refused.
 */
export function checkPadding(slices: readonly Image[], objections: Objections): void {
  const over = filesWhere(slices, ({ words, rescale }) => {
    if (!words || !rescale) return false
    const foreign = words.coding === 'native' ? words.unused === 'foreign' : false
    const covers = (padding: Padding | null, single: boolean): boolean => {
      if (!padding || (padding.low === padding.high && !single)) return false
      const ends = [padding.low, padding.high].map((value) => rescale.slope * value + rescale.intercept)
      return Math.max(...ends) >= CALCIUM_HU.from && Math.min(...ends) <= CALCIUM_HU.to
    }
    return covers(words.padding, !foreign) || (words.coding !== 'native' && covers(words.paddingIfForeign, false))
  })
  if (over.length === 0) return
  const { from, to } = CALCIUM_HU
  const message = `PixelPaddingValue of ${over.length} slice(s) lies between ${from} and ${to} HU, where calcium would be blanked out. Export the series again`
  const tag = tagText(TAG.PixelPaddingValue)
  objections.refuse('PIXEL_FORMAT', message, { kind: 'padding', tag, files: over.length, file: listOf(over)[0] })
}

/** The unit (0028,1054). `US` means unspecified (PS3.3 C.11.1.1.2): a caller may know better. */
export function checkRescale(slices: readonly Image[], objections: Objections): void {
  const unitOf = ({ acquisition }: Image): string => (acquisition.rescaleType ?? '').trim().toUpperCase()
  const units = [...new Set(slices.map(unitOf))].filter((unit) => unit !== '' && unit !== 'HU').sort()
  for (const unit of units) {
    const shown = /^[A-Z0-9_]{1,16}$/.test(unit) ? unit : 'not a known unit'
    const final = unit !== 'US'
    const next = final ? 'Use a series in HU' : 'If the series is in HU, accept RESCALE_TYPE_NOT_HU'
    const files = filesWhere(slices, (image) => unitOf(image) === unit)
    const message = `RescaleType is ${shown}, scores need HU. ${next}`
    const tag = tagText(TAG.RescaleType)
    objections.refuse('RESCALE_TYPE_NOT_HU', message, {
      tag,
      type: shown,
      final,
      file: listOf(files)[0],
      files: files.length,
    })
  }
  const mapped = slices.filter((image) => image.acquisition.mappedUnit !== null && unitOf(image) !== 'HU')
  if (mapped.length > 0) {
    const tag = tagText(TAG.RealWorldValueMappingSequence)
    const message = `RealWorldValueMapping gives the pixels a unit (${mapped[0]!.acquisition.mappedUnit}) that is not HU, and RescaleType does not say HU. Use a series in HU`
    objections.refuse('RESCALE_TYPE_NOT_HU', message, { tag, final: true, files: mapped.length, file: mapped[0]!.file })
  }
  const scales = distinct(slices, ({ rescale }) => rescale && `${rescale.slope} ${rescale.intercept}`)
  if (scales.length > 1) {
    const message = `slope and intercept differ between slices (${scales.length} pairs); each slice is read with its own`
    objections.warn('RESCALE_VARIES', message, { pairs: scales.length })
  }
}
