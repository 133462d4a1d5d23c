/**
 * The segments of a JPEG lossless frame (ITU-T T.81 annex B; process 14 of PS3.5 A.4.2 and 8.2.1), read and checked without
 * decoding. A frame is
 *
 *   SOI, [APPn COM DQT DHT DRI in any order], SOF3, [the same], SOS, entropy-coded data, EOI
 *
 * with one component and one scan. The EOI must be there: it is looked for from the end, past padding, which may be any number
 * of bytes 00 or FF (PS3.5 A.4 asks for an even length and leaves the byte to the writer). That it is the scan's own and not one
 * after other data, only decoding shows.
 *
 * Precision may differ from BitsStored, within BitsAllocated. Above: writers put 16 for images of 12 bits stored, to
 * carry the whole word; high bits are then what the word had. Below: the missing high bits are zeros. That is right for
 * unsigned samples only. A signed sample's sign would be lost with them, so such a frame is refused.
 */
import type { Details } from '../base/errors.js'
import type { FrameFacts, FrameShape } from './decoder.js'
import { MARKER, foreignProcess, isOurs, markerText } from './jpeg-markers.js'
import { checkFrameCall } from './call.js'
import { frameCorrupt, frameForeign, frameShort } from './trouble.js'

/** Where the parts of the frame lie, and how they are coded. */
export interface LosslessHeader {
  readonly precision: number
  /** Predictor, 1 to 7. */
  readonly selection: number
  /** Low bits that were not coded. */
  readonly pointTransform: number
  /** Rows from one restart to the next; all of them where there is none. */
  readonly intervalRows: number
  /** Place of the 16 counts of the Huffman table. */
  readonly table: number
  /** First byte of the entropy-coded data, and the byte after the EOI marker. */
  readonly scanStart: number
  readonly end: number
}

const CODING = 'JPEG Lossless'

/** A segment: its first byte after the length, and the byte after its last. */
type Segment = readonly [start: number, end: number]

interface Frame {
  readonly precision: number
  readonly component: number
}

/** Read a header once, from front to back. */
class HeaderReader {
  readonly #bytes: Uint8Array
  readonly #shape: FrameShape
  /** Place of the counts of each of the four tables. */
  readonly #tables: (number | null)[] = [null, null, null, null]
  #frame: Frame | null = null
  #interval = 0

  constructor(bytes: Uint8Array, shape: FrameShape) {
    this.#bytes = bytes
    this.#shape = shape
  }

  read(): LosslessHeader {
    this.#begins()
    let at = 2
    for (;;) {
      const [marker, after] = this.#marker(at)
      const segment = this.#segment(after)
      if (marker === MARKER.SOS) return this.#scan(segment)
      this.#take(marker, segment)
      at = segment[1]
    }
  }

  #begins(): void {
    const [first, second] = this.#bytes
    if (first === undefined || second === undefined) {
      throw this.#endsEarly(0)
    }
    if (first !== 0xff || second !== MARKER.SOI) throw this.#corrupt('it does not begin with the marker SOI (FF D8)', 0)
  }

  /** The marker at a place, past fill bytes; and the place after it. */
  #marker(from: number): [marker: number, after: number] {
    const bytes = this.#bytes
    let at = from
    if (at < bytes.length && bytes[at] !== 0xff) throw this.#corrupt('there is no marker where one is due', at)
    while (bytes[at] === 0xff) at++
    const marker = bytes[at]
    if (marker === undefined) throw this.#endsEarly(from)
    const foreign = foreignProcess(marker)
    if (foreign !== null) throw this.#foreign(`${foreign}; JPEG lossless, process 14, is due`, { marker, offset: from })
    if (!isOurs(marker)) throw this.#corrupt(`marker ${markerText(marker)} may not stand in a header`, from)
    return [marker, at + 1]
  }

  /** The segment whose length stands at `at`. */
  #segment(at: number): Segment {
    const bytes = this.#bytes
    if (at + 2 > bytes.length) throw this.#endsEarly(at)
    const length = this.#word(at)
    if (length < 2) throw this.#corrupt(`a segment says it has ${length} bytes; 2 are the least`, at)
    if (at + length > bytes.length) throw this.#endsEarly(at)
    return [at + 2, at + length]
  }

  #take(marker: number, segment: Segment): void {
    if (marker === MARKER.SOF3) this.#startOfFrame(segment)
    else if (marker === MARKER.DHT) this.#huffmanTables(segment)
    else if (marker === MARKER.DRI) {
      this.#expectLength(segment, 2, 'DRI')
      this.#interval = this.#word(segment[0])
    }
    // APPn, COM and DQT say nothing about lossless samples.
  }

  #startOfFrame([start, end]: Segment): void {
    const [bytes, { rows, columns, bitsAllocated, bitsStored, signed }] = [this.#bytes, this.#shape]
    if (this.#frame) throw this.#corrupt('it has two frame headers', start)
    if (end - start < 6) throw this.#corrupt('its frame header is shorter than 6 bytes', start)
    const [precision, height, width, components] = [
      bytes[start]!,
      this.#word(start + 1),
      this.#word(start + 3),
      bytes[start + 5]!,
    ]
    if (components !== 1) {
      throw this.#foreign(`it has ${components} components; CT has 1`, { components })
    }
    if (precision > 16) {
      throw this.#foreign(`its samples have ${precision} bits; 2 to 16 are read`, { precision })
    }
    if (precision < 2) throw this.#corrupt(`it says its samples have ${precision} bits; 2 to 16 are due`, start)
    if (height === 0) {
      throw this.#foreign('its height follows the scan (DNL)', { rows: 0 })
    }
    if (height !== rows || width !== columns) {
      throw this.#corrupt(`it has ${height} x ${width} samples; the header says ${rows} x ${columns}`, start)
    }
    if (precision > bitsAllocated) {
      throw this.#corrupt(`its samples have ${precision} bits; the header allocates ${bitsAllocated}`, start)
    }
    if (signed && precision < bitsStored) {
      throw this.#corrupt(
        `its samples have ${precision} bits, which leaves out the sign of ${bitsStored} stored`,
        start,
      )
    }
    this.#expectLength([start, end], 9, 'SOF3')
    const sampling = bytes[start + 7]!
    if (sampling >> 4 < 1 || sampling >> 4 > 4 || (sampling & 15) < 1 || (sampling & 15) > 4) {
      throw this.#corrupt('it has a sampling factor outside 1 to 4', start + 7)
    }
    this.#frame = { precision, component: bytes[start + 6]! }
  }

  /** Tables, one after the other; one that is defined again replaces the one before. */
  #huffmanTables([start, end]: Segment): void {
    let at = start
    while (at < end) {
      if (at + 17 > end) throw this.#corrupt('a Huffman table is longer than its segment', at)
      const [kind, number] = [this.#bytes[at]! >> 4, this.#bytes[at]! & 15]
      if (kind > 1 || number > 3) throw this.#corrupt('a Huffman table has a class above 1 or a number above 3', at)
      const counts = this.#bytes.subarray(at + 1, at + 17)
      const symbols = counts.reduce((sum, count) => sum + count, 0)
      if (at + 17 + symbols > end) throw this.#corrupt('a Huffman table is longer than its segment', at)
      // Class 1 is for the AC coefficients of other processes.
      if (kind === 0) this.#tables[number] = at + 1
      at += 17 + symbols
    }
  }

  #scan(segment: Segment): LosslessHeader {
    const frame = this.#frame
    const [start, end] = segment
    if (!frame) throw this.#corrupt('it has a scan before its frame header', start)
    const { precision, component } = frame
    const bytes = this.#bytes
    const components = bytes[start]
    if (end - start < 1 || components !== 1) throw this.#corrupt('the scan has not exactly 1 component', start)
    this.#expectLength(segment, 6, 'SOS')
    if (bytes[start + 1] !== component) throw this.#corrupt('the scan is of a component the frame does not have', start)
    const [selection, last, approximation] = [bytes[start + 3]!, bytes[start + 4]!, bytes[start + 5]!]
    const pointTransform = approximation & 15
    if (selection < 1 || selection > 7 || last !== 0 || approximation >> 4 !== 0 || pointTransform >= precision) {
      const met = `predictor ${selection}, end ${last}, approximation ${approximation >> 4}, point transform ${pointTransform}`
      throw this.#corrupt(`the scan has ${met}; 1 to 7, 0, 0 and less than the precision ${precision} are due`, start)
    }
    return {
      precision,
      selection,
      pointTransform,
      intervalRows: this.#intervalRows(start),
      table: this.#table(bytes[start + 2]! >> 4, start),
      scanStart: end,
      end: this.#endOfImage(end),
    }
  }

  /** A restart interval is of whole rows (T.81 H.1.1). One that the image ends before never acts, whatever it is. */
  #intervalRows(at: number): number {
    const { rows, columns } = this.#shape
    const interval = this.#interval
    if (interval === 0 || interval >= rows * columns) return rows
    if (interval % columns !== 0) {
      throw this.#corrupt(
        `the restart interval is ${interval} samples; a multiple of the ${columns} columns is due`,
        at,
      )
    }
    return interval / columns
  }

  /**
   * The place of a table that can be decoded with. All codes of a length may be used, the one of ones too, which T.81 C.2 keeps
   * free: nothing is ambiguous then. More codes than bits are, and so is a category named twice.
   */
  #table(number: number, at: number): number {
    const table = number > 3 ? null : this.#tables[number]!
    if (table === null) throw this.#corrupt(`the scan uses Huffman table ${number}, which is not defined`, at)
    let [free, symbols] = [1, 0]
    for (let length = 0; length < 16; length++) {
      const count = this.#bytes[table + length]!
      free = 2 * free - count
      symbols += count
      if (free < 0) throw this.#corrupt(`a Huffman table has more codes of ${length + 1} bits than there are`, table)
    }
    const categories = this.#bytes.subarray(table + 16, table + 16 + symbols)
    if (symbols === 0) throw this.#corrupt('a Huffman table is empty', table)
    if (categories.some((category) => category > 16)) {
      throw this.#corrupt('a Huffman table has a category above 16', table)
    }
    if (new Set(categories).size !== symbols) throw this.#corrupt('a Huffman table has a category twice', table)
    return table
  }

  /** The byte after the EOI marker, before padding. */
  #endOfImage(scanStart: number): number {
    const bytes = this.#bytes
    let end = bytes.length
    while (end > scanStart && (bytes[end - 1] === 0 || bytes[end - 1] === 0xff)) end--
    if (end - 2 >= scanStart && bytes[end - 2] === 0xff && bytes[end - 1] === MARKER.EOI) return end
    for (let at = scanStart; at + 1 < bytes.length; at++) {
      if (bytes[at] === 0xff && bytes[at + 1] === MARKER.EOI) {
        throw this.#corrupt('after its end marker EOI (FF D9) is more than padding', at + 2)
      }
    }
    throw this.#endsEarly(bytes.length)
  }

  #expectLength([start, end]: Segment, expected: number, name: string): void {
    if (end - start === expected) return
    throw this.#corrupt(`segment ${name} has ${end - start} bytes after its length; ${expected} are due`, start)
  }

  #word(at: number): number {
    return (this.#bytes[at]! << 8) | this.#bytes[at + 1]!
  }

  #corrupt(what: string, offset: number): Error {
    return frameCorrupt(this.#shape, CODING, what, { offset })
  }

  #foreign(what: string, details: Details): Error {
    return frameForeign(this.#shape, CODING, what, details)
  }

  #endsEarly(offset: number): Error {
    const bytes = this.#bytes.length
    return frameShort(this.#shape, CODING, `its end marker EOI (FF D9) is missing after ${bytes} bytes`, {
      offset,
      bytes,
    })
  }
}

/**
 * Read and check the header of a frame.
 *
 * @throws AgatstonError as `Decoder.decode`
 */
export function readLosslessHeader(frame: Uint8Array, shape: FrameShape): LosslessHeader {
  checkFrameCall(frame, shape)
  return new HeaderReader(frame, shape).read()
}

/** What a header says of the frame. Samples whose lowest bits were not coded have lost them. */
export const factsOf = ({ precision, pointTransform }: LosslessHeader): FrameFacts => ({
  lossy: pointTransform > 0,
  precision,
  signed: null,
})
