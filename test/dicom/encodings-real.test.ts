/** Real images in many encodings: the same stored values, the same result, or a refusal. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { DataSet } from '../../bindings/dicom/dataset.js'
import { decodeHere } from '../../bindings/dicom/decoding/encoded.js'
import { type DicomSource, readSeries } from '../../bindings/dicom/index.js'
import { DEFAULT_LIMITS } from '../../bindings/dicom/limits.js'
import { openObject } from '../../bindings/dicom/open.js'
import { locatePixels, readPixelFormat } from '../../bindings/dicom/pixels.js'
import { readStored } from '../../bindings/dicom/stored.js'
import { dataFolder, sourcesIn } from './data.js'
import { figures, score } from './figures.js'
import { source } from './make.js'
import { SINGLE, only, portrait, refusalsOf, valuesOf } from './outcome.js'

/** A copy of a file with words of its top level replaced. */
function patched(file: Uint8Array, words: { readonly [tag: number]: number }): Uint8Array {
  const copy = file.slice()
  const { elements } = openObject(copy, 'file', DEFAULT_LIMITS)!.layout
  for (const [tag, word] of Object.entries(words)) {
    const { valueOffset } = elements.get(Number(tag))!
    copy[valueOffset] = word & 255
    copy[valueOffset + 1] = word >> 8
  }
  return copy
}

/** A copy of a file with some text replaced by as much text, once. */
function retold(file: Uint8Array, from: string, to: string): Uint8Array {
  const text = Buffer.from(file).toString('latin1')
  expect(text.split(from).length - 1, from).toBe(1)
  expect(to.length).toBe(from.length)
  return new Uint8Array(Buffer.from(text.replace(from, to), 'latin1'))
}

const syntaxes = dataFolder('ct_all_transfer_syntaxes')
describe.skipIf(!syntaxes)('one image in every transfer syntax', () => {
  const file = (suffix: string): DicomSource =>
    sourcesIn(syntaxes!).find(({ name }) => name.endsWith(`Syntax_1.2.840.10008.1.2${suffix}.dcm`))!
  const bytesOf = (suffix: string): Uint8Array => file(suffix).data as Uint8Array
  const LOSSY = { ...SINGLE, accept: [...SINGLE.accept!, 'LOSSY' as const] }

  it.each(['', '.1.99', '.2', '.4.57', '.4.70', '.4.80', '.4.90', '.5'])(
    '%s scores as explicit little endian',
    async (suffix) => {
      expect(await figures([file(suffix)], SINGLE)).toEqual(await figures([file('.1')], SINGLE))
      expect(await portrait(await readSeries([file(suffix)], SINGLE))).toEqual(
        await portrait(await readSeries([file('.1')], SINGLE)),
      )
    },
  )

  it.each([
    ['.4.50', ['SYNTAX_UNSUPPORTED', 'PIXEL_FORMAT', 'LOSSY']],
    ['.4.53', ['SYNTAX_UNSUPPORTED', 'LOSSY']],
    ['.4.55', ['SYNTAX_UNSUPPORTED', 'LOSSY']],
    ['.4.51', ['LOSSY', 'LOSSY']],
    ['.4.81', ['LOSSY', 'LOSSY']],
    ['.4.91', ['LOSSY', 'LOSSY']],
  ])('%s is refused: %j', async (suffix, codes) => {
    expect(await refusalsOf([file(suffix)], SINGLE)).toEqual(codes)
  })

  it.each([
    ['.4.51', 40],
    ['.4.81', 2],
    ['.4.91', 40],
  ])('%s, accepted, is near the original: %d HU at most', async (suffix, most) => {
    const hu = async (source: DicomSource): Promise<number[]> => {
      const volume = await readSeries([source], LOSSY)
      const { slope, intercept } = volume.rescale(0)
      return (await valuesOf(volume))[0]!.map((value) => slope * value + intercept)
    }
    const [lossy, exact] = await Promise.all([hu(file(suffix)), hu(file('.1'))])
    const furthest = lossy.reduce((far, value, i) => Math.max(far, Math.abs(value - exact[i]!)), 0)
    expect(furthest).toBeGreaterThan(0)
    expect(furthest).toBeLessThanOrEqual(most)
    const result = await score(await readSeries([file(suffix)], LOSSY))
    expect(result.accepted).toContain('LOSSY')
  })

  it('what is lossless is not refused for its name', async () => {
    const expected = await figures([file('.1')], SINGLE)
    for (const [from, to] of [
      ['.4.80', '.4.81'],
      ['.4.90', '.4.91'],
    ]) {
      expect(await figures([source(retold(bytesOf(from!), `1.2${from}`, `1.2${to}`))], SINGLE)).toEqual(expected)
    }
  })

  it('what is lossy is refused, whatever its name and its header say', async () => {
    for (const [from, to] of [
      ['.4.81', '.4.80'],
      ['.4.91', '.4.90'],
    ]) {
      const renamed = retold(bytesOf(from!), `1.2${from}`, `1.2${to}`)
      expect(await refusalsOf([source(renamed)], SINGLE)).toEqual(['LOSSY', 'LOSSY'])
      const span = openObject(renamed, 'file', DEFAULT_LIMITS)!.layout.elements.get(0x00282110)!
      renamed[span.valueOffset + 1] = 0x30
      const { refusals } = await only([source(renamed)], SINGLE)
      expect(refusals).toMatchObject([{ code: 'LOSSY', details: { kind: 'codestream' } }])
    }
  })

  it.each(['.4.51', '.4.57', '.4.70', '.4.80', '.4.90', '.5'])(
    '%s of other rows than the header says',
    async (suffix) => {
      for (const rows of [511, 513]) {
        const wrong = source(patched(bytesOf(suffix), { 0x00280010: rows }))
        const reading = readSeries([wrong], LOSSY).then(valuesOf)
        await expect(reading).rejects.toMatchObject({ code: expect.stringMatching(/^PIXELS_(CORRUPT|SHORT)$/) })
      }
    },
  )
})

const variants = dataFolder('ct_encapsulation_variants')
describe.skipIf(!variants)('one image in many fragments', () => {
  const accept = { ...SINGLE, accept: ['TOO_FEW_SLICES', 'CONTRAST_GIVEN', 'NOT_ORIGINAL'] as const }
  const folders = ['ct_encapsulation_variants', 'htj2k', 'malformed'].flatMap((name) => dataFolder(name) ?? [])
  const found = folders.flatMap(sourcesIn)
  const named = (name: string): DicomSource[] => [found.find((one) => one.name === name)!]

  it.each([
    'CT1_UNC.explicit_big_endian.dcm',
    'CT1_UNC.fragmented_bot_jpeg_ls.80.dcm',
    'CT1_UNC.fragmented_no_bot_jpeg_ls.80.dcm',
    'CT1_UNC.not_fragmented_bot_jpeg_ls.80.dcm',
    'CT1_UNC.not_fragmented_no_bot_jpeg_ls.80.dcm',
    'CT1_HTJ2K_wrapped.dcm',
    'D_CLUNIE_CT1_RLE_FRAGS.dcm',
  ])('%s: the values of its plain twin', async (name) => {
    const hashOf = async (one: string): Promise<string | null> =>
      (await score(await readSeries(named(one), accept))).input.pixelSha256
    expect(await hashOf(name)).toBe(await hashOf('CT1_UNC.implicit_little_endian.dcm'))
  })

  it.each(['CT1', 'CT2'])('%s in HTJ2K: the words of its raw file', async (name) => {
    const volume = await readSeries(named(`${name}_HTJ2K_wrapped.dcm`), accept)
    const into = new Int16Array(512 * 512)
    await volume.readSlice(0, into)
    const raw = named(`${name}.RAW`)[0]!.data as Uint8Array
    expect(Buffer.from(into.buffer).equals(raw)).toBe(true)
  })

  it('frames of two, with and without tables', async () => {
    const decode = decodeHere()
    const framesIn = async (name: string): Promise<string[]> => {
      const [{ data }] = named(name) as [DicomSource]
      const opened = openObject(data as Uint8Array, name, DEFAULT_LIMITS)!
      const set = DataSet.read(opened)
      const format = readPixelFormat(set, DEFAULT_LIMITS, 2)
      const frames: string[] = []
      for (const frame of [0, 1]) {
        const into = new Uint16Array(512 * 512)
        await readStored({ name, data }, locatePixels(opened, set, format, frame, 2)!, decode, into)
        frames.push(createHash('sha256').update(into).digest('hex'))
      }
      return frames
    }
    const names = found.map(({ name }) => name).filter((name) => /^CT0012.*(57|70|80|rle)\.dcm$/.test(name))
    expect(names).toHaveLength(7)
    const expected = await framesIn(names[0]!)
    expect(expected[0]).not.toEqual(expected[1])
    for (const name of names.slice(1)) expect(await framesIn(name), name).toEqual(expected)
  }, 30_000)

  describe('a codestream without sign under a signed header', () => {
    const mismatch = (words: { readonly [tag: number]: number } = {}): DicomSource[] => [
      source(patched(named('J2K_pixelrep_mismatch.dcm')[0]!.data as Uint8Array, words)),
    ]
    const BITS_STORED = 0x00280101
    const HIGH_BIT = 0x00280102
    const SIGN = 0x00280103

    it('is read by the header, with a warning that may refuse', async () => {
      const { warnings, volume } = await only(mismatch(), SINGLE)
      expect(warnings.map((w) => w.code)).toContain('PIXEL_SIGN_MISMATCH')
      const values = (await valuesOf(volume!))[0]!
      expect([Math.min(...values.slice(0, 99999)), values.every((value) => value >= -4096 && value < 4096)]).toEqual([
        -2000,
        true,
      ])
      expect(await refusalsOf(mismatch(), { ...SINGLE, strict: true })).toContain('PIXEL_SIGN_MISMATCH')
    })

    it('agrees with an unsigned header', async () => {
      const { warnings, volume } = await only(mismatch({ [SIGN]: 0 }), SINGLE)
      expect(warnings.map((w) => w.code)).not.toContain('PIXEL_SIGN_MISMATCH')
      const [signed, unsigned] = [await valuesOf((await only(mismatch(), SINGLE)).volume!), await valuesOf(volume!)]
      expect(unsigned[0]!.every((value, i) => value === (signed[0]![i]! & 0x1fff))).toBe(true)
    })

    it('with fewer bits than the header cannot be told: sign or value', async () => {
      const { refusals } = await only(mismatch({ [BITS_STORED]: 14, [HIGH_BIT]: 13 }), SINGLE)
      expect(refusals).toMatchObject([{ code: 'PIXELS_CORRUPT' }])
      expect(await refusalsOf(mismatch({ [SIGN]: 0, [BITS_STORED]: 14, [HIGH_BIT]: 13 }), SINGLE)).toEqual([])
    })

    it('with more bits than the header, but less than a word, is neither', async () => {
      const { refusals } = await only(mismatch({ [SIGN]: 0, [BITS_STORED]: 12, [HIGH_BIT]: 11 }), SINGLE)
      expect(refusals).toMatchObject([{ code: 'PIXELS_CORRUPT' }])
    })
  })
})
