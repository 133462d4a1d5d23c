/** A raster of a report, and its bytes as a file. */
import { encode } from 'fast-png'

export interface Picture {
  readonly kind: 'key-image' | 'overview' | 'summary'
  /** Short, for people: `LAD, slice 23`. */
  readonly title: string
  /** What is seen and how it was made, for below it. */
  readonly caption: string
  /** What is seen, for those who do not see it. */
  readonly alt: string
  readonly width: number
  readonly height: number
  /** width x height x red, green, blue, row by row. */
  readonly rgb: Uint8Array
  /** Territory whose lesion a key image shows; null: of no territory, or no key image. */
  readonly territory: string | null
  /** Slice shown, from 0; null: a projection or a summary. */
  readonly slice: number | null
}

/** A picture as a PNG file. The same picture is the same bytes. */
export function pngOf({ width, height, rgb }: Pick<Picture, 'width' | 'height' | 'rgb'>): Uint8Array {
  return encode({ width, height, data: rgb, channels: 3, depth: 8 })
}
