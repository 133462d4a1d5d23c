/** A claim looked at before it is sent, for people: conflicts first. */
import type { Claim } from '../coding/claim.js'
import type { ClaimLine } from '../coding/line.js'
import type { Paper, Style } from './paper.js'

const STATES: Readonly<Record<ClaimLine['state'], { readonly word: string; readonly style?: Style }>> = {
  conflict: { word: 'Conflict', style: 'bad' },
  gap: { word: 'Open', style: 'warn' },
  fits: { word: 'Fits', style: 'good' },
  refusal: { word: 'Not paid', style: 'bad' },
  note: { word: 'Note' },
}

export function setClaim(paper: Paper, claim: Claim): void {
  paper.heading('Claim for CPT 75571')
  const part = claim.component ?? 'not clear from the modifiers'
  paper.paragraph(`${claim.payerName}; codes ${claim.codes.join(', ')}; component: ${part}. Verdict: ${claim.verdict}.`)
  for (const { state, text, source, date, verification } of claim.lines) {
    const { word, style } = STATES[state]
    paper.paragraph(`${word}: ${text}`, style, '- ')
    paper.paragraph(`${source}; ${date}; ${verification}`, 'dim', '  ')
  }
  paper.paragraph(claim.statement, 'dim')
}
