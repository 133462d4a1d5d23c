/** Frames of other encoders: real files, and dcmtk's with every predictor. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Decoder } from '../../bindings/codecs/decoder.js'
import { loadJpegLossless, readJpegLossless } from '../../bindings/codecs/jpeg-lossless.js'
import { loadRle } from '../../bindings/codecs/rle.js'
import { dataFolder } from '../dicom/data.js'
import { decodeLossless } from '../reference/jpeg-lossless.js'
import { ctFile, dcmtk, decoded, firstDifference, outcome, picture, readFrames, run } from './own.js'

let decoder: Decoder
beforeAll(async () => {
  decoder = await loadJpegLossless({})
})

describe('real files', () => {
  const all = dataFolder('ct_all_transfer_syntaxes')
  const find = (part: string): string =>
    join(
      all!,
      readdirSync(all!).find((name) => name.includes(part))!,
    )
  const variants = dataFolder('ct_encapsulation_variants/encapsulated/multi-frame')
  const malformed = dataFolder('malformed/pydicom')
  const small = dataFolder('pydicom_small')

  it.skipIf(!all).each(['4.57.dcm', '4.70.dcm'])('%s gives the words of its uncompressed twin', (part) => {
    const { frames, shape } = readFrames(find(part))
    const { words } = readFrames(find('LittleEndianExplicit'))
    expect(readJpegLossless(frames[0]!, shape)).toEqual({ lossy: false, precision: 16, signed: null })
    expect(firstDifference(decoded(decoder, frames[0]!, shape), words)).toBe(-1)
  })

  it.skipIf(!variants)('in fragments: .57, .70 and RLE of two frames are the same', async () => {
    const rle = await loadRle({})
    const frames = readdirSync(variants!)
      .filter((name) => /lossless|rle/.test(name))
      .map(
        (name) => [name, readFrames(join(variants!, name), name.includes('rle') ? [2, 0, 0, 0] : undefined)] as const,
      )
    expect(frames.map(([, file]) => file.frames.length)).toEqual([2, 2, 2, 2])
    for (const n of [0, 1]) {
      const words = frames.map(([name, file]) =>
        decoded(name.includes('rle') ? rle : decoder, file.frames[n]!, file.shape),
      )
      for (const other of words.slice(1)) expect(firstDifference(other, words[0]!)).toBe(-1)
      expect(new Set(words[0]).size).toBeGreaterThan(100)
    }
  })

  it.skipIf(!malformed || !small)('give what the yardstick gives', () => {
    for (const path of [join(malformed!, 'bad_sequence.dcm'), join(small!, 'JPEG-LL.dcm')]) {
      const { frames, shape } = readFrames(path)
      const [frame] = frames
      expect(firstDifference(decoded(decoder, frame!, shape), decodeLossless(frame!).samples)).toBe(-1)
    }
  })

  it.skipIf(!all || !malformed)(
    'cut at a thousand places, and with a thousand other ends, are refused',
    () => {
      for (const path of [find('4.57.dcm'), join(malformed!, 'bad_sequence.dcm')]) {
        const { frames, shape } = readFrames(path)
        const frame = frames[0]!
        const end = frame.lastIndexOf(0xd9) + 1
        for (let i = 0; i < 1000; i++) {
          const cut = frame.subarray(0, Math.floor((i * (end - 1)) / 999))
          expect(outcome(() => decoded(decoder, cut, shape))).toBe('PIXELS_SHORT')
        }
        const ended = new Uint8Array(end)
        for (let i = 0; i < 1000; i++) {
          const length = 100 + Math.floor((i * (end - 103)) / 999)
          ended.set(frame.subarray(0, length))
          ended.set([0xff, 0xd9], length)
          const code = outcome(() => decoded(decoder, ended.subarray(0, length + 2), shape))
          expect(code).toMatch(/PIXELS_(SHORT|CORRUPT)/)
        }
      }
    },
    120_000,
  )
})

describe.skipIf(!dcmtk('dcmcjpeg'))('frames of dcmtk (needed on CI)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'agatston-lossless-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const [raw, coded] = [join(folder, 'raw.dcm'), join(folder, 'coded.dcm')]
  const KINDS = [
    ['12 bits', 12, (v: number) => v, Uint16Array],
    ['16 bits', 16, (v: number) => v, Uint16Array],
    ['signed 12 bits', 12, (v: number) => v - 2048, Int16Array],
    ['signed 16 bits', 16, (v: number) => v - 32768, Int16Array],
  ] as const

  describe.each(KINDS)('of %s', (_, bits, value, Kind) => {
    it.each([1, 2, 3, 4, 5, 6, 7])('with predictor %i', (selection) => {
      for (const [rows, columns] of [[1, 1], [1, 7], [7, 1], [37, 61]] as const) {
        const pixels = new Kind(picture(rows, columns, bits, selection)).map(value)
        writeFileSync(raw, ctFile(rows, columns, pixels, bits))
        run('dcmcjpeg', ...(selection === 1 ? ['+e1'] : ['+el', '+sv', String(selection)]), raw, coded)
        const { frames, shape } = readFrames(coded)
        const words = new Int16Array(decoded(decoder, frames[0]!, shape).buffer)
        const shift = 16 - shape.bitsStored
        const stored = Kind === Int16Array ? words.map((word) => (word << shift) >> shift) : words
        expect(firstDifference(new Uint16Array(stored.buffer), new Uint16Array(pixels.buffer))).toBe(-1)
      }
    }) // prettier-ignore
  })

  it('with a point transform, which loses bits and says so', () => {
    const words = picture(20, 30, 12, 3)
    writeFileSync(raw, ctFile(20, 30, words, 12))
    run('dcmcjpeg', '+el', '+sv', '4', '+pt', '3', raw, coded)
    const { frames, shape } = readFrames(coded)
    expect(readJpegLossless(frames[0]!, shape)).toMatchObject({ lossy: true })
    const kept = words.map((word) => (word >> 3) << 3)
    expect(firstDifference(decoded(decoder, frames[0]!, shape), kept)).toBe(-1)
  })

  it('are refused where they are of another process', () => {
    writeFileSync(raw, ctFile(20, 30, picture(20, 30, 12, 3), 12))
    run('dcmcjpeg', '+ee', raw, coded)
    const { frames, shape } = readFrames(coded)
    expect(outcome(() => decoded(decoder, frames[0]!, shape))).toBe('PIXEL_FORMAT')
  })

  it.skipIf(!dcmtk('dcmcrle'))('RLE gives the words', async () => {
    const rle = await loadRle({})
    for (const [rows, columns] of [[1, 1], [1, 7], [37, 61], [3, 300]] as const) {
      const words = picture(rows, columns, 16, 8)
      writeFileSync(raw, ctFile(rows, columns, words, 16))
      run('dcmcrle', raw, coded)
      const { frames, shape } = readFrames(coded, [])
      expect(firstDifference(decoded(rle, frames[0]!, shape), words)).toBe(-1)
    }
  }) // prettier-ignore
})
