/** Words to stored values: formats, unused bits, byte order, padding, length. */
import { describe, expect, it } from 'vitest'
import { type DicomSource, readSeries } from '../../bindings/dicom/index.js'
import { type Edits, SIDE, type Syntax, ctElements, ctSeries, encodeFile, pixels, random, source } from './make.js'
import { SINGLE, code, failure, refusalsOf, valuesOf, warningsOf } from './outcome.js'

const SYNTAXES: readonly Syntax[] = ['implicit', 'explicit', 'big']
const one = (edits: Edits, syntax: Syntax = 'explicit'): DicomSource[] => [
  source(encodeFile(ctElements(0, edits), { syntax })),
]
const bits = (stored: number, signed: boolean): Edits => ({
  0x00280101: [stored],
  0x00280102: [stored - 1],
  0x00280103: [signed ? 1 : 0],
})

describe('format', () => {
  it.each([
    ['samples per pixel', { 0x00280002: [3] }],
    ['samples per pixel absent', { 0x00280002: null }],
    ['MONOCHROME1', { 0x00280004: 'MONOCHROME1' }],
    ['RGB', { 0x00280004: 'RGB' }],
    ['photometric interpretation absent', { 0x00280004: null }],
    ['8 bits allocated', { 0x00280100: [8] }],
    ['32 bits allocated', { 0x00280100: [32] }],
    ['bits allocated absent', { 0x00280100: null }],
    ['0 bits stored', { 0x00280101: [0] }],
    ['17 bits stored', { 0x00280101: [17], 0x00280102: [16] }],
    ['bits left in the word', { 0x00280101: [12], 0x00280102: [15] }],
    ['high bit absent', { 0x00280102: null }],
    ['pixel representation', { 0x00280103: [2] }],
    ['pixel representation absent', { 0x00280103: null }],
    ['float pixels', { 0x7fe00010: null, 0x7fe00008: { vr: 'OF', value: new Uint8Array(256) } }],
    ['double pixels', { 0x7fe00010: null, 0x7fe00009: { vr: 'OD', value: new Uint8Array(512) } }],
    ['VR', { 0x7fe00010: { vr: 'US', value: pixels(0) } }],
  ] satisfies [string, Edits][])('PIXEL_FORMAT: %s', async (_, edits) => {
    expect(await code(one(edits), SINGLE)).toBe('PIXEL_FORMAT')
  })

  it('bytes of VR OB can be words in little endian only', async () => {
    const words = new Uint8Array(new Uint16Array(pixels(0)).buffer)
    const edits = { 0x7fe00010: { vr: 'OB', value: words } }
    expect(await valuesOf(await readSeries(one(edits), SINGLE))).toEqual([pixels(0)])
    expect(await code(one(edits, 'big'), SINGLE)).toBe('PIXEL_FORMAT')
  })

  it('one series has one sign', async () => {
    expect(await refusalsOf(ctSeries(34, (k) => ({ 0x00280103: [k === 7 ? 0 : 1] })))).toEqual(['PIXEL_FORMAT'])
    expect((await readSeries(ctSeries(34, { 0x00280103: [0] }))).pixelKind).toBe('uint16')
  })
})

describe('length', () => {
  const words = (count: number, fill = 0): number[] =>
    [...pixels(0), ...Array.from({ length: 80 }, () => fill)].slice(0, count)

  it('too short by one word is PIXELS_SHORT', async () => {
    const error = await failure(one({ 0x7fe00010: words(63) }), SINGLE)
    expect(error).toMatchObject({ code: 'PIXELS_SHORT', details: { bytes: 126, needed: 128 } })
  })

  it('zeros of less than a row are padding; a row more, or other bytes, contradict the header', async () => {
    for (const count of [64, 65, 64 + SIDE - 1]) {
      expect(await valuesOf(await readSeries(one({ 0x7fe00010: words(count) }), SINGLE))).toEqual([pixels(0)])
    }
    for (const list of [words(64 + SIDE), words(65, 1), words(130)]) {
      expect(await code(one({ 0x7fe00010: list }), SINGLE)).toBe('PARSE_FAILED')
    }
  })
})

describe('bits', () => {
  const next = random(12)
  const noise = Array.from({ length: 64 }, () => Math.floor(next() * 65536))

  for (const syntax of SYNTAXES) {
    for (const signed of [false, true]) {
      it.each([1, 2, 8, 11, 12, 13, 15, 16])(
        `${syntax} ${signed ? 'signed' : 'unsigned'}, %d stored`,
        async (stored) => {
          const mask = 2 ** stored - 1
          const value = (word: number): number => {
            const low = word & mask
            return signed && low >= 2 ** (stored - 1) ? low - 2 ** stored : low
          }
          const read = async (list: readonly number[]): Promise<[number[], boolean]> => {
            const sources = one({ ...bits(stored, signed), 0x7fe00010: list }, syntax)
            const warned = (await warningsOf(sources, SINGLE)).includes('BITS_UNUSED_NONZERO')
            return [(await valuesOf(await readSeries(sources, SINGLE)))[0]!, warned]
          }
          // Anything above, nothing above, the sign above: one meaning; only the first is worth a warning.
          const clean = noise.map((word) => word & mask)
          const extended = noise.map((word) => value(word) & 0xffff)
          expect(await read(noise)).toEqual([noise.map(value), stored < 16])
          expect(await read(clean)).toEqual([noise.map(value), false])
          if (signed) expect(await read(extended)).toEqual([noise.map(value), false])
        },
      )
    }
  }
})

describe('padding', () => {
  const paddingOf = async (edits: Edits, syntax: Syntax = 'explicit'): Promise<unknown> =>
    (await readSeries(one(edits, syntax), SINGLE)).padding(0)
  const value = (vr: string, ...words: number[]): Edits => ({
    0x00280120: { vr, value: [words[0]! & 0xffff] },
    ...(words.length > 1 ? { 0x00280121: { vr, value: [words[1]! & 0xffff] } } : {}),
  })

  it('is none where none is given', async () => expect(await paddingOf({})).toBeNull())

  it('has the sign of the pixels, whichever VR it was written with', async () => {
    for (const syntax of SYNTAXES) {
      for (const vr of ['US', 'SS']) {
        expect(await paddingOf({ ...bits(16, true), ...value(vr, -2000) }, syntax)).toEqual({ low: -2000, high: -2000 })
        expect(await paddingOf({ ...bits(16, false), ...value(vr, 63536) }, syntax)).toEqual({
          low: 63536,
          high: 63536,
        })
        const range = { low: -2000, high: -1500 }
        expect(await paddingOf({ ...bits(16, true), ...value(vr, -1500, -2000) }, syntax)).toEqual(range)
        expect(await paddingOf({ ...bits(16, true), ...value(vr, -2000, -1500) }, syntax)).toEqual(range)
      }
    }
  })

  it('is cut like the pixels where their unused bits carry it, and void where they cannot', async () => {
    const twelve = (word: number): Edits => ({ ...bits(12, false), 0x7fe00010: pixels(0).with(0, word) })
    expect(await paddingOf({ ...twelve(0xf830), ...value('US', 0xf830) })).toEqual({ low: 0x830, high: 0x830 })
    expect(await paddingOf({ ...twelve(5), ...value('US', 0xf830) })).toBeNull()
    expect(await paddingOf({ ...twelve(5), ...value('US', 0x30) })).toEqual({ low: 0x30, high: 0x30 })
    expect(await paddingOf({ ...bits(12, true), ...value('SS', -2000) })).toEqual({ low: -2000, high: -2000 })
  })

  it('is refused where calcium lies, whole or in part', async () => {
    const at = async (low: number, high: number): Promise<unknown> =>
      code(one({ ...bits(16, true), ...value('SS', low + 1024, high + 1024) }), SINGLE)
    for (const [low, high] of [[300, 300], [200, 1000], [-2000, 100], [100, 100], [4000, 9000], [-3000, 9000]] as const) {
      expect(await at(low, high), `${low} to ${high} HU`).toBe('PIXEL_FORMAT')
    } // prettier-ignore
    for (const [low, high] of [
      [-2000, -1500],
      [-2000, 99],
      [4001, 9000],
    ] as const) {
      const edits = { ...bits(16, true), ...value('SS', low + 1024, high + 1024) }
      expect(await paddingOf(edits)).toEqual({ low: low + 1024, high: high + 1024 })
    }
  })

  it('that only unused bits carry is refused where a range of it folds onto calcium', async () => {
    const twelve = { ...bits(12, false), 0x7fe00010: pixels(0).with(0, 0xf000) }
    expect(await code(one({ ...twelve, ...value('US', 0xf000 + 1154, 0xf000 + 1720) }), SINGLE)).toBe('PIXEL_FORMAT')
    expect(await paddingOf({ ...twelve, ...value('US', 0xf000 + 1154) })).toEqual({ low: 1154, high: 1154 })
  })

  it('must be one word', async () => {
    expect(await code(one({ 0x00280120: { vr: 'DS', value: '-2000' } }), SINGLE)).toBe('PARSE_FAILED')
    expect(await code(one({ 0x00280120: { vr: 'US', value: [1, 2] } }), SINGLE)).toBe('PARSE_FAILED')
  })
})
