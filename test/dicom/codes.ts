/**
 * Every code there is, and what provokes it: one fault each, done to a small scan with calcium and to its twin without. A code
 * without a row does not compile, and does not pass the test either. Here stand the refusals; warnings and faults of the
 * runtime are in `codes-warnings` and `codes-faults`.
 */
import type { RefusalCode } from '../../bindings/base/errors.js'
import type { Assignment } from '../../bindings/score/result.js'
import { type DicomSource, type DicomVolume, type ReadOptions, readMasks } from '../../bindings/dicom/index.js'
import type { TerritoryMap } from '../../bindings/volume/territory.js'
import { encapsulated, rle } from './encode.js'
import { encodeFile, source } from './make.js'
import { gridOf, segFile } from './masks.js'
import {
  AMID,
  SLICES,
  type Twin,
  type TwinOptions,
  amid,
  placed,
  storedOf,
  twinElements,
  twinFile,
  twinLabels,
  twinSeries,
  wordBytes,
} from './twins.js'

/** Files and how they are read and scored. */
export interface Study {
  readonly sources: readonly DicomSource[]
  /** Default: as many slices are expected as there are files. */
  readonly read?: ReadOptions
  /** What is scored: default the LAD and the aorta of the twins. Null: nothing says it. */
  readonly clicks?: readonly Assignment[]
  readonly kvpAdapted?: true
  readonly scope?: 'whole-image' | ((volume: DicomVolume) => TerritoryMap | Promise<TerritoryMap>) | null
}

export interface RefusalRow {
  /** What is done to the scan. */
  readonly by: string
  readonly study: (twin: Twin) => Study
  /** Other refusals of the same study, by necessity. */
  readonly also?: readonly RefusalCode[]
  /** Total where the code is accepted; default that of the twin. */
  readonly accepted?: Readonly<Record<Twin, number>>
}

/** A code that nothing throws yet, and why. */
export interface NotYet {
  readonly notYet: string
}

export const isNotYet = (rows: readonly unknown[] | NotYet): rows is NotYet => 'notYet' in rows

/** The territories of the twins on a volume. */
export const territoriesOf = ({ geometry: { rows, columns, slices } }: DicomVolume): TerritoryMap => ({
  scalarData: twinLabels(rows, columns, slices),
  names: { 2: 'Coronary arteries', 7: 'AORTA' },
})

export const series =
  (options: TwinOptions, read?: ReadOptions) =>
  (twin: Twin): Study => ({ sources: twinSeries(twin, options), ...(read ? { read } : {}) })

/** One attribute of every slice. */
export const all = (edits: ReturnType<NonNullable<TwinOptions['edits']>>): TwinOptions => ({ edits: () => edits })
/** One attribute of a slice amid the calcium. */
export const one = (edits: ReturnType<NonNullable<TwinOptions['edits']>>): TwinOptions => ({ edits: amid(edits) })

/** One file of the series replaced. */
const swapped = (twin: Twin, file: DicomSource): DicomSource[] => twinSeries(twin).with(AMID, file)
const RLE = { uid: '1.2.840.10008.1.2.5' }

/** The slice amid as RLE, its frame changed. */
export const rleFile = (twin: Twin, change = (frame: Uint8Array): Uint8Array => frame): DicomSource => {
  const frame = change(rle(storedOf(twin, AMID)))
  const elements = twinElements(twin, AMID, { edits: () => encapsulated([frame]) })
  return source(encodeFile(elements, RLE), `CT${String(AMID).padStart(4, '0')}.dcm`)
}

/** HU of a label map: 1 tissue, 0 air, 200 calcium. */
const labelled = (hu: number): number => (hu === 300 ? 200 : hu > -500 ? 1 : 0)

export const REFUSALS: Readonly<Record<RefusalCode, readonly RefusalRow[] | NotYet>> = {
  NOT_DICOM: [
    {
      by: 'texts in place of the slices',
      study: (twin) => ({
        sources: twinSeries(twin).map(({ name }) => source(new TextEncoder().encode(name.repeat(100)), `${name}.txt`)),
      }),
    },
  ],
  PARSE_FAILED: [
    {
      by: 'a slice that ends one byte early',
      study: (twin) => {
        const file = twinFile(twin, AMID)
        return { sources: swapped(twin, { ...file, data: (file.data as Uint8Array).subarray(0, -1) }) }
      },
      also: ['SLICES_MISSING', 'SERIES_INCOMPLETE'],
    },
    { by: 'a position of two numbers', study: series(one({ 0x00200032: '1\\2' })) },
    {
      by: 'an empty file named like a slice beside a series nobody counted',
      study: (twin) => ({ sources: [...twinSeries(twin), source(new Uint8Array(0), 'CT9999.dcm')], read: {} }),
    },
  ],
  LIMIT_EXCEEDED: [
    { by: 'one slice more than the limit', study: series({}, { limits: { slices: SLICES - 1 } }) },
    { by: '4097 rows', study: series(one({ 0x00280010: [4097] })) },
  ],
  MODALITY_NOT_CT: [
    { by: 'MR', study: series(all({ 0x00080060: 'MR' })) },
    { by: 'the SOP class of MR', study: series(all({ 0x00080016: '1.2.840.10008.5.1.4.1.1.4' })) },
  ],
  LOCALIZER_ONLY: [{ by: 'localizers', study: series(all({ 0x00080008: 'ORIGINAL\\PRIMARY\\LOCALIZER' })) }],
  SERIES_AMBIGUOUS: [
    {
      by: 'a second series',
      study: (twin) => ({
        sources: [
          ...twinSeries(twin),
          ...twinSeries(twin, { edits: (k) => ({ 0x0020000e: '1.2.3.22', 0x00080018: `1.2.3.5.${k}` }) }),
        ],
        read: { expectedSlices: SLICES },
      }),
    },
  ],
  PATIENT_MIXED: [{ by: 'another patient amid', study: series(one({ 0x00100020: 'CANARYTWO' })) }],
  SERIES_MIXED: [
    { by: 'two kernels', study: series(one({ 0x00181210: 'B30f' })) },
    {
      by: 'a slice amid that calls itself a localizer',
      study: series(one({ 0x00080008: 'ORIGINAL\\PRIMARY\\LOCALIZER' }), { expectedSlices: SLICES - 1 }),
      also: ['SLICES_MISSING'],
      // What calls itself a localizer stays out: the middle one of three slices with calcium.
      accepted: { calcium: 54, zero: 0 },
    },
  ],
  SYNTAX_UNSUPPORTED: [
    { by: 'JPEG baseline', study: series({ file: () => ({ uid: '1.2.840.10008.1.2.4.50' }) }) },
    {
      by: 'a private syntax on one slice',
      study: series({ file: (k) => (k === AMID ? { uid: '1.2.840.113619.5.2' } : {}) }),
      also: ['SLICES_MISSING', 'SERIES_INCOMPLETE'],
    },
  ],
  PIXELS_MISSING: [{ by: 'no pixels on one slice', study: series(one({ 0x7fe00010: null })) }],
  PIXELS_SHORT: [
    { by: 'one row less on one slice', study: series(one({ 0x7fe00010: new Uint8Array(64 * 63 * 2) })) },
    {
      by: 'a coded frame without its last byte',
      study: (twin) => ({
        sources: swapped(
          twin,
          rleFile(twin, (frame) => frame.slice(0, -8)),
        ),
      }),
    },
  ],
  PIXELS_CORRUPT: [
    {
      by: 'a coded frame of three segments',
      study: (twin) => ({
        sources: swapped(
          twin,
          rleFile(twin, (frame) => Uint8Array.from(frame, (byte, i) => (i === 0 ? 3 : byte))),
        ),
      }),
    },
  ],
  PIXEL_FORMAT: [
    { by: 'MONOCHROME1', study: series(one({ 0x00280004: 'MONOCHROME1' })) },
    { by: '32 bits', study: series(one({ 0x00280100: [32] })) },
  ],
  RESCALE_MISSING: [
    { by: 'no slope', study: series(one({ 0x00281053: null })) },
    { by: 'no intercept', study: series(one({ 0x00281052: '' })) },
  ],
  RESCALE_INVALID: [
    { by: 'slope 0', study: series(one({ 0x00281053: '0' })) },
    { by: 'a decimal comma', study: series(one({ 0x00281053: '1,0' })) },
  ],
  RESCALE_TYPE_NOT_HU: [{ by: 'unit unspecified', study: series(all({ 0x00281054: 'US' })) }],
  GEOMETRY_MISSING: [
    { by: 'no position', study: series(one({ 0x00200032: null })) },
    { by: 'no orientation', study: series(one({ 0x00200037: null })) },
    {
      by: 'ImagerPixelSpacing only',
      study: series(one({ 0x00280030: null, 0x00181164: { vr: 'DS', value: '0.5\\0.5' } })),
    },
  ],
  GEOMETRY_MIXED: [{ by: 'another pixel spacing on one slice', study: series(one({ 0x00280030: '0.5\\0.51' })) }],
  NOT_AXIAL: [
    {
      by: 'coronal slices',
      study: series({
        edits: (k) => ({ 0x00200037: '1\\0\\0\\0\\0\\-1', 0x00200032: `-100\\${3 * k}\\100` }),
      }),
    },
  ],
  SLICES_DUPLICATE: [
    {
      by: 'a slice amid the calcium twice, with other pixels',
      study: (twin) => ({
        sources: [
          ...twinSeries(twin),
          twinFile(twin, AMID, {
            edits: () => ({ 0x00080018: '1.2.3.9.1', 0x7fe00010: wordBytes(storedOf('zero', AMID + 9)) }),
          }),
        ],
        read: { expectedSlices: SLICES },
      }),
    },
    { by: 'one SOPInstanceUID on all slices', study: series(all({ 0x00080018: '1.2.3.4.999' })) },
    { by: 'the SOPInstanceUID of another slice amid', study: series(one({ 0x00080018: '1.2.3.4.1' })) },
  ],
  SLICES_MISSING: [
    {
      by: 'a slice amid the calcium not there',
      study: (twin) => ({ sources: twinSeries(twin).toSpliced(AMID, 1) }),
      accepted: { calcium: 54, zero: 0 },
    },
  ],
  SPACING_IRREGULAR: [{ by: 'a slice 0.2 mm off its place', study: series(one(placed(3 * AMID + 0.2))) }],
  SERIES_INCOMPLETE: [
    { by: 'one slice more expected', study: series({}, { expectedSlices: SLICES + 1 }) },
    {
      by: 'the header tells of one instance more',
      study: series(all({ 0x00201209: { vr: 'IS', value: String(SLICES + 1) } })),
    },
  ],
  GANTRY_TILT: [
    {
      by: 'positions 2 degrees off the normal',
      study: series({ edits: (k) => placed(3 * k, 3 * k * Math.tan(Math.PI / 90)) }),
    },
  ],
  TOO_FEW_SLICES: [
    {
      by: 'one slice',
      study: (twin) => ({ sources: [twinFile(twin, AMID)], read: { expectedSlices: 1, incrementMm: 3 } }),
      accepted: { calcium: 27, zero: 0 },
    },
  ],
  CONTRAST_GIVEN: [
    { by: 'an agent on one slice', study: series(one({ 0x00180010: 'IOHEXOL' })) },
    { by: 'a volume', study: series(all({ 0x00181041: { vr: 'DS', value: '70' } })) },
  ],
  NOT_ORIGINAL: [
    { by: 'secondary', study: series(all({ 0x00080008: 'ORIGINAL\\SECONDARY\\AXIAL' })) },
    { by: 'a projection amid', study: series(one({ 0x00080008: 'DERIVED\\PRIMARY\\MIP' })) },
  ],
  LOSSY: [{ by: '(0028,2110) is 01 on one slice', study: series(one({ 0x00282110: { vr: 'CS', value: '01' } })) }],
  NOT_HU: [
    {
      by: 'a label map in place of HU',
      study: series({ paint: labelled }),
      accepted: { calcium: 54, zero: 0 },
    },
  ],
  TERRITORY_MISMATCH: [
    {
      by: 'a segmentation of another frame of reference',
      study: (twin) => ({
        sources: twinSeries(twin),
        scope: async (volume) => {
          const { rows, columns, slices } = volume.geometry
          const grid = { ...gridOf([rows, columns, slices]), ...volume.geometry }
          const pixels = twinLabels(rows, columns, slices).map((label) => Number(label === 2))
          const seg = segFile(grid, [{ number: 1, label: 'LAD', pixels }], {
            edits: { 0x00200052: '1.2.3.77' },
          })
          return (await readMasks([{ name: 'seg.dcm', data: seg }], volume)).territories
        },
      }),
    },
  ],
  SCOPE_MISSING: [{ by: 'neither masks nor a scope', study: (twin) => ({ sources: twinSeries(twin), scope: null }) }],
  REGION_NOT_FOUND: { notYet: 'nothing looks for the heart yet' },
  ASSIGNMENT_MISSED: [
    {
      by: 'a click on soft tissue',
      study: (twin) => ({ sources: twinSeries(twin), clicks: [{ slice: 0, row: 1, column: 1, territory: 'LAD' }] }),
    },
    {
      by: 'a click on an image of another series',
      study: (twin) => ({
        sources: twinSeries(twin),
        clicks: [{ sopInstanceUid: '1.2.3.4', row: 1, column: 1, exclude: 'a stent' }],
      }),
    },
  ],
  KVP_UNSUPPORTED: [
    {
      by: 'a voltage between two ladders',
      study: (twin) => ({ ...series(all({ 0x00180060: '110' }))(twin), kvpAdapted: true }),
    },
  ],
}
