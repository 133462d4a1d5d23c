/** CSV: columns with fixed names and places, cells that no spreadsheet takes for a formula, no identity unless it is there. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CSV_COLUMNS, type CsvRows, renderCsv } from '../../bindings/report/csv.js'
import type { Report } from '../../bindings/report/report.js'
import { HOSTILE, SUBJECT, hostile, many, ordinary, wholeImage } from './pdf/cases.js'

/** A strict reader of RFC 4180, written from the grammar. */
function parse(csv: string): string[][] {
  const rows: string[][] = []
  let [row, at]: [string[], number] = [[], 0]
  while (at < csv.length) {
    let text = ''
    if (csv[at] === '"') {
      for (at++; ; at++) {
        if (at >= csv.length) throw new Error('a quoted cell does not end')
        if (csv[at] !== '"') text += csv[at]
        else if (csv[at + 1] === '"') text += csv[++at]
        else break
      }
      at++
    } else
      while (at < csv.length && csv[at] !== ',' && csv[at] !== '\r') {
        if (csv[at] === '"' || csv[at] === '\n') throw new Error('a quote or a line feed stands bare')
        text += csv[at++]
      }
    row.push(text)
    if (csv[at] === ',') at++
    else if (csv.startsWith('\r\n', at)) {
      rows.push(row)
      row = []
      at += 2
    } else throw new Error('a cell ends neither in a comma nor in CR LF')
  }
  return rows
}

const IDENTITY = 7
const TABLES: readonly CsvRows[] = ['territories', 'lesions', 'pieces']

function records(report: Report, rows: CsvRows): Record<string, string>[] {
  const [head, ...lines] = parse(renderCsv(report, { rows }))
  return lines.map((line) => Object.fromEntries(line.map((cell, n) => [head![n]!, cell])))
}

describe('CSV', () => {
  it.each(TABLES)(
    '%s: the columns that are documented, in their order; the identity last and only where it is',
    (rows) => {
      const all = CSV_COLUMNS[rows].map(({ name }) => name)
      expect(new Set(all).size).toBe(all.length)
      for (const name of all) expect(name).toMatch(/^[a-z0-9_]+$/)
      const [withSubject, without] = [ordinary(), ordinary(null)].map((report) => parse(renderCsv(report, { rows })))
      expect(withSubject![0]).toEqual(all)
      expect(without![0]).toEqual(all.slice(0, -IDENTITY))
      for (const table of [withSubject!, without!]) for (const row of table) expect(row.length).toBe(table[0]!.length)
      for (const value of [SUBJECT.name!, SUBJECT.id!, SUBJECT.birthDate!, SUBJECT.accessionNumber!])
        expect(renderCsv(ordinary(null), { rows })).not.toContain(value)
      expect(renderCsv(ordinary(), { rows })).toContain(SUBJECT.id!)
    },
  )

  it('holds the numbers of the result, not rounded, and nothing where there is none', () => {
    const { result } = ordinary()
    const [total, ...each] = records(ordinary(), 'territories')
    expect(total).toMatchObject({ row: 'total', territory: '', agatston: String(result.total.agatston), mass_mg: '', category_classic: 'moderate' }) // prettier-ignore
    expect(each.map(({ territory }) => territory)).toEqual(Object.keys(result.territories))
    expect(each.find(({ territory }) => territory === 'AORTA')).toMatchObject({
      in_total: 'false',
      category_classic: '',
    })
    const lesions = records(ordinary(), 'lesions')
    expect(lesions.map(({ agatston }) => Number(agatston))).toEqual(result.lesions.map(({ agatston }) => agatston))
    expect(lesions.map(({ in_total }) => in_total)).toContain('no')
    const pieces = records(many(), 'pieces')
    expect(pieces.length).toBe(many().result.lesions.reduce((sum, lesion) => sum + lesion.pieces.length, 0))
  })

  it('says on every row of what scope it is: a sum of a whole image has no category', () => {
    for (const rows of TABLES)
      for (const row of records(wholeImage(), rows)) expect(row).toMatchObject({ scope: 'whole-image' })
    expect(records(wholeImage(), 'territories')[0]).toMatchObject({ category_classic: '' })
  })

  it('lets no text be a formula, and keeps a row a line', () => {
    const named = (name: string): Report => ({ ...ordinary(), subject: { ...SUBJECT, name } })
    const nameIn = (name: string): string => records(named(name), 'territories')[0]!['patient_name']!
    for (const sign of ['=', '+', '-', '@', '\t', '\r', '\n', '＝']) expect(nameIn(`${sign}1+1`)).toMatch(/^'/)
    expect(nameIn(' =1+1')).toBe("' =1+1")
    expect(nameIn('Smith, "Al" =1')).toBe('Smith, "Al" =1')
    const text = fc.string({ unit: 'binary', maxLength: 40 })
    fc.assert(
      fc.property(text, (name) => {
        const cell = nameIn(name)
        expect(cell).not.toMatch(/^[=+\-@]|[\p{Cc}\u202e]/u)
        expect(renderCsv(named(name)).split('\r\n').length).toBe(ordinary().vessels.length + 3)
      }),
      { numRuns: 60, seed: 7 },
    )
    for (const rows of TABLES) expect(() => parse(renderCsv(hostile(), { rows }))).not.toThrow()
    expect(renderCsv(hostile(), { rows: 'territories' })).toContain(HOSTILE.long)
  })

  it('has three kinds of rows', () => {
    expect(() => renderCsv(wholeImage(), { rows: 'slices' as CsvRows })).toThrow(RangeError)
  })
})
