/** What a result is called, its number as printed, and the line below it. A sum over a whole image is never called a score. */
import type { Result } from '../score/result.js'
import { isCoronary } from '../volume/territory.js'
import { NONE, count, fixed, scoreText } from './numbers.js'
import type { Headline, Status } from './report.js'

const STATUS: Readonly<Record<Result['scope'], Status>> = Object.freeze({
  territories: { kind: 'score', title: 'Coronary calcium score', statement: null },
  region: { kind: 'score', title: 'Coronary calcium score (heart region, vessels not named)', statement: null },
  candidates: {
    kind: 'unconfirmed',
    title: 'Calcium proposed by the software, not confirmed',
    statement: 'Not confirmed by a reader: no diagnosis, no category and no risk may be taken from this number.',
  },
  'whole-image': {
    kind: 'not-coronary',
    title: 'Calcium sum of a whole image: NOT a coronary calcium score',
    statement: 'Everything calcified is in this sum, bone included: it says nothing of the coronary arteries.',
  },
})

/** How a result stands. */
export function statusOf(result: Result): Status {
  const status = STATUS[result.scope]
  const rules = nonStandardText(result)
  if (rules === null) return status
  return { ...status, statement: status.statement === null ? rules : `${status.statement} ${rules}` }
}

/** Rules that are nobody's standard change what the number means: said where the number stands. */
function nonStandardText({ modifiers, standard }: Result): string | null {
  if (modifiers.includes('kvp-adapted')) return `Non-standard: density ladder of another tube voltage (${standard.id}).`
  return modifiers.includes('custom') ? `Non-standard: rules of one's own (${standard.id}).` : null
}

const LABELS: Readonly<Record<Result['scope'], string>> = {
  territories: 'Agatston score',
  region: 'Agatston score',
  candidates: 'Agatston score of the proposed lesions',
  'whole-image': 'Agatston sum of everything calcified, bone included',
}

export function headlineOf(result: Result): Headline {
  const { total, scope } = result
  const score = isNothingMarked(result) ? NONE : scoreText(total.agatston, total.pieces)
  return { label: LABELS[scope], score, found: foundText(result) }
}

/** Label maps that name no coronary vessel say nothing of coronary calcium: their zero is not one. */
export const isNothingMarked = ({ scope, territories }: Result): boolean =>
  scope === 'territories' && !Object.keys(territories).some(isCoronary)

function foundText(result: Result): string {
  const { total, territories, scope } = result
  if (total.pieces === 0) return zeroText(result)
  const affected = Object.entries(territories).filter(([name, sum]) => isCoronary(name) && sum.pieces > 0).length
  const where = affected > 0 ? ` in ${count(affected, 'territory', 'territories')}` : ''
  const mass = total.massMg === null ? '' : `, mass ${fixed(total.massMg, 2)} mg`
  const what = scope === 'whole-image' ? 'connected calcification' : 'lesion'
  return `${count(total.lesions, what)}${where}, volume ${fixed(total.volumeMm3, 1)} mm³${mass}`
}

function zeroText(result: Result): string {
  if (result.scope === 'whole-image') return 'No calcified pixel counts.'
  if (isNothingMarked(result)) return 'No coronary territory is marked in the label maps: nothing coronary was scored.'
  return result.warnings.some(({ code }) => code === 'ZERO_UNVERIFIED')
    ? 'No calcium was counted where it was looked for: no verified zero.'
    : 'No coronary calcium was found.'
}
