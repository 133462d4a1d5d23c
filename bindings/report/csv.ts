/**
 * A result as tables for statistics (RFC 4180): territories with the total, lesions, or pieces, one row each. Columns have fixed names
 * and places, with units in the names; numbers are not rounded and have a decimal point; what is not known is an empty cell. Every row
 * says which series it is of, its scope and standard, so that rows of many studies can stand in one file, and a sum that is no coronary
 * score never looks like one.
 *
 * UTF-8 without a byte order mark: R and Python would take it for part of the first column's name. (A spreadsheet asks for the encoding
 * when the file is imported; the names of columns are ASCII.) Texts that a spreadsheet would take for a formula get an apostrophe in
 * front; control characters become U+FFFD, so that a row is a line.
 */
import type { Lesion, Piece, Totals } from '../score/result.js'
import { isCoronary } from '../volume/territory.js'
import type { Report } from './report.js'
import { areaOf, countedPieces } from './shares.js'

export type CsvRows = 'territories' | 'lesions' | 'pieces'

export interface CsvOptions {
  /** What a row is. `territories` (the default): the total, then each territory. */
  readonly rows?: CsvRows
}

export interface CsvColumn {
  readonly name: string
  /** What stands in it, with its unit. */
  readonly meaning: string
}

type Value = string | number | boolean | null

interface Column<Row> extends CsvColumn {
  readonly of: (row: Row, report: Report) => Value
}

const column = <Row>(name: string, meaning: string, of: Column<Row>['of']): Column<Row> =>
  Object.freeze({ name, meaning, of })

/** On every row: which series, what was scored, by which rules, and what must be known of it. */
const KEYS: readonly Column<unknown>[] = Object.freeze([
  column('series_instance_uid', 'SeriesInstanceUID (0020,000E)', (_, { result }) => result.input.seriesInstanceUid),
  column('pixel_sha256', 'hash of the pixels, agatston-pixels/1', (_, { result }) => result.input.pixelSha256),
  column('scope', 'territories, region, candidates (unconfirmed) or whole-image (no coronary score)', (_, { result }) => result.scope),
  column('standard', 'rules of scoring', (_, { result }) => result.standard.id),
  column('standard_version', 'their version', (_, { result }) => result.standard.version),
  column('modifiers', 'departures from the rules, blank between', (_, { result }) => result.modifiers.join(' ')),
  column('engine_version', 'version of agatston', (_, { result }) => result.engine.version),
  column('accepted', 'refusals the caller overrode, blank between', (_, { result }) => result.accepted.join(' ')),
  column('warnings', 'codes of warnings, blank between', (_, { result }) => result.warnings.map(({ code }) => code).join(' ')),
]) // prettier-ignore

/** Who was scanned: the last columns, and only where the report says it. */
const IDENTITY: readonly Column<unknown>[] = Object.freeze([
  column('patient_name', 'PatientName (0010,0010)', (_, { subject }) => subject?.name ?? null),
  column('patient_id', 'PatientID (0010,0020)', (_, { subject }) => subject?.id ?? null),
  column('patient_birth_date', 'YYYY-MM-DD', (_, { subject }) => subject?.birthDate ?? null),
  column('patient_sex', 'male, female or other', (_, { subject }) => subject?.sex ?? null),
  column('patient_age_years', 'whole years at the scan', (_, { subject }) => subject?.ageYears ?? null),
  column('study_date', 'YYYY-MM-DD', (_, { subject }) => subject?.studyDate ?? null),
  column('accession_number', 'AccessionNumber (0008,0050)', (_, { subject }) => subject?.accessionNumber ?? null),
])

interface TerritoryRow {
  readonly kind: 'total' | 'territory'
  readonly name: string
  readonly totals: Totals
}

const TERRITORIES: readonly Column<TerritoryRow>[] = Object.freeze([
  column<TerritoryRow>('row', 'total (first) or territory', ({ kind }) => kind),
  column<TerritoryRow>('territory', 'name of the territory; empty: the total', ({ kind, name }) => (kind === 'total' ? null : name)),
  column<TerritoryRow>('in_total', 'whether it is part of the total', ({ kind, name }) => kind === 'total' || isCoronary(name)),
  column<TerritoryRow>('agatston', 'Agatston score, unit 1', ({ totals }) => totals.agatston),
  column<TerritoryRow>('volume_mm3', 'volume, mm3', ({ totals }) => totals.volumeMm3),
  column<TerritoryRow>('mass_mg', 'mass, mg', ({ totals }) => totals.massMg),
  column<TerritoryRow>('area_mm2', 'sum of areas, mm2', ({ totals }) => totals.areaMm2),
  column<TerritoryRow>('mean_hu', 'mean of counted pixels, HU', ({ totals }) => totals.meanHu),
  column<TerritoryRow>('peak_hu', 'highest pixel, HU', ({ totals }) => totals.peakHu),
  column<TerritoryRow>('density_score', 'sum of area x weight over sum of area, 1 to 4', ({ totals }) => totals.densityScore),
  column<TerritoryRow>('diffusivity', '1 - most affected vessel / total', ({ totals }) => totals.diffusivity),
  column<TerritoryRow>('lesions', 'number of lesions', ({ totals }) => totals.lesions),
  column<TerritoryRow>('pieces', 'number of counted pieces', ({ totals }) => totals.pieces),
  column<TerritoryRow>('pixels', 'number of counted pixels', ({ totals }) => totals.pixels),
  column<TerritoryRow>('category_classic', 'of the total; empty where there is none', ({ kind }, { result }) => onTotal(kind, result.category?.classic)),
  column<TerritoryRow>('category_cac_drs', 'of the total; empty where there is none', ({ kind }, { result }) => onTotal(kind, result.category?.cacDrs)),
  column<TerritoryRow>('category_acc_aha_2026', 'of the total; empty where there is none', ({ kind }, { result }) => onTotal(kind, result.category?.accAha2026)),
]) // prettier-ignore

const onTotal = (kind: TerritoryRow['kind'], value: string | undefined): Value =>
  kind === 'total' ? (value ?? null) : null

const LESIONS: readonly Column<Lesion>[] = Object.freeze([
  column<Lesion>('lesion', 'number of the lesion on the result', ({ id }) => id),
  column<Lesion>('territories', 'territories it lies in, plus sign between', ({ territories }) => territories.join('+')),
  column<Lesion>('counted', 'whether any piece of it counts', ({ counted }) => counted),
  column<Lesion>('in_total', 'yes, no, or part: its counted pieces in the total', (lesion, report) => inTotal(lesion, report)),
  column<Lesion>('agatston', 'Agatston score, unit 1', ({ agatston }) => agatston),
  column<Lesion>('volume_mm3', 'volume, mm3', ({ volumeMm3 }) => volumeMm3),
  column<Lesion>('mass_mg', 'mass, mg', ({ massMg }) => massMg),
  column<Lesion>('area_mm2', 'sum of areas of counted pieces, mm2', (lesion) => areaOf(lesion)),
  column<Lesion>('mean_hu', 'mean of counted pixels, HU', ({ meanHu }) => meanHu),
  column<Lesion>('peak_hu', 'highest counted pixel, HU', ({ peakHu }) => peakHu),
  column<Lesion>('first_slice', 'from 0 in order of position', ({ slices }) => slices[0]),
  column<Lesion>('last_slice', 'from 0 in order of position', ({ slices }) => slices[1]),
  column<Lesion>('centre_left_mm', 'mean position of its pixels, patient coordinates, mm', ({ centroidMm }) => centroidMm[0]),
  column<Lesion>('centre_posterior_mm', 'the same', ({ centroidMm }) => centroidMm[1]),
  column<Lesion>('centre_superior_mm', 'the same', ({ centroidMm }) => centroidMm[2]),
  column<Lesion>('pieces', 'number of pieces, those not counted included', ({ pieces }) => pieces.length),
  column<Lesion>('counted_pieces', 'number of counted pieces', (lesion) => countedPieces(lesion).length),
  column<Lesion>('excluded', "a reader's reason for leaving it out", ({ pieces }) => pieces.find(({ excluded }) => excluded !== null)?.excluded ?? null),
]) // prettier-ignore

interface PieceRow {
  readonly lesion: Lesion
  readonly piece: Piece
}

const PIECES: readonly Column<PieceRow>[] = Object.freeze([
  column<PieceRow>('lesion', 'number of its lesion on the result', ({ lesion }) => lesion.id),
  column<PieceRow>('slice', 'from 0 in order of position', ({ piece }) => piece.slice),
  column<PieceRow>('sop_instance_uid', 'SOPInstanceUID (0008,0018) of the slice', ({ piece }) => piece.sopInstanceUid),
  column<PieceRow>('territory', 'name of the territory', ({ piece }) => piece.territory),
  column<PieceRow>('counted', 'whether it counts', ({ piece }) => piece.counted),
  column<PieceRow>('pixels', 'number of pixels', ({ piece }) => piece.pixels),
  column<PieceRow>('area_mm2', 'area, mm2', ({ piece }) => piece.areaMm2),
  column<PieceRow>('weight', 'density weight', ({ piece }) => piece.weight),
  column<PieceRow>('mean_hu', 'mean, HU', ({ piece }) => piece.meanHu),
  column<PieceRow>('peak_hu', 'highest pixel, HU', ({ piece }) => piece.peakHu),
  column<PieceRow>('centre_row_px', 'row of its centre, from 0', ({ piece }) => piece.centroidPx[0]),
  column<PieceRow>('centre_column_px', 'column of its centre, from 0', ({ piece }) => piece.centroidPx[1]),
  column<PieceRow>('first_row_px', 'box, from 0', ({ piece }) => piece.boxPx[0]),
  column<PieceRow>('first_column_px', 'box, from 0', ({ piece }) => piece.boxPx[1]),
  column<PieceRow>('last_row_px', 'box, from 0', ({ piece }) => piece.boxPx[2]),
  column<PieceRow>('last_column_px', 'box, from 0', ({ piece }) => piece.boxPx[3]),
  column<PieceRow>('suggested', 'territory the software suggests', ({ piece }) => piece.suggested),
  column<PieceRow>('excluded', "a reader's reason for leaving it out", ({ piece }) => piece.excluded),
]) // prettier-ignore

const described = (columns: readonly CsvColumn[]): readonly CsvColumn[] =>
  Object.freeze([...KEYS, ...columns, ...IDENTITY].map(({ name, meaning }) => Object.freeze({ name, meaning })))

/** All columns in their order; the identity columns at the end stand only in reports that bear an identity. */
export const CSV_COLUMNS: Readonly<Record<CsvRows, readonly CsvColumn[]>> = Object.freeze({
  territories: described(TERRITORIES),
  lesions: described(LESIONS),
  pieces: described(PIECES),
})

/**
 * One table, with a line of names first. Lines end with CR LF.
 *
 * @throws RangeError for rows of another kind
 */
export function renderCsv(report: Report, { rows = 'territories' }: CsvOptions = {}): string {
  const { total, territories, lesions } = report.result
  switch (rows) {
    case 'territories': {
      const each = Object.entries(territories).map(([name, totals]): TerritoryRow => ({
        kind: 'territory',
        name,
        totals,
      }))
      return table(report, TERRITORIES, [{ kind: 'total', name: '', totals: total }, ...each])
    }
    case 'lesions':
      return table(report, LESIONS, lesions)
    case 'pieces':
      return table(
        report,
        PIECES,
        lesions.flatMap((lesion) => lesion.pieces.map((piece) => ({ lesion, piece }))),
      )
    default:
      throw new RangeError(`rows must be territories, lesions or pieces, got ${String(rows)}`)
  }
}

function table<Row>(report: Report, own: readonly Column<Row>[], rows: readonly Row[]): string {
  const columns = [...KEYS, ...own, ...(report.subject === null ? [] : IDENTITY)] as readonly Column<Row>[]
  const lines = [columns.map(({ name }) => name), ...rows.map((row) => columns.map((one) => cell(one.of(row, report))))]
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('')
}

function cell(value: Value): string {
  if (value === null) return ''
  if (typeof value === 'string') return textCell(value)
  if (typeof value === 'number' && !Number.isFinite(value)) return ''
  return String(value)
}

/** What a spreadsheet begins a formula with, full-width signs included. */
const FORMULA = /^[\t\r\n]|^\s*[=+\-@＝＋－＠]/u
/** Controls, overrides of direction, halves of pairs. */
const UNFIT = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\u2028\u2029]/gu

function textCell(text: string): string {
  const told = (FORMULA.test(text) ? `'${text}` : text).replace(UNFIT, '\ufffd')
  return /[",\s']/u.test(told) ? `"${told.replaceAll('"', '""')}"` : told
}

function inTotal(lesion: Lesion, { result }: Report): string {
  const counted = countedPieces(lesion)
  const inside = counted.filter(({ territory }) => result.scope !== 'territories' || isCoronary(territory ?? ''))
  if (inside.length === 0) return 'no'
  return inside.length === counted.length ? 'yes' : 'part'
}
