/** Files in, one volume out: encodings, sources, order, choosing, options. */
import { describe, expect, it } from 'vitest'
import { AgatstonError } from '../../bindings/base/errors.js'
import { DEFAULT_LIMITS, type DicomSource, inspectSeries, readSeries } from '../../bindings/dicom/index.js'
import {
  SIDE,
  type Syntax,
  at,
  ctElements,
  ctSeries,
  encodeElements,
  encodeFile,
  join,
  pixels,
  random,
  shuffled,
  source,
} from './make.js'
import { SINGLE, code, failure, only, portrait, refusalsOf, valuesOf, warningsOf } from './outcome.js'

const SYNTAXES: readonly Syntax[] = ['implicit', 'explicit', 'big']

describe('readSeries', () => {
  it('reads an ordinary series with nothing to say but that nobody counted it', async () => {
    const volume = await readSeries(ctSeries(34))
    expect(volume.kind).toBe('dicom-series')
    expect(volume.pixelKind).toBe('int16')
    expect(volume.geometry).toMatchObject({
      rows: SIDE,
      columns: SIDE,
      slices: 34,
      pixelSpacingMm: [0.5, 0.5],
      normal: [0, 0, 1],
      incrementMm: 3,
      thicknessMm: 3,
    })
    expect(volume.geometry.positions[33]).toEqual([-100, -100, 199])
    expect(volume.warnings.map((w) => w.code)).toEqual(['COUNT_UNVERIFIED'])
    expect(volume.facts).toEqual({
      studyInstanceUid: '1.2.3.1',
      seriesInstanceUid: '1.2.3.2',
      transferSyntaxes: ['1.2.840.10008.1.2.1'],
      kvp: 120,
      manufacturer: 'SIEMENS',
      model: null,
      kernel: 'B35f',
      contrast: 'none',
      gated: 'evidence',
      anatomy: null,
      calciumMassFactors: null,
    })
    expect(volume.rescale(5)).toEqual({ slope: 1, intercept: -1024 })
    expect(volume.sopInstanceUid(5)).toBe('1.2.3.4.6')
    expect(volume.fileName(5)).toBe('CT0005.dcm')
    expect(await valuesOf(volume)).toEqual(Array.from({ length: 34 }, (_, k) => pixels(k)))
  })

  it('reads the same from every encoding', async () => {
    const [first, ...others] = await Promise.all(
      SYNTAXES.map(async (syntax) => portrait(await readSeries(ctSeries(34, {}, { syntax })))),
    )
    for (const other of others) expect(other).toEqual(first)
  })

  it('reads the same whatever order the files come in', async () => {
    const sources = ctSeries(34, (k) => ({ 0x00281052: String(-1000 - k), 0x00180022: null }))
    const expected = await portrait(await readSeries(sources))
    const next = random(20240601)
    for (let i = 0; i < 50; i++) expect(await portrait(await readSeries(shuffled(sources, next)))).toEqual(expected)
  })

  it('lists the same refusals whatever order the files come in', async () => {
    const sources = ctSeries(20, (k) => ({
      ...(k % 7 === 3 ? { 0x00281053: null } : {}),
      ...(k === 11 ? { 0x00280030: '0.5\\x' } : {}),
      0x0020000e: k < 10 ? '1.2.3.2' : '1.2.3.9',
    }))
    sources.push(
      source(sources[0]!.data as Uint8Array, 'again.dcm'),
      source(encodeFile({}).subarray(0, 150), 'cut.dcm'),
    )
    const plain = async (list: readonly DicomSource[]): Promise<string> => {
      const inspection = await inspectSeries(list)
      return JSON.stringify({ ...inspection, series: inspection.series.map(({ volume, ...rest }) => [rest, !volume]) })
    }
    const expected = await plain(sources)
    const next = random(7)
    for (let i = 0; i < 50; i++) expect(await plain(shuffled(sources, next))).toBe(expected)
  })

  it('sorts by position, not by instance number, name or direction of travel', async () => {
    const reversed = ctSeries(34, (k) => ({ ...at(300 - 3 * k), 0x00200013: String(k + 1) }))
    const volume = await readSeries(reversed)
    expect(volume.geometry.positions[0]![2]).toBe(300 - 99)
    expect(volume.sopInstanceUid(0)).toBe('1.2.3.4.34')
    // Column cosines turned: the normal points to the feet, and so does the order.
    const feet = await readSeries(ctSeries(34, { 0x00200037: '1\\0\\0\\0\\-1\\0' }))
    expect(feet.geometry.normal[2]).toBe(-1)
    expect(feet.sopInstanceUid(0)).toBe('1.2.3.4.34')
    expect(feet.geometry.incrementMm).toBe(3)
  })

  it('reads views at odd offsets, blobs, and async sources alike', async () => {
    const sources = ctSeries(34)
    const expected = await portrait(await readSeries(sources))
    const odd = sources.map(({ name, data }) => {
      const bytes = data as Uint8Array
      const buffer = new Uint8Array(bytes.length + 9).fill(255)
      buffer.set(bytes, 3)
      return { name, data: buffer.subarray(3, 3 + bytes.length) }
    })
    expect(await portrait(await readSeries(odd))).toEqual(expected)
    const blobs = sources.map(({ name, data }) => ({ name, data: new Blob([data as Uint8Array<ArrayBuffer>]) }))
    expect(await portrait(await readSeries(blobs))).toEqual(expected)
    async function* stream(): AsyncGenerator<DicomSource> {
      yield* sources
    }
    expect(await portrait(await readSeries(stream()))).toEqual(expected)
    expect(await portrait(await readSeries(new Set(sources)))).toEqual(expected)
  })

  it('fills an odd-length window of a larger buffer and nothing beyond it', async () => {
    const volume = await readSeries(ctSeries(34))
    const buffer = new Int16Array(SIDE * SIDE + 2).fill(-7)
    expect(volume.readSlice(1, buffer.subarray(1, -1))).toBeUndefined()
    expect([...buffer]).toEqual([-7, ...pixels(1), -7])
  })

  it('rejects wrong destinations and slices that are not there', async () => {
    const volume = await readSeries(ctSeries(34))
    expect(() => volume.readSlice(0, new Uint16Array(64))).toThrow(TypeError)
    expect(() => volume.readSlice(0, new Int16Array(63))).toThrow(RangeError)
    expect(() => volume.readSlice(34, new Int16Array(64))).toThrow(RangeError)
    expect(() => volume.readSlice(-1, new Int16Array(64))).toThrow(RangeError)
    expect(() => volume.rescale(34)).toThrow(RangeError)
  })

  it('notices pixels that went away after the check', async () => {
    const sources = ctSeries(34)
    const bytes = Uint8Array.from(sources[0]!.data as Uint8Array)
    const volume = await readSeries([{ name: 'a', data: bytes }, ...sources.slice(1)])
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
    expect(() => volume.readSlice(0, new Int16Array(64))).toThrow(expect.objectContaining({ code: 'PIXELS_SHORT' }))
  })
})

describe('choosing a series', () => {
  const other = (edits = {}): DicomSource[] => ctSeries(34, { 0x0020000e: '1.2.3.99', ...edits })

  it('takes the eligible one, refuses to guess between two, and takes the one named', async () => {
    const refused = other({ 0x00180010: 'IODINE' })
    const volume = await readSeries([...refused, ...ctSeries(34)])
    expect(volume.facts.seriesInstanceUid).toBe('1.2.3.2')
    const error = await failure([...other(), ...ctSeries(34)])
    expect(error.code).toBe('SERIES_AMBIGUOUS')
    expect(error.details['series']).toMatchObject([{ seriesInstanceUid: '1.2.3.2' }, { seriesInstanceUid: '1.2.3.99' }])
    const named = await readSeries([...other(), ...ctSeries(34)], { seriesInstanceUid: '1.2.3.99' })
    expect(named.facts.seriesInstanceUid).toBe('1.2.3.99')
    expect(await code(ctSeries(34), { seriesInstanceUid: '9' })).toBe('SERIES_AMBIGUOUS')
    expect(await code([...refused, ...ctSeries(34)], { seriesInstanceUid: '1.2.3.99' })).toBe('CONTRAST_GIVEN')
  })

  it('reports every refusal of everything when nothing is eligible, CT first', async () => {
    const mr = other({ 0x00080060: 'MR' })
    const error = await failure([...mr, ...ctSeries(34, { 0x00180010: 'X', 0x00281054: 'US' })])
    expect(error.code).toBe('RESCALE_TYPE_NOT_HU')
    const codes = (error.details['refusals'] as { code: string }[]).map((r) => r.code)
    expect(codes).toEqual(['RESCALE_TYPE_NOT_HU', 'CONTRAST_GIVEN', 'MODALITY_NOT_CT'])
    expect(error.warnings.map((w) => w.code)).toContain('COUNT_UNVERIFIED')
  })

  it('tells once what is wrong with every file alike', async () => {
    const odd = Array.from({ length: 4 }, (_, k) =>
      source(encodeFile(ctElements(k), { tail: new Uint8Array(1) }), `CT${k}.dcm`),
    )
    const { refusals } = (await failure(odd)).details as { refusals: { code: string; details: object }[] }
    expect(refusals).toMatchObject([{ code: 'PARSE_FAILED', details: { kind: 'length', files: 4 } }])
    // Two ways of failing are two.
    const cut = encodeFile(ctElements(9)).slice(0, -3)
    const both = (await failure([...odd, source(cut, 'CT9.dcm')])).details as { refusals: { details: object }[] }
    expect(both.refusals.map(({ details }) => (details as { kind: string }).kind).sort()).toEqual([
      'length',
      'truncated',
    ])
  })

  it('says NOT_DICOM where nothing is, MODALITY_NOT_CT where nothing is CT', async () => {
    expect(await code([])).toBe('NOT_DICOM')
    const text = source(new TextEncoder().encode('ceci n’est pas une image'.repeat(40)), 'readme.txt')
    expect(await code([text])).toBe('NOT_DICOM')
    expect(await code([source(new Uint8Array(0)), source(new Uint8Array(5000)), source(new Uint8Array(131))])).toBe(
      'NOT_DICOM',
    )
    expect(await code(other({ 0x00080060: 'MR' }))).toBe('MODALITY_NOT_CT')
    expect(await code(other({ 0x00080060: null }))).toBe('MODALITY_NOT_CT')
  })

  it('counts and passes over what is not DICOM, and directories of it', async () => {
    const text = source(new Uint8Array(1000).fill(65), 'notes')
    const dicomdir = encodeFile({ 0x00041130: { vr: 'CS', value: 'DISC' } })
    const directory = source(relabel(dicomdir, '1.2.840.10008.5.1.4.1.1.2', '1.2.840.10008.1.3.10'), 'DICOMDIR')
    const inspection = await inspectSeries([text, directory, ...ctSeries(34)])
    expect(inspection).toMatchObject({ files: 36, notDicom: 2, unreadable: [] })
    expect(inspection.series).toHaveLength(1)
    expect(inspection.series[0]!.eligible).toBe(true)
  })

  it('does not score a series while a broken file may be one of its slices', async () => {
    const sources = ctSeries(34)
    const cut = source((sources[33]!.data as Uint8Array).subarray(0, 400), 'cut.dcm')
    const early = source((sources[33]!.data as Uint8Array).subarray(0, 200), 'early.dcm')
    expect(await refusalsOf([...sources.slice(0, 33), cut])).toEqual(['PARSE_FAILED'])
    expect(await refusalsOf([...sources.slice(0, 33), early])).toEqual(['PARSE_FAILED'])
    // Where the count says that all are there, the stray file is none of them.
    expect(await refusalsOf([...sources, early], { expectedSlices: 34 })).toEqual([])
    // A broken file that says it is no CT harms nobody.
    const mr = encodeFile(ctElements(0, { 0x00080060: 'MR' }))
    expect(await refusalsOf([...sources, source(mr.subarray(0, 420), 'mr')])).toEqual([])
  })
})

describe('options', () => {
  it('rejects what is no option', async () => {
    const bad = async (options: object): Promise<unknown> => readSeries(ctSeries(2), options).catch((e: unknown) => e)
    expect(await bad({ accept: ['PARSE_FAILED'] })).toBeInstanceOf(RangeError)
    expect(await bad({ expectedSlices: 0 })).toBeInstanceOf(RangeError)
    expect(await bad({ expectedSlices: 1.5 })).toBeInstanceOf(RangeError)
    expect(await bad({ incrementMm: 0 })).toBeInstanceOf(RangeError)
    expect(await bad({ incrementMm: Number.NaN })).toBeInstanceOf(RangeError)
    expect(await bad({ limits: { side: 4097 } })).toBeInstanceOf(RangeError)
    expect(await bad({ limits: { depth: 0 } })).toBeInstanceOf(RangeError)
    expect(await bad({ limits: { elephants: 1 } })).toBeInstanceOf(TypeError)
    expect(await readSeries([{ name: 'x' } as never]).catch((e: unknown) => e)).toBeInstanceOf(TypeError)
  })

  it('reports progress, with the total where it is known', async () => {
    const seen: (readonly [number, number | null])[] = []
    await readSeries(ctSeries(3), { onProgress: (...step) => seen.push(step) })
    expect(seen).toEqual([1, 2, 3].map((n) => [n, 3]))
    seen.length = 0
    await readSeries(new Set(ctSeries(2)), { onProgress: (...step) => seen.push(step) })
    expect(seen).toEqual([1, 2].map((n) => [n, null]))
  })

  it('stops when told to', async () => {
    const control = new AbortController()
    const onProgress = (done: number): void => (done === 5 ? control.abort() : undefined)
    expect(await code(ctSeries(34), { signal: control.signal, onProgress })).toBe('CANCELLED')
    expect(await code(ctSeries(34), { signal: AbortSignal.abort() })).toBe('CANCELLED')
  })

  it('holds the limits, each at its edge', async () => {
    const bytes = ctSeries(4).reduce((sum, { data }) => sum + (data as Uint8Array).length, 0)
    const within = { slices: 4, pixels: 4 * SIDE * SIDE, bytes, side: SIDE }
    expect(await refusalsOf(ctSeries(4), { limits: within })).toEqual([])
    const limit = async (change: object): Promise<unknown> => {
      const error = await failure(ctSeries(4), { limits: { ...within, ...change } })
      expect(error.code).toBe('LIMIT_EXCEEDED')
      return error.details['limit']
    }
    expect(await limit({ slices: 3 })).toBe('slices')
    expect(await limit({ pixels: 4 * SIDE * SIDE - 1 })).toBe('pixels')
    expect(await limit({ bytes: bytes - 1 })).toBe('bytes')
    expect(await limit({ side: SIDE - 1 })).toBe('side')
    expect(DEFAULT_LIMITS).toMatchObject({ side: 4096, slices: 4000, pixels: 2 ** 30, bytes: 2 ** 32, depth: 64 })
    expect(DEFAULT_LIMITS).toMatchObject({ elements: 100_000, items: 200_000 })
  })

  it('turns warnings that move the number into refusals under strict, and only those', async () => {
    const sources = ctSeries(34, { 0x00180060: '100', 0x00181210: 'B70f' })
    expect(await refusalsOf(sources, { strict: true })).toEqual(['KVP_NOT_120'])
    expect(await warningsOf(sources, { strict: true })).toEqual(['KERNEL_SHARP', 'COUNT_UNVERIFIED'])
    expect(await refusalsOf(ctSeries(34), { strict: true })).toEqual([])
    expect(await code(sources, { strict: true })).toBe('KVP_NOT_120')
    expect(await refusalsOf(ctSeries(29), { strict: true })).toEqual(['COVERAGE_SHORT'])
  })
})

describe('files without the usual head', () => {
  const bare = (syntax: Syntax): Uint8Array => encodeElements(ctElements(), syntax)

  it.each(SYNTAXES)('reads a bare %s data set', async (syntax) => {
    const [whole, naked] = [source(encodeFile(ctElements(), { syntax })), source(bare(syntax))]
    const expected = await portrait(await readSeries([whole], SINGLE))
    expect(await portrait(await readSeries([naked], SINGLE))).toEqual(expected)
  })

  it('reads meta information without preamble, and a preamble without a syntax', async () => {
    const expected = await portrait(await readSeries([source(encodeFile(ctElements()))], SINGLE))
    const meta = encodeFile(ctElements()).subarray(132)
    expect(await portrait(await readSeries([source(meta)], SINGLE))).toEqual(expected)
    for (const syntax of ['implicit', 'explicit'] as const) {
      const unnamed = encodeFile(ctElements(), { syntax, uid: null })
      expect(await portrait(await readSeries([source(unnamed)], SINGLE))).toEqual(expected)
    }
  })

  it('pads and trims the transfer syntax, and refuses what is not on the list', async () => {
    const withUid = (uid: string): DicomSource[] => [source(encodeFile(ctElements(), { uid }))]
    expect(await refusalsOf(withUid('1.2.840.10008.1.2.1\0\0 '), SINGLE)).toEqual([])
    const uids = ['1.2.840.113619.5.2', '1.2.3', '1.2.840.10008.1.2.1.1', '1.2.840.10008.1.2.4.95', 'hello', '']
    for (const uid of uids.slice(0, 5)) {
      const error = await failure(withUid(uid))
      expect(error.code).toBe('SYNTAX_UNSUPPORTED')
      expect(error.message).not.toContain('hello')
    }
    for (const suffix of [
      '1.98',
      '4.50',
      '4.53',
      '4.55',
      '4.58',
      '4.92',
      '4.94',
      '4.100',
      '4.107',
      '4.110',
      '4.204',
      '8.1',
    ]) {
      const uid = `1.2.840.10008.1.2.${suffix}`
      const known = await failure(withUid(uid))
      expect(known.code).toBe('SYNTAX_UNSUPPORTED')
      expect(known.details).toMatchObject({ uid, name: expect.stringMatching(/^[A-Z]/), file: 'slice.dcm' })
      expect(known.message).toContain(uid)
    }
    expect((await failure(withUid('1.2.840.113619.5.2'))).details['name']).toMatch(/^GE Private/)
    expect(await refusalsOf(withUid(''), SINGLE)).toEqual([])
  })

  it.each([
    [[0x4d, 0x5a], true],
    [[0x7f, 0x45, 0x4c, 0x46], true],
    [[0xcf, 0xfa, 0xed, 0xfe], true],
    [[0xfe, 0xed, 0xfa, 0xce], true],
    [[0xca, 0xfe, 0xba, 0xbe], true],
    [[0x23, 0x21], true],
    [[0x49, 0x49, 0x2a, 0], false],
    [[0x4d, 0x4d, 0, 0x2a], false],
  ])('warns of a preamble that is a program: %j %s', async (magic, program) => {
    const preamble = new Uint8Array(128)
    preamble.set(magic)
    const warnings = await warningsOf(ctSeries(34, {}, { preamble }))
    expect(warnings.includes('PREAMBLE_EXECUTABLE')).toBe(program)
  })
})

describe('privacy', () => {
  it('lets no patient value and no directory into anything it says', async () => {
    const broken = ctSeries(6, (k) => ({
      0x00100020: `CANARYID${k}`,
      0x00100030: '19330101',
      0x00280030: 'CANARY',
      0x00281053: 'CANARY',
      0x00180010: 'CANARY',
      0x00281054: 'CANARY^UNIT',
      0x00280004: 'CANARY 1',
    })).map(({ name, data }) => ({ name: `/home/CANARY/${name}`, data }))
    const { series } = await inspectSeries(broken)
    expect(series[0]!.refusals.length).toBeGreaterThan(4)
    expect(JSON.stringify(series)).not.toMatch(/CANARY|19330101|home/)
    const error = await failure(broken)
    expect(JSON.stringify([error.message, error.details, error.warnings, String(error.cause)])).not.toMatch(/CANARY/)
    const fine = await only(ctSeries(34))
    expect(JSON.stringify(fine)).not.toContain('CANARY')
  })

  it('keeps hostile names out of identifiers', async () => {
    for (const uid of ['..', '../../etc', '1.2/3', '1.2\\3', '%2e%2e', 'C:\\x', '1'.repeat(65), '1.2\0.3', '.']) {
      for (const tag of [0x0020000d, 0x0020000e, 0x00080018]) {
        const error = await failure([source(encodeFile(ctElements(0, { [tag]: uid })))], SINGLE)
        expect(error).toBeInstanceOf(AgatstonError)
        expect(error.code).toBe('PARSE_FAILED')
      }
    }
  })
})

/** Replace an ASCII text of a file by another, shorter one padded with NUL. */
function relabel(file: Uint8Array, from: string, to: string): Uint8Array {
  const text = String.fromCharCode(...file)
  const start = text.indexOf(from)
  const label = Uint8Array.from({ length: from.length }, (_, i) => to.charCodeAt(i) || 0)
  return join([file.subarray(0, start), label, file.subarray(start + from.length)])
}
