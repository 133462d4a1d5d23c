/** The vectors' file format as the package reads it (bindings/conformance), and what only writing needs: rows and base64. */
import type { PieceRow } from '../../bindings/conformance/format.js'
import type { SliceArray } from '../../bindings/volume/volume.js'
import type { Piece } from '../reference/types.js'

export { decodeFile, decodeVolume } from '../../bindings/conformance/decode.js'
export * from '../../bindings/conformance/format.js'

export function toRow(piece: Piece): PieceRow {
  const { slice, territory, lesion, pixels, peak, sum, bins, box, sumRow, sumColumn, weight, counted } = piece
  return [slice, territory, lesion, pixels, peak, sum, ...bins, ...box, sumRow, sumColumn, weight, Number(counted)]
}

/** Little-endian base64 of a typed array, whatever the byte order of this machine. */
export function toBase64(values: SliceArray | Uint8Array): string {
  const width = values.BYTES_PER_ELEMENT
  const view = new DataView(new ArrayBuffer(values.length * width))
  for (const [i, value] of values.entries()) {
    if (values instanceof Uint8Array) view.setUint8(i, value)
    else if (values instanceof Int16Array) view.setInt16(i * 2, value, true)
    else if (values instanceof Uint16Array) view.setUint16(i * 2, value, true)
    else view.setFloat32(i * 4, value, true)
  }
  return btoa(Array.from(new Uint8Array(view.buffer), (byte) => String.fromCharCode(byte)).join(''))
}
