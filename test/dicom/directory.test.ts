/** DICOMDIR: a manifest that says how many images a series has, and nothing that could lead anywhere. */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type DicomSource, inspectSeries, readSeries, unzip } from '../../bindings/dicom/index.js'
import { inspectPath, readPath } from '../../bindings/node/index.js'
import { tempFolder } from '../node/series.js'
import { zip } from './archive.js'
import { ctElements, ctSeries, encodeFile, enhancedElements, source } from './make.js'
import { type TestRecord, dicomdir, patientRecord, seriesRecord } from './medium.js'
import { failure, portrait, refusalsOf, warningsOf } from './outcome.js'

const SERIES = '1.2.3.2'
const uids = (count: number): string[] => Array.from({ length: count }, (_, k) => `1.2.3.4.${k + 1}`)
const manifest = (
  roots: readonly TestRecord[],
  ...how: Parameters<typeof dicomdir> extends [unknown, ...infer R] ? R : never
) => source(dicomdir(roots, ...how), 'DICOMDIR')
const listing = (count: number) => manifest([patientRecord([seriesRecord(SERIES, uids(count))])])

describe('a DICOMDIR among the files', () => {
  it('that lists what was found verifies the count', async () => {
    expect(await warningsOf(ctSeries())).toContain('COUNT_UNVERIFIED')
    for (const order of [(a: DicomSource[]) => a, (a: DicomSource[]) => a.reverse()]) {
      const all = order([listing(34), ...ctSeries()])
      expect(await refusalsOf(all)).toEqual([])
      expect(await warningsOf(all)).not.toContain('COUNT_UNVERIFIED')
      expect(await inspectSeries(all)).toMatchObject({ files: 35, notDicom: 1, unreadable: [] })
    }
  })

  it('that lists more, at either end, refuses the series', async () => {
    const error = await failure([listing(35), ...ctSeries()])
    expect(error).toMatchObject({ code: 'SERIES_INCOMPLETE', details: { kind: 'manifest', slices: 34, expected: 35 } })
    expect(await refusalsOf([listing(34), ...ctSeries().slice(1)])).toEqual(['SERIES_INCOMPLETE'])
    expect(await refusalsOf([listing(34), ...ctSeries().slice(0, 33)], { accept: ['SERIES_INCOMPLETE'] })).toEqual([])
    const unnamed = manifest([patientRecord([seriesRecord(SERIES, [...uids(34), null])])])
    expect(await refusalsOf([unnamed, ...ctSeries()])).toEqual(['SERIES_INCOMPLETE'])
  })

  it('goes by instances, not by their number', async () => {
    const others = manifest([patientRecord([seriesRecord(SERIES, uids(35).slice(1))])])
    expect(await refusalsOf([others, ...ctSeries()])).toEqual(['SERIES_INCOMPLETE'])
  })

  it('that lists fewer says nothing of the rest', async () => {
    expect(await refusalsOf([listing(33), ...ctSeries()])).toEqual([])
    expect(await warningsOf([listing(33), ...ctSeries()])).toContain('COUNT_UNVERIFIED')
    const other = manifest([patientRecord([seriesRecord('1.2.3.9', uids(90))])])
    expect(await warningsOf([other, ...ctSeries()])).toContain('COUNT_UNVERIFIED')
  })

  it('of several, all count', async () => {
    const part = (from: number, to: number) =>
      manifest([patientRecord([seriesRecord(SERIES, uids(35).slice(from, to))])])
    expect(await refusalsOf([part(0, 20), part(15, 34), ...ctSeries()])).toEqual([])
    expect(await refusalsOf([part(0, 20), part(15, 35), ...ctSeries()])).toEqual(['SERIES_INCOMPLETE'])
  })

  it('counts an enhanced object as one, and only images', async () => {
    const elements = enhancedElements(Array.from({ length: 34 }, (_, k) => ctElements(k)))
    const report: TestRecord = { type: 'SR DOCUMENT', elements: { 0x00041511: { vr: 'UI', value: '1.2.3.77' } } }
    const series = seriesRecord(SERIES, uids(1))
    const listed = manifest([patientRecord([{ ...series, below: [...series.below!, report] }])])
    const all = [listed, source(encodeFile(elements), 'enhanced.dcm')]
    expect(await refusalsOf(all)).toEqual([])
    expect(await warningsOf(all)).not.toContain('COUNT_UNVERIFIED')
  })

  it('is read whatever the order of its records and however many patients it has', async () => {
    const other = patientRecord([seriesRecord('1.2.3.8', ['1.2.3.9.1']), seriesRecord(SERIES, uids(35))])
    for (const breadth of [false, true]) {
      const listed = manifest([patientRecord([seriesRecord('1.2.3.7', ['1.2.3.9.2'])]), other], undefined, breadth)
      expect(await refusalsOf([listed, ...ctSeries()])).toEqual(['SERIES_INCOMPLETE'])
    }
  })

  it('leaves out records that are no longer in use', async () => {
    const series = seriesRecord(SERIES, uids(35))
    const below = series.below!.map((image, k) => ({ ...image, inUse: k === 34 ? 0 : 0xffff }))
    expect(await refusalsOf([manifest([patientRecord([{ ...series, below }])]), ...ctSeries()])).toEqual([])
  })
})

describe('a DICOMDIR that is broken', () => {
  it.each<[string, (offsets: { next: number; below: number }, n: number) => void]>([
    ['an offset to nowhere', (offsets, n) => void (n === 5 && (offsets.next += 2))],
    ['an offset beyond the file', (offsets, n) => void (n === 2 && (offsets.below = 1e9))],
    ['a record below itself', (offsets, n) => void (n === 2 && (offsets.below = offsets.next))],
  ])('%s: is told of, and stops no series', async (_, spoil) => {
    const broken = manifest([patientRecord([seriesRecord(SERIES, uids(35)), seriesRecord('1.2.3.8', uids(3))])], spoil)
    const { unreadable, series } = await inspectSeries([broken, ...ctSeries()])
    expect(unreadable).toMatchObject([{ code: 'PARSE_FAILED', details: { kind: 'structure', file: 'DICOMDIR' } }])
    expect(series[0]).toMatchObject({ eligible: true })
  })

  it('every record of a loop is met once', async () => {
    let first = 0
    const spoil = (offsets: { next: number; below: number; offset?: number }, n: number): void => {
      if (n === 3) first = offsets.offset!
      if (n === 36) offsets.next = first
    }
    const broken = manifest([patientRecord([seriesRecord(SERIES, uids(34))])], spoil)
    const { unreadable, series } = await inspectSeries([broken, ...ctSeries()])
    expect(unreadable).toMatchObject([{ code: 'PARSE_FAILED', details: { kind: 'structure', file: 'DICOMDIR' } }])
    expect(series[0]).toMatchObject({ eligible: true })
    expect(series[0]!.warnings.map(({ code }) => code)).toContain('COUNT_UNVERIFIED')
  })

  it('cut anywhere', async () => {
    const whole = listing(34).data as Uint8Array
    for (let cut = 300; cut < whole.length; cut += 97) {
      const { unreadable, series } = await inspectSeries([source(whole.subarray(0, cut), 'DICOMDIR'), ...ctSeries()])
      expect(unreadable.map(({ code }) => code)).toEqual(['PARSE_FAILED'])
      expect(series[0]).toMatchObject({ eligible: true })
    }
  })

  it('alone it is the reason', async () => {
    const whole = listing(34).data as Uint8Array
    expect(await failure([source(whole.subarray(0, 1000), 'DICOMDIR')])).toMatchObject({ code: 'PARSE_FAILED' })
    expect(await failure([listing(34)])).toMatchObject({ code: 'NOT_DICOM' })
  })
})

describe('a medium on disk', () => {
  const temp = tempFolder()
  const medium = (
    name: string,
    count: number,
    listed: number,
    ids: (k: number) => string = (k) => `DICOM\\IM${k}`,
  ): string => {
    const folder = join(temp, name)
    mkdirSync(join(folder, 'DICOM', 'S1'), { recursive: true })
    ctSeries(count).forEach(({ data }, k) => writeFileSync(join(folder, 'DICOM', 'S1', `IM${k}`), data as Uint8Array))
    const series = seriesRecord(SERIES, uids(listed))
    const below = series.below!.map((image, k) => ({
      ...image,
      elements: { ...image.elements, 0x00041500: { vr: 'CS', value: ids(k) } },
    }))
    writeFileSync(join(folder, 'DICOMDIR'), dicomdir([patientRecord([{ ...series, below }])]))
    writeFileSync(join(folder, 'AUTORUN.INF'), '[autorun]')
    return folder
  }
  const codes = async (path: string) =>
    (await inspectPath(path)).series.flatMap(({ refusals }) => refusals.map(({ code }) => code))

  it('is read by its folder, by its DICOMDIR, and from an archive, alike', async () => {
    const folder = medium('disc', 34, 34)
    const plain = (await portrait(await readSeries(ctSeries())))['values']
    for (const path of [folder, join(folder, 'DICOMDIR')]) {
      const volume = await readPath(path)
      expect(volume.warnings.map(({ code }) => code)).not.toContain('COUNT_UNVERIFIED')
      expect((await portrait(volume as Awaited<ReturnType<typeof readSeries>>))['values']).toEqual(plain)
    }
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => ({ name: entry.name, data: new Uint8Array(readFileSync(join(entry.parentPath, entry.name))) }))
    const volume = await readSeries(unzip(source(zip(entries), 'disc.zip')))
    expect(volume.warnings.map(({ code }) => code)).not.toContain('COUNT_UNVERIFIED')
  })

  it('that lost files is refused', async () => {
    const folder = medium('lost', 34, 36)
    expect(await codes(folder)).toEqual(['SERIES_INCOMPLETE'])
    expect(await codes(join(folder, 'DICOMDIR'))).toEqual(['SERIES_INCOMPLETE'])
  })

  it.each(['..\\..\\OUTSIDE\\IM', '\\OUTSIDE', 'C:\\OUTSIDE', '..', 'OUTSIDE\\..\\..\\OUTSIDE', '\0'])(
    'that names files elsewhere (%j) finds none of them',
    async (hostile) => {
      const folder = medium(`hostile ${Buffer.from(hostile).toString('hex')}`, 33, 34, (k) =>
        k === 33 ? hostile : `IM${k}`,
      )
      const outside = join(temp, 'OUTSIDE')
      mkdirSync(outside, { recursive: true })
      writeFileSync(join(outside, 'IM'), encodeFile(ctElements(33)))
      const inspection = await inspectPath(join(folder, 'DICOMDIR'))
      expect(inspection.files).toBe(35)
      expect(inspection.series[0]!.refusals.map(({ code }) => code)).toEqual(['SERIES_INCOMPLETE'])
      expect(JSON.stringify(inspection)).not.toContain('OUTSIDE')
      expect(JSON.stringify(inspection)).not.toContain('CANARY')
    },
  )

  const dcmmkdir = ['/usr/bin/dcmmkdir', '/usr/local/bin/dcmmkdir'].find(existsSync)
  if (!dcmmkdir) console.warn('skipped: dcmmkdir of dcmtk is not installed')
  it.skipIf(!dcmmkdir && process.env['CI'] !== 'true')('made by dcmtk', async () => {
    const folder = medium('dcmtk', 34, 0)
    const required = {
      0x00200010: { vr: 'SH', value: '1' },
      0x00200011: { vr: 'IS', value: '1' },
      0x00080020: { vr: 'DA', value: '20200101' },
      0x00080030: { vr: 'TM', value: '120000' },
    }
    for (let k = 0; k < 34; k++) {
      const element = { vr: 'UI', value: `1.2.3.4.${k + 1}` }
      const bytes = encodeFile({ ...ctElements(k, required), 0x00080018: element }, { instance: `1.2.3.4.${k + 1}` })
      writeFileSync(join(folder, 'DICOM', 'S1', `IM${k}`), bytes)
    }
    execFileSync(dcmmkdir ?? 'dcmmkdir', ['-W', '+r', '+id', '.', 'DICOM'], { cwd: folder, stdio: 'ignore' })
    expect(await codes(folder)).toEqual([])
    expect((await inspectPath(folder)).series[0]!.warnings.map(({ code }) => code)).not.toContain('COUNT_UNVERIFIED')
    const less = join(temp, 'dcmtk less')
    cpSync(folder, less, { recursive: true, filter: (path) => !path.endsWith('IM33') })
    expect(await codes(less)).toEqual(['SERIES_INCOMPLETE'])
  })
})
