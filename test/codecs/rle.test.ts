import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { AgatstonError } from '../../bindings/base/errors.js'
import type { Decoder } from '../../bindings/codecs/decoder.js'
import { loadRle, readRle } from '../../bindings/codecs/rle.js'
import { dataFolder } from '../dicom/data.js'
import { anyhow, decodeRle, encodeRle, standard } from '../reference/rle.js'
import { REFUSALS, chooser, decoded, firstDifference, outcome, picture, readFrames, shapeOf } from './own.js'

let decoder: Decoder
beforeAll(async () => {
  decoder = await loadRle({})
})

/** A frame of given segments, as they are. */
function frameOf(...segments: readonly (readonly number[])[]): Uint8Array {
  const header = new DataView(new ArrayBuffer(64))
  header.setUint32(0, segments.length, true)
  let at = 64
  segments.forEach((segment, i) => {
    header.setUint32(4 + 4 * i, at, true)
    at += segment.length
  })
  return Uint8Array.from([...new Uint8Array(header.buffer), ...segments.flat()])
}
const EIGHT = { bitsAllocated: 8, bitsStored: 8 } as const
const edited = (frame: Uint8Array, offset: number, value: number): Uint8Array => {
  const copy = frame.slice()
  new DataView(copy.buffer).setUint32(offset, value, true)
  return copy
}

describe('frames of RLE', () => {
  it.each([[1, 1], [1, 2], [2, 1], [3, 3], [1, 127], [1, 128], [1, 129], [128, 2], [5, 255], [7, 257], [64, 64]])(
    'give the words they were made of: %i x %i, 16 and 8 bits',
    (rows, columns) => {
      for (const bytes of [1, 2] as const) {
        const words = picture(rows, columns, 8 * bytes, rows * 1000 + columns)
        const shape = shapeOf(rows, columns, { bitsAllocated: bytes === 1 ? 8 : 16, bitsStored: 8 })
        expect(decoded(decoder, encodeRle(words, columns, bytes), shape)).toEqual(words)
      }
    },
  ) // prettier-ignore

  it('may have any packets that say the same, over rows, with packets that say nothing, padded or not', () => {
    const cases = fc.record({
      rows: fc.integer({ min: 1, max: 20 }),
      columns: fc.integer({ min: 1, max: 70 }),
      bytes: fc.constantFrom(1 as const, 2 as const),
      levels: fc.constantFrom(0, 1, 3, 0xffff),
      seed: fc.nat(),
      pad: fc.boolean(),
    })
    fc.assert(
      fc.property(cases, ({ rows, columns, bytes, levels, seed, pad }) => {
        const choose = chooser(seed)
        const mask = bytes === 1 ? 255 : 0xffff
        const words = Uint16Array.from({ length: rows * columns }, () => choose(levels) & mask)
        const frame = encodeRle(words, columns, bytes, anyhow(choose), pad)
        expect(decodeRle(frame, words.length)).toEqual(words)
        expect(decoded(decoder, frame, shapeOf(rows, columns, bytes === 1 ? EIGHT : {}))).toEqual(words)
      }),
      { seed: 5, numRuns: 400 },
    )
  })

  it('say that nothing is lost, and no more', () => {
    const facts = { lossy: false, precision: null, signed: null }
    const frame = encodeRle(picture(4, 4, 16, 1), 4, 2)
    expect(readRle(frame, shapeOf(4, 4))).toEqual(facts)
    expect(decoder.decode(frame, shapeOf(4, 4), new Uint16Array(16))).toEqual(facts)
  })

  it('leave nothing of the frame before, whatever became of it', () => {
    const [rows, columns] = [9, 11]
    const [good, words] = [encodeRle(picture(rows, columns, 16, 3), columns, 2), picture(rows, columns, 16, 3)]
    const big = encodeRle(picture(200, 300, 16, 4), 300, 2)
    const bad = [good.subarray(0, 70), edited(good, 0, 3), edited(good, 8, 66), new Uint8Array(0), new Uint8Array(64)]
    for (const frame of bad) {
      expect(decoded(decoder, big, shapeOf(200, 300))).toEqual(picture(200, 300, 16, 4))
      expect(REFUSALS).toContain(outcome(() => decoded(decoder, frame, shapeOf(rows, columns))))
      expect(decoded(decoder, good, shapeOf(rows, columns))).toEqual(words)
    }
  })
})

describe('what is refused', () => {
  const shape = shapeOf(1, 4)
  const high = [3, 1, 2, 3, 4, 0]
  const low = [253, 9]
  const frame = frameOf(high, low)
  const is = (bytes: Uint8Array, as = shape): string => outcome(() => decoded(decoder, bytes, as))

  it('is nothing here', () => {
    expect(decoded(decoder, frame, shape)).toEqual(Uint16Array.of(0x109, 0x209, 0x309, 0x409))
  })

  it.each([0, 1, 3, 15, 16, 2 ** 31, 2 ** 32 - 1])('a header of %i segments', (count) => {
    expect(is(edited(frame, 0, count))).toBe('PIXELS_CORRUPT')
    expect(outcome(() => readRle(edited(frame, 0, count), shape))).toBe('PIXELS_CORRUPT')
  })

  it('one segment for 16 bits, two for 8', () => {
    expect(is(frameOf(high))).toBe('PIXELS_CORRUPT')
    expect(is(frame, shapeOf(1, 4, EIGHT))).toBe('PIXELS_CORRUPT')
    expect(is(frameOf(high), shapeOf(1, 4, EIGHT))).toBe('decoded')
  })

  it.each([
    ['a first segment elsewhere', 4, 63, 'PIXELS_CORRUPT'],
    ['a first segment later', 4, 66, 'PIXELS_CORRUPT'],
    ['a second segment at the first', 8, 64, 'PIXELS_CORRUPT'],
    ['a second segment in the header', 8, 0, 'PIXELS_CORRUPT'],
    // The high bytes lose their pad only; the low ones begin with it, as a literal.
    ['a second segment a byte early', 8, 69, 'PIXELS_SHORT'],
    ['a second segment a byte late', 8, 71, 'PIXELS_CORRUPT'],
    ['a second segment at the end', 8, 72, 'PIXELS_SHORT'],
    ['a second segment beyond the end', 8, 73, 'PIXELS_SHORT'],
    ['a second segment far beyond', 8, 2 ** 32 - 1, 'PIXELS_SHORT'],
  ])('%s', (_, offset, value, code) => {
    expect(is(edited(frame, offset, value))).toBe(code)
  })

  it.each([
    ['a literal over the end of its segment', [3, 1, 2], 'PIXELS_SHORT'],
    ['a literal without bytes', [3], 'PIXELS_SHORT'],
    ['a replicate without its byte', [2, 1, 1, 1, 0xff], 'PIXELS_SHORT'],
    ['a literal over the end of its plane', [4, 1, 2, 3, 4, 5], 'PIXELS_CORRUPT'],
    ['a replicate over the end of its plane', [252, 7], 'PIXELS_CORRUPT'],
    ['the longest replicate', [129, 7], 'PIXELS_CORRUPT'],
    ['three of four bytes', [2, 1, 2, 3], 'PIXELS_SHORT'],
    ['nothing but packets that say nothing', [128, 128, 128], 'PIXELS_SHORT'],
    ['a packet more', [253, 7, 255, 7], 'PIXELS_CORRUPT'],
    ['a pad that is not zero', [253, 7, 1], 'PIXELS_CORRUPT'],
  ])('%s', (_, segment, code) => {
    expect(is(frameOf(segment), shapeOf(1, 4, EIGHT))).toBe(code)
    expect(is(frameOf(low, segment))).toBe(code)
    if (code === 'PIXELS_CORRUPT') expect(is(frameOf(segment, low))).toBe(code)
  })

  it('not: one zero after a segment, packets that say nothing anywhere; but more zeros', () => {
    expect(is(frameOf([253, 7, 0], [253, 7, 0]))).toBe('decoded')
    expect(is(frameOf([253, 7, 0, 0], low))).toBe('PIXELS_CORRUPT')
    expect(is(frameOf(low, [253, 7, 0, 0]))).toBe('PIXELS_CORRUPT')
    expect(is(frameOf([128, 128, 253, 7, 128, 128], [128, 253, 7, 128, 0]))).toBe('decoded')
  })

  it('data that was lost and filled with zeros', () => {
    const words = picture(40, 40, 16, 5)
    const whole = encodeRle(words, 40, 2)
    for (let from = 66; from < whole.length - 4; from += 7) {
      const holed = whole.slice().fill(0, from)
      expect(is(holed, shapeOf(40, 40))).not.toBe('decoded')
    }
  })

  it('a segment that would borrow from the next', () => {
    // The first ends in a literal of four of which one stands in the second.
    expect(is(frameOf([3, 1, 2, 3], [4, 253, 9]))).toBe('PIXELS_SHORT')
  })

  it('calls that are wrong: not refusals of the frame', () => {
    const into = new Uint16Array(4)
    expect(() => decoder.decode([1] as never, shape, into)).toThrow(TypeError)
    expect(() => decoder.decode(frame, shape, [] as never)).toThrow(TypeError)
    for (const length of [3, 5]) expect(() => decoder.decode(frame, shape, new Uint16Array(length))).toThrow(RangeError)
    for (const side of [0, -1, 1.5, 65536, NaN]) {
      expect(() => readRle(frame, shapeOf(side, 4))).toThrow(RangeError)
      expect(() => readRle(frame, shapeOf(4, side))).toThrow(RangeError)
    }
    expect(() => readRle(frame, shapeOf(1, 4, { bitsAllocated: 32 as never }))).toThrow(RangeError)
    expect(() => readRle(frame, shapeOf(1, 4, { bitsStored: 17 }))).toThrow(RangeError)
  })

  it('a frame beyond the limit of 256 MiB', () => {
    const side = 8192
    expect(outcome(() => decoder.decode(frame, shapeOf(side, side), new Uint16Array(side * side)))).toBe(
      'LIMIT_EXCEEDED',
    )
    expect(is(frame, shapeOf(4096, 4096))).toBe('PIXELS_SHORT')
  })
})

describe('damage', () => {
  const [rows, columns] = [12, 19]
  const shape = shapeOf(rows, columns)
  const words = picture(rows, columns, 16, 77)
  const packers = [standard, anyhow(chooser(8))]

  it('cut at every byte, a frame is refused; only its pad may be missing', () => {
    for (const pack of packers) {
      const frame = encodeRle(words, columns, 2, pack, false)
      for (let length = 0; length < frame.length; length++) {
        const code = outcome(() => decoded(decoder, frame.subarray(0, length), shape))
        // A last packet that says nothing may be cut.
        if (code !== 'PIXELS_SHORT') expect([code, frame[length]]).toEqual(['decoded', 128])
      }
      expect(outcome(() => decoded(decoder, frame, shape))).toBe('decoded')
    }
  })

  it('with any bit of the header turned over: the same words, or a refusal', () => {
    const frame = encodeRle(words, columns, 2)
    for (let bit = 0; bit < 64 * 8; bit++) {
      const flipped = frame.slice()
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      const code = outcome(() => expect(decoded(decoder, flipped, shape)).toEqual(words))
      expect(bit < 12 * 8 ? REFUSALS : ['decoded']).toContain(code)
    }
  })

  it('with any bit of the segments turned over: words or a refusal, never anything else', () => {
    const frame = encodeRle(words, columns, 2, packers[1])
    for (let bit = 64 * 8; bit < frame.length * 8; bit++) {
      const flipped = frame.slice()
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      expect([...REFUSALS, 'decoded']).toContain(outcome(() => decoded(decoder, flipped, shape)))
    }
  })

  it('at random: words or a refusal', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, headed) => {
        const frame = headed ? frameOf([...bytes.subarray(0, 9)], [...bytes.subarray(9)]) : bytes
        expect([...REFUSALS, 'decoded']).toContain(outcome(() => decoded(decoder, frame, shapeOf(3, 5))))
      }),
      { seed: 6, numRuns: 2000 },
    )
  })
})

describe('real files', () => {
  const folder = dataFolder('ct_all_transfer_syntaxes')
  const find = (part: string): string =>
    join(
      folder!,
      readdirSync(folder!).find((name) => name.includes(part))!,
    )

  it.skipIf(!folder)('give the words of the uncompressed twin', () => {
    const { frames, shape } = readFrames(find('RLELossless'), [])
    const { words } = readFrames(find('LittleEndianExplicit'))
    expect(firstDifference(decoded(decoder, frames[0]!, shape), words)).toBe(-1)
  })

  it.skipIf(!folder)('cut at a thousand places are refused', () => {
    const { frames, shape } = readFrames(find('RLELossless'), [])
    const frame = frames[0]!
    for (let i = 0; i < 1000; i++) {
      const cut = frame.subarray(0, Math.floor((i * (frame.length - 1)) / 1000))
      expect(outcome(() => decoded(decoder, cut, shape))).toBe('PIXELS_SHORT')
    }
  })

  const others = dataFolder('pydicom_small')
  it.skipIf(!others)('of another writer give what the yardstick gives', () => {
    const { frames, shape } = readFrames(join(others!, 'MR_small_RLE.dcm'), [])
    expect(decoded(decoder, frames[0]!, shape)).toEqual(decodeRle(frames[0]!, shape.rows * shape.columns))
  })
})

it('an error tells file, place and what to do, and nothing of a patient', () => {
  try {
    decoded(decoder, frameOf([253, 7], [252, 7]), shapeOf(1, 4))
    expect.unreachable()
  } catch (error) {
    expect(error).toBeInstanceOf(AgatstonError)
    const { message, details } = error as AgatstonError
    expect(message).toBe(
      'frame.dcm: the RLE frame is damaged: segment 2 decodes to more than rows x columns = 4 bytes. Fetch the image again from the archive or the scanner',
    )
    expect(details).toEqual({ file: 'frame.dcm', coding: 'RLE', segment: 2, decoded: 0, expected: 4 })
  }
})
