/** One line of a claim looked at: what was found, how sure, and by which source. */
import { SOURCES, type SourceKey } from './billing.js'

export interface ClaimLine {
  readonly topic: 'codes' | 'evaluation' | 'modifiers' | 'notice' | 'diagnoses' | 'payer' | 'self-pay' | 'state'
  /** `conflict`: against a rule; `refusal`: not going to be paid; `gap`: cannot be decided here; `fits`: in keeping; `note`: to be known. */
  readonly state: 'conflict' | 'refusal' | 'gap' | 'fits' | 'note'
  readonly text: string
  readonly source: string
  /** Of the source, or from when its rule holds; "undated": it bears none. */
  readonly date: string
  readonly verification: string
  readonly advice: string
}

export const NO_ADVICE = 'Not legal or billing advice.'

export function line(topic: ClaimLine['topic'], state: ClaimLine['state'], text: string, from: SourceKey): ClaimLine {
  const { source, date, verification } = SOURCES[from]
  return Object.freeze({ topic, state, text, source, date, verification, advice: NO_ADVICE })
}
