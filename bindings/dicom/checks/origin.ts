/** Whether the pixels are the scanner's own, with all their detail, or were computed or compressed since. */
import type { Objections } from '../../base/verdict.js'
import type { Image } from '../image.js'
import { listOf } from '../planes.js'
import { isCapture } from '../select.js'
import {
  MONOENERGETIC_KEV,
  MONOENERGETIC_LIKE_120,
  MONOENERGETIC_WORDS,
  NOT_ORIGINAL_WORDS,
  normalized,
} from '../tables.js'
import { TAG, tagName, tagText } from '../tags.js'
import { filesWhere } from './which.js'

/** ImageType (0008,0008), what Enhanced CT says beside it, and SOP class: whether the pixels are the scanner's own attenuation values. */
export function checkOriginal(slices: readonly Image[], objections: Objections): void {
  const reasons = new Map<string, { readonly tag: number; readonly what: string; readonly images: Set<Image> }>()
  const add = (what: string, image: Image, tag: number = TAG.ImageType): void => {
    const reason = reasons.get(`${tag} ${what}`) ?? { tag, what, images: new Set() }
    reason.images.add(image)
    reasons.set(`${tag} ${what}`, reason)
  }
  const showing = shownOnce()
  const derived: Image[] = []
  const spectral = new Map<number, Image>()
  for (const image of slices) {
    const { imageType, computed } = image.acquisition
    for (const { tag, what } of computed) add(what, image, tag)
    if (imageType[1] === 'SECONDARY') add('secondary', image)
    if (isCapture(image)) add('secondary capture', image)
    const { shown, keV } = showing(imageType)
    for (const what of shown) add(what, image)
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

/** What the values of ImageType say a picture shows; the slices of a series mostly say the same, which is looked at once. */
function shownOnce(): (imageType: readonly string[]) => Shown {
  const known = new Map<string, Shown>()
  return (imageType) => {
    const key = imageType.join('\\')
    const shown = known.get(key) ?? shownBy(imageType)
    known.set(key, shown)
    return shown
  }
}

interface Shown {
  /** Names of what was computed from the scanner's pixels. */
  readonly shown: readonly string[]
  /** As `monoenergetic` says. */
  readonly keV: number | null
}

/** The first two values say how the pixels came about, the rest what they show. */
function shownBy(imageType: readonly string[]): Shown {
  const words = imageType.slice(2).map(normalized)
  const named = NOT_ORIGINAL_WORDS.filter(({ words: pattern }) => words.some((word) => pattern.test(word)))
  return { shown: named.map(({ what }) => what), keV: monoenergetic(words) }
}

/** keV of a monoenergetic image; NaN where it is one and no keV is given; null where it is none. */
function monoenergetic(words: readonly string[]): number | null {
  if (!words.some((word) => MONOENERGETIC_WORDS.test(word))) return null
  const match = MONOENERGETIC_KEV.exec(words.join('_'))
  return match ? Number(match[1] ?? match[2] ?? match[3]) : Number.NaN
}

export function checkLossy(slices: readonly Image[], objections: Objections): void {
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
