/** From the numbers of a label map to territories: the defaults, or names a caller gives, and what each label became. */
import { beyondNote, maskMismatch } from '../volume/mask-trouble.js'
import { DEFAULT_TERRITORY_NAMES, type TerritorySource } from '../volume/territory.js'
import { type MaskNames, checkMaskNames } from '../volume/territory-names.js'

/** What a label was called, null by default, and what it was taken for, null where it is left out. */
export interface LabelName {
  readonly given: string | null
  readonly territory: string | null
}

/** @throws TypeError, RangeError for what are no names by label id, and for names understood only in part */
export function checkLabelNames(names: MaskNames): ReadonlyMap<number, LabelName> {
  const checked = checkMaskNames(names)
  for (const id of checked.keys())
    if (id < 1 || id > 255) throw new RangeError(`names: ${id} is no label id (1 to 255)`)
  return new Map([...checked].map(([id, territory]) => [id, { given: names[id] ?? null, territory }]))
}

const DEFAULTS: ReadonlyMap<number, LabelName> = new Map(
  Object.entries(DEFAULT_TERRITORY_NAMES).map(([id, territory]) => [Number(id), { given: null, territory }]),
)

export interface MappedLabels {
  /** The labels it was given, in place: one a territory, 0 where a label is left out. */
  readonly scalarData: Uint8Array
  readonly names: Readonly<Record<number, string>>
  readonly sources: readonly TerritorySource[]
}

/**
 * Take every label for its territory. Labels of one territory become the lowest of them: a lesion that lies in both must not be
 * cut in two.
 *
 * @param given names by id; null: the defaults, of which only those that occur are told
 * @throws AgatstonError `TERRITORY_MISMATCH`: `empty`, `unnamed`, `no-territory`
 */
export function mapLabels(
  labels: Uint8Array,
  given: ReadonlyMap<number, LabelName> | null,
  file: string,
): MappedLabels {
  const pixels = new Float64Array(256)
  for (let i = 0; i < labels.length; i++) pixels[labels[i]!]!++
  const occurring = [...pixels.keys()].filter((id) => id > 0 && pixels[id]! > 0)
  if (occurring.length === 0) {
    throw maskMismatch('empty', file, 'it marks no pixel of the volume', 'Make the mask on the series being scored')
  }
  const table = given ?? DEFAULTS
  const unnamed = occurring.filter((id) => !table.has(id))
  if (unnamed.length > 0) {
    const met = `it uses label ${unnamed.join(', ')}, which has no name`
    const next = `Name the labels, as in { "${unnamed[0]}": "LAD" } (null leaves one out), in a JSON of the mask's name beside it`
    throw maskMismatch('unnamed', file, met, next, { ids: unnamed })
  }
  const told = given ? [...given.keys()].sort((a, b) => a - b) : occurring
  const sources = told.map((id): TerritorySource => {
    const { given: label, territory } = table.get(id)!
    const by = given ? 'names' : 'id'
    const marked = territory === null ? 0 : pixels[id]!
    return Object.freeze({ file, kind: 'nifti', number: id, label, code: null, territory, by, pixels: marked })
  })
  if (sources.every((source) => source.pixels === 0)) {
    const next = 'Name at least one label that occurs in the map as a vessel'
    throw maskMismatch('no-territory', file, 'all labels that mark a pixel are left out by their names', next)
  }
  return { ...relabel(labels, sources), sources: Object.freeze(sources) }
}

function relabel(labels: Uint8Array, sources: readonly TerritorySource[]): Omit<MappedLabels, 'sources'> {
  const to = new Uint8Array(256)
  const idOf = new Map<string, number>()
  for (const { number, territory } of sources) {
    if (territory === null) continue
    if (!idOf.has(territory)) idOf.set(territory, number)
    to[number] = idOf.get(territory)!
  }
  for (let i = 0; i < labels.length; i++) labels[i] = to[labels[i]!]!
  return { scalarData: labels, names: Object.freeze(Object.fromEntries([...idOf].map(([name, id]) => [id, name]))) }
}

/** Notes of the territories that go on beyond the scan. @param planes for each label, the planes there that have it */
export const beyondNotes = (planes: Uint32Array, sources: readonly TerritorySource[]): readonly string[] =>
  sources.flatMap(({ file, number, territory }) =>
    territory !== null && planes[number]! > 0
      ? [beyondNote(file, `label ${number} (${territory})`, planes[number]!)]
      : [],
  )
