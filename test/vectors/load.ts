/** The vectors on disk, decoded: `for (const vector of vectors) ...`. And each as a volume the engine takes. */
import { readFileSync, readdirSync } from 'node:fs'
import type { TerritoryMap } from '../../bindings/volume/territory.js'
import { DEFAULT_TERRITORY_NAMES } from '../../bindings/volume/territory.js'
import { NO_FACTS, type PixelKind, type SliceArray, type SyncVolume } from '../../bindings/volume/volume.js'
import type { Input } from '../reference/types.js'
import { type VectorCase, type VectorFile, decodeFile } from './format.js'

export type { VectorCase } from './format.js'

const HERE = new URL('./', import.meta.url)

export const vectors: readonly VectorCase[] = readdirSync(HERE)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .flatMap((name) => decodeFile(name, JSON.parse(readFileSync(new URL(name, HERE), 'utf8')) as VectorFile))

/** The reference's input as a volume in memory: axial, at the origin, with its rescale and padding slice by slice. */
export function volumeOf(input: Input & { readonly pixels: SliceArray }): SyncVolume {
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
export function territoriesOf(input: Input): TerritoryMap | null {
  return input.labels ? { scalarData: input.labels, names: DEFAULT_TERRITORY_NAMES } : null
}
