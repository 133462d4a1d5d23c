/**
 * Gzip, bounded and verified. A label map compresses a thousandfold, so a ratio alone is no measure: the size a file claims
 * (RFC 1952, ISIZE) is held against what the caller allows before anything is allocated, the inflater writes into exactly that
 * much, and the CRC-32 at the end proves that the claim was true and that no byte is wrong.
 */
import { inflateSync } from 'fflate'

import { AgatstonError, type Details } from '../base/errors.js'

/** Nothing inflates beyond this, whatever it was. */
export const MAX_INFLATED = 2 ** 30
/** Up to this size the ratio does not matter. */
const FREE_INFLATED = 64 * 2 ** 20
/** Above it, a file may grow this many times, unless the caller knows how much to expect. */
const MAX_RATIO = 20

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

/**
 * Inflate one gzip member.
 *
 * @param expected Bytes the caller can make sense of: raises the ratio limit, never the absolute one.
 * @throws AgatstonError `LIMIT_EXCEEDED` beyond the limits, `PARSE_FAILED` for anything broken.
 */
export function gunzip(bytes: Uint8Array, expected: number, details: Details): Uint8Array {
  const start = memberStart(bytes, details)
  const end = bytes.length - 8
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + end, 8)
  const size = trailer.getUint32(4, true)
  const allowed = Math.min(MAX_INFLATED, Math.max(FREE_INFLATED, MAX_RATIO * bytes.length, expected))
  if (size > allowed) {
    throw new AgatstonError(
      'LIMIT_EXCEEDED',
      `the gzip file unpacks to ${size} bytes, at most ${allowed} are read; unpack it, or check what it holds`,
      { ...details, limit: 'inflate', bytes: size, allowed },
    )
  }
  const out = new Uint8Array(size)
  let written: Uint8Array
  try {
    written = inflateSync(bytes.subarray(start, end), { out })
  } catch (cause) {
    throw broken('its compressed data breaks off or is damaged', details, cause)
  }
  if (written.length !== size || crc32(out) !== trailer.getUint32(0, true)) {
    throw broken('its checksum does not fit (damaged, or several gzip members in one file)', details)
  }
  return out
}

/** Where the compressed data starts, behind the header's optional fields (RFC 1952 2.3). */
function memberStart(bytes: Uint8Array, details: Details): number {
  const last = bytes.length - 8
  if (last < 12 || bytes[2] !== 8) throw broken('it is too short, or not packed with deflate', details)
  const flags = bytes[3]!
  if (flags & 0xe0) throw broken('its header sets reserved flags', details)
  let at = 10
  if (flags & 4) at += 2 + bytes[at]! + 256 * bytes[at + 1]!
  for (const flag of [8, 16]) {
    if (!(flags & flag)) continue
    while (at < last && bytes[at] !== 0) at++
    at++
  }
  if (flags & 2) at += 2
  if (at >= last) throw broken('its header runs past the end', details)
  return at
}

function broken(what: string, details: Details, cause?: unknown): AgatstonError {
  return new AgatstonError(
    'PARSE_FAILED',
    `the gzip file cannot be unpacked: ${what}; copy it again from its source`,
    details,
    { cause },
  )
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1
  return c
})

/** CRC-32 of RFC 1952, 8.1. */
export function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff
  for (let i = 0; i < bytes.length; i++) c = CRC_TABLE[(c ^ bytes[i]!) & 0xff]! ^ (c >>> 8)
  return (c ^ 0xffffffff) >>> 0
}
