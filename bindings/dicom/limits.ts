/**
 * What a file may ask for before it is refused. Every limit is checked before anything of that size is allocated, so a
 * hostile header costs no more than its own bytes.
 */
import { AgatstonError, type Details } from '../base/errors.js'
import { MAX_PIXELS, MAX_SIDE, MAX_SLICES } from '../volume/geometry.js'

export interface Limits {
  /** Most rows, and most columns, of an image. At most 4096: the scoring kernel's memory is laid out for that. */
  readonly side: number
  /** Most slices of one series. */
  readonly slices: number
  /** Most pixels of one series. */
  readonly pixels: number
  /** Most bytes of all files together. */
  readonly bytes: number
  /** Most data elements of one object, nested ones included; of a large file more, see `mostElements`. */
  readonly elements: number
  /** Most sequence items and pixel fragments of one object. */
  readonly items: number
  /** Deepest nesting of sequences. */
  readonly depth: number
  /** Most bytes a deflated data set may inflate to. */
  readonly inflate: number
  /** How many times its size a deflated data set may grow; 64 MiB are free. */
  readonly inflateRatio: number
  /** Most entries of one zip archive. */
  readonly zipEntries: number
  /** How many times its size a zip archive, and each of its entries, may grow; 64 MiB are free. */
  readonly zipRatio: number
}

export const DEFAULT_LIMITS: Limits = Object.freeze({
  side: MAX_SIDE,
  slices: MAX_SLICES,
  pixels: MAX_PIXELS,
  bytes: 4 * 2 ** 30,
  elements: 100_000,
  items: 200_000,
  depth: 64,
  inflate: 2 ** 30,
  inflateRatio: 20,
  zipEntries: 100_000,
  zipRatio: 100,
})

/**
 * The defaults with the caller's changes.
 *
 * @throws TypeError for a name that is no limit, RangeError for a limit that is no whole number of at least 1, or `side`
 *   above 4096
 */
export function checkLimits(changes: Partial<Limits> = {}): Limits {
  const limits: Record<string, number> = { ...DEFAULT_LIMITS }
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) continue
    if (!Object.hasOwn(DEFAULT_LIMITS, name)) {
      throw new TypeError(`limits.${name} is no limit; known: ${Object.keys(DEFAULT_LIMITS).join(', ')}`)
    }
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`limits.${name} must be a whole number of at least 1, got ${value}`)
    }
    limits[name] = value
  }
  if (limits['side']! > MAX_SIDE) throw new RangeError(`limits.side can be at most ${MAX_SIDE}, got ${limits['side']}`)
  return Object.freeze(limits as unknown as Limits)
}

/** So many bytes of a file allow one element, and so many times the limit at most. */
const BYTES_AN_ELEMENT = 512
const MOST_TIMES = 10

/**
 * Most data elements of an object of so many bytes. An enhanced object has some 35 for each frame, and 4,000 frames may come in
 * one; every frame brings its pixels with it. So a large file may have one element for each 512 bytes, up to ten times the
 * limit, and what is made of the elements grows with the bytes of the file.
 */
export const mostElements = ({ elements }: Limits, bytes: number): number =>
  Math.max(elements, Math.min(MOST_TIMES * elements, Math.floor(bytes / BYTES_AN_ELEMENT)))

/** The refusal of what lies beyond a limit. `met` is the value met, where it is known. */
export function beyondLimit(limit: keyof Limits, most: number, what: string, details: Details = {}): AgatstonError {
  return new AgatstonError(
    'LIMIT_EXCEEDED',
    `${what}; the limit is ${most}. If the file is sound, raise limits.${limit}`,
    { limit, most, ...details },
  )
}
