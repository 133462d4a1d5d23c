/**
 * Setting text: wrapping, tables, a box, colour. Every line fits the width, and what comes from a file cannot steer a terminal.
 * Text is set with a few signs beyond ASCII and spelled out at the end where the reader cannot show them.
 */

export interface PaperOptions {
  /** Columns; held between 40 and 160. Default 80. */
  readonly width?: number
  /** Colour by ANSI codes. Default false. */
  readonly color?: boolean
  /** Lines and superscripts beyond ASCII. Default true. */
  readonly unicode?: boolean
}

export type Style = 'bold' | 'dim' | 'warn' | 'bad' | 'good'

const NARROWEST = 40
/** Narrowest place for the values of fields beside their names; else they stand under them. */
const NARROWEST_VALUE = 12
/** Columns of a table are not cut below this. */
const NARROWEST_COLUMN = 4
const WIDEST = 160

const SGR: Readonly<Record<Style, string>> = { bold: '1', dim: '2', warn: '33', bad: '31', good: '32' }

/** Signs beyond ASCII, and how they are spelled without. */
const SPELLED: Readonly<Record<string, string>> = {
  '─': '-',
  '│': '|',
  '┌': '+',
  '┐': '+',
  '└': '+',
  '┘': '+',
  '²': '2',
  '³': '3',
  '×': 'x',
  '≥': '>=',
  '–': '-',
  '†': '#',
}

/** Text of a file made safe to print: no control, joining or direction-changing sign, none wider than a column. */
export function clean(text: string): string {
  let safe = ''
  for (const sign of text) safe += isSafe(sign.codePointAt(0)!) || sign in SPELLED ? sign : '?'
  return safe
}

/** Printable ASCII, and letters up to Cyrillic but for those that join the sign before them. */
const isSafe = (code: number): boolean =>
  (code >= 0x20 && code < 0x7f) || (code > 0xa0 && code < 0x590 && code !== 0xad && !(code >= 0x300 && code < 0x370))

/** Lines of at most `width` columns, broken at spaces; a word longer than a line is cut. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (let word of clean(text)
    .split(' ')
    .filter((part) => part !== '')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = ''
    }
    while (line === '' && word.length > width) {
      lines.push(word.slice(0, width))
      word = word.slice(width)
    }
    if (word !== '') line += (line === '' ? '' : ' ') + word
  }
  if (line !== '' || lines.length === 0) lines.push(line)
  return lines
}

/** First letter as at the start of a sentence, unless the first word is a name (`IM0001.dcm: ...`). */
export const sentence = (text: string): string => {
  const start = /^[a-z]+(?=[ ,:;])/.test(text) ? text[0]!.toUpperCase() + text.slice(1) : text
  return /[.!?]$/.test(start) ? start : `${start}.`
}

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
  /** Left out first where the table is too wide: the highest number goes first. Without it the column always stays. */
  readonly spare?: number
}

export interface Row {
  readonly cells: readonly string[]
  readonly style?: Style
  /** A rule above it. */
  readonly ruled?: boolean
}

const GAP = '  '

export class Paper {
  readonly width: number
  readonly #color: boolean
  readonly #unicode: boolean
  readonly #lines: string[] = []

  constructor(options: PaperOptions = {}) {
    const width = Math.trunc(options.width ?? 80)
    this.width = Math.min(Math.max(Number.isFinite(width) ? width : 80, NARROWEST), WIDEST)
    this.#color = options.color ?? false
    this.#unicode = options.unicode ?? true
  }

  /** Text in colour, where there is any. */
  paint(style: Style | undefined, text: string): string {
    return style && this.#color && text !== '' ? `\u001b[${SGR[style]}m${text}\u001b[0m` : text
  }

  line(text = '', style?: Style): void {
    this.#lines.push(this.paint(style, text.trimEnd()))
  }

  rule(style: Style = 'dim'): void {
    this.line('─'.repeat(this.width), style)
  }

  /** A heading over what follows. */
  heading(text: string): void {
    this.line()
    for (const line of wrap(text, this.width)) this.line(line, 'bold')
  }

  /** A paragraph; `mark` stands before its first line, the others are set in under it. */
  paragraph(text: string, style?: Style, mark = ''): void {
    const indent = ' '.repeat(mark.length)
    wrap(text, this.width - mark.length).forEach((line, n) => this.line((n === 0 ? mark : indent) + line, style))
  }

  /** Names and values side by side, values wrapped under themselves. */
  fields(rows: readonly (readonly [name: string, value: string])[], indent = 0): void {
    const most = Math.max(0, ...rows.map(([name]) => name.length))
    const start = indent + most + GAP.length
    if (this.width - start < NARROWEST_VALUE) return this.stackedFields(rows, indent)
    for (const [name, value] of rows) {
      wrap(value, this.width - start).forEach((line, n) => {
        const label = ' '.repeat(indent) + (n === 0 ? name : '').padEnd(most + GAP.length)
        this.line(this.paint('dim', label) + line)
      })
    }
  }

  private stackedFields(rows: readonly (readonly [name: string, value: string])[], indent: number): void {
    for (const [name, value] of rows) {
      this.paragraph(name, 'dim', ' '.repeat(indent))
      this.paragraph(value, undefined, ' '.repeat(indent + 4))
    }
  }

  /** A table that fits the width: spare columns are left out until it does, then the widest ones are cut. */
  table(columns: readonly Column[], rows: readonly Row[]): void {
    const texts = rows.map(({ cells }) => columns.map((_, c) => clean(cells[c] ?? '')))
    let shown = columns.map((_, c) => c)
    const wide = (c: number): number => Math.max(columns[c]!.title.length, ...texts.map((cells) => cells[c]!.length))
    const total = (): number => shown.reduce((sum, c) => sum + wide(c) + GAP.length, -GAP.length)
    while (total() > this.width) {
      const spare = shown.reduce((best, c) => ((columns[c]!.spare ?? 0) > (columns[best]?.spare ?? 0) ? c : best), -1)
      if (spare < 0) break
      shown = shown.filter((c) => c !== spare)
    }
    const widths = new Map(shown.map((c) => [c, wide(c)]))
    const excess = (): number => [...widths.values()].reduce((sum, n) => sum + n + GAP.length, -GAP.length) - this.width
    // Text is cut before numbers, which are worth nothing without their last digits.
    const cut = (align: 'left' | 'right'): void => {
      while (excess() > 0) {
        const own = shown.filter((c) => (columns[c]!.align ?? 'left') === align && widths.get(c)! > NARROWEST_COLUMN)
        if (own.length === 0) return
        const widest = own.reduce((best, c) => (widths.get(c)! > widths.get(best)! ? c : best))
        widths.set(widest, widths.get(widest)! - 1)
      }
    }
    cut('left')
    cut('right')
    const set = (cells: readonly string[]): string =>
      shown
        .map((c) => {
          const width = widths.get(c)!
          const text = cells[c]!.slice(0, width)
          return columns[c]!.align === 'right' ? text.padStart(width) : text.padEnd(width)
        })
        .join(GAP)
        .trimEnd()
    const across = '─'.repeat(Math.min(total(), this.width))
    this.line(set(columns.map(({ title }) => title)), 'dim')
    this.line(across, 'dim')
    rows.forEach(({ style, ruled }, n) => {
      if (ruled) this.line(across, 'dim')
      this.line(set(texts[n]!), style)
    })
  }

  /** Lines in a box, each with its own style, wrapped. */
  box(lines: readonly { readonly text: string; readonly style?: Style }[]): void {
    const inner = this.width - 4
    this.line(`┌${'─'.repeat(inner + 2)}┐`)
    for (const { text, style } of lines) {
      for (const line of wrap(text, inner)) this.line(`│ ${this.paint(style, line.padEnd(inner))} │`)
    }
    this.line(`└${'─'.repeat(inner + 2)}┘`)
  }

  /** All that was set, with a line end after each line. */
  toString(): string {
    const text = this.#lines.map((line) => `${line}\n`).join('')
    return this.#unicode ? text : text.replace(/[\u0080-\uffff]/g, (sign) => SPELLED[sign] ?? '?')
  }
}
