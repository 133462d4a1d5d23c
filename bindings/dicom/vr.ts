/** Value representations (PS3.5 table 6.2-1), and which of them have a length of four bytes in explicit encoding (7.1.2). */

const SHORT_VRS = 'AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US'.split(' ')
const LONG_VRS = 'OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' ')

export interface Vr {
  readonly name: string
  /** Two reserved bytes, then a length of four. */
  readonly long: boolean
}

const key = (vr: string): number => (vr.charCodeAt(0) << 8) | vr.charCodeAt(1)

const VRS = new Map<number, Vr>([
  ...SHORT_VRS.map((name) => [key(name), { name, long: false }] as const),
  ...LONG_VRS.map((name) => [key(name), { name, long: true }] as const),
])

/** The VR of two bytes as they stand in a file, or undefined. */
export const vrOf = (first: number, second: number): Vr | undefined => VRS.get((first << 8) | second)

export const isKnownVr = (first: number, second: number): boolean => vrOf(first, second) !== undefined

/** VRs of four-byte length that dicom-parser 1.8.21 gives a length of two bytes. */
export const MISREAD_VRS: readonly string[] = Object.freeze(['OV', 'SV', 'UV'])
