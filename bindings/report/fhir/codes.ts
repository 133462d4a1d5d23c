/**
 * Codes of a report in FHIR. No LOINC code exists for the number of an Agatston score, so it bears that of SNOMED CT which DICOM
 * lists (PS3.16 CID 6142, TID 3905); LOINC names the examination. Units are UCUM.
 */
import type { CodeableConcept, Coding, Quantity } from './resource.js'

const SCT = 'http://snomed.info/sct'
const DCM = 'http://dicom.nema.org/resources/ontology/DCM'
const LOINC = 'http://loinc.org'
const UCUM = 'http://unitsofmeasure.org'

const concept = (system: string, code: string, display: string): CodeableConcept => ({
  coding: [{ system, code, display }],
})

export const EXAMINATION = concept(LOINC, '36934-8', 'CT Heart for calcium scoring')
export const CALCIUM_SCORE = concept(SCT, '450360000', 'Coronary artery calcium score')
export const AGATSTON_METHOD = concept(DCM, '112055', 'Agatston scoring method')
export const CALCIUM_VOLUME = concept(DCM, '122660', 'Calcium Volume')
export const CALCIUM_MASS = concept(DCM, '122661', 'Calcium Mass')
export const CT: Coding = { system: DCM, code: 'CT', display: 'Computed Tomography' }
export const CT_SERVICE = concept('http://terminology.hl7.org/CodeSystem/v2-0074', 'CT', 'CAT Scan')
export const IMAGING = concept('http://terminology.hl7.org/CodeSystem/observation-category', 'imaging', 'Imaging')
export const MEDICAL_RECORD = concept('http://terminology.hl7.org/CodeSystem/v2-0203', 'MR', 'Medical record number')
export const ACCESSION = concept('http://terminology.hl7.org/CodeSystem/v2-0203', 'ACSN', 'Accession ID')
export const NOT_PERFORMED = concept(
  'http://terminology.hl7.org/CodeSystem/data-absent-reason',
  'not-performed',
  'Not Performed',
)

export const CORONARY_ARTERIES = concept(SCT, '41801008', 'Coronary artery')

/** Where a territory lies (PS3.16 CID 3015 and 4); a reader's own name has no code. */
export const SITES: ReadonlyMap<string, CodeableConcept> = new Map([
  ['LM', concept(SCT, '3227004', 'Left Main Coronary Artery')],
  ['LAD', concept(SCT, '59438005', 'Left Anterior Descending Coronary Artery')],
  ['LCX', concept(SCT, '57396003', 'Circumflex Coronary Artery')],
  ['RCA', concept(SCT, '13647002', 'Right Coronary Artery')],
  ['RAMUS', concept(SCT, '244252004', 'Intermediate Artery (Ramus)')],
  ['PDA', concept(SCT, '443113009', 'Posterior Descending Coronary Artery')],
  ['AORTA', concept(SCT, '15825003', 'Aorta')],
  ['AORTIC_VALVE', concept(SCT, '34202007', 'Aortic Valve')],
  ['MITRAL_VALVE', concept(SCT, '91134007', 'Mitral Valve')],
])

/** A number without a unit, as DICOM TID 3905 has it. */
export const score = (value: number): Quantity => ({ value, unit: 'Agatston score', system: UCUM, code: '1' })
export const volume = (value: number): Quantity => ({ value, unit: 'mm3', system: UCUM, code: 'mm3' })
export const mass = (value: number): Quantity => ({ value, unit: 'mg', system: UCUM, code: 'mg' })
