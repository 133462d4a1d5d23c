/**
 * Pictures of a report as DICOM images. One is a Secondary Capture (PS3.3 A.8.1), which every archive and viewer takes; several are
 * the pages of a Multi-frame True Color Secondary Capture (A.8.5), so that they stay together and in order.
 */
import type { Element } from '../../dicom/elements.js'
import type { Result } from '../../score/result.js'
import { CODE, codes } from './codes.js'
import { type DicomObject, type ObjectOptions, contentDate, makeObject } from './object.js'
import { type ReportSource, allInstances, checkBelongs, referenceItem } from './source.js'

export const SECONDARY_CAPTURE_STORAGE = '1.2.840.10008.5.1.4.1.1.7'
export const TRUE_COLOR_SECONDARY_CAPTURE_STORAGE = '1.2.840.10008.5.1.4.1.1.7.4'

/** A raster: width x height x red, green, blue, row by row. */
export interface CapturedPicture {
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
}

export interface SecondaryCaptureOptions extends ObjectOptions {
  /** Whether the pixels themselves say who the patient is (BurnedInAnnotation). Whoever drew them knows. */
  readonly burnedInAnnotation: boolean
  /** Default `Calcium score summary (agatston)`. */
  readonly seriesDescription?: string
}

/** Most bytes of pixels: beyond, the length of an element cannot say how many. */
const MOST_BYTES = 2 ** 31

/**
 * @param pictures one, or pages of one size
 * @throws RangeError for pictures that are none, of different sizes, or that show a patient where `identity` is false;
 *   AgatstonError `INTEGRITY_FAILED` where result and source do not belong together
 */
export function secondaryCapture(
  pictures: CapturedPicture | readonly CapturedPicture[],
  result: Result,
  source: ReportSource,
  options: SecondaryCaptureOptions,
): DicomObject {
  checkBelongs(result, source)
  checkBurnedIn(options)
  const pages: readonly CapturedPicture[] = 'rgb' in pictures ? [pictures] : pictures
  const pixels = joined(pages)
  const [{ width, height }] = pages as readonly [CapturedPicture]
  const several = pages.length > 1
  return makeObject(
    {
      kind: 'secondary capture',
      modality: 'OT',
      sopClassUid: several ? TRUE_COLOR_SECONDARY_CAPTURE_STORAGE : SECONDARY_CAPTURE_STORAGE,
      seriesNumber: 9102,
      seriesDescription: options.seriesDescription ?? 'Calcium score summary (agatston)',
      elements: [
        ...contentDate(source, options),
        [0x00080008, 'CS', ['DERIVED', 'SECONDARY']],
        [0x00080064, 'CS', ['WSD']],
        [0x00082111, 'ST', ['Picture of a calcium score report, not for measuring']],
        [
          0x00082112,
          'SQ',
          allInstances(source).map((one) => [...referenceItem(one), codes(0x0040a170, CODE.sourceImage)]),
        ],
        [0x00200020, 'CS', []],
        ...bodyPart(result, source),
        [0x00280002, 'US', [3]],
        [0x00280004, 'CS', ['RGB']],
        [0x00280006, 'US', [0]],
        [0x00280010, 'US', [height]],
        [0x00280011, 'US', [width]],
        [0x00280100, 'US', [8]],
        [0x00280101, 'US', [8]],
        [0x00280102, 'US', [7]],
        [0x00280103, 'US', [0]],
        [0x00280301, 'CS', [options.burnedInAnnotation ? 'YES' : 'NO']],
        [0x00282110, 'CS', ['00']],
        ...(several ? pagesOf(pages.length) : []),
        [0x7fe00010, 'OB', pixels],
      ],
    },
    result,
    source,
    options,
  )
}

/**
 * BodyPartExamined (0018,0015): as the source says. A score of a scope other than a whole image is of the heart. Where nothing is
 * known, neither is Laterality, which is then empty (C.7.3.1, type 2C).
 */
function bodyPart({ scope }: Result, { head }: ReportSource): readonly Element[] {
  const [part] = head.codes(0x00180015)
  if (part && /^[A-Z0-9_ ]{1,16}$/.test(part)) return [[0x00180015, 'CS', [part]]]
  return scope === 'whole-image' ? [[0x00200060, 'CS', []]] : [[0x00180015, 'CS', ['HEART']]]
}

/** Multi-frame, SC Multi-frame Image and Vector (C.7.6.6, C.8.6.3, C.8.6.4): frames are pages. */
const pagesOf = (frames: number): readonly Element[] => [
  [0x00280008, 'IS', [String(frames)]],
  [0x00280009, 'copy', { vr: 'AT', bytes: Uint8Array.of(0x18, 0, 0x01, 0x20) }],
  [0x00182001, 'IS', Array.from({ length: frames }, (_, n) => String(n + 1))],
]

function joined(pages: readonly CapturedPicture[]): Uint8Array {
  const [first] = pages
  if (!first) throw new RangeError('pictures must hold at least one')
  const { width, height } = first
  for (const side of [width, height]) {
    if (!Number.isInteger(side) || side < 1 || side > 0xffff) {
      throw new RangeError(`a picture must be 1 to 65535 pixels wide and high, got ${width} x ${height}`)
    }
  }
  const size = width * height * 3
  if (size * pages.length > MOST_BYTES) throw new RangeError('the pictures have more than 2 GiB of pixels')
  const all = new Uint8Array(size * pages.length)
  pages.forEach((page, n) => {
    if (page.width !== width || page.height !== height || page.rgb.length !== size) {
      throw new RangeError(`picture ${n} must be ${width} x ${height} pixels of 3 bytes, as the first is`)
    }
    all.set(page.rgb, n * size)
  })
  return all
}

/** Identity that is left out of the header must not stand in the pixels. */
export function checkBurnedIn({ identity, burnedInAnnotation }: SecondaryCaptureOptions): void {
  if (typeof burnedInAnnotation !== 'boolean') {
    throw new TypeError('burnedInAnnotation must say whether what is drawn names the patient: true or false')
  }
  if (identity === false && burnedInAnnotation) {
    throw new RangeError('identity is to be left out, and what is drawn names the patient: draw it without')
  }
}
