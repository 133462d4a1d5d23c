/**
 * Where the kernel comes from: with the package, as bytes, as a compiled module, from a URL. Bytes that are not this
 * version's kernel never score: cut short, changed in any place, or another module altogether.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { AgatstonError } from '../../bindings/base/errors.js'
import { unpack } from '../../bindings/engine/pack.js'
import { type LoadOptions, simdSupported } from '../../bindings/engine/module.js'
import { MODULES, SHA256 } from './modules.js'
import { createEngine } from '../../bindings/score/engine.js'
import { EIGHTEEN, WHOLE } from '../score/studies.js'

// A slow machine is no failure.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const BYTES = { simd: unpack(MODULES.simd), scalar: unpack(MODULES.scalar) }
const BUILDS = ['simd', 'scalar'] as const

async function failure(options: unknown): Promise<AgatstonError> {
  try {
    await createEngine(options as LoadOptions)
  } catch (error) {
    return error as AgatstonError
  }
  throw new Error('an engine was made')
}

async function scores(options: LoadOptions): Promise<void> {
  const engine = await createEngine(options)
  expect(engine.scoreSync(EIGHTEEN, WHOLE).total.agatston).toBe(18)
  expect(engine.wasmSha256).toBe(SHA256[engine.build])
  expect(engine.scoreSync(EIGHTEEN, WHOLE).engine).toMatchObject({ build: engine.build, wasmSha256: engine.wasmSha256 })
}

describe('the kernel that comes along', () => {
  it('is SIMD where the runtime has it, or the one asked for', async () => {
    expect(simdSupported()).toBe(true)
    expect((await createEngine()).build).toBe('simd')
    for (const build of BUILDS) {
      expect((await createEngine({ build })).build).toBe(build)
      await scores({ build })
    }
  })

  it('is scalar where the runtime has no SIMD', async () => {
    const { validate } = WebAssembly
    WebAssembly.validate = () => false
    try {
      expect((await createEngine()).build).toBe('scalar')
    } finally {
      WebAssembly.validate = validate
    }
  })

  it('cannot be had without WebAssembly, or where the page forbids it', async () => {
    const real = globalThis.WebAssembly
    Reflect.deleteProperty(globalThis, 'WebAssembly')
    try {
      const error = await failure({})
      expect([error.code, error.message]).toEqual(['WASM_UNSUPPORTED', expect.stringMatching(/Node 20/)])
    } finally {
      Object.defineProperty(globalThis, 'WebAssembly', {
        value: real,
        configurable: true,
        writable: true,
        enumerable: false,
      })
    }
    const { compile } = WebAssembly
    WebAssembly.compile = () => Promise.reject(new WebAssembly.CompileError('disallowed by embedder'))
    try {
      const error = await failure({})
      expect(error).toMatchObject({ code: 'WASM_UNSUPPORTED', message: expect.stringMatching(/wasm-unsafe-eval/) })
      expect(error.cause).toBeInstanceOf(WebAssembly.CompileError)
    } finally {
      WebAssembly.compile = compile
    }
  })
})

describe('a kernel that is given', () => {
  it.each(BUILDS)('%s as bytes, a view, a buffer, a compiled module', async (build) => {
    const bytes = BYTES[build]
    const wide = new Uint8Array(bytes.length + 9)
    wide.set(bytes, 5)
    await scores({ wasm: bytes })
    await scores({ wasm: wide.subarray(5, 5 + bytes.length) })
    await scores({ wasm: new DataView(wide.buffer, 5, bytes.length) })
    await scores({ wasm: bytes.slice().buffer })
    await scores({ wasm: await WebAssembly.compile(bytes) })
    await scores({ wasm: bytes, build })
    await scores({ wasm: new URL(`data:application/wasm;base64,${Buffer.from(bytes).toString('base64')}`) })
  })

  it('that is not the build asked for is a RangeError', async () => {
    const error = await failure({ wasm: BYTES.simd, build: 'scalar' })
    expect(error).toBeInstanceOf(RangeError)
    expect(error.message).toMatch(/'scalar'.*simd/)
  })

  it.each([
    ['nothing', new Uint8Array(0)],
    ['text', new TextEncoder().encode('<!doctype html>')],
    ['a header alone', BYTES.simd.slice(0, 8)],
    ['an empty module without a stamp', Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)],
    ['half a module', BYTES.scalar.slice(0, BYTES.scalar.length >> 1)],
    ['one byte less', BYTES.scalar.slice(0, -1)],
    ['a module without its stamp', BYTES.scalar.slice(0, -(64 + 3 + 'agatston.sha256'.length))],
    ['one byte more', Uint8Array.of(...BYTES.scalar, 0)],
    ['a custom section more', Uint8Array.of(...BYTES.scalar, 0, 2, 1, 120)],
  ])('%s is refused', async (_what, wasm) => {
    const error = await failure({ wasm })
    expect(error).toBeInstanceOf(AgatstonError)
    expect(['WASM_UNSUPPORTED', 'INTEGRITY_FAILED']).toContain(error.code)
  })

  it('with one byte changed anywhere is refused: no code changed by a bit ever scores', async () => {
    const bytes = BYTES.scalar
    const found = { WASM_UNSUPPORTED: 0, INTEGRITY_FAILED: 0 } as Record<string, number>
    for (let at = 0; at < bytes.length; at += at < 64 || at > bytes.length - 100 ? 1 : 41) {
      const wasm = bytes.slice()
      wasm[at]! ^= 1 << (at % 8)
      const error = await failure({ wasm })
      expect(error, `byte ${at}`).toBeInstanceOf(AgatstonError)
      expect(Object.keys(found), `byte ${at}`).toContain(error.code)
      found[error.code]!++
    }
    expect(found.INTEGRITY_FAILED).toBeGreaterThan(20)
    expect(found.WASM_UNSUPPORTED).toBeGreaterThan(20)
  })

  it('with a forged stamp, however long, is no module of this version', async () => {
    const empty = [0, 97, 115, 109, 1, 0, 0, 0]
    const name = [...new TextEncoder().encode('agatston.sha256')]
    const leb = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...leb(n >>> 7)])
    for (const length of [0, 64, 500_000]) {
      const body = [name.length, ...name, ...new TextEncoder().encode('0'.repeat(length))]
      const bytes = Uint8Array.from([...empty, 0, ...leb(body.length), ...body])
      expect(await failure({ wasm: await WebAssembly.compile(bytes) })).toMatchObject({ code: 'WASM_UNSUPPORTED' })
      expect((await failure({ wasm: bytes })).code).toMatch(/WASM_UNSUPPORTED|INTEGRITY_FAILED/)
    }
  })

  it.each<readonly [string, unknown, RegExp]>([
    ['a path as text', { wasm: 'agatston.simd.wasm' }, /wasm must/],
    ['null', { wasm: null }, /wasm must/],
    ['a number', { wasm: 7 }, /wasm must/],
    ['an unknown option', { bulid: 'simd' }, /bulid/],
    ['null for options', null, /options must be an object/],
  ])('%s is a TypeError', async (_what, options, message) => {
    const error = await failure(options)
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toMatch(message)
  })

  it('another build is a RangeError', async () => {
    expect(await failure({ build: 'avx' })).toBeInstanceOf(RangeError)
    expect((await failure({ build: 'avx' })).message).toMatch(/'avx'/)
  })
})

describe('a kernel that is fetched', () => {
  const server = createServer((request, response) => {
    const found = { '/simd.wasm': BYTES.simd, '/cut.wasm': BYTES.simd.subarray(0, 5000) }[request.url!]
    if (request.url === '/broken.wasm') return void response.destroy()
    response.writeHead(found ? 200 : 404, { 'content-type': found ? 'application/wasm' : 'text/html' })
    response.end(found ?? '<h1>not here</h1>')
  })
  let base = ''
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => void server.close())

  it('scores', () => scores({ wasm: new URL('/simd.wasm', base) }))

  it.each(['/cut.wasm', '/missing.wasm', '/broken.wasm'])('%s is WASM_UNSUPPORTED', async (path) => {
    const error = await failure({ wasm: new URL(path, base) })
    expect(error.code).toBe('WASM_UNSUPPORTED')
    expect(error.cause).toBeInstanceOf(Error)
  })

  it('from where nobody answers, or by a scheme that cannot be fetched, is WASM_UNSUPPORTED', async () => {
    for (const url of ['http://127.0.0.1:1/simd.wasm', 'file:///simd.wasm', 'gopher://127.0.0.1/simd.wasm']) {
      expect(await failure({ wasm: new URL(url) })).toMatchObject({ code: 'WASM_UNSUPPORTED' })
    }
  })
})
