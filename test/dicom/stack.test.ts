/** Positions: order, increments, doubles, gaps, shear. Every limit at its edge. */
import { describe, expect, it } from 'vitest'
import { type DicomSource, readSeries } from '../../bindings/dicom/index.js'
import type { AcceptableCode } from '../../bindings/base/errors.js'
import { type Edits, at, ctElements, ctSeries, encodeFile, enhancedElements, pixels, random, source } from './make.js'
import { SINGLE, failure, only, refusalsOf, valuesOf, warningsOf } from './outcome.js'

const without = (sources: readonly DicomSource[], k: number): DicomSource[] => sources.filter((_, i) => i !== k)
/** A series at these heights. */
const heights = (list: readonly number[], edits: Edits = {}): DicomSource[] =>
  ctSeries(list.length, (k) => ({ ...at(list[k]!), ...edits }))
const even = (count: number, mm: number): number[] =>
  Array.from({ length: count }, (_, k) => Number((k * mm).toFixed(6)))

describe('missing slices', () => {
  it('every inner slice is missed when it is gone', async () => {
    const sources = ctSeries(34)
    for (let k = 1; k < 33; k++) {
      const { refusals } = await only(without(sources, k))
      expect(refusals).toMatchObject([{ code: 'SLICES_MISSING', details: { missing: 1, incrementMm: 6, medianMm: 3 } }])
    }
    for (const k of [0, 33]) expect(await refusalsOf(without(sources, k))).toEqual([])
  })

  it('multiples of the median within 10 % are gaps; else the stack is irregular', async () => {
    const gap = (mm: number): DicomSource[] =>
      heights([...even(20, 3), 57 + mm, ...even(13, 3).map((z) => 60 + mm + z)])
    for (const mm of [5.4, 6, 6.6, 9, 9.9, 12]) expect(await refusalsOf(gap(mm))).toEqual(['SLICES_MISSING'])
    for (const mm of [4, 5.39, 6.61, 2.5, 3.07]) expect(await refusalsOf(gap(mm))).toEqual(['SPACING_IRREGULAR'])
  })

  it('a count from outside finds what the ends hide', async () => {
    expect(await refusalsOf(ctSeries(34), { expectedSlices: 35 })).toEqual(['SERIES_INCOMPLETE'])
    for (const expectedSlices of [33, 34]) {
      expect(await refusalsOf(ctSeries(34), { expectedSlices })).toEqual([])
      expect(await warningsOf(ctSeries(34), { expectedSlices })).toEqual([])
    }
    const told = (n: number): DicomSource[] => ctSeries(34, { 0x00201209: { vr: 'IS', value: String(n) } })
    expect(await refusalsOf(told(35))).toEqual(['SERIES_INCOMPLETE'])
    expect(await warningsOf(told(34))).toEqual([])
    expect(await warningsOf(ctSeries(34))).toEqual(['COUNT_UNVERIFIED'])
  })
})

describe('increments', () => {
  it('come from positions, whatever the tags say', async () => {
    const volume = await readSeries(heights(even(40, 2.5), { 0x00180050: '3', 0x00180088: { vr: 'DS', value: '3' } }))
    expect(volume.geometry).toMatchObject({ incrementMm: 2.5, thicknessMm: 3 })
  })

  it('noise of binary fractions is no jitter; the increment is exact', async () => {
    const volume = await readSeries(heights(even(200, 0.6)))
    expect(volume.geometry.incrementMm).toBe(0.6)
    expect(await warningsOf(heights(even(200, 0.6)))).not.toContain('SPACING_JITTER')
  })

  it('one slice off by more than 0.01 mm and 0.1 % is jitter, by more than 0.05 mm and 2 % irregular', async () => {
    const moved = (mm: number, increment = 3): DicomSource[] => {
      const z = even(40, increment)
      z[20] = Number((z[20]! + mm).toFixed(6))
      return heights(z)
    }
    for (const mm of [1e-6, -0.005, 0.01]) expect(await warningsOf(moved(mm))).not.toContain('SPACING_JITTER')
    for (const mm of [0.011, -0.02, 0.06]) expect(await warningsOf(moved(mm))).toContain('SPACING_JITTER')
    for (const mm of [0.06, -0.06]) expect(await refusalsOf(moved(mm))).toEqual([])
    for (const mm of [0.061, -0.061, 0.5]) expect(await refusalsOf(moved(mm))).toEqual(['SPACING_IRREGULAR'])
    // At 0.5 mm, 2 % is 0.01 mm: the 0.05 mm decide.
    expect(await refusalsOf(moved(0.05, 0.5))).toEqual([])
    expect(await refusalsOf(moved(0.051, 0.5))).toEqual(['SPACING_IRREGULAR'])
    // At 20 mm, 0.1 % is 0.02 mm.
    expect(await warningsOf(moved(0.02, 20))).not.toContain('SPACING_JITTER')
    expect(await warningsOf(moved(0.021, 20))).toContain('SPACING_JITTER')
  })

  it('an accepted irregular stack has the median increment', async () => {
    const accept = ['SPACING_IRREGULAR', 'SLICES_MISSING'] as const
    const sources = heights([0, 3, 6, 10, 13, 16, 22, 25])
    expect(await refusalsOf(sources)).toEqual(['SLICES_MISSING', 'SPACING_IRREGULAR'])
    const volume = await readSeries(sources, { accept })
    expect(volume.geometry.incrementMm).toBe(3)
    expect(volume.accepted).toEqual(['SLICES_MISSING', 'SPACING_IRREGULAR'])
    expect(volume.warnings.filter((w) => w.code === 'ACCEPTED').map((w) => w.details['code'])).toEqual(
      expect.arrayContaining([...accept]),
    )
    expect(await refusalsOf(sources, { accept: ['SLICES_MISSING'] })).toEqual(['SPACING_IRREGULAR'])
  })

  it('one slice is accepted only with an increment', async () => {
    const single = ctSeries(1)
    const accept = ['TOO_FEW_SLICES'] as const
    expect(await refusalsOf(single)).toEqual(['TOO_FEW_SLICES'])
    expect(await refusalsOf(single, { accept })).toEqual(['TOO_FEW_SLICES'])
    expect(await refusalsOf(single, { incrementMm: 3 })).toEqual(['TOO_FEW_SLICES'])
    const volume = await readSeries(single, { accept, incrementMm: 2.5 })
    expect(volume.geometry).toMatchObject({ slices: 1, incrementMm: 2.5 })
    expect(volume.accepted).toEqual(accept)
    expect((await readSeries(ctSeries(2), { accept, incrementMm: 2.5 })).geometry.incrementMm).toBe(3)
  })
})

describe('spacing tags', () => {
  it.each([
    ['3', false],
    ['3.01', false],
    ['2.99', false],
    ['3.011', true],
    ['-3', true],
    ['0', true],
    ['text', false],
  ])('SpacingBetweenSlices %s at 3 mm: %s', async (value, warned) => {
    const warnings = await warningsOf(ctSeries(34, { 0x00180088: { vr: 'DS', value } }))
    expect(warnings.includes('SPACING_TAG_MISMATCH')).toBe(warned)
  })

  it.each([
    ['from anywhere', (k: number) => 17 + 3 * k, false],
    ['backwards', (k: number) => 17 - 3 * k, false],
    ['rounded', (k: number) => Number((3 * k + (k % 2 ? 0.01 : 0)).toFixed(3)), false],
    ['off by more', (k: number) => Number((3 * k + (k === 9 ? 0.011 : 0)).toFixed(3)), true],
    ['in other steps', (k: number) => 2 * k, true],
  ])('SliceLocation %s', async (_, location, warned) => {
    const warnings = await warningsOf(ctSeries(34, (k) => ({ 0x00201041: { vr: 'DS', value: String(location(k)) } })))
    expect(warnings.includes('SPACING_TAG_MISMATCH')).toBe(warned)
  })
})

describe('ReconstructionDiameter against the picture', () => {
  const field = (rows: number, columns: number, diameter: string | null, spacing = '0.5\\0.5'): DicomSource[] =>
    ctSeries(34, (k) => ({
      0x00280010: [rows],
      0x00280011: [columns],
      0x00280030: spacing,
      0x7fe00010: Array.from({ length: rows * columns }, () => k),
      ...(diameter === null ? {} : { 0x00181100: { vr: 'DS', value: diameter } }),
    }))
  const mismatches = async (sources: readonly DicomSource[]) =>
    (await only(sources)).warnings.filter(({ code }) => code === 'SPACING_TAG_MISMATCH')

  // 20 pixels of 0.5 mm: 10 mm.
  it.each([
    [20, 20, null, false],
    [20, 20, '', false],
    [20, 20, 'wide', false],
    [20, 20, '0', false],
    [20, 20, '10', false],
    [20, 20, '9.91', false],
    [20, 20, '10.1', false],
    [20, 20, '9.89', true],
    [20, 20, '10.11', true],
    [20, 20, '20', true],
    [20, 20, '5', true],
    // A picture cut on one axis still has its field on the other.
    [20, 12, '10', false],
    [12, 20, '10', false],
    [12, 14, '10', true],
  ])('%d x %d pixels of 0.5 mm, %j: %s', async (rows, columns, diameter, warned) => {
    expect(await mismatches(field(rows, columns, diameter))).toHaveLength(Number(warned))
  })

  it('a zoomed reconstruction agrees; each axis has its own spacing', async () => {
    expect(await mismatches(field(20, 20, '5', '0.25\\0.25'))).toEqual([])
    expect(await mismatches(field(10, 20, '10', '1\\0.5'))).toEqual([])
    expect(await mismatches(field(10, 20, '20', '1\\0.5'))).toHaveLength(1)
  })

  it('one slice is enough, and the warning says both figures', async () => {
    const sources = field(20, 20, '10')
    sources[7] = field(20, 20, '40')[7]!
    expect(await mismatches(sources)).toMatchObject([
      { details: { tag: 'ReconstructionDiameter (0018,1100)', mm: 40, sideMm: 10, files: 1 } },
    ])
  })
})

describe('one SOPInstanceUID', () => {
  const uid = (value: string): Edits => ({ 0x00080018: value })

  it('on all slices, or on two of them, is a refusal that may be accepted', async () => {
    const all = ctSeries(34, uid('1.9.9'))
    expect((await only(all)).refusals).toMatchObject([
      { code: 'SLICES_DUPLICATE', details: { kind: 'instance-uid', uids: 1, files: 34, file: 'CT0000.dcm' } },
    ])
    const two = ctSeries(34, (k) => (k === 3 || k === 20 ? uid('1.9.9') : {}))
    expect((await only(two)).refusals).toMatchObject([
      { code: 'SLICES_DUPLICATE', details: { kind: 'instance-uid', uids: 1, files: 2, file: 'CT0003.dcm' } },
    ])
    const volume = await readSeries(all, { accept: ['SLICES_DUPLICATE'] })
    expect(await valuesOf(volume)).toEqual(await valuesOf(await readSeries(ctSeries(34))))
    expect(volume.accepted).toEqual(['SLICES_DUPLICATE'])
  })

  it('with the same pixels at another place is no copy', async () => {
    const again = ctSeries(34, (k) => (k === 20 ? { ...uid('1.2.3.4.4'), 0x7fe00010: pixels(3) } : {}))
    expect(await refusalsOf(again)).toEqual(['SLICES_DUPLICATE'])
  })

  it('in files of one name, as folders hold them, is told apart by file', async () => {
    const named = ctSeries(34, uid('1.9.9')).map(({ data }) => ({ name: 'slice.dcm', data }))
    expect(await refusalsOf(named)).toEqual(['SLICES_DUPLICATE'])
  })

  it('of copies, and of the frames of one object, is right', async () => {
    expect(await refusalsOf([...ctSeries(34), ...ctSeries(34)])).toEqual([])
    const frames = encodeFile(enhancedElements(Array.from({ length: 34 }, (_, k) => ctElements(k))))
    expect(await refusalsOf([source(frames, 'a.dcm')])).toEqual([])
    expect(await refusalsOf([source(frames, 'a.dcm'), source(frames.slice(), 'b.dcm')])).toEqual([])
    expect(await refusalsOf([source(frames, 'a.dcm'), source(frames.slice(), 'a.dcm')])).toEqual([])
  })

  it('of two objects with many frames, each with slices of its own, is refused', async () => {
    const part = (from: number): DicomSource =>
      source(
        encodeFile(
          enhancedElements(
            Array.from({ length: 17 }, (_, k) => ctElements(from + k)),
            { edits: uid('1.9.9') },
          ),
        ),
        `part${from}.dcm`,
      )
    expect(await refusalsOf([part(0), part(17)])).toEqual(['SLICES_DUPLICATE'])
  })
})

describe('slices at one position', () => {
  const copy = (sources: readonly DicomSource[], k: number, edits: Edits): DicomSource =>
    source(encodeFile(ctElements(k, edits)), `copy of ${sources[k]!.name}`)

  it('the same pixels again are dropped, one slice or all of them', async () => {
    const sources = ctSeries(34)
    const expected = await valuesOf(await readSeries(sources))
    for (const again of [[copy(sources, 4, {})], [copy(sources, 4, { 0x00080018: '1.9.9' })], ctSeries(34)]) {
      const volume = await readSeries([...sources, ...again])
      expect(volume.warnings).toMatchObject([
        { code: 'SLICES_IDENTICAL_DROPPED', details: { dropped: again.length } },
        { code: 'COUNT_UNVERIFIED' },
      ])
      expect(await valuesOf(volume)).toEqual(expected)
    }
    const big = ctSeries(34, {}, { syntax: 'big' })
    expect(await refusalsOf([...sources, ...big])).toEqual([])
  })

  it('other pixels, another rescale or another place are a duplicate, at each position', async () => {
    const sources = ctSeries(34)
    for (let k = 0; k < 34; k++) {
      const other = copy(sources, k, { 0x00080018: '1.9.9', 0x7fe00010: pixels(k).with(63, 1) })
      expect(await refusalsOf([...sources, other])).toEqual(['SLICES_DUPLICATE'])
    }
    const scaled = copy(sources, 4, { 0x00281052: '-1000' })
    expect(await refusalsOf([...sources, scaled])).toEqual(['SLICES_DUPLICATE'])
    expect(await refusalsOf([...sources, copy(sources, 4, at(112, -90))])).toContain('SLICES_DUPLICATE')
  })

  it('positions less than 0.01 mm apart are one, others are not', async () => {
    const near = (mm: number): DicomSource[] => [
      ...ctSeries(34),
      source(encodeFile(ctElements(40, at(Number((112 + mm).toFixed(6)))))),
    ]
    expect(await refusalsOf(near(0.009))).toEqual(['SLICES_DUPLICATE'])
    expect(await refusalsOf(near(-0.009))).toEqual(['SLICES_DUPLICATE'])
    expect(await refusalsOf(near(0.011))).toEqual(['SPACING_IRREGULAR'])
  })

  it('accepted, the first by SOP Instance UID is kept, in any order of files', async () => {
    const sources = ctSeries(34)
    const first = copy(sources, 4, { 0x00080018: '1.1', 0x7fe00010: pixels(77) })
    const last = copy(sources, 5, { 0x00080018: '9.9', 0x7fe00010: pixels(77) })
    for (const list of [
      [...sources, first, last],
      [last, first, ...sources],
    ]) {
      const volume = await readSeries(list, { accept: ['SLICES_DUPLICATE'] })
      expect([volume.sopInstanceUid(4), volume.sopInstanceUid(5)]).toEqual(['1.1', '1.2.3.4.6'])
      expect(volume.geometry.slices).toBe(34)
    }
    // Not the lower of two that share a position, but the first by UID.
    const lower = source(encodeFile(ctElements(4, { ...at(111.991), 0x00080018: '9.9' })), 'lower')
    const kept = await readSeries([...sources, lower], { accept: ['SLICES_DUPLICATE'] })
    expect(kept.sopInstanceUid(4)).toBe('1.2.3.4.5')
    const same = { 0x7fe00010: pixels(77) }
    const twins = [source(encodeFile(ctElements(4, same)), 'a/x'), source(encodeFile(ctElements(4)), 'a/x')]
    const accept = { ...SINGLE, accept: ['TOO_FEW_SLICES', 'SLICES_DUPLICATE'] satisfies AcceptableCode[] }
    const [one, two] = [await readSeries(twins, accept), await readSeries(twins.toReversed(), accept)]
    expect(await valuesOf(one)).toEqual(await valuesOf(two))
  })
})

describe('SERIES_MIXED', () => {
  const phase = (name: string, edits: Edits): DicomSource[] =>
    ctSeries(34, (k) => ({ 0x00080018: `1.5.${k}`, 0x7fe00010: pixels(k + 50), ...edits })).map(({ data }, k) => ({
      name: `${name}${k}`,
      data,
    }))

  it.each([
    ['AcquisitionNumber', { 0x00200012: '2' }],
    ['TriggerTime', { 0x00181060: { vr: 'DS', value: '450' } }],
    ['TemporalPositionIdentifier', { 0x00200100: { vr: 'IS', value: '2' } }],
    ['NominalPercentageOfCardiacPhase', { 0x00209241: { vr: 'FD', value: [75] } }],
    ['ImageType', { 0x00080008: 'ORIGINAL\\PRIMARY\\AXIAL\\B' }],
  ] satisfies [string, Edits][])('two phases at the same positions, told apart by %s', async (attribute, edits) => {
    const { refusals } = await only([...ctSeries(34), ...phase('B', edits)])
    expect(refusals.map((r) => r.code)).toEqual(['SERIES_MIXED', 'SLICES_DUPLICATE'])
    expect(refusals[0]!.details['attribute']).toBe(attribute)
  })

  it.each([
    ['AcquisitionNumber', (k: number) => ({ 0x00200012: String(k % 2) })],
    ['ImageType', (k: number) => ({ 0x00080008: `ORIGINAL\\PRIMARY\\AXIAL\\PHASE${k % 2}` })],
    ['ReconstructionDiameter', (k: number) => ({ 0x00181100: { vr: 'DS', value: String(200 + (k % 2)) } })],
    ['NominalPercentageOfCardiacPhase', (k: number) => ({ 0x00209241: { vr: 'FD', value: [40 + 30 * (k % 2)] } })],
  ] satisfies [string, (k: number) => Edits][])('two groups between each other, told apart by %s', async (_, of) => {
    expect(await refusalsOf(ctSeries(68, (k) => ({ ...at(100 + 1.5 * k), ...of(k) })))).toEqual(['SERIES_MIXED'])
  })

  it('two acquisitions between each other, accepted', async () => {
    const sources = ctSeries(68, (k) => ({ ...at(100 + 1.5 * k), 0x00200012: String(k % 2) }))
    expect((await readSeries(sources, { accept: ['SERIES_MIXED'] })).accepted).toEqual(['SERIES_MIXED'])
  })

  it('slabs of a step-and-shoot scan are one volume', async () => {
    const slabs = ctSeries(36, (k) => {
      const slab = Math.floor(k / 12)
      return {
        0x00200012: String(slab + 1),
        0x00181060: { vr: 'DS', value: String([700, 715, 700][slab]) },
        0x00080022: { vr: 'DA', value: `2024010${slab + 1}` },
        0x00080032: { vr: 'TM', value: `10000${slab}` },
      }
    })
    expect(await refusalsOf(slabs)).toEqual([])
    expect(await warningsOf(slabs)).toEqual(['COUNT_UNVERIFIED'])
  })

  it('two kernels, two voltages', async () => {
    expect(await refusalsOf(ctSeries(34, (k) => ({ 0x00181210: k < 20 ? 'B35f' : 'B36f' })))).toEqual(['SERIES_MIXED'])
    expect(await refusalsOf(ctSeries(34, (k) => ({ 0x00180060: k < 20 ? '120' : '100' })))).toEqual(['SERIES_MIXED'])
    expect(await refusalsOf(ctSeries(34, (k) => ({ 0x00180060: k < 20 ? '120' : '120.0' })))).toEqual([])
  })
})

describe('direction', () => {
  const turned = (degrees: number, about: 'x' | 'y' = 'x'): string => {
    const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)].map((v) => v.toFixed(10))
    return about === 'x' ? `1\\0\\0\\0\\${c}\\${s}` : `${c}\\0\\${s}\\0\\1\\0`
  }
  /** Slices turned as a whole: positions follow the normal. */
  const oblique = (degrees: number): DicomSource[] => {
    const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]
    return ctSeries(34, (k) => ({
      0x00200037: turned(degrees),
      0x00200032: `0\\${(-3 * k * s).toFixed(8)}\\${(3 * k * c).toFixed(8)}`,
    }))
  }

  it('NOT_AXIAL beyond 30 degrees', async () => {
    for (const degrees of [0, 29.9, -29.9, 180]) expect(await refusalsOf(oblique(degrees))).toEqual([])
    for (const degrees of [30.1, -30.1, 90]) expect(await refusalsOf(oblique(degrees))).toEqual(['NOT_AXIAL'])
    expect((await readSeries(oblique(25))).geometry.incrementMm).toBeCloseTo(3, 7)
    expect((await readSeries(oblique(90), { accept: ['NOT_AXIAL'] })).accepted).toEqual(['NOT_AXIAL'])
  })

  it.each([
    [0.05, []],
    [0.099, []],
    [0.101, ['GANTRY_TILT_SLIGHT']],
    [0.5, ['GANTRY_TILT_SLIGHT']],
    [0.99, ['GANTRY_TILT_SLIGHT']],
    [1.01, 'GANTRY_TILT'],
    [10, 'GANTRY_TILT'],
    [30, 'GANTRY_TILT'],
  ] as const)('shear of %d degrees, to either side', async (degrees, expected) => {
    for (const sign of [1, -1]) {
      const step = 3 * Math.tan((degrees * Math.PI) / 180) * sign
      const sources = ctSeries(34, (k) => at(100 + 3 * k, -100, Number((step * k).toFixed(6))))
      if (typeof expected === 'string') expect(await refusalsOf(sources)).toEqual([expected])
      else expect(await warningsOf(sources)).toEqual([...expected, 'COUNT_UNVERIFIED'])
    }
  })

  it('a stack that bends back is sheared all the same', async () => {
    const sources = ctSeries(35, (k) => at(100 + 3 * k, -100 + Math.min(k, 34 - k)))
    expect(await refusalsOf(sources)).toEqual(['GANTRY_TILT'])
  })

  it('GEOMETRY_MIXED: orientation beyond 1e-3, spacing, matrix, frame of reference', async () => {
    const odd = (edits: Edits): DicomSource[] => ctSeries(34, (k) => (k === 20 ? edits : {}))
    expect(await refusalsOf(odd({ 0x00200037: '1\\0\\0.0009\\0\\1\\0' }))).toEqual([])
    const mixed: Edits[] = [
      { 0x00200037: '0.9999994\\0\\0.0011\\0\\1\\0' },
      { 0x00280030: '0.51\\0.5' },
      { 0x00280030: '0.5\\0.5001' },
      { 0x00280010: [4], 0x00280011: [16] },
      { 0x00200052: '1.2.3.99' },
    ]
    for (const edits of mixed) expect(await refusalsOf(odd(edits))).toEqual(['GEOMETRY_MIXED'])
    expect(await refusalsOf(odd({ 0x00280030: '0.500001\\0.5' }))).toEqual([])
  })

  it('pixels that are not square keep rows and columns apart', async () => {
    const volume = await readSeries(ctSeries(34, { 0x00280030: '0.4\\0.8', 0x00280010: [4], 0x00280011: [16] }))
    expect(volume.geometry).toMatchObject({ rows: 4, columns: 16, pixelSpacingMm: [0.4, 0.8] })
  })
})

describe('random stacks', () => {
  it('of even increments are read, with the increment they were made with', async () => {
    const next = random(99)
    for (let i = 0; i < 40; i++) {
      const mm = Number((0.3 + 5 * next()).toFixed(3))
      const start = Number((next() * 1000 - 500).toFixed(3))
      const count = 2 + Math.floor(next() * 60)
      const volume = await readSeries(heights(even(count, mm).map((z) => Number((start + z).toFixed(4)))))
      expect(volume.geometry).toMatchObject({ slices: count, incrementMm: mm })
    }
  })

  it('tell the first failure and all others', async () => {
    const error = await failure(heights([0, 3, 6, 12, 15.5]))
    expect(error.code).toBe('SLICES_MISSING')
    expect(error.details['refusals']).toHaveLength(2)
  })
})
