/**
 * A report as a PDF for people and archives: what must be read before the number, the number, where it lies, what it means, what it
 * rests on. Tagged, with an outline, the same bytes for the same report.
 *
 * What it does not claim: PDF/A and PDF/UA ask for embedded fonts and declarations that no tool here checks, so neither is declared.
 */
import type { Drawing } from '../pictures/drawing.js'
import type { Picture } from '../pictures/picture.js'
import type { Report } from '../report.js'
import { count, scoreText } from '../numbers.js'
import { makeDrawings } from '../pictures/drawings.js'
import { openDocument, writeDocument } from './document.js'
import { type Said, rowHeight, setDrawings, setPictures, setSaid } from './figures.js'
import { setLesions, setVessels } from './findings.js'
import { Flow, type PaperSize } from './flow.js'
import { setClaim, setEligibility, setEnd, setFields, setProvenance, setQuality } from './grounds.js'
import { setGuidelines, setPercentile, setRisk } from './meaning.js'
import { setOpening, setRunning } from './opening.js'
import type { PdfOptions } from './options.js'

/** Points. */
const PAPERS: Readonly<Record<'a4' | 'letter', PaperSize>> = Object.freeze({
  a4: { width: 595.28, height: 841.89 },
  letter: { width: 612, height: 792 },
})

/**
 * The report as the bytes of a PDF file. It bears a name where `report.subject` is there, and nowhere else.
 *
 * @throws AgatstonError `PACKAGE_MISSING` where the optional package `@cantoo/pdf-lib` (with `font`: `@cantoo/fontkit`) is not installed
 * @throws TypeError, RangeError for options that are none
 */
export async function renderPdf(report: Report, options: PdfOptions = {}): Promise<Uint8Array> {
  const { pictures = [], drawings = makeDrawings(report), font, paper = 'a4' } = options
  if (!Object.hasOwn(PAPERS, paper)) throw new RangeError(`paper must be a4 or letter, got ${String(paper)}`)
  pictures.forEach(checkPicture)
  const opened = await openDocument(font)
  const flow = new Flow(opened.faces, PAPERS[paper])
  setReport(flow, report, pictures, drawings)
  setRunning(flow, report)
  const { status, result } = report
  return writeDocument(opened, flow, pictures, {
    title: titleOf(report),
    subject: `${status.title}; ${result.standard.id}`,
  })
}

/** Everything in the order it is read. */
function setReport(flow: Flow, report: Report, pictures: readonly Picture[], drawings: readonly Drawing[]): void {
  const named = (...names: readonly string[]): readonly Drawing[] => drawings.filter(({ name }) => names.includes(name))
  setOpening(flow, report)
  setVessels(flow, report)
  setPercentile(flow, report, named('percentile'))
  setSensitivity(flow, report, named('sensitivity'))
  setDrawings(flow, drawings.filter(({ name }) => !['vessels', 'percentile', 'sensitivity'].includes(name))) // prettier-ignore
  setImages(flow, pictures)
  setRisk(flow, report)
  setGuidelines(flow, report)
  setLesions(flow, report)
  setQuality(flow, report)
  setEligibility(flow, report)
  setClaim(flow, report)
  setProvenance(flow, report)
  setEnd(flow, report)
}

/** How far the number hangs on the rules: the drawing, or the numbers themselves. */
function setSensitivity(flow: Flow, { result: { sensitivity } }: Report, drawings: readonly Drawing[]): void {
  if (sensitivity === null) return
  const { min, max, byStandard, categoryChanges, flipped } = sensitivity
  const text = (score: number): string => scoreText(score, score > 0 ? 1 : 0)
  const [drawing] = drawings
  flow.heading("Under vendors' rules", (drawing?.height ?? 0) + 40)
  const band = text(min) === text(max) ? `${text(min)} under each of them` : `${text(min)} to ${text(max)}`
  const said: Said[] = [{ text: `The same pixels score ${band}.`, after: 5 }]
  if (categoryChanges === true)
    said.push({ text: 'The category is another one under some of these rules.', bold: true, ink: 'warn', after: 3 })
  if (categoryChanges === false) said.push({ text: 'The category is the same under each of them.', after: 3 })
  if (flipped > 0)
    said.push({
      text: `${count(flipped, 'piece')} ${flipped === 1 ? 'counts' : 'count'} under some of these rules only.`,
    })
  setSaid(flow, drawing, said)
  if (!drawing) setFields(flow, Object.entries(byStandard).map(([id, score]) => [id, text(score)])) // prettier-ignore
}

function setImages(flow: Flow, pictures: readonly Picture[]): void {
  const of = (kind: Picture['kind']): readonly Picture[] => pictures.filter((picture) => picture.kind === kind)
  if (of('key-image').length > 0) {
    const columns = of('key-image').length === 3 || of('key-image').length > 4 ? 3 : 2
    flow.heading("Each vessel's largest lesion", rowHeight(flow, of('key-image'), columns))
    setPictures(flow, pictures, 'key-image', columns)
  }
  if (of('overview').length > 0) {
    flow.heading('Overview: maximum intensity', rowHeight(flow, of('overview'), 2))
    setPictures(flow, pictures, 'overview', 2)
  }
}

/** With the name only where the report bears one. */
function titleOf({ status, headline, subject }: Report): string {
  const what = `${status.title}: ${headline.score}`
  return subject?.name ? `${what} (${subject.name})` : what
}

function checkPicture({ width, height, rgb }: Picture, n: number): void {
  const sides = [width, height].every((side) => Number.isInteger(side) && side > 0)
  if (!sides || !(rgb instanceof Uint8Array) || rgb.length !== width * height * 3)
    throw new RangeError(`pictures[${n}] must hold width x height x 3 bytes`)
}
