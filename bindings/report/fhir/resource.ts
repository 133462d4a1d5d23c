/** The parts of FHIR R4 that a report uses, as types. HL7 FHIR R4 (4.0.1), https://hl7.org/fhir/R4. */

export interface Coding {
  readonly system: string
  readonly code: string
  readonly display: string
}

export interface CodeableConcept {
  readonly coding?: readonly Coding[]
  readonly text?: string
}

export interface Quantity {
  readonly value: number
  readonly unit: string
  readonly system: string
  readonly code: string
}

export interface Reference {
  readonly reference?: string
  readonly type?: string
  readonly display?: string
}

export interface Identifier {
  readonly type?: CodeableConcept
  readonly system?: string
  readonly value: string
}

export interface Annotation {
  readonly text: string
}

/** A resource as JSON: its type, and fields by the names of FHIR. */
export interface FhirResource {
  readonly resourceType: 'Device' | 'DiagnosticReport' | 'ImagingStudy' | 'Observation' | 'Patient'
  readonly [field: string]: unknown
}

export interface FhirEntry {
  /** `urn:uuid:`, by which the other entries name it. */
  readonly fullUrl: string
  readonly resource: FhirResource
  readonly request?: { readonly method: 'POST'; readonly url: string; readonly ifNoneExist?: string }
}

export interface FhirBundle {
  readonly resourceType: 'Bundle'
  readonly type: 'collection' | 'transaction'
  readonly identifier: Identifier
  readonly entry: readonly FhirEntry[]
}
