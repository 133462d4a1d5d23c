/** The stored values of an image, wherever its words lie and however they are coded: what a volume and a comparison both need. */
import { AgatstonError } from '../base/errors.js'
import { bytesUnder } from '../base/bytes.js'
import type { SliceArray } from '../volume/volume.js'
import { type DecodeFrame, type DecodedWords, decodeWords } from './decoding/encoded.js'
import { type DicomSource, baseName, readBytes, readInto } from './source.js'
import {
  type EncodedWords,
  type NativeWords,
  type PixelWords,
  type UnusedBits,
  correctNative,
  copyStored,
} from './words.js'

/**
 * Fill `into`, rows x columns, with stored values: at once where native words lie in memory or on disk.
 *
 * @returns what the unused bits of the words held
 * @throws AgatstonError `PIXELS_SHORT` where the bytes are no longer those that were checked, and what decoding throws
 */
export function readStored(
  source: DicomSource,
  words: PixelWords,
  decode: DecodeFrame,
  into: SliceArray,
): UnusedBits | Promise<UnusedBits> {
  if (words.coding === 'native') return readNative(source, words, into)
  return readEncoded(source, words, decode).then(({ stored, unused }) => {
    copyStored(stored, into)
    return unused
  })
}

/** Native words, straight into the destination: at once where they lie in memory or on disk. */
export function readNative(
  source: DicomSource,
  words: NativeWords,
  into: SliceArray,
): UnusedBits | Promise<UnusedBits> {
  const finish = (whole: boolean): UnusedBits => {
    if (!whole) throw gone(baseName(source.name), words.byteLength)
    correctNative(words, into)
    return words.unused
  }
  const whole = readInto(source, words.offset, bytesUnder(into))
  return typeof whole === 'boolean' ? finish(whole) : whole.then(finish)
}

/** Read a frame from its first fragment to its last, in one go, and decode it. */
export async function readEncoded(
  source: DicomSource,
  words: EncodedWords,
  decode: DecodeFrame,
  signal?: AbortSignal,
  room?: Uint16Array,
): Promise<DecodedWords> {
  const file = baseName(source.name)
  const { fragments } = words
  const start = fragments[0]!.offset
  const last = fragments[fragments.length - 1]!
  const end = last.offset + last.length
  const bytes = checkLength(await readBytes(source, start, end), end - start, file)
  const parts = fragments.map(({ offset, length }) => bytes.subarray(offset - start, offset - start + length))
  return decodeWords(parts, words, file, decode, signal, room)
}

function checkLength(bytes: Uint8Array, needed: number, file: string): Uint8Array {
  if (bytes.length === needed) return bytes
  throw gone(file, needed)
}

function gone(file: string, needed: number): AgatstonError {
  const message = `${file}: the pixels were there when the file was checked and are not now. Read the series again`
  return new AgatstonError('PIXELS_SHORT', message, { file, needed })
}
