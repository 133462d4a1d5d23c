/**
 * Text of a data set as Unicode (PS3.5 6.1, PS3.3 C.12.1.1.2): single-byte repertoires, UTF-8, GB18030 and GBK, and ISO 2022 with
 * code extensions, whose escape sequences switch between repertoires within a value. The tables are those of the platform's
 * `TextDecoder`. What cannot be decoded becomes U+FFFD, never another letter.
 */

/** Repertoires without code extensions, by defined term: the label of the platform's decoder (WHATWG Encoding). */
const SINGLE: Readonly<Record<string, string>> = Object.freeze({
  'ISO_IR 100': 'iso-8859-1',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 148': 'iso-8859-9',
  'ISO_IR 203': 'iso-8859-15',
  'ISO_IR 13': 'shift_jis',
  'ISO_IR 166': 'windows-874',
  'ISO_IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
})

/** What the upper half of the byte (G1) holds under code extensions, by number of the term ISO 2022 IR n. */
const UPPER: Readonly<Record<string, string>> = Object.freeze({
  ...Object.fromEntries(
    Object.entries(SINGLE)
      .filter(([term]) => /^ISO_IR (?!192)/.test(term))
      .map(([term, label]) => [term.slice('ISO_IR '.length), label]),
  ),
  '149': 'euc-kr',
  '58': 'gbk',
})

/** The lower half (G0): ASCII, the Roman letters of JIS X 0201 (where ASCII has backslash and tilde, yen and overline), two-byte sets. */
type Lower = 'ascii' | 'roman' | 'jis-x-0208' | 'jis-x-0212'

/** Escape sequences without their ESC (PS3.3 tables C.12-3 and C.12-4), and what they put where. */
const ESCAPES: Readonly<Record<string, { readonly lower: Lower } | { readonly upper: string }>> = Object.freeze({
  '(B': { lower: 'ascii' },
  '(J': { lower: 'roman' },
  $B: { lower: 'jis-x-0208' },
  '$@': { lower: 'jis-x-0208' },
  '$(D': { lower: 'jis-x-0212' },
  '-A': { upper: 'iso-8859-1' },
  '-B': { upper: 'iso-8859-2' },
  '-C': { upper: 'iso-8859-3' },
  '-D': { upper: 'iso-8859-4' },
  '-L': { upper: 'iso-8859-5' },
  '-G': { upper: 'iso-8859-6' },
  '-F': { upper: 'iso-8859-7' },
  '-H': { upper: 'iso-8859-8' },
  '-M': { upper: 'iso-8859-9' },
  '-b': { upper: 'iso-8859-15' },
  '-T': { upper: 'windows-874' },
  ')I': { upper: 'shift_jis' },
  '$)C': { upper: 'euc-kr' },
  '$)A': { upper: 'gbk' },
})

const [ESC, TAB, LF, FF, CR, BACKSLASH, CARET, EQUALS] = [0x1b, 0x09, 0x0a, 0x0c, 0x0d, 0x5c, 0x5e, 0x3d]
const UNKNOWN = '\ufffd'

/**
 * Decode a value.
 *
 * @param terms SpecificCharacterSet (0008,0005), its values; none: the default repertoire (ASCII)
 * @param isName VR PN: `^` and `=` end a switch of repertoires, too
 */
export function decodeText(bytes: Uint8Array, terms: readonly string[], isName = false): string {
  const first = terms[0] ?? ''
  const extended = terms.length > 1 || terms.some((term) => term.startsWith('ISO 2022'))
  if (extended) return new Extended(terms, isName).decode(bytes)
  return first === '' || first === 'ISO_IR 6' ? decode(bytes, null) : decode(bytes, SINGLE[first] ?? null)
}

/** @param label null: ASCII and nothing else */
function decode(bytes: Uint8Array, label: string | null): string {
  if (label !== null && bytes.some((byte) => byte >= 0x80)) {
    try {
      return new TextDecoder(label, { ignoreBOM: true }).decode(bytes)
    } catch (error) {
      // A platform built without this table. What is not ASCII is then not known.
      if (!(error instanceof RangeError)) throw error
    }
  }
  let text = ''
  for (const byte of bytes) text += byte < 0x80 ? String.fromCharCode(byte) : UNKNOWN
  return text
}

/** Code extensions (PS3.5 6.1.2.5): runs of bytes of one repertoire, each decoded by itself. */
class Extended {
  readonly #initialLower: Lower
  readonly #initialUpper: string | null
  readonly #delimiters: readonly number[]
  /** Where a writer did not switch and only one of the terms has an upper half, that one is meant. */
  readonly #onlyUpper: string | null
  #lower: Lower
  #upper: string | null

  constructor(terms: readonly string[], isName: boolean) {
    const numbers = terms.map((term) => /^ISO(?:_| 2022 )IR (\d+)$/.exec(term)?.[1] ?? '')
    const uppers = numbers.flatMap((number) => UPPER[number] ?? [])
    const first = numbers[0]!
    // The two-byte sets are never the first one; of IR 13 the lower half are the Roman letters.
    this.#initialLower = first === '13' ? 'roman' : 'ascii'
    this.#initialUpper = first === '149' || first === '58' ? null : (UPPER[first] ?? null)
    this.#onlyUpper = uppers.length === 1 ? uppers[0]! : null
    this.#delimiters = [TAB, LF, FF, CR, ...(isName ? [CARET, EQUALS] : []), BACKSLASH]
    this.#lower = this.#initialLower
    this.#upper = this.#initialUpper
  }

  decode(bytes: Uint8Array): string {
    let text = ''
    let start = 0
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i]!
      const escape = byte === ESC ? this.#escapeAt(bytes, i) : 0
      const delimits = this.#delimiters.includes(byte) && !this.#lower.startsWith('jis')
      const changes = i > start && bytes[i - 1]! >= 0x80 !== byte >= 0x80
      if (escape > 0 || delimits || changes) {
        text += this.#run(bytes.subarray(start, i))
        start = i
      }
      if (escape > 0) {
        this.#switch(bytes, i, escape)
        i += escape
        start = i + 1
      } else if (delimits) {
        text += String.fromCharCode(byte)
        start = i + 1
        this.#lower = this.#initialLower
        this.#upper = this.#initialUpper
      }
    }
    return text + this.#run(bytes.subarray(start))
  }

  /** Bytes behind an ESC that belong to its sequence; 0: none that is known, so it stays a control character. */
  #escapeAt(bytes: Uint8Array, at: number): number {
    for (const length of [2, 3]) {
      if (Object.hasOwn(ESCAPES, ascii(bytes.subarray(at + 1, at + 1 + length)))) return length
    }
    return 0
  }

  #switch(bytes: Uint8Array, at: number, length: number): void {
    const to = ESCAPES[ascii(bytes.subarray(at + 1, at + 1 + length))]!
    if ('lower' in to) this.#lower = to.lower
    else this.#upper = to.upper
  }

  /** A run of bytes that lie all below 0x80, or all above. */
  #run(bytes: Uint8Array): string {
    if (bytes.length === 0) return ''
    if (bytes[0]! >= 0x80) return decode(bytes, this.#upper ?? this.#onlyUpper)
    if (this.#lower === 'jis-x-0208') return decode(raised(bytes, []), 'euc-jp')
    if (this.#lower === 'jis-x-0212') return decode(raised(bytes, [0x8f]), 'euc-jp')
    return ascii(bytes)
  }
}

const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

/** Pairs of seven-bit bytes as EUC writes them: each with its high bit set, behind the shift of their set. */
function raised(bytes: Uint8Array, shift: readonly number[]): Uint8Array {
  const raised: number[] = []
  for (let i = 0; i < bytes.length; i += 2) {
    if (bytes[i]! <= SPACE || i + 1 === bytes.length) {
      raised.push(bytes[i]!)
      i--
    } else raised.push(...shift, bytes[i]! | 0x80, bytes[i + 1]! | 0x80)
  }
  return Uint8Array.from(raised)
}
const SPACE = 0x20
