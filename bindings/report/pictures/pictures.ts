/** All pictures of a result: the key image of each vessel, and the overview. One pass through the volume, one slice in memory. */
import type { Result } from '../../score/result.js'
import type { Padding, PixelKind, Rescale, SliceArray, Volume } from '../../volume/volume.js'
import type { LesionPixels } from '../lesion-pixels.js'
import { keyImage } from './key-image.js'
import { keyPieces } from './lesion-map.js'
import { axesOf, orient, turned } from './orient.js'
import { Overview } from './overview.js'
import type { Picture } from './picture.js'

/** Most key images; a reading names this many vessels at most, and a label map of one's own may name 255. */
const MOST_KEYS = 12

/**
 * Key images in the order in which vessels are read, then the axial and the frontal overview.
 *
 * @param volume the one that was scored
 * @param pixels as `lesionPixels` found them
 */
export async function makePictures(result: Result, volume: Volume, pixels: LesionPixels): Promise<readonly Picture[]> {
  const { geometry } = volume
  const { column, row, slice } = axesOf(geometry)
  const orientation = orient(column, row, slice)
  const keys = keyPieces(result).slice(0, MOST_KEYS)
  const overview = new Overview(geometry, result, pixels)
  const size = geometry.rows * geometry.columns
  const stored = newSlice(volume.pixelKind, size)
  const hu = new Float32Array(size)
  const withPieces = new Set(pixels.slices)
  const images: (Picture | undefined)[] = keys.map(() => undefined)
  for (let k = 0; k < geometry.slices; k++) {
    await volume.readSlice(k, stored)
    toHu(stored, volume.rescale(k), volume.padding(k), hu)
    const numbers = withPieces.has(k) ? pixels.slice(k) : null
    overview.add(k, hu, numbers)
    if (numbers === null) continue
    for (const [n, key] of keys.entries()) {
      if (key.piece.slice !== k) continue
      images[n] = keyImage(
        key,
        turned(hu, column, orientation),
        turned(numbers, column, orientation),
        orientation,
        pixels,
      )
    }
  }
  return Object.freeze([...images.filter((image) => image !== undefined), ...overview.finish(keys)])
}

/** HU of a slice; NaN where padding says that there is no picture. */
function toHu(stored: SliceArray, { slope, intercept }: Rescale, padding: Padding | null, hu: Float32Array): void {
  for (let at = 0; at < stored.length; at++) {
    const value = stored[at]!
    hu[at] = padding !== null && value >= padding.low && value <= padding.high ? NaN : slope * value + intercept
  }
}

function newSlice(kind: PixelKind, length: number): SliceArray {
  if (kind === 'float32') return new Float32Array(length)
  return kind === 'int16' ? new Int16Array(length) : new Uint16Array(length)
}
