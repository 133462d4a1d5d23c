/** The speed goals, each as a ratio within one run. They inform; no test hangs on them. */
import type { Case } from './cases.js'
import type { CommandRow } from './commands.js'
import type { PairRow } from './pairs.js'
import type { Row } from './table.js'

export interface Goal {
  readonly goal: string
  readonly measured: string
  /** Null: a side was absent, or it is no goal but told beside one. */
  readonly reached: boolean | null
}

export function goalsOf(
  cases: readonly Case[],
  rows: readonly Row[],
  pairs: readonly PairRow[],
  commands: readonly CommandRow[],
): readonly Goal[] {
  const big = cases.find(({ slices }) => slices === 64)!.name
  const small = cases.find(({ name, slices }) => name.startsWith('torso') && slices === 16)!.name
  const at = (name: string, engine: string): number | null =>
    rows.find((row) => row.case === name && row.engine.startsWith(engine))?.median ?? null
  const best = (name: string, engine: string): number | null =>
    rows.find((row) => row.case === name && row.engine.startsWith(engine))?.min ?? null
  const command = (start: string): number | null => commands.find(({ name }) => name.startsWith(start))?.median ?? null
  const simd = at(big, 'agatston (simd)')
  const noise = cases.filter(({ name }) => name.startsWith('noise'))
  const worst = noise
    .map(({ name }) => ratio(at(name, 'agatston (simd)'), at(name, 'OpenCV 4')))
    .filter((value): value is number => value !== null)
  return [
    goal(
      'scoreSync of 33.5 MB with 3 % calcified, x copying it, the two in turn: at most 1.3',
      pairs.find(({ engine }) => engine.startsWith('agatston (simd)'))?.ratio ?? null,
      (r) => r <= 1.3,
    ),
    {
      goal: 'the same, each timed alone in a loop (best of each; caches as warm as they get)',
      measured: ratio(best(big, 'agatston (simd)'), best(big, 'copy'))?.toFixed(2) ?? '-',
      reached: null,
    },
    goal('scalar module, x SIMD: at most 6', ratio(at(big, 'agatston (scalar)'), simd), (r) => r <= 6),
    goal(
      'OpenCV native (labels and statistics only), x ours: at least 5',
      ratio(at(big, 'OpenCV 4'), simd),
      (r) => r >= 5,
    ),
    goal(
      'four times the slices, x the time: 3 to 5 is linear',
      ratio(simd, at(small, 'agatston (simd)')),
      (r) => r >= 3 && r <= 5,
    ),
    goal(
      'worst density and grain, ours x OpenCV native: at most 1',
      worst.length === 0 ? null : Math.max(...worst),
      (r) => r <= 1,
    ),
    goal(
      'agatston score of the 47-slice scan, pydicom + scipy x ours: at least 8',
      ratio(command('pydicom'), command('agatston score')),
      (r) => r >= 8,
    ),
    {
      goal: 'agatston --help: under 150 ms',
      measured: command('agatston --help') === null ? '-' : `${command('agatston --help')!.toFixed(0)} ms`,
      reached: command('agatston --help') === null ? null : command('agatston --help')! < 150,
    },
  ]
}

function ratio(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a / b
}

function goal(text: string, measured: number | null, reached: (r: number) => boolean): Goal {
  return {
    goal: text,
    measured: measured === null ? '-' : measured.toFixed(2),
    reached: measured === null ? null : reached(measured),
  }
}
