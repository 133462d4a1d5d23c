/** What a caller chooses about a PDF. Imports no package, so that the types of `agatston/report` need none. */
import type { Drawing } from '../pictures/drawing.js'
import type { Picture } from '../pictures/picture.js'

/** TrueType files. Subsets of them are embedded. */
export interface FontFiles {
  readonly regular: Uint8Array
  readonly bold: Uint8Array
}

export interface PdfOptions {
  /** Key images and overviews (`makePictures`); none: the report has no pictures. */
  readonly pictures?: readonly Picture[]
  /** Drawings of the report's numbers; default: those of `makeDrawings`. */
  readonly drawings?: readonly Drawing[]
  /**
   * TrueType files; subsets of them are embedded. None: Helvetica, which has Western European characters only. What a font cannot draw
   * is shown by a sign and listed on the last page.
   */
  readonly font?: FontFiles
  /** Default `a4`. */
  readonly paper?: 'a4' | 'letter'
}
