/** SHA-256 by the platform (Web Crypto): fetched only where a hash is asked for, or a module is brought. */
import type { Hasher } from './bytes.js'
import { toHex } from './hex.js'

/** The platform's SHA-256 of some bytes; null where it offers none (a page that is not a secure context). */
export async function platformSha256(bytes: Uint8Array<ArrayBuffer>): Promise<string | null> {
  const subtle = globalThis.crypto?.subtle
  return subtle ? toHex(new Uint8Array(await subtle.digest('SHA-256', bytes))) : null
}

/** The platform's SHA-256 takes all bytes at once, so they are gathered first: as much memory as the pixels have. */
export class GatheringHasher implements Hasher {
  readonly #parts: Uint8Array[] = []

  update(bytes: Uint8Array): void {
    this.#parts.push(bytes.slice())
  }

  async hex(): Promise<string> {
    const all = new Uint8Array(await new Blob(this.#parts as Uint8Array<ArrayBuffer>[]).arrayBuffer())
    const hex = await platformSha256(all)
    if (hex === null) {
      throw new RangeError('No SHA-256 outside a secure context: give hash a function, such as portableHasher')
    }
    return hex
  }
}
