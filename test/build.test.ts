/** The wasm modules are what assembly/ compiles to, bit for bit, and are as closed as they claim. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'
import { describe, expect, it, vi } from 'vitest'
import { fromHex } from '../bindings/base/hex.js'
import { unpack } from '../bindings/engine/pack.js'
import { ABI_VERSION, PAD, PIECE_BYTES } from '../bindings/engine/wasm.generated.js'
import { MODULES, SHA256 } from './engine/modules.js'
import { HEX as CODECS_HEX, SHA256 as CODECS_SHA256 } from '../bindings/codecs/wasm.generated.js'
import * as generated from '../bindings/engine/wasm.generated.js'

// A slow machine is no failure.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const read = (name: string): string => readFileSync(`${ROOT}/${name}`, 'utf8')
const BUILDS = ['simd', 'scalar'] as const
const recorded = new Map(read('assembly/wasm.sha256').trim().split('\n').map((line) => line.split('  ').reverse() as [string, string])) // prettier-ignore
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

type Option = string | number | boolean | readonly string[]
interface Config {
  readonly entries: readonly string[]
  readonly options: Readonly<Record<string, Option>>
  readonly targets: Readonly<Record<string, { readonly enable?: readonly string[] }>>
}

/** Compile in memory with the options of a configuration; nothing on disk is touched. */
async function compile(build: (typeof BUILDS)[number] | 'codecs', config = 'asconfig.json'): Promise<Uint8Array> {
  const { entries, options, targets } = JSON.parse(read(config)) as Config
  const flags = Object.entries<Option>({ ...options, ...targets[build] }).flatMap(([name, value]) => {
    if (name === 'outFile' || value === false) return []
    if (value === true) return [`--${name}`]
    const values = typeof value === 'object' ? value : [String(value)]
    return values.flatMap((one) => [`--${name}`, one])
  })
  let made: Uint8Array | undefined
  const { error, stderr } = await asc.main([...entries, ...flags, '--outFile', 'module.wasm', '--config', 'none'], {
    readFile: (name, base) => {
      try {
        return readFileSync(`${base.startsWith('/') ? base : `${ROOT}/${base}`}/${name}`, 'utf8')
      } catch {
        return null
      }
    },
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') made = contents
    },
    listFiles: () => [],
  })
  if (error) throw new Error(`asc: ${stderr.toString()}`, { cause: error })
  return made!
}

/** LEB128 at a place; value and where the next begins. */
function leb(bytes: Uint8Array, at: number): readonly [value: number, next: number] {
  let [value, shift] = [0, 0]
  for (;;) {
    const byte = bytes[at++]!
    value += (byte & 0x7f) * 2 ** shift
    shift += 7
    if (byte < 0x80) return [value, at]
  }
}

/** Sections of a module: id and content. */
function sections(bytes: Uint8Array): { id: number; content: Uint8Array }[] {
  const found: { id: number; content: Uint8Array }[] = []
  for (let at = 8; at < bytes.length;) {
    const [length, start] = leb(bytes, at + 1)
    found.push({ id: bytes[at]!, content: bytes.subarray(start, start + length) })
    at = start + length
  }
  return found
}

describe.each(BUILDS)('the %s module', (build) => {
  const stamped = unpack(MODULES[build])
  const module = new WebAssembly.Module(stamped)

  it('compiles again to the recorded hash', { timeout: 120_000 }, async () => {
    expect(sha256(await compile(build))).toBe(recorded.get(`agatston.${build}.wasm`))
  })

  it('is the one that is shipped, stamped with its hash at the end', () => {
    expect(SHA256[build]).toBe(recorded.get(`agatston.${build}.wasm`))
    const stamp = sections(stamped).at(-1)!
    expect(stamp.id).toBe(0)
    const text = new TextDecoder().decode(stamp.content.subarray(1))
    expect(text).toBe(`agatston.sha256${SHA256[build]}`)
    expect(sha256(stamped.subarray(0, stamped.length - stamp.content.length - 2))).toBe(SHA256[build])
  })

  it('imports nothing, and starts nothing', () => {
    expect(WebAssembly.Module.imports(module)).toEqual([])
    expect(sections(stamped).map(({ id }) => id)).not.toContain(8)
  })

  it('exports exactly its interface', () => {
    const exports = WebAssembly.Module.exports(module).map(({ kind, name }) => `${kind} ${name}`)
    expect(exports.sort()).toEqual([
      'function edgesAt',
      'function label16',
      'function label32',
      'function labelsAt',
      'function link',
      'function open',
      'function pairsAt',
      'function piecesAt',
      'function runBound',
      'function runPiecesAt',
      'function split',
      'function threshold16',
      'function threshold32',
      'function touch',
      'function windowAt',
      'global ABI',
      'global SIMD',
      'memory memory',
    ])
    const { ABI, SIMD } = new WebAssembly.Instance(module).exports as Record<string, WebAssembly.Global>
    expect([ABI!.value, SIMD!.value]).toEqual([ABI_VERSION, build === 'simd' ? 1 : 0])
  })

  it('has one memory of one page that may grow to 3 GiB and no further', () => {
    const { content } = sections(stamped).find(({ id }) => id === 5)!
    const [count, flagsAt] = leb(content, 0)
    const [initial, maximumAt] = leb(content, flagsAt + 1)
    expect([count, content[flagsAt], initial, leb(content, maximumAt)[0]]).toEqual([1, 1, 1, 49152])
  })

  it('holds no names of the machine it was built on', () => {
    const text = new TextDecoder('latin1').decode(stamped)
    expect(text).not.toMatch(/\/(work|home|Users|root|tmp)\/|assembly\/|sourceMappingURL/)
    expect(WebAssembly.Module.customSections(module, 'name')).toEqual([])
  })
})

describe('the codecs module', () => {
  it(
    'compiles again to the recorded hash, is the one that is shipped, and imports nothing',
    { timeout: 120_000 },
    async () => {
      expect(sha256(await compile('codecs', 'asconfig.codecs.json'))).toBe(recorded.get('agatston.codecs.wasm'))
      expect(CODECS_SHA256).toBe(recorded.get('agatston.codecs.wasm'))
      const module = new WebAssembly.Module(fromHex(CODECS_HEX))
      expect(WebAssembly.Module.imports(module)).toEqual([])
      const { content } = sections(fromHex(CODECS_HEX)).find(({ id }) => id === 5)!
      expect(leb(content, leb(content, 2)[1])[0]).toBe(4096) // pages it may grow to: 256 MiB
    },
  )
})

describe('the generated file', () => {
  it('has the offsets of assembly/layout.ts, none missing', () => {
    const stated = [...read('assembly/layout.ts').matchAll(/^export const (PIECE_\w+|PAD): u32 = (\d+)/gm)]
    const numbers = Object.entries(generated).filter(([name]) => /^(PIECE_|PAD)/.test(name))
    expect(Object.fromEntries(numbers)).toEqual(
      Object.fromEntries(stated.map(([, name, value]) => [name, Number(value)])),
    )
    expect([PAD, PIECE_BYTES]).toEqual([64, 64])
  })
})
