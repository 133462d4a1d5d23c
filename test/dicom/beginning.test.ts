/**
 * Files that are read by their beginning: on disk, or blobs of a page. What is found, what is refused and what the pixels are must
 * not depend on how much of a file was read at first, wherever in it that ends.
 */
import { describe, expect, it } from 'vitest'
import { type DicomSource, inspectSeries } from '../../bindings/dicom/index.js'
import { encapsulated, rle } from './encode.js'
import { type Edits, type Syntax, ctElements, encodeFile, join } from './make.js'
import { SINGLE, valuesOf } from './outcome.js'

const SYNTAXES: readonly Syntax[] = ['implicit', 'explicit', 'big']
/** Bytes read of a file before anything else: bindings/dicom/read.ts. */
const BEGINNING = 2 ** 16
const SIDE = 200

const words = (n: number, most = 2000): number[] => Array.from({ length: n }, (_, i) => (i * 7919) % most)
const large = (edits: Edits = {}): Edits => ({
  0x00280010: { vr: 'US', value: [SIDE] },
  0x00280011: { vr: 'US', value: [SIDE] },
  0x7fe00010: { vr: 'OW', value: words(SIDE * SIDE) },
  ...edits,
})
const padded = (bytes: number): Edits => ({ 0x00091010: { vr: 'OB', value: new Uint8Array(bytes).fill(7) } })
const twelve = { 0x00280101: { vr: 'US', value: [12] }, 0x00280102: { vr: 'US', value: [11] }, 0x00280103: { vr: 'US', value: [0] } } // prettier-ignore
const after: Edits = { 0xfffcfffc: { vr: 'OB', value: new Uint8Array(30) } }

/** A file that tells which of its bytes were asked for. */
function onDisk(bytes: Uint8Array): { readonly source: DicomSource; readonly asked: [number, number][] } {
  const asked: [number, number][] = []
  const read = (start: number, into: Uint8Array): number => {
    asked.push([start, into.length])
    const part = bytes.subarray(start, start + into.length)
    into.set(part)
    return part.length
  }
  return { source: { name: 'slice.dcm', data: { size: bytes.length, read } }, asked }
}

/** Everything an inspection tells of a file, and its pixels. */
async function outcome(source: DicomSource): Promise<object> {
  const { unreadable, notDicom, series } = await inspectSeries([source], SINGLE)
  const [one] = series
  const values = one?.volume ? await valuesOf(one.volume) : null
  return { unreadable, notDicom, count: series.length, ...one, volume: one?.volume?.facts ?? null, values }
}

async function readsAlike(bytes: Uint8Array): Promise<void> {
  const whole = await outcome({ name: 'slice.dcm', data: bytes })
  expect(await outcome(onDisk(bytes).source)).toEqual(whole)
  expect(await outcome({ name: 'slice.dcm', data: new Blob([new Uint8Array(bytes)]) })).toEqual(whole)
}

const file = (edits: Edits, syntax: Syntax = 'explicit', tail = new Uint8Array(0)): Uint8Array =>
  join([encodeFile(ctElements(0, edits), { syntax }), tail])

describe('a file read by its beginning', () => {
  it.each(SYNTAXES)('gives what the whole file gives (%s)', async (syntax) => {
    const lacking = encodeFile(ctElements(0, { ...large(), 0x7fe00010: null }), { syntax }).length
    for (const edits of [
      large(),
      large(after),
      large(padded(3 * BEGINNING)),
      large(twelve),
      large({ ...twelve, 0x7fe00010: words(SIDE * SIDE, 65536) }),
      // Only the last word has bits beyond those stored: the first bytes do not show it.
      large({ ...twelve, 0x7fe00010: words(SIDE * SIDE).with(-1, 0xf005) }),
      large({ 0x7fe00010: words(SIDE * SIDE - 1) }),
      large({ 0x7fe00010: [...words(SIDE * SIDE), 0, 0] }),
      large({ 0x7fe00010: [...words(SIDE * SIDE), 0, 9] }),
      large({ 0x7fe00010: words(SIDE * (SIDE + 1)) }),
      large({ ...after, 0x7fe00010: [...words(SIDE * SIDE), 0] }),
      { 0x7fe00010: null, ...padded(2 * BEGINNING) },
      // The pixels begin before, at, and behind the end of what is read at first.
      ...[-14, -12, -10, -2, 0, 2, 12].map((by) => large(padded(BEGINNING - lacking - 24 + by))),
    ] as Edits[]) {
      await readsAlike(file(edits, syntax))
    } // prettier-ignore
    for (const tail of [new Uint8Array(2), new Uint8Array(3), new Uint8Array(2 * BEGINNING), Uint8Array.of(1, 2)]) {
      await readsAlike(file(large(), syntax, tail))
    }
    const bytes = file(large(after), syntax)
    for (const length of [BEGINNING - 1, BEGINNING, BEGINNING + 1, bytes.length - 40, bytes.length - 1]) {
      await readsAlike(bytes.slice(0, length))
    }
  })

  it('that is compressed is read whole', async () => {
    const raw = new Uint8Array(new Uint16Array(words(SIDE * SIDE, 65536)).buffer)
    const frame = rle(words(SIDE * SIDE, 65536))
    expect(frame.length).toBeGreaterThan(BEGINNING)
    expect(raw.length).toBeGreaterThan(BEGINNING)
    await readsAlike(
      encodeFile(ctElements(0, { ...large(), ...encapsulated([frame]) }), { uid: '1.2.840.10008.1.2.5' }),
    )
  })

  it('leaves the pixels where they are until they are scored, and reads them once', async () => {
    const bytes = file(large())
    const { source, asked } = onDisk(bytes)
    const { series } = await inspectSeries([source], SINGLE)
    const total = (): number => asked.reduce((sum, [, length]) => sum + length, 0)
    expect(total()).toBeLessThanOrEqual(BEGINNING + 512)
    const before = asked.length
    await valuesOf(series[0]!.volume!)
    expect(asked.slice(before)).toEqual([[bytes.length - 2 * SIDE * SIDE, 2 * SIDE * SIDE]])
  })

  it('that is shorter when it is scored is PIXELS_SHORT', async () => {
    let bytes = file(large())
    const read = (start: number, into: Uint8Array): number => {
      const part = bytes.subarray(start, start + into.length)
      into.set(part)
      return part.length
    }
    const source = { name: 'slice.dcm', data: { size: bytes.length, read } }
    const { series } = await inspectSeries([source], SINGLE)
    bytes = bytes.subarray(0, -2)
    expect(() => series[0]!.volume!.readSlice(0, new Int16Array(SIDE * SIDE))).toThrow(
      expect.objectContaining({ code: 'PIXELS_SHORT' }) as Error,
    )
  })
})
