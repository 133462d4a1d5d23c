/** Pictures of pixels: the same grid under several rules, with what each makes of it. */
import type { Result } from '../../bindings/index.js'
import type { GridPicture } from './cases.js'
import { type PiecePixel, type Scored, arithmetic, classOf, isCalcified, plain } from './score.js'
import { BLUE, INK, MUTED, PAD, WEIGHT_COLOURS, WIDTH, at, card, legend, line, rect, text, wrap } from './svg.js'

const GAP = 24
const LINE = 17

export function drawGrids(picture: GridPicture, scored: readonly Scored[]): string {
  const { sample, title, layout } = picture
  const parts = [text(PAD, 52, pixelsSaid(picture), { size: 12, fill: MUTED })]
  const top = 76
  const { content, bottom } = layout === 'columns' ? inColumns(picture, scored, top) : inRows(picture, scored, top)
  parts.push(...content, ...legend(bottom + 20))
  const told = scored.map((one) => `${one.variant.heading}: ${tellings(picture, one).join('; ')}`).join('. ')
  return card(title, `${pixelsSaid({ sample })}. ${told}.`, bottom + 38, parts)
}

function pixelsSaid({ sample: { spacingMm, hu } }: Pick<GridPicture, 'sample'>): string {
  const [row, column] = spacingMm
  const slices = hu.length > 1 ? `, ${hu.length} slices` : ''
  return `Numbers are HU; a pixel is ${plain(row)} × ${plain(column)} mm = ${plain(row * column)} mm²${slices}`
}

interface Block {
  readonly content: readonly string[]
  readonly bottom: number
}

function inColumns(picture: GridPicture, scored: readonly Scored[], top: number): Block {
  const perRow = picture.perRow ?? scored.length
  const width = (WIDTH - 2 * PAD - GAP * (perRow - 1)) / perRow
  const content: string[] = []
  let [y, bottom] = [top, top]
  scored.forEach((one, n) => {
    if (n > 0 && n % perRow === 0) y = bottom + 30
    const x = PAD + (n % perRow) * (width + GAP)
    content.push(text(x, y, one.variant.heading, { bold: true, size: 12.5 }))
    const slices = drawSlices(picture, one, x, y + 12)
    content.push(...slices.content)
    let below = slices.bottom + 20
    for (const { words, bold } of toldLines(picture, one, width)) {
      content.push(text(x, below, words, { bold, size: 13 }))
      below += LINE
    }
    bottom = Math.max(bottom, below - LINE + 6)
  })
  return { content, bottom: bottom + 12 }
}

function inRows(picture: GridPicture, scored: readonly Scored[], top: number): Block {
  const content: string[] = []
  let y = top
  for (const [n, one] of scored.entries()) {
    if (n > 0) content.push(line(PAD, y - 18, WIDTH - PAD, y - 18, '#e5e7eb'))
    content.push(text(PAD, y, one.variant.heading, { bold: true }))
    const slices = drawSlices(picture, one, PAD, y + 12)
    content.push(...slices.content)
    const x = PAD + widthOf(picture) + 26
    let below = y + 12 + (picture.sample.labels || picture.sample.hu.length > 1 ? 30 : 18)
    for (const { words, bold } of toldLines(picture, one, WIDTH - PAD - x)) {
      content.push(text(x, below, words, { bold, size: 13 }))
      below += LINE + 1
    }
    y = Math.max(slices.bottom, below - LINE) + 38
  }
  return { content, bottom: y - 24 }
}

function toldLines(picture: GridPicture, scored: Scored, width: number): { words: string; bold: boolean }[] {
  return tellings(picture, scored).flatMap((telling, n) =>
    wrap(telling, width).map((words) => ({ words, bold: n === 0 })),
  )
}

/** What is said of a panel, the most important first. */
export function tellings({ tell }: Pick<GridPicture, 'tell'>, scored: Scored): string[] {
  const { result } = scored
  return tell.flatMap((what) => {
    switch (what) {
      case 'score':
        return [`Agatston ${plain(result.total.agatston)}`, arithmetic(scored)]
      case 'volume':
        return [
          `volume ${plain(result.total.volumeMm3)} mm³`,
          ...(result.standard.volumeThresholdHu === null ? [] : ['(all within the blue line)']),
        ]
      case 'lesions':
        return [`${result.total.lesions} ${result.total.lesions === 1 ? 'lesion' : 'lesions'}`]
      case 'territories':
        return ofTerritories(result)
    }
  })
}

function ofTerritories({ territories, total }: Result): string[] {
  const each = Object.entries(territories).map(([name, { agatston }]) => `${name} ${plain(agatston)}`)
  return [`total ${plain(total.agatston)}`, ...each]
}

const sliceGap = 14
const widthOf = ({ sample: { hu }, cell }: GridPicture): number =>
  hu.length * hu[0]![0]!.length * cell + (hu.length - 1) * sliceGap

function drawSlices(picture: GridPicture, scored: Scored, x: number, y: number): Block {
  const { sample, cell } = picture
  const { hu, labels } = sample
  const content: string[] = []
  const isHeaded = hu.length > 1 || labels !== undefined
  const top = isHeaded ? y + 16 : y
  const width = hu[0]![0]!.length * cell
  hu.forEach((_, k) => {
    const left = x + k * (width + sliceGap)
    if (hu.length > 1) content.push(text(left, y + 10, `slice ${k + 1}`, { size: 11.5, fill: MUTED }))
    content.push(...drawSlice(picture, scored, k, left, top))
    if (labels) content.push(...borders(labels, cell, left, top, y + 10))
  })
  content.push(...rings(scored, cell, x, top, width))
  return { content, bottom: top + hu[0]!.length * cell }
}

export function drawSlice(
  { cell, show }: Pick<GridPicture, 'cell' | 'show'>,
  scored: Scored,
  k: number,
  x: number,
  y: number,
): string[] {
  const cells: string[] = []
  const edges: string[] = []
  const { sample, pixels } = scored
  sample.hu[k]!.forEach((row, r) =>
    row.forEach((hu, c) => {
      const pixel = pixels[k]![r]![c]!
      const isUnread = pixel === null && isCalcified(scored.result.standard, hu)
      const { fill, ink } = isUnread ? HATCHED : coloursOf(scored, pixel, hu)
      const [left, top] = [x + c * cell, y + r * cell]
      cells.push(rect(left, top, cell, cell, fill, 'stroke="#d0d7de" stroke-width="0.7"'))
      const isHatched = isUnread || (pixel !== null && !pixel.piece.counted)
      const words = pixel && show === 'lesion' ? letter(pixel.lesion) : String(hu)
      const size = cell < 26 ? 10.5 : cell < 30 ? 11.5 : 12.5
      const style = {
        size,
        fill: ink,
        anchor: 'middle' as const,
        rim: isHatched,
        bold: show === 'lesion' && pixel !== null,
      }
      cells.push(text(left + cell / 2, top + cell / 2 + size * 0.36, words, style))
      if (pixel) edges.push(...outline(pixels[k]!, pixel, r, c, left, top, cell))
    }),
  )
  return [
    ...cells,
    ...volumeBorder(scored, k, x, y, cell),
    `<path d="${edges.join('')}" stroke="${INK}" stroke-width="2" stroke-linecap="square" fill="none"/>`,
  ]
}

/** Around the pixels that volume and mass are formed of, where these have a threshold of their own. */
function volumeBorder({ result, sample }: Scored, k: number, x: number, y: number, cell: number): string[] {
  const { volumeThresholdHu, ...rules } = result.standard
  if (volumeThresholdHu === null) return []
  const inside = (r: number, c: number): boolean => {
    const hu = sample.hu[k]![r]?.[c]
    return hu !== undefined && isCalcified({ ...rules, volumeThresholdHu, thresholdHu: volumeThresholdHu }, hu)
  }
  const sides = sample.hu[k]!.flatMap((row, r) =>
    row.flatMap((_, c) => {
      if (!inside(r, c)) return []
      const [left, top, right, bottom] = [x + c * cell, y + r * cell, x + (c + 1) * cell, y + (r + 1) * cell].map(at)
      return [
        ...(inside(r - 1, c) ? [] : [`M${left} ${top}H${right}`]),
        ...(inside(r + 1, c) ? [] : [`M${left} ${bottom}H${right}`]),
        ...(inside(r, c - 1) ? [] : [`M${left} ${top}V${bottom}`]),
        ...(inside(r, c + 1) ? [] : [`M${right} ${top}V${bottom}`]),
      ]
    }),
  )
  return [`<path d="${sides.join('')}" stroke="${BLUE}" stroke-width="3" stroke-dasharray="7 4" fill="none"/>`]
}

const letter = (lesion: number): string => String.fromCharCode(64 + lesion)

/** Calcified, and no part of the score. */
const HATCHED = { fill: 'url(#hatch)', ink: INK }

function coloursOf({ result }: Scored, pixel: PiecePixel | null, hu: number): { fill: string; ink: string } {
  if (pixel === null) return { fill: '#f3f4f6', ink: MUTED }
  if (!pixel.piece.counted) return HATCHED
  const { standard } = result
  const weight = standard.weightFrom === 'pixel' ? standard.weights[classOf(standard, hu)]! : pixel.piece.weight
  const colours = WEIGHT_COLOURS[weight - 1]
  if (!colours) throw new Error(`no colour for weight ${weight}`)
  return colours
}

/** The sides of a pixel beyond which its piece ends. */
function outline(
  slice: readonly (readonly (PiecePixel | null)[])[],
  { number }: PiecePixel,
  r: number,
  c: number,
  left: number,
  top: number,
  cell: number,
): string[] {
  const ends = (row: number, column: number): boolean => slice[row]?.[column]?.number !== number
  const [right, bottom] = [at(left + cell), at(top + cell)]
  return [
    ...(ends(r - 1, c) ? [`M${at(left)} ${at(top)}H${right}`] : []),
    ...(ends(r + 1, c) ? [`M${at(left)} ${bottom}H${right}`] : []),
    ...(ends(r, c - 1) ? [`M${at(left)} ${at(top)}V${bottom}`] : []),
    ...(ends(r, c + 1) ? [`M${right} ${at(top)}V${bottom}`] : []),
  ]
}

/** Borders of territories, which are columns here, with the names above. */
function borders(
  { map, names }: NonNullable<Scored['sample']['labels']>,
  cell: number,
  x: number,
  y: number,
  namesY: number,
): string[] {
  const [row] = map
  const parts: string[] = []
  const ids = [...new Set(row)]
  for (const id of ids) {
    const [first, last] = [row!.indexOf(id), row!.lastIndexOf(id) + 1]
    const name = names[id] ?? 'none'
    parts.push(
      text(x + ((first + last) / 2) * cell, namesY, name, { size: 12, anchor: 'middle', fill: BLUE, bold: true }),
    )
    if (last < row!.length) {
      const border = x + last * cell
      parts.push(
        line(border, y - 14, border, y + map.length * cell + 5, BLUE, 'stroke-width="2.5" stroke-dasharray="6 3"'),
      )
    }
  }
  return parts
}

/** Where the reader clicked. */
function rings({ variant }: Scored, cell: number, x: number, y: number, width: number): string[] {
  return (variant.assignments ?? []).flatMap((click) => {
    if (!('slice' in click)) return []
    const cx = x + click.slice * (width + sliceGap) + (click.column + 0.5) * cell
    const cy = y + (click.row + 0.5) * cell
    return [
      `<circle cx="${at(cx)}" cy="${at(cy)}" r="${at(cell * 0.47)}" fill="none" stroke="#ffffff" stroke-width="5"/>`,
      `<circle cx="${at(cx)}" cy="${at(cy)}" r="${at(cell * 0.47)}" fill="none" stroke="${BLUE}" stroke-width="2.5"/>`,
    ]
  })
}
