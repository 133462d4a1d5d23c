/**
 * SVG by hand: the card every picture stands on, text, pixels. Colours go from light to dark with the weight, so that they are told
 * apart in grey and by every kind of colour vision, and the weight stands beside them in words.
 */

export const WIDTH = 700
export const PAD = 20
export const INK = '#111827'
export const MUTED = '#5b6472'
export const BLUE = '#0b63a5'

/** Fill and ink by weight, from 1. */
export const WEIGHT_COLOURS = [
  { fill: '#fde9a9', ink: INK },
  { fill: '#f6a340', ink: INK },
  { fill: '#c2402a', ink: '#ffffff' },
  { fill: '#54185c', ink: '#ffffff' },
] as const

const FONT = "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, 'DejaVu Sans', sans-serif"

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** A number of a coordinate. */
export const at = (value: number): string => String(Number(value.toFixed(1)))

export interface TextStyle {
  readonly size?: number
  readonly bold?: boolean
  readonly fill?: string
  readonly anchor?: 'start' | 'middle' | 'end'
  /** A white rim, for text on hatching. */
  readonly rim?: boolean
}

export function text(x: number, y: number, words: string, style: TextStyle = {}): string {
  const { size = 13, bold = false, fill = INK, anchor = 'start', rim = false } = style
  const more = [
    bold ? ' font-weight="600"' : '',
    anchor === 'start' ? '' : ` text-anchor="${anchor}"`,
    rim ? ' stroke="#ffffff" stroke-width="3" paint-order="stroke" stroke-linejoin="round"' : '',
  ].join('')
  return `<text x="${at(x)}" y="${at(y)}" font-size="${at(size)}" fill="${fill}"${more}>${escape(words)}</text>`
}

export function rect(x: number, y: number, width: number, height: number, fill: string, more = ''): string {
  return `<rect x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(height)}" fill="${fill}"${more && ` ${more}`}/>`
}

export function line(x1: number, y1: number, x2: number, y2: number, stroke = INK, more = ''): string {
  return `<line x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}" stroke="${stroke}"${more && ` ${more}`}/>`
}

/** Words broken to lines that fit, by the width of a usual letter. */
export function wrap(words: string, width: number, size = 13): string[] {
  const most = Math.floor(width / (size * 0.54))
  const lines: string[] = []
  for (const word of words.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

/** A picture: white card, title, what is on it. `description` is what a reader who does not see it is told. */
export function card(title: string, description: string, height: number, content: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${at(height)}" viewBox="0 0 ${WIDTH} ${at(height)}" role="img" font-family="${FONT}">`,
    `<title>${escape(title)}</title>`,
    `<desc>${escape(description)}</desc>`,
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
      '<rect width="6" height="6" fill="#ffffff"/><rect width="2" height="6" fill="#aab1bb"/></pattern></defs>',
    rect(0.5, 0.5, WIDTH - 1, height - 1, '#ffffff', 'rx="10" stroke="#d0d7de"'),
    text(PAD, 32, title, { size: 16, bold: true }),
    ...content,
    '</svg>',
    '',
  ].join('\n')
}

/** What the colours mean, on one line. */
export function legend(y: number): string[] {
  const parts: string[] = []
  let x = PAD
  const item = (fill: string, words: string, stroke: string): void => {
    parts.push(rect(x, y - 11, 14, 14, fill, `stroke="${stroke}"`), text(x + 20, y, words, { size: 12, fill: MUTED }))
    x += 20 + words.length * 6.6 + 18
  }
  WEIGHT_COLOURS.forEach(({ fill }, n) => item(fill, n === 0 ? 'weight 1' : String(n + 1), INK))
  item('url(#hatch)', 'calcified, not counted', INK)
  item('#f3f4f6', 'not calcified', '#d0d7de')
  return parts
}
