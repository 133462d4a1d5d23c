/**
 * Writing classic CT: one slice of pixels, one CT Image Storage file with every module of the IOD (PS3.3 A.3). Nothing comes
 * from a clock or a random source, so the same slice is the same file everywhere.
 */
import type { Vec3 } from '../base/vector.js'
import { checkOrientation } from '../volume/geometry.js'
import { type Element, type WriteSyntax, WRITE_SYNTAXES, decimalString, encodeFile } from './elements.js'
import { IMPLEMENTATION, uidFromText } from './uid.js'

export type { WriteSyntax } from './elements.js'
export { uidFromText } from './uid.js'

/** What the slices of one series share. Text is ASCII. Dates are YYYYMMDD, times HHMMSS. */
export interface CtSeries {
  /** UIDs of study, series, frame of reference and instances are made from this text. One text, one series. */
  readonly seed: string
  readonly patientName: string
  readonly patientId: string
  readonly patientSex?: 'M' | 'F' | 'O'
  /** Such as 058Y. */
  readonly patientAge?: string
  readonly date: string
  readonly time: string
  readonly studyDescription: string
  readonly seriesDescription: string
  readonly seriesNumber?: number
  readonly manufacturer: string
  readonly modelName: string
  readonly softwareVersion: string
  readonly bodyPart?: string
  /** Default ORIGINAL, PRIMARY, AXIAL. */
  readonly imageType?: readonly string[]
  readonly kvp: number
  readonly kernel?: string
  /** Such as `ECG_GATED`: what tells a reader of gating. */
  readonly scanOptions?: readonly string[]
  readonly reconstructionDiameterMm?: number
  readonly thicknessMm: number
  /** Distance between slice centres; written as SpacingBetweenSlices. */
  readonly incrementMm?: number
  /** Rows, then columns. */
  readonly pixelSpacingMm: readonly [number, number]
  readonly rowCosines: Vec3
  readonly columnCosines: Vec3
  /** HU = slope x stored + intercept. */
  readonly rescale: { readonly slope: number; readonly intercept: number }
  /** Bits of 16 that carry the value; default 12. */
  readonly bitsStored?: number
  /** Display window: centre and width in HU. */
  readonly window?: readonly [center: number, width: number]
}

export interface CtSlice {
  readonly series: CtSeries
  /** From 1. */
  readonly instanceNumber: number
  readonly rows: number
  readonly columns: number
  /** Stored values, row by row; unsigned or signed as the array is. */
  readonly pixels: Uint16Array | Int16Array
  /** Patient coordinates (LPS, mm) of the first pixel's centre. */
  readonly positionMm: Vec3
  /** Default `explicit-le`. */
  readonly syntax?: WriteSyntax
}

const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2'

/** UIDs of a series, as they stand in its files. */
export function seriesUids(seed: string): { study: string; series: string; frameOfReference: string } {
  return {
    study: uidFromText(`agatston study\n${seed}`),
    series: uidFromText(`agatston series\n${seed}`),
    frameOfReference: uidFromText(`agatston frame of reference\n${seed}`),
  }
}

/**
 * One CT slice as the bytes of a DICOM file.
 *
 * @throws TypeError or RangeError for what a slice cannot be: pixels that do not fit rows x columns or BitsStored, text that is
 *   not ASCII or too long, vectors not at right angles.
 */
export function writeCtSlice(slice: CtSlice): Uint8Array {
  const { series, syntax = 'explicit-le' } = slice
  if (!Object.hasOwn(WRITE_SYNTAXES, syntax)) {
    throw new RangeError(`syntax must be one of ${Object.keys(WRITE_SYNTAXES).join(', ')}, got ${String(syntax)}`)
  }
  checkSlice(slice)
  const instanceUid = uidFromText(`agatston instance\n${series.seed}\n${slice.instanceNumber}`)
  const meta: Element[] = [
    [0x00020001, 'OB', Uint8Array.of(0, 1)],
    [0x00020002, 'UI', [CT_IMAGE_STORAGE]],
    [0x00020003, 'UI', [instanceUid]],
    [0x00020012, 'UI', [IMPLEMENTATION.uid]],
    [0x00020013, 'SH', [IMPLEMENTATION.version]],
  ]
  const dataset = [
    ...patientAndStudy(series),
    ...seriesAndEquipment(series),
    ...acquisition(series),
    ...plane(slice),
    ...image(slice, instanceUid),
    ...pixels(slice),
  ]
  return encodeFile(meta, dataset, syntax)
}

function checkSlice({ series, instanceNumber, rows, columns, pixels, positionMm }: CtSlice): void {
  const { bitsStored = 12, rowCosines, columnCosines, pixelSpacingMm, thicknessMm, rescale } = series
  if (!(pixels instanceof Uint16Array || pixels instanceof Int16Array)) {
    throw new TypeError('pixels must be a Uint16Array or an Int16Array of stored values')
  }
  for (const [name, value] of Object.entries({ instanceNumber, rows, columns })) {
    if (!Number.isInteger(value) || value < 1 || value > 0xffff)
      throw new RangeError(`${name} must be 1 to 65535, got ${value}`)
  }
  if (pixels.length !== rows * columns) {
    throw new RangeError(
      `pixels holds ${pixels.length} values, ${rows} rows of ${columns} columns need ${rows * columns}`,
    )
  }
  if (!Number.isInteger(bitsStored) || bitsStored < 9 || bitsStored > 16) {
    throw new RangeError(`bitsStored must be 9 to 16, got ${bitsStored}`)
  }
  const low = pixels instanceof Int16Array ? -(2 ** (bitsStored - 1)) : 0
  const high = low + 2 ** bitsStored - 1
  for (let n = 0; n < pixels.length; n++) {
    if (pixels[n]! < low || pixels[n]! > high) {
      throw new RangeError(`pixel ${n} is ${pixels[n]}, ${bitsStored} bits hold ${low} to ${high}`)
    }
  }
  checkOrientation(rowCosines, columnCosines)
  if (![...pixelSpacingMm, thicknessMm, series.incrementMm ?? 1].every((mm) => Number.isFinite(mm) && mm > 0)) {
    throw new RangeError('pixelSpacingMm, thicknessMm and incrementMm must be above 0 mm')
  }
  if (!positionMm.every(Number.isFinite)) throw new RangeError('positionMm must be three finite numbers')
  if (!Number.isFinite(rescale.slope) || rescale.slope === 0 || !Number.isFinite(rescale.intercept)) {
    throw new RangeError(
      `rescale must be a slope other than 0 and an intercept, got ${rescale.slope}, ${rescale.intercept}`,
    )
  }
}

const ds = (...values: readonly number[]): string[] => values.map(decimalString)
/** An optional attribute: left out where there is no value. */
const given = <T>(value: T | undefined, element: (value: T) => Element): Element[] =>
  value === undefined ? [] : [element(value)]

/** Patient, General Study and Patient Study modules (PS3.3 C.7.1.1, C.7.2). */
function patientAndStudy(series: CtSeries): Element[] {
  return [
    [0x00100010, 'PN', [series.patientName]],
    [0x00100020, 'LO', [series.patientId]],
    [0x00100030, 'DA', []],
    [0x00100040, 'CS', series.patientSex ? [series.patientSex] : []],
    ...given(series.patientAge, (age) => [0x00101010, 'AS', [age]]),
    [0x0020000d, 'UI', [seriesUids(series.seed).study]],
    [0x00080020, 'DA', [series.date]],
    [0x00080030, 'TM', [series.time]],
    [0x00080050, 'SH', []],
    [0x00080090, 'PN', []],
    [0x00200010, 'SH', ['1']],
    [0x00081030, 'LO', [series.studyDescription]],
  ]
}

/** General Series, Frame of Reference and General Equipment modules (PS3.3 C.7.3, C.7.4, C.7.5). */
function seriesAndEquipment(series: CtSeries): Element[] {
  const uids = seriesUids(series.seed)
  return [
    [0x00080060, 'CS', ['CT']],
    [0x0020000e, 'UI', [uids.series]],
    [0x00200011, 'IS', [String(series.seriesNumber ?? 1)]],
    [0x00080021, 'DA', [series.date]],
    [0x00080031, 'TM', [series.time]],
    [0x0008103e, 'LO', [series.seriesDescription]],
    [0x00180015, 'CS', [series.bodyPart ?? 'CHEST']],
    [0x00185100, 'CS', ['HFS']],
    [0x00200052, 'UI', [uids.frameOfReference]],
    [0x00201040, 'LO', []],
    [0x00080070, 'LO', [series.manufacturer]],
    [0x00081090, 'LO', [series.modelName]],
    [0x00181020, 'LO', [series.softwareVersion]],
  ]
}

/** The acquisition side of the CT Image module (PS3.3 C.8.2.1), where ScanOptions is what tells of gating. */
function acquisition(series: CtSeries): Element[] {
  return [
    [0x00180060, 'DS', ds(series.kvp)],
    ...given(series.scanOptions, (options) => [0x00180022, 'CS', options]),
    ...given(series.kernel, (kernel) => [0x00181210, 'SH', [kernel]]),
    ...given(series.reconstructionDiameterMm, (mm) => [0x00181100, 'DS', ds(mm)]),
    [0x00181120, 'DS', ds(0)],
    [0x00200012, 'IS', ['1']],
    [0x00080022, 'DA', [series.date]],
    [0x00080032, 'TM', [series.time]],
  ]
}

/** Image Plane module (PS3.3 C.7.6.2). */
function plane({ series, positionMm }: CtSlice): Element[] {
  return [
    [0x00280030, 'DS', ds(...series.pixelSpacingMm)],
    [0x00200037, 'DS', ds(...series.rowCosines, ...series.columnCosines)],
    [0x00200032, 'DS', ds(...positionMm)],
    [0x00180050, 'DS', ds(series.thicknessMm)],
    ...given(series.incrementMm, (mm) => [0x00180088, 'DS', ds(mm)]),
    [0x00201041, 'DS', ds(positionMm[2])],
  ]
}

/** General Image and SOP Common modules (PS3.3 C.7.6.1, C.12.1). */
function image({ series, instanceNumber }: CtSlice, instanceUid: string): Element[] {
  return [
    [0x00080016, 'UI', [CT_IMAGE_STORAGE]],
    [0x00080018, 'UI', [instanceUid]],
    [0x00080008, 'CS', series.imageType ?? ['ORIGINAL', 'PRIMARY', 'AXIAL']],
    [0x00200013, 'IS', [String(instanceNumber)]],
    [0x00080023, 'DA', [series.date]],
    [0x00080033, 'TM', [series.time]],
    [0x00280301, 'CS', ['NO']],
  ]
}

/** Image Pixel module, rescale and window (PS3.3 C.7.6.3, C.8.2.1, C.11.2). */
function pixels({ series, rows, columns, pixels: data }: CtSlice): Element[] {
  const bits = series.bitsStored ?? 12
  return [
    [0x00280002, 'US', [1]],
    [0x00280004, 'CS', ['MONOCHROME2']],
    [0x00280010, 'US', [rows]],
    [0x00280011, 'US', [columns]],
    [0x00280100, 'US', [16]],
    [0x00280101, 'US', [bits]],
    [0x00280102, 'US', [bits - 1]],
    [0x00280103, 'US', [data instanceof Int16Array ? 1 : 0]],
    [0x00281052, 'DS', ds(series.rescale.intercept)],
    [0x00281053, 'DS', ds(series.rescale.slope)],
    [0x00281054, 'LO', ['HU']],
    ...given(series.window, ([center]) => [0x00281050, 'DS', ds(center)]),
    ...given(series.window, ([, width]) => [0x00281051, 'DS', ds(width)]),
    [0x7fe00010, 'OW', data],
  ]
}
