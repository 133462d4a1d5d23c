/** Markers of a JPEG header (ITU-T T.81 table B.1) by their second byte, and what each says of the process that coded a frame. */

export const MARKER = Object.freeze({
  SOF0: 0xc0,
  SOF3: 0xc3,
  DHT: 0xc4,
  DAC: 0xcc,
  SOF15: 0xcf,
  SOI: 0xd8,
  EOI: 0xd9,
  SOS: 0xda,
  DQT: 0xdb,
  DNL: 0xdc,
  DRI: 0xdd,
  DHP: 0xde,
  EXP: 0xdf,
  APP0: 0xe0,
  APP15: 0xef,
  /** Start of a frame of JPEG-LS (ITU-T T.87). */
  SOF55: 0xf7,
  /** Parameters of JPEG-LS. */
  LSE: 0xf8,
  COM: 0xfe,
} as const)

/** Markers of a header that may stand before a scan of lossless process 14. */
const OURS: ReadonlySet<number> = new Set([
  MARKER.SOF3,
  MARKER.DHT,
  MARKER.SOS,
  MARKER.DQT,
  MARKER.DRI,
  MARKER.COM,
  ...Array.from({ length: 16 }, (_, n) => MARKER.APP0 + n),
])

/** Whether a header of this process may have this marker. */
export const isOurs = (marker: number): boolean => OURS.has(marker)

/** The process a marker announces, where that is another than lossless process 14; null where it announces none. */
export function foreignProcess(marker: number): string | null {
  if (OURS.has(marker)) return null
  if (marker === MARKER.SOF55) return 'JPEG-LS'
  if (marker === MARKER.DNL) return 'its height follows the scan (DNL)'
  if (marker === MARKER.DHP || marker === MARKER.EXP) return 'JPEG hierarchical'
  if (marker < MARKER.SOF0 || marker > MARKER.SOF15) return null
  if (marker < MARKER.SOF3) return `JPEG with loss (SOF${marker - MARKER.SOF0})`
  if (marker >= 0xc5 && marker <= 0xc7) return `JPEG hierarchical (SOF${marker - MARKER.SOF0})`
  return marker === 0xc8 ? 'a reserved process (JPG)' : 'JPEG with arithmetic coding'
}

export const markerText = (marker: number): string => `FF ${marker.toString(16).toUpperCase().padStart(2, '0')}`
