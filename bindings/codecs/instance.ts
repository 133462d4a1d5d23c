/**
 * One instance of our own decoders' module: its calls, its memory, and the only views on that memory. Memory is laid out for
 * each frame and grows where a frame needs more; a view lives no longer than the step that needs it. An instance that trapped
 * is dropped, and the next frame gets a new one.
 */
import { AgatstonError } from '../base/errors.js'
import type { CodecOptions, Decoder } from './decoder.js'
import { type CodecModule, loadCodecModule } from './module.js'

/** What the module exports (assembly/codecs/index.ts). */
export interface CodecCalls {
  rleSegment(start: number, end: number, plane: number): number
  rleDecoded(): number
  rleJoin(planes: number): void
  losslessTable(at: number): void
  lossless(start: number, end: number, selection: number, interval: number, depth: number, transform: number): number
  losslessRow(): number
}

interface CodecExports extends CodecCalls {
  readonly memory: WebAssembly.Memory
  readonly ABI: WebAssembly.Global
  open(rows: number, columns: number, frameBytes: number, planes: number): number
  frameAt(): number
  wordsAt(): number
}

/** Statuses of `rleSegment` and `lossless` (assembly/codecs/status.ts). */
export const STATUS = Object.freeze({ done: 0, short: 1, code: 2, marker: 3, left: 4, beyond: 5, overrun: 6 })

/** A frame, and the shape of the memory to decode it in. */
export interface Work {
  readonly frame: Uint8Array
  readonly rows: number
  readonly columns: number
  /** Byte planes: segments of RLE; 0 for JPEG. */
  readonly planes: 0 | 1 | 2
  /** Base name, for messages. */
  readonly file: string
}

/** A decoder of ours. */
export interface OwnDecoder extends Decoder {
  /** Overwrite the memory with zeros: nothing of the last frame is left in it. Frames may follow. */
  wipe(): void
}

const PAGE = 65536

export class CodecInstance {
  readonly #module: WebAssembly.Module
  readonly #abi: number
  #exports: CodecExports | null

  /** @throws AgatstonError `WASM_UNSUPPORTED` where the module cannot be instantiated or has another interface */
  constructor({ module, abi }: CodecModule) {
    this.#module = module
    this.#abi = abi
    this.#exports = instantiate(module, abi)
  }

  /** @throws AgatstonError `WASM_UNSUPPORTED`, `INTEGRITY_FAILED` */
  static async load(options: CodecOptions): Promise<CodecInstance> {
    return new CodecInstance(await loadCodecModule(options))
  }

  /**
   * Put a frame into memory, run `decode` on it, and copy rows x columns words to `into`.
   *
   * @throws AgatstonError `LIMIT_EXCEEDED` for a frame that needs more than 256 MiB, `OUT_OF_MEMORY` where the runtime refuses,
   *   `INTERNAL` where the module trapped; and what `decode` throws
   */
  run(work: Work, into: Uint16Array, decode: (calls: CodecCalls) => void): void {
    const exports = (this.#exports ??= instantiate(this.#module, this.#abi))
    try {
      this.#open(exports, work)
      decode(exports)
      into.set(new Uint16Array(exports.memory.buffer, exports.wordsAt() >>> 0, work.rows * work.columns))
    } catch (cause) {
      if (cause instanceof AgatstonError) throw cause
      this.#exports = null
      throw new AgatstonError(
        'INTERNAL',
        `${work.file}: the decoder failed; nothing was decoded. Please report the kind of scanner that made the file`,
        { file: work.file },
        { cause },
      )
    }
  }

  #open(exports: CodecExports, { frame, rows, columns, planes, file }: Work): void {
    const bytes = exports.open(rows, columns, frame.length, planes) >>> 0
    if (bytes === 0) {
      throw new AgatstonError(
        'LIMIT_EXCEEDED',
        `${file}: a compressed frame of ${rows} x ${columns} pixels and ${frame.length} bytes is beyond the limit of 256 MiB`,
        { limit: 'frame', file, rows, columns, bytes: frame.length },
      )
    }
    const missing = Math.ceil((bytes - exports.memory.buffer.byteLength) / PAGE)
    if (missing > 0) {
      try {
        exports.memory.grow(missing)
      } catch (cause) {
        this.#exports = null
        throw new AgatstonError(
          'OUT_OF_MEMORY',
          `${file}: decoding needs ${Math.ceil(bytes / 2 ** 20)} MiB, which the runtime did not give`,
          { file, bytes },
          { cause },
        )
      }
    }
    new Uint8Array(exports.memory.buffer).set(frame, exports.frameAt() >>> 0)
  }

  /** Overwrite all memory with zeros. */
  wipe(): void {
    if (this.#exports) new Uint8Array(this.#exports.memory.buffer).fill(0)
  }
}

function instantiate(module: WebAssembly.Module, abi: number): CodecExports {
  let exports: CodecExports
  try {
    exports = new WebAssembly.Instance(module, {}).exports as unknown as CodecExports
  } catch (cause) {
    throw new AgatstonError('WASM_UNSUPPORTED', 'The wasm of the decoders could not be instantiated', {}, { cause })
  }
  const met = Number((exports as Partial<CodecExports>).ABI?.value)
  if (met !== abi) {
    throw new AgatstonError('WASM_UNSUPPORTED', `The wasm of the decoders has interface ${met}, this code needs ${abi}`)
  }
  return exports
}
