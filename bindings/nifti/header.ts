/**
 * The NIfTI-1 or NIfTI-2 header, parsed by nifti-reader-js and then checked: what leaves here is a single-file image of three
 * dimensions whose voxels all lie inside the file.
 *
 * Only the fixed header is handed to the parser. Its walk over header extensions follows lengths from the file without a
 * bound (a negative one never ends), its gzip has no limit, and nothing here needs either.
 */
import { NIFTI1, NIFTI2 } from 'nifti-reader-js'

import { bytesUnder } from '../base/bytes.js'
import { AgatstonError, type Details, type ErrorCode, tagged } from '../base/errors.js'
import { MAX_PIXELS, MAX_SIDE, MAX_SLICES } from '../volume/geometry.js'
import { type Affine, gridAffine } from './affine.js'
import { gunzip, isGzip } from './gunzip.js'

/** How one voxel is stored; names are those of the typed arrays. */
export type Datatype =
  'uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32' | 'float32' | 'float64' | 'uint64' | 'int64'

/** NIfTI datatype codes of real numbers (nifti1.h, DT_*), and the bytes each takes. */
const DATATYPES: Readonly<Record<number, { readonly type: Datatype; readonly bytes: number }>> = Object.freeze({
  2: { type: 'uint8', bytes: 1 },
  4: { type: 'int16', bytes: 2 },
  8: { type: 'int32', bytes: 4 },
  16: { type: 'float32', bytes: 4 },
  64: { type: 'float64', bytes: 8 },
  256: { type: 'int8', bytes: 1 },
  512: { type: 'uint16', bytes: 2 },
  768: { type: 'uint32', bytes: 4 },
  1024: { type: 'int64', bytes: 8 },
  1280: { type: 'uint64', bytes: 8 },
})

/** A checked image: everything needed to read its voxels. */
export interface NiftiImage {
  /** Voxels along the first (fastest), second and third array axis. */
  readonly dimensions: readonly [number, number, number]
  readonly datatype: Datatype
  readonly littleEndian: boolean
  /** The voxels, no more and no less. */
  readonly voxels: Uint8Array
  /** value = slope x stored + intercept; null where the header scales nothing. */
  readonly scaling: { readonly slope: number; readonly intercept: number } | null
  /** Array indices to patient coordinates (LPS, mm); null where the header places the image nowhere. */
  readonly affine: Affine | null
}

/**
 * Parse and check a `.nii` or `.nii.gz` file.
 *
 * @param expected Bytes a caller can make sense of when the file is compressed.
 * @throws AgatstonError `PARSE_FAILED`, `LIMIT_EXCEEDED`, `PIXEL_FORMAT`, `RESCALE_INVALID`
 */
export function readImage(file: Uint8Array, expected: number, details: Details): NiftiImage {
  if (!(file instanceof Uint8Array)) throw new TypeError('a NIfTI file must be given as a Uint8Array')
  // A plain view: methods of a Node Buffer that bear the names of a Uint8Array's do other things.
  const plain = bytesUnder(file)
  const bytes = isGzip(plain) ? gunzip(plain, expected, details) : plain
  const header = parseHeader(bytes, details)
  const dimensions = checkDimensions(header.dims, details)
  const { type, bytes: size } = checkDatatype(header, details)
  const length = dimensions[0] * dimensions[1] * dimensions[2] * size
  const start = header.vox_offset
  const least = header instanceof NIFTI1 ? 352 : 544
  if (!Number.isInteger(start) || start < least) {
    throw fail('PARSE_FAILED', `voxels cannot start at byte ${start}: the header alone takes ${least}`, details)
  }
  if (start + length > bytes.length) {
    throw fail('PARSE_FAILED', `the file breaks off: ${start + length} bytes expected, ${bytes.length} found`, details)
  }
  return {
    dimensions,
    datatype: type,
    littleEndian: header.littleEndian,
    voxels: bytes.subarray(start, start + length),
    scaling: checkScaling(header, details),
    affine: gridAffine(header),
  }
}

function fail(code: ErrorCode, message: string, details: Details): AgatstonError {
  return new AgatstonError(code, `${message}; export the NIfTI file again`, details)
}

function parseHeader(bytes: Uint8Array, details: Details): NIFTI1 | NIFTI2 {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const sizes = bytes.length < 348 ? [] : [view.getInt32(0, true), view.getInt32(0, false)]
  const second = sizes.includes(540) && bytes.length >= 540
  if (!second && !sizes.includes(348)) {
    throw fail('PARSE_FAILED', 'this is no NIfTI file: it starts with neither 348 nor 540', details)
  }
  const length = second ? 540 : 348
  const magic = String.fromCharCode(...bytes.subarray(second ? 4 : 344, second ? 8 : 348))
  if (magic === 'ni1\0' || magic === 'ni2\0') {
    throw fail('PARSE_FAILED', 'this is the header of a pair (.hdr and .img), only single .nii files are read', details)
  }
  if (magic !== (second ? 'n+2\0' : 'n+1\0')) {
    throw fail('PARSE_FAILED', `the NIfTI magic is missing at byte ${second ? 4 : 344}`, details)
  }
  return tagged('PARSE_FAILED', 'the NIfTI header cannot be read', details, () => {
    const copy = new Uint8Array(bytes.subarray(0, length))
    const header = second ? new NIFTI2() : new NIFTI1()
    header.readHeader(copy.buffer)
    if (header instanceof NIFTI1 && header.sform_code > 0 && header.qform_code > header.sform_code) {
      // The parser fills `affine` from the form with the higher code; here the sform is wanted, so the qform steps back.
      copy.fill(0, 252, 254)
      header.readHeader(copy.buffer)
    }
    return header
  })
}

/** Columns, rows and slices; one volume only. */
function checkDimensions(dims: readonly number[], details: Details): readonly [number, number, number] {
  const [count = 0, ...sizes] = dims
  if (!Number.isInteger(count) || count < 2 || count > 7) {
    throw fail('PARSE_FAILED', `an image has 2 to 7 dimensions, the header says ${count}`, details)
  }
  const used = sizes.slice(0, count)
  if (!used.every((n) => Number.isInteger(n) && n >= 1)) {
    throw fail('PARSE_FAILED', `every dimension must be at least 1, the header says ${used.join(' x ')}`, details)
  }
  if (used.slice(3).some((n) => n !== 1)) {
    throw new AgatstonError(
      'PIXEL_FORMAT',
      `the file holds several volumes (${used.join(' x ')}), expected one; save the one to read as a file of its own`,
      details,
    )
  }
  const [columns, rows, slices] = [used[0]!, used[1]!, used[2] ?? 1]
  if (columns > MAX_SIDE || rows > MAX_SIDE || slices > MAX_SLICES || columns * rows * slices > MAX_PIXELS) {
    throw new AgatstonError(
      'LIMIT_EXCEEDED',
      `${columns} x ${rows} x ${slices} voxels is beyond the limit of ${MAX_SIDE} x ${MAX_SIDE}, ${MAX_SLICES} slices and 2^30 voxels`,
      { ...details, limit: 'dimensions', columns, rows, slices },
    )
  }
  return [columns, rows, slices]
}

function checkDatatype(header: NIFTI1 | NIFTI2, details: Details): { type: Datatype; bytes: number } {
  const known = DATATYPES[header.datatypeCode]
  if (!known) {
    throw new AgatstonError(
      'PIXEL_FORMAT',
      `NIfTI datatype ${header.datatypeCode} is no plain number (complex, colour, bits and 128-bit are not read); convert it`,
      { ...details, datatype: header.datatypeCode },
    )
  }
  if (header.numBitsPerVoxel !== known.bytes * 8) {
    throw fail(
      'PARSE_FAILED',
      `${known.type} voxels have ${known.bytes * 8} bits, not ${header.numBitsPerVoxel}`,
      details,
    )
  }
  return known
}

/** A slope of 0 means "no scaling" (nifti1.h); one writer says so with NaN. */
function checkScaling(header: NIFTI1 | NIFTI2, details: Details): NiftiImage['scaling'] {
  const { scl_slope: slope, scl_inter: intercept } = header
  if (slope === 0 || Number.isNaN(slope)) return null
  if (!Number.isFinite(slope) || !Number.isFinite(intercept)) {
    throw fail('RESCALE_INVALID', `scl_slope ${slope} and scl_inter ${intercept} scale nothing`, details)
  }
  return { slope, intercept }
}
