/** JPEG 2000 through OpenJPEG: real frames and made ones, and everything that must not come through. */
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Decoder } from '../../bindings/codecs/decoder.js'
import { OPENJPEG, loadJpeg2000, readJpeg2000 } from '../../bindings/codecs/jpeg-2000.js'
import { loadLibrary } from '../../bindings/codecs/library.js'
import { dataFolder } from '../dicom/data.js'
import { changed, j2kSamples } from './encode.js'
import { expectCutsRefused, expectNoTrace, flipHeader } from './hostile.js'
import { decoded, firstDifference, outcome, readFrames } from './own.js'

const CT = dataFolder('ct_all_transfer_syntaxes')
const SMALL = dataFolder('pydicom_small')
const MALFORMED = dataFolder('malformed')
const J2K = [0xff, 0x4f]
const UNCOMPRESSED = 'CTImage.dcm_LittleEndianExplicitTransferSyntax_1.2.840.10008.1.2.1.dcm'

let decoder: Decoder
beforeAll(async () => {
  decoder = await loadJpeg2000()
})

const samples = j2kSamples().filter(({ name }) => !name.startsWith('region'))

describe('made frames', () => {
  it.each(samples)('$name', ({ frame, shape, words, lossy }) => {
    const out = decoded(decoder, frame, shape)
    if (!lossy) return expect(firstDifference(out, words)).toBe(-1)
    const signed = (word: number) => (shape.signed ? (word << 16) >> 16 : word)
    const worst = out.reduce((most, word, i) => Math.max(most, Math.abs(signed(word) - signed(words[i]!))), 0)
    expect(worst).toBeGreaterThan(0)
    expect(worst).toBeLessThan(2 ** shape.bitsStored / 2)
  })

  it('of 8 bits with sign keep it, which the library itself drops', () => {
    const { frame, shape, words } = samples.find(({ name }) => name === '8 bits')!
    const ssiz = frame.findIndex((byte, i) => byte === 0xff && frame[i + 1] === 0x51) + 40
    expect(frame[ssiz]).toBe(7)
    const signed = changed(frame, ssiz, 0x87)
    const out = decoded(decoder, signed, { ...shape, signed: true })
    expect(firstDifference(out, words.map((word) => word - 128))).toBe(-1) // prettier-ignore
    expect(frame[ssiz]).toBe(7)
    expect(signed[ssiz]).toBe(0x87)
  })

  it('do not fit a room of another size', () => {
    const { frame, shape } = samples[0]!
    expect(() => decoder.decode(frame, shape, new Uint16Array(2))).toThrow(RangeError)
  })
})

describe.skipIf(!CT)('real frames', () => {
  const real = (name: string) => readFrames(join(CT!, name), J2K)
  const lossless = () => real('CTImage.dcm_JPEG2000LosslessOnlyTransferSyntax_1.2.840.10008.1.2.4.90.dcm')

  it('of .90 equal the uncompressed twin', () => {
    const { frames, shape } = lossless()
    const facts = decoder.decode(frames[0]!, shape, new Uint16Array(512 * 512))
    expect(facts).toEqual({ lossy: false, precision: 16, signed: true })
    expect(firstDifference(decoded(decoder, frames[0]!, shape), real(UNCOMPRESSED).words)).toBe(-1)
  })

  it('of .91 with a reversible wavelet are lossy where their pixels are', () => {
    const { frames, shape } = real('CTImage.dcm_JPEG2000TransferSyntax_1.2.840.10008.1.2.4.91.dcm')
    expect(readJpeg2000(frames[0]!, shape).lossy).toBe(true)
    expect(firstDifference(decoded(decoder, frames[0]!, shape), real(UNCOMPRESSED).words)).not.toBe(-1)
  })

  it('cut at 1,000 places are refused', () => {
    const { frames, shape } = lossless()
    expectCutsRefused(decoder, readJpeg2000, frames[0]!, shape)
  })
})

describe.skipIf(!SMALL)('a real frame of 64 x 64', () => {
  const small = () => readFrames(join(SMALL!, 'MR_small_jp2klossless.dcm'), J2K)

  it('equals the uncompressed twin and is lossless, though last passes without effect are left out', () => {
    const { frames, shape } = small()
    expect(readJpeg2000(frames[0]!, shape).lossy).toBe(false)
    const twin = readFrames(join(SMALL!, 'MR_small.dcm')).words
    expect(firstDifference(decoded(decoder, frames[0]!, shape), twin)).toBe(-1)
  })

  it('leaves no trace of a bad one', () => {
    const { frames, shape } = small()
    expectNoTrace(decoder, frames[0]!, shape)
  })
})

describe.skipIf(!MALFORMED)('odd files', () => {
  it('whose codestream has another sign than the header are decoded and say so', () => {
    const { frames, shape } = readFrames(join(MALFORMED!, 'pydicom/J2K_pixelrep_mismatch.dcm'), J2K)
    expect(shape.signed).toBe(true)
    expect(decoder.decode(frames[0]!, shape, new Uint16Array(512 * 512))).toEqual({
      lossy: false,
      precision: 13,
      signed: false,
    })
  })
})

describe('hostile frames', () => {
  it('with any bit of the first 200 bytes flipped give the same pixels, tell, or are refused', () => {
    const { frame, shape } = samples.find(({ name }) => name.startsWith('RPCL'))!
    const tally = flipHeader(decoder, frame, shape, 200, readJpeg2000(frame, shape))
    expect(tally.refused).toBeGreaterThan(500)
    // JPEG 2000 has no checksum: silent are samples, and before them what the packets do not depend on. None of the rest.
    const marker = (second: number) => frame.findIndex((byte, i) => byte === 0xff && frame[i + 1] === second)
    const [siz, cod, qcd, qcdEnd, sod] = [marker(0x51), marker(0x52), marker(0x5c), marker(0x64), marker(0x93)]
    const known = (at: number) =>
      (at >= siz + 22 && at < siz + 30) || at === cod + 12 || (at >= qcd + 4 && at < qcdEnd) || at >= sod + 2
    expect(tally.silent.filter((at) => !known(at))).toEqual([])
  })

  it('that need more memory than they may have are refused, and the next is decoded', async () => {
    const tight = await loadLibrary({ ...OPENJPEG, memory: 52 * 2 ** 20 }, {})
    const { frame, shape } = samples[3]!
    const run = () => tight.decode(new Uint8Array(64 * 2 ** 20), shape, 'JPEG 2000', () => {})
    expect(outcome(run)).toBe('LIMIT_EXCEEDED')
    let width = 0
    tight.decode(frame, shape, 'JPEG 2000', (one) => {
      width = one.getFrameInfo().width
    })
    expect(width).toBe(shape.columns)
  })
})
