/** The first page from its top: what this is, who was scanned, what must be read before the number, the number and its categories. */
import type { Subject } from '../../dicom/subject.js'
import type { Notice, Report } from '../report.js'
import { BODY, type Flow, MARGIN, SMALL } from './flow.js'
import type { Tag } from './tags.js'

export function setOpening(flow: Flow, report: Report): void {
  setTitle(flow, report)
  if (report.subject) setSubject(flow, report.subject)
  setFirst(flow, report)
  setHeadline(flow, report)
}

function setTitle(flow: Flow, report: Report): void {
  const { status, result } = report
  const { sheet } = flow
  sheet.artifact(() => sheet.rect(0, 0, flow.paper.width, 7, { fill: { ink: isSound(report) ? 'accent' : 'warn' } }))
  flow.y = 30
  flow.paragraph('Coronary artery calcium report', { bold: true, size: SMALL + 0.5, ink: 'muted', after: 1 })
  flow.paragraph(status.title, { bold: true, size: 17, kind: 'H1', after: 2 })
  const { standard, input } = result
  const scan = `${input.slices} slices, increment ${Number(input.incrementMm.toFixed(3))} mm`
  const voltage = input.kvp === null ? 'tube voltage not known' : `${input.kvp} kVp`
  flow.paragraph(`${standard.title} (${standard.id}) · ${scan} · ${voltage}`, { size: BODY, ink: 'muted', after: 7 })
}

/** A confirmed score with a category: anything else is set in the colour of a warning. */
const isSound = ({ status, categories }: Report): boolean =>
  status.kind === 'score' && status.statement === null && categories.value !== null

const SEX = { male: 'Male', female: 'Female', other: 'Other' } as const

/** Who was scanned: names and values in four columns, each as long as it must be. */
function setSubject(flow: Flow, subject: Subject): void {
  const age = subject.ageYears === null ? null : `${subject.ageYears} years at the scan`
  const sex = subject.sex && SEX[subject.sex]
  const fields: [string, string | null][] = [
    ['Patient', [subject.name, ...subject.otherNames].filter(Boolean).join(' · ') || null],
    ['Patient ID', subject.id],
    ['Born', subject.birthDate],
    ['Sex, age', [sex, age].filter((one) => one !== null).join(', ') || null],
    ['Study', [subject.studyDate, subject.studyTime].filter(Boolean).join(' ') || null],
    ['Accession', subject.accessionNumber],
    ['Description', subject.studyDescription],
    ['Institution', subject.institution],
    ['Referred by', subject.referringPhysician],
  ]
  const given = fields.flatMap(([name, value]) => (value === null ? [] : [{ name, value }]))
  if (given.length === 0) return
  const columns = 3
  const gap = 12
  const width = (flow.width - 20 - gap * (columns - 1)) / columns
  const rows = Array.from({ length: Math.ceil(given.length / columns) }, (_, n) =>
    given.slice(n * columns, (n + 1) * columns),
  )
  const label = { size: SMALL - 0.5, after: 0 }
  const text = { size: BODY, bold: true, after: 0 }
  const heightOf = (row: typeof given): number =>
    Math.max(...row.map(({ value }) => flow.heightOf(value, width, text))) + flow.heightOf('X', width, label) + 5
  const height = rows.reduce((sum, row) => sum + heightOf(row), 0) + 7
  flow.need(height)
  const { sheet } = flow
  sheet.artifact(() => sheet.rect(flow.left, flow.y, flow.width, height, { fill: { ink: 'faint' } }, 4))
  let y = flow.y + 6
  for (const row of rows) {
    row.forEach(({ name, value }, n) => {
      const x = flow.left + 10 + n * (width + gap)
      const tag = flow.parent.add('P')
      const below = flow.lines(tag, name, x, y, width, { ...label, ink: 'muted' })
      flow.lines(tag, value, x, below, width, text)
    })
    y += heightOf(row)
  }
  flow.y += height + 8
}

/** What must be read before the number, on a ground of its own that runs on where a page ends. */
function setFirst(flow: Flow, { status, first }: Report): void {
  const strips = [
    ...(status.statement === null ? [] : [{ text: status.statement, effect: null, code: null }]),
    ...first.map(({ message, effect, code }: Notice) => ({ text: sentence(message), effect, code })),
  ]
  if (strips.length === 0) return
  const x = flow.left + 14
  const width = flow.width - 26
  setStrip(flow, 17, () => {
    flow.lines(flow.parent.add('H3'), 'Read first', x, flow.y + 6, width, { bold: true, size: 9.5, ink: 'warn' })
  })
  for (const { text, effect, code } of strips) {
    const said = code === null ? text : `${text} [${code}]`
    const height =
      flow.heightOf(said, width, { bold: true, after: 0 }) +
      (effect === null ? 0 : flow.heightOf(effect, width, { after: 0 })) +
      6
    setStrip(flow, height, () => {
      const tag = flow.parent.add('P')
      const below = flow.lines(tag, said, x, flow.y + 3, width, { bold: true })
      if (effect !== null) flow.lines(tag, effect, x, below, width, { ink: 'muted' })
    })
  }
  setStrip(flow, 4, () => {})
  flow.space(9)
}

function setStrip(flow: Flow, height: number, draw: () => void): void {
  flow.need(height)
  const { sheet, left, y } = flow
  sheet.artifact(() => {
    sheet.rect(left, y - 0.3, flow.width, height + 0.6, { fill: { ink: 'warn-paper' } })
    sheet.rect(left, y - 0.3, 4, height + 0.6, { fill: { ink: 'warn' } })
  })
  draw()
  flow.space(height)
}

/** The number, large, and what it is called in each system beside it. */
function setHeadline(flow: Flow, report: Report): void {
  const { headline, categories } = report
  const inner = 14
  const leftWidth = flow.width * 0.42 - inner
  const rightX = flow.left + flow.width * 0.42 + inner
  const rightWidth = flow.width * 0.58 - 2 * inner
  const scoreSize = scoreSizeFor(flow, headline.score, leftWidth - inner)
  const foundLook = { size: BODY, ink: 'muted', after: 0 } as const
  const labelLook = { bold: true, size: 9, ink: 'muted', after: 0 } as const
  const leftHeight =
    flow.heightOf(headline.label, leftWidth, labelLook) +
    scoreSize * 1.02 +
    flow.heightOf(headline.found, leftWidth, foundLook)
  const rows = categories.value ?? []
  const valueOf = ({ value, provisional }: (typeof rows)[number]): string =>
    provisional ? `${value} (provisional)` : value
  const rowHeight = (row: (typeof rows)[number]): number =>
    flow.heightOf(row.name, rightWidth, { size: SMALL, after: 0 }) +
    flow.heightOf(valueOf(row), rightWidth, { bold: true, size: 12.5, after: 0 }) +
    flow.heightOf(row.meaning, rightWidth, { size: SMALL, after: 0 }) +
    6
  const reason = categories.reason === null ? '' : `No category: ${sentence(categories.reason, false)}`
  const rightHeight =
    rows.length > 0
      ? rows.reduce((sum, row) => sum + rowHeight(row), -4)
      : flow.heightOf(reason, rightWidth, { size: 10 })
  const height = Math.max(leftHeight, rightHeight) + 24
  flow.need(height)

  const { sheet, left, y } = flow
  const ink = isSound(report) ? 'accent' : 'warn'
  sheet.artifact(() => {
    sheet.rect(left, y, flow.width, height, { stroke: { ink, width: 1.1 } }, 5)
    sheet.line([rightX - inner, y + 12], [rightX - inner, y + height - 12], 'line', 0.75)
  })
  let at = flow.lines(flow.parent.add('P'), headline.label, left + inner, y + 11, leftWidth, labelLook)
  const face = flow.face(true)
  const score = face.drawable(headline.score)
  sheet.tagged(flow.parent.add('P'), () =>
    sheet.text(score, [left + inner - scoreSize * 0.03, at + scoreSize * 0.85], { face, size: scoreSize, ink }),
  )
  at += scoreSize * 1.02
  flow.lines(flow.parent.add('P'), headline.found, left + inner, at, leftWidth, foundLook)

  at = y + 11
  if (rows.length === 0) flow.lines(flow.parent.add('P'), reason, rightX, at, rightWidth, { size: 10 })
  for (const row of rows) {
    const tag: Tag = flow.parent.add('P')
    at = flow.lines(tag, row.name, rightX, at, rightWidth, { size: SMALL, ink: 'muted' })
    at = flow.lines(tag, valueOf(row), rightX, at, rightWidth, {
      bold: true,
      size: 12.5,
      ink: row.provisional ? 'warn' : 'ink',
    })
    at = flow.lines(tag, row.meaning, rightX, at, rightWidth, { size: SMALL, ink: 'muted' }) + 6
  }
  flow.y += height + 4
}

/** As large as it can be. */
function scoreSizeFor(flow: Flow, score: string, width: number): number {
  const face = flow.face(true)
  const atOne = face.width(face.drawable(score), 1)
  return Math.max(16, Math.min(50, atOne > 0 ? width / atOne : 50))
}

/** A text with its first letter large, unless that is not wanted, and a full stop. */
export function sentence(text: string, capital = true): string {
  const trimmed = text.trim()
  const begun = capital ? trimmed.charAt(0).toUpperCase() + trimmed.slice(1) : trimmed
  return /[.!?:]$/.test(begun) ? begun : `${begun}.`
}

/** What stands above and below every page: drawn last, when the number of pages is known. */
export function setRunning(flow: Flow, report: Report): void {
  const { regular, bold } = flow.faces
  const [left, right] = [MARGIN, flow.paper.width - MARGIN]
  const size = 6.5
  const about = provenanceLine(report)
  const who = report.subject && [report.subject.name, report.subject.id, report.subject.birthDate].filter(Boolean)
  const head = who && who.length > 0 ? who.join(' · ') : report.status.title
  const number = `${report.headline.label}: ${report.headline.score}`
  const state = report.status.kind === 'score' ? '' : ` (${report.status.title})`
  flow.sheets.forEach((sheet, n) => {
    const bottom = flow.paper.height - 30
    sheet.artifact(() => {
      if (n > 0) {
        const half = (right - left) / 2 - 8
        sheet.text(regular.clipped(head, 7.5, half), [left, 34], { face: regular, size: 7.5, ink: 'muted' })
        const told = regular.clipped(number + state, 7.5, half)
        sheet.text(told, [right, 34], { face: regular, size: 7.5, ink: 'muted', anchor: 'end' })
        sheet.line([left, 40], [right, 40], 'line', 0.5)
      }
      sheet.line([left, bottom - 11], [right, bottom - 11], 'line', 0.5)
      const page = bold.drawable(`Page ${n + 1} of ${flow.sheets.length}`)
      sheet.text(page, [right, bottom], { face: bold, size: 7.5, anchor: 'end' })
      const room = right - left - bold.width(page, 7.5) - 14
      sheet.text(bold.clipped(report.disclaimer, size + 0.3, room), [left, bottom], {
        face: bold,
        size: size + 0.3,
        ink: 'muted',
      })
      about.forEach((line, row) =>
        sheet.text(regular.clipped(line, size, room), [left, bottom + 9 + row * 8], {
          face: regular,
          size,
          ink: 'muted',
        }),
      )
    })
  })
}

/** What scored what, in two lines: enough to tell two reports apart; the rest stands under provenance. */
function provenanceLine({ result }: Report): readonly string[] {
  const { engine, standard, input } = result
  const made = `${engine.name} ${engine.version} (${engine.build}) · ${standard.id} version ${standard.version} · module ${engine.wasmSha256.slice(0, 16)}`
  const pixels = input.pixelSha256 === null ? [] : [`pixels ${input.pixelSha256.slice(0, 16)}`]
  const series = input.seriesInstanceUid === null ? [] : [`series ${input.seriesInstanceUid}`]
  return [made, [...pixels, ...series].join(' · ')].filter(Boolean)
}
