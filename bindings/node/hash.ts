/** SHA-256 by Node itself: several times faster than the portable one, and the same bits. */
import { createHash } from 'node:crypto'
import type { Hasher } from '../base/bytes.js'

/** A hasher for the `hash` option of `score`. */
export function nodeHasher(): Hasher {
  const hash = createHash('sha256')
  return { update: (bytes) => hash.update(bytes), hex: () => hash.digest('hex') }
}
