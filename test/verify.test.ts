/** Every requirement has evidence, and all of it exists; a failing or absent piece fails its requirement; the pages say so. */
import { describe, expect, it } from 'vitest'
import type { ConformanceReport } from '../bindings/conformance/run.js'
import { STANDARDS } from '../bindings/score/further/index.js'
import { type TestResult, judge } from './verify/judge.js'
import { htmlPage, markdownPage } from './verify/page.js'
import {
  type Requirement,
  type Requirements,
  filesOf,
  requirements,
  titlesOf,
  unproved,
} from './verify/requirements.js'

describe('the requirements', () => {
  it('each have evidence, and every test and vector they name is there', () => {
    expect(unproved(requirements)).toEqual([])
    expect(requirements.requirements.length).toBeGreaterThan(90)
    for (const { prefix } of requirements.groups) {
      expect(
        requirements.requirements.some(({ id }) => id.startsWith(`${prefix}-`)),
        prefix,
      ).toBe(true)
    }
  })

  it('name every shipped standard', () => {
    const named = requirements.requirements.flatMap(({ evidence }) => evidence.flatMap((one) => ('standards' in one ? one.standards : []))) // prettier-ignore
    expect(STANDARDS.map(({ id }) => id).filter((id) => !named.includes(id))).toEqual([])
  })

  it('are not met by a test that is not there', () => {
    const one = (change: Partial<Requirement>): Requirements => ({
      ...requirements,
      requirements: [{ ...requirements.requirements[0]!, ...change }],
    })
    expect(unproved(one({ evidence: [] }))).toEqual(['SCORE-01: it has no evidence'])
    expect(unproved(one({ evidence: [{ file: 'test/none.test.ts', tests: ['x'] }] }))[0]).toContain('no file')
    expect(unproved(one({ evidence: [{ file: 'test/api.test.ts', tests: ['public nouns'] }] }))[0]).toContain(
      'no title',
    )
    expect(unproved(one({ evidence: [{ file: 'test/api.test.ts', tests: [''] }] }))[0]).toContain('no title')
    expect(unproved(one({ evidence: [{ vectors: ['no-rule'] }] }))[0]).toContain('no vectors of no-rule')
    expect(unproved(one({ evidence: [{ standards: ['no-standard'] }] }))[0]).toContain('no vectors of no-standard')
    expect(unproved(one({ id: 'X-01' }))[0]).toContain('no group')
    const twice = [requirements.requirements[0]!, requirements.requirements[0]!]
    expect(unproved({ ...requirements, requirements: twice })).toEqual(['SCORE-01: its id is used twice'])
  })

  it('find titles in tables, templates and suites', () => {
    expect(titlesOf('test/build.test.ts')).toEqual(expect.arrayContaining(['the ', ' module', 'imports nothing, and starts nothing'])) // prettier-ignore
    expect(titlesOf('test/score/vectors.test.ts')).toContain('give the sensitivity band')
    expect(filesOf(requirements.requirements)).toContain('test/score/vectors.test.ts')
  })
})

const EXAMPLE: Requirement = {
  id: 'SCORE-01',
  text: 'A text with <b>signs</b> & "quotes" | bars',
  source: 'A paper',
  evidence: [{ file: 'test/a.test.ts', tests: ['counts'] }, { vectors: ['threshold'] }, { standards: ['siemens'] }],
}
const test = (status: string, title = 'counts twice'): TestResult => ({ file: 'test/a.test.ts', titles: ['group', title], status }) // prettier-ignore
const CONFORMANCE = {
  rules: [{ rule: 'threshold', cases: 1, scores: 2, passed: 2, failed: 0 }],
  standardScores: { siemens: 4 },
  failures: [] as { standard: string }[],
  total: { rule: 'all', cases: 1, scores: 2, passed: 2, failed: 0 },
} as unknown as ConformanceReport
const verdict = (tests: readonly TestResult[], conformance: ConformanceReport | null = CONFORMANCE) =>
  judge([EXAMPLE], tests, conformance)[0]!.verdict

describe('the verdict', () => {
  it('is passed only where every piece of evidence ran and passed', () => {
    expect(verdict([test('passed')])).toBe('passed')
    expect(verdict([test('passed'), test('skipped')])).toBe('passed')
    expect(verdict([test('passed'), test('failed')])).toBe('failed')
    expect(verdict([test('passed'), test('a word nobody knows')])).toBe('failed')
    expect(verdict([test('skipped')])).toBe('missing')
    expect(verdict([test('passed', 'another')])).toBe('missing')
    expect(verdict([])).toBe('missing')
  })

  it('hangs on the vectors', () => {
    const rules = [{ ...CONFORMANCE.rules[0]!, failed: 1 }]
    const failures = [{ standard: 'siemens' }] as unknown as ConformanceReport['failures']
    expect(verdict([test('passed')], null)).toBe('missing')
    expect(verdict([test('passed')], { ...CONFORMANCE, rules: [] })).toBe('missing')
    expect(verdict([test('passed')], { ...CONFORMANCE, standardScores: {} })).toBe('missing')
    expect(verdict([test('passed')], { ...CONFORMANCE, rules })).toBe('failed')
    expect(verdict([test('passed')], { ...CONFORMANCE, failures })).toBe('failed')
  })
})

describe('the pages', () => {
  const content = {
    groups: requirements.groups,
    judged: judge([EXAMPLE], [test('failed')], CONFORMANCE),
    facts: [['Commit', '<none>']] as const,
    conformance: CONFORMANCE,
  }

  it('are escaped and need nothing from elsewhere', () => {
    const html = htmlPage(content)
    expect(html).toContain('A text with &lt;b&gt;signs&lt;/b&gt; &amp; &quot;quotes&quot; | bars')
    expect(html).toContain('&lt;none&gt;')
    expect(html).not.toMatch(/<script|<link|src=|https?:/)
    expect(markdownPage(content)).toContain('\\<b\\>signs\\</b\\> & "quotes" \\| bars')
  })

  it('tell what failed first', () => {
    expect(htmlPage(content)).toMatch(/NOT VERIFIED[\s\S]*SCORE-01/)
    expect(markdownPage(content)).toContain('NOT VERIFIED')
    const passed = { ...content, judged: judge([EXAMPLE], [test('passed')], CONFORMANCE) }
    expect(htmlPage(passed)).not.toContain('NOT VERIFIED')
    expect(markdownPage(passed)).toMatch(/VERIFIED: 1 of 1/)
  })
})
