/** Values that are not what their attribute needs: refused where needed, never guessed. */
import { describe, expect, it } from 'vitest'
import { type DicomSource, readSeries } from '../../bindings/dicom/index.js'
import { type Edits, ctElements, ctSeries, encodeFile, source } from './make.js'
import { SINGLE, code, failure, refusalsOf, warningsOf } from './outcome.js'

const one = (edits: Edits): DicomSource[] => [source(encodeFile(ctElements(0, edits)))]
const codeOf = (edits: Edits): Promise<string> => code(one(edits), SINGLE)

/** Not a decimal string of PS3.5 6.2, each of which some parser somewhere takes for one. */
const BAD_DECIMALS = [
  '0,5', '1.0.0', 'NaN', 'Inf', 'Infinity', '-Infinity', '1e', '1e+', 'e5', '0x10', '1_000', '1 2', '--1', '+-1', '.', '+',
  '-', '1.5mm', 'abc', '1e400', '1\u00002', '\u00001', '½', '1/2', '1,024', '(1)', '1d5', '1f', '"1"', "'1'", 'true', '1;',
  '1'.repeat(65),
] // prettier-ignore

describe('decimal strings', () => {
  it.each(BAD_DECIMALS)('%j is no number anywhere it matters', async (text) => {
    expect(await codeOf({ 0x00281053: text })).toBe('RESCALE_INVALID')
    expect(await codeOf({ 0x00281052: text })).toBe('RESCALE_INVALID')
    expect(await codeOf({ 0x00280030: `${text}\\0.5` })).toBe('PARSE_FAILED')
    expect(await codeOf({ 0x00280030: `0.5\\${text}` })).toBe('PARSE_FAILED')
    expect(await codeOf({ 0x00200032: `0\\0\\${text}` })).toBe('PARSE_FAILED')
    expect(await codeOf({ 0x00200037: `1\\0\\0\\0\\1\\${text}` })).toBe('PARSE_FAILED')
  })

  it.each([
    ['1', 1],
    [' 1 ', 1],
    ['1.', 1],
    ['.5', 0.5],
    ['+2', 2],
    ['-2', -2],
    ['2.000000E+00', 2],
    ['1e-3', 0.001],
    ['0.25\0', 0.25],
    ['0000000000000000000000002', 2],
  ])('%j is %d', async (text, value) => {
    const volume = await readSeries(one({ 0x00281053: { vr: 'DS', value: text } }), SINGLE)
    expect(volume.rescale(0).slope).toBe(value)
  })

  it('needs the right number of values', async () => {
    expect(await codeOf({ 0x00280030: '0.5' })).toBe('PARSE_FAILED')
    expect(await codeOf({ 0x00280030: '0.5\\0.5\\0.5' })).toBe('PARSE_FAILED')
    expect(await codeOf({ 0x00280030: '0.5\\' })).toBe('PARSE_FAILED')
    expect(await codeOf({ 0x00200032: '0\\0' })).toBe('PARSE_FAILED')
    expect(await codeOf({ 0x00200037: '1\\0\\0\\0\\1' })).toBe('PARSE_FAILED')
    expect(await codeOf({ 0x00281053: '1\\1' })).toBe('RESCALE_INVALID')
  })
})

describe('what is missing', () => {
  it.each([0x00281052, 0x00281053])('rescale %d', async (tag) => {
    for (const gone of [null, '', '  ']) expect(await codeOf({ [tag]: gone })).toBe('RESCALE_MISSING')
  })

  it.each([0x00200032, 0x00200037, 0x00280030])('geometry %d, for which nothing stands in', async (tag) => {
    const stand = { 0x00181164: { vr: 'DS', value: '0.5\\0.5' }, 0x00201041: { vr: 'DS', value: '3' } }
    for (const gone of [null, '', '  ']) expect(await codeOf({ ...stand, [tag]: gone })).toBe('GEOMETRY_MISSING')
  })

  it('identifiers, rows, columns', async () => {
    for (const tag of [0x0020000d, 0x0020000e, 0x00080018, 0x00280010, 0x00280011]) {
      expect(await codeOf({ [tag]: null })).toBe('PARSE_FAILED')
    }
  })

  it('pixels', async () => {
    expect(await codeOf({ 0x7fe00010: null })).toBe('PIXELS_MISSING')
    expect(await codeOf({ 0x7fe00010: [] })).toBe('PIXELS_MISSING')
  })
})

describe('numbers out of range', () => {
  it('spacing must be above 0', async () => {
    for (const text of ['0\\0.5', '0.5\\0', '-0.5\\0.5', '0.5\\-1']) {
      expect(await codeOf({ 0x00280030: text })).toBe('GEOMETRY_MISSING')
    }
    expect(await refusalsOf(one({ 0x00280030: '0.0001\\0.5' }), SINGLE)).toEqual([])
  })

  it('the slope must not be 0, nor carry HU beyond all numbers', async () => {
    for (const text of ['0', '0.0', '-0', '1e-400']) expect(await codeOf({ 0x00281053: text })).toBe('RESCALE_INVALID')
    expect(await codeOf({ 0x00281053: '1e308' })).toBe('RESCALE_INVALID')
    for (const text of ['-1', '0.001', '1e-9']) {
      expect(await refusalsOf(one({ 0x00281053: text }), SINGLE)).toEqual([])
    }
  })

  it('orientation must be two unit vectors at right angles', async () => {
    for (const text of ['0\\0\\0\\0\\0\\0', '1\\0\\0\\1\\0\\0', '2\\0\\0\\0\\1\\0', '1\\0\\0\\0.1\\1\\0']) {
      expect(await codeOf({ 0x00200037: text })).toBe('PARSE_FAILED')
    }
  })

  it('rows and columns: 16-bit numbers from 1 to 4096', async () => {
    for (const tag of [0x00280010, 0x00280011]) {
      for (const value of [0, 4097, 65535]) {
        const error = await failure(one({ [tag]: [value] }), SINGLE)
        expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED', details: { limit: 'side', value } })
      }
      expect(await codeOf({ [tag]: [4096] })).toBe('PIXELS_SHORT')
      expect(await codeOf({ [tag]: { vr: 'UL', value: [65552] } })).toBe('PARSE_FAILED')
      expect(await codeOf({ [tag]: { vr: 'UL', value: [8] } })).toBe('PARSE_FAILED')
      expect(await codeOf({ [tag]: { vr: 'SS', value: [8] } })).toBe('PARSE_FAILED')
      expect(await codeOf({ [tag]: { vr: 'IS', value: '8' } })).toBe('PARSE_FAILED')
      expect(await codeOf({ [tag]: [8, 8] })).toBe('PARSE_FAILED')
      expect(await codeOf({ [tag]: Uint8Array.of(8) })).toBe('PARSE_FAILED')
      expect(await refusalsOf(one({ [tag]: { vr: 'UN', value: Uint8Array.of(8, 0) } }), SINGLE)).toEqual([])
    }
    const implicit = encodeFile(ctElements(0, { 0x00280010: { vr: 'UL', value: [8] } }), { syntax: 'implicit' })
    expect(await code([source(implicit)], SINGLE)).toBe('PARSE_FAILED')
  })

  it('one frame', async () => {
    expect(await refusalsOf(one({ 0x00280008: { vr: 'IS', value: '1' } }), SINGLE)).toEqual([])
    for (const frames of ['0', '2', '4000']) {
      expect(await codeOf({ 0x00280008: { vr: 'IS', value: frames } })).toBe('PIXEL_FORMAT')
    }
    for (const frames of ['1A', '1.0', 'one']) {
      expect(await codeOf({ 0x00280008: { vr: 'IS', value: frames } })).toBe('PARSE_FAILED')
    }
  })
})

describe('the unit', () => {
  it('HU in any case, padded, or absent is HU', async () => {
    for (const type of ['HU', 'hu', ' Hu ', '', null]) {
      expect(await refusalsOf(ctSeries(34, { 0x00281054: type }))).toEqual([])
    }
  })

  it('US is refused unless accepted; anything else is refused', async () => {
    const accept = ['RESCALE_TYPE_NOT_HU'] as const
    const us = ctSeries(34, { 0x00281054: 'US' })
    expect(await refusalsOf(us)).toEqual(['RESCALE_TYPE_NOT_HU'])
    expect((await readSeries(us, { accept })).accepted).toEqual(['RESCALE_TYPE_NOT_HU'])
    for (const type of ['OD', 'EDW', 'ED', 'HU_MOD', 'MGML', 'Z_EFF', 'PCT', '<script>']) {
      const other = ctSeries(34, { 0x00281054: type })
      expect(await refusalsOf(other)).toEqual(['RESCALE_TYPE_NOT_HU'])
      expect(await refusalsOf(other, { accept })).toEqual(['RESCALE_TYPE_NOT_HU'])
    }
    const mixed = ctSeries(34, (k) => ({ 0x00281054: k % 2 ? 'US' : 'OD' }))
    expect(await refusalsOf(mixed, { accept })).toEqual(['RESCALE_TYPE_NOT_HU'])
  })

  it('a Modality LUT is no slope', async () => {
    const lut = { vr: 'SQ', value: [{ 0x00283006: { vr: 'US', value: [1, 2] } }] }
    expect(await codeOf({ 0x00283000: lut })).toBe('RESCALE_INVALID')
    expect(await codeOf({ 0x00283000: lut, 0x00281052: null, 0x00281053: null })).toBe('RESCALE_INVALID')
    expect(await refusalsOf(one({ 0x00283000: { vr: 'SQ', value: [] } }), SINGLE)).toEqual([])
  })

  it('slopes and intercepts that vary are each used, and warned of', async () => {
    const sources = ctSeries(34, (k) => ({ 0x00281052: k === 3 ? '-1000' : '-1024' }))
    const volume = await readSeries(sources)
    expect(volume.rescale(3)).toEqual({ slope: 1, intercept: -1000 })
    expect(volume.rescale(4)).toEqual({ slope: 1, intercept: -1024 })
    expect(await warningsOf(sources)).toContain('RESCALE_VARIES')
    expect(await warningsOf(ctSeries(34, (k) => ({ 0x00281053: k % 2 ? '1' : '1.0' })))).not.toContain('RESCALE_VARIES')
  })
})
