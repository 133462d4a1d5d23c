/**
 * Frames decoded by several threads at once, with a deadline for each. What a thread is, the lanes know: threads of Node, or
 * workers of a page. Here is what they share: which frame goes where, when a lane is given up, and that every frame that was
 * asked for ends with its pixels or an error.
 *
 * A decoder that runs cannot be asked to stop: a lane that is late is ended and another opened in its place. So one frame at a
 * time is in a lane, and only the frames that are not in one are ever taken back.
 */
import { VERSION } from '../../base/version.js'
import type { CodecOptions } from '../../codecs/decoder.js'
import type { FrameCoding } from '../../codecs/map.js'
import { type DecodeReply, type DecodeRequest, type FrameRequest, crossed, portable } from './messages.js'
import { Late, cancelled, failedToStart, late, loadLate, lost, noRoom, within } from './trouble.js'
import type { DecodeFrame, DecodeJob, DecodedFacts } from './encoded.js'

/** A thread that decodes one frame at a time. */
export interface Lane {
  /** Its thread has ended by itself: nothing can be asked any more. */
  readonly dead: boolean
  /** One request at a time; its buffers are transferred. Rejects with `LaneLost` where the thread ends instead of answering. */
  ask(request: DecodeRequest): Promise<DecodeReply>
  /** End the thread, whatever it does. Safe to call twice. */
  end(): Promise<void>
}

export interface PoolOptions {
  /** Most threads, 1 to 256. One is started when a frame waits and no other is free. */
  readonly workers: number
  /** Where the decoders find their WebAssembly, if not beside their code. */
  readonly codecs?: CodecOptions
  /**
   * Seconds a frame of 512 x 512 pixels may take, or one that is smaller; larger ones in proportion. Default 2: the slowest
   * decoder takes 0.06.
   */
  readonly secondsPerFrame?: number
}

export const MOST_WORKERS = 256
const SECONDS_PER_FRAME = 2
const PIXELS_PER_FRAME = 512 * 512
/** To start a thread and to load, and compile, a decoder. */
const SECONDS_TO_LOAD = 30

interface Task {
  readonly job: DecodeJob
  readonly into: Uint16Array
  /** Settle the caller's promise; both do nothing once it is. */
  readonly done: (words: Uint16Array, facts: DecodedFacts) => void
  readonly fail: (error: unknown) => void
  /** Whether it was given up meanwhile. */
  readonly isOver: () => boolean
}

/** How a frame ended: what its asker is told, and whether the lane can take another. */
interface Outcome {
  readonly settle: () => void
  readonly usable: boolean
  readonly buffers?: Seat['buffers']
}

/** A lane from its opening to its end. */
interface Seat {
  readonly lane: Promise<Lane>
  readonly loaded: Set<FrameCoding>
  task: Task | null
  opened: Lane | null
  /** Of the frame before, for the next: large buffers made and dropped for every frame would cost more than decoding some. */
  buffers: Pick<FrameRequest, 'frame' | 'words'> | null
}

export class DecodePool {
  /** Most threads at once. */
  readonly workers: number
  /** For `decode` of the DICOM reader. May be passed on by itself. */
  readonly decode: DecodeFrame
  readonly #open: () => Promise<Lane>
  readonly #codecs: CodecOptions
  readonly #secondsPerFrame: number
  readonly #waiting: Task[] = []
  readonly #seats = new Set<Seat>()
  readonly #idle: Seat[] = []
  /** Ends of lanes that are under way. */
  readonly #ending = new Set<Promise<void>>()
  #destroyed = false

  /** Nothing is started yet. @throws RangeError */
  constructor(open: () => Promise<Lane>, { workers, codecs = {}, secondsPerFrame = SECONDS_PER_FRAME }: PoolOptions) {
    if (!(Number.isSafeInteger(workers) && workers >= 1 && workers <= MOST_WORKERS)) {
      throw new RangeError(`workers must be a whole number from 1 to ${MOST_WORKERS}, got ${String(workers)}`)
    }
    if (!(secondsPerFrame > 0 && secondsPerFrame <= 3600)) {
      throw new RangeError(`secondsPerFrame must be above 0 and at most 3600, got ${String(secondsPerFrame)}`)
    }
    this.workers = workers
    this.#open = open
    this.#codecs = portable(codecs)
    this.#secondsPerFrame = secondsPerFrame
    const decode = (job: DecodeJob, into: Uint16Array, signal?: AbortSignal): Promise<DecodedFacts> =>
      this.#decode(job, into, signal)
    this.decode = Object.assign(decode, { readAhead: 2 * workers })
  }

  /** Threads there are now: those that are starting included, those that are ending not. */
  get running(): number {
    return this.#seats.size
  }

  /**
   * End every thread. Frames that are not decoded yet end with `CANCELLED`, frames asked for later with a TypeError. Safe to
   * call twice; resolves when the threads are gone.
   */
  async destroy(): Promise<void> {
    this.#destroyed = true
    const tasks = [...this.#waiting.splice(0), ...[...this.#seats].flatMap(({ task }) => task ?? [])]
    for (const task of tasks) task.fail(cancelled(task.job, 'its pool was destroyed'))
    this.#idle.length = 0
    for (const seat of this.#seats) this.#dismiss(seat)
    await Promise.all(this.#ending)
  }

  #decode(job: DecodeJob, into: Uint16Array, signal: AbortSignal | undefined): Promise<DecodedFacts> {
    if (this.#destroyed) return Promise.reject(new TypeError('This pool was destroyed: make another'))
    if (signal?.aborted) return Promise.reject(cancelled(job, 'it was not wanted any more', signal.reason))
    const { rows, columns } = job.shape
    if (into.length !== rows * columns) {
      return Promise.reject(new RangeError(`into has ${into.length} words, ${rows} x ${columns} are decoded`))
    }
    return new Promise((resolve, reject) => {
      let settled = false
      const once = (settle: () => void): void => {
        if (settled) return
        settled = true
        signal?.removeEventListener('abort', abort)
        settle()
      }
      const done = (words: Uint16Array, facts: DecodedFacts): void =>
        once(() => {
          into.set(words)
          resolve(facts)
        })
      // oxlint-disable-next-line prefer-promise-reject-errors
      const fail = (error: unknown): void => once(() => reject(error))
      const task: Task = { job, into, done, fail, isOver: () => settled }
      const abort = (): void => {
        const at = this.#waiting.indexOf(task)
        if (at >= 0) this.#waiting.splice(at, 1)
        task.fail(cancelled(job, 'it was not wanted any more', signal?.reason))
      }
      signal?.addEventListener('abort', abort, { once: true })
      this.#waiting.push(task)
      this.#staff()
    })
  }

  /** Give waiting frames to lanes that are free, and open lanes while there may be more. */
  #staff(): void {
    while (this.#waiting.length > 0) {
      let seat = this.#idle.pop()
      if (seat?.opened?.dead) {
        this.#dismiss(seat)
        continue
      }
      if (!seat) {
        if (this.#seats.size >= this.workers) return
        seat = { lane: this.#open(), loaded: new Set(), task: null, opened: null, buffers: null }
        this.#seats.add(seat)
      }
      void this.#serve(seat, this.#waiting.shift()!)
    }
  }

  /** One frame through a lane, which is free again before the frame's asker hears of it: the next frame may be asked for then. */
  async #serve(seat: Seat, task: Task): Promise<void> {
    seat.task = task
    const { settle, usable, buffers = null } = await this.#attempt(seat, task)
    seat.task = null
    seat.buffers = buffers
    if (!usable) this.#dismiss(seat)
    else if (!this.#destroyed) this.#idle.push(seat)
    settle()
    this.#staff()
  }

  async #attempt(seat: Seat, { job, into, done, fail, isOver }: Task): Promise<Outcome> {
    const { coding, shape } = job
    let lane: Lane
    try {
      lane = seat.opened ??= await seat.lane
    } catch (cause) {
      return { settle: () => fail(failedToStart(job, cause)), usable: false }
    }
    let limit = SECONDS_TO_LOAD
    try {
      if (!seat.loaded.has(coding)) {
        const load = { task: 'load', version: VERSION, coding, codecs: this.#codecs } as const
        const reply = await within(limit, lane.ask(load))
        if (reply.done === 'failed') return { settle: () => fail(crossed(reply.error)), usable: true }
        if (reply.done !== 'loaded') throw new TypeError('the answer of the worker is none')
        seat.loaded.add(coding)
      }
      if (isOver()) return { settle: () => {}, usable: true }
      let request: FrameRequest
      try {
        request = { task: 'decode', coding, shape, ...prepared(job, seat.buffers) }
      } catch (cause) {
        return { settle: () => fail(noRoom(job, cause)), usable: true }
      }
      limit = this.#secondsPerFrame * Math.max(1, (shape.rows * shape.columns) / PIXELS_PER_FRAME)
      const reply = await within(limit, lane.ask(request))
      if (reply.done === 'failed') return { settle: () => fail(crossed(reply.error)), usable: true }
      const decoded = decodedOf(reply, into.length)
      // Settled before the lane's next frame needs the buffers.
      return { settle: () => done(decoded.words, decoded.facts), usable: true, buffers: decoded }
    } catch (error) {
      const loaded = seat.loaded.has(coding)
      const why = !(error instanceof Late) ? lost(job, error, loaded) : loaded ? late(job, limit) : loadLate(job, limit)
      return { settle: () => fail(why), usable: false }
    }
  }

  /** End a lane; what it still does is nobody's any more. */
  #dismiss(seat: Seat): void {
    if (!this.#seats.delete(seat)) return
    const end = seat.lane.then((lane) => lane.end()).catch(() => {})
    this.#ending.add(end)
    void end.then(() => this.#ending.delete(end))
  }
}

/** Words that are not rows x columns are no answer: a worker must never pass for one that decodes. */
function decodedOf(reply: DecodeReply, length: number): Extract<DecodeReply, { done: 'decoded' }> {
  if (reply.done === 'decoded' && reply.words instanceof Uint16Array && reply.words.length === length) return reply
  throw new TypeError('the answer of the worker holds no decoded frame')
}

/** A buffer for frames is kept while it is not much larger than they are. */
const ROOMY = 4
const SMALL_BYTES = 2 ** 20

/** The bytes of a frame, copied since a fragment is a view on a whole file, which must stay here; and room for its words. */
function prepared({ fragments, shape }: DecodeJob, kept: Seat['buffers']): Pick<FrameRequest, 'frame' | 'words'> {
  const length = fragments.reduce((sum, fragment) => sum + fragment.length, 0)
  const buffer = kept?.frame.buffer ?? null
  const fits = buffer !== null && buffer.byteLength >= length && buffer.byteLength <= ROOMY * length + SMALL_BYTES
  // A little more than needed: frames of a series differ in length.
  const frame = fits
    ? new Uint8Array(buffer, 0, length)
    : new Uint8Array(new ArrayBuffer(length + (length >> 2)), 0, length)
  let at = 0
  for (const fragment of fragments) {
    frame.set(fragment, at)
    at += fragment.length
  }
  const pixels = shape.rows * shape.columns
  return { frame, words: kept?.words.length === pixels ? kept.words : new Uint16Array(pixels) }
}
