/** Options that `score` and `report` share: what is known of the patient, the claim, and whether a name is printed. */
import type { OptionSpec } from './args.js'

export const REPORTING_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'patient',
    value: 'FILE',
    help: 'JSON of facts about the patient, for percentile, risk and guidelines: { "sex": "female", "ageYears": 61, "race": "white", "smoker": false, ... }. Age and sex are taken from the headers where they are not in it.',
  },
  {
    name: 'claim',
    value: 'FILE',
    help: 'JSON of a claim (payer, diagnoses, modifiers) to be looked at before it is sent. No legal or billing advice.',
  },
  { name: 'no-identity', help: 'Leave name, numbers and dates of the patient out of every rendering.' },
]
