/** A phantom as DICOM files. The identity is plainly synthetic, dates are fixed, and every UID comes from the parameters. */
import { type CtSeries, seriesUids, writeCtSlice } from '../dicom/write.js'
import type { SyncVolume } from '../volume/volume.js'
import type { Grid } from './grid.js'
import type { CheckedOptions } from './options.js'

/** Raise when the same options give other pixels: UIDs, truth and pinned hashes hang on it. */
export const GENERATOR_VERSION = 1

export const MANUFACTURER = 'AGATSTON PHANTOM'
export const KERNEL = 'SYNTHETIC-SOFT'
/** Stored = HU + 1024, in 12 bits. */
export const INTERCEPT = -1024

/** The text all UIDs of a phantom come from. */
function seedText(o: CheckedOptions): string {
  const { kind, seed, columns, rows, slices, spacingMm, noiseHu } = o
  return `phantom ${GENERATOR_VERSION} ${kind} ${seed} ${columns} ${rows} ${slices} ${spacingMm.join(' ')} ${noiseHu}`
}

/** Study and series UIDs of the phantom's files. */
export const phantomUids = (o: CheckedOptions): ReturnType<typeof seriesUids> => seriesUids(seedText(o))

export function* dicomFiles(
  o: CheckedOptions,
  grid: Grid,
  volume: SyncVolume,
): Generator<{ readonly name: string; readonly bytes: Uint8Array }> {
  const series = seriesOf(o, grid)
  const digits = String(o.slices).length
  for (let k = 0; k < o.slices; k++) {
    const pixels = new Uint16Array(o.rows * o.columns)
    volume.readSlice(k, pixels)
    const bytes = writeCtSlice({
      series,
      instanceNumber: k + 1,
      rows: o.rows,
      columns: o.columns,
      pixels,
      positionMm: volume.geometry.positions[k]!,
      syntax: o.syntax,
    })
    yield { name: `${o.kind}-${String(k + 1).padStart(Math.max(digits, 3), '0')}.dcm`, bytes }
  }
}

function seriesOf(o: CheckedOptions, grid: Grid): CtSeries {
  const [dx, dy, dz] = grid.spacingMm
  return {
    seed: seedText(o),
    patientName: `PHANTOM^${o.kind.toUpperCase()}`,
    patientId: `PHANTOM-${o.kind.toUpperCase()}-${o.seed}`,
    patientSex: 'O',
    patientAge: '060Y',
    date: '20200101',
    time: '120000',
    studyDescription: 'Synthetic calcium score phantom',
    seriesDescription: `CaSc ${o.kind} seed ${o.seed}`,
    manufacturer: MANUFACTURER,
    modelName: o.kind.toUpperCase(),
    softwareVersion: String(GENERATOR_VERSION),
    kvp: 120,
    kernel: KERNEL,
    scanOptions: ['ECG_GATED'],
    reconstructionDiameterMm: Math.max(dx * o.columns, dy * o.rows),
    thicknessMm: dz,
    incrementMm: dz,
    pixelSpacingMm: [dy, dx],
    rowCosines: [1, 0, 0],
    columnCosines: [0, 1, 0],
    rescale: { slope: 1, intercept: INTERCEPT },
    bitsStored: 12,
    window: [40, 400],
  }
}
