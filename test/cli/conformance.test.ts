/** `agatston conformance`: the shipped vectors pass, whatever was tampered with is named, and what is no vector passes for nothing. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it, vi } from 'vitest'
import type { VectorFile } from '../../bindings/conformance/format.js'
import type { MeasureFile } from '../../bindings/conformance/measures.js'
import type { ConformanceReport } from '../../bindings/conformance/run.js'
import { STANDARDS } from '../../bindings/score/further/index.js'
import { call } from './call.js'

// A slow machine is no failure.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const VECTORS = fileURLToPath(new URL('../vectors/', import.meta.url))
const top = mkdtempSync(join(tmpdir(), 'agatston-conformance-'))
afterAll(() => rmSync(top, { recursive: true, force: true }))

type Changeable<T> = { -readonly [K in keyof T]: Changeable<T[K]> }
let folders = 0

/** A folder with one file of the vectors, changed. */
function folderWith<T = VectorFile>(name: string, change: (content: Changeable<T>) => void): string {
  const dir = join(top, String(folders++))
  mkdirSync(dir)
  const content = JSON.parse(readFileSync(join(VECTORS, name), 'utf8')) as Changeable<T>
  change(content)
  writeFileSync(join(dir, name), JSON.stringify(content))
  return dir
}

async function report(...argv: string[]): Promise<{ code: number; report: ConformanceReport }> {
  const { code, out, err } = await call(['conformance', '--json', ...argv])
  if (code > 1) throw new Error(`exit code ${code}: ${err}`)
  return { code, report: JSON.parse(out) as ConformanceReport }
}

describe('agatston conformance', () => {
  it('passes on the shipped vectors, both builds, every rule and every standard', async () => {
    const { code, report: all } = await report()
    expect([code, all.passed, all.failures, all.total.failed]).toEqual([0, true, [], 0])
    expect(all.schema).toBe('agatston.conformance/1')
    expect(all.standards).toEqual(STANDARDS.map(({ id }) => id))
    expect(all.builds.map(({ build, wasmSha256 }) => [build, wasmSha256.length])).toEqual([['simd', 64], ['scalar', 64]]) // prettier-ignore
    expect(all.builds[0]!.scores).toBe(all.builds[1]!.scores)
    expect(all.builds[0]!.scores).toBeGreaterThan(2000)
    expect(all.rules.length).toBeGreaterThan(17)
    expect(all.rules.filter(({ scores, passed, cases }) => scores !== passed || cases < 5)).toEqual([])
    expect(all.rules.reduce((sum, one) => sum + one.scores, 0)).toBe(all.total.scores)
    expect(all.vectors.map(({ file }) => file)).toContain('measures.json')
    expect(all.vectors.filter(({ sha256 }) => !/^[0-9a-f]{64}$/.test(sha256))).toEqual([])
  })

  it('prints a table that ends in a verdict, on one build', async () => {
    const dir = folderWith('published.json', () => {})
    const { code, out, err } = await call(['conformance', '--build', 'scalar', '--vectors', dir])
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^Rule +Cases +Scores +Passed +Failed/)
    expect(out).toMatch(/^published +15 +(\d+) +\1 +0$/m)
    expect(out).toContain('Module scalar')
    expect(out).not.toContain('Module simd')
    expect(out).toMatch(/PASSED: every score is what it must be\n$/)
  })

  it('names rule, case, standard, build and number of a score that is not the expected one', async () => {
    let name = ''
    const dir = folderWith('rules.json', ({ cases }) => {
      const one = cases.find(({ expected }) => expected[0]!.total.agatston > 0)!
      name = one.name
      one.expected[0]!.total.agatston *= 1 + 3e-9
    })
    const { code, report: tampered } = await report('--vectors', dir)
    expect([code, tampered.passed]).toEqual([1, false])
    expect(new Set(tampered.failures.map((one) => one.case))).toEqual(new Set([name]))
    const [first] = tampered.failures
    expect(first).toMatchObject({ build: 'simd', file: 'rules.json' })
    expect(first!.problems).toHaveLength(1)
    expect(first!.problems[0]).toMatch(/^total: agatston [\d.]+, not [\d.]+$/)
    expect(tampered.rules.find(({ rule }) => rule === first!.rule)!.failed).toBe(tampered.failures.length)
    const { out } = await call(['conformance', '--vectors', dir], { columns: 160, isTTY: true, env: { NO_COLOR: '1' } })
    expect(out).toContain(`- ${first!.rule}: ${name.slice(0, 40)}`)
    expect(out).toContain(first!.standard)
    expect(out).toContain(`FAILED: ${tampered.total.failed} of ${tampered.total.scores} scores`)
  })

  it('sees a piece that is off by one, a missing territory, a band and a measure', async () => {
    const piece = folderWith('published.json', ({ cases }) => {
      const row = cases.flatMap(({ expected }) => expected).find(({ pieces }) => pieces.length > 0)!
      ;(row.pieces[0] as number[])[3]! += 1
    })
    expect((await report('--vectors', piece)).report.failures[0]!.problems[0]).toMatch(/^no piece of lesion/)
    const territory = folderWith('space.json', ({ cases }) => {
      const { expected } = cases.find((one) => Object.keys(one.expected[0]!.territories).length > 0)!
      const territories = expected[0]!.territories as Record<string, unknown>
      territories['200'] = Object.values(territories)[0]
    })
    expect((await report('--vectors', territory)).report.failures.length).toBeGreaterThan(0)
    const band = folderWith('whole.json', ({ cases }) => {
      cases.find((one) => one.band)!.band!.max += 1
    })
    const { failures } = (await report('--vectors', band)).report
    expect(failures.map(({ standard, build }) => [standard, build])).toEqual([['sensitivity', 'simd'], ['sensitivity', 'scalar']]) // prettier-ignore
    const measure = folderWith<MeasureFile>('measures.json', ({ cases }) => {
      ;(cases[0] as { expected: number }).expected *= 1 + 2e-9
    })
    const { code, report: measured } = await report('--vectors', measure)
    expect(code).toBe(1)
    expect(measured.failures[0]).toMatchObject({ rule: 'measure: spatially-weighted', build: null, standard: null })
  })

  it('does not take a shipped standard for one with other parameters', async () => {
    const dir = folderWith('published.json', ({ standards }) => {
      standards['agatston-130']!.citation = 'another wording'
      standards['siemens']!.thresholdHu = 131
    })
    const { failures } = (await report('--vectors', dir, '--build', 'simd')).report
    expect(new Set(failures.map(({ standard }) => standard))).toEqual(new Set(['siemens']))
    expect(failures[0]!.problems[0]).toBe('standard siemens: thresholdHu 130, not 131')
  })

  it('goes on after a score that throws, and says what was thrown', async () => {
    const dir = folderWith('published.json', ({ cases }) => {
      cases[0]!.volume.massFactor = -1
    })
    const { code, report: thrown } = await report('--vectors', dir, '--build', 'simd')
    expect(code).toBe(1)
    expect(new Set(thrown.failures.map((one) => one.case)).size).toBe(1)
    expect(thrown.failures[0]!.problems[0]).toMatch(/^RangeError: /)
    expect(thrown.total.passed).toBeGreaterThan(100)
  })
})

describe('vectors that cannot be read', () => {
  const broken = (name: string, text: string): string => {
    const dir = join(top, String(folders++))
    cpSync(join(VECTORS, 'published.json'), join(dir, 'published.json'))
    writeFileSync(join(dir, name), text)
    return dir
  }
  it.each<[string, () => string, string]>([
    ['a folder that is not there', () => join(top, 'absent'), "'absent' cannot be read (ENOENT)"],
    ['a file', () => join(VECTORS, 'rules.json'), "'rules.json' cannot be read (ENOTDIR)"],
    ['a folder without vectors', () => join(VECTORS, 'define'), 'holds no vectors'],
    ['a file that is no JSON', () => broken('more.json', '{'), 'more.json is no JSON'],
    ['JSON of another kind', () => broken('more.json', '{"schema":"agatston.result/1"}'), 'more.json holds no vectors'],
    ['JSON of null', () => broken('more.json', 'null'), 'more.json holds no vectors'],
    ['no cases', () => broken('more.json', '{"schema":"agatston.vectors/1","cases":[]}'), 'more.json holds no cases'],
    ['an unknown measure', () => broken('more.json', '{"schema":"agatston.measure-vectors/1","cases":[{"measure":"x"}]}'), 'names no measure'], // prettier-ignore
    ['a case without a volume', () => broken('more.json', '{"schema":"agatston.vectors/1","cases":[{"name":"x"}]}'), 'cannot be decoded'], // prettier-ignore
    ['a case without an answer', () => folderWith('rules.json', ({ cases }) => void (cases[1]!.expected = [])), 'has no answer'], // prettier-ignore
    ['an answer under no standard', () => folderWith('rules.json', ({ cases }) => void (cases[1]!.expected[0]!.standards = [])), 'names no standard'], // prettier-ignore
    ['a standard by a name that objects inherit', () => folderWith('rules.json', ({ cases }) => void (cases[1]!.expected[0]!.standards = ['constructor'])), 'names the standard constructor'], // prettier-ignore
    ['a case without a rule', () => folderWith('rules.json', ({ cases }) => void delete (cases[1] as Partial<(typeof cases)[1]>).rule), 'no name or no rule'], // prettier-ignore
    ['no rescale', () => folderWith('rules.json', ({ cases }) => void (cases[1]!.volume.rescale = [])), 'rescale has 0 entries'], // prettier-ignore
    ['a padding for half of the slices', () => folderWith('space.json', ({ cases }) => void (cases.find(({ volume }) => volume.slices > 2)!.volume.padding = [null, null])), 'padding has 2 entries'], // prettier-ignore
    ['two cases of one name', () => folderWith('rules.json', ({ cases }) => void (cases[1]!.name = cases[0]!.name)), 'two cases have one name'], // prettier-ignore
    ['a pixel too few', () => folderWith('rules.json', ({ cases }) => void (cases[1]!.volume.pixels = { values: [1] })), 'a vector holds 1 values'], // prettier-ignore
  ])('%s is wrong usage', async (_, dir, message) => {
    const { code, out, err } = await call(['conformance', '--vectors', dir()], { columns: 160, isTTY: true, env: {} })
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(message)
    expect(err).not.toContain(top)
  })

  it('a path, and a build that is not there', async () => {
    expect((await call(['conformance', VECTORS])).err).toContain('--vectors')
    expect((await call(['conformance', '--build', 'simb'])).err).toContain('did you mean simd')
  })
})
