/** Frames for the tests of the library decoders: encoded by the libraries' own encoders, and J2K streams of a JSON file. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { FrameShape } from '../../bindings/codecs/decoder.js'
import { shapeOf } from './own.js'

interface Encoder {
  getDecodedBuffer(info: object): Uint8Array
  getEncodedBuffer(): Uint8Array
  encode(): void
  delete(): void
  setNearLossless?(near: number): void
  setQuality?(lossless: boolean, step: number): void
  setTileSize?(size: object): void
  setTilePartDivisionsAtResolutions?(on: boolean): void
  setProgressionOrder?(order: number): void
  setDecompositions?(levels: number): void
  setBlockDimensions?(size: object): void
}

const require = createRequire(import.meta.url)

async function encoder(specifier: string, name: string): Promise<() => Encoder> {
  const factory = require(specifier) as (options: object) => Promise<Record<string, new () => Encoder>>
  const library = await factory({ print: () => {}, printErr: () => {} })
  return () => new library[name]!()
}

/** Samples of up to 8 bits a byte each, of more two. */
function encodeWith(made: Encoder, words: Uint16Array, shape: FrameShape): Uint8Array {
  const { rows: height, columns: width, bitsStored: bitsPerSample, signed: isSigned } = shape
  const info = { width, height, bitsPerSample, componentCount: 1, isSigned, isUsingColorTransform: false }
  const bytes = bitsPerSample <= 8 ? Uint8Array.from(words) : new Uint8Array(words.slice().buffer)
  made.getDecodedBuffer(info).set(bytes)
  made.encode()
  const frame = Uint8Array.from(made.getEncodedBuffer())
  made.delete()
  return frame
}

export type Encode = (words: Uint16Array, shape: FrameShape, set?: (encoder: Encoder) => void) => Uint8Array

export async function jpegLsEncoder(): Promise<Encode> {
  const make = await encoder('@cornerstonejs/codec-charls/wasmjs', 'JpegLSEncoder')
  return (words, shape, set) => {
    const made = make()
    set?.(made)
    return encodeWith(made, words, shape)
  }
}

export async function htj2kEncoder(): Promise<Encode> {
  const make = await encoder('@cornerstonejs/codec-openjph/wasmjs', 'HTJ2KEncoder')
  return (words, shape, set) => {
    const made = make()
    set?.(made)
    return encodeWith(made, words, shape)
  }
}

/** Small images: two wavelet levels are as many as OpenJPEG's binding takes for them. */
export async function jpeg2000Encoder(): Promise<Encode> {
  const make = await encoder('@cornerstonejs/codec-openjpeg/wasmjs', 'J2KEncoder')
  return (words, shape, set) => {
    const made = make()
    made.setDecompositions!(2)
    made.setQuality!(true, 0)
    set?.(made)
    return encodeWith(made, words, shape)
  }
}

export interface J2kSample {
  readonly name: string
  readonly shape: FrameShape
  readonly lossy: boolean
  readonly frame: Uint8Array
  /** What was encoded. */
  readonly words: Uint16Array
}

/** Streams made with OpenJPEG 2.5.0: every progression, tiles, precincts, layers, block styles. */
export function j2kSamples(): J2kSample[] {
  const file = new URL('j2k-streams.json', import.meta.url)
  const rows = JSON.parse(readFileSync(file, 'utf8')) as {
    name: string
    columns: number
    rows: number
    bits: number
    signed: boolean
    lossy: boolean
    base64: string
  }[]
  return rows.map(({ name, columns, rows, bits, signed, lossy, base64 }) => ({
    name,
    shape: shapeOf(rows, columns, { bitsAllocated: bits > 8 ? 16 : 8, bitsStored: bits, signed }),
    lossy,
    frame: new Uint8Array(Buffer.from(base64, 'base64')),
    words: j2kPicture(columns, rows, bits, signed),
  }))
}

/** The picture in the streams of the JSON file. */
function j2kPicture(width: number, height: number, bits: number, signed: boolean): Uint16Array {
  const top = 2 ** bits - 1
  return Uint16Array.from({ length: width * height }, (_, i) => {
    const [y, x] = [Math.floor(i / width), i % width]
    const tile = ((x >> 3) + (y >> 3)) % 2
    const value = (x * 37 + y * 91 + ((x * y) % 23) * 11 + tile * Math.floor(top / 3)) & top
    return signed ? value - 2 ** (bits - 1) : value
  })
}

/** A copy with one byte changed. */
export function changed(frame: Uint8Array, at: number, byte: number): Uint8Array {
  const copy = frame.slice()
  copy[at] = byte
  return copy
}

/** A copy without some bytes. */
export const without = (frame: Uint8Array, from: number, count: number): Uint8Array =>
  Uint8Array.from([...frame.subarray(0, from), ...frame.subarray(from + count)])
