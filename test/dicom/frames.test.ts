/** Fragments to frames: any cut, any table, and every way in which the two can contradict each other. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AgatstonError } from '../../bindings/base/errors.js'
import { framesOf } from '../../bindings/dicom/frames.js'
import { DEFAULT_LIMITS, readSeries } from '../../bindings/dicom/index.js'
import { DataSet } from '../../bindings/dicom/dataset.js'
import { openObject } from '../../bindings/dicom/open.js'
import { locatePixels, readPixelFormat } from '../../bindings/dicom/pixels.js'
import type { FrameCoding } from '../../bindings/dicom/syntax.js'
import type { EncodedWords, NativeWords, PixelWords } from '../../bindings/dicom/words.js'
import { type Encapsulation, cutAt, encapsulated, padded, rle } from './encode.js'
import { type Edits, type Element, ctElements, encodeFile, join, pixels, source } from './make.js'
import { SINGLE, code, failure, valuesOf } from './outcome.js'

const UID: Record<FrameCoding, string> = {
  rle: '1.2.840.10008.1.2.5',
  jpeg: '1.2.840.10008.1.2.4.51',
  'jpeg-lossless': '1.2.840.10008.1.2.4.70',
  'jpeg-ls': '1.2.840.10008.1.2.4.80',
  'jpeg-2000': '1.2.840.10008.1.2.4.90',
  htj2k: '1.2.840.10008.1.2.4.201',
}
const MARKED = ['jpeg', 'jpeg-lossless', 'jpeg-ls', 'jpeg-2000', 'htj2k'] as const

/** A frame between its markers. Coded data holds no marker, but the length bytes of a segment may be anything, FF too. */
const frameOf = (coding: FrameCoding, body: readonly number[]): Uint8Array =>
  Uint8Array.of(0xff, coding === 'jpeg-2000' || coding === 'htj2k' ? 0x4f : 0xd8, 0xff, ...body, 0xff, 0xd9)

const fileOf = (coding: FrameCoding, edits: Edits): Uint8Array => encodeFile(ctElements(0, edits), { uid: UID[coding] })

/** The bytes of each frame, joined. */
function frames(coding: FrameCoding, count: number, edits: Edits): Uint8Array[] {
  const opened = openObject(fileOf(coding, edits), 'slice.dcm', DEFAULT_LIMITS)!
  if (opened.failure) throw opened.failure
  return framesOf(opened, coding, count).map((frame) =>
    join(frame.map(({ offset, length }) => opened.bytes.subarray(offset, offset + length))),
  )
}

/** Why the frames are refused. */
function refusal(coding: FrameCoding, count: number, edits: Edits): string {
  try {
    frames(coding, count, edits)
  } catch (error) {
    expect(error).toBeInstanceOf(AgatstonError)
    const { code: name, details, message } = error as AgatstonError
    expect(message).toMatch(/^slice\.dcm: /)
    return [name, details['kind']].filter(Boolean).join(' ')
  }
  return 'read'
}

const bodies = (count: number): number[][] =>
  Array.from({ length: count }, (_, n) => Array.from({ length: 40 + 2 * n }, (__, i) => (i * 7 + n * 31) % 200))
const marked = (count: number, coding: FrameCoding = 'jpeg-ls'): Uint8Array[] =>
  bodies(count).map((body) => frameOf(coding, body))
const halves = (frame: Uint8Array): readonly Uint8Array[] => cutAt(padded(frame), [20])

describe('any cut, any right table', () => {
  const body = fc.array(fc.integer({ min: 0, max: 0xfe }), { minLength: 0, maxLength: 60 })
  const cuts = fc.array(fc.nat(70), { maxLength: 6 })
  const tables = fc.constantFrom('empty' as const, 'basic' as const, 'extended' as const)
  const arbitrary = {
    coding: fc.constantFrom(...MARKED),
    parts: fc.array(fc.tuple(body, cuts), { minLength: 1, maxLength: 5 }),
  }

  it('gives the frames, empty fragments and odd lengths included', () => {
    fc.assert(
      fc.property(fc.record({ ...arbitrary, table: tables }), ({ coding, parts, table }) => {
        const whole = parts.map(([bytes]) => padded(frameOf(coding, bytes)))
        // The start marker is never cut from itself when several frames must be told apart.
        const split = (frame: Uint8Array, n: number): readonly Uint8Array[] =>
          cutAt(
            frame,
            parts[n]![1].map((place) => Math.min(Math.max(place, 2), frame.length)),
          ).filter((part, i) => i > 0 || part.length > 0)
        expect(frames(coding, whole.length, encapsulated(whole, { split, table }))).toEqual(whole)
      }),
      { seed: 20, numRuns: 300 },
    )
  })

  it('one frame may be cut anywhere, its markers included; RLE too', () => {
    fc.assert(
      fc.property(fc.constantFrom(...MARKED, 'rle' as const), body, cuts, tables, (coding, bytes, places, table) => {
        const frame = padded(frameOf(coding, bytes))
        const within = places.map((place) => Math.min(place, frame.length)).filter((place) => place > 0)
        const split = (): readonly Uint8Array[] => cutAt(frame, within)
        expect(frames(coding, 1, encapsulated([frame], { split, table }))).toEqual([frame])
      }),
      { seed: 21, numRuns: 300 },
    )
  })

  it('a wrong table never gives frames', () => {
    const wrong = fc.array(fc.nat(400), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(fc.record({ ...arbitrary, wrong }), ({ coding, parts, wrong: table }) => {
        const whole = parts.map(([bytes]) => padded(frameOf(coding, bytes)))
        const right = whole.map((_, n) => whole.slice(0, n).reduce((sum, { length }) => sum + length + 8, 0))
        fc.pre(table.join() !== right.join())
        // Of one frame the fragments are all there is: a table can misplace nothing.
        const outcome = whole.length === 1 ? 'read' : 'PIXELS_CORRUPT table'
        expect(refusal(coding, whole.length, encapsulated(whole, { table }))).toBe(outcome)
        const offsets = { table: 'extended' as const, extended: { offsets: table } }
        expect(refusal(coding, whole.length, encapsulated(whole, offsets))).toBe(outcome)
      }),
      { seed: 22, numRuns: 200 },
    )
  })
})

describe('tables', () => {
  const two = marked(2)
  const [first, second] = [padded(two[0]!).length, padded(two[1]!).length]
  const read = (options: Encapsulation): string => refusal('jpeg-ls', 2, encapsulated(two, options))

  it.each([
    ['right', { table: [0, first + 8] }, 'read'],
    ['one below', { table: [0, first + 7] }, 'PIXELS_CORRUPT table'],
    ['one above', { table: [0, first + 9] }, 'PIXELS_CORRUPT table'],
    ['not from 0', { table: [8, first + 16] }, 'PIXELS_CORRUPT table'],
    ['the frames in the other order', { table: [first + 8, 0] }, 'PIXELS_CORRUPT table'],
    ['all zeros', { table: [0, 0] }, 'PIXELS_CORRUPT table'],
    ['one frame only', { table: [0] }, 'PIXELS_CORRUPT table'],
    ['a frame more', { table: [0, first + 8, first + second + 16] }, 'PIXELS_CORRUPT table'],
    ['beyond the end', { table: [0, 2 ** 32 - 2] }, 'PIXELS_CORRUPT table'],
    ['half a number more', { table: Uint8Array.of(0, 0, 0, 0, first + 8, 0, 0, 0, 0, 0) }, 'PIXELS_CORRUPT table'],
    ['fragments, not frames', { split: halves, table: [0, 28, first + 16, first + 44] }, 'PIXELS_CORRUPT table'],
    ['into the middle of a frame', { split: halves, table: [0, 28] }, 'PIXELS_CORRUPT table'],
    ['right for four fragments', { split: halves, table: [0, first + 16] }, 'read'],
  ] satisfies [string, Encapsulation, string][])('basic: %s', (_, options, expected) => {
    expect(read(options)).toBe(expected)
  })

  const extended = (offsets: readonly number[], lengths: readonly number[]): Encapsulation => ({
    table: 'extended',
    extended: { offsets, lengths },
  })
  it.each([
    ['right', extended([0, first + 8], [first, second]), 'read'],
    ['lengths without the padding', extended([0, first + 8], [first - 1, second - 1]), 'read'],
    ['a length two short', extended([0, first + 8], [first, second - 2]), 'PIXELS_CORRUPT table'],
    ['a length one long', extended([0, first + 8], [first + 1, second]), 'PIXELS_CORRUPT table'],
    ['a length missing', extended([0, first + 8], [first]), 'PIXELS_CORRUPT table'],
    ['an offset beyond 32 bits', extended([0, first + 8 + 2 ** 32], [first, second]), 'PIXELS_CORRUPT table'],
    ['an offset missing', extended([0], [first, second]), 'PIXELS_CORRUPT table'],
    ['lengths and offsets without the padding', extended([0, first + 7], [first - 1, second - 1]), 'read'],
    ['offsets without the padding, lengths with it', extended([0, first + 7], [first, second]), 'PIXELS_CORRUPT table'],
    [
      'lengths without the padding, offsets two off',
      extended([0, first + 6], [first - 1, second]),
      'PIXELS_CORRUPT table',
    ],
    ['offsets to lengths that are wrong', extended([0, first + 6], [first - 2, second]), 'PIXELS_CORRUPT table'],
  ] satisfies [string, Encapsulation, string][])('extended: %s', (_, options, expected) => {
    expect(read(options)).toBe(expected)
  })

  it('extended: lengths that leave out more padding than one byte end with the end marker', () => {
    const [one, two_] = marked(2) as [Uint8Array, Uint8Array]
    const long = join([one, new Uint8Array(7)])
    const length = (bytes: number): string =>
      refusal('jpeg-ls', 2, encapsulated([long, two_], extended([0, padded(long).length + 8], [bytes, second])))
    for (const bytes of [one.length, padded(long).length - 1, padded(long).length]) expect(length(bytes)).toBe('read')
    for (const bytes of [one.length - 1, one.length + 1, padded(long).length + 1]) {
      expect(length(bytes)).toBe('PIXELS_CORRUPT table')
    }
    const foreign = join([one, Uint8Array.of(0, 0, 0xff, 0, 0)])
    const offsets = [0, padded(foreign).length + 8]
    expect(refusal('jpeg-ls', 2, encapsulated([foreign, two_], extended(offsets, [one.length, second])))).toBe(
      'PIXELS_CORRUPT table',
    )
  })

  it('both may be there, each right', () => {
    const edits = { ...encapsulated(two, { table: 'extended' }), ...encapsulated(two, { table: 'basic' }) }
    expect(refusal('jpeg-ls', 2, edits)).toBe('read')
    const contrary = { ...encapsulated(two, { table: 'extended' }), ...encapsulated(two, { table: [0, 8] }) }
    expect(refusal('jpeg-ls', 2, contrary)).toBe('PIXELS_CORRUPT table')
  })

  it('of one frame may say anything', () => {
    const one = (table: Encapsulation['table']): string =>
      refusal('rle', 1, encapsulated([rle(pixels(0))], { split: halves, table: table! }))
    for (const table of [[0], [1], [8], [0, 28], [4096]]) expect(one(table)).toBe('read')
  })
})

describe('numbers of frames', () => {
  it.each(MARKED)('%s: one less, as many, one more than NumberOfFrames', (coding) => {
    for (const split of [undefined, halves]) {
      const edits = encapsulated(marked(3, coding), split ? { split } : {})
      expect([2, 3, 4].map((count) => refusal(coding, count, edits))).toEqual([
        'PIXELS_CORRUPT frames',
        'read',
        'PIXELS_CORRUPT frames',
      ])
    }
  })

  it('two frames in an object of one', () => {
    expect(refusal('jpeg-ls', 1, encapsulated(marked(2)))).toBe('PIXELS_CORRUPT frames')
    expect(refusal('jpeg-ls', 1, encapsulated(marked(2), { split: halves }))).toBe('PIXELS_CORRUPT frames')
  })

  it('RLE has no markers: a fragment is a frame, or all of them are one', () => {
    const three = [0, 1, 2].map((k) => rle(pixels(k)))
    expect(frames('rle', 3, encapsulated(three))).toEqual(three)
    expect(refusal('rle', 3, encapsulated(three, { split: halves }))).toBe('PIXELS_CORRUPT frames')
    expect(refusal('rle', 2, encapsulated(three))).toBe('PIXELS_CORRUPT frames')
    expect(refusal('rle', 4, encapsulated(three))).toBe('PIXELS_CORRUPT frames')
  })

  it('empty items are no fragments', () => {
    const empty = new Uint8Array(0)
    expect(refusal('jpeg-ls', 2, encapsulated(marked(2), { more: [empty, empty] }))).toBe('read')
    const leading = { split: (frame: Uint8Array) => [empty, padded(frame), empty] }
    expect(
      frames(
        'rle',
        2,
        encapsulated(
          [0, 1].map((k) => rle(pixels(k))),
          leading,
        ),
      ),
    ).toHaveLength(2)
  })

  it('an end marker within, or a start marker without an end before it, begins no frame', () => {
    const [frame] = marked(1) as [Uint8Array]
    const inside = join([frame.subarray(0, 20), Uint8Array.of(0xff, 0xd9, 0, 0), frame.subarray(20)])
    expect(frames('jpeg-ls', 1, encapsulated([inside], { split: (all) => cutAt(all, [24]) }))).toEqual([inside])
    const start = join([frame.subarray(0, 20), Uint8Array.of(0xff, 0xd8), frame.subarray(20)])
    expect(frames('jpeg-ls', 1, encapsulated([start], { split: (all) => cutAt(all, [20]) }))).toEqual([start])
  })
})

describe('as it is read', () => {
  const sources = (edits: Edits, uid = UID.rle) => [source(encodeFile(ctElements(0, edits), { uid }))]

  it('no fragment at all', async () => {
    expect(await code(sources(encapsulated([])), SINGLE)).toBe('PIXELS_MISSING')
    expect(await code(sources(encapsulated([], { noTable: true })), SINGLE)).toBe('PIXELS_MISSING')
    expect(await code(sources(encapsulated([], { more: [new Uint8Array(0)] })), SINGLE)).toBe('PIXELS_MISSING')
    expect(await code(sources({ 0x7fe00010: null }), SINGLE)).toBe('PIXELS_MISSING')
  })

  it('the first item is the table, whatever it holds', async () => {
    const bare = encapsulated([rle(pixels(0))], { noTable: true })
    const error = await failure(sources(bare), SINGLE)
    expect(error).toMatchObject({ code: 'PIXELS_CORRUPT', details: { kind: 'no-fragment', file: 'slice.dcm' } })
    const halved = encapsulated([rle(pixels(0))], { noTable: true, split: halves })
    expect(await code(sources(halved), SINGLE)).toBe('PIXELS_CORRUPT')
  })

  it('a fragment that says more than the file has, and one cut short', async () => {
    const file = encodeFile(ctElements(0, encapsulated([rle(pixels(0))])), { uid: UID.rle })
    expect(await failure([source(file.subarray(0, file.length - 10))], SINGLE)).toMatchObject({
      code: 'PARSE_FAILED',
      details: { kind: 'truncated' },
    })
    const short = encapsulated([rle(pixels(0))], { split: (frame) => [frame.subarray(0, frame.length - 20)] })
    const reading = readSeries(sources(short), SINGLE).then(valuesOf)
    await expect(reading).rejects.toMatchObject({ code: 'PIXELS_SHORT' })
  })

  it('a plain value under a compressed syntax, and fragments under a native one', async () => {
    for (const uid of Object.values(UID)) {
      const error = await failure(sources({}, uid), SINGLE)
      expect(error).toMatchObject({ code: 'PARSE_FAILED', details: { kind: 'structure', tag: '(7FE0,0010)' } })
      expect(error.message).toContain(uid)
    }
    const native = sources(encapsulated([rle(pixels(0))]), '1.2.840.10008.1.2.1')
    expect(await failure(native, SINGLE)).toMatchObject({ code: 'PARSE_FAILED', details: { kind: 'undelimited' } })
  })

  it('fragments of VR OW are fragments', async () => {
    const edits = encapsulated([rle(pixels(0))])
    const wide: Edits = { 0x7fe00010: { ...(edits[0x7fe00010] as Element), vr: 'OW' } }
    expect(await valuesOf(await readSeries(sources(wide), SINGLE))).toEqual([pixels(0)])
  })
})

describe('one frame of several', () => {
  const sizes = { 0x00280008: { vr: 'IS', value: '3' } }
  const words = [0, 1, 2].flatMap((k) => pixels(k))
  const located = (elements: Edits, uid: string, frame: number, count = 3): PixelWords | null => {
    const opened = openObject(
      encodeFile(ctElements(0, { ...sizes, ...elements }), { uid }),
      'many.dcm',
      DEFAULT_LIMITS,
    )!
    const set = DataSet.read(opened)
    return locatePixels(opened, set, readPixelFormat(set, DEFAULT_LIMITS, count), frame, count)
  }
  const codeOf = (run: () => unknown): string => {
    try {
      run()
    } catch (error) {
      return (error as AgatstonError).code
    }
    return 'read'
  }

  it('native: at frame x bytes, the length held against all of them', () => {
    const native = '1.2.840.10008.1.2.1'
    const offsets = [0, 1, 2].map((frame) => (located({ 0x7fe00010: words }, native, frame) as NativeWords).offset)
    expect(offsets.map((offset) => offset - offsets[0]!)).toEqual([0, 128, 256])
    expect(codeOf(() => located({ 0x7fe00010: words.slice(0, -1) }, native, 0))).toBe('PIXELS_SHORT')
    expect(codeOf(() => located({ 0x7fe00010: [...words, 0] }, native, 0))).toBe('read')
    expect(codeOf(() => located({ 0x7fe00010: [...words, 1] }, native, 0))).toBe('PARSE_FAILED')
    expect(codeOf(() => located({ 0x7fe00010: [...words, ...pixels(3)] }, native, 0))).toBe('PARSE_FAILED')
  })

  it('encapsulated: its own fragments', () => {
    const all = [0, 1, 2].map((k) => rle(pixels(k)))
    const lengths = [0, 1, 2].map((frame) => {
      const { fragments } = located(encapsulated(all), UID.rle, frame) as EncodedWords
      return fragments.map(({ length }) => length)
    })
    expect(lengths).toEqual(all.map(({ length }) => [length]))
    expect(codeOf(() => located(encapsulated(all.slice(1)), UID.rle, 0))).toBe('PIXELS_CORRUPT')
  })

  it('is asked for only where the object holds as many as the caller reads', () => {
    for (const count of [1, 2, 4])
      expect(codeOf(() => located({ 0x7fe00010: words }, UID.rle, 0, count))).toBe('PIXEL_FORMAT')
  })

  it('of many is found once, whichever is asked for', () => {
    const many = Array.from({ length: 4000 }, () => rle(pixels(0)))
    const opened = openObject(
      encodeFile(ctElements(0, encapsulated(many, { table: 'basic' })), { uid: UID.rle }),
      'many.dcm',
      DEFAULT_LIMITS,
    )!
    const frames = framesOf(opened, 'rle', 4000)
    for (let n = 0; n < 4000; n++) expect(framesOf(opened, 'rle', 4000)).toBe(frames)
  })
})
