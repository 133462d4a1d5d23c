/**
 * One wasm instance: its exports by name, its memory grown once to the shape of a slice. The only place that calls wasm, so
 * the only place that sees a trap: an instance that trapped is marked and never called again.
 */
import { instantiateSync } from '@assemblyscript/loader'
import { AgatstonError } from '../base/errors.js'
import type { LoadedModule } from './module.js'
import { ABI_VERSION } from './wasm.generated.js'

/** What the module exports (assembly/index.ts). Addresses and counts come signed and are read unsigned. */
interface KernelCalls {
  open(rows: number, columns: number, pixelBytes: number, labelled: number): number
  windowAt(): number
  labelsAt(): number
  piecesAt(): number
  pairsAt(): number
  runBound(): number
  edgesAt(slot: number): number
  runPiecesAt(slot: number): number
  threshold16(slot: number, flip: number, low: number, high: number, skipLow: number, skipHigh: number): number
  threshold32(slot: number, flip: number, low: number, high: number, skipLow: number, skipHigh: number): number
  label16(slot: number, runs: number, reach: number, edge2: number, edge3: number, edge4: number): number
  label32(slot: number, runs: number, reach: number, edge2: number, edge3: number, edge4: number): number
  split(slot: number, runs: number, pieces: number): number
  touch(slot: number, runs: number, pieces: number, reach: number): number
  link(from: number, to: number, runsFrom: number, runsTo: number, piecesFrom: number, piecesTo: number): number
}

type KernelExports = KernelCalls & { readonly memory: WebAssembly.Memory; readonly ABI: WebAssembly.Global | number }

const PAGE = 65536

export class Instance {
  readonly #exports: KernelExports
  #dead = false

  /** @throws AgatstonError `WASM_UNSUPPORTED` where the module does not fit this code, or cannot be instantiated */
  constructor(loaded: LoadedModule) {
    this.#exports = instantiate(loaded)
  }

  /** False once a call trapped or memory was refused: make a new instance. */
  get usable(): boolean {
    return !this.#dead
  }

  get memory(): WebAssembly.Memory {
    return this.#exports.memory
  }

  /** Call an export; the number it returns, unsigned. */
  call(name: keyof KernelCalls, ...args: number[]): number {
    if (this.#dead) throw new AgatstonError('INTERNAL', 'This wasm instance failed before')
    try {
      return (this.#exports[name] as (...args: number[]) => number)(...args) >>> 0
    } catch (cause) {
      this.#dead = true
      throw new AgatstonError(
        'INTERNAL',
        `The scoring kernel failed in ${name}; nothing was scored`,
        { call: name },
        { cause },
      )
    }
  }

  /**
   * Lay memory out for slices of this shape and grow it to fit, once.
   *
   * @throws AgatstonError `LIMIT_EXCEEDED` for a shape beyond the kernel's limits, `OUT_OF_MEMORY` where the runtime refuses
   */
  open(rows: number, columns: number, pixelBytes: 2 | 4, labelled: boolean): void {
    const bytes = this.call('open', rows, columns, pixelBytes, labelled ? 1 : 0)
    if (bytes === 0) {
      throw new AgatstonError('LIMIT_EXCEEDED', `A slice of ${rows} x ${columns} is beyond the limit of 4096 x 4096`, {
        limit: 'slice',
        rows,
        columns,
      })
    }
    const missing = Math.ceil((bytes - this.memory.buffer.byteLength) / PAGE)
    if (missing <= 0) return
    try {
      this.memory.grow(missing)
    } catch (cause) {
      this.#dead = true
      throw new AgatstonError(
        'OUT_OF_MEMORY',
        `Slices of ${rows} x ${columns} need ${Math.ceil(bytes / 2 ** 20)} MiB for scoring, which the runtime did not give`,
        { rows, columns, bytes },
        { cause },
      )
    }
  }

  /** Overwrite all memory with zeros and never be used again. */
  dispose(): void {
    this.#dead = true
    new Uint8Array(this.memory.buffer).fill(0)
  }
}

function instantiate(loaded: LoadedModule): KernelExports {
  let exports: KernelExports
  try {
    exports = instantiateSync(loaded.module, {}).exports as unknown as KernelExports
  } catch (cause) {
    throw new AgatstonError('WASM_UNSUPPORTED', 'The wasm module could not be instantiated', {}, { cause })
  }
  const abi = Number(exports.ABI)
  if (abi !== ABI_VERSION) {
    throw new AgatstonError('WASM_UNSUPPORTED', `The wasm module has interface ${abi}, this code needs ${ABI_VERSION}`)
  }
  return exports
}
