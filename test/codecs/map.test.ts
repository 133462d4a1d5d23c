/** Which decoder reads which coding, and where the WebAssembly of the library decoders comes from. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { AgatstonError } from '../../bindings/base/errors.js'
import { OPENJPH } from '../../bindings/codecs/htj2k.js'
import { OPENJPEG } from '../../bindings/codecs/jpeg-2000.js'
import { CHARLS } from '../../bindings/codecs/jpeg-ls.js'
import { loadLibrary } from '../../bindings/codecs/library.js'
import { Codecs, DECODERS, type FrameCoding, isFrameCoding } from '../../bindings/codecs/map.js'
import { TRANSFER_SYNTAXES } from '../../bindings/dicom/syntax.js'
import { jpegLsEncoder, j2kSamples } from './encode.js'
import { decoded, firstDifference, picture, shapeOf } from './own.js'

const require = createRequire(import.meta.url)
const LIBRARIES = [CHARLS, OPENJPEG, OPENJPH]

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const failure = async (promise: Promise<unknown>): Promise<AgatstonError> => {
  const error = await promise.then(
    () => null,
    (cause: unknown) => cause,
  )
  if (!(error instanceof AgatstonError)) throw new Error('an AgatstonError was expected', { cause: error })
  return error
}

describe('the map', () => {
  it('names codings as the transfer syntaxes do', () => {
    const known = new Set([...TRANSFER_SYNTAXES.values()].map(({ coding }) => coding as string))
    for (const coding of Object.keys(DECODERS)) expect(known).toContain(coding)
    for (const coding of ['native', 'jpeg-xl', 'video', 'none', 'toString']) expect(isFrameCoding(coding)).toBe(false)
  })

  it.each(Object.keys(DECODERS) as FrameCoding[])(
    'reads and loads %s, and nothing in it is nothing',
    async (coding) => {
      const codecs = new Codecs()
      const [read, decoder] = [await DECODERS[coding].read(), await codecs.load(coding)]
      const shape = shapeOf(4, 4)
      expect(() => read(new Uint8Array(0), shape)).toThrow(AgatstonError)
      expect(() => decoder.decode(new Uint8Array(0), shape, new Uint16Array(16))).toThrow(AgatstonError)
      expect(codecs.load(coding)).toBe(codecs.load(coding))
    },
  )

  it('does not know others', () => {
    expect(() => new Codecs().load('video' as FrameCoding)).toThrow(RangeError)
  })

  it('tries again what could not be loaded', async () => {
    const options = { wasm: { 'jpeg-ls': new Uint8Array(8) } as Record<string, Uint8Array> }
    const codecs = new Codecs(options)
    expect((await failure(codecs.load('jpeg-ls'))).code).toBe('WASM_UNSUPPORTED')
    delete options.wasm['jpeg-ls']
    await codecs.load('jpeg-ls')
  })
})

describe('the WebAssembly of a library', () => {
  const shape = shapeOf(6, 5, { bitsStored: 12 })
  const words = picture(6, 5, 12, 2)

  it.each([
    ['a path', (path: string) => path],
    ['a file URL', (path: string) => pathToFileURL(path)],
    ['a file URL as text', (path: string) => pathToFileURL(path).href],
    ['bytes', (path: string) => new Uint8Array(readFileSync(path))],
    ['a data URL', (path: string) => `data:application/wasm;base64,${readFileSync(path).toString('base64')}`],
  ])('may be given as %s', async (_, given) => {
    const path = require.resolve(CHARLS.specifier)
    const decoder = await new Codecs({ wasm: { 'jpeg-ls': given(path) } }).load('jpeg-ls')
    const frame = (await jpegLsEncoder())(words, shape)
    expect(firstDifference(decoded(decoder, frame, shape), words)).toBe(-1)
  })

  it('is refused where it is another kind of thing, missing, or not of this library', async () => {
    await expect(loadLibrary(CHARLS, { wasm: { 'jpeg-ls': 5 as never } })).rejects.toThrow(TypeError)
    const missing = await failure(loadLibrary(CHARLS, { wasm: { 'jpeg-ls': 'no-such-file.wasm' } }))
    expect(missing.code).toBe('WASM_UNSUPPORTED')
    expect(missing.message).toContain(CHARLS.specifier)
    const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
    expect((await failure(loadLibrary(CHARLS, { wasm: { 'jpeg-ls': empty } }))).code).toBe('WASM_UNSUPPORTED')
  })

  it('in a page is fetched from where the bundler put it, and from nowhere else', async () => {
    const path = require.resolve(CHARLS.specifier)
    const asked: unknown[] = []
    vi.stubGlobal('fetch', (address: unknown) => {
      asked.push(address)
      return Promise.resolve(new Response(readFileSync(path)))
    })
    vi.spyOn(process, 'getBuiltinModule').mockImplementation(undefined as never)
    Object.defineProperty(process, 'getBuiltinModule', { value: undefined, configurable: true, writable: true })
    await loadLibrary(CHARLS, {})
    expect(asked).toHaveLength(1)
    expect(String(asked[0])).toContain('@cornerstonejs/codec-charls/decodewasm')
    await loadLibrary(CHARLS, { wasm: { 'jpeg-ls': '/assets/charls.wasm' } })
    expect(asked[1]).toBe('/assets/charls.wasm')
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('', { status: 404 })))
    expect((await failure(loadLibrary(CHARLS, {}))).code).toBe('WASM_UNSUPPORTED')
  })

  it.each(LIBRARIES)('$package: a package that is not installed is named with the line to type', async (source) => {
    const factory = () => import('@cornerstonejs/no-such-package' as string)
    const error = await failure(loadLibrary({ ...source, factory }, {}))
    expect(error.code).toBe('SYNTAX_UNSUPPORTED')
    expect(error.message).toContain(`npm install ${source.package}@${source.version}`)
    expect(error.cause).toBeDefined()
  })

  it.each(LIBRARIES)('$package: the version named is the one installed and asked for', (source) => {
    const own = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      optionalDependencies: Record<string, string>
    }
    expect(own.optionalDependencies[source.package]).toBe(source.version)
  })
})

it('a decoder prints nothing', async () => {
  const said: unknown[] = []
  for (const method of ['log', 'warn', 'error', 'info'] as const) {
    vi.spyOn(console, method).mockImplementation((...words) => void said.push(words))
  }
  const decoder = await new Codecs().load('jpeg-2000')
  const { frame, shape } = j2kSamples()[3]!
  decoded(decoder, frame, shape)
  const damaged = frame.slice()
  damaged.fill(0x7f, frame.length - 400, frame.length - 40)
  try {
    decoded(decoder, damaged, shape)
  } catch (error) {
    expect(error).toBeInstanceOf(AgatstonError)
  }
  expect(said).toEqual([])
})
