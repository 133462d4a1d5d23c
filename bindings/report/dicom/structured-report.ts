/**
 * A score as a structured report: an Imaging Measurement Report (TID 1500 of PS3.16) in a Comprehensive 3D SR (PS3.3 A.35.13).
 *
 * Why that class: lesions have their centre in patient coordinates (SCOORD3D), which holds in every viewer whatever the series is
 * sorted or cut by; Enhanced SR has no such item, and Comprehensive SR only points on one image.
 *
 * Numbers are here only where there is a coronary reading. A whole image never becomes one; what the software proposed is marked so
 * in the flags of the document and in words. No person is named as having verified anything, so the document is UNVERIFIED.
 */
import type { Element } from '../../dicom/elements.js'
import { copyValue } from '../../dicom/modules.js'
import { uidFromText } from '../../dicom/uid.js'
import type { Result } from '../../score/result.js'
import { DISCLAIMER } from '../disclaimer.js'
import { categoryText } from '../numbers.js'
import { whyNoCategory } from '../standing.js'
import { vesselsNotMarked } from '../vessels.js'
import { WARNING_HELP } from '../warnings.js'
import { CODE, UNIT } from './codes.js'
import { type Content, coded, container, encodeContent, image, number, text, uid } from './content.js'
import { type GroupContext, lesionGroups, territoryGroup, totalGroup } from './groups.js'
import { type DicomObject, type ObjectOptions, contentDate, makeObject, seedOf } from './object.js'
import { refuseWholeImage } from './refuse.js'
import { segmentsOf } from './segments.js'
import { type ReferencedInstance, type ReportSource, allInstances, checkBelongs, referenceItem } from './source.js'

export const COMPREHENSIVE_3D_SR_STORAGE = '1.2.840.10008.5.1.4.1.1.88.34'

export interface StructuredReportOptions extends ObjectOptions {
  /** The segmentation of the same result: territories then refer to its segments. Null: it had none. */
  readonly segmentation?: DicomObject | null
}

/**
 * @throws AgatstonError `SCOPE_MISSING` for a whole image, `INTEGRITY_FAILED` where result and source do not belong together;
 *   RangeError for wrong options
 */
export function structuredReport(
  result: Result,
  source: ReportSource,
  options: StructuredReportOptions = {},
): DicomObject {
  refuseWholeImage(result, 'a structured report of numbers')
  checkBelongs(result, source)
  const { segmentation = null } = options
  const drawn = segmentation && { object: segmentation, segments: segmentsOf(result) }
  const context: GroupContext = { result, source, seed: seedOf(result), drawn }
  return makeObject(
    {
      kind: 'structured report',
      modality: 'SR',
      sopClassUid: COMPREHENSIVE_3D_SR_STORAGE,
      seriesNumber: 9100,
      seriesDescription: 'Calcium score report (agatston)',
      elements: [
        ...documentOf(result, source, options),
        ...evidenceOf(source, segmentation),
        ...encodeContent(root(context), true),
      ],
    },
    result,
    source,
    options,
  )
}

/** SR Document Series and SR Document General (C.17.1, C.17.2). */
function documentOf(result: Result, source: ReportSource, options: ObjectOptions): readonly Element[] {
  const open = openQuestion(result)
  return [
    ...contentDate(source, options),
    [0x00081111, 'SQ', []],
    [0x0040a372, 'SQ', []],
    ...(options.identity === false ? [] : requestOf(source)),
    [0x0040a491, 'CS', [open === null ? 'COMPLETE' : 'PARTIAL']],
    ...(open === null ? [] : [[0x0040a492, 'LO', [open]] as const]),
    [0x0040a493, 'CS', ['UNVERIFIED']],
    ...(open === null ? [] : [[0x0040a496, 'CS', ['PRELIMINARY']] as const]),
  ]
}

/** What keeps the document from being complete; null: nothing. */
function openQuestion({ scope, accepted }: Result): string | null {
  if (scope === 'candidates') return 'Lesions proposed by the software; not confirmed by a reader'
  return accepted.length > 0 ? 'A refusal was overridden; not a standard reading' : null
}

/** Referenced Request (C.17.2): the order the scan was made for, where it has a number. */
function requestOf({ head }: ReportSource): readonly Element[] {
  if (head.text(0x00080050) === null) return []
  const request: readonly Element[] = [
    ...copyValue(head, 0x0020000d),
    ...copyValue(head, 0x00080050),
    [0x00081110, 'SQ', []],
    [0x00401001, 'SH', []],
    [0x00321060, 'LO', []],
    [0x00321064, 'SQ', []],
    [0x00402016, 'LO', []],
    [0x00402017, 'LO', []],
  ]
  return [[0x0040a370, 'SQ', [request]]]
}

/** Current Requested Procedure Evidence (C.17.2.3): every object the content refers to. */
function evidenceOf(source: ReportSource, segmentation: DicomObject | null): readonly Element[] {
  const seriesItem = (seriesUid: string, instances: readonly ReferencedInstance[]): readonly Element[] => [
    [0x00081199, 'SQ', instances.map(referenceItem)],
    [0x0020000e, 'UI', [seriesUid]],
  ]
  const { seriesInstanceUid, studyInstanceUid } = source.volume.facts
  const series = [seriesItem(seriesInstanceUid!, allInstances(source))]
  if (segmentation) series.push(seriesItem(segmentation.seriesInstanceUid, [{ ...segmentation, frames: null }]))
  const study: readonly Element[] = [
    [0x00081115, 'SQ', series],
    [0x0020000d, 'UI', [studyInstanceUid!]],
  ]
  return [[0x0040a375, 'SQ', [study]]]
}

function root(context: GroupContext): Content {
  const { result } = context
  const lesions = lesionGroups(context)
  const territories = Object.keys(result.territories).map((territory) => territoryGroup(context, territory))
  return container(
    'CONTAINS',
    CODE.report,
    '1500',
    coded('HAS CONCEPT MOD', CODE.language, CODE.english),
    observer(result),
    coded('HAS CONCEPT MOD', CODE.procedureReported, CODE.calciumScan),
    library(context),
    container('CONTAINS', CODE.measurements, null, totalGroup(context), territories, lesions.groups),
    container('CONTAINS', CODE.evaluations, null, statements(result, lesions.counted - lesions.groups.length)),
  )
}

/** Observation context (TID 1001, 1002, 1004): a device, this software. */
const observer = ({ engine }: Result): readonly Content[] => [
  coded('HAS OBS CONTEXT', CODE.observerType, CODE.device),
  uid('HAS OBS CONTEXT', CODE.deviceUid, uidFromText(`agatston device\n${engine.version}\n${engine.wasmSha256}`)),
  text('HAS OBS CONTEXT', CODE.deviceName, engine.name),
  text('HAS OBS CONTEXT', CODE.deviceManufacturer, engine.name),
  text('HAS OBS CONTEXT', CODE.deviceModel, `${engine.name} ${engine.version}`),
  text('HAS OBS CONTEXT', CODE.deviceSerial, engine.wasmSha256),
]

/** Image Library (TID 1600 to 1602): what was measured on, once for all groups. */
function library({ source }: GroupContext): Content {
  const { geometry, frameOfReferenceUid } = source.volume
  const [rows, columns] = geometry.pixelSpacingMm
  return container(
    'CONTAINS',
    CODE.library,
    '1600',
    container(
      'CONTAINS',
      CODE.libraryGroup,
      null,
      coded('HAS ACQ CONTEXT', CODE.modality, CODE.ct),
      frameOfReferenceUid === null ? null : uid('HAS ACQ CONTEXT', CODE.frameOfReference, frameOfReferenceUid),
      number('HAS ACQ CONTEXT', CODE.horizontalSpacing, columns, UNIT.mm),
      number('HAS ACQ CONTEXT', CODE.verticalSpacing, rows, UNIT.mm),
      number('HAS ACQ CONTEXT', CODE.thickness, geometry.thicknessMm, UNIT.mm),
      number('HAS ACQ CONTEXT', CODE.sliceSpacing, geometry.incrementMm, UNIT.mm),
      allInstances(source).map((instance) => image('CONTAINS', null, instance)),
    ),
  )
}

/** What must be read beside the numbers, in words. A warning's own message may name a file, so its effect stands here. */
function statements(result: Result, leftOut: number): readonly Content[] {
  const why = whyNoCategory(result)
  const notMarked = vesselsNotMarked(result)
  const { category, warnings } = result
  const lines = [
    ...(why === null && category !== null
      ? [`Category: ${categoryText(category)}`]
      : [`No category: ${why ?? 'the result has none'}`]),
    ...(notMarked.length > 0 ? [`Not marked, so not scored: ${notMarked.join(', ')}`] : []),
    ...(leftOut > 0 ? [`${leftOut} more lesions, the smallest, are in the totals and have no group here`] : []),
    ...[...new Set(warnings.map(({ code }) => code))].map((code) => `${code}: ${WARNING_HELP[code].effect}`),
    DISCLAIMER,
  ]
  return lines.map((line) => text('CONTAINS', CODE.comment, line))
}
