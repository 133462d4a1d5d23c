/** Threads of Node: the same results whatever their number, and nothing left behind whatever they do. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { AgatstonError } from '../../bindings/base/errors.js'
import { decodeHere } from '../../bindings/dicom/decoding/encoded.js'
import { type DicomVolume, readSeries } from '../../bindings/dicom/index.js'
import { createEngine } from '../../bindings/index.js'
import {
  type DecodePool,
  createPool,
  findFiles,
  inspectPath,
  loadFiles,
  readPath,
  scorePath,
} from '../../bindings/node/index.js'
import { call, scored } from '../cli/call.js'
import { dataFolder } from '../dicom/data.js'
import { encapsulated, rle } from '../dicom/encode.js'
import { ctElements, ctSeries, encodeFile, pixels } from '../dicom/make.js'
import { codedFiles } from './coded.js'
import { seriesFiles, tempFolder, writeAll } from './series.js'

const temp = tempFolder()
const UNRULY = new URL('unruly.mjs', import.meta.url)
const WHOLE = { scope: 'whole-image' } as const
const SHAPE = { rows: 8, columns: 8, bitsAllocated: 16, bitsStored: 16, signed: false, file: 'one.dcm' } as const
const words = (seed: number): number[] => Array.from({ length: 64 }, (_, i) => (i * 31 + seed * 977) & 0xffff)

let coded: string
const warnings: string[] = []
const onWarning = (warning: Error): void => void warnings.push(String(warning))
beforeAll(async () => {
  process.on('warning', onWarning)
  coded = writeAll(join(temp, 'coded'), await codedFiles())
})
afterAll(() => void process.off('warning', onWarning))

/** Threads and ports that keep the process alive, or would. */
const threads = (): number => process.getActiveResourcesInfo().filter((name) => /worker|messageport/i.test(name)).length

/** As many are left as there were; the port of a thread that is gone closes a turn of the event loop later. */
const left = (before: number): Promise<void> => vi.waitFor(() => expect(threads()).toBe(before), { timeout: 10_000 })

async function failure(promise: Promise<unknown>): Promise<AgatstonError> {
  const error: unknown = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AgatstonError)) throw error ?? new Error('nothing failed')
  return error
}

async function decoded(pool: DecodePool, seed: number, file = 'one.dcm'): Promise<number[]> {
  const into = new Uint16Array(64).fill(0xdead)
  await pool.decode({ coding: 'rle', fragments: [rle(words(seed))], shape: { ...SHAPE, file } }, into)
  return [...into]
}

describe('results', () => {
  it('are the same with any number of threads, warm or new, and leave none', async () => {
    const before = threads()
    const expected = JSON.stringify(await scorePath(coded, { ...WHOLE, workers: 0 }))
    expect((JSON.parse(expected) as { total: { pixels: number } }).total.pixels).toBeGreaterThan(100)
    for (const workers of [1, 2, 5]) {
      expect(JSON.stringify(await scorePath(coded, { ...WHOLE, workers }))).toBe(expected)
      await left(before)
    }
    const pool = createPool({ workers: 2 })
    for (let round = 0; round < 2; round++) {
      expect(JSON.stringify(await scorePath(coded, { ...WHOLE, pool }))).toBe(expected)
      expect(pool.running).toBe(2)
    }
    await pool.destroy()
    expect(pool.running).toBe(0)
    await left(before)
    expect(warnings.filter((text) => /Listener/.test(text))).toEqual([])
  })

  it('are those of one thread when slices are read in any order, at once and again', async () => {
    const pool = createPool({ workers: 2 })
    const [there, here] = await Promise.all([
      readSeries(loadFiles(findFiles([coded])), { decode: pool.decode }),
      readSeries(loadFiles(findFiles([coded]))),
    ])
    const size = here.geometry.rows * here.geometry.columns
    const slice = async (volume: DicomVolume, k: number): Promise<string> => {
      const into = new Uint16Array(size)
      await volume.readSlice(k, into)
      return Buffer.from(into.buffer).toString('base64')
    }
    const expected: string[] = []
    for (let k = 0; k < 35; k++) expected.push(await slice(here, k))
    expect(new Set(expected).size).toBe(35)
    for (const k of [0, 1, 2, 2, 30, 3, 4, 5, 34, 33, 0, 1]) expect(await slice(there, k)).toBe(expected[k])
    expect(await Promise.all(expected.map((_, k) => slice(there, k)))).toEqual(expected)
    const engines = await Promise.all([createEngine(), createEngine()])
    const both = await Promise.all(engines.map((engine) => engine.score(there, WHOLE)))
    expect(JSON.stringify(both[0])).toBe(JSON.stringify(both[1]))
    await pool.destroy()
  })

  it('tell of bits above BitsStored as one thread does', async () => {
    const series = ctSeries(34).map(({ name }, k) => {
      const samples = k < 3 ? pixels(k).with(5, 0x5123) : pixels(k)
      const bits = { 0x00280101: [12], 0x00280102: [11], 0x00280103: [1] }
      const file = encodeFile(ctElements(k, { ...bits, ...encapsulated([rle(samples)]) }), { uid: '1.2.840.10008.1.2.5' }) // prettier-ignore
      return { name, data: file }
    })
    const pool = createPool({ workers: 2 })
    const engine = await createEngine()
    const [there, here] = await Promise.all([readSeries(series, { decode: pool.decode }), readSeries(series)])
    const [met, expected] = [await engine.score(there, WHOLE), await engine.score(here, WHOLE)]
    expect(JSON.stringify(met)).toBe(JSON.stringify(expected))
    expect(met.warnings.map(({ code }) => code)).toContain('BITS_UNUSED_NONZERO')
    await pool.destroy()
  })

  it('of a frame that is damaged are the refusal of one thread, at its slice', async () => {
    const files = await codedFiles()
    const good = files.get('CT0010.dcm')!
    const bad = good.slice()
    bad.fill(0x55, good.length - 1200, good.length - 200)
    const folder = writeAll(join(temp, 'damaged'), new Map([...files, ['CT0010.dcm', bad]]))
    const expected = await failure(scorePath(folder, { ...WHOLE, workers: 0 }))
    const met = await failure(scorePath(folder, { ...WHOLE, workers: 2 }))
    expect(met.toRefusal()).toEqual(expected.toRefusal())
    expect(met.details['file']).toBe('CT0010.dcm')
    expect(met.warnings).toEqual(expected.warnings)
  })

  it('of a comparison are those of one thread: the same slice twice, in two codings', async () => {
    const files = await codedFiles()
    const volume = await readSeries(loadFiles(findFiles([coded])))
    const values = new Uint16Array(96 * 96)
    await volume.readSlice(1, values)
    const twin = encodeFile(
      ctElements(1, {
        0x00280010: [96],
        0x00280011: [96],
        0x00280030: '2\\2',
        0x00280101: [12],
        0x00280102: [11],
        0x00280103: [0],
        0x00200032: '-100\\-100\\3',
        ...encapsulated([rle(values)]),
      }),
      { uid: '1.2.840.10008.1.2.5' },
    )
    const folder = writeAll(join(temp, 'twice'), new Map([...files, ['twin.dcm', twin]]))
    const pool = createPool({ workers: 2 })
    const { series } = await inspectPath(folder, { pool })
    expect(series[0]!.warnings.map(({ code }) => code)).toContain('SLICES_IDENTICAL_DROPPED')
    expect(pool.running).toBe(1)
    await pool.destroy()
  })
})

describe('threads', () => {
  it('are not started for pixels that need no decoding', async () => {
    const folder = writeAll(join(temp, 'plain'), seriesFiles())
    const pool = createPool({ workers: 4 })
    await scorePath(folder, { ...WHOLE, pool })
    await inspectPath(folder, { pool })
    expect(pool.running).toBe(0)
    await pool.destroy()
  })

  it('stay for the next call of their owner, and serve volumes that outlive a call', async () => {
    const pool = createPool({ workers: 1 })
    const volume = (await readPath(coded, { pool })) as DicomVolume
    expect(pool.running).toBe(0)
    const into = new Uint16Array(96 * 96)
    await volume.readSlice(0, into)
    expect(pool.running).toBe(1)
    await pool.destroy()
    await expect(volume.readSlice(1, into)).rejects.toThrow(/destroyed/)
  })

  it('options that exclude each other are refused before anything is read', async () => {
    const pool = createPool()
    const absent = join(temp, 'absent')
    await expect(scorePath(absent, { ...WHOLE, pool, workers: 2 })).rejects.toThrow(/pool and workers exclude/)
    await expect(scorePath(absent, { ...WHOLE, pool, decode: decodeHere() })).rejects.toThrow(/exclude/)
    await expect(readPath(absent, { pool, codecs: {} })).rejects.toThrow(/createPool/)
    for (const workers of [-1, 1.5, 257]) {
      await expect(scorePath(absent, { ...WHOLE, workers })).rejects.toThrow(/whole number from 0 to 256/)
    }
    expect(() => createPool({ workers: 0 })).toThrow(RangeError)
    expect(() => createPool({ file: 'decode-worker.js' as unknown as URL })).toThrow(TypeError)
    await pool.destroy()
  })

  it('decode what wasm of the caller decodes', async () => {
    const pool = createPool({ workers: 1, codecs: { wasm: { agatston: Uint8Array.of(0, 97, 115, 109) } } })
    expect((await failure(decoded(pool, 1))).code).toBe('WASM_UNSUPPORTED')
    await pool.destroy()
  })
})

describe('a thread', () => {
  const seconds = { secondsPerFrame: 0.2 }

  it.each(['endless.dcm', 'loop.dcm'])(
    'that does not end (%s) is ended: TIMEOUT; the next frame is decoded',
    async (file) => {
      const before = threads()
      const pool = createPool({ workers: 1, file: UNRULY, ...seconds })
      const frames = Promise.allSettled([decoded(pool, 0, file), decoded(pool, 1)])
      while (threads() === before) await new Promise((resolve) => setTimeout(resolve, 5))
      const [bad, good] = await frames
      expect(bad).toMatchObject({ reason: { code: 'TIMEOUT', details: { file, coding: 'rle', seconds: 0.2 } } })
      expect(good).toMatchObject({ value: words(1) })
      await pool.destroy()
      await left(before)
    },
  )

  it.each([
    ['exit.dcm', 'INTERNAL'],
    ['memory.dcm', 'OUT_OF_MEMORY'],
    ['crash.dcm', 'INTERNAL'],
    ['echo.dcm', 'INTERNAL'],
    ['strange.dcm', 'INTERNAL'],
  ])('that misbehaves (%s) is %s, never a hang; the next frame is decoded', async (file, code) => {
    const before = threads()
    const pool = createPool({ workers: 1, file: UNRULY, secondsPerFrame: 3600 })
    const error = await failure(decoded(pool, 0, file))
    expect([error.code, error.details]).toEqual([code, { file, coding: 'rle' }])
    expect(error.message).toContain(file)
    expect(error.message).not.toContain('DOE')
    expect(await decoded(pool, 1)).toEqual(words(1))
    expect(pool.running).toBe(1)
    await pool.destroy()
    await left(before)
  })

  it('whose module is not there fails every frame, and hangs none', async () => {
    const pool = createPool({ workers: 2, file: new URL('absent.mjs', import.meta.url) })
    const all = await Promise.allSettled([0, 1, 2].map((seed) => decoded(pool, seed)))
    for (const one of all) expect(one).toMatchObject({ reason: { code: 'INTERNAL' } })
    await pool.destroy()
    expect(pool.running).toBe(0)
  })

  it('that is late costs one slice of a volume, the others are read', async () => {
    const series = ctSeries(8).map(({ name }, k) => ({
      name: k === 4 ? 'endless.dcm' : name,
      data: encodeFile(ctElements(k, encapsulated([rle(pixels(k))])), { uid: '1.2.840.10008.1.2.5' }),
    }))
    const pool = createPool({ workers: 2, file: UNRULY, ...seconds })
    const volume = await readSeries(series, { decode: pool.decode })
    const into = new Int16Array(64)
    for (let k = 0; k < 8; k++) {
      if (k === 4) expect((await failure(volume.readSlice(k, into) as Promise<void>)).code).toBe('TIMEOUT')
      else {
        await volume.readSlice(k, into)
        expect([...into]).toEqual(pixels(k))
      }
    }
    await pool.destroy()
  })
})

describe('cancelling', () => {
  it('ends the call, its threads and nothing else; the engine scores the next study', async () => {
    const before = threads()
    const engine = await createEngine()
    const expected = JSON.stringify(await scorePath(coded, { ...WHOLE, engine, workers: 0 }))
    for (const at of [1, 7, 34]) {
      const control = new AbortController()
      const onProgress = (step: string, done: number): void => {
        if (step === 'score' && done === at) control.abort('enough')
      }
      const error = await failure(
        scorePath(coded, { ...WHOLE, engine, workers: 2, signal: control.signal, onProgress }),
      )
      expect([error.code, error.cause]).toEqual(['CANCELLED', 'enough'])
      await left(before)
      expect(JSON.stringify(await scorePath(coded, { ...WHOLE, engine, workers: 2 }))).toBe(expected)
    }
  })

  it('does not wait for a frame that never ends, and frees the engine', async () => {
    const series = new Map(
      ctSeries(34).map(({ name }, k) => [
        k === 5 ? 'endless.dcm' : name,
        encodeFile(ctElements(k, encapsulated([rle(pixels(k))])), { uid: '1.2.840.10008.1.2.5' }),
      ]),
    )
    const folder = writeAll(join(temp, 'endless'), series)
    const pool = createPool({ workers: 2, file: UNRULY, secondsPerFrame: 3600 })
    const engine = await createEngine()
    const control = new AbortController()
    const scoring = failure(scorePath(folder, { ...WHOLE, engine, pool, signal: control.signal }))
    setTimeout(() => control.abort(), 500)
    expect((await scoring).code).toBe('CANCELLED')
    expect((await scorePath(coded, { ...WHOLE, engine, workers: 1 })).input.slices).toBe(35)
    // The other thread of the pool is at its owner's service, as before.
    expect(await decoded(pool, 1)).toEqual(words(1))
    await pool.destroy()
  })
})

describe('the command line', () => {
  it('prints the same with any number of workers', async () => {
    const answers = []
    for (const workers of ['0', '1', '3']) {
      answers.push(scored(await call(['score', coded, '--whole-image', '--json', '--workers', workers])))
    }
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
    expect((await call(['inspect', coded, '--workers', '2'])).code).toBe(0)
    expect((await call(['inspect', coded, '--workers', '0'])).code).toBe(0)
  })

  it.each(['-1', '257', '1.5', 'many', ''])('refuses --workers %j', async (workers) => {
    for (const command of [
      ['score', coded, '--whole-image'],
      ['inspect', coded],
    ]) {
      // prettier-ignore
      const { code, err } = await call([...command, '--workers', workers])
      expect(code).toBe(2)
      expect(err).toMatch(/--workers (must be a whole number from 0 to 256|needs a value)/)
    }
  })
})

const real = dataFolder('ct_all_transfer_syntaxes')
describe.skipIf(!real)('one image in every transfer syntax', () => {
  it('has the same values from threads', async () => {
    const pool = createPool({ workers: 2 })
    const options = { incrementMm: 3, accept: ['TOO_FEW_SLICES', 'LOSSY', 'NOT_HU'] as const }
    let compared = 0
    for (const { path } of findFiles([real!])) {
      const [here, there] = await Promise.allSettled([readPath(path, options), readPath(path, { ...options, pool })])
      if (here.status === 'rejected' || there.status === 'rejected') {
        expect(there.status).toBe(here.status)
        continue
      }
      const { rows, columns } = here.value.geometry
      const make = (): Int16Array | Uint16Array =>
        here.value.pixelKind === 'int16' ? new Int16Array(rows * columns) : new Uint16Array(rows * columns)
      const [a, b] = [make(), make()]
      await here.value.readSlice(0, a)
      await there.value.readSlice(0, b)
      expect(Buffer.from(a.buffer).equals(Buffer.from(b.buffer)), path).toBe(true)
      compared++
    }
    expect(compared).toBeGreaterThanOrEqual(8)
    await pool.destroy()
  })
})
