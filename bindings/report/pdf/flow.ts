/**
 * The column that the report runs down: a place on a page, broken to the next page where something does not fit. Headings stay with
 * what follows them. Every width is that between the margins.
 */
import type { Ink } from '../pictures/palette.js'
import type { Face, Replaced } from './face.js'
import { Sheet } from './sheet.js'
import { Tag, type TagKind } from './tags.js'

export interface Faces {
  readonly regular: Face
  readonly bold: Face
  /** What neither could draw. */
  readonly replaced: Replaced
}

/** Points. */
export interface PaperSize {
  readonly width: number
  readonly height: number
}

export interface Look {
  readonly bold?: boolean
  readonly size?: number
  readonly ink?: Ink
  /** Space after it. */
  readonly after?: number
  readonly kind?: TagKind
}

/** What a page says besides its part of the report. */
export interface Heading {
  readonly title: string
  readonly page: number
}

export const MARGIN = 42
/** Top of the text on pages after the first, below their running head. */
const TOP = 58
/** Kept free for the footer. */
export const BOTTOM = 58
/** Of lines, as a multiple of the font's size. */
const LEADING = 1.36
export const BODY = 8.5
export const SMALL = 7

export class Flow {
  readonly sheets: Sheet[] = []
  readonly root = new Tag('Document')
  /** Titles of the sections, for the outline. */
  readonly headings: Heading[] = []
  /** Element that what comes next belongs to. */
  parent: Tag = this.root
  y = MARGIN

  constructor(
    readonly faces: Faces,
    readonly paper: PaperSize,
  ) {
    this.sheets.push(new Sheet(0, paper.height))
  }

  get sheet(): Sheet {
    return this.sheets.at(-1)!
  }

  get left(): number {
    return MARGIN
  }

  get width(): number {
    return this.paper.width - 2 * MARGIN
  }

  /** What is left of this page. */
  get room(): number {
    return this.paper.height - BOTTOM - this.y
  }

  /** Height of a page after the first. */
  get fullHeight(): number {
    return this.paper.height - BOTTOM - TOP
  }

  newPage(): void {
    this.sheets.push(new Sheet(this.sheets.length, this.paper.height))
    this.y = TOP
  }

  /** A new page, unless so much fits on this one. More than a page never fits, and begins where it is. */
  need(height: number): void {
    if (height > this.room && height <= this.fullHeight && this.y > TOP) this.newPage()
  }

  space(height: number): void {
    this.y += height
  }

  face(bold = false): Face {
    return bold ? this.faces.bold : this.faces.regular
  }

  /** The title of a section with a rule above it; `follows` is the height of what must stand on the same page. */
  heading(title: string, follows = 60): void {
    const size = 11.5
    this.need(Math.min(follows, this.fullHeight * 0.8) + 36)
    this.space(this.y > TOP ? 14 : 2)
    this.parent = this.root.add('Sect')
    const tag = this.parent.add('H2')
    if (this.y > TOP + 2)
      this.sheet.artifact(() => this.sheet.line([this.left, this.y], [this.left + this.width, this.y], 'line', 0.75))
    this.space(this.y > TOP + 2 ? size + 6 : size - 2)
    this.headings.push({ title, page: this.sheet.number })
    const text = this.face(true).clipped(title, size, this.width)
    this.sheet.tagged(tag, () =>
      this.sheet.text(text, [this.left, this.y], { face: this.face(true), size, ink: 'accent' }),
    )
    this.space(7)
  }

  /** A smaller title within a section. */
  subheading(title: string, follows = 40): void {
    this.need(follows + 20)
    this.space(5)
    this.paragraph(title, { bold: true, size: BODY + 0.5, kind: 'H3', after: 2.5 })
  }

  /** Height of a paragraph of that width. */
  heightOf(text: string, width = this.width, { bold = false, size = BODY, after = 4 }: Look = {}): number {
    return this.face(bold).lines(text, size, width).length * size * LEADING + after
  }

  /** Text over the whole width or a part of it; its lines go on on the next page. */
  paragraph(text: string, look: Look = {}, x = this.left, width = this.left + this.width - x): void {
    const { bold = false, size = BODY, ink = 'ink', after = 4, kind = 'P' } = look
    const face = this.face(bold)
    const lines = face.lines(text, size, width)
    if (lines.length <= 3) this.need(lines.length * size * LEADING)
    const tag = this.parent.add(kind)
    for (const line of lines) {
      this.need(size * LEADING)
      this.line(tag, line, x, { face, size, ink })
    }
    this.space(after)
  }

  /** One drawable line at the place, which moves below it. */
  line(tag: Tag, drawable: string, x: number, look: { face: Face; size: number; ink: Ink }): void {
    const { sheet, y } = this
    sheet.tagged(tag, () => sheet.text(drawable, [x, y + look.size * 1.02], look))
    this.space(look.size * LEADING)
  }

  /** Lines of a paragraph at a place of their own, without moving: for panels. Returns the y below them. */
  lines(tag: Tag, text: string, x: number, y: number, width: number, look: Look = {}): number {
    const { bold = false, size = BODY, ink = 'ink' } = look
    const face = this.face(bold)
    const lines = face.lines(text, size, width)
    const { sheet } = this
    sheet.tagged(tag, () =>
      lines.forEach((line, n) => sheet.text(line, [x, y + size * (1.02 + n * LEADING)], { face, size, ink })),
    )
    return y + lines.length * size * LEADING
  }
}
