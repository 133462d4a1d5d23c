import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { AgatstonError } from '../../bindings/base/errors.js'
import type { Decoder } from '../../bindings/codecs/decoder.js'
import { loadJpegLossless, readJpegLossless } from '../../bindings/codecs/jpeg-lossless.js'
import {
  type Coding,
  comb,
  complete,
  decodeLossless,
  dht,
  encodeLossless,
  encodeScan,
  flat,
  optimal,
  sof,
  sos,
} from '../reference/jpeg-lossless.js'
import { REFUSALS, chooser, decoded, firstDifference, outcome, picture, shapeOf } from './own.js'

let decoder: Decoder
beforeAll(async () => {
  decoder = await loadJpegLossless({})
})

const TABLES = {
  optimal,
  flat,
  comb,
  'comb, longest first': (frequencies: readonly number[]) => comb(frequencies, true),
  complete,
}
const coding = (rows: number, columns: number, changes: Partial<Coding> = {}): Coding => ({
  rows,
  columns,
  precision: 16,
  selection: 1,
  ...changes,
})
const bytesOf = (...parts: readonly (readonly number[])[]): Uint8Array => Uint8Array.from(parts.flat())
const SOI = [0xff, 0xd8]
const EOI = [0xff, 0xd9]

describe('frames of JPEG lossless', () => {
  const grid = [1, 2, 3, 4, 5, 6, 7].flatMap((selection) =>
    [2, 3, 8, 12, 15, 16].flatMap((precision) =>
      [0, 1].map((pointTransform) => [selection, precision, pointTransform]),
    ),
  ) as [number, number, number][]
  it.each(grid)('of predictor %i, precision %i, point transform %i', (selection, precision, pointTransform) => {
    for (const [rows, columns] of [
      [1, 1],
      [1, 2],
      [2, 1],
      [2, 2],
      [1, 9],
      [9, 1],
      [5, 3],
      [6, 17],
      [23, 31],
    ] as const) {
      // prettier-ignore
      for (const table of Object.values(TABLES)) {
        for (const interval of [0, columns, 2 * columns, rows * columns, 65535]) {
          if (interval % columns !== 0 && interval < rows * columns) continue
          const samples = picture(rows, columns, precision, selection * 100 + precision)
          const frame = encodeLossless(samples, coding(rows, columns, { selection, precision, pointTransform, interval, table })) // prettier-ignore
          const kept = samples.map((sample) => (sample >> pointTransform) << pointTransform)
          expect(firstDifference(decoded(decoder, frame, shapeOf(rows, columns)), kept)).toBe(-1)
        }
      }
    }
  })

  it('of any samples and any parameters, as the yardstick says too', () => {
    const cases = fc
      .record({
        rows: fc.integer({ min: 1, max: 24 }),
        columns: fc.integer({ min: 1, max: 40 }),
        precision: fc.integer({ min: 2, max: 16 }),
        selection: fc.integer({ min: 1, max: 7 }),
        transform: fc.integer({ min: 0, max: 15 }),
        restartRows: fc.integer({ min: 0, max: 12 }),
        table: fc.constantFrom(...Object.values(TABLES)),
        kind: fc.constantFrom('noise', 'ends', 'picture'),
        seed: fc.nat(),
      })
      .map(({ transform, restartRows, ...rest }) => ({
        ...rest,
        pointTransform: transform % rest.precision,
        interval: restartRows * rest.columns,
      }))
    fc.assert(
      fc.property(cases, ({ kind, seed, ...of }) => {
        const { rows, columns, precision, pointTransform } = of
        const choose = chooser(seed)
        const highest = 2 ** precision - 1
        const samples =
          kind === 'picture'
            ? picture(rows, columns, precision, seed)
            : Uint16Array.from({ length: rows * columns }, () =>
                kind === 'noise' ? choose(highest) : choose(1) * (choose(1) ? highest : 1 + (highest >> 1)),
              )
        const frame = encodeLossless(samples, of)
        const kept = samples.map((sample) => (sample >> pointTransform) << pointTransform)
        expect(firstDifference(decodeLossless(frame).samples, kept)).toBe(-1)
        expect(firstDifference(decoded(decoder, frame, shapeOf(rows, columns)), kept)).toBe(-1)
      }),
      { seed: 11, numRuns: 500 },
    )
  })

  it('of differences of category 16, which have no further bits', () => {
    const samples = Uint16Array.of(0, 32768, 0, 32768, 65535, 32767, 1, 32769)
    for (const table of Object.values(TABLES)) {
      const frame = encodeLossless(samples, coding(2, 4, { table }))
      expect(decoded(decoder, frame, shapeOf(2, 4))).toEqual(samples)
    }
  })

  it('say what they are', () => {
    const [frame, shape] = [encodeLossless(picture(4, 4, 12, 1), coding(4, 4, { precision: 12 })), shapeOf(4, 4)]
    const facts = { lossy: false, precision: 12, signed: null }
    expect(readJpegLossless(frame, shape)).toEqual(facts)
    expect(decoder.decode(frame, shape, new Uint16Array(16))).toEqual(facts)
    const transformed = encodeLossless(picture(4, 4, 12, 1), coding(4, 4, { precision: 12, pointTransform: 1 }))
    expect(readJpegLossless(transformed, shape)).toEqual({ ...facts, lossy: true })
  })

  it('leave nothing of the frame before, whatever became of it', () => {
    const of = coding(9, 11)
    const [words, shape] = [picture(9, 11, 16, 3), shapeOf(9, 11)]
    const [good, large] = [encodeLossless(words, of), picture(90, 110, 16, 4)]
    const big = encodeLossless(large, coding(90, 110, { selection: 6 }))
    const bad = [good.subarray(0, 70), good.subarray(0, 20), new Uint8Array(0), good.slice(2), good.map((b) => b ^ 1)]
    for (const frame of bad) {
      expect(firstDifference(decoded(decoder, big, shapeOf(90, 110)), large)).toBe(-1)
      expect(REFUSALS).toContain(outcome(() => decoded(decoder, frame, shape)))
      expect(decoded(decoder, good, shape)).toEqual(words)
    }
  })
})

describe('headers', () => {
  const of = coding(5, 6, { precision: 12, selection: 4 })
  const shape = shapeOf(5, 6, { bitsStored: 12 })
  const words = picture(5, 6, 12, 21)
  const { table, data } = encodeScan(words, of)
  const is = (frame: Uint8Array, as = shape): string =>
    outcome(() => expect(decoded(decoder, frame, as)).toEqual(words))
  const frame = bytesOf(SOI, dht(table), sof(of), sos(of), data, EOI)

  it('may hold other segments, tables defined again, tables of AC, fill bytes', () => {
    const other = dht(flat())
    const ac = dht(flat(), 0x11)
    const app = [0xff, 0xe5, 0, 6, 0xff, 0xd9, 0xff, 0xda]
    const comment = [0xff, 0xfe, 0, 2]
    const quantization = [0xff, 0xdb, 0, 67, ...Array<number>(65).fill(1)]
    const both = [0xff, 0xc4, 0, 2 + 2 * 17 + 17 + table.categories.length, 3, ...flat().counts, ...flat().categories, 0, ...table.counts, ...table.categories] // prettier-ignore
    expect(is(frame)).toBe('decoded')
    expect(is(bytesOf(SOI, app, comment, quantization, other, ac, dht(table), sof(of), comment, app, sos(of), data, EOI))).toBe('decoded') // prettier-ignore
    expect(is(bytesOf(SOI, both, sof(of), sos(of), data, EOI))).toBe('decoded')
    expect(is(bytesOf(SOI, sof(of), dht(table), [0xff, 0xff, 0xff], sos(of), data, [0xff, 0xff], EOI))).toBe('decoded')
    expect(is(bytesOf(SOI, dht(table), other, sof(of), sos(of), data, EOI))).not.toBe('decoded')
  })

  it('may be followed by padding of 00 and FF, and by nothing else', () => {
    for (const pad of [[0], [0xff], [0, 0, 0], [0xff, 0xff, 0], [0, 0xff]]) expect(is(bytesOf([...frame], pad))).toBe('decoded') // prettier-ignore
    for (const pad of [[1], [0, 1], [0xd9], EOI, SOI, [...frame]]) {
      expect(is(bytesOf([...frame], pad))).toBe('PIXELS_CORRUPT')
    }
  })

  it.each([
    ['no bytes', [], 'PIXELS_SHORT'],
    ['one byte', [0xff], 'PIXELS_SHORT'],
    ['SOI alone', SOI, 'PIXELS_SHORT'],
    ['no SOI', [...frame].slice(2), 'PIXELS_CORRUPT'],
    ['JPEG 2000', [0xff, 0x4f, 0xff, 0x51, 0, 4, 0, 0], 'PIXELS_CORRUPT'],
    ['no marker after SOI', [...SOI, 0, 1, 2, 3], 'PIXELS_CORRUPT'],
    ['an EOI at once', [...SOI, ...EOI], 'PIXELS_CORRUPT'],
    ['a restart marker in the header', [...SOI, 0xff, 0xd0, ...[...frame].slice(2)], 'PIXELS_CORRUPT'],
    ['an SOI in the header', [...SOI, ...frame], 'PIXELS_CORRUPT'],
    ['a stuffed byte in the header', [...SOI, 0xff, 0, ...[...frame].slice(2)], 'PIXELS_CORRUPT'],
    ['a reserved marker', [...SOI, 0xff, 0x02, 0, 2, ...[...frame].slice(2)], 'PIXELS_CORRUPT'],
    ['a segment of length 0', [...SOI, 0xff, 0xe0, 0, 0], 'PIXELS_CORRUPT'],
    ['a segment of length 1', [...SOI, 0xff, 0xe0, 0, 1, 0], 'PIXELS_CORRUPT'],
    ['a segment beyond the end', [...SOI, 0xff, 0xe0, 0, 3], 'PIXELS_SHORT'],
    ['a scan before its frame', [...SOI, ...dht(table), ...sos(of), ...data, ...EOI], 'PIXELS_CORRUPT'],
    [
      'two frame headers',
      [...SOI, ...dht(table), ...sof(of), ...sof(of), ...sos(of), ...data, ...EOI],
      'PIXELS_CORRUPT',
    ],
    ['no table', [...SOI, ...sof(of), ...sos(of), ...data, ...EOI], 'PIXELS_CORRUPT'],
    ['only a table of AC', [...SOI, ...dht(table, 0x10), ...sof(of), ...sos(of), ...data, ...EOI], 'PIXELS_CORRUPT'],
    ['another table', [...SOI, ...dht(table, 1), ...sof(of), ...sos(of), ...data, ...EOI], 'PIXELS_CORRUPT'],
    ['a table of number 4', [...SOI, ...dht(table, 4), ...sof(of), ...sos(of), ...data, ...EOI], 'PIXELS_CORRUPT'],
    ['a table of class 2', [...SOI, ...dht(table, 0x20), ...sof(of), ...sos(of), ...data, ...EOI], 'PIXELS_CORRUPT'],
    ['no EOI', [...frame].slice(0, -2), 'PIXELS_SHORT'],
    ['half an EOI', [...frame].slice(0, -1), 'PIXELS_SHORT'],
    ['no scan data', [...SOI, ...dht(table), ...sof(of), ...sos(of), ...EOI], 'PIXELS_SHORT'],
    ['two scans', [...frame.slice(0, -2), ...sos(of), ...data, ...EOI], 'PIXELS_CORRUPT'],
    ['a comment after the scan', [...frame.slice(0, -2), 0xff, 0xfe, 0, 2, ...EOI], 'PIXELS_CORRUPT'],
    ['DNL after the scan', [...frame.slice(0, -2), 0xff, 0xdc, 0, 4, 0, 5, ...EOI], 'PIXELS_CORRUPT'],
    ['DNL before the scan', [...SOI, 0xff, 0xdc, 0, 4, 0, 5, ...[...frame].slice(2)], 'PIXEL_FORMAT'],
  ])('%s', (_, bytes, code) => {
    expect(is(Uint8Array.from(bytes))).toBe(code)
  })

  it.each([0xc0, 0xc1, 0xc2, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf, 0xdc, 0xde, 0xdf, 0xf7])(
    'marker %i is of another process',
    (marker) => {
      const other = sof(of).with(1, marker)
      const bytes = bytesOf(SOI, dht(table), other, sos(of), data, EOI)
      expect(is(bytes)).toBe('PIXEL_FORMAT')
      expect(outcome(() => readJpegLossless(bytes, shape))).toBe('PIXEL_FORMAT')
    },
  )

  // Index into the segment: marker 0-1, length 2-3.
  it.each([
    ['precision 1', 'sof', 4, 1, 'PIXELS_CORRUPT'],
    ['precision 0', 'sof', 4, 0, 'PIXELS_CORRUPT'],
    ['precision 17', 'sof', 4, 17, 'PIXEL_FORMAT'],
    ['precision 255', 'sof', 4, 255, 'PIXEL_FORMAT'],
    ['a row less', 'sof', 6, 4, 'PIXELS_CORRUPT'],
    ['a row more', 'sof', 6, 6, 'PIXELS_CORRUPT'],
    ['256 rows more', 'sof', 5, 1, 'PIXELS_CORRUPT'],
    ['no rows', 'sof', 6, 0, 'PIXEL_FORMAT'],
    ['a column less', 'sof', 8, 5, 'PIXELS_CORRUPT'],
    ['a column more', 'sof', 8, 7, 'PIXELS_CORRUPT'],
    ['no components', 'sof', 9, 0, 'PIXEL_FORMAT'],
    ['3 components', 'sof', 9, 3, 'PIXEL_FORMAT'],
    ['another component', 'sof', 10, 2, 'PIXELS_CORRUPT'],
    ['sampling 0', 'sof', 11, 0x01, 'PIXELS_CORRUPT'],
    ['sampling 5', 'sof', 11, 0x15, 'PIXELS_CORRUPT'],
    ['sampling 2', 'sof', 11, 0x22, 'decoded'],
    ['no component in the scan', 'sos', 4, 0, 'PIXELS_CORRUPT'],
    ['2 components in the scan', 'sos', 4, 2, 'PIXELS_CORRUPT'],
    ['another component in the scan', 'sos', 5, 0, 'PIXELS_CORRUPT'],
    ['table 1', 'sos', 6, 0x10, 'PIXELS_CORRUPT'],
    ['table 15', 'sos', 6, 0xf0, 'PIXELS_CORRUPT'],
    ['another table for AC', 'sos', 6, 0x01, 'decoded'],
    ['predictor 0', 'sos', 7, 0, 'PIXELS_CORRUPT'],
    ['predictor 8', 'sos', 7, 8, 'PIXELS_CORRUPT'],
    ['an end of spectral selection', 'sos', 8, 63, 'PIXELS_CORRUPT'],
    ['a successive approximation', 'sos', 9, 0x10, 'PIXELS_CORRUPT'],
    ['a point transform of the precision', 'sos', 9, 12, 'PIXELS_CORRUPT'],
  ] as const)('%s', (_, where, index, value, code) => {
    const [a, b] = [where === 'sof' ? sof(of).with(index, value) : sof(of), where === 'sos' ? sos(of).with(index, value) : sos(of)] // prettier-ignore
    const bytes = bytesOf(SOI, dht(table), a, b, data, EOI)
    expect(is(bytes)).toBe(code)
    expect(outcome(() => readJpegLossless(bytes, shape))).toBe(code)
  })

  it('with a segment a byte shorter or longer than its content', () => {
    for (const [part, name] of [
      [sof(of), 'sof'],
      [sos(of), 'sos'],
      [dht(table), 'dht'],
    ] as const) {
      // prettier-ignore
      for (const by of [-1, 1]) {
        const changed = by < 0 ? part.slice(0, by) : [...part, 0]
        changed[3]! += by
        const bytes = bytesOf(SOI, name === 'dht' ? changed : dht(table), name === 'sof' ? changed : sof(of), name === 'sos' ? changed : sos(of), data, EOI) // prettier-ignore
        expect(is(bytes), name).toBe('PIXELS_CORRUPT')
      }
    }
  })

  it('hold the precision against the header', () => {
    const stated = (bitsAllocated: 8 | 16, bitsStored: number, signed: boolean): string =>
      outcome(() => readJpegLossless(frame, shapeOf(5, 6, { bitsAllocated, bitsStored, signed })))
    for (const signed of [false, true]) {
      for (const bitsStored of [2, 11, 12]) expect(stated(16, bitsStored, signed)).toBe('decoded')
      expect(stated(8, 8, signed)).toBe('PIXELS_CORRUPT')
    }
    // 12 bits of 13: the sign bit is not among them.
    expect([stated(16, 13, false), stated(16, 13, true)]).toEqual(['decoded', 'PIXELS_CORRUPT'])
    expect([stated(16, 16, false), stated(16, 16, true)]).toEqual(['decoded', 'PIXELS_CORRUPT'])
  })
})

describe('Huffman tables', () => {
  const of = coding(3, 5)
  const words = picture(3, 5, 16, 2)
  const { table, data } = encodeScan(words, { ...of, table: comb })
  const is = (counts: readonly number[], categories: readonly number[]): string =>
    outcome(() => {
      const bytes = bytesOf(SOI, dht({ counts, categories }), sof(of), sos(of), data, EOI)
      expect(decoded(decoder, bytes, shapeOf(3, 5))).toEqual(words)
    })
  const counts = (...of: readonly [length: number, count: number][]): number[] =>
    of.reduce((all, [length, count]) => all.with(length - 1, count), Array<number>(16).fill(0))
  const categories = (count: number): number[] => [...Array(count).keys()]

  it('are checked: more codes than bits, empty, categories above 16 or twice', () => {
    expect(is(table.counts, table.categories)).toBe('decoded')
    expect(is(counts([1, 2]), [0, 1])).not.toBe('PIXELS_SHORT') // complete, and another code
    expect(is(counts([1, 3]), [0, 1, 2])).toBe('PIXELS_CORRUPT')
    expect(is(counts([1, 1], [2, 3]), [0, 1, 2, 3])).toBe('PIXELS_CORRUPT')
    expect(is(counts([1, 2], [16, 1]), [0, 1, 2])).toBe('PIXELS_CORRUPT')
    expect(is(counts(), [])).toBe('PIXELS_CORRUPT')
    expect(is(counts([5, 17]), categories(17).with(3, 17))).toBe('PIXELS_CORRUPT')
    expect(is(counts([5, 17]), categories(17).with(3, 4))).toBe('PIXELS_CORRUPT')
    expect(is(counts([5, 18]), categories(18))).toBe('PIXELS_CORRUPT')
    expect(is(counts([8, 255]), categories(255))).toBe('PIXELS_CORRUPT')
  })

  it('of one code', () => {
    const level = new Uint16Array(15).fill(32768)
    const frame = encodeLossless(level, of)
    expect(decodeLossless(frame).samples).toEqual(level)
    expect(decoded(decoder, frame, shapeOf(3, 5))).toEqual(level)
  })

  it('without the code that is met', () => {
    // One code, 0; the data begins with ones.
    const bytes = bytesOf(SOI, dht({ counts: counts([1, 1]), categories: [0] }), sof(of), sos(of), [0x7f, 0x7f, 0x7f, 0x7f], EOI) // prettier-ignore
    expect(outcome(() => decoded(decoder, bytes, shapeOf(3, 5)))).toBe('PIXELS_CORRUPT')
    const long = bytesOf(SOI, dht({ counts: counts([1, 1], [16, 1]), categories: [0, 16] }), sof(of), sos(of), [0xfe, 0xfe, 0xfe, 0xfe], EOI) // prettier-ignore
    expect(outcome(() => decoded(decoder, long, shapeOf(3, 5)))).toBe('PIXELS_CORRUPT')
  })
})

describe('scans', () => {
  const zeros = { counts: [1, ...Array<number>(15).fill(0)], categories: [0] }
  /** One bit a sample; all samples are 8. */
  const level = (rows: number, columns: number, data: readonly number[], precision = 4): string => {
    const of = coding(rows, columns, { precision })
    return outcome(() => {
      const words = decoded(decoder, bytesOf(SOI, dht(zeros), sof(of), sos(of), data, EOI), shapeOf(rows, columns))
      expect(words.every((word) => word === 2 ** (precision - 1))).toBe(true)
    })
  }

  it('must have the bits of all samples, and less than a byte of ones more', () => {
    expect(level(1, 5, [0b00000111])).toBe('decoded')
    expect(level(1, 8, [0])).toBe('decoded')
    expect(level(1, 9, [0])).toBe('PIXELS_SHORT')
    expect(level(1, 9, [0, 0x7f])).toBe('decoded')
    expect(level(1, 8, [0, 0x7f])).toBe('PIXELS_CORRUPT')
    expect(level(1, 8, [0, 0xff, 0])).toBe('PIXELS_CORRUPT')
    expect(level(1, 7, [0])).toBe('PIXELS_CORRUPT')
    expect(level(1, 5, [0b00000110])).toBe('PIXELS_CORRUPT')
    expect(level(1, 5, [0b00000011])).toBe('PIXELS_CORRUPT')
    expect(level(8, 8, Array<number>(8).fill(0))).toBe('decoded')
    expect(level(8, 8, Array<number>(7).fill(0))).toBe('PIXELS_SHORT')
    expect(level(8, 8, Array<number>(9).fill(0))).toBe('PIXELS_CORRUPT')
  })

  it('may not give a sample of more bits than the precision', () => {
    const of = coding(1, 2, { precision: 4, table: flat })
    const { data } = encodeScan(Uint16Array.of(8, 16), of)
    const bytes = bytesOf(SOI, dht(flat()), sof(of), sos(of), data, EOI)
    expect(outcome(() => decoded(decoder, bytes, shapeOf(1, 2)))).toBe('PIXELS_CORRUPT')
    const wider = bytesOf(SOI, dht(flat()), sof({ ...of, precision: 5 }), sos(of), data, EOI)
    expect(decoded(decoder, wider, shapeOf(1, 2))).toEqual(Uint16Array.of(16, 24))
  })

  const [rows, columns] = [20, 7]
  const words = picture(rows, columns, 16, 9)
  const of = coding(rows, columns, { interval: columns, selection: 5 })
  const shape = shapeOf(rows, columns)
  const { table, data } = encodeScan(words, of)
  const restart = (interval: number): number[] => [0xff, 0xdd, 0, 4, interval >> 8, interval & 255]
  const is = (bits: readonly number[], interval = columns): string =>
    outcome(() => {
      const bytes = bytesOf(SOI, dht(table), sof(of), interval ? restart(interval) : [], sos(of), bits, EOI)
      expect(decoded(decoder, bytes, shape)).toEqual(words)
    })
  const markers = data.flatMap((byte, i) => (byte === 0xff && data[i + 1] !== 0 ? [i] : []))

  it('have their restart markers in turn', () => {
    expect([is(data), markers.length]).toEqual(['decoded', rows - 1])
    for (const [k, at] of markers.entries()) {
      for (const other of [0, 1, 2, 3, 4, 5, 6, 7].filter((n) => n !== k % 8)) {
        expect(is(data.with(at + 1, 0xd0 + other))).toBe('PIXELS_CORRUPT')
      }
      expect(is(data.toSpliced(at, 2))).not.toBe('decoded')
      expect(is(data.toSpliced(at, 0, ...data.slice(at, at + 2)))).not.toBe('decoded')
      expect(is(data.toSpliced(at, 0, 0xff, 0xff))).toBe('decoded') // fill bytes
      for (const marker of [0xd8, 0xd9, 0xda, 0xc4, 0x01, 0xfe])
        expect(is(data.with(at + 1, marker))).not.toBe('decoded')
    }
    expect(is([...data, 0xff, 0xd0 + ((rows - 1) % 8)])).toBe('PIXELS_CORRUPT')
    expect(is(data.slice(0, markers.at(-1)))).toBe('PIXELS_SHORT')
    expect(is(data.slice(0, markers.at(-1)! + 2))).toBe('PIXELS_SHORT')
  })

  it.each([1, columns - 1, columns + 1, 2 * columns - 1, rows * columns - 1])('no interval of %i', (interval) => {
    expect(is(data, interval)).toBe('PIXELS_CORRUPT')
  })

  it('without the interval they were made with', () => {
    for (const interval of [0, rows * columns, rows * columns + 1, 65535]) {
      expect(is(data, interval)).toBe('PIXELS_CORRUPT')
    }
    expect(is(data, 2 * columns)).toBe('PIXELS_SHORT')
  })

  it('of one column may restart at every sample', () => {
    const narrow = coding(30, 1, { interval: 1, selection: 7 })
    const samples = picture(30, 1, 16, 4)
    expect(decoded(decoder, encodeLossless(samples, narrow), shapeOf(30, 1))).toEqual(samples)
  })
})

describe('damage', () => {
  const codings = [
    coding(14, 17, { selection: 6 }),
    coding(14, 17, { precision: 12, selection: 1, interval: 34, table: flat }),
    coding(14, 17, { precision: 8, selection: 7, table: (f) => comb(f, true) }),
  ]
  const frames = codings.map((of) => [encodeLossless(picture(14, 17, of.precision, 5), of), of] as const)
  const shape = shapeOf(14, 17)

  it('cut at every byte, a frame is refused, by its header alone', () => {
    for (const [frame] of frames) {
      for (let length = 0; length < frame.length; length++) {
        const cut = frame.subarray(0, length)
        expect(outcome(() => decoded(decoder, cut, shape))).toBe('PIXELS_SHORT')
        expect(outcome(() => readJpegLossless(cut, shape))).toBe('PIXELS_SHORT')
      }
    }
  })

  it('with bytes missing before its EOI, a frame is refused', () => {
    for (const [frame] of frames) {
      for (let length = 60; length < frame.length - 2; length++) {
        const cut = bytesOf([...frame.subarray(0, length)], EOI)
        expect([length, outcome(() => decoded(decoder, cut, shape))]).not.toEqual([length, 'decoded'])
      }
    }
  })

  it('with any bit of the header turned over: the same words, other facts, or a refusal', () => {
    for (const [frame, of] of frames) {
      const words = picture(14, 17, of.precision, 5)
      const end = frame.indexOf(0xda) + 9
      let undetected = 0
      for (let bit = 0; bit < end * 8; bit++) {
        const flipped = frame.slice()
        flipped[bit >> 3]! ^= 0x80 >> (bit & 7)
        const code = outcome(() => {
          if (firstDifference(decoded(decoder, flipped, shape), words) !== -1) undetected++
        })
        expect([...REFUSALS, 'decoded']).toContain(code)
      }
      // What is left: bits that say another predictor, precision or table, all of which may be meant.
      expect(undetected).toBeLessThan(16)
    }
  })

  it('with any bit of the scan turned over: words or a refusal, never anything else', () => {
    for (const [frame] of frames) {
      for (let bit = 60 * 8; bit < frame.length * 8; bit++) {
        const flipped = frame.slice()
        flipped[bit >> 3]! ^= 0x80 >> (bit & 7)
        expect([...REFUSALS, 'decoded']).toContain(outcome(() => decoded(decoder, flipped, shape)))
      }
    }
  })

  it('at random, in the scan and anywhere: words or a refusal', () => {
    const [frame] = frames[1]!
    const start = frame.indexOf(0xda) + 9
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, headed) => {
        const made = headed ? bytesOf([...frame.subarray(0, start)], [...bytes], EOI) : bytes
        expect([...REFUSALS, 'decoded']).toContain(outcome(() => decoded(decoder, made, shape)))
      }),
      { seed: 12, numRuns: 3000 },
    )
  })

  it('a frame beyond the limit of 256 MiB', () => {
    const side = 11600
    const [of, level] = [coding(side, side), coding(1, 1)]
    const { table, data } = encodeScan([0], level)
    const frame = bytesOf(SOI, dht(table), sof(of), sos(of), data, EOI)
    const into = new Uint16Array(side * side)
    expect(outcome(() => decoder.decode(frame, shapeOf(side, side), into))).toBe('LIMIT_EXCEEDED')
  })
})

it('calls that are wrong are no refusals of the frame', () => {
  const frame = encodeLossless(Uint16Array.of(1, 2, 3, 4), coding(1, 4))
  expect(() => decoder.decode('frame' as never, shapeOf(1, 4), new Uint16Array(4))).toThrow(TypeError)
  expect(() => decoder.decode(frame, shapeOf(1, 4), new Uint8Array(4) as never)).toThrow(TypeError)
  for (const length of [3, 5]) {
    expect(() => decoder.decode(frame, shapeOf(1, 4), new Uint16Array(length))).toThrow(RangeError)
  }
  for (const side of [0, 1.5, 65536]) expect(() => readJpegLossless(frame, shapeOf(side, 4))).toThrow(RangeError)
})

it('an error tells file, place and what to do', () => {
  // One bit a sample, a byte a row; the third is missing.
  const of = coding(3, 8)
  const table = { counts: [1, ...Array<number>(15).fill(0)], categories: [0] }
  const cut = bytesOf(SOI, dht(table), sof(of), sos(of), [0, 0], EOI)
  try {
    decoded(decoder, cut, shapeOf(3, 8))
    expect.unreachable()
  } catch (error) {
    const { code, message, details } = error as AgatstonError
    expect(code).toBe('PIXELS_SHORT')
    expect(message).toBe(
      'frame.dcm: the JPEG Lossless frame ends early: its scan has no data left in row 3 of 3. Fetch the image again from the archive or the scanner',
    )
    expect(details).toEqual({ file: 'frame.dcm', coding: 'JPEG Lossless', row: 2, rows: 3 })
  }
})
