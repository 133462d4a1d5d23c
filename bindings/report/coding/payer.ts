/** What each kind of payer is known to do with the scan, what a person who pays is due, and rules of states. */
import type { PatientFacts } from '../facts.js'
import { STATE_RULES, type StateRule } from './billing.js'
import type { ClaimInput, PayerKind } from './claim-input.js'
import { type ClaimLine, line } from './line.js'

export const PAYER_NAMES: Readonly<Record<PayerKind, string>> = Object.freeze({
  'original-medicare': 'Original Medicare',
  'medicare-advantage': 'Medicare Advantage',
  medicaid: 'Medicaid',
  commercial: 'Commercial plan',
  'other-government': 'Other government programme',
  'self-pay': 'Self-pay',
})

export function payerLines(input: ClaimInput, facts: PatientFacts): readonly ClaimLine[] {
  return [...coverageLines(input), ...selfPayLines(input), ...stateLines(input, facts)]
}

function coverageLines({ payer, purpose }: ClaimInput): readonly ClaimLine[] {
  switch (payer) {
    case 'original-medicare':
      if (purpose === 'screening')
        return [
          line(
            'payer',
            'refusal',
            'Screening is not covered: it is denied as not reasonable and necessary.',
            'medicare',
          ),
        ]
      return [
        line('payer', 'gap', 'Coverage is a matter of the local contractor; look up its determination.', 'medicare'),
      ]
    case 'medicare-advantage':
      return [line('payer', 'gap', 'The plan decides; ask it for its decision before the service.', 'none')]
    case 'medicaid':
      return [line('payer', 'gap', 'Coverage differs from state to state and is not known here.', 'none')]
    case 'commercial':
      return [line('payer', 'gap', "Coverage is a matter of the plan's own policy, which is not known here.", 'none')]
    case 'other-government':
      return [line('payer', 'gap', "The programme's rules are not known here.", 'none')]
    case 'self-pay':
      return []
  }
}

function selfPayLines({ payer, goodFaithEstimate }: ClaimInput): readonly ClaimLine[] {
  if (payer !== 'self-pay') return []
  const asked = 'A person who pays is due a good-faith estimate in writing when the scan is scheduled, or on request'
  const lines = [
    goodFaithEstimate === undefined
      ? line('self-pay', 'gap', `${asked}: whether it was given is not known (goodFaithEstimate).`, 'estimate')
      : goodFaithEstimate
        ? line('self-pay', 'fits', `${asked}; it was given.`, 'estimate')
        : line('self-pay', 'conflict', `${asked}; it was not given.`, 'estimate'),
  ]
  lines.push(
    line(
      'self-pay',
      'gap',
      'Whether the person has Medicare or a plan after all, whose rules then hold, is to be asked.',
      'none',
    ),
    line('self-pay', 'note', 'Prices of 50 to 450 US dollars were reported.', 'price'),
  )
  return lines
}

/** Statutes that bind plans. Only those of plans: no programme of the government is bound by a state here. */
function stateLines(input: ClaimInput, facts: PatientFacts): readonly ClaimLine[] {
  const { payer, state } = input
  if (payer !== 'commercial') return []
  if (state === undefined)
    return [line('state', 'gap', 'Some states bind plans to pay; which state is not known (state).', 'none')]
  const rule = STATE_RULES.find((candidate) => candidate.state === state)
  if (!rule)
    return [
      line('state', 'gap', 'No statute of this state is known here, which does not mean that there is none.', 'none'),
    ]
  return [stateLine(rule, input, facts), line('state', 'gap', `${rule.name}: ${rule.limits} Ask the plan.`, rule.from)]
}

function stateLine(rule: StateRule, input: ClaimInput, facts: PatientFacts): ClaimLine {
  const { name, upToUsd, everyYears, from } = rule
  const what = `${name}: coverage of up to ${upToUsd} US dollars every ${everyYears} years`
  const checks = [ageCheck(rule, facts), riskCheck(input, facts), intervalCheck(rule, input)]
  const against = checks.flatMap((check) => (check.state === 'no' ? [check.text] : []))
  const missing = checks.flatMap((check) => (check.state === 'unknown' ? [check.text] : []))
  if (against.length > 0) return line('state', 'note', `${what}; not here: ${against.join('; ')}.`, from)
  if (missing.length > 0) return line('state', 'gap', `${what}; not known: ${missing.join('; ')}.`, from)
  return line('state', 'fits', `${what}; age, risk and interval are those of the statute.`, from)
}

interface Check {
  readonly state: 'yes' | 'no' | 'unknown'
  readonly text: string
}

/** Ages in completed years: older than 45 is 46. */
function ageCheck({ age: ages }: StateRule, { sex, ageYears }: PatientFacts): Check {
  const text = `men above ${ages.male.above} and women above ${ages.female.above}, below ${ages.male.below} years`
  if (ageYears === undefined) return { state: 'unknown', text: 'ageYears' }
  const age = Math.floor(ageYears)
  const isIn = ({ above, below }: { readonly above: number; readonly below: number }): boolean =>
    age > above && age < below
  const [male, female] = [isIn(ages.male), isIn(ages.female)]
  if (male === female) return { state: male ? 'yes' : 'no', text }
  if (sex === undefined) return { state: 'unknown', text: 'sex' }
  return { state: (sex === 'male' ? male : female) ? 'yes' : 'no', text }
}

function riskCheck({ framinghamRisk: risk }: ClaimInput, { diabetes }: PatientFacts): Check {
  if (diabetes || risk === 'intermediate' || risk === 'high') return { state: 'yes', text: '' }
  if (diabetes === false && risk === 'low')
    return { state: 'no', text: 'diabetes, or Framingham risk intermediate or higher' }
  const names = [...(diabetes === undefined ? ['diabetes'] : []), ...(risk === undefined ? ['framinghamRisk'] : [])]
  return { state: 'unknown', text: names.join(' or ') }
}

function intervalCheck({ everyYears }: StateRule, { yearsSinceLastScan: years }: ClaimInput): Check {
  if (years === undefined)
    return { state: 'unknown', text: 'yearsSinceLastScan (if there was none before, that is no bar)' }
  return { state: years >= everyYears ? 'yes' : 'no', text: `${everyYears} years since the last scan` }
}
