/** One image in many encodings: the same stored values, the same result, or a refusal; and what only decoding can tell. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { AgatstonError } from '../../bindings/base/errors.js'
import type { FrameFacts } from '../../bindings/codecs/decoder.js'
import {
  type DecodeFrame,
  type DecodeJob,
  type DicomSource,
  type DicomVolume,
  inspectSeries,
  joinFragments,
  readSeries,
} from '../../bindings/dicom/index.js'
import { DataSet } from '../../bindings/dicom/dataset.js'
import { decodeHere } from '../../bindings/dicom/encoded.js'
import { DEFAULT_LIMITS } from '../../bindings/dicom/limits.js'
import { openObject } from '../../bindings/dicom/open.js'
import { locatePixels, readPixelFormat } from '../../bindings/dicom/pixels.js'
import { readStored } from '../../bindings/dicom/stored.js'
import { createEngine } from '../../bindings/index.js'
import type { Result } from '../../bindings/index.js'
import { dataFolder, sourcesIn } from './data.js'
import { type Encapsulation, cutAt, encapsulated, rle } from './encode.js'
import { type Edits, ctElements, ctSeries, encodeFile, pixels, random, source } from './make.js'
import { SINGLE, only, portrait, refusalsOf, valuesOf } from './outcome.js'

const RLE = '1.2.840.10008.1.2.5'
const engine = await createEngine()
const score = (volume: DicomVolume): Promise<Result> => engine.score(volume, { scope: 'whole-image' })

/** Everything of a result but the name of the encoding. */
async function figures(sources: readonly DicomSource[], options = {}): Promise<unknown> {
  const result = await score(await readSeries(sources, options))
  const { transferSyntaxes: _, ...input } = result.input
  return JSON.parse(JSON.stringify({ ...result, input }))
}

const rleSlice = (
  k: number,
  edits: Edits = {},
  words: ArrayLike<number> = pixels(k),
  options: Encapsulation = {},
): Uint8Array => encodeFile(ctElements(k, { ...edits, ...encapsulated([rle(words)], options) }), { uid: RLE })
const rleSeries = (count = 34, options: Encapsulation = {}): DicomSource[] =>
  Array.from({ length: count }, (_, k) =>
    source(rleSlice(k, {}, pixels(k), options), `CT${String(k).padStart(4, '0')}.dcm`),
  )

const bits = (stored: number, signed: boolean): Edits => ({
  0x00280101: [stored],
  0x00280102: [stored - 1],
  0x00280103: [signed ? 1 : 0],
})

describe('a series in RLE', () => {
  it('is the native series in every figure, however it is cut', async () => {
    const native = await readSeries(ctSeries())
    const [expected, expectedFigures] = [await portrait(native), await figures(ctSeries())]
    const next = random(5)
    const split = (frame: Uint8Array): readonly Uint8Array[] =>
      cutAt(
        frame,
        [next(), next()].map((share) => Math.floor(share * frame.length)),
      )
    for (const options of [{}, { table: 'basic' }, { table: 'extended' }, { split }] satisfies Encapsulation[]) {
      expect(await portrait(await readSeries(rleSeries(34, options)))).toEqual(expected)
      expect(await figures(rleSeries(34, options))).toEqual(expectedFigures)
    }
  })

  it('may be mixed with native slices', async () => {
    const mixed = ctSeries().map((native, k) => (k % 3 === 1 ? rleSeries()[k]! : native))
    expect(await figures(mixed)).toEqual(await figures(ctSeries()))
    expect((await readSeries(mixed)).facts.transferSyntaxes).toEqual(['1.2.840.10008.1.2.1', RLE])
  })

  it('comes from blobs, of which only the fragments are read', async () => {
    const reads: [number, number][] = []
    class Counted extends Blob {
      override slice(start?: number, end?: number): Blob {
        reads.push([start!, end!])
        return super.slice(start, end)
      }
    }
    const split = (frame: Uint8Array): readonly Uint8Array[] => cutAt(frame, [66, 90])
    const blobs = rleSeries(34, { split }).map(({ name, data }) => ({
      name,
      data: new Counted([data as Uint8Array<ArrayBuffer>]),
    }))
    const volume = await readSeries(blobs)
    reads.length = 0
    expect(await valuesOf(volume)).toEqual(await valuesOf(await readSeries(ctSeries())))
    expect(reads).toHaveLength(34)
    const frame = rle(pixels(0)).length
    expect(reads[0]![1] - reads[0]![0]).toBe(frame + 2 * 8)
  })

  it('a blob that changed after it was checked is PIXELS_SHORT', async () => {
    const file = rleSlice(0)
    let data = file
    class Shrinking extends Blob {
      override slice(start?: number, end?: number): Blob {
        return new Blob([data.slice(start, end) as Uint8Array<ArrayBuffer>])
      }
    }
    const volume = await readSeries([{ name: 'a.dcm', data: new Shrinking([file as Uint8Array<ArrayBuffer>]) }], SINGLE)
    data = file.subarray(0, file.length - 60)
    await expect(valuesOf(volume)).rejects.toMatchObject({ code: 'PIXELS_SHORT', details: { file: 'a.dcm' } })
  })
})

describe('bits', () => {
  const next = random(31)
  const noise = Array.from({ length: 64 }, () => Math.floor(next() * 65536))
  const readOne = async (edits: Edits, words: readonly number[]): Promise<DicomVolume> =>
    readSeries([source(rleSlice(0, edits, words))], SINGLE)

  for (const signed of [false, true]) {
    it.each([1, 8, 11, 12, 13, 15, 16])(`${signed ? 'signed' : 'unsigned'}, %d stored: as native`, async (stored) => {
      for (const words of [noise, noise.map((word) => word & (2 ** stored - 1))]) {
        const edits = bits(stored, signed)
        const coded = await readOne(edits, words)
        expect(coded.warningsFound()).toEqual([])
        const plain = await readSeries([source(encodeFile(ctElements(0, { ...edits, 0x7fe00010: words })))], SINGLE)
        expect(await valuesOf(coded)).toEqual(await valuesOf(plain))
        const codes = (list: readonly { code: string }[]): string[] =>
          list.map((w) => w.code).filter((c) => c.startsWith('BITS'))
        expect(codes(coded.warningsFound())).toEqual(codes(plain.warnings))
        expect(codes(coded.warnings)).toEqual([])
      }
    })
  }

  it('what decoding found is on the result, once, with how many slices', async () => {
    const dirty = rleSeries().map((clean, k) =>
      k < 3
        ? source(rleSlice(k, bits(12, true), pixels(k).with(5, 0x5123)), clean.name)
        : source(rleSlice(k, bits(12, true)), clean.name),
    )
    const volume = await readSeries(dirty)
    const found = (await score(volume)).warnings.filter((warning) => warning.code === 'BITS_UNUSED_NONZERO')
    expect(found).toMatchObject([{ details: { files: 3, file: 'CT0000.dcm' } }])
    expect((await score(volume)).warnings.filter((warning) => warning.code === 'BITS_UNUSED_NONZERO')).toEqual(found)
  })

  it('padding that only the unused bits can carry is known once they are decoded', async () => {
    const edits = (word: number): Edits => ({ ...bits(12, false), 0x00280120: { vr: 'US', value: [word] } })
    const foreign = await readOne(edits(0xf830), pixels(0).with(0, 0xf830))
    await valuesOf(foreign)
    expect(foreign.padding(0)).toEqual({ low: 0x830, high: 0x830 })
    const clean = await readOne(edits(0xf830), pixels(0))
    await valuesOf(clean)
    expect(clean.padding(0)).toBeNull()
    expect((await readOne(edits(0x30), pixels(0))).padding(0)).toEqual({ low: 0x30, high: 0x30 })
  })
})

describe('a decoder of the caller', () => {
  const FACTS: FrameFacts = { lossy: false, precision: null, signed: null }

  it('gets the fragments and the shape, and fills the words', async () => {
    const jobs: DecodeJob[] = []
    const decode: DecodeFrame = (job, into) => {
      jobs.push(job)
      into.set(pixels(9))
      return Promise.resolve(FACTS)
    }
    const split = (frame: Uint8Array): readonly Uint8Array[] => cutAt(frame, [64, 80])
    const sources = [source(rleSlice(0, {}, pixels(0), { split }), 'folder/one.dcm')]
    expect(await valuesOf(await readSeries(sources, { ...SINGLE, decode }))).toEqual([pixels(9)])
    expect(jobs).toHaveLength(1)
    expect(joinFragments(jobs[0]!.fragments)).toEqual(rle(pixels(0)))
    expect(jobs[0]).toMatchObject({
      coding: 'rle',
      shape: { rows: 8, columns: 8, bitsAllocated: 16, bitsStored: 16, signed: true, file: 'one.dcm' },
    })
  })

  it('that tells of another frame than the one checked is not believed', async () => {
    for (const change of [{ lossy: true }, { precision: 12 }, { signed: true }]) {
      const decode: DecodeFrame = () => Promise.resolve({ ...FACTS, ...change })
      const volume = await readSeries([source(rleSlice(0))], { ...SINGLE, decode })
      await expect(valuesOf(volume)).rejects.toMatchObject({ code: 'PIXELS_CORRUPT', details: { kind: 'changed' } })
    }
  })

  it('leaves the destination alone when it fails, and the score without a result', async () => {
    const decode: DecodeFrame = (_, into) => {
      into.fill(7)
      return Promise.reject(new Error('out of luck'))
    }
    const volume = await readSeries(rleSeries(), { decode })
    const into = new Int16Array(64).fill(4660)
    await expect(volume.readSlice(0, into)).rejects.toThrow('out of luck')
    expect([...new Set(into)]).toEqual([4660])
    await expect(score(volume)).rejects.toThrow('out of luck')
    expect((await score(await readSeries(rleSeries()))).input.slices).toBe(34)
  })
})

describe('frames that are damaged', () => {
  const damaged = (edit: (frame: Uint8Array) => Uint8Array): DicomSource[] => [
    source(encodeFile(ctElements(0, encapsulated([edit(rle(pixels(0)))])), { uid: RLE })),
  ]

  it('in their header are refused when they are indexed', async () => {
    expect(
      await refusalsOf(
        damaged((frame) => frame.with(0, 3)),
        SINGLE,
      ),
    ).toEqual(['PIXELS_CORRUPT'])
    expect(
      await refusalsOf(
        damaged((frame) => frame.subarray(0, 63)),
        SINGLE,
      ),
    ).toEqual(['PIXELS_SHORT'])
    const wrongSide = source(rleSlice(0, { 0x00280010: [9] }))
    await expect(readSeries([wrongSide], SINGLE).then(valuesOf)).rejects.toMatchObject({ code: 'PIXELS_SHORT' })
  })

  it('in their data are refused when they are read', async () => {
    const short = damaged((frame) => frame.subarray(0, frame.length - 20))
    await expect(readSeries(short, SINGLE).then(valuesOf)).rejects.toMatchObject({ code: 'PIXELS_SHORT' })
    const two = encodeFile(ctElements(0, encapsulated([rle(pixels(0)), rle(pixels(1))])), { uid: RLE })
    await expect(readSeries([source(two)], SINGLE).then(valuesOf)).rejects.toMatchObject({ code: 'PIXELS_CORRUPT' })
  })
})

describe('a hostile file', () => {
  const file = rleSlice(0, {}, pixels(0), { table: 'basic' })
  const outcomeOf = async (data: Uint8Array): Promise<string> => {
    try {
      await valuesOf(await readSeries([source(data)], SINGLE))
      return 'read'
    } catch (error) {
      if (!(error instanceof AgatstonError)) throw error
      return error.code
    }
  }

  it('cut anywhere is refused', async () => {
    expect(await outcomeOf(file)).toBe('read')
    for (let end = 132; end < file.length; end++)
      expect(await outcomeOf(file.subarray(0, end)), `${end}`).not.toBe('read')
  })

  it('changed anywhere is read or refused with a code', async () => {
    const next = random(8)
    const codes = new Set<string>()
    for (let run = 0; run < 3000; run++) {
      const data = file.slice()
      for (let n = 0; n <= run % 3; n++) data[132 + Math.floor(next() * (data.length - 132))] = Math.floor(next() * 256)
      codes.add(await outcomeOf(data))
    }
    expect([...codes]).toContain('PIXELS_CORRUPT')
    expect([...codes]).not.toContain('INTERNAL')
  })
})

describe('the same slice twice', () => {
  const native = ctSeries(3)
  const beside = (data: Uint8Array): DicomSource[] => [...native, source(data, 'other.dcm')]

  it('in two encodings is dropped', async () => {
    const { refusals, warnings, volume } = await only(beside(rleSlice(1)))
    expect(refusals).toEqual([])
    expect(warnings.map((w) => w.code)).toContain('SLICES_IDENTICAL_DROPPED')
    expect(volume!.geometry.slices).toBe(3)
  })

  it('with another pixel is refused', async () => {
    expect(await refusalsOf(beside(rleSlice(1, {}, pixels(1).with(9, 1))))).toEqual(['SLICES_DUPLICATE'])
  })

  it('of which one cannot be decoded is refused with the reason', async () => {
    const bad = rle(pixels(1)).subarray(0, -20)
    const file = encodeFile(ctElements(1, encapsulated([bad])), { uid: RLE })
    expect(await refusalsOf(beside(file))).toEqual(['PIXELS_SHORT', 'SLICES_DUPLICATE'])
  })

  it('is decoded once for its checksum, and again only beside its like', async () => {
    let decoded = 0
    const decode: DecodeFrame = ({ fragments }, into) => {
      decoded++
      into.fill(fragments[0]![70]!)
      return Promise.resolve({ lossy: false, precision: null, signed: null })
    }
    const phases = Array.from({ length: 12 }, (_, n) => {
      const frame = rle(pixels(0)).with(70, n)
      return source(
        encodeFile(ctElements(0, { 0x00080018: `1.2.9.${n}`, ...encapsulated([frame]) }), { uid: RLE }),
        `p${n}.dcm`,
      )
    })
    const { series } = await inspectSeries(phases, { decode })
    expect(series[0]!.refusals.map((r) => r.code)).toContain('SLICES_DUPLICATE')
    expect(decoded).toBe(12)
  })
})

/** Encoders of dcmtk, each lossless. */
const ENCODERS = [
  ['dcmcrle', []],
  ...[1, 2, 3, 4, 5, 6, 7].map((selection) => ['dcmcjpeg', ['+el', '+sv', String(selection)]] as const),
  ['dcmcjpeg', ['+e1']],
  ['dcmcjpeg', ['+e1', '+ot']],
  ['dcmcjpls', ['+el']],
] as const

const dcmtk = spawnSync('dcmcjpls', ['--version']).error === undefined
const inCi = process.env['CI'] === 'true'
describe('encoded by dcmtk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'agatston-encodings-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const convert = (file: Uint8Array, program: string, options: readonly string[]): Uint8Array => {
    const [from, to] = [join(folder, 'from.dcm'), join(folder, 'to.dcm')]
    writeFileSync(from, file)
    const run = spawnSync(program, [...options, from, to], { encoding: 'utf8' })
    expect(run.status, run.stderr).toBe(0)
    return new Uint8Array(readFileSync(to))
  }

  for (const [program, options] of ENCODERS) {
    it.skipIf(!dcmtk && !inCi)(`${program} ${options.join(' ')} (dcmtk, needed on CI): the same values`, () =>
      check(program, options),
    )
  }

  async function check(program: string, options: readonly string[]): Promise<void> {
    const next = random(77)
    const forms = [
      [16, true],
      [12, true],
      [12, false],
      [16, false],
    ] as const
    for (const [stored, signed] of forms) {
      const words = Array.from({ length: 64 }, () => Math.floor(next() * 2 ** stored))
      const file = encodeFile(ctElements(0, { ...bits(stored, signed), 0x7fe00010: words }))
      const expected = await valuesOf(await readSeries([source(file)], SINGLE))
      const coded = await readSeries([source(convert(file, program, options))], SINGLE)
      expect(coded.facts.transferSyntaxes).not.toEqual(['1.2.840.10008.1.2.1'])
      expect(await valuesOf(coded)).toEqual(expected)
    }
  }
})

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
  const found = ['ct_encapsulation_variants', 'htj2k', 'malformed'].flatMap((name) => sourcesIn(dataFolder(name)!))
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
