/**
 * From words to a territory: what a label, the meaning of a code or a name in a JSON says, and what it leaves open. It is taken
 * where all of it is understood, and nowhere else: a vessel guessed from one word of five is a wrong score.
 */
import { TERRITORY_IDS, nameTable } from './territory.js'
import {
  ANATOMY_WORDS,
  CALCIUM_WORDS,
  CORONARY_WORDS,
  DOUBTS,
  DOUBT_ORGAN,
  DOUBT_PARTIAL,
  NEGATIONS,
  OTHER_VESSEL_WORDS,
  PHRASES,
  QUALIFIERS,
  VESSEL_WORDS,
} from './territory-names-tables.js'

/** One way of reading a text or a code: a territory, coronary without a vessel, or plainly neither. */
export type Reading = { readonly is: 'territory'; readonly name: string } | { readonly is: 'coronary' | 'elsewhere' }

export const readingOf = (entry: string): Reading =>
  entry === 'coronary' || entry === 'elsewhere' ? { is: entry } : { is: 'territory', name: entry }

/** Words of a text: lower case, accents off, `camelCase` and `snake_case` taken apart. */
function wordsOf(text: string): readonly string[] {
  const words = text
    .slice(0, 256)
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
  return /^[\s~]*A_/i.test(text) ? artery(words) : words
}

/** TG-263 begins the name of an artery with `A_` and ends it with its side: `A_Coronary_R`. */
function artery(words: readonly string[]): readonly string[] {
  const side = { l: 'left', r: 'right' }[words.at(-1) ?? '']
  return side === undefined ? words.slice(1) : [...words.slice(1, -1), side]
}

/**
 * What a text names; null where that is not certain. Words that only qualify (`proximal`, `calcification`, `1`) are passed
 * over; what is left must be known phrases of one vessel and nothing else, so that `LAD (left anterior descending)` is
 * understood, `LAD or RCA` and `stent in LAD` are not.
 */
export function readText(text: string): Reading | null {
  const reading = readWords(wordsOf(text))
  return reading?.is !== 'elsewhere' && isPartial(text) ? null : reading
}

/** Marked as drawn only in part (TG-263): part of a vessel is no vessel, part of a lung is no vessel either. */
const isPartial = (text: string): boolean => text.includes('~')

function readWords(words: readonly string[]): Reading | null {
  if (words.some((word) => NEGATIONS.has(word))) return null
  const rest = words.filter((word) => !QUALIFIERS.has(word) && !/^\d+$/.test(word))
  const coronary = words.some((word) => CORONARY_WORDS.has(word))
  if (coronary && (rest.length === 0 || (rest.length === 1 && rest[0] === 'left'))) return { is: 'coronary' }
  const phrases = phrasesOf(rest, coronary)
  if (phrases?.length === 1) return readingOf(phrases[0]!)
  return phrases === null && !coronary && isElsewhere(words) ? { is: 'elsewhere' } : null
}

/** The different things these words name, longest phrases first; null where a word belongs to no phrase. */
function phrasesOf(words: readonly string[], coronary: boolean): readonly string[] | null {
  const found = new Set<string>()
  let at = 0
  while (at < words.length) {
    let length = Math.min(LONGEST_PHRASE, words.length - at)
    while (length > 0 && !Object.hasOwn(PHRASES, words.slice(at, at + length).join(' '))) length--
    if (length > 0) found.add(PHRASES[words.slice(at, at + length).join(' ')]!)
    // "right coronary artery" is a vessel, "right" alone is not.
    else if (coronary && words[at] === 'right') found.add('RCA')
    else return null
    at += Math.max(length, 1)
  }
  return [...found]
}
const LONGEST_PHRASE = 3

/** Plainly an organ, a bone or the like: an anatomic word, and nothing that may mean coronary vessels or their calcium. */
function isElsewhere(words: readonly string[]): boolean {
  if (!words.some((word) => ANATOMY_WORDS.has(word))) return false
  if (words.some((word) => CALCIUM_WORDS.has(word) || Object.hasOwn(PHRASES, word))) return false
  return !words.some((word) => VESSEL_WORDS.has(word)) || words.some((word) => OTHER_VESSEL_WORDS.has(word))
}

export const mentions = (text: string | null, ...lists: readonly ReadonlySet<string>[]): boolean =>
  wordsOf(text ?? '').some((word) => lists.some((list) => list.has(word)))

/** Why a label that is not understood is not, and what to write; null where nothing is known of it. */
export function doubtOf(text: string): string | null {
  const words = wordsOf(text)
  if (isPartial(text) && readWords(words) !== null) return DOUBT_PARTIAL
  if (hasPhrase(words) && words.some((word) => ANATOMY_WORDS.has(word))) return DOUBT_ORGAN
  return DOUBTS.find(([list]) => words.some((word) => list.has(word)))?.[1] ?? null
}

/** Whether some words, whatever stands around them, are those of a territory. */
const hasPhrase = (words: readonly string[]): boolean =>
  words.some((_, at) =>
    Array.from({ length: LONGEST_PHRASE }, (_, n) => words.slice(at, at + n + 1).join(' ')).some((phrase) =>
      Object.hasOwn(PHRASES, phrase),
    ),
  )

/**
 * The territory a name stands for that a person gave: a known one where all of it is understood, null where it is plainly no
 * territory, else the name itself, a coronary vessel of the reader's own.
 *
 * @throws RangeError for what is no name, and where some of its words are known and others are not: `LAD or RCA`
 */
export function namedTerritory(name: unknown): string | null {
  const own = nameTable({ 1: name as string })[1]!
  if (Object.hasOwn(TERRITORY_IDS, own)) return own
  const reading = readText(own)
  if (reading?.is === 'territory') return reading.name
  if (reading) return reading.is === 'coronary' ? own : null
  const words = wordsOf(own)
  const known = [NEGATIONS, ANATOMY_WORDS, CORONARY_WORDS].some((list) => words.some((word) => list.has(word)))
  if (!known && !hasPhrase(words)) return own
  throw new RangeError(
    `names: '${own}' is understood only in part; write one of ${Object.keys(TERRITORY_IDS).join(', ')}, a name of your own without such words, or null to leave it out`,
  )
}
