/** From bytes, a URL, a compiled module or nothing at all to a compiled module that says which one it is. */
import { checkKeys } from '../base/check.js'
import { AgatstonError } from '../base/errors.js'
import { unpack } from './pack.js'
import { SIMD } from './wasm.generated.js'

export type Build = 'simd' | 'scalar'

export interface LoadedModule {
  readonly module: WebAssembly.Module
  readonly build: Build
  /** SHA-256 of the module as compiled. */
  readonly sha256: string
}

const WHAT_TO_DO = "in a page its Content-Security-Policy must allow script-src 'wasm-unsafe-eval'"

export interface LoadOptions {
  /** The wasm module, where it is not to come with the package: bytes, a URL to fetch, or a compiled module. */
  readonly wasm?: BufferSource | URL | WebAssembly.Module
  /** Force a build; default: SIMD where the runtime has it. */
  readonly build?: Build
}

/**
 * Compile the kernel.
 *
 * @throws AgatstonError `WASM_UNSUPPORTED` where the runtime cannot, or may not, compile it, or where the bytes are not a
 *   module of this version; `INTEGRITY_FAILED` where they are not what their stamp says.
 */
export async function loadModule(options: LoadOptions = {}): Promise<LoadedModule> {
  checkKeys(options, ['wasm', 'build'])
  if (typeof WebAssembly === 'undefined') {
    throw new AgatstonError(
      'WASM_UNSUPPORTED',
      'This runtime has no WebAssembly: use a current browser, or Node 20 or newer',
    )
  }
  const { wasm } = options
  if (wasm === undefined) return loadInline(options.build)
  const { loadGiven } = await import('./given.js')
  const loaded = await loadGiven(wasm, { simd: unpack(SIMD), unpack, compile, AgatstonError })
  if (options.build !== undefined && options.build !== loaded.build) {
    throw new RangeError(`build '${options.build}' was asked for, but the wasm given is the ${loaded.build} module`)
  }
  return loaded
}

/** Whether the runtime takes the SIMD module. */
export function simdSupported(): boolean {
  return WebAssembly.validate(unpack(SIMD))
}

async function loadInline(wanted: Build | undefined): Promise<LoadedModule> {
  if (wanted !== undefined && wanted !== 'simd' && wanted !== 'scalar') {
    throw new RangeError(`build must be 'simd' or 'scalar', got '${String(wanted)}'`)
  }
  const build = wanted ?? (simdSupported() ? 'simd' : 'scalar')
  // Hardly any runtime lacks SIMD, so the module for those is no part of what all others load.
  const bytes = unpack(build === 'simd' ? SIMD : (await import('./wasm-scalar.generated.js')).SCALAR)
  // A module of ours ends with its hash.
  return { module: await compile(bytes), build, sha256: String.fromCharCode(...bytes.subarray(-64)) }
}

/** @throws AgatstonError `WASM_UNSUPPORTED` */
async function compile(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes)
  } catch (cause) {
    throw new AgatstonError('WASM_UNSUPPORTED', `The wasm module could not be compiled: ${WHAT_TO_DO}`, {}, { cause })
  }
}
