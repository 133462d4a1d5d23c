/** A tiny CT series of known calcium on disk: soft tissue with blocks of a given HU, written by the package's own writer. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { writeCtSlice } from '../../bindings/dicom/write.js'
import { writeNifti } from '../../bindings/nifti/index.js'
import type { Geometry } from '../../bindings/volume/geometry.js'

export const ROWS = 24
export const COLUMNS = 32
export const PIXEL_MM = 0.5
export const INCREMENT_MM = 3

/** A block of calcium: rows and columns from..to (exclusive), slices from..to (exclusive), HU. */
export interface Block {
  readonly rows: readonly [number, number]
  readonly columns: readonly [number, number]
  readonly slices: readonly [number, number]
  readonly hu: number
}

/** 4 x 4 pixels of 0.25 mm2 at 150 HU on three slices: 4 mm2 x 1 x 3 slices = 12; volume 36 mm3. */
export const WEAK: Block = { rows: [4, 8], columns: [4, 8], slices: [3, 6], hu: 150 }
/** 2 x 4 pixels at 500 HU on one slice: 2 mm2 x 4 = 8; volume 6 mm3. */
export const DENSE: Block = { rows: [12, 14], columns: [20, 24], slices: [5, 6], hu: 500 }
/** One pixel: below 1 mm2. */
export const SPECK: Block = { rows: [20, 21], columns: [10, 11], slices: [4, 5], hu: 300 }

export interface SeriesOptions {
  readonly seed?: string
  readonly slices?: number
  readonly blocks?: readonly Block[]
  readonly patientName?: string
  readonly kvp?: number
  readonly thicknessMm?: number
  readonly imageType?: readonly string[]
}

export const geometryOf = (slices: number): Geometry => ({
  rows: ROWS,
  columns: COLUMNS,
  slices,
  pixelSpacingMm: [PIXEL_MM, PIXEL_MM],
  rowCosines: [1, 0, 0],
  columnCosines: [0, 1, 0],
  normal: [0, 0, 1],
  positions: Array.from({ length: slices }, (_, k) => [-8, -6, k * INCREMENT_MM] as const),
  incrementMm: INCREMENT_MM,
  thicknessMm: INCREMENT_MM,
})

/** Stored values of one slice: 40 HU, blocks, and a corner of air. */
export function slicePixels(k: number, blocks: readonly Block[]): Int16Array {
  const pixels = new Int16Array(ROWS * COLUMNS).fill(40)
  pixels.fill(-1000, 0, COLUMNS)
  for (const { rows, columns, slices, hu } of blocks) {
    if (k < slices[0] || k >= slices[1]) continue
    for (let row = rows[0]; row < rows[1]; row++)
      pixels.fill(hu, row * COLUMNS + columns[0], row * COLUMNS + columns[1])
  }
  return pixels
}

/** The files of a series, by name. */
export function seriesFiles(options: SeriesOptions = {}): Map<string, Uint8Array> {
  const { slices = 32, blocks = [WEAK, DENSE, SPECK], seed = 'test series' } = options
  const { positions } = geometryOf(slices)
  const files = new Map<string, Uint8Array>()
  for (let k = 0; k < slices; k++) {
    const bytes = writeCtSlice({
      series: {
        seed,
        patientName: options.patientName ?? 'TEST^SERIES',
        patientId: 'TEST',
        date: '20200101',
        time: '120000',
        studyDescription: 'test',
        seriesDescription: 'test',
        manufacturer: 'TEST',
        modelName: 'TEST',
        softwareVersion: '1',
        kvp: options.kvp ?? 120,
        kernel: 'SOFT',
        scanOptions: ['ECG_GATED'],
        thicknessMm: options.thicknessMm ?? INCREMENT_MM,
        incrementMm: INCREMENT_MM,
        pixelSpacingMm: [PIXEL_MM, PIXEL_MM],
        rowCosines: [1, 0, 0],
        columnCosines: [0, 1, 0],
        rescale: { slope: 1, intercept: 0 },
        bitsStored: 16,
        ...(options.imageType ? { imageType: options.imageType } : {}),
      },
      instanceNumber: k + 1,
      rows: ROWS,
      columns: COLUMNS,
      pixels: slicePixels(k, blocks),
      positionMm: positions[k]!,
    })
    files.set(`IM${String(k + 1).padStart(4, '0')}`, bytes)
  }
  return files
}

/** A label map: the label of each block, in a margin of two pixels and all slices around it. */
export function labelMap(labels: readonly (readonly [block: Block, label: number])[], slices = 32): Uint8Array {
  const data = new Uint8Array(ROWS * COLUMNS * slices)
  for (const [{ rows, columns }, label] of labels) {
    for (let k = 0; k < slices; k++)
      for (let row = rows[0] - 2; row < rows[1] + 2; row++)
        data.fill(label, (k * ROWS + row) * COLUMNS + columns[0] - 2, (k * ROWS + row) * COLUMNS + columns[1] + 2)
  }
  return writeNifti({ data, geometry: geometryOf(slices), gzip: true })
}

/** A folder that is gone after the file's tests. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'agatston-test-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export function writeAll(folder: string, files: ReadonlyMap<string, Uint8Array>): string {
  mkdirSync(folder, { recursive: true })
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes)
  return folder
}
