/**
 * From what a segmentation or structure set calls its parts to territories.
 *
 * The rest of this package takes every name it does not know for a coronary vessel of the reader's own. A segmentation also
 * holds hearts, lungs and ribs, so here a name is only taken where it is understood: a vessel, a coronary structure without
 * vessel names, or plainly something else, which is left out and shown. What is not understood is refused, and a file of names
 * beside the mask decides: a wrong score is worse than none.
 */
import { printableLabel } from './mask-trouble.js'
import { isCoronary } from './territory.js'
import { CALCIUM_WORDS, CODES, CORONARY_WORDS, VESSEL_WORDS } from './territory-names-tables.js'
import { type Reading, mentions, namedTerritory, readText, readingOf } from './territory-words.js'

/** A coded concept as it stands in a file; parts that are absent are null. */
export interface Code {
  readonly scheme: string | null
  readonly value: string | null
  readonly meaning: string | null
}

/** What a file says of one of its parts. */
export interface Described {
  /** Segment number or ROI number. */
  readonly number: number
  /** SegmentLabel or ROIName. */
  readonly label: string | null
  /** Property type and its modifiers, ROI identification: what the part is. */
  readonly types: readonly Code[]
  /** Anatomic region, its modifiers, primary structure: where it lies. */
  readonly regions: readonly Code[]
}

/** What a part was taken for. `territory` null: plainly no territory, or the caller leaves it out. */
export interface Taken {
  readonly territory: string | null
  readonly by: 'names' | 'code' | 'label' | 'meaning'
  /** `SCT 59438005`, where a code decided. */
  readonly code: string | null
}

/** Not understood, or understood in two ways. */
export interface NotTaken {
  readonly trouble: 'unknown' | 'conflict'
  /** What the two ways are. */
  readonly between: readonly string[]
}

type Vote = Reading & { readonly by: 'code' | 'label' | 'meaning'; readonly code: string | null }

/**
 * The territory of a part, from its codes, then its label, then the meanings of its codes. A vessel named in one of them
 * decides; two that differ are a conflict. The region only decides where the part itself says nothing: much lies in the heart.
 */
export function territoryOf(part: Described): Taken | NotTaken {
  const own = [...codeVotes(part.types), ...labelVote(part.label), ...meaningVotes(part.types)]
  // A region never leaves anything out: calcium in the heart lies in the heart, too.
  const where = [...codeVotes(part.regions), ...meaningVotes(part.regions)].filter(({ is }) => is !== 'elsewhere')
  return decide(own, part) ?? decide(where, part) ?? { trouble: 'unknown', between: [] }
}

function decide(votes: readonly Vote[], part: Described): Taken | NotTaken | null {
  const named = votes.flatMap((vote) => (vote.is === 'territory' ? [vote] : []))
  const names = [...new Set(named.map(({ name }) => name))]
  if (names.length > 1) return conflict(...names)
  const coronary = votes.find(({ is }) => is === 'coronary')
  if (named[0]) {
    const { name, by, code } = named[0]
    return coronary && !isCoronary(name) ? conflict(name, 'coronary') : { territory: name, by, code }
  }
  const elsewhere = votes.find(({ is }) => is === 'elsewhere')
  if (coronary && elsewhere?.by === 'label') return conflict('coronary', 'not coronary')
  if (coronary) return { territory: ownName(part), by: coronary.by, code: coronary.code }
  if (!elsewhere) return null
  // Nothing is left out that calls itself calcium in one place and an organ in another.
  if (part.types.some(({ meaning }) => mentions(meaning, CALCIUM_WORDS))) return null
  if (elsewhere.by !== 'label' && mentions(part.label, CALCIUM_WORDS, VESSEL_WORDS, CORONARY_WORDS)) return null
  return { territory: null, by: elsewhere.by, code: elsewhere.code }
}

const conflict = (...between: readonly string[]): NotTaken => ({ trouble: 'conflict', between })

function codeVotes(codes: readonly Code[]): Vote[] {
  return codes.flatMap((code) => {
    const key = `${code.scheme === '99SDM' || code.scheme === 'SNM3' ? 'SRT' : code.scheme} ${code.value}`
    const found = Object.hasOwn(CODES, key) ? CODES[key]! : null
    return found === null ? [] : [{ ...readingOf(found), by: 'code' as const, code: key }]
  })
}

function labelVote(label: string | null): Vote[] {
  const reading = readText(label ?? '')
  return reading ? [{ ...reading, by: 'label', code: null }] : []
}

function meaningVotes(codes: readonly Code[]): Vote[] {
  return codes.flatMap(({ meaning }) => {
    const reading = readText(meaning ?? '')
    return reading ? [{ ...reading, by: 'meaning' as const, code: null }] : []
  })
}

/** A territory named as the file names it, in the characters names may have. */
function ownName({ label, types, number }: Described): string {
  const text = printableLabel(label) ?? printableLabel(types[0]?.meaning ?? null) ?? ''
  const name = text
    .replace(/[^A-Za-z0-9 ._-]/g, '_')
    .replace(/^[^A-Za-z0-9]+/, '')
    .trim()
  return name === '' ? `coronary ${number}` : name
}

/** Names by segment or ROI number; null leaves the part out. */
export type MaskNames = Readonly<Record<number, string | null>>

/**
 * Names a caller gives, read by the words labels are read by (`Left main` is LM, `heart` is left out); a name of which no word is
 * known stays as it is.
 *
 * @throws TypeError for what is no object, RangeError for a key that is no whole number or a value that is no name, or one that
 *   is only understood in part
 */
export function checkMaskNames(names: MaskNames): ReadonlyMap<number, string | null> {
  if (typeof names !== 'object' || names === null || Array.isArray(names)) {
    throw new TypeError('names must be names by segment or ROI number')
  }
  const checked = new Map<number, string | null>()
  for (const [key, name] of Object.entries(names) as [string, unknown][]) {
    const number = Number(key)
    if (!/^\d{1,10}$/.test(key)) throw new RangeError(`names: ${key.slice(0, 32)} is no segment or ROI number`)
    checked.set(number, name === null ? null : namedTerritory(name))
  }
  return checked
}
