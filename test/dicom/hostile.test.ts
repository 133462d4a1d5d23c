/**
 * Files cut and files changed: each read ends in a volume or in an AgatstonError, never in anything else. Cut files are never
 * read; of changed ones, what is read has every pixel it claims.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { AgatstonError } from '../../bindings/base/errors.js'
import { type DicomVolume, readSeries } from '../../bindings/dicom/index.js'
import { dataFolder } from './data.js'
import { type Edits, type Syntax, ctElements, encodeElements, encodeFile, random, source } from './make.js'
import { SINGLE, valuesOf } from './outcome.js'

const SEED = 20240607

/** A file with a little of everything: nested sequences of both kinds, private and 64-bit elements. */
const RICH: Edits = {
  0x00081140: {
    vr: 'SQ',
    open: true,
    value: [{ 0x00081199: { vr: 'SQ', value: [{ 0x00080100: { vr: 'SH', value: 'CODE' } }] } }, {}],
  },
  0x00091001: { vr: 'UV', value: new Uint8Array(8) },
  0x00091002: { vr: 'UN', value: new Uint8Array(20) },
  0x00400555: { vr: 'SQ', value: [{ 0x0040a040: { vr: 'CS', value: 'TEXT' } }] },
  0x00280120: { vr: 'SS', value: [0xf830] },
}

/** Everything accepted but what is broken. */
const outcome = async (bytes: Uint8Array): Promise<DicomVolume | AgatstonError> => {
  try {
    return await readSeries([source(bytes)], SINGLE)
  } catch (error) {
    if (error instanceof AgatstonError) return error
    throw error
  }
}

async function sweep(bytes: Uint8Array, cuts: Iterable<number>, allowed: (cut: number) => boolean): Promise<void> {
  for (const cut of cuts) {
    const result = await outcome(bytes.subarray(0, cut))
    if (!allowed(cut)) expect(result, `cut at ${cut} of ${bytes.length}`).toBeInstanceOf(AgatstonError)
  }
}

describe('cut anywhere, no file is read', () => {
  it.each(['implicit', 'explicit', 'big'] satisfies Syntax[])('made here, %s, at every byte', async (syntax) => {
    const tail = encodeElements({ 0xfffcfffc: { vr: 'OB', value: new Uint8Array(40).fill(9) } }, syntax)
    const bytes = encodeFile(ctElements(0, RICH), { syntax, tail })
    expect(await outcome(bytes)).not.toBeInstanceOf(AgatstonError)
    const pixelsEnd = bytes.length - tail.length
    await sweep(
      bytes,
      Array.from({ length: bytes.length }, (_, i) => i),
      (cut) => cut === pixelsEnd,
    )
    expect(await outcome(bytes.subarray(0, pixelsEnd))).not.toBeInstanceOf(AgatstonError)
  })

  const real = dataFolder('qrm_canon/dicom')
  const big = dataFolder('ct_encapsulation_variants')
  it.skipIf(!real || !big)(
    'real files, at every byte under 4096 and 1,000 others',
    async () => {
      const files = [
        readFileSync(`${real}/${readdirSync(real!)[0]}`),
        readFileSync(`${big}/CT1_UNC.explicit_big_endian.dcm`),
        readFileSync(`${big}/CT1_UNC.implicit_little_endian.dcm`),
      ]
      const next = random(SEED)
      for (const file of files) {
        const bytes = new Uint8Array(file)
        const cuts = [
          ...Array.from({ length: 4096 }, (_, i) => i),
          ...Array.from({ length: 1000 }, () => Math.floor(next() * (bytes.length - 1000))),
        ]
        await sweep(bytes, cuts, () => false)
      }
    },
    60_000,
  )
})

describe('changed anywhere, a file is read whole or refused', () => {
  const next = random(SEED)
  const pick = (n: number): number => Math.floor(next() * n)
  const SPECIAL = [0, 1, 0x7f, 0x80, 0xff, 0xfe, 0xe0, 0xdd, 0x0d, 0x20, 0x5c, 0x2c]

  /** One to four edits: bytes set, runs removed, doubled or moved, lengths made extreme. */
  function mutate(bytes: Uint8Array): Uint8Array {
    let result = bytes.slice()
    for (let edits = 1 + pick(4); edits > 0; edits--) {
      const at = pick(result.length)
      const run = 1 + pick(16)
      const kind = pick(6)
      if (kind < 2) result[at] = kind === 0 ? pick(256) : SPECIAL[pick(SPECIAL.length)]!
      else if (kind === 2) result.set([0xff, 0xff, 0xff, 0xff].slice(0, Math.min(4, result.length - at)), at)
      else if (kind === 3) result = Uint8Array.from([...result.subarray(0, at), ...result.subarray(at + run)])
      else if (kind === 4) result = Uint8Array.from([...result.subarray(0, at + run), ...result.subarray(at)])
      else result[at] = result[at]! ^ (1 << pick(8))
    }
    return result
  }

  it.each(['implicit', 'explicit', 'big'] satisfies Syntax[])(
    '2,000 changes of a file, %s',
    async (syntax) => {
      const bytes = encodeFile(ctElements(0, RICH), { syntax })
      let read = 0
      for (let i = 0; i < 2000; i++) {
        const result = await outcome(mutate(bytes))
        if (result instanceof AgatstonError) continue
        read++
        const { rows, columns } = result.geometry
        expect((await valuesOf(result))[0]).toHaveLength(rows * columns)
        expect(Number.isFinite(result.rescale(0).slope * result.rescale(0).intercept)).toBe(true)
      }
      expect(read).toBeGreaterThan(20)
    },
    60_000,
  )

  it('names no byte of the file but digits in what it says', async () => {
    const bytes = encodeFile(ctElements(0, { ...RICH, 0x00100040: { vr: 'CS', value: 'CANARY' } }))
    for (let i = 0; i < 1000; i++) {
      const result = await outcome(mutate(bytes))
      if (!(result instanceof AgatstonError)) continue
      expect(`${result.message} ${JSON.stringify(result.details)} ${String(result.cause)}`).not.toContain('CANARY')
    }
  })
})
