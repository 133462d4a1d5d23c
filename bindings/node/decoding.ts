/** Where the frames of one call are decoded: on threads of its own, which end with it, on those of the caller, or right here. */
import type { CodecOptions } from '../codecs/decoder.js'
import { AgatstonError } from '../base/errors.js'
import { type DecodePool, MOST_WORKERS } from '../dicom/decoding/pool.js'
import type { DecodeFrame } from '../dicom/decoding/encoded.js'
import { createPool, defaultWorkers } from './pool.js'
import { UsageError } from './usage.js'

/** What a caller may say of it; at most one of `pool`, `decode` and `workers`. */
export interface DecodingOptions {
  /** Threads of the caller's, made by `createPool`. */
  readonly pool?: DecodePool
  readonly decode?: DecodeFrame
  /**
   * Threads of the call, 0 to 256; default: as many as the machine runs at once. They start with the first compressed frame. 0:
   * frames are decoded in this thread, one by one and without a deadline.
   */
  readonly workers?: number
  readonly codecs?: CodecOptions
  readonly signal?: AbortSignal
}

export interface Decoding {
  /** Undefined: in this thread. */
  readonly decode: DecodeFrame | undefined
  /** End the threads of the call. */
  end(): Promise<void>
}

/** The hook of a caller's options. @throws UsageError where they exclude each other */
export function decodeOf({ pool, decode, workers, codecs }: DecodingOptions): DecodeFrame | undefined {
  const given = Object.entries({ pool, decode, workers }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  )
  if (given.length > 1) throw new UsageError(`${given.join(' and ')} exclude each other: give one of them`)
  if (pool && codecs) throw new UsageError('codecs and pool exclude each other: give codecs to createPool')
  return decode ?? pool?.decode
}

/**
 * The decoding of a call that ends with its result. Nothing is started yet.
 *
 * @throws UsageError where options exclude each other, RangeError for `workers`
 */
export function decodingOf(options: DecodingOptions): Decoding {
  const { signal, workers = defaultWorkers(), codecs } = options
  const given = decodeOf(options)
  if (!(Number.isSafeInteger(workers) && workers >= 0 && workers <= MOST_WORKERS)) {
    throw new RangeError(`workers must be a whole number from 0 to ${MOST_WORKERS}, got ${String(workers)}`)
  }
  const own = given === undefined && workers > 0 ? createPool({ workers, ...(codecs ? { codecs } : {}) }) : null
  const decode = given ?? own?.decode
  return {
    decode: decode && signal ? until(signal, decode) : decode,
    end: async () => own?.destroy(),
  }
}

/** The hook until the signal says stop: then every frame under way ends with `CANCELLED` at once, whatever its thread does. */
function until(signal: AbortSignal, decode: DecodeFrame): DecodeFrame {
  const bound: DecodeFrame = async (job, into, unwanted) => {
    const control = new AbortController()
    const stop = (): void => control.abort(signal.aborted ? signal.reason : unwanted?.reason)
    const signals = unwanted ? [signal, unwanted] : [signal]
    for (const one of signals) one.addEventListener('abort', stop, { once: true })
    if (signals.some(({ aborted }) => aborted)) stop()
    try {
      return await decode(job, into, control.signal)
    } catch (error) {
      if (!signal.aborted) throw error
      throw new AgatstonError('CANCELLED', 'Scoring was cancelled; there is no result', {}, { cause: signal.reason })
    } finally {
      for (const one of signals) one.removeEventListener('abort', stop)
    }
  }
  return Object.assign(bound, { readAhead: decode.readAhead ?? 0 })
}
