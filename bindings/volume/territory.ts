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
export const DEFAULT_TERRITORY_NAMES: Readonly<Record<number, string>> = Object.freeze(
  Object.fromEntries(Object.entries(TERRITORY_IDS).map(([name, id]) => [id, name])),
)

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
}

/** Name of each label id, 0 to 255, null where there is none. Throws a `RangeError` for what is no id or no name. */
export function nameTable(byId: Readonly<Record<number, string>>): readonly (string | null)[] {
  if (typeof byId !== 'object' || byId === null)
    throw new TypeError('territories.names must be an object of names by label id')
  const names: (string | null)[] = Array.from({ length: 256 }, () => null)
  for (const [key, name] of Object.entries(byId)) {
    const id = Number(key)
    if (!Number.isInteger(id) || id < 1 || id > 255)
      throw new RangeError(`territories.names: ${key} is no label id (1 to 255)`)
    if (typeof name !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/.test(name)) {
      throw new RangeError(
        `territories.names: the name of label ${id} must be 1 to 64 letters, digits, spaces, dots, dashes or underscores`,
      )
    }
    names[id] = name
  }
  return names
}

/** Check a map against the grid; returns the names by id. Throws `TypeError` or `RangeError` for what a caller got wrong. */
export function checkTerritoryMap(map: TerritoryMap, pixels: number): readonly (string | null)[] {
  if (!(map?.scalarData instanceof Uint8Array)) {
    throw new TypeError('territories.scalarData must be a Uint8Array of one label a pixel')
  }
  if (map.scalarData.length !== pixels) {
    throw new RangeError(
      `territories.scalarData has ${map.scalarData.length} labels, the volume ${pixels} pixels: both must be on one grid`,
    )
  }
  const names = nameTable(map.names)
  const seen = new Uint8Array(256)
  for (const label of map.scalarData) seen[label] = 1
  for (let id = 1; id < 256; id++) {
    if (seen[id] && names[id] === null)
      throw new RangeError(`territories.names: label ${id} occurs in the map but has no name`)
  }
  return names
}
