import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RefusalReport, Result } from '../../bindings/index.js'
import { DENSE, SPECK, WEAK, labelMap, seriesFiles, tempFolder, writeAll } from '../node/series.js'
import { call, refused, scored } from './call.js'

const CANARY = 'CANARY^MIDNIGHT'
const temp = tempFolder()
const scan = writeAll(join(temp, 'scan'), seriesFiles({ patientName: CANARY }))
const map = join(temp, 'vessels.nii.gz')
writeFileSync(
  map,
  labelMap([
    [WEAK, 2],
    [DENSE, 4],
    [SPECK, 3],
  ]),
)

const folder = (name: string, options: Parameters<typeof seriesFiles>[0]): string =>
  writeAll(join(temp, name), seriesFiles({ patientName: CANARY, ...options }))

describe('score', () => {
  it('prints one object with unrounded numbers', async () => {
    const answer = await call(['score', scan, '--territories', map, '--mass-factor', '0.0007', '--json'])
    const result = scored(answer)
    expect(answer.err).toBe('')
    expect(answer.out).toBe(`${JSON.stringify(result)}\n`)
    expect(result).toMatchObject({
      schema: 'agatston.result/1',
      scope: 'territories',
      total: { agatston: 20, volumeMm3: 42, pieces: 4, lesions: 2 },
      territories: { LAD: { agatston: 12 }, RCA: { agatston: 8 }, LCX: { agatston: 0 } },
      category: { classic: 'mild', cacDrs: 'A1/N2' },
      accepted: [],
    })
    expect(result.total.massMg).toBeCloseTo(0.0007 * (150 * 36 + 500 * 6), 9)
    expect(result.lesions.length).toBe(3)
  })

  it('prints a report, plain in a pipe', async () => {
    const { code, out, err } = await call(['score', scan, '--territories', map])
    expect([code, err]).toEqual([0, ''])
    expect(out).not.toContain('\u001b')
    expect(out).toMatch(/Agatston score: 20\.0/)
    expect(out).toMatch(/1 piece too small to count/)
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBe(80)
    const wide = await call(['score', scan, '--territories', map], { isTTY: true, columns: 140 })
    expect(wide.out).toContain('\u001b[1m')
    expect(wide.out).toContain('Centre L, P, S mm')
  })

  it('takes several values after one option', async () => {
    const one = join(temp, 'one.nii.gz')
    const two = join(temp, 'two.nii')
    writeFileSync(one, labelMap([[WEAK, 2]]))
    writeFileSync(two, labelMap([[DENSE, 4]]))
    const values = ['--territories', one, two, scan, '--accept', 'LOSSY', 'NOT_AXIAL', '--json']
    expect(scored(await call(['score', ...values])).total.agatston).toBe(20)
  })

  it('takes a folder whose name begins with a dash after --', async () => {
    const answer = await call(['score', '--territories', map, '--json', '--', scan])
    expect(scored(answer).total.agatston).toBe(20)
  })

  it('is scored by the rules of the standard named', async () => {
    const result = scored(await call(['score', scan, '--territories', map, '--standard', 'siemens', '--json']))
    expect(result.standard.id).toBe('siemens')
    expect(result.territories['LCX']!.agatston).toBe(0.75)
  })

  it('tells no name of a patient, anywhere', async () => {
    const lines = [
      ['score', scan, '--territories', map],
      ['score', scan, '--territories', map, '--json'],
      ['score', scan],
      ['score', scan, '--json'],
      ['inspect', scan],
      ['inspect', scan, '--json'],
      ['score', scan, '--whole-image', '--expect-slices', '99'],
    ]
    for (const line of lines) {
      const { out, err } = await call(line)
      expect(out + err).not.toMatch(/CANARY|MIDNIGHT/)
    }
  })

  it('follows --strict, --accept and --expect-slices', async () => {
    const low = folder('100kv', { kvp: 100 })
    const line = ['score', low, '--territories', map, '--json']
    expect(scored(await call(line)).warnings.map(({ code }) => code)).toContain('KVP_NOT_120')
    expect(refused(await call([...line, '--strict']))).toEqual(['KVP_NOT_120'])
    expect(refused(await call([...line, '--expect-slices', '33']))).toEqual(['SERIES_INCOMPLETE'])
    expect(scored(await call([...line, '--expect-slices', '32'])).warnings.map(({ code }) => code)).not.toContain(
      'COUNT_UNVERIFIED',
    )
    const accepted = scored(await call([...line, '--expect-slices', '33', '--accept', 'SERIES_INCOMPLETE']))
    expect(accepted.accepted).toEqual(['SERIES_INCOMPLETE'])
    expect(accepted.category).toBeNull()
  })

  it('scores a single slice only with its increment', async () => {
    const one = folder('one', { slices: 1, blocks: [{ ...WEAK, slices: [0, 1] }] })
    const line = ['score', one, '--whole-image', '--json']
    expect(refused(await call(line))).toContain('TOO_FEW_SLICES')
    expect(refused(await call([...line, '--accept', 'TOO_FEW_SLICES']))).toContain('TOO_FEW_SLICES')
    const result = scored(await call([...line, '--accept', 'TOO_FEW_SLICES', '--increment', '1.5']))
    expect(result.total.agatston).toBe(2)
    expect(result.accepted).toEqual(['TOO_FEW_SLICES'])
  })
})

describe('refusals', () => {
  it('without anything that says what to score', async () => {
    const answer = await call(['score', scan, '--json'])
    expect(refused(answer)).toEqual(['SCOPE_MISSING'])
    expect((JSON.parse(answer.out) as RefusalReport).warnings.map(({ code }) => code)).toContain('COUNT_UNVERIFIED')
  })

  it('in words: what is wrong, what it would have done, what to do', async () => {
    const { code, out, err } = await call(['score', scan])
    expect([code, out]).toEqual([3, ''])
    expect(err).toMatch(/^Not scored\n/)
    expect(err).toMatch(/\[SCOPE_MISSING\]/)
    expect(err).toMatch(/^Effect +Bone, valves and devices/m)
    expect(err).toMatch(/^Do +Give masks of the vessels/m)
    expect(err).not.toMatch(/--accept| at .*\.[tj]s:/)
    expect(err).not.toContain('\u001b')
  })

  it('in words, several at once, with the override where there is one', async () => {
    const odd = folder('odd', { imageType: ['DERIVED', 'SECONDARY', 'MPR'], slices: 31 })
    const { code, err } = await call(['score', odd, '--whole-image', '--expect-slices', '32'])
    expect(code).toBe(3)
    expect(err).toMatch(/^Not scored, for 2 reasons/)
    expect(err).toMatch(/Override +--accept SERIES_INCOMPLETE/)
    expect(err).toMatch(/Override +--accept NOT_ORIGINAL/)
  })

  it('of a folder without DICOM', async () => {
    const empty = join(temp, 'empty')
    mkdirSync(empty)
    for (const command of ['score', 'inspect']) {
      expect(
        refused(await call([command, empty, '--json', ...(command === 'score' ? ['--whole-image'] : [])])),
      ).toEqual(['NOT_DICOM'])
    }
    writeFileSync(join(empty, 'ct.nii.gz'), labelMap([[WEAK, 1]]))
    expect((await call(['score', empty, '--whole-image'])).err).toMatch(/name one \.nii or \.nii\.gz\s+volume itself/)
  })

  it('of two series lists them by UID, and takes the one that is named', async () => {
    const two = writeAll(join(temp, 'two', 'a'), seriesFiles({ seed: 'first' }))
    writeAll(join(temp, 'two', 'b'), seriesFiles({ seed: 'second', blocks: [DENSE] }))
    const both = join(two, '..')
    const answer = await call(['score', both, '--territories', map, '--json'])
    expect(refused(answer)).toEqual(['SERIES_AMBIGUOUS'])
    const { series } = (JSON.parse(answer.out) as RefusalReport).refusals[0]!.details as {
      series: { seriesInstanceUid: string }[]
    }
    expect(series.length).toBe(2)
    const words = await call(['score', both, '--territories', map])
    for (const { seriesInstanceUid } of series) expect(words.err).toContain(seriesInstanceUid)
    const totals: number[] = []
    for (const { seriesInstanceUid: uid } of series) {
      const line = ['score', both, '--territories', map, '--series', uid, '--json']
      const result = scored(await call(line))
      expect(result.input.seriesInstanceUid).toBe(uid)
      totals.push(result.total.agatston)
    }
    expect(totals.sort((a, b) => a - b)).toEqual([8, 20])
    expect(refused(await call(['score', both, '--territories', map, '--series', '1.2.3', '--json']))).toEqual([
      'SERIES_AMBIGUOUS',
    ])
  })

  it('of a label map on another grid', async () => {
    const short = join(temp, 'short.nii.gz')
    writeFileSync(short, labelMap([[WEAK, 2]], 20))
    expect(refused(await call(['score', scan, '--territories', short, '--json']))).toEqual(['TERRITORY_MISMATCH'])
  })
})

describe('--out', () => {
  const FILES = ['report.txt', 'result.json']
  const read = (...path: string[]): string => readFileSync(join(...path), 'utf8')

  it('writes what is printed, and tells only of the last run', async () => {
    const dir = join(temp, 'out', 'deep')
    const answer = await call(['score', scan, '--territories', map, '--json', '--out', dir])
    expect(readdirSync(dir)).toEqual(
      expect.arrayContaining([...FILES, 'report.html', 'report.pdf', 'sr.dcm', 'key-LAD.png']),
    )
    expect(JSON.parse(read(dir, 'result.json'))).toEqual(JSON.parse(answer.out))
    expect(read(dir, 'report.txt')).toMatch(/Agatston score: 20\.0/)
    expect(read(dir, 'report.txt')).not.toContain('\u001b')
    writeFileSync(join(dir, 'own.txt'), 'kept')
    const refusal = await call(['score', scan, '--json', '--out', dir])
    expect(readdirSync(dir)).toEqual(['own.txt', 'refusal.json'])
    expect(read(dir, 'refusal.json')).toBe(refusal.out)
    await call(['score', scan, '--whole-image', '--out', dir])
    expect(readdirSync(dir)).toEqual(expect.arrayContaining(['own.txt', ...FILES, 'report.html', 'report.pdf']))
    expect(readdirSync(dir)).not.toContain('refusal.json')
    expect(readdirSync(dir)).not.toContain('key-LAD.png')
    expect((JSON.parse(read(dir, 'result.json')) as Result).scope).toBe('whole-image')
  })

  it('is left as it was by wrong usage, and made only when there is something to write', async () => {
    const dir = join(temp, 'untouched')
    await call(['score', scan, '--whole-image', '--out', dir])
    const names = readdirSync(dir)
    expect(names).toEqual(expect.arrayContaining(FILES))
    const before = FILES.map((name) => read(dir, name))
    const wrong = [
      ['score', join(temp, 'no-such'), '--whole-image', '--out', dir],
      ['score', scan, '--territories', join(temp, 'no-such.nii.gz'), '--out', dir],
      ['score', scan, '--whole-image', '--mass-factor', '-1', '--out', dir],
      ['score', 'x.zip', '--whole-image', '--out', dir],
      ['score', join(temp, 'no-such'), '--whole-image', '--out', join(dir, 'new')],
    ]
    for (const line of wrong) {
      expect((await call(line)).code).toBe(2)
      expect(readdirSync(dir)).toEqual(names)
      expect(FILES.map((name) => read(dir, name))).toEqual(before)
    }
  })

  it.skipIf(process.platform !== 'linux').each(['/proc', '/proc/x/y', '/proc/self/x', '/sys/x'])(
    'is wrong usage on %s, at once',
    async (dir) => {
      expect((await call(['score', scan, '--whole-image', '--out', dir])).code).toBe(2)
      expect((await call(['phantom', dir, '--force'])).code).toBe(2)
      expect((await call(['phantom', dir])).code).toBe(2)
    },
  )

  it('is wrong usage where a link leads nowhere', async () => {
    const link = join(temp, 'nowhere')
    symlinkSync(join(temp, 'gone'), link)
    for (const dir of [link, join(link, 'deep')]) {
      expect((await call(['score', scan, '--whole-image', '--out', dir])).code).toBe(2)
      expect((await call(['phantom', dir])).code).toBe(2)
    }
    expect(existsSync(join(temp, 'gone'))).toBe(false)
  })

  it('is wrong usage where it cannot be written', async () => {
    const file = join(temp, 'file')
    writeFileSync(file, '')
    const { code, err } = await call(['score', scan, '--whole-image', '--out', file])
    expect(code).toBe(2)
    expect(err).toMatch(/--out/)
  })
})

describe('real series that must be refused', () => {
  const data = new URL('../../../shared/data/', import.meta.url)
  const isHere = existsSync(data) && !process.env['AGATSTON_WITHOUT_DATA']
  if (!isHere) console.log('skipped: ../shared/data is not here')

  it.skipIf(!isHere).each([
    ['geometry_fail/gantrytilting/001', 'GANTRY_TILT'],
    ['geometry_fail/sliceincrement/001', 'SLICES_MISSING'],
    ['geometry_fail/sliceincrement/002', 'SLICES_MISSING'],
    ['geometry_fail/notavolume/001', 'SLICES_DUPLICATE'],
    ['geometry_fail/dcm_qa_ct_GE', 'SPACING_IRREGULAR'],
    ['malformed/pydicom/MR_truncated.dcm', 'PARSE_FAILED'],
    ['malformed/pydicom/rtplan_truncated.dcm', 'PARSE_FAILED'],
    ['malformed/pydicom/bad_sequence.dcm', 'PARSE_FAILED'],
    ['malformed/fo-dicom/GH220.dcm', 'PARSE_FAILED'],
    ['malformed/pydicom', 'PARSE_FAILED'],
    ['seg_sr_rt/dcmqi/seg.dcm', 'MODALITY_NOT_CT'],
  ])('%s: %s', async (path, code) => {
    const input = new URL(path, data).pathname
    const answer = await call(['score', input, '--whole-image', '--json'])
    expect(refused(answer)).toContain(code)
    const words = await call(['score', input, '--whole-image'])
    expect([words.code, words.out]).toEqual([3, ''])
    expect(words.err).toMatch(/^Not scored/)
    expect(words.err).not.toMatch(/ at .*\.[tj]s:/)
    expect((await call(['inspect', input])).code).toBe(3)
  })
})
