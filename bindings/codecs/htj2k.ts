/**
 * High-throughput JPEG 2000 (ISO/IEC 15444-15, ITU-T T.814) through OpenJPH, which decodes whatever it is given and calls it
 * good: all that can be known of a frame's soundness is read from its headers before.
 */
import type { CodecOptions, Decoder, FrameFacts, FrameReader, FrameShape } from './decoder.js'
import { decodeStream, readFacts } from './j2k.js'
import { type Library, type LibrarySource, loadLibrary } from './library.js'

/** Size, sign, precision and losses of a frame, by its headers and those of all its packets. */
export const readHtj2k: FrameReader = (frame, shape) => readFacts(frame, shape, 'HTJ2K').facts

/** OpenJPH as WebAssembly. */
export const OPENJPH: LibrarySource = {
  coding: 'htj2k',
  package: '@cornerstonejs/codec-openjph',
  version: '2.4.11',
  factory: () => import('@cornerstonejs/codec-openjph/wasmjs'),
  specifier: '@cornerstonejs/codec-openjph/wasm',
  address: () => new URL('@cornerstonejs/codec-openjph/wasm', import.meta.url),
  decoder: 'HTJ2KDecoder',
}

/** Load OpenJPH. Errors: see `loadLibrary`. */
export async function loadHtj2k(options: CodecOptions = {}): Promise<Decoder> {
  return new Htj2kDecoder(await loadLibrary(OPENJPH, options))
}

class Htj2kDecoder implements Decoder {
  readonly #library: Library

  constructor(library: Library) {
    this.#library = library
  }

  decode(frame: Uint8Array, shape: FrameShape, into: Uint16Array): FrameFacts {
    return decodeStream(this.#library, frame, shape, into, 'HTJ2K')
  }
}
