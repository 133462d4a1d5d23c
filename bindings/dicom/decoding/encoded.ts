/**
 * Compressed frames: what their own header says, held against that of the object while files are indexed, and their decoding
 * when a slice is read. The coding is that of the transfer syntax; whether it lost anything only the codestream can say.
 */
import { AgatstonError } from '../../base/errors.js'
import type { CodecOptions, FrameFacts, FrameShape } from '../../codecs/decoder.js'
import { Codecs } from '../../codecs/map.js'
import type { Frame } from '../frames.js'
import { FRAME_READERS } from '../headers.js'
import type { OpenedObject } from '../open.js'
import type { FrameCoding } from '../syntax.js'
import { TAG, tagName, tagText } from '../tags.js'
import { type EncodedWords, type PixelFormat, type UnusedBits, storeDecoded } from '../words.js'

/** A frame to be decoded, wherever that is done. */
export interface DecodeJob {
  readonly coding: FrameCoding
  /**
   * The bytes of the frame in order, as they lie in the source: views, often on the whole file. Join them with `joinFragments`
   * before they are transferred anywhere.
   */
  readonly fragments: readonly Uint8Array[]
  readonly shape: FrameShape
}

/** What is known of a frame that was decoded. */
export interface DecodedFacts extends FrameFacts {
  /**
   * Where it is given, the words are stored values already, cut to BitsStored by the rule of the header, and this is what their
   * unused bits held. Else they are as a `Decoder` leaves them.
   */
  readonly unused?: UnusedBits
}

/**
 * Decodes a frame: fills `into` (rows x columns words) as a `Decoder` does, and says what the codestream says of itself.
 * Rejects with an AgatstonError. May be called while other calls are under way.
 */
export interface DecodeFrame {
  /** @param signal gives the frame up: the promise rejects with `CANCELLED`, where the decoder can be left */
  (job: DecodeJob, into: Uint16Array, signal?: AbortSignal): Promise<DecodedFacts>
  /**
   * Frames worth decoding beyond the one that is needed, while a volume is read slice by slice: about twice the number of
   * threads. Default 0: none.
   */
  readonly readAhead?: number
}

/** Decode where the caller runs, with decoders that are loaded when first met and kept. */
export function decodeHere(options: CodecOptions = {}): DecodeFrame {
  const codecs = new Codecs(options)
  return async ({ coding, fragments, shape }, into) => {
    const decoder = await codecs.load(coding)
    return decoder.decode(joinFragments(fragments), shape, into)
  }
}

/** The fragments of a frame as one array: a view where it is one, else a copy. */
export function joinFragments(fragments: readonly Uint8Array[]): Uint8Array {
  if (fragments.length === 1) return fragments[0]!
  const whole = new Uint8Array(fragments.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const fragment of fragments) {
    whole.set(fragment, at)
    at += fragment.length
  }
  return whole
}

/**
 * What a frame says of itself, read without decoding.
 *
 * @throws AgatstonError `PIXELS_SHORT`, `PIXELS_CORRUPT`, `PIXEL_FORMAT`
 */
export function readFrameHeader(
  { bytes, file }: OpenedObject,
  coding: FrameCoding,
  fragments: Frame,
  format: PixelFormat,
): FrameFacts {
  const frame = joinFragments(fragments.map(({ offset, length }) => bytes.subarray(offset, offset + length)))
  const facts = FRAME_READERS[coding](frame, shapeOf(format, file))
  checkSamples(facts, format, file)
  return facts
}

export const shapeOf = ({ rows, columns, bitsStored, signed }: PixelFormat, file: string): FrameShape => ({
  rows,
  columns,
  bitsAllocated: 16,
  bitsStored,
  signed,
  file,
})

/**
 * Samples of more bits than BitsStored are cut like native words. Samples of fewer bits have their value only where both sides
 * agree on the sign; where the header has one and the codestream has none, the top bit of a sample could be sign or value.
 */
function checkSamples({ precision, signed }: FrameFacts, format: PixelFormat, file: string): void {
  if (precision === null || precision >= format.bitsStored) return
  if ((signed ?? false) === format.signed) return
  const text = (bits: number, sign: boolean): string => `${bits}-bit ${sign ? 'signed' : 'unsigned'} samples`
  const met = text(precision, signed ?? false)
  const due = text(format.bitsStored, format.signed)
  throw new AgatstonError(
    'PIXELS_CORRUPT',
    `${file}: the codestream holds ${met} where ${tagName(TAG.BitsStored)} and PixelRepresentation say ${due}. Export the file again`,
    { file, kind: 'samples', tag: tagText(TAG.BitsStored), precision, bitsStored: format.bitsStored },
  )
}

/** A frame that was decoded. */
export interface DecodedWords {
  /** rows x columns stored values, as words; `copyStored` brings them into a slice. */
  readonly stored: Uint16Array
  readonly unused: UnusedBits
}

/**
 * Decode one frame to stored values.
 *
 * @param fragments the bytes of `words.fragments`
 * @param room where to decode to, if it has the size; else it is made anew
 * @throws AgatstonError of the decoder; `PIXELS_CORRUPT` where the frame is no longer the one that was checked
 */
export async function decodeWords(
  fragments: readonly Uint8Array[],
  words: EncodedWords,
  file: string,
  decode: DecodeFrame,
  signal?: AbortSignal,
  room?: Uint16Array,
): Promise<DecodedWords> {
  // Never straight into a destination: what a decoder leaves behind on an error must not lie where slices are scored. In room
  // that was used before nothing may be left either.
  const pixels = words.rows * words.columns
  const stored = room?.length === pixels ? room.fill(0) : new Uint16Array(pixels)
  const { coding, facts } = words
  const met = await decode({ coding, fragments, shape: shapeOf(words, file) }, stored, signal)
  if (met.lossy !== facts.lossy || met.precision !== facts.precision || met.signed !== facts.signed) {
    const message = `${file}: the decoded frame is not the one that was checked. Read the series again`
    throw new AgatstonError('PIXELS_CORRUPT', message, { file, kind: 'changed' })
  }
  return { stored, unused: met.unused ?? storeDecoded(stored, met, words) }
}
