/**
 * A module the caller brings: fetched, checked against its stamp, and told which of this version's it is. Few pages bring one, so
 * this is fetched when it is needed; and it takes what it shares with the rest as arguments, since a bundler would tear the rest
 * apart to let both import it.
 */
import { platformSha256 } from '../base/platform-hash.js'
import type { AgatstonError } from '../base/errors.js'
import { SCALAR } from './wasm-scalar.generated.js'

/** What it shares with the rest. */
export interface Shared {
  readonly simd: Uint8Array
  unpack(text: string): Uint8Array
  compile(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module>
  readonly AgatstonError: typeof AgatstonError
}

/** The module, which of ours it is, and the SHA-256 it bears. */
export interface Given {
  readonly module: WebAssembly.Module
  readonly build: 'simd' | 'scalar'
  readonly sha256: string
}

/** The hash a module of ours ends with. */
const stampedIn = (bytes: Uint8Array): string => String.fromCharCode(...bytes.subarray(-64))

const SECTION = 'agatston.sha256'

/** @throws AgatstonError `WASM_UNSUPPORTED`, `INTEGRITY_FAILED`; TypeError */
export async function loadGiven(wasm: BufferSource | URL | WebAssembly.Module, shared: Shared): Promise<Given> {
  return identify(wasm instanceof WebAssembly.Module ? wasm : await compileGiven(wasm, shared), shared)
}

async function compileGiven(wasm: BufferSource | URL, shared: Shared): Promise<WebAssembly.Module> {
  const { compile, AgatstonError } = shared
  const bytes = wasm instanceof URL ? await download(wasm, shared) : bytesOf(wasm)
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
function identify(module: WebAssembly.Module, { simd, unpack, AgatstonError }: Shared): Given {
  const stamp = stampOf(module)
  if (stamp === stampedIn(simd)) return { module, build: 'simd', sha256: stamp }
  if (stamp === stampedIn(unpack(SCALAR))) return { module, build: 'scalar', sha256: stamp }
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

async function download(url: URL, { AgatstonError }: Shared): Promise<Uint8Array<ArrayBuffer>> {
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
