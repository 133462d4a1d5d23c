/**
 * JPEG 2000 Part 1 (ISO/IEC 15444-1, ITU-T T.800) through OpenJPEG. Whether a frame is lossy is read from the codestream: the
 * 9/7 wavelet, quantisation, or coding passes left out of a reversible one.
 */
import type { CodecOptions, Decoder, FrameFacts, FrameReader, FrameShape } from './decoder.js'
import { decodeStream, readFacts } from './j2k.js'
import { type Library, type LibrarySource, loadLibrary } from './library.js'

/** Size, sign, precision and losses of a frame, by its headers and those of all its packets. */
export const readJpeg2000: FrameReader = (frame, shape) => readFacts(frame, shape, 'JPEG 2000').facts

/** OpenJPEG 2.5 as WebAssembly. */
export const OPENJPEG: LibrarySource = {
  coding: 'jpeg-2000',
  package: '@cornerstonejs/codec-openjpeg',
  version: '1.3.6',
  factory: () => import('@cornerstonejs/codec-openjpeg/decodewasmjs'),
  specifier: '@cornerstonejs/codec-openjpeg/decodewasm',
  address: () => new URL('@cornerstonejs/codec-openjpeg/decodewasm', import.meta.url),
  decoder: 'J2KDecoder',
}

/** Load OpenJPEG. Errors: see `loadLibrary`. */
export async function loadJpeg2000(options: CodecOptions = {}): Promise<Decoder> {
  return new Jpeg2000Decoder(await loadLibrary(OPENJPEG, options))
}

class Jpeg2000Decoder implements Decoder {
  readonly #library: Library

  constructor(library: Library) {
    this.#library = library
  }

  decode(frame: Uint8Array, shape: FrameShape, into: Uint16Array): FrameFacts {
    return decodeStream(this.#library, frame, shape, into, 'JPEG 2000')
  }
}
