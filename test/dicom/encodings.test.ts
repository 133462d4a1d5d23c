/** One image in many encodings: the same stored values, the same result, or a refusal; and what only decoding can tell. */
import { spawnSync } from 'node:child_process'
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
import { type Encapsulation, cutAt, encapsulated, rle } from './encode.js'
import { figures, score } from './figures.js'
import { type Edits, ctElements, ctSeries, encodeFile, pixels, random, source } from './make.js'
import { SINGLE, only, portrait, refusalsOf, valuesOf } from './outcome.js'

const RLE = '1.2.840.10008.1.2.5'

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

  it('a range of it that folds onto calcium is refused before anything is decoded', async () => {
    const folded = { ...bits(12, false), 0x00280120: { vr: 'US', value: [0xf000 + 1154] }, 0x00280121: { vr: 'US', value: [0xf000 + 1720] } } // prettier-ignore
    const sources = [source(rleSlice(0, folded, pixels(0).with(0, 0xf000)))]
    expect(await refusalsOf(sources, SINGLE)).toEqual(['PIXEL_FORMAT'])
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
