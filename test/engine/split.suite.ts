/**
 * Pieces of 8 neighbours split into those of 4, against the same slice labelled by 4 neighbours: whole by whole and byte for byte. What
 * does not fall apart must already have the record that labelling by 4 neighbours gives it.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Instance } from '../../bindings/engine/instance.js'
import type { Moved } from '../../bindings/engine/ladder.js'
import { Scanner } from '../../bindings/engine/scan.js'
import { PIECE_BYTES } from '../../bindings/engine/wasm.generated.js'
import { edgesOf } from '../../bindings/score/edges.js'
import { newPixels, random, shapeMasks } from '../paint.js'
import type { Platform } from '../platforms.js'
import { custom } from '../vectors/standards.js'
import { kernelInput } from './kernel.suite.js'
import { type KernelInput, POISONS, hostileLabels } from './slices.js'

const EIGHT = custom('eight', { minimum: { by: 'none' } })

export function splitSuite(platform: Platform): void {
  describe(`pieces split (${platform.name})`, () => {
    let instance: Instance
    beforeAll(async () => {
      instance = await platform.instance()
    })

    /** Split each slice and compare; how many parts there were, and how many pieces that did not fall apart. */
    function check(input: KernelInput, poison: number): readonly [parts: number, wholes: number] {
      const { rows, columns, slices, kind, labels, standard } = input
      const shape = { rows, columns, pixelKind: kind, labelled: labels !== undefined }
      instance.open(rows, columns, kind === 'float32' ? 4 : 2, shape.labelled)
      new Uint8Array(instance.memory.buffer).fill(poison)
      const edges = edgesOf(standard)
      const scanner = new Scanner(instance, shape, edges, 8)
      const size = rows * columns
      let [allParts, allWholes] = [0, 0]
      for (let k = 0; k < slices; k++) {
        scanner.pixels.set(input.pixels.subarray(k * size, (k + 1) * size))
        if (labels) scanner.labels.set(labels.subarray(k * size, (k + 1) * size))
        const moved: Moved = { ...input.rescale(k), padding: input.padding?.(k) ?? null }
        const found = scanner.scan(k % 2 === 0 ? 0 : 1, moved)
        const whole = { ...scanner.copyRuns(found), records: scanner.records(found).slice() }
        const parts = scanner.split(found)
        const records = scanner.records({ pieces: parts, ladder: found.ladder }).slice()
        const wholes = [...scanner.window.pairs(parts).subarray(0, parts)]
        // The next slice is linked with this one's runs.
        expect(scanner.copyRuns(found)).toEqual({ edges: whole.edges, pieces: whole.pieces })

        const four = scanner.scanAgain(found.slot === 0 ? 1 : 0, moved, edges, 4)
        const wholeOf = new Map<number, number>()
        scanner.copyRuns(four).pieces.forEach((piece, run) => wholeOf.set(piece, whole.pieces[run]!))
        const partsOf = new Map<number, number>()
        for (const n of wholeOf.values()) partsOf.set(n, (partsOf.get(n) ?? 0) + 1)
        const expected = scanner.records(four).slice()
        const recordOf = (bytes: Uint8Array, n: number) => bytes.subarray(n * PIECE_BYTES, (n + 1) * PIECE_BYTES)
        const expectedWholes: number[] = []
        for (const [piece, n] of wholeOf) {
          const got = partsOf.get(n) === 1 ? recordOf(whole.records, n) : recordOf(records, expectedWholes.length)
          if (partsOf.get(n) !== 1) expectedWholes.push(n)
          const wanted = recordOf(expected, piece)
          if (!got.every((byte, at) => byte === wanted[at]))
            expect([...got], `piece ${piece} of ${n}`).toEqual([...wanted])
        }
        expect(wholes).toEqual(expectedWholes)
        allParts += parts
        allWholes += wholeOf.size - parts
      }
      return [allParts, allWholes]
    }

    it.each([1, 2, 3, 5, 8])('every width 1 to 70, height %i', (rows) => {
      let [parts, wholes] = [0, 0]
      for (let columns = 1; columns <= 70; columns++) {
        for (let n = 0; n < 2; n++) {
          const seed = 400_000 * rows + 100 * columns + n
          const sums = check(kernelInput(seed, rows, columns), POISONS[seed % POISONS.length]!)
          parts += sums[0]
          wholes += sums[1]
        }
      }
      if (rows > 1) expect(parts).toBeGreaterThan(100)
      else expect(parts).toBe(0)
      expect(wholes).toBeGreaterThan(100)
    })

    it.each([
      [65, 127],
      [128, 64],
      [40, 41],
    ])('checkerboards, diagonals, combs, spirals and rings, bare and under labels: %i x %i', (rows, columns) => {
      const from = random(rows)
      for (const [n, { data }] of shapeMasks(columns, rows).entries()) {
        const kind = (['int16', 'uint16', 'float32'] as const)[n % 3]!
        const pixels = newPixels(kind, data.length)
        for (const [i, on] of data.entries()) pixels[i] = on ? 130 + (i % 300) : i % 130
        const scan = { rows, columns, slices: 1, pixelSpacingMm: [1, 1], incrementMm: 3 } as const
        const input: KernelInput = {
          ...scan,
          kind,
          standard: EIGHT,
          pixels,
          rescale: () => ({ slope: 1, intercept: 0 }),
        }
        check(input, 0xaa)
        check({ ...input, labels: hostileLabels([rows, columns, 1], from) }, 0xff)
      }
    })

    it.each([
      [512, 512],
      [3, 4096],
      [4096, 3],
    ])('%i x %i: each pixel of the checkerboard is a part', (rows, columns) => {
      const shape = { rows, columns, pixelKind: 'int16', labelled: false } as const
      const scanner = new Scanner(instance, shape, edgesOf(EIGHT), 8)
      for (let i = 0; i < rows * columns; i++) {
        scanner.pixels[i] = (Math.floor(i / columns) + (i % columns)) % 2 === 0 ? 130 : 129
      }
      const found = scanner.scan(0, { slope: 1, intercept: 0, padding: null })
      const parts = scanner.split(found)
      expect([found.pieces, parts]).toEqual([1, Math.ceil((rows * columns) / 2)])
      expect(
        scanner.window
          .pairs(parts)
          .subarray(0, parts)
          .every((whole) => whole === 0),
      ).toBe(true)
      const records = new Uint32Array(scanner.records({ pieces: parts, ladder: found.ladder }).slice().buffer)
      for (let n = 0; n < parts; n++) if (records[(n * PIECE_BYTES) / 4] !== 1) throw new Error(`part ${n} is no pixel`)
    })
  })
}
