/**
 * `pixelSha256`: which pixels a result was made from. SHA-256 of the line `agatston-pixels/1 ROWS COLUMNS SLICES
 * signed|unsigned|float32`, then for each slice in order the line `SLOPE INTERCEPT` (shortest decimals) and the stored values as
 * 16-bit little endian (float32 for volumes that are).
 */
import { type Hasher, bytesUnder } from '../base/bytes.js'
import { type PixelKind, type Rescale, type SliceArray, type Volume, newSlice } from '../volume/volume.js'

const KIND_WORD: Readonly<Record<PixelKind, string>> = { int16: 'signed', uint16: 'unsigned', float32: 'float32' }
const text = new TextEncoder()

/** The hash of a volume, slice by slice. */
export class PixelHash {
  readonly #hasher: Hasher

  constructor(hasher: Hasher, volume: Volume) {
    const { rows, columns, slices } = volume.geometry
    this.#hasher = hasher
    hasher.update(text.encode(`agatston-pixels/1 ${rows} ${columns} ${slices} ${KIND_WORD[volume.pixelKind]}\n`))
  }

  /** Take the next slice in order. */
  add(rescale: Rescale, pixels: SliceArray): void {
    this.#hasher.update(text.encode(`${rescale.slope} ${rescale.intercept}\n`))
    this.#hasher.update(bytesUnder(pixels))
  }

  hex(): string | Promise<string> {
    return this.#hasher.hex()
  }
}

/** The hash of a volume that is read for nothing else, slice by slice. */
export async function pixelHashOf(volume: Volume, hasher: Hasher): Promise<string> {
  const hash = new PixelHash(hasher, volume)
  const { rows, columns, slices } = volume.geometry
  const pixels = newSlice(volume.pixelKind, rows * columns)
  for (let k = 0; k < slices; k++) {
    await volume.readSlice(k, pixels)
    hash.add(volume.rescale(k), pixels)
  }
  return hash.hex()
}
