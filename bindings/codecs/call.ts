/** What a decoder asks of its caller: mistakes of a program, not of a frame. */
import type { FrameShape } from './decoder.js'

/**
 * What a caller must give.
 *
 * @throws TypeError for a frame that is no Uint8Array; RangeError for a shape no image has
 */
export function checkFrameCall(frame: Uint8Array, shape: FrameShape): void {
  if (!(frame instanceof Uint8Array)) throw new TypeError('frame must be a Uint8Array')
  const { rows, columns, bitsAllocated, bitsStored } = shape
  whole('rows', rows, 65535)
  whole('columns', columns, 65535)
  if (bitsAllocated !== 8 && bitsAllocated !== 16) {
    throw new RangeError(`bitsAllocated must be 8 or 16, got ${String(bitsAllocated)}`)
  }
  whole('bitsStored', bitsStored, bitsAllocated)
}

function whole(name: string, value: number, highest: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= highest) return
  throw new RangeError(`${name} must be a whole number from 1 to ${highest}, got ${String(value)}`)
}

/** @throws TypeError, RangeError where there is no room for exactly the words of the shape */
export function checkRoom(into: Uint16Array, { rows, columns }: FrameShape): void {
  if (!(into instanceof Uint16Array)) throw new TypeError('into must be a Uint16Array')
  if (into.length !== rows * columns) {
    throw new RangeError(`into must have rows x columns = ${rows * columns} words, it has ${into.length}`)
  }
}
