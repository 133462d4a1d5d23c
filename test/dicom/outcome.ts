/** What became of a read, in the terms tests compare: codes, or stored values. */
import { expect } from 'vitest'
import { AgatstonError, type Details } from '../../bindings/base/errors.js'
import {
  type DicomSource,
  type DicomVolume,
  type ReadOptions,
  type SeriesInspection,
  inspectSeries,
  readSeries,
} from '../../bindings/dicom/index.js'

/** The one series of these files, inspected. */
export async function only(sources: readonly DicomSource[], options: ReadOptions = {}): Promise<SeriesInspection> {
  const { series } = await inspectSeries(sources, options)
  expect(series).toHaveLength(1)
  return series[0]!
}

export const refusalsOf = async (sources: readonly DicomSource[], options: ReadOptions = {}): Promise<string[]> =>
  (await only(sources, options)).refusals.map(({ code }) => code)

export const warningsOf = async (sources: readonly DicomSource[], options: ReadOptions = {}): Promise<string[]> =>
  (await only(sources, options)).warnings.map(({ code }) => code)

/** The error a read ends in. Fails where it succeeds or throws anything else. */
export async function failure(sources: readonly DicomSource[], options: ReadOptions = {}): Promise<AgatstonError> {
  try {
    await readSeries(sources, options)
  } catch (error) {
    expect(error).toBeInstanceOf(AgatstonError)
    return error as AgatstonError
  }
  throw new Error('the series was read; a refusal was expected')
}

export const code = async (sources: readonly DicomSource[], options: ReadOptions = {}): Promise<string> =>
  (await failure(sources, options)).code

/** All slices of a volume, in order. */
export async function valuesOf(volume: DicomVolume): Promise<number[][]> {
  const { rows, columns, slices } = volume.geometry
  const all: number[][] = []
  for (let k = 0; k < slices; k++) {
    const into = volume.pixelKind === 'int16' ? new Int16Array(rows * columns) : new Uint16Array(rows * columns)
    into.fill(4660)
    await volume.readSlice(k, into)
    all.push([...into])
  }
  return all
}

/** Everything a volume says of itself, for comparing. */
export async function portrait(volume: DicomVolume): Promise<Details> {
  const slices = Array.from({ length: volume.geometry.slices }, (_, k) => ({
    rescale: volume.rescale(k),
    padding: volume.padding(k),
    uid: volume.sopInstanceUid(k),
  }))
  const { geometry, pixelKind, warnings, accepted } = volume
  const { transferSyntaxes: _, ...facts } = volume.facts
  return { geometry, pixelKind, facts, warnings, accepted, slices, values: await valuesOf(volume) }
}

/** One slice alone is a series no one scores; tests of single files accept that. */
export const SINGLE: ReadOptions = { accept: ['TOO_FEW_SLICES'], incrementMm: 3 }
