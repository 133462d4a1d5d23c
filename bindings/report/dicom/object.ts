/**
 * What all derived objects have in common: patient and study as they stand in the source, a series of their own, equipment, dates,
 * UIDs, and the file around them.
 *
 * UIDs come from what is in the object (PS3.5 B.2, a UUID of a hash): from the hash of the pixels that were scored, of the result, and
 * of every byte of the object itself. The same input is the same object to the byte, so storing it twice is storing it once; and no
 * two objects that differ in anything share a UID.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { toHex } from '../../base/hex.js'
import type { DataSet } from '../../dicom/dataset.js'
import { type Element, encodeElements, encodeFile } from '../../dicom/elements.js'
import { anonymousModules, copyModules } from '../../dicom/modules.js'
import { readDate, readTime } from '../../dicom/subject.js'
import { IMPLEMENTATION, uidFromText } from '../../dicom/uid.js'
import type { Result } from '../../score/result.js'
import { ascii } from './codes.js'
import type { ReportSource } from './source.js'

/** A DICOM object, as a file (explicit VR little endian) and by its names. */
export interface DicomObject {
  readonly bytes: Uint8Array
  readonly modality: string
  readonly sopClassUid: string
  readonly sopInstanceUid: string
  readonly seriesInstanceUid: string
}

export interface ObjectOptions {
  /**
   * False: no patient, no accession number, no dates, no texts of the study: required attributes are empty, ContentDate is
   * 19000101 unless `created` says otherwise. UIDs stay, since references to the images are what the object is for. Default true.
   */
  readonly identity?: boolean
  /**
   * When it was made: YYYYMMDD, HHMMSS. Default: the date and time of the study, so that nothing hangs on a clock; 19000101 where
   * the source has no date at all.
   */
  readonly created?: { readonly date: string; readonly time: string }
  /** SeriesNumber (0020,0011) of the new series. */
  readonly seriesNumber?: number
}

/** What one kind of object adds. */
export interface Draft {
  readonly kind: string
  readonly modality: string
  readonly sopClassUid: string
  readonly seriesNumber: number
  readonly seriesDescription: string
  readonly elements: readonly Element[]
}

/** @throws RangeError for options that are none */
export function makeObject(draft: Draft, result: Result, source: ReportSource, options: ObjectOptions): DicomObject {
  const { kind, modality, sopClassUid } = draft
  const dataset: readonly Element[] = [
    ...(options.identity === false ? anonymousModules(source.head) : copyModules(source.head)),
    ...seriesOf(draft, options),
    ...equipmentOf(result),
    ...draft.elements,
    [0x00080016, 'UI', [sopClassUid]],
  ]
  const seed = `${kind}\n${seedOf(result)}`
  const content = sha256Hex(encodeElements(dataset, 'explicit-le'))
  const seriesInstanceUid = uidFromText(`agatston derived series\n${seed}\n${content}`)
  const sopInstanceUid = uidFromText(`agatston derived object\n${seed}\n${content}`)
  const bytes = encodeFile(
    [
      [0x00020001, 'OB', Uint8Array.of(0, 1)],
      [0x00020002, 'UI', [sopClassUid]],
      [0x00020003, 'UI', [sopInstanceUid]],
      [0x00020012, 'UI', [IMPLEMENTATION.uid]],
      [0x00020013, 'SH', [IMPLEMENTATION.version]],
    ],
    [...dataset, [0x0020000e, 'UI', [seriesInstanceUid]], [0x00080018, 'UI', [sopInstanceUid]]],
    'explicit-le',
  )
  return Object.freeze({ bytes, modality, sopClassUid, sopInstanceUid, seriesInstanceUid })
}

const sha256Hex = (bytes: Uint8Array): string => toHex(sha256(bytes))

/** What the UIDs of everything made from a result begin with: pixels and result by their hashes. */
export function seedOf(result: Result): string {
  const { pixelSha256, seriesInstanceUid } = result.input
  return `${pixelSha256 ?? seriesInstanceUid}\n${sha256Hex(new TextEncoder().encode(JSON.stringify(result)))}`
}

/** TrackingUID of one finding, the same in every object made from the result. */
export const trackingUid = (seed: string, identifier: string): string =>
  uidFromText(`agatston tracking\n${seed}\n${identifier}`)

/** General Series (PS3.3 C.7.3.1). */
function seriesOf(draft: Draft, { seriesNumber = draft.seriesNumber }: ObjectOptions): readonly Element[] {
  if (!Number.isInteger(seriesNumber) || seriesNumber < 0 || seriesNumber > 2 ** 31 - 1) {
    throw new RangeError(`seriesNumber must be a whole number from 0 to 2147483647, got ${seriesNumber}`)
  }
  return [
    [0x00080060, 'CS', [draft.modality]],
    [0x00200011, 'IS', [String(seriesNumber)]],
    [0x0008103e, 'LO', [ascii(draft.seriesDescription, 64)]],
    [0x00200013, 'IS', ['1']],
  ]
}

/** General and Enhanced General Equipment (C.7.5.1, C.7.5.2): this software, by the hash of the module that scored. */
function equipmentOf({ engine }: Result): readonly Element[] {
  return [
    [0x00080070, 'LO', [engine.name]],
    [0x00081090, 'LO', [engine.name]],
    [0x00181000, 'LO', [engine.wasmSha256]],
    [0x00181020, 'LO', [engine.version]],
  ]
}

/** ContentDate, ContentTime (0008,0023), (0008,0033). */
export function contentDate(source: ReportSource, options: ObjectOptions): readonly Element[] {
  const { date, time } = options.created ?? dateOf(source, options)
  const [year, month, day] = [date.slice(0, 4), date.slice(4, 6), date.slice(6)].map(Number)
  const isDay = /^\d{8}$/.test(date) && month! >= 1 && month! <= 12 && day! >= 1 && day! <= daysIn(year!, month!)
  if (!isDay || !/^([01]\d|2[0-3])[0-5]\d([0-5]\d|60)$/.test(time)) {
    throw new RangeError('created must be { date: YYYYMMDD, time: HHMMSS }')
  }
  return [
    [0x00080023, 'DA', [date]],
    [0x00080033, 'TM', [time]],
  ]
}

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate()

/** What stands where a date must stand and none is known (PS3.15 E.1: a dummy): the same in every object, and no one's scan. */
const NO_DATE = { date: '19000101', time: '000000' }

/** Dates and times of the source, the study's first: study, series, acquisition, content (0008,0020) to (0008,0033). */
function dateOf({ head }: ReportSource, { identity }: ObjectOptions): { date: string; time: string } {
  if (identity === false) return NO_DATE
  for (const [day, clock] of [0x20, 0x21, 0x22, 0x23].map((element) => [0x00080000 + element, 0x00080010 + element])) {
    const date = readDate(head.text(day!))
    if (date !== null) return { date: date.replaceAll('-', ''), time: timeOf(head, clock!) }
  }
  return NO_DATE
}

const timeOf = (head: DataSet, tag: number): string => readTime(head.text(tag))?.replaceAll(':', '') ?? '000000'
