/** From bytes, a URL, a compiled module or nothing at all to a compiled module that says which one it is. */
import { AgatstonError } from '../base/errors.js'
import { platformSha256 } from '../base/bytes.js'
import { unpack } from './pack.js'
import { MODULES } from './wasm.generated.js'

export type Build = 'simd' | 'scalar'

export interface LoadOptions {
  /** The wasm module, where it is not to come with the package: bytes, a URL to fetch, or a compiled module. */
  readonly wasm?: BufferSource | URL | WebAssembly.Module
  /** Force a build; default: SIMD where the runtime has it. */
  readonly build?: Build
}

export interface LoadedModule {
  readonly module: WebAssembly.Module
  readonly build: Build
  /** SHA-256 of the module as compiled. */
  readonly sha256: string
}

const SECTION = 'agatston.sha256'
const WHAT_TO_DO = "in a page its Content-Security-Policy must allow script-src 'wasm-unsafe-eval'"

/**
 * Compile the kernel.
 *
 * @throws AgatstonError `WASM_UNSUPPORTED` where the runtime cannot, or may not, compile it, or where the bytes are not a
 *   module of this version; `INTEGRITY_FAILED` where they are not what their stamp says.
 */
export async function loadModule(options: LoadOptions = {}): Promise<LoadedModule> {
  if (typeof options !== 'object' || options === null) throw new TypeError('options must be an object')
  for (const key of Object.keys(options)) {
    if (key !== 'wasm' && key !== 'build') throw new TypeError(`There is no option '${key}'; there are wasm, build`)
  }
  if (typeof WebAssembly === 'undefined') {
    throw new AgatstonError(
      'WASM_UNSUPPORTED',
      'This runtime has no WebAssembly: use a current browser, or Node 20 or newer',
    )
  }
  const { wasm } = options
  if (wasm === undefined) return loadInline(options.build)
  const module = wasm instanceof WebAssembly.Module ? wasm : await compileGiven(wasm)
  const loaded = identify(module)
  if (options.build !== undefined && options.build !== loaded.build) {
    throw new RangeError(`build '${options.build}' was asked for, but the wasm given is the ${loaded.build} module`)
  }
  return loaded
}

/** Whether the runtime takes the SIMD module. */
export function simdSupported(): boolean {
  return WebAssembly.validate(unpack(MODULES.simd))
}

async function loadInline(wanted: Build | undefined): Promise<LoadedModule> {
  if (wanted !== undefined && wanted !== 'simd' && wanted !== 'scalar') {
    throw new RangeError(`build must be 'simd' or 'scalar', got '${String(wanted)}'`)
  }
  const build = wanted ?? (simdSupported() ? 'simd' : 'scalar')
  const bytes = unpack(MODULES[build])
  return { module: await compile(bytes), build, sha256: stampedIn(bytes) }
}

/** The hash a module of ours ends with. */
const stampedIn = (bytes: Uint8Array): string => String.fromCharCode(...bytes.subarray(-64))

async function compileGiven(wasm: BufferSource | URL): Promise<WebAssembly.Module> {
  const bytes = wasm instanceof URL ? await download(wasm) : bytesOf(wasm)
  const module = await compile(bytes)
  const stamp = stampOf(module)
  // The stamp is the module's last section: id, length, name length, name, 64 hex digits.
  const tail = 1 + 1 + 1 + SECTION.length + 64
  if (stamp !== null) {
    // Where the platform has no SHA-256 the stamp is taken at its word: it still names the version.
    const sha256 = await platformSha256(bytes.slice(0, bytes.length - tail))
    if (sha256 !== null && sha256 !== stamp) {
      throw new AgatstonError('INTEGRITY_FAILED', 'The wasm bytes are not those their stamp names')
    }
  }
  return module
}

/** Which of this version's modules this is. */
function identify(module: WebAssembly.Module): LoadedModule {
  const stamp = stampOf(module)
  for (const build of ['simd', 'scalar'] as const) {
    if (stampedIn(unpack(MODULES[build])) === stamp) return { module, build, sha256: stamp }
  }
  throw new AgatstonError(
    'WASM_UNSUPPORTED',
    'The wasm given is not of this version of agatston: serve the file of this package',
    { stamp },
  )
}

function stampOf(module: WebAssembly.Module): string | null {
  const section = WebAssembly.Module.customSections(module, SECTION)[0]
  return section ? String.fromCharCode(...new Uint8Array(section).subarray(0, 65)) : null
}

async function compile(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes)
  } catch (cause) {
    throw new AgatstonError('WASM_UNSUPPORTED', `The wasm module could not be compiled: ${WHAT_TO_DO}`, {}, { cause })
  }
}

async function download(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const response = await fetch(url)
    if (!response.ok) throw new Error(`HTTP status ${response.status}`)
    return new Uint8Array(await response.arrayBuffer())
  } catch (cause) {
    throw new AgatstonError('WASM_UNSUPPORTED', 'The wasm module could not be fetched: check its URL', {}, { cause })
  }
}

function bytesOf(source: BufferSource): Uint8Array<ArrayBuffer> {
  if (source instanceof ArrayBuffer) return new Uint8Array(source)
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice()
  throw new TypeError('wasm must be bytes, a URL or a WebAssembly.Module')
}
