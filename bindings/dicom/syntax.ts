/**
 * Transfer syntaxes: how a data set is encoded and how its pixels are coded (PS3.5 section 10, registered in PS3.6 annex A).
 * This is an allow-list. dicom-parser reads every UID it does not know as explicit little endian, which is a guess; a UID
 * that is not in this table is refused by name before any of the data set is read. A syntax that is in the table with the
 * coding `none` is refused by name too, but its header is read first, so that the refusal stands at its series.
 */
import type { FrameCoding } from '../codecs/map.js'

export type { FrameCoding } from '../codecs/map.js'

/** How the pixels of a frame are coded. `native`: rows of 16-bit words. `none`: in a way that is not read. */
export type PixelCoding = 'native' | FrameCoding | 'none'

export interface TransferSyntax {
  readonly uid: string
  /** Keyword-like name of PS3.6 table A-1, shortened. */
  readonly name: string
  readonly explicit: boolean
  readonly bigEndian: boolean
  /** The data set is a raw deflate stream (PS3.5 A.5). */
  readonly deflated: boolean
  readonly coding: PixelCoding
}

type Row = readonly [uid: string, name: string, coding: PixelCoding]

/**
 * Suffix after 1.2.840.10008.1.2, name, coding: all explicit little endian but for the flags set below. Of the JPEG processes
 * those are read that CT is stored with: .51 keeps 12 bits (and is lossy, which is refused unless accepted), .57 and .70 are
 * the lossless ones that were not retired.
 */
const ROWS: readonly Row[] = [
  ['', 'Implicit VR Little Endian', 'native'],
  ['.1', 'Explicit VR Little Endian', 'native'],
  ['.1.98', 'Encapsulated Uncompressed Explicit VR Little Endian', 'none'],
  ['.1.99', 'Deflated Explicit VR Little Endian', 'native'],
  ['.2', 'Explicit VR Big Endian', 'native'],
  ['.4.50', 'JPEG Baseline (Process 1)', 'none'],
  ['.4.51', 'JPEG Extended (Process 2 and 4)', 'jpeg'],
  ['.4.52', 'JPEG Extended (Process 3 and 5)', 'none'],
  ['.4.53', 'JPEG Spectral Selection (Process 6 and 8)', 'none'],
  ['.4.54', 'JPEG Spectral Selection (Process 7 and 9)', 'none'],
  ['.4.55', 'JPEG Full Progression (Process 10 and 12)', 'none'],
  ['.4.56', 'JPEG Full Progression (Process 11 and 13)', 'none'],
  ['.4.57', 'JPEG Lossless (Process 14)', 'jpeg-lossless'],
  ['.4.58', 'JPEG Lossless (Process 15)', 'none'],
  ['.4.59', 'JPEG Extended Hierarchical (Process 16 and 18)', 'none'],
  ['.4.60', 'JPEG Extended Hierarchical (Process 17 and 19)', 'none'],
  ['.4.61', 'JPEG Spectral Selection Hierarchical (Process 20 and 22)', 'none'],
  ['.4.62', 'JPEG Spectral Selection Hierarchical (Process 21 and 23)', 'none'],
  ['.4.63', 'JPEG Full Progression Hierarchical (Process 24 and 26)', 'none'],
  ['.4.64', 'JPEG Full Progression Hierarchical (Process 25 and 27)', 'none'],
  ['.4.65', 'JPEG Lossless Hierarchical (Process 28)', 'none'],
  ['.4.66', 'JPEG Lossless Hierarchical (Process 29)', 'none'],
  ['.4.70', 'JPEG Lossless, First-Order Prediction (Process 14, Selection Value 1)', 'jpeg-lossless'],
  ['.4.80', 'JPEG-LS Lossless', 'jpeg-ls'],
  ['.4.81', 'JPEG-LS Lossy (Near-Lossless)', 'jpeg-ls'],
  ['.4.90', 'JPEG 2000 (Lossless Only)', 'jpeg-2000'],
  ['.4.91', 'JPEG 2000', 'jpeg-2000'],
  ['.4.92', 'JPEG 2000 Part 2 Multi-component (Lossless Only)', 'none'],
  ['.4.93', 'JPEG 2000 Part 2 Multi-component', 'none'],
  ['.4.94', 'JPIP Referenced', 'none'],
  ['.4.95', 'JPIP Referenced Deflate', 'none'],
  ['.4.100', 'MPEG2 Main Profile / Main Level', 'none'],
  ['.4.100.1', 'Fragmentable MPEG2 Main Profile / Main Level', 'none'],
  ['.4.101', 'MPEG2 Main Profile / High Level', 'none'],
  ['.4.101.1', 'Fragmentable MPEG2 Main Profile / High Level', 'none'],
  ['.4.102', 'MPEG-4 AVC/H.264 High Profile / Level 4.1', 'none'],
  ['.4.102.1', 'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1', 'none'],
  ['.4.103', 'MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1', 'none'],
  ['.4.103.1', 'Fragmentable MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1', 'none'],
  ['.4.104', 'MPEG-4 AVC/H.264 High Profile / Level 4.2 for 2D Video', 'none'],
  ['.4.104.1', 'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 for 2D Video', 'none'],
  ['.4.105', 'MPEG-4 AVC/H.264 High Profile / Level 4.2 for 3D Video', 'none'],
  ['.4.105.1', 'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 for 3D Video', 'none'],
  ['.4.106', 'MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2', 'none'],
  ['.4.106.1', 'Fragmentable MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2', 'none'],
  ['.4.107', 'HEVC/H.265 Main Profile / Level 5.1', 'none'],
  ['.4.108', 'HEVC/H.265 Main 10 Profile / Level 5.1', 'none'],
  ['.4.110', 'JPEG XL Lossless', 'none'],
  ['.4.111', 'JPEG XL JPEG Recompression', 'none'],
  ['.4.112', 'JPEG XL', 'none'],
  ['.4.201', 'High-Throughput JPEG 2000 (Lossless Only)', 'htj2k'],
  ['.4.202', 'High-Throughput JPEG 2000 with RPCL Options (Lossless Only)', 'htj2k'],
  ['.4.203', 'High-Throughput JPEG 2000', 'htj2k'],
  ['.4.204', 'JPIP HTJ2K Referenced', 'none'],
  ['.4.205', 'JPIP HTJ2K Referenced Deflate', 'none'],
  ['.5', 'RLE Lossless', 'rle'],
  ['.8.1', 'Deflated Image Frame Compression', 'none'],
]

const ROOT = '1.2.840.10008.1.2'
const DEFLATED: readonly string[] = ['.1.99', '.4.95', '.4.205']

export const TRANSFER_SYNTAXES: ReadonlyMap<string, TransferSyntax> = new Map(
  ROWS.map(([suffix, name, coding]) => {
    const uid = ROOT + suffix
    const syntax = Object.freeze({
      uid,
      name,
      explicit: suffix !== '',
      bigEndian: suffix === '.2',
      deflated: DEFLATED.includes(suffix),
      coding,
    })
    return [uid, syntax]
  }),
)

/** Private syntaxes met in archives of CT, to refuse them by name; nothing in them is read. */
export const PRIVATE_SYNTAXES: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113619.5.2', 'GE Private Implicit VR Little Endian with Big Endian Pixels'],
])

export const IMPLICIT_LITTLE = TRANSFER_SYNTAXES.get(ROOT)!
export const EXPLICIT_LITTLE = TRANSFER_SYNTAXES.get(`${ROOT}.1`)!
export const DEFLATED_LITTLE = TRANSFER_SYNTAXES.get(`${ROOT}.1.99`)!
/** Frames deflated one by one (PS3.5 A.4.13), made for segmentations. CT in it is not read. */
export const DEFLATED_FRAMES = TRANSFER_SYNTAXES.get(`${ROOT}.8.1`)!
export const EXPLICIT_BIG = TRANSFER_SYNTAXES.get(`${ROOT}.2`)!

/** What a refusal may say of a UID: its digits and dots, never other bytes of the file. */
export const printableUid = (uid: string): string =>
  /^[0-9.]{1,64}$/.test(uid) ? uid : 'a UID that is not digits and dots'
