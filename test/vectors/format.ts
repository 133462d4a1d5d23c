/** The vectors' file format (README.md says it in words), and its decoder: what a suite in any runtime needs, no file access. */
import type { Standard } from '../../bindings/score/standard.js'
import type { Padding, PixelKind, Rescale, SliceArray } from '../../bindings/volume/volume.js'
import type { Input, Piece, Sums } from '../reference/types.js'

export interface VectorFile {
  readonly schema: 'agatston.vectors/1'
  readonly title: string
  /** What the numbers of a piece are, in order. */
  readonly pieceFields: typeof PIECE_FIELDS
  /** Every standard the cases name, in full. */
  readonly standards: Readonly<Record<string, Standard>>
  readonly cases: readonly StoredCase[]
}

export interface StoredCase {
  readonly name: string
  /** The rule it pins, for a report of passes and failures by rule. */
  readonly rule: Rule
  /** What it shows, with the arithmetic where a hand can follow it. */
  readonly note: string
  readonly volume: StoredVolume
  /** One answer for each group of standards that agree to the last number. */
  readonly expected: readonly StoredAnswer[]
}

export interface StoredAnswer extends Omit<Expected, 'pieces'> {
  readonly standards: readonly string[]
  readonly pieces: readonly PieceRow[]
}

/** A piece as a row of numbers, in this order; `counted` is 0 or 1. */
export const PIECE_FIELDS = [
  'slice',
  'territory',
  'lesion',
  'pixels',
  'peak',
  'sum',
  'bin1',
  'bin2',
  'bin3',
  'bin4',
  'firstRow',
  'firstColumn',
  'lastRow',
  'lastColumn',
  'sumRow',
  'sumColumn',
  'weight',
  'counted',
] as const
export type PieceRow = readonly number[]

export function toRow(piece: Piece): PieceRow {
  const { slice, territory, lesion, pixels, peak, sum, bins, box, sumRow, sumColumn, weight, counted } = piece
  return [slice, territory, lesion, pixels, peak, sum, ...bins, ...box, sumRow, sumColumn, weight, Number(counted)]
}

function fromRow(row: PieceRow): Piece {
  if (row.length !== PIECE_FIELDS.length) throw new RangeError(`a piece has ${row.length} numbers, not 18`)
  const at = (name: (typeof PIECE_FIELDS)[number]): number => row[PIECE_FIELDS.indexOf(name)]!
  return {
    slice: at('slice'),
    territory: at('territory'),
    lesion: at('lesion'),
    pixels: at('pixels'),
    peak: at('peak'),
    sum: at('sum'),
    bins: [at('bin1'), at('bin2'), at('bin3'), at('bin4')],
    box: [at('firstRow'), at('firstColumn'), at('lastRow'), at('lastColumn')],
    sumRow: at('sumRow'),
    sumColumn: at('sumColumn'),
    weight: at('weight'),
    counted: at('counted') === 1,
  }
}

export type Rule =
  | 'published'
  | 'threshold'
  | 'ladder'
  | 'minimum'
  | 'neighbours'
  | 'rescale'
  | 'padding'
  | 'territories'
  | 'lesions'
  | 'geometry'
  | 'trap'
  | 'painted'

export interface StoredVolume {
  readonly type: PixelKind
  readonly rows: number
  readonly columns: number
  readonly slices: number
  /** Distance between rows, then between columns. */
  readonly pixelSpacingMm: readonly [number, number]
  readonly incrementMm: number
  readonly thicknessMm: number | null
  /** One for all slices, or one a slice. */
  readonly rescale: readonly Rescale[]
  /** None, one for all slices, or one (or null) a slice. */
  readonly padding: readonly (Padding | null)[]
  readonly massFactor: number | null
  readonly pixels: Encoded
  readonly labels: Encoded | null
}

/** Values in order (columns fastest, then rows, then slices); or as base64 of little-endian bytes; or a fill with boxes over it. */
export type Encoded =
  | { readonly values: readonly number[] }
  | { readonly base64: string }
  | { readonly fill: number; readonly boxes: readonly Box[] }

/** Ranges [start, end) or [start, end, step), painted in order. */
export interface Box {
  readonly slices: Range
  readonly rows: Range
  readonly columns: Range
  readonly value: number
}
export type Range = readonly [start: number, end: number, step?: number]

export interface Expected {
  readonly total: Sums
  /** By label; empty without labels. */
  readonly territories: Readonly<Record<string, Sums>>
  /** Number of pieces and of lesions found, counted or not. */
  readonly found: { readonly pieces: number; readonly lesions: number }
  /** Every piece in order, or (very many) those at the places `sample` names. */
  readonly pieces: readonly Piece[]
  readonly sample: readonly number[] | null
}

/** One volume under one standard. `pixels` and `labels` are typed arrays; `input` goes to the reference as it is. */
export interface VectorCase {
  readonly file: string
  readonly name: string
  readonly rule: Rule
  readonly note: string
  readonly kind: PixelKind
  readonly input: Input & { readonly pixels: SliceArray; readonly thicknessMm: number | null }
  readonly standard: Standard
  readonly massFactor: number | null
  readonly expected: Expected
}

/** The cases of a file, one for each volume and standard. */
export function decodeFile(file: string, content: VectorFile): VectorCase[] {
  return content.cases.flatMap(({ name, rule, note, volume, expected }) => {
    const common = { file, rule, note, kind: volume.type, input: decodeVolume(volume), massFactor: volume.massFactor }
    return expected.flatMap(({ standards, pieces, ...sums }) =>
      standards.map((id) => {
        const standard = content.standards[id]
        if (!standard) throw new RangeError(`${file}: ${name} names the standard ${id}, which the file does not hold`)
        return { ...common, name: `${name} [${id}]`, standard, expected: { ...sums, pieces: pieces.map(fromRow) } }
      }),
    )
  })
}

export function decodeVolume(volume: StoredVolume): VectorCase['input'] {
  const { rows, columns, slices, pixelSpacingMm, incrementMm, thicknessMm, rescale, padding, massFactor } = volume
  const size = [slices, rows, columns] as const
  const pixels = new ARRAYS[volume.type](slices * rows * columns)
  const ofSlice = <T>(list: readonly T[], k: number): T => list[list.length === 1 ? 0 : k]!
  const scan = { rows, columns, slices, pixelSpacingMm, incrementMm, thicknessMm, massFactor }
  return {
    ...scan,
    pixels: decodeArray(volume.pixels, size, pixels),
    labels: volume.labels ? decodeArray(volume.labels, size, new Uint8Array(pixels.length)) : undefined,
    rescale: (k) => ofSlice(rescale, k),
    padding: padding.length > 0 ? (k) => ofSlice(padding, k) : undefined,
  }
}

const ARRAYS = { int16: Int16Array, uint16: Uint16Array, float32: Float32Array } as const

type Size = readonly [slices: number, rows: number, columns: number]
function decodeArray<T extends SliceArray | Uint8Array>(encoded: Encoded, size: Size, into: T): T {
  const [slices, rows, columns] = size
  if ('values' in encoded) {
    checkLength(encoded.values.length, into.length)
    for (const [i, value] of encoded.values.entries()) into[i] = checkFits(value, into)
  } else if ('base64' in encoded) {
    const bytes = Uint8Array.from(atob(encoded.base64), (letter) => letter.charCodeAt(0))
    checkLength(bytes.length, into.length * into.BYTES_PER_ELEMENT)
    const view = new DataView(bytes.buffer)
    for (let i = 0; i < into.length; i++) into[i] = readValue(view, i, into)
  } else {
    into.fill(checkFits(encoded.fill, into))
    for (const { slices: ks, rows: rs, columns: cs, value } of encoded.boxes) {
      checkFits(value, into)
      for (const k of range(ks, slices)) {
        for (const r of range(rs, rows)) for (const c of range(cs, columns)) into[(k * rows + r) * columns + c] = value
      }
    }
  }
  return into
}

function checkLength(got: number, wanted: number): void {
  if (got !== wanted) throw new RangeError(`a vector holds ${got} values or bytes, its size needs ${wanted}`)
}

/** The value, which the type of `into` must hold exactly. */
function checkFits(value: number, into: SliceArray | Uint8Array): number {
  const kept = into.slice(0, 1).fill(value)[0]
  if (kept !== value) throw new RangeError(`the value ${value} becomes ${kept} in its type`)
  return value
}

function readValue(view: DataView, i: number, into: SliceArray | Uint8Array): number {
  if (into instanceof Uint8Array) return view.getUint8(i)
  if (into instanceof Int16Array) return view.getInt16(i * 2, true)
  return into instanceof Uint16Array ? view.getUint16(i * 2, true) : view.getFloat32(i * 4, true)
}

function range([start, end, step = 1]: Range, limit: number): number[] {
  if (start < 0 || end > limit || step < 1) throw new RangeError(`box ${start}..${end} leaves the volume (${limit})`)
  return Array.from({ length: Math.max(0, Math.ceil((end - start) / step)) }, (_, n) => start + n * step)
}

/** Little-endian base64 of a typed array, whatever the byte order of this machine. */
export function toBase64(values: SliceArray | Uint8Array): string {
  const width = values.BYTES_PER_ELEMENT
  const view = new DataView(new ArrayBuffer(values.length * width))
  for (const [i, value] of values.entries()) {
    if (values instanceof Uint8Array) view.setUint8(i, value)
    else if (values instanceof Int16Array) view.setInt16(i * 2, value, true)
    else if (values instanceof Uint16Array) view.setUint16(i * 2, value, true)
    else view.setFloat32(i * 4, value, true)
  }
  return btoa(Array.from(new Uint8Array(view.buffer), (byte) => String.fromCharCode(byte)).join(''))
}
