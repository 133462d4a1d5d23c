/** What fuzzing found, each as the smallest case that showed it. */
import { describe, expect, it } from 'vitest'
import { inspectSeries } from '../../bindings/dicom/index.js'
import { type Syntax, ctElements, ctSeries, encodeFile, source } from '../dicom/make.js'
import { SINGLE, code, failure, only, warningsOf } from '../dicom/outcome.js'
import { PATIENT, leaks } from './canary.js'
import { putNumber, readFields, replaced } from './fields.js'

describe('a length that swallows the elements behind it', () => {
  const MODALITY = 0x00080060
  const MANUFACTURER = 0x00080070
  const PATIENT_ID = 0x00100020

  /** The value of an element ends where that of PatientID does: the file reads on as if nothing were wrong. */
  function swallowing(syntax: Syntax, tag = MANUFACTURER): Uint8Array {
    const bytes = encodeFile(ctElements(0, PATIENT), { syntax })
    const top = readFields(bytes).fields.filter(({ depth }) => depth === 0)
    const [from, to] = [tag, PATIENT_ID].map((one) => top.find((field) => field.tag === one)!)
    putNumber(bytes, from!.lengthAt, to!.end - from!.valueAt, from!.lengthBytes, from!.bigEndian)
    return bytes
  }

  it.each(['implicit', 'explicit', 'big'] satisfies Syntax[])('does not tell the patient: %s', async (syntax) => {
    const { manufacturer, ...series } = await only([source(swallowing(syntax))], SINGLE)
    expect(manufacturer).toBeNull()
    expect(leaks(JSON.stringify({ ...series, volume: series.volume?.facts }))).toBe(false)
  })

  it.each(['implicit', 'explicit', 'big'] satisfies Syntax[])('is no modality: %s', async (syntax) => {
    const series = await only([source(swallowing(syntax, MODALITY))], SINGLE)
    expect([series.modality, series.refusals[0]!.code]).toEqual([null, 'MODALITY_NOT_CT'])
    expect(leaks(JSON.stringify(series))).toBe(false)
  })

  it('leaves a manufacturer of other letters as it was', async () => {
    const edits = { 0x00080070: { vr: 'LO', value: 'M\u00dcLLER' } }
    expect((await only(ctSeries(3, edits))).manufacturer).toBe('M?LLER')
  })
})

describe('an identifier of nothing but padding', () => {
  it.each([
    ['SOPInstanceUID', 0x00080018, '\0\0'],
    ['SOPInstanceUID', 0x00080018, '  '],
    ['StudyInstanceUID', 0x0020000d, '\0\0'],
  ])('is absent, and no fault of ours: %s', async (name, tag, value) => {
    const series = ctSeries(33, (k) => (k === 4 ? { [tag]: value } : {}))
    const error = await failure(series)
    expect(error.code).toBe('PARSE_FAILED')
    expect(error.message).toContain(`${name} `)
    expect((await inspectSeries(series)).series[0]!.eligible).toBe(false)
  })
})

describe('padding of one slice that covers calcium', () => {
  it.each([
    ['a range', { 0x00280120: { vr: 'SS', value: [1200] }, 0x00280121: { vr: 'SS', value: [4095] } }],
    ['one value', { 0x00280120: { vr: 'SS', value: [1424] } }],
  ])('is never applied in silence: %s', async (_, edits) => {
    const series = ctSeries(33, (k) => (k === 4 ? edits : {}))
    const { refusals } = await only(series)
    if (refusals.length > 0) expect(await code(series)).toBe('PIXEL_FORMAT')
    else expect(await warningsOf(series)).toContain('PADDING_IN_FIELD')
  })
})

describe('a byte too many in front of the pixels', () => {
  /** All words shift by half a word. The byte left over at the end is the high byte of the last pixel: a zero, like padding. */
  function shifted(): Uint8Array {
    const words = Array.from({ length: 64 }, (_, i) => (i * 37) % 256)
    const bytes = encodeFile(ctElements(4, { 0x7fe00010: { vr: 'OW', value: words } }))
    const { valueAt } = readFields(bytes).fields.find(({ tag }) => tag === 0x7fe00010)!
    return replaced(bytes, valueAt, valueAt, Uint8Array.of(0x49))
  }

  // Not mended yet: an odd number of zeros behind the data set is taken for padding. Once it is refused, `fails` has to go.
  it('is refused: no data set of even lengths leaves an odd byte', async () => {
    const series = ctSeries(33)
    series[4] = source(shifted(), series[4]!.name)
    expect(await code(series)).toBe('PARSE_FAILED')
  })
})
