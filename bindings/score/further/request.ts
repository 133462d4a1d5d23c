/** What was asked for beyond the default, checked: an option nobody understands is an error, not another score. */
import { isCoronary } from '../../volume/territory.js'
import type { Beam, Request } from '../further.js'
import type { Beyond } from '../request.js'
import type { Assignment } from '../result.js'
import type { Standard } from '../standard.js'
import { checkAssignments } from './clicks.js'
import { planOf } from './plan.js'
import { CHECKED, standardById } from './standards.js'
import { DEFAULT_STANDARD } from '../default.js'
import { adaptToVoltage, checkAdaptable } from './voltage.js'

type Territories = Pick<Request, 'names' | 'marked'>

export function furtherRequest(options: Beyond, plain: Request, beam: Beam | null): Request {
  checkFlags(options)
  const { regionRule = 'clip', assignments, lmIntoLad = false, kvpAdapted = false, sensitivity = false } = options
  if (regionRule !== 'clip' && regionRule !== 'whole')
    throw new RangeError(`regionRule must be 'clip' or 'whole', got '${String(regionRule)}'`)
  if (regionRule === 'whole' && plain.names === null) throw new RangeError("regionRule 'whole' needs territories")
  // Stamped on a result without vessels it would say what was not done.
  if (lmIntoLad && plain.scope === 'whole-image')
    throw new RangeError("lmIntoLad needs vessels, and the scope 'whole-image' has none: leave one out")
  const asked = resolve(options.standard)
  if (kvpAdapted) checkAdaptable(asked) // told before anything is read
  const standard = kvpAdapted && beam ? adaptToVoltage(asked, beam.kvp, beam.isSpectral) : asked
  const clicks = assignments === undefined ? null : checkAssignments(assignments)
  const isWhole = plain.scope === 'whole-image'
  if (isWhole && clicks?.some((click) => 'territory' in click))
    throw new RangeError("scope 'whole-image' and clicks into territories exclude each other: give one of them")
  const { names, marked } = isWhole || clicks === null ? plain : withClicks(plain, clicks)
  return {
    ...plain,
    names: lmIntoLad && names?.includes('LM') ? named(names, 'LAD') : names,
    marked,
    standard,
    assignments: clicks,
    modifiers: [
      ...(standard.sha256 === null ? [] : ['custom']),
      ...(kvpAdapted ? ['kvp-adapted'] : []),
      ...(regionRule === 'whole' ? ['region-whole'] : []),
      ...(lmIntoLad ? ['lm-into-lad'] : []),
    ],
    plan: planOf({ standard, sensitivity, clicks, regionRule, kvpAdapted, lmIntoLad, masked: plain.names !== null }),
  }
}

function checkFlags(options: Beyond): void {
  for (const key of ['lmIntoLad', 'kvpAdapted', 'sensitivity'] as const) {
    if (options[key] !== undefined && typeof options[key] !== 'boolean')
      throw new TypeError(`${key} must be true or false`)
  }
}

function resolve(standard: string | Standard | undefined): Standard {
  if (standard === undefined) return DEFAULT_STANDARD
  if (typeof standard === 'string') return standardById(standard)
  if (typeof standard !== 'object' || standard === null) throw new TypeError('standard must be an id or a standard')
  if (!CHECKED.has(standard)) throw new TypeError('make a standard with customStandard of agatston/standards')
  return standard
}

/**
 * Names that clicks bring get labels of their own, which the map leaves free. Without masks only what is clicked on belongs
 * somewhere: never the whole image, not even where no click names a territory.
 */
function withClicks({ names, marked }: Territories, clicks: readonly Assignment[]): Territories {
  const territories = clicks.flatMap((click) => ('territory' in click ? [click.territory] : []))
  return {
    names: territories.reduce(named, names ?? [null]),
    marked: [...new Set([...marked, ...territories.filter(isCoronary)])],
  }
}

/** The names with this one among them, under a label that none has. */
function named(names: readonly (string | null)[], name: string): readonly (string | null)[] {
  if (names.includes(name)) return names
  const free = names.indexOf(null, 1)
  const label = free < 0 ? names.length : free
  if (label > 255) throw new RangeError('assignments and masks name more than 255 territories together')
  const more = [...names]
  more[label] = name
  return more
}
