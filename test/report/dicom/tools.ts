/** Tools of others that judge what is written here. On CI they must be there; elsewhere their tests say that they were skipped. */
import { spawnSync } from 'node:child_process'

export const inCi = process.env['CI'] === 'true'

/** Whether a tool can be started; says so where it cannot. */
export function has(tool: string, args: readonly string[] = ['--version']): boolean {
  const there = spawnSync(tool, [...args], { stdio: 'ignore' }).error === undefined
  if (!there) console.warn(`skipped: ${tool} is not installed`)
  return there
}

/** Whether Debian's Python has pydicom. */
export function hasPydicom(): boolean {
  const there = spawnSync('/usr/bin/python3', ['-c', 'import pydicom, numpy'], { stdio: 'ignore' }).status === 0
  if (!there) console.warn('skipped: pydicom is not installed')
  return there
}
