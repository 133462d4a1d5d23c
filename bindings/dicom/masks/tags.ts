/** Attributes of segmentations and structure sets (PS3.6), and how a mask that does not fit is refused. */
import { AgatstonError, type Details } from '../../base/errors.js'

export const MASK_TAG = Object.freeze({
  CodeValue: 0x00080100,
  CodingSchemeDesignator: 0x00080102,
  CodeMeaning: 0x00080104,
  ReferencedSeriesSequence: 0x00081115,
  AnatomicRegionSequence: 0x00082218,
  AnatomicRegionModifierSequence: 0x00082220,
  PrimaryAnatomicStructureSequence: 0x00082228,
  PlanePositionSequence: 0x00209113,
  PlaneOrientationSequence: 0x00209116,
  PixelMeasuresSequence: 0x00289110,
  SharedFunctionalGroupsSequence: 0x52009229,
  PerFrameFunctionalGroupsSequence: 0x52009230,
  SegmentationType: 0x00620001,
  SegmentSequence: 0x00620002,
  SegmentNumber: 0x00620004,
  SegmentLabel: 0x00620005,
  SegmentIdentificationSequence: 0x0062000a,
  ReferencedSegmentNumber: 0x0062000b,
  MaximumFractionalValue: 0x0062000e,
  SegmentedPropertyTypeCodeSequence: 0x0062000f,
  SegmentationFractionalType: 0x00620010,
  SegmentedPropertyTypeModifierCodeSequence: 0x00620011,
  ReferencedFrameOfReferenceSequence: 0x30060010,
  RTReferencedStudySequence: 0x30060012,
  RTReferencedSeriesSequence: 0x30060014,
  StructureSetROISequence: 0x30060020,
  ROINumber: 0x30060022,
  ReferencedFrameOfReferenceUID: 0x30060024,
  ROIName: 0x30060026,
  ROIContourSequence: 0x30060039,
  ContourSequence: 0x30060040,
  ContourGeometricType: 0x30060042,
  NumberOfContourPoints: 0x30060046,
  ContourData: 0x30060050,
  RTROIObservationsSequence: 0x30060080,
  ReferencedROINumber: 0x30060084,
  RTROIIdentificationCodeSequence: 0x30060086,
  RTROIInterpretedType: 0x300600a4,
})

export const MASK_SOP_CLASS = Object.freeze({
  segmentation: '1.2.840.10008.5.1.4.1.1.66.4',
  labelMapSegmentation: '1.2.840.10008.5.1.4.1.1.66.7',
  rtStructureSet: '1.2.840.10008.5.1.4.1.1.481.3',
})

/** In which way a mask does not fit; stands in `details.kind` of a `TERRITORY_MISMATCH`. */
export type MismatchKind =
  | 'not-a-mask'
  | 'frame-of-reference'
  | 'other-series'
  | 'no-position'
  | 'not-parallel'
  | 'not-covering'
  | 'duplicate'
  | 'names'
  | 'conflict'
  | 'unnamed'
  | 'no-territory'
  | 'overlap'
  | 'empty'
  | 'tilted'
  | 'off-plane'
  | 'gaps'
  | 'crossing'

/** A `TERRITORY_MISMATCH`: what was met, what was expected, what to do. `file` is a base name. */
export function maskMismatch(
  kind: MismatchKind,
  file: string,
  met: string,
  next: string,
  details: Details = {},
): AgatstonError {
  return new AgatstonError('TERRITORY_MISMATCH', `${file}: ${met}. ${next}`, { kind, file, ...details })
}

/** Label text for messages and results: printable ASCII, at most 64 characters; null where nothing is left. */
export function printableLabel(text: string | null): string | null {
  return (
    (text ?? '')
      .replace(/[^\x20-\x7e]/g, '?')
      .trim()
      .slice(0, 64) || null
  )
}
