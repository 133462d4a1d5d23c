/** A claim before it is sent: payers, notices and their modifiers two by two, diagnosis codes, components, rules of states. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  type Claim,
  type ClaimContext,
  type ClaimInput,
  type ClaimLine,
  checkClaim,
  claimCheck,
} from '../../bindings/report/index.js'
import { CONTRAST_CODES, DIAGNOSES, NOTICES, NOTICE_PAIRS, SOURCES } from '../../bindings/report/coding/billing.js'
import { changed, score, territoriesOf } from './make.js'

const MEDICARE: ClaimInput = { payer: 'original-medicare', purpose: 'screening', orderingDiagnoses: ['Z13.6'] }
const find = (claim: Claim, state: ClaimLine['state'], text: RegExp): boolean =>
  claim.lines.some((one) => one.state === state && text.test(one.text))
const check = (change: Partial<ClaimInput>, context?: ClaimContext): Claim =>
  claimCheck({ ...MEDICARE, ...change }, context)

describe('every line', () => {
  it('bears source, date, how sure it is, and that it is no advice; conflicts come first', () => {
    const claims = [check({}), check({ payer: 'self-pay' }), check({ payer: 'commercial', state: 'TX' })]
    for (const { lines, statement } of claims) {
      expect(statement).toBe('Not legal or billing advice.')
      const order = lines.map(({ state }) => ['conflict', 'refusal', 'gap', 'fits', 'note'].indexOf(state))
      expect(order).toEqual([...order].sort((a, b) => a - b))
      for (const one of lines) {
        expect(one.advice).toBe('Not legal or billing advice.')
        for (const text of [one.source, one.date, one.verification, one.text]) expect(text).not.toBe('')
        expect(one.text).toMatch(/[.)]$/)
      }
    }
    for (const { verification } of Object.values(SOURCES)) expect(verification).toMatch(/\.$/)
  })

  it('of the code’s owner says nothing: numbers and our own words', () => {
    // Words of the published descriptors of 75571 to 75574 that nobody needs to say the same in his own.
    const owned = /computed tomography, heart|quantitative evaluation of coronary calcium|without contrast material|with contrast material|3D image postprocessing|cardiac structure and morphology/i // prettier-ignore
    const folder = new URL('../../bindings/report/', import.meta.url)
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
    expect(files.length).toBeGreaterThan(20)
    const texts = files.map((name) =>
      readFileSync(new URL(name.replaceAll('\\', '/'), folder), 'utf8').replace(/\s+\*?\s*/g, ' '),
    )
    expect(texts.filter((text) => owned.test(text))).toEqual([])
  })
})

describe('verdict', () => {
  it('conflicts, a refusal to be expected, or gaps', () => {
    expect(check({ units: 2 }).verdict).toBe('conflicts')
    expect(check({ modifiers: ['GA'], abn: 'signed-before' }).verdict).toBe('refusal expected')
    expect(check({ purpose: 'diagnostic', orderingDiagnoses: ['Z82.49'] }).verdict).toBe('gaps')
    expect(check({}).codes).toEqual(['75571'])
  })
})

describe('codes of the session', () => {
  it.each(['75572', '75573', '75574'])('%s beside it is a conflict, and 59 no way round', (code) => {
    const claim = check({ codes: ['75571', code] })
    expect(find(claim, 'conflict', new RegExp(`not reported with ${code}`))).toBe(true)
    for (const modifier of ['59', 'XE', 'XP', 'XS', 'XU'])
      expect(find(check({ codes: ['75571', code], modifiers: [modifier] }), 'conflict', /get round/)).toBe(true)
  })

  it('alone, beside another, more than once', () => {
    expect(find(check({}), 'fits', /stands alone/)).toBe(true)
    expect(find(check({ codes: ['71250', '75571'] }), 'gap', /71250: edits/)).toBe(true)
    expect(find(check({ units: 1 }), 'fits', /once, for all vessels/)).toBe(true)
    expect(find(check({ units: 2 }), 'conflict', /once for a study/)).toBe(true)
    expect(find(check({ modifiers: ['59'] }), 'gap', /59: from which service/)).toBe(true)
    expect(find(check({ modifiers: ['LT'] }), 'gap', /LT: not among/)).toBe(true)
  })

  it.each([
    [[], 'global', 'fits'],
    [['26'], 'professional', 'fits'],
    [['TC'], 'technical', 'fits'],
    [['26', 'TC'], null, 'conflict'],
  ] as const)('modifiers %j: %s', (modifiers, component, state) => {
    const claim = check({ modifiers })
    expect(claim.component).toBe(component)
    expect(find(claim, state, /26|TC/)).toBe(true)
  })
})

describe('notice', () => {
  it('needed for screening under Original Medicare; undecided otherwise; none for other payers', () => {
    expect(check({}).abn.need).toBe('needed')
    expect(check({ purpose: 'diagnostic' }).abn.need).toBe('undecided')
    expect(claimCheck({ payer: 'original-medicare' }).abn).toMatchObject({ need: 'undecided', why: expect.stringMatching(/purpose/) }) // prettier-ignore
    for (const payer of ['medicare-advantage', 'medicaid', 'commercial', 'other-government', 'self-pay'] as const)
      expect(check({ payer }).abn.need).toBe('not for this payer')
  })

  it.each([
    ['GA', 'GX', false],
    ['GA', 'GY', false],
    ['GA', 'GZ', false],
    ['GX', 'GY', true],
    ['GX', 'GZ', false],
    ['GY', 'GZ', false],
  ] as const)('%s with %s on one line: %s', (one, other, together) => {
    for (const modifiers of [
      [one, other],
      [other, one],
    ]) {
      // prettier-ignore
      const claim = check({ modifiers })
      expect(find(claim, 'conflict', new RegExp(`${one} and ${other} must not`))).toBe(!together)
      expect(find(claim, 'fits', new RegExp(`${one} and ${other} may`))).toBe(together)
    }
    expect(NOTICE_PAIRS).toHaveLength(6)
  })

  it.each([
    ['GA', 'signed-before', 'fits'],
    ['GA', 'signed-after', 'conflict'],
    ['GA', 'none', 'conflict'],
    ['GA', 'refused', 'gap'],
    ['GA', undefined, 'gap'],
    ['GX', 'signed-before', 'conflict'], // screening needs the required one
    ['GX', 'none', 'conflict'],
    ['GX', undefined, 'gap'],
    ['GY', 'none', 'gap'],
    ['GY', 'signed-before', 'gap'],
    ['GZ', 'none', 'fits'],
    ['GZ', 'signed-after', 'fits'],
    ['GZ', 'signed-before', 'conflict'],
    ['GZ', 'refused', 'gap'],
    ['GZ', undefined, 'gap'],
  ] as const)('%s with an ABN %s: %s', (modifier, abn, state) => {
    const claim = check({ modifiers: [modifier], ...(abn ? { abn } : {}) })
    expect(claim.lines.filter(({ text }) => text.startsWith(`${modifier} (`)).map((one) => one.state)).toEqual([state])
  })

  it('GX agrees with a voluntary notice where the scan was no screening', () => {
    const claim = check({ purpose: 'diagnostic', modifiers: ['GX'], abn: 'signed-before' })
    expect(find(claim, 'fits', /^GX/)).toBe(true)
  })

  it('none of the four, a notice after the service, one refused, notices as routine', () => {
    expect(find(check({}), 'gap', /None of GA, GX, GY, GZ/)).toBe(true)
    expect(find(check({ modifiers: ['GA'] }), 'gap', /None of GA/)).toBe(false)
    expect(find(check({ abn: 'signed-after' }), 'conflict', /after the service is none/)).toBe(true)
    expect(find(check({ abn: 'refused' }), 'gap', /refused/)).toBe(true)
    expect(find(check({}), 'note', /routine are prohibited/)).toBe(true)
  })

  it.each([
    ['medicare-advantage', 'conflict'],
    ['self-pay', 'conflict'],
    ['commercial', 'gap'],
    ['medicaid', 'gap'],
    ['other-government', 'gap'],
  ] as const)('GA under %s: %s; an ABN there: conflict', (payer, state) => {
    const claim = check({ payer, modifiers: ['GA'], abn: 'signed-before' })
    expect(find(claim, state, /^GA:/)).toBe(true)
    expect(find(claim, 'conflict', /An ABN was given/)).toBe(true)
    expect(find(check({ payer, abn: 'none' }), 'conflict', /An ABN was given/)).toBe(false)
  })
})

describe('diagnoses', () => {
  it('known ones have our words, others none; both roles stay apart', () => {
    const claim = check({ orderingDiagnoses: ['Z136', 'E78.49', 'M54.5'], resultDiagnoses: ['R931'] })
    expect(claim.diagnoses.map(({ role, code, words }) => [role, code, words !== null])).toEqual([
      ['ordering', 'Z13.6', true],
      ['ordering', 'E78.49', true],
      ['ordering', 'M54.5', false],
      ['result', 'R93.1', true],
    ])
    expect(find(claim, 'gap', /M54\.5 \(ordering\) is not among/)).toBe(true)
    expect(find(claim, 'fits', /R93\.1/)).toBe(true)
  })

  it.each<[string, Partial<ClaimInput>, ClaimLine['state'], RegExp]>([
    ['no order', { orderingDiagnoses: [] }, 'gap', /No code says why/],
    ['screening without Z13.6', { orderingDiagnoses: ['I10'] }, 'gap', /without Z13\.6/],
    ['Z13.6 for a diagnostic scan', { purpose: 'diagnostic' }, 'conflict', /Z13\.6 .*diagnostic/],
    ['a finding as the order', { orderingDiagnoses: ['Z13.6', 'I25.10'] }, 'gap', /I25\.10 .*known before/],
    ['Z13.6 as a finding', { resultDiagnoses: ['Z13.6'] }, 'conflict', /is no finding: it belongs/],
    ['a risk factor as a finding', { resultDiagnoses: ['I10'] }, 'gap', /I10 .*no finding of this scan/],
    ['one code in both', { orderingDiagnoses: ['R93.1'], resultDiagnoses: ['R93.1'] }, 'conflict', /both as why/],
    ['I25.84 alone', { resultDiagnoses: ['I25.84'] }, 'gap', /none stands before it/],
    ['I25.84 first', { resultDiagnoses: ['I25.84', 'I25.10'] }, 'gap', /none stands before it/],
    ['an unknown finding', { resultDiagnoses: ['I71.2'] }, 'gap', /I71\.2 \(result\)/],
  ])('%s', (_what, change, state, text) => {
    expect(find(check(change), state, text)).toBe(true)
  })

  it('I25.84 after atherosclerosis is in order', () => {
    for (const first of ['I25.10', 'I25.700', 'I25.812'])
      expect(find(check({ resultDiagnoses: [first, 'I25.84'] }), 'gap', /none stands before/)).toBe(false)
  })

  const result = score([450], { territories: territoriesOf(['LAD']) })
  const zero = score([], { territories: territoriesOf(['LAD']) })
  it('beside the score', () => {
    expect(find(check({}, { result }), 'gap', /above 0 and no code/)).toBe(true)
    expect(find(check({ resultDiagnoses: ['R93.1'] }, { result }), 'gap', /above 0 and no code/)).toBe(false)
    expect(find(check({ resultDiagnoses: ['I25.10', 'I25.84'] }, { result: zero }), 'conflict', /I25\.84 .*score is 0/)).toBe(true) // prettier-ignore
    expect(find(check({ resultDiagnoses: ['R93.1'] }, { result: zero }), 'gap', /R93\.1 .*score is 0/)).toBe(true)
    const unconfirmed = changed(result, { scope: 'candidates', category: null })
    expect(find(check({ resultDiagnoses: ['R93.1'] }, { result: unconfirmed }), 'gap', /no confirmed score/)).toBe(true)
    expect(find(check({}, { result: unconfirmed }), 'gap', /no confirmed score/)).toBe(false)
  })
})

describe('what was done', () => {
  it('is not known without a result, and read from its rows with one', () => {
    expect(find(check({}), 'gap', /Neither a result nor headers/)).toBe(true)
    const result = score([450], { territories: territoriesOf(['LAD']) })
    const contrast = changed(result, { input: { ...result.input, kind: 'dicom-series', contrast: 'recorded' } })
    expect(find(check({}, { result: contrast }), 'conflict', /Contrast is recorded/)).toBe(true)
    expect(find(check({}, { result }), 'fits', /confirmed scope/)).toBe(true)
    expect(find(check({}, { result, eligibility: [] }), 'fits', /confirmed scope/)).toBe(false)
  })

  it('blood as bright as with contrast is no "none recorded"', () => {
    const result = score([450], { territories: territoriesOf(['LAD']) })
    const input = { ...result.input, kind: 'dicom-series', contrast: 'none' } as const
    const bright = { code: 'CONTRAST_RESIDUAL', message: '', details: {} } as const
    expect(find(check({}, { result: changed(result, { input, warnings: [] }) }), 'fits', /No contrast is recorded/)).toBe(true) // prettier-ignore
    expect(find(check({}, { result: changed(result, { input, warnings: [bright] }) }), 'gap', /blood is as bright/)).toBe(true) // prettier-ignore
  })
})

describe('payers', () => {
  it.each<[Partial<ClaimInput>, ClaimLine['state'], RegExp]>([
    [{}, 'refusal', /Screening is not covered/],
    [{ purpose: 'diagnostic' }, 'gap', /local contractor/],
    [{ payer: 'medicare-advantage' }, 'gap', /plan decides/],
    [{ payer: 'medicaid' }, 'gap', /state to state/],
    [{ payer: 'commercial' }, 'gap', /own policy/],
    [{ payer: 'commercial' }, 'gap', /which state is not known/],
    [{ payer: 'commercial', state: 'OK' }, 'gap', /No statute of this state is known/],
    [{ payer: 'other-government' }, 'gap', /programme/],
    [{ payer: 'self-pay' }, 'gap', /goodFaithEstimate/],
    [{ payer: 'self-pay', goodFaithEstimate: true }, 'fits', /it was given/],
    [{ payer: 'self-pay', goodFaithEstimate: false }, 'conflict', /was not given/],
    [{ payer: 'self-pay' }, 'gap', /has Medicare or a plan/],
    [{ payer: 'self-pay' }, 'note', /50 to 450/],
  ])('%j: %s', (change, state, text) => {
    expect(find(check(change), state, text)).toBe(true)
  })

  const TEXAS = { payer: 'commercial', state: 'TX', framinghamRisk: 'low', yearsSinceLastScan: 5 } as const
  it.each([
    ['male', 45.9, 'note'],
    ['male', 46, 'fits'],
    ['male', 75.9, 'fits'],
    ['male', 76, 'note'],
    ['female', 55.9, 'note'],
    ['female', 56, 'fits'],
    ['female', 76, 'note'],
    [undefined, 50, 'gap'],
    [undefined, 60, 'fits'],
    [undefined, 44, 'note'],
    ['male', undefined, 'gap'],
  ] as const)('Texas: %s of %s: %s', (sex, ageYears, state) => {
    const facts = { diabetes: true, ...(sex ? { sex } : {}), ...(ageYears ? { ageYears } : {}) }
    expect(find(check(TEXAS, { facts }), state, /^Texas: coverage of up to 200/)).toBe(true)
  })

  it.each([
    [{ framinghamRisk: 'low' }, { diabetes: false }, 'note'],
    [{ framinghamRisk: 'intermediate' }, { diabetes: false }, 'fits'],
    [{ framinghamRisk: 'high' }, {}, 'fits'],
    [{ framinghamRisk: 'low' }, {}, 'gap'],
    [{ framinghamRisk: undefined }, { diabetes: false }, 'gap'],
    [{ yearsSinceLastScan: 4.9 }, { diabetes: true }, 'note'],
    [{ yearsSinceLastScan: undefined }, { diabetes: true }, 'gap'],
  ] as const)('Texas: %j, %j: %s', (change, facts, state) => {
    const given = Object.fromEntries(Object.entries({ ...TEXAS, ...change }).filter(([, value]) => value !== undefined))
    const claim = claimCheck(given as unknown as ClaimInput, { facts: { sex: 'male', ageYears: 60, ...facts } })
    expect(find(claim, state, /^Texas: coverage of up to 200/)).toBe(true)
  })
})

describe('the data', () => {
  it.each([
    ['Z13.6', 'ordering'],
    ['Z82.49', 'ordering'],
    ['E78.5', 'ordering'],
    ['I10', 'ordering'],
    ['I25.10', 'result'],
    ['I25.84', 'result'],
    ['R93.1', 'result'],
  ] as const)('%s is a code of the %s', (code, role) => {
    expect(DIAGNOSES.find((one) => one.code === code)).toMatchObject({ role })
  })

  const FILE = new URL('../../../shared/spec/clinical/billing_rules.json', import.meta.url)
  it.skipIf(!existsSync(FILE))('hold every code and modifier of the shared table (skipped where it is absent)', () => {
    const table = JSON.parse(readFileSync(FILE, 'utf8')) as Record<'icd10cm' | 'modifiers' | 'codes', object> & {
      medicare: { lcd_ids_seen: string[] }
    }
    const codes = Object.keys(table.icd10cm).flatMap((code) => code.split('-'))
    const isKnown = (code: string): boolean => DIAGNOSES.some((one) => (one.family ? code.startsWith(one.code) : code === one.code)) // prettier-ignore
    expect(codes.filter((code) => !isKnown(code))).toEqual([])
    expect(Object.keys(table.modifiers)).toEqual(NOTICES)
    expect(Object.keys(table.codes)).toEqual(['75571', ...CONTRAST_CODES])
    for (const id of table.medicare.lcd_ids_seen) expect(SOURCES.medicare.source).toContain(id)
  })
})

describe('checkClaim', () => {
  it('gives back a frozen copy with dotted codes', () => {
    const claim = checkClaim({ payer: 'commercial', resultDiagnoses: ['I2510', 'I10'], state: 'TX' })
    expect(claim).toEqual({ payer: 'commercial', resultDiagnoses: ['I25.10', 'I10'], state: 'TX' })
    expect(Object.isFrozen(claim) && Object.isFrozen(claim.resultDiagnoses)).toBe(true)
  })

  it.each<[string, unknown, ErrorConstructor, RegExp]>([
    ['null', null, TypeError, /claim/],
    ['a list', [], TypeError, /claim/],
    ['no payer', {}, TypeError, /payer/],
    ['another payer', { payer: 'medicare' }, RangeError, /payer must be one of original-medicare/],
    ['an unknown key', { payer: 'commercial', patient: 'X' }, TypeError, /patient/],
    ['a purpose', { payer: 'commercial', purpose: 'curiosity' }, RangeError, /purpose/],
    ['codes as text', { payer: 'commercial', codes: '75571' }, TypeError, /codes/],
    ['codes without it', { payer: 'commercial', codes: ['75574'] }, RangeError, /codes must hold 75571/],
    ['a code of four', { payer: 'commercial', codes: ['75571', '7557'] }, RangeError, /codes\[1\]/],
    ['a code twice', { payer: 'commercial', codes: ['75571', '75571'] }, RangeError, /codes\[1\] stands there twice/],
    ['a small modifier', { payer: 'commercial', modifiers: ['ga'] }, RangeError, /modifiers\[0\]/],
    ['a number', { payer: 'commercial', modifiers: [26] }, TypeError, /modifiers\[0\]/],
    ['no units', { payer: 'commercial', units: 0 }, RangeError, /units/],
    ['units as text', { payer: 'commercial', units: '1' }, TypeError, /units/],
    [
      'a diagnosis in words',
      { payer: 'commercial', orderingDiagnoses: ['SECRET'] },
      RangeError,
      /orderingDiagnoses\[0\]/,
    ],
    [
      'a diagnosis too long',
      { payer: 'commercial', resultDiagnoses: ['I25.84123'] },
      RangeError,
      /resultDiagnoses\[0\]/,
    ],
    [
      'a diagnosis twice',
      { payer: 'commercial', resultDiagnoses: ['I10', 'I25.1', 'I251'] },
      RangeError,
      /resultDiagnoses\[2\]/,
    ],
    ['51 of them', { payer: 'commercial', resultDiagnoses: Array(51).fill('I10') }, RangeError, /at most 50/],
    ['an abn', { payer: 'commercial', abn: 'yes' }, RangeError, /abn/],
    ['an estimate', { payer: 'commercial', goodFaithEstimate: 'yes' }, TypeError, /goodFaithEstimate/],
    ['a state in full', { payer: 'commercial', state: 'Texas' }, RangeError, /state/],
    ['a state as number', { payer: 'commercial', state: 1 }, TypeError, /state/],
    ['a risk', { payer: 'commercial', framinghamRisk: 'huge' }, RangeError, /framinghamRisk/],
    ['years as text', { payer: 'commercial', yearsSinceLastScan: '5' }, TypeError, /yearsSinceLastScan/],
    ['years below 0', { payer: 'commercial', yearsSinceLastScan: -1 }, RangeError, /yearsSinceLastScan/],
  ])('refuses %s', (_what, value, kind, message) => {
    const run = (): unknown => checkClaim(value)
    expect(run).toThrow(kind)
    expect(run).toThrow(message)
    expect(run).not.toThrow(/SECRET|25\.84|curiosity/)
  })
})
