/** The rows of eligibility for CPT 75571, for people. */
import type { EligibilityRow, EligibilityState } from '../coding/eligibility.js'
import type { Paper, Style } from './paper.js'

const RULES: Readonly<Record<EligibilityRow['rule'], string>> = {
  ct: 'CT',
  'heart-or-chest': 'Heart or chest',
  'no-contrast': 'No contrast',
  quantitative: 'Quantitative',
  'stand-alone': 'Stands alone',
}
const STYLES: Readonly<Record<EligibilityState, Style | undefined>> = { met: 'good', 'not met': 'bad', unknown: 'warn' }

/** Each rule with its state and what was read. */
export function setEligibility(paper: Paper, rows: readonly EligibilityRow[]): void {
  paper.heading('Eligibility for CPT 75571')
  for (const { rule, state, attribute, value, note } of rows) {
    paper.paragraph(`${RULES[rule]}: ${state}. ${note}`, STYLES[state], '- ')
    paper.paragraph(`Read: ${attribute}: ${value}.`, 'dim', '  ')
  }
  paper.paragraph('No legal or billing advice.', 'dim')
}
