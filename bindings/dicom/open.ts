/**
 * From bytes to an indexed object: the preamble, the file meta information, the transfer syntax, the walk over the data set
 * (PS3.10 section 7). Files without preamble or without meta information are read where their first elements leave no doubt.
 */
import { AgatstonError, isFault } from '../base/errors.js'
import { withInflated } from './archive/deflated.js'
import type { Limits } from './limits.js'
import { type Layout, NotRead } from './layout.js'
import { Scanner } from './scan.js'
import {
  EXPLICIT_BIG,
  EXPLICIT_LITTLE,
  IMPLICIT_LITTLE,
  PRIVATE_SYNTAXES,
  TRANSFER_SYNTAXES,
  type TransferSyntax,
  printableUid,
} from './syntax.js'
import { TAG } from './tags.js'
import { parseFailed, whereDetails } from './trouble.js'
import { isKnownVr } from './vr.js'

/** An object whose structure holds, or as much of it as could be indexed before `failure`. */
export interface OpenedObject {
  readonly file: string
  /**
   * The file; of a deflated one the file as it would be without deflation. All offsets count in these. Where only the beginning
   * of the file was read, everything but the words of native pixels.
   */
  readonly bytes: Uint8Array
  readonly layout: Layout
  /** Null where the file broke before it was known. */
  readonly syntax: TransferSyntax | null
  /** Where the data set begins. */
  readonly dataStart: number
  readonly executablePreamble: boolean
  readonly failure: AgatstonError | null
}

/** Whether these bytes, the first of a file, begin a DICOM object. */
export const looksLikeDicom = (head: Uint8Array): boolean => hasMagic(head) || bareStart(head) !== null

/**
 * Index an object. Returns null where the bytes are no DICOM. Never throws for what the bytes hold: see `failure`; `OUT_OF_MEMORY`
 * it throws.
 *
 * @param bytes the file, or its beginning
 * @param size bytes of the file
 * @param isInflated the bytes are those a deflated object was inflated to, though it still calls itself deflated
 * @throws NotRead where more of the file is needed than its beginning
 */
export function openObject(
  bytes: Uint8Array,
  file: string,
  limits: Limits,
  size: number = bytes.length,
  isInflated = false,
): OpenedObject | null {
  const magic = hasMagic(bytes)
  const bare = magic ? null : bareStart(bytes)
  if (!magic && bare === null) return null

  const executablePreamble = magic && isExecutable(bytes)
  let scanner = new Scanner(bytes, file, limits, size)
  let whole = bytes
  let syntax: TransferSyntax | null = null
  let dataStart = 0
  let failure: AgatstonError | null = null
  try {
    const metaStart = magic ? 132 : 0
    if (magic || bare === 'meta') dataStart = scanner.meta(metaStart)
    syntax = bare !== null && bare !== 'meta' ? bare : transferSyntax(bytes, scanner.layout, dataStart, file)
    if (syntax.deflated && !isInflated) {
      if (syntax.coding !== 'native') throw unsupported(syntax, file)
      if (bytes.length < size) throw new NotRead()
      whole = withInflated(bytes, dataStart, file, limits)
      scanner = new Scanner(whole, file, limits)
      scanner.meta(metaStart, dataStart)
    }
    scanner.dataSet(dataStart, { ...syntax, encapsulated: syntax.coding !== 'native' })
  } catch (error) {
    if (!(error instanceof AgatstonError) || isFault(error.code)) throw error
    failure = error
  }
  return { file, bytes: whole, layout: scanner.layout, syntax, dataStart, executablePreamble, failure }
}

/** A syntax this reader knows by name but has no decoder for. */
export function unsupported(syntax: TransferSyntax, file: string): AgatstonError {
  return new AgatstonError(
    'SYNTAX_UNSUPPORTED',
    `${file}: transfer syntax ${syntax.uid} (${syntax.name}) is not read. Export the series uncompressed (${EXPLICIT_LITTLE.name})`,
    { uid: syntax.uid, name: syntax.name, file },
  )
}

const hasMagic = (bytes: Uint8Array): boolean =>
  bytes.length >= 132 && bytes[128] === 0x44 && bytes[129] === 0x49 && bytes[130] === 0x43 && bytes[131] === 0x4d

/** The transfer syntax the meta information names; where it names none, what the first element shows. */
function transferSyntax(bytes: Uint8Array, layout: Layout, dataStart: number, file: string): TransferSyntax {
  const span = layout.elements.get(TAG.TransferSyntaxUID)
  if (!span || span.length === 0) return guessNative(bytes, dataStart, file)
  let uid = ''
  for (let i = 0; i < Math.min(span.length, 128); i++) uid += String.fromCharCode(bytes[span.valueOffset + i]!)
  uid = uid.replace(/[\0 ]+$/, '')
  const syntax = TRANSFER_SYNTAXES.get(uid)
  if (syntax) return syntax
  const where = { file, offset: span.offset, tag: span.tag }
  const name = PRIVATE_SYNTAXES.get(uid) ?? null
  throw new AgatstonError(
    'SYNTAX_UNSUPPORTED',
    `${file}: transfer syntax ${printableUid(uid)}${name === null ? '' : ` (${name})`} is none of the standard. Export the series as ${EXPLICIT_LITTLE.name}`,
    { uid: printableUid(uid), name, ...whereDetails(where) },
  )
}

/** A data set of unnamed syntax: uncompressed little endian, explicit where the first element carries a VR (PS3.10 7.1). */
function guessNative(bytes: Uint8Array, start: number, file: string): TransferSyntax {
  if (start + 8 > bytes.length) throw parseFailed('truncated', 'the file holds no data set', { file, offset: start })
  return isKnownVr(bytes[start + 4]!, bytes[start + 5]!) ? EXPLICIT_LITTLE : IMPLICIT_LITTLE
}

/**
 * How a file without preamble begins: with meta information, or at once with a data set of group 0008, whose first two
 * elements must hold together. Null: not DICOM.
 */
function bareStart(bytes: Uint8Array): 'meta' | TransferSyntax | null {
  if (bytes.length < 16) return null
  const knownVr = isKnownVr(bytes[4]!, bytes[5]!)
  if (bytes[0] === 2 && bytes[1] === 0 && bytes[3] === 0 && knownVr) return 'meta'
  if (bytes[0] === 0 && bytes[1] === 8 && knownVr) return EXPLICIT_BIG
  if (bytes[0] !== 8 || bytes[1] !== 0) return null
  if (knownVr) return EXPLICIT_LITTLE
  // Implicit: a short first value, then a higher element of the same group.
  const length = bytes[4]! | (bytes[5]! << 8)
  const next = 8 + length
  if (bytes[6] !== 0 || bytes[7] !== 0 || length > 100 || next + 4 > bytes.length) return null
  const ascending = bytes[next]! === 8 && bytes[next + 1] === 0
  const [first, second] = [bytes[2]! | (bytes[3]! << 8), bytes[next + 2]! | (bytes[next + 3]! << 8)]
  return ascending && second > first ? IMPLICIT_LITTLE : null
}

/** First bytes of programs: DOS and Windows, ELF, Mach-O in both orders and widths, universal, scripts. */
const PROGRAM_STARTS: readonly (readonly number[])[] = [
  [0x4d, 0x5a],
  [0x7f, 0x45, 0x4c, 0x46],
  [0xfe, 0xed, 0xfa, 0xce],
  [0xfe, 0xed, 0xfa, 0xcf],
  [0xce, 0xfa, 0xed, 0xfe],
  [0xcf, 0xfa, 0xed, 0xfe],
  [0xca, 0xfe, 0xba, 0xbe],
  [0x23, 0x21],
]

const isExecutable = (bytes: Uint8Array): boolean =>
  PROGRAM_STARTS.some((start) => start.every((byte, i) => bytes[i] === byte))
