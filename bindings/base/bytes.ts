/** Pixels to hashable bytes, and what hashes them. */

/** Something that hashes what it is given piece by piece: Node's, noble's, or a viewer's own. */
export interface Hasher {
  update(bytes: Uint8Array): unknown
  /** SHA-256 of all that was given, in lower-case hexadecimal. Ends the hasher. */
  hex(): string | Promise<string>
}

/** The bytes of a typed array as they lie in memory. All runtimes WebAssembly has are little endian. */
export function bytesUnder(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}
