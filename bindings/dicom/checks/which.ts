/** Which values occur among slices, and in which files something holds: what every check of a series asks. */
import type { Image } from '../image.js'

/** The values that occur, nulls left out. */
export const distinct = <T>(slices: readonly Image[], of: (image: Image) => T | null): T[] => [
  ...new Set(slices.map(of).filter((value): value is T & {} => value !== null)),
]

/** Names of the files of which something holds. */
export const filesWhere = (slices: readonly Image[], test: (image: Image) => boolean): string[] =>
  slices.filter(test).map(({ file }) => file)
