/** A checked series as a volume: pixels stay where they are until a slice is asked for, and are then copied once. */
import type { AcceptableCode, Warning } from '../base/errors.js'
import { AgatstonError } from '../base/errors.js'
import type { Geometry } from '../volume/geometry.js'
import type { InputFacts, Padding, PixelKind, Rescale, SliceArray, Volume } from '../volume/volume.js'
import type { Image } from './image.js'
import { type PixelWords, fillSlice } from './pixels.js'
import { type DicomSource, readBytes } from './source.js'

/** One slice of a volume: its pixels, their meaning, its name. */
interface Slice {
  readonly file: string
  readonly source: DicomSource
  readonly words: PixelWords
  readonly rescale: Rescale
  readonly sopInstanceUid: string
}

export interface DicomVolumeParts {
  readonly images: readonly Image[]
  readonly geometry: Geometry
  readonly facts: InputFacts
  readonly warnings: readonly Warning[]
  readonly accepted: readonly AcceptableCode[]
}

export class DicomVolume implements Volume {
  readonly kind = 'dicom-series' as const
  readonly geometry: Geometry
  readonly pixelKind: PixelKind
  readonly facts: InputFacts
  readonly warnings: readonly Warning[]
  readonly accepted: readonly AcceptableCode[]
  readonly #slices: readonly Slice[]

  /** For `inspectSeries` only: the images must have passed every check. */
  constructor({ images, geometry, facts, warnings, accepted }: DicomVolumeParts) {
    this.#slices = images.map(sliceOf)
    this.geometry = geometry
    this.pixelKind = this.#slices[0]!.words.signed ? 'int16' : 'uint16'
    this.facts = facts
    this.warnings = Object.freeze([...warnings])
    this.accepted = Object.freeze([...accepted])
    Object.freeze(this)
  }

  rescale(k: number): Rescale {
    return this.slice(k).rescale
  }

  /** PixelPaddingValue .. PixelPaddingRangeLimit of slice `k`, in stored values; null: none. */
  padding(k: number): Padding | null {
    return this.slice(k).words.padding
  }

  sopInstanceUid(k: number): string {
    return this.slice(k).sopInstanceUid
  }

  /** Base name of the file slice `k` came from. */
  fileName(k: number): string {
    return this.slice(k).file
  }

  /**
   * Fill `into`, rows x columns of the volume's pixel kind, with the stored values of slice `k`. Bytes in memory are copied
   * before this returns; a blob is read first, and then a promise is returned.
   *
   * @throws RangeError for a slice that is not there or an `into` of another length, TypeError for another kind,
   *   AgatstonError `PIXELS_SHORT` where the bytes are no longer those that were checked
   */
  readSlice(k: number, into: SliceArray): void | Promise<void> {
    const slice = this.slice(k)
    this.checkDestination(into)
    const { offset, byteLength } = slice.words
    const bytes = readBytes(slice.source, offset, offset + byteLength)
    if (bytes instanceof Uint8Array) return fill(bytes, slice, into)
    return bytes.then((read) => fill(read, slice, into))
  }

  private slice(k: number): Slice {
    const slice = this.#slices[k]
    if (!slice) throw new RangeError(`slice ${k} of ${this.#slices.length}: slices count from 0`)
    return slice
  }

  private checkDestination(into: SliceArray): void {
    const right = this.pixelKind === 'int16' ? into instanceof Int16Array : into instanceof Uint16Array
    if (!right) throw new TypeError(`the stored values are ${this.pixelKind}: pass an array of that kind`)
    const { rows, columns } = this.geometry
    if (into.length !== rows * columns) {
      throw new RangeError(`into has ${into.length} values, a slice of ${rows} x ${columns} needs ${rows * columns}`)
    }
  }
}

function fill(bytes: Uint8Array, { file, words }: Slice, into: SliceArray): void {
  if (bytes.length !== words.byteLength) {
    const message = `${file}: the pixels were there when the file was checked and are not now. Read the series again`
    throw new AgatstonError('PIXELS_SHORT', message, { file, bytes: bytes.length, needed: words.byteLength })
  }
  fillSlice(bytes, words, into)
}

function sliceOf({ file, source, words, rescale, sopInstanceUid }: Image): Slice {
  if (!words || !rescale || sopInstanceUid === null) {
    throw new AgatstonError('INTERNAL', `${file}: a slice that was not checked came into a volume`, { file })
  }
  return { file, source, words, rescale, sopInstanceUid }
}
