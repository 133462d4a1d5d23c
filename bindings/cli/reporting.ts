/** What `--patient` and `--claim` say, checked. */
import { checkClaim } from '../report/coding/claim-input.js'
import { checkFacts } from '../report/facts.js'
import type { ReportOptions } from '../report/build.js'
import type { CommandSpec, Parsed } from './args.js'
import { fromFile } from './from-file.js'

/** What of a report the options say. @throws WrongUsage */
export function reportingOptions(spec: CommandSpec, parsed: Parsed): Pick<ReportOptions, 'facts' | 'claim'> {
  const patient = parsed.one('patient')
  const claim = parsed.one('claim')
  return {
    ...(patient === undefined
      ? {}
      : { facts: fromFile(spec, 'patient', patient, (text) => checkFacts(JSON.parse(text))) }),
    ...(claim === undefined ? {} : { claim: fromFile(spec, 'claim', claim, (text) => checkClaim(JSON.parse(text))) }),
  }
}
