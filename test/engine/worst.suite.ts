/**
 * Worst cases for memory and for disjoint sets: the most runs a slice can hold, the longest thin pieces, the largest slices.
 * Counts are known in closed form; up to half a thousand columns the reference is asked as well.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { AgatstonError } from '../../bindings/base/errors.js'
import type { Instance } from '../../bindings/engine/instance.js'
import { Scanner } from '../../bindings/engine/scan.js'
import { PIECE_BYTES } from '../../bindings/engine/wasm.generated.js'
import { edgesOf } from '../../bindings/score/edges.js'
import { newPixels, shapeMasks } from '../paint.js'
import type { Platform } from '../platforms.js'
import { reference } from '../reference/score.js'
import { custom } from '../vectors/standards.js'
import { type KernelInput, type KernelPiece, expectedPieces, pairsOf, readRecords, scanVolume } from './slices.js'

const EIGHT = custom('eight', { minimum: { by: 'none' } })
const FOUR = custom('four', { minimum: { by: 'none' }, connectivity: 4 })
const MOVED = { slope: 1, intercept: 0, padding: null }

type Fill = (row: number, column: number) => number
const checkerboard: Fill = (row, column) => ((row + column) % 2 === 0 ? 130 : 129)

const answers = new Map<string, KernelPiece[]>()

export function worstSuite(platform: Platform): void {
  describe(`worst cases (${platform.name})`, () => {
    let instance: Instance
    beforeAll(async () => {
      instance = await platform.instance()
    })

    /** Scan one int16 slice in a fresh layout; `label` cuts runs. */
    function scanFilled(rows: number, columns: number, connectivity: 4 | 8, fill: Fill, label?: Fill) {
      const shape = { rows, columns, pixelKind: 'int16', labelled: label !== undefined } as const
      const scanner = new Scanner(instance, shape, edgesOf(EIGHT), connectivity)
      const { pixels, labels } = scanner
      for (let row = 0, i = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++, i++) {
          pixels[i] = fill(row, column)
          if (label) labels[i] = label(row, column)
        }
      }
      return { scanner, found: scanner.scan(0, MOVED) }
    }

    const sizes = [
      [512, 512],
      [511, 513],
      [4096, 1],
      [1, 4096],
      [4095, 3],
      [3, 4095],
    ] as const

    it.each(sizes)('%i x %i: the checkerboard reaches the stated bound of runs', (rows, columns) => {
      const calcified = Math.ceil((rows * columns) / 2)
      for (const connectivity of [4, 8] as const) {
        const { found } = scanFilled(rows, columns, connectivity, checkerboard)
        expect(found.runs).toBe(calcified)
        const joined = rows > 1 && columns > 1 && connectivity === 8
        expect(found.pieces).toBe(joined ? 1 : calcified)
      }
      // Phase by row: each row begins with a calcified pixel, which is the bound itself.
      const { found } = scanFilled(rows, columns, 4, (_, column) => (column % 2 === 0 ? 130 : 0))
      expect(found.runs).toBe(rows * Math.ceil(columns / 2))
      expect(found.runs).toBe(instance.call('runBound'))
      expect(found.pieces).toBe(Math.ceil(columns / 2))
    })

    it.each(sizes)('%i x %i: labels that change at every pixel make rows x columns runs', (rows, columns) => {
      for (const connectivity of [4, 8] as const) {
        const { scanner, found } = scanFilled(rows, columns, connectivity, () => 130, (row, column) => 1 + ((row + column) % 2)) // prettier-ignore
        expect(found.runs).toBe(rows * columns)
        expect(found.runs).toBe(instance.call('runBound'))
        const thin = rows === 1 || columns === 1
        expect(found.pieces).toBe(connectivity === 4 || thin ? rows * columns : 2)
        // All touch: the links that were kept make one lesion, without one too many.
        expect(pairsOf(scanner.touching(found)).length).toBe(found.pieces - 1)
      }
    })

    it.each(sizes)('%i x %i: all calcified is one piece of one run a row, none is nothing', (rows, columns) => {
      const { scanner, found } = scanFilled(rows, columns, 8, () => 32767)
      expect([found.runs, found.pieces]).toEqual([rows, 1])
      expect(readRecords(scanner.records(found), found, 0, 'int16')[0]).toEqual({
        slice: 0,
        territory: 0,
        lesion: -1,
        pixels: rows * columns,
        peak: 32767,
        sum: rows * columns * 32767,
        bins: [0, 0, 0, rows * columns],
        box: [0, 0, rows - 1, columns - 1],
        sumRow: (columns * rows * (rows - 1)) / 2,
        sumColumn: (rows * columns * (columns - 1)) / 2,
      })
      expect(scanFilled(rows, columns, 8, () => 129).found).toMatchObject({ runs: 0, pieces: 0 })
    })

    it('combs, spirals, rings and stripes equal the reference', () => {
      for (const [rows, columns] of [[129, 131], [66, 200]] as const) {
        for (const [n, { name, data }] of shapeMasks(columns, rows).entries()) {
          const standard = n % 2 ? FOUR : EIGHT
          const kind = (['int16', 'uint16', 'float32'] as const)[n % 3]!
          const pixels = newPixels(kind, data.length)
          for (const [i, on] of data.entries()) pixels[i] = on ? 130 + (i % 300) : i % 130
          const scan = { rows, columns, slices: 1, pixelSpacingMm: [1, 1], incrementMm: 3 } as const
          const input: KernelInput = { ...scan, kind, standard, pixels, rescale: () => MOVED }
          const key = `${name} ${standard.id}`
          if (!answers.has(key)) answers.set(key, expectedPieces(reference(input, standard).pieces))
          expect(scanVolume(instance, input, 0xaa, [0xff, 0x7f]), key).toEqual(answers.get(key))
        }
      } // prettier-ignore
    })

    it('links two checkerboards of one phase pixel by pixel, of opposite phases nowhere', () => {
      for (const [rows, columns] of [[129, 131], [1, 4096], [512, 512]] as const) {
        const { scanner, found } = scanFilled(rows, columns, 4, checkerboard)
        const same = scanner.scan(1, MOVED)
        expect(pairsOf(scanner.linked(found, same))).toEqual(Array.from({ length: found.pieces }, (_, n) => [n, n]))
        for (let i = 0; i < rows * columns; i++) scanner.pixels[i] = scanner.pixels[i] === 130 ? 129 : 130
        const other = scanner.scan(1, MOVED)
        expect(scanner.linked(found, other).length).toBe(0)
        // One slab across all of them joins them all, and no link is kept that follows from others.
        scanner.pixels.fill(130)
        const slab = scanner.scan(1, MOVED)
        expect(pairsOf(scanner.linked(found, slab)).length).toBe(found.pieces)
      } // prettier-ignore
    })

    it('4096 x 4096, once: the bound holds, the counts are exact, the last pixel is read', { timeout: 60_000 }, () => {
      const size = 4096
      const { scanner, found } = scanFilled(size, size, 4, checkerboard)
      expect(instance.memory.buffer.byteLength).toBeLessThan(3 * 2 ** 30)
      expect([found.runs, found.pieces]).toEqual([size * (size / 2), size * (size / 2)])
      expect(found.runs).toBe(instance.call('runBound'))
      const records = scanner.records(found)
      const last = readRecords(
        records.subarray((found.pieces - 1) * PIECE_BYTES),
        { ...found, pieces: 1 },
        0,
        'int16',
      )[0]
      expect(last).toMatchObject({ pixels: 1, peak: 130, box: [4095, 4095, 4095, 4095], sumRow: 4095, sumColumn: 4095 })
      const again = scanner.scan(1, MOVED)
      expect(scanner.linked(found, again).length).toBe(2 * found.pieces)
      // Everything at the highest value: the largest sums there are.
      scanner.pixels.fill(32767)
      const all = scanner.scan(0, MOVED)
      expect(readRecords(scanner.records(all), all, 0, 'int16')[0]).toMatchObject({
        pixels: size * size,
        sum: size * size * 32767,
        sumRow: (size * size * (size - 1)) / 2,
        sumColumn: (size * size * (size - 1)) / 2,
      })
    })
  })

  describe(`layout (${platform.name})`, () => {
    /** The sum stated in assembly/layout.ts, again from its words. */
    function layoutBytes(rows: number, columns: number, pixelBytes: number, labelled: boolean): number {
      const align = (n: number): number => Math.ceil(n / 64) * 64
      const runs = labelled ? rows * columns : rows * Math.ceil(columns / 2)
      const slot = align(runs * 8) + align(runs * 4)
      const parts = [(rows * columns + 64) * pixelBytes, labelled ? rows * columns + 64 : 0, slot, slot]
      const words = Math.floor((rows * (columns + 1)) / 64) + 3 // of places, the one after the last end, an empty one
      parts.push(runs * 4, runs * 64, runs * 8, runs * 16, 2 * (65 + words) * 32)
      return parts.reduce((at, bytes) => at + align(bytes), 1024)
    }

    it('takes the bytes it states, for every side', async () => {
      const instance = await platform.instance()
      const most = { bytes: 0, what: '' }
      for (let n = 1; n <= 4096; n++) {
        for (const [rows, columns] of [[n, n], [n, 4096], [4096, n], [1, n], [n, 4097 - n]] as const) {
          for (const pixelBytes of [2, 4]) {
            for (const labelled of [false, true]) {
              const bytes = instance.call('open', rows, columns, pixelBytes, Number(labelled))
              const what = `${rows} x ${columns}, ${pixelBytes} bytes, labels ${labelled}`
              if (bytes !== layoutBytes(rows, columns, pixelBytes, labelled)) {
                expect(bytes, what).toBe(layoutBytes(rows, columns, pixelBytes, labelled))
              }
              if (bytes > most.bytes) Object.assign(most, { bytes, what })
            }
          }
        }
      } // prettier-ignore
      expect(most).toEqual({ bytes: 2_046_830_144, what: '4096 x 4096, 4 bytes, labels true' })
      expect(most.bytes).toBeLessThan(3 * 2 ** 30)
    })

    it('keeps its arrays apart, in order, each as long as its bound', async () => {
      const instance = await platform.instance()
      for (const [rows, columns] of [[1, 1], [1, 64], [3, 127], [70, 70], [512, 512], [4096, 1], [4096, 4096]] as const) {
        for (const [pixelBytes, labelled] of [[2, false], [4, false], [2, true], [4, true]] as const) {
          const end = instance.call('open', rows, columns, pixelBytes, Number(labelled))
          const runs = instance.call('runBound')
          const at = (name: 'edgesAt' | 'runPiecesAt', slot: number): number => instance.call(name, slot)
          const parts: [number, number][] = [[instance.call('windowAt'), (rows * columns + 64) * pixelBytes]]
          if (labelled) parts.push([instance.call('labelsAt'), rows * columns + 64])
          for (const slot of [0, 1]) {
            parts.push([at('edgesAt', slot), runs * 8], [at('runPiecesAt', slot), runs * 4])
          }
          parts.push([instance.call('piecesAt'), runs * PIECE_BYTES], [instance.call('pairsAt'), runs * 16], [end, 0])
          for (const [n, [start, bytes]] of parts.slice(0, -1).entries()) {
            expect(start % 64, `part ${n}`).toBe(0)
            expect(start + bytes, `part ${n} of ${rows} x ${columns}`).toBeLessThanOrEqual(parts[n + 1]![0])
          }
        }
      } // prettier-ignore
    })

    it('refuses shapes beyond its limits, and takes the ones at them', async () => {
      const instance = await platform.instance()
      for (const [rows, columns] of [[0, 1], [1, 0], [0, 0], [4097, 1], [1, 4097], [4097, 4097], [-1, 1], [1, -1], [65536, 65536]] as const) {
        expect(instance.call('open', rows, columns, 2, 0), `${rows} x ${columns}`).toBe(0)
        expect(() => instance.open(rows, columns, 2, false)).toThrow(AgatstonError)
        expect(() => instance.open(rows, columns, 2, false)).toThrow(/4096 x 4096/)
      } // prettier-ignore
      for (const pixelBytes of [0, 1, 3, 5, 8]) expect(instance.call('open', 4, 4, pixelBytes, 0)).toBe(0)
      expect(instance.usable).toBe(true)
      instance.open(4096, 1, 2, false)
      instance.open(1, 4096, 4, true)
    })

    it('grows memory once for a shape and not again for a smaller one', async () => {
      const instance = await platform.instance()
      instance.open(512, 512, 2, false)
      const bytes = instance.memory.buffer.byteLength
      expect(bytes).toBe(Math.ceil(layoutBytes(512, 512, 2, false) / 65536) * 65536)
      instance.open(64, 64, 4, true)
      instance.open(512, 512, 2, false)
      expect(instance.memory.buffer.byteLength).toBe(bytes)
    })
  })
}
