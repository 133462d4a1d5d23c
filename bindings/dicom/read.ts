/**
 * Files in, series out. Files are taken one at a time and only their facts kept: beside what the caller holds, memory stays that
 * of the largest file.
 */
import { type AcceptableCode, AgatstonError, ACCEPTABLE_CODES, STRICT_CODES, isAcceptable } from '../base/errors.js'
import type { CodecOptions } from '../codecs/decoder.js'
import { type DecodeFrame, decodeHere } from './decoding/encoded.js'
import { type Inspection, Intake } from './intake.js'
import { type Limits, checkLimits } from './limits.js'
import { refusalOf, summary } from './unscored.js'
import type { SeriesOptions } from './series.js'
import type { DicomSource } from './source.js'
import type { DicomVolume } from './volume.js'

export type { Inspection } from './intake.js'

export interface ReadOptions {
  /** Take this series; else the one that is eligible. */
  readonly seriesInstanceUid?: string
  /** Refusals to override, each stamped on the volume where it was met. */
  readonly accept?: readonly AcceptableCode[]
  /** Slices a manifest, a query or the caller says there are. */
  readonly expectedSlices?: number
  /** Increment of a single slice, mm; used only together with an accepted `TOO_FEW_SLICES`. */
  readonly incrementMm?: number
  /** Refuse where a warning may move the number. */
  readonly strict?: boolean
  readonly limits?: Partial<Limits>
  /** Where the decoders of compressed pixels find their WebAssembly, if not beside their code. */
  readonly codecs?: CodecOptions
  /**
   * Decode compressed frames elsewhere: `decode` of a pool of threads, which also reads ahead. Default: here, when a slice is
   * read. A volume uses it as long as it is read.
   */
  readonly decode?: DecodeFrame
  /** Called after each file; `total` is null where the sources do not say how many they are. */
  readonly onProgress?: (done: number, total: number | null) => void
  readonly signal?: AbortSignal
}

export type DicomSources = Iterable<DicomSource> | AsyncIterable<DicomSource>

/**
 * Read every file, group by series, check each series, and say all that was found. Depends on the set of files, not on their
 * order.
 *
 * @throws AgatstonError `CANCELLED`, or `LIMIT_EXCEEDED` where all files together are too large; TypeError, RangeError for
 *   wrong options. What is wrong with files and series is in the result.
 */
export async function inspectSeries(sources: DicomSources, options: ReadOptions = {}): Promise<Inspection> {
  const settings = checkOptions(options)
  const intake = new Intake(settings.limits)
  const total = Array.isArray(sources) ? sources.length : null
  for await (const source of sources) {
    if (options.signal?.aborted) throw new AgatstonError('CANCELLED', 'reading was cancelled; nothing was kept')
    await intake.take(source)
    options.onProgress?.(intake.files, total)
    if (intake.files % FILES_BETWEEN_PAUSES === 0) await pause()
  }
  return intake.finish(settings)
}

/**
 * Read the one series of these files that can be scored.
 *
 * @param sources files in any order; what is plainly not DICOM is passed over
 * @returns a checked volume: it holds references to the sources, which must not change while it is used
 * @throws AgatstonError with the first refusal where nothing can be scored, all of them in `details.refusals`;
 *   `SERIES_AMBIGUOUS` with `details.series` where more than one series could be, or the one named is not there; what
 *   `inspectSeries` throws
 */
export async function readSeries(sources: DicomSources, options: ReadOptions = {}): Promise<DicomVolume> {
  const inspection = await inspectSeries(sources, options)
  const { seriesInstanceUid: named } = options
  const candidates =
    named === undefined ? inspection.series : inspection.series.filter((s) => s.seriesInstanceUid === named)
  const eligible = candidates.filter((series) => series.eligible)
  if (eligible.length === 1) return eligible[0]!.volume!
  if (eligible.length > 1) {
    const message = `${eligible.length} series could be scored. Name one of them by its SeriesInstanceUID`
    throw new AgatstonError('SERIES_AMBIGUOUS', message, { series: eligible.map(summary) })
  }
  if (named !== undefined && candidates.length === 0 && inspection.series.length > 0) {
    const message = 'the series that was named is not among the files. Name one that is'
    throw new AgatstonError('SERIES_AMBIGUOUS', message, { series: inspection.series.map(summary) })
  }
  throw refusalOf(inspection, candidates)
}

/** Settings with defaults, checked. */
function checkOptions(options: ReadOptions): SeriesOptions {
  const { accept = [], expectedSlices, incrementMm, strict = false } = options
  for (const code of accept) {
    if (!isAcceptable(code)) {
      throw new RangeError(`accept: ${String(code)} cannot be overridden; possible are ${ACCEPTABLE_CODES.join(', ')}`)
    }
  }
  if (expectedSlices !== undefined && !(Number.isSafeInteger(expectedSlices) && expectedSlices >= 1)) {
    throw new RangeError(`expectedSlices must be a whole number of at least 1, got ${expectedSlices}`)
  }
  if (incrementMm !== undefined && !(Number.isFinite(incrementMm) && incrementMm > 0)) {
    throw new RangeError(`incrementMm must be above 0, got ${incrementMm}`)
  }
  const incrementGiven = incrementMm !== undefined
  return {
    accept,
    strict: strict ? STRICT_CODES : [],
    incrementGiven,
    incrementMm,
    expectedSlices,
    limits: checkLimits(options.limits),
    decode: options.decode ?? decodeHere(options.codecs),
  }
}

/** Every so many files the event loop gets a turn, so that a page stays alive and a signal can be given. */
const FILES_BETWEEN_PAUSES = 64
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))
