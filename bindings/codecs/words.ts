/** From the bytes a library decoder returns to words, with every value held against the precision the codestream states. */
import type { FrameShape } from './decoder.js'
import { type CodingName, frameCorrupt } from './trouble.js'

export interface SampleForm {
  /** Bits of a sample, 1 to 16. Up to 8 a sample takes one byte, above two, least first. */
  readonly precision: number
  readonly signed: boolean
  /** Lossless: a value that does not fit the precision is damage. Otherwise it is overshoot, and clipped. */
  readonly exact: boolean
  /** Added to each sample: where samples were decoded with their sign shifted away. */
  readonly offset?: number
}

/**
 * Fill `into` with the samples of one frame, the sign of signed ones repeated in the high bits.
 *
 * @throws AgatstonError `PIXELS_CORRUPT` where there are not exactly as many bytes as the frame has, or a value does not fit
 */
export function wordsOf(
  bytes: Uint8Array | Uint8ClampedArray,
  form: SampleForm,
  into: Uint16Array,
  shape: FrameShape,
  coding: CodingName,
): void {
  const count = shape.rows * shape.columns
  const wide = form.precision > 8
  const expected = wide ? 2 * count : count
  if (bytes.length !== expected) {
    const what = `it decodes to ${bytes.length} bytes, expected ${expected}`
    throw frameCorrupt(shape, coding, what, { bytes: bytes.length, expected })
  }
  const lowest = form.signed ? -(2 ** (form.precision - 1)) : 0
  const highest = lowest + 2 ** form.precision - 1
  const offset = form.offset ?? 0
  const fill = form.signed && wide ? 16 : 0
  for (let i = 0; i < count; i++) {
    let value = wide ? bytes[2 * i]! | (bytes[2 * i + 1]! << 8) : bytes[i]! + offset
    if (fill !== 0) value = (value << 16) >> 16
    if (value < lowest || value > highest) {
      if (form.exact) {
        const what = `sample ${i} decodes to ${value}, which does not fit ${form.precision} bits`
        throw frameCorrupt(shape, coding, what, { sample: i, precision: form.precision })
      }
      value = value < lowest ? lowest : highest
    }
    into[i] = value
  }
}
