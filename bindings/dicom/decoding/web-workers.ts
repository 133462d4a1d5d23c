/** Lanes that are Web Workers, for pages: the same pool, the same deadline. Which file the worker runs is the page's business. */
import { DecodePool, type Lane, type PoolOptions } from './pool.js'
import { type DecodeReply, type DecodeRequest, type Envelope, buffersOf, isEnvelope } from './messages.js'
import { LaneLost } from './trouble.js'

/** What is used of a Web Worker. */
export type WorkerLike = Pick<Worker, 'postMessage' | 'addEventListener' | 'terminate'>

export interface WorkerPoolOptions extends Omit<PoolOptions, 'workers'> {
  /** Most workers, 1 to 256; default: as many as the runtime says it has processors, at most 8. */
  readonly workers?: number
}

/** A page shares its processors with others, and slices are scored faster than more workers than these could decode. */
const MOST_BY_DEFAULT = 8

/**
 * A pool of Web Workers that decode compressed frames: pass its `decode` to `readSeries`, and `destroy` it after the volumes.
 *
 * ```js
 * const pool = createWorkerPool(() => new Worker(new URL('agatston/worker', import.meta.url), { type: 'module' }))
 * const volume = await readSeries(files, { decode: pool.decode })
 * ```
 *
 * @param open makes a worker that runs `agatston/worker`; called when one is needed, and again for one that was ended since it
 *   was late. With Vite: `import DecodeWorker from 'agatston/worker?worker'` and `() => new DecodeWorker()`
 * @throws RangeError
 */
export function createWorkerPool(open: () => WorkerLike, options: WorkerPoolOptions = {}): DecodePool {
  if (typeof open !== 'function') throw new TypeError('createWorkerPool needs a function that makes a worker')
  const { navigator } = globalThis as { navigator?: { hardwareConcurrency?: number } }
  const workers = options.workers ?? Math.max(1, Math.min(MOST_BY_DEFAULT, navigator?.hardwareConcurrency ?? 1))
  return new DecodePool(async () => new WorkerLane(open()), { ...options, workers })
}

class WorkerLane implements Lane {
  readonly #worker: WorkerLike
  #number = 0
  #dead = false
  #waiting: { readonly resolve: (reply: DecodeReply) => void; readonly reject: (error: unknown) => void } | null = null

  constructor(worker: WorkerLike) {
    this.#worker = worker
    worker.addEventListener('message', (event) => this.#hear((event as MessageEvent<unknown>).data))
    worker.addEventListener('error', (event) => this.#lose((event as Partial<ErrorEvent>).message))
    worker.addEventListener('messageerror', () => this.#lose('an answer could not be read'))
  }

  get dead(): boolean {
    return this.#dead
  }

  ask(request: DecodeRequest): Promise<DecodeReply> {
    return new Promise((resolve, reject) => {
      if (this.#dead) throw new LaneLost('ended')
      this.#waiting = { resolve, reject }
      const envelope: Envelope<DecodeRequest> = { agatston: ++this.#number, body: request }
      this.#worker.postMessage(envelope, buffersOf(request))
    })
  }

  async end(): Promise<void> {
    this.#lose()
    this.#worker.terminate()
  }

  #hear(data: unknown): void {
    if (!isEnvelope(data) || data.agatston !== this.#number) return
    this.#waiting?.resolve(data.body as DecodeReply)
    this.#waiting = null
  }

  #lose(cause?: string): void {
    this.#dead = true
    this.#waiting?.reject(new LaneLost('ended', cause))
    this.#waiting = null
  }
}
