/**
 * The report as one picture, for archives that know pictures only: status, what must be read first, score and category, vessels, key
 * images. Whatever limits the number is burned in above it, and no name unless it is asked for.
 */
import { NONE, fixed, plain } from '../numbers.js'
import type { Report, VesselRow } from '../report.js'
import { sentence } from '../text/paper.js'
import { Canvas, type Colour, textWidth } from './canvas.js'
import { inReadingOrder, vesselColour } from './lesion-map.js'
import { DARK, bytesOf, styleOf } from './palette.js'
import type { Picture } from './picture.js'

export interface SummaryOptions {
  /** Burn in who was scanned, where the report knows. Default false. */
  readonly identity?: boolean
}

const WIDTH = 1024
const EDGE = 36
const INNER = WIDTH - 2 * EDGE
const GAP = 16
/** Rows and pictures shown; what is more is told. */
const MOST_ROWS = 10
const MOST_KEYS = 4
const MOST_NOTICES = 6

const PAPER = bytesOf(DARK.paper)
const INK = bytesOf(DARK.ink)
const MUTED = bytesOf(DARK.muted)
const LINE = bytesOf(DARK.line)
const WARN = bytesOf(DARK.warn)
const WARN_PAPER = bytesOf(DARK['warn-paper'])

/** A part of the picture: how high it is, and how it is drawn from a height downwards. */
interface Block {
  readonly height: number
  readonly draw: (canvas: Canvas, top: number) => void
}

/** The summary of a report; key images and overviews are taken from `pictures`. */
export function summaryPicture(
  report: Report,
  pictures: readonly Picture[] = [],
  { identity = false }: SummaryOptions = {},
): Picture {
  const blocks = [
    ...lines(report.status.title, 22, INK, 0.15),
    ...(identity ? identityBlocks(report) : []),
    ...warningBlocks(report),
    headlineBlock(report),
    ...vesselBlocks(report),
    ...pictureBlocks(pictures, 'key-image', MOST_KEYS, 4),
    ...pictureBlocks(pictures, 'overview', 2, 2),
    ...footBlocks(report),
  ]
  const height = blocks.reduce((sum, block) => sum + block.height, 2 * EDGE)
  const canvas = new Canvas(WIDTH, height, PAPER)
  let top = EDGE
  for (const block of blocks) {
    block.draw(canvas, top)
    top += block.height
  }
  const { headline, status } = report
  const words = `${status.title}. ${headline.label}: ${headline.score}. ${headline.found}`
  return Object.freeze({
    kind: 'summary',
    title: 'Summary',
    caption: words,
    alt: words,
    width: WIDTH,
    height,
    rgb: canvas.rgb,
    territory: null,
    slice: null,
  })
}

/** A text in as many lines as it needs, of capitals `size` pixels high. */
function lines(text: string, size: number, colour: Colour, weight = 0.11, indent = 0): Block[] {
  return wrapped(text, size, INNER - 2 * indent).map((line) => ({
    height: Math.round(size * 1.75),
    draw: (canvas, top) => {
      canvas.text(line, [EDGE + indent, top + size * 1.25], { size, colour, weight })
    },
  }))
}

/** Cut between words; a word longer than a line is cut where it ends. */
function wrapped(text: string, size: number, width: number): readonly string[] {
  const result: string[] = []
  let line = ''
  const fits = (one: string): boolean => textWidth(one, size) <= width
  for (let word of text.split(/\s+/)) {
    const joined = line === '' ? word : `${line} ${word}`
    if (fits(joined)) {
      line = joined
      continue
    }
    if (line !== '') result.push(line)
    while (!fits(word)) {
      let end = word.length - 1
      while (end > 1 && !fits(word.slice(0, end))) end--
      result.push(word.slice(0, end))
      word = word.slice(end)
    }
    line = word
  }
  return line === '' ? result : [...result, line]
}

/** The first line of a text, and a sign where there is more of it. */
function cut(text: string, size: number, width: number): string {
  const [first = '', ...more] = wrapped(text, size, width)
  return more.length === 0 ? first : `${wrapped(text, size, width - textWidth(' ...', size))[0]!} ...`
}

const space = (height: number): Block => ({ height, draw: () => undefined })

const rule: Block = {
  height: 21,
  draw: (canvas, top) => canvas.rect(EDGE, top + 10, INNER, 1, LINE),
}

function identityBlocks({ subject }: Report): Block[] {
  if (subject === null) return []
  const { name, id, birthDate, sex, studyDate, accessionNumber } = subject
  const known = [name, id && `ID ${id}`, birthDate && `born ${birthDate}`, sex, studyDate, accessionNumber]
  return lines(known.filter((one) => one !== null && one !== '').join(' · '), 14, MUTED)
}

/** What the number is not, and what may move it. */
function warningBlocks({ status, first, categories, notMarked, result }: Report): Block[] {
  const texts = [
    ...(status.statement === null ? [] : [status.statement]),
    ...(categories.value === null ? [sentence(`no category: ${categories.reason}`)] : []),
    ...(notMarked.length > 0 ? [`Not marked: ${notMarked.join(', ')}.`] : []),
    ...first.slice(0, MOST_NOTICES).map(({ message, effect }) => `${sentence(message)} ${effect}`),
    ...(first.length > MOST_NOTICES ? [`${first.length - MOST_NOTICES} more warnings in the report.`] : []),
    ...(result.accepted.length > 0 ? [`Overridden refusals: ${result.accepted.join(', ')}.`] : []),
  ]
  if (texts.length === 0) return [space(8)]
  const inside = texts.flatMap((text) => [...lines(text, 14, WARN, 0.13, 20), space(4)])
  const height = inside.reduce((sum, block) => sum + block.height, 20)
  const panel: Block = {
    height: height + 16,
    draw: (canvas, top) => {
      canvas.rect(EDGE, top + 8, INNER, height, WARN_PAPER)
      canvas.rect(EDGE, top + 8, 5, height, WARN)
      let at = top + 18
      for (const block of inside) {
        block.draw(canvas, at)
        at += block.height
      }
    },
  }
  return [panel]
}

function headlineBlock({ headline, categories }: Report): Block {
  const rows = categories.value ?? []
  const size = Math.min(84, (84 * 430) / Math.max(1, textWidth(headline.score, 84)))
  const found = wrapped(headline.found, 14, 450)
  const label = wrapped(headline.label, 15, 450)
  const height = 40 + label.length * 24 + 110 + found.length * 24
  return {
    height: Math.max(height, 30 + rows.length * 62),
    draw: (canvas, top) => {
      let y = top + 30
      for (const line of label) {
        canvas.text(line, [EDGE, y], { size: 15, colour: MUTED })
        y += 24
      }
      y += 82
      canvas.text(headline.score, [EDGE + 4, y], { size, colour: INK, weight: 0.15 })
      y += 36
      for (const line of found) {
        canvas.text(line, [EDGE, y], { size: 14, colour: INK })
        y += 24
      }
      rows.forEach(({ name, value, meaning, provisional }, n) => {
        const at = top + 30 + n * 62
        const short = cut(`${name}${provisional ? ' (provisional)' : ''}`, 12, 440)
        canvas.text(short, [540, at], { size: 12, colour: MUTED })
        const wide = canvas.text(value, [540, at + 30], { size: 20, colour: INK, weight: 0.14 })
        const more = cut(meaning, 13, Math.max(60, WIDTH - EDGE - 560 - wide))
        canvas.text(more, [556 + wide, at + 30], { size: 13, colour: MUTED })
      })
    },
  }
}

/** Right edges of the numbers of a row, and what they are. */
const COLUMNS: readonly (readonly [right: number, title: string, of: (row: VesselRow) => string])[] = [
  [620, 'Score', ({ score }) => score],
  [760, 'Volume mm³', ({ totals }) => fixed(totals.volumeMm3, 1)],
  [870, 'Lesions', ({ totals }) => String(totals.lesions)],
  [WIDTH - EDGE, 'Peak HU', ({ totals }) => plain(totals.peakHu, 0)],
]

function vesselBlocks({ vessels, result, headline }: Report): Block[] {
  if (vessels.length === 0) return []
  const order = inReadingOrder(vessels.map(({ territory }) => territory))
  const rows = order.slice(0, MOST_ROWS).map((name) => vessels.find(({ territory }) => territory === name)!)
  const total: VesselRow = {
    territory: 'Coronary total',
    name: '',
    coronary: true,
    totals: result.total,
    score: headline.score === NONE ? NONE : headline.score,
  }
  const heads: Block = {
    height: 26,
    draw: (canvas, top) => {
      for (const [right, title] of COLUMNS) {
        canvas.text(title, [right, top + 18], { size: 12, colour: MUTED, anchor: 'end' })
      }
    },
  }
  const rest = vessels.length - rows.length
  return [
    rule,
    heads,
    ...rows.map((row) => rowBlock(row, false)),
    rowBlock(total, true),
    ...(rest > 0 ? lines(`${rest} more in the report.`, 12, MUTED) : []),
  ]
}

function rowBlock(row: VesselRow, isTotal: boolean): Block {
  const { territory, name, coronary } = row
  const words = isTotal || name === territory ? '' : name
  const label = [territory, words, coronary ? '' : '(not in the total)'].filter((one) => one !== '').join('  ')
  const colour = coronary ? INK : MUTED
  const weight = isTotal ? 0.15 : 0.11
  return {
    height: 30,
    draw: (canvas, top) => {
      if (isTotal) canvas.rect(EDGE, top + 2, INNER, 1, MUTED)
      else canvas.mark(styleOf(territory).mark, [EDGE + 10, top + 16], 7, vesselColour(territory))
      const short = cut(label, 14, 480)
      canvas.text(short, [EDGE + (isTotal ? 0 : 28), top + 23], { size: 14, colour, weight })
      for (const [right, , of] of COLUMNS) {
        canvas.text(of(row), [right, top + 23], { size: 14, colour, anchor: 'end', weight })
      }
    },
  }
}

/** Pictures of one kind in a row, their titles below. */
function pictureBlocks(pictures: readonly Picture[], kind: Picture['kind'], most: number, columns: number): Block[] {
  const all = pictures.filter((picture) => picture.kind === kind)
  const shown = all.slice(0, most)
  if (shown.length === 0) return []
  const width = Math.floor((INNER - GAP * (columns - 1)) / columns)
  const heights = shown.map((picture) => Math.round((width * picture.height) / picture.width))
  const block: Block = {
    height: Math.max(...heights) + 30,
    draw: (canvas, top) => {
      shown.forEach((picture, n) => {
        const left = EDGE + n * (width + GAP)
        canvas.image(picture.rgb, picture.width, picture.height, left, top, width, heights[n]!)
        const title = cut(picture.title, 12, width)
        canvas.text(title, [left, top + heights[n]! + 20], { size: 12, colour: INK })
      })
    },
  }
  const rest = all.length - shown.length
  return [rule, space(6), block, ...(rest > 0 ? lines(`${rest} more in the report.`, 12, MUTED) : [])]
}

function footBlocks({ result, disclaimer }: Report): Block[] {
  const { standard, engine, input } = result
  const hash = input.pixelSha256 === null ? '' : `, pixels SHA-256 ${input.pixelSha256.slice(0, 16)}...`
  const made = `Standard ${standard.id}, version ${standard.version}; ${engine.name} ${engine.version}${hash}`
  return [rule, ...lines(made, 12, MUTED), ...lines(disclaimer, 14, INK, 0.14)]
}
