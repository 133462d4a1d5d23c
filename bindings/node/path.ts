/** Folders and files in, results out: what a script on a workstation calls. */
import { type AcceptableCode, AgatstonError, STRICT_CODES, type Warning } from '../base/errors.js'
import { type Inspection, type ReadOptions, inspectSeries, readSeries } from '../dicom/index.js'
import type { LoadOptions } from '../engine/module.js'
import { type Engine, createEngine } from '../score/engine.js'
import { loadFurther } from '../score/load-further.js'
import { NO_MAP, type ScoreOptions, checkOptions, needsFurther } from '../score/options.js'
import { type TerritoryMap, nameTable } from '../volume/territory.js'
import type { Result } from '../score/result.js'
import type { Volume } from '../volume/volume.js'
import { type DecodingOptions, decodeOf, decodingOf } from './decoding.js'
import { type FoundFile, findFiles } from './files.js'
import { nodeHasher } from './hash.js'
import { openInput } from './input.js'
import { Handles, loadFile } from './load.js'
import { type MassOptions, checkMassOptions, massFactorOf } from './mass-factor.js'
import { findLabelMaps, isNiftiName, readTerritories } from './territories.js'
import { UsageError } from './usage.js'

/** A file, folder, zip archive or DICOMDIR, or several that belong to one study. */
export type Paths = string | readonly string[]

/**
 * Where compressed frames are decoded: on the threads of `pool` (or by `decode`), each under a deadline; without one in the calling
 * thread, which no deadline can stop. See `readPath`.
 */
export interface ReadPathOptions extends Omit<ReadOptions, 'onProgress'>, Pick<DecodingOptions, 'pool'> {
  /** Told after each file read (`read`) and each slice scored (`score`). */
  readonly onProgress?: (step: 'read' | 'score', done: number, total: number) => void
}

export interface ScorePathOptions
  extends ReadPathOptions, MassOptions, Pick<DecodingOptions, 'workers'>, Pick<ScoreOptions, (typeof ASKED)[number]> {
  /** Masks that say which pixel lies in which vessel: NIfTI label maps, DICOM segmentations, RT structure sets. */
  readonly territories?: Paths
  /** Stamp the result with `pixelSha256`; default true. */
  readonly hash?: boolean
  /** Score with this engine; default: one made for the call. */
  readonly engine?: Engine
  /** How that engine is made. */
  readonly load?: LoadOptions
}

/** What is asked of the score, whatever the paths hold. */
const ASKED = ['standard', 'scope', 'regionRule', 'assignments', 'lmIntoLad', 'kvpAdapted', 'sensitivity'] as const

/** What is asked of the score, its mass factor apart. */
type Asked = Pick<ScoreOptions, (typeof ASKED)[number]>

/**
 * What of these options is wrong whatever the files hold: nothing has to be read to tell it.
 *
 * @throws UsageError for options that exclude each other; RangeError, TypeError for wrong ones
 */
export async function checkScoreOptions(options: ScorePathOptions): Promise<Asked> {
  const { scope, assignments } = options
  const asked: Asked = Object.fromEntries(
    ASKED.filter((key) => options[key] !== undefined).map((key) => [key, options[key]]),
  )
  if (needsFurther({ sensitivity: true, ...asked })) await loadFurther()
  const isMasked = listOf(options.territories ?? []).length > 0
  // That nothing says what to score is told with what was found in the files.
  const isUnsaid = !isMasked && scope === undefined && assignments === undefined
  const map = isMasked ? { names: nameTable({ 1: 'LM' }), marked: [] } : NO_MAP
  const mass = given('massFactor', options.massFactor)
  checkOptions({ ...asked, ...mass, ...(isUnsaid ? { scope: 'whole-image', lmIntoLad: false } : {}) }, map, null)
  checkMassOptions(options)
  return asked
}

/**
 * Read, check and score the one series of these paths.
 *
 * @throws UsageError for paths that are not there or options that exclude each other; RangeError, TypeError for wrong options;
 *   AgatstonError for what is refused
 */
export const scorePath = (paths: Paths, options: ScorePathOptions = {}): Promise<Result> =>
  scoreStudy(paths, options, ({ result }) => result)

/** What was scored, as long as its files are open. */
export interface ScoredStudy {
  readonly result: Result
  readonly volume: Volume
  /** The masks it was scored with. */
  readonly territories: TerritoryMap | undefined
}

/**
 * The same for whoever needs the pixels once more: pictures, segmentations.
 *
 * @param use called with what was scored; its answer is returned
 * @throws as `scorePath`, and what `use` throws
 */
export const scoreStudy = <T>(
  paths: Paths,
  options: ScorePathOptions,
  use: (study: ScoredStudy) => T | Promise<T>,
): Promise<T> => whileOpen(options, async (rest, handles) => use(await scoreThere(paths, rest, handles)))

/** The one volume of these paths, as long as its files and the threads that decode its frames are there. */
export const openVolume = <T>(
  paths: Paths,
  options: ReadPathOptions & Pick<DecodingOptions, 'workers'>,
  use: (volume: Volume, decode: ReadPathOptions['decode']) => T | Promise<T>,
): Promise<T> => whileOpen(options, async (rest, handles) => use(await readVolume(paths, rest, handles), rest.decode))

/** Do something with files open and threads at hand, and let go of them after it. */
async function whileOpen<O extends DecodingOptions & ReadPathOptions, T>(
  options: O,
  body: (rest: O, handles: Handles) => Promise<T>,
): Promise<T> {
  const decoding = decodingOf(options)
  const handles = new Handles()
  try {
    const { pool: _pool, decode: _decode, workers: _workers, ...rest } = options
    // What is left is what was given, decoded by one hook.
    return await body({ ...rest, ...given('decode', decoding.decode) } as O, handles)
  } finally {
    handles.close()
    await decoding.end()
  }
}

async function scoreThere(paths: Paths, options: ScorePathOptions, handles: Handles): Promise<ScoredStudy> {
  const { signal, kvpAdapted = false, strict = false } = options
  const maps = findLabelMaps(listOf(options.territories ?? []))
  const asked = await checkScoreOptions(options)
  // Which warnings an adapted ladder leaves is known with the result, and refused there.
  const volume = await readVolume(paths, { ...options, strict: strict && !kvpAdapted }, handles)
  const study = await withWarningsOf(volume, async () => {
    const massFactor = massFactorOf(options, volume.facts)
    const territories = maps.length > 0 ? await readTerritories(maps, volume, options.decode) : undefined
    // An engine made for the call is left to the garbage collector, as the bytes of the files beside it are: wiping its memory
    // would touch all of it, most of which was never used, and take longer than scoring.
    const engine = options.engine ?? (await createEngine(options.load))
    const result = await engine.score(volume, {
      ...asked,
      ...given('massFactor', massFactor),
      ...given('territories', territories),
      ...given('signal', signal),
      ...given('accept', options.accept),
      hash: options.hash === false ? false : nodeHasher,
      onProgress: (done, total) => options.onProgress?.('score', done, total),
    })
    return { result, volume, territories }
  })
  if (strict) refuseStrictly(study.result.warnings)
  return study
}

/**
 * Read and check the one series of these paths: a DICOM series, or one NIfTI volume named itself. A NIfTI file inside a folder is
 * passed over, since more often than not it is a label map.
 *
 * The volume outlives the call, and so would threads of its own: it has none. Without `pool` its compressed frames are decoded in
 * the thread that reads a slice, and here where two slices share a position and are compared; a damaged frame that keeps a
 * decoder busy keeps that thread busy as long, and `TIMEOUT` and `signal` come into play only between frames. A service that reads
 * files of others gives a pool (`createPool`), or calls `scorePath`, which brings threads and a deadline of 2 s a frame of 512 x 512.
 */
export const readPath = (paths: Paths, options: ReadPathOptions = {}): Promise<Volume> => readVolume(paths, options)

/** @param handles keeps the files open: their volume is used as long as it does, and no longer */
async function readVolume(paths: Paths, options: ReadPathOptions, handles?: Handles): Promise<Volume> {
  const list = startingPoints(paths)
  decodeOf(options) // options that exclude each other are told before anything is read
  const nifti = list.filter(isNiftiName)
  if (nifti.length === 0) {
    const { files, sources } = await openInput(list, options.limits, handles)
    return readSeries(sources(), readOptions(options, files))
  }
  if (list.length > 1) {
    throw new UsageError('a NIfTI volume is scored alone: give it as the only path, and label maps as territories')
  }
  const [file] = findFiles(nifti)
  if (!file || !isNiftiName(file.name)) throw new UsageError('a NIfTI volume must be a file, not a folder')
  return readNifti(file, options)
}

/**
 * Everything the DICOM files of these paths hold: each series with its verdict. Scores nothing. Frames are decoded only where two
 * slices share a position; without `pool` in the calling thread, without a deadline (see `readPath`).
 */
export async function inspectPath(paths: Paths, options: ReadPathOptions = {}): Promise<Inspection> {
  const list = startingPoints(paths)
  decodeOf(options)
  if (list.some(isNiftiName)) throw new UsageError('a NIfTI file has no series to inspect: score it instead')
  const { files, sources } = await openInput(list, options.limits)
  return inspectSeries(sources(), readOptions(options, files))
}

function startingPoints(paths: Paths): readonly string[] {
  const list = listOf(paths)
  if (list.length === 0) throw new UsageError('no path was given: give a folder of DICOM files')
  if (list.includes('')) throw new UsageError('a path is empty: give a folder of DICOM files')
  return list
}

const listOf = (paths: Paths): readonly string[] => (typeof paths === 'string' ? [paths] : paths)

/** `{ [key]: value }` where there is a value, else nothing. */
function given<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V }
}

function readOptions(options: ReadPathOptions, files: number): ReadOptions {
  const { seriesInstanceUid, accept, expectedSlices, incrementMm, strict, limits, signal, onProgress } = options
  return {
    ...given('seriesInstanceUid', seriesInstanceUid),
    ...given('accept', accept),
    ...given('expectedSlices', expectedSlices),
    ...given('incrementMm', incrementMm),
    ...given('strict', strict),
    ...given('limits', limits),
    ...given('signal', signal),
    ...given('codecs', options.codecs),
    ...given('decode', decodeOf(options)),
    ...(onProgress ? { onProgress: (done: number) => onProgress('read', done, files) } : {}),
  }
}

async function readNifti(file: FoundFile, options: ReadPathOptions): Promise<Volume> {
  const { accept = [], incrementMm, strict = false, expectedSlices } = options
  if (options.seriesInstanceUid !== undefined) throw new UsageError('a NIfTI file has no series to name: leave it out')
  const bytes = loadFile(file)
  const { readNiftiVolume } = await import('../nifti/index.js')
  let volume: Volume
  try {
    volume = readNiftiVolume(bytes, { name: file.name, accept, strict, ...given('incrementMm', incrementMm) })
  } catch (cause) {
    if (cause instanceof AgatstonError || !(cause instanceof RangeError)) throw cause
    throw new UsageError(cause.message, { cause })
  }
  options.onProgress?.('read', 1, 1)
  return expectedSlices === undefined ? volume : countSlices(volume, expectedSlices, accept, file.name)
}

/** The same check a DICOM series passes where the caller says how many slices there are. */
function countSlices(volume: Volume, expected: number, accept: readonly AcceptableCode[], file: string): Volume {
  const { slices } = volume.geometry
  const warnings = volume.warnings.filter(({ code }) => code !== 'COUNT_UNVERIFIED')
  if (slices >= expected) return { ...volume, warnings }
  const message = `${slices} slices where ${expected} are expected. Convert the series again`
  const details = { kind: 'expected', slices, expected, file }
  if (!accept.includes('SERIES_INCOMPLETE'))
    throw new AgatstonError('SERIES_INCOMPLETE', message, details, { warnings })
  const warning: Warning = {
    code: 'ACCEPTED',
    message: `SERIES_INCOMPLETE accepted: ${message}`,
    details: { ...details, code: 'SERIES_INCOMPLETE' },
  }
  return {
    ...volume,
    accepted: [...volume.accepted, 'SERIES_INCOMPLETE'],
    warnings: [...warnings, warning],
  }
}

/** A refusal after reading still tells what was seen while reading. */
async function withWarningsOf<T>(volume: Volume, body: () => Promise<T>): Promise<T> {
  try {
    return await body()
  } catch (error) {
    if (!(error instanceof AgatstonError) || error.warnings.length > 0) throw error
    const { code, message, details, cause } = error
    throw new AgatstonError(code, message, details, { cause, warnings: volume.warnings })
  }
}

/** Warnings that only the score brings to light, under `strict`. */
function refuseStrictly(warnings: readonly Warning[]): void {
  const refusals = warnings.flatMap(({ code, message, details }) => {
    const strict = STRICT_CODES.find((name) => name === code)
    return strict ? [{ code: strict, message, details }] : []
  })
  const [first] = refusals
  if (!first) return
  const rest = warnings.filter(({ code }) => !(STRICT_CODES as readonly string[]).includes(code))
  throw new AgatstonError(first.code, first.message, { ...first.details, refusals }, { warnings: rest })
}
