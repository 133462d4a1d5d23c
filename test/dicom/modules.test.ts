/** Patient and study of a source, copied: the same bytes in every encoding, nothing else, and nothing where identity is left out. */
import { describe, expect, it } from 'vitest'
import { DataSet } from '../../bindings/dicom/dataset.js'
import { encodeFile as write, encodeElements } from '../../bindings/dicom/elements.js'
import { DEFAULT_LIMITS } from '../../bindings/dicom/limits.js'
import { anonymousModules, copyModules } from '../../bindings/dicom/modules.js'
import { openObject } from '../../bindings/dicom/open.js'
import { type Edits, type FileOptions, ctElements, encodeFile } from './make.js'

const bytes = (text: string): Uint8Array => Uint8Array.from([...text].map((sign) => sign.charCodeAt(0)))
const setOf = (file: Uint8Array): DataSet => DataSet.read(openObject(file, 'a.dcm', DEFAULT_LIMITS)!)
const made = (edits: Edits, options: FileOptions = {}): DataSet => setOf(encodeFile(ctElements(0, edits), options))
const copied = (set: DataSet): DataSet => setOf(write([[0x00020002, 'UI', ['1.2']]], copyModules(set), 'explicit-le'))

const NAME = bytes('M\xfc"<b>^\x1b$B;3ED\x1b(B ')
const code = (value: string, open = false) => ({
  vr: 'SQ',
  open,
  value: [
    { 0x00080100: { vr: 'SH', value }, 0x00080102: { vr: 'SH', value: 'L' }, 0x00080104: { vr: 'LO', value: 'x' } },
  ],
})
const WHOLE: Edits = {
  0x00080005: { vr: 'CS', value: bytes('ISO_IR 100\\ISO 2022 IR 87 ') },
  0x00080201: { vr: 'SH', value: '+0100' },
  0x00080050: { vr: 'SH', value: 'A17 ' },
  0x00081032: code('P1'),
  0x00081110: {
    vr: 'SQ',
    open: true,
    value: [{ 0x00081150: { vr: 'UI', value: '1.2.840.1' }, 0x00081155: { vr: 'UI', value: '1.2.3' } }],
  },
  0x00100010: { vr: 'PN', value: NAME },
  0x00100020: { vr: 'LO', value: bytes(' 7\0 ') },
  0x001021c0: { vr: 'US', value: [4] },
  0x00120052: { vr: 'FD', value: [1.5] },
  0x00081040: { vr: 'LO', value: 'not of these modules' },
  0x00091001: { vr: 'LO', value: 'private ' },
}

describe('copyModules', () => {
  it.each(['explicit', 'implicit', 'big'] as const)('copies values as they are: %s', (syntax) => {
    const from = made(WHOLE, { syntax })
    const to = copied(from)
    expect(to.value(0x00100010)).toEqual(NAME)
    expect(to.value(0x00100020)).toEqual(bytes(' 7\0 '))
    expect(to.value(0x00080005)).toEqual(from.value(0x00080005))
    expect(to.text(0x00080201)).toBe('+0100')
    expect([to.vr(0x00100010), to.vr(0x00080050), to.vr(0x001021c0)]).toEqual(['PN', 'SH', 'US'])
    expect(to.unsigned(0x001021c0)).toBe(4)
    expect(new DataView(to.value(0x00120052)!.slice().buffer).getFloat64(0, true)).toBe(1.5)
    expect(to.items(0x00081032).map((item) => [item.text(0x00080100), item.text(0x00080104)])).toEqual([['P1', 'x']])
    expect(to.items(0x00081110).map((item) => item.uid(0x00081155))).toEqual(['1.2.3'])
    expect(to.uid(0x0020000d)).toBe('1.2.3.1')
    for (const tag of [0x00081040, 0x00091001, 0x00080018, 0x0020000e, 0x00280010]) expect(to.has(tag)).toBe(false)
  })

  it('gives sequences of undefined length the length they have, byte for byte', () => {
    const [open, closed] = [true, false].map((is) => made({ 0x00081032: code('P1', is) }))
    const value = (set: DataSet) => copied(set).value(0x00081032)!
    expect(value(closed!)).toEqual(closed!.value(0x00081032))
    expect(value(open!)).toEqual(open!.value(0x00081032))
    expect(value(open!).length).toBe(value(closed!).length + 8)
  })

  it('keeps a sequence that hides in VR UN', () => {
    // Items of UN are implicit little endian: tag, then a length of four bytes.
    const item = bytes('\xfe\xff\x00\xe0\x0a\x00\x00\x00\x08\x00\x00\x01\x02\x00\x00\x00P1')
    const raw = Uint8Array.of(...item, ...bytes('\xfe\xff\xdd\xe0\0\0\0\0'))
    const head = bytes('\x08\x00\x32\x10UN\0\0\xff\xff\xff\xff')
    const plain = encodeFile({ 0x00080016: { vr: 'UI', value: '1.2' } })
    const set = setOf(Uint8Array.of(...plain, ...head, ...raw))
    expect(set.isOpen(0x00081032)).toBe(true)
    const to = copied(set)
    expect([to.vr(0x00081032), to.isOpen(0x00081032)]).toEqual(['UN', true])
    expect(to.value(0x00081032)).toEqual(item)
  })

  it('adds what must be there, empty', () => {
    const none = Object.fromEntries(Object.keys(ctElements()).map((tag) => [tag, null]))
    const to = copied(made({ ...none, 0x00080016: '1.2' }))
    expect(to.tags().filter((tag) => tag > 0x0002ffff)).toEqual([
      0x00080020, 0x00080030, 0x00080050, 0x00080090, 0x00100010, 0x00100020, 0x00100030, 0x00100040, 0x00200010,
    ])
    expect(to.value(0x00100010)).toBeNull()
  })

  it('writes copies in explicit little endian only', () => {
    expect(() => encodeElements(copyModules(made(WHOLE)), 'implicit-le')).toThrow(RangeError)
  })
})

describe('anonymousModules', () => {
  it('keeps the study UID and nothing else', () => {
    const to = setOf(write([[0x00020002, 'UI', ['1.2']]], anonymousModules(made(WHOLE)), 'explicit-le'))
    const filled = to.tags().filter((tag) => tag > 0x0002ffff && to.value(tag) !== null)
    expect(filled).toEqual([0x00120062, 0x00120063, 0x0020000d])
    expect(to.codes(0x00120062)).toEqual(['YES'])
  })
})
