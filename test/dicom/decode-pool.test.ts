/** The pool with lanes of the test's own: what happens to frames when threads answer, fail, linger or end. */
import { MessageChannel } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { VERSION } from '../../bindings/base/version.js'
import { AgatstonError } from '../../bindings/base/errors.js'
import type { DecodeReply, DecodeRequest } from '../../bindings/dicom/decoding/messages.js'
import { DecodePool, type Lane, MOST_WORKERS, type PoolOptions } from '../../bindings/dicom/decoding/pool.js'
import { DecodeService } from '../../bindings/dicom/decoding/service.js'
import { LaneLost } from '../../bindings/dicom/decoding/trouble.js'
import type { DecodeJob } from '../../bindings/dicom/decoding/encoded.js'
import { MOST_WORKERS as MOST_OF_THE_COMMAND } from '../../bindings/cli/reading.js'
import { rle } from './encode.js'

const words = (seed: number): number[] => Array.from({ length: 64 }, (_, i) => (i * 31 + seed * 977) & 0xffff)
const SHAPE = { rows: 8, columns: 8, bitsAllocated: 16, bitsStored: 16, signed: false, file: 'one.dcm' } as const
const job = (seed: number, changes: Partial<DecodeJob> = {}): DecodeJob => ({
  coding: 'rle',
  fragments: [rle(words(seed))],
  shape: SHAPE,
  ...changes,
})

type Answer = (request: DecodeRequest) => Promise<DecodeReply>
const never = (): Promise<DecodeReply> => new Promise(() => {})

/** Lanes that answer as the real ones do, but for what `twist` makes of it. Messages are cloned, as between threads. */
function lanes(twist: (answer: Answer, lane: number) => Answer = (answer) => answer) {
  const opened: { ended: number; asked: DecodeRequest['task'][]; dead: boolean }[] = []
  const open = async (): Promise<Lane> => {
    const service = new DecodeService()
    const answer = twist((request) => service.answer(request), opened.length)
    const record = { ended: 0, asked: [] as DecodeRequest['task'][], dead: false }
    opened.push(record)
    let lose: (error: unknown) => void = () => {}
    return {
      get dead() {
        return record.dead
      },
      ask: (request) => {
        record.asked.push(request.task)
        return new Promise((resolve, reject) => {
          lose = reject
          answer(structuredClone(request)).then((reply) => resolve(structuredClone(reply)), reject)
        })
      },
      end: async () => {
        record.ended++
        lose(new LaneLost('ended'))
      },
    }
  }
  return { opened, open }
}

const poolOf = (twist?: (answer: Answer, lane: number) => Answer, options: Partial<PoolOptions> = {}) => {
  const { opened, open } = lanes(twist)
  return { opened, pool: new DecodePool(open, { workers: 1, ...options }) }
}

async function decoded(pool: DecodePool, wanted: DecodeJob, signal?: AbortSignal): Promise<number[]> {
  const into = new Uint16Array(64).fill(0xdead)
  await pool.decode(wanted, into, signal)
  return [...into]
}

async function failure(promise: Promise<unknown>): Promise<AgatstonError> {
  const error: unknown = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AgatstonError)) throw error ?? new Error('nothing failed')
  return error
}

describe('a pool', () => {
  it('starts nothing before the first frame, and no more lanes than frames that wait', async () => {
    const { pool, opened } = poolOf(undefined, { workers: 3 })
    expect([pool.running, pool.workers, pool.decode.readAhead]).toEqual([0, 3, 6])
    for (let seed = 0; seed < 5; seed++) expect(await decoded(pool, job(seed))).toEqual(words(seed))
    expect(opened).toHaveLength(1)
    const many = await Promise.all(Array.from({ length: 20 }, (_, seed) => decoded(pool, job(seed))))
    expect(many).toEqual(Array.from({ length: 20 }, (_, seed) => words(seed)))
    expect([pool.running, opened.length]).toEqual([3, 3])
    for (const { asked } of opened) expect(asked.filter((task) => task === 'load')).toHaveLength(1)
    await pool.destroy()
    expect([pool.running, ...opened.map(({ ended }) => ended)]).toEqual([0, 1, 1, 1])
    await pool.destroy()
    await expect(decoded(pool, job(1))).rejects.toThrow(TypeError)
  })

  it('takes frames of any size after each other', async () => {
    const { pool } = poolOf()
    for (const side of [8, 40, 8, 3, 60, 1]) {
      const samples = Array.from({ length: side * side }, (_, i) => (i * 7) & 0xffff)
      const into = new Uint16Array(side * side)
      const shape = { ...SHAPE, rows: side, columns: side }
      await pool.decode({ coding: 'rle', shape, fragments: [rle(samples)] }, into)
      expect([...into]).toEqual(samples)
    }
  })

  it('leaves the source alone: fragments are copied, whatever they are views of', async () => {
    const { pool } = poolOf()
    const frame = rle(words(4))
    const file = new Uint8Array(frame.length + 11)
    file.set(frame, 11)
    const before = file.slice()
    const cut = [11, 20, 21, file.length]
    const fragments = [0, 1, 2].map((n) => file.subarray(cut[n]!, cut[n + 1]!))
    expect(await decoded(pool, job(4, { fragments }))).toEqual(words(4))
    expect(await decoded(pool, job(4, { fragments: [file.subarray(11)] }))).toEqual(words(4))
    expect(file).toEqual(before)
  })

  it('refuses what is no job', async () => {
    const { pool, opened } = poolOf()
    await expect(pool.decode(job(0), new Uint16Array(63))).rejects.toThrow(RangeError)
    expect(opened).toHaveLength(0)
    await expect(decoded(pool, job(0, { coding: 'none' as 'rle' }))).rejects.toThrow(/There is no decoder for 'none'/)
    expect(await decoded(pool, job(0))).toEqual(words(0))
  })

  it.each([0, -1, 1.5, MOST_WORKERS + 1, Number.NaN])('of %d workers is refused', (workers) => {
    expect(() => poolOf(undefined, { workers })).toThrow(/whole number from 1 to 256/)
  })

  it.each([0, -1, Number.NaN, 3601])('of %d seconds a frame is refused', (secondsPerFrame) => {
    expect(() => poolOf(undefined, { secondsPerFrame })).toThrow(RangeError)
  })

  it('has the same most workers as the command says', () => {
    expect(new DecodePool(lanes().open, { workers: MOST_WORKERS }).workers).toBe(MOST_OF_THE_COMMAND)
  })
})

describe('errors', () => {
  it('cross with code, message and details, and leave the lane', async () => {
    const { pool, opened } = poolOf()
    const cut = job(1, { fragments: [rle(words(1)).subarray(0, -20)] })
    const here = await failure(Promise.resolve().then(async () => (await import('../../bindings/dicom/decoding/encoded.js')).decodeHere()(cut, new Uint16Array(64)))) // prettier-ignore
    const there = await failure(decoded(pool, cut))
    expect([there.code, there.message, there.details]).toEqual([here.code, here.message, here.details])
    expect(there.code).toBe('PIXELS_SHORT')
    expect(await decoded(pool, job(2))).toEqual(words(2))
    expect(opened).toHaveLength(1)
  })

  it('nobody foresaw are INTERNAL and tell their kind only', async () => {
    const service = new DecodeService()
    const shape = { ...SHAPE, get rows(): number { throw new Error('DOE^JOHN') } } // prettier-ignore
    const reply = await service.answer({ task: 'decode', coding: 'rle', frame: rle(words(0)), shape, words: new Uint16Array(64) }) // prettier-ignore
    expect(reply).toMatchObject({ done: 'failed', error: { code: 'INTERNAL' } })
    expect(reply.done === 'failed' && reply.error.message).not.toContain('DOE')
  })

  it('of another version are told before a frame is decoded', async () => {
    const { pool } = poolOf(
      (answer) => (request) => answer(request.task === 'load' ? { ...request, version: '9.9.9' } : request),
    )
    const error = await failure(decoded(pool, job(0)))
    expect([error.code, error.details]).toEqual(['INTEGRITY_FAILED', { version: VERSION, expected: '9.9.9' }])
  })

  it('of a decoder that cannot be loaded fail its frames only', async () => {
    const refuse: DecodeReply = {
      done: 'failed',
      error: { code: 'SYNTAX_UNSUPPORTED', name: 'AgatstonError', message: 'not installed', details: {}, cause: null },
    }
    const { pool, opened } = poolOf(
      (answer) => (request) =>
        request.task === 'load' && request.coding === 'htj2k' ? Promise.resolve(refuse) : answer(request),
    )
    expect((await failure(decoded(pool, job(0, { coding: 'htj2k' })))).code).toBe('SYNTAX_UNSUPPORTED')
    expect(await decoded(pool, job(3))).toEqual(words(3))
    expect(opened).toHaveLength(1)
  })
})

describe('a thread', () => {
  it('that is late is ended, its frame a TIMEOUT, and another takes the next', async () => {
    const { pool, opened } = poolOf((answer, lane) => (request) =>
      lane === 0 && request.task === 'decode' ? never() : answer(request), { secondsPerFrame: 0.05 }) // prettier-ignore
    const [first, second] = await Promise.allSettled([decoded(pool, job(0)), decoded(pool, job(1))])
    expect(first).toMatchObject({
      reason: { code: 'TIMEOUT', details: { file: 'one.dcm', coding: 'rle', seconds: 0.05 } },
    })
    expect(first.status === 'rejected' && String(first.reason)).toMatch(/one\.dcm: .* longer than 0\.05 s/)
    expect(second).toMatchObject({ value: words(1) })
    expect(opened.map(({ ended }) => ended)).toEqual([1, 0])
    expect(pool.running).toBe(1)
  })

  it('has time in proportion to the pixels', async () => {
    const { pool } = poolOf((answer) => (request) => (request.task === 'decode' ? never() : answer(request)), {
      secondsPerFrame: 0.01,
    })
    const shape = { ...SHAPE, rows: 1024, columns: 1024 }
    const error = await failure(pool.decode({ ...job(0), shape }, new Uint16Array(2 ** 20)))
    expect(error.details['seconds']).toBe(0.04)
  })

  it('that answered while this one was busy is not late', async () => {
    const { pool } = poolOf((answer) => async (request) => {
      const reply = await answer(request)
      if (request.task === 'load') return reply
      // The answer arrives while this thread is busy for longer than the frame may take; timers come before messages then.
      const { port1, port2 } = new MessageChannel()
      setImmediate(() => {
        port2.postMessage(null)
        const end = performance.now() + 120
        while (performance.now() < end);
      })
      await new Promise((resolve) => port1.once('message', resolve))
      port1.close()
      return reply
    }, { secondsPerFrame: 0.05 }) // prettier-ignore
    expect(await decoded(pool, job(5))).toEqual(words(5))
  })

  it('that ends is INTERNAL, or OUT_OF_MEMORY, and another takes its place', async () => {
    for (const [reason, code] of [
      ['ended', 'INTERNAL'],
      ['memory', 'OUT_OF_MEMORY'],
    ] as const) {
      // prettier-ignore
      const { pool, opened } = poolOf((answer, lane) => (request) =>
        lane === 0 && request.task === 'decode' ? Promise.reject(new LaneLost(reason)) : answer(request),
      )
      const error = await failure(decoded(pool, job(0)))
      expect([error.code, error.details]).toEqual([code, { file: 'one.dcm', coding: 'rle' }])
      expect(await decoded(pool, job(1))).toEqual(words(1))
      expect(opened.map(({ ended }) => ended)).toEqual([1, 0])
    }
  })

  it('that ended while nobody asked is replaced without a word', async () => {
    const { pool, opened } = poolOf()
    await decoded(pool, job(0))
    opened[0]!.dead = true
    expect(await decoded(pool, job(1))).toEqual(words(1))
    expect(opened.map(({ ended }) => ended)).toEqual([1, 0])
  })

  it('that cannot be started fails each frame, and hangs none', async () => {
    const pool = new DecodePool(() => Promise.reject(new Error('no threads')), { workers: 2 })
    const all = await Promise.allSettled([0, 1, 2, 3].map((seed) => decoded(pool, job(seed))))
    for (const one of all) expect(one).toMatchObject({ reason: { code: 'INTERNAL', details: { file: 'one.dcm' } } })
    expect(pool.running).toBe(0)
    await pool.destroy()
  })

  it.each([
    ['its request', (request: DecodeRequest) => request as unknown as DecodeReply],
    ['nothing', () => undefined as unknown as DecodeReply],
    ['that it is ready', () => ({ done: 'loaded' }) as const],
    ['too few words', () => ({ done: 'decoded', words: new Uint16Array(63), frame: new Uint8Array(1), facts: {} }) as DecodeReply], // prettier-ignore
  ])('that answers a frame with %s has not decoded it', async (_, wrong) => {
    const { pool } = poolOf(
      (answer, lane) => (request) =>
        lane === 0 && request.task === 'decode' ? Promise.resolve(wrong(request)) : answer(request),
    )
    const into = new Uint16Array(64).fill(7)
    expect((await failure(pool.decode(job(0), into))).code).toBe('INTERNAL')
    expect([...new Set(into)]).toEqual([7])
    expect(await decoded(pool, job(1))).toEqual(words(1))
  })
})

describe('giving up', () => {
  it('a frame that waits takes it out; one that runs ends at once, and its thread goes on to the next', async () => {
    let answerIt = (): void => {}
    const { pool, opened } = poolOf((answer, lane) => async (request) => {
      if (request.task === 'decode' && lane === 0 && request.shape.file === 'slow.dcm')
        await new Promise<void>((resolve) => (answerIt = resolve))
      return answer(request)
    })
    const [running, waiting] = [new AbortController(), new AbortController()]
    const slow = decoded(pool, job(0, { shape: { ...SHAPE, file: 'slow.dcm' } }), running.signal)
    const queued = decoded(pool, job(1), waiting.signal)
    const after = decoded(pool, job(2))
    await new Promise((resolve) => setTimeout(resolve, 10))
    waiting.abort('changed my mind')
    running.abort('enough')
    const error = await failure(slow)
    expect([error.code, error.cause, error.details['file']]).toEqual(['CANCELLED', 'enough', 'slow.dcm'])
    expect((await failure(queued)).code).toBe('CANCELLED')
    answerIt()
    expect(await after).toEqual(words(2))
    expect(opened.map(({ asked }) => asked)).toEqual([['load', 'decode', 'decode']])
  })

  it('before it begins begins nothing', async () => {
    const { pool, opened } = poolOf()
    expect((await failure(decoded(pool, job(0), AbortSignal.abort()))).code).toBe('CANCELLED')
    expect(opened).toHaveLength(0)
  })

  it('while the thread starts leaves it to the next frame', async () => {
    const { pool, opened } = poolOf()
    const control = new AbortController()
    const first = decoded(pool, job(0), control.signal)
    control.abort()
    expect((await failure(first)).code).toBe('CANCELLED')
    expect(await decoded(pool, job(1))).toEqual(words(1))
    expect(opened.flatMap(({ asked }) => asked).filter((task) => task === 'decode')).toHaveLength(1)
  })

  it('the pool gives up every frame and every thread', async () => {
    const { pool, opened } = poolOf((answer) => (request) => (request.task === 'decode' ? never() : answer(request)), {
      workers: 2,
    })
    const all = Promise.allSettled([0, 1, 2, 3, 4].map((seed) => decoded(pool, job(seed))))
    await new Promise((resolve) => setTimeout(resolve, 10))
    await pool.destroy()
    for (const one of await all) expect(one).toMatchObject({ reason: { code: 'CANCELLED' } })
    expect(opened.map(({ ended }) => ended)).toEqual([1, 1])
  })

  it('the pool while threads start ends them when they have', async () => {
    const { pool, opened } = poolOf(undefined, { workers: 2 })
    const all = Promise.allSettled([decoded(pool, job(0)), decoded(pool, job(1))])
    await pool.destroy()
    for (const one of await all) expect(one).toMatchObject({ reason: { code: 'CANCELLED' } })
    expect(opened.map(({ ended }) => ended)).toEqual([1, 1])
  })
})
