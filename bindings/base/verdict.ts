/** What speaks against a series, gathered while it is checked, and judged once at the end. */
import {
  type AcceptableCode,
  type Details,
  type Refusal,
  type RefusalCode,
  type StrictCode,
  type Warning,
  type WarningCode,
  isAcceptable,
} from './errors.js'

/** Everything that speaks against a series. */
export class Objections {
  readonly refusals: Refusal[] = []
  readonly warnings: Warning[] = []

  refuse(code: RefusalCode, message: string, details: Details = {}): void {
    this.refusals.push({ code, message, details })
  }

  warn(code: WarningCode, message: string, details: Details = {}): void {
    this.warnings.push({ code, message, details })
  }
}

export interface Verdict {
  readonly refusals: readonly Refusal[]
  readonly warnings: readonly Warning[]
  readonly accepted: readonly AcceptableCode[]
}

export interface JudgeOptions {
  readonly accept: readonly AcceptableCode[]
  /** Warnings that are refusals here: none, or `STRICT_CODES`. */
  readonly strict: readonly StrictCode[]
  /** An increment was given, without which a single slice cannot be accepted. */
  readonly incrementGiven: boolean
}

/**
 * Apply what the caller accepts and how strict they are. Accepted refusals become `ACCEPTED` warnings; under `strict` warnings
 * that touch the number become refusals.
 *
 * @param order the codes that may come up, as they are to be listed, whatever order the checks ran in; others come last. Handed
 *   in, so that an engine in a page need not carry the codes of files
 */
export function judge(objections: Objections, options: JudgeOptions, order: readonly RefusalCode[]): Verdict {
  const accepted = new Set<AcceptableCode>()
  const warnings: Warning[] = []
  const refusals: Refusal[] = []
  for (const refusal of objections.refusals) {
    const { code, message, details } = refusal
    if (isAcceptable(code) && mayAccept(refusal, options)) {
      accepted.add(code)
      warnings.push({ code: 'ACCEPTED', message: `${code} accepted: ${message}`, details: { ...details, code } })
    } else refusals.push(refusal)
  }
  for (const warning of objections.warnings) {
    const strict = options.strict.find((code) => code === warning.code)
    if (strict) refusals.push({ ...warning, code: strict })
    else warnings.push(warning)
  }
  return {
    refusals: inOrder(mergeByCode(refusals), order),
    warnings,
    accepted: [...accepted].sort(),
  }
}

function mayAccept(refusal: Refusal, options: JudgeOptions): boolean {
  if (!(options.accept as readonly string[]).includes(refusal.code) || refusal.details['final'] === true) return false
  return refusal.code !== 'TOO_FEW_SLICES' || options.incrementGiven
}

/** One refusal for each way of failing: the first met, with how many files share it. */
export function mergeByCode(refusals: readonly Refusal[]): Refusal[] {
  const merged = new Map<string, { first: Refusal; files: number }>()
  for (const refusal of refusals) {
    const key = [refusal.code, refusal.details['kind'], refusal.details['tag'], refusal.details['limit']].join(' ')
    const known = merged.get(key)
    if (known) known.files++
    else merged.set(key, { first: refusal, files: 1 })
  }
  return [...merged.values()].map(({ first, files }) =>
    files === 1 ? first : { ...first, details: { ...first.details, files } },
  )
}

function inOrder(refusals: readonly Refusal[], order: readonly string[]): readonly Refusal[] {
  const rank = (code: string): number => (order.includes(code) ? order.indexOf(code) : order.length)
  return [...refusals].sort((a, b) => rank(a.code) - rank(b.code))
}
