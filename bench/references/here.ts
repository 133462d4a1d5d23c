/** The implementations that run in this process: ours on both modules, the plain reference, OpenCV's wasm build. */
import { readFileSync } from 'node:fs'
import { AgatstonError } from '../../bindings/base/errors.js'
import { createEngine } from '../../bindings/score/engine.js'
import { STANDARDS, standardById } from '../../bindings/score/further/index.js'
import { reference } from '../../test/reference/score.js'
import { territoriesOf, volumeOf } from '../../test/vectors/load.js'
import { loadOpenCv } from '../engines.js'
import type { ReferenceCase } from './cases.js'
import { scoreWithOpenCv } from './opencv-wasm.js'
import { PEER_RULES } from './rules.js'
import { NAIVE, type Score } from './score.js'

/** Ids of the shipped standards. */
export const SHIPPED = STANDARDS.map(({ id }) => id)

/** A score ready to be made; null within: refused for want of a thickness. */
export type Call = () => number | null

export interface Implementation {
  readonly name: string
  readonly version: string
  /** Whether one score takes so long that it is made once, whatever the budget. */
  readonly isSlow: boolean
  /** Standards it cannot express or does not have yet, with the reason. */
  readonly cannot: ReadonlyMap<string, string>
  prepare(of: ReferenceCase, standard: string): Call
}

/** An implementation that is not installed, and what to do about it. */
export interface Absent {
  readonly name: string
  readonly install: string
}

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly version: string
}

async function ours(build: 'simd' | 'scalar'): Promise<Implementation> {
  const engine = await createEngine({ build })
  return {
    name: `agatston (${build})`,
    version,
    isSlow: false,
    cannot: new Map(),
    prepare({ input }, standard) {
      const volume = volumeOf(input)
      const territories = territoriesOf(input)
      const options = { standard, ...(territories ? { territories } : { scope: 'whole-image' as const }) }
      return () => {
        try {
          return engine.scoreSync(volume, options).total.agatston
        } catch (error) {
          if (error instanceof AgatstonError && error.code === 'GEOMETRY_MISSING') return null
          throw error
        }
      }
    },
  }
}

const naive: Implementation = {
  name: NAIVE,
  version: 'test/reference/score.ts',
  isSlow: true,
  cannot: new Map(),
  prepare({ input }, standard) {
    const rules = standardById(standard)
    return () => {
      try {
        return reference(input, rules).total.agatston
      } catch (error) {
        if (error instanceof RangeError && error.message.endsWith('needs thicknessMm')) return null
        throw error
      }
    }
  },
}

async function opencvWasm(): Promise<Implementation | Absent> {
  const name = 'OpenCV (wasm)'
  const loaded = await loadOpenCv()
  if (typeof loaded === 'string') return { name, install: 'npm ci' }
  const { version: installed } = JSON.parse(
    readFileSync(new URL('../../node_modules/@techstark/opencv-js/package.json', import.meta.url), 'utf8'),
  ) as { readonly version: string }
  const flat = Object.entries(PEER_RULES).filter(([, rule]) => rule.weights !== 'piece')
  return {
    name,
    version: installed,
    isSlow: false,
    cannot: new Map(flat.map(([id]) => [id, 'labels slices only'])),
    prepare: (of, standard) => () => scoreWithOpenCv(loaded.cv, of, PEER_RULES[standard]!),
  }
}

/** The plain reference first: the others are held against it. */
export async function implementationsHere(): Promise<readonly (Implementation | Absent)[]> {
  return [naive, await ours('simd'), await ours('scalar'), await opencvWasm()]
}

/** Score a case under each standard this implementation can, and time it where a budget is given. */
export function scoreHere(one: Implementation, of: ReferenceCase, standards: readonly string[], budgetMs: number) {
  return standards
    .filter((standard) => !one.cannot.has(standard))
    .map((standard): Score => {
      const call = one.prepare(of, standard)
      const repeats = budgetMs > 0 && !one.isSlow
      if (repeats) call() // compiled before it is timed
      const times: number[] = []
      const begin = performance.now()
      let score: number | null
      do {
        const start = performance.now()
        score = call()
        times.push(performance.now() - start)
      } while (repeats && (times.length < 3 || (performance.now() - begin < budgetMs && times.length < 100)))
      const median = budgetMs > 0 ? times.sort((a, b) => a - b)[times.length >> 1]! : null
      return { case: of.name, standard, engine: one.name, score, median, runs: times.length }
    })
}
