/**
 * Slices into findings. In order (arrays, files) each slice is linked with the one before it while both lie in the window's
 * two slots; out of order (streaming) the runs are kept and linked once the order is known. Both ways end in the same
 * `Findings`.
 */
import { AgatstonError } from '../base/errors.js'
import type { Instance } from '../engine/instance.js'
import type { Moved } from '../engine/ladder.js'
import { type InSlot, Scanner, type Seen, type SliceFound } from '../engine/scan.js'
import { PIECE_BYTES, PIECE_PEAK } from '../engine/wasm.generated.js'
import type { RunTable } from '../engine/window.js'
import type { Padding, PixelKind, Rescale, SliceArray } from '../volume/volume.js'
import { brightEdges, cutAt } from './bright.js'
import { edgesOf } from './edges.js'
import { Findings, type SliceFindings } from './findings.js'
import type { Plan } from './further.js'
import type { Standard } from './standard.js'

export interface CollectShape {
  readonly rows: number
  readonly columns: number
  readonly pixelKind: PixelKind
  /** Name of each label id; null without labels. */
  readonly names: readonly (string | null)[] | null
}

const NO_PAIRS = new Uint32Array(0)

export class Collector {
  readonly #kind: PixelKind
  readonly #floats: boolean
  readonly #scanner: Scanner
  /** Label under which each label is scanned, where two labels have one name; null where none have. */
  readonly #sameName: Uint8Array | null
  readonly #labelled: boolean
  readonly #neighbours: 6 | 18 | 26
  readonly #slices: SliceFindings[] = []
  readonly #links: Uint32Array[] = []
  readonly #plan: Plan | null
  #before: SliceFound | null = null

  constructor(instance: Instance, shape: CollectShape, standard: Standard, plan: Plan | null) {
    this.#plan = plan
    this.#labelled = shape.names !== null
    this.#sameName = shape.names === null ? null : firstOfName(shape.names)
    const { rows, columns, pixelKind } = shape
    this.#kind = pixelKind
    this.#neighbours = standard.lesionConnectivity
    this.#floats = pixelKind === 'float32'
    this.#scanner = new Scanner(
      instance,
      { rows, columns, pixelKind, labelled: this.#labelled },
      edgesOf(standard),
      standard.connectivity,
    )
    // Nothing of an earlier study stays in the window.
    this.#scanner.pixels.fill(0)
    this.#scanner.labels.fill(0)
  }

  /** Where the next slice's stored values go. */
  get pixels(): SliceArray {
    return this.#scanner.pixels
  }

  /** Put the next slice's labels in place. */
  setLabels(labels: Uint8Array): void {
    const into = this.#scanner.labels
    if (this.#sameName === null) {
      into.set(labels)
      return
    }
    for (let i = 0; i < into.length; i++) into[i] = this.#sameName[labels[i]!]!
  }

  /**
   * Scan the slice in the window, which lies behind the one scanned before, and link the two.
   *
   * @param bits bits of a stored value
   */
  addInOrder(rescale: Rescale, padding: Padding | null, bits: number): void {
    const slot = this.#slices.length % 2 === 0 ? 0 : 1
    const moved = { ...rescale, padding }
    const found = this.#scanner.scan(slot, moved)
    const slice = this.#own(found, rescale, this.#plan?.keepsRuns)
    this.#links.push(this.#before ? this.#scanner.linked(this.#before, found, this.#neighbours).slice() : NO_PAIRS)
    this.#before = found
    this.#slices.push(this.#lookAgain(slice, found, moved, bits))
  }

  /** Scan the slice in the window, whose place is not known yet. */
  scanAlone(rescale: Rescale, padding: Padding | null, bits: number): SliceFindings {
    const moved = { ...rescale, padding }
    const found = this.#scanner.scan(0, moved)
    return this.#lookAgain(this.#own(found, rescale, true), found, moved, bits)
  }

  /** Everything added in order. */
  finish(): Findings {
    return new Findings(this.#slices, this.#links, this.#floats, this.#labelled)
  }

  /** Link slices that were scanned alone, given in order of position. */
  finishAlone(slices: readonly SliceFindings[]): Findings {
    const links = slices.map((slice, k) => {
      if (k === 0) return NO_PAIRS
      const before = slices[k - 1]!
      if (before.pieces === 0 || slice.pieces === 0) return NO_PAIRS
      const [from, to] = k % 2 === 1 ? ([0, 1] as const) : ([1, 0] as const)
      return this.#scanner.linked(this.#restore(from, before), this.#restore(to, slice), this.#neighbours).slice()
    })
    return new Findings(slices, links, this.#floats, this.#labelled)
  }

  #restore(slot: 0 | 1, slice: SliceFindings): InSlot {
    const runs = slice.runs! // scanned alone, so kept
    this.#scanner.restoreRuns(slot, runs)
    return { slot, runs: runs.pieces.length, pieces: slice.pieces }
  }

  #own(found: SliceFound, rescale: Rescale, keepsRuns: boolean | undefined): SliceFindings {
    const touching = this.#labelled && found.pieces > 1 ? this.#scanner.touching(found).slice() : NO_PAIRS
    return this.#take(found, rescale, touching, keepsRuns ? this.#scanner.copyRuns(found) : null)
  }

  #take(found: Seen, rescale: Rescale, touching = NO_PAIRS, runs: RunTable | null = null): SliceFindings {
    const records = this.#scanner.records(found).slice()
    if (this.#floats) checkPeaks(records)
    return { records, pieces: found.pieces, touching, runs, ladder: found.ladder, rescale }
  }

  /** Further looks at the slice, into the other slot, whose runs were linked before. */
  #lookAgain(own: SliceFindings, found: SliceFound, moved: Moved, bits: number): SliceFindings {
    const looks = this.#plan?.look(this.#scanner, found, moved, (seen) => this.#take(seen, own.rescale))
    const slice = this.#withBright(own, found.slot, moved, bits)
    return looks ? { ...slice, looks } : slice
  }

  /** A second look at a slice with a piece brighter than calcium: into the other slot, whose runs were linked before. */
  #withBright(slice: SliceFindings, slot: 0 | 1, moved: Moved, bits: number): SliceFindings {
    const { rescale, ladder, records } = slice
    const peaks = this.#floats ? new Float32Array(records.buffer) : new Int32Array(records.buffer)
    let key = -Infinity
    for (let at = PIECE_PEAK / 4; at < peaks.length; at += PIECE_BYTES / 4) if (peaks[at]! > key) key = peaks[at]!
    const peakHu = rescale.slope * (ladder.keySign * key + ladder.keyOffset) + rescale.intercept
    const edges = brightEdges(peakHu, cutAt(peakHu, this.#kind, bits, rescale))
    if (slice.pieces === 0 || edges === null) return slice
    const found = this.#scanner.scanAgain(slot === 0 ? 1 : 0, moved, edges)
    return {
      ...slice,
      bright: new Findings([this.#take(found, rescale)], [NO_PAIRS], this.#floats, this.#labelled),
    }
  }
}

/** A float pixel of infinite value is no CT number, and would make every mean infinite. NaN is never calcified. */
function checkPeaks(records: Uint8Array): void {
  const peaks = new Float32Array(records.buffer)
  for (let i = PIECE_PEAK / 4; i < peaks.length; i += PIECE_BYTES / 4) {
    if (!Number.isFinite(peaks[i])) {
      throw new AgatstonError('PIXEL_FORMAT', 'A pixel has an infinite value: that is no CT number')
    }
  }
}

/** For each label the least label of the same name; null where all names differ. */
function firstOfName(names: readonly (string | null)[]): Uint8Array | null {
  const map = Uint8Array.from(names, (name, label) => (name === null ? label : names.indexOf(name)))
  return map.some((first, label) => first !== label) ? map : null
}
