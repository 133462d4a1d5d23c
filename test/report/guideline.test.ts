/** Guideline editions: which rule applies at every edge, what blocks it, which fact is missing; and that the source is told. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  GUIDELINE_EDITIONS,
  type EditionId,
  type GuidelineInput,
  type RuleOutcome,
  guideline,
  guidelineSections,
} from '../../bindings/report/index.js'
import { changed, score, territoriesOf } from './make.js'

const PERSON = {
  sex: 'male',
  ageYears: 60,
  ldlCholesterolMgDl: 130,
  diabetes: false,
  smoker: false,
  familyHistory: false,
  onStatin: false,
  onLipidMedication: false,
} as const
const RISK = { pooledCohort: 0.1, preventAscvd: 0.06 }
const NEW: EditionId = 'acc-aha-2026'
const OLD: EditionId = 'acc-aha-2018-2019'

const input = (value: number, change: Partial<GuidelineInput> = {}): GuidelineInput => ({
  score: value,
  pieces: value === 0 ? 0 : 3,
  facts: PERSON,
  percentile: 50,
  risk: RISK,
  gated: 'evidence',
  ...change,
})
const applying = (edition: EditionId, of: GuidelineInput): string[] =>
  guideline(edition, of).rules.filter(({ state }) => state === 'applies').map(({ id }) => id) // prettier-ignore
const rule = (edition: EditionId, id: string, of: GuidelineInput): RuleOutcome =>
  guideline(edition, of).rules.find((one) => one.id === id)!

describe('by score', () => {
  it.each<[number, string[], string[]]>([
    [0, ['2026-zero'], ['2018-zero']],
    [0.01, ['2026-calcium', '2026-mild'], ['2018-mild']],
    [99.99, ['2026-calcium', '2026-mild'], ['2018-mild']],
    [100, ['2026-calcium', '2026-moderate'], ['2018-high']],
    [299.9, ['2026-calcium', '2026-moderate'], ['2018-high']],
    [300, ['2026-calcium', '2026-severe', '2026-severe-more'], ['2018-high']],
    [999.9, ['2026-calcium', '2026-severe', '2026-severe-more'], ['2018-high']],
    [1000, ['2026-calcium', '2026-extensive'], ['2018-high']],
  ])('%d', (value, now, before) => {
    expect(applying(NEW, input(value))).toEqual(now)
    expect(applying(OLD, input(value))).toEqual(before)
  })

  it.each<[GuidelineInput['percentile'], string, string]>([
    [74.99, 'applies', 'other'],
    [75, 'other', 'applies'],
    [[50, 75], 'applies', 'other'],
    [[75, 90], 'other', 'applies'],
    [[50, 90], 'undecided', 'undecided'],
    [undefined, 'undecided', 'undecided'],
  ])('percentile %j: mild %s, moderate %s', (percentile, mild, moderate) => {
    const { percentile: _, ...rest } = input(50)
    const of = percentile === undefined ? rest : { ...rest, percentile }
    expect(rule(NEW, '2026-mild', of).state).toBe(mild)
    expect(rule(NEW, '2026-moderate', of).state).toBe(moderate)
    expect(rule(OLD, '2018-high', of).state).toBe(moderate)
    if (mild === 'undecided') expect(rule(NEW, '2026-mild', of).needs).toEqual(['percentile'])
  })

  it('a percentile decides nothing where the score does', () => {
    const { percentile: _, ...rest } = input(150)
    expect(rule(NEW, '2026-moderate', rest).state).toBe('applies')
    expect(rule(NEW, '2026-zero', rest)).toMatchObject({ state: 'other', reasons: ['The score lies elsewhere.'] })
  })

  it('what makes a rule weigh more', () => {
    expect(rule(NEW, '2026-calcium', input(99.99)).emphasis).toEqual([])
    expect(rule(NEW, '2026-calcium', input(100, { percentile: 75 })).emphasis).toHaveLength(2)
    expect(rule(OLD, '2018-mild', input(5, { facts: { ...PERSON, ageYears: 54.9 } })).emphasis).toEqual([])
    expect(rule(OLD, '2018-mild', input(5, { facts: { ...PERSON, ageYears: 55 } })).emphasis).toHaveLength(1)
  })
})

describe('what stands in the way', () => {
  it.each([
    ['diabetes', { diabetes: true }, /Diabetes takes/],
    ['smoking', { smoker: true }, /Smoking takes/],
    ['a statin', { onStatin: true }, /taken already/],
    ['another lipid drug', { onLipidMedication: true }, /taken already/],
  ])('of a zero: %s', (_what, change, reason) => {
    const of = input(0, { facts: { ...PERSON, ...change } })
    for (const [edition, id] of [
      [NEW, '2026-zero'],
      [OLD, '2018-zero'],
    ] as const) {
      // prettier-ignore
      const outcome = rule(edition, id, of)
      expect(outcome.state).toBe('blocked')
      expect(outcome.reasons.join()).toMatch(reason)
      expect(guideline(edition, of).rescan).toMatchObject({ value: null, reason: expect.stringMatching(reason) })
    }
  })

  it('all of it is told at once', () => {
    const of = input(0, { facts: { ...PERSON, smoker: true, diabetes: true } })
    expect(rule(NEW, '2026-zero', of).reasons).toHaveLength(2)
  })

  it('LDL-C of 190 is severe in 2026, and outside the population of 2018, as 69.9 is', () => {
    const ldl = (value: number): GuidelineInput => input(0, { facts: { ...PERSON, ldlCholesterolMgDl: value } })
    expect([189.9, 190].map((value) => rule(NEW, '2026-zero', ldl(value)).state)).toEqual(['applies', 'blocked'])
    expect([69.9, 70, 189.9, 190].map((value) => rule(OLD, '2018-zero', ldl(value)).state)).toEqual(['blocked', 'applies', 'applies', 'blocked']) // prettier-ignore
  })

  it('a family history decides nothing until its age is known', () => {
    const of = input(0, { facts: { ...PERSON, familyHistory: true } })
    expect(rule(NEW, '2026-zero', of)).toMatchObject({
      state: 'undecided',
      needs: ['age of the relative at the event'],
    })
  })

  it.each<[string, number, 'male' | 'female' | undefined, string, string, string]>([
    ['39', 39.99, 'male', 'blocked', 'blocked', 'blocked'],
    ['40, a man', 40, 'male', 'applies', 'applies', 'blocked'],
    ['44, a woman', 44.9, 'female', 'blocked', 'applies', 'blocked'],
    ['44, sex unknown', 44, undefined, 'undecided', 'applies', 'blocked'],
    ['45, a woman', 45, 'female', 'applies', 'applies', 'blocked'],
    ['75', 75.9, 'female', 'applies', 'applies', 'blocked'],
    ['76', 76, 'female', 'blocked', 'blocked', 'applies'],
  ])('age %s', (_what, ageYears, sex, now, before, older) => {
    const { sex: _sex, ...rest } = PERSON
    const of = input(0, { facts: { ...rest, ageYears, ...(sex ? { sex } : {}) } })
    expect(rule(NEW, '2026-zero', of).state).toBe(now)
    expect(rule(OLD, '2018-zero', of).state).toBe(before)
    expect(rule(NEW, '2026-older', of).state).toBe(older)
  })

  it('above 75 years up to a score of 10 itself', () => {
    const of = (value: number): string =>
      rule(NEW, '2026-older', input(value, { facts: { ...PERSON, ageYears: 80 } })).state
    expect([0, 9.99, 10, 10.01].map(of)).toEqual(['applies', 'applies', 'applies', 'other'])
  })

  it.each([
    [0.0299, 0.0499, 'blocked', 'blocked'],
    [0.03, 0.05, 'applies', 'applies'],
    [0.0999, 0.1999, 'applies', 'applies'],
    [0.1, 0.2, 'blocked', 'blocked'],
  ])('risk %d by PREVENT, %d by the pooled cohort equations', (preventAscvd, pooledCohort, now, before) => {
    const of = input(0, { risk: { preventAscvd, pooledCohort } })
    expect(rule(NEW, '2026-zero', of).state).toBe(now)
    expect(rule(OLD, '2018-zero', of).state).toBe(before)
  })

  it('a score far above needs no other fact for its goals; a child is outside', () => {
    const bare = { score: 1200, pieces: 9, facts: {} }
    expect(applying(NEW, bare)).toEqual(['2026-extensive'])
    expect(rule(NEW, '2026-extensive', { ...bare, facts: { ageYears: 17.9 } }).state).toBe('blocked')
    expect(rule(NEW, '2026-extensive', { ...bare, facts: { ageYears: 18 } }).state).toBe('applies')
  })

  it('names every fact that is missing', () => {
    const bare = { score: 0, pieces: 0, facts: {} }
    expect(rule(NEW, '2026-zero', bare)).toMatchObject({
      state: 'undecided',
      needs: ['ageYears', 'risk.preventAscvd', 'diabetes', 'smoker', 'familyHistory', 'ldlCholesterolMgDl'],
    })
    expect(rule(OLD, '2018-zero', bare).needs).toEqual(['ageYears', 'ldlCholesterolMgDl', 'risk.pooledCohort', 'diabetes', 'smoker', 'familyHistory']) // prettier-ignore
    expect(guideline(NEW, bare).rescan.reason).toMatch(/3 to 7 years.*undecided/)
  })

  it('asks the clinician for therapy only where it is not known', () => {
    const asks = (facts: GuidelineInput['facts']): boolean =>
      rule(NEW, '2026-zero', input(0, { facts })).confirm.some((one) => one.includes('therapy'))
    const { onStatin: _a, onLipidMedication: _b, ...rest } = PERSON
    expect(asks(PERSON)).toBe(false)
    expect(asks(rest)).toBe(true)
  })

  it('an incidental finding, and a visual grade', () => {
    expect(rule(NEW, '2026-incidental', input(50)).state).toBe('other')
    expect(rule(NEW, '2026-incidental', input(50, { gated: null }))).toMatchObject({ state: 'undecided', needs: ['reason for the CT'] }) // prettier-ignore
    expect(rule(NEW, '2026-incidental', input(0, { gated: null })).state).toBe('other')
    expect(rule(NEW, '2026-visual-mild', input(50)).reasons.join()).toMatch(/visual grade/)
  })
})

describe('rescan', () => {
  it('3 to 7 years in 2026, 5 to 10 in 2018; none above zero', () => {
    expect(guideline(NEW, input(0)).rescan.value).toMatchObject({ fromYears: 3, toYears: 7 })
    expect(guideline(OLD, input(0)).rescan.value).toMatchObject({ fromYears: 5, toYears: 10 })
    expect(guideline(NEW, input(0.01)).rescan.reason).toMatch(/score of 0 only/)
  })
})

describe('the data', () => {
  it('are frozen through and through, and say how sure they are', () => {
    for (const edition of GUIDELINE_EDITIONS) {
      expect(edition.verification).toMatch(/Secondary source, unconfirmed/)
      for (const one of edition.rules) {
        expect(Object.isFrozen(one) && Object.isFrozen(one.anyOf) && Object.isFrozen(one.population)).toBe(true)
        expect(one.classOfRecommendation).toMatch(/^(1|2a|2b|IIa)$/)
        expect(one.levelOfEvidence).toMatch(/^B-N?R$/)
        expect(one.consider).toMatch(/consider|favour/)
      }
      const section = guideline(edition.id, input(0))
      expect(section).toMatchObject({ verification: edition.verification, source: edition.source })
      expect(section.statement).toMatch(/Considerations for the clinician/)
    }
    expect(guideline(OLD, input(0)).replacedBy).toMatch(/2026/)
  })

  it.each([
    ['2026-zero', '2a', 'B-NR', '4.2.3.6'],
    ['2026-calcium', '1', 'B-NR', '4.2.3.6'],
    ['2026-mild', '2a', 'B-R', '4.2.7'],
    ['2026-moderate', '1', 'B-R', '4.2.7'],
    ['2026-severe', '1', 'B-R', '4.2.7'],
    ['2026-severe-more', '2a', 'B-NR', '4.2.7'],
    ['2026-extensive', '1', 'B-NR', '4.2.7'],
    ['2026-older', '2b', 'B-NR', '4.2.8.3'],
    ['2018-zero', 'IIa', 'B-NR', '40 to 75'],
  ])('%s: class %s, level %s', (id, classOf, level, section) => {
    const found = GUIDELINE_EDITIONS.flatMap(({ rules }) => rules).find((one) => one.id === id)!
    expect([found.classOfRecommendation, found.levelOfEvidence]).toEqual([classOf, level])
    expect(found.section).toContain(section)
  })

  const FILE = new URL('../../../shared/spec/clinical/accaha_2026_cac_rules.json', import.meta.url)
  it.skipIf(!existsSync(FILE))('agree with the shared table (skipped where it is absent)', () => {
    const { rules } = JSON.parse(readFileSync(FILE, 'utf8')) as { rules: { cac: string; cor: string; loe: string; ref: string }[] } // prettier-ignore
    const ours = GUIDELINE_EDITIONS[0]!.rules
    for (const { cor, loe, ref } of rules) {
      const [section, recommendation] = ref.split(' rec ') as [string, string]
      const same = ours.filter((one) => one.section === `${section}, recommendation ${recommendation}`)
      expect(
        same.map((one) => [one.classOfRecommendation, one.levelOfEvidence]),
        ref,
      ).toContainEqual([cor, loe])
    }
  })
})

describe('guideline refuses', () => {
  it.each<[string, () => unknown, ErrorConstructor, RegExp]>([
    ['another edition', () => guideline('2013' as EditionId, input(0)), RangeError, /edition/],
    ['no input', () => guideline(NEW, null as unknown as GuidelineInput), TypeError, /input/],
    ['no facts', () => guideline(NEW, { ...input(0), facts: null as never }), TypeError, /facts/],
    ['a score below 0', () => guideline(NEW, input(-1)), RangeError, /score/],
    ['a score of nothing', () => guideline(NEW, { ...input(1), pieces: 0 }), RangeError, /score/],
    ['half a piece', () => guideline(NEW, { ...input(1), pieces: 0.5 }), RangeError, /pieces/],
    ['a percentile above 100', () => guideline(NEW, input(1, { percentile: 100.1 })), RangeError, /percentile/],
    ['a range of one end', () => guideline(NEW, input(1, { percentile: [1] as never })), RangeError, /percentile/],
    ['a range that falls', () => guideline(NEW, input(1, { percentile: [60, 50] })), RangeError, /percentile/],
    [
      'a risk in percent',
      () => guideline(NEW, input(1, { risk: { pooledCohort: 7.5 } })),
      RangeError,
      /risk.pooledCohort/,
    ],
    ['an age of 131', () => guideline(NEW, input(1, { facts: { ageYears: 131 } })), RangeError, /ageYears/],
    ['a word for a flag', () => guideline(NEW, input(1, { facts: { smoker: 'no' as never } })), TypeError, /smoker/],
    ['another sex', () => guideline(NEW, input(1, { facts: { sex: 'm' as never } })), RangeError, /sex/],
  ])('%s', (_what, run, kind, message) => {
    expect(run).toThrow(kind)
    expect(run).toThrow(message)
    expect(run).not.toThrow(/131/)
  })
})

describe('guidelineSections', () => {
  const result = score([450, 250], { territories: territoriesOf(['LM', 'LAD']) })
  const comparable = changed(result, { input: { ...result.input, kvp: 120 }, warnings: [] })

  it('both editions, the newest first', () => {
    const { value } = guidelineSections(comparable, PERSON, { percentile: [25, 50], risk: RISK })
    expect(value!.map(({ edition }) => edition)).toEqual([NEW, OLD])
    expect(value![0]!.rules.filter(({ state }) => state === 'applies').map(({ id }) => id)).toContain('2026-mild')
  })

  it('takes the sections of a report as they are', () => {
    const risk = {
      models: [
        { id: 'prevent-2023-10', risks: { value: [{ key: 'totalCvd', risk: 0.5 }, { key: 'ascvd', risk: 0.06 }] } },
        { id: 'pooled-cohort-2013', risks: { value: null } },
      ],
    } // prettier-ignore
    const read = (lower: number, upper: number | null, exact = false): string => {
      const context = { percentile: { place: { lower, upper, exact } }, risk }
      const [now, before] = guidelineSections(comparable, PERSON, context).value!
      expect(before!.rules[1]).toMatchObject({ state: 'undecided', needs: ['risk.pooledCohort'] })
      expect(now!.rules[1]!.state).toBe('applies')
      return now!.rules[2]!.state
    }
    expect([read(50, 75), read(75, 90), read(90, null), read(50, 90), read(75, 90, true)]).toEqual(['applies', 'other', 'other', 'undecided', 'other']) // prettier-ignore
  })

  it('without facts and sections: what is missing', () => {
    const { value } = guidelineSections(comparable, null, { percentile: null, risk: null })
    expect(value![0]!.rules[2]).toMatchObject({ state: 'undecided', needs: ['percentile'] })
  })

  it.each([
    ['a whole image', { scope: 'whole-image' }, /whole image/],
    ['100 kVp', { input: { ...comparable.input, kvp: 100 } }, /100 kVp/],
    ['an overridden refusal', { accepted: ['LOSSY'] }, /LOSSY/],
    ['other rules', { standard: { ...comparable.standard, id: 'ge' } }, /ge/],
  ] as const)('none for %s', (_what, change, reason) => {
    const answer = guidelineSections(changed(comparable, change as object), PERSON)
    expect(answer.value).toBeNull()
    expect(answer.reason).toMatch(reason)
  })
})
