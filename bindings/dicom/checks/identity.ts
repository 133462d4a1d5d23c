/** Whether the objects of a series belong together: one patient and study, one reconstruction, each object once. */
import type { Objections } from '../../base/verdict.js'
import type { Image } from '../image.js'
import { TAG, tagName, tagText } from '../tags.js'
import { distinct } from './which.js'

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

export function checkMixture(slices: readonly Image[], objections: Objections): void {
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
