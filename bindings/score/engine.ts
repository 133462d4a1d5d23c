/**
 * The engine a caller holds: one compiled kernel, one instance, one window. Two studies at once are two engines; re-entry
 * throws. An instance that trapped is dropped, and the next study gets a fresh one.
 */
import { type AcceptableCode, AgatstonError } from '../base/errors.js'
import { Objections } from '../base/verdict.js'
import { Instance } from '../engine/instance.js'
import { type Build, type LoadOptions, type LoadedModule, loadModule } from '../engine/module.js'
import { checkRescale } from '../volume/array.js'
import type { Examiner, SyncVolume, Volume } from '../volume/volume.js'
import { assemble } from './assemble.js'
import { Collector } from './collect.js'
import type { Hasher } from '../base/bytes.js'
import { PixelHash } from './hash.js'
import type { Scanned } from './further.js'
import { loadFurther } from './load-further.js'
import {
  NO_MAP,
  type Request,
  type ScoreOptions,
  checkAccept,
  checkOptions,
  checkScoreKeys,
  needsFurther,
} from './options.js'
import { checkTerritoryMap } from '../volume/territory.js'
import { checkVolume, judgeStudy } from './judge.js'
import type { Result } from './result.js'
import { Scan, type ScanOptions, type ScanShape } from './scan.js'
import type { Measure, Reading } from './measure.js'
import { measureFor, readAs } from './read.js'

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
    const hasher = wanted === true ? await platformHasher() : wanted
    const asked = { ...options, sensitivity: options.sensitivity ?? volume.kind !== 'array' }
    if (needsFurther(asked)) await loadFurther()
    const study = prepare(volume, asked, hasher, true)
    return this.#hold(async (instance) => {
      const collector = collectorOf(instance, volume, study)
      for (let k = 0; k < volume.geometry.slices; k++) {
        checkSignal(options.signal)
        // A reader that leaves part of a slice unfilled must not score what lay there; arrays always fill theirs.
        if (volume.kind !== 'array') collector.pixels.fill(0)
        const reading = volume.readSlice(k, collector.pixels)
        if (reading !== undefined) await reading
        this.#checkAlive()
        takeSlice(volume, study, collector, k)
        options.onProgress?.(k + 1, volume.geometry.slices)
      }
      const pixelSha256 = (await study.hash?.hex()) ?? null
      this.#checkAlive()
      const scanned = scannedOf(volume, study, collector)
      const reading = await readAs(study.request, scanned, volume)
      checkSignal(options.signal)
      this.#checkAlive()
      return this.#result(volume, study, scanned, reading, pixelSha256)
    })
  }

  /**
   * The same for a volume in memory, at once: for a viewer's interaction. The pixels are read once and by the kernel only: noise
   * and air are not measured, so a zero stays unverified.
   */
  scoreSync(volume: SyncVolume, options: ScoreOptions = {}): Result {
    checkScoreKeys(options)
    const hasher = options.hash ?? false
    if (hasher === true) {
      throw new RangeError('scoreSync needs a function as hash, such as portableHasher')
    }
    const study = prepare(volume, options, hasher, false)
    const instance = this.#enter(study)
    try {
      const collector = collectorOf(instance, volume, study)
      for (let k = 0; k < volume.geometry.slices; k++) {
        checkSignal(options.signal)
        const reading: unknown = volume.readSlice(k, collector.pixels)
        if (reading !== undefined) throw new TypeError('scoreSync takes volumes in memory; use score')
        this.#checkAlive()
        takeSlice(volume, study, collector, k)
        options.onProgress?.(k + 1, volume.geometry.slices)
      }
      this.#checkAlive()
      const pixelSha256 = study.hash?.hex() ?? null
      if (pixelSha256 instanceof Promise) throw new TypeError('scoreSync needs a hasher that hashes at once')
      const scanned = scannedOf(volume, study, collector)
      const reading = readAs(study.request, scanned, volume)
      if (reading instanceof Promise) throw new TypeError('scoreSync takes volumes in memory; use score')
      return this.#result(volume, study, scanned, reading, pixelSha256)
    } finally {
      if (this.#disposed) instance.dispose() // disposed from within a callback: what was read since goes too
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
    if (this.#disposed) throw new TypeError('This engine was disposed: make another')
    if (this.#holder !== null) {
      throw new TypeError('This engine is at work (a scan holds it until end or cancel): make another')
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

  #checkAlive(): void {
    if (this.#disposed)
      throw new AgatstonError('CANCELLED', 'The engine was disposed while it scored; there is no result')
  }

  #result(volume: Volume, study: Study, scanned: Scanned, reading: Reading, pixelSha256: string | null): Result {
    const { kind, geometry, facts } = volume
    const measured = study.examiner?.finish(study.objections) ?? null
    return assemble({
      request: study.request,
      scanned,
      reading,
      measured,
      volume: { ...judgeStudy(volume, study.objections, study.accept), kind, geometry, facts },
      pixelSha256,
      engine: { build: this.build, wasmSha256: this.wasmSha256 },
    })
  }
}

async function platformHasher(): Promise<() => Hasher> {
  const { GatheringHasher } = await import('../base/platform-hash.js')
  return () => new GatheringHasher()
}

/** A volume and what was asked for it, checked before anything is read. */
interface Study {
  readonly request: Request
  readonly measure: Measure
  readonly hash: PixelHash | null
  readonly accept: readonly AcceptableCode[]
  readonly objections: Objections
  /** Null where there is none, or no time for it. */
  readonly examiner: Examiner | null
}

function prepare(volume: Volume, options: ScoreOptions, hasher: false | (() => Hasher), measures: boolean): Study {
  if (typeof volume?.readSlice !== 'function') {
    throw new TypeError('score takes a volume: make one with arrayVolume, or read one')
  }
  const { geometry, facts, kind } = volume
  const { territories } = options
  const pixels = geometry.rows * geometry.columns * geometry.slices
  const map = territories ? checkTerritoryMap(territories, pixels) : NO_MAP
  const isSpectral = volume.warnings.some(({ code }) => code === 'SPECTRAL')
  const request = checkOptions(options, map, { kvp: facts.kvp, isSpectral })
  const objections = new Objections()
  if (kind !== 'dicom-series') checkVolume(geometry, facts, objections)
  return {
    request,
    measure: measureFor(request, geometry),
    hash: hasher === false ? null : new PixelHash(hasher(), volume),
    accept: checkAccept(options.accept),
    objections,
    examiner: (measures && volume.examiner?.()) || null,
  }
}

function collectorOf(instance: Instance, { geometry, pixelKind }: Volume, { request }: Study): Collector {
  const { rows, columns } = geometry
  const names = isMasked(request) ? request.names : null
  return new Collector(instance, { rows, columns, pixelKind, names }, request.standard, request.plan)
}

function labelsOf({ geometry: { rows, columns } }: Volume, { territories }: Request, k: number): Uint8Array | null {
  return territories && territories.scalarData.subarray(k * rows * columns, (k + 1) * rows * columns)
}

/** Whether the kernel is given labels. */
const isMasked = ({ territories, plan }: Request): boolean => territories !== null && !plan?.isUnmasked

function scannedOf(volume: Volume, { request, measure }: Study, collector: Collector): Scanned {
  return {
    findings: collector.finish(),
    measure,
    geometry: volume.geometry,
    names: request.names,
    labels: (k) => labelsOf(volume, request, k),
    sopInstanceUid: (k) => volume.sopInstanceUid(k),
  }
}

/** The slice in the window: hashed, looked at, labelled, scanned. */
function takeSlice(volume: Volume, study: Study, collector: Collector, k: number): void {
  const { request, hash, examiner } = study
  const rescale = checkRescale(volume.rescale(k))
  const padding = volume.padding(k)
  hash?.add(rescale, collector.pixels)
  examiner?.add(collector.pixels, rescale, padding)
  if (isMasked(request)) collector.setLabels(labelsOf(volume, request, k)!)
  collector.addInOrder(rescale, padding, volume.bitsStored?.(k) ?? 16)
}

function checkSignal(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new AgatstonError('CANCELLED', 'Scoring was cancelled; there is no result', {}, { cause: signal.reason })
}
