/**
 * Compressed segmentations: what each coding may hold, that labels come out as they went in, and that nothing else is taken.
 * Frames are encoded here, by the libraries' encoders, or come from a file pydicom wrote.
 */
import { readFileSync } from 'node:fs'
import { deflateRawSync, deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { type DecodeFrame, type MaskSource, type Masks, readMasks } from '../../bindings/dicom/index.js'
import { MaskCanvas } from '../../bindings/dicom/masks/canvas.js'
import { DecodeService } from '../../bindings/dicom/decoding/service.js'
import type { FrameShape } from '../../bindings/codecs/decoder.js'
import { TERRITORY_IDS } from '../../bindings/volume/territory.js'
import { type Encode, htj2kEncoder, jpeg2000Encoder, jpegLsEncoder } from '../codecs/encode.js'
import { shapeOf } from '../codecs/own.js'
import { cutAt, rle } from './encode.js'
import { join, random } from './make.js'
import { kindOf, readOne, refusal } from './mask-outcome.js'
import { type SegOptions, type Segment, gridOf, segFile, volumeOf } from './masks.js'

const UID = {
  deflated: '1.2.840.10008.1.2.8.1',
  rle: '1.2.840.10008.1.2.5',
  jpegLs: '1.2.840.10008.1.2.4.80',
  nearLossless: '1.2.840.10008.1.2.4.81',
  jpeg2000: '1.2.840.10008.1.2.4.90',
  htj2k: '1.2.840.10008.1.2.4.201',
  jpeg: '1.2.840.10008.1.2.4.51',
  jpegLossless: '1.2.840.10008.1.2.4.70',
} as const
type Coding = 'deflated' | 'rle' | 'jpegLs' | 'jpeg2000' | 'htj2k'
type Bits = 1 | 8 | 16

// 7 x 11 pixels: no whole number of bytes a frame.
const GRID = gridOf([7, 11, 3])
const { rows: ROWS, columns: COLUMNS } = GRID
const SIZE = ROWS * COLUMNS

let jpegLs: Encode
let htj2k: Encode
let jpeg2000: Encode

beforeAll(async () => {
  jpegLs = await jpegLsEncoder()
  htj2k = await htj2kEncoder()
  jpeg2000 = await jpeg2000Encoder()
})

const shapeOfBits = (bits: Bits): FrameShape =>
  shapeOf(ROWS, COLUMNS, { bitsAllocated: bits === 16 ? 16 : 8, bitsStored: bits, signed: false })

/** The bytes of a frame as they would lie in the file, from a byte of its own. */
function packed(values: Uint16Array, bits: Bits): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((values.length * bits) / 8))
  values.forEach((value, i) => {
    if (bits === 1) bytes[i >> 3]! |= value << (i & 7)
    else if (bits === 8) bytes[i] = value
    else bytes.set([value & 255, value >> 8], 2 * i)
  })
  return bytes
}

function encoded(coding: Coding, bits: Bits): (values: Uint16Array) => Uint8Array {
  const shape = shapeOfBits(bits)
  switch (coding) {
    case 'deflated':
      return (values) => deflateRawSync(packed(values, bits))
    case 'rle':
      return (values) => rle(values, bits === 16 ? 2 : 1)
    case 'jpegLs':
      return (values) => jpegLs(values, shape)
    case 'htj2k':
      return (values) => htj2k(values, shape)
    case 'jpeg2000':
      return (values) => jpeg2000(values, shape)
  }
}

const read = (file: Uint8Array, decode?: DecodeFrame): Promise<Masks> =>
  decode
    ? readMasks([{ name: 'SEG.dcm', data: file }], volumeOf(GRID), { decode })
    : readOne('SEG.dcm', file, volumeOf(GRID))
const inside = ({ territories }: Masks, name: keyof typeof TERRITORY_IDS = 'LAD'): number[] =>
  Array.from(territories.scalarData, (label) => Number(label === TERRITORY_IDS[name]))

const bitsOf = (seed: number): number[] => {
  const next = random(seed)
  return Array.from({ length: SIZE * 3 }, () => Number(next() < 0.5))
}
const fractionsOf = (seed: number): number[] => {
  const next = random(seed)
  return Array.from({ length: SIZE * 3 }, () => (next() < 0.3 ? 0 : Math.floor(next() * 256)))
}
const lad = (pixels: readonly number[]): Segment[] => [{ number: 1, label: 'LAD', pixels }]
const binary = (coding: Coding, pixels: readonly number[], options: SegOptions = {}): Uint8Array =>
  segFile(GRID, lad(pixels), { uid: UID[coding], encode: encoded(coding, 1), ...options })

/** A pool of threads, as far as a frame can tell: the service that answers on them. */
function decodeOnThread(): DecodeFrame {
  const service = new DecodeService()
  return async ({ coding, fragments, shape }, into) => {
    const words = new Uint16Array(into.length).fill(0xabcd)
    const reply = await service.answer({ task: 'decode', coding, frame: join([...fragments]), shape, words })
    if (reply.done !== 'decoded') throw new Error('it failed on the thread')
    into.set(reply.words)
    return reply.facts
  }
}

describe('binary segmentations', () => {
  it.each(['deflated', 'rle', 'jpeg2000'] as const)('%s, here and on threads', async (coding) => {
    const pixels = bitsOf(1)
    const file = binary(coding, pixels)
    const masks = await read(file)
    expect(inside(masks)).toEqual(pixels)
    expect(masks.mapping.notes).toEqual([])
    if (coding !== 'deflated') expect(inside(await read(file, decodeOnThread()))).toEqual(pixels)
  })

  it.each(['deflated', 'rle', 'jpeg2000'] as const)('%s, with tables and fragments', async (coding) => {
    const pixels = bitsOf(2)
    for (const table of ['basic', 'extended'] as const) {
      expect(inside(await read(binary(coding, pixels, { encapsulation: { table } })))).toEqual(pixels)
    }
    const off = { table: [0, 1, 2] }
    expect(await kindOf(read(binary(coding, pixels, { encapsulation: off })))).toBe('PIXELS_CORRUPT table')
    // Of several frames RLE and deflate have one fragment each; only markers tell where frames begin.
    const split = (frame: Uint8Array): readonly Uint8Array[] => cutAt(frame, [6])
    const cut = read(binary(coding, pixels, { encapsulation: { split } }))
    if (coding === 'jpeg2000') expect(inside(await cut)).toEqual(pixels)
    else expect(await kindOf(cut)).toBe('PIXELS_CORRUPT frames')
  })

  it('are the same as uncompressed, whatever they show', async () => {
    const pixelsOf = fc.array(fc.boolean(), { minLength: SIZE * 3, maxLength: SIZE * 3 })
    await fc.assert(
      fc.asyncProperty(pixelsOf, fc.constantFrom('deflated' as const, 'rle' as const), async (marks, coding) => {
        fc.pre(marks.includes(true))
        const pixels = marks.map(Number)
        expect(inside(await read(binary(coding, pixels)))).toEqual(pixels)
      }),
      { seed: 41, numRuns: 40 },
    )
  })

  it.each(['jpegLs', 'htj2k', 'jpegLossless', 'jpeg', 'nearLossless'] as const)(
    'cannot be in %s, which has no single bits',
    async (coding) => {
      const file = segFile(GRID, lad(bitsOf(3)), { uid: UID[coding], encode: () => new Uint8Array(70) })
      const error = await refusal(read(file))
      expect([error.code, error.details['uid']]).toEqual(['SYNTAX_UNSUPPORTED', UID[coding]])
      expect(error.message).toMatch(/binary, one bit a pixel/)
    },
  )

  it('in a syntax nothing is read in are refused by name', async () => {
    const uid = '1.2.840.10008.1.2.4.110'
    const error = await refusal(read(segFile(GRID, lad(bitsOf(3)), { uid, encode: () => new Uint8Array(70) })))
    expect([error.code, error.details['name']]).toEqual(['SYNTAX_UNSUPPORTED', 'JPEG XL Lossless'])
  })

  it('hold 0 and 1 only', async () => {
    const two = (values: Uint16Array): Uint16Array => values.map((value) => 2 * value)
    const file = binary('rle', bitsOf(4), { encode: (values) => rle(two(values), 1) })
    for (const decode of [undefined, decodeOnThread()]) {
      expect((await refusal(read(file, decode))).message).toMatch(
        /holds the value 2, a binary segmentation 0 and 1 only/,
      )
    }
    const wide = binary('jpeg2000', bitsOf(4), { encode: (values) => jpeg2000(values, shapeOfBits(8)) })
    expect((await refusal(read(wide))).code).toBe('PIXELS_CORRUPT')
  })

  it('of RLE with eight pixels a byte are told from damage', async () => {
    const file = binary('rle', bitsOf(5), { encode: (values) => rle(packed(values, 1), 1) })
    expect(await kindOf(read(file))).toBe('PIXEL_FORMAT packed-bits')
    for (const more of [-1, 1]) {
      const cut = (values: Uint16Array): Uint8Array => rle([...packed(values, 1), 0].slice(0, 10 + more), 1)
      expect((await refusal(read(binary('rle', bitsOf(5), { encode: cut })))).code).toBe('PIXELS_SHORT')
    }
  })
})

describe('fractional and label map segmentations', () => {
  it.each(['deflated', 'rle', 'jpegLs', 'jpeg2000', 'htj2k'] as const)('%s', async (coding) => {
    const values = fractionsOf(6)
    const options = { uid: UID[coding], kind: 'FRACTIONAL' as const, encode: encoded(coding, 8) }
    const masks = await read(segFile(GRID, lad(values), options))
    expect(inside(masks)).toEqual(values.map((value) => Number(value >= 128)))
    expect(masks.mapping.notes.length).toBe(1)
    const label = bitsOf(7)
    const parts = [
      { number: 1, label: 'LAD', pixels: label },
      { number: 200, label: 'RCA', pixels: label.map((one) => 1 - one) },
    ]
    for (const bits of [8, 16] as const) {
      const file = segFile(GRID, parts, { uid: UID[coding], kind: 'LABELMAP', bits, encode: encoded(coding, bits) })
      const read2 = await read(file)
      expect([inside(read2), inside(read2, 'RCA')]).toEqual([parts[0]!.pixels, parts[1]!.pixels])
    }
  })

  it('compressed with loss are refused, near-lossless without any is not', async () => {
    const shape = shapeOfBits(8)
    const near = (n: number) => (values: Uint16Array) => jpegLs(values, shape, (made) => made.setNearLossless!(n))
    const file = (n: number): Uint8Array =>
      segFile(GRID, lad(fractionsOf(8)), { uid: UID.nearLossless, kind: 'FRACTIONAL', encode: near(n) })
    expect(inside(await read(file(0)))).toEqual(fractionsOf(8).map((value) => Number(value >= 128)))
    expect(await kindOf(read(file(1)))).toBe('PIXEL_FORMAT lossy')
  })

  it('that mark what lies beyond a part left out are not decoded for it', async () => {
    const broken = { encode: (values: Uint16Array, n: number) => (n % 2 ? new Uint8Array(70) : rle(values, 1)) }
    const half = bitsOf(9)
    const parts = [
      { number: 1, label: 'LAD', pixels: half },
      { number: 2, label: 'heart', pixels: half },
    ]
    expect(inside(await read(segFile(GRID, parts, { uid: UID.rle, ...broken })))).toEqual(half)
  })
})

describe('damaged frames', () => {
  const codeOf = async (coding: Coding, damage: (frame: Uint8Array) => Uint8Array): Promise<string> => {
    const encode = encoded(coding, 1)
    return (await refusal(read(binary(coding, bitsOf(10), { encode: (values) => damage(encode(values)) })))).code
  }
  const spliced = (frame: Uint8Array, ...more: number[]): Uint8Array => join([frame, Uint8Array.from(more)])

  it('deflated, of any other size than the frame', async () => {
    for (const [bytes, expected] of [
      [9, 'PIXELS_SHORT'],
      [10, null],
      [11, 'PIXELS_CORRUPT'],
      [2 ** 20, 'PIXELS_CORRUPT'],
    ] as const) {
      const marks = new Uint8Array(bytes).fill(1)
      const reading = read(binary('deflated', bitsOf(10), { encode: () => deflateRawSync(marks) }))
      if (expected === null) expect(inside(await reading).slice(0, 9)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 1])
      else expect((await refusal(reading)).code).toBe(expected)
    }
  })

  it('deflated, with more behind the stream than one zero, or bits behind the last pixel', async () => {
    // A fragment of odd length gets a zero, which is even by the standard.
    const even = (frame: Uint8Array): Uint8Array => (frame.length % 2 ? spliced(frame, 0) : frame)
    expect(await codeOf('deflated', (frame) => spliced(even(frame), 0, 0))).toBe('PIXELS_CORRUPT')
    expect(await codeOf('deflated', (frame) => spliced(even(frame), 1, 0))).toBe('PIXELS_CORRUPT')
    expect(await codeOf('deflated', (frame) => frame.subarray(0, frame.length >> 1))).toBe('PIXELS_SHORT')
    const last = (byte: number): Uint8Array => {
      const bytes = new Uint8Array(10).fill(255)
      bytes[9] = byte
      return deflateRawSync(bytes)
    }
    expect(inside(await read(binary('deflated', bitsOf(10), { encode: () => last(0x1f) }))).every(Boolean)).toBe(true)
    const strange = await refusal(read(binary('deflated', bitsOf(10), { encode: () => last(0x3f) })))
    expect([strange.code, strange.message]).toEqual(['PIXELS_CORRUPT', expect.stringMatching(/beyond its last pixel/)])
  })

  it('deflated in a wrapper, which the standard does not have', async () => {
    const file = binary('deflated', bitsOf(10), { encode: (values) => deflateSync(packed(values, 1)) })
    expect((await refusal(read(file))).code).toMatch(/PIXELS_CORRUPT|PIXELS_SHORT/)
  })

  it.each(['deflated', 'rle', 'jpeg2000'] as const)('%s, cut anywhere, are refused with a code', async (coding) => {
    const whole = encoded(coding, 1)(Uint16Array.from(bitsOf(10).slice(0, SIZE)))
    // One zero at the end is what makes the length even: without it the frame is the same.
    const last = whole.length - Number(whole.at(-1) === 0)
    for (let length = 1; length < last; length++) {
      const cut = binary(coding, bitsOf(10), { encode: () => whole.subarray(0, length) })
      expect((await refusal(read(cut))).code).toMatch(/^(PIXELS_SHORT|PIXELS_CORRUPT|PIXEL_FORMAT)$/)
    }
  })

  it('absent, or not in fragments, are refused', async () => {
    const native = segFile(GRID, lad(bitsOf(11)), { uid: UID.rle })
    expect(await kindOf(read(native))).toBe('PARSE_FAILED structure')
    const none = binary('rle', bitsOf(11), { edits: { 0x7fe00010: null } })
    expect((await refusal(read(none))).code).toBe('PIXELS_MISSING')
    const fewer = binary('rle', bitsOf(11), { encapsulation: { more: [rle(new Uint16Array(SIZE), 1)] } })
    expect(await kindOf(read(fewer))).toBe('PIXELS_CORRUPT frames')
  })

  it('count towards the work a file may ask for, an eighth of their pixels each', async () => {
    const spend = vi.spyOn(MaskCanvas.prototype, 'spend')
    const eighth = Math.ceil(SIZE / 8)
    try {
      const count = async (file: Uint8Array): Promise<number> => {
        spend.mockClear()
        await read(file)
        return spend.mock.calls.filter(([pixels]) => pixels === eighth).length
      }
      for (const coding of ['deflated', 'rle'] as const) expect(await count(binary(coding, bitsOf(12)))).toBe(3)
      expect(await count(segFile(GRID, lad(bitsOf(12))))).toBe(0)
    } finally {
      spend.mockRestore()
    }
  })
})

describe('files of pydicom', () => {
  const { madeWith, files } = JSON.parse(readFileSync(new URL('pydicom-masks.json', import.meta.url), 'utf8')) as {
    readonly madeWith: string
    readonly files: Readonly<Record<string, string>>
  }
  const file = (name: string): MaskSource => ({ name, data: new Uint8Array(Buffer.from(files[name]!, 'base64')) })

  it(`(${madeWith}) hold what was written`, async () => {
    for (const name of ['binary, deflated frames', 'binary, RLE']) {
      expect(inside(await readMasks([file(name)], volumeOf(GRID)))).toEqual(bitsOf(31))
    }
    const next = random(32)
    const values = Array.from({ length: SIZE * 3 }, () => (next() < 0.3 ? 0 : Math.floor(next() * 256)))
    const masks = await readMasks([file('fractional, RLE')], volumeOf(GRID))
    expect(inside(masks)).toEqual(values.map((value) => Number(value >= 128)))
  })
})
