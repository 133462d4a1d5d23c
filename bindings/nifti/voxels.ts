/** Stored voxels as numbers, whatever their type and byte order, at any byte offset. */
import type { Datatype, NiftiImage } from './header.js'

/** The machine's own order: typed arrays use it, and then a plain copy of the bytes is the whole decoding. */
const HOST_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

const ARRAYS = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
  uint64: BigUint64Array,
  int64: BigInt64Array,
} as const satisfies Record<Datatype, unknown>

export type VoxelArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigUint64Array
  | BigInt64Array

/** An aligned copy of the voxels in the machine's byte order. */
export function voxelArray(image: NiftiImage): VoxelArray {
  const type = ARRAYS[image.datatype]
  // Not `slice`: that of a Node Buffer copies nothing, and shares its memory with the caller and with other files.
  const bytes = new Uint8Array(image.voxels)
  if (image.littleEndian !== HOST_LITTLE_ENDIAN) swap(bytes, type.BYTES_PER_ELEMENT)
  return new type(bytes.buffer)
}

/** Turn the bytes of each element round, in place. */
function swap(bytes: Uint8Array, size: number): void {
  for (let at = 0; at < bytes.length; at += size) {
    for (let low = at, high = at + size - 1; low < high; low++, high--) {
      const byte = bytes[low]!
      bytes[low] = bytes[high]!
      bytes[high] = byte
    }
  }
}
