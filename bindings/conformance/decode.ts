/** Stored vectors to typed arrays and cases, one for each volume and standard. No file access: a page reads them another way. */
import { DEFAULT_TERRITORY_NAMES, type TerritoryMap } from '../volume/territory.js'
import { NO_FACTS, type PixelKind, type SliceArray, type SyncVolume } from '../volume/volume.js'
import {
  type Encoded,
  type KnownPiece,
  PIECE_FIELDS,
  type PieceRow,
  type Range,
  type StoredVolume,
  type VectorCase,
  type VectorFile,
  type VectorInput,
} from './format.js'

/** The cases of a file, one for each volume and standard. */
export function decodeFile(file: string, content: VectorFile): VectorCase[] {
  return content.cases.flatMap(({ name, rule, note, volume, expected, band = null }) => {
    // Scores are counted by rule and told by name.
    for (const text of [name, rule]) {
      if (typeof text !== 'string' || text === '') throw new RangeError('a case has no name or no rule')
    }
    const { type: kind, massFactor } = volume
    const common = { file, rule, note, kind, input: decodeVolume(volume), massFactor, band }
    return expected.flatMap(({ standards, pieces, ...sums }) => {
      // An answer under no standard would be a score that nobody compares.
      if (standards.length === 0) throw new RangeError(`an answer of ${JSON.stringify(name)} names no standard`)
      return standards.map((id) => {
        const standard = Object.hasOwn(content.standards, id) ? content.standards[id] : undefined
        if (!standard)
          throw new RangeError(`${JSON.stringify(name)} names the standard ${id}, which the file does not hold`)
        return {
          ...common,
          name: `${name} [${id}]`,
          caseName: name,
          standard,
          expected: { ...sums, pieces: pieces.map(fromRow) },
        }
      })
    })
  })
}

export function decodeVolume(volume: StoredVolume): VectorInput {
  const { rows, columns, slices, pixelSpacingMm, incrementMm, thicknessMm, rescale, padding, massFactor } = volume
  const size = [slices, rows, columns] as const
  const pixels = new ARRAYS[volume.type](slices * rows * columns)
  checkPerSlice('rescale', rescale, slices)
  if (padding.length > 0) checkPerSlice('padding', padding, slices)
  const ofSlice = <T>(list: readonly T[], k: number): T => list[list.length === 1 ? 0 : k]!
  const scan = { rows, columns, slices, pixelSpacingMm, incrementMm, thicknessMm, massFactor }
  return {
    ...scan,
    pixels: decodeArray(volume.pixels, size, pixels),
    labels: volume.labels ? decodeArray(volume.labels, size, new Uint8Array(pixels.length)) : undefined,
    rescale: (k) => ofSlice(rescale, k),
    padding: padding.length > 0 ? (k) => ofSlice(padding, k) : undefined,
    regionRule: volume.regionRule,
  }
}

/** @throws RangeError for what is neither one for all slices nor one a slice */
function checkPerSlice(name: string, list: readonly unknown[], slices: number): void {
  if (list.length !== 1 && list.length !== slices)
    throw new RangeError(`${name} has ${list.length} entries for ${slices} slices; one, or one a slice, is due`)
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

function fromRow(row: PieceRow): KnownPiece {
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

/** What a volume is made of: the input of a vector, or of any plain implementation that takes the same. */
export interface VolumeInput {
  readonly pixels: SliceArray
  readonly rows: number
  readonly columns: number
  readonly slices: number
  readonly pixelSpacingMm: readonly [number, number]
  readonly incrementMm: number
  readonly thicknessMm?: number | null | undefined
  readonly rescale: VectorInput['rescale']
  readonly padding?: VectorInput['padding']
  readonly labels?: Uint8Array | undefined
}

/** A vector's input as a volume in memory: axial, at the origin, with its rescale and padding slice by slice. */
export function volumeOf(input: VolumeInput): SyncVolume {
  const { pixels, rows, columns, slices, pixelSpacingMm, incrementMm } = input
  const kind: PixelKind = pixels instanceof Int16Array ? 'int16' : pixels instanceof Uint16Array ? 'uint16' : 'float32'
  return {
    kind: 'array',
    geometry: {
      rows,
      columns,
      slices,
      pixelSpacingMm,
      rowCosines: [1, 0, 0],
      columnCosines: [0, 1, 0],
      normal: [0, 0, 1],
      positions: Array.from({ length: slices }, (_, k) => [0, 0, k * incrementMm] as const),
      incrementMm,
      thicknessMm: input.thicknessMm ?? null,
    },
    pixelKind: kind,
    facts: NO_FACTS,
    warnings: [],
    accepted: [],
    rescale: (k) => input.rescale(k),
    padding: (k) => input.padding?.(k) ?? null,
    sopInstanceUid: () => null,
    readSlice: (k, into) => into.set(pixels.subarray(k * rows * columns, (k + 1) * rows * columns)),
  }
}

/** The labels as a territory map (1 LM, 2 LAD, 3 LCX, 4 RCA), or null where the whole image is scored. */
export function territoriesOf(input: Pick<VolumeInput, 'labels'>): TerritoryMap | null {
  return input.labels ? { scalarData: input.labels, names: DEFAULT_TERRITORY_NAMES } : null
}
