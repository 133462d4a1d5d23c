/**
 * A result as text for people: what must be read before the number, the number, where it comes from, and everything needed to
 * make it again. A sum over a whole image is never called a coronary score.
 */
import type { Warning } from '../../base/errors.js'
import type { Result } from '../../score/result.js'
import { NONE, categoryText, fixed, plain, scoreText } from '../numbers.js'
import type { Notice, Report, VesselRow } from '../report.js'
import { WARNING_HELP } from '../warnings.js'
import { setClaim } from './claim.js'
import { setEligibility } from './eligibility.js'
import { setLesions } from './lesions.js'
import { setMeaning } from './meaning.js'
import { Paper, type PaperOptions, type Row, type Style, sentence } from './paper.js'
import { setSensitivity } from './sensitivity.js'
import { setSubject } from './subject.js'

export interface TextOptions extends PaperOptions {
  /** List every lesion; default: the highest scores, and the rest summed. */
  readonly allLesions?: boolean
}

/** A report as text. Lines end with a newline; none is wider than `width`, which is held between 40 and 160. */
export function renderText(report: Report, options: TextOptions = {}): string {
  const { result } = report
  const paper = new Paper(options)
  paper.paragraph(report.status.title, 'bold')
  paper.rule()
  setSubject(paper, report)
  setNotices(paper, 'Read first', report.first, 'warn', '! ')
  setHeadline(paper, report)
  setVessels(paper, report)
  setMapping(paper, result.input)
  setLesions(paper, result, options.allLesions ?? false)
  setSensitivity(paper, result)
  setMeaning(paper, report)
  setNotes(paper, report)
  for (const { title, fields } of report.provenance) {
    paper.heading(title)
    paper.fields(fields.map(([name, value]): [string, string] => [name, value]))
  }
  if (report.eligibility) setEligibility(paper, report.eligibility)
  if (report.claim) setClaim(paper, report.claim)
  paper.line()
  paper.rule()
  paper.paragraph(report.disclaimer, 'bold')
  return paper.toString()
}

/** What may move the number, above it. */
function setNotices(paper: Paper, title: string, notices: readonly Notice[], style: Style, mark: string): void {
  if (notices.length === 0) return
  paper.line(title, style)
  for (const notice of notices) setNotice(paper, notice, style, mark)
  paper.line()
}

function setNotes(paper: Paper, { notes }: Report): void {
  if (notes.length === 0) return
  paper.heading('Notes')
  for (const notice of notes) setNotice(paper, notice, undefined, '- ')
}

/** One warning: what was met with its code, then what it does to the score. */
function setNotice(paper: Paper, { code, message, effect }: Notice, style: Style | undefined, mark: string): void {
  paper.paragraph(`${sentence(message)} [${code}]`, style, mark)
  paper.paragraph(effect, 'dim', ' '.repeat(mark.length))
}

/** A warning of a series that was not scored. */
export function setWarning(paper: Paper, { code, message }: Warning, style: Style | undefined, mark: string): void {
  setNotice(paper, { code, message, effect: WARNING_HELP[code].effect }, style, mark)
}

function setHeadline(paper: Paper, report: Report): void {
  const { headline, status } = report
  const lines: { text: string; style?: Style }[] = [
    { text: `${headline.label}: ${headline.score}`, style: 'bold' },
    { text: categoryLine(report) },
    { text: headline.found },
  ]
  if (status.statement !== null) lines.push({ text: status.statement, style: 'warn' })
  paper.box(lines)
}

function categoryLine({ categories, result }: Report): string {
  if (categories.value === null) return `No category: ${categories.reason}.`
  const isProvisional = categories.value.some(({ provisional }) => provisional)
  const names = isProvisional ? result.provisionalCategory : result.category
  return `${isProvisional ? 'Provisional category' : 'Category'}: ${categoryText(names!)}`
}

function setVessels(paper: Paper, { vessels, notMarked, result }: Report): void {
  if (vessels.length === 0) return
  paper.heading('Territories')
  const where = result.input.assignments === null ? 'in the masks' : 'by masks or clicks'
  if (notMarked.length > 0) paper.paragraph(`Not marked ${where}: ${notMarked.join(', ')}`, 'warn')
  const coronary = vessels.filter((row) => row.coronary)
  const apart = vessels.filter((row) => !row.coronary)
  const rows: Row[] = coronary.map((row) => ({ cells: cellsOf(row) }))
  const name = result.scope === 'candidates' ? 'Proposed total' : 'Coronary total'
  const total = { territory: name, totals: result.total, score: scoreText(result.total.agatston, result.total.pieces) }
  rows.push({ cells: cellsOf(total), style: 'bold', ruled: true })
  apart.forEach((row, n) =>
    rows.push({ cells: cellsOf({ ...row, territory: `${row.territory} *` }), style: 'dim', ruled: n === 0 }),
  )
  paper.table(
    [
      { title: 'Territory' },
      { title: 'Score', align: 'right' },
      { title: 'Volume mm³', align: 'right' },
      { title: 'Mass mg', align: 'right', spare: 1 },
      { title: 'Lesions', align: 'right', spare: 2 },
      { title: 'Peak HU', align: 'right', spare: 3 },
      { title: 'Mean HU', align: 'right', spare: 4 },
    ],
    rows,
  )
  if (apart.length > 0) paper.paragraph('* not coronary: not in the total.', 'dim')
}

function cellsOf({ territory, totals, score }: Pick<VesselRow, 'territory' | 'totals' | 'score'>): readonly string[] {
  return [
    territory,
    score,
    fixed(totals.volumeMm3, 1),
    fixed(totals.massMg, 2),
    String(totals.lesions),
    plain(totals.peakHu, 0),
    fixed(totals.meanHu, 1),
  ]
}

/** What each part of the mask files was taken for: a name read wrongly is a score in the wrong vessel. */
function setMapping(paper: Paper, { territoryMapping }: Result['input']): void {
  if (territoryMapping === null) return
  const { sources, notes } = territoryMapping
  paper.heading('Masks')
  paper.table(
    [
      { title: 'File', spare: 2 },
      { title: 'No.', align: 'right' },
      { title: 'Label' },
      { title: 'Code', spare: 1 },
      { title: 'Taken for' },
      { title: 'Pixels', align: 'right' },
    ],
    sources.map(({ file, number, label, code, territory, pixels }) => ({
      cells: [file, String(number), label ?? NONE, code ?? NONE, territory ?? 'left out', String(pixels)],
      ...(territory === null ? { style: 'dim' as const } : {}),
    })),
  )
  for (const note of notes) paper.paragraph(sentence(note), undefined, '! ')
}
