/**
 * The kernel against the reference: every width from 1 to 70 and every height from 1 to 9, so that each position of a row
 * in a 64-pixel chunk occurs, under all kinds of pixels, rescales, padding, labels and both neighbourhoods. Every integer of
 * every piece and the partition into lesions compare equal. Wasm memory is full of other values before each scan.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Instance } from '../../bindings/engine/instance.js'
import type { StandardRules } from '../../bindings/score/standard.js'
import type { Padding, PixelKind } from '../../bindings/volume/volume.js'
import { type Mask, type Random, random, randomMask, shapeMasks } from '../paint.js'
import type { Platform } from '../platforms.js'
import { reference } from '../reference/score.js'
import { custom } from '../vectors/standards.js'
import {
  type KernelInput,
  type KernelPiece,
  POISONS,
  expectedPieces,
  hostileLabels,
  hostilePixels,
  hostileRescale,
  scanVolume,
} from './slices.js'

const STANDARDS: readonly StandardRules[] = [
  custom('eight', { minimum: { by: 'none' } }),
  custom('four', { minimum: { by: 'none' }, connectivity: 4 }),
  custom('eight-strict', { minimum: { by: 'none' }, thresholdRule: '>', ladderRule: '>' }),
  custom('four-strict', { minimum: { by: 'none' }, connectivity: 4, thresholdRule: '>', ladderRule: '>' }),
  custom('eight-upper', { minimum: { by: 'none' }, upperHu: 1500 }),
  custom('four-upper', { minimum: { by: 'none' }, connectivity: 4, upperHu: 300 }),
  custom('one-value', { minimum: { by: 'none' }, upperHu: 130, ladderHu: [130, 130, 130] }),
]

/** Bytes behind the window: the highest signed, unsigned and float values, NaN, and nothing. */
const PADS = [
  [0xff, 0x7f],
  [0xff, 0xff],
  [0x00, 0x00, 0x80, 0x7f],
  [0xff, 0xff, 0x7f, 0x7f],
  [0x00, 0x00, 0xc0, 0x7f],
  [0x00, 0x80],
  [0x00],
] as const

/** One volume from one seed: everything but its width and height varies. */
export function kernelInput(seed: number, rows: number, columns: number): KernelInput {
  const from = random(seed)
  const kind = from.pick<PixelKind>(['int16', 'uint16', 'float32'])
  const standard = from.pick(STANDARDS)
  const slices = 1 + from.below(3)
  const first = hostileRescale(kind, standard, from)
  const others = hostileRescale(kind, standard, from)
  const rescale = from.next() < 0.3 ? (k: number) => (k % 2 ? others : first) : () => first
  const padding = from.next() < 0.35 ? paddingOf(kind, from) : undefined
  const masks = Array.from({ length: slices }, () => maskOf(columns, rows, from))
  return {
    kind,
    standard,
    rows,
    columns,
    slices,
    pixelSpacingMm: [1, 1],
    incrementMm: 3,
    rescale,
    padding: padding && (() => padding),
    labels: from.next() < 0.4 ? hostileLabels([rows, columns, slices], from) : undefined,
    pixels: hostilePixels(masks, kind, standard, rescale, padding && (() => padding), from),
  }
}

function maskOf(width: number, height: number, from: Random): Mask {
  if (from.next() < 0.25) return from.pick(shapeMasks(width, height))
  const density = from.pick([0, 0.02, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.98, 1])
  return randomMask(width, height, density, 1 + from.below(from.pick([1, 2, 4, 16])), from)
}

/** A band anywhere in the type, at its ends, or of one value. */
function paddingOf(kind: PixelKind, from: Random): Padding {
  const [low, high] = kind === 'uint16' ? [0, 65535] : [-32768, 32767]
  const a = from.pick([low, high, 0, 130, Math.round(low + from.next() * (high - low))])
  return { low: a, high: from.pick([a, Math.min(a + 70, high), high]) }
}

const answers = new Map<string, KernelPiece[]>()

/** The reference's answer, kept: the second build is asked the same. */
function answerOf(key: string, input: KernelInput): KernelPiece[] {
  let answer = answers.get(key)
  if (!answer) answers.set(key, (answer = expectedPieces(reference(input, input.standard).pieces)))
  return answer
}

export function kernelSuite(platform: Platform): void {
  describe(`kernel against the reference (${platform.name})`, () => {
    let instance: Instance
    beforeAll(async () => {
      instance = await platform.instance()
    })

    const check = (seed: number, rows: number, columns: number): number => {
      const key = `seed ${seed}, ${rows} rows x ${columns} columns`
      const input = kernelInput(seed, rows, columns)
      const found = scanVolume(instance, input, POISONS[seed % POISONS.length]!, PADS[seed % PADS.length]!)
      // A failure shows the seed and the first piece that differs, not two thousand pieces.
      const expected = answerOf(key, input)
      const at = expected.findIndex((piece, n) => JSON.stringify(piece) !== JSON.stringify(found[n]))
      if (at >= 0 || found.length !== expected.length) {
        const what = `${key}, ${input.kind}, ${input.standard.id}, ${JSON.stringify([input.rescale(0), input.padding?.(0), !!input.labels])}`
        expect({ what, pieces: found.length, at, piece: found[at] }).toEqual({
          what,
          pieces: expected.length,
          at,
          piece: expected[at],
        })
      }
      return found.length
    }

    it.each([1, 2, 3, 4, 5, 6, 7, 8, 9])('every width 1 to 70, height %i', (rows) => {
      let pieces = 0
      for (let columns = 1; columns <= 70; columns++) {
        for (let n = 0; n < 5; n++) pieces += check(100_000 * rows + 100 * columns + n, rows, columns)
      }
      expect(pieces).toBeGreaterThan(1000)
    })

    it.each([
      [127, 129],
      [128, 128],
      [65, 191],
      [192, 64],
      [257, 63],
      [31, 321],
    ])('%i rows x %i columns', (rows, columns) => {
      let pieces = 0
      for (let n = 0; n < 6; n++) pieces += check(7_000_000 + rows * 1000 + columns * 10 + n, rows, columns)
      expect(pieces).toBeGreaterThan(100)
    })
  })
}
