/**
 * Bytes as text that packs well: the modules travel inside this package's code, which is sent gzipped. A sign a byte for small
 * bytes, which most of WebAssembly is, two for the rest, none of which any string literal has to escape; hexadecimals take an
 * eighth more once gzipped, base 64 a third, since it hides where bytes begin.
 */

/** The 88 signs from blank to } but for quotes, $ and the signs that lead: ! and ~. */
const SIGNS = /* @__PURE__ */ Array.from({ length: 94 }, (_, i) => String.fromCharCode(32 + i))
  .join('')
  .replace(/["'`$\\!]/g, '')

/** Bytes of a text of `pack` in scripts/build-wasm.mjs. */
export function unpack(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length)
  let length = 0
  let lead = 0
  for (const sign of text) {
    if (sign === '~') lead = 88
    else if (sign === '!') lead = 176
    else {
      bytes[length++] = lead + SIGNS.indexOf(sign)
      lead = 0
    }
  }
  return bytes.slice(0, length)
}
