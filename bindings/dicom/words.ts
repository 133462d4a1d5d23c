/**
 * Words and the stored values in them. Words are 16 bits; of BitsStored below 16 the rest may hold anything, an old overlay for
 * instance, and never reaches a score (PS3.5 8.1.1): it is masked, and the sign repeated where the pixels have one.
 */
import type { FrameFacts } from '../codecs/decoder.js'
import type { Padding, SliceArray } from '../volume/volume.js'
import type { Frame } from './frames.js'
import type { FrameCoding } from './syntax.js'

/**
 * What the unused high bits hold. `clear`: words are values as they lie; `extend`: the sign is not
 * repeated in them and must be; `foreign`: data of something else.
 */
export type UnusedBits = 'clear' | 'extend' | 'foreign'

/** How the words of an image are to be read. */
export interface WordFormat {
  readonly bitsStored: number
  /** PixelRepresentation 1. */
  readonly signed: boolean
}

/** Rows, columns and the format of the words, before anything is looked for in the file. */
export interface PixelFormat extends WordFormat {
  readonly rows: number
  readonly columns: number
}

/** Words that lie in the file as they are. */
export interface NativeWords extends PixelFormat {
  readonly coding: 'native'
  readonly bigEndian: boolean
  /** First byte in the file, and bytes: rows x columns x 2. */
  readonly offset: number
  readonly byteLength: number
  readonly unused: UnusedBits
  readonly padding: Padding | null
}

/** Words that must be decoded. */
export interface EncodedWords extends PixelFormat {
  readonly coding: FrameCoding
  readonly fragments: Frame
  /** What the codestream says of itself. */
  readonly facts: FrameFacts
  /** Where the unused bits hold nothing foreign. */
  readonly padding: Padding | null
  /** Where they do, which only decoding shows. */
  readonly paddingIfForeign: Padding | null
}

/** The words of one image, checked against the header and the file. */
export type PixelWords = NativeWords | EncodedWords

/** Look at every word once, where some of its bits are unused. Signed words may rightly repeat their sign there. */
export function lookAtUnused(stored: Uint16Array, { bitsStored, signed }: WordFormat): UnusedBits {
  if (bitsStored === 16) return 'clear'
  const used = 2 ** bitsStored - 1
  if (!signed) {
    let any = 0
    for (let i = 0; i < stored.length; i++) any |= stored[i]!
    return any & ~used ? 'foreign' : 'clear'
  }
  const shift = 32 - bitsStored
  let differing = 0
  let foreign = 0
  for (let i = 0; i < stored.length; i++) {
    const word = stored[i]!
    const difference = (((word << shift) >> shift) & 0xffff) ^ word
    differing |= difference
    if (difference !== 0) foreign |= word & ~used
  }
  return foreign ? 'foreign' : differing ? 'extend' : 'clear'
}

/** The words of bytes at any alignment, in this machine's order. A view where that is possible, else a copy. */
export function wordsOf(bytes: Uint8Array, bigEndian: boolean): Uint16Array {
  const words =
    bytes.byteOffset % 2 === 0
      ? new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1)
      : new Uint16Array(new Uint8Array(bytes).buffer)
  if (!bigEndian) return words
  const result = new Uint16Array(words.length)
  for (let i = 0; i < words.length; i++) result[i] = (words[i]! << 8) | (words[i]! >>> 8)
  return result
}

/** Native words, read into the destination as they lie in the file, as stored values: mostly they are right as they are. */
export function correctNative({ bigEndian, unused, signed, bitsStored }: NativeWords, into: SliceArray): void {
  if (bigEndian) swapWords(into)
  if (unused === 'clear') return
  if (signed) extendSign(into, bitsStored)
  else clearUnused(into, bitsStored)
}

/**
 * Decoded words as stored values, in place: the header's rule, whatever sign the codestream gave them. For a slice of 512 x 512
 * this takes a fifth of the time of a fast decoder, so it is done where the frame was decoded.
 *
 * @returns what the unused bits held
 */
export function storeDecoded(words: Uint16Array, { precision }: FrameFacts, format: WordFormat): UnusedBits {
  const { bitsStored, signed } = format
  // A sample of at most BitsStored bits has none to spare: what a decoder puts above it is the sign.
  const exact = precision !== null && precision <= bitsStored
  const unused = exact ? 'clear' : lookAtUnused(words, format)
  if (bitsStored < 16) {
    if (signed) extendSign(words, bitsStored)
    else if (!isClear(words, bitsStored)) clearUnused(words, bitsStored)
  }
  return unused
}

/** Stored values as `storeDecoded` left them, into a slice of the kind the header says. */
export function copyStored(stored: Uint16Array, into: SliceArray): void {
  new Uint16Array(into.buffer, into.byteOffset, into.length).set(stored)
}

/** Whether no word has a bit above BitsStored. Eight words at a time, since most often that is all there is to do. */
function isClear(words: Uint16Array, bitsStored: number): boolean {
  const fours = words.byteOffset % 4 === 0 ? words.length >> 3 : 0
  const pairs = new Int32Array(words.buffer, fours > 0 ? words.byteOffset : 0, 4 * fours)
  let [a, b, c, d] = [0, 0, 0, 0]
  for (let i = 0; i < pairs.length; i += 4) {
    a |= pairs[i]!
    b |= pairs[i + 1]!
    c |= pairs[i + 2]!
    d |= pairs[i + 3]!
  }
  let any = a | b | c | d
  for (let i = 8 * fours; i < words.length; i++) any |= words[i]!
  return ((any | (any >>> 16)) & 0xffff & -(2 ** bitsStored)) === 0
}

function swapWords(into: SliceArray): void {
  const words = new Uint16Array(into.buffer, into.byteOffset, into.length)
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    words[i] = (word << 8) | (word >>> 8)
  }
}

function extendSign(into: SliceArray, bitsStored: number): void {
  const shift = 32 - bitsStored
  for (let i = 0; i < into.length; i++) into[i] = (into[i]! << shift) >> shift
}

function clearUnused(into: SliceArray, bitsStored: number): void {
  const used = 2 ** bitsStored - 1
  for (let i = 0; i < into.length; i++) into[i] = into[i]! & used
}
