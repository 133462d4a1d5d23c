/**
 * A report as files: every rendering there is, by name. What needs the pixels (pictures, segmentation, structured report) is made
 * where the volume is at hand, after they were compared with the result's hash.
 */
import { DicomVolume } from '../dicom/volume.js'
import type { ReportSource } from '../report/dicom/index.js'
import { type LesionPixels, lesionPixels } from '../report/lesion-pixels.js'
import type { Drawing } from '../report/pictures/drawing.js'
import { makeDrawings } from '../report/pictures/drawings.js'
import type { Picture } from '../report/pictures/picture.js'
import { makePictures } from '../report/pictures/pictures.js'
import type { Report } from '../report/report.js'
import type { TerritoryMap } from '../volume/territory.js'
import type { Volume } from '../volume/volume.js'
import { reportFonts } from './fonts.js'

/** Renderings in the order they are listed, and whether each needs the pixels. */
export const FORMATS = Object.freeze({
  text: false,
  html: false,
  pdf: false,
  csv: false,
  json: false,
  fhir: false,
  sr: true,
  seg: true,
  sc: true,
  png: true,
})
export type Format = keyof typeof FORMATS

export const isFormat = (name: string): name is Format => Object.hasOwn(FORMATS, name)
export const FORMAT_NAMES: readonly Format[] = Object.freeze(Object.keys(FORMATS) as Format[])
export const needsImages = (format: Format): boolean => FORMATS[format]

/** The images a report is about. */
export interface ReportImages {
  readonly volume: Volume
  /** The masks it was scored with. */
  readonly territories?: TerritoryMap | undefined
}

/** A file's content by its name. */
export type Files = Record<string, string | Uint8Array>

export interface RenderOptions {
  readonly images?: ReportImages | undefined
  /** Whether objects for a PACS bear the patient module of the images; default true. */
  readonly identity?: boolean
  /** List every lesion in the text. */
  readonly allLesions?: boolean
}

/** A rendering that was not made, and why. */
export interface Omitted {
  readonly format: Format
  readonly reason: string
}

/**
 * Why a format cannot be made of a report, in words; null: it can.
 */
export function whyNot(format: Format, { result }: Report, images: ReportImages | undefined): string | null {
  if (!needsImages(format)) return null
  if (!images) return 'it needs the images'
  if (format === 'png') return null
  if (!(images.volume instanceof DicomVolume)) return 'it needs DICOM images: it refers to their instances'
  if (format !== 'sc' && result.scope === 'whole-image')
    return 'a sum over a whole image is no coronary score, and is never sent as one'
  return null
}

/**
 * Make the files of these formats.
 *
 * @throws AgatstonError `INTEGRITY_FAILED` where the images are not those of the result, `PACKAGE_MISSING` where a rendering needs
 *   a package that is not installed
 */
export async function renderFiles(
  report: Report,
  formats: readonly Format[],
  options: RenderOptions = {},
): Promise<{ readonly files: Files; readonly omitted: readonly Omitted[] }> {
  const { images } = options
  const omitted = formats.flatMap((format): Omitted[] => {
    const reason = whyNot(format, report, images)
    return reason === null ? [] : [{ format, reason }]
  })
  const material = await materialOf(report, options)
  const files: Files = {}
  for (const format of formats) {
    if (omitted.some((one) => one.format === format)) continue
    const made = await MAKERS[format](material)
    if (typeof made === 'string') omitted.push({ format, reason: made })
    else Object.assign(files, made)
  }
  return { files, omitted }
}

/** What the renderings are made from; what is read from the images is read once for all of them. */
interface Material {
  readonly report: Report
  readonly drawings: readonly Drawing[]
  readonly pictures: readonly Picture[]
  /** Null: no images. */
  readonly pixels: LesionPixels | null
  /** Null: no DICOM images. */
  readonly source: ReportSource | null
  readonly options: RenderOptions
}

async function materialOf(report: Report, options: RenderOptions): Promise<Material> {
  const { images } = options
  const drawings = makeDrawings(report)
  if (!images) return { report, drawings, pictures: [], pixels: null, source: null, options }
  const { volume, territories } = images
  const pixels = await lesionPixels(report.result, volume, territories)
  const pictures = await makePictures(report.result, volume, pixels)
  const { openSource } = await import('../report/dicom/index.js')
  const source = volume instanceof DicomVolume ? await openSource(volume) : null
  return { report, drawings, pictures, pixels, source, options }
}

// Each renderer is loaded when its format is asked for: most runs want a text.

/** Files, or why there are none after all. */
type Maker = (material: Material) => Files | string | Promise<Files | string>

const MAKERS: Readonly<Record<Format, Maker>> = {
  async text({ report, options }) {
    const { renderText } = await import('../report/text/text.js')
    return { 'report.txt': renderText(report, { width: 100, allLesions: options.allLesions ?? false }) }
  },
  async html({ report, pictures, drawings }) {
    const { renderHtml } = await import('../report/html/html.js')
    return { 'report.html': renderHtml(report, { pictures, drawings }) }
  },
  async pdf({ report, pictures, drawings }) {
    const { renderPdf } = await import('../report/pdf/pdf.js')
    const font = reportFonts()
    return { 'report.pdf': await renderPdf(report, { pictures, drawings, ...(font ? { font } : {}) }) }
  },
  async csv({ report }) {
    const { renderCsv } = await import('../report/csv.js')
    return {
      'territories.csv': renderCsv(report, { rows: 'territories' }),
      'lesions.csv': renderCsv(report, { rows: 'lesions' }),
    }
  },
  json: ({ report }) => ({ 'report.json': `${JSON.stringify(report, null, 2)}\n` }),
  async fhir({ report }) {
    const { renderFhir } = await import('../report/fhir/bundle.js')
    return { 'report.fhir.json': `${JSON.stringify(renderFhir(report), null, 2)}\n` }
  },
  async sr({ report, source, pixels, options }) {
    const { segmentation, structuredReport } = await import('../report/dicom/index.js')
    const drawn = segmentation(report.result, source!, pixels!, objectOptions(options))
    const object = structuredReport(report.result, source!, { ...objectOptions(options), segmentation: drawn })
    return { 'sr.dcm': object.bytes }
  },
  async seg({ report, source, pixels, options }) {
    const { segmentation } = await import('../report/dicom/index.js')
    const object = segmentation(report.result, source!, pixels!, objectOptions(options))
    return object === null ? 'nothing counts, and a segmentation cannot be empty' : { 'seg.dcm': object.bytes }
  },
  async sc({ report, source, pictures, options }) {
    const [{ secondaryCapture }, { summaryPicture }] = await Promise.all([
      import('../report/dicom/index.js'),
      import('../report/pictures/summary.js'),
    ])
    const picture = summaryPicture(report, pictures)
    const captured = { ...objectOptions(options), burnedInAnnotation: false }
    return { 'sc.dcm': secondaryCapture(picture, report.result, source!, captured).bytes }
  },
  async png({ pictures }) {
    const { pngOf } = await import('../report/pictures/picture.js')
    return Object.fromEntries(pictures.map((picture, n) => [pictureName(picture, n), pngOf(picture)]))
  },
}

const objectOptions = ({ identity = true }: RenderOptions): { readonly identity: boolean } => ({ identity })

/** `key-LAD.png`, `overview-1.png`: a territory's name has only signs a file name may have, blanks apart. */
function pictureName({ kind, territory }: Picture, n: number): string {
  if (kind === 'key-image') return `key-${(territory ?? `${n + 1}`).replace(/ /g, '_')}.png`
  return `overview-${n + 1}.png`
}
