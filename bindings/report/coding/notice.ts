/**
 * The Advance Beneficiary Notice of Original Medicare and the modifiers that tell of it: whether one is needed and why, and whether
 * what stands on the line agrees with it.
 */
import { NOTICES, NOTICE_PAIRS, NOTICE_WORDS, type Notice } from './billing.js'
import type { ClaimInput } from './claim-input.js'
import { type ClaimLine, line } from './line.js'

/** Whether a notice is needed. */
export interface NoticeAnswer {
  readonly need: 'needed' | 'not for this payer' | 'undecided'
  readonly why: string
}

export function noticeAnswer({ payer, purpose }: ClaimInput): NoticeAnswer {
  if (payer !== 'original-medicare')
    return answer('not for this payer', 'The ABN belongs to Original Medicare; other payers have their own notices.')
  switch (purpose) {
    case 'screening':
      return answer(
        'needed',
        'A screening scan is denied as not reasonable and necessary: without an ABN signed before the service the patient is not liable.',
      )
    case 'diagnostic':
      return answer('undecided', 'Whether the scan is covered is a matter of local coverage, which is not known here.')
    default:
      return answer('undecided', 'Whether the scan was for screening is not known (purpose).')
  }
}

const answer = (need: NoticeAnswer['need'], why: string): NoticeAnswer => Object.freeze({ need, why })

/** The notice itself and GA, GX, GY, GZ. */
export function noticeLines(input: ClaimInput): readonly ClaimLine[] {
  const given = NOTICES.filter((notice) => input.modifiers?.includes(notice))
  const { need, why } = noticeAnswer(input)
  return [
    line('notice', need === 'undecided' ? 'gap' : 'note', `ABN ${need}. ${why}`, 'abn'),
    ...pairLines(given),
    ...(input.payer === 'original-medicare' ? medicareLines(input, given) : otherPayerLines(input, given)),
  ]
}

function pairLines(given: readonly Notice[]): readonly ClaimLine[] {
  return NOTICE_PAIRS.filter(({ pair }) => pair.every((notice) => given.includes(notice))).map(
    ({ pair, together, why, from }) =>
      line(
        'modifiers',
        together ? 'fits' : 'conflict',
        `${pair.join(' and ')} ${together ? 'may' : 'must not'} stand on one line: ${why}.`,
        from,
      ),
  )
}

function medicareLines(input: ClaimInput, given: readonly Notice[]): readonly ClaimLine[] {
  const lines = given.map((notice) => noticeLine(notice, input))
  if (given.length === 0 && input.purpose === 'screening')
    lines.push(
      line(
        'modifiers',
        'gap',
        'None of GA, GX, GY, GZ is given: nothing says whether the patient was told of the denial to be expected.',
        'modifiers',
      ),
    )
  if (input.abn === 'signed-after')
    lines.push(line('notice', 'conflict', 'An ABN signed after the service is none: it must be given before.', 'abn'))
  if (input.abn === 'refused')
    lines.push(line('notice', 'gap', 'The ABN was refused: what then goes on the line is not known here.', 'none'))
  lines.push(line('notice', 'note', 'ABNs given to everyone as routine are prohibited.', 'abn'))
  return lines
}

/** A modifier beside what is known of the notice. */
function noticeLine(notice: Notice, { abn, purpose }: ClaimInput): ClaimLine {
  const says = `${notice} (${NOTICE_WORDS[notice]})`
  const source = notice === 'GZ' ? 'gz' : 'modifiers'
  if (abn === 'refused' && notice !== 'GY') return line('modifiers', 'gap', `${says}, and the ABN was refused.`, 'none')
  switch (notice) {
    case 'GA':
    case 'GX':
      if (abn === undefined)
        return line('modifiers', 'gap', `${says}: whether there is an ABN is not known (abn).`, source)
      if (abn !== 'signed-before')
        return line('modifiers', 'conflict', `${says}, and no ABN was signed before the service.`, source)
      if (notice === 'GX' && purpose === 'screening')
        return line(
          'modifiers',
          'conflict',
          `${says}; for screening the ABN is a required one, which GA tells.`,
          source,
        )
      return line('modifiers', 'fits', `${says} agrees with the ABN signed before the service.`, source)
    case 'GY':
      return line(
        'modifiers',
        'gap',
        `${says}: the sources at hand speak of denial for necessity, not of exclusion by statute. Ask the contractor.`,
        'medicare',
      )
    case 'GZ':
      if (abn === undefined)
        return line('modifiers', 'gap', `${says}: whether there is an ABN is not known (abn).`, source)
      if (abn === 'signed-before')
        return line(
          'modifiers',
          'conflict',
          `${says}, and an ABN was signed before the service, which GA tells.`,
          source,
        )
      return line('modifiers', 'fits', `${says} agrees: no ABN was signed before the service.`, source)
  }
}

function otherPayerLines({ payer, abn }: ClaimInput, given: readonly Notice[]): readonly ClaimLine[] {
  const lines: ClaimLine[] = []
  const names = given.join(', ')
  if (given.length > 0 && payer === 'medicare-advantage')
    lines.push(line('modifiers', 'conflict', `${names}: not to be used with Medicare Advantage.`, 'advantage'))
  else if (given.length > 0 && payer === 'self-pay')
    lines.push(line('modifiers', 'conflict', `${names}: they tell a payer of an ABN, and there is none.`, 'abn'))
  else if (given.length > 0)
    lines.push(
      line(
        'modifiers',
        'gap',
        `${names}: made for Original Medicare; whether this payer reads them is not known.`,
        'none',
      ),
    )
  if (abn !== undefined && abn !== 'none')
    lines.push(line('notice', 'conflict', 'An ABN was given, which is for Original Medicare only.', 'abn'))
  return lines
}
