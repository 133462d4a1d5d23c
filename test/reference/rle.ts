/**
 * DICOM RLE from PS3.5 annex G, a byte at a time: the yardstick for the decoder, and an encoder that makes whatever packets a
 * test wants. It shares no code with the package.
 */

/** How to pack a plane of bytes. */
export type Packer = (plane: Uint8Array, columns: number) => number[]

/** As G.3.1 asks: row by row, runs of three or more replicated, the rest literal. */
export const standard: Packer = (plane, columns) => {
  const out: number[] = []
  for (let row = 0; row < plane.length; row += columns) {
    const bytes = plane.subarray(row, row + columns)
    const runs = (i: number) => bytes[i] === bytes[i + 1] && bytes[i] === bytes[i + 2]
    for (let i = 0; i < bytes.length;) {
      let n = 1
      if (i + 2 < bytes.length && runs(i)) {
        while (n < 128 && i + n < bytes.length && bytes[i + n] === bytes[i]) n++
        out.push(257 - n, bytes[i]!)
      } else {
        while (n < 128 && i + n < bytes.length && !(i + n + 2 < bytes.length && runs(i + n))) n++
        out.push(n - 1, ...bytes.subarray(i, i + n))
      }
      i += n
    }
  }
  return out
}

/** Any packets that say the same, over rows too, with some that say nothing. `choose(most)` gives 0 to `most`. */
export const anyhow =
  (choose: (most: number) => number): Packer =>
  (plane) => {
    const out: number[] = []
    for (let i = 0; i < plane.length;) {
      if (choose(9) === 0) out.push(128)
      let same = 1
      while (same < 128 && i + same < plane.length && plane[i + same] === plane[i]) same++
      const replicate = same > 1 && choose(2) > 0
      const n = 1 + choose(replicate ? same - 1 : Math.min(128, plane.length - i) - 1)
      if (replicate && n > 1) out.push(257 - n, plane[i]!)
      else out.push(n - 1, ...plane.subarray(i, i + n))
      i += n
    }
    return out
  }

/** A frame of these words: the high bytes, then the low ones. `pad` makes segments even. */
export function encodeRle(words: Uint16Array, columns: number, bytes: 1 | 2, pack = standard, pad = true): Uint8Array {
  const planes = bytes === 2 ? [8, 0] : [0]
  const segments = planes.map((shift) => {
    const packed = pack(
      Uint8Array.from(words, (word) => (word >> shift) & 255),
      columns,
    )
    return pad && packed.length % 2 ? [...packed, 0] : packed
  })
  const header = new DataView(new ArrayBuffer(64))
  header.setUint32(0, segments.length, true)
  header.setUint32(4, 64, true)
  if (segments.length > 1) header.setUint32(8, 64 + segments[0]!.length, true)
  return Uint8Array.from([...new Uint8Array(header.buffer), ...segments.flat()])
}

/** The words of a sound frame. */
export function decodeRle(frame: Uint8Array, count: number): Uint16Array {
  const header = new DataView(frame.buffer, frame.byteOffset, 64)
  const words = new Uint16Array(count)
  const segments = header.getUint32(0, true)
  for (let s = 0; s < segments; s++) {
    let at = header.getUint32(4 + 4 * s, true)
    for (let i = 0; i < count;) {
      const n = frame[at++]!
      if (n === 128) continue
      for (let k = 0; k < (n < 128 ? n + 1 : 257 - n); k++, i++)
        words[i] = (words[i]! << 8) | frame[at + (n < 128 ? k : 0)]!
      at += n < 128 ? n + 1 : 1
    }
  }
  return words
}
