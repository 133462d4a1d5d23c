/**
 * What passes between the thread that reads and the thread that decodes, in whatever runtime: only plain data, so that it can
 * be cloned. Errors cross as their parts: a cloned error would lose its code and its details.
 */
import { AgatstonError, type Details, type ErrorCode } from '../../base/errors.js'
import type { CodecOptions, FrameShape } from '../../codecs/decoder.js'
import type { FrameCoding } from '../../codecs/map.js'
import type { DecodedFacts } from './encoded.js'

/** Have the decoder of a coding ready. Apart from decoding, so that its time does not count as that of a frame. */
export interface LoadRequest {
  readonly task: 'load'
  /** Version of the package that asks: a worker file of another one may decode otherwise. */
  readonly version: string
  readonly coding: FrameCoding
  readonly codecs: CodecOptions
}

export interface FrameRequest {
  readonly task: 'decode'
  readonly coding: FrameCoding
  readonly frame: Uint8Array
  readonly shape: FrameShape
  /** rows x columns words to be filled. Its buffer and that of the frame are transferred there and back: none is made anew. */
  readonly words: Uint16Array
}

export type DecodeRequest = LoadRequest | FrameRequest

export type DecodeReply =
  | { readonly done: 'loaded' }
  /** With what the request brought. */
  | { readonly done: 'decoded'; readonly words: Uint16Array; readonly frame: Uint8Array; readonly facts: DecodedFacts }
  | { readonly done: 'failed'; readonly error: CrossedError }

/** What is transferred with a request or a reply. */
export const buffersOf = (message: DecodeRequest | DecodeReply): ArrayBuffer[] =>
  'words' in message ? [message.words.buffer as ArrayBuffer, message.frame.buffer as ArrayBuffer] : []

/** A request or a reply between a page and its worker, which may say other things to each other too. */
export interface Envelope<T> {
  readonly agatston: number
  readonly body: T
}

export const isEnvelope = (data: unknown): data is Envelope<unknown> =>
  typeof data === 'object' && data !== null && 'agatston' in data && typeof data.agatston === 'number'

/** An error in parts. */
export interface CrossedError {
  /** Null: a TypeError or RangeError, for a job that is no job. */
  readonly code: ErrorCode | null
  readonly name: string
  readonly message: string
  readonly details: Details
  readonly cause: string | null
}

/** What was thrown while a frame was decoded, in parts. What nobody foresaw is a fault of ours, and tells its kind only. */
export function crossing(thrown: unknown, file: string | null): CrossedError {
  if (thrown instanceof AgatstonError) {
    const { code, name, message, details, cause } = thrown
    return { code, name, message, details, cause: causeOf(cause) }
  }
  if (thrown instanceof TypeError || thrown instanceof RangeError) {
    const { name, message, cause } = thrown
    return { code: null, name, message, details: {}, cause: causeOf(cause) }
  }
  const kind = thrown instanceof Error ? thrown.name : typeof thrown
  const where = file === null ? '' : `${file}: `
  const message = `${where}decoding failed with an unforeseen ${kind}; nothing was decoded. Please report the kind of scanner that made the file`
  return { code: 'INTERNAL', name: 'AgatstonError', message, details: { file }, cause: causeOf(thrown) }
}

const causeOf = (cause: unknown): string | null =>
  cause === undefined || cause === null ? null : cause instanceof Error ? (cause.stack ?? String(cause)) : String(cause)

/** The error on the other side: the same code, message and details. */
export function crossed({ code, name, message, details, cause }: CrossedError): Error {
  const options = cause === null ? {} : { cause: new Error(cause) }
  if (code !== null) return new AgatstonError(code, message, details, options)
  return name === 'TypeError' ? new TypeError(message, options) : new RangeError(message, options)
}

/** Codec options as plain data. A page's addresses are meant from the page, not from where its worker lies. */
export function portable({ wasm }: CodecOptions): CodecOptions {
  if (!wasm) return {}
  const { location } = globalThis as { location?: { href: string } }
  const address = (given: string | URL): string =>
    given instanceof URL ? given.href : location === undefined ? given : new URL(given, location.href).href
  return {
    wasm: Object.fromEntries(
      Object.entries(wasm).flatMap(([coding, given]) =>
        given === undefined ? [] : [[coding, given instanceof Uint8Array ? given : address(given)]],
      ),
    ),
  }
}
