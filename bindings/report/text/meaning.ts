/**
 * What a score means for the patient: percentile, arterial age, risks, and what guidelines let a clinician consider. Whatever has no
 * value says why; whatever has one says where it comes from.
 */
import type { GuidelineSection, RuleOutcome } from '../guideline/apply.js'
import { plain } from '../numbers.js'
import { ordinal } from '../percentile/place.js'
import type { Published } from '../published.js'
import type { Report } from '../report.js'
import type { RiskModel } from '../risk/section.js'
import { type Paper, sentence } from './paper.js'

export function setMeaning(paper: Paper, report: Report): void {
  if (report.status.kind !== 'score') return
  const { percentile, arterialAge, risk, guidelines } = report
  const reasons = [percentile, arterialAge, risk, guidelines].map(({ reason }) => reason)
  // One reason for all of them is said once.
  if (reasons[0] !== null && reasons.every((reason) => reason === reasons[0])) {
    paper.heading('Percentile, risk, guidelines')
    return paper.paragraph(sentence(`not available: ${reasons[0]}`))
  }
  setPercentile(paper, report)
  setRisk(paper, report)
  setGuidelines(paper, report)
}

function setPercentile(paper: Paper, { percentile, arterialAge }: Report): void {
  paper.heading('Percentile and arterial age')
  if (percentile.value === null) paper.paragraph(sentence(`percentile not available: ${percentile.reason}`))
  else {
    const { place, group, estimate, population, published, notes } = percentile.value
    paper.paragraph(sentence(`${place.text} (${group})`), 'bold')
    if (estimate !== null)
      paper.paragraph(sentence(`estimate: ${ordinal(estimate.percentile)} percentile; ${estimate.published.edition}`))
    paper.paragraph(sentence(`compared with ${population}`), 'dim')
    for (const note of notes) paper.paragraph(sentence(note), undefined, '! ')
    setPublished(paper, published)
    if (estimate !== null) setPublished(paper, estimate.published)
  }
  if (arterialAge.value === null) return paper.paragraph(sentence(`arterial age not available: ${arterialAge.reason}`))
  const { years, statement, published } = arterialAge.value
  paper.paragraph(sentence(`arterial age: ${plain(years, 0)} years, ${statement}`))
  setPublished(paper, published)
}

/** Where a number comes from, and its flag before anything else. */
function setPublished(paper: Paper, { citation, edition, verification, flag }: Published): void {
  if (flag !== null) paper.paragraph(sentence(flag), 'warn', '! ')
  paper.paragraph(sentence(`${citation}; ${edition}; ${verification}`), 'dim', '  ')
}

function setRisk(paper: Paper, { risk }: Report): void {
  paper.heading('Risk')
  if (risk.value === null) return paper.paragraph(sentence(`not available: ${risk.reason}`))
  for (const model of risk.value.models) setModel(paper, model)
}

/** `7.3 %`: a risk as people read it, with one decimal. */
export const percentText = (fraction: number): string => `${(fraction * 100).toFixed(1)} %`

function setModel(paper: Paper, { name, legacy, risks, notes, published }: RiskModel): void {
  const title = legacy ? `${name} (legacy)` : name
  if (risks.value === null)
    return paper.paragraph(sentence(`${title}: not available, ${risks.reason}`), undefined, '- ')
  paper.paragraph(`${title}:`, undefined, '- ')
  for (const { name: what, risk, endpoint } of risks.value) {
    paper.paragraph(`${percentText(risk)} ${what}`, 'bold', '  ')
    paper.paragraph(sentence(endpoint), 'dim', '  ')
  }
  for (const note of notes) paper.paragraph(sentence(note), undefined, '  ')
  setPublished(paper, published)
}

function setGuidelines(paper: Paper, { guidelines }: Report): void {
  paper.heading('What guidelines let a clinician consider')
  if (guidelines.value === null) return paper.paragraph(sentence(`not available: ${guidelines.reason}`))
  for (const section of guidelines.value) setSection(paper, section)
}

function setSection(paper: Paper, section: GuidelineSection): void {
  const { name, replacedBy, rules, rescan, source, verification, statement } = section
  paper.paragraph(replacedBy === null ? name : `${name} (replaced by ${replacedBy})`, 'bold')
  const told = rules.filter(({ state }) => state !== 'other')
  if (told.length === 0) paper.paragraph('No rule of this edition is for this score.', undefined, '- ')
  for (const rule of told) setRule(paper, rule)
  paper.paragraph(
    rescan.value === null ? sentence(`another scan: ${rescan.reason}`) : sentence(`another scan: ${rescan.value.text}`),
  )
  paper.paragraph(sentence(verification), 'warn', '! ')
  paper.paragraph(`${sentence(source)} ${statement}`, 'dim', '  ')
}

const STATE_WORDS = {
  applies: 'Applies',
  undecided: 'Undecided',
  blocked: 'Blocked',
  other: 'Not for this score',
} as const

function setRule(paper: Paper, rule: RuleOutcome): void {
  const { state, when, consider, classOfRecommendation, levelOfEvidence, section } = rule
  const grade = `class ${classOfRecommendation}, level ${levelOfEvidence}, ${section}`
  paper.paragraph(sentence(`${STATE_WORDS[state]} (${when}): ${consider} [${grade}]`), undefined, '- ')
  for (const text of [...rule.reasons, ...rule.emphasis, ...rule.confirm]) paper.paragraph(sentence(text), 'dim', '  ')
}
