/** Who was scanned, where the report is to bear a name. What comes from a header is cleaned by the paper. */
import type { Report } from '../report.js'
import type { Paper } from './paper.js'

export function setSubject(paper: Paper, { subject }: Report): void {
  if (subject === null) return
  const rows: [string, string | null][] = [
    ['Patient', subject.name],
    ['ID', subject.id],
    ['Born', subject.birthDate],
    ['Sex, age', [subject.sex, subject.ageYears].filter((value) => value !== null).join(', ') || null],
    ['Study', [subject.studyDate, subject.studyDescription].filter((value) => value !== null).join(' ') || null],
    ['Accession', subject.accessionNumber],
    ['Institution', subject.institution],
    ['Referred by', subject.referringPhysician],
  ]
  const known = rows.flatMap(([name, value]): [string, string][] => (value === null ? [] : [[name, value]]))
  if (known.length === 0) return
  paper.fields(known)
  paper.line()
}
