/**
 * Tables: columns as wide as they need, text wrapped where that is too wide, rows kept whole, heads repeated on every page. A row
 * taller than a page is cut between its lines.
 */
import type { Ink } from '../pictures/palette.js'
import { BODY, type Flow } from './flow.js'
import { drawShape } from './drawing.js'
import { markShape } from '../pictures/marks.js'
import type { Point } from '../pictures/drawing.js'
import { Tag } from './tags.js'

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
  /** Takes what width is left over. */
  readonly grows?: boolean
  /** Most of the table's width it may take, 0 to 1. */
  readonly most?: number
}

export interface Cell {
  readonly text: string
  readonly bold?: boolean
  readonly ink?: Ink
  /** Territory whose sign stands before the text. */
  readonly mark?: string
  /** Share of the whole as a bar, 0 to 1. */
  readonly bar?: number
}

export interface Row {
  readonly cells: readonly (Cell | string)[]
  readonly bold?: boolean
  readonly ink?: Ink
  /** A stronger rule above it. */
  readonly ruled?: boolean
}

export interface TableLook {
  readonly size?: number
  /** No line of titles. */
  readonly headless?: boolean
  /** Space above and below the text of a row. */
  readonly pad?: number
}

const GAP = 10
const PAD = 2.6
const LEADING = 1.3
const MARK = 11
const BAR = 46
/** Cells of no more characters are not wrapped. */
const SHORT = 14

/** Sets the table at the flow's place. */
export function setTable(flow: Flow, columns: readonly Column[], rows: readonly Row[], look: TableLook = {}): void {
  new Table(flow, columns, rows, look).set()
}

class Table {
  readonly #size: number
  readonly #pad: number
  readonly #widths: readonly number[]
  readonly #tag: Tag
  readonly #body: Tag
  readonly #headLines: readonly (readonly string[])[]

  constructor(
    private readonly flow: Flow,
    private readonly columns: readonly Column[],
    private readonly rows: readonly Row[],
    private readonly look: TableLook,
  ) {
    this.#size = look.size ?? BODY
    this.#pad = look.pad ?? PAD
    this.#widths = this.#columnWidths()
    this.#tag = flow.parent.add('Table')
    this.#headLines = columns.map(({ title }, n) => flow.face(true).lines(title, this.#headSize, this.#widths[n]!))
    if (!look.headless) this.#tagHead()
    this.#body = this.#tag.add('TBody')
  }

  get #headSize(): number {
    return this.#size - 1.2
  }

  get #headHeight(): number {
    if (this.look.headless) return 0
    return Math.max(...this.#headLines.map(({ length }) => length)) * this.#headSize * LEADING + 2 * this.#pad
  }

  set(): void {
    const { flow, rows } = this
    const first = rows[0] === undefined ? 0 : this.#rowHeight(rows[0])
    flow.need(this.#headHeight + Math.min(first, flow.fullHeight / 2))
    this.#head(true)
    for (const row of rows) this.#row(row)
    this.#rule('line', 0.5)
    flow.space(6)
  }

  /** What a column needs for its longest line, and at least for its longest word. */
  #columnWidths(): readonly number[] {
    const { flow, columns, rows } = this
    const available = flow.width - GAP * (columns.length - 1)
    const wanted = columns.map(({ title, most = 1 }, n) => {
      let [whole, least] = [flow.face(true).width(flow.face(true).drawable(title), this.#headSize), 0]
      least = flow.face(true).widestWord(title, this.#headSize)
      for (const row of rows) {
        const { text, bold, mark, bar } = cellOf(row, n)
        const face = flow.face(bold)
        const beside = (mark ? MARK : 0) + (bar === undefined ? 0 : BAR)
        const own = beside + face.width(face.drawable(text), this.#size)
        whole = Math.max(whole, own)
        least = Math.max(least, text.length <= SHORT ? own : beside + face.widestWord(text, this.#size))
      }
      const limit = most * available
      return { whole: Math.min(whole, limit), least: Math.min(least, limit, available * 0.35) }
    })
    const wholes = wanted.reduce((sum, { whole }) => sum + whole, 0)
    if (wholes <= available)
      return this.#spread(
        wanted.map(({ whole }) => whole),
        available - wholes,
      )
    const leasts = wanted.reduce((sum, { least }) => sum + Math.min(least, available / columns.length), 0)
    const share = Math.max(0, (available - leasts) / (wholes - leasts))
    return wanted.map(({ whole, least }) => {
      const base = Math.min(least, available / columns.length)
      return base + (whole - base) * share
    })
  }

  #spread(widths: readonly number[], spare: number): readonly number[] {
    const growing = this.columns.filter(({ grows }) => grows).length
    const each = spare / (growing || widths.length)
    return widths.map((width, n) => (growing === 0 || this.columns[n]!.grows ? width + each : width))
  }

  #tagHead(): void {
    const row = this.#tag.add('THead').add('TR')
    for (const _ of this.columns) row.add('TH')
  }

  /** The titles: content where the table begins, repeated beyond reading order on every further page. */
  #head(first: boolean): void {
    if (this.look.headless) return
    const { flow, columns } = this
    const { sheet, y } = flow
    const cells = (this.#tag.kids[0] as Tag).kids[0] as Tag
    const height = this.#headHeight
    sheet.artifact(() => sheet.rect(flow.left - 4, y, flow.width + 8, height, { fill: { ink: 'faint' } }, 2))
    columns.forEach((_, n) => {
      const draw = (): void => {
        const lines = this.#headLines[n]!
        lines.forEach((line, at) => this.#text(line, n, y + height - this.#pad - (lines.length - 1 - at) * this.#headSize * LEADING - this.#headSize * 0.28, { bold: true, size: this.#headSize, ink: 'muted' })) // prettier-ignore
      }
      if (first) sheet.tagged(cells.kids[n] as Tag, draw)
      else sheet.artifact(draw)
    })
    flow.space(height)
  }

  #text(
    line: string,
    n: number,
    baseline: number,
    { bold, size, ink, indent = 0 }: { bold: boolean; size: number; ink: Ink; indent?: number },
  ): void {
    const { flow, columns } = this
    const right = columns[n]!.align === 'right'
    const x = this.#x(n) + (right ? this.#widths[n]! : indent)
    flow.sheet.text(line, [x, baseline], { face: flow.face(bold), size, ink, anchor: right ? 'end' : 'start' })
  }

  #x(n: number): number {
    return this.flow.left + this.#widths.slice(0, n).reduce((sum, width) => sum + width + GAP, 0)
  }

  #cellLines(row: Row): readonly (readonly string[])[] {
    return this.columns.map((_, n) => {
      const { text, bold, mark, bar } = cellOf(row, n)
      const width = this.#widths[n]! - (mark ? MARK : 0) - (bar === undefined ? 0 : BAR)
      return this.flow.face(bold).lines(text, this.#size, Math.max(width, this.#size) + 0.01)
    })
  }

  #rowHeight(row: Row): number {
    return Math.max(1, ...this.#cellLines(row).map(({ length }) => length)) * this.#size * LEADING + 2 * this.#pad
  }

  #row(row: Row): void {
    const { flow } = this
    const cells = this.#cellLines(row)
    const most = Math.max(1, ...cells.map(({ length }) => length))
    const step = this.#size * LEADING
    const tags = this.columns.map(() => new Tag('TD'))
    this.#body.add('TR').kids.push(...tags)
    for (let from = 0; from < most;) {
      if (flow.room < (from === 0 ? Math.min(most * step + 2 * this.#pad, flow.fullHeight / 2) : step + this.#pad)) {
        this.#rule('line', 0.5)
        flow.newPage()
        this.#head(false)
      }
      const fits = Math.max(1, Math.min(most - from, Math.floor((flow.room - 2 * this.#pad) / step)))
      this.#stretch(row, cells, tags, from, fits)
      from += fits
    }
  }

  /** Lines `from` to `from + count` of a row's cells. */
  #stretch(row: Row, cells: readonly (readonly string[])[], tags: readonly Tag[], from: number, count: number): void {
    const { flow } = this
    const { sheet } = flow
    if (from === 0) this.#rule(row.ruled ? 'muted' : 'line', row.ruled ? 0.9 : 0.4)
    const top = flow.y + this.#pad
    cells.forEach((lines, n) => {
      const { bold = false, ink = 'ink', mark, bar } = cellOf(row, n)
      sheet.tagged(tags[n]!, () =>
        lines.slice(from, from + count).forEach((line, at) =>
          this.#text(line, n, top + this.#size * (1 + at * LEADING), {
            bold,
            size: this.#size,
            ink,
            indent: (mark ? MARK : 0) + (bar === undefined ? 0 : BAR),
          }),
        ),
      )
      if (mark && from === 0) sheet.artifact(() => this.#sign(mark, [this.#x(n) + 4, top + this.#size * 0.64]))
      if (bar !== undefined && from === 0) this.#bar(this.#x(n), top + this.#size * 0.36, bar)
    })
    flow.space(count * this.#size * LEADING + 2 * this.#pad)
  }

  #sign(territory: string, at: Point): void {
    const { sheet, faces } = this.flow
    drawShape(sheet, faces, markShape(territory, at, 3.2), (point) => point, 1)
  }

  #bar(x: number, y: number, share: number): void {
    const { sheet } = this.flow
    const [width, height] = [BAR - 8, 4.6]
    sheet.artifact(() => {
      sheet.rect(x, y, width, height, { fill: { ink: 'line' } }, 1)
      if (share > 0) sheet.rect(x, y, Math.max(1.2, width * Math.min(1, share)), height, { fill: { ink: 'accent' } }, 1)
    })
  }

  #rule(ink: Ink, width: number): void {
    const { sheet, left, y } = this.flow
    sheet.artifact(() => sheet.line([left - 4, y], [left + this.flow.width + 4, y], ink, width))
  }
}

/** The cell with what its row says for all. */
function cellOf(row: Row, n: number): Cell {
  const cell = row.cells[n] ?? ''
  const own = typeof cell === 'string' ? { text: cell } : cell
  const { bold, ink } = row
  return { ...(bold === undefined ? {} : { bold }), ...(ink === undefined ? {} : { ink }), ...own }
}
