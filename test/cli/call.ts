/** Calls of the command line inside the test's own process, with everything it writes caught. */
import { run } from '../../bindings/cli/run.js'
import type { RefusalReport, Result } from '../../bindings/index.js'

export interface Call {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface Terminal {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly env?: Record<string, string>
}

/** UTF-8, no terminal: what a script sees. */
export async function call(argv: readonly string[], terminal: Terminal = {}): Promise<Call> {
  let [out, err] = ['', '']
  const { isTTY = false, columns, env = { LANG: 'C.UTF-8' } } = terminal
  const code = await run(argv, {
    stdout: { write: (text) => (out += text), isTTY, columns },
    stderr: { write: (text) => (err += text), isTTY, columns },
    env,
    platform: 'linux',
  })
  return { code, out, err }
}

/** The codes of a refusal on stdout. */
export function refused({ code, out, err }: Call): string[] {
  if (code !== 3 || err !== '') throw new Error(`not refused: exit code ${code}, stderr ${JSON.stringify(err)}`)
  const report = JSON.parse(out) as RefusalReport
  if (report.schema !== 'agatston.refusal/1') throw new Error(`schema ${String(report.schema)}`)
  return report.refusals.map((refusal) => refusal.code)
}

export function scored({ code, out, err }: Call): Result {
  if (code !== 0) throw new Error(`exit code ${code}: ${err}${out.slice(0, 500)}`)
  return JSON.parse(out) as Result
}
