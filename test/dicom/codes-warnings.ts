/** Every warning code, and what provokes it on a scan with calcium and on its twin without (see `codes`). */
import type { WarningCode } from '../../bindings/base/errors.js'
import { htj2kEncoder } from '../codecs/encode.js'
import { shapeOf } from '../codecs/own.js'
import { zip } from './archive.js'
import { type NotYet, type Study, all, one, series, territoriesOf } from './codes.js'
import { encapsulated } from './encode.js'
import { ctElements, encodeElements, encodeFile, source } from './make.js'
import {
  AMID,
  AORTA,
  INTERCEPT,
  type Paint,
  SLICES,
  type Twin,
  amid,
  isIn,
  placed,
  storedOf,
  twinFile,
  twinSeries,
  wordBytes,
} from './twins.js'

export interface WarningRow {
  readonly by: string
  readonly study: (twin: Twin) => Study | Promise<Study>
  /** Other warnings of the same study, by necessity. On the zero twin `ZERO_UNVERIFIED` is looked for apart. */
  readonly also?: readonly WarningCode[]
  /** Total of the twin with calcium; default 81. That without has 0 whatever is done to it. */
  readonly score?: number
  /** Where only one of the twins can show it. */
  readonly only?: Twin
  /** A zero under this warning is none that can be relied on. */
  readonly againstZero?: true
}

/** Between tissue and tissue, clear of what is scored. */
const LUNG = { rows: [44, 64], columns: [35, 46] } as const
const AORTA_CENTRE = { rows: [52, 60], columns: [52, 60] } as const
const inAorta =
  (hu: number, box: typeof AORTA_CENTRE | typeof AORTA = AORTA_CENTRE): Paint =>
  (was, row, column, k) =>
    k === AMID && isIn(box, row, column) ? hu : was
const text = (vr: string, value: string): { readonly vr: string; readonly value: string } => ({ vr, value })

/** Pixels of one slice coded without a sign where the header says signed. */
async function withoutSign(twin: Twin): Promise<Study> {
  const encode = await htj2kEncoder()
  const frame = encode(Uint16Array.from(storedOf(twin, AMID)), shapeOf(64, 64))
  const coded = { uid: '1.2.840.10008.1.2.4.201' }
  return series({ edits: amid(encapsulated([frame])), file: (k) => (k === AMID ? coded : {}) })(twin)
}

export const WARNINGS: Readonly<Record<WarningCode, readonly WarningRow[] | NotYet>> = {
  SCOPE_WHOLE_IMAGE: [
    { by: 'the whole image', study: (twin) => ({ sources: twinSeries(twin), scope: 'whole-image' }) },
  ],
  CANDIDATES_UNCONFIRMED: { notYet: 'nothing suggests candidates yet' },
  KVP_NOT_120: [
    { by: '100 kV', study: series(all({ 0x00180060: '100' })) },
    { by: '119.4 kV', study: series(all({ 0x00180060: '119.4' })) },
  ],
  KVP_MISSING: [{ by: 'no voltage on one slice', study: series(one({ 0x00180060: '' })) }],
  SPECTRAL: [
    { by: 'a tin filter', study: series(all({ 0x00187050: text('CS', 'TIN') })) },
    {
      by: 'monoenergetic at 70 keV',
      study: series(all({ 0x00080008: 'ORIGINAL\\PRIMARY\\AXIAL\\MONOE_70KEV' })),
    },
  ],
  THICKNESS_NOT_2_5_TO_3: [
    {
      by: 'slices of 3.1 mm',
      study: series({ edits: (k) => ({ ...placed(3.1 * k), 0x00180050: '3.1' }) }),
      score: (81 * 3.1) / 3,
    },
  ],
  SLICES_OVERLAP: [{ by: 'slices of 3.1 mm every 3 mm', study: series(all({ 0x00180050: '3.1' })) }],
  SLICES_GAP: [{ by: 'slices of 2.9 mm every 3 mm', study: series(all({ 0x00180050: '2.9' })), againstZero: true }],
  SPACING_JITTER: [{ by: 'a slice 0.02 mm off its place', study: series(one(placed(3 * AMID + 0.02))) }],
  SPACING_TAG_MISMATCH: [
    { by: 'SpacingBetweenSlices 2.9', study: series(all({ 0x00180088: text('DS', '2.9') })) },
    { by: 'SliceLocation out of step', study: series({ edits: (k) => ({ 0x00201041: text('DS', `${2 * k}`) }) }) },
    // 64 pixels of 0.5 mm are 32 mm: half of a picture of 64 mm, or all of it at half the pixels it has.
    { by: 'a ReconstructionDiameter of 64 mm', study: series(all({ 0x00181100: text('DS', '64') })) },
  ],
  GANTRY_TILT_SLIGHT: [
    {
      by: 'positions 0.5 degrees off the normal',
      study: series({ edits: (k) => placed(3 * k, 3 * k * Math.tan(Math.PI / 360)) }),
    },
  ],
  NOT_GATED: [{ by: 'no scan option', study: series(all({ 0x00180022: null })) }],
  KERNEL_SHARP: [{ by: 'B70f', study: series(all({ 0x00181210: 'B70f' })) }],
  FOV_WIDE: [
    {
      by: 'pixels of 4.8 mm: a field of 307 mm',
      study: series(all({ 0x00280030: '4.8\\4.8' })),
      also: ['PIXELS_LARGE'],
      score: 36 * 4.8 * 4.8 * 3 * 3,
    },
  ],
  PIXELS_LARGE: [
    { by: 'pixels of 1.01 mm', study: series(all({ 0x00280030: '1.01\\1.01' })), score: 36 * 1.01 * 1.01 * 3 * 3 },
  ],
  COVERAGE_SHORT: [
    { by: '29 slices: 87 mm', study: series({ slices: 29 }), againstZero: true },
    {
      by: 'a counted lesion on the first slice',
      study: (twin) => ({ sources: twinSeries(twin).slice(AMID), read: {} }),
      also: ['COUNT_UNVERIFIED'],
      score: 54,
      againstZero: true,
    },
  ],
  COUNT_UNVERIFIED: [{ by: 'nobody says how many', study: series({}, {}) }],
  NOISE_HIGH: [{ by: 'a noise of 40 HU', study: series({ noiseHu: 40 }), againstZero: true }],
  SATURATED: [{ by: '3071 HU in the aorta', study: series({ paint: inAorta(3071) }), also: ['METAL'] }],
  METAL: [{ by: '2500 HU in the aorta', study: series({ paint: inAorta(2500) }) }],
  HU_CALIBRATION: [
    // Calcium of 300 HU then measures 150: weight 1 instead of 3.
    { by: 'an intercept 150 HU too low', study: series(all({ 0x00281052: '-1250' })), score: 27, againstZero: true },
    {
      // Air at -850 around a body with lung in it, soft tissue in its place; calcium then measures 255: weight 2 instead of 3.
      by: 'a slope of 0.85 about water',
      study: series({
        edits: () => ({ 0x00281052: String(0.85 * INTERCEPT), 0x00281053: '0.85' }),
        paint: (hu, row, column) => (isIn(LUNG, row, column) ? hu - 740 : hu),
      }),
      score: 54,
      againstZero: true,
    },
  ],
  CONTRAST_RESIDUAL: { notYet: 'nothing knows where the blood is yet' },
  LOSSY: [{ by: 'a compression ratio', study: series(one({ 0x00282112: text('DS', '3') })) }],
  NOT_ORIGINAL: [{ by: 'a reformat', study: series(all({ 0x00080008: 'DERIVED\\PRIMARY\\MPR' })) }],
  PADDING_IN_FIELD: [
    {
      by: 'a hole of padding in the tissue of one slice',
      study: series({
        edits: () => ({ 0x00280120: { vr: 'SS', value: [0] } }),
        paint: (hu, row, column, k) => (k === AMID && row === 40 && column > 52 && column < 58 ? INTERCEPT : hu),
      }),
      againstZero: true,
    },
  ],
  BITS_UNUSED_NONZERO: [
    {
      by: 'something above the 12 stored bits',
      study: (twin) =>
        series({
          edits: (k) => ({
            0x00280101: [12],
            0x00280102: [11],
            0x00280103: [0],
            0x7fe00010: wordBytes(storedOf(twin, k).map((value, i) => value | ((i % 16) << 12))),
          }),
        })(twin),
    },
  ],
  PIXEL_SIGN_MISMATCH: [{ by: 'a codestream without sign under a header with one', study: withoutSign }],
  RESCALE_VARIES: [
    {
      by: 'another intercept on one slice, and stored values to it',
      study: (twin) =>
        series(one({ 0x00281052: '-1200', 0x7fe00010: wordBytes(storedOf(twin, AMID, {}, -1200)) }))(twin),
    },
  ],
  TAG_ORDER: [
    {
      by: 'an element of group 0018 after the pixels',
      study: series({
        file: (k) => (k === AMID ? { tail: encodeElements({ 0x00181030: text('LO', 'CANARY') }, 'explicit') } : {}),
      }),
    },
  ],
  PREAMBLE_EXECUTABLE: [
    {
      by: 'a preamble that begins with MZ',
      study: series({
        file: (k) => (k === AMID ? { preamble: Uint8Array.from({ length: 128 }, (_, i) => [77, 90][i] ?? 0) } : {}),
      }),
    },
  ],
  IMAGE_EXCLUDED: [
    {
      by: 'a zip archive beside the slices',
      study: (twin) => ({
        sources: [...twinSeries(twin), source(zip([{ name: 'CT0035.dcm', data: new Uint8Array(9) }]), 'more.zip')],
        read: { expectedSlices: SLICES },
      }),
    },
    {
      by: 'a localizer in the series',
      study: (twin) => ({
        sources: [
          ...twinSeries(twin),
          source(
            encodeFile(
              ctElements(200, { 0x00080008: 'ORIGINAL\\PRIMARY\\LOCALIZER', 0x00200037: '1\\0\\0\\0\\0\\-1' }),
            ),
            'SCOUT.dcm',
          ),
        ],
        read: { expectedSlices: SLICES },
      }),
    },
  ],
  SLICES_IDENTICAL_DROPPED: [
    {
      by: 'a slice twice',
      study: (twin) => ({
        sources: [...twinSeries(twin), { ...twinFile(twin, AMID), name: 'AGAIN.dcm' }],
        read: { expectedSlices: SLICES },
      }),
    },
  ],
  CATEGORY_NEAR_EDGE: { notYet: 'no sensitivity band is computed yet' },
  ZERO_UNVERIFIED: [
    {
      by: 'no coronary territory in the map',
      study: (twin) => ({
        sources: twinSeries(twin),
        scope: (volume) => ({ ...territoriesOf(volume), names: { 2: 'OTHER', 7: 'AORTA' } }),
      }),
      score: 0,
    },
    { by: 'a zero in noise', study: series({ noiseHu: 40 }), also: ['NOISE_HIGH'], only: 'zero' },
  ],
  ACCEPTED: [
    {
      by: 'contrast accepted',
      study: series(one({ 0x00180010: 'IOHEXOL' }), { accept: ['CONTRAST_GIVEN'], expectedSlices: SLICES }),
    },
  ],
}
