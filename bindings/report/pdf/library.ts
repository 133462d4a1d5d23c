/**
 * The two optional packages a PDF is made with, loaded when the first one is asked for: pdf-lib, which writes objects, streams and
 * cross-references, and fontkit, which reads TrueType fonts and is needed only where fonts are handed over. What stands on a page and
 * where is decided in this folder.
 */
import { AgatstonError } from '../../base/errors.js'

export type PdfLib = typeof import('@cantoo/pdf-lib')
export type Fontkit = (typeof import('@cantoo/fontkit'))['default']

/** How the packages are got. */
export interface Importers {
  readonly pdfLib: () => Promise<PdfLib>
  readonly fontkit: () => Promise<Fontkit>
}

const IMPORTERS: Importers = {
  pdfLib: () => import('@cantoo/pdf-lib'),
  fontkit: async () => (await import('@cantoo/fontkit')).default,
}

/** @throws AgatstonError `PACKAGE_MISSING` where it is not installed */
export const loadPdfLib = ({ pdfLib }: Importers = IMPORTERS): Promise<PdfLib> =>
  pdfLib().catch((cause: unknown) => missing('@cantoo/pdf-lib', 'A PDF', cause))

/** @throws AgatstonError `PACKAGE_MISSING` where it is not installed */
export const loadFontkit = ({ fontkit }: Importers = IMPORTERS): Promise<Fontkit> =>
  fontkit().catch((cause: unknown) => missing('@cantoo/fontkit', 'A PDF with fonts of its own', cause))

function missing(name: string, what: string, cause: unknown): never {
  const message = `${what} needs the optional package ${name}, which could not be loaded: install it (npm install ${name})`
  throw new AgatstonError('PACKAGE_MISSING', message, { package: name }, { cause })
}
