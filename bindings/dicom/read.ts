/**
 * Files in, series out. Files are taken one at a time and only their facts kept: beside what the caller holds, memory stays that
 * of the largest file.
 */
import {
  type AcceptableCode,
  AgatstonError,
  ACCEPTABLE_CODES,
  STRICT_CODES,
  type Refusal,
  isAcceptable,
  isFault,
} from '../base/errors.js'
import type { CodecOptions } from '../codecs/decoder.js'
import { DataSet } from './dataset.js'
import { Manifest } from './archive/dicomdir.js'
import { type DecodeFrame, decodeHere } from './decoding/encoded.js'
import { type Stray, isBareName, strayOf, strayRefusal } from './foreign.js'
import { type Image, Ordinals, readImages } from './image.js'
import { type Limits, beyondLimit, checkLimits } from './limits.js'
import { type OpenedObject, looksLikeDicom, openObject } from './open.js'
import { NotRead } from './scan.js'
import { type SeriesInspection, type SeriesOptions, inspectOne } from './series.js'
import { type DicomSource, MAGIC_BYTES, baseName, checkSource, readBytes, sourceSize } from './source.js'
import { SOP_CLASS } from './tables.js'
import { TAG } from './tags.js'
import type { DicomVolume } from './volume.js'

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

export interface Inspection {
  /** Files looked at. */
  readonly files: number
  /**
   * Files that are not DICOM, or DICOM without an image or document of a series (DICOMDIR): passed over. What a DICOMDIR lists is
   * held against what was found. Beside a CT series a
   * file that may be a damaged slice (empty, zeros, cut short, or named like one) is `unreadable` instead.
   */
  readonly notDicom: number
  /** DICOM files that could not be read, one refusal each. */
  readonly unreadable: readonly Refusal[]
  /** By SeriesInstanceUID. */
  readonly series: readonly SeriesInspection[]
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

/** Gathers files into series. */
class Intake {
  files = 0
  private notDicom = 0
  /** Files that are no DICOM and may be damaged slices. */
  private readonly strays: Stray[] = []
  private totalBytes = 0
  private readonly unreadable: Refusal[] = []
  private readonly images = new Map<string, Image[]>()
  /** Refusals of files whose series, but not more, could be read. */
  private readonly broken = new Map<string, Refusal[]>()
  private readonly unattributed: Refusal[] = []
  private readonly ordinals = new Ordinals()
  private readonly manifest = new Manifest()

  constructor(private readonly limits: Limits) {}

  async take(source: DicomSource): Promise<void> {
    checkSource(source)
    const file = baseName(source.name)
    const size = sourceSize(source)
    this.files++
    this.countBytes(size, file)
    let opened: OpenedObject | null = null
    let inflated = 0
    try {
      const head = await readBytes(source, 0, Math.max(MAGIC_BYTES, HEAD_BYTES))
      if (!looksLikeDicom(head)) return this.takeForeign(strayOf(file, head))
      if (size > ENOUGH_BYTES && this.takeBeginning(await readBytes(source, 0, ENOUGH_BYTES), source, file)) return
      const bytes = await readBytes(source, 0, size)
      opened = openObject(bytes, file, this.limits)
      if (opened && opened.bytes !== bytes) inflated = opened.bytes.length
    } catch (error) {
      if (!(error instanceof AgatstonError) || isFault(error.code)) throw error
      this.unreadable.push(error.toRefusal())
      this.unattributed.push(error.toRefusal())
      return
    }
    this.countBytes(inflated, file)
    // A deflated object is read from its inflated bytes from here on.
    this.takeObject(opened, inflated > 0 ? { name: source.name, data: opened!.bytes } : source)
  }

  /** Take an object of which only native pixels lie beyond its beginning: they are read when they are scored. */
  private takeBeginning(beginning: Uint8Array, source: DicomSource, file: string): boolean {
    if (source.data instanceof Uint8Array) return false
    try {
      this.takeObject(openObject(beginning, file, this.limits, sourceSize(source)), source)
      return true
    } catch (error) {
      if (error instanceof NotRead) return false
      throw error
    }
  }

  private countBytes(bytes: number, file: string): void {
    this.totalBytes += bytes
    const { bytes: most } = this.limits
    if (this.totalBytes > most) throw beyondLimit('bytes', most, `the files have more than ${most} bytes`, { file })
  }

  private takeForeign(stray: Stray | null): void {
    if (stray) this.strays.push(stray)
    else this.notDicom++
  }

  private takeObject(opened: OpenedObject | null, source: DicomSource): void {
    if (opened === null) return void this.notDicom++
    if (glimpse(opened, TAG.MediaStorageSOPClassUID) === SOP_CLASS.mediaStorageDirectory) {
      return this.takeDirectory(opened)
    }
    if (opened.failure) return this.takeBroken(opened, opened.failure)
    let images: readonly Image[]
    try {
      images = readImages(opened, DataSet.read(opened), { source, limits: this.limits, ordinals: this.ordinals })
    } catch (error) {
      if (!(error instanceof AgatstonError)) throw error
      return this.takeBroken(opened, error)
    }
    for (const image of images) append(this.images, image.seriesUid, image)
  }

  /** A directory that cannot be read is told of, but no slice is lost with it: nothing then says how many there should be. */
  private takeDirectory(opened: OpenedObject): void {
    try {
      if (opened.failure) throw opened.failure
      this.manifest.add(DataSet.read(opened))
      this.notDicom++
    } catch (error) {
      if (!(error instanceof AgatstonError)) throw error
      this.unreadable.push(error.toRefusal())
    }
  }

  /** A file that cannot be read may still say which series it belongs to, or that it is no CT. */
  private takeBroken(opened: OpenedObject, error: AgatstonError): void {
    const refusal = error.toRefusal()
    this.unreadable.push(refusal)
    const series = glimpse(opened, TAG.SeriesInstanceUID)
    const modality = glimpse(opened, TAG.Modality)
    if (modality !== null && modality !== 'CT') return
    if (series !== null && /^[0-9.]{1,64}$/.test(series)) append(this.broken, series, refusal)
    else this.unattributed.push(refusal)
  }

  /** Beside CT slices a stray file may be one of them; alone, or beside anything else, it is passed over. */
  private settleStrays(): void {
    const slices = [...this.images.values()].flat().filter(({ modality }) => modality === 'CT')
    const bare = slices.some(({ file }) => isBareName(file))
    for (const stray of this.strays) {
      if (slices.length === 0 || (stray.trouble === 'bare' && !bare)) this.notDicom++
      else {
        this.unreadable.push(strayRefusal(stray))
        this.unattributed.push(strayRefusal(stray))
      }
    }
  }

  async finish(options: SeriesOptions): Promise<Inspection> {
    this.settleStrays()
    const uids = [...new Set([...this.images.keys(), ...this.broken.keys()])].sort()
    const unattributed = inFileOrder(this.unattributed)
    const series: SeriesInspection[] = []
    for (const uid of uids) {
      const own = inFileOrder(this.broken.get(uid) ?? [])
      const images = this.images.get(uid) ?? []
      const listed = this.manifest.of(uid)
      series.push(await inspectOne(uid, { images, broken: { own, unattributed }, listed }, options))
    }
    return Object.freeze({
      files: this.files,
      notDicom: this.notDicom,
      unreadable: inFileOrder(this.unreadable),
      series: Object.freeze(series),
    })
  }
}

/** The header of a CT slice is mostly shorter. */
const ENOUGH_BYTES = 2 ** 16
/** Enough of a file to see two elements of a data set without preamble. */
const HEAD_BYTES = 512

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

const inFileOrder = (refusals: readonly Refusal[]): readonly Refusal[] => {
  const key = ({ details }: Refusal): string => `${String(details['file'])} ${JSON.stringify(details)}`
  return [...refusals].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
}

/** Text of a top-level element of a file that broke later on. */
function glimpse({ bytes, layout }: OpenedObject, tag: number): string | null {
  const span = layout.elements.get(tag)
  if (!span || span.length > 64 || span.valueOffset + span.length > bytes.length) return null
  const text = String.fromCharCode(...bytes.subarray(span.valueOffset, span.valueOffset + span.length))
  return text.replace(/[\0 ]+$/, '') || null
}

const summary = (series: SeriesInspection): Record<string, unknown> => ({
  seriesInstanceUid: series.seriesInstanceUid,
  studyInstanceUid: series.studyInstanceUid,
  modality: series.modality,
  slices: series.slices,
  incrementMm: series.incrementMm,
  kernel: series.kernel,
  eligible: series.eligible,
})

/** Nothing could be scored: the reason that matters most first, all of them listed. */
function refusalOf(inspection: Inspection, candidates: readonly SeriesInspection[]): AgatstonError {
  const series = [...candidates].sort((a, b) => farness(a) - farness(b) || b.slices - a.slices)
  const own = series.flatMap(({ refusals }) => refusals)
  const rest = inspection.unreadable.filter((refusal) => !own.some((one) => tells(one, refusal)))
  const refusals = [...own, ...rest]
  const first = refusals[0]
  if (!first) {
    const message = `none of the ${inspection.files} file(s) is DICOM. Give a folder of DICOM files`
    return new AgatstonError('NOT_DICOM', message, { files: inspection.files, notDicom: inspection.notDicom })
  }
  const warnings = series[0]?.warnings ?? []
  return new AgatstonError(first.code, first.message, { ...first.details, refusals }, { warnings })
}

/** Whether a refusal of a series, which may stand for several files, tells that of a file. */
const tells = (one: Refusal, other: Refusal): boolean =>
  one === other ||
  (one.code === other.code &&
    one.details['files'] !== undefined &&
    (['kind', 'tag', 'limit'] as const).every((key) => one.details[key] === other.details[key]))

/** How far a series is from one that can be scored: CT slices, localizers, anything else. */
function farness({ refusals }: SeriesInspection): number {
  const codes = refusals.map(({ code }) => code)
  return codes.includes('MODALITY_NOT_CT') ? 2 : codes.includes('LOCALIZER_ONLY') ? 1 : 0
}
