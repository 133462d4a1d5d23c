/** HTJ2K through OpenJPH: real frames and made ones, and everything that must not come through. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Decoder, FrameShape } from '../../bindings/codecs/decoder.js'
import { loadHtj2k, readHtj2k } from '../../bindings/codecs/htj2k.js'
import { readJpeg2000 } from '../../bindings/codecs/jpeg-2000.js'
import { dataFolder } from '../dicom/data.js'
import { type Encode, changed, htj2kEncoder } from './encode.js'
import { expectCutsRefused, expectNoTrace, flipHeader } from './hostile.js'
import { decoded, firstDifference, outcome, picture, readFrames, shapeOf } from './own.js'

const DATA = dataFolder('htj2k')
const SMALL = dataFolder('pydicom_small')
const J2K = [0xff, 0x4f]

let decoder: Decoder
let encode: Encode
beforeAll(async () => {
  decoder = await loadHtj2k()
  encode = await htj2kEncoder()
})

/** Words of a picture, with the sign a shape asks for. */
function wordsFor(shape: FrameShape, seed: number): Uint16Array {
  const words = picture(shape.rows, shape.columns, shape.bitsStored, seed)
  return shape.signed ? words.map((word) => word - 2 ** (shape.bitsStored - 1)) : words
}

describe('made frames', () => {
  it.each([
    [1, 1, 12, false],
    [1, 7, 12, true],
    [513, 3, 16, true],
    [3, 513, 16, false],
    [65, 33, 13, true],
    [64, 64, 8, false],
    [31, 63, 10, false],
  ] as const)('%i x %i, %i bits, signed %s', (rows, columns, bitsStored, signed) => {
    const shape = shapeOf(rows, columns, { bitsStored, signed })
    const words = wordsFor(shape, rows + columns)
    const frame = encode(words, shape)
    expect(readHtj2k(frame, shape)).toEqual({ lossy: false, precision: bitsStored, signed })
    expect(firstDifference(decoded(decoder, frame, shape), words)).toBe(-1)
  })

  it.each([0, 1, 2, 3, 4])('in tiles, with tile-parts by resolution, progression %i', (progression) => {
    const shape = shapeOf(150, 170, { bitsStored: 12, signed: true })
    const words = wordsFor(shape, 5)
    const frame = encode(words, shape, (encoder) => {
      encoder.setTileSize!({ width: 64, height: 48 })
      encoder.setProgressionOrder!(progression)
      encoder.setBlockDimensions!({ width: 32, height: 16 })
      if (progression === 2) encoder.setTilePartDivisionsAtResolutions!(true)
    })
    expect(readHtj2k(frame, shape)).toEqual({ lossy: false, precision: 12, signed: true })
    expect(firstDifference(decoded(decoder, frame, shape), words)).toBe(-1)
  })

  it('with the 9/7 wavelet are lossy, and clipped to their bits', () => {
    const shape = shapeOf(64, 64, { bitsStored: 12 })
    const words = Uint16Array.from({ length: 4096 }, (_, i) => (i % 64 < 32 ? 0 : 4095))
    const frame = encode(words, shape, (encoder) => encoder.setQuality!(false, 0.02))
    expect(readHtj2k(frame, shape).lossy).toBe(true)
    const out = decoded(decoder, frame, shape)
    expect(firstDifference(out, words)).not.toBe(-1)
    expect(Math.max(...out)).toBeLessThanOrEqual(4095)
  })

  it('of 8 bits with sign keep it, which the library itself drops', () => {
    const shape = shapeOf(9, 14, { bitsAllocated: 8, bitsStored: 8 })
    const words = picture(9, 14, 8, 3)
    const frame = encode(words, shape)
    const ssiz = frame.findIndex((byte, i) => byte === 0xff && frame[i + 1] === 0x51) + 40
    const out = decoded(decoder, changed(frame, ssiz, 0x87), { ...shape, signed: true })
    expect(firstDifference(out, words.map((word) => word - 128))).toBe(-1) // prettier-ignore
  })

  it('are refused by the reader of JPEG 2000', () => {
    const shape = shapeOf(8, 8)
    const frame = encode(wordsFor(shape, 1), shape)
    expect(outcome(() => readJpeg2000(frame, shape))).toBe('PIXEL_FORMAT')
  })
})

describe('hostile frames', () => {
  const shape = shapeOf(96, 80, { bitsStored: 12, signed: true })
  const made = () => encode(wordsFor(shape, 9), shape)

  it('cut at 1,000 places are refused, where the library decodes every one of them', () => {
    expectCutsRefused(decoder, readHtj2k, made(), shape)
  })

  it('leave no trace in the next', () => {
    expectNoTrace(decoder, made(), shape)
  })

  it('with any bit of the first 200 bytes flipped give the same pixels, tell, or are refused', () => {
    const frame = made()
    const tally = flipHeader(decoder, frame, shape, 200, readHtj2k(frame, shape))
    expect(tally.refused).toBeGreaterThan(400)
    const sod = frame.findIndex((byte, i) => byte === 0xff && frame[i + 1] === 0x93)
    expect(tally.silent.filter((at) => at < sod + 2)).toEqual([])
  })
})

describe.skipIf(!DATA)('real frames', () => {
  it.each(['CT1', 'CT2'])('%s equals its raw twin', (name) => {
    const { frames, shape } = readFrames(join(DATA!, `${name}_HTJ2K_wrapped.dcm`), J2K)
    const raw = new Uint8Array(readFileSync(join(DATA!, `${name}.RAW`)))
    expect(readHtj2k(frames[0]!, shape)).toEqual({ lossy: false, precision: 16, signed: true })
    expect(firstDifference(decoded(decoder, frames[0]!, shape), new Uint16Array(raw.buffer))).toBe(-1)
  })

  it('cut at 1,000 places are refused', () => {
    const { frames, shape } = readFrames(join(DATA!, 'CT2_HTJ2K_wrapped.dcm'), J2K)
    expectCutsRefused(decoder, readHtj2k, frames[0]!, shape)
  })
})

it.skipIf(!SMALL)('a colour frame is refused', () => {
  const { frames, shape } = readFrames(join(SMALL!, 'HTJ2KLossless_08_RGB.dcm'), J2K)
  expect(outcome(() => readHtj2k(frames[0]!, { ...shape, file: 'frame.dcm' }))).toBe('PIXEL_FORMAT')
})
