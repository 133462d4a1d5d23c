/** The attributes this reader looks at, by their keyword in PS3.6. A tag is one number: group x 65536 + element. */

export const TAG = Object.freeze({
  MediaStorageSOPClassUID: 0x00020002,
  TransferSyntaxUID: 0x00020010,
  ImageType: 0x00080008,
  SOPClassUID: 0x00080016,
  SOPInstanceUID: 0x00080018,
  Modality: 0x00080060,
  Manufacturer: 0x00080070,
  PatientName: 0x00100010,
  PatientID: 0x00100020,
  PatientBirthDate: 0x00100030,
  ContrastBolusAgent: 0x00180010,
  ContrastBolusAgentSequence: 0x00180012,
  ScanOptions: 0x00180022,
  SliceThickness: 0x00180050,
  KVP: 0x00180060,
  SpacingBetweenSlices: 0x00180088,
  ContrastBolusVolume: 0x00181041,
  TriggerTime: 0x00181060,
  NominalInterval: 0x00181062,
  LowRRValue: 0x00181081,
  HighRRValue: 0x00181082,
  HeartRate: 0x00181088,
  ReconstructionDiameter: 0x00181100,
  FilterType: 0x00181160,
  ConvolutionKernel: 0x00181210,
  FilterMaterial: 0x00187050,
  CardiacSynchronizationTechnique: 0x00189037,
  StudyInstanceUID: 0x0020000d,
  SeriesInstanceUID: 0x0020000e,
  AcquisitionNumber: 0x00200012,
  ImagePositionPatient: 0x00200032,
  ImageOrientationPatient: 0x00200037,
  FrameOfReferenceUID: 0x00200052,
  TemporalPositionIdentifier: 0x00200100,
  SliceLocation: 0x00201041,
  NumberOfSeriesRelatedInstances: 0x00201209,
  NominalPercentageOfCardiacPhase: 0x00209241,
  SamplesPerPixel: 0x00280002,
  PhotometricInterpretation: 0x00280004,
  NumberOfFrames: 0x00280008,
  Rows: 0x00280010,
  Columns: 0x00280011,
  PixelSpacing: 0x00280030,
  BitsAllocated: 0x00280100,
  BitsStored: 0x00280101,
  HighBit: 0x00280102,
  PixelRepresentation: 0x00280103,
  PixelPaddingValue: 0x00280120,
  PixelPaddingRangeLimit: 0x00280121,
  RescaleIntercept: 0x00281052,
  RescaleSlope: 0x00281053,
  RescaleType: 0x00281054,
  LossyImageCompression: 0x00282110,
  LossyImageCompressionRatio: 0x00282112,
  ModalityLUTSequence: 0x00283000,
  FloatPixelData: 0x7fe00008,
  DoubleFloatPixelData: 0x7fe00009,
  PixelData: 0x7fe00010,
})

export type Keyword = keyof typeof TAG

const KEYWORDS = new Map<number, string>(Object.entries(TAG).map(([keyword, tag]) => [tag, keyword]))

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0')

/** `(0028,0010)`, as the standard writes it. */
export const tagText = (tag: number): string => `(${hex(tag >>> 16, 4)},${hex(tag & 0xffff, 4)})`

/** `Rows (0028,0010)` where this reader knows the keyword, else the number alone. */
export function tagName(tag: number): string {
  const keyword = KEYWORDS.get(tag)
  return keyword ? `${keyword} ${tagText(tag)}` : tagText(tag)
}
