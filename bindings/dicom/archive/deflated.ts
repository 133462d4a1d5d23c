/**
 * Deflated data sets (PS3.5 A.5): after the meta information the file is one deflate stream. The object then lives on inflated
 * bytes, and stays on them: a multi-frame object would be inflated once for each frame otherwise. What is held counts
 * towards `limits.bytes` like the bytes of files.
 *
 * Three forms are met and read. By the standard: a bare stream, with at most one zero behind it to make the length even. From
 * writers that handed the data to the wrong function of their library: the stream in a zlib wrapper (RFC 1950), and the
 * stream with the trailer of a gzip file (RFC 1952). The checksums of the last two are checked.
 */
import { AgatstonError } from '../../base/errors.js'
import { adler32, crc32 } from '../../base/checksum.js'
import { DeflateError, type Inflated, inflateInto, inflatePieces } from './inflate.js'
import { type Limits, beyondLimit } from '../limits.js'
import { parseFailed } from '../trouble.js'

/** Up to this size the ratio does not matter. */
const FREE_BYTES = 64 * 2 ** 20
/** Compressed CT grows to two or three times its size: room for this many is tried before the stream is measured. */
const USUAL_RATIO = 3

/**
 * The file with its data set inflated: the same bytes up to `start`, then the data set.
 *
 * @throws AgatstonError `LIMIT_EXCEEDED` (limit `inflate` or `inflateRatio`), before more than three times the file is
 *   allocated; `PARSE_FAILED` where the stream is cut, damaged, or not all there is; `OUT_OF_MEMORY`
 */
export function withInflated(bytes: Uint8Array, start: number, file: string, limits: Limits): Uint8Array {
  const packed = bytes.subarray(start)
  const body = isZlib(packed) ? 2 : 0
  const allowed = Math.min(limits.inflate, Math.max(FREE_BYTES, limits.inflateRatio * packed.length))
  try {
    const whole = inflated(packed, body, allowed, bytes.subarray(0, start))
    const { size, end } = whole.inflated
    checkRest(packed.subarray(end), whole.bytes.subarray(start, start + size), body > 0, { file, offset: start + end })
    return whole.bytes
  } catch (cause) {
    if (cause instanceof DeflateError) throw refusal(cause, packed.length, allowed, { file, start, limits })
    if (!(cause instanceof RangeError)) throw cause
    const message = `${file}: there is no memory for its inflated data set. Close other programs, or export it uncompressed`
    throw new AgatstonError('OUT_OF_MEMORY', message, { file }, { cause })
  }
}

/** `head` and the inflated stream behind it in one array of just that size. */
function inflated(
  packed: Uint8Array,
  from: number,
  allowed: number,
  head: Uint8Array,
): { readonly bytes: Uint8Array; readonly inflated: Inflated } {
  const usual = Math.min(allowed, USUAL_RATIO * packed.length)
  const room = new Uint8Array(head.length + usual)
  room.set(head)
  try {
    const result = inflateInto(packed, from, room.subarray(head.length))
    return { bytes: room.slice(0, head.length + result.size), inflated: result }
  } catch (error) {
    if (!(error instanceof DeflateError && error.kind === 'full')) throw error
  }
  let size = 0
  const measured = inflatePieces(packed, from, (piece) => {
    size += piece.length
    if (size > allowed) throw new DeflateError('full', 'the compressed data holds more than is allowed', 0)
  })
  const exact = new Uint8Array(head.length + measured.size)
  exact.set(head)
  return { bytes: exact, inflated: inflateInto(packed, from, exact.subarray(head.length)) }
}

/**
 * Whether a zlib header stands first: a multiple of 31 that names deflate with a window of up to 32 KiB and no dictionary. A bare
 * stream could begin with the same bytes only with a stored block whose length repeats itself inverted behind it.
 */
function isZlib(packed: Uint8Array): boolean {
  if (packed.length < 6) return false
  const [method, flags] = [packed[0]!, packed[1]!]
  const header = (method & 15) === 8 && method >> 4 <= 7 && (method * 256 + flags) % 31 === 0 && (flags & 32) === 0
  const storedLength = packed[1]! | (packed[2]! << 8)
  const inverted = packed[3]! | (packed[4]! << 8)
  return header && storedLength !== (~inverted & 0xffff)
}

/** What may follow the stream: its checksum, where the form has one, and one zero. */
function checkRest(
  rest: Uint8Array,
  data: Uint8Array,
  zlib: boolean,
  where: { readonly file: string; readonly offset: number },
): void {
  const view = new DataView(rest.buffer, rest.byteOffset, rest.byteLength)
  const isPad = (at: number): boolean => rest.length === at || (rest.length === at + 1 && rest[at] === 0)
  if (zlib) {
    if (rest.length < 4) throw parseFailed('truncated', 'the checksum of the deflated data set breaks off', where)
    if (isPad(4) && view.getUint32(0) === adler32(data)) return
    throw parseFailed('damaged', 'the checksum of the deflated data set does not fit', where)
  }
  if (isPad(0)) return
  const trailer = rest.length >= 8 && view.getUint32(4, true) === data.length
  if (trailer && isPad(8) && view.getUint32(0, true) === crc32(data)) return
  throw parseFailed('length', `${rest.length} bytes follow the deflated data set, which is not all there is`, where)
}

function refusal(
  trouble: DeflateError,
  packedBytes: number,
  allowed: number,
  { file, start, limits }: { readonly file: string; readonly start: number; readonly limits: Limits },
): AgatstonError {
  const offset = start + trouble.at
  if (trouble.kind !== 'full') return parseFailed(trouble.kind, trouble.message, { file, offset }, trouble)
  const limit = allowed === limits.inflate ? 'inflate' : 'inflateRatio'
  const what = `${file}: ${packedBytes} deflated bytes hold more than ${allowed} bytes, the most that is inflated`
  return beyondLimit(limit, limits[limit], what, { file, bytes: packedBytes, allowed })
}
