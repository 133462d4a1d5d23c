/** Whole commands, process start to process end, in turn with each other so that a drifting machine hits both alike. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { findPython } from './native.js'

export interface CommandRow {
  readonly name: string
  /** ms; null: absent. */
  readonly median: number | null
  readonly min: number | null
}

interface Command {
  readonly name: string
  readonly file: string
  readonly args: readonly string[]
  /** The score it must print, read from its output; null: none. */
  readonly score: ((stdout: string) => number) | null
}

export function timeCommands(rounds: number): readonly CommandRow[] {
  const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
  const main = here('../dist/bin/agatston.js')
  const scan = here('../../shared/data/qrm_canon/dicom')
  const python = findPython(['pydicom', 'scipy'])
  const commands: Command[] = []
  if (existsSync(main)) {
    commands.push({ name: 'agatston --help', file: process.execPath, args: [main, '--help'], score: null })
  }
  if (existsSync(main) && existsSync(scan)) {
    commands.push({
      name: 'agatston score (47 slices, hash included)',
      file: process.execPath,
      args: [main, 'score', scan, '--standard', 'fqm-python', '--whole-image', '--json'],
      score: (out) => (JSON.parse(out) as { total: { agatston: number } }).total.agatston,
    })
    if (python) {
      commands.push({
        name: 'pydicom + scipy (47 slices)',
        file: python,
        args: [here('peers/score_series.py'), scan],
        score: Number,
      })
    }
  }
  const times = commands.map((): number[] => [])
  let expected: number | null = null
  for (let round = 0; round <= rounds; round++) {
    commands.forEach(({ name, file, args, score }, n) => {
      const start = performance.now()
      const { status, stdout, stderr } = spawnSync(file, args, { encoding: 'utf8', maxBuffer: 2 ** 28 })
      const ms = performance.now() - start
      if (status !== 0) throw new Error(`${name} failed: ${stderr}`)
      if (score) {
        expected ??= score(stdout)
        const given = score(stdout)
        if (Math.abs(given - expected) > 1e-6 * expected)
          throw new Error(`WRONG ANSWER: ${name} says ${given}, should be ${expected}`)
      }
      if (round > 0) times[n]!.push(ms) // the first round warms the file cache
    })
  }
  return commands.map(({ name }, n) => {
    const sorted = times[n]!.sort((a, b) => a - b)
    return { name, median: sorted[sorted.length >> 1]!, min: sorted[0]! }
  })
}
