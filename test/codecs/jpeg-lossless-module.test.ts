/** The wasm module of our own decoders: where it comes from, what it may be, what becomes of an instance that failed. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fromHex } from '../../bindings/base/hex.js'
import { AgatstonError } from '../../bindings/base/errors.js'
import type { CodecOptions } from '../../bindings/codecs/decoder.js'
import { CodecInstance } from '../../bindings/codecs/instance.js'
import { loadJpegLossless } from '../../bindings/codecs/jpeg-lossless.js'
import { loadRle } from '../../bindings/codecs/rle.js'
import { HEX, SHA256 } from '../../bindings/codecs/wasm.generated.js'
import { encodeLossless } from '../reference/jpeg-lossless.js'
import { encodeRle } from '../reference/rle.js'
import { decoded, picture, shapeOf } from './own.js'

afterEach(() => vi.unstubAllGlobals())

const bytes = (): Uint8Array<ArrayBuffer> => fromHex(HEX)
const words = picture(8, 9, 16, 1)
const shape = shapeOf(8, 9)
const frame = encodeLossless(words, { rows: 8, columns: 9, precision: 16, selection: 1 })
const works = async (options: CodecOptions): Promise<boolean> => {
  const [lossless, rle] = [await loadJpegLossless(options), await loadRle(options)]
  expect(decoded(rle, encodeRle(words, 9, 2), shape)).toEqual(words)
  expect(decoded(lossless, frame, shape)).toEqual(words)
  return true
}
const code = async (options: CodecOptions): Promise<string> =>
  loadRle(options).then(
    () => 'loaded',
    (error: unknown) => (error instanceof AgatstonError ? error.code : String(error)),
  )

describe('the module', () => {
  it('is one of at most 8 kB, imports nothing, and may take 256 MiB and no more', async () => {
    expect(bytes().length).toBeLessThan(8192)
    const module = await WebAssembly.compile(bytes())
    expect(WebAssembly.Module.imports(module)).toEqual([])
    const names = WebAssembly.Module.exports(module).map(({ name }) => name)
    expect(names.sort()).toEqual(['ABI', 'frameAt', 'lossless', 'losslessRow', 'losslessTable', 'memory', 'open', 'rleDecoded', 'rleJoin', 'rleSegment', 'wordsAt']) // prettier-ignore
    const { memory } = new WebAssembly.Instance(module).exports as { memory: WebAssembly.Memory }
    memory.grow(4095)
    expect(() => memory.grow(1)).toThrow()
  })

  it('is hashed and stamped', async () => {
    const tail = 1 + 1 + 1 + 'agatston.sha256'.length + 64
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes().slice(0, -tail)))
    expect(Buffer.from(digest).toString('hex')).toBe(SHA256)
  })

  it('comes with the package, as bytes, or from an address', async () => {
    expect(await works({})).toBe(true)
    expect(await works({ wasm: {} })).toBe(true)
    const within = new Uint8Array(bytes().length + 7)
    within.set(bytes(), 5)
    expect(await works({ wasm: { agatston: within.subarray(5, 5 + bytes().length) } })).toBe(true)
    const asked: string[] = []
    vi.stubGlobal('fetch', (address: string | URL) => {
      asked.push(String(address))
      return Promise.resolve(new Response(bytes()))
    })
    expect(await works({ wasm: { agatston: 'https://example.org/codecs.wasm' } })).toBe(true)
    expect(await works({ wasm: { agatston: new URL('https://example.org/codecs.wasm') } })).toBe(true)
    expect(new Set(asked)).toEqual(new Set(['https://example.org/codecs.wasm']))
  })

  it('is refused where it is another, changed, cut or not to be had', async () => {
    const changed = bytes()
    changed[changed.length >> 1]! ^= 1
    expect(await code({ wasm: { agatston: changed } })).toBe('INTEGRITY_FAILED')
    const stamped = bytes()
    stamped[stamped.length - 1]! ^= 1
    expect(await code({ wasm: { agatston: stamped } })).toBe('WASM_UNSUPPORTED')
    for (const length of [0, 8, 81, bytes().length - 1]) {
      expect(await code({ wasm: { agatston: bytes().subarray(0, length) } })).toBe('WASM_UNSUPPORTED')
    }
    expect(await code({ wasm: { agatston: 7 as never } })).toMatch(/TypeError/)
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('', { status: 404 })))
    expect(await code({ wasm: { agatston: 'https://example.org/' } })).toBe('WASM_UNSUPPORTED')
    vi.stubGlobal('fetch', () => Promise.reject(new Error('offline')))
    expect(await code({ wasm: { agatston: 'https://example.org/' } })).toBe('WASM_UNSUPPORTED')
  })

  it('is refused where there is no WebAssembly, or none allowed', async () => {
    vi.stubGlobal('WebAssembly', undefined)
    expect(await code({})).toBe('WASM_UNSUPPORTED')
    vi.unstubAllGlobals()
    vi.stubGlobal('WebAssembly', { compile: () => Promise.reject(new Error('not allowed')) })
    expect(await code({})).toBe('WASM_UNSUPPORTED')
  })

  it('needs its own interface', async () => {
    const module = await WebAssembly.compile(bytes())
    expect(() => new CodecInstance({ module, abi: 99 })).toThrow(/interface/)
    const empty = await WebAssembly.compile(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))
    expect(() => new CodecInstance({ module: empty, abi: 1 })).toThrow(AgatstonError)
  })
})

describe('an instance', () => {
  const work = { frame, rows: 8, columns: 9, planes: 0, file: 'frame.dcm' } as const

  it('that trapped is dropped, and the next frame decodes', async () => {
    const instance = await CodecInstance.load({})
    const memories: unknown[] = []
    const remember = (calls: object): void => void memories.push((calls as { memory: unknown }).memory)
    const trap = (): void =>
      instance.run(work, new Uint16Array(72), (calls) => {
        remember(calls)
        calls.losslessTable(0x7fffffff)
      })
    expect(trap).toThrow(expect.objectContaining({ code: 'INTERNAL' }))
    instance.run(work, new Uint16Array(72), remember)
    instance.run(work, new Uint16Array(72), remember)
    expect(memories[1]).not.toBe(memories[0])
    expect(memories[2]).toBe(memories[1])
  })

  it('to which memory is refused is dropped', async () => {
    const instance = await CodecInstance.load({})
    const grow = vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(() => {
      throw new RangeError('no memory')
    })
    const large = { ...work, rows: 1000, columns: 1000 }
    const decode = (): void => instance.run(large, new Uint16Array(1e6), () => undefined)
    expect(decode).toThrow(expect.objectContaining({ code: 'OUT_OF_MEMORY' }))
    grow.mockRestore()
    expect(decode).not.toThrow()
  })

  it('is wiped', async () => {
    const instance = await CodecInstance.load({})
    let memory: WebAssembly.Memory | undefined
    const sum = (): number => new Uint8Array(memory!.buffer).reduce((a, b) => a + b, 0)
    instance.run(work, new Uint16Array(72), (calls) => {
      memory = (calls as unknown as { memory: WebAssembly.Memory }).memory
    })
    expect(sum()).toBeGreaterThan(0)
    instance.wipe()
    expect(sum()).toBe(0)
    const decoder = await loadJpegLossless({})
    expect(decoded(decoder, frame, shape)).toEqual(words)
    decoder.wipe()
    expect(decoded(decoder, frame, shape)).toEqual(words)
  })
})
