/**
 * Views on wasm memory, made here and nowhere else: growing memory detaches every view, and a write to a detached view
 * vanishes without a word. A `Window` is made after memory has been grown for its shape, and lives as long as that shape.
 */
import type { Instance } from './instance.js'
import { PIECE_BYTES } from './wasm.generated.js'

export type WindowPixels = Int16Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Float32Array<ArrayBuffer>

export interface Shape {
  readonly rows: number
  readonly columns: number
  readonly pixelKind: 'int16' | 'uint16' | 'float32'
  readonly labelled: boolean
}

/** Runs of one slice as they stand in a slot, or a copy of them. */
export interface RunTable {
  /** Start and end (exclusive) of each run, 2 a run, as row x (columns + 1) + column. */
  readonly edges: Uint32Array
  /** Piece of each run, numbered from 0 in the slice. */
  readonly pieces: Uint32Array
}

export class Window {
  /** The slice's stored values: rows x columns, row by row. */
  readonly pixels: WindowPixels
  /** One label a pixel; empty without labels. */
  readonly labels: Uint8Array
  readonly #buffer: ArrayBuffer
  readonly #runBound: number
  readonly #piecesAt: number
  readonly #pairsAt: number
  readonly #slots: readonly { readonly edges: number; readonly pieces: number }[]

  constructor(instance: Instance, shape: Shape) {
    const { rows, columns, pixelKind, labelled } = shape
    instance.open(rows, columns, pixelKind === 'float32' ? 4 : 2, labelled)
    const buffer = instance.memory.buffer
    const size = rows * columns
    const at = instance.call('windowAt')
    this.pixels =
      pixelKind === 'int16'
        ? new Int16Array(buffer, at, size)
        : pixelKind === 'uint16'
          ? new Uint16Array(buffer, at, size)
          : new Float32Array(buffer, at, size)
    this.labels = new Uint8Array(buffer, instance.call('labelsAt'), labelled ? size : 0)
    this.#buffer = buffer
    this.#runBound = instance.call('runBound')
    this.#piecesAt = instance.call('piecesAt')
    this.#pairsAt = instance.call('pairsAt')
    this.#slots = [0, 1].map((slot) => ({
      edges: instance.call('edgesAt', slot),
      pieces: instance.call('runPiecesAt', slot),
    }))
  }

  /** The records of the first `count` pieces, as they lie: valid until the next slice is labelled. */
  records(count: number): Uint8Array {
    return new Uint8Array(this.#buffer, this.#piecesAt, count * PIECE_BYTES)
  }

  /** The first `count` links, two piece numbers each: valid until the next call that links. */
  pairs(count: number): Uint32Array {
    return new Uint32Array(this.#buffer, this.#pairsAt, count * 2)
  }

  /** A copy of a slot's runs: `count` of them. */
  copyRuns(slot: 0 | 1, count: number): RunTable {
    const view = this.#slot(slot, count)
    return { edges: view.edges.slice(), pieces: view.pieces.slice() }
  }

  /** Put a copied table back into a slot. */
  restoreRuns(slot: 0 | 1, runs: RunTable): void {
    const count = runs.pieces.length
    if (count > this.#runBound) throw new RangeError(`${count} runs do not fit a slot of ${this.#runBound}`)
    const view = this.#slot(slot, count)
    view.edges.set(runs.edges)
    view.pieces.set(runs.pieces)
  }

  #slot(slot: 0 | 1, count: number): RunTable {
    const at = this.#slots[slot]!
    return {
      edges: new Uint32Array(this.#buffer, at.edges, count * 2),
      pieces: new Uint32Array(this.#buffer, at.pieces, count),
    }
  }
}
