/** JPEG with DCT of 8 and 12 bits, against dcmtk's decoder and the definition of the inverse DCT. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Decoder, FrameShape } from '../../bindings/codecs/decoder.js'
import { inverseDct } from '../../bindings/codecs/jpeg-idct.js'
import { loadJpegExtended, readJpegExtended } from '../../bindings/codecs/jpeg-extended.js'
import { makeHuffman } from '../../bindings/codecs/jpeg-huffman.js'
import { dataFolder } from '../dicom/data.js'
import { changed, without } from './encode.js'
import { expectCutsRefused, expectNoTrace, flipHeader } from './hostile.js'
import { chooser, ctFile, dcmtk, decoded, outcome, picture, readFrames, run, shapeOf } from './own.js'

const CT = dataFolder('ct_all_transfer_syntaxes')
const SMALL = dataFolder('pydicom_small')
const VARIANTS = dataFolder('ct_encapsulation_variants')
const EXTENDED = 'CTImage.dcm_JPEGProcess2_4TransferSyntax_1.2.840.10008.1.2.4.51.dcm'

let decoder: Decoder
beforeAll(async () => {
  decoder = await loadJpegExtended()
})

describe('the inverse DCT', () => {
  it('is that of T.81 A.3.3', () => {
    const choose = chooser(5)
    const samples = new Float64Array(64)
    for (let round = 0; round < 50; round++) {
      const coefficients = Float64Array.from({ length: 64 }, () => (choose(3) === 0 ? choose(8000) - 4000 : 0))
      inverseDct(coefficients, samples)
      for (let y = 0; y < 8; y++) {
        for (let x = 0; x < 8; x++) {
          let sum = 0
          for (let v = 0; v < 8; v++) {
            for (let u = 0; u < 8; u++) {
              const scale = (u === 0 ? Math.SQRT1_2 : 1) * (v === 0 ? Math.SQRT1_2 : 1)
              const [cu, cv] = [((2 * x + 1) * u * Math.PI) / 16, ((2 * y + 1) * v * Math.PI) / 16]
              sum += scale * coefficients[8 * v + u]! * Math.cos(cu) * Math.cos(cv)
            }
          }
          expect(Math.abs(samples[8 * y + x]! - sum / 4)).toBeLessThan(1e-8)
        }
      }
    }
  })
})

describe('Huffman tables', () => {
  const counts = (...list: number[]) => Uint8Array.from({ length: 16 }, (_, i) => list[i] ?? 0)

  it('hold as many codes of a length as there are, and not one more', () => {
    expect(makeHuffman(counts(2), Uint8Array.of(1, 2))).not.toBeNull()
    expect(makeHuffman(counts(3), Uint8Array.of(1, 2, 3))).toBeNull()
    expect(makeHuffman(counts(1, 2), Uint8Array.of(1, 2, 3))).not.toBeNull()
    expect(makeHuffman(counts(1, 3), Uint8Array.of(1, 2, 3, 4))).toBeNull()
  })
})

/**
 * A frame of one colour, written by hand: 12 bits, each block a DC difference of `first`, then 0s.
 * DC table: code 0 is size 0, code 10 size 3; AC table: code 0 is end of block.
 */
function flatFrame(rows: number, columns: number, restart = 0): Uint8Array {
  const segment = (marker: number, ...body: number[]) => [0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255, ...body] // prettier-ignore
  const blocks = Math.ceil(rows / 8) * Math.ceil(columns / 8)
  const scan: number[] = []
  let bits = ''
  const flush = (): void => {
    while (bits.length % 8 !== 0) bits += '1'
    for (let i = 0; i < bits.length; i += 8) scan.push(parseInt(bits.slice(i, i + 8), 2))
    bits = ''
  }
  for (let block = 0; block < blocks; block++) {
    const starts = restart === 0 ? block === 0 : block % restart === 0
    if (starts && block > 0) {
      flush()
      scan.push(0xff, 0xd0 + ((block / restart - 1) % 8))
    }
    // Size 3, value 5: 101; then end of block.
    bits += starts ? '101010' : '00'
  }
  flush()
  return Uint8Array.from([
    0xff,
    0xd8, // prettier-ignore
    ...segment(0xdb, 0, ...Array.from({ length: 64 }, () => 8)),
    ...segment(0xc1, 12, rows >> 8, rows & 255, columns >> 8, columns & 255, 1, 1, 0x11, 0),
    ...segment(0xc4, 0x00, 1, 1, ...Array.from({ length: 14 }, () => 0), 0, 3),
    ...segment(0xc4, 0x10, 1, ...Array.from({ length: 15 }, () => 0), 0),
    ...(restart === 0 ? [] : segment(0xdd, restart >> 8, restart & 255)),
    ...segment(0xda, 1, 1, 0x00, 0, 63, 0),
    ...scan,
    0xff,
    0xd9, // prettier-ignore
  ])
}

describe('frames written by hand', () => {
  it.each([
    [1, 1, 0],
    [1, 7, 0],
    [8, 8, 0],
    [9, 17, 0],
    [9, 17, 1],
    [40, 40, 2],
    [80, 80, 9],
  ])('%i x %i, restart interval %i', (rows, columns, restart) => {
    const shape = shapeOf(rows, columns, { bitsStored: 12 })
    const frame = flatFrame(rows, columns, restart)
    expect(readJpegExtended(frame, shape)).toEqual({ lossy: true, precision: 12, signed: false })
    // 5 x 8 / 8 above the middle.
    expect([...new Set(decoded(decoder, frame, shape))]).toEqual([2053])
  })

  const shape = shapeOf(40, 40, { bitsStored: 12 })
  const frame = flatFrame(40, 40, 5)
  const decode = (bytes: Uint8Array, changes: Partial<FrameShape> = {}) =>
    outcome(() => decoded(decoder, bytes, { ...shape, ...changes }))
  const at = (second: number, from = 0) => frame.findIndex((b, i) => i >= from && b === 0xff && frame[i + 1] === second)

  it('take a header of fewer bits stored, but not of fewer bits than allocated', () => {
    expect(decode(frame, { bitsStored: 10 })).toBe('decoded')
    expect(decode(frame, { bitsStored: 13 })).toBe('decoded')
    expect(decode(frame, { bitsStored: 13, signed: true })).toBe('PIXELS_CORRUPT')
    expect(decode(frame, { bitsStored: 8, bitsAllocated: 8 })).toBe('PIXELS_CORRUPT')
  })

  it.each([
    ['progressive', at(0xc1) + 1, 0xc2, 'PIXEL_FORMAT'],
    ['arithmetic coding', at(0xc1) + 1, 0xc9, 'PIXEL_FORMAT'],
    ['lossless', at(0xc1) + 1, 0xc3, 'PIXEL_FORMAT'],
    ['baseline of 12 bits', at(0xc1) + 1, 0xc0, 'PIXELS_CORRUPT'],
    ['13 bits', at(0xc1) + 4, 13, 'PIXELS_CORRUPT'],
    ['three components', at(0xc1) + 9, 3, 'PIXEL_FORMAT'],
    ['no components', at(0xc1) + 9, 0, 'PIXEL_FORMAT'],
    ['a quantisation table that is not there', at(0xc1) + 12, 1, 'PIXELS_CORRUPT'],
    ['a divisor of 0', at(0xdb) + 20, 0, 'PIXELS_CORRUPT'],
    ['a DC table that is not there', at(0xda) + 6, 0x10, 'PIXELS_CORRUPT'],
    ['an AC table that is not there', at(0xda) + 6, 0x01, 'PIXELS_CORRUPT'],
    ['spectral selection', at(0xda) + 8, 62, 'PIXELS_CORRUPT'],
    ['no selection, as some writers have it', at(0xda) + 8, 0, 'decoded'],
    ['approximation', at(0xda) + 9, 1, 'PIXELS_CORRUPT'],
    ['a restart interval of one block more', at(0xdd) + 5, 6, 'PIXELS_SHORT'],
    ['a restart interval of one block less', at(0xdd) + 5, 4, 'PIXELS_CORRUPT'],
    ['restart markers out of turn', at(0xd1) + 1, 0xd2, 'PIXELS_CORRUPT'],
    ['a restart marker lost', at(0xd1) + 1, 0, 'PIXELS_CORRUPT'],
  ])('are refused: %s', (_, index, byte, code) => {
    const met = decode(changed(frame, index, byte))
    if (code === 'PIXELS_SHORT') expect(met).toMatch(/PIXELS/)
    else expect(met).toBe(code)
  })

  it('are refused where data are missing or left over', () => {
    const scan = at(0xda) + 10
    expect(decode(without(frame, scan, 1))).toBe('PIXELS_SHORT')
    const longer = Uint8Array.from([...frame.subarray(0, frame.length - 2), 0x55, 0xff, 0xd9])
    expect(decode(longer)).toBe('PIXELS_CORRUPT')
  })

  it('with any bit flipped give the same pixels, or are refused, tables apart', () => {
    const header = at(0xda) + 10
    const tally = flipHeader(decoder, frame, shape, header, readJpegExtended(frame, shape))
    // A divisor, the symbol of a code, the counts of codes may be other good ones.
    const known = (index: number) =>
      (index >= at(0xdb) + 4 && index < at(0xc1)) || (index >= at(0xc4) && index < at(0xdd))
    expect(tally.silent.filter((index) => !known(index))).toEqual([])
    expect(tally.refused).toBeGreaterThan(300)
  })

  it('cut at 1,000 places are refused', () => {
    expectCutsRefused(decoder, readJpegExtended, flatFrame(160, 160, 25), shapeOf(160, 160, { bitsStored: 12 }))
  })
})

describe.skipIf(!CT || !SMALL || !VARIANTS)('real frames', () => {
  const extended = () => readFrames(join(CT!, EXTENDED))

  it('cut at 1,000 places are refused', () => {
    const { frames, shape } = extended()
    expectCutsRefused(decoder, readJpegExtended, frames[0]!, shape)
  })

  it('leave no trace in the next', () => {
    const { frames, shape } = extended()
    expectNoTrace(decoder, frames[0]!, shape)
  })

  it.each([
    ['progressive .55', 'CTImage.dcm_JPEGProcess10_12TransferSyntax_1.2.840.10008.1.2.4.55.dcm'],
    ['spectral selection .53', 'CTImage.dcm_JPEGProcess6_8TransferSyntax_1.2.840.10008.1.2.4.53.dcm'],
    ['lossless .70', 'CTImage.dcm_JPEGProcess14SV1TransferSyntax_1.2.840.10008.1.2.4.70.dcm'],
  ])('of another process are refused: %s', (_, name) => {
    const { frames, shape } = readFrames(join(CT!, name))
    expect(outcome(() => readJpegExtended(frames[0]!, { ...shape, file: 'frame.dcm' }))).toBe('PIXEL_FORMAT')
  })
})

const DCMTK = dcmtk('dcmdjpeg') && dcmtk('dcmcjpeg')
if (!DCMTK) console.warn('skipped: dcmdjpeg and dcmcjpeg (dcmtk) are not there')

/** Most that a sample differs from dcmtk's own decoding of a file. */
function farFromDcmtk(path: string, folder: string): number {
  const plain = join(folder, 'plain.dcm')
  run('dcmdjpeg', path, plain)
  const { frames, shape } = readFrames(path)
  const theirs = readFrames(plain).words
  const ours = frames.map((frame) => decoded(decoder, frame, shape))
  expect(theirs.length).toBe(ours.length * shape.rows * shape.columns)
  return ours.reduce(
    (most, words, f) => words.reduce((m, word, i) => Math.max(m, Math.abs(word - theirs[f * words.length + i]!)), most),
    0,
  )
}

describe.skipIf(!DCMTK)('beside dcmtk', () => {
  const inFolder = (body: (folder: string) => void): void => {
    const folder = mkdtempSync(join(tmpdir(), 'agatston-jpeg-'))
    try {
      body(folder)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  it.skipIf(!CT || !SMALL || !VARIANTS).each([
    ['ct_all', () => join(CT!, EXTENDED)],
    ['multi-frame', () => join(VARIANTS!, 'encapsulated/multi-frame/CT0012.fragmented_no_bot_jpeg_baseline.51.dcm')],
    ['pydicom', () => join(SMALL!, 'JPGExtended.dcm')],
    ['pydicom, lossy', () => join(SMALL!, 'JPEG-lossy.dcm')],
  ])('a real file is within 1: %s', (_, path) => {
    inFolder((folder) => expect(farFromDcmtk(path(), folder)).toBeLessThanOrEqual(1))
  })

  it.each([
    [1, 1, 12],
    [1, 7, 12],
    [65, 41, 12],
    [33, 100, 12],
  ])('a frame by dcmcjpeg is within 1: %i x %i, %i bits', (rows, columns, bits) => {
    inFolder((folder) => {
      const [from, to] = [join(folder, 'from.dcm'), join(folder, 'to.dcm')]
      writeFileSync(from, ctFile(rows, columns, picture(rows, columns, bits, 8), bits))
      run('dcmcjpeg', '+ee', '+q', '95', from, to)
      expect(farFromDcmtk(to, folder)).toBeLessThanOrEqual(1)
    })
  })
})
