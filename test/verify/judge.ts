/** Requirements held against what ran: each piece of evidence, and from all of them the requirement. */
import type { ConformanceReport } from '../../bindings/conformance/run.js'
import type { Evidence, Requirement } from './requirements.js'

/** One test as vitest's JSON reporter tells it. */
export interface TestResult {
  readonly file: string
  /** Titles of the groups around it, then its own. */
  readonly titles: readonly string[]
  readonly status: string
}

/** `failed` where any part of it failed; `missing` where nothing of it ran. */
export type Verdict = 'passed' | 'failed' | 'missing'

export interface Shown {
  /** Where it is shown: a test file, or the vectors. */
  readonly where: string
  /** The part of a title, the rule or the standard. */
  readonly what: string
  readonly verdict: Verdict
  readonly passed: number
  readonly failed: number
  /** Not run here: a tool or the data are absent. */
  readonly skipped: number
}

export interface Judged {
  readonly requirement: Requirement
  readonly verdict: Verdict
  readonly shown: readonly Shown[]
}

/** Each requirement with its verdict. `conformance` is null where the command did not come to a report. */
export function judge(
  list: readonly Requirement[],
  tests: readonly TestResult[],
  conformance: ConformanceReport | null,
): Judged[] {
  return list.map((requirement) => {
    const shown = requirement.evidence.flatMap((one) => shownBy(one, tests, conformance))
    return { requirement, shown, verdict: worst(shown.map(({ verdict }) => verdict)) }
  })
}

function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('failed')) return 'failed'
  return verdicts.length === 0 || verdicts.includes('missing') ? 'missing' : 'passed'
}

function shownBy(one: Evidence, tests: readonly TestResult[], conformance: ConformanceReport | null): Shown[] {
  if ('file' in one) {
    const own = tests.filter(({ file }) => file === one.file)
    return one.tests.map((what) => byTests(one.file, what, own.filter(({ titles }) => titles.some((title) => title.includes(what))))) // prettier-ignore
  }
  if ('vectors' in one) {
    return one.vectors.map((what) => {
      const counts = conformance?.rules.find(({ rule }) => rule === what)
      return counted('vectors, rule', what, counts?.passed ?? 0, counts?.failed ?? 0, 0)
    })
  }
  return one.standards.map((what) => {
    const failed = conformance?.failures.filter(({ standard }) => standard === what).length ?? 0
    const scores = conformance?.standardScores[what] ?? 0
    return counted('vectors, standard', what, scores - failed, failed, 0)
  })
}

function byTests(where: string, what: string, tests: readonly TestResult[]): Shown {
  const number = (...words: readonly string[]): number => tests.filter(({ status }) => words.includes(status)).length
  const [passed, skipped] = [number('passed'), number('skipped', 'pending', 'todo', 'disabled')]
  return counted(where, what, passed, tests.length - passed - skipped, skipped)
}

function counted(where: string, what: string, passed: number, failed: number, skipped: number): Shown {
  const verdict = failed > 0 ? 'failed' : passed > 0 ? 'passed' : 'missing'
  return { where, what, verdict, passed, failed, skipped }
}
