/**
 * The categories of a score as a report shows them: three systems side by side, each with its edition, its band and its source.
 * The bands themselves stand in one place only, score/category.ts.
 */
import { CATEGORY_SYSTEMS, categorize } from '../score/category.js'
import type { Categories, Result } from '../score/result.js'
import type { Answer } from './answer.js'
import { bandRange } from './numbers.js'
import type { CategoryRow } from './report.js'
import { isUnverifiedZero, whyNoCategory } from './standing.js'

interface System {
  readonly id: CategoryRow['system']
  readonly name: string
  readonly source: string
}

/** In the order in which they are shown. */
const SYSTEMS: Readonly<Record<keyof Categories, System>> = Object.freeze({
  classic: Object.freeze({
    id: 'classic',
    name: 'Classic bands (0, 1-99, 100-399, 400 and above)',
    source: 'The bands common to reports of coronary calcium; no single document defines them.',
  }),
  cacDrs: Object.freeze({
    id: 'cac-drs',
    name: 'CAC-DRS (SCCT 2018)',
    source:
      'Hecht HS et al. CAC-DRS: Coronary Artery Calcium Data and Reporting System. J Cardiovasc Comput Tomogr 2018;12:185-191.',
  }),
  accAha2026: Object.freeze({
    id: 'acc-aha-2026',
    name: 'ACC/AHA 2026 tiers',
    source:
      'ACC/AHA 2026 guideline on the management of dyslipidemia, Circulation 2026;153:e1154-e1276, doi 10.1161/CIR.0000000000001423. ' +
      'Secondary source, unconfirmed.',
  }),
})

/** CAC-DRS counts the left main, the LAD, the LCX and the RCA. */
const VESSELS = 4

/**
 * The category of a coronary score in each system. Nothing is rounded: 99.99 lies below 100, and a score above zero is never zero.
 * CAC-DRS is without its number of vessels, which `cacDrs` takes.
 *
 * @param score Agatston score, unit 1
 * @param pieces counted pieces, which alone decide zero
 * @throws TypeError, RangeError naming the argument
 */
export function classify(score: number, pieces: number): Categories {
  checkScore(score, pieces)
  return Object.freeze(categorize(score, pieces, null))
}

/**
 * CAC-DRS 2018: A (Agatston score, 0 to 3) and N (vessels with calcium), such as `A2/N3`. The system's other letter, V for a visual
 * grade, is never written: a score was measured. It has no letter for stents or grafts, so none is written for them either.
 *
 * @param score Agatston score, unit 1
 * @param pieces counted pieces, which alone decide zero
 * @param vessels vessels with calcium among LM, LAD, LCX, RCA (RAMUS counts as LCX, PDA as RCA); null: not known, then without N
 * @throws TypeError, RangeError naming the argument
 */
export function cacDrs(score: number, pieces: number, vessels: number | null): string {
  checkScore(score, pieces)
  if (vessels !== null) {
    checkCount(vessels, 'vessels')
    if (vessels > VESSELS) throw new RangeError(`vessels must be ${VESSELS} or fewer, got ${vessels}`)
    if (vessels > pieces)
      throw new RangeError(`vessels with calcium (${vessels}) must not be more than pieces (${pieces})`)
  }
  return categorize(score, pieces, vessels).cacDrs
}

/** A result's category in each system; provisional where the software proposed the lesions; or why there is none. */
export function categoryRows(result: Result): Answer<readonly CategoryRow[]> {
  const proposed = result.scope === 'candidates' && result.accepted.length === 0 ? result.provisionalCategory : null
  const reason = proposed === null ? whyNoCategory(result) : null
  const categories = proposed ?? result.category
  if (reason !== null || categories === null) return { value: null, reason: reason ?? 'the result has no category' }
  const rows = SYSTEM_KEYS.map((key) => rowOf(key, categories[key], result, proposed !== null))
  return { value: Object.freeze(rows), reason: null }
}

const SYSTEM_KEYS = Object.freeze(Object.keys(SYSTEMS)) as readonly (keyof Categories)[]

function rowOf(key: keyof Categories, value: string, result: Result, provisional: boolean): CategoryRow {
  const { id, name, source } = SYSTEMS[key]
  const meaning = [
    bandMeaning(key, value),
    ...(key === 'cacDrs' ? [vesselMeaning(value)] : []),
    ...(isUnverifiedZero(result) ? ['the zero is not verified'] : []),
  ].join('; ')
  return Object.freeze({ system: id, name, value, meaning, source, provisional })
}

function bandMeaning(key: keyof Categories, value: string): string {
  if (value.split('/')[0] === CATEGORY_SYSTEMS[key].zero) return 'no counted calcification'
  return bandRange(key, value) ?? value
}

function vesselMeaning(value: string): string {
  const vessels = /\/N(\d)$/.exec(value)?.[1]
  return vessels === undefined
    ? 'the number of vessels is not known'
    : `calcium in ${vessels} of the ${VESSELS} vessels counted (LM, LAD, LCX, RCA)`
}

function checkScore(score: number, pieces: number): void {
  if (typeof score !== 'number') throw new TypeError(`score must be a number, got ${typeof score}`)
  if (!(Number.isFinite(score) && score >= 0)) throw new RangeError(`score must be 0 or above, got ${score}`)
  checkCount(pieces, 'pieces')
  if (pieces === 0 && score > 0) throw new RangeError(`score must be 0 without a counted piece, got ${score}`)
}

function checkCount(value: number, name: string): void {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, got ${typeof value}`)
  if (!(Number.isSafeInteger(value) && value >= 0))
    throw new RangeError(`${name} must be a whole number from 0, got ${value}`)
}
