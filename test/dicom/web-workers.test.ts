/** Decoding in Web Workers, which here are threads of Node in their shape. */
import { Worker as Thread } from 'node:worker_threads'
import { build } from 'esbuild'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type WorkerLike, createWorkerPool, readSeries } from '../../bindings/dicom/index.js'
import { serve } from '../../bindings/dicom/decoding/worker.js'
import { createEngine } from '../../bindings/index.js'
import { codedFiles } from '../node/coded.js'
import { rle } from './encode.js'

/** A thread with the methods of a Web Worker. */
class PageWorker {
  static alive = 0
  readonly thread: Thread

  constructor(file = new URL('web-worker.mjs', import.meta.url)) {
    this.thread = new Thread(file)
    PageWorker.alive++
    this.thread.once('exit', () => PageWorker.alive--)
  }

  postMessage(message: unknown, transfer: ArrayBuffer[]): void {
    this.thread.postMessage(message, transfer)
  }

  addEventListener(type: string, listener: (event: object) => void): void {
    if (type === 'message') this.thread.on('message', (data: unknown) => listener({ data }))
    if (type === 'error') this.thread.on('error', (error: Error) => listener({ message: error.message }))
  }

  terminate(): void {
    void this.thread.terminate()
  }
}

const open = (file?: URL) => (): WorkerLike => new PageWorker(file) as unknown as WorkerLike
const gone = async (): Promise<void> => {
  while (PageWorker.alive > 0) await new Promise((resolve) => setTimeout(resolve, 5))
}

const SHAPE = { rows: 8, columns: 8, bitsAllocated: 16, bitsStored: 16, signed: false, file: 'one.dcm' } as const
const words = Array.from({ length: 64 }, (_, i) => i * 99)
const job = { coding: 'rle', fragments: [rle(words)], shape: SHAPE } as const

describe('a pool of Web Workers', () => {
  it('scores as this thread does, and ends its workers', async () => {
    const files = [...(await codedFiles())].map(([name, data]) => ({ name, data }))
    const engine = await createEngine()
    const expected = await engine.score(await readSeries(files), { scope: 'whole-image' })
    const pool = createWorkerPool(open(), { workers: 2 })
    const volume = await readSeries(files, { decode: pool.decode })
    expect(PageWorker.alive).toBe(0)
    expect(JSON.stringify(await engine.score(volume, { scope: 'whole-image' }))).toBe(JSON.stringify(expected))
    expect(PageWorker.alive).toBe(2)
    await pool.destroy()
    await gone()
  })

  it('ends a worker that is late, and has the caller make another', async () => {
    let made = 0
    const silent = new URL('data:text/javascript,import { parentPort } from "node:worker_threads"; parentPort.on("message", ({ agatston, body }) => { if (body.task === "load") parentPort.postMessage({ agatston, body: { done: "loaded" } }) })') // prettier-ignore
    const pool = createWorkerPool(() => (made++ === 0 ? open(silent)() : open()()), {
      workers: 1,
      secondsPerFrame: 0.2,
    })
    const into = new Uint16Array(64)
    await expect(pool.decode(job, into)).rejects.toMatchObject({ code: 'TIMEOUT', details: { file: 'one.dcm' } })
    await pool.decode(job, into)
    expect([...into]).toEqual(words)
    expect(made).toBe(2)
    await pool.destroy()
    await gone()
  })

  it('whose worker fails, or whose maker does, fails the frame', async () => {
    const broken = new URL('data:text/javascript,throw new Error("not served")')
    for (const make of [
      open(broken),
      () => {
        throw new Error('blocked')
      },
    ]) {
      // prettier-ignore
      const pool = createWorkerPool(make, { workers: 1 })
      await expect(pool.decode(job, new Uint16Array(64))).rejects.toMatchObject({ code: 'INTERNAL' })
      await pool.destroy()
    }
    await gone()
    expect(() => createWorkerPool(new PageWorker() as unknown as () => WorkerLike)).toThrow(TypeError)
  })

  it('has as many workers as the runtime has processors, 8 at most', () => {
    const { navigator } = globalThis as { navigator?: object }
    const define = (value: unknown): void =>
      void Object.defineProperty(globalThis, 'navigator', { value, configurable: true })
    for (const [cores, workers] of [
      [undefined, 1],
      [1, 1],
      [7, 7],
      [8, 8],
      [9, 8],
    ] as const) {
      // prettier-ignore
      define({ hardwareConcurrency: cores })
      expect(createWorkerPool(open()).workers).toBe(workers)
    }
    define(navigator)
    expect(createWorkerPool(open(), { workers: 12 }).workers).toBe(12)
  })
})

describe('the worker module', () => {
  it('serves a scope of the caller, answers only what is meant for it, and transfers', async () => {
    const sent: { message: unknown; transfer: unknown[] }[] = []
    let hear: (event: MessageEvent<unknown>) => void = () => {}
    serve({
      addEventListener: (_, listener) => (hear = listener),
      postMessage: (message, transfer) => void sent.push({ message, transfer }),
    })
    for (const data of [null, 7, 'text', {}, { agatston: 'one' }]) hear({ data } as MessageEvent<unknown>)
    const body = { task: 'decode', coding: 'rle', frame: rle(words), shape: SHAPE, words: new Uint16Array(64) } as const
    hear({ data: { agatston: 3, body } } as MessageEvent<unknown>)
    while (sent.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    expect(sent).toHaveLength(1)
    expect(sent[0]!.message).toMatchObject({ agatston: 3, body: { done: 'decoded', words: Uint16Array.from(words) } })
    expect(sent[0]!.transfer).toEqual([body.words.buffer, body.frame.buffer])
  })

  it('bundles for a page without anything of Node', async () => {
    const entry = fileURLToPath(new URL('../../bindings/dicom/decoding/worker.ts', import.meta.url))
    const { metafile } = await build({
      entryPoints: [entry],
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'browser',
      outdir: 'out',
      write: false,
      metafile: true,
      external: ['@cornerstonejs/*'],
    })
    const inputs = Object.keys(metafile.inputs)
    expect(inputs.filter((name) => /node:|bindings\/(node|cli)\/|dicom-parser/.test(name))).toEqual([])
  })
})
