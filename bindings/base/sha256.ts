/**
 * The entry `agatston/sha256`: SHA-256 that runs anywhere, synchronously and piece by piece, which the platforms' own does not.
 * Give it to `score` or `scoreSync` as `hash`. Node's own is several times faster.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import type { Hasher } from './bytes.js'
import { toHex } from './hex.js'

export function portableHasher(): Hasher {
  const hash = sha256.create()
  return { update: (bytes) => hash.update(bytes), hex: () => toHex(hash.digest()) }
}
