/** Runs the Python peers on the same volumes in the same run. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Answer, Case } from './cases.js'

export interface NativeRow {
  readonly case: string
  readonly engine: string
  readonly job: string
  readonly median: number
  readonly min: number
  readonly answer: Partial<Answer>
}

/** Interpreters worth asking: the one named, the one on the path, and the system's, where distributions put OpenCV. */
const INTERPRETERS = [process.env['AGATSTON_PYTHON'] ?? [], 'python3', '/usr/bin/python3'].flat()

/** The interpreter that has most of the modules, or null where none has numpy. */
export function findPython(modules: readonly string[]): string | null {
  const probe = `import importlib.util as u; print(sum(u.find_spec(m) is not None for m in ${JSON.stringify(modules)}) if u.find_spec("numpy") else 0)`
  const ranked = INTERPRETERS.map((python) => {
    const { status, stdout } = spawnSync(python, ['-c', probe], { encoding: 'utf8' })
    return { python, has: status === 0 ? Number(stdout) : 0 }
  }).sort((a, b) => b.has - a.has)
  return ranked[0]!.has > 0 ? ranked[0]!.python : null
}

/** Times of OpenCV and scipy on every case; empty where there is no Python with either. */
export function timeNative(cases: readonly Case[], budgetSeconds: number): readonly NativeRow[] {
  const python = findPython(['cv2', 'scipy'])
  if (python === null) return []
  const folder = mkdtempSync(join(tmpdir(), 'agatston-bench-'))
  try {
    const list = cases.map(({ name, data, rows, columns, slices, spacing }, n) => {
      const file = join(folder, `${n}.raw`)
      writeFileSync(file, data)
      return { name, file, rows, columns, slices, spacing, budget: budgetSeconds }
    })
    const driver = fileURLToPath(new URL('peers/native.py', import.meta.url))
    const { status, stdout, stderr } = spawnSync(python, [driver], {
      input: JSON.stringify(list),
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    })
    if (status !== 0) throw new Error(`the Python peers failed:\n${stderr}`)
    return stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as NativeRow)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
