/**
 * The bytes of a decoder's WebAssembly. In a page they are an asset that the bundler finds by `new URL(..., import.meta.url)`;
 * in Node a file beside the package; anywhere what the caller gives. Nothing is fetched from anywhere else.
 */
import { AgatstonError } from '../base/errors.js'

/** A library's WebAssembly. */
export interface WasmSource {
  /** Key of `CodecOptions.wasm`. */
  readonly coding: string
  readonly package: string
  /** The file as Node resolves it, and as bundlers do. */
  readonly specifier: string
  readonly address: () => URL
}

/** What of Node is needed, asked of the runtime at run time: an import of it would break the bundles of pages. */
interface NodeModules {
  readonly fs: { readonly promises: { readFile(path: string | URL): Promise<Uint8Array> } }
  readonly module: { createRequire(from: string): { resolve(specifier: string): string } }
}

/**
 * @param given address (a URL, or in Node a path), or bytes; undefined: beside the package
 * @throws AgatstonError `WASM_UNSUPPORTED` where they cannot be had
 */
export async function wasmBytes(
  source: WasmSource,
  given: string | URL | Uint8Array | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  if (given instanceof Uint8Array) return new Uint8Array(given)
  if (given !== undefined && typeof given !== 'string' && !(given instanceof URL)) {
    throw new TypeError(`wasm['${source.coding}'] must be an address or bytes, got ${typeof given}`)
  }
  try {
    const node = nodeModules()
    if (node === null) return await download(given ?? source.address())
    const place = given ?? node.module.createRequire(import.meta.url).resolve(source.specifier)
    const url = place instanceof URL || /^[a-z][a-z0-9+.-]+:/i.test(place) ? new URL(place) : null
    if (url !== null && url.protocol !== 'file:') return await download(url)
    return new Uint8Array(await node.fs.promises.readFile(url ?? (place as string)))
  } catch (cause) {
    const message =
      `The WebAssembly of ${source.package} was not found. Have the bundler copy ${source.specifier}, or give its address ` +
      `or bytes as wasm['${source.coding}'] (Node before 20.16 always needs that)`
    throw new AgatstonError('WASM_UNSUPPORTED', message, { coding: source.coding }, { cause })
  }
}

async function download(address: string | URL): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(address)
  if (!response.ok) throw new Error(`HTTP status ${response.status}`)
  return new Uint8Array(await response.arrayBuffer())
}

function nodeModules(): NodeModules | null {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }
  const builtin = process?.getBuiltinModule
  if (typeof builtin !== 'function') return null
  const fs = builtin('fs') as NodeModules['fs'] | undefined
  const module = builtin('module') as NodeModules['module'] | undefined
  return fs && module ? { fs, module } : null
}
