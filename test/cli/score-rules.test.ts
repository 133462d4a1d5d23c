/** The command line options around rules of scoring: clicks, standards of one's own, voltages, mass factors. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { standardById } from '../../bindings/score/further/index.js'
import { DENSE, WEAK, labelMap, seriesFiles, tempFolder, writeAll } from '../node/series.js'
import { call, refused, scored } from './call.js'

const temp = tempFolder()
const scan = writeAll(join(temp, 'scan'), seriesFiles())
const low = writeAll(join(temp, 'low'), seriesFiles({ kvp: 100 }))
const file = (name: string, content: unknown): string => {
  writeFileSync(join(temp, name), typeof content === 'string' ? content : JSON.stringify(content))
  return join(temp, name)
}
const clicksOf = (name: string, assignments: unknown): string =>
  file(name, { schema: 'agatston.assignments/1', assignments })
const LAD = { slice: 3, row: 5, column: 5, territory: 'LAD' }
const STENT = { slice: 5, row: 12, column: 21, exclude: 'stent' }
const usage = async (...argv: string[]): Promise<string> => {
  const { code, out, err } = await call(['score', ...argv])
  expect([code, out]).toEqual([2, ''])
  return err.replace(/\s+/g, ' ')
}

describe('clicks', () => {
  it('score, replay and are told', async () => {
    const line = ['score', scan, '--assign', clicksOf('clicks.json', [LAD, STENT])]
    const result = scored(await call([...line, '--json']))
    expect(result).toMatchObject({ total: { agatston: 12 }, input: { assignments: [LAD, STENT] } })
    expect(result.sensitivity).toMatchObject({ min: 12, max: 12, categoryChanges: false })
    const again = await call(['score', scan, '--assign', clicksOf('again.json', result.input.assignments), '--json'])
    expect(scored(again)).toEqual(result)
    const { out } = await call(line)
    expect(out).toMatch(/Left out by the reader[^]*slice 5, 2\.0 mm²: stent/)
    expect(out).toMatch(/Under vendors' rules[^]*12\.0 under each of them/)
    expect(out).not.toMatch(/too small to count/)
  })

  it('on nothing are refused, and the click named', async () => {
    const answer = await call(['score', scan, '--assign', clicksOf('off.json', [LAD, { ...LAD, row: 9 }]), '--json'])
    expect(refused(answer)).toEqual(['ASSIGNMENT_MISSED'])
    expect(answer.out).toMatch(/Click 2 \(LAD\)/)
  })

  it('that are wrong are wrong usage', async () => {
    expect(await usage(scan, '--assign', clicksOf('bad.json', [LAD, { ...LAD, row: -1 }]))).toMatch(/click 2: row/)
    expect(await usage(scan, '--assign', file('no.json', '{'))).toMatch(/the file is no JSON/)
    expect(await usage(scan, '--assign', join(temp, 'none.json'))).toMatch(/there is no such file/)
    expect(await usage(scan, '--whole-image', '--assign', clicksOf('c.json', [LAD]))).toMatch(/exclude each other/)
    expect(await usage(scan, '--region-rule', 'whole', '--whole-image')).toMatch(/give --territories/)
    expect(await usage(scan, '--lm-into-lad', '--whole-image')).toMatch(/--lm-into-lad needs vessels/)
    expect(refused(await call(['score', scan, '--lm-into-lad', '--json']))).toEqual(['SCOPE_MISSING'])
  })
})

describe('rules', () => {
  it("of one's own are stamped", async () => {
    const { sha256: _none, ...rules } = standardById('siemens')
    const path = file('own.json', { ...rules, id: 'own' })
    const result = scored(await call(['score', scan, '--whole-image', '--standard', path, '--json']))
    expect([result.standard.id, result.modifiers]).toEqual(['own', ['custom']])
    expect(result.standard.sha256).toMatch(/^[0-9a-f]{64}$/)
    const { out } = await call(['score', scan, '--whole-image', '--standard', path])
    expect(out.replace(/\s+/g, '')).toContain(`SHA-256${result.standard.sha256}`)
    expect(await usage(scan, '--whole-image', '--standard', file('half.json', { id: 'half' }))).toMatch(
      /standard\.\w+ must/,
    )
  })

  it('of another voltage', async () => {
    const line = ['score', low, '--whole-image', '--kvp-adapted', '--json']
    const result = scored(await call(line))
    expect([result.standard.id, result.modifiers]).toEqual(['agatston-130.kvp100', ['kvp-adapted']])
    expect(scored(await call([...line, '--strict'])).total).toEqual(result.total)
    expect(refused(await call(['score', low, '--whole-image', '--strict', '--json']))).toEqual(['KVP_NOT_120'])
    expect(await usage(low, '--whole-image', '--kvp-adapted', '--standard', 'philips')).toMatch(
      /--kvp-adapted: ladders/,
    )
    const odd = writeAll(join(temp, 'odd'), seriesFiles({ kvp: 110 }))
    expect(refused(await call(['score', odd, '--whole-image', '--kvp-adapted', '--json']))).toEqual(['KVP_UNSUPPORTED'])
  })

  it('of masks', async () => {
    writeFileSync(join(temp, 'm.nii.gz'), labelMap([[WEAK, 1], [DENSE, 2]])) // prettier-ignore
    const line = [
      'score',
      scan,
      '--territories',
      join(temp, 'm.nii.gz'),
      '--lm-into-lad',
      '--region-rule',
      'whole',
      '--json',
    ]
    expect(scored(await call(line))).toMatchObject({
      territories: { LAD: { agatston: 20 } },
      modifiers: ['region-whole', 'lm-into-lad'],
    })
  })
})

describe('mass factors', () => {
  const calibration = {
    schema: 'agatston.calibration/1',
    date: '2026-03-14',
    rodHu: 277.4,
    waterHu: 0.4,
    kvp: 120,
    kernel: 'soft',
  }
  const line = ['score', scan, '--whole-image']

  it('of a calibration', async () => {
    const path = file('cal.json', calibration)
    const result = scored(await call([...line, '--calibration', path, '--json']))
    expect(result.input.massFactor).toEqual({ mgPerMm3Hu: 200 / 277 / 1000, source: 'calibration' })
    expect(result.total.massMg).toBeGreaterThan(0)
    expect((await call([...line, '--calibration', path])).out).toMatch(/from a\s+calibration\s+scan/)
    for (const [field, value] of [
      ['kvp', 100],
      ['kernel', 'SHARP'],
      ['manufacturer', 'X'],
      ['model', 'Y'],
    ] as const)
      // prettier-ignore
      expect(await usage(...line.slice(1), '--calibration', file('off.json', { ...calibration, [field]: value }))).toMatch(
        new RegExp(`made with ${field} '${value}'; the scan has`),
      )
    expect(await usage(...line.slice(1), '--calibration', path, '--mass-factor', '0.0007')).toMatch(
      /exclude each other/,
    )
    expect(await usage(...line.slice(1), '--calibration', file('bad.json', {}))).toMatch(/schema must be/)
    expect(await usage(...line.slice(1), '--patient-size', 'huge')).toMatch(/small.*medium.*large/)
    expect(readFileSync(path, 'utf8')).toBe(JSON.stringify(calibration))
  })

  it('are those of the caller, else there is none', async () => {
    const given = scored(await call([...line, '--mass-factor', '0.0007', '--patient-size', 'small', '--json']))
    expect(given.input.massFactor).toEqual({ mgPerMm3Hu: 0.0007, source: 'caller' })
    const none = scored(await call([...line, '--patient-size', 'small', '--json']))
    expect([none.input.massFactor, none.total.massMg]).toEqual([null, null])
  })
})
