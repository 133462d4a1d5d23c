/** Checksums of the compressed formats. Neither is proof against an adversary; both tell of bytes that were lost or changed. */

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1
  return c
})

/** CRC-32 (RFC 1952 8.1) of some bytes; with `before`, of what had that CRC-32 followed by them. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let c = ~before
  for (let i = 0; i < bytes.length; i++) c = CRC_TABLE[(c ^ bytes[i]!) & 0xff]! ^ (c >>> 8)
  return ~c >>> 0
}

/** Longest run of bytes after which the sums of Adler-32 still fit 32 bits. */
const ADLER_RUN = 5552

/** Adler-32 (RFC 1950 8.2). */
export function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0]
  for (let start = 0; start < bytes.length; start += ADLER_RUN) {
    const end = Math.min(start + ADLER_RUN, bytes.length)
    for (let i = start; i < end; i++) b += a += bytes[i]!
    a %= 65521
    b %= 65521
  }
  return ((b << 16) | a) >>> 0
}
