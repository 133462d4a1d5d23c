/** Files beside a series that are no DICOM, or call themselves something else than slices: which are passed over, which not. */
import { describe, expect, it } from 'vitest'
import { inspectSeries, readSeries } from '../../bindings/dicom/index.js'
import { type Edits, SIDE, at, ctElements, ctSeries, encodeFile, source } from './make.js'
import { code, failure, only, portrait, refusalsOf, warningsOf } from './outcome.js'

const ZEROS = (n: number): Uint8Array => new Uint8Array(n)
const TEXT = new TextEncoder().encode('<html>404 not found</html>'.repeat(30))
const whole = encodeFile(ctElements(33))
const bareSeries = (n: number) => ctSeries(n).map(({ data }, k) => ({ name: `IM${k}`, data }))

describe('a damaged file beside a CT series', () => {
  it.each([
    ['empty', 'CT0033.dcm', ZEROS(0)],
    ['empty, of another name', 'slice', ZEROS(0)],
    ['all zero', 'CT0033.dcm', ZEROS(5000)],
    ['one zero', 'x.bin2', ZEROS(1)],
    ['cut before the preamble ends', 'x.0033', whole.subarray(0, 127)],
    ['cut at the end of the preamble', 'x.0033', whole.subarray(0, 128)],
    ['cut inside its letters', 'x.0033', whole.subarray(0, 131)],
    ['without its preamble', 'x.0033', whole.subarray(128, 132 + 10)],
    ['named DICOM, holding a web page', 'CT0033.DCM', TEXT],
  ])('is not passed over: %s', async (_, name, data) => {
    const sources = [...ctSeries(33), source(data, name)]
    const error = await failure(sources)
    expect(error.code).toBe('PARSE_FAILED')
    expect(error.details).toMatchObject({ kind: 'damaged', file: name })
    expect(await inspectSeries(sources)).toMatchObject({
      files: 34,
      notDicom: 0,
      unreadable: [{ code: 'PARSE_FAILED' }],
    })
    // Where someone counted the slices, the file is none of them.
    expect((await readSeries(sources, { expectedSlices: 33 })).geometry.slices).toBe(33)
  })

  it('is not passed over where it is named as the slices are', async () => {
    expect(await code([...bareSeries(33), source(TEXT, 'IM33')])).toBe('PARSE_FAILED')
    expect(await code([...bareSeries(33), source(TEXT, '1.2.840.33')])).toBe('PARSE_FAILED')
    expect(await refusalsOf([...ctSeries(33), source(TEXT, 'IM33')])).toEqual([])
    expect(await refusalsOf([...bareSeries(33), source(TEXT, 'IM33.js9')])).toEqual([])
  })

  it('is passed over where it is plainly something else, even empty', async () => {
    const names = ['notes.txt', 'README', 'readme.md', 'LICENSE', 'DICOMDIR', 'a.json', 'a.png', 'ct.nii', 'ct.nii.gz']
    names.push('report.pdf', 'desktop.ini', 'Thumbs.db', '.DS_Store', '._IM0001.dcm', 'VERSION', 'SHA256SUMS', 'a.csv')
    const strays = names.flatMap((name) => [source(TEXT, name), source(ZEROS(0), name), source(ZEROS(600), name)])
    const { series, notDicom, unreadable } = await inspectSeries([...bareSeries(33), ...strays])
    expect([notDicom, unreadable]).toEqual([strays.length, []])
    expect(series[0]!.eligible).toBe(true)
  })

  it('is passed over where there is no CT', async () => {
    const mr = ctSeries(3, { 0x00080060: 'MR' })
    expect(await inspectSeries([...mr, source(ZEROS(0), 'a.dcm')])).toMatchObject({ notDicom: 1, unreadable: [] })
    expect(await code([source(ZEROS(0)), source(TEXT)])).toBe('NOT_DICOM')
  })
})

describe('images that call themselves localizers or screen captures', () => {
  const LOCALIZER: Edits = { 0x00080008: 'ORIGINAL\\PRIMARY\\LOCALIZER' }
  const CAPTURE: Edits = { 0x00080016: '1.2.840.10008.5.1.4.1.1.7' }
  const tagged = (which: readonly number[], edits: Edits) =>
    ctSeries(34, (k) => (which.includes(k) ? edits : ({} as Edits)))

  it.each([
    ['the first slice', [0], LOCALIZER],
    ['the last slice', [33], LOCALIZER],
    ['the last three', [31, 32, 33], LOCALIZER],
    ['one between', [17], LOCALIZER],
    ['a captured last slice', [33], CAPTURE],
    ['a captured one between', [12], CAPTURE],
  ] as const)('are not left out where the stack lacks them: %s', async (_, which, edits) => {
    const { refusals, warnings } = await only(tagged(which, edits))
    const mixed = refusals.find((refusal) => refusal.code === 'SERIES_MIXED')
    expect(mixed?.details).toMatchObject({ kind: 'excluded-in-stack', images: which.length })
    expect(warnings.map((warning) => warning.code)).not.toContain('IMAGE_EXCLUDED')
  })

  it('are left out where they are no slice of the stack', async () => {
    const beside = (edits: Edits) => [
      ...ctSeries(33),
      source(encodeFile(ctElements(33, { ...LOCALIZER, ...edits })), 'x'),
    ]
    const cases: Edits[] = [
      { 0x00200037: '1\\0\\0\\0\\0\\-1' },
      { 0x00200037: '0\\1\\0\\-1\\0\\0' },
      { 0x00280030: '0.6\\0.5' },
      { 0x00280010: [SIDE / 2], 0x7fe00010: { vr: 'OW', value: Array<number>(SIDE * SIDE * 0.5).fill(0) } },
      at(100 + 3 * 33 + 1.5),
      at(100 + 3 * 34),
      at(100 + 3 * 33, -90),
      at(100 + 3 * 5),
    ]
    for (const edits of cases) {
      expect(await refusalsOf(beside(edits)), JSON.stringify(edits)).toEqual([])
      expect(await warningsOf(beside(edits))).toContain('IMAGE_EXCLUDED')
    }
    expect(await refusalsOf(beside({}))).toEqual(['SERIES_MIXED'])
  })

  it('are found along a tilted stack, and beside a single slice', async () => {
    const slanted = ctSeries(34, (k) => ({ ...at(100 + 3 * k, -100, -100 + 0.5 * k), ...(k === 33 ? LOCALIZER : {}) }))
    expect((await only(slanted)).refusals.map((one) => one.details['kind'])).toContain('excluded-in-stack')
    expect(await refusalsOf(tagged([1], LOCALIZER).slice(0, 2))).toContain('SERIES_MIXED')
  })

  it('can be left out by a caller who says so', async () => {
    const volume = await readSeries(tagged([33], LOCALIZER), { accept: ['SERIES_MIXED'] })
    expect([volume.geometry.slices, volume.accepted]).toEqual([33, ['SERIES_MIXED']])
  })
})

describe('Node Buffers', () => {
  it('are read as arrays are, from a pool too, and left alone', async () => {
    for (const syntax of ['explicit', 'implicit', 'big'] as const) {
      // 12 bits: those unused are looked at, too.
      const bits = { 0x00280101: [12], 0x00280102: [11], 0x00280103: [0] }
      const sources = ctSeries(4, bits, { syntax })
      const pools: [Buffer, string][] = []
      const buffers = sources.map(({ name, data }, k) => {
        const bytes = data as Uint8Array
        const pool = Buffer.alloc(bytes.length + 40, 0x5c)
        pool.set(bytes, 2 * k + 1)
        pools.push([pool, pool.toString('hex')])
        return { name, data: pool.subarray(2 * k + 1, 2 * k + 1 + bytes.length) }
      })
      expect(await portrait(await readSeries(buffers))).toEqual(await portrait(await readSeries(sources)))
      for (const [pool, before] of pools) expect(pool.toString('hex')).toBe(before)
    }
  })
})
