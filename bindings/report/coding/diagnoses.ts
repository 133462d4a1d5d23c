/**
 * Diagnosis codes of a claim: why a scan was ordered and what it found, kept apart. Which finding the report supports is for the
 * physician to say; here only contradictions are told, and what is not known.
 */
import type { Result } from '../../score/result.js'
import { whyNoCategory } from '../standing.js'
import { ATHEROSCLEROSIS, CALCIFIED_LESION, DIAGNOSES, type DiagnosisWords, SCREENING } from './billing.js'
import type { ClaimInput } from './claim-input.js'
import { type ClaimLine, line } from './line.js'

export interface ClaimDiagnosis {
  readonly role: 'ordering' | 'result'
  readonly code: string
  /** Our own short words; null: not among the codes known here. */
  readonly words: string | null
}

/** The codes with their words, those of the order first. */
export function diagnosesOf({ orderingDiagnoses = [], resultDiagnoses = [] }: ClaimInput): readonly ClaimDiagnosis[] {
  const of = (role: ClaimDiagnosis['role'], codes: readonly string[]): readonly ClaimDiagnosis[] =>
    codes.map((code) => Object.freeze({ role, code, words: wordsOf(code)?.words ?? null }))
  return Object.freeze([...of('ordering', orderingDiagnoses), ...of('result', resultDiagnoses)])
}

const wordsOf = (code: string): DiagnosisWords | undefined =>
  DIAGNOSES.find((known) => (known.family ? code.startsWith(known.code) : code === known.code))

export function diagnosisLines(input: ClaimInput, result?: Result): readonly ClaimLine[] {
  const { orderingDiagnoses: ordering = [], resultDiagnoses: found = [] } = input
  return [
    ...orderingLines(ordering, input),
    ...foundLines(found),
    ...ordering
      .filter((code) => found.includes(code))
      .map((code) =>
        line('diagnoses', 'conflict', `${code} is given both as why the scan was ordered and as what it found.`, 'icd'),
      ),
    ...(result ? scoreLines(found, result) : []),
    line('diagnoses', 'note', 'Grammar is checked; validity on the date of service is not.', 'icd'),
  ]
}

function orderingLines(codes: readonly string[], { purpose }: ClaimInput): readonly ClaimLine[] {
  if (codes.length === 0)
    return [line('diagnoses', 'gap', 'No code says why the scan was ordered (orderingDiagnoses).', 'icd')]
  const lines = codes.map((code) => {
    const known = wordsOf(code)
    if (!known) return unknownLine(code, 'ordering')
    if (known.role === 'result')
      return line(
        'diagnoses',
        'gap',
        `${code} (${known.words}) is a finding: it can be why a scan was ordered only where it was known before.`,
        'icd',
      )
    if (code === SCREENING && purpose === 'diagnostic')
      return line('diagnoses', 'conflict', `${code} (${known.words}), and the scan is said to be diagnostic.`, 'icd')
    return line('diagnoses', 'fits', `${code} (${known.words}) among the codes of the order.`, 'icd')
  })
  if (purpose === 'screening' && !codes.includes(SCREENING))
    lines.push(line('diagnoses', 'gap', `A screening scan without ${SCREENING} among the codes of the order.`, 'icd'))
  return lines
}

function foundLines(codes: readonly string[]): readonly ClaimLine[] {
  return codes.flatMap((code, n) => {
    const known = wordsOf(code)
    if (!known) return [unknownLine(code, 'result')]
    if (code === SCREENING)
      return [line('diagnoses', 'conflict', `${code} (${known.words}) is no finding: it belongs to the order.`, 'icd')]
    if (known.role === 'ordering')
      return [line('diagnoses', 'gap', `${code} (${known.words}) is no finding of this scan.`, 'icd')]
    const lines = [line('diagnoses', 'fits', `${code} (${known.words}) among the codes of the result.`, 'icd')]
    const before = codes.slice(0, n)
    if (code === CALCIFIED_LESION && !before.some((other) => ATHEROSCLEROSIS.some((start) => other.startsWith(start))))
      lines.push(
        line(
          'diagnoses',
          'gap',
          `${code} stands after a code of coronary atherosclerosis (such as I25.10), and none stands before it.`,
          'codeFirst',
        ),
      )
    return lines
  })
}

const unknownLine = (code: string, role: ClaimDiagnosis['role']): ClaimLine =>
  line('diagnoses', 'gap', `${code} (${role}) is not among the codes known here: look it up.`, 'icd')

/** Codes of findings beside the score. */
function scoreLines(found: readonly string[], result: Result): readonly ClaimLine[] {
  const findings = found.filter((code) => wordsOf(code)?.role === 'result')
  const reason = whyNoCategory(result)
  if (reason !== null) {
    if (findings.length === 0) return []
    return [
      line('diagnoses', 'gap', `${findings.join(', ')}: no confirmed score stands behind it: ${reason}.`, 'score'),
    ]
  }
  if (result.total.pieces === 0)
    return findings.map((code) => {
      // A score of zero can go with disease known otherwise; a calcified lesion it cannot show.
      const isCalcium = code === CALCIFIED_LESION
      return line(
        'diagnoses',
        isCalcium ? 'conflict' : 'gap',
        isCalcium
          ? `${code} tells of a calcified lesion, and the score is 0.`
          : `${code} tells of a finding, and the score is 0: what else was found?`,
        'score',
      )
    })
  if (found.length === 0)
    return [
      line('diagnoses', 'gap', 'The score is above 0 and no code says what was found (resultDiagnoses).', 'score'),
    ]
  return []
}
