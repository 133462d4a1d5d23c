/** JPEG-LS through CharLS: real frames, frames by dcmtk, made ones, and everything that must not come through. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Decoder, FrameShape } from '../../bindings/codecs/decoder.js'
import { loadJpegLs, readJpegLs } from '../../bindings/codecs/jpeg-ls.js'
import { dataFolder } from '../dicom/data.js'
import { type Encode, changed, jpegLsEncoder, without } from './encode.js'
import { expectCutsRefused, expectNoTrace, flipHeader } from './hostile.js'
import { REFUSALS, chooser, ctFile, dcmtk, decoded, firstDifference, outcome, picture, readFrames, run, shapeOf } from './own.js' // prettier-ignore

const CT = dataFolder('ct_all_transfer_syntaxes')
const SMALL = dataFolder('pydicom_small')
const VARIANTS = dataFolder('ct_encapsulation_variants')
const UNCOMPRESSED = 'CTImage.dcm_LittleEndianExplicitTransferSyntax_1.2.840.10008.1.2.1.dcm'

let decoder: Decoder
let encode: Encode
beforeAll(async () => {
  decoder = await loadJpegLs()
  encode = await jpegLsEncoder()
})

const far = (a: Uint16Array, b: Uint16Array): number => a.reduce((m, word, i) => Math.max(m, Math.abs(word - b[i]!)), 0)

describe('made frames', () => {
  it.each([
    [1, 1, 12],
    [1, 7, 12],
    [513, 3, 16],
    [3, 513, 10],
    [64, 65, 16],
    [33, 29, 8],
    [9, 9, 2],
  ])('%i x %i, %i bits', (rows, columns, bitsStored) => {
    const shape = shapeOf(rows, columns, { bitsStored })
    const words = picture(rows, columns, bitsStored, rows)
    const frame = encode(words, shape)
    expect(readJpegLs(frame, shape)).toEqual({ lossy: false, precision: bitsStored, signed: null })
    expect(firstDifference(decoded(decoder, frame, shape), words)).toBe(-1)
  })

  it.each([1, 2, 7])('with NEAR %i are lossy, and no sample is off by more', (near) => {
    const shape = shapeOf(50, 41, { bitsStored: 12 })
    const words = picture(50, 41, 12, near)
    const frame = encode(words, shape, (encoder) => encoder.setNearLossless!(near))
    expect(readJpegLs(frame, shape).lossy).toBe(true)
    expect(far(decoded(decoder, frame, shape), words)).toBe(near)
  })
})

describe('the precision of a frame', () => {
  const words = picture(8, 8, 12, 1)
  const read = (changes: Partial<FrameShape>) => {
    const frame = encode(words, shapeOf(8, 8, { bitsStored: 12 }))
    return outcome(() => readJpegLs(frame, shapeOf(8, 8, { bitsStored: 12, ...changes })))
  }

  it('is that of the header, or that of whole words', () => {
    expect(read({})).toBe('decoded')
    expect(read({ signed: true })).toBe('decoded')
    expect(read({ bitsStored: 11 })).toBe('PIXELS_CORRUPT')
    expect(read({ bitsStored: 8, bitsAllocated: 8 })).toBe('PIXELS_CORRUPT')
    const whole = shapeOf(8, 8, { bitsStored: 16 })
    expect(readJpegLs(encode(words, whole), { ...whole, bitsStored: 12 }).precision).toBe(16)
  })

  it('may be smaller for unsigned samples only: JPEG-LS has no sign that would say where it is', () => {
    expect(read({ bitsStored: 13 })).toBe('decoded')
    expect(read({ bitsStored: 13, signed: true })).toBe('PIXELS_CORRUPT')
  })
})

describe('a frame is refused', () => {
  const shape = shapeOf(8, 9, { bitsStored: 12 })
  const frame = () => encode(picture(8, 9, 12, 4), shape)
  const at = (bytes: Uint8Array, second: number) => bytes.findIndex((b, i) => b === 0xff && bytes[i + 1] === second)
  const read = (bytes: Uint8Array, changes: Partial<FrameShape> = {}) =>
    outcome(() => readJpegLs(bytes, { ...shape, ...changes }))

  it.each([
    ['rows, one more', { rows: 9 }],
    ['rows, one less', { rows: 7 }],
    ['columns, one more', { columns: 10 }],
    ['columns, one less', { columns: 8 }],
  ])('header: %s', (_, changes) => {
    expect(read(frame(), changes)).toBe('PIXELS_CORRUPT')
  })

  it.each([
    ['components', 0xf7, 9, 3, 'PIXEL_FORMAT'],
    ['another process', 0xf7, 1, 0xc3, 'PIXEL_FORMAT'],
    ['a length of 1', 0xf7, 3, 1, 'PIXELS_CORRUPT'],
    ['a length beyond the frame', 0xf7, 2, 0x40, 'PIXELS_SHORT'],
    ['NEAR of 300', 0xda, 7, 255, 'decoded'],
    ['a mapping table', 0xda, 6, 1, 'PIXEL_FORMAT'],
    ['a point transform', 0xda, 9, 1, 'PIXEL_FORMAT'],
    ['a scan of two components', 0xda, 4, 2, 'PIXELS_CORRUPT'],
    ['interleaved', 0xda, 8, 1, 'PIXELS_CORRUPT'],
  ])('stream: %s', (_, marker, offset, byte, code) => {
    const bytes = frame()
    expect(read(changed(bytes, at(bytes, marker) + offset, byte))).toBe(code)
  })

  it('where a marker stands in its scan, or anything but padding behind it', () => {
    const bytes = frame()
    const scan = at(bytes, 0xda) + 10
    const marked = bytes.slice()
    marked.set([0xff, 0xd0], scan + 4)
    expect(read(marked)).toBe('PIXELS_CORRUPT')
    marked.set([0xff, 0xda], scan + 4)
    expect(read(marked)).toBe('PIXEL_FORMAT')
    expect(read(Uint8Array.from([...bytes, 0, 0]))).toBe('decoded')
    expect(read(Uint8Array.from([...bytes, 5]))).toBe('PIXELS_CORRUPT')
    expect(read(Uint8Array.from([...bytes, ...bytes]))).toBe('PIXELS_CORRUPT')
  })
})

describe('fill bytes behind the end marker', () => {
  it('are nothing, however many; a marker or data behind them is refused', () => {
    const shape = shapeOf(16, 16, { bitsStored: 12 })
    const words = picture(16, 16, 12, 5)
    const frame = encode(words, shape)
    for (const pad of [[0xff], [0xff, 0xff], Array<number>(9).fill(0xff), [0xff, 0xff, 0], [0xff, 0xff, 0xff, 0, 0]]) {
      const padded = Uint8Array.from([...frame, ...pad])
      expect(firstDifference(decoded(decoder, padded, shape), words)).toBe(-1)
    }
    for (const pad of [
      [0xff, 0xd8],
      [0xff, 0xff, 0xd9],
      [0xff, 0xff, 1],
      [0, 0xff],
      [0xff, 0, 0xff],
      [0xff, ...frame],
    ]) {
      expect(outcome(() => readJpegLs(Uint8Array.from([...frame, ...pad]), shape))).toBe('PIXELS_CORRUPT')
    }
  })
})

describe('hostile frames', () => {
  const shape = shapeOf(96, 80, { bitsStored: 12 })
  const made = () => encode(picture(96, 80, 12, 9), shape)

  it('cut at 1,000 places are refused before the decoder sees them', () => {
    expectCutsRefused(decoder, readJpegLs, made(), shape)
  })

  it('leave no trace in the next', () => {
    expectNoTrace(decoder, made(), shape)
  })

  it('with a piece missing inside are refused', () => {
    const frame = made()
    const choose = chooser(11)
    for (let i = 0; i < 200; i++) {
      const from = 40 + choose(frame.length - 300)
      const piece = without(frame, from, 1 + choose(200))
      expect(REFUSALS, `from ${from}`).toContain(outcome(() => decoded(decoder, piece, shape)))
    }
  })

  it('with any bit of the first bytes flipped give the same pixels, tell, or are refused', () => {
    const frame = made()
    const scan = frame.findIndex((byte, i) => byte === 0xff && frame[i + 1] === 0xda) + 10
    const tally = flipHeader(decoder, frame, shape, scan, readJpegLs(frame, shape))
    expect(tally.refused).toBeGreaterThan(100)
    expect(tally.silent).toEqual([])
  })
})

describe.skipIf(!CT || !SMALL || !VARIANTS)('real frames', () => {
  it('of .80 equal the uncompressed twin', () => {
    const { frames, shape } = readFrames(
      join(CT!, 'CTImage.dcm_JPEGLSLosslessTransferSyntax_1.2.840.10008.1.2.4.80.dcm'),
    )
    const twin = readFrames(join(CT!, UNCOMPRESSED)).words
    expect(readJpegLs(frames[0]!, shape).lossy).toBe(false)
    expect(firstDifference(decoded(decoder, frames[0]!, shape), twin)).toBe(-1)
  })

  it('of .81 are within NEAR of it', () => {
    const { frames, shape } = readFrames(join(CT!, 'CTImage.dcm_JPEGLSLossyTransferSyntax_1.2.840.10008.1.2.4.81.dcm'))
    const twin = readFrames(join(CT!, UNCOMPRESSED)).words
    expect(readJpegLs(frames[0]!, shape).lossy).toBe(true)
    expect(far(decoded(decoder, frames[0]!, shape), twin)).toBe(1)
  })

  it.each(['fragmented_bot', 'fragmented_no_bot', 'not_fragmented_bot', 'not_fragmented_no_bot'])('%s', (name) => {
    const file = (kind: string) => join(VARIANTS!, `encapsulated/single-frame/CT1_UNC.${kind}_jpeg_ls.80.dcm`)
    const { frames, shape } = readFrames(file(name))
    const first = readFrames(file('fragmented_bot'))
    expect(frames).toHaveLength(1)
    const out = decoded(decoder, frames[0]!, shape)
    expect(firstDifference(out, decoded(decoder, first.frames[0]!, shape))).toBe(-1)
  })

  it.each(['MR_small_jpeg_ls_lossless.dcm', 'JLSL_16_15_1_1F.dcm', 'JPEGLSNearLossless_16.dcm'])('%s', (name) => {
    const { frames, shape } = readFrames(join(SMALL!, name))
    const out = decoded(decoder, frames[0]!, shape)
    expect(readJpegLs(frames[0]!, shape).lossy).toBe(name.includes('Near'))
    if (name.startsWith('MR')) expect(firstDifference(out, readFrames(join(SMALL!, 'MR_small.dcm')).words)).toBe(-1)
  })

  it('cut at 1,000 places are refused', () => {
    const { frames, shape } = readFrames(
      join(CT!, 'CTImage.dcm_JPEGLSLosslessTransferSyntax_1.2.840.10008.1.2.4.80.dcm'),
    )
    expectCutsRefused(decoder, readJpegLs, frames[0]!, shape)
  })
})

const DCMTK = dcmtk('dcmcjpls')
if (!DCMTK) console.warn('skipped: dcmcjpls (dcmtk) is not there')

describe.skipIf(!DCMTK)('frames by dcmcjpls', () => {
  it.each([
    [40, 52, 12],
    [21, 13, 16],
  ])('%i x %i, %i bits', (rows, columns, bits) => {
    const folder = mkdtempSync(join(tmpdir(), 'agatston-jls-'))
    try {
      const words = picture(rows, columns, bits, 6)
      const [from, to] = [join(folder, 'from.dcm'), join(folder, 'to.dcm')]
      writeFileSync(from, ctFile(rows, columns, words, bits))
      run('dcmcjpls', from, to)
      const { frames, shape } = readFrames(to)
      expect(readJpegLs(frames[0]!, shape).lossy).toBe(false)
      expect(firstDifference(decoded(decoder, frames[0]!, shape), words)).toBe(-1)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
