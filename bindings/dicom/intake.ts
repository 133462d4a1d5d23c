/** Gathers files into series: each is opened, told apart from what is no DICOM, and reduced to the facts of its images. */
import { AgatstonError, type Refusal, isFault } from '../base/errors.js'
import { Manifest } from './archive/dicomdir.js'
import { DataSet } from './dataset.js'
import { type Stray, isArchive, isBareName, strayOf, strayRefusal } from './foreign.js'
import { type Image, Ordinals, readImages } from './image.js'
import { NotRead } from './layout.js'
import { type Limits, beyondLimit } from './limits.js'
import { type OpenedObject, looksLikeDicom, openObject } from './open.js'
import { type SeriesInspection, type SeriesOptions, inspectOne } from './series.js'
import { type DicomSource, baseName, checkSource, readBytes, sourceSize } from './source.js'
import { SOP_CLASS } from './tables.js'
import { TAG } from './tags.js'

export interface Inspection {
  /** Files looked at. */
  readonly files: number
  /**
   * Files that are not DICOM, or DICOM without an image or document of a series (DICOMDIR): passed over. What a DICOMDIR lists is
   * held against what was found. Beside a CT series a
   * file that may be a damaged slice (empty, zeros, cut short, or named like one) is `unreadable` instead.
   */
  readonly notDicom: number
  /** Zip archives among those, by name: not opened, since they were not named themselves. */
  readonly archives: readonly string[]
  /** DICOM files that could not be read, one refusal each. */
  readonly unreadable: readonly Refusal[]
  /** By SeriesInstanceUID. */
  readonly series: readonly SeriesInspection[]
}

/** Gathers files into series. */
export class Intake {
  files = 0
  private notDicom = 0
  /** Files that are no DICOM and may be damaged slices. */
  private readonly strays: Stray[] = []
  private readonly archives: string[] = []
  private totalBytes = 0
  private readonly unreadable: Refusal[] = []
  private readonly images = new Map<string, Image[]>()
  /** Refusals of files whose series, but not more, could be read. */
  private readonly broken = new Map<string, Refusal[]>()
  private readonly unattributed: Refusal[] = []
  private readonly ordinals = new Ordinals()
  private readonly manifest = new Manifest()
  /** The beginning of the file that is looked at: of a file that was taken, nothing holds on to it. */
  private readonly room = new Uint8Array(ENOUGH_BYTES)

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
      const beginning = await readBytes(source, 0, ENOUGH_BYTES, this.room)
      const head = beginning.subarray(0, HEAD_BYTES)
      if (!looksLikeDicom(head)) return this.takeForeign(file, head)
      if (size > ENOUGH_BYTES && this.takeBeginning(beginning, source, file)) return
      const bytes = size > ENOUGH_BYTES ? await readBytes(source, 0, size) : beginning
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

  private takeForeign(file: string, head: Uint8Array): void {
    if (isArchive(file, head)) this.archives.push(file)
    const stray = strayOf(file, head)
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
    const archives = this.archives.sort()
    const series: SeriesInspection[] = []
    for (const uid of uids) {
      const own = inFileOrder(this.broken.get(uid) ?? [])
      const images = this.images.get(uid) ?? []
      const listed = this.manifest.of(uid)
      series.push(await inspectOne(uid, { images, broken: { own, unattributed }, listed, archives }, options))
    }
    return Object.freeze({
      files: this.files,
      notDicom: this.notDicom,
      archives,
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
