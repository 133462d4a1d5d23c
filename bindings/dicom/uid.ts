/**
 * UIDs made from content. The same text gives the same UID on every machine, which makes written files reproducible to the
 * byte; two texts give two UIDs as surely as SHA-256 does.
 */
import { sha256 } from '@noble/hashes/sha2.js'

/**
 * A UID under the 2.25 root (PS3.5 B.2): the decimal value of a UUID. The UUID is of version 8 (RFC 9562 5.8): the first 128
 * bits of the SHA-256 of the text in UTF-8, with the version and variant bits set.
 */
export function uidFromText(text: string): string {
  const hash = sha256(new TextEncoder().encode(text)).subarray(0, 16)
  hash[6] = (hash[6]! & 0x0f) | 0x80
  hash[8] = (hash[8]! & 0x3f) | 0x80
  let value = 0n
  for (const byte of hash) value = (value << 8n) | BigInt(byte)
  return `2.25.${value}`
}

/** Names this package's writers in the file meta information (PS3.7 D.3.3.2). */
export const IMPLEMENTATION = Object.freeze({
  uid: uidFromText('agatston implementation class 1'),
  version: 'AGATSTON',
})
