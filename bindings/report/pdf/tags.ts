/**
 * The structure of a document beside its pages (ISO 32000-1, 14.7 and 14.8): headings, paragraphs, tables with heads, figures with
 * words for those who do not see them, in the order they are read. Content is drawn between marks that name its element.
 */
import type { PDFContext, PDFDict, PDFRef } from '@cantoo/pdf-lib'
import type { PdfLib } from './library.js'

/** Structure types used here, all of the standard set. */
export type TagKind = 'Document' | 'Sect' | 'H1' | 'H2' | 'H3' | 'P' | 'Note' | 'Figure' | 'Caption' | TableTag
type TableTag = 'Table' | 'THead' | 'TBody' | 'TR' | 'TH' | 'TD'

/** A stretch of a page's content. */
interface Marked {
  readonly page: number
  readonly id: number
}

export class Tag {
  readonly kids: (Tag | Marked)[] = []

  constructor(
    readonly kind: TagKind,
    /** What a figure shows, in words. */
    readonly alt: string | null = null,
  ) {}

  add(kind: TagKind, alt: string | null = null): Tag {
    const kid = new Tag(kind, alt)
    this.kids.push(kid)
    return kid
  }
}

/** Writes the tree under `root` into the document and returns what the catalog points to. */
export function writeTags(lib: PdfLib, context: PDFContext, root: Tag, pages: readonly PDFRef[]): PDFRef {
  const { PDFHexString } = lib
  const top = context.nextRef()
  /** By page and mark, the element it belongs to. */
  const owners: PDFRef[][] = pages.map(() => [])

  const write = (tag: Tag, parent: PDFRef): PDFRef => {
    const self = context.nextRef()
    const kids = tag.kids.map((kid) => {
      if (kid instanceof Tag) return write(kid, self)
      owners[kid.page]![kid.id] = self
      return context.obj({ Type: 'MCR', Pg: pages[kid.page]!, MCID: kid.id })
    })
    const dict: PDFDict = context.obj({ Type: 'StructElem', S: tag.kind, P: parent, K: kids })
    if (tag.alt !== null) dict.set(lib.PDFName.of('Alt'), PDFHexString.fromText(tag.alt))
    if (tag.kind === 'TH') dict.set(lib.PDFName.of('A'), context.obj({ O: 'Table', Scope: 'Column' }))
    context.assign(self, dict)
    return self
  }

  const document = write(root, top)
  const numbers = owners.flatMap((refs, page) => [page, context.register(context.obj(refs))])
  const parents = context.register(context.obj({ Nums: numbers }))
  context.assign(
    top,
    context.obj({ Type: 'StructTreeRoot', K: [document], ParentTree: parents, ParentTreeNextKey: pages.length }),
  )
  return top
}
