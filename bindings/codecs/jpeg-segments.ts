/**
 * Marker segments of the JPEG family (ITU-T T.81 annex B; T.87 annex C for JPEG-LS): from SOI over the segments to the one
 * scan of a CT frame, and over its entropy-coded bytes to EOI. Both JPEG-LS and JPEG Extended are read through it.
 */
import type { FrameShape } from './decoder.js'
import { MARKER } from './jpeg-markers.js'
import { Bytes, type CodingName, checkPadding, frameCorrupt, frameForeign, frameShort } from './trouble.js'

export interface Segment {
  readonly marker: number
  /** The segment's bytes after its length. */
  readonly body: Bytes
}

export interface JpegFrame {
  /** In order, the last one is SOS. */
  readonly segments: readonly Segment[]
  /** The entropy-coded bytes: from after SOS to the EOI marker. */
  readonly scanStart: number
  readonly scanEnd: number
  /** Where restart markers lie: index of their 0xFF. */
  readonly restarts: readonly number[]
}

/**
 * Read the segments and find the end of the scan.
 *
 * @param stuffed a 0xFF of the scan's data is followed by a zero byte (T.81), not by a zero bit (T.87)
 * @throws AgatstonError `PIXELS_SHORT` without EOI, `PIXELS_CORRUPT` where bytes are not what the standard allows there,
 *   `PIXEL_FORMAT` for more than one scan
 */
export function readSegments(frame: Uint8Array, shape: FrameShape, coding: CodingName, stuffed: boolean): JpegFrame {
  const bytes = new Bytes(frame, shape, coding)
  if (frame.length < 4) throw frameShort(shape, coding, `it has ${frame.length} bytes`, { length: frame.length })
  if (bytes.u16() !== 0xffd8) {
    throw frameForeign(shape, coding, 'it does not begin with the marker SOI (FF D8)', { offset: 0 })
  }
  const segments: Segment[] = []
  for (;;) {
    const segment = readSegment(bytes, shape, coding)
    segments.push(segment)
    if (segment.marker === MARKER.SOS) break
  }
  const scanStart = bytes.position
  const restarts: number[] = []
  const scanEnd = walkScan(frame, scanStart, stuffed, restarts, shape, coding)
  let end = scanEnd
  while (frame[end] === 0xff) end++
  checkPadding(frame, end + 1, shape, coding, true)
  return { segments, scanStart, scanEnd, restarts }
}

function readSegment(bytes: Bytes, shape: FrameShape, coding: CodingName): Segment {
  const offset = bytes.position
  if (bytes.u8() !== 0xff) throw frameCorrupt(shape, coding, `byte ${offset} is no marker`, { offset })
  let marker = bytes.u8()
  while (marker === 0xff) marker = bytes.u8()
  const bare = marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd9)
  if (bare) {
    throw frameCorrupt(shape, coding, `marker FF ${hex(marker)} stands before the scan`, { offset, marker })
  }
  const length = bytes.u16()
  const end = bytes.position + length - 2
  if (length < 2)
    throw frameCorrupt(shape, coding, `segment FF ${hex(marker)} has length ${length}`, { offset, marker })
  if (end > bytes.end) {
    const what = `segment FF ${hex(marker)} ends at byte ${end} of ${bytes.end}`
    throw frameShort(shape, coding, what, { offset, marker, length: bytes.end })
  }
  const body = new Bytes(bytes.bytes, shape, coding, bytes.position, end)
  bytes.position = end
  return { marker, body }
}

/** Walk the entropy-coded bytes to EOI; returns where its first 0xFF is. */
function walkScan(
  frame: Uint8Array,
  start: number,
  stuffed: boolean,
  restarts: number[],
  shape: FrameShape,
  coding: CodingName,
): number {
  for (let at = start; ;) {
    at = frame.indexOf(0xff, at)
    if (at < 0) break
    let next = at + 1
    while (next < frame.length && frame[next] === 0xff) next++
    if (next >= frame.length) break
    const marker = frame[next]!
    if (marker === MARKER.EOI) return at
    if (marker >= 0xd0 && marker <= 0xd7) restarts.push(at)
    else if (stuffed ? marker !== 0 || next > at + 1 : marker >= 0x80 || next > at + 1) {
      // Segments between scans, or the start of another image.
      const known = marker === MARKER.SOS || marker === MARKER.DHT || marker === MARKER.LSE
      const what = `marker FF ${hex(marker)} at byte ${at} inside the scan`
      if (known) throw frameForeign(shape, coding, `more than one scan (${what})`, { offset: at, marker })
      throw frameCorrupt(shape, coding, what, { offset: at, marker })
    }
    at = next + 1
  }
  const what = `its end marker EOI (FF D9) is missing after ${frame.length} bytes`
  throw frameShort(shape, coding, what, { length: frame.length })
}

/** The one segment of a kind, or null. */
export function oneSegment(
  segments: readonly Segment[],
  marker: number,
  shape: FrameShape,
  coding: CodingName,
): Segment | null {
  const found = segments.filter((segment) => segment.marker === marker)
  if (found.length <= 1) return found[0] ?? null
  throw frameCorrupt(shape, coding, `segment FF ${hex(marker)} stands ${found.length} times, expected once`, { marker })
}

/** Restart interval of DRI, 0 without; restart markers must agree with it: right count, numbers 0 to 7 in turn. */
export function restartInterval(jpeg: JpegFrame, frame: Uint8Array, shape: FrameShape, coding: CodingName): number {
  const dri = oneSegment(jpeg.segments, MARKER.DRI, shape, coding)
  let interval = 0
  if (dri) {
    const length = dri.body.left()
    if (length < 2 || length > 4) throw frameCorrupt(shape, coding, `a DRI segment of ${length} bytes`, { length })
    while (dri.body.left() > 0) interval = interval * 256 + dri.body.u8()
  }
  jpeg.restarts.forEach((at, index) => {
    if (interval > 0 && frame[at + 1] === 0xd0 + (index % 8)) return
    const what = `restart marker FF ${hex(frame[at + 1]!)} at byte ${at} is out of place`
    throw frameCorrupt(shape, coding, what, { offset: at, interval })
  })
  return interval
}

export const hex = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0')
