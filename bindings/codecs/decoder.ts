/**
 * What every decoder of compressed frames promises: a frame's bytes in, exactly rows x columns stored words out, or an error.
 * Nothing here knows DICOM data sets; `dicom/` finds the frames and says what the header claims.
 */

/** What the header says of a frame. */
export interface FrameShape {
  readonly rows: number
  readonly columns: number
  /** Bits of a word in the uncompressed image: 8 or 16. */
  readonly bitsAllocated: 8 | 16
  readonly bitsStored: number
  /** PixelRepresentation 1. */
  readonly signed: boolean
  /** Base name of the file, for messages. */
  readonly file: string
}

/** What the codestream says of itself, read from its header without decoding. Null: it does not say. */
export interface FrameFacts {
  /** Detail was lost by this coding: 9/7 wavelet, NEAR above 0, DCT. */
  readonly lossy: boolean
  /** Bits of a sample. */
  readonly precision: number | null
  readonly signed: boolean | null
}

/** Decodes frames of one coding. Holds no frame: each call stands alone. */
export interface Decoder {
  /**
   * Fill `into` (rows x columns words, native byte order) with the samples of one frame as raw bits: a sample of fewer bits than
   * the word leaves the high bits as the codestream's sign says (repeated for signed samples, else 0). 8-bit samples take one
   * word each too. On an error `into` may hold anything.
   *
   * @param frame all bytes of one frame, its fragments joined; padding after the end marker is allowed, anything else is not
   * @throws AgatstonError `PIXELS_SHORT` where the frame ends early, `PIXELS_CORRUPT` where it contradicts itself or the
   *   header, `PIXEL_FORMAT` for a coding CT does not use (components, precision above 16), `LIMIT_EXCEEDED`
   */
  decode(frame: Uint8Array, shape: FrameShape, into: Uint16Array): FrameFacts
}

/** Reads what the codestream says of itself, without decoding and without loading a decoder. Throws like `decode`. */
export type FrameReader = (frame: Uint8Array, shape: FrameShape) => FrameFacts

/** Where a decoder's WebAssembly comes from, where it is not beside the decoder's code. */
export interface CodecOptions {
  /** Address or bytes of the wasm file, by coding. */
  readonly wasm?: Readonly<Partial<Record<string, string | URL | Uint8Array>>>
}

export type LoadDecoder = (options: CodecOptions) => Promise<Decoder>
