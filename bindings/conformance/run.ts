/**
 * A set of vectors through the engine and the measures, counted rule by rule (`agatston.conformance/1`). A score that throws is a
 * failed score, said in words; vectors that cannot be read are an error, since they say nothing about the engine.
 */
import { AgatstonError } from '../base/errors.js'
import { VERSION } from '../base/version.js'
import type { Build } from '../engine/module.js'
import { type Engine, createEngine } from '../score/engine.js'
import { STANDARDS } from '../score/further/index.js'
import { type EngineVector, engineVector, optionsOf, wrongBand, wrongResult, wrongStandard } from './compare.js'
import { type MeasureCase, wrongMeasure } from './measures.js'
import type { VectorSet } from './read.js'

/** `agatston.conformance/1`: how many scores of each rule came out as they must. */
export interface ConformanceReport {
  readonly schema: 'agatston.conformance/1'
  readonly engine: { readonly name: 'agatston'; readonly version: string }
  /** The modules that scored, and how each did; the measures beside the score use none. */
  readonly builds: readonly (Counts & { readonly build: Build; readonly wasmSha256: string })[]
  /** The files read, with the SHA-256 of their bytes. */
  readonly vectors: readonly { readonly file: string; readonly schema: string; readonly sha256: string }[]
  /** Shipped standards scored by; each of their parameters was compared with the vectors'. */
  readonly standards: readonly string[]
  /** Answers compared under each standard, on all builds, those that exercise single fields among them. */
  readonly standardScores: Readonly<Record<string, number>>
  /** Number of further rules scored by, which exercise single fields. */
  readonly otherRules: number
  readonly rules: readonly RuleCounts[]
  readonly total: RuleCounts
  readonly passed: boolean
  readonly failures: readonly Failure[]
}

interface Counts {
  /** Answers compared: a case under a standard on a build, or its sensitivity band on a build, or a measure. */
  readonly scores: number
  readonly passed: number
  readonly failed: number
}

export interface RuleCounts extends Counts {
  readonly rule: string
  /** Volumes, or inputs of a measure. */
  readonly cases: number
}

/** One score that is not what it must be. */
export interface Failure {
  readonly rule: string
  /** Null: a measure beside the score, which no wasm module computes. */
  readonly build: Build | null
  readonly file: string
  readonly case: string
  /** Id of the standard; null for a measure; `sensitivity` for the band of several. */
  readonly standard: string | null
  /** What differs, in words. */
  readonly problems: readonly string[]
}

type Told = (done: number, of: number) => void

/**
 * Score every vector on each build, and every measure once.
 *
 * @param told called now and then with the number of scores done
 * @throws AgatstonError `WASM_UNSUPPORTED` where a build cannot run here
 */
export async function runConformance(
  set: VectorSet,
  builds: readonly Build[],
  told: Told = () => {},
): Promise<ConformanceReport> {
  const tally = new Tally()
  const vectors = set.cases.map(engineVector)
  const banded = onePerCase(vectors.filter(({ vector }) => vector.band))
  const of = builds.length * (vectors.length + banded.length) + set.measures.length
  const tell = (): void => void (tally.scores % 64 === 0 && told(tally.scores, of))
  const ids = new Set(set.cases.map(({ standard }) => standard.id))
  const modules: { build: Build; wasmSha256: string }[] = []
  for (const build of builds) {
    let engine = await createEngine({ build })
    modules.push({ build, wasmSha256: engine.wasmSha256 })
    const add = async (one: EngineVector, standard: string, compare: (engine: Engine) => string[]): Promise<void> => {
      const { rule, file, caseName } = one.vector
      const { problems, isLost } = tried(() => compare(engine))
      tally.add({ rule, build, file, case: caseName, standard, problems })
      tell()
      // An instance that failed is not asked again.
      if (isLost) engine = (engine.dispose(), await createEngine({ build }))
    }
    for (const one of vectors) await add(one, one.vector.standard.id, (with_) => wrongScore(with_, one))
    for (const one of banded) await add(one, 'sensitivity', (with_) => wrongSensitivity(with_, one))
    engine.dispose()
  }
  for (const { file, measure } of set.measures) {
    const { problems } = tried(() => wrongMeasure(measure))
    tally.add({ rule: measureRule(measure), build: null, file, case: measure.name, standard: null, problems })
    tell()
  }
  return {
    schema: 'agatston.conformance/1',
    engine: { name: 'agatston', version: VERSION },
    builds: modules.map((one) => ({ ...one, ...tally.ofBuild(one.build) })),
    vectors: set.files,
    standards: STANDARDS.map(({ id }) => id).filter((id) => ids.has(id)),
    standardScores: Object.fromEntries([...ids].map((id) => [id, tally.ofStandard(id)])),
    otherRules: [...ids].filter((id) => !STANDARDS.some((one) => one.id === id)).length,
    rules: tally.rules(),
    total: tally.total(),
    passed: tally.failures.length === 0,
    failures: tally.failures,
  }
}

function wrongScore(engine: Engine, one: EngineVector): string[] {
  const result = engine.scoreSync(one.volume, optionsOf(one))
  return [...wrongStandard(one.vector.standard), ...wrongResult(result, one)]
}

function wrongSensitivity(engine: Engine, one: EngineVector): string[] {
  const options: object = { sensitivity: true }
  const { sensitivity } = engine.scoreSync(one.volume, { ...optionsOf(one), ...options })
  return wrongBand(sensitivity, one.vector.band!)
}

/** A measure is a rule of its own. */
const measureRule = ({ measure }: MeasureCase): string => `measure: ${measure}`

/** The band is of a volume, whatever the standard: it is asked for once. */
function onePerCase(vectors: readonly EngineVector[]): EngineVector[] {
  return [...new Map(vectors.map((one) => [`${one.vector.file} ${one.vector.caseName}`, one])).values()]
}

/** What is wrong, a throw included: its code and message where it is ours, else its kind. */
function tried(compare: () => string[]): { readonly problems: string[]; readonly isLost: boolean } {
  try {
    return { problems: compare(), isLost: false }
  } catch (error) {
    const code = error instanceof AgatstonError ? error.code : error instanceof Error ? error.name : typeof error
    return { problems: [`${code}: ${error instanceof Error ? error.message : 'thrown'}`], isLost: true }
  }
}

/** Counts as scores come in. */
class Tally {
  readonly failures: Failure[] = []
  scores = 0
  readonly #rules = new Map<string, { cases: Set<string>; scores: number; failed: number }>()
  readonly #standards = new Map<string, number>()
  readonly #builds = new Map<Build | null, { scores: number; failed: number }>()

  add(score: Failure): void {
    this.scores++
    const failed = score.problems.length > 0 ? 1 : 0
    if (failed) this.failures.push(score)
    if (score.standard !== null) this.#standards.set(score.standard, this.ofStandard(score.standard) + 1)
    const rule = this.#rules.get(score.rule) ?? { cases: new Set(), scores: 0, failed: 0 }
    rule.cases.add(`${score.file} ${score.case}`)
    this.#rules.set(score.rule, { cases: rule.cases, ...counted(rule, failed) })
    this.#builds.set(score.build, counted(this.#builds.get(score.build) ?? { scores: 0, failed: 0 }, failed))
  }

  rules(): RuleCounts[] {
    return [...this.#rules].map(([rule, { cases, scores, failed }]) => row(rule, cases.size, scores, failed))
  }

  total(): RuleCounts {
    const cases = [...this.#rules.values()].reduce((sum, one) => sum + one.cases.size, 0)
    return row('all', cases, this.scores, this.failures.length)
  }

  ofStandard(id: string): number {
    return this.#standards.get(id) ?? 0
  }

  ofBuild(build: Build): Counts {
    const { scores, failed } = this.#builds.get(build) ?? { scores: 0, failed: 0 }
    return { scores, passed: scores - failed, failed }
  }
}

const counted = ({ scores, failed }: { scores: number; failed: number }, more: number) => ({
  scores: scores + 1,
  failed: failed + more,
})

const row = (rule: string, cases: number, scores: number, failed: number): RuleCounts => ({
  rule,
  cases,
  scores,
  passed: scores - failed,
  failed,
})
