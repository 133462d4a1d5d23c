/**
 * Lanes that are threads of Node, by tinypool. Each is a pool of one thread: which frame runs on which thread must be known to
 * end that one and no other, and tinypool does not notice a thread that exits without an error.
 */
import { availableParallelism } from 'node:os'
import type { Tinypool } from 'tinypool'
import { type DecodeReply, type DecodeRequest, buffersOf } from '../dicom/decoding/messages.js'
import { DecodePool, type Lane, MOST_WORKERS, type PoolOptions } from '../dicom/decoding/pool.js'
import { LaneLost } from '../dicom/decoding/trouble.js'
import { WORKER_FILE } from './worker-file.js'

export interface CreatePoolOptions extends Omit<PoolOptions, 'workers'> {
  /** Most threads, 1 to 256; default: as many as the machine runs at once. */
  readonly workers?: number
  /** The module its threads run, for a program that was bundled: `dist/node/decode-worker.js` of this package, by URL. */
  readonly file?: URL
}

/**
 * A pool of threads that decode compressed frames: kept, it stays warm from study to study. Threads start when frames wait for
 * them, so that uncompressed series start none. Idle threads do not keep the process alive; `destroy` ends them.
 *
 * @throws TypeError, RangeError
 */
export function createPool(options: CreatePoolOptions = {}): DecodePool {
  const { file = WORKER_FILE } = options
  if (!(file instanceof URL)) throw new TypeError('file must be a URL')
  return new DecodePool(() => openThread(file), { ...options, workers: options.workers ?? defaultWorkers() })
}

/** How many threads there are where the caller does not say. */
export const defaultWorkers = (): number => Math.min(MOST_WORKERS, availableParallelism())

/**
 * JavaScript memory of a thread, in MiB. Decoders keep frames in WebAssembly memory and typed arrays, which this does not count;
 * those have limits of their own.
 */
const HEAP_MIB = 256

async function openThread(file: URL): Promise<Lane> {
  const { Tinypool } = await import('tinypool')
  const pool = new Tinypool({
    filename: file.href,
    minThreads: 1,
    maxThreads: 1,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
  })
  return new ThreadLane(pool)
}

class ThreadLane implements Lane {
  readonly #pool: Tinypool
  readonly #thread: Tinypool['threads'][number]
  #dead = false
  #exited = false
  #ended: Promise<void> | null = null
  #reject: ((error: unknown) => void) | null = null

  constructor(pool: Tinypool) {
    this.#pool = pool
    // An error that belongs to no request; without a listener it would end the process.
    pool.on('error', (error: unknown) => this.#lose(error))
    this.#thread = pool.threads[0]!
    this.#thread.on('error', (error: unknown) => this.#lose(error))
    this.#thread.on('exit', (code: unknown) => {
      this.#exited = true
      this.#lose(new Error(`the thread exited with code ${String(code)}`))
    })
  }

  get dead(): boolean {
    return this.#dead
  }

  ask(request: DecodeRequest): Promise<DecodeReply> {
    return new Promise((resolve, reject) => {
      if (this.#dead) throw new LaneLost('ended')
      this.#reject = reject
      const running = this.#pool.run(request, { transferList: buffersOf(request) }) as Promise<DecodeReply>
      running.then(resolve, (error: unknown) => this.#lose(error)).finally(() => (this.#reject = null))
    })
  }

  end(): Promise<void> {
    return (this.#ended ??= this.#destroy())
  }

  async #destroy(): Promise<void> {
    this.#lose(new Error('the thread was ended'))
    // After an error tinypool has put another thread in the place of the one that had it.
    const others = this.#pool.threads.length > 0 && !(this.#exited && this.#pool.threads[0] === this.#thread)
    const destroyed = this.#pool.destroy()
    // For the exit of a thread that is gone it would wait in vain.
    if (others) await destroyed
  }

  #lose(cause: unknown): void {
    this.#dead = true
    const memory = cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY'
    this.#reject?.(new LaneLost(memory ? 'memory' : 'ended', cause))
    this.#reject = null
  }
}
