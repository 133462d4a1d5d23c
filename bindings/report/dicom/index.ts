/** DICOM renderings of a report: objects as bytes, to be stored beside the images they were made from. Browser-safe. */
export { type EncapsulatedPdfOptions, encapsulatedPdf } from './encapsulated-pdf.js'
export type { DicomObject, ObjectOptions } from './object.js'
export { type CapturedPicture, type SecondaryCaptureOptions, secondaryCapture } from './secondary-capture.js'
export { segmentation } from './segmentation.js'
export { type ReportSource, openSource } from './source.js'
export { type StructuredReportOptions, structuredReport } from './structured-report.js'
