/** What a caller may ask for when scoring, checked: an option nobody knows is an error, not a score under other rules. */
import { type AcceptableCode, AgatstonError, isAcceptable } from '../base/errors.js'
import type { Hasher } from '../base/bytes.js'
import { type TerritoryMap, checkTerritoryMap } from '../volume/territory.js'
import type { MassFactor, Scope } from './result.js'
import type { Standard } from './standard.js'
import { CHECKED, DEFAULT_STANDARD, standardById } from './standards.js'

export interface ScoreOptions {
  /** Id of a shipped standard, or a standard; default `agatston-130`. */
  readonly standard?: string | Standard
  /** Score every calcified pixel of the image, bone included: for phantoms. Not with `territories`. */
  readonly scope?: 'whole-image'
  /** Which pixel lies in which territory, on the volume's own grid. */
  readonly territories?: TerritoryMap
  /** Mass factor c in mg/(mm3 HU); without it mass is null. */
  readonly massFactor?: number
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

const KNOWN: readonly string[] = [
  'standard',
  'scope',
  'territories',
  'massFactor',
  'hash',
  'accept',
  'onProgress',
  'signal',
]

/** Options as the scorer uses them. */
export interface Request {
  readonly standard: Standard
  readonly scope: Scope
  readonly massFactor: MassFactor | null
  readonly territories: TerritoryMap | null
  /** Name of each label id; null without territories. */
  readonly names: readonly (string | null)[] | null
  /** Coronary territories that have a pixel. */
  readonly marked: readonly string[]
}

/**
 * @param pixels pixels of the volume, for checking the territories
 * @throws TypeError, RangeError for wrong options; AgatstonError `SCOPE_MISSING` where nothing says what to score
 */
export function checkOptions(options: ScoreOptions, pixels: number): Request {
  const territories = options.territories ?? null
  const common = checkCommon(options, territories !== null)
  const map = territories === null ? { names: null, marked: [] } : checkTerritoryMap(territories, pixels)
  return { ...common, territories, ...map }
}

/** @throws TypeError for what is no option, or an option of the wrong kind */
export function checkScoreKeys(options: ScoreOptions): void {
  checkKeys(options, KNOWN)
  const { hash, onProgress, signal } = options
  if (hash !== undefined && typeof hash !== 'boolean' && typeof hash !== 'function') {
    throw new TypeError('hash must be true, false or a function that makes a hasher')
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') throw new TypeError('onProgress must be a function')
  if (signal !== undefined && typeof signal?.aborted !== 'boolean') throw new TypeError('signal must be an AbortSignal')
}

/** Options that scoring and streaming share. */
export function checkCommon(
  options: Pick<ScoreOptions, 'standard' | 'scope' | 'massFactor'>,
  hasTerritories: boolean,
): Pick<Request, 'standard' | 'scope' | 'massFactor'> {
  return {
    standard: resolveStandard(options.standard),
    scope: checkScope(options.scope, hasTerritories),
    massFactor: checkMassFactor(options.massFactor),
  }
}

/** @throws TypeError for a name that is no option */
export function checkKeys(options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) throw new TypeError('options must be an object')
  for (const key of Object.keys(options)) {
    if (!known.includes(key) && options[key as keyof typeof options] !== undefined)
      throw new TypeError(`There is no option '${key}'; there are ${known.join(', ')}`)
  }
}

function resolveStandard(standard: string | Standard | undefined): Standard {
  if (standard === undefined) return DEFAULT_STANDARD
  if (typeof standard === 'string') return standardById(standard)
  if (typeof standard !== 'object' || standard === null) throw new TypeError('standard must be an id or a standard')
  if (!CHECKED.has(standard)) throw new TypeError('make a standard with customStandard of agatston/standards')
  return standard
}

function checkScope(scope: 'whole-image' | undefined, hasTerritories: boolean): Scope {
  if (scope !== undefined && scope !== 'whole-image') {
    throw new RangeError(`scope must be 'whole-image' or left out, got '${String(scope)}'`)
  }
  if (hasTerritories) {
    if (scope !== undefined)
      throw new RangeError("scope 'whole-image' and territories exclude each other: give one of them")
    return 'territories'
  }
  if (scope === undefined) {
    throw new AgatstonError(
      'SCOPE_MISSING',
      'Nothing says what to score: give territories, or for a phantom the scope whole-image',
      { options: ['territories', 'scope'] },
    )
  }
  return scope
}

function checkMassFactor(factor: number | undefined): MassFactor | null {
  if (factor === undefined) return null
  if (typeof factor !== 'number') throw new TypeError('massFactor must be a number, in mg/(mm3 HU)')
  if (!Number.isFinite(factor) || factor <= 0)
    throw new RangeError(`massFactor must be above 0 mg/(mm3 HU), got ${factor}`)
  if (factor > 0.1) {
    throw new RangeError(
      `massFactor ${factor} looks like mg/mL per HU; it is in mg/(mm3 HU), about 0.0007: divide by 1000`,
    )
  }
  return { mgPerMm3Hu: factor, source: 'caller' }
}

/** @throws RangeError for a code that cannot be accepted */
export function checkAccept(accept: readonly string[] = []): readonly AcceptableCode[] {
  for (const code of accept)
    if (!isAcceptable(code)) throw new RangeError(`'${code}' is no refusal that can be accepted`)
  return [...accept] as AcceptableCode[]
}
