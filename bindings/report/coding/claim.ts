/**
 * A claim for CPT 75571 looked at before it is sent: what contradicts a rule, what is not known, what a notice has to say. Each line
 * bears its source and date; nothing is guessed, and none of it is legal or billing advice.
 */
import type { Result } from '../../score/result.js'
import type { PatientFacts } from '../facts.js'
import { COMPONENTS, CONTRAST_CODES, DISTINCT, NOTICES, SCORING_CODE } from './billing.js'
import { type ClaimInput, type PayerKind, checkClaim } from './claim-input.js'
import { type ClaimDiagnosis, diagnosesOf, diagnosisLines } from './diagnoses.js'
import { type EligibilityRow, resultEligibility } from './eligibility.js'
import { type ClaimLine, NO_ADVICE, line } from './line.js'
import { type NoticeAnswer, noticeAnswer, noticeLines } from './notice.js'
import { PAYER_NAMES, payerLines } from './payer.js'

export type { ClaimInput } from './claim-input.js'

/** What a report knows besides. */
export interface ClaimContext {
  readonly result?: Result
  /** Rows for its series; absent: those of the result, which knows no other series. */
  readonly eligibility?: readonly EligibilityRow[] | null
  /** Age, sex and diabetes, for rules of states. */
  readonly facts?: PatientFacts | null
}

export interface Claim {
  /** The worst of the lines: against a rule; not going to be paid; cannot be decided here. */
  readonly verdict: 'conflicts' | 'refusal expected' | 'gaps' | 'no conflict found'
  readonly payer: PayerKind
  /** For people. */
  readonly payerName: string
  /** Codes of the session. */
  readonly codes: readonly string[]
  /** Which part of the service; null: the modifiers contradict each other. */
  readonly component: 'global' | 'professional' | 'technical' | null
  /** Whether an Advance Beneficiary Notice is needed, and why. */
  readonly abn: NoticeAnswer
  readonly diagnoses: readonly ClaimDiagnosis[]
  /** Conflicts first, then refusals, gaps, what fits, notes. */
  readonly lines: readonly ClaimLine[]
  readonly statement: string
}

const ORDER: readonly ClaimLine['state'][] = ['conflict', 'refusal', 'gap', 'fits', 'note']

const VERDICTS: Readonly<Record<ClaimLine['state'], Claim['verdict']>> = Object.freeze({
  conflict: 'conflicts',
  refusal: 'refusal expected',
  gap: 'gaps',
  fits: 'no conflict found',
  note: 'no conflict found',
})

/**
 * @param input checked as `checkClaim` does
 * @throws TypeError, RangeError naming the field
 */
export function claimCheck(input: ClaimInput, context: ClaimContext = {}): Claim {
  const claim = checkClaim(input)
  const { result } = context
  const eligibility = context.eligibility ?? (result ? resultEligibility(result) : null)
  const found = [
    ...codeLines(claim),
    ...evaluationLines(eligibility),
    ...modifierLines(claim),
    ...noticeLines(claim),
    ...diagnosisLines(claim, result),
    ...payerLines(claim, context.facts ?? {}),
  ]
  const lines = ORDER.flatMap((state) => found.filter((one) => one.state === state))
  return Object.freeze({
    verdict: VERDICTS[lines[0]?.state ?? 'note'],
    payer: claim.payer,
    payerName: PAYER_NAMES[claim.payer],
    codes: codesOf(claim),
    component: componentOf(claim),
    abn: noticeAnswer(claim),
    diagnoses: diagnosesOf(claim),
    lines: Object.freeze(lines),
    statement: NO_ADVICE,
  })
}

const codesOf = ({ codes }: ClaimInput): readonly string[] => codes ?? Object.freeze([SCORING_CODE])

/** Other codes of the session, and how often 75571. */
function codeLines(claim: ClaimInput): readonly ClaimLine[] {
  const others = codesOf(claim).filter((code) => code !== SCORING_CODE)
  const contrast = others.filter((code) => CONTRAST_CODES.includes(code))
  const unknown = others.filter((code) => !CONTRAST_CODES.includes(code))
  const lines = contrast.map((code) =>
    line('codes', 'conflict', `${SCORING_CODE} is not reported with ${code} of the same session.`, 'bundling'),
  )
  if (unknown.length > 0)
    lines.push(line('codes', 'gap', `${unknown.join(', ')}: edits with ${SCORING_CODE} are not known here.`, 'none'))
  if (others.length === 0)
    lines.push(line('codes', 'fits', `${SCORING_CODE} stands alone among the codes given.`, 'bundling'))
  lines.push(
    (claim.units ?? 1) > 1
      ? line('codes', 'conflict', `${SCORING_CODE} is reported once for a study with all its vessels.`, 'coding')
      : line('codes', 'fits', `${SCORING_CODE} once, for all vessels.`, 'coding'),
  )
  return lines
}

/** What the headers and the result say of the service. */
function evaluationLines(rows: readonly EligibilityRow[] | null): readonly ClaimLine[] {
  if (rows === null)
    return [
      line('evaluation', 'gap', 'Neither a result nor headers were given: what was done is not known.', 'headers'),
    ]
  const states = { met: 'fits', 'not met': 'conflict', unknown: 'gap' } as const
  return rows.map(({ state, note, attribute }) =>
    line('evaluation', states[state], `${note} (${attribute})`, 'headers'),
  )
}

/** Components, 59 and its kin, and what is not known. GA, GX, GY, GZ: `notice.ts`. */
function modifierLines(claim: ClaimInput): readonly ClaimLine[] {
  const given = claim.modifiers ?? []
  return [componentLine(claim), ...distinctLines(claim), ...strangers(given)]
}

function componentOf({ modifiers = [] }: ClaimInput): Claim['component'] {
  const [reads, scans] = [modifiers.includes('26'), modifiers.includes('TC')]
  if (reads && scans) return null
  if (reads) return 'professional'
  return scans ? 'technical' : 'global'
}

function componentLine(claim: ClaimInput): ClaimLine {
  const says = {
    global: 'Neither 26 nor TC: global, for one who owns the scanner and reads the scan.',
    professional: '26: the professional component, reading and report.',
    technical: 'TC: the technical component, scanner and staff.',
  }
  const component = componentOf(claim)
  if (component === null)
    return line('modifiers', 'conflict', '26 and TC must not stand on one line: both together are global.', 'coding')
  return line('modifiers', 'fits', says[component], 'coding')
}

function distinctLines(claim: ClaimInput): readonly ClaimLine[] {
  const given = DISTINCT.filter((modifier) => claim.modifiers?.includes(modifier))
  if (given.length === 0) return []
  const beside = codesOf(claim).filter((code) => CONTRAST_CODES.includes(code))
  if (beside.length > 0)
    return [
      line(
        'modifiers',
        'conflict',
        `${given.join(', ')} must not be used to get round the bundling with ${beside.join(', ')}.`,
        'bypass',
      ),
    ]
  return [
    line(
      'modifiers',
      'gap',
      `${given.join(', ')}: from which service ${SCORING_CODE} is set apart is not told.`,
      'bypass',
    ),
  ]
}

function strangers(given: readonly string[]): readonly ClaimLine[] {
  const known = [...COMPONENTS, ...DISTINCT, ...NOTICES] as readonly string[]
  const unknown = given.filter((modifier) => !known.includes(modifier))
  if (unknown.length === 0) return []
  return [line('modifiers', 'gap', `${unknown.join(', ')}: not among the modifiers known here.`, 'none')]
}
