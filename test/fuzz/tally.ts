/** Runs cases of a level one after another, and counts what became of them. */
import type { FuzzCase, Fuzzer, Verdict } from './verdict.js'

export interface Failure {
  readonly level: Fuzzer['level']
  readonly seed: number
  readonly n: number
  readonly what: string
  readonly failure: string
  readonly case: FuzzCase
}

export interface Slowest {
  readonly ms: number
  readonly n: number
  readonly bytes: number
  readonly what: string
}

/** No case may take longer: 2 s, and 2 s more for each further MB. */
export const allowedMs = (bytes: number): number => 2000 * Math.max(1, bytes / 2 ** 20)

export class Tally {
  readonly outcomes = new Map<string, number>()
  readonly failures: Failure[] = []
  cases = 0
  slowest: Slowest = { ms: 0, n: 0, bytes: 0, what: '' }
  largest = 0

  constructor(
    readonly fuzzer: Fuzzer,
    readonly seed: number,
  ) {}

  /** Make and judge case `n`. */
  async run(n: number): Promise<void> {
    const one = this.fuzzer.make(this.seed, n)
    const bytes = one.files.reduce((sum, file) => sum + file.bytes.length, 0)
    const start = performance.now()
    const judged = one.judge(one.files)
    const verdict = judged instanceof Promise ? await judged : judged
    let ms = performance.now() - start
    let { failure } = verdict
    if (failure === null && ms > allowedMs(bytes)) {
      // Another process may have had the processor: only what is slow again is slow.
      ms = Math.min(ms, await timeOf(one), await timeOf(one))
      if (ms > allowedMs(bytes)) failure = `${bytes} bytes take ${Math.round(ms)} ms`
    }
    this.cases++
    this.largest = Math.max(this.largest, bytes)
    const outcome = failure === null ? verdict.outcome : 'FAILED'
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1)
    const what = `${one.seed}: ${one.what}`
    if (ms > this.slowest.ms) this.slowest = { ms, n, bytes, what }
    if (failure !== null) {
      this.failures.push({ level: this.fuzzer.level, seed: this.seed, n, what, failure, case: one })
    }
  }

  /** Counts, the most frequent first. */
  counted(): readonly (readonly [string, number])[] {
    return [...this.outcomes].sort((a, b) => b[1] - a[1])
  }
}

async function timeOf(one: FuzzCase): Promise<number> {
  const start = performance.now()
  await one.judge(one.files)
  return performance.now() - start
}

/** The kind of a failure, without the numbers and names that differ from case to case. */
export const kindOf = (failure: string): string =>
  failure
    .replace(/\([0-9A-Fa-f]{4},[0-9A-Fa-f]{4}\)/g, '(tag)')
    .replace(/\d+(\.\d+)?/g, 'N')
    .slice(0, 120)

/** Whether a verdict fails in the way another did. */
export const failsAlike = ({ failure }: Verdict, as: string): boolean =>
  failure !== null && kindOf(failure) === kindOf(as)
