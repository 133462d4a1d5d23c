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
  hex(): string
}

/** The bytes of a typed array as they lie in memory. All runtimes WebAssembly has are little endian. */
export function bytesUnder(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}
