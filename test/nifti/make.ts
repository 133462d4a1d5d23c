/** NIfTI files for tests, built field by field from nifti1.h and nifti2.h, independent of the package's own writer. */
export type Matrix = readonly (readonly number[])[]

export interface MakeOptions {
  readonly version?: 1 | 2
  readonly littleEndian?: boolean
  readonly dims: readonly number[]
  /** Datatype code and bytes a voxel. */
  readonly type: readonly [code: number, bytes: number]
  readonly values: readonly number[]
  /** Three rows of four, RAS. */
  readonly sform?: Matrix
  readonly sformCode?: number
  readonly qform?: { b: number; c: number; d: number; offset: readonly number[]; qfac: number }
  readonly qformCode?: number
  readonly pixdim?: readonly number[]
  readonly slope?: number
  readonly intercept?: number
  readonly units?: number
  readonly offset?: number
}

export const DT = {
  uint8: [2, 1],
  int16: [4, 2],
  int32: [8, 4],
  float32: [16, 4],
  complex: [32, 8],
  float64: [64, 8],
  rgb: [128, 3],
  int8: [256, 1],
  uint16: [512, 2],
  uint32: [768, 4],
  int64: [1024, 8],
  uint64: [1280, 8],
} as const

export function makeNifti(o: MakeOptions): Uint8Array {
  const { version = 1, littleEndian: le = true } = o
  const first = version === 1
  const offset = o.offset ?? (first ? 352 : 544)
  const file = new Uint8Array(Math.max(offset, first ? 352 : 544) + o.values.length * o.type[1])
  const view = new DataView(file.buffer)
  const dims = [o.dims.length, ...o.dims, 1, 1, 1, 1, 1, 1].slice(0, 8)
  const pixdim = [o.qform?.qfac ?? 1, ...(o.pixdim ?? [1, 1, 1]), 1, 1, 1, 1].slice(0, 8)
  const real = (at: number, ...values: number[]) =>
    values.forEach((v, n) => (first ? view.setFloat32(at + 4 * n, v, le) : view.setFloat64(at + 8 * n, v, le)))
  const int = (at: number, v: number) => (first ? view.setInt16(at, v, le) : view.setInt32(at, v, le))
  view.setInt32(0, first ? 348 : 540, le)
  file.set(
    [...(first ? 'n+1\0' : 'n+2\0\r\n\x1a\n')].map((c) => c.charCodeAt(0)),
    first ? 344 : 4,
  )
  dims.forEach((d, n) => (first ? view.setInt16(40 + 2 * n, d, le) : view.setBigInt64(16 + 8 * n, BigInt(d), le)))
  view.setInt16(first ? 70 : 12, o.type[0], le)
  view.setInt16(first ? 72 : 14, o.type[1] * 8, le)
  real(first ? 76 : 104, ...pixdim)
  if (first) view.setFloat32(108, offset, le)
  else view.setBigInt64(168, BigInt(offset), le)
  real(first ? 112 : 176, o.slope ?? 0, o.intercept ?? 0)
  if (first) view.setUint8(123, o.units ?? 2)
  else view.setInt32(500, o.units ?? 2, le)
  int(first ? 252 : 344, o.qformCode ?? (o.qform ? 1 : 0))
  int(first ? 254 : 348, o.sformCode ?? (o.sform ? 1 : 0))
  if (o.qform) real(first ? 256 : 352, o.qform.b, o.qform.c, o.qform.d, ...o.qform.offset)
  if (o.sform) real(first ? 280 : 400, ...o.sform.flat())
  o.values.forEach((value, n) => put(view, offset + n * o.type[1], o.type[0], value, le))
  return file
}

function put(view: DataView, at: number, code: number, value: number, le: boolean): void {
  if (code === 2) view.setUint8(at, value)
  else if (code === 256) view.setInt8(at, value)
  else if (code === 4) view.setInt16(at, value, le)
  else if (code === 512) view.setUint16(at, value, le)
  else if (code === 8) view.setInt32(at, value, le)
  else if (code === 768) view.setUint32(at, value, le)
  else if (code === 16) view.setFloat32(at, value, le)
  else if (code === 64) view.setFloat64(at, value, le)
  else if (code === 1024) view.setBigInt64(at, BigInt(value), le)
  else if (code === 1280) view.setBigUint64(at, BigInt(value), le)
}
