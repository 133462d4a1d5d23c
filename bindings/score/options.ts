/** What a caller may ask for when scoring, checked: an option nobody knows is an error, not a score under other rules. */
import { checkKeys, checkPositive } from '../base/check.js'
import { type AcceptableCode, AgatstonError, isAcceptable } from '../base/errors.js'
import { DEFAULT_STANDARD } from './default.js'
import { type Beam, type Request, furtherRules } from './further.js'
import type { Beyond, ScoreOptions } from './request.js'
import type { MassFactor, Scope } from './result.js'

export type { Request } from './further.js'

export type { ScoreOptions } from './request.js'

/** Served by `further/` alone. */
const BEYOND: readonly string[] = ['regionRule', 'assignments', 'lmIntoLad', 'kvpAdapted']
const KNOWN: readonly string[] = [
  ...BEYOND,
  'standard',
  'sensitivity',
  'scope',
  'territories',
  'massFactor',
  'hash',
  'accept',
  'onProgress',
  'signal',
]

/** Whether `further/` is needed. */
export function needsFurther(options: Beyond): boolean {
  const { standard = DEFAULT_STANDARD, sensitivity } = options
  return (
    (standard !== DEFAULT_STANDARD && standard !== DEFAULT_STANDARD.id) ||
    (sensitivity ?? false) !== false ||
    BEYOND.some((key) => options[key as keyof Beyond] !== undefined)
  )
}

/**
 * @param map the territories, checked against the volume; names and no labels where these come with the slices
 * @throws TypeError, RangeError for wrong options; AgatstonError `SCOPE_MISSING` where nothing says what to score,
 *   `KVP_UNSUPPORTED`
 */
export function checkOptions(
  options: Beyond & Pick<ScoreOptions, 'scope' | 'massFactor' | 'territories'>,
  map: Pick<Request, 'names' | 'marked'>,
  beam: Beam | null,
): Request {
  const plain: Request = {
    standard: DEFAULT_STANDARD,
    scope: checkScope(options.scope, map.names !== null, options.assignments !== undefined),
    massFactor: checkMassFactor(options.massFactor),
    territories: options.territories ?? null,
    assignments: null,
    modifiers: [],
    plan: null,
    ...map,
  }
  return needsFurther(options) ? furtherRules().request(options, plain, beam) : plain
}

/** No territories. */
export const NO_MAP: Pick<Request, 'names' | 'marked'> = { names: null, marked: [] }

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

function checkScope(scope: 'whole-image' | undefined, hasTerritories: boolean, hasClicks: boolean): Scope {
  if (scope !== undefined && scope !== 'whole-image') {
    throw new RangeError(`scope must be 'whole-image' or left out, got '${String(scope)}'`)
  }
  if (hasTerritories) {
    if (scope !== undefined)
      throw new RangeError("scope 'whole-image' and territories exclude each other: give one of them")
    return 'territories'
  }
  if (scope === undefined) {
    if (hasClicks) return 'territories'
    throw new AgatstonError(
      'SCOPE_MISSING',
      'Nothing says what to score: give territories, assignments, or for a phantom the scope whole-image',
      { options: ['territories', 'assignments', 'scope'] },
    )
  }
  return scope
}

function checkMassFactor(given: number | MassFactor | undefined): MassFactor | null {
  if (given === undefined) return null
  const { mgPerMm3Hu: factor, source }: MassFactor =
    typeof given === 'object' && given !== null ? given : { mgPerMm3Hu: given, source: 'caller' }
  if (!['caller', 'calibration', 'header'].includes(source))
    throw new TypeError('source of massFactor must be caller, calibration or header')
  if (typeof factor !== 'number') throw new TypeError('massFactor must be a number, in mg/(mm3 HU)')
  checkPositive(factor, 'massFactor')
  if (factor > 0.1) {
    throw new RangeError(`massFactor ${factor} looks like mg/mL per HU; mg/(mm3 HU) are about 0.0007: divide by 1000`)
  }
  return { mgPerMm3Hu: factor, source }
}

/** @throws RangeError for a code that cannot be accepted */
export function checkAccept(accept: readonly string[] = []): readonly AcceptableCode[] {
  for (const code of accept)
    if (!isAcceptable(code)) throw new RangeError(`'${code}' is no refusal that can be accepted`)
  return [...accept] as AcceptableCode[]
}
