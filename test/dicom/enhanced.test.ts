/** Enhanced CT: many frames in one object, which must score as the classic series does, and be refused where it contradicts itself. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { inspectSeries, readSeries } from '../../bindings/dicom/index.js'
import { type Engine, createEngine } from '../../bindings/index.js'
import { dataFolder } from './data.js'
import {
  ENHANCED_CT,
  type Edits,
  type Elements,
  type EnhancedOptions,
  type FileOptions,
  type Groups,
  LEGACY_CT,
  ctElements,
  ctSeries,
  encodeElements,
  encodeFile,
  enhancedElements,
  join as joined,
  pixels,
  random,
  shuffled,
  source,
} from './make.js'
import { SINGLE, failure, only, portrait, refusalsOf, warningsOf } from './outcome.js'

const slices = (count = 34, edits: Edits | ((k: number) => Edits) = {}): Elements[] =>
  Array.from({ length: count }, (_, k) => ctElements(k, typeof edits === 'function' ? edits(k) : edits))
const object = (of: readonly Elements[], options: EnhancedOptions = {}, file: FileOptions = {}) => [
  source(encodeFile(enhancedElements(of, options), file), 'enhanced.dcm'),
]
/** Groups of all frames, or of one, with an item changed. */
const inGroups =
  (tag: number, item: Edits, of: number | 'all' | 'shared' = 'shared') =>
  (k: number, groups: Groups): Groups => {
    if (of === 'shared' ? k >= 0 : of === 'all' ? k < 0 : k !== of) return groups
    const merged: Record<number, unknown> = { ...groups[tag]?.[0] }
    for (const [key, value] of Object.entries(item)) {
      if (value === null) delete merged[Number(key)]
      else merged[Number(key)] = value
    }
    return { ...groups, [tag]: [merged as Elements] }
  }
const withoutGroup =
  (tag: number) =>
  (_: number, groups: Groups): Groups =>
    Object.fromEntries(Object.entries(groups).filter(([key]) => Number(key) !== tag))
const cs = (value: string) => ({ vr: 'CS', value })

const [MEASURES, POSITION, ORIENTATION, TRANSFORMATION, TUBES, FRAME_TYPE, USAGE, CONTENT] = [
  0x00289110, 0x00209113, 0x00209116, 0x00289145, 0x00189325, 0x00189329, 0x00189341, 0x00209111,
]

let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})

/** The result without what names the files it came from. */
async function scoreOf(sources: Parameters<typeof readSeries>[0]): Promise<unknown> {
  const volume = await readSeries(sources)
  const result = await engine.score(volume, { scope: 'whole-image', hash: true })
  const plain = JSON.parse(JSON.stringify(result)) as { lesions: { pieces: { sopInstanceUid: string | null }[] }[] }
  for (const lesion of plain.lesions) for (const piece of lesion.pieces) piece.sopInstanceUid = null
  return plain
}

describe('the twin of a classic series', () => {
  const varied = (k: number): Edits => ({ 0x00281052: String(-1024 - k), 0x00281053: k % 2 ? '1' : '1.25' })

  it.each([LEGACY_CT, ENHANCED_CT])('gives the same result to the bit, warnings included (%s)', async (sopClass) => {
    const classic = await scoreOf(ctSeries())
    expect(classic).toMatchObject({ total: { agatston: expect.any(Number) as number } })
    expect((classic as { total: { agatston: number } }).total.agatston).toBeGreaterThan(0)
    expect(await scoreOf(object(slices(), { sopClass }))).toEqual(classic)
  })

  it('whether groups are shared or written for each frame, in every encoding', async () => {
    const classic = await scoreOf(ctSeries(34, varied))
    for (const syntax of ['implicit', 'explicit', 'big'] as const) {
      const shared = [MEASURES, ORIENTATION, TUBES]
      const result = await scoreOf(object(slices(34, varied), { shared }, { syntax }))
      const { input, ...rest } = result as { input: { transferSyntaxes: string[] } }
      const { input: expected, ...same } = classic as typeof result & { input: { transferSyntaxes: string[] } }
      expect(rest).toEqual(same)
      expect({ ...input, transferSyntaxes: [] }).toEqual({ ...expected, transferSyntaxes: [] })
      expect(await scoreOf(object(slices(34, varied), { shared: [] }, { syntax }))).toEqual(result)
    }
  })

  it('in any order of its frames', async () => {
    const expected = await scoreOf(object(slices()))
    const next = random(41)
    for (let n = 0; n < 10; n++) {
      const mixed = shuffled(slices(), next)
      expect(
        await scoreOf(object([{ ...mixed[0]!, 0x00080018: slices()[0]![0x00080018]! }, ...mixed.slice(1)])),
      ).toEqual(expected)
    }
  })

  it('gives frames the UID of their object and the object as one instance', async () => {
    const series = await only(object(slices()))
    expect(series).toMatchObject({ eligible: true, slices: 34, instances: 1 })
    expect(series.volume!.sopInstanceUid(0)).toBe('1.2.3.4.1')
    expect(series.volume!.sopInstanceUid(33)).toBe('1.2.3.4.1')
    expect(series.volume!.fileName(7)).toBe('enhanced.dcm')
    expect(await refusalsOf(object(slices(), { edits: { 0x00201209: '1' } }))).toEqual([])
    expect(await refusalsOf(object(slices(), { edits: { 0x00201209: '2' } }))).toEqual(['SERIES_INCOMPLETE'])
  })

  it('may be in several objects', async () => {
    const part = (from: number, to: number, uid: string) =>
      source(encodeFile(enhancedElements(slices().slice(from, to), { edits: { 0x00080018: uid } })), `${uid}.dcm`)
    const parts = [part(20, 34, '1.2.3.4.9'), part(0, 20, '1.2.3.4.8')]
    expect(await scoreOf(parts)).toEqual(await scoreOf(ctSeries()))
    expect((await only(parts)).instances).toBe(2)
  })

  it('of one frame is one slice, and a classic image may say that it has one frame', async () => {
    const { values } = (await portrait(await readSeries(object(slices(1)), SINGLE))) as { values: number[][] }
    expect(values).toEqual([pixels(0)])
    expect(await refusalsOf(ctSeries(34, { 0x00280008: { vr: 'IS', value: '1' } }))).toEqual([])
    for (const frames of ['0', '2', '-1']) {
      const error = await failure(ctSeries(1, { 0x00280008: { vr: 'IS', value: frames } }), SINGLE)
      expect(error).toMatchObject({ code: 'PIXEL_FORMAT', details: { tag: '(0028,0008)' } })
    }
  })
})

describe('frames and groups that contradict each other', () => {
  it.each([
    ['one item too few', '35', 'PARSE_FAILED'],
    ['one item too many', '33', 'PARSE_FAILED'],
    ['no frames', '0', 'PARSE_FAILED'],
    ['frames below 0', '-34', 'PARSE_FAILED'],
    ['no number', 'many', 'PARSE_FAILED'],
    ['empty', '', 'PARSE_FAILED'],
    ['beyond the limit', '4001', 'LIMIT_EXCEEDED'],
    ['far beyond the limit', '2000000000', 'LIMIT_EXCEEDED'],
  ])('%s', async (_, frames, code) => {
    expect(await refusalsOf(object(slices(), { edits: { 0x00280008: frames } }))).toEqual([code])
  })

  it('no NumberOfFrames, and no groups at all', async () => {
    expect(await refusalsOf(object(slices(), { edits: { 0x00280008: null } }))).toEqual(['PARSE_FAILED'])
    expect(await refusalsOf(object(slices(), { edits: { 0x52009230: null } }))).toEqual(['PARSE_FAILED'])
    expect(await refusalsOf(object(slices(), { edits: { 0x52009229: null } }))).toEqual([
      'RESCALE_MISSING',
      'GEOMETRY_MISSING',
    ])
  })

  it('holds slices and pixels against their limits, each at its edge', async () => {
    const limited = async (limits: { slices?: number; pixels?: number }) => refusalsOf(object(slices()), { limits })
    expect(await limited({ slices: 34, pixels: 34 * 64 })).toEqual([])
    expect(await limited({ slices: 33 })).toEqual(['LIMIT_EXCEEDED'])
    expect(await limited({ pixels: 34 * 64 - 1 })).toEqual(['LIMIT_EXCEEDED'])
  })

  it('pixels of one frame too few or too many', async () => {
    const words = (count: number) => ({ 0x7fe00010: { vr: 'OW', value: Array.from({ length: 64 * count }, () => 0) } })
    expect(await refusalsOf(object(slices(), { edits: words(33) }))).toEqual(['PIXELS_SHORT'])
    expect((await refusalsOf(object(slices(), { edits: words(35) }))).length).toBe(1)
  })

  it('a macro that is shared and a frame has too', async () => {
    for (const tag of [MEASURES, ORIENTATION, TRANSFORMATION, TUBES]) {
      const groups = (k: number, all: Groups): Groups => {
        const of = enhancedElements(slices(1))[0x52009229]!.value as readonly Elements[]
        return k === 5 ? { ...all, [tag]: of[0]![tag]!.value as readonly Elements[] } : all
      }
      const error = await failure(object(slices(), { groups }))
      expect(error).toMatchObject({
        code: 'GEOMETRY_MIXED',
        details: { kind: 'macro', frame: 6, file: 'enhanced.dcm' },
      })
      expect(error.message).toContain('enhanced.dcm, frame 6:')
    }
    const everyFrame = (k: number, all: Groups): Groups => (k < 0 ? { ...all, [POSITION]: [slices(1)[0]!] } : all)
    expect(await refusalsOf(object(slices(), { groups: everyFrame }))).toEqual(['GEOMETRY_MIXED'])
  })

  it('a macro of two items', async () => {
    const groups = (k: number, all: Groups): Groups =>
      k === 3 ? { ...all, [POSITION]: [all[POSITION]![0]!, all[POSITION]![0]!] } : all
    expect(await refusalsOf(object(slices(), { groups }))).toEqual(['PARSE_FAILED'])
  })

  it.each([
    [MEASURES, 'GEOMETRY_MISSING'],
    [POSITION, 'GEOMETRY_MISSING'],
    [ORIENTATION, 'GEOMETRY_MISSING'],
    [TRANSFORMATION, 'RESCALE_MISSING'],
  ])('without the macro %i: as a classic image', async (tag, code) => {
    expect(await refusalsOf(object(slices(), { groups: withoutGroup(tag) }))).toEqual([code])
    // What stands at the top of the data set stands in for nothing.
    const top: Record<number, Elements[number]> = {}
    for (const [key, element] of Object.entries(ctElements(0))) {
      if ([0x00280030, 0x00200032, 0x00200037, 0x00281052, 0x00281053].includes(Number(key))) top[Number(key)] = element
    }
    expect(await refusalsOf(object(slices(), { groups: withoutGroup(tag), edits: top }))).toEqual([code])
    expect(await refusalsOf(object(slices(), { edits: top }))).toEqual([])
  })

  it('one frame of another orientation, spacing or slope', async () => {
    const shared: readonly number[] = []
    const at = (tag: number, item: Edits) => object(slices(), { shared, groups: inGroups(tag, item, 9) })
    const tilted = { 0x00200037: { vr: 'DS', value: '1\\0\\0\\0\\0.98\\0.19899749' } }
    expect(await refusalsOf(at(ORIENTATION, tilted))).toEqual(['GEOMETRY_MIXED'])
    expect(await refusalsOf(at(MEASURES, { 0x00280030: { vr: 'DS', value: '0.5\\0.6' } }))).toEqual(['GEOMETRY_MIXED'])
    expect(await warningsOf(at(TRANSFORMATION, { 0x00281053: { vr: 'DS', value: '2' } }))).toContain('RESCALE_VARIES')
    expect(await refusalsOf(at(TRANSFORMATION, { 0x00281053: { vr: 'DS', value: '0' } }))).toEqual(['RESCALE_INVALID'])
  })

  it('an attribute twice in an item, in ascending order or not', async () => {
    const bytes = (of: readonly Elements[]) => joined(of.map((part) => encodeElements(part, 'explicit')))
    const position = (z: string): Elements => ({ 0x00200032: { vr: 'DS', value: `-100\\-100\\${z}` } })
    const spacing: Elements = { 0x00280030: { vr: 'DS', value: '0.5\\0.5' } }
    const secret: Elements = { 0x00291001: { vr: 'LO', value: 'x' } }
    const inItem = (of: readonly Elements[]) => {
      const body = bytes(of)
      const head = Uint8Array.of(0xfe, 0xff, 0, 0xe0, body.length & 255, body.length >> 8, 0, 0)
      const value = joined([head, body])
      return [source(encodeFile(ctElements(0, { 0x00209113: { vr: 'SQ', value } })), 'slice.dcm')]
    }
    expect(await refusalsOf(inItem([position('1'), spacing]), SINGLE)).toEqual([])
    expect(await refusalsOf(inItem([spacing, position('1')]), SINGLE)).toEqual([])
    expect(await refusalsOf(inItem([secret, secret, spacing]), SINGLE)).toEqual([])
    for (const of of [
      [position('1'), position('2')],
      [position('1'), spacing, position('2')],
      [spacing, position('1'), spacing],
    ]) {
      const error = await failure(inItem(of), SINGLE)
      expect(error).toMatchObject({
        code: 'PARSE_FAILED',
        details: { kind: 'duplicate', tag: expect.any(String) as string },
      })
    }
  })

  it('the same tags in items side by side and inside each other are no duplicates', async () => {
    const inner: Elements = {
      0x00080100: { vr: 'SH', value: 'A' },
      0x00081199: { vr: 'SQ', value: [{ 0x00080100: { vr: 'SH', value: 'B' } }] },
    }
    for (const open of [false, true]) {
      const value = { vr: 'SQ', value: [inner, inner], open }
      expect(await refusalsOf([source(encodeFile(ctElements(0, { 0x00081140: value })))], SINGLE)).toEqual([])
    }
  })
})

describe('what the groups say of the pixels', () => {
  const enhanced = (groups: EnhancedOptions['groups'], edits: Edits = {}) =>
    object(slices(), { sopClass: ENHANCED_CT, groups: groups!, edits })
  const frameType = (item: Edits, of: number | 'shared' = 'shared') => enhanced(inGroups(FRAME_TYPE, item, of))

  it.each([
    [0x00089205, 'MONOCHROME', true],
    [0x00089205, 'COLOR', false],
    [0x00089205, 'TRUE_COLOR', false],
    [0x00089205, 'MIXED', false],
    [0x00089206, 'VOLUME', true],
    [0x00089206, 'SAMPLED', false],
    [0x00089206, 'DISTORTED', false],
    [0x00089207, 'NONE', true],
    [0x00089207, 'MPR', true],
    [0x00089207, 'MAX_IP', false],
    [0x00089207, 'MIN_IP', false],
    [0x00089207, 'VOLUME_RENDER', false],
    [0x00089207, 'SURFACE_RENDER', false],
    [0x00089207, 'CURVED_MPR', false],
  ])('attribute %i of %s', async (tag, value, fine) => {
    const expected = fine ? [] : ['NOT_ORIGINAL']
    expect(await refusalsOf(frameType({ [tag]: cs(value) }))).toEqual(expected)
    const atTop = { [tag]: cs(value) }
    const frames = inGroups(FRAME_TYPE, {
      [tag]: cs(tag === 0x00089205 ? 'MONOCHROME' : tag === 0x00089206 ? 'VOLUME' : 'NONE'),
    })
    // On the object MIXED says that frames differ, and each of them says that it is fine.
    expect(await refusalsOf(enhanced(frames, atTop))).toEqual(value === 'MIXED' ? [] : expected)
  })

  it.each([
    ['ORIGINAL\\PRIMARY\\AXIAL\\NONE', []],
    ['ORIGINAL\\PRIMARY\\VOLUME\\NONE', []],
    ['DERIVED\\PRIMARY\\AXIAL\\RESAMPLED', []],
    ['DERIVED\\PRIMARY\\VOLUME\\MAXIMUM', ['NOT_ORIGINAL']],
    ['DERIVED\\PRIMARY\\VOLUME\\MINIMUM', ['NOT_ORIGINAL']],
    ['DERIVED\\PRIMARY\\VOLUME\\MEAN', ['NOT_ORIGINAL']],
    ['DERIVED\\PRIMARY\\VOLUME\\SUBTRACTION', ['NOT_ORIGINAL']],
    ['DERIVED\\PRIMARY\\PERFUSION\\RCBF', ['NOT_ORIGINAL']],
    ['DERIVED\\SECONDARY\\AXIAL\\NONE', ['NOT_ORIGINAL']],
    ['ORIGINAL\\PRIMARY\\LOCALIZER\\NONE', ['LOCALIZER_ONLY']],
  ])('FrameType %s', async (value, codes) => {
    expect(await refusalsOf(frameType({ 0x00089007: cs(value) }))).toEqual(codes)
  })

  it('vendors’ words in a converted object are those of the classic image', async () => {
    const words = { 0x00089007: cs('ORIGINAL\\PRIMARY\\AXIAL\\CT_SOM5 SPI') }
    expect(await refusalsOf(object(slices(), { groups: inGroups(FRAME_TYPE, words) }))).toEqual([])
    const projection = { 0x00089007: cs('DERIVED\\PRIMARY\\AXIAL\\MIP') }
    expect(await refusalsOf(object(slices(), { groups: inGroups(FRAME_TYPE, projection) }))).toEqual(['NOT_ORIGINAL'])
  })

  it('ImageType of the object stands beside that of the frames', async () => {
    expect(await refusalsOf(enhanced((_, g) => g, { 0x00080008: 'MIXED\\PRIMARY\\AXIAL\\NONE' }))).toEqual([])
    expect(await refusalsOf(enhanced((_, g) => g, { 0x00080008: 'DERIVED\\PRIMARY\\AXIAL\\MIP' }))).toEqual([
      'NOT_ORIGINAL',
    ])
  })

  it('localizers beside slices are left out, by FrameType or because the tube stood still', async () => {
    const across = { 0x00200037: '0\\1\\0\\0\\0\\-1' }
    const of = [...slices(), ctElements(0, across)]
    const shared = [MEASURES, TRANSFORMATION, TUBES]
    const still = (k: number, all: Groups): Groups =>
      k === 34 ? { ...all, 0x00189301: [{ 0x00189302: cs('CONSTANT_ANGLE') }] } : all
    const series = await only(object(of, { shared, groups: still, sopClass: ENHANCED_CT }))
    expect(series).toMatchObject({ eligible: true, slices: 34 })
    expect(series.warnings.find(({ code }) => code === 'IMAGE_EXCLUDED')?.details).toMatchObject({
      reasons: ['localizer'],
    })
  })

  it.each([
    [undefined, undefined, false],
    ['YES', 'NO', true],
    ['NO', 'NO', false],
    ['NO', 'YES', true],
    ['', '', true],
    ['UNKNOWN', '', true],
  ])('contrast: administered %s, detected %s', async (administered, detected, refused) => {
    const item = (code: string): Elements => ({ 0x00080100: { vr: 'SH', value: code } })
    const agent: Edits = administered === undefined ? {} : { 0x00180012: { vr: 'SQ', value: [item('C-B0322')] } }
    const usage = (k: number, all: Groups): Groups =>
      k < 0 && administered !== undefined
        ? { ...all, [USAGE]: [{ 0x00189342: cs(administered), 0x00189343: cs(detected!) }] }
        : all
    expect(await refusalsOf(enhanced(usage, agent))).toEqual(refused ? ['CONTRAST_GIVEN'] : [])
    if (administered === undefined) return
    expect(await refusalsOf(enhanced((_, g) => g, agent))).toEqual(['CONTRAST_GIVEN'])
  })

  it('tube: voltage, two voltages, tin', async () => {
    const tubes = (...items: Elements[]) => enhanced((k, all) => (k < 0 ? { ...all, [TUBES]: items } : all))
    const kvp = (value: string): Elements => ({ 0x00180060: { vr: 'DS', value } })
    expect((await only(tubes(kvp('120'), kvp('120')))).kvp).toBe(120)
    expect(await warningsOf(tubes(kvp('120'), kvp('120')))).not.toContain('KVP_MISSING')
    expect(await warningsOf(tubes(kvp('100')))).toContain('KVP_NOT_120')
    expect(await warningsOf(tubes(kvp('80'), kvp('140')))).toContain('KVP_MISSING')
    expect(await warningsOf(tubes(kvp('120'), { ...kvp('120'), 0x00187050: cs('TIN') }))).toContain('SPECTRAL')
    expect(await warningsOf(tubes({ ...kvp('120'), 0x00187050: cs('ALUMINUM') }))).not.toContain('SPECTRAL')
  })

  it('gating, by the technique of the object or the phase of the frames', async () => {
    const ungated = { shared: undefined, groups: withoutGroup(0x00209170) }
    expect(await warningsOf(object(slices(), { groups: ungated.groups }))).toContain('NOT_GATED')
    const technique = (value: string) => object(slices(), { groups: ungated.groups, edits: { 0x00189037: cs(value) } })
    expect(await warningsOf(technique('PROSPECTIVE'))).not.toContain('NOT_GATED')
    expect(await warningsOf(technique('NONE'))).toContain('NOT_GATED')
    const phase = (k: number, all: Groups): Groups => ({
      ...withoutGroup(0x00209170)(k, all),
      ...(k < 0 ? {} : { 0x00189118: [{ 0x00209241: { vr: 'FL', value: Uint8Array.of(0, 0, 150, 66) } }] }),
    })
    expect(await warningsOf(object(slices(), { groups: phase }))).not.toContain('NOT_GATED')
    const interval =
      (seconds: number) =>
      (k: number, all: Groups): Groups => ({
        ...withoutGroup(0x00209170)(k, all),
        ...(k < 0 ? {} : { 0x00189118: [{ 0x00209251: { vr: 'FD', value: [seconds] } }] }),
      })
    expect(await warningsOf(object(slices(), { groups: interval(800) }))).not.toContain('NOT_GATED')
    expect(await warningsOf(object(slices(), { groups: interval(0) }))).toContain('NOT_GATED')
  })

  it('a mapping to another unit, unless RescaleType says HU', async () => {
    const map = (unit: string): Elements => ({
      0x004008ea: { vr: 'SQ', value: [{ 0x00080100: { vr: 'SH', value: unit } }] },
    })
    const mapped = (units: string[], type: string | null, of: 'shared' | number = 'shared') =>
      enhanced((k, all) => {
        const typed = inGroups(TRANSFORMATION, { 0x00281054: type === null ? null : { vr: 'LO', value: type } })(k, all)
        return (of === 'shared' ? k < 0 : k === of) ? { ...typed, 0x00409096: units.map(map) } : typed
      })
    expect(await refusalsOf(mapped(['ml/100ml/s'], 'HU'))).toEqual([])
    expect(await refusalsOf(mapped(['ml/100ml/s'], null))).toEqual(['RESCALE_TYPE_NOT_HU'])
    expect(await refusalsOf(mapped(['ml/100ml/s'], null, 4))).toEqual(['RESCALE_TYPE_NOT_HU'])
    expect(await refusalsOf(mapped(['ml/100ml/s'], 'US'), { accept: ['RESCALE_TYPE_NOT_HU'] })).toEqual([
      'RESCALE_TYPE_NOT_HU',
    ])
    expect(await refusalsOf(mapped(["[hnsf'U]"], 'US'), { accept: ['RESCALE_TYPE_NOT_HU'] })).toEqual([])
    expect(await refusalsOf(mapped(["[hnsf'U]"], null))).toEqual([])
    expect(await refusalsOf(mapped(['g/cm3', "[hnsf'U]"], null))).toEqual([])
    expect(
      await refusalsOf(ctSeries(34, { 0x00281054: null, 0x00409096: { vr: 'SQ', value: [map('g/cm3')] } })),
    ).toEqual(['RESCALE_TYPE_NOT_HU'])
  })
})

describe('several stacks or phases in one object', () => {
  const content = (stack: string, phase: number): Elements => ({
    0x00209056: { vr: 'SH', value: stack },
    0x00209128: { vr: 'UL', value: [phase] },
  })
  const at = (z: number): Edits => ({ 0x00200032: `-100\\-100\\${z}` })

  it('two phases at the same positions', async () => {
    const of = [
      ...slices(17),
      ...Array.from({ length: 17 }, (_, k) => ctElements(k, { 0x7fe00010: { vr: 'OW', value: pixels(k + 50) } })),
    ]
    const groups = (k: number, all: Groups): Groups =>
      k < 0 ? all : { ...all, [CONTENT]: [content('1', k < 17 ? 1 : 2)] }
    const error = await failure(object(of, { groups }))
    const refusals = error.details['refusals'] as { code: string; details: Record<string, unknown> }[]
    expect(refusals.map(({ code }) => code)).toEqual(['SERIES_MIXED', 'SLICES_DUPLICATE'])
    expect(refusals[0]!.details).toMatchObject({ attribute: 'TemporalPositionIdentifier' })
  })

  it('two stacks that interleave', async () => {
    const of = Array.from({ length: 34 }, (_, k) => ctElements(k, at(100 + 1.5 * k)))
    const groups = (k: number, all: Groups): Groups =>
      k < 0 ? all : { ...all, [CONTENT]: [content(k % 2 ? 'A' : 'B', 1)] }
    const error = await failure(object(of, { groups }))
    expect(error).toMatchObject({ code: 'SERIES_MIXED', details: { attribute: 'StackID' } })
  })

  it('two stacks that follow each other on one grid are one volume', async () => {
    const groups = (k: number, all: Groups): Groups =>
      k < 0 ? all : { ...all, [CONTENT]: [content(k < 17 ? 'A' : 'B', 1)] }
    expect(await refusalsOf(object(slices(), { groups }))).toEqual([])
  })

  it('which frame is taken of two that differ does not depend on their order', async () => {
    const twice = [...slices(), ctElements(3, { 0x7fe00010: { vr: 'OW', value: pixels(90) } })]
    const accept = ['SLICES_DUPLICATE', 'SERIES_MIXED'] as const
    const values = async (of: Elements[]) =>
      (await portrait(await readSeries(object(of), { accept: [...accept] })))['values']
    expect(await values([...twice].reverse())).toEqual(await values(twice))
  })

  it('a frame that is there twice, bit for bit, is dropped', async () => {
    const series = await only(object([...slices(), ctElements(3)]))
    expect(series).toMatchObject({ eligible: true, slices: 34 })
    expect(series.warnings.map(({ code }) => code)).toContain('SLICES_IDENTICAL_DROPPED')
  })
})

describe('many frames', () => {
  it('4,000 are read', { timeout: 60_000 }, async () => {
    const of = Array.from({ length: 4000 }, (_, k) => ctElements(k, { 0x00200032: `-100\\-100\\${k / 2}` }))
    const series = await only(object(of))
    expect(series).toMatchObject({ slices: 4000, incrementMm: 0.5, instances: 1 })
    expect(series.refusals).toEqual([])
  })
})

describe('elements of many frames', () => {
  it('may be as many as their pixels bring room for', async () => {
    const side = 128
    const of = (rows: number): Elements[] =>
      slices(40, {
        0x00280010: [rows],
        0x00280011: [rows],
        0x7fe00010: Array.from({ length: rows * rows }, (_, i) => i % 2000),
      })
    const limits = { elements: 300 }
    const few = { shared: [] }
    expect((await only(object(of(side), few), { limits })).refusals).toEqual([])
    // Frames of 8 x 8 pixels bring none.
    expect(await failure(object(of(8), few), { limits })).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      details: { limit: 'elements', most: 300 },
    })
  })
})

describe('real objects', () => {
  const folder = dataFolder('enhanced_multiframe')
  const file = (name: string) => [source(new Uint8Array(readFileSync(join(folder!, name))), name)]

  it.skipIf(!folder)('a perfusion map is refused for all that it is', async () => {
    const series = await only(file('eCT_Supplemental.dcm'))
    expect(series).toMatchObject({ slices: 2, rows: 512, columns: 512, incrementMm: 10, thicknessMm: 10, instances: 1 })
    expect(
      series.refusals.map(({ code, details }) => `${code} ${String(details['kind'] ?? details['tag'] ?? '')}`),
    ).toEqual([
      'RESCALE_TYPE_NOT_HU (0028,1054)',
      'RESCALE_TYPE_NOT_HU (0040,9096)',
      'CONTRAST_GIVEN ',
      'NOT_ORIGINAL COLOR',
      'NOT_ORIGINAL RCBF',
    ])
    expect(series.warnings.map(({ code }) => code)).toContain('KVP_MISSING')
  })

  it.skipIf(!folder)('MR is no CT', async () => {
    for (const name of ['emri_small.dcm', 'emri_small_big_endian.dcm', 'emri_small_RLE.dcm']) {
      const { series } = await inspectSeries(file(name))
      expect(series.map(({ refusals }) => refusals.map(({ code }) => code))).toEqual([['MODALITY_NOT_CT']])
    }
  })
})
