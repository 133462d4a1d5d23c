/** A checked series as a volume: pixels stay where they are until a slice is asked for, and are then copied or decoded. */
import { type AcceptableCode, AgatstonError, type Warning } from '../base/errors.js'
import type { Geometry } from '../volume/geometry.js'
import { fileExaminer } from '../volume/examine.js'
import type { Examiner, InputFacts, Padding, PixelKind, Rescale, SliceArray, Volume } from '../volume/volume.js'
import { ReadAhead } from './decoding/ahead.js'
import type { DecodeFrame, DecodedWords } from './decoding/encoded.js'
import type { Image } from './image.js'
import { listOf } from './planes.js'
import type { DicomSource } from './source.js'
import { readEncoded, readNative } from './stored.js'
import type { TransferSyntax } from './syntax.js'
import { type EncodedWords, type PixelWords, copyStored } from './words.js'

/** One slice of a volume: its pixels, their meaning, its name. */
interface Slice {
  readonly file: string
  readonly source: DicomSource
  readonly words: PixelWords
  readonly rescale: Rescale
  readonly sopInstanceUid: string
  readonly sopClassUid: string | null
  readonly frame: number | null
  readonly syntax: TransferSyntax
}

/** How other objects refer to a slice (PS3.3 10.3, Image SOP Instance Reference). */
export interface ImageReference {
  /** Null: its file does not say. */
  readonly sopClassUid: string | null
  readonly sopInstanceUid: string
  /** Number of the frame in its object, from 1; null: the object has one image. */
  readonly frame: number | null
}

export interface DicomVolumeParts {
  readonly images: readonly Image[]
  readonly geometry: Geometry
  readonly facts: InputFacts
  readonly warnings: readonly Warning[]
  readonly accepted: readonly AcceptableCode[]
  /** Decodes compressed frames. */
  readonly decode: DecodeFrame
}

export class DicomVolume implements Volume {
  readonly kind = 'dicom-series' as const
  readonly geometry: Geometry
  readonly pixelKind: PixelKind
  readonly facts: InputFacts
  /** Null where slices have none, or not the same one. */
  readonly frameOfReferenceUid: string | null
  readonly warnings: readonly Warning[]
  readonly accepted: readonly AcceptableCode[]
  readonly #slices: readonly Slice[]
  readonly #frames: Frames
  /** Slices whose unused bits turned out to hold something when they were decoded. */
  readonly #foreign = new Set<number>()

  /** For `inspectSeries` only: the images must have passed every check. */
  constructor({ images, geometry, facts, warnings, accepted, decode }: DicomVolumeParts) {
    this.#slices = images.map(sliceOf)
    this.#frames = new Frames(this.#slices, decode)
    this.geometry = geometry
    this.pixelKind = this.#slices[0]!.words.signed ? 'int16' : 'uint16'
    this.facts = facts
    const frames = new Set(images.map(({ acquisition }) => acquisition.frameOfReferenceUid))
    this.frameOfReferenceUid = frames.size === 1 ? [...frames][0]! : null
    this.warnings = Object.freeze([...warnings])
    this.accepted = Object.freeze([...accepted])
    Object.freeze(this)
  }

  rescale(k: number): Rescale {
    return this.slice(k).rescale
  }

  /**
   * PixelPaddingValue .. PixelPaddingRangeLimit of slice `k`, in stored values; null: none. Of a compressed slice whose samples
   * have more bits than BitsStored it is final once the slice was read.
   */
  padding(k: number): Padding | null {
    const { words } = this.slice(k)
    return words.coding !== 'native' && this.#foreign.has(k) ? words.paddingIfForeign : words.padding
  }

  /** Noise, air, padding, and whether the pixels can be HU. */
  examiner(): Examiner {
    return fileExaminer(this.geometry)
  }

  bitsStored(k: number): number {
    return this.slice(k).words.bitsStored
  }

  sopInstanceUid(k: number): string {
    return this.slice(k).sopInstanceUid
  }

  /** How an object that is derived from slice `k` refers to it. */
  reference(k: number): ImageReference {
    const { sopClassUid, sopInstanceUid, frame } = this.slice(k)
    return { sopClassUid, sopInstanceUid, frame }
  }

  /**
   * The file slice `k` came from, and its transfer syntax. The bytes of a deflated object are those it was inflated to. For those
   * that need of its header what a volume does not keep.
   */
  origin(k: number): { readonly source: DicomSource; readonly syntax: TransferSyntax } {
    const { source, syntax } = this.slice(k)
    return { source, syntax }
  }

  /** Base name of the file slice `k` came from. */
  fileName(k: number): string {
    return this.slice(k).file
  }

  /**
   * Fill `into`, rows x columns of the volume's pixel kind, with the stored values of slice `k`. Native pixels in memory are
   * copied before this returns; a blob is read first, a compressed frame decoded, and then a promise is returned. Where frames
   * are decoded on threads, those of the slices that follow are begun too, as long as slices are asked for in order.
   *
   * @throws RangeError for a slice that is not there or an `into` of another length, TypeError for another kind,
   *   AgatstonError `PIXELS_SHORT` where the bytes are no longer those that were checked, and what a decoder throws
   *   (`PIXELS_SHORT`, `PIXELS_CORRUPT`, `PIXEL_FORMAT`, `LIMIT_EXCEEDED`; `SYNTAX_UNSUPPORTED` where it is not installed)
   */
  readSlice(k: number, into: SliceArray): void | Promise<void> {
    const { source, words } = this.slice(k)
    this.checkDestination(into)
    if (words.coding === 'native') {
      const reading = readNative(source, words, into)
      return reading instanceof Promise ? reading.then(() => {}) : undefined
    }
    return this.#frames.take(k).then(({ stored, unused }) => {
      copyStored(stored, into)
      this.#frames.giveBack(k, stored)
      if (unused === 'foreign') this.#foreign.add(k)
    })
  }

  /** What only decoding could tell of the slices read so far. */
  warningsFound(): readonly Warning[] {
    const files = [...this.#foreign].map((k) => this.fileName(k))
    if (files.length === 0) return []
    const message = `bits beyond BitsStored are set in the decoded pixels of ${files.length} slice(s); they were masked`
    return [{ code: 'BITS_UNUSED_NONZERO', message, details: { files: files.length, file: listOf(files)[0] } }]
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

function sliceOf({ file, source, words, rescale, sopInstanceUid, sopClassUid, frame, syntax }: Image): Slice {
  if (!words || !rescale || sopInstanceUid === null) {
    throw new AgatstonError('INTERNAL', `${file}: a slice that was not checked came into a volume`, { file })
  }
  return { file, source, words, rescale, sopInstanceUid, sopClassUid, frame, syntax }
}

/** The compressed slices, decoded when they are asked for, and those that follow where `decode` has threads for them. */
class Frames {
  readonly #ahead: ReadAhead<DecodedWords>
  readonly #last: number
  readonly #most: number
  /** Rooms to decode to that nobody looks at any more. They go with the last slice. */
  readonly #rooms: Uint16Array[] = []

  constructor(slices: readonly Slice[], decode: DecodeFrame) {
    const wordsOf = (k: number): EncodedWords => slices[k]!.words as EncodedWords
    const encoded = [...slices.keys()].filter((k) => slices[k]!.words.coding !== 'native')
    const start = (k: number, signal?: AbortSignal): Promise<DecodedWords> =>
      readEncoded(slices[k]!.source, wordsOf(k), decode, signal, this.#rooms.pop())
    this.#last = encoded.at(-1) ?? 0
    this.#most = 1 + (decode.readAhead ?? 0)
    this.#ahead = new ReadAhead(start, {
      slices: encoded,
      frames: this.#most - 1,
      bytesOf: (k) => {
        const { rows, columns, fragments } = wordsOf(k)
        return fragments.reduce((sum, { length }) => sum + length, rows * columns * 2)
      },
    })
  }

  take(k: number): Promise<DecodedWords> {
    return this.#ahead.take(k)
  }

  /** The caller has done with the words of slice `k`. */
  giveBack(k: number, room: Uint16Array): void {
    if (k === this.#last) this.#rooms.length = 0
    else if (this.#rooms.length < this.#most) this.#rooms.push(room)
  }
}
