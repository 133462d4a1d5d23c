/** Bytes as base64 (RFC 4648), for addresses that hold their picture themselves. */

const STEP = 0x6000

export function base64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += STEP) text += btoa(String.fromCharCode(...bytes.subarray(at, at + STEP)))
  return text
}
