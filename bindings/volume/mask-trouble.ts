/** What readers of masks of every kind say alike: how a mask that does not fit is refused, and what is noted of one that does. */
import { AgatstonError, type Details } from '../base/errors.js'

/** In which way a mask does not fit; stands in `details.kind` of a `TERRITORY_MISMATCH`. */
export type MismatchKind =
  | 'not-a-mask'
  | 'frame-of-reference'
  | 'other-series'
  | 'no-position'
  | 'not-parallel'
  | 'not-covering'
  | 'duplicate'
  | 'names'
  | 'conflict'
  | 'unnamed'
  | 'no-territory'
  | 'values'
  | 'overlap'
  | 'empty'
  | 'tilted'
  | 'off-plane'
  | 'gaps'
  | 'crossing'

/** A `TERRITORY_MISMATCH`: what was met, what was expected, what to do. `file` is a base name. */
export function maskMismatch(
  kind: MismatchKind,
  file: string,
  met: string,
  next: string,
  details: Details = {},
  cause?: unknown,
): AgatstonError {
  const options = cause === undefined ? {} : { cause }
  return new AgatstonError('TERRITORY_MISMATCH', `${file}: ${met}. ${next}`, { kind, file, ...details }, options)
}

/** The note of a mask that is not on the volume's own grid. */
export const nearestNote = (file: string): string =>
  `${file}: its grid is parallel to the volume's but not the same; each pixel took the nearest label`

/** The note of a part that goes on where the scan does not: calcium there is in no score. */
export const beyondNote = (file: string, part: string, planes: number): string =>
  `${file}: ${part} has ${planes} plane(s) beyond the first or last slice, which mark nothing`

/** Label text for messages and results: printable ASCII, at most 64 characters; null where nothing is left. */
export function printableLabel(text: string | null): string | null {
  return (
    (text ?? '')
      .replace(/[^\x20-\x7e]/g, '?')
      .trim()
      .slice(0, 64) || null
  )
}
