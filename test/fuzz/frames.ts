/**
 * The second level: one compressed frame. Decoded to the same pixels, or refused. No coding has a checksum, so a change inside
 * coded data can give another sound frame; that is counted, and allowed. Not allowed: a cut frame that decodes, anything
 * thrown that is not ours, a trace of one frame in the next.
 */
import type { Decoder } from '../../bindings/codecs/decoder.js'
import { DECODERS, type FrameCoding } from '../../bindings/codecs/map.js'
import { FRAME_READERS } from '../../bindings/dicom/headers.js'
import { firstDifference } from '../codecs/own.js'
import { type FrameSeed, frameSeeds } from './frame-seeds.js'
import { replaced } from './fields.js'
import { Rng } from './random.js'
import { type FuzzCase, type Fuzzer, type Verdict, fine, judgeThrown, wrong } from './verdict.js'

interface Change {
  readonly what: 'flip' | 'set' | 'cut' | 'remove' | 'insert' | 'repeat' | 'splice' | 'length' | 'exchange'
  readonly bytes: Uint8Array
  /** Whether nothing but coded data was changed. */
  readonly inBody: boolean
}

/** After so many damaged frames a sound one must come out right. */
const SOUND_EVERY = 16

export async function frameFuzzer(codings: readonly FrameCoding[] | null = null): Promise<Fuzzer> {
  const seeds = (await frameSeeds()).filter(({ coding }) => codings?.includes(coding) ?? true)
  const decoders = new Map<FrameCoding, Decoder>()
  for (const { coding } of seeds) if (!decoders.has(coding)) decoders.set(coding, await DECODERS[coding].load({}))
  let since = 0
  return {
    level: 'frame',
    make(seed, n): FuzzCase {
      const rng = new Rng(seed, 'frame', n)
      const from = rng.pick(seeds)
      const kin = seeds.filter(({ coding }) => coding === from.coding)
      const change = changeFrame(from, rng, rng.pick(kin).frame)
      const judge = (bytes: Uint8Array): Verdict => {
        const verdict = judgeFrame(decoders.get(from.coding)!, from, { ...change, bytes })
        if (verdict.failure !== null || ++since % SOUND_EVERY !== 0) return verdict
        return judgeSound(decoders.get(from.coding)!, from) ?? verdict
      }
      const files = [{ name: 'frame.bin', bytes: change.bytes }]
      return { seed: from.name, what: change.what, files, judge: ([file]) => judge(file!.bytes) }
    },
  }
}

function judgeFrame(decoder: Decoder, seed: FrameSeed, { bytes, what, inBody }: Change): Verdict {
  const { shape, coding, words } = seed
  const into = new Uint16Array(words.length).fill(0xdead)
  const read = attempt(() => FRAME_READERS[coding](bytes, shape))
  const made = attempt(() => decoder.decode(bytes, shape, into))
  for (const one of [read, made]) if (one.verdict?.failure) return one.verdict
  if (made.verdict) return fine(`${coding}: ${made.verdict.outcome}`)
  if (read.verdict) return wrong(`${coding}: the reader refuses (${read.verdict.outcome}) what the decoder decodes`)
  if (firstDifference(into, words) === -1) return fine(`${coding}: equal`)
  if (what === 'cut')
    return wrong(`${coding}: a cut frame of ${bytes.length} of ${seed.frame.length} bytes decodes to other pixels`)
  return fine(`${coding}: other pixels, ${inBody ? 'coded data changed' : 'header changed'}`)
}

/** A sound frame after damaged ones; null: it came out right. */
function judgeSound(decoder: Decoder, { frame, shape, words, coding }: FrameSeed): Verdict | null {
  const into = new Uint16Array(words.length).fill(0xdead)
  const { verdict } = attempt(() => decoder.decode(frame, shape, into))
  if (verdict)
    return wrong(`${coding}: a sound frame after damaged ones is refused: ${verdict.failure ?? verdict.outcome}`)
  return firstDifference(into, words) === -1
    ? null
    : wrong(`${coding}: a sound frame after damaged ones has other pixels`)
}

function attempt(body: () => unknown): { readonly verdict: Verdict | null } {
  try {
    body()
    return { verdict: null }
  } catch (error) {
    return { verdict: judgeThrown(error) }
  }
}

function changeFrame({ frame, bodyAt, coding }: FrameSeed, rng: Rng, other: Uint8Array): Change {
  const inBody = rng.chance(0.6)
  const at = inBody ? rng.between(bodyAt, frame.length - 1) : rng.below(Math.min(frame.length, bodyAt + 8))
  const body = at >= bodyAt
  const changed = (what: Change['what'], bytes: Uint8Array): Change => ({ what, bytes, inBody: body })
  switch (rng.below(12)) {
    case 0:
    case 1:
    case 2: {
      const bytes = frame.slice()
      bytes[at]! ^= 1 << rng.below(8)
      if (rng.chance(0.3)) bytes[rng.between(at, frame.length - 1)]! ^= 1 << rng.below(8)
      return changed('flip', bytes)
    }
    case 3: {
      const bytes = frame.slice()
      for (let n = rng.between(1, 4); n > 0 && at + n <= bytes.length; n--) bytes[at + n - 1] = rng.pick([0, 255, 0xd9, 0xd8, 128, 127, rng.below(256)]) // prettier-ignore
      return changed('set', bytes)
    }
    case 4:
    case 5: {
      const cut = frame.slice(0, rng.below(frame.length))
      // RLE has no end marker: padding in place of what was cut is data like any other.
      if (coding === 'rle' || rng.chance(0.5)) return changed('cut', cut)
      const padding = new Uint8Array(rng.between(1, 3)).fill(rng.pick([0, 255]))
      return changed('cut', replaced(cut, cut.length, cut.length, padding))
    }
    case 6:
      return changed('remove', replaced(frame, at, Math.min(frame.length, at + rng.between(1, 40)), new Uint8Array(0)))
    case 7:
      return changed('insert', replaced(frame, at, at, rng.bytes(rng.between(1, 12))))
    case 8:
      return changed('repeat', replaced(frame, at, at, frame.slice(at, at + rng.between(1, 60))))
    case 9:
      return changed('splice', replaced(frame, at, frame.length, other.slice(rng.below(other.length))))
    case 10: {
      const bytes = frame.slice()
      const to = rng.below(Math.max(1, bodyAt - 2))
      const word = rng.pick([0, 1, 2, 255, 256, 32767, 65535, rng.below(65536)])
      bytes.set([word >> 8, word & 255], to)
      return { what: 'length', bytes, inBody: false }
    }
    default: {
      const bytes = frame.slice()
      const count = rng.between(1, 30)
      const to = rng.below(frame.length)
      bytes.set(frame.subarray(at, Math.min(at + count, at + frame.length - to)), to)
      return { what: 'exchange', bytes, inBody: body && to >= bodyAt }
    }
  }
}
