/** The parts of one mask and what each is taken for: all of them, or a refusal that lists every one that is not understood. */
import { maskMismatch, printableLabel } from '../../volume/mask-trouble.js'
import type { TerritorySource } from '../../volume/territory.js'
import { type Described, territoryOf } from '../../volume/territory-names.js'
import { doubtOf } from '../../volume/territory-words.js'

/** A part without the count of its pixels, which is only known once it is painted. */
export type NamedPart = Omit<TerritorySource, 'pixels'>

/** Parts listed in a message. */
const MOST_LISTED = 12

export interface MaskFile {
  readonly file: string
  readonly kind: 'seg' | 'rtstruct'
  /** Names the caller gave by number; null: none. */
  readonly names: ReadonlyMap<number, string | null> | null
}

/**
 * What each part is taken for. A name the caller gives goes before anything the file says.
 *
 * @throws AgatstonError `TERRITORY_MISMATCH`: parts not understood (`unnamed`) or understood in two ways (`conflict`), names
 *   for parts that are not there (`names`), nothing but parts left out (`no-territory`)
 */
export function nameParts(parts: readonly Described[], mask: MaskFile): readonly NamedPart[] {
  const { file, names } = mask
  const what = mask.kind === 'seg' ? 'segment' : 'ROI'
  checkNumbers(parts, mask, what)
  const named: NamedPart[] = []
  const unknown: Described[] = []
  for (const part of parts) {
    const shared = { file, kind: mask.kind, number: part.number, label: printableLabel(part.label) }
    const given = names?.get(part.number)
    if (given !== undefined) {
      named.push({ ...shared, code: null, territory: given, by: 'names' })
      continue
    }
    const taken = territoryOf(part)
    if (!('trouble' in taken)) named.push({ ...shared, ...taken })
    else if (taken.trouble === 'unknown') unknown.push(part)
    else {
      const met = `${what} ${listed([part])} is called ${taken.between.join(' in one place and ')} in another`
      throw maskMismatch('conflict', file, met, howToName(part.number), {
        number: part.number,
        between: taken.between,
      })
    }
  }
  if (unknown.length > 0) {
    const met = `not understood as a territory or as something else: ${listed(unknown)} (${unknown.length} of ${parts.length} ${what}s)${doubts(unknown)}`
    const numbers = unknown.map(({ number }) => number)
    throw maskMismatch('unnamed', file, met, howToName(unknown[0]!.number), { numbers })
  }
  if (!named.some(({ territory }) => territory !== null)) {
    const met = `no ${what} is a territory; it has ${listed(parts) || 'none'}`
    throw maskMismatch('no-territory', file, met, howToName(parts[0]?.number ?? 1))
  }
  return named
}

function checkNumbers(parts: readonly Described[], { file, names }: MaskFile, what: string): void {
  const numbers = new Set(parts.map(({ number }) => number))
  const absent = [...(names?.keys() ?? [])].filter((number) => !numbers.has(number))
  if (absent.length === 0) return
  const met = `names are given for ${what} ${absent.slice(0, MOST_LISTED).join(', ')}, which it does not have`
  const next = `Name only ${what}s it has: ${listed(parts) || 'none'}`
  throw maskMismatch('names', file, met, next, { numbers: absent })
}

const howToName = (example: number): string =>
  `Say what they are by number, as in { "${example}": "LAD" } (null leaves one out), in a JSON of the mask's name beside it`

/** `; 3: a posterolateral branch leaves ...`: what is known of labels that are not understood, each once. */
function doubts(parts: readonly Described[]): string {
  const byWhy = new Map<string, number>()
  for (const { number, label } of parts) {
    const why = label === null ? null : doubtOf(label)
    if (why !== null && !byWhy.has(why)) byWhy.set(why, number)
  }
  return [...byWhy].map(([why, number]) => `; ${number}: ${why}`).join('')
}

/** `1 'LAD', 2 'heart' and 3 more` */
function listed(parts: readonly Described[]): string {
  const shown = parts.slice(0, MOST_LISTED).map(({ number, label, types }) => {
    const text = printableLabel(label) ?? printableLabel(types[0]?.meaning ?? null)
    return text === null ? String(number) : `${number} '${text}'`
  })
  const more = parts.length - shown.length
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '')
}
