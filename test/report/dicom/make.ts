/** Series, results and pixels to derive objects from: phantoms, a real scan where it is there, enhanced objects. */
import { DataSet } from '../../../bindings/dicom/dataset.js'
import { type DicomSource, type DicomVolume, readSeries } from '../../../bindings/dicom/index.js'
import { DEFAULT_LIMITS } from '../../../bindings/dicom/limits.js'
import { openObject } from '../../../bindings/dicom/open.js'
import { type ScoreOptions, createEngine } from '../../../bindings/index.js'
import { type PhantomOptions, makePhantom } from '../../../bindings/phantom/index.js'
import { type DicomObject, type ReportSource, openSource } from '../../../bindings/report/dicom/index.js'
import { type LesionPixels, lesionPixels } from '../../../bindings/report/lesion-pixels.js'
import type { Result } from '../../../bindings/score/result.js'
import type { TerritoryMap } from '../../../bindings/volume/territory.js'
import { type Edits, ENHANCED_CT, ctElements, encodeFile, enhancedElements, source as file } from '../../dicom/make.js'

const engine = await createEngine()

/** Everything a derived object is made from. */
export interface Study {
  readonly volume: DicomVolume
  readonly result: Result
  readonly source: ReportSource
  readonly pixels: LesionPixels
  readonly files: readonly DicomSource[]
}

export async function studyOf(
  files: readonly DicomSource[],
  options: ScoreOptions,
  accept: readonly 'NOT_ORIGINAL'[] = [],
): Promise<Study> {
  const volume = await readSeries(files, { accept })
  const result = await engine.score(volume, { hash: true, ...options })
  const pixels = await lesionPixels(result, volume, options.territories)
  return { volume, result, source: await openSource(volume), pixels, files }
}

/** A torso of 203 x 201 pixels: frames that are no whole number of bytes. */
export async function phantomStudy(options: PhantomOptions = {}): Promise<Study> {
  const phantom = makePhantom({ seed: 1, columns: 201, rows: 203, slices: 48, spacingMm: [1.2, 1.2, 2.5], ...options })
  const files = [...phantom.dicomFiles()].map(({ name, bytes }) => ({ name, data: bytes }))
  return studyOf(files, { territories: phantom.territories, massFactor: 0.0007 })
}

export const SIDE = 8

/** Territories by column: LM left, own names and valves beside it, nothing at the right. */
export function stripes(names: readonly (string | null)[], slices: number): TerritoryMap {
  const scalarData = new Uint8Array(SIDE * SIDE * slices)
  const wide = SIDE / names.length
  for (let i = 0; i < scalarData.length; i++) {
    const n = Math.floor((i % SIDE) / wide)
    scalarData[i] = names[n] === null ? 0 : n + 1
  }
  return { scalarData, names: Object.fromEntries(names.flatMap((name, n) => (name === null ? [] : [[n + 1, name]]))) }
}

/** Slices of a study with a date and a number. */
export const slicesOf = (count: number, edits: Edits = {}) =>
  Array.from({ length: count }, (_, k) => ctElements(k, { ...DATED, ...edits }))
const DATED: Edits = {
  0x00080020: { vr: 'DA', value: '20260214' },
  0x00080030: { vr: 'TM', value: '091500' },
  0x00080050: { vr: 'SH', value: 'A-17' },
}

/** One enhanced object, its frames from the last slice to the first. */
export async function enhancedStudy(names: readonly (string | null)[], edits: Edits = {}): Promise<Study> {
  const elements = enhancedElements(slicesOf(34, edits).reverse(), { sopClass: ENHANCED_CT })
  return studyOf([file(encodeFile(elements), 'enhanced.dcm')], { territories: stripes(names, 34) })
}

/** The data set of an object. */
export const setOf = ({ bytes }: Pick<DicomObject, 'bytes'>): DataSet =>
  DataSet.read(openObject(bytes, 'object.dcm', DEFAULT_LIMITS)!)

/** Territory names by label id that the segmentation of a result should be read back as: one label a pixel of counted pieces. */
export function expectedLabels({ result, pixels, volume }: Study): (string | null)[] {
  const { rows, columns, slices } = volume.geometry
  const labels: (string | null)[] = Array.from({ length: rows * columns * slices }, () => null)
  const pieces = result.lesions.flatMap((lesion) => lesion.pieces)
  for (const k of pixels.slices) {
    pixels.slice(k).forEach((piece, at) => {
      if (piece > 0 && pieces[piece - 1]!.counted) labels[k * rows * columns + at] = pieces[piece - 1]!.territory
    })
  }
  return labels
}

/** Labels with the names they stand for. */
export const namedLabels = ({ scalarData, names }: TerritoryMap): (string | null)[] =>
  Array.from(scalarData, (label) => (label === 0 ? null : names[label]!))
