/**
 * Small series with calcium in every slice, and each again without any: chests of 64 x 64 x 8 in every encoding, as enhanced CT, in
 * an archive, and with masks.
 */
import type { Geometry } from '../../bindings/volume/geometry.js'
import { zip } from '../dicom/archive.js'
import { encapsulated, rle } from '../dicom/encode.js'
import { type Edits, type Elements, ctElements, encodeFile, enhancedElements } from '../dicom/make.js'
import { boxOf, contourOf, gridOf, rtFile, segFile } from '../dicom/masks.js'
import { encodeLossless } from '../reference/jpeg-lossless.js'
import { PATIENT } from './canary.js'
import { Rng } from './random.js'
import type { Named } from './verdict.js'

export interface SeriesSeed {
  readonly name: string
  readonly files: readonly Named[]
  readonly masks: readonly Named[]
  /** All slices in one object: an edit of it is an edit of every slice, and may make another sound scan. */
  readonly single: boolean
  /** Files are entries of archives. */
  readonly zipped: boolean
}

export const SIDE = 64
export const SLICES = 8
const MM = 0.7

const GRID: Geometry = gridOf([SIDE, SIDE, SLICES], [MM, MM, 3], [-20, -20, 100])

/** HU of slice `k`: air, a body, and a few calcifications whose sizes and peaks differ from slice to slice. */
function hounsfield(k: number, calcium: boolean): Int16Array {
  const rng = new Rng('pixels', k)
  const hu = Int16Array.from({ length: SIDE * SIDE }, (__, i) => {
    const [x, y] = [(i % SIDE) - 31.5, Math.floor(i / SIDE) - 31.5]
    const noise = rng.below(21) - 10
    return (x * x + y * y > 26 * 26 ? -1000 : 40) + noise
  })
  if (!calcium) return hu
  const block = (row: number, column: number, rows: number, columns: number, peak: number): void => {
    for (let y = row; y < row + rows; y++) {
      for (let x = column; x < column + columns; x++) hu[y * SIDE + x] = peak - 7 * ((x + y) % 3)
    }
  }
  block(20, 20 + (k % 3), 3 + (k % 2), 4, 210 + 40 * k)
  block(36, 38, 2 + (k % 4), 3 + (k % 3), 520 - 45 * k)
  return hu
}

interface Format {
  readonly bits: 12 | 16
  readonly signed: boolean
  /** By slice. */
  readonly intercept: (k: number) => number
}
const USUAL: Format = { bits: 12, signed: false, intercept: () => -1024 }
const SIGNED: Format = { bits: 16, signed: true, intercept: () => 0 }

const wordsOf = (hu: Int16Array, intercept: number): number[] => [...hu].map((value) => (value - intercept) & 0xffff)

function slice(k: number, calcium: boolean, { bits, signed, intercept }: Format, edits: Edits = {}): Elements {
  return ctElements(k, {
    ...PATIENT,
    0x00180088: { vr: 'DS', value: '3' },
    0x00200032: `-20\\-20\\${100 + 3 * k}`,
    0x00201041: { vr: 'DS', value: String(100 + 3 * k) },
    0x00280010: [SIDE],
    0x00280011: [SIDE],
    0x00280030: `${MM}\\${MM}`,
    0x00280101: [bits],
    0x00280102: [bits - 1],
    0x00280103: [Number(signed)],
    0x00281052: String(intercept(k)),
    0x7fe00010: { vr: 'OW', value: wordsOf(hounsfield(k, calcium), intercept(k)) },
    ...edits,
  })
}

const ALL = [...Array(SLICES).keys()]
const named = (make: (k: number) => Uint8Array): readonly Named[] =>
  ALL.map((k) => ({ name: `CT${String(k + 1).padStart(4, '0')}.dcm`, bytes: make(k) }))

export function seriesSeeds(): readonly SeriesSeed[] {
  return [true, false].flatMap(seedsOf)
}

function seedsOf(calcium: boolean): readonly SeriesSeed[] {
  const kind = calcium ? 'calcium' : 'zero'
  const plain = { masks: [], single: false, zipped: false }
  const usual = named((k) => encodeFile(slice(k, calcium, USUAL)))
  const words = (k: number): Uint16Array => Uint16Array.from(wordsOf(hounsfield(k, calcium), -1024))
  const coded = (k: number, frame: Uint8Array, uid: string): Uint8Array =>
    encodeFile(slice(k, calcium, USUAL, encapsulated([frame])), { uid })
  const lossless = (k: number): Uint8Array =>
    encodeLossless(words(k), { rows: SIDE, columns: SIDE, precision: 16, selection: 1 })
  const one = enhancedElements(ALL.map((k) => slice(k, calcium, USUAL)))
  const padding: Edits = { 0x00280120: { vr: 'SS', value: [-2000] } }
  const entries = usual.map(({ name, bytes }) => ({ name, data: bytes }))
  return [
    { ...plain, name: `explicit, ${kind}`, files: usual },
    {
      ...plain,
      name: `implicit, ${kind}`,
      files: named((k) => encodeFile(slice(k, calcium, USUAL), { syntax: 'implicit' })),
    },
    {
      ...plain,
      name: `big endian, ${kind}`,
      files: named((k) => encodeFile(slice(k, calcium, SIGNED, padding), { syntax: 'big' })),
    },
    { ...plain, name: `signed, ${kind}`, files: named((k) => encodeFile(slice(k, calcium, SIGNED, padding))) },
    {
      ...plain,
      name: `rescale by slice, ${kind}`,
      files: named((k) => encodeFile(slice(k, calcium, { ...SIGNED, intercept: (n) => -1024 + 8 * n }))),
    },
    { ...plain, name: `rle, ${kind}`, files: named((k) => coded(k, rle(words(k)), '1.2.840.10008.1.2.5')) },
    { ...plain, name: `lossless, ${kind}`, files: named((k) => coded(k, lossless(k), '1.2.840.10008.1.2.4.70')) },
    { ...plain, name: `enhanced, ${kind}`, files: [{ name: 'ENHANCED.dcm', bytes: encodeFile(one) }], single: true },
    { ...plain, name: `archive, ${kind}`, files: [{ name: 'series.zip', bytes: zip(entries) }], zipped: true },
    ...masksOf().map(({ name, mask }) => ({ ...plain, name: `${name}, ${kind}`, files: usual, masks: [mask] })),
  ]
}

/** The two vessels of the masks, wide around the calcifications. */
function masksOf(): readonly { readonly name: string; readonly mask: Named }[] {
  const inside = (row: number, column: number): number =>
    row < 30 ? Number(row >= 16 && column >= 16 && column < 30) : 2 * Number(row >= 33 && row < 46 && column >= 34 && column < 48) // prettier-ignore
  const all = Uint8Array.from({ length: SIDE * SIDE * SLICES }, (__, i) =>
    inside(Math.floor(i / SIDE) % SIDE, i % SIDE),
  )
  const segments = [1, 2].map((number) => ({
    number,
    label: number === 1 ? 'LAD' : 'RCA',
    pixels: all.map((label) => Number(label === number)),
  }))
  const contours = (row: number, column: number, rows: number, columns: number) =>
    ALL.map((k) => contourOf(GRID, k, boxOf(row, column, rows, columns)))
  const regions = [
    { number: 1, name: 'LAD', contours: contours(16, 16, 14, 14) },
    { number: 2, name: 'RCA', contours: contours(33, 34, 13, 14) },
  ]
  const made = [
    { name: 'segmentation', bytes: segFile(GRID, segments, { edits: PATIENT }) },
    { name: 'label map', bytes: segFile(GRID, segments, { kind: 'LABELMAP', edits: PATIENT }) },
    { name: 'structure set', bytes: rtFile(regions, { edits: PATIENT }) },
  ]
  return made.map(({ name, bytes }) => ({ name, mask: { name: 'MASK.dcm', bytes } }))
}
