/** Sound objects of every kind that is read: CT in each encoding, enhanced CT, segmentations, structure sets, directories, archives. */
import { deflateRawSync } from 'node:zlib'
import type { Geometry } from '../../bindings/volume/geometry.js'
import { zip } from '../dicom/archive.js'
import { encapsulated, rle } from '../dicom/encode.js'
import {
  ENHANCED_CT,
  type Edits,
  type Elements,
  type Syntax,
  ctElements,
  encodeElements,
  encodeFile,
  enhancedElements,
  join,
  pixels,
} from '../dicom/make.js'
import { dicomdir, patientRecord, seriesRecord } from '../dicom/medium.js'
import { CT, boxOf, code, contourOf, gridOf, rtFile, segFile } from '../dicom/masks.js'
import { encodeLossless } from '../reference/jpeg-lossless.js'
import { PATIENT } from './canary.js'

export interface ObjectSeed {
  readonly name: string
  readonly kind: 'image' | 'mask' | 'directory' | 'zip'
  readonly bytes: Uint8Array
  /** Of a deflated object: the file it is made from, which is changed half of the time instead. */
  readonly plain?: Uint8Array
}

/** What scanners write around the little that is scored: sequences of both lengths, private elements, an unknown one, text. */
const RICH: Edits = {
  ...PATIENT,
  0x00080005: { vr: 'CS', value: 'ISO_IR 100' },
  0x00081140: {
    vr: 'SQ',
    open: true,
    value: [{ 0x00081155: { vr: 'UI', value: '1.2.3.9' } }, { 0x00081199: { vr: 'SQ', value: [{}] } }],
  },
  0x00090010: { vr: 'LO', value: 'PRIVATE' },
  0x00091001: { vr: 'UN', value: Uint8Array.of(1, 2, 3, 4) },
  0x00180088: { vr: 'DS', value: '3' },
  0x00181100: { vr: 'DS', value: '4' },
  0x00200100: { vr: 'IS', value: '1' },
  0x00201041: { vr: 'DS', value: '100' },
  0x00280120: { vr: 'SS', value: [-2000] },
  0x00400275: { vr: 'SQ', value: [{ 0x00400007: { vr: 'LO', value: 'CALCIUM SCORE' } }] },
}
const rich = (edits: Edits = {}): Elements => ctElements(0, { ...RICH, ...edits })

/** The grid the masks of the seeds are made on. */
export const GRID: Geometry = gridOf([12, 10, 5])
export { CT as MASKED }

const LAD = code('SCT', '59438005', 'Anterior descending branch of left coronary artery')
const block = (rows: readonly [number, number], columns: readonly [number, number]): Uint8Array =>
  Uint8Array.from({ length: GRID.rows * GRID.columns * GRID.slices }, (_, i) => {
    const [column, row] = [i % GRID.columns, Math.floor(i / GRID.columns) % GRID.rows]
    return Number(row >= rows[0] && row < rows[1] && column >= columns[0] && column < columns[1])
  })

export function objectSeeds(): readonly ObjectSeed[] {
  const image = (name: string, bytes: Uint8Array): ObjectSeed => ({ name, kind: 'image', bytes })
  const words = Uint16Array.from(pixels(0))
  const lossless = encodeLossless(words, { rows: 8, columns: 8, precision: 16, selection: 1 })
  const slices = [0, 1, 2].map((k) => ctElements(k, PATIENT))
  const three = [0, 1, 2].map((k) => rle(pixels(k)))
  const frames = { ...enhancedElements(slices, { sopClass: ENHANCED_CT }) }
  const coded = (edits: Edits, uid: string): Uint8Array => encodeFile(rich(edits), { uid })
  const segments = [
    { number: 1, label: 'LAD', type: LAD, pixels: block([2, 6], [2, 5]) },
    { number: 2, label: 'RCA', pixels: block([7, 11], [5, 9]) },
  ]
  const contours = [0, 1, 2, 3, 4].map((k) => contourOf(GRID, k, boxOf(2, 2, 4, 3)))
  const syntaxes: readonly Syntax[] = ['implicit', 'explicit', 'big']
  const mask = (name: string, bytes: Uint8Array): ObjectSeed => ({ name, kind: 'mask', bytes })
  const ct = encodeFile(rich())
  return [
    ...syntaxes.map((syntax) => image(`ct ${syntax}`, encodeFile(rich(), { syntax }))),
    ...syntaxes.map((syntax) => image(`ct small ${syntax}`, encodeFile(ctElements(0, PATIENT), { syntax }))),
    image('ct without preamble', encodeFile(rich(), { preamble: null })),
    image('ct without meta', encodeElements(rich(), 'explicit')),
    {
      ...image('ct deflated', deflated(encodeElements(rich(), 'explicit'))),
      plain: encodeFile(rich(), { uid: DEFLATED }),
    },
    image('ct rle', coded(encapsulated([rle(words)], { table: 'basic' }), '1.2.840.10008.1.2.5')),
    image('ct rle extended table', coded(encapsulated([rle(words)], { table: 'extended' }), '1.2.840.10008.1.2.5')),
    image('ct lossless', coded(encapsulated([lossless]), '1.2.840.10008.1.2.4.70')),
    image(
      'ct lossless in fragments',
      coded(
        encapsulated([lossless], { split: (frame) => [frame.slice(0, 60), frame.slice(60)] }),
        '1.2.840.10008.1.2.4.57',
      ),
    ),
    ...syntaxes.map((syntax) => image(`enhanced ${syntax}`, encodeFile(frames, { syntax }))),
    image('legacy converted', encodeFile(enhancedElements(slices, { shared: [] }))),
    image(
      'enhanced rle',
      encodeFile(enhancedElements(slices, { edits: encapsulated(three, { table: 'basic' }) }), {
        uid: '1.2.840.10008.1.2.5',
      }),
    ),
    mask('seg binary', segFile(GRID, segments, { edits: PATIENT })),
    mask('seg fractional', segFile(GRID, segments.map((one) => ({ ...one, pixels: one.pixels.map((v) => v * 255) })), { kind: 'FRACTIONAL', edits: PATIENT })), // prettier-ignore
    mask('seg label map', segFile(GRID, segments, { kind: 'LABELMAP', edits: PATIENT, syntax: 'implicit' })),
    mask('rtstruct', rtFile([{ number: 1, name: 'LAD', contours }], { edits: PATIENT })),
    mask('rtstruct implicit', rtFile([{ number: 1, name: 'LAD', contours }], { edits: PATIENT, syntax: 'implicit' })),
    {
      name: 'dicomdir',
      kind: 'directory',
      bytes: dicomdir([patientRecord([seriesRecord('1.2.3.2', ['1.2.3.4.1', null])])]),
    },
    {
      name: 'zip',
      kind: 'zip',
      bytes: zip([
        { name: 'a/CT1.dcm', data: ct },
        { name: 'b/CT2.dcm', data: encodeFile(ctElements(1, PATIENT)), stored: true },
        { name: 'notes.txt', data: new TextEncoder().encode('text '.repeat(50)), descriptor: true },
      ]),
    },
  ]
}

const DEFLATED = '1.2.840.10008.1.2.1.99'

/** A file of this data set, deflated. */
export const deflated = (dataSet: Uint8Array): Uint8Array =>
  join([encodeFile({}, { uid: DEFLATED }), new Uint8Array(deflateRawSync(dataSet))])
