/** Times as one table a reader can check: medians, and each as a multiple of copying the volume in the same run. */
import type { Case } from './cases.js'
import type { CommandRow } from './commands.js'
import type { Goal } from './goals.js'
import type { PairRow } from './pairs.js'

export interface Row {
  readonly case: string
  readonly engine: string
  readonly job: string
  /** ms; null: the engine is absent, and `job` says why. */
  readonly median: number | null
  readonly min: number | null
}

export type About = Readonly<Record<string, string | number>>

export function markdown(
  about: About,
  cases: readonly Case[],
  rows: readonly Row[],
  pairs: readonly PairRow[],
  commands: readonly CommandRow[],
  goals: readonly Goal[],
): string {
  const lines = ['# Benchmark', '', ...Object.entries(about).map(([key, value]) => `- ${key}: ${value}`), '']
  lines.push(
    'Medians in ms of repeated calls in one process (Python peers: in one more, in the same run). Every answer was checked.',
    '',
  )
  for (const { name, data, answer } of cases) {
    const own = rows.filter((row) => row.case === name)
    const copy = own.find(({ engine }) => engine === 'copy')?.median ?? NaN
    lines.push(
      `## ${name}`,
      '',
      `${(data.byteLength / 1e6).toFixed(1)} MB, ${((100 * answer.pixels) / data.length).toFixed(2)} % calcified, ${answer.components} components`,
      '',
      '| engine | job | median ms | min ms | x copy |',
      '| --- | --- | ---: | ---: | ---: |',
    )
    for (const { engine, job, median, min } of own) {
      lines.push(
        median === null || min === null
          ? `| ${engine} | absent: ${job} | | | |`
          : `| ${engine} | ${job} | ${median.toFixed(2)} | ${min.toFixed(2)} | ${(median / copy).toFixed(2)} |`,
      )
    }
    lines.push('')
  }
  lines.push('## In turn', '', 'Median of the ratios of pairs of calls, A B A B.', '')
  lines.push('| case | engine | against | ratio | pairs |', '| --- | --- | --- | ---: | ---: |')
  for (const pair of pairs) {
    lines.push(`| ${pair.case} | ${pair.engine} | ${pair.against} | ${pair.ratio.toFixed(2)} | ${pair.rounds} |`)
  }
  lines.push('')
  lines.push('## Whole commands', '', '| command | median ms | min ms |', '| --- | ---: | ---: |')
  for (const { name, median, min } of commands) {
    lines.push(
      `| ${name} | ${median === null ? 'absent' : median.toFixed(0)} | ${min === null ? '' : min.toFixed(0)} |`,
    )
  }
  lines.push('', '## Goals', '', '| goal | measured | reached |', '| --- | ---: | --- |')
  for (const { goal, measured, reached } of goals) {
    lines.push(`| ${goal} | ${measured} | ${reached === null ? '-' : reached ? 'yes' : 'NO'} |`)
  }
  return `${lines.join('\n')}\n`
}
