/** What every decoder must withstand: cuts at 1,000 places, flipped bits of its header, bad frames between good ones. */
import { expect } from 'vitest'
import { AgatstonError } from '../../bindings/base/errors.js'
import type { Decoder, FrameFacts, FrameReader, FrameShape } from '../../bindings/codecs/decoder.js'
import { changed, without } from './encode.js'
import { REFUSALS, chooser, decoded, firstDifference, outcome } from './own.js'

/** Places to cut: the first 200, the last 100 before the end, and 700 between. */
function* cutPoints(end: number, seed: number): Generator<number> {
  const choose = chooser(seed)
  for (let i = 0; i < 200; i++) yield Math.min(i, end - 1)
  for (let i = 1; i <= 100; i++) yield Math.max(0, end - i)
  for (let i = 0; i < 700; i++) yield choose(end - 1)
}

/** Cut before the end of the end marker a frame is refused, by reader and decoder, whatever pads it. */
export function expectCutsRefused(decoder: Decoder, read: FrameReader, frame: Uint8Array, shape: FrameShape): void {
  let end = frame.length
  while (frame[end - 1] !== 0xd9) end--
  let cuts = 0
  for (const at of cutPoints(end, 7)) {
    const cut = frame.slice(0, at)
    const padded = frame.slice(0, at + (at % 3))
    padded.fill(0, at)
    for (const bytes of [cut, padded]) {
      expect(REFUSALS, `cut at ${at} of ${end}`).toContain(outcome(() => read(bytes, shape)))
      expect(REFUSALS, `cut at ${at} of ${end}`).toContain(outcome(() => decoded(decoder, bytes, shape)))
    }
    cuts++
  }
  expect(cuts).toBe(1000)
}

/** A good frame, five kinds of bad ones, and the good one again. */
export function expectNoTrace(decoder: Decoder, good: Uint8Array, shape: FrameShape): void {
  const first = decoded(decoder, good, shape)
  const middle = good.length >> 1
  const noise = good.slice()
  const choose = chooser(3)
  for (let i = middle; i < good.length - 2; i++) noise[i] = choose(0x8e)
  const bad: [string, Uint8Array, FrameShape][] = [
    ['cut', good.slice(0, middle), shape],
    ['a piece missing', without(good, middle, 33), shape],
    ['noise', noise, shape],
    ['another size', good, { ...shape, rows: shape.rows + 1 }],
    ['nothing', new Uint8Array(0), shape],
  ]
  for (const [name, frame, claimed] of bad) {
    const into = new Uint16Array(claimed.rows * claimed.columns).fill(0xdead)
    const code = outcome(() => decoder.decode(frame, claimed, into))
    if (name !== 'noise') expect(REFUSALS, name).toContain(code)
    expect(firstDifference(decoded(decoder, good, shape), first), `after ${name}`).toBe(-1)
  }
}

export interface FlipTally {
  equal: number
  refused: number
  /** Bytes whose flip gave other pixels and no word of it. */
  readonly silent: number[]
}

/**
 * Every bit of the first bytes flipped in turn: the same pixels, or a tagged error, or facts that differ and so reach the caller.
 * Bytes of the rest are the caller's to judge.
 */
export function flipHeader(
  decoder: Decoder,
  good: Uint8Array,
  shape: FrameShape,
  bytes: number,
  facts: FrameFacts,
): FlipTally {
  const first = decoded(decoder, good, shape)
  const tally: FlipTally = { equal: 0, refused: 0, silent: [] }
  for (let at = 0; at < Math.min(bytes, good.length); at++) {
    for (let bit = 0; bit < 8; bit++) {
      const into = new Uint16Array(first.length).fill(0xdead)
      try {
        const met = decoder.decode(changed(good, at, good[at]! ^ (1 << bit)), shape, into)
        const told = met.lossy !== facts.lossy || met.signed !== facts.signed || met.precision !== facts.precision
        if (firstDifference(into, first) === -1 || told) tally.equal++
        else if (tally.silent.at(-1) !== at) tally.silent.push(at)
      } catch (error) {
        if (!(error instanceof AgatstonError)) throw error
        tally.refused++
      }
    }
  }
  return tally
}
