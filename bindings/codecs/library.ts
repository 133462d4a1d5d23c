/**
 * The library decoders (CharLS, OpenJPEG, OpenJPH as WebAssembly by Emscripten) under control. The module is compiled once and
 * instantiated here, not by the library's own loader, which gives three things it does not offer: a new instance at once after
 * any failure, a cap on its memory, and silence.
 *
 * What they do on bad input, measured: CharLS throws numbers; OpenJPEG prints an error and returns no or wrong pixels; OpenJPH
 * returns wrong pixels and says nothing. So every frame gets a decoder object of its own, whatever is printed as warning or
 * error refuses the frame, and an instance that failed once is never asked again.
 */
import { AgatstonError } from '../base/errors.js'
import type { CodecOptions, FrameShape } from './decoder.js'
import { type CodingName, frameCorrupt } from './trouble.js'
import { type WasmSource, wasmBytes } from './wasm-file.js'

/** Where a library comes from. */
export interface LibrarySource extends WasmSource {
  readonly version: string
  /** Import of the library's JavaScript, a literal so that bundlers see it. */
  readonly factory: () => Promise<unknown>
  /** Name of the decoder's class. */
  readonly decoder: string
  /** Most bytes its memory may take; default 256 MiB. */
  readonly memory?: number
}

/** What Emscripten's classes offer; which of the optional ones there are depends on the library. */
export interface LibraryDecoder {
  getEncodedBuffer(length: number): Uint8Array
  decode(): void
  getDecodedBuffer(): Uint8Array | Uint8ClampedArray
  getFrameInfo(): LibraryFrameInfo
  delete(): void
  getNearLossless?(): number
  getIsReversible?(): boolean
  getIsHeaderValid?(): boolean
  getLastErrorMessage?(): string
}

export interface LibraryFrameInfo {
  readonly width: number
  readonly height: number
  readonly bitsPerSample: number
  readonly componentCount: number
  readonly isSigned?: boolean
}

type Factory = (options: object) => Promise<object>

const MEMORY = 256 * 2 ** 20

/**
 * Import a library and compile its WebAssembly.
 *
 * @throws AgatstonError `SYNTAX_UNSUPPORTED` where the package is not installed, `WASM_UNSUPPORTED` where its WebAssembly is
 *   not found, not fetched or not compiled
 */
export async function loadLibrary(source: LibrarySource, options: CodecOptions): Promise<Library> {
  const factory = await importFactory(source)
  const bytes = await wasmBytes(source, options.wasm?.[source.coding])
  let compiled: WebAssembly.Module
  try {
    compiled = await WebAssembly.compile(bytes)
  } catch (cause) {
    const message =
      `The WebAssembly of ${source.package} could not be compiled: serve the file of version ${source.version}; ` +
      "a page's Content-Security-Policy must allow script-src 'wasm-unsafe-eval'"
    throw new AgatstonError('WASM_UNSUPPORTED', message, { coding: source.coding }, { cause })
  }
  const library = new Library(source, factory, compiled)
  library.warm()
  return library
}

async function importFactory(source: LibrarySource): Promise<Factory> {
  try {
    const imported = (await source.factory()) as { default?: unknown }
    // A CommonJS module through a bundler's interoperation may lie one level deeper.
    const outer = imported.default
    const factory = typeof outer === 'object' && outer !== null ? (outer as { default?: unknown }).default : outer
    if (typeof factory !== 'function') throw new TypeError(`${source.package} exports no factory`)
    return factory as Factory
  } catch (cause) {
    const command = `npm install ${source.package}@${source.version}`
    const message = `Images of the coding ${source.coding} need the package ${source.package}, which could not be loaded. Type: ${command}`
    throw new AgatstonError('SYNTAX_UNSUPPORTED', message, { coding: source.coding, command }, { cause })
  }
}

/** One running instance. */
interface Instance {
  readonly exports: Readonly<Record<string, unknown>>
  readonly heap: WebAssembly.Memory
  /** First warning or error printed since the last frame began. */
  said: string | null
  /** It asked for more memory than it may have. */
  denied: boolean
}

/** A compiled library and the instance it runs in. */
export class Library {
  readonly #source: LibrarySource
  readonly #factory: Factory
  readonly #compiled: WebAssembly.Module
  #instance: Instance | null = null

  constructor(source: LibrarySource, factory: Factory, compiled: WebAssembly.Module) {
    this.#source = source
    this.#factory = factory
    this.#compiled = compiled
  }

  /** Make the instance now, so that a library that cannot start says so while it is loaded. */
  warm(): void {
    this.#instance ??= this.#start()
  }

  /**
   * Decode one frame in a decoder object of its own. `take` checks what was decoded and copies it out of the library's memory.
   *
   * @param bytes the frame as the library is to see it
   * @throws AgatstonError `LIMIT_EXCEEDED` where a new instance too needs more memory than it may have, `PIXELS_CORRUPT` for
   *   everything the library throws or prints, and what `take` throws
   */
  decode(bytes: Uint8Array, shape: FrameShape, coding: CodingName, take: (decoder: LibraryDecoder) => void): void {
    for (;;) {
      const isNew = this.#instance === null
      const instance = (this.#instance ??= this.#start())
      try {
        this.#run(instance, bytes, shape, coding, take)
        return
      } catch (cause) {
        this.#instance = null
        // Memory that earlier frames left in pieces is no fault of this one.
        if (instance.denied && !isNew) continue
        if (instance.denied) throw this.#tooLarge(shape, coding, cause)
        if (cause instanceof AgatstonError) throw cause
        // A number is the address of a C++ exception.
        const thrown = cause instanceof Error ? cause.name : 'it throws an exception'
        throw frameCorrupt(shape, coding, `the decoder gave up (${instance.said ?? thrown})`, {}, cause)
      }
    }
  }

  #run(
    instance: Instance,
    bytes: Uint8Array,
    shape: FrameShape,
    coding: CodingName,
    take: (decoder: LibraryDecoder) => void,
  ): void {
    instance.said = null
    const decoder = new (instance.exports[this.#source.decoder] as new () => LibraryDecoder)()
    decoder.getEncodedBuffer(bytes.length).set(bytes)
    decoder.decode()
    const said = instance.said ?? (decoder.getLastErrorMessage?.() || null)
    if (said !== null) throw frameCorrupt(shape, coding, `the decoder says: ${said}`)
    take(decoder)
    // Only after success: an instance that failed is dropped as a whole.
    decoder.delete()
  }

  #start(): Instance {
    const most = this.#source.memory ?? MEMORY
    const state: { heap?: WebAssembly.Memory; instance?: Instance } = {}
    let said: string | null = null
    const hear = (line: unknown): void => {
      const text = String(line)
      if (/^\[INFO\]|^ojph info/i.test(text) || text.trim() === '') return
      const clean = text.replace(/[^ -~]/g, ' ').slice(0, 200)
      said ??= clean
      if (state.instance) state.instance.said ??= clean
    }
    const exports: Record<string, unknown> = {
      print: hear,
      printErr: hear,
      instantiateWasm: (
        imports: WebAssembly.Imports,
        receive: (instance: WebAssembly.Instance) => unknown,
      ): unknown => {
        const wasm = new WebAssembly.Instance(this.#compiled, imports)
        const heap = Object.values(wasm.exports).find((one) => one instanceof WebAssembly.Memory)
        if (heap === undefined) throw new TypeError('it exports no memory')
        state.heap = heap
        // Emscripten grows its memory by this method; refusing it is the library's "out of memory".
        Object.defineProperty(heap, 'grow', {
          value: (pages: number): number => {
            if (heap.buffer.byteLength + pages * 65536 > most) {
              if (state.instance) state.instance.denied = true
              throw new RangeError('memory cap')
            }
            return WebAssembly.Memory.prototype.grow.call(heap, pages)
          },
        })
        return receive(wasm)
      },
    }
    // Instantiated synchronously, the factory has put its classes on `exports` when it returns; its promise only repeats that.
    let failure: unknown = null
    try {
      this.#factory(exports).catch(() => {})
    } catch (cause) {
      failure = cause
    }
    if (!state.heap || typeof exports[this.#source.decoder] !== 'function') {
      const message =
        `The decoder of ${this.#source.package} did not start. Its JavaScript and its WebAssembly must both be of version ` +
        `${this.#source.version}, and the runtime needs about 50 MB for it`
      throw new AgatstonError('WASM_UNSUPPORTED', message, { coding: this.#source.coding, said }, { cause: failure })
    }
    state.instance = { exports, heap: state.heap, said: null, denied: false }
    return state.instance
  }

  #tooLarge(shape: FrameShape, coding: CodingName, cause: unknown): AgatstonError {
    const most = this.#source.memory ?? MEMORY
    const message =
      `${shape.file}: decoding the ${coding} frame needs more than ${most / 2 ** 20} MiB. ` +
      'If the file is sound, export the series uncompressed (Explicit VR Little Endian)'
    return new AgatstonError('LIMIT_EXCEEDED', message, { file: shape.file, coding, most }, { cause })
  }
}
