/**
 * A result as text for people: what must be read before the number, the number, where it comes from, and everything needed to
 * make it again. A sum over a whole image is never called a coronary score.
 */
import type { Warning } from '../base/errors.js'
import type { Result, Totals } from '../score/result.js'
import { CAC_DRS_VESSELS, isCoronary } from '../volume/territory.js'
import { DISCLAIMER } from './disclaimer.js'
import { resultEligibility, setEligibility } from './eligibility.js'
import { setLesions } from './lesions.js'
import { NONE, categoryText, count, fixed, plain, scoreText } from './numbers.js'
import { Paper, type PaperOptions, type Row, type Style, sentence } from './paper.js'
import { modifierTexts, rulesText, volumeText } from './rules.js'
import { setSensitivity } from './sensitivity.js'
import { WARNING_HELP } from './warnings.js'

export interface TextOptions extends PaperOptions {
  /** List every lesion; default: the highest scores, and the rest summed. */
  readonly allLesions?: boolean
}

/** The report of a result. Lines end with a newline; none is wider than `width`, which is held between 40 and 160. */
export function renderText(result: Result, options: TextOptions = {}): string {
  const paper = new Paper(options)
  paper.paragraph(TITLES[result.scope], 'bold')
  paper.rule()
  setFirstWarnings(paper, result)
  setHeadline(paper, result)
  setTerritories(paper, result)
  setMapping(paper, result.input)
  setLesions(paper, result, options.allLesions ?? false)
  setSensitivity(paper, result)
  setNotes(paper, result)
  setComputation(paper, result)
  setInput(paper, result)
  if (result.input.kind === 'dicom-series') setEligibility(paper, resultEligibility(result))
  paper.line()
  paper.rule()
  paper.paragraph(DISCLAIMER, 'bold')
  return paper.toString()
}

const TITLES: Readonly<Record<Result['scope'], string>> = {
  territories: 'Coronary calcium score',
  region: 'Coronary calcium score (heart region, vessels not named)',
  candidates: 'Calcium proposed by the software, not confirmed',
  'whole-image': 'Calcium sum of a whole image: NOT a coronary calcium score',
}

/** Warnings in the order they were found; those that may move the number stand above it. */
function setFirstWarnings(paper: Paper, { warnings }: Result): void {
  const first = warnings.filter(({ code }) => WARNING_HELP[code].rank === 'first')
  if (first.length === 0) return
  paper.line('Read first', 'warn')
  for (const warning of first) setWarning(paper, warning, 'warn', '! ')
  paper.line()
}

function setNotes(paper: Paper, { warnings }: Result): void {
  const notes = warnings.filter(({ code }) => WARNING_HELP[code].rank === 'note')
  if (notes.length === 0) return
  paper.heading('Notes')
  for (const warning of notes) setWarning(paper, warning, undefined, '- ')
}

/** One warning: what was met with its code, then what it does to the score. */
export function setWarning(paper: Paper, { code, message }: Warning, style: Style | undefined, mark: string): void {
  paper.paragraph(`${sentence(message)} [${code}]`, style, mark)
  paper.paragraph(WARNING_HELP[code].effect, 'dim', ' '.repeat(mark.length))
}

function setHeadline(paper: Paper, result: Result): void {
  const { total, scope } = result
  const value = nothingMarked(result) ? NONE : scoreText(total.agatston, total.pieces)
  const lines: { text: string; style?: Style }[] = [
    { text: `${HEADLINES[scope]}: ${value}`, style: 'bold' },
    { text: categoryLine(result) },
    { text: foundLine(result) },
    ...nonStandardLines(result),
  ]
  paper.box(lines)
}

/** Rules that are nobody's standard change what the number means: said where the number stands. */
function nonStandardLines({ modifiers, standard }: Result): { text: string; style: Style }[] {
  const text = modifiers.includes('kvp-adapted')
    ? 'Non-standard: density ladder of another tube voltage'
    : modifiers.includes('custom')
      ? "Non-standard: rules of one's own"
      : null
  return text === null ? [] : [{ text: `${text} (${standard.id}).`, style: 'warn' }]
}

const HEADLINES: Readonly<Record<Result['scope'], string>> = {
  territories: 'Agatston score',
  region: 'Agatston score',
  candidates: 'Agatston score of the proposed lesions',
  'whole-image': 'Agatston sum of everything calcified, bone included',
}

function categoryLine({ category, provisionalCategory, scope, accepted }: Result): string {
  if (category) return `Category: ${categoryText(category)}`
  if (provisionalCategory) return `Provisional category: ${categoryText(provisionalCategory)}`
  if (scope === 'whole-image') return 'No category: this number says nothing of the coronary arteries.'
  if (accepted.length > 0) return `Category withheld: overridden by the caller (${accepted.join(', ')}).`
  return 'No category.'
}

/** Label maps that name no coronary vessel say nothing of coronary calcium: their zero is not one. */
const nothingMarked = ({ scope, territories }: Result): boolean =>
  scope === 'territories' && !Object.keys(territories).some(isCoronary)

function foundLine(result: Result): string {
  const { total, territories, scope } = result
  if (total.pieces === 0) return zeroLine(result)
  const affected = Object.entries(territories).filter(([name, sum]) => isCoronary(name) && sum.pieces > 0).length
  const where = affected > 0 ? ` in ${count(affected, 'territory', 'territories')}` : ''
  const mass = total.massMg === null ? '' : `, mass ${fixed(total.massMg, 2)} mg`
  const what = scope === 'whole-image' ? 'connected calcification' : 'lesion'
  return `${count(total.lesions, what)}${where}, volume ${fixed(total.volumeMm3, 1)} mm³${mass}`
}

function zeroLine(result: Result): string {
  if (result.scope === 'whole-image') return 'No calcified pixel counts.'
  if (nothingMarked(result)) return 'No coronary territory is marked in the label maps: nothing coronary was scored.'
  return result.warnings.some(({ code }) => code === 'ZERO_UNVERIFIED')
    ? 'No calcium was counted where it was looked for: no verified zero.'
    : 'No coronary calcium was found.'
}

function setTerritories(paper: Paper, { territories, total, scope, input, modifiers }: Result): void {
  const entries = Object.entries(territories)
  if (entries.length === 0) return
  const coronary = entries.filter(([name]) => isCoronary(name))
  const apart = entries.filter(([name]) => !isCoronary(name))
  paper.heading('Territories')
  // What was counted into LAD is not listed, and was not left out either.
  const isIntoLad = (name: string): boolean => name === 'LM' && modifiers.includes('lm-into-lad')
  const unmarked = CAC_DRS_VESSELS.filter((name) => territories[name] === undefined && !isIntoLad(name))
  const where = input.assignments === null ? 'in the masks' : 'by masks or clicks'
  if (scope === 'territories' && unmarked.length > 0)
    paper.paragraph(`Not marked ${where}: ${unmarked.join(', ')}`, 'warn')
  const rows: Row[] = coronary.map(([name, sum]) => ({ cells: totalCells(name, sum) }))
  const name = scope === 'candidates' ? 'Proposed total' : 'Coronary total'
  rows.push({ cells: totalCells(name, total), style: 'bold', ruled: true })
  apart.forEach(([other, sum], n) => rows.push({ cells: totalCells(`${other} *`, sum), style: 'dim', ruled: n === 0 }))
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

function totalCells(name: string, sum: Totals): readonly string[] {
  return [
    name,
    scoreText(sum.agatston, sum.pieces),
    fixed(sum.volumeMm3, 1),
    fixed(sum.massMg, 2),
    String(sum.lesions),
    plain(sum.peakHu, 0),
    fixed(sum.meanHu, 1),
  ]
}

function setComputation(paper: Paper, result: Result): void {
  const { standard, input, engine, accepted, modifiers } = result
  const factor = input.massFactor
  paper.heading('How it was computed')
  const rows: [string, string][] = [
    ['Standard', `${standard.id}, version ${standard.version}: ${standard.title}`],
    ['Rules', rulesText(standard)],
    ['Volume', volumeText(standard)],
    [
      'Mass',
      factor ? `c × mean HU × volume, c = ${factor.mgPerMm3Hu} mg/(mm³ HU) (${SOURCES[factor.source]})` : NO_MASS,
    ],
    ['Source', standard.citation],
  ]
  if (modifiers.length > 0) rows.push(['Modified by', `${modifierTexts(result).join('; ')} (not standard)`])
  if (accepted.length > 0) rows.push(['Overridden', `${accepted.join(', ')} (accepted by the caller)`])
  rows.push(
    ['Engine', `${engine.name} ${engine.version}, ${engine.build} build`],
    ['Module', `SHA-256 ${engine.wasmSha256}`],
  )
  paper.fields(rows)
}

const NO_MASS = 'not computed: no mass factor is known for this scan'
const SOURCES = {
  caller: 'given by the caller',
  calibration: 'from a calibration scan',
  header: 'from the header of the scan',
} as const

const KINDS: Readonly<Record<Result['input']['kind'], string>> = {
  'dicom-series': 'DICOM series',
  nifti: 'NIfTI volume (nothing is known of voltage, gating and contrast)',
  array: 'pixels in memory',
}

function setInput(paper: Paper, { input, quality }: Result): void {
  const { pixelSpacingMm: pixel } = input
  const rows: [string, string | null][] = [
    ['Kind', KINDS[input.kind]],
    ['Series', input.seriesInstanceUid],
    ['Study', input.studyInstanceUid],
    [
      'Slices',
      `${input.slices} of ${input.rows} × ${input.columns} pixels of ${plain(pixel[0])} × ${plain(pixel[1])} mm`,
    ],
    ['Increment', `${plain(input.incrementMm)} mm, slice thickness ${withUnit(input.thicknessMm, 'mm')}`],
    ['Coverage', `${plain(quality.coverageMm, 1)} mm`],
    ['Noise', quality.noiseHu === null ? null : `${plain(quality.noiseHu, 1)} HU in soft tissue`],
    ['Air', quality.airHu === null ? null : `${plain(quality.airHu)} HU`],
    ['Scanner', input.manufacturer],
    ['Tube', withUnit(input.kvp, 'kV')],
    ['Kernel', input.kernel],
    ['Contrast', input.contrast && CONTRAST[input.contrast]],
    ['ECG gating', quality.gated && GATING[quality.gated]],
    ['Encoding', input.transferSyntaxes.join(', ') || null],
    ['Pixels', input.pixelSha256 && `SHA-256 ${input.pixelSha256}`],
  ]
  paper.heading('Input')
  paper.fields(
    rows.flatMap(([name, value]): [string, string][] => (value === null || value === '' ? [] : [[name, value]])),
  )
}

const withUnit = (value: number | null, unit: string): string =>
  value === null ? 'not known' : `${plain(value)} ${unit}`

const CONTRAST = { none: 'none recorded', recorded: 'recorded' } as const
const GATING = { evidence: 'recorded in the headers', 'no-evidence': 'not recorded in the headers' } as const
