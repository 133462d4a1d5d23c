/**
 * Values of the patient module that occur nowhere else. One of them in anything the package says, of any file however broken, is
 * a leak of who was scanned.
 */
import { inflateRawSync } from 'node:zlib'
import type { Element, Elements } from '../dicom/make.js'
import { latin, readFields } from './fields.js'

const TEXT = 'QZQX'
const DATE = '19371103'
const UID = '1.2.999.31337.77'
/** What the writers of test files put into patient attributes of their own accord. */
const OTHER_WRITERS = 'CANARY'

const text = (vr: string, name: string): Element => ({ vr, value: `${TEXT}${name}` })

/** The patient module (PS3.3 C.7.1.1, C.2.2, C.2.3), each attribute with a canary. */
export const PATIENT: Elements = {
  0x00100010: { vr: 'PN', value: `${TEXT}FAMILY^${TEXT}GIVEN` },
  0x00100020: text('LO', 'ID'),
  0x00100021: text('LO', 'ISSUER'),
  0x00100024: {
    vr: 'SQ',
    value: [{ 0x00400032: text('UT', 'ENTITY'), 0x00400033: { vr: 'CS', value: 'ISO' } }],
  },
  0x00100030: { vr: 'DA', value: DATE },
  0x00100040: { vr: 'CS', value: 'O' },
  0x00101000: text('LO', 'OTHERID'),
  0x00101001: text('PN', 'OTHER^NAME'),
  0x00101002: { vr: 'SQ', value: [{ 0x00100020: text('LO', 'THIRDID') }] },
  0x00101040: text('LO', 'ADDRESS'),
  0x00101060: text('PN', 'MOTHER'),
  0x00101100: {
    vr: 'SQ',
    value: [{ 0x00081150: { vr: 'UI', value: UID }, 0x00081155: { vr: 'UI', value: `${UID}.1` } }],
  },
  0x00102154: text('SH', 'PHONE'),
  0x00102155: text('LT', 'TELECOM'),
  0x00102160: text('SH', 'GROUP'),
  0x00102180: text('SH', 'WORK'),
  0x001021b0: text('LT', 'HISTORY'),
  0x001021f0: text('LO', 'CREED'),
  0x00104000: text('LT', 'COMMENTS'),
}

/** Whether a text holds a canary. */
export const leaks = (said: string): boolean => [TEXT, DATE, UID, OTHER_WRITERS].some((canary) => said.includes(canary))

/**
 * Whether a file itself gives a canary as the value of an attribute that is not the patient's: an edit of tags, or the loss of
 * the bytes between two elements, does that. Nothing then tells the value from any other; it is counted, and no leak.
 */
export function isUnderAnotherTag(bytes: Uint8Array): boolean {
  const { fields, encoding } = readFields(bytes)
  const patient = fields.filter(({ tag }) => tag >>> 16 === 0x0010)
  const isFree = (at: number): boolean => !patient.some((field) => at >= field.at && at < field.end)
  const found = fields.some(({ at, valueAt, end }) => {
    if (!isFree(at) || end - valueAt > 256) return false
    const value = latin(bytes.subarray(valueAt, end)).replace(/[\0 ]+$/, '')
    // oxlint-disable-next-line no-control-regex
    return leaks(value) && !/[\x00-\x1a\x1c-\x1f\x7f]/.test(value)
  })
  return found || (fields.at(-1)?.tag === 0x00020010 && isUnderAnotherTag(inflated(bytes.subarray(encoding.dataStart))))
}

function inflated(bytes: Uint8Array): Uint8Array {
  try {
    return new Uint8Array(inflateRawSync(bytes))
  } catch {
    return new Uint8Array(0)
  }
}
