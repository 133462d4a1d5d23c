/** Contour data of structure sets (PS3.3 C.8.8.6): text to points, bounded before it is read. */
import { AgatstonError } from '../../base/errors.js'
import type { DataSet } from '../dataset.js'
import { MASK_TAG } from './tags.js'
import { parseFailed } from '../trouble.js'

/** Points in patient coordinates (LPS, mm): x, y, z after each other. */
export type Points = Float64Array

/** Most points of the regions of one file that are read: a hundred times what vessels take. */
const MOST_POINTS = 2 ** 22
/** Longest number looked at: the standard allows 16 characters. */
const LONGEST = 64
/** Decimal string of PS3.5 table 6.2-1, padding taken off. */
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
const BACKSLASH = 0x5c

export class ContourReader {
  private left: number

  constructor(
    private readonly file: string,
    private readonly most: number = MOST_POINTS,
  ) {
    this.left = most
  }

  /**
   * The points of one contour.
   *
   * @throws AgatstonError `PARSE_FAILED` for what are no finite numbers, not three a point, or not as many as told;
   *   `LIMIT_EXCEEDED` beyond 2^22 points of all contours read
   */
  points(contour: DataSet): Points {
    const bytes = contour.value(MASK_TAG.ContourData) ?? new Uint8Array(0)
    let numbers = bytes.length > 0 ? 1 : 0
    for (const byte of bytes) if (byte === BACKSLASH) numbers++
    const told = contour.integer(MASK_TAG.NumberOfContourPoints)
    if (numbers % 3 !== 0) this.bad(contour, `has ${numbers} numbers, which are not three a point`)
    if (told !== null && told !== numbers / 3) {
      this.bad(contour, `has ${numbers / 3} points where NumberOfContourPoints says ${told}`)
    }
    this.left -= numbers / 3
    if (this.left < 0) {
      const message = `${this.file}: its contours have more than ${this.most} points. Export only the regions of the vessels`
      throw new AgatstonError('LIMIT_EXCEEDED', message, { limit: 'points', most: this.most, file: this.file })
    }
    return this.parse(contour, bytes, numbers)
  }

  private parse(contour: DataSet, bytes: Uint8Array, numbers: number): Points {
    const points = new Float64Array(numbers)
    let start = 0
    for (let n = 0; n < numbers; n++) {
      let end = start
      while (end < bytes.length && bytes[end] !== BACKSLASH) end++
      const value = end - start <= LONGEST ? numberOf(bytes.subarray(start, end)) : null
      if (value === null) this.bad(contour, 'holds something that is no decimal number')
      points[n] = value
      start = end + 1
    }
    return points
  }

  private bad(contour: DataSet, what: string): never {
    const where = { file: this.file, offset: contour.offset(MASK_TAG.ContourData), tag: MASK_TAG.ContourData }
    throw parseFailed('value', `ContourData ${what}`, where)
  }
}

function numberOf(bytes: Uint8Array): number | null {
  const text = String.fromCharCode(...bytes).replace(/^[ \r\n]+|[\0 \r\n]+$/g, '')
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(value) ? value : null
}
