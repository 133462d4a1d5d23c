/** A PDF of a report as an Encapsulated PDF (PS3.3 A.45.1), for archives that show documents. */
import type { Result } from '../../score/result.js'
import { CODE, ascii, codes } from './codes.js'
import { type DicomObject, contentDate, makeObject } from './object.js'
import { type SecondaryCaptureOptions, checkBurnedIn } from './secondary-capture.js'
import { type ReportSource, allInstances, checkBelongs, referenceItem } from './source.js'

export const ENCAPSULATED_PDF_STORAGE = '1.2.840.10008.5.1.4.1.1.104.1'

export interface EncapsulatedPdfOptions extends SecondaryCaptureOptions {
  /** DocumentTitle (0042,0010), in the default repertoire. */
  readonly title?: string
}

/**
 * @param pdf the file, from `%PDF` on
 * @throws RangeError for what is no PDF; what `secondaryCapture` throws
 */
export function encapsulatedPdf(
  pdf: Uint8Array,
  result: Result,
  source: ReportSource,
  options: EncapsulatedPdfOptions,
): DicomObject {
  checkBelongs(result, source)
  checkBurnedIn(options)
  if (!(pdf instanceof Uint8Array) || String.fromCharCode(...pdf.subarray(0, 5)) !== '%PDF-') {
    throw new RangeError('the document does not begin as a PDF does (%PDF-)')
  }
  return makeObject(
    {
      kind: 'encapsulated pdf',
      modality: 'DOC',
      sopClassUid: ENCAPSULATED_PDF_STORAGE,
      seriesNumber: 9103,
      seriesDescription: options.seriesDescription ?? 'Calcium score report (agatston)',
      elements: [
        ...contentDate(source, options),
        [0x0008002a, 'DT', []],
        [0x00080064, 'CS', ['WSD']],
        [0x00280301, 'CS', [options.burnedInAnnotation ? 'YES' : 'NO']],
        codes(0x0040a043, CODE.analysis),
        [0x00420010, 'ST', [ascii(options.title ?? 'Coronary calcium score', 1024)]],
        [0x00420011, 'OB', pdf],
        [0x00420012, 'LO', ['application/pdf']],
        [0x00420013, 'SQ', allInstances(source).map(referenceItem)],
        [0x00420015, 'UL', [pdf.length]],
      ],
    },
    result,
    source,
    options,
  )
}
