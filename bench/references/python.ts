/** The Python peers: volumes go to them as raw little-endian files in a temporary folder, scores come back line by line. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { endianness, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findPython } from '../native.js'
import type { ReferenceCase } from './cases.js'
import type { Score } from './score.js'

/** How to get each, where it is not installed. */
const INSTALL: Readonly<Record<string, string>> = {
  'scipy.ndimage': 'apt-get install python3-scipy',
  'scikit-image': 'apt-get install python3-skimage',
  'OpenCV (native)': 'apt-get install python3-opencv',
  SimpleITK: 'pip install SimpleITK',
}

/** The libraries as Python imports them. */
const MODULES = ['scipy', 'skimage', 'cv2', 'SimpleITK']

export interface PythonPeers {
  readonly scores: readonly Score[]
  /** Version by name, of those that ran. */
  readonly libraries: Readonly<Record<string, string>>
  /** Of Python and NumPy. */
  readonly versions: Readonly<Record<string, string>>
  readonly absent: readonly { readonly name: string; readonly install: string }[]
}

/** The interpreter that has most of the libraries; null where none has any of them. */
export const peersPython = (): string | null => findPython(MODULES)

/**
 * Scores of every library that is installed.
 *
 * @throws Error with what Python said where a driver fails
 */
export function scoreInPython(
  cases: readonly ReferenceCase[],
  standards: readonly string[],
  budgetMs: number,
  python = peersPython(),
): PythonPeers {
  const absentOf = (has: object) =>
    Object.entries(INSTALL)
      .filter(([name]) => !(name in has))
      .map(([name, install]) => ({ name, install }))
  if (python === null) return { scores: [], libraries: {}, versions: {}, absent: absentOf({}) }
  const folder = mkdtempSync(join(tmpdir(), 'agatston-references-'))
  try {
    writeCases(folder, cases, standards, budgetMs)
    const driver = fileURLToPath(new URL('../peers/references.py', import.meta.url))
    const { status, signal, stdout, stderr } = spawnSync(python, ['-B', driver, folder], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
    })
    if (status !== 0) throw new Error(`the Python peers failed (${signal ?? status}):\n${stderr}`)
    const [first, ...lines] = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as unknown)
    const { versions, libraries } = first as Pick<PythonPeers, 'versions' | 'libraries'>
    const timed = new Set(cases.filter(({ group }) => group === null).map(({ name }) => name))
    const scores = (lines as Score[]).map((one) => (timed.has(one.case) ? one : { ...one, median: null }))
    return { scores, libraries, versions, absent: absentOf(libraries) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const TYPES = { int16: '<i2', uint16: '<u2', float32: '<f4' } as const

function writeCases(folder: string, cases: readonly ReferenceCase[], standards: readonly string[], budgetMs: number) {
  const list = cases.map(({ name, kind, group, input }, n) => {
    const { pixels, rows, columns, slices, labels, pixelSpacingMm, incrementMm, thicknessMm } = input
    writeFileSync(join(folder, `${n}.raw`), littleEndian(pixels))
    if (labels) writeFileSync(join(folder, `${n}.labels`), labels)
    const all = Array.from({ length: slices }, (_, k) => k)
    return {
      name,
      rows,
      columns,
      slices,
      pixelSpacingMm,
      incrementMm,
      thicknessMm,
      standards,
      pixels: `${n}.raw`,
      labels: labels ? `${n}.labels` : null,
      type: TYPES[kind],
      rescale: all.map((k) => [input.rescale(k).slope, input.rescale(k).intercept]),
      padding: input.padding
        ? all.map((k) => input.padding!(k)).map((range) => range && [range.low, range.high])
        : null,
      budget: group === null ? budgetMs / 1000 : 0,
    }
  })
  writeFileSync(join(folder, 'cases.json'), JSON.stringify(list))
}

function littleEndian(values: Int16Array | Uint16Array | Float32Array): Uint8Array {
  const bytes = Buffer.from(values.slice().buffer)
  if (endianness() === 'LE') return bytes
  return values.BYTES_PER_ELEMENT === 2 ? bytes.swap16() : bytes.swap32()
}
