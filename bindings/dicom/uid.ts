/**
 * UIDs made from content. The same text gives the same UID on every machine, which makes written files reproducible to the
 * byte; two texts give two UIDs as surely as SHA-256 does.
 */

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

/** Fractional parts of the cube and square roots of the first primes, as FIPS 180-4 4.2.2 and 5.3.3 print them, made here. */
const { K, H } = (() => {
  const primes: number[] = []
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n)
  // Integer roots of prime x 2^96 and prime x 2^64: exact, where Math.cbrt need not be.
  const root = (value: bigint, degree: bigint): bigint => {
    let low = 0n
    let high = 1n << 40n
    while (high - low > 1n) {
      const middle = (low + high) >> 1n
      if (middle ** degree <= value) low = middle
      else high = middle
    }
    return low
  }
  const fraction = (prime: number, degree: bigint) =>
    Number(root(BigInt(prime) << (32n * degree), degree) & 0xffffffffn)
  return {
    K: Uint32Array.from(primes, (p) => fraction(p, 3n)),
    H: Uint32Array.from(primes.slice(0, 8), (p) => fraction(p, 2n)),
  }
})()

/** SHA-256 (FIPS 180-4) of short texts: synchronous, which the Web Crypto API is not. */
export function sha256(message: Uint8Array): Uint8Array {
  const blocks = ((message.length + 8) >> 6) + 1
  const padded = new Uint8Array(blocks * 64)
  padded.set(message)
  padded[message.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n)
  const state = H.slice()
  const w = new Uint32Array(64)
  const rotate = (x: number, n: number) => (x >>> n) | (x << (32 - n))
  for (let at = 0; at < padded.length; at += 64) {
    for (let t = 0; t < 16; t++) w[t] = view.getUint32(at + 4 * t)
    for (let t = 16; t < 64; t++) {
      const [x, y] = [w[t - 15]!, w[t - 2]!]
      const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3)
      const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10)
      w[t] = w[t - 16]! + s0 + w[t - 7]! + s1
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
    for (let t = 0; t < 64; t++) {
      const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[t]! + w[t]!) | 0
      const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0]
    }
    ;[a, b, c, d, e, f, g, h].forEach((word, n) => (state[n] = state[n]! + word))
  }
  const out = new Uint8Array(32)
  const result = new DataView(out.buffer)
  state.forEach((word, n) => result.setUint32(4 * n, word))
  return out
}
