/** Sound frames of every coding, small and of many kinds, each with its words. */
import { readJpeg2000 } from '../../bindings/codecs/jpeg-2000.js'
import { DECODERS, type FrameCoding } from '../../bindings/codecs/map.js'
import type { FrameShape } from '../../bindings/codecs/decoder.js'
import { htj2kEncoder, j2kSamples, jpegLsEncoder } from '../codecs/encode.js'
import { decoded, picture, shapeOf } from '../codecs/own.js'
import { comb, encodeLossless, flat } from '../reference/jpeg-lossless.js'
import { anyhow, encodeRle } from '../reference/rle.js'
import { Rng } from './random.js'

export interface FrameSeed {
  readonly name: string
  readonly coding: FrameCoding
  readonly frame: Uint8Array
  readonly shape: FrameShape
  /** What it decodes to. */
  readonly words: Uint16Array
  /** First byte of the coded data, after all that is header. */
  readonly bodyAt: number
}

const SIZES: readonly (readonly [rows: number, columns: number])[] = [[16, 16], [13, 29], [40, 24]] // prettier-ignore

/** Make them all. The libraries that encode are the optional dependencies; without them this rejects. */
export async function frameSeeds(): Promise<readonly FrameSeed[]> {
  const [jpegLs, htj2k] = [await jpegLsEncoder(), await htj2kEncoder()]
  const plain: Omit<FrameSeed, 'words' | 'bodyAt'>[] = []
  SIZES.forEach(([rows, columns], n) => {
    for (const bits of [8, 12, 16]) {
      const words = picture(rows, columns, bits, 7 * n + bits)
      const shape = shapeOf(rows, columns, { bitsStored: bits })
      const size = `${rows} x ${columns}, ${bits} bits`
      const choose = new Rng('rle', n, bits)
      const loose = anyhow((most) => choose.below(most + 1))
      plain.push({ name: `rle ${size}`, coding: 'rle', shape, frame: encodeRle(words, columns, 2) })
      plain.push({ name: `rle loose ${size}`, coding: 'rle', shape, frame: encodeRle(words, columns, 2, loose) })
      const coding = { rows, columns, precision: bits, selection: 1 + ((n + bits) % 7) }
      plain.push({ name: `lossless ${size}`, coding: 'jpeg-lossless', shape, frame: encodeLossless(words, coding) })
      const restarts = { ...coding, interval: columns * 3, table: n === 0 ? flat : comb }
      const name = `lossless, restarts, ${size}`
      plain.push({ name, coding: 'jpeg-lossless', shape, frame: encodeLossless(words, restarts) })
      plain.push({ name: `jpeg-ls ${size}`, coding: 'jpeg-ls', shape, frame: jpegLs(words, shape) })
      plain.push({ name: `htj2k ${size}`, coding: 'htj2k', shape, frame: htj2k(words, shape) })
    }
    const near = picture(rows, columns, 12, n)
    const shape = shapeOf(rows, columns, { bitsStored: 12 })
    const frame = jpegLs(near, shape, (encoder) => encoder.setNearLossless!(3))
    plain.push({ name: `jpeg-ls near ${rows} x ${columns}`, coding: 'jpeg-ls', shape, frame })
    plain.push({ name: `jpeg ${rows} x ${columns}`, coding: 'jpeg', shape, frame: dctFrame(rows, columns, n) })
  })
  const streams = j2kSamples().filter(({ frame, shape }) => isRead(frame, shape))
  for (const { name, shape, frame } of streams) plain.push({ name: `j2k ${name}`, coding: 'jpeg-2000', shape, frame })
  const seeds: FrameSeed[] = []
  for (const seed of plain) {
    const decoder = await DECODERS[seed.coding].load({})
    seeds.push({ ...seed, words: decoded(decoder, seed.frame, seed.shape), bodyAt: bodyOf(seed.coding, seed.frame) })
  }
  return seeds
}

/** Some of the streams are there to be refused. */
function isRead(frame: Uint8Array, shape: FrameShape): boolean {
  try {
    readJpeg2000(frame, shape)
    return true
  } catch {
    return false
  }
}

/** After the RLE header, the SOS segment, or the SOD marker. */
function bodyOf(coding: FrameCoding, frame: Uint8Array): number {
  if (coding === 'rle') return 64
  const marker = coding === 'jpeg-2000' || coding === 'htj2k' ? 0x93 : 0xda
  for (let at = 0; at + 1 < frame.length; at++) {
    if (frame[at] !== 0xff || frame[at + 1] !== marker) continue
    return marker === 0x93 ? at + 2 : at + 2 + frame[at + 2]! * 256 + frame[at + 3]!
  }
  throw new Error(`no coded data in a frame of ${coding}`)
}

const segment = (marker: number, ...body: number[]): number[] => [0xff, marker, 0, body.length + 2, ...body]

/**
 * An extended DCT frame of 12 bits whose coefficients are drawn, not made from a picture: what it decodes to does not matter here,
 * only that it is the same each time. DC categories have codes of 4 bits, AC symbols of 8 (T.81 annex F).
 */
function dctFrame(rows: number, columns: number, seed: number): Uint8Array {
  const rng = new Rng('dct', seed)
  const categories = [...Array(12).keys()]
  const symbols = [0x00, 0xf0, ...[0, 1, 2, 5].flatMap((run) => [1, 2, 3, 4].map((size) => 16 * run + size))]
  let bits = ''
  const value = (size: number): string => {
    let text = ''
    for (let n = 0; n < size; n++) text += rng.below(2)
    return text
  }
  const ac = (symbol: number): string => symbols.indexOf(symbol).toString(2).padStart(8, '0')
  for (let block = Math.ceil(rows / 8) * Math.ceil(columns / 8); block > 0; block--) {
    const size = rng.below(8)
    bits += size.toString(2).padStart(4, '0') + value(size)
    for (let k = 1; k < 40;) {
      const symbol = rng.pick(symbols.slice(2))
      bits += ac(symbol) + value(symbol & 15)
      k += 1 + (symbol >> 4)
    }
    bits += ac(0)
  }
  const data: number[] = []
  for (let at = 0; at < bits.length; at += 8) {
    const byte = parseInt(bits.slice(at, at + 8).padEnd(8, '1'), 2)
    data.push(byte, ...(byte === 255 ? [0] : []))
  }
  const counts = (length: number, count: number): number[] =>
    [...Array(16).keys()].map((i) => (i + 1 === length ? count : 0))
  return Uint8Array.from([
    0xff,
    0xd8,
    ...segment(0xdb, 0, ...Array.from({ length: 64 }, (_, i) => 3 + (i >> 2))),
    ...segment(0xc1, 12, rows >> 8, rows & 255, columns >> 8, columns & 255, 1, 1, 0x11, 0),
    ...segment(0xc4, 0x00, ...counts(4, categories.length), ...categories),
    ...segment(0xc4, 0x10, ...counts(8, symbols.length), ...symbols),
    ...segment(0xda, 1, 1, 0x00, 0, 63, 0),
    ...data,
    0xff,
    0xd9,
  ])
}
