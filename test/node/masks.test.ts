/** Masks of every kind on one series: they must give one result. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { type DecodeFrame, decodeHere } from '../../bindings/dicom/decoding/encoded.js'
import { seriesUids } from '../../bindings/dicom/write.js'
import { type Engine, createEngine } from '../../bindings/index.js'
import { scorePath } from '../../bindings/node/index.js'
import { findLabelMaps, readTerritories } from '../../bindings/node/territories.js'
import { makePhantom } from '../../bindings/phantom/index.js'
import { readMasks, readSeries } from '../../bindings/dicom/index.js'
import { rle } from '../dicom/encode.js'
import { random, shuffled } from '../dicom/make.js'
import { refusal } from '../dicom/mask-outcome.js'
import { type Region, type Segment, boxOf, contourOf, outlines, rtFile, segFile } from '../dicom/masks.js'
import { COLUMNS, DENSE, ROWS, WEAK, geometryOf, labelMap, seriesFiles, tempFolder, writeAll } from './series.js'

const temp = tempFolder()
const scan = writeAll(join(temp, 'scan'), seriesFiles())
const GRID = geometryOf(32)
const { frameOfReference, series } = seriesUids('test series')
const folder = join(temp, 'masks')
mkdirSync(folder)
const write = (name: string, data: Uint8Array | string): string => {
  writeFileSync(join(folder, name), data)
  return join(folder, name)
}

const around = ({ rows, columns }: typeof WEAK): number[] =>
  Array.from({ length: ROWS * COLUMNS * 32 }, (_, i) => {
    const [row, column] = [Math.floor(i / COLUMNS) % ROWS, i % COLUMNS]
    return Number(row >= rows[0] - 2 && row < rows[1] + 2 && column >= columns[0] - 2 && column < columns[1] + 2)
  })
const frame = {
  0x00200052: frameOfReference,
  0x00081115: { vr: 'SQ', value: [{ 0x0020000e: { vr: 'UI', value: series } }] },
}
const seg = (segments: readonly Segment[]): Uint8Array => segFile(GRID, segments, { edits: frame })
const rt = (regions: readonly Region[]): Uint8Array =>
  rtFile(
    regions.map((region) => ({ ...region, frameOfReferenceUid: frameOfReference })),
    { series },
  )
const region = (number: number, name: string, { rows, columns }: typeof WEAK): Region => ({
  number,
  name,
  contours: GRID.positions.map((_, k) =>
    contourOf(GRID, k, boxOf(rows[0] - 2, columns[0] - 2, rows[1] - rows[0] + 4, columns[1] - columns[0] + 4)),
  ),
})

describe('a series with masks', () => {
  const nifti = write(
    'vessels.nii.gz',
    labelMap([
      [WEAK, 2],
      [DENSE, 4],
    ]),
  )
  const lad = { number: 1, label: 'LAD', pixels: around(WEAK) }
  const rca = { number: 2, label: 'Right coronary artery', pixels: around(DENSE) }

  /** A result without what it tells of the mask files. */
  const scored = async (territories: string | readonly string[]): Promise<object> => {
    const { input, ...result } = await scorePath(scan, { territories })
    return { ...result, lesions: result.lesions, input: { ...input, territoryMapping: null } }
  }

  it('scores the same with each kind, told apart by content', async () => {
    const whole = await scorePath(scan, { territories: nifti })
    expect(whole.total.agatston).toBe(20)
    expect(whole.input.territoryMapping!.sources.map(({ territory }) => territory)).toEqual(['LAD', 'RCA'])
    const expected = await scored(nifti)
    const both = [region(7, 'LAD', WEAK), region(8, 'RCA', DENSE)]
    for (const path of [
      write('1.2.840.1', seg([lad, rca])),
      write('seg.nii', seg([lad, rca])),
      write('structures', rt(both)),
      write('without-extension', labelMap([[WEAK, 2], [DENSE, 4]])), // prettier-ignore
    ]) {
      expect(await scored(path)).toEqual(expected)
    }
  })

  it('joins kinds, and names every part it took', async () => {
    const paths = [
      write('rca.dcm', seg([{ ...rca, label: 'x' }, { number: 9, label: 'heart', pixels: around(WEAK) }])), // prettier-ignore
      write('lad.nii', labelMap([[WEAK, 2]])),
    ]
    write('rca.json', '{ "2": "rca" }')
    expect(await scored(paths)).toEqual(await scored(nifti))
    const map = await readTerritories(findLabelMaps(paths), GRID)
    expect(map.mapping!.sources.map((s) => [s.file, s.kind, s.number, s.territory, s.by, s.pixels])).toEqual([
      ['lad.nii', 'nifti', 2, 'LAD', 'id', 2048],
      ['rca.dcm', 'seg', 2, 'RCA', 'names', 1536],
      ['rca.dcm', 'seg', 9, null, 'label', 0],
    ])
    expect(map.mapping!.notes.length).toBe(1)
  })

  it('leaves out what a file of names says, and refuses one that does not fit', async () => {
    const path = write('plan.dcm', rt([region(7, 'LAD', WEAK), region(8, 'PTV', WEAK)]))
    expect((await refusal(scorePath(scan, { territories: path }))).details).toMatchObject({
      kind: 'unnamed',
      numbers: [8],
    })
    write('plan.json', '{ "8": null }')
    expect((await scorePath(scan, { territories: path })).total.agatston).toBe(12)
    for (const text of ['[]', '{ "8": 5 }', '{ "x": "LAD" }', '{', '{ "8": "é" }']) {
      write('plan.json', text)
      const error = await refusal(scorePath(scan, { territories: path }))
      expect([error.code, error.message.includes('plan.json')]).toEqual(['TERRITORY_MISMATCH', true])
    }
    write('plan.json', '{ "9": "LAD" }')
    expect((await refusal(scorePath(scan, { territories: path }))).details['kind']).toBe('names')
  })

  it('reads the names beside a NIfTI map by the words of every mask', async () => {
    const path = write('words.nii.gz', labelMap([[WEAK, 2], [DENSE, 4]])) // prettier-ignore
    write('words.json', '{ "2": "D1", "4": "Right coronary artery", "9": "heart" }')
    const result = await scorePath(scan, { territories: path })
    expect(Object.entries(result.territories).map(([name, { agatston }]) => [name, agatston])).toEqual([
      ['LAD', 12],
      ['RCA', 8],
    ])
    expect(
      result.input.territoryMapping!.sources.map(({ file, number, label, territory, by }) => [file, number, label, territory, by]), // prettier-ignore
    ).toEqual([
      ['words.nii.gz', 2, 'D1', 'LAD', 'names'],
      ['words.nii.gz', 4, 'Right coronary artery', 'RCA', 'names'],
      ['words.nii.gz', 9, 'heart', null, 'names'],
    ])
    write('words.json', '{ "2": null, "4": "my stent" }')
    expect((await scorePath(scan, { territories: path })).total.agatston).toBe(8)
    for (const [text, why] of [
      ['{ "2": "LAD or RCA", "4": "RCA" }', /'LAD or RCA' is understood only in part/],
      ['{ "2": "LAD", "4": "RCA", "256": "LM" }', /256 is no label id/],
      ['{ "2": "LAD", "4": "RCA", "0": "LM" }', /0 is no label id/],
    ] as const) {
      write('words.json', text)
      const error = await refusal(scorePath(scan, { territories: path }))
      expect(error.details).toMatchObject({ kind: 'names', file: 'words.json', map: 'words.nii.gz' })
      expect(error.message).toMatch(why)
    }
    write('words.json', '{ "2": "LAD" }')
    expect((await refusal(scorePath(scan, { territories: path }))).details).toMatchObject({
      kind: 'unnamed',
      file: 'words.nii.gz',
      ids: [4],
    })
  })

  it('does not verify a zero of masks that go on where the scan does not', async () => {
    const zero = writeAll(join(temp, 'zero'), seriesFiles({ blocks: [] }))
    const long = geometryOf(34)
    const all = (above: boolean) => ['LAD', 'LCX', 'RCA'].map((label, n) => ({
      number: n + 1,
      label,
      // A column of pixels for each vessel; LAD two planes longer than the scan, or not.
      pixels: Array.from({ length: ROWS * COLUMNS * 34 }, (_, i) =>
        Number(i % COLUMNS === 10 + n && (i < ROWS * COLUMNS * 32 || (above && n === 0)))),
    })) // prettier-ignore
    const failed = async (territories: string): Promise<unknown> => {
      const { total, warnings } = await scorePath(zero, { territories })
      expect(total.agatston).toBe(0)
      const unverified = warnings.find(({ code }) => code === 'ZERO_UNVERIFIED')
      return unverified?.details['failed'] ?? []
    }
    const mask = (above: boolean) => segFile(long, all(above), { edits: frame })
    const within = await failed(write('within.dcm', mask(false)))
    const above = write('above.dcm', mask(true))
    expect(within).not.toContain('notes on the masks')
    expect(await failed(above)).toContain('notes on the masks')
    const { mapping } = await readTerritories(findLabelMaps([above]), GRID)
    expect(mapping!.notes).toContain(
      'above.dcm: segment 1 (LAD) has 2 plane(s) beyond the first or last slice, which mark nothing',
    )
    expect(JSON.stringify(mapping)).not.toContain('CANARY')
  })

  it('decodes compressed segmentations on threads as well as here', async () => {
    const coded = segFile(GRID, [lad, rca], {
      edits: frame,
      uid: '1.2.840.10008.1.2.5',
      encode: (values) => rle(values, 1),
    })
    const path = write('coded.dcm', coded)
    for (const workers of [0, 1]) {
      expect((await scorePath(scan, { territories: path, workers })).total.agatston).toBe(20)
    }
    // The scan is not compressed: what is decoded are the frames of the mask.
    const [here, jobs] = [decodeHere(), [] as string[]]
    const decode: DecodeFrame = (job, ...rest) => {
      jobs.push(job.shape.file)
      return here(job, ...rest)
    }
    expect((await scorePath(scan, { territories: path, decode })).total.agatston).toBe(20)
    expect(jobs).toEqual(Array.from({ length: 64 }, () => 'coded.dcm'))
  })

  it('refuses masks of another patient space', async () => {
    const stranger = segFile(GRID, [lad], { edits: { ...frame, 0x00200052: '1.2.3.4' } })
    const error = await refusal(scorePath(scan, { territories: write('stranger.dcm', stranger) }))
    expect([error.code, error.details['kind']]).toEqual(['TERRITORY_MISMATCH', 'frame-of-reference'])
  })

  it('refuses masks of two kinds on one pixel, and what is no mask', async () => {
    const paths = [nifti, write('again.dcm', seg([{ ...lad, label: 'LCX' }]))]
    const error = await refusal(scorePath(scan, { territories: paths }))
    expect(error.message).toMatch(/vessels\.nii\.gz and again\.dcm both mark/)
    const ct = await refusal(scorePath(scan, { territories: join(scan, 'IM0001') }))
    expect([ct.code, ct.details['kind']]).toEqual(['TERRITORY_MISMATCH', 'not-a-mask'])
    await expect(scorePath(scan, { territories: write('notes.txt', 'x') })).rejects.toThrow(/'notes\.txt' is no mask/)
    await expect(scorePath(scan, { territories: write('empty', '') })).rejects.toThrow(/'empty' is no mask/)
    await expect(scorePath(scan, { territories: folder })).rejects.toThrow(/not a folder/)
  })
})

describe('the phantom', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await createEngine()
  })

  it('scores the same by label map, segmentation and contours', { timeout: 60_000 }, async () => {
    const phantom = makePhantom({ kind: 'torso', rows: 256, columns: 256, slices: 24, spacingMm: [0.8, 0.8, 3] })
    const sources = [...phantom.dicomFiles()].map(({ name, bytes }) => ({ name, data: bytes }))
    const ct = await readSeries(sources)
    const { scalarData: labels, names } = phantom.territories
    const { geometry } = ct
    const parts = Object.entries(names).filter(([id]) => labels.includes(Number(id)))
    const uid = ct.frameOfReferenceUid!
    const segments = parts.map(([id, label]): Segment => ({
      number: Number(id),
      label,
      pixels: labels.map((one) => Number(one === Number(id))),
    }))
    const ordered = segFile(geometry, segments, { edits: { 0x00200052: uid } })
    const next = random(21)
    const mixed = segFile(geometry, segments, {
      edits: { 0x00200052: uid },
      frames: (all) => shuffled(all, next),
      syntax: 'big',
    })
    const size = geometry.rows * geometry.columns
    const regions = parts.map(([id, name]): Region => ({
      number: Number(id),
      name,
      frameOfReferenceUid: uid,
      contours: geometry.positions.flatMap((_, k) =>
        outlines(
          (row, column) => labels[k * size + row * geometry.columns + column] === Number(id),
          geometry.rows,
          geometry.columns,
        ).map((loop) => contourOf(geometry, k, loop)),
      ),
    }))
    const contours = rtFile(regions, { syntax: 'implicit', series: ct.facts.seriesInstanceUid })
    const expected = await engine.score(ct, { territories: phantom.territories })
    expect(expected.total.agatston).toBeGreaterThan(100)
    for (const data of [ordered, mixed, contours]) {
      const { territories } = await readMasks([{ name: 'mask', data }], ct)
      expect(Array.from(territories.scalarData.filter((label, i) => label !== labels[i]))).toEqual([])
      const result = await engine.score(ct, { territories })
      expect(result.total).toEqual(expected.total)
      expect(result.territories).toEqual(expected.territories)
      expect(result.lesions).toEqual(expected.lesions)
    }
  })
})
