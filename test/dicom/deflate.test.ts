/** Deflated data sets: the three forms that are met, everything cut or changed in them, and bombs. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join as path } from 'node:path'
import { fileURLToPath } from 'node:url'
import { crc32, constants, deflateRawSync, deflateSync, inflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { adler32, crc32 as ourCrc32 } from '../../bindings/base/checksum.js'
import { DeflateError, inflateInto, inflatePieces } from '../../bindings/dicom/archive/inflate.js'
import { type DicomSource, inspectSeries, readSeries } from '../../bindings/dicom/index.js'
import { dataFolder } from './data.js'
import { ctElements, ctSeries, encodeElements, encodeFile, enhancedElements, join, random, source } from './make.js'
import { SINGLE, failure, portrait, refusalsOf } from './outcome.js'

const DEFLATED = '1.2.840.10008.1.2.1.99'
type Pack = (data: Uint8Array) => Uint8Array

const trailer = (data: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setUint32(0, crc32(data), true)
  new DataView(bytes.buffer).setUint32(4, data.length, true)
  return bytes
}
/** By the standard, in a zlib wrapper, with the trailer of gzip. */
const FORMS: Record<string, Pack> = {
  raw: (data) => deflateRawSync(data),
  zlib: (data) => deflateSync(data),
  'with the trailer of gzip': (data) => join([deflateRawSync(data), trailer(data)]),
  stored: (data) => deflateRawSync(data, { level: 0 }),
  'fixed codes': (data) => deflateRawSync(data, { strategy: constants.Z_FIXED }),
}

const head = encodeFile({}, { uid: DEFLATED })
const deflated = (pack: Pack, k = 0, tail = new Uint8Array(0)): Uint8Array =>
  join([head, pack(encodeElements(ctElements(k), 'explicit')), tail])
const series = (pack: Pack): DicomSource[] =>
  Array.from({ length: 34 }, (_, k) => source(deflated(pack, k), `${k}.dcm`))

describe('deflated series', () => {
  it.each(Object.entries(FORMS))('%s: reads as the plain series does, from memory and from blobs', async (_, pack) => {
    const plain = await portrait(await readSeries(ctSeries()))
    expect(await portrait(await readSeries(series(pack)))).toEqual(plain)
    const blobs = series(pack).map(({ name, data }) => ({ name, data: new Blob([data as Uint8Array<ArrayBuffer>]) }))
    const volume = await readSeries(blobs)
    expect(await portrait(volume)).toEqual(plain)
    expect(volume.facts.transferSyntaxes).toEqual([DEFLATED])
  })

  it('of many frames in one object', async () => {
    const elements = enhancedElements(Array.from({ length: 34 }, (_, k) => ctElements(k)))
    const file = join([head, deflateRawSync(encodeElements(elements, 'explicit'))])
    const expected = await portrait(await readSeries([source(encodeFile(elements))]))
    expect(await portrait(await readSeries([source(file)]))).toEqual(expected)
  })

  it('takes one zero behind the stream for padding, and nothing else', async () => {
    for (const pack of Object.values(FORMS)) {
      expect(await refusalsOf([source(deflated(pack, 0, Uint8Array.of(0)))], SINGLE)).toEqual([])
      for (const tail of [[1], [0, 0], [1, 2, 3, 4, 5, 6, 7, 8], [0, 0, 0, 0, 0, 0, 0, 0, 0]]) {
        const error = await failure([source(deflated(pack, 0, Uint8Array.from(tail)))], SINGLE)
        expect(error.code).toBe('PARSE_FAILED')
        expect(['length', 'damaged']).toContain(error.details['kind'])
      }
    }
  })

  it('cut anywhere it is refused', async () => {
    for (const pack of Object.values(FORMS)) {
      const whole = deflated(pack)
      const stream = pack(encodeElements(ctElements(), 'explicit')).length
      for (let cut = whole.length - stream; cut < whole.length; cut += 1 + (cut % 3)) {
        const error = await failure([source(whole.subarray(0, cut))], SINGLE)
        expect(error.code).toBe('PARSE_FAILED')
        // Cut right behind the stream a trailer of gzip is gone without a trace, and the stream is whole.
        expect(['truncated', 'length', 'damaged']).toContain(error.details['kind'])
      }
    }
  })

  it('one changed byte is refused where there is a checksum', async () => {
    const next = random(7)
    const plain = await portrait(await readSeries([source(deflated(FORMS['raw']!))], SINGLE))
    let refused = 0
    for (const form of ['zlib', 'with the trailer of gzip']) {
      const whole = deflated(FORMS[form]!)
      for (let n = 0; n < 200; n++) {
        const broken = whole.slice()
        const at = head.length + Math.floor(next() * (whole.length - head.length))
        broken[at] = broken[at]! ^ (1 << Math.floor(next() * 8))
        const { series: read, unreadable } = await inspectSeries([source(broken)], SINGLE)
        // Bits behind the end of the stream, up to the next byte, mean nothing.
        if (read[0]?.volume) expect(await portrait(read[0].volume)).toEqual(plain)
        else expect(unreadable.map(({ code }) => code)).toEqual(['PARSE_FAILED'])
        refused += unreadable.length
      }
    }
    expect(refused).toBeGreaterThan(390)
  })

  it('a stream that begins with the bytes of group 0002 is told apart by the length of the group', async () => {
    // 02 00 as the first bytes of a block of fixed codes need a literal 0x30 first; what matters is where the group ends.
    const meta = (length: number): Uint8Array =>
      encodeElements(
        { 0x00020000: { vr: 'UL', value: [length] }, 0x00020010: { vr: 'UI', value: DEFLATED } },
        'explicit',
      )
    const group = meta(meta(0).length - 12)
    const preamble = join([new Uint8Array(128), Uint8Array.of(0x44, 0x49, 0x43, 0x4d), group])
    const body = deflateRawSync(encodeElements(ctElements(), 'explicit'))
    expect(await refusalsOf([source(join([preamble, body]))], SINGLE)).toEqual([])
    const error = await failure([source(join([preamble, Uint8Array.of(2, 0, 0x10, 0, 0x55, 0x49, 0, 0)]))], SINGLE)
    expect(error.code).toBe('PARSE_FAILED')
    expect(error.message).not.toContain('TransferSyntaxUID')
  })

  it('counts what is inflated towards the bytes of all files', async () => {
    const sources = series(FORMS['raw']!)
    const packed = sources.reduce((sum, { data }) => sum + (data as Uint8Array).length, 0)
    const inflated = 34 * (head.length + encodeElements(ctElements(), 'explicit').length)
    expect(await refusalsOf(sources, { limits: { bytes: packed + inflated + 100 } })).toEqual([])
    const error = await failure(sources, { limits: { bytes: inflated } })
    expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED', details: { limit: 'bytes' } })
  })

  it('names the limit and its edge', async () => {
    const one = [source(deflated(FORMS['raw']!))]
    const size = encodeElements(ctElements(), 'explicit').length
    expect(await refusalsOf(one, { ...SINGLE, limits: { inflate: size } })).toEqual([])
    const error = await failure(one, { ...SINGLE, limits: { inflate: size - 1 } })
    expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED', details: { limit: 'inflate', file: 'slice.dcm' } })
  })
})

describe('bombs', () => {
  it('1 MB that would be 1 GiB is refused, and takes no memory', { timeout: 120_000 }, () => {
    const script = fileURLToPath(new URL('./bomb.ts', import.meta.url))
    const out = execFileSync(process.execPath, ['--import', 'tsx', script], { encoding: 'utf8' })
    const { code, limit, grownMb } = JSON.parse(out) as { code: string; limit: string; grownMb: number }
    expect({ code, limit }).toEqual({ code: 'LIMIT_EXCEEDED', limit: 'inflateRatio' })
    expect(grownMb).toBeLessThan(256)
  })

  it('64 MiB are free, whatever the ratio; one byte more is not', { timeout: 60_000 }, async () => {
    const most = 64 * 2 ** 20
    const failing = async (bytes: number) =>
      (await failure([source(join([head, deflateRawSync(new Uint8Array(bytes))]), 'a.dcm')])).toRefusal()
    expect((await failing(most)).code).not.toBe('LIMIT_EXCEEDED')
    expect(await failing(most + 1)).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      details: { limit: 'inflateRatio', allowed: most },
    })
  })
})

describe('inflate', () => {
  const options = {
    level: fc.integer({ min: 0, max: 9 }),
    strategy: fc.integer({ min: 0, max: 4 }),
    memLevel: fc.integer({ min: 1, max: 9 }),
  }

  it('undoes what zlib did, whole and piece by piece, and says where the stream ends', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 3000 }),
        fc.integer({ min: 1, max: 60 }),
        fc.record(options),
        (seed, times, how) => {
          const data = join(Array.from({ length: times }, () => seed))
          const packed = join([deflateRawSync(data, how), Uint8Array.of(1, 2, 3)])
          const out = new Uint8Array(data.length)
          const expected = { size: data.length, end: packed.length - 3 }
          expect(inflateInto(packed, 0, out)).toEqual(expected)
          expect(Buffer.compare(out, data)).toBe(0)
          const pieces: Uint8Array[] = []
          expect(inflatePieces(packed, 0, (piece) => void pieces.push(piece.slice()))).toEqual(expected)
          expect(Buffer.compare(join(pieces), data)).toBe(0)
          expect(ourCrc32(data)).toBe(crc32(data))
          expect(adler32(data)).toBe(Buffer.from(deflateSync(data)).readUInt32BE(deflateSync(data).length - 4))
        },
      ),
      { numRuns: 60, seed: 20 },
    )
  })

  it('agrees with zlib on every changed stream: both refuse it, or both read the same', () => {
    const next = random(99)
    let refused = 0
    for (let n = 0; n < 1500; n++) {
      const data = Uint8Array.from({ length: 1 + Math.floor(next() * 600) }, (_, i) => (n % 3 ? next() * 256 : i % 17))
      const packed = new Uint8Array(deflateRawSync(data, { level: n % 10, strategy: n % 5 }))
      packed[Math.floor(next() * packed.length)]! ^= 1 << Math.floor(next() * 8)
      const [theirs, ours] = [attempt(() => inflateRawSync(packed)), attempt(() => ownInflate(packed))]
      expect(ours === null).toBe(theirs === null)
      if (ours && theirs) expect(Buffer.compare(ours, theirs)).toBe(0)
      else refused++
    }
    expect(refused).toBeGreaterThan(100)
  })

  it('tells a stream that is cut from one that is damaged and one that holds more', () => {
    const packed = deflateRawSync(new Uint8Array(1000).fill(7))
    const kindOf = (body: () => unknown): string => {
      try {
        body()
      } catch (error) {
        if (error instanceof DeflateError) return error.kind
        throw error
      }
      return 'none'
    }
    expect(kindOf(() => inflateInto(packed, 0, new Uint8Array(1000)))).toBe('none')
    expect(kindOf(() => inflateInto(packed, 0, new Uint8Array(999)))).toBe('full')
    expect(kindOf(() => inflateInto(packed.subarray(0, -1), 0, new Uint8Array(1000)))).toBe('truncated')
    expect(kindOf(() => inflateInto(new Uint8Array(0), 0, new Uint8Array(1)))).toBe('truncated')
    // A reserved block type; a stored block whose lengths do not mirror; a match before the first byte.
    for (const bytes of [[7], [1, 4, 0, 4, 0, 1, 2, 3, 4], [3 | (0x02 << 3), 0x40, 0]]) {
      expect(kindOf(() => inflateInto(Uint8Array.from(bytes), 0, new Uint8Array(1000)))).toMatch(/damaged|truncated/)
    }
    expect(kindOf(() => inflateInto(Uint8Array.of(7), 0, new Uint8Array(9)))).toBe('damaged')
  })

  function ownInflate(packed: Uint8Array): Uint8Array {
    const out = new Uint8Array(2 ** 20)
    return out.subarray(0, inflateInto(packed, 0, out).size)
  }

  function attempt(body: () => Uint8Array): Uint8Array | null {
    try {
      return body()
    } catch (error) {
      if (error instanceof TypeError) throw error
      return null
    }
  }
})

describe('real files', () => {
  const syntaxes = dataFolder('ct_all_transfer_syntaxes')
  const variants = dataFolder('ct_encapsulation_variants')

  it.skipIf(!syntaxes)('the deflated CT image has the pixels of the plain one', async () => {
    const named = async (name: string, uid: string) =>
      portrait(
        await readSeries(
          [source(new Uint8Array(readFileSync(path(syntaxes!, `CTImage.dcm_${name}TransferSyntax_${uid}.dcm`))))],
          SINGLE,
        ),
      )
    const plain = await named('LittleEndianExplicit', '1.2.840.10008.1.2.1')
    const packed = await named('DeflatedExplicitVRLittleEndian', DEFLATED)
    expect(packed['values']).toEqual(plain['values'])
    expect(packed['geometry']).toEqual(plain['geometry'])
  })

  it.skipIf(!variants)('streams with the trailer of gzip are read: neither is CT', async () => {
    for (const [name, modality] of [
      ['image_dfl', 'OT'],
      ['wave_dfl', 'ECG'],
    ] as const) {
      const file = source(new Uint8Array(readFileSync(path(variants!, 'deflate', name))), name)
      const { series: found, unreadable } = await inspectSeries([file])
      expect(unreadable).toEqual([])
      expect(found.map((one) => one.modality)).toEqual([modality])
      expect(found[0]!.refusals.map(({ code }) => code)).toEqual(['MODALITY_NOT_CT'])
    }
  })
})
