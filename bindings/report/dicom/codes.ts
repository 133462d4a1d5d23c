/**
 * Coded concepts of the DICOM renderings (PS3.16): templates TID 1500 and below, the calcium concepts of the cardiac templates,
 * anatomy of CID 3015 (Coronary Artery) and CID 3630 (valves), units of CID 7181. Meanings are those of the context groups.
 */
import type { Element } from '../../dicom/elements.js'
import { isCoronary } from '../../volume/territory.js'

export interface Code {
  readonly value: string
  readonly scheme: 'DCM' | 'SCT' | 'UCUM' | 'UMLS' | 'RFC5646'
  readonly meaning: string
}

const code = (scheme: Code['scheme'], value: string, meaning: string): Code => Object.freeze({ value, scheme, meaning })

/** Concept names and values, by what they are for here. */
export const CODE = Object.freeze({
  // Document (TID 1500, 1204, 1001, 1002, 1004)
  report: code('DCM', '126000', 'Imaging Measurement Report'),
  language: code('DCM', '121049', 'Language of Content Item and Descendants'),
  english: code('RFC5646', 'en', 'English'),
  observerType: code('DCM', '121005', 'Observer Type'),
  device: code('DCM', '121007', 'Device'),
  deviceUid: code('DCM', '121012', 'Device Observer UID'),
  deviceName: code('DCM', '121013', 'Device Observer Name'),
  deviceManufacturer: code('DCM', '121014', 'Device Observer Manufacturer'),
  deviceModel: code('DCM', '121015', 'Device Observer Model Name'),
  deviceSerial: code('DCM', '121016', 'Device Observer Serial Number'),
  procedureReported: code('DCM', '121058', 'Procedure reported'),
  calciumScan: code('SCT', '426005005', 'Cardiac CT for calcium scoring'),
  measurements: code('DCM', '126010', 'Imaging Measurements'),
  evaluations: code('UMLS', 'C0034375', 'Qualitative Evaluations'),
  comment: code('DCM', '121106', 'Comment'),
  // Image library (TID 1600, 1602)
  library: code('DCM', '111028', 'Image Library'),
  libraryGroup: code('DCM', '126200', 'Image Library Group'),
  modality: code('DCM', '121139', 'Modality'),
  ct: code('DCM', 'CT', 'Computed Tomography'),
  frameOfReference: code('DCM', '112227', 'Frame of Reference UID'),
  horizontalSpacing: code('DCM', '111026', 'Horizontal Pixel Spacing'),
  verticalSpacing: code('DCM', '111066', 'Vertical Pixel Spacing'),
  thickness: code('DCM', '112225', 'Slice Thickness'),
  sliceSpacing: code('DCM', '112226', 'Spacing between slices'),
  // Measurement groups (TID 1411, 1501, 300, 320, 4019)
  group: code('DCM', '125007', 'Measurement Group'),
  trackingId: code('DCM', '112039', 'Tracking Identifier'),
  trackingUid: code('DCM', '112040', 'Tracking Unique Identifier'),
  finding: code('DCM', '121071', 'Finding'),
  calcification: code('SCT', '18115005', 'pathologic calcification'),
  abnormality: code('SCT', '49755003', 'Morphologically Abnormal Structure'),
  findingSite: code('SCT', '363698007', 'Finding Site'),
  method: code('SCT', '370129005', 'Measurement Method'),
  derivation: code('DCM', '121401', 'Derivation'),
  maximum: code('SCT', '56851009', 'Maximum'),
  mean: code('SCT', '373098007', 'Mean'),
  segment: code('DCM', '121191', 'Referenced Segment'),
  sourceSeries: code('DCM', '121232', 'Source series for segmentation'),
  sourceOfMeasurement: code('DCM', '121112', 'Source of Measurement'),
  center: code('DCM', '111010', 'Center'),
  algorithmName: code('DCM', '111001', 'Algorithm Name'),
  algorithmParameters: code('DCM', '111002', 'Algorithm Parameters'),
  algorithmVersion: code('DCM', '111003', 'Algorithm Version'),
  // Calcium (TID 3905; CID 6140, 6142)
  coronaryScore: code('SCT', '450360000', 'Coronary artery calcium score'),
  score: code('DCM', '112058', 'Calcium score'),
  threshold: code('DCM', '122657', 'Agatston Score Threshold'),
  volume: code('DCM', '122660', 'Calcium Volume'),
  mass: code('DCM', '122661', 'Calcium Mass'),
  count: code('DCM', '111038', 'Number of calcifications'),
  attenuation: code('DCM', '112031', 'Attenuation Coefficient'),
  agatstonMethod: code('DCM', '112055', 'Agatston scoring method'),
  volumeMethod: code('DCM', '112056', 'Volume scoring method'),
  massMethod: code('DCM', '112057', 'Mass scoring method'),
  analysis: code('DCM', '122603', 'Calcium Scoring Analysis'),
  // Derivation of images (CID 7202, 7203)
  segmentation: code('DCM', '113076', 'Segmentation'),
  sourceImage: code('DCM', '121322', 'Source image for image processing operation'),
})

/** Units (UCUM); a score has none, which is written as 1 (TID 3905). */
export const UNIT = Object.freeze({
  none: code('UCUM', '1', 'no units'),
  mm: code('UCUM', 'mm', 'millimeter'),
  mm3: code('UCUM', 'mm3', 'cubic millimeter'),
  mg: code('UCUM', 'mg', 'milligram'),
  hu: code('UCUM', "[hnsf'U]", 'Hounsfield unit'),
})

export const CORONARY_ARTERY = code('SCT', '41801008', 'Coronary Artery')

const SITES: Readonly<Record<string, Code>> = Object.freeze({
  LM: code('SCT', '3227004', 'Left Main Coronary Artery'),
  LAD: code('SCT', '59438005', 'Left Anterior Descending Coronary Artery'),
  LCX: code('SCT', '57396003', 'Circumflex Coronary Artery'),
  RCA: code('SCT', '13647002', 'Right Coronary Artery'),
  RAMUS: code('SCT', '244252004', 'Intermediate Artery (Ramus)'),
  PDA: code('SCT', '443113009', 'Posterior Descending Coronary Artery'),
  AORTA: code('SCT', '15825003', 'Aorta'),
  AORTIC_VALVE: code('SCT', '34202007', 'Aortic Valve'),
  MITRAL_VALVE: code('SCT', '91134007', 'Mitral Valve'),
})

/** Where a territory lies. A reader's own name is a coronary artery of no code; of OTHER nothing is known: null. */
export function siteOf(territory: string): Code | null {
  if (Object.hasOwn(SITES, territory)) return SITES[territory]!
  return isCoronary(territory) ? CORONARY_ARTERY : null
}

/** A code as the item of a sequence (PS3.3 8.8). */
export const codeItem = ({ value, scheme, meaning }: Code): readonly Element[] => [
  [0x00080100, 'SH', [value]],
  [0x00080102, 'SH', [scheme]],
  [0x00080104, 'LO', [meaning]],
]

/** A sequence of codes. */
export const codes = (tag: number, ...of: readonly Code[]): Element => [tag, 'SQ', of.map(codeItem)]

const SIGNS: Readonly<Record<string, string>> = {
  '≥': '>=',
  '≤': '<=',
  '²': '2',
  '³': '3',
  '×': 'x',
  '–': '-',
  '—': '-',
  '’': "'",
}

/** Text of this package in the default repertoire, which every Specific Character Set of a source contains. */
export function ascii(text: string, most = Infinity): string {
  // oxlint-disable-next-line no-control-regex
  const plain = text.replace(/[^\x00-\x7f]/gu, (sign) => SIGNS[sign] ?? '?').replace(/[\x00-\x1f\x7f\\]/g, ' ')
  return plain.slice(0, most).trim()
}
