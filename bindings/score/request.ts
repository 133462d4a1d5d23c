/** What a caller may ask for when scoring. */
import type { Hasher } from '../base/bytes.js'
import type { AcceptableCode } from '../base/errors.js'
import type { TerritoryMap } from '../volume/territory.js'
import type { Assignment, MassFactor } from './result.js'
import type { Standard } from './standard.js'

export interface ScoreOptions {
  /** Id of a shipped standard, or a standard; default `agatston-130`. */
  readonly standard?: string | Standard
  /** Score every calcified pixel of the image, bone included: for phantoms. Not with `territories`. */
  readonly scope?: 'whole-image'
  /** Which pixel lies in which territory, on the volume's own grid. */
  readonly territories?: TerritoryMap
  /**
   * How masks meet lesions. `clip` (default): components are formed inside each territory. `whole`: on all calcified pixels; a
   * lesion belongs to the territory that holds most of its pixels, or to none.
   */
  readonly regionRule?: 'clip' | 'whole'
  /** A reader's clicks: each takes the lesion under it, into a territory or out of the score; of several on one the last decides. */
  readonly assignments?: readonly Assignment[]
  /** Count what is scored as LM under LAD; the total stays the same. */
  readonly lmIntoLad?: boolean
  /** The ladder of the study's tube voltage; the result is labelled non-standard. */
  readonly kvpAdapted?: boolean
  /** Also score under the rules of vendors. Default for `score`: false for arrays, true for files. */
  readonly sensitivity?: boolean
  /** Mass factor c in mg/(mm3 HU), or with where it came from; without it mass is null. */
  readonly massFactor?: number | MassFactor
  /**
   * Stamp the result with `pixelSha256`; a function makes the hasher, which `scoreSync` needs. Default for `score`: false for
   * arrays, true for files.
   */
  readonly hash?: boolean | (() => Hasher)
  /** Refusals to override that only scoring can see (`NOT_HU`, `NOT_AXIAL`); each is stamped on the result. */
  readonly accept?: readonly AcceptableCode[]
  /** Told after each slice. */
  readonly onProgress?: (done: number, total: number) => void
  /** Stops `score` between two slices with `CANCELLED`. */
  readonly signal?: AbortSignal
}

/** Options that the core alone cannot serve. */
export type Beyond = Pick<
  ScoreOptions,
  'standard' | 'regionRule' | 'assignments' | 'lmIntoLad' | 'kvpAdapted' | 'sensitivity'
>
