/** One line on the terminal that says how far a long read has come. Short reads and pipes never see it. */
import type { Stream } from './terminal.js'

/** Reads shorter than this show nothing. */
const QUIET_MS = 500
/** Time between two drawings. */
const STEP_MS = 100

const VERBS = { read: 'Reading files', score: 'Scoring slices' } as const

export class Progress {
  readonly #stream: Stream
  readonly #shown: boolean
  readonly #start: number
  #drawnAt = 0
  #drawn = false

  constructor(stream: Stream, quiet: boolean, now: number = Date.now()) {
    this.#stream = stream
    this.#shown = !quiet && Boolean(stream.isTTY)
    this.#start = now
  }

  update(step: keyof typeof VERBS, done: number, total: number, now: number = Date.now()): void {
    if (!this.#shown || now - this.#start < QUIET_MS || now - this.#drawnAt < STEP_MS) return
    this.#drawnAt = now
    this.#drawn = true
    this.#stream.write(`\r\u001b[K${VERBS[step]}: ${done} of ${total}`)
  }

  /** Take the line away: before anything else is written, and at the end. */
  end(): void {
    if (this.#drawn) this.#stream.write('\r\u001b[K')
    this.#drawn = false
  }
}
