/**
 * The comparison with other implementations, on two volumes a hand can score: every peer at hand gives the worked answers under every
 * shipped standard it can express, and a score that differs is seen. Whatever python there is runs; CI has all but SimpleITK.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { ReferenceCase } from '../../bench/references/cases.js'
import { type Implementation, SHIPPED, implementationsHere, scoreHere } from '../../bench/references/here.js'
import { type PythonPeers, peersPython, scoreInPython } from '../../bench/references/python.js'
import { PEER_RULES } from '../../bench/references/rules.js'
import { type Score, judge } from '../../bench/references/score.js'
import { type Party, referencesTable } from '../../bench/references/table.js'
import { decodeVolume } from '../vectors/format.js'
import { box, dot, labels, volume } from '../vectors/build.js'

/** Pixels of 1 mm2 in two slices 2 mm apart and 3 mm thick: a factor of 2/3, or 1 by thickness, or 1 where there is none. */
const TOWERS: ReferenceCase = {
  name: 'towers',
  kind: 'int16',
  group: null,
  input: decodeVolume(
    volume({
      slices: 2,
      incrementMm: 2,
      thicknessMm: 3,
      boxes: [
        dot(150, 1, 1),
        dot(450, 2, 2), // at its corner
        dot(130, 8, 8),
        dot(250, 2, 2, 1), // on the 450
        box(210, [5, 7], [1, 3], [1, 2]),
        dot(250, 6, 2, 1),
        dot(1600, 5, 1, 1), // of the block, above 1500
      ],
    }),
  ),
}

/** Pixels of 0.45 mm2, stored + 1024, of unknown thickness, in two territories: 2.2 pixels to 1 mm2, 1.1 to 0.5 mm2. */
const LINES: ReferenceCase = {
  name: 'lines',
  kind: 'uint16',
  group: 'minimum',
  input: decodeVolume(
    volume({
      type: 'uint16',
      pixelSpacingMm: [0.6, 0.75],
      thicknessMm: null,
      rescale: [{ slope: 1, intercept: -1024 }],
      padding: [{ low: 1500, high: 1600 }],
      labels: labels(box(1, [0, 16], [0, 8]), box(2, [0, 8], [8, 12])),
      pixels: {
        fill: 1024,
        boxes: [
          ...[1, 2, 3].map((count) => box(1174, [2 * count, 2 * count + 1], [1, 1 + count])),
          box(1374, [7, 8], [6, 10]), // 350 HU, cut in two by the border of territories
          box(1374, [1, 2], [13, 16]), // outside
          box(1550, [10, 11], [1, 5]), // padding
        ],
      },
    }),
  ),
}

/** Worked by hand: pixels x weight of what counts, times area, times the slice factor. Null: refused, for want of a thickness. */
const WORKED: Readonly<Record<string, readonly [towers: number, lines: number | null]>> = {
  'agatston-130': [((2 * 4 + 1 + 2 + 4 * 4) * 2) / 3, 3 * 0.45],
  'fqm-python': [((2 * 4 + 4 * 4) * 2) / 3, 3 * 0.45],
  literature: [((1 + 4 + 1 + 2 + 4 * 4) * 2) / 3, 3 * 0.45],
  ge: [((1 + 4 + 1 + 2 + 4 * 4) * 2) / 3, 3 * 0.45],
  terarecon: [((1 + 4 + 1 + 2 + 4 * 4) * 2) / 3, 3 * 0.45],
  siemens: [((1 + 4 + 1 + 2 + 4 * 4) * 2) / 3, (1 + 2 + 3 + 2 * 3 + 2 * 3) * 0.45],
  philips: [((1 + 4 + 1 + 2 + 4 * 4) * 2) / 3, (2 + 3 + 2 * 3 + 2 * 3) * 0.45],
  canon: [(4 * 4 * 2) / 3, 3 * 0.45],
  horos: [((1 + 1 + 1 + 1 + 3 * 2) * 2) / 3, null],
  'calciumscoring-jl': [2 * 4 + 1 + 2 + 4 * 4, (2 + 3 + 2 * 3 + 2 * 3) * 0.45],
  'slicer-brains': [1 + 4 + 1 + 2 + 4 * 4, (1 + 2 + 3 + 4 * 3) * 0.45],
  'ai-cac': [4 + 4 + 4 * 4, null],
  cacslabeler: [4 * 4, null],
}

const CASES = [TOWERS, LINES]

/** What is wrong with these scores, in words; empty where nothing is. */
function wrongScores(scores: readonly Score[]): string[] {
  return scores.flatMap(({ case: name, standard, engine, score }) => {
    const wanted = WORKED[standard]![name === TOWERS.name ? 0 : 1]
    const isRight =
      score === null || wanted === null ? score === wanted : Math.abs(score - wanted) <= 1e-12 * Math.max(wanted, 1)
    return isRight ? [] : [`${engine} on ${name} under ${standard}: ${score}, not ${wanted}`]
  })
}

describe('the tables of rules', () => {
  it('have the same standards', () => {
    expect(Object.keys(PEER_RULES).sort()).toEqual([...SHIPPED].sort())
    expect(Object.keys(WORKED).sort()).toEqual([...SHIPPED].sort())
  })
})

describe('implementations that run here', () => {
  let here: readonly Implementation[]
  beforeAll(async () => {
    here = (await implementationsHere()).filter((one) => 'prepare' in one)
  })

  it('give the worked answers under every standard they have', () => {
    expect(here.map(({ name }) => name)).toEqual([
      'naive reference',
      'agatston (simd)',
      'agatston (scalar)',
      'OpenCV (wasm)',
    ])
    const scores = CASES.flatMap((of) => here.flatMap((one) => scoreHere(one, of, SHIPPED, 0)))
    expect(wrongScores(scores)).toEqual([])
    for (const { name, cannot } of here) {
      const own = scores.filter(({ engine }) => engine === name).length
      expect(own, name).toBe(CASES.length * (SHIPPED.length - cannot.size))
      expect(own, name).toBeGreaterThanOrEqual(CASES.length * 9)
    }
  })

  it('are timed where there is a budget: the slow one once', () => {
    const [naive, simd] = here.map((one) => scoreHere(one, TOWERS, ['siemens'], 1)[0]!)
    expect([naive!.runs, naive!.median !== null]).toEqual([1, true])
    expect(simd!.runs).toBeGreaterThanOrEqual(3)
    expect(scoreHere(here[1]!, TOWERS, ['siemens'], 0)[0]!.median).toBeNull()
  })
})

const python = peersPython()
const inCi = process.env['CI'] === 'true'
if (python === null && !inCi) console.warn('skipped: no python3 with numpy and scipy, scikit-image or OpenCV')

describe('implementations in Python', () => {
  let peers: PythonPeers
  const own = mkdtempSync(join(tmpdir(), 'agatston-test-'))
  beforeAll(() => {
    for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, own) // wherever the platform looks for temporary folders
  })
  afterAll(() => {
    vi.unstubAllEnvs()
    rmSync(own, { recursive: true })
  })

  it.skipIf(python === null && !inCi)('give the worked answers under every standard they can (needed on CI)', () => {
    peers = scoreInPython(CASES, SHIPPED, 0, python)
    expect(wrongScores(peers.scores)).toEqual([])
    const names = Object.keys(peers.libraries)
    expect(names.length).toBeGreaterThan(0)
    if (inCi) expect(names).toEqual(expect.arrayContaining(['scipy.ndimage', 'scikit-image', 'OpenCV (native)']))
    for (const name of names) {
      const standards = name.startsWith('OpenCV') ? 10 : 13 // OpenCV labels slices only
      expect(peers.scores.filter(({ engine }) => engine === name).length, name).toBe(CASES.length * standards)
    }
    expect([...names, ...peers.absent.map(({ name }) => name)].length).toBe(4)
  })

  it.skipIf(python === null && !inCi)('are told where a volume cannot be read, and leave nothing behind', () => {
    const cut = { ...TOWERS, input: { ...TOWERS.input, slices: 3 } }
    expect(() => scoreInPython([cut], SHIPPED, 0, python)).toThrow(/the Python peers failed[\s\S]*reshape/)
    expect(readdirSync(own)).toEqual([])
  })

  it('are absent, with what to install, where there is no Python', () => {
    const none = scoreInPython(CASES, SHIPPED, 0, null)
    expect(none.scores).toEqual([])
    expect(none.absent.map(({ name }) => name)).toEqual([
      'scipy.ndimage',
      'scikit-image',
      'OpenCV (native)',
      'SimpleITK',
    ])
  })
})

describe('the verdict', () => {
  const published = { ...TOWERS, published: { standard: 'siemens', score: 16, within: 5e-6 } }
  const score = (engine: string, value: number | null, standard = 'siemens'): Score => ({
    case: TOWERS.name,
    standard,
    engine,
    score: value,
    median: null,
    runs: 1,
  })
  const isWrong = (...scores: Score[]): boolean[] => judge([published], scores).map((one) => one.isWrong)

  it('is of 1e-9 relative, from the plain reference wherever it stands', () => {
    expect(isWrong(score('naive reference', 16), score('a', 16 * (1 + 0.9e-9)), score('b', 16 * (1 + 1.1e-9)))).toEqual(
      [false, false, true],
    )
    expect(isWrong(score('a', 16.000001), score('naive reference', 16), score('b', 16))).toEqual([true, false, false])
    expect(isWrong(score('naive reference', 0, 'ge'), score('a', 1e-30, 'ge'), score('b', 0, 'ge'))).toEqual([
      false,
      true,
      false,
    ])
  })

  it('knows refusals, and what is no number', () => {
    expect(isWrong(score('naive reference', null, 'horos'), score('a', null, 'horos'), score('b', 0, 'horos'))).toEqual(
      [false, false, true],
    )
    expect(isWrong(score('naive reference', 3, 'ge'), score('a', NaN, 'ge'), score('b', null, 'ge'))).toEqual([
      false,
      true,
      true,
    ])
  })

  it('holds all against what was published, under its standard alone', () => {
    expect(isWrong(score('naive reference', 16.000004), score('a', 16.000004))).toEqual([false, false])
    expect(isWrong(score('naive reference', 16.000006), score('a', 16.000006))).toEqual([true, true])
    expect(isWrong(score('naive reference', 17, 'ge'), score('a', 17, 'ge'))).toEqual([false, false])
    expect(isWrong(score('naive reference', null))).toEqual([true])
  })

  it('is shown: differences in bold, the absent with what to install', () => {
    const judged = judge(
      [published, LINES],
      [score('naive reference', 16), score('a', 17), { ...score('naive reference', 2, 'ge'), case: LINES.name }],
    )
    const party = (name: string, version: string | null, note = ''): Party => ({ name, version, note })
    const parties = [party('naive reference', '1'), party('a', '2'), party('b', null, 'get b')]
    const text = referencesTable({ date: '2026-01-01' }, [published, LINES], parties, judged)
    expect(text).toContain('**3 scores, 1 of them different.**')
    expect(text).toContain('| a | 2 | 1 | 5.9e-2 |  |  |')
    expect(text).toContain('| b | absent | | | | get b |')
    expect(text).toContain('| towers | siemens | a | 17 | **5.9e-2** |  | 1 |')
    expect(text).toContain('| towers | | b | absent | | | |')
    expect(text).toContain("| vectors, rule 'minimum', 1 volume | sum of 1 by pieces | naive reference | 2 |  |  | 1 |")
  })
})
