/**
 * A font as the layout needs it: which characters it can draw, how wide they are, where a line breaks. What it cannot draw is shown
 * as one visible sign and remembered, so that the report can say which characters those were: a name never loses a letter in silence,
 * and no control character reaches a page.
 */
import type { PDFFont } from '@cantoo/pdf-lib'

/** Signs of the reports' own words that the standard fonts lack, written with those they have. */
const SPELLINGS: Readonly<Record<string, string>> = Object.freeze({
  '≥': '>=',
  '≤': '<=',
  '−': '-',
  '→': '->',
  '≈': '~',
  '′': "'",
  '″': '"',
  '‐': '-',
  '‑': '-',
})

/** Stands for what cannot be drawn: the first of these that the font has. */
const STAND_INS = ['□', '¿', '?']

/** Nothing one sees, or nothing assigned: controls, directions, joiners, halves of pairs, private use. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/u

/** Runs written from right to left. Digits between them keep their direction. */
const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Nko}\p{Script=Syriac}\p{Script=Thaana}]+(?:[\p{P}\p{Zs}]+[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Nko}\p{Script=Syriac}\p{Script=Thaana}]+)*/gu

/** Characters that could not be drawn, over all faces of a document. */
export type Replaced = Set<number>

export class Face {
  /** What stands for a character that cannot be drawn. */
  readonly standIn: string
  readonly #characters: ReadonlySet<number>
  readonly #widths = new Map<string, number>()
  readonly #drawable = new Map<string, string>()
  readonly #encoded = new Map<string, string>()

  constructor(
    /** Name among the resources of a page. */
    readonly name: string,
    readonly font: PDFFont,
    private readonly replaced: Replaced,
  ) {
    this.#characters = new Set(font.getCharacterSet())
    this.standIn = STAND_INS.find((sign) => this.#characters.has(sign.codePointAt(0)!)) ?? '?'
  }

  /** The text as this font draws it: composed, in one line, every space a space, with stand-ins where it must be. */
  drawable(text: string): string {
    const known = this.#drawable.get(text)
    if (known !== undefined) return known
    const drawn = Array.from(text.normalize('NFC'), (character) => this.#character(character)).join('')
    if (text.length <= 200) this.#drawable.set(text, drawn)
    return drawn
  }

  #character(character: string): string {
    const code = character.codePointAt(0)!
    if (/\p{Zs}/u.test(character)) return ' '
    if (!UNSEEN.test(character)) {
      if (this.#characters.has(code)) return character
      const spelling = SPELLINGS[character]
      if (spelling !== undefined) return spelling
    }
    this.replaced.add(code)
    return this.standIn
  }

  /** Width of a drawable text in points. */
  width(drawable: string, size: number): number {
    let thousandths = 0
    for (const { text, reversed } of directions(drawable)) {
      if (reversed) thousandths += this.#widthOf(text)
      else for (const character of text) thousandths += this.#widthOf(character)
    }
    return (thousandths * size) / 1000
  }

  #widthOf(text: string): number {
    let width = this.#widths.get(text)
    if (width === undefined) this.#widths.set(text, (width = this.font.widthOfTextAtSize(text, 1000)))
    return width
  }

  /** A drawable text as the operand of `Tj`, in hexadecimal: nothing of it can end the string it stands in. */
  encode(drawable: string): string {
    let encoded = this.#encoded.get(drawable)
    if (encoded === undefined) {
      const runs = directions(drawable).map(({ text }) => this.font.encodeText(text).asString())
      this.#encoded.set(drawable, (encoded = runs.join('')))
    }
    return encoded
  }

  /** A text broken into drawable lines: between words, and within one that is wider than a line. */
  lines(text: string, size: number, width: number): readonly string[] {
    const lines: string[] = []
    let line = ''
    for (const word of this.drawable(text).split(' ').filter(Boolean)) {
      const longer = line === '' ? word : `${line} ${word}`
      if (this.width(longer, size) <= width) {
        line = longer
        continue
      }
      if (line !== '') lines.push(line)
      const parts = this.#cut(word, size, width)
      lines.push(...parts.slice(0, -1))
      line = parts.at(-1)!
    }
    return line === '' && lines.length > 0 ? lines : [...lines, line]
  }

  /** A word in parts that fit; one character at least in each. */
  #cut(word: string, size: number, width: number): readonly string[] {
    const parts: string[] = []
    let part = ''
    for (const character of word) {
      if (part !== '' && this.width(part + character, size) > width) {
        parts.push(part)
        part = ''
      }
      part += character
    }
    return [...parts, part]
  }

  /** One line no wider than `width`; what is cut off is shown by an ellipsis. */
  clipped(text: string, size: number, width: number): string {
    const whole = this.drawable(text).trim()
    if (this.width(whole, size) <= width) return whole
    const kept = Array.from(whole)
    while (kept.length > 0 && this.width(`${kept.join('')}…`, size) > width) kept.pop()
    return `${kept.join('').trimEnd()}…`
  }

  /** Width of the widest word. */
  widestWord(text: string, size: number): number {
    return this.drawable(text)
      .split(' ')
      .reduce((most, word) => Math.max(most, this.width(word, size)), 0)
  }
}

interface Run {
  readonly text: string
  readonly reversed: boolean
}

/** Runs of one direction. The line itself runs from left to right; the font engine turns what is written the other way. */
function directions(text: string): readonly Run[] {
  const runs: Run[] = []
  let at = 0
  for (const found of text.matchAll(RIGHT_TO_LEFT)) {
    if (found.index > at) runs.push({ text: text.slice(at, found.index), reversed: false })
    runs.push({ text: found[0], reversed: true })
    at = found.index + found[0].length
  }
  if (at < text.length) runs.push({ text: text.slice(at), reversed: false })
  return runs
}
