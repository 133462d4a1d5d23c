/** How a frame fails that a thread should have decoded: the deadline, the end of the thread, and how each is told. */
import { AgatstonError } from '../../base/errors.js'
import type { DecodeJob } from './encoded.js'

/** A thread ended instead of answering. */
export class LaneLost extends Error {
  override readonly name = 'LaneLost'

  /** @param reason `memory`: the runtime ended it for the memory it took */
  constructor(
    readonly reason: 'memory' | 'ended',
    cause?: unknown,
  ) {
    super(`the thread ended (${reason})`, { cause })
  }
}

/** A deadline has passed. */
export class Late extends Error {}

/** An answer may lie unread while this thread was busy itself: so long the event loop gets to look, before it is too late. */
const GRACE_MS = 50

/** The promise, or `Late` after so many seconds. */
export function within<T>(seconds: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer = setTimeout(() => {
      timer = setTimeout(() => reject(new Late()), GRACE_MS)
    }, seconds * 1000)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

const details = ({ coding, shape: { file } }: DecodeJob): Record<string, unknown> => ({ file, coding })
const EXPORT = 'If the file is sound, export the series uncompressed (Explicit VR Little Endian)'

/** A frame whose time is up. */
export function late(job: DecodeJob, seconds: number): AgatstonError {
  const limit = Math.round(seconds * 1000) / 1000
  const message = `${job.shape.file}: decoding the ${job.coding} frame took longer than ${limit} s and was ended. ${EXPORT}`
  return new AgatstonError('TIMEOUT', message, { ...details(job), seconds: limit })
}

/** A decoder that was not ready in time. */
export function loadLate(job: DecodeJob, seconds: number): AgatstonError {
  const message = `${job.shape.file}: the worker that decodes ${job.coding} was not ready after ${seconds} s. Check that its file is that of this package, or decode without workers`
  return new AgatstonError('TIMEOUT', message, { ...details(job), seconds })
}

/** A frame that is not decoded because nobody wants it. */
export function cancelled(job: DecodeJob, why: string, cause?: unknown): AgatstonError {
  const message = `${job.shape.file}: decoding was cancelled: ${why}`
  return new AgatstonError('CANCELLED', message, details(job), cause === undefined ? {} : { cause })
}

/** A thread that could not be made. */
export function failedToStart(job: DecodeJob, cause: unknown): AgatstonError {
  const message = `${job.shape.file}: no worker could be started to decode it. Use fewer workers, or none`
  return new AgatstonError('INTERNAL', message, details(job), { cause })
}

/** A frame for which this thread has no memory. */
export function noRoom(job: DecodeJob, cause: unknown): AgatstonError {
  const message = `${job.shape.file}: there is no memory to hand its frame to a worker. Give fewer files at once`
  return new AgatstonError('OUT_OF_MEMORY', message, details(job), { cause })
}

/** A thread that ended, or answered what is no answer. */
export function lost(job: DecodeJob, cause: unknown, loaded: boolean): AgatstonError {
  const { file } = job.shape
  if (cause instanceof LaneLost && cause.reason === 'memory') {
    const message = `${file}: decoding the ${job.coding} frame took more memory than a worker may have. ${EXPORT}`
    return new AgatstonError('OUT_OF_MEMORY', message, details(job), { cause })
  }
  const doing = loaded
    ? 'while it decoded the frame'
    : 'before it could decode: its file may be missing or of another kind'
  const message = `${file}: the worker failed ${doing}; nothing was decoded. Decode without workers, and report it`
  return new AgatstonError('INTERNAL', message, details(job), { cause })
}
