/**
 * From bytes to an indexed object: the preamble, the file meta information, the transfer syntax, the walk over the data set
 * (PS3.10 section 7). Files without preamble or without meta information are read where their first elements leave no doubt.
 */
import { AgatstonError } from '../base/errors.js'
import type { Limits } from './limits.js'
import { type Layout, Scanner } from './scan.js'
import {
  EXPLICIT_BIG,
  EXPLICIT_LITTLE,
  IMPLICIT_LITTLE,
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

/** Index an object. Returns null where the bytes are no DICOM. Never throws for what the bytes hold: see `failure`. */
export function openObject(bytes: Uint8Array, file: string, limits: Limits): OpenedObject | null {
  const magic = hasMagic(bytes)
  const bare = magic ? null : bareStart(bytes)
  if (!magic && bare === null) return null

  const scanner = new Scanner(bytes, file, limits)
  const opened = {
    file,
    bytes,
    layout: scanner.layout,
    executablePreamble: magic && isExecutable(bytes),
  }
  let syntax: TransferSyntax | null = null
  let dataStart = 0
  try {
    dataStart = magic ? scanner.meta(132) : bare === 'meta' ? scanner.meta(0) : 0
    syntax = bare !== null && bare !== 'meta' ? bare : transferSyntax(bytes, scanner.layout, dataStart, file)
    if (syntax.deflated) throw unsupported(syntax, file)
    scanner.dataSet(dataStart, { ...syntax, encapsulated: syntax.coding !== 'native' })
    return { ...opened, syntax, dataStart, failure: null }
  } catch (error) {
    if (!(error instanceof AgatstonError)) throw error
    return { ...opened, syntax, dataStart, failure: error }
  }
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
  throw new AgatstonError(
    'SYNTAX_UNSUPPORTED',
    `${file}: transfer syntax ${printableUid(uid)} is none of the standard. Export the series as ${EXPLICIT_LITTLE.name}`,
    { uid: printableUid(uid), name: null, ...whereDetails(where) },
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
