import { mkdirSync, readdirSync, truncateSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { AgatstonError } from '../../bindings/base/errors.js'
import { readSeries } from '../../bindings/dicom/index.js'
import { createEngine } from '../../bindings/index.js'
import { writeNifti } from '../../bindings/nifti/index.js'
import { UsageError, findFiles, inspectPath, loadFiles, readPath, scorePath } from '../../bindings/node/index.js'
import {
  COLUMNS,
  DENSE,
  ROWS,
  SPECK,
  WEAK,
  geometryOf,
  labelMap,
  seriesFiles,
  slicePixels,
  tempFolder,
  writeAll,
} from './series.js'

const temp = tempFolder()
const scan = writeAll(join(temp, 'scan'), seriesFiles())
const map = join(temp, 'vessels.nii.gz')
writeFileSync(
  map,
  labelMap([
    [WEAK, 2],
    [DENSE, 4],
  ]),
)

async function refusal(body: Promise<unknown>): Promise<AgatstonError> {
  const error: unknown = await body.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AgatstonError)) throw error ?? new Error('nothing was refused')
  return error
}

describe('scorePath', () => {
  it('scores a folder by a label map', async () => {
    const result = await scorePath(scan, { territories: map })
    expect(result.scope).toBe('territories')
    expect(result.total.agatston).toBe(20)
    expect(result.total.volumeMm3).toBe(42)
    expect(result.territories['LAD']!.agatston).toBe(12)
    expect(result.territories['RCA']!.agatston).toBe(8)
    expect(result.category!.classic).toBe('mild')
    expect(result.input.kind).toBe('dicom-series')
    expect(result.input.slices).toBe(32)
  })

  it('hashes as the portable hasher does, and not when told not to', async () => {
    const volume = await readSeries(loadFiles(findFiles([scan])))
    const engine = await createEngine()
    const portable = await engine.score(volume, { scope: 'whole-image', hash: true })
    const own = await scorePath(scan, { scope: 'whole-image', engine })
    expect(own.input.pixelSha256).toMatch(/^[0-9a-f]{64}$/)
    expect(own.input.pixelSha256).toBe(portable.input.pixelSha256)
    expect((await scorePath(scan, { scope: 'whole-image', hash: false, engine })).input.pixelSha256).toBeNull()
    engine.dispose()
  })

  it('scores a study from disk as from memory and from blobs', async () => {
    const files = findFiles([scan])
    const engine = await createEngine()
    const fromDisk = await scorePath(scan, { scope: 'whole-image', engine })
    for (const of of [(bytes: Buffer) => bytes, (bytes: Buffer) => new Blob([new Uint8Array(bytes)])]) {
      const volume = await readSeries(files.map(({ path, name }) => ({ name, data: of(readFileSync(path)) })))
      const result = await engine.score(volume, { scope: 'whole-image' })
      expect(JSON.stringify(result)).toBe(JSON.stringify(fromDisk))
    }
    engine.dispose()
  })

  it('passes over what is not DICOM, a NIfTI in the folder included', async () => {
    const mixed = writeAll(join(temp, 'mixed'), seriesFiles())
    writeFileSync(join(mixed, 'notes.txt'), 'x'.repeat(100_000))
    writeFileSync(join(mixed, '.nomedia'), '')
    writeFileSync(join(mixed, 'map.nii.gz'), labelMap([[WEAK, 1]]))
    const inspection = await inspectPath(mixed)
    expect(inspection).toMatchObject({ files: 35, notDicom: 3 })
    expect((await scorePath(mixed, { territories: map })).total.agatston).toBe(20)
    // Named as the slices are, and empty: a slice that was lost.
    writeFileSync(join(mixed, 'IM0099'), '')
    const { code, details } = await refusal(scorePath(mixed, { territories: map }))
    expect([code, details['kind'], details['file']]).toEqual(['PARSE_FAILED', 'damaged', 'IM0099'])
  })

  it('takes files one by one, in any order', async () => {
    const files = readdirSync(scan).map((name) => join(scan, name))
    const whole = await scorePath(scan, { territories: map })
    expect(await scorePath(files.reverse(), { territories: map })).toEqual(whole)
  })

  it('scores a NIfTI volume', async () => {
    const data = new Int16Array(ROWS * COLUMNS * 32)
    for (let k = 0; k < 32; k++) data.set(slicePixels(k, [WEAK, DENSE, SPECK]), k * ROWS * COLUMNS)
    const file = join(temp, 'ct.nii.gz')
    writeFileSync(file, writeNifti({ data, geometry: geometryOf(32), gzip: true }))
    const result = await scorePath(file, { territories: map })
    expect(result.input.kind).toBe('nifti')
    expect(result.total.agatston).toBeCloseTo(20, 9)
    await expect(scorePath([file, scan], { territories: map })).rejects.toThrow(UsageError)
    await expect(readPath(file, { seriesInstanceUid: '1.2' })).rejects.toThrow(UsageError)
    await expect(readPath(file, { incrementMm: 7 })).rejects.toThrow(UsageError)
    await expect(readPath(file, { incrementMm: 7 })).rejects.toThrow(/the increment given is 7 mm/)
    await expect(readPath('')).rejects.toThrow(/a path is empty/)
    const warned = (await readPath(file)).warnings.map(({ code }) => code)
    expect(warned).toEqual(['KVP_MISSING', 'NOT_GATED', 'COUNT_UNVERIFIED'])
    const counted = (await readPath(file, { expectedSlices: 32 })).warnings.map(({ code }) => code)
    expect(counted).toEqual(['KVP_MISSING', 'NOT_GATED'])
    expect((await refusal(scorePath(file, { territories: map, strict: true }))).code).toBe('KVP_MISSING')
    expect((await readPath(file, { expectedSlices: 32 })).accepted).toEqual([])
    expect((await refusal(readPath(file, { expectedSlices: 33 }))).code).toBe('SERIES_INCOMPLETE')
    const accepted = await scorePath(file, { territories: map, expectedSlices: 33, accept: ['SERIES_INCOMPLETE'] })
    expect(accepted.accepted).toEqual(['SERIES_INCOMPLETE'])
    expect(accepted.category).toBeNull()
    expect(accepted.warnings.map(({ code }) => code)).toContain('ACCEPTED')
  })

  it('tells what was seen while reading when nothing says what to score', async () => {
    const error = await refusal(scorePath(scan))
    expect(error.code).toBe('SCOPE_MISSING')
    expect(error.warnings.map(({ code }) => code)).toContain('COUNT_UNVERIFIED')
  })

  it('refuses strictly what only the score brings to light', async () => {
    const edge = writeAll(join(temp, 'edge'), seriesFiles({ blocks: [{ ...WEAK, slices: [0, 2] }] }))
    const loose = await scorePath(edge, { territories: map })
    expect(loose.warnings.map(({ code }) => code)).toContain('COVERAGE_SHORT')
    expect((await refusal(scorePath(edge, { territories: map, strict: true }))).code).toBe('COVERAGE_SHORT')
    expect((await scorePath(scan, { territories: map, strict: true })).total.agatston).toBe(20)
  })

  it('checks options before it reads', async () => {
    const absent = join(temp, 'absent')
    await expect(scorePath(absent, { standard: 'no-such' })).rejects.toThrow(/no standard/)
    await expect(scorePath(absent, { massFactor: -1, scope: 'whole-image' })).rejects.toThrow(RangeError)
    await expect(scorePath(absent, { scope: 'whole-image', territories: map })).rejects.toThrow(/exclude/)
    await expect(scorePath(absent, { scope: 'whole-image' })).rejects.toThrow(UsageError)
    await expect(scorePath([], { scope: 'whole-image' })).rejects.toThrow(UsageError)
    await expect(scorePath('x.zip', { scope: 'whole-image' })).rejects.toThrow(UsageError)
  })

  it('refuses a file that was cut', async () => {
    const cut = writeAll(join(temp, 'cut'), seriesFiles())
    truncateSync(join(cut, 'IM0007'), 900)
    expect((await refusal(scorePath(cut, { territories: map }))).code).toMatch(/PARSE_FAILED|PIXELS_SHORT/)
  })

  it('tells of progress and stops when told', async () => {
    const told: string[] = []
    await scorePath(scan, { territories: map, onProgress: (...step) => told.push(step.join(' ')) })
    expect(told[0]).toBe('read 1 32')
    expect(told.at(-1)).toBe('score 32 32')
    expect(told.length).toBe(64)
    expect((await refusal(scorePath(scan, { territories: map, signal: AbortSignal.abort() }))).code).toBe('CANCELLED')
  })
})

describe('label maps', () => {
  const files = join(temp, 'maps')
  mkdirSync(files)
  const write = (name: string, data: Uint8Array | string): string => {
    writeFileSync(join(files, name), data)
    return join(files, name)
  }

  it('joins several, each with its names', async () => {
    const one = write('one.nii.gz', labelMap([[WEAK, 2]]))
    const two = write('two.nii.gz', labelMap([[DENSE, 2]]))
    write('two.json', '{ "2": "graft" }')
    const result = await scorePath(scan, { territories: [one, two] })
    expect(Object.keys(result.territories)).toEqual(['LAD', 'graft'])
    expect(result.territories['LAD']!.agatston).toBe(12)
    expect(result.territories['graft']!.agatston).toBe(8)
    expect(result.total.agatston).toBe(20)
  })

  it('joins one name from two maps', async () => {
    const one = write('a.nii.gz', labelMap([[WEAK, 2]]))
    const two = write('b.nii.gz', labelMap([[DENSE, 9]]))
    write('b.json', '{ "9": "LAD" }')
    const result = await scorePath(scan, { territories: [one, two] })
    expect(result.territories).toMatchObject({ LAD: { agatston: 20, lesions: 2 } })
  })

  it('refuses two maps on one pixel, naming both files', async () => {
    const one = write('left.nii.gz', labelMap([[WEAK, 2]]))
    const two = write('right.nii.gz', labelMap([[WEAK, 4]]))
    const error = await refusal(scorePath(scan, { territories: [one, two] }))
    expect(error.code).toBe('TERRITORY_MISMATCH')
    expect(error.message).toMatch(/left\.nii\.gz and right\.nii\.gz/)
    expect(error.message).not.toContain(files)
  })

  it.each([
    ['an array', '["LM"]'],
    ['no JSON', '{'],
    ['no name', '{ "1": 5 }'],
    ['no id', '{ "LM": "1" }'],
    ['an id out of range', '{ "256": "LM" }'],
  ])('refuses names that are %s', async (_, text) => {
    const one = write('bad.nii.gz', labelMap([[WEAK, 2]]))
    write('bad.json', text)
    const error = await refusal(scorePath(scan, { territories: one }))
    expect(error.code).toBe('TERRITORY_MISMATCH')
    expect(error.message).toContain('bad.json')
  })

  it('refuses a map on another grid', async () => {
    const short = write('short.nii.gz', labelMap([[WEAK, 2]], 31))
    expect((await refusal(scorePath(scan, { territories: short }))).code).toBe('TERRITORY_MISMATCH')
  })

  it('takes only NIfTI files, and only what is there', async () => {
    await expect(scorePath(scan, { territories: write('seg.dcm', 'x') })).rejects.toThrow(/NIfTI/)
    await expect(scorePath(scan, { territories: join(files, 'no.nii') })).rejects.toThrow(/'no\.nii'/)
    mkdirSync(join(files, 'folder.nii'))
    await expect(scorePath(scan, { territories: join(files, 'folder.nii') })).rejects.toThrow(UsageError)
  })
})
