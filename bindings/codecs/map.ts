/** From the name of a coding to what reads it. A reader or decoder is imported when it is first asked for, and no sooner. */
import type { CodecOptions, Decoder, FrameReader, LoadDecoder } from './decoder.js'

/** Codings with a decoder; the names are those of the transfer syntax table. */
export type FrameCoding = 'rle' | 'jpeg' | 'jpeg-lossless' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k'

export interface CodecEntry {
  /** The reader of headers: small, no decoder is loaded. */
  readonly read: () => Promise<FrameReader>
  /** @throws AgatstonError `SYNTAX_UNSUPPORTED`, `WASM_UNSUPPORTED` */
  readonly load: LoadDecoder
}

export const DECODERS: Readonly<Record<FrameCoding, CodecEntry>> = Object.freeze({
  rle: {
    read: async () => (await import('./rle.js')).readRle,
    load: async (options) => (await import('./rle.js')).loadRle(options),
  },
  jpeg: {
    read: async () => (await import('./jpeg-extended.js')).readJpegExtended,
    load: async (options) => (await import('./jpeg-extended.js')).loadJpegExtended(options),
  },
  'jpeg-lossless': {
    read: async () => (await import('./jpeg-lossless.js')).readJpegLossless,
    load: async (options) => (await import('./jpeg-lossless.js')).loadJpegLossless(options),
  },
  'jpeg-ls': {
    read: async () => (await import('./jpeg-ls.js')).readJpegLs,
    load: async (options) => (await import('./jpeg-ls.js')).loadJpegLs(options),
  },
  'jpeg-2000': {
    read: async () => (await import('./jpeg-2000.js')).readJpeg2000,
    load: async (options) => (await import('./jpeg-2000.js')).loadJpeg2000(options),
  },
  htj2k: {
    read: async () => (await import('./htj2k.js')).readHtj2k,
    load: async (options) => (await import('./htj2k.js')).loadHtj2k(options),
  },
})

/** Whether frames of a coding can be decoded. */
export const isFrameCoding = (coding: string): coding is FrameCoding => Object.hasOwn(DECODERS, coding)

/** The decoders of one reader: each is loaded once, when its coding is met. */
export class Codecs {
  readonly #options: CodecOptions
  readonly #decoders = new Map<FrameCoding, Promise<Decoder>>()

  constructor(options: CodecOptions = {}) {
    this.#options = options
  }

  /** The decoder of a coding. A load that failed is tried again when it is asked for again. */
  load(coding: FrameCoding): Promise<Decoder> {
    if (!isFrameCoding(coding)) throw new RangeError(`There is no decoder for '${String(coding)}'`)
    let decoder = this.#decoders.get(coding)
    if (!decoder) {
      decoder = DECODERS[coding].load(this.#options)
      this.#decoders.set(coding, decoder)
      decoder.catch(() => this.#decoders.delete(coding))
    }
    return decoder
  }
}
