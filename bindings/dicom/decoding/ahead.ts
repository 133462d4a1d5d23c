/**
 * Reading ahead: while slices are asked for in order, those that follow are decoded already, so that threads have work while a
 * slice is scored. What is held is bounded twice, by a number of slices and by bytes; what was passed by is dropped, and so is
 * everything as soon as someone jumps.
 */

/** Most bytes of slices that are decoded, or being decoded, before anyone asked for them: eight of the largest there are. */
export const AHEAD_BYTES = 256 * 2 ** 20

export interface AheadPlan {
  /** Numbers of the slices that are worth it, ascending. */
  readonly slices: readonly number[]
  /** How many to have under way beyond the one asked for. */
  readonly frames: number
  /** Bytes that slice `k` takes while it is held. */
  readonly bytesOf: (k: number) => number
}

interface Started<T> {
  readonly result: Promise<T>
  readonly control: AbortController
  readonly bytes: number
}

export class ReadAhead<T> {
  readonly #start: (k: number, signal?: AbortSignal) => Promise<T>
  readonly #plan: AheadPlan
  /** Place of each slice in the plan. */
  readonly #places: ReadonlyMap<number, number>
  readonly #started = new Map<number, Started<T>>()
  /** Place of the slice asked for last; -1 before the first. */
  #last = -1

  /** @param start begins a slice; the signal says that it is not wanted any more */
  constructor(start: (k: number, signal?: AbortSignal) => Promise<T>, plan: AheadPlan) {
    this.#start = start
    this.#plan = plan
    this.#places = new Map(plan.slices.map((k, place) => [k, place]))
  }

  /** Slice `k`, begun now if it was not before; asked for again, it is begun again. */
  take(k: number): Promise<T> {
    const place = this.#places.get(k)
    if (place === undefined || !(this.#plan.frames > 0)) return this.#start(k)
    const inOrder = this.#last < 0 || place === this.#last || place === this.#last + 1
    this.#last = place
    this.#keepOnly((other) => inOrder && other >= place)
    const result = this.#started.get(k)?.result ?? this.#start(k)
    this.#started.delete(k)
    // Whoever reads on after an error starts anew; nobody may.
    result.catch(() => this.#keepOnly(() => false))
    if (inOrder) this.#startAfter(place)
    return result
  }

  #startAfter(place: number): void {
    const { slices, frames, bytesOf } = this.#plan
    let held = [...this.#started.values()].reduce((sum, { bytes }) => sum + bytes, 0)
    for (const k of slices.slice(place + 1, place + 1 + frames)) {
      if (this.#started.has(k)) continue
      const bytes = bytesOf(k)
      held += bytes
      if (held > AHEAD_BYTES) return
      const control = new AbortController()
      const result = this.#start(k, control.signal)
      result.catch(() => {}) // told when the slice is asked for
      this.#started.set(k, { result, control, bytes })
    }
  }

  #keepOnly(wanted: (place: number) => boolean): void {
    for (const [k, { control }] of this.#started) {
      if (wanted(this.#places.get(k)!)) continue
      this.#started.delete(k)
      control.abort()
    }
  }
}
