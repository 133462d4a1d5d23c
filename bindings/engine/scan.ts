/**
 * One slice after another through the kernel: fill the window, `scan`, take what was found. Two slots hold the runs of two
 * slices, so that neighbours can be linked; which slices those are is the caller's business.
 */
import type { Instance } from './instance.js'
import { type Edges, type Ladder, type Moved, ladder16, ladder32 } from './ladder.js'
import { type RunTable, type Shape, Window, type WindowPixels } from './window.js'

/** What was found in a slice, as long as its records are there. */
export interface Seen {
  readonly pieces: number
  /** How stored values come back from keys. */
  readonly ladder: Ladder
}

export interface SliceFound extends Seen {
  readonly slot: 0 | 1
  readonly runs: number
}

/** A slice whose runs lie in a slot. */
export type InSlot = Pick<SliceFound, 'slot' | 'runs' | 'pieces'>

export class Scanner {
  readonly #instance: Instance
  readonly #window: Window
  readonly #shape: Shape
  readonly #edges: Edges
  readonly #reach: 0 | 1
  readonly #width: '32' | '16'
  #lastMoved: Moved | null = null
  #lastLadder: Ladder | null = null

  /** @throws AgatstonError `LIMIT_EXCEEDED`, `OUT_OF_MEMORY` */
  constructor(instance: Instance, shape: Shape, edges: Edges, connectivity: 4 | 8) {
    this.#instance = instance
    this.#window = new Window(instance, shape)
    this.#shape = shape
    this.#edges = edges
    this.#reach = reachOf(connectivity)
    this.#width = shape.pixelKind === 'float32' ? '32' : '16'
  }

  /** Where the next slice's stored values go: rows x columns. */
  get pixels(): WindowPixels {
    return this.#window.pixels
  }

  /** Where the next slice's labels go; empty where no labels are used. */
  get labels(): Uint8Array {
    return this.#window.labels
  }

  get window(): Window {
    return this.#window
  }

  /** Find the pieces of the slice in the window; its runs stay in `slot`. */
  scan(slot: 0 | 1, moved: Moved): SliceFound {
    return this.#scan(slot, this.#ladder(moved))
  }

  /** The same under other edges, and other neighbours. */
  scanAgain(slot: 0 | 1, moved: Moved, edges: Edges, connectivity?: 4 | 8): SliceFound {
    return this.#scan(slot, ladderOf(edges, this.#shape.pixelKind, moved), connectivity && reachOf(connectivity))
  }

  /**
   * The pieces of the slice just scanned by 8 neighbours that fall apart under 4: the number of parts they fall into. The parts'
   * records take the place of the slice's, the other slot's runs are lost, and where the window's pairs begin stands for each part
   * the piece it lies in.
   */
  split({ slot, runs, pieces }: SliceFound): number {
    return this.#instance.call('split', slot, runs, pieces)
  }

  #scan(slot: 0 | 1, ladder: Ladder, reach = this.#reach): SliceFound {
    const { flip, low, high, skipLow, skipHigh } = ladder
    const runs = this.#instance.call(`threshold${this.#width}`, slot, flip, low, high, skipLow, skipHigh)
    return { slot, runs, pieces: this.#label(slot, runs, ladder, reach), ladder }
  }

  #label(slot: 0 | 1, runs: number, { edges }: Ladder, reach: 0 | 1): number {
    return runs === 0 ? 0 : this.#instance.call(`label${this.#width}`, slot, runs, reach, ...edges)
  }

  /** Records of the slice just scanned, as they lie in memory (64 bytes a piece): valid until the next scan. */
  records(found: Seen): Uint8Array {
    return this.#window.records(found.pieces)
  }

  /** Pairs of pieces of one slice that touch under different labels: valid until the next call. */
  touching(found: SliceFound): Uint32Array {
    return this.#window.pairs(this.#instance.call('touch', found.slot, found.runs, found.pieces, this.#reach))
  }

  /**
   * Pairs (piece of `from`, piece of `to`) that touch by so many neighbours in space, both slices' runs lying in their slots: valid
   * until the next call.
   */
  linked(from: InSlot, to: InSlot, neighbours: 6 | 18 | 26 = 6): Uint32Array {
    if (from.pieces === 0 || to.pieces === 0) return this.#window.pairs(0)
    const { slot, runs, pieces } = to
    const count = this.#instance.call('link', from.slot, slot, from.runs, runs, from.pieces, pieces, neighbours)
    return this.#window.pairs(count)
  }

  copyRuns(found: SliceFound): RunTable {
    return this.#window.copyRuns(found.slot, found.runs)
  }

  restoreRuns(slot: 0 | 1, runs: RunTable): void {
    this.#window.restoreRuns(slot, runs)
  }

  /** The ladder of this rescale; most series have one for all slices. */
  #ladder(moved: Moved): Ladder {
    const last = this.#lastMoved
    const same =
      last !== null &&
      last.slope === moved.slope &&
      last.intercept === moved.intercept &&
      last.padding?.low === moved.padding?.low &&
      last.padding?.high === moved.padding?.high
    if (!same || this.#lastLadder === null) {
      this.#lastMoved = moved
      this.#lastLadder = ladderOf(this.#edges, this.#shape.pixelKind, moved)
    }
    return this.#lastLadder
  }
}

const reachOf = (connectivity: 4 | 8): 0 | 1 => (connectivity === 8 ? 1 : 0)

const ladderOf = (edges: Edges, kind: Shape['pixelKind'], moved: Moved): Ladder =>
  kind === 'float32' ? ladder32(edges, moved) : ladder16(edges, kind, moved)
