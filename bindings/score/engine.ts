/**
 * The engine a caller holds: one compiled kernel, one instance, one window. Two studies at once are two engines; re-entry
 * throws. An instance that trapped is dropped, and the next study gets a fresh one.
 */
import { AgatstonError } from '../base/errors.js'
import { Instance } from '../engine/instance.js'
import { type Build, type LoadOptions, type LoadedModule, loadModule } from '../engine/module.js'
import { checkRescale } from '../volume/array.js'
import type { SyncVolume, Volume } from '../volume/volume.js'
import { assemble } from './assemble.js'
import { Collector } from './collect.js'
import type { Hasher } from '../base/bytes.js'
import { PixelHash } from './hash.js'
import { type Request, type ScoreOptions, checkOptions, checkScoreKeys } from './options.js'
import type { Result } from './result.js'
import { Scan, type ScanOptions, type ScanShape } from './scan.js'
import { type Measure, measureOf } from './tally.js'

/**
 * Compile the kernel and make an engine.
 *
 * @throws AgatstonError `WASM_UNSUPPORTED`, `INTEGRITY_FAILED`; TypeError, RangeError for wrong options
 */
export async function createEngine(options: LoadOptions = {}): Promise<Engine> {
  return new Engine(await loadModule(options))
}

export class Engine {
  readonly #loaded: LoadedModule
  #instance: Instance | null = null
  /** What the engine is doing, or null: the holder of its window. */
  #holder: object | null = null
  #disposed = false

  constructor(loaded: LoadedModule) {
    this.#loaded = loaded
  }

  /** Which module scores. */
  get build(): Build {
    return this.#loaded.build
  }

  /** SHA-256 of the module that scores. */
  get wasmSha256(): string {
    return this.#loaded.sha256
  }

  /**
   * Score a volume.
   *
   * @throws TypeError, RangeError for wrong options; AgatstonError for what the volume or the runtime refuses, `CANCELLED` when
   *   the signal says so. Nothing is left half done.
   */
  async score(volume: Volume, options: ScoreOptions = {}): Promise<Result> {
    checkScoreKeys(options)
    const wanted = options.hash ?? volume.kind !== 'array'
    const hasher = wanted === true ? (await import('../base/sha256.js')).portableHasher : wanted
    const study = prepare(volume, options, hasher)
    return this.#hold(async (instance) => {
      const collector = new Collector(
        instance,
        { ...volume.geometry, pixelKind: volume.pixelKind, ...study.request },
        study.request.standard,
      )
      for (let k = 0; k < volume.geometry.slices; k++) {
        checkSignal(options.signal)
        const reading = volume.readSlice(k, collector.pixels)
        if (reading !== undefined) await reading
        if (this.#disposed)
          throw new AgatstonError('CANCELLED', 'The engine was disposed while it scored; there is no result')
        takeSlice(volume, study, collector, k)
        options.onProgress?.(k + 1, volume.geometry.slices)
      }
      return this.#result(volume, study, collector)
    })
  }

  /** The same for a volume in memory, at once: for a viewer's interaction. */
  scoreSync(volume: SyncVolume, options: ScoreOptions = {}): Result {
    checkScoreKeys(options)
    const hasher = options.hash ?? false
    if (hasher === true) {
      throw new RangeError('scoreSync cannot load a hasher: give hash a function that makes one, or use score')
    }
    const study = prepare(volume, options, hasher)
    const instance = this.#enter(study)
    try {
      const collector = new Collector(
        instance,
        { ...volume.geometry, pixelKind: volume.pixelKind, ...study.request },
        study.request.standard,
      )
      for (let k = 0; k < volume.geometry.slices; k++) {
        checkSignal(options.signal)
        const reading: unknown = volume.readSlice(k, collector.pixels)
        if (reading !== undefined)
          throw new TypeError('scoreSync takes volumes in memory; use score for volumes that are read')
        takeSlice(volume, study, collector, k)
        options.onProgress?.(k + 1, volume.geometry.slices)
      }
      return this.#result(volume, study, collector)
    } finally {
      this.#leave(study)
    }
  }

  /**
   * Begin a study whose slices arrive one by one, in any order, their number unknown. The engine is taken until `end` or
   * `cancel`.
   */
  begin(shape: ScanShape, options: ScanOptions = {}): Scan {
    const scan: Scan = new Scan(shape, options, {
      instance: () => this.#instanceFor(scan),
      release: () => this.#leave(scan),
      stamp: { build: this.build, wasmSha256: this.wasmSha256 },
    })
    this.#enter(scan)
    return scan
  }

  /** Overwrite every pixel left in wasm memory and end the engine. Safe to call twice. */
  dispose(): void {
    if (this.#disposed) return
    this.#disposed = true
    this.#holder = null
    this.#instance?.dispose()
    this.#instance = null
  }

  async #hold<T>(body: (instance: Instance) => Promise<T>): Promise<T> {
    const holder = {}
    const instance = this.#enter(holder)
    try {
      return await body(instance)
    } finally {
      if (this.#disposed) instance.dispose() // a reader may have written after dispose
      this.#leave(holder)
    }
  }

  #enter(holder: object): Instance {
    if (this.#disposed) throw new TypeError('This engine was disposed: make another with createEngine')
    if (this.#holder !== null) {
      throw new TypeError(
        'This engine is at work: two studies at once are two engines (and a scan holds its engine until end or cancel)',
      )
    }
    this.#holder = holder
    return this.#instanceFor(holder)
  }

  #leave(holder: object): void {
    if (this.#holder === holder) this.#holder = null
  }

  #instanceFor(holder: object): Instance {
    if (this.#disposed || this.#holder !== holder) throw new TypeError('This scan has ended')
    if (!this.#instance?.usable) {
      this.#instance?.dispose() // what failed leaves no pixels behind
      try {
        this.#instance = new Instance(this.#loaded)
      } catch (error) {
        this.#holder = null
        throw error
      }
    }
    return this.#instance
  }

  #result(volume: Volume, study: Study, collector: Collector): Result {
    return assemble({
      request: study.request,
      measure: study.measure,
      findings: collector.finish(),
      volume,
      pixelSha256: study.hash?.hex() ?? null,
      engine: { build: this.build, wasmSha256: this.wasmSha256 },
    })
  }
}

/** A volume and what was asked for it, checked before anything is read. */
interface Study {
  readonly request: Request
  readonly measure: Measure
  readonly hash: PixelHash | null
}

function prepare(volume: Volume, options: ScoreOptions, hasher: false | (() => Hasher)): Study {
  const { geometry } = volume
  const request = checkOptions(options, geometry.rows * geometry.columns * geometry.slices)
  return {
    request,
    measure: measureOf(request.standard, geometry, request.massFactor?.mgPerMm3Hu ?? null),
    hash: hasher === false ? null : new PixelHash(hasher(), volume),
  }
}

/** The slice in the window: hashed, labelled, scanned. */
function takeSlice(volume: Volume, { request, hash }: Study, collector: Collector, k: number): void {
  const rescale = checkRescale(volume.rescale(k))
  hash?.add(rescale, collector.pixels)
  if (request.territories) {
    const size = volume.geometry.rows * volume.geometry.columns
    collector.setLabels(request.territories.scalarData.subarray(k * size, (k + 1) * size))
  }
  collector.addInOrder(rescale, volume.padding(k))
}

function checkSignal(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new AgatstonError('CANCELLED', 'Scoring was cancelled; there is no result', {}, { cause: signal.reason })
}
