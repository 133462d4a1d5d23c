import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { AgatstonError } from '../../bindings/base/errors.js'
import { tellFailure } from '../../bindings/cli/exit.js'
import { STANDARDS } from '../../bindings/score/further/index.js'
import { seriesFiles, tempFolder, writeAll } from '../node/series.js'
import { call, scored } from './call.js'

const temp = tempFolder()

describe('inspect', () => {
  const scan = writeAll(join(temp, 'scan'), seriesFiles({ kvp: 100 }))
  writeFileSync(join(scan, 'notes.txt'), 'notes')

  it('tells in words what can be scored and what to mind', async () => {
    const { code, out, err } = await call(['inspect', scan])
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^1 series in 33 files, 1 of them not DICOM\nOne can be scored\.\n/)
    expect(out).toMatch(/^1 +yes +CT +32 +24 × 32 +0\.5 +3 +100/m)
    expect(out).toMatch(/\[KVP_NOT_120\]/)
    expect(out).not.toContain('\u001b')
  })

  it('is data with --json, volumes left out', async () => {
    const { code, out } = await call(['inspect', scan, '--json'])
    const data = JSON.parse(out) as { schema: string; series: Record<string, unknown>[] }
    expect(code).toBe(0)
    expect(data).toMatchObject({ schema: 'agatston.inspection/1', files: 33, notDicom: 1, unreadable: [] })
    expect(data.series[0]).toMatchObject({ eligible: true, slices: 32, kvp: 100, refusals: [] })
    expect(data.series[0]).not.toHaveProperty('volume')
  })

  it('says why not, with exit code 3', async () => {
    const { code, out } = await call(['inspect', scan, '--strict'])
    expect(code).toBe(3)
    expect(out).toMatch(/None can be scored\./)
    expect(out).toMatch(/^x Tube voltage 100 kV .*\n(.*\n)?.*\[KVP_NOT_120\]/m)
    expect((await call(['inspect', scan, '--expect-slices', '40', '--json'])).code).toBe(3)
    expect((await call(['inspect', scan, '--expect-slices', '40', '--accept', 'SERIES_INCOMPLETE'])).code).toBe(0)
  })

  it('lists files that cannot be read', async () => {
    const broken = writeAll(join(temp, 'broken'), seriesFiles())
    writeFileSync(join(broken, 'IM0002'), seriesFiles().get('IM0002')!.subarray(0, 700))
    const { code, out } = await call(['inspect', broken])
    expect(code).toBe(3)
    expect(out).toMatch(/1 file could not be read\nx IM0002: /)
  })
})

describe('standards', () => {
  it('lists every one with its source', async () => {
    const { code, out } = await call(['standards'], { env: { LANG: 'C', COLUMNS: '120' } })
    expect(code).toBe(0)
    for (const { id, citation } of STANDARDS) {
      expect(out).toMatch(new RegExp(`^${id} `, 'm'))
      expect(out.replace(/\s+/g, ' ')).toContain(citation)
    }
  })

  it('is data with --json', async () => {
    expect(JSON.parse((await call(['standards', '--json'])).out)).toEqual({
      schema: 'agatston.standards/1',
      standards: STANDARDS,
    })
  })
})

describe('phantom', () => {
  const small = ['--slices', '10']

  it('writes a series that scores', { timeout: 60_000 }, async () => {
    const dir = join(temp, 'phantom')
    const written = await call(['phantom', dir, ...small])
    expect([written.code, written.err]).toEqual([0, ''])
    expect(readdirSync(dir).sort()).toEqual(['dicom', 'territories.nii.gz', 'truth.json'])
    expect(readdirSync(join(dir, 'dicom')).length).toBe(10)
    for (const name of ['dicom', 'territories.nii.gz', 'truth.json']) expect(written.out).toContain(name)
    const truth = JSON.parse(readFileSync(join(dir, 'truth.json'), 'utf8')) as { massFactor: number }
    const maps = ['--territories', join(dir, 'territories.nii.gz'), '--mass-factor', String(truth.massFactor)]
    const result = scored(await call(['score', join(dir, 'dicom'), ...maps, '--json']))
    expect(result.total.agatston).toBeGreaterThan(0)
    expect(Object.keys(result.territories)).toEqual(expect.arrayContaining(['LAD', 'RCA']))

    // A folder that is not empty is left alone, and with --force nothing but an earlier phantom goes.
    const before = readFileSync(join(dir, 'truth.json'), 'utf8')
    const again = await call(['phantom', dir, '--seed', '2', ...small])
    expect(again.code).toBe(2)
    expect(again.err).toMatch(/not empty/)
    expect(readFileSync(join(dir, 'truth.json'), 'utf8')).toBe(before)
    writeFileSync(join(dir, 'dicom', 'own.dcm'), 'kept')
    writeFileSync(join(dir, 'dicom', 'torso-999.dcm'), 'of a longer phantom')
    expect((await call(['phantom', dir, '--slices', '0', '--force'])).code).toBe(2)
    expect((await call(['phantom', dir, '--slices', '5000', '--force'])).code).toBe(2)
    expect(readFileSync(join(dir, 'truth.json'), 'utf8')).toBe(before)
    const forced = await call(['phantom', dir, '--seed', '2', '--force', '--syntax', 'big-endian', '--json', ...small])
    expect(JSON.parse(forced.out)).toMatchObject({ schema: 'agatston.phantom-files/1', slices: 10 })
    const names = readdirSync(join(dir, 'dicom'))
    expect(names).toContain('own.dcm')
    expect(names).not.toContain('torso-999.dcm')
    const inspected = await call(['inspect', join(dir, 'dicom'), '--json'])
    expect(inspected.out).toContain('"1.2.840.10008.1.2.2"')
  })

  it('of kind qrm names its inserts beside the label map', { timeout: 60_000 }, async () => {
    const dir = join(temp, 'qrm')
    expect((await call(['phantom', dir, '--kind', 'qrm', ...small])).code).toBe(0)
    const truth = JSON.parse(readFileSync(join(dir, 'truth.json'), 'utf8')) as { territories: object }
    const line = ['score', join(dir, 'dicom'), '--territories', join(dir, 'territories.nii.gz'), '--json']
    const result = scored(await call(line))
    expect(Object.keys(result.territories).sort()).toEqual(Object.keys(truth.territories).sort())
  })

  it('is wrong usage where the folder cannot be made', async () => {
    const file = join(temp, 'file')
    writeFileSync(file, '')
    expect((await call(['phantom', join(file, 'dir')])).code).toBe(2)
    mkdirSync(join(temp, 'new'))
  })
})

describe('faults', () => {
  async function told(error: unknown, options: { json?: boolean; env?: Record<string, string> } = {}) {
    let [out, err] = ['', '']
    const io = {
      stdout: { write: (text: string) => (out += text) },
      stderr: { write: (text: string) => (err += text) },
      env: options.env ?? {},
    }
    const code = await tellFailure(error, io, { json: options.json ?? false, instead: 'agatston' })
    return { code, out, err }
  }

  it('are one line with a code, without the stack and without what a foreign message may hold', async () => {
    const { code, out, err } = await told(new Error('DOE^JANE in /data/scan'))
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/^agatston: .*AGATSTON_DEBUG=1.*\[INTERNAL\]\n$/)
    expect(err).not.toMatch(/DOE|data| at /)
    expect(err.split('\n').length).toBe(2)
  })

  it('show the stack when asked', async () => {
    const { err } = await told(new TypeError('odd'), { env: { AGATSTON_DEBUG: '1' } })
    expect(err).toMatch(/caused by TypeError: odd\n +at /)
  })

  it('are data with --json', async () => {
    const { code, out, err } = await told(new TypeError('odd'), { json: true })
    expect([code, err]).toEqual([1, ''])
    expect(JSON.parse(out)).toMatchObject({
      schema: 'agatston.refusal/1',
      refusals: [{ code: 'INTERNAL' }],
      warnings: [],
    })
  })

  it('tell memory apart', async () => {
    const { code, err } = await told(new RangeError('Array buffer allocation failed'))
    expect(code).toBe(1)
    expect(err).toMatch(/\[OUT_OF_MEMORY\]/)
  })

  it('have exit code 1, refusals 3', async () => {
    expect((await told(new AgatstonError('WASM_UNSUPPORTED', 'no WebAssembly'))).code).toBe(1)
    expect((await told(new AgatstonError('LOSSY', 'lossy'))).code).toBe(3)
  })
})
