/**
 * The file around the pages: fonts, pictures, pages with their resources, structure, outline, metadata. The same report gives the same
 * bytes: no date, no random names, and an identifier made from what the document says.
 */
import type { PDFContext, PDFDocument, PDFRef } from '@cantoo/pdf-lib'
import { zlibSync } from 'fflate'
import { sha256 } from '@noble/hashes/sha2.js'
import { toHex } from '../../base/hex.js'
import { VERSION } from '../../base/version.js'
import type { Picture } from '../pictures/picture.js'
import { Face, type Replaced } from './face.js'
import type { Faces, Flow } from './flow.js'
import { type PdfLib, loadFontkit, loadPdfLib } from './library.js'
import type { FontFiles } from './options.js'
import { opacityName } from './sheet.js'
import { writeTags } from './tags.js'

export interface Metadata {
  readonly title: string
  readonly subject: string
}

export interface OpenDocument {
  readonly lib: PdfLib
  readonly doc: PDFDocument
  readonly faces: Faces
}

/** No ligatures: what is copied or searched is what was written. */
const FEATURES = { liga: false, clig: false, dlig: false }

/** @throws AgatstonError `PACKAGE_MISSING`; TypeError where a font is not one that fontkit reads */
export async function openDocument(font: FontFiles | undefined): Promise<OpenDocument> {
  const lib = await loadPdfLib()
  const doc = await lib.PDFDocument.create({ updateMetadata: false })
  const replaced: Replaced = new Set()
  const embed = font === undefined ? standardFonts(lib, doc) : await ownFonts(doc, font)
  const [regular, bold] = [await embed('regular'), await embed('bold')]
  return {
    lib,
    doc,
    faces: { regular: new Face('F1', regular, replaced), bold: new Face('F2', bold, replaced), replaced },
  }
}

type Embed = (which: 'regular' | 'bold') => ReturnType<PDFDocument['embedFont']>

/** Fonts every reader has, with the characters of Western Europe. */
const standardFonts =
  ({ StandardFonts }: PdfLib, doc: PDFDocument): Embed =>
  (which) =>
    doc.embedFont(which === 'bold' ? StandardFonts.HelveticaBold : StandardFonts.Helvetica)

async function ownFonts(doc: PDFDocument, font: FontFiles): Promise<Embed> {
  doc.registerFontkit(await loadFontkit())
  return async (which) => {
    const bytes: unknown = font[which]
    if (!(bytes instanceof Uint8Array)) throw new TypeError(`font.${which} must be a Uint8Array`)
    // The name of a subset begins with six letters and a plus; the library's own would be random.
    const customName = which === 'bold' ? 'AGATSB+ReportSans-Bold' : 'AGATSA+ReportSans'
    try {
      return await doc.embedFont(bytes, { subset: true, customName, features: FEATURES })
    } catch (cause) {
      throw new TypeError(`font.${which} must be a TrueType font`, { cause })
    }
  }
}

/** Name of a picture among the resources of pages. */
export const imageName = (index: number): string => `P${index}`

/** Everything that was laid out, as a file. */
export async function writeDocument(
  { lib, doc, faces }: OpenDocument,
  flow: Flow,
  pictures: readonly Picture[],
  metadata: Metadata,
): Promise<Uint8Array> {
  const { context } = doc
  const images = writeImages(context, flow, pictures)
  for (const { font } of [faces.regular, faces.bold]) await font.embed()
  const states = new Map<number, PDFRef>()
  const pages = flow.sheets.map((sheet, n) => {
    const page = doc.addPage([flow.paper.width, flow.paper.height])
    const name = lib.PDFName.of
    page.node.set(name('Contents'), context.register(context.flateStream(sheet.content())))
    const xObjects = Object.fromEntries([...sheet.images].map((image) => [image, images.get(image)!]))
    const graphics = Object.fromEntries(
      [...sheet.opacities].map((percent) => {
        if (!states.has(percent))
          states.set(percent, context.register(context.obj({ Type: 'ExtGState', ca: percent / 100 })))
        return [opacityName(percent), states.get(percent)!]
      }),
    )
    const Font = { [faces.regular.name]: faces.regular.font.ref, [faces.bold.name]: faces.bold.font.ref }
    page.node.set(name('Resources'), context.obj({ Font, XObject: xObjects, ExtGState: graphics }))
    page.node.set(name('StructParents'), context.obj(n))
    page.node.set(name('Tabs'), name('S'))
    return page.ref
  })
  const { catalog } = doc
  const name = lib.PDFName.of
  catalog.set(name('MarkInfo'), context.obj({ Marked: true }))
  catalog.set(name('StructTreeRoot'), writeTags(lib, context, flow.root, pages))
  catalog.set(name('Outlines'), writeOutline(lib, context, flow, pages))
  doc.setTitle(metadata.title, { showInWindowTitleBar: true })
  doc.setSubject(metadata.subject)
  doc.setLanguage('en')
  doc.setCreator(`agatston ${VERSION}`)
  doc.setProducer(`agatston ${VERSION} with pdf-lib`)
  const mark = identifier(lib, flow, pictures, metadata)
  context.trailerInfo.ID = context.obj([mark, mark])
  return doc.save({ useObjectStreams: true, addDefaultPage: false, updateFieldAppearances: false })
}

/** Each picture that is shown, once. */
function writeImages(context: PDFContext, flow: Flow, pictures: readonly Picture[]): ReadonlyMap<string, PDFRef> {
  const shown = new Set(flow.sheets.flatMap(({ images }) => [...images]))
  return new Map(
    pictures.flatMap(({ width, height, rgb }, n): [string, PDFRef][] => {
      if (!shown.has(imageName(n))) return []
      const stream = context.stream(zlibSync(differences(rgb, width * 3)), {
        Type: 'XObject',
        Subtype: 'Image',
        Width: width,
        Height: height,
        ColorSpace: 'DeviceRGB',
        BitsPerComponent: 8,
        Filter: 'FlateDecode',
        DecodeParms: { Predictor: 15, Colors: 3, BitsPerComponent: 8, Columns: width },
      })
      return [[imageName(n), context.register(stream)]]
    }),
  )
}

/** Each row as differences from the pixel to the left, after the number of that filter (PNG, 9.2): smaller when deflated. */
function differences(rgb: Uint8Array, stride: number): Uint8Array {
  const rows = rgb.length / stride
  const out = new Uint8Array(rgb.length + rows)
  for (let row = 0; row < rows; row++) {
    const [from, to] = [row * stride, row * (stride + 1)]
    out[to] = 1
    for (let n = 0; n < stride; n++) out[to + 1 + n] = rgb[from + n]! - (n < 3 ? 0 : rgb[from + n - 3]!)
  }
  return out
}

/** The sections as bookmarks. */
function writeOutline(lib: PdfLib, context: PDFContext, { headings }: Flow, pages: readonly PDFRef[]): PDFRef {
  const top = context.nextRef()
  const refs = headings.map(() => context.nextRef())
  headings.forEach(({ title, page }, n) => {
    const item = context.obj({ Parent: top, Dest: [pages[page]!, 'Fit'] })
    item.set(lib.PDFName.of('Title'), lib.PDFHexString.fromText(title))
    if (n > 0) item.set(lib.PDFName.of('Prev'), refs[n - 1]!)
    if (n < refs.length - 1) item.set(lib.PDFName.of('Next'), refs[n + 1]!)
    context.assign(refs[n]!, item)
  })
  const [first, last] = [refs[0], refs.at(-1)]
  const ends = first && last ? { First: first, Last: last, Count: refs.length } : {}
  context.assign(top, context.obj({ Type: 'Outlines', ...ends }))
  return top
}

/** The file's identifier (ISO 32000-1, 14.4): a hash of all it shows. */
function identifier(lib: PdfLib, flow: Flow, pictures: readonly Picture[], { title, subject }: Metadata) {
  const hash = sha256.create()
  const text = new TextEncoder()
  for (const part of [VERSION, title, subject, ...flow.sheets.map((sheet) => sheet.content())])
    hash.update(text.encode(`${part}\n`))
  for (const { rgb } of pictures) hash.update(rgb)
  return lib.PDFHexString.of(toHex(hash.digest()).slice(0, 32))
}
