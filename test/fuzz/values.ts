/** Values that readers stumble over, by the kind of element they are put into. */
import type { Field } from './fields.js'
import type { Rng } from './random.js'

/** Decimal and integer strings that are none, or only just (PS3.5 6.2). */
export const BAD_NUMBERS: readonly string[] = [
  '', ' ', '0', '-0', '+1', '00', '1.', '.5', '-.5', '1e0', '1E+3', '1e400', '-1e400', '1e-400', '0,5', '1,5', '1 2', '0x10',
  'NaN', 'Infinity', '-Infinity', '1e', 'e5', '--1', '1-', '1\\', '\\', '1\\2', '1\\2\\3', '1\\2\\3\\4\\5\\6', '\0', '1\0',
  '1\x002', '1;', 'abc', '１', '9'.repeat(16), '9'.repeat(64), '9'.repeat(65), `0.${'0'.repeat(40)}1`, '1_000', '٣', '1\n',
  '-1024', '-1023.5', '120', '0.5', '0.7\\0.7', '0.7', '3.0', '2.5', '1.0000000000000001',
] // prettier-ignore

const BAD_TEXTS: readonly string[] = [
  '', ' ', '\0', '\\', '\\\\', '..', '.', '../../etc/passwd', '/etc/passwd', 'C:\\x', '%2e%2e', '__proto__', 'constructor',
  '<script>alert(1)</script>', '\u001b[31m', '\u0007', 'A'.repeat(1025), 'ORIGINAL\\PRIMARY\\AXIAL', 'DERIVED\\SECONDARY',
  'ORIGINAL\\PRIMARY\\LOCALIZER', 'YES', 'NO', '01', '00', 'HU', 'US', 'OD', 'CT', 'MR', 'MONOCHROME1', 'MONOCHROME2', 'RGB',
  'ECG GATED', 'NONE', 'CONTRAST', 'Sn120', 'HEART', '1.2.3.4', '1..2', '1.2.840.10008.1.2', '1.2.840.10008.1.2.4.70',
  '1.2.840.10008.5.1.4.1.1.2', '1.2.840.10008.5.1.4.1.1.2.1', '1.2.840.10008.5.1.4.1.1.7', '1.2.840.10008.1.3.10', '9'.repeat(65),
] // prettier-ignore

const WORDS: readonly number[] = [0, 1, 2, 7, 8, 9, 11, 12, 13, 15, 16, 17, 31, 32, 63, 64, 65, 127, 128, 255, 256, 4095, 4096, 4097, 32767, 32768, 65534, 65535] // prettier-ignore

export const text = (value: string): Uint8Array => {
  const bytes = Uint8Array.from([...value].map((char) => char.charCodeAt(0) & 255))
  return bytes.length % 2 ? Uint8Array.from([...bytes, 32]) : bytes
}

const NUMERIC = ['DS', 'IS']
const BINARY = ['US', 'SS', 'UL', 'SL', 'FL', 'FD', 'AT']

/** A value for a field: bad for its kind, or good for it and yet another. */
export function oddValue(field: Field, bytes: Uint8Array, rng: Rng): Uint8Array {
  const { vr, valueAt, end, bigEndian } = field
  const old = bytes.subarray(valueAt, end)
  if (rng.chance(0.15)) return rng.bytes(rng.below(20))
  if (rng.chance(0.15)) return nudged(old, rng)
  const binary = BINARY.includes(vr) || (vr === '' && (old.length === 2 || old.length === 4) && !looksLikeText(old))
  if (binary) {
    const width = rng.pick([2, 2, 2, 4, 8])
    const out = new Uint8Array(width)
    const view = new DataView(out.buffer)
    if (width === 8) view.setFloat64(0, rng.pick([0, -1, NaN, Infinity, 1e308, 0.5]), !bigEndian)
    else if (width === 4) view.setUint32(0, rng.pick([0, 1, 65536, 65552, 2 ** 31, 2 ** 32 - 1, ...WORDS]), !bigEndian)
    else view.setUint16(0, rng.pick(WORDS), !bigEndian)
    return out
  }
  return text(rng.pick(NUMERIC.includes(vr) || rng.chance(0.3) ? BAD_NUMBERS : BAD_TEXTS))
}

const looksLikeText = (bytes: Uint8Array): boolean => bytes.every((byte) => byte >= 32 && byte < 127)

/** The same with one character changed, taken out or put in. */
function nudged(old: Uint8Array, rng: Rng): Uint8Array {
  const list = [...old]
  const at = rng.below(list.length + 1)
  const char = rng.pick([...'0123456789.-+eE\\ ,'].map((c) => c.charCodeAt(0)))
  const kind = rng.below(3)
  if (kind === 0) list.splice(at, 0, char)
  else if (kind === 1) list.splice(at, 1)
  else list[Math.min(at, Math.max(0, list.length - 1))] = char
  return Uint8Array.from(list.length % 2 ? [...list, 32] : list)
}
