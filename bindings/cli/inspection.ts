/** What `inspect` found, as text: a table of the series, then each with every reason and warning in plain words. */
import { archivesWords } from '../dicom/foreign.js'
import type { Inspection, SeriesInspection } from '../dicom/index.js'
import { type EligibilityRow, eligibility75571 } from '../report/coding/eligibility.js'
import { setEligibility } from '../report/text/eligibility.js'
import { NONE, count, plain } from '../report/numbers.js'
import { Paper, type PaperOptions, sentence } from '../report/text/paper.js'
import { REFUSAL_HELP } from '../report/refusals.js'
import { setWarning } from '../report/text/text.js'

export function inspectionText(inspection: Inspection, look: PaperOptions): string {
  const paper = new Paper(look)
  const { series, files, notDicom, archives } = inspection
  const eligible = series.filter((one) => one.eligible).length
  const passed = notDicom > 0 ? `, ${notDicom} of them not DICOM` : ''
  paper.paragraph(`${count(series.length, 'series', 'series')} in ${count(files, 'file')}${passed}`, 'bold')
  paper.paragraph(verdict(eligible), eligible === 1 ? 'good' : 'warn')
  if (archives.length > 0) paper.paragraph(`${archivesWords(archives)}.`, 'warn')
  paper.line()
  setTable(paper, series)
  series.forEach((one, n) => {
    setSeries(paper, one, n + 1)
    if (one.modality === 'CT') setEligibility(paper, eligibilityOf(one, series))
  })
  setUnreadable(paper, inspection)
  return paper.toString()
}

function verdict(eligible: number): string {
  if (eligible === 0) return 'None can be scored.'
  if (eligible === 1) return 'One can be scored.'
  return `${eligible} can be scored: name one with --series UID.`
}

function setTable(paper: Paper, series: readonly SeriesInspection[]): void {
  if (series.length === 0) return
  paper.table(
    [
      { title: '#', align: 'right' },
      { title: 'Scored?' },
      { title: 'Modality' },
      { title: 'Slices', align: 'right' },
      { title: 'Matrix', align: 'right', spare: 5 },
      { title: 'Pixel mm', align: 'right', spare: 2 },
      { title: 'Increment mm', align: 'right', spare: 1 },
      { title: 'Thickness mm', align: 'right', spare: 6 },
      { title: 'kV', align: 'right' },
      { title: 'Kernel', spare: 3 },
      { title: 'Scanner', spare: 7 },
    ],
    series.map((one, n) => ({ cells: cellsOf(one, n + 1), style: one.eligible ? 'good' : 'bad' })),
  )
}

function cellsOf(one: SeriesInspection, number: number): readonly string[] {
  return [
    String(number),
    one.eligible ? 'yes' : 'no',
    one.modality ?? NONE,
    String(one.slices),
    one.rows === null || one.columns === null ? NONE : `${one.rows} × ${one.columns}`,
    one.pixelSpacingMm === null ? NONE : pixelText(one.pixelSpacingMm),
    plain(one.incrementMm),
    plain(one.thicknessMm),
    plain(one.kvp),
    one.kernel ?? NONE,
    one.manufacturer ?? NONE,
  ]
}

const pixelText = ([row, column]: readonly [number, number]): string =>
  plain(row) === plain(column) ? plain(row) : `${plain(row)} × ${plain(column)}`

function setSeries(paper: Paper, one: SeriesInspection, number: number): void {
  paper.heading(`Series ${number}: ${one.eligible ? 'can be scored' : 'cannot be scored'}`)
  paper.fields([
    ['UID', one.seriesInstanceUid],
    ['Study', one.studyInstanceUid ?? 'not known'],
    ['Encoding', one.transferSyntaxes.join(', ') || 'not known'],
  ])
  for (const { code, message } of one.refusals) {
    paper.paragraph(`${sentence(message)} [${code}]`, 'bad', 'x ')
    paper.paragraph(REFUSAL_HELP[code].effect, 'dim', '  ')
  }
  for (const warning of one.warnings) setWarning(paper, warning, undefined, '! ')
}

const eligibilityOf = (series: SeriesInspection, others: readonly SeriesInspection[]): readonly EligibilityRow[] =>
  eligibility75571({ series, others })

/** Files whose trouble stands with no series. */
function setUnreadable(paper: Paper, { unreadable }: Inspection): void {
  if (unreadable.length === 0) return
  paper.heading(`${count(unreadable.length, 'file')} could not be read`)
  for (const { code, message } of unreadable.slice(0, MOST_FILES))
    paper.paragraph(`${sentence(message)} [${code}]`, undefined, 'x ')
  if (unreadable.length > MOST_FILES)
    paper.line(`... and ${unreadable.length - MOST_FILES} more: --json lists all`, 'dim')
}

const MOST_FILES = 10

/** `agatston.inspection/1`: the same as data, without the volumes. */
export function inspectionJson({ files, notDicom, archives, unreadable, series }: Inspection): Record<string, unknown> {
  return {
    schema: 'agatston.inspection/1',
    files,
    notDicom,
    archives,
    unreadable,
    series: series.map((one) => ({ ...one, eligibility75571: eligibilityOf(one, series), volume: undefined })),
  }
}
