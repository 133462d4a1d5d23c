/** What the tests of our own decoders share: shapes, outcomes, frames of real files, files for dcmtk. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { AgatstonError } from '../../bindings/base/errors.js'
import type { Decoder, FrameShape } from '../../bindings/codecs/decoder.js'
import { DEFAULT_LIMITS } from '../../bindings/dicom/limits.js'
import { openObject } from '../../bindings/dicom/open.js'
import { TAG } from '../../bindings/dicom/tags.js'
import { type CtSeries, writeCtSlice } from '../../bindings/dicom/write.js'

export const shapeOf = (rows: number, columns: number, changes: Partial<FrameShape> = {}): FrameShape => ({
  rows,
  columns,
  bitsAllocated: 16,
  bitsStored: 16,
  signed: false,
  file: 'frame.dcm',
  ...changes,
})

/** Words of a frame; the room is poisoned first. */
export function decoded(decoder: Decoder, frame: Uint8Array, shape: FrameShape): Uint16Array {
  const into = new Uint16Array(shape.rows * shape.columns).fill(0xdead)
  decoder.decode(frame, shape, into)
  return into
}

/** Index of the first word that differs; -1 where none does. */
export function firstDifference(a: Uint16Array, b: Uint16Array): number {
  if (a.length !== b.length) return Math.min(a.length, b.length)
  return a.findIndex((word, i) => word !== b[i])
}

/** The code a frame is refused with; `decoded` where it is not. Anything thrown that is not ours is thrown on. */
export function outcome(run: () => unknown): string {
  try {
    run()
    return 'decoded'
  } catch (error) {
    if (!(error instanceof AgatstonError)) throw error
    if (!error.message.startsWith('frame.dcm: ') && error.details['file'] !== 'frame.dcm') throw error
    return error.code
  }
}

/** The codes a damaged frame may end with. */
export const REFUSALS = ['PIXELS_SHORT', 'PIXELS_CORRUPT', 'PIXEL_FORMAT']

/** A small generator, the same everywhere: 0 to `most`. */
export function chooser(seed: number): (most: number) => number {
  let state = seed >>> 0
  return (most) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * (most + 1))
  }
}

/** A picture with flat parts, slopes and noise, of so many bits. */
export function picture(rows: number, columns: number, bits: number, seed: number): Uint16Array {
  const choose = chooser(seed)
  const highest = 2 ** bits - 1
  return Uint16Array.from({ length: rows * columns }, (_, i) => {
    const [y, x] = [Math.floor(i / columns), i % columns]
    if (x % 9 < 3) return (highest >> 1) + (y & 1)
    if (y % 7 === 0) return choose(highest)
    return Math.min(highest, Math.floor(((x + y) / (rows + columns)) * highest) + choose(3))
  })
}

export interface RealFile {
  readonly name: string
  readonly shape: FrameShape
  /** Frames in order: the fragments, joined where the file has one frame. */
  readonly frames: readonly Uint8Array[]
  /** Words of an uncompressed file; empty for others. */
  readonly words: Uint16Array
}

/** The frames of a file; of one with several, those that begin as `starts` says. */
export function readFrames(path: string, starts: readonly number[] = [0xff, 0xd8]): RealFile {
  const bytes = new Uint8Array(readFileSync(path))
  const { layout } = openObject(bytes, basename(path), DEFAULT_LIMITS)!
  const number = (tag: number): number => {
    const at = layout.elements.get(tag)!.valueOffset
    return bytes[at]! | (bytes[at + 1]! << 8)
  }
  const shape = shapeOf(number(TAG.Rows), number(TAG.Columns), {
    bitsAllocated: number(TAG.BitsAllocated) as 8 | 16,
    bitsStored: number(TAG.BitsStored),
    signed: number(TAG.PixelRepresentation) === 1,
  })
  const frames: Uint8Array[] = []
  for (let i = 2; i < layout.fragments.length; i += 2) {
    const part = bytes.slice(layout.fragments[i]!, layout.fragments[i]! + layout.fragments[i + 1]!)
    const opens = starts.every((byte, k) => part[k] === byte)
    if (opens || frames.length === 0) frames.push(part)
    else frames.push(Uint8Array.from([...frames.pop()!, ...part]))
  }
  const pixels = layout.elements.get(TAG.PixelData)!
  const native = frames.length === 0 ? bytes.slice(pixels.valueOffset, pixels.valueOffset + pixels.length) : []
  const words = new Uint16Array(Uint8Array.from(native).buffer)
  return { name: basename(path), shape, frames, words }
}

/** Whether a program of dcmtk is there; on CI it must be. */
export const dcmtk = (program: string): boolean =>
  process.env['CI'] === 'true' || spawnSync(program, ['--version']).error === undefined

/** Run a program of dcmtk on files. */
export function run(program: string, ...args: string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' })
  if (error || status !== 0) throw new Error(`${program} ${args.slice(0, -2).join(' ')}: ${stderr}`, { cause: error })
}

/** An uncompressed CT file of these stored values. */
export function ctFile(
  rows: number,
  columns: number,
  pixels: Uint16Array | Int16Array,
  bitsStored: number,
): Uint8Array {
  const series: CtSeries = {
    seed: 'codecs',
    patientName: 'TEST^CODEC',
    patientId: 'CODEC',
    date: '20260101',
    time: '120000',
    studyDescription: 'CODECS',
    seriesDescription: 'CODECS',
    manufacturer: 'TEST',
    modelName: 'TEST',
    softwareVersion: '1',
    kvp: 120,
    thicknessMm: 3,
    pixelSpacingMm: [0.5, 0.5],
    rowCosines: [1, 0, 0],
    columnCosines: [0, 1, 0],
    rescale: { slope: 1, intercept: 0 },
    bitsStored,
  }
  return writeCtSlice({ series, instanceNumber: 1, rows, columns, pixels, positionMm: [0, 0, 0] })
}
