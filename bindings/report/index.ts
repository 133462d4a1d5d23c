/** `agatston/report`: results for people. Runs in Node and browsers; needs neither the engine nor a reader. */
export {
  type EligibilityFacts,
  type EligibilityRow,
  type EligibilitySeries,
  type EligibilityState,
  eligibility75571,
  resultEligibility,
} from './eligibility.js'
export { scoreText } from './numbers.js'
export { REFUSAL_HELP, type RefusalHelp } from './refusals.js'
export { DISCLAIMER } from './disclaimer.js'
export { type TextOptions, renderText } from './text.js'
export { WARNING_HELP, type WarningHelp } from './warnings.js'
