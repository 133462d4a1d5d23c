/**
 * The wasm module of our own decoders (assembly/codecs): from the package, or from where the caller says, to a compiled module
 * that is the one of this version. Its bytes are a chunk of their own, loaded with the first decoder.
 */
import { AgatstonError } from '../base/errors.js'
import { fromHex, toHex } from '../base/hex.js'
import { platformSha256 } from '../base/platform-hash.js'
import type { CodecOptions } from './decoder.js'

/** Name of this module in `CodecOptions.wasm`. */
export const OWN_CODECS = 'agatston'

export interface CodecModule {
  readonly module: WebAssembly.Module
  /** Version of the interface this code needs. */
  readonly abi: number
}

const SECTION = 'agatston.sha256'
/** The stamp is the module's last section: id, length, name length, name, 64 hexadecimal digits. */
const STAMP_BYTES = 1 + 1 + 1 + SECTION.length + 64

/**
 * Compile the module.
 *
 * @throws AgatstonError `WASM_UNSUPPORTED` where the runtime cannot or may not compile it, or where what is given cannot be
 *   fetched or is not of this version; `INTEGRITY_FAILED` where its bytes are not those its stamp names
 */
export async function loadCodecModule(options: CodecOptions): Promise<CodecModule> {
  if (typeof WebAssembly === 'undefined') {
    throw new AgatstonError(
      'WASM_UNSUPPORTED',
      'This runtime has no WebAssembly: use a current browser, or Node 20 or newer',
    )
  }
  const { ABI_VERSION: abi, HEX, SHA256 } = await import('./wasm.generated.js')
  const given = options.wasm?.[OWN_CODECS]
  if (given === undefined) return { module: await compile(fromHex(HEX)), abi }

  const bytes = given instanceof Uint8Array ? given.slice() : await download(given)
  const stamp = stampOf(bytes)
  // Where the platform has no SHA-256 the stamp is taken at its word: it still names the version.
  const sha256 = await platformSha256(bytes.slice(0, Math.max(0, bytes.length - STAMP_BYTES)))
  if (stamp !== SHA256) {
    throw new AgatstonError(
      'WASM_UNSUPPORTED',
      'The wasm given for the decoders is not of this version of agatston: serve the file of this package, or leave it out',
      { stamp, expected: SHA256 },
    )
  }
  if (sha256 !== null && sha256 !== stamp) {
    throw new AgatstonError(
      'INTEGRITY_FAILED',
      'The wasm bytes given for the decoders are not those their stamp names: serve the file of this package unchanged',
      { sha256, expected: stamp },
    )
  }
  return { module: await compile(bytes), abi }
}

/** The hash a module says it has; null where its end is no stamp. */
function stampOf(bytes: Uint8Array): string | null {
  if (bytes.length < STAMP_BYTES) return null
  const text = String.fromCharCode(...bytes.subarray(bytes.length - STAMP_BYTES + 3))
  const stamp = text.slice(SECTION.length)
  return text.startsWith(SECTION) && /^[0-9a-f]{64}$/.test(stamp) ? stamp : null
}

async function compile(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes)
  } catch (cause) {
    throw new AgatstonError(
      'WASM_UNSUPPORTED',
      "The wasm of the decoders could not be compiled: in a page its Content-Security-Policy must allow script-src 'wasm-unsafe-eval'",
      { starts: toHex(bytes.subarray(0, 8)) },
      { cause },
    )
  }
}

async function download(address: string | URL): Promise<Uint8Array<ArrayBuffer>> {
  if (typeof address !== 'string' && !(address instanceof URL)) {
    throw new TypeError(`wasm['${OWN_CODECS}'] must be an address (string or URL) or bytes`)
  }
  try {
    const response = await fetch(address)
    if (!response.ok) throw new Error(`HTTP status ${response.status}`)
    return new Uint8Array(await response.arrayBuffer())
  } catch (cause) {
    throw new AgatstonError(
      'WASM_UNSUPPORTED',
      'The wasm of the decoders could not be fetched: check its address, or give its bytes',
      {},
      { cause },
    )
  }
}
