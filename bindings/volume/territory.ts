/** Names of vessels and neighbours, and the label volume that says which pixel lies in which. */

/** Names this package knows, with their ids in label maps (spec of the NIfTI label map; a JSON beside the map overrides). */
export const TERRITORY_IDS = Object.freeze({
  LM: 1,
  LAD: 2,
  LCX: 3,
  RCA: 4,
  RAMUS: 5,
  PDA: 6,
  AORTA: 7,
  AORTIC_VALVE: 8,
  MITRAL_VALVE: 9,
  OTHER: 10,
} as const)

/** Scored apart, never in the coronary total. Every other name, a reader's own included, is coronary. */
export const NOT_CORONARY: readonly string[] = Object.freeze(['AORTA', 'AORTIC_VALVE', 'MITRAL_VALVE', 'OTHER'])

/** Default names by label id. */
export const DEFAULT_TERRITORY_NAMES: Readonly<Record<number, string>> = /* @__PURE__ */ Object.freeze(
  /* @__PURE__ */ Object.fromEntries(/* @__PURE__ */ Object.entries(TERRITORY_IDS).map(([name, id]) => [id, name])),
)

/** The known name a reader meant: `lad`, `Aortic valve` and `AORTIC-VALVE` are known names; any other name is their own. */
function canonicalName(name: string): string {
  const folded = name
    .trim()
    .toUpperCase()
    .replace(/[ ._-]+/g, '_')
  return folded in TERRITORY_IDS ? folded : name
}

export const isCoronary = (territory: string): boolean => !NOT_CORONARY.includes(territory)

/** The four vessels CAC-DRS counts. RAMUS counts as LCX and PDA as RCA. */
export const CAC_DRS_VESSELS = Object.freeze(['LM', 'LAD', 'LCX', 'RCA'] as const)
export function cacDrsVessel(territory: string): string {
  if (territory === 'RAMUS') return 'LCX'
  if (territory === 'PDA') return 'RCA'
  return territory
}

/**
 * One label a pixel, on the volume's own grid and in its slice order: x fastest, then rows, then slices. 0 is "outside".
 * Every label that occurs must be named.
 */
export interface TerritoryMap {
  readonly scalarData: Uint8Array
  readonly names: Readonly<Record<number, string>>
  /** Where the labels came from, where the reader of a file knows it. Nothing is computed from it. */
  readonly mapping?: TerritoryMapping
}

/** What each part of the files became, for people to check. */
export interface TerritoryMapping {
  readonly sources: readonly TerritorySource[]
  /** What a reader of the result should know of the files: resampling, planes outside the scan, references not there. */
  readonly notes: readonly string[]
}

/** One segment, contoured region or label of a file, and the territory it was taken for. */
export interface TerritorySource {
  /** Base name. */
  readonly file: string
  readonly kind: 'seg' | 'rtstruct' | 'nifti'
  /** Segment number, ROI number or label id. */
  readonly number: number
  /** Label text of the file, printable ASCII; null: none. */
  readonly label: string | null
  /** Code that decided, such as `SCT 59438005`; null: none did. */
  readonly code: string | null
  /** Null: left out, because it is plainly no territory or the caller said so. */
  readonly territory: string | null
  /** What decided: the caller's names, the table of label ids, a code, the label text, or the meaning of a code. */
  readonly by: 'names' | 'id' | 'code' | 'label' | 'meaning'
  /** Pixels of the volume it marks; 0 where it is left out. */
  readonly pixels: number
}

/** Name of each label id, 0 to 255, null where there is none. Throws a `RangeError` for what is no id or no name. */
export function nameTable(byId: Readonly<Record<number, string>>): readonly (string | null)[] {
  if (typeof byId !== 'object' || byId === null) throw new TypeError('territories.names must be names by label id')
  const names: (string | null)[] = Array.from({ length: 256 }, () => null)
  for (const [key, name] of Object.entries(byId)) {
    const id = Number(key)
    if (!Number.isInteger(id) || id < 1 || id > 255)
      throw new RangeError(`territories.names: ${key} is no label id (1 to 255)`)
    names[id] = checkedName(name, `territories.names: the name of label ${id}`)
  }
  return names
}

/** A territory's name, the known one where it is meant. @throws RangeError for what is no name */
export function checkedName(name: unknown, what: string): string {
  if (typeof name !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/.test(name)) {
    throw new RangeError(`${what} must be 1 to 64 letters, digits, blanks or . - _`)
  }
  return canonicalName(name)
}

/** Names by label id, and which labels occur. */
export interface CheckedMap {
  readonly names: readonly (string | null)[]
  /** Coronary territories that have a pixel: a zero says nothing of the others. */
  readonly marked: readonly string[]
}

/** Check a map against the grid. Throws `TypeError` or `RangeError` for what a caller got wrong. */
export function checkTerritoryMap(map: TerritoryMap, pixels: number): CheckedMap {
  if (!(map?.scalarData instanceof Uint8Array)) {
    throw new TypeError('territories.scalarData must be a Uint8Array of one label a pixel')
  }
  if (map.scalarData.length !== pixels) {
    throw new RangeError(
      `territories.scalarData has ${map.scalarData.length} labels, the volume ${pixels} pixels: both must be on one grid`,
    )
  }
  const names = nameTable(map.names)
  return { names, marked: checkLabels(map.scalarData, names) }
}

/** Every label must have a name; those of coronary territories. */
export function checkLabels(labels: Uint8Array, names: readonly (string | null)[]): readonly string[] {
  const seen = new Uint8Array(256)
  // A map is mostly 0, which needs no name: four pixels a step there. By index: there are millions, and an iterator is slow.
  const { buffer, byteOffset, length } = labels.byteOffset % 4 ? new Uint8Array(labels) : labels
  const words = new Uint32Array(buffer, byteOffset, length >> 2)
  for (let i = 0; i < length; i++) {
    if (words[i >> 2] === 0) i += 3
    else seen[labels[i]!] = 1
  }
  const coronary: string[] = []
  for (let id = 1; id < 256; id++) {
    if (!seen[id]) continue
    const name = names[id]
    if (name === null || name === undefined)
      throw new RangeError(`territories.names: label ${id} occurs in the map but has no name`)
    if (isCoronary(name)) coronary.push(name)
  }
  return coronary
}
