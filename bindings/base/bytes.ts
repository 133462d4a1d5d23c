/** Bytes to text, and pixels to hashable bytes. */

export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

/** The wasm modules come as hexadecimal: it packs (gzip) to two thirds of what base64 does, since bytes stay bytes. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16)
  return bytes
}

/** Something that hashes what it is given piece by piece: Node's, noble's, or a viewer's own. */
export interface Hasher {
  update(bytes: Uint8Array): unknown
  /** SHA-256 of all that was given, in lower-case hexadecimal. Ends the hasher. */
  hex(): string | Promise<string>
}

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

/** The bytes of a typed array as they lie in memory. All runtimes WebAssembly has are little endian. */
export function bytesUnder(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}
