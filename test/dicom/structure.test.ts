/** Files that break off or contradict themselves, and files that look so and are sound. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS, type DicomSource, readSeries } from '../../bindings/dicom/index.js'
import { mostElements } from '../../bindings/dicom/limits.js'
import {
  type Edits,
  type Element,
  type Elements,
  type Syntax,
  ctElements,
  ctSeries,
  encodeElements,
  encodeFile,
  join,
  source,
} from './make.js'
import { SINGLE, code, failure, portrait, refusalsOf, warningsOf } from './outcome.js'

const SYNTAXES: readonly Syntax[] = ['implicit', 'explicit', 'big']
const one = (edits: Edits, syntax: Syntax = 'explicit', tail = new Uint8Array(0)): DicomSource[] => [
  source(encodeFile(ctElements(0, edits), { syntax, tail })),
]
const kindOf = async (sources: readonly DicomSource[]): Promise<unknown> => {
  const error = await failure(sources, SINGLE)
  expect(error.code).toBe('PARSE_FAILED')
  expect(error.details['file']).toBe('slice.dcm')
  return error.details['kind']
}
const expected = (async () => portrait(await readSeries(one({}), SINGLE)))()
const readsTheSame = async (sources: readonly DicomSource[]): Promise<void> =>
  expect(await portrait(await readSeries(sources, SINGLE))).toEqual(await expected)

/** A sequence nested `depth` deep. */
function nested(depth: number, open: boolean): Element {
  let items: Elements[] = []
  for (let i = 1; i < depth; i++) items = [{ 0x00081199: { vr: 'SQ', value: items, open } }]
  return { vr: 'SQ', value: items, open }
}

describe('valid variants read identically', () => {
  const sequence: readonly Elements[] = [
    { 0x00080100: { vr: 'SH', value: 'A' }, 0x00080104: { vr: 'LO', value: 'B' } },
    {},
    { 0x00081199: { vr: 'SQ', value: [{ 0x00080100: { vr: 'SH', value: '' } }] } },
  ]
  it.each(SYNTAXES)('sequences of known and of undefined length, 64-bit VRs, private elements (%s)', async (syntax) => {
    for (const open of [false, true])
      await readsTheSame(one({ 0x00081140: { vr: 'SQ', value: sequence, open } }, syntax))
    for (const vr of ['OV', 'SV', 'UV', 'OD', 'OL', 'UC', 'UT', 'UR']) {
      await readsTheSame(one({ 0x00091001: { vr, value: new Uint8Array(16).fill(3) } }, syntax))
      const inside = { vr: 'SQ', value: [{ 0x00091001: { vr, value: new Uint8Array(80000) } }] }
      await readsTheSame(one({ 0x00081140: inside }, syntax))
    }
    await readsTheSame(one({ 0x00080000: { vr: 'UL', value: [12345] }, 0x00280000: { vr: 'UL', value: [1] } }, syntax))
    await readsTheSame(one({ 0xfffcfffc: { vr: 'OB', value: new Uint8Array(30) } }, syntax))
    await readsTheSame(one({}, syntax, new Uint8Array(1000)))
    await readsTheSame(one({}, syntax, new Uint8Array(2)))
    for (const odd of [1, 3, 999]) expect(await code(one({}, syntax, new Uint8Array(odd)), SINGLE)).toBe('PARSE_FAILED')
  })

  it('UN sequences of undefined length are implicit little endian inside, in both byte orders', async () => {
    const inner = encodeElements({ 0x00080100: { vr: 'SH', value: 'AB' } }, 'implicit')
    const little = (n: number): number[] => [n & 255, (n >> 8) & 255, (n >> 16) & 255, n >>> 24]
    const item = Uint8Array.from([0xfe, 0xff, 0, 0xe0, ...little(inner.length), ...inner])
    const end = Uint8Array.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0])
    const value = join([item, end])
    for (const syntax of ['explicit', 'big'] as const) {
      await readsTheSame(one({ 0x00091010: { vr: 'UN', value, open: true } }, syntax))
    }
  })

  it('tags out of order are read and warned of', async () => {
    const all = ctElements()
    const { 0x00280010: rows, 0x7fe00010: image, ...rest } = all as Record<number, Element>
    const body = [rest, { 0x7fe00010: image! }, { 0x00280010: rows! }].map((part) => encodeElements(part, 'explicit'))
    const file = join([encodeFile({}), ...body])
    const volume = await readSeries([source(file)], SINGLE)
    expect(volume.warnings.map((w) => w.code)).toContain('TAG_ORDER')
    const { warnings: _, ...mine } = await portrait(volume)
    expect(await expected).toMatchObject(mine)
    expect(await warningsOf(one({}), SINGLE)).not.toContain('TAG_ORDER')
  })
})

describe('PARSE_FAILED', () => {
  it.each(SYNTAXES)('lengths beyond the file and beyond what holds the element (%s)', async (syntax) => {
    const long = new Uint8Array(6)
    const file = (length: number): DicomSource[] => {
      const bytes = encodeFile(ctElements(0, { 0x00091001: { vr: 'UN', value: long } }), { syntax })
      const tag = syntax === 'big' ? [0, 9, 0x10, 1] : [9, 0, 1, 0x10]
      const start = find(bytes, tag)
      const at = start + (syntax === 'implicit' ? 4 : 8)
      new DataView(bytes.buffer).setUint32(at, length, syntax !== 'big')
      return [source(bytes)]
    }
    await readsTheSame(file(6))
    for (const length of [2 ** 31, 2 ** 32 - 2, 1e6]) expect(await kindOf(file(length))).toBe('truncated')
    for (const length of [0, 1, 4, 5, 7, 8, 9]) expect((await failure(file(length), SINGLE)).code).toBe('PARSE_FAILED')
    expect((await failure(file(2 ** 32 - 1), SINGLE)).code).toBe('PARSE_FAILED')
  })

  it('items and elements longer than what holds them', async () => {
    const bytes = encodeFile(
      ctElements(0, { 0x00081140: { vr: 'SQ', value: [{ 0x00080100: { vr: 'SH', value: 'ABCD' } }] } }),
    )
    const item = find(bytes, [0xfe, 0xff, 0, 0xe0])
    for (const [offset, value] of [
      [item + 4, 13],
      [item + 4, 11],
      [item + 14, 5],
      [item - 4, 19],
      [item - 4, 21],
    ] as const) {
      const broken = bytes.slice()
      broken[offset] = value
      expect((await failure([source(broken)], SINGLE)).code).toBe('PARSE_FAILED')
    }
  })

  it('undefined length without an end, and where no sequence may have it', async () => {
    for (const syntax of SYNTAXES) {
      const open = one({ 0x00081140: { vr: 'SQ', value: [], open: true } }, syntax)
      await readsTheSame(open)
      const bytes = open[0]!.data as Uint8Array
      const end = find(bytes, syntax === 'big' ? [0xff, 0xfe, 0xe0, 0xdd] : [0xfe, 0xff, 0xdd, 0xe0])
      const unended = join([bytes.subarray(0, end), bytes.subarray(end + 8)])
      expect((await failure([source(unended)], SINGLE)).code).toBe('PARSE_FAILED')
    }
    const swallowing = { vr: 'OB', value: new Uint8Array(10), open: true }
    expect(await kindOf(one({ 0x00091001: swallowing }))).toBe('undelimited')
    expect(await kindOf(one({ 0x7fe00010: swallowing }))).toBe('undelimited')
    expect(await kindOf(one({ 0x7fe00010: swallowing }, 'implicit'))).toBe('undelimited')
  })

  it('nesting: 64 levels are read, 65 and 20,000 are not', async () => {
    for (const open of [false, true]) {
      await readsTheSame(one({ 0x00081140: nested(64, open) }))
      expect(await kindOf(one({ 0x00081140: nested(65, open) }))).toBe('depth')
    }
    expect(await kindOf(one({ 0x00081140: { vr: 'SQ', value: deep(20_000) } }))).toBe('depth')
  })

  it('an attribute that occurs twice', async () => {
    for (const tag of [0x00281053, 0x00280010, 0x00080060]) {
      const twice = encodeElements({ [tag]: (ctElements() as Record<number, Element>)[tag]! }, 'explicit')
      const file = encodeFile(ctElements(), { tail: twice })
      expect(await kindOf([source(file)])).toBe('duplicate')
    }
  })

  it('unknown value representations and stray delimiters', async () => {
    expect(await kindOf(one({ 0x00091001: { vr: 'ZZ', value: 'x' } }))).toBe('structure')
    expect(await kindOf(one({}, 'explicit', Uint8Array.of(0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0)))).toBe('structure')
    expect(await kindOf(one({}, 'explicit', Uint8Array.of(1, 2, 3)))).toBe('truncated')
  })

  it('names the tag and the offset', async () => {
    const error = await failure([source(encodeFile(ctElements()).subarray(0, 700), '/a/b/x.dcm')], SINGLE)
    expect(error.details).toMatchObject({ kind: 'truncated', file: 'x.dcm', tag: expect.stringMatching(/^\(/) })
    expect(error.details['offset']).toBeGreaterThan(100)
  })
})

describe('floods', () => {
  it('elements: 1 too many is refused', async () => {
    const many = (n: number): Edits => {
      const items = Object.fromEntries(Array.from({ length: n }, (_, i) => [0x00090000 + i, { vr: 'CS', value: '' }]))
      return { 0x00081140: { vr: 'SQ', value: [items] } }
    }
    const own = Object.keys(ctElements()).length + 3 + 1
    const limits = { elements: own + 500 }
    expect(await refusalsOf(one(many(500)), { ...SINGLE, limits })).toEqual([])
    const error = await failure(one(many(501)), { ...SINGLE, limits })
    expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED', details: { limit: 'elements' } })
  })

  it('elements: a large file may have one for each 512 bytes, up to ten times the limit', async () => {
    const own = Object.keys(ctElements()).length + 3 + 2
    const most = (bytes: number, elements: number): number => mostElements({ ...DEFAULT_LIMITS, elements }, bytes)
    for (const [bytes, expected] of [
      [0, 100],
      [51_200, 100],
      [51_711, 100],
      [51_712, 101],
      [511_999, 999],
      [512_000, 1000],
      [4 * 2 ** 30, 1000],
    ] as const) {
      expect(most(bytes, 100)).toBe(expected)
    }
    expect(mostElements(DEFAULT_LIMITS, 60_000_000)).toBe(117_187)
    const file = (n: number): DicomSource[] => {
      const items = Object.fromEntries(Array.from({ length: n }, (_, i) => [0x00090000 + i, { vr: 'CS', value: '' }]))
      const size = 512 * 300
      const rest = size - encodeFile(ctElements(0, many(items, 0))).length
      return one(many(items, rest))
    }
    const many = (items: Elements, filler: number): Edits => ({
      0x00081140: { vr: 'SQ', value: [items] },
      0x61010000: { vr: 'OB', value: new Uint8Array(filler) },
    })
    const limits = { elements: 50 }
    expect((file(300 - own)[0]!.data as Uint8Array).length).toBe(512 * 300)
    expect(await refusalsOf(file(300 - own), { ...SINGLE, limits })).toEqual([])
    const error = await failure(file(301 - own), { ...SINGLE, limits })
    expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED', details: { limit: 'elements', most: 300 } })
  })

  it.each([
    [64, 0, 'read'],
    [64, 1, 'LIMIT_EXCEEDED'],
    [200, 0, 'read'],
  ])(
    'elements: %d MB with as many as it may have, and %d more: memory stays bounded',
    { timeout: 120_000 },
    (mb, more, expected) => {
      const script = fileURLToPath(new URL('./flood.ts', import.meta.url))
      const args = ['--import', 'tsx', script, String(mb), String(more)]
      const { code, peakMb } = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as {
        code: string
        peakMb: number
      }
      expect(code).toBe(expected)
      expect(peakMb).toBeLessThan(4 * mb + 256)
    },
  )

  it('items: 200,000 are read, one more is not, eight million end at once', async () => {
    const items = (n: number): DicomSource[] => {
      const empty = Uint8Array.of(0xfe, 0xff, 0, 0xe0, 0, 0, 0, 0)
      const value = new Uint8Array(8 * n)
      for (let i = 0; i < n; i++) value.set(empty, 8 * i)
      return [source(flood(value))]
    }
    await readsTheSame(items(200_000))
    for (const n of [200_001, 8_000_000]) {
      const error = await failure(items(n), SINGLE)
      expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED', details: { limit: 'items' } })
    }
  }, 30_000)

  /** A file with a sequence of these bytes before its pixels. */
  function flood(value: Uint8Array): Uint8Array {
    const { 0x7fe00010: image, ...rest } = ctElements() as Record<number, Element>
    const head = Uint8Array.of(
      0x40,
      0,
      0x55,
      5,
      0x53,
      0x51,
      0,
      0,
      ...new Uint8Array(new Uint32Array([value.length]).buffer),
    )
    return join([encodeFile(rest), head, value, encodeElements({ 0x7fe00010: image! }, 'explicit')])
  }
})

/** Items nested so deep that no recursion could write them. */
function deep(levels: number): Uint8Array {
  const head = [
    0x08, 0, 0x99, 0x11, 0x53, 0x51, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0, 0xe0, 0xff, 0xff, 0xff, 0xff,
  ]
  const bytes = new Uint8Array(20 * levels)
  for (let i = 0; i < levels; i++) bytes.set(head, 20 * i)
  return join([Uint8Array.of(0xfe, 0xff, 0, 0xe0, 0xff, 0xff, 0xff, 0xff), bytes])
}

function find(bytes: Uint8Array, pattern: readonly number[]): number {
  for (let i = 132; i < bytes.length; i++) if (pattern.every((byte, j) => bytes[i + j] === byte)) return i
  throw new Error('pattern not found')
}

describe('a series with one bad file', () => {
  it('is refused whole', async () => {
    const sources = ctSeries(34)
    const bytes = sources[33]!.data as Uint8Array
    expect(await refusalsOf(sources.with(33, source(bytes.subarray(0, -1), 'CT0033.dcm')))).toEqual(['PARSE_FAILED'])
  })
})

describe('the second reader', () => {
  // Four bytes that begin like an item: dicom-parser enters them where the encoding is implicit, the walk does not.
  const likeItem = Uint8Array.of(0xfe, 0xff, 0x00, 0xe0)
  const tag = 0x00181030

  it('is asked again where a head it knows stands before a value that begins like a sequence', async () => {
    await readsTheSame(one({ [tag]: { vr: 'LO', value: 'ABCD' } }, 'implicit'))
    await readsTheSame(one({ [tag]: { vr: 'LO', value: 'EFGH' } }, 'implicit'))
    expect(await kindOf(one({ [tag]: { vr: 'LO', value: likeItem } }, 'implicit'))).toBe('structure')
    await readsTheSame(one({ [tag]: { vr: 'LO', value: 'IJKL' } }, 'implicit'))
  })

  it('knows a head of one encoding in that encoding only', async () => {
    for (const syntax of ['explicit', 'big', 'implicit', 'explicit', 'big'] as const) {
      await readsTheSame(one({ [tag]: { vr: 'LO', value: 'ABCD' } }, syntax))
    }
  })
})
