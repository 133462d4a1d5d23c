import fc from 'fast-check'
import { customStandard } from '../../bindings/score/further/index.js'
import { describe, expect, it } from 'vitest'
import { FAULT_CODES, MODEL_CODES, REFUSAL_CODES, STRICT_CODES, WARNING_CODES } from '../../bindings/base/errors.js'
import {
  REFUSAL_HELP,
  type TextOptions,
  WARNING_HELP,
  buildReport,
  renderText,
  scoreText,
} from '../../bindings/report/index.js'
import { clean, wrap } from '../../bindings/report/text/paper.js'
import { minimumText, rulesText } from '../../bindings/report/rules.js'
import { categorize } from '../../bindings/score/category.js'
import { type Result, arrayVolume, createEngine } from '../../bindings/index.js'
import { STANDARDS } from '../../bindings/score/further/index.js'
import { SIDE, changed, score, territoriesOf } from './make.js'

const textOf = (result: Result, options?: TextOptions): string => renderText(buildReport(result), options)

const engine = await createEngine()

const VESSELS = ['LM', 'LAD', 'LCX', 'RCA']
const coronary = score([150, 250, 350, 450, 150], { territories: territoriesOf(VESSELS), massFactor: 0.0007 })
const whole = score([150, 250], { scope: 'whole-image' })
const many = score(
  Array.from({ length: 40 }, (_, n) => 130 + 10 * n),
  { territories: territoriesOf(VESSELS) },
)
const linesOf = (text: string): string[] => text.split('\n')

describe('scoreText', () => {
  it.each([
    [0, 0, '0'],
    [0.001, 1, '0.001'],
    [0.04, 1, '0.04'],
    [0.05, 1, '0.1'],
    [12.34, 3, '12.3'],
    [9.94, 1, '9.9'],
    [9.96, 1, '9.96'],
    [10, 1, '10.0'],
    [99.94, 1, '99.9'],
    [99.95, 1, '99.95'],
    [99.996, 1, '99.996'],
    [100, 1, '100.0'],
    [299.99, 1, '299.99'],
    [399.999999, 1, '399.999999'],
    [400.04, 1, '400.0'],
    [999.96, 1, '999.96'],
    [176682.367616, 9, '176682.4'],
  ])('%s of %s pieces is %s', (value, pieces, text) => {
    expect(scoreText(value, pieces)).toBe(text)
  })

  it('never says another category than the exact score', () => {
    const near = fc
      .constantFrom(10, 100, 300, 400, 1000)
      .chain((edge) => fc.double({ min: edge - 0.2, max: edge + 0.2, noNaN: true }))
    fc.assert(
      fc.property(fc.oneof(near, fc.double({ min: 1e-9, max: 5000, noNaN: true })), (value) => {
        expect(categorize(Number(scoreText(value, 1)), 1, 2)).toEqual(categorize(value, 1, 2))
        expect(Number(scoreText(value, 1))).toBeGreaterThan(0)
      }),
      { seed: 7, numRuns: 2000 },
    )
  })
})

describe('renderText', () => {
  it('says score, category, vessels and lesions', () => {
    // 4 mm2 each, 3 mm slices: LM 4 + 4, LAD 8, LCX 12, RCA 16.
    const text = textOf(coronary)
    expect(text).toMatch(/^Coronary calcium score\n/)
    expect(text).toMatch(/Agatston score: 44\.0/)
    expect(text).toMatch(/mild \(above 0, below 100\); CAC-DRS A1\/N4/)
    expect(text).toMatch(/5 lesions in 4 territories, volume 60\.0 mm³, mass 11\.34 mg/)
    expect(text).toMatch(/^LM +8\.0 +24\.0 +2\.52 +2 /m)
    expect(text).toMatch(/^Coronary total +44\.0 /m)
    expect(text).toMatch(/^ +4 +RCA +4 +4\.0 +450 +4 +16\.0 +12\.0 +3\.78$/m)
    expect(text).toContain('Not a cleared medical device. For research; a clinician confirms every reading.')
    expect(text).toMatch(/agatston-130, version 1/)
    expect(text).toContain(coronary.engine.wasmSha256)
  })

  it('never calls a whole-image sum a coronary score', () => {
    const text = textOf(whole)
    expect(text).toMatch(/^Calcium sum of a whole image: NOT a coronary calcium score\n/)
    expect(text.replace(/(not|no)\s+a? ?coronary\s+calcium\s+score/gi, '')).not.toMatch(
      /coronary\s+(calcium\s+)?(score|total)/i,
    )
    expect(text).not.toMatch(/^Category/m)
    expect(text).toMatch(/No category/)
    expect(text).not.toMatch(/mild|moderate|severe|CAC-DRS/)
    expect(text.indexOf('SCOPE_WHOLE_IMAGE')).toBeLessThan(text.indexOf('Agatston sum'))
    expect(text).not.toMatch(/Territory/)
  })

  it('says what is zero, and that mass is unknown', () => {
    // What scores at once measures nothing: its zero is not verified. A verified one carries no warning.
    const result = score([], { territories: territoriesOf(VESSELS) })
    expect(textOf(result)).toMatch(/no verified zero/)
    const zero = textOf(changed(result, { warnings: [] }))
    expect(zero).toMatch(/Agatston score: 0 /)
    expect(zero).toMatch(/No coronary calcium was found\./)
    expect(zero).toMatch(/Category: zero; CAC-DRS A0\/N0; ACC\/AHA 2026: absent/)
    expect(zero).toMatch(/not computed: no mass factor/)
    expect(zero).not.toMatch(/Lesions, highest/)
  })

  it('keeps what is not coronary apart', () => {
    const text = textOf(score([450, 450], { territories: territoriesOf(['LAD', 'AORTA']) }))
    expect(text).toMatch(/Agatston score: 16\.0/)
    expect(text).toMatch(/^AORTA \* +16\.0/m)
    expect(text).toMatch(/\* not coronary: not in the total\./)
    expect(text).toMatch(/Outside the coronary total/)
    expect(text).toMatch(/1 lesion in 1 territory/)
  })

  it('lists the highest scores and sums the rest', () => {
    const text = textOf(many)
    const rows = linesOf(text).filter((line) => /^ +\d+ +(LM|LAD|LCX|RCA) /.test(line))
    expect(rows.length).toBe(12)
    const score = (line: string): number => Number(line.trim().split(/ +/)[6])
    const shown = rows.map(score)
    expect([...shown].sort((a, b) => b - a)).toEqual(shown)
    const rest = linesOf(text).find((line) => line.includes('28 more'))!
    const sum = Number(rest.trim().split(/ +/)[3])
    expect(sum + shown.reduce((a, b) => a + b, 0)).toBeCloseTo(many.total.agatston, 6)
    const all = textOf(many, { allLesions: true })
    expect(linesOf(all).filter((line) => /^ +\d+ +(LM|LAD|LCX|RCA) /.test(line)).length).toBe(40)
    expect(all).not.toMatch(/more/)
  })

  it('tells of pieces that do not count', () => {
    const text = textOf(score([150, 150], { territories: territoriesOf(VESSELS), standard: 'fqm-python' }))
    expect(text).not.toMatch(/too small to count/)
    const strict = customStandard({ ...STANDARDS[0]!, id: 'five', minimum: { by: 'pixels', rule: '>=', pixels: 5 } })
    const none = textOf(score([150, 150], { territories: territoriesOf(VESSELS), standard: strict }))
    expect(none).toMatch(/2 pieces too small to count \(counted: ≥ 5 pixels\) are not in any number above/)
    expect(none).toMatch(/Agatston score: 0 /)
  })

  it('puts warnings that may move the number above it, the others below', () => {
    const text = textOf(
      changed(coronary, {
        warnings: [
          { code: 'TAG_ORDER', message: 'tags are out of order', details: {} },
          { code: 'KVP_NOT_120', message: 'tube voltage 100 kV instead of 120', details: {} },
        ],
      }),
    )
    const [voltage, number, order] = ['KVP_NOT_120', 'Agatston score: ', 'TAG_ORDER'].map((word) => text.indexOf(word))
    expect(voltage).toBeGreaterThan(0)
    expect(voltage).toBeLessThan(number!)
    expect(order).toBeGreaterThan(number!)
    expect(text).toContain('! Tube voltage 100 kV instead of 120. [KVP_NOT_120]')
    expect(text).toContain(WARNING_HELP.KVP_NOT_120.effect)
  })

  it('says which refusals were overridden, and withholds the category', () => {
    const text = textOf(changed(coronary, { category: null, accepted: ['LOSSY', 'NOT_AXIAL'] }))
    expect(text).toMatch(/No category: a refusal was overridden \(LOSSY, NOT_AXIAL\)/)
    expect(text).toMatch(/Overridden +LOSSY, NOT_AXIAL/)
  })

  it('calls candidates proposed', () => {
    const text = textOf(
      changed(coronary, { scope: 'candidates', category: null, provisionalCategory: coronary.category }),
    )
    expect(text).toMatch(/^Calcium proposed by the software, not confirmed/)
    expect(text).toMatch(/Provisional category: mild/)
    expect(text).toMatch(/Proposed total/)
  })

  it.each([undefined, 1, 39, 40, 41, 50, 59, 60, 79, 80, 100, 159, 160, 1000, Number.NaN])(
    'fits a width of %s',
    (width) => {
      const options = width === undefined ? {} : { width }
      const most = width === undefined || Number.isNaN(width) ? 80 : Math.min(Math.max(width, 40), 160)
      for (const result of [coronary, whole, many]) {
        const lines = linesOf(textOf(result, options))
        expect(Math.max(...lines.map((line) => line.length))).toBe(most)
      }
    },
  )

  it('lists the coronary part of a lesion that reaches into the aorta, so that the table sums to the total', () => {
    // A block of 2 x 2 pixels over the border of rows 3 and 4: above LM, below AORTA.
    const make = (standard: string): Result => {
      const scalarData = new Int16Array(SIDE * SIDE * 40).fill(40)
      const put = (k: number, row: number, hu: number): void => {
        for (let column = 4; column < 8; column++) scalarData[(k * SIDE + row) * SIDE + column] = hu
      }
      put(10, 3, 250)
      put(11, 3, 150)
      put(10, 4, 450)
      put(12, 9, 350)
      const volume = arrayVolume({ scalarData, dimensions: [SIDE, SIDE, 40], spacing: [1, 1, 2.5], thicknessMm: 3 })
      const territories = territoriesOf(['LM', 'AORTA', 'LAD', 'LCX', 'RCA'])
      return engine.scoreSync(volume, { territories, standard, massFactor: 0.0007 })
    }
    for (const { id } of STANDARDS) {
      const result = make(id)
      expect(result.lesions.some((lesion) => lesion.territories.length === 2)).toBe(true)
      const text = textOf(result, { width: 160 })
      const [, main, apart] = /Lesions, highest([^]*)Outside the coronary total, highest([^]*)How it was/.exec(text)!
      const cells = (part: string): string[][] =>
        linesOf(part)
          .filter((line) => /^ +\d+ {2}/.test(line))
          .map((line) => line.trim().split(/ {2,}/))
      const sum = (part: string, column: number): number =>
        cells(part).reduce((total, row) => total + Number(row[column]), 0)
      expect(sum(main!, 6), id).toBeCloseTo(result.total.agatston, 0)
      // By these standards a part of a lesion has no volume of its own.
      if (id === 'literature' || id === 'philips') expect(cells(main!).map((row) => row[7])).toContain('–')
      else {
        expect(sum(main!, 7), id).toBeCloseTo(result.total.volumeMm3, 0)
        expect(sum(main!, 8), id).toBeCloseTo(result.total.massMg!, 1)
      }
      expect(sum(apart!, 6), id).toBeCloseTo(result.territories['AORTA']!.agatston, 0)
      expect(main).toMatch(/LM †/)
      expect(main).not.toMatch(/AORTA/)
      expect(main).toMatch(/^† the coronary part of a lesion/m)
      expect(apart).toMatch(/AORTA †/)
      expect(textOf(result, { unicode: false })).toMatch(/^# the coronary part/m)
    }
  })

  it('says which of the four vessels the label maps do not mark', () => {
    const some = textOf(score([150], { territories: territoriesOf(['LM', 'LAD']) }))
    expect(some).toMatch(/^Not marked in the masks: LCX, RCA$/m)
    expect(some.indexOf('Not marked')).toBeLessThan(some.indexOf('Coronary total'))
    expect(textOf(coronary)).not.toMatch(/Not marked/)
    expect(textOf(whole)).not.toMatch(/Not marked/)
    const into = score([150], { territories: territoriesOf(['LM', 'RCA']), lmIntoLad: true })
    expect(textOf(into)).toMatch(/^Not marked in the masks: LCX$/m)
    const clicked = changed(score([150], { territories: territoriesOf(['RCA']) }), {})
    const input = { ...clicked.input, assignments: [{ slice: 0, row: 1, column: 1, territory: 'RCA' }] }
    expect(textOf(changed(clicked, { input }))).toMatch(/^Not marked by masks or clicks: LM, LAD, LCX$/m)
  })

  it('reads well where the vessels have names of their own', () => {
    const own = score([150, 450], { territories: territoriesOf(['Insert 1', 'Insert 2']) })
    const text = textOf(changed(own, { category: { classic: 'mild', cacDrs: 'A1', accAha2026: 'mild' } }))
    expect(text).toMatch(/CAC-DRS A1;/)
    expect(text).toMatch(/Not marked in the masks: LM, LAD, LCX, RCA/)
  })

  it('does not call a zero of maps without a coronary vessel a finding', () => {
    const aorta = score([150], { territories: territoriesOf(['AORTA']) })
    const warning = { code: 'ZERO_UNVERIFIED' as const, message: 'no coronary territory is marked', details: {} }
    for (const result of [aorta, changed(aorta, { category: null, warnings: [warning] })]) {
      const text = textOf(result)
      expect(text).not.toMatch(/No coronary calcium was found|score: 0/)
      expect(text).toMatch(/No coronary territory is marked/)
    }
    const zero = score([], { territories: territoriesOf(VESSELS) })
    expect(textOf(changed(zero, { warnings: [] }))).toMatch(/No coronary calcium was found/)
    for (const category of [zero.category, null])
      expect(textOf(changed(zero, { category, warnings: [warning] }))).toMatch(/no verified zero/)
  })

  it('is plain unless asked, and ASCII where the reader has no more', () => {
    expect(textOf(many)).not.toContain('\u001b')
    expect(textOf(many, { color: true })).toContain('\u001b[1m')
    const ascii = textOf(whole, { unicode: false })
    // oxlint-disable-next-line no-control-regex
    expect(ascii).toMatch(/^[\n\u0020-\u007e]*$/)
    expect(ascii).toMatch(/>= 130 HU/)
    expect(ascii.split('\n').length).toBe(textOf(whole).split('\n').length)
  })

  it('colours change no text', () => {
    // oxlint-disable-next-line no-control-regex
    const bare = textOf(many, { color: true }).replace(/\u001b\[\d+m/g, '')
    expect(bare).toBe(textOf(many))
  })

  it('lets no text of a file steer the terminal', () => {
    const evil = 'Canon\u001b]0;title\u0007\u001b[2J\u202eevil\r\n\u009b31m'
    const text = textOf(changed(coronary, { input: { ...coronary.input, manufacturer: evil, kernel: 'FC12\u0000' } }))
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    expect(text).toMatch(/Scanner +Canon\?\]0;title/)
  })
})

describe('words for every code', () => {
  it('has effect and next step for each refusal and fault, effect and rank for each warning', () => {
    for (const code of [...REFUSAL_CODES, ...FAULT_CODES, ...MODEL_CODES, ...STRICT_CODES]) {
      expect(REFUSAL_HELP[code]?.effect, code).toMatch(/^[A-Z].*\.$/)
      expect(REFUSAL_HELP[code]?.next, code).toMatch(/^[A-Z].*\.$/)
    }
    for (const code of WARNING_CODES) expect(WARNING_HELP[code]?.effect, code).toMatch(/^[A-Z].*\.$/)
    for (const code of STRICT_CODES) expect(WARNING_HELP[code].rank, code).toBe('first')
  })

  it('has words for each standard', () => {
    expect(STANDARDS.map((standard) => `${standard.id}: ${minimumText(standard)}`)).toEqual([
      'agatston-130: area ≥ 1 mm²',
      'literature: ≥ 1 mm² in pixels, rounded up',
      'ge: ≥ 1 mm² in pixels, rounded up',
      'terarecon: ≥ 1 mm² in pixels, rounded up',
      'siemens: every piece',
      'philips: ≥ 0.5 mm² in pixels, rounded up',
      'canon: ≥ 3 pixels',
      'fqm-python: area > 1 mm²',
      'horos: every piece',
      'calciumscoring-jl: ≥ 1 mm² in pixels, rounded',
      'slicer-brains: every piece',
      'ai-cac: lesions of > 1 pixels',
      'cacslabeler: area > 1 mm²',
    ])
    expect(rulesText(STANDARDS.find(({ id }) => id === 'philips')!)).toContain('; volume and mass: pixels ≥ 112.5 HU')
    expect(rulesText(STANDARDS.find(({ id }) => id === 'horos')!)).toBe(
      'pixels ≥ 130 HU up to 1500 HU; 4 neighbours in the slice; counted: every piece; weight by the highest class that 3 pixels of the lesion in the slice reach: 1 from 130, 2 above 200, 3 above 300, 4 above 400 HU; score: area × weight × increment / thickness, at most 1; volume and mass: area × slice thickness',
    )
    expect(rulesText(STANDARDS[0]!)).toBe(
      'pixels ≥ 130 HU; 8 neighbours in the slice; counted: area ≥ 1 mm²; weight by the highest HU of the piece: 1 from 130, 2 from 200, 3 from 300, 4 from 400 HU; score: area × weight × increment / 3 mm',
    )
  })
})

describe('wrap', () => {
  it('loses no word and no sign, and no line is too long', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), fc.integer({ min: 1, max: 60 }), (text, width) => {
        const lines = wrap(text, width)
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width)
        expect(lines.join('').replaceAll(' ', '')).toBe(clean(text).replaceAll(' ', ''))
      }),
      { seed: 11 },
    )
  })
})
