/**
 * What the headers of a series say against a standard score: one function for each question, each refusing or warning. None of
 * them looks at pixels.
 */
import { checkCoverage, checkField, checkThickness } from '../volume/fit.js'
import type { Geometry } from '../volume/geometry.js'
import type { Padding } from '../volume/volume.js'
import type { Objections } from '../base/verdict.js'
import type { ListedSeries } from './archive/dicomdir.js'
import type { Image } from './image.js'
import { listOf } from './planes.js'
import { isCapture } from './select.js'
import {
  MONOENERGETIC_KEV,
  MONOENERGETIC_LIKE_120,
  MONOENERGETIC_WORDS,
  NOT_ORIGINAL_WORDS,
  SHARP_KERNELS,
  normalized,
} from './tables.js'
import { TAG, tagName, tagText } from './tags.js'

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

/** HU of calcium and metal: padding over these would blank it out, and nobody would see it. */
const CALCIUM_HU = { from: 100, to: 4000 }

/**
 * Padding is what no scanner measures (PS3.3 C.7.5.1.1.2): below air, or at the end of the scale. A single value that only the
 * unused bits of the words can hold is cut like they are and costs at most one value of the pixels; a range of them is refused.
 */
function checkPadding(slices: readonly Image[], objections: Objections): void {
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

/** The values that occur, nulls left out. */
const distinct = <T>(slices: readonly Image[], of: (image: Image) => T | null): T[] => [
  ...new Set(slices.map(of).filter((value): value is T & {} => value !== null)),
]

const filesWhere = (slices: readonly Image[], test: (image: Image) => boolean): string[] =>
  slices.filter(test).map(({ file }) => file)

/** One patient, one study: of every image of the series, those that are left out of the stack included. */
export function checkIdentity(slices: readonly Image[], objections: Objections): void {
  const parts = {
    [tagName(TAG.StudyInstanceUID)]: distinct(slices, (image) => image.studyUid),
    [tagName(TAG.PatientID)]: distinct(slices, ({ patient }) => patient.id),
    [tagName(TAG.PatientName)]: distinct(slices, ({ patient }) => patient.name),
    [tagName(TAG.PatientBirthDate)]: distinct(slices, ({ patient }) => patient.birthDate),
  }
  const differing = Object.keys(parts).filter((name) => parts[name]!.length > 1)
  if (differing.length === 0) return
  const message = `one series carries more than one value of ${differing.join(', ')}: two patients or studies. Sort out the files by hand`
  objections.refuse('PATIENT_MIXED', message, { attributes: differing })
}

function checkMixture(slices: readonly Image[], objections: Objections): void {
  const kernels = distinct(slices, ({ acquisition }) => acquisition.kernel)
  if (kernels.length > 1) {
    const message = `the series holds ${kernels.length} kernels: ${kernels.sort().join(', ')}. Select one reconstruction`
    objections.refuse('SERIES_MIXED', message, { kind: 'kernel', attribute: tagName(TAG.ConvolutionKernel), kernels })
  }
  const voltages = distinct(slices, ({ acquisition }) => acquisition.kvp).sort((a, b) => a - b)
  if (voltages.length > 1) {
    const message = `the series holds tube voltages of ${voltages.join(' and ')} kV. Select the slices of one`
    objections.refuse('SERIES_MIXED', message, { kind: 'voltage', attribute: tagName(TAG.KVP), kvp: voltages })
  }
  if (distinct(slices, ({ format }) => format && format.signed).length > 1) {
    const tag = TAG.PixelRepresentation
    const message = 'some slices of the series hold signed pixels, some unsigned. Export the series again'
    objections.refuse('PIXEL_FORMAT', message, { tag: tagText(tag), file: slices[0]!.file })
  }
}

/** The unit (0028,1054). `US` means unspecified (PS3.3 C.11.1.1.2): a caller may know better. */
function checkRescale(slices: readonly Image[], objections: Objections): void {
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

function checkContrast(slices: readonly Image[], objections: Objections): void {
  const evidence = [...new Set(slices.flatMap(({ acquisition }) => acquisition.contrast))].sort()
  if (evidence.length === 0) return
  const files = filesWhere(slices, ({ acquisition }) => acquisition.contrast.length > 0)
  const message = `contrast medium is recorded in ${evidence.join(', ')}; bright blood would be scored as calcium. Use the series without contrast`
  objections.refuse('CONTRAST_GIVEN', message, { evidence, files: files.length })
}

/** ImageType (0008,0008), what Enhanced CT says beside it, and SOP class: whether the pixels are the scanner's own attenuation values. */
function checkOriginal(slices: readonly Image[], objections: Objections): void {
  const reasons = new Map<string, { readonly tag: number; readonly what: string; readonly images: Set<Image> }>()
  const add = (what: string, image: Image, tag: number = TAG.ImageType): void => {
    const reason = reasons.get(`${tag} ${what}`) ?? { tag, what, images: new Set() }
    reason.images.add(image)
    reasons.set(`${tag} ${what}`, reason)
  }
  const derived: Image[] = []
  const spectral = new Map<number, Image>()
  for (const image of slices) {
    const { imageType, computed } = image.acquisition
    for (const { tag, what } of computed) add(what, image, tag)
    const words = imageType.map(normalized)
    if (imageType[1] === 'SECONDARY') add('secondary', image)
    if (isCapture(image)) add('secondary capture', image)
    // The first two values say how the pixels came about, the rest what they show.
    for (const { what, words: pattern } of NOT_ORIGINAL_WORDS) {
      if (words.slice(2).some((word) => pattern.test(word))) add(what, image)
    }
    const keV = monoenergetic(words.slice(2))
    if (keV !== null) {
      const ordinary = keV >= MONOENERGETIC_LIKE_120.from && keV <= MONOENERGETIC_LIKE_120.to
      if (ordinary) spectral.set(keV, image)
      else add(Number.isNaN(keV) ? 'monoenergetic, keV unknown' : `monoenergetic at ${keV} keV`, image)
    }
    if (imageType[0] === 'DERIVED' && imageType[1] !== 'SECONDARY') derived.push(image)
  }
  for (const { tag, what, images } of reasons.values()) {
    const keyword = tagName(tag).split(' ')[0]
    const message = `${keyword} says ${what}: the pixels are not the attenuation scores are defined on. Use the original axial series`
    objections.refuse('NOT_ORIGINAL', message, { kind: what, tag: tagText(tag), files: images.size })
  }
  if (derived.length > 0) {
    const message = `ImageType says DERIVED on ${derived.length} slice(s): reformatted by the scanner, which is ordinary; check that it is no processed copy`
    objections.warn('NOT_ORIGINAL', message, { tag: tagText(TAG.ImageType), files: derived.length })
  }
  for (const keV of spectral.keys()) {
    const message = `a monoenergetic image at ${keV} keV: close to 120 kVp but not the same; no percentile`
    objections.warn('SPECTRAL', message, { keV, tag: tagText(TAG.ImageType) })
  }
}

/** keV of a monoenergetic image; NaN where it is one and no keV is given; null where it is none. */
function monoenergetic(words: readonly string[]): number | null {
  if (!words.some((word) => MONOENERGETIC_WORDS.test(word))) return null
  const match = MONOENERGETIC_KEV.exec(words.join('_'))
  return match ? Number(match[1] ?? match[2] ?? match[3]) : Number.NaN
}

function checkLossy(slices: readonly Image[], objections: Objections): void {
  const now = filesWhere(slices, ({ acquisition }) => acquisition.lossy === 'now')
  if (now.length > 0) {
    const message = `LossyImageCompression says that ${now.length} slice(s) have lost detail; small calcifications may be gone. Use the lossless series`
    objections.refuse('LOSSY', message, { tag: tagText(TAG.LossyImageCompression), files: now.length })
  }
  const coded = filesWhere(slices, ({ words }) => words !== null && words.coding !== 'native' && words.facts.lossy)
  if (coded.length > 0) {
    const message = `the compression of ${coded.length} slice(s) has lost detail; small calcifications may be gone. Use the lossless series`
    objections.refuse('LOSSY', message, { kind: 'codestream', files: coded.length, file: listOf(coded)[0] })
  }
  const history = filesWhere(slices, ({ acquisition }) => acquisition.lossy === 'history')
  if (history.length > 0) {
    const message = `ImageType or a compression ratio tells of lossy compression in the past of ${history.length} slice(s)`
    objections.warn('LOSSY', message, { tag: tagText(TAG.LossyImageCompressionRatio), files: history.length })
  }
}

function checkVoltage(slices: readonly Image[], objections: Objections): void {
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

function checkFilter(slices: readonly Image[], objections: Objections): void {
  if (!slices.some(({ acquisition }) => acquisition.tinFilter)) return
  const message = 'a tin filter hardened the beam: calcium is darker than at 120 kV without it. No percentile'
  objections.warn('SPECTRAL', message, { filter: 'tin' })
}

function checkKernel(slices: readonly Image[], objections: Objections): void {
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

function checkGating(slices: readonly Image[], objections: Objections): void {
  if (slices.some(({ acquisition }) => acquisition.gating.length > 0)) return
  const message = 'nothing in the headers tells of ECG gating: motion blurs and doubles calcifications'
  objections.warn('NOT_GATED', message, {})
}

function checkFiles(slices: readonly Image[], objections: Objections): void {
  const foreign = filesWhere(slices, ({ words }) => words?.coding === 'native' && words.unused === 'foreign')
  if (foreign.length > 0) {
    const message = `bits beyond BitsStored are set in ${foreign.length} slice(s); they were masked`
    objections.warn('BITS_UNUSED_NONZERO', message, { files: foreign.length, file: listOf(foreign)[0] })
  }
  checkSign(slices, objections)
  const disordered = filesWhere(slices, (image) => image.outOfOrder)
  if (disordered.length > 0) {
    const message = `tags are out of order in ${disordered.length} file(s): not written by the standard, but readable`
    objections.warn('TAG_ORDER', message, { files: disordered.length, file: listOf(disordered)[0] })
  }
  const programs = filesWhere(slices, (image) => image.executablePreamble)
  if (programs.length > 0) {
    const message = `the preamble of ${programs.length} file(s) begins like a program: do not run them, ask where they come from`
    objections.warn('PREAMBLE_EXECUTABLE', message, { files: programs.length, file: listOf(programs)[0] })
  }
}

/** The header decides what the top bit means; a codestream that says otherwise may come from a header edited later. */
function checkSign(slices: readonly Image[], objections: Objections): void {
  const differs = ({ words }: Image): boolean =>
    words !== null && words.coding !== 'native' && words.facts.signed !== null && words.facts.signed !== words.signed
  const files = filesWhere(slices, differs)
  if (files.length === 0) return
  const tag = tagText(TAG.PixelRepresentation)
  const message = `the codestream of ${files.length} slice(s) gives its samples another sign than PixelRepresentation; they were read by PixelRepresentation`
  objections.warn('PIXEL_SIGN_MISMATCH', message, { tag, files: files.length, file: listOf(files)[0] })
}

/** Questions to the stack: thickness, field, pixel size, coverage. */
export function checkGeometry(slices: readonly Image[], geometry: Geometry, objections: Objections): void {
  checkThickness(
    distinct(slices, ({ acquisition }) => acquisition.thicknessMm),
    geometry.incrementMm,
    objections,
  )
  checkField(fieldOf(slices, geometry), Math.max(...geometry.pixelSpacingMm), objections)
  checkCoverage(geometry.slices, geometry.incrementMm, objections)
}

/** Field of view in mm: the scanner's own figure where it fits, since 512 times a rounded pixel spacing is not 300. */
function fieldOf(slices: readonly Image[], geometry: Geometry): number {
  const [rowMm, columnMm] = geometry.pixelSpacingMm
  const side = Math.max(rowMm * geometry.rows, columnMm * geometry.columns)
  const told = slices[0]!.acquisition.diameterMm
  return told !== null && Math.abs(told / side - 1) <= 0.01 ? told : side
}

/**
 * Whether all slices came: only someone else's count can tell that the ends of an even stack are there.
 *
 * @param instances objects of the series, unreadable ones included
 * @param listed what a DICOMDIR lists of the series, where there is one
 */
export function checkCount(
  slices: number,
  instances: number,
  expected: number | undefined,
  images: readonly Image[],
  listed: ListedSeries | null,
  objections: Objections,
): void {
  const told = Math.max(0, ...images.map(({ acquisition }) => acquisition.seriesInstances ?? 0))
  if (expected !== undefined && slices < expected) {
    const message = `${slices} slices where ${expected} are expected. Transfer the series again`
    objections.refuse('SERIES_INCOMPLETE', message, { kind: 'expected', slices, expected })
  }
  if (told > instances) {
    const message = `${instances} objects where ${tagName(TAG.NumberOfSeriesRelatedInstances)} says ${told}. Transfer the series again`
    objections.refuse('SERIES_INCOMPLETE', message, { kind: 'header', slices: instances, expected: told })
  }
  const found = new Set(images.map(({ sopInstanceUid }) => sopInstanceUid))
  const missing = listed ? [...listed.instances].filter((uid) => !found.has(uid)).length : 0
  if (listed && (missing > 0 || listed.size > instances)) {
    const got = Math.min(instances, listed.size - missing)
    const message = `the DICOMDIR lists ${listed.size} images of the series, ${got} are there. Copy the whole medium again`
    objections.refuse('SERIES_INCOMPLETE', message, { kind: 'manifest', slices: got, expected: listed.size })
  }
  const all = listed !== null && images.every(({ sopInstanceUid: uid }) => uid !== null && listed.instances.has(uid))
  if (expected === undefined && told === 0 && !all) {
    const message = 'nothing says how many slices the series should have; missing ones at either end cannot be seen'
    objections.warn('COUNT_UNVERIFIED', message, { slices })
  }
}
