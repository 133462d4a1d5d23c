/**
 * Letters for rasters: a face of single strokes with round ends, as on technical drawings, which can be set at any size without a
 * font file. Most text of a report stands in captions; this is for what must be inside a picture.
 */

/** Baseline below the top of a capital, in units of the face. Small letters begin at 4, tails end at 18. */
export const BASELINE = 14
const GAP = 3.6
const BLANK = 5

const BOWL_LEFT = 'M7 7.5Q6 4 3.5 4Q0 4 0 9Q0 14 3.5 14Q6 14 7 10.5'
const BOWL_RIGHT = 'M0 7.5Q1 4 3.5 4Q7 4 7 9Q7 14 3.5 14Q1 14 0 10.5'

/** Width, and strokes: M moves, L a line, Q a quadratic curve. Digits are of one width. */
const GLYPHS: Readonly<Record<string, readonly [width: number, strokes: string]>> = Object.freeze({
  A: [10, 'M0 14L5 0L10 14M1.8 9L8.2 9'],
  B: [8.5, 'M0 0L4.5 0Q8 0 8 3.5Q8 7 4.5 7L0 7M4.5 7Q8.5 7 8.5 10.5Q8.5 14 4.5 14L0 14L0 0'],
  C: [9, 'M9 2.6Q7.6 0 4.5 0Q0 0 0 5L0 9Q0 14 4.5 14Q7.6 14 9 11.4'],
  D: [9, 'M0 0L4 0Q9 0 9 6L9 8Q9 14 4 14L0 14L0 0'],
  E: [7.5, 'M7.5 0L0 0L0 14L7.5 14M0 7L6 7'],
  F: [7.5, 'M7.5 0L0 0L0 14M0 7L6 7'],
  G: [9, 'M9 2.6Q7.6 0 4.5 0Q0 0 0 5L0 9Q0 14 4.5 14Q9 14 9 9.5L9 8L5 8'],
  H: [9, 'M0 0L0 14M9 0L9 14M0 7L9 7'],
  I: [0, 'M0 0L0 14'],
  J: [6, 'M6 0L6 10Q6 14 2.5 14Q0.8 14 0 13'],
  K: [8.5, 'M0 0L0 14M8 0L0 8.4M2.8 5.6L8.5 14'],
  L: [7, 'M0 0L0 14L7 14'],
  M: [10.5, 'M0 14L0 0L5.25 9L10.5 0L10.5 14'],
  N: [9, 'M0 14L0 0L9 14L9 0'],
  O: [9.5, 'M4.75 0Q9.5 0 9.5 5L9.5 9Q9.5 14 4.75 14Q0 14 0 9L0 5Q0 0 4.75 0'],
  P: [8, 'M0 14L0 0L4.5 0Q8 0 8 3.9Q8 7.8 4.5 7.8L0 7.8'],
  Q: [9.5, 'M4.75 0Q9.5 0 9.5 5L9.5 9Q9.5 14 4.75 14Q0 14 0 9L0 5Q0 0 4.75 0M6 10.5L10 15'],
  R: [8.5, 'M0 14L0 0L4.5 0Q8 0 8 3.75Q8 7.5 4.5 7.5L0 7.5M4.8 7.5L8.5 14'],
  S: [8.5, 'M8.2 2.2Q7 0 4.2 0Q0.3 0 0.3 3.5Q0.3 6.3 4.2 7Q8.5 7.8 8.5 10.6Q8.5 14 4.3 14Q1.2 14 0 11.6'],
  T: [9, 'M0 0L9 0M4.5 0L4.5 14'],
  U: [9, 'M0 0L0 9.5Q0 14 4.5 14Q9 14 9 9.5L9 0'],
  V: [10, 'M0 0L5 14L10 0'],
  W: [14, 'M0 0L3.2 14L7 2.5L10.8 14L14 0'],
  X: [9, 'M0 0L9 14M9 0L0 14'],
  Y: [9, 'M0 0L4.5 7L9 0M4.5 7L4.5 14'],
  Z: [8.5, 'M0 0L8.5 0L0 14L8.5 14'],
  0: [8.5, 'M4.25 0Q8.5 0 8.5 5L8.5 9Q8.5 14 4.25 14Q0 14 0 9L0 5Q0 0 4.25 0'],
  1: [8.5, 'M1.5 3L5 0L5 14'],
  2: [8.5, 'M0.2 3.2Q0.6 0 4.3 0Q8.2 0 8.2 3.8Q8.2 6 5.6 8.4L0 14L8.5 14'],
  3: [8.5, 'M0.6 0L8 0L4 5.4Q8.5 5.4 8.5 9.7Q8.5 14 4 14Q1.2 14 0 11.8'],
  4: [8.5, 'M6.5 14L6.5 0L0 10L8.5 10'],
  5: [8.5, 'M7.6 0L1 0L0.5 6.4Q2 5.2 4.2 5.2Q8.5 5.2 8.5 9.5Q8.5 14 4 14Q1.2 14 0 11.9'],
  6: [8.5, 'M7.4 1.5Q6.2 0 4.6 0Q0 0 0 8L0 9.5Q0 14 4.25 14Q8.5 14 8.5 9.8Q8.5 5.7 4.4 5.7Q1.4 5.7 0 8.6'],
  7: [8.5, 'M0 0L8.5 0L3.2 14'],
  8: [
    8.5,
    'M4.25 6.6Q0.6 6.6 0.6 3.3Q0.6 0 4.25 0Q7.9 0 7.9 3.3Q7.9 6.6 4.25 6.6Q0 6.6 0 10.3Q0 14 4.25 14Q8.5 14 8.5 10.3Q8.5 6.6 4.25 6.6',
  ],
  9: [8.5, 'M1.1 12.5Q2.3 14 3.9 14Q8.5 14 8.5 6L8.5 4.5Q8.5 0 4.25 0Q0 0 0 4.2Q0 8.3 4.1 8.3Q7.1 8.3 8.5 5.4'],
  a: [7, `M7 4L7 14${BOWL_LEFT}`],
  b: [7, `M0 0L0 14${BOWL_RIGHT}`],
  c: [6.8, 'M6.8 5.8Q5.8 4 3.6 4Q0 4 0 9Q0 14 3.6 14Q5.8 14 6.8 12.2'],
  d: [7, `M7 0L7 14${BOWL_LEFT}`],
  e: [7, 'M0 9L7 9Q7 4 3.5 4Q0 4 0 9Q0 14 3.7 14Q5.8 14 6.8 12.3'],
  f: [5, 'M5 0.3Q4.6 0 4 0Q1.8 0 1.8 2.8L1.8 14M0 4.6L4.6 4.6'],
  g: [7, `M7 4L7 14.5Q7 18 3.6 18Q1.4 18 0.4 16.8${BOWL_LEFT}`],
  h: [6.8, 'M0 0L0 14M0 8Q0.8 4 3.8 4Q6.8 4 6.8 7.6L6.8 14'],
  i: [0, 'M0 4L0 14M0 0.2L0 0.4'],
  j: [2.5, 'M2.5 4L2.5 15.5Q2.5 18 0.3 18L0 18M2.5 0.2L2.5 0.4'],
  k: [6.6, 'M0 0L0 14M6.2 4L0 10M2.4 7.8L6.6 14'],
  l: [2, 'M0 0L0 11.8Q0 14 2 14'],
  m: [11.4, 'M0 4L0 14M0 7.6Q0.8 4 3.2 4Q5.7 4 5.7 7.4L5.7 14M5.7 7.6Q6.5 4 8.9 4Q11.4 4 11.4 7.4L11.4 14'],
  n: [6.8, 'M0 4L0 14M0 8Q0.8 4 3.8 4Q6.8 4 6.8 7.6L6.8 14'],
  o: [7, 'M3.5 4Q7 4 7 9Q7 14 3.5 14Q0 14 0 9Q0 4 3.5 4'],
  p: [7, `M0 4L0 18${BOWL_RIGHT}`],
  q: [7, `M7 4L7 18${BOWL_LEFT}`],
  r: [4.4, 'M0 4L0 14M0 8Q0.6 4.2 4.4 4.2'],
  s: [6, 'M5.8 5.7Q5 4 3 4Q0.2 4 0.2 6.4Q0.2 8.3 3 8.9Q6 9.5 6 11.6Q6 14 3 14Q0.8 14 0 12.2'],
  t: [5, 'M1.8 1L1.8 11.4Q1.8 14 4 14Q4.6 14 5 13.8M0 4.6L4.8 4.6'],
  u: [6.8, 'M0 4L0 10.4Q0 14 3 14Q6 14 6.8 10M6.8 4L6.8 14'],
  v: [7, 'M0 4L3.5 14L7 4'],
  w: [10.6, 'M0 4L2.5 14L5.3 6L8.1 14L10.6 4'],
  x: [6.6, 'M0 4L6.6 14M6.6 4L0 14'],
  y: [7, 'M0 4L3.6 14M7 4L3.2 15.6Q2.4 18 0.4 18'],
  z: [6.4, 'M0 4L6.4 4L0 14L6.4 14'],
  '.': [0.4, 'M0.2 13.7L0.2 14'],
  ',': [0.8, 'M0.8 13.6L0.8 14L0 16.4'],
  ':': [0.4, 'M0.2 6L0.2 6.3M0.2 13.7L0.2 14'],
  ';': [0.8, 'M0.8 6L0.8 6.3M0.8 13.6L0.8 14L0 16.4'],
  '-': [5, 'M0 9L5 9'],
  '–': [7, 'M0 9L7 9'],
  '—': [10, 'M0 9L10 9'],
  _: [8, 'M0 16L8 16'],
  '+': [7, 'M0 9L7 9M3.5 5.5L3.5 12.5'],
  '±': [7, 'M0 7L7 7M3.5 3.5L3.5 10.5M0 14L7 14'],
  '×': [6, 'M0 6L6 12M6 6L0 12'],
  '=': [7, 'M0 7.2L7 7.2M0 10.8L7 10.8'],
  '<': [7, 'M7 4.5L0 9L7 13.5'],
  '>': [7, 'M0 4.5L7 9L0 13.5'],
  '≥': [7, 'M0 2L7 6L0 10M0 14L7 14'],
  '≤': [7, 'M7 2L0 6L7 10M0 14L7 14'],
  '/': [6, 'M0 16L6 -1'],
  '\\': [6, 'M0 -1L6 16'],
  '|': [0, 'M0 -1L0 17'],
  '(': [3, 'M3 -1Q0 2.5 0 7.5Q0 12.5 3 16'],
  ')': [3, 'M0 -1Q3 2.5 3 7.5Q3 12.5 0 16'],
  '[': [3, 'M3 -1L0 -1L0 16L3 16'],
  ']': [3, 'M0 -1L3 -1L3 16L0 16'],
  '%': [11, 'M10 0L1 14M2.5 0Q5 0 5 3Q5 6 2.5 6Q0 6 0 3Q0 0 2.5 0M8.5 8Q11 8 11 11Q11 14 8.5 14Q6 14 6 11Q6 8 8.5 8'],
  '!': [0, 'M0 0L0 9.5M0 13.7L0 14'],
  '?': [7, 'M0 3Q0.4 0 3.5 0Q7 0 7 3.4Q7 5.4 5 7Q3.4 8.2 3.4 10M3.4 13.7L3.4 14'],
  "'": [0, 'M0 0L0 3.6'],
  '"': [3, 'M0 0L0 3.6M3 0L3 3.6'],
  '*': [6, 'M3 0L3 6.4M0.2 1.6L5.8 4.8M5.8 1.6L0.2 4.8'],
  '#': [9, 'M3 0L1.5 14M7.5 0L6 14M0.5 4.6L9 4.6M0 9.4L8.5 9.4'],
  '&': [9.5, 'M9.5 14L2.4 5.4Q1 3.6 1.2 2.2Q1.6 0 4 0Q6.4 0 6.4 2.5Q6.4 4.6 3.4 6.2Q0 8 0 10.6Q0 14 3.8 14Q8 14 9 8'],
  '·': [0.4, 'M0.2 8.7L0.2 9'],
  '°': [4, 'M2 0Q4 0 4 2Q4 4 2 4Q0 4 0 2Q0 0 2 0'],
  '²': [4.4, 'M0 1.8Q0.2 0 2.2 0Q4.2 0 4.2 2Q4.2 3.2 0 7L4.4 7'],
  '³': [4.4, 'M0.2 0L4 0L2 2.8Q4.4 2.8 4.4 4.9Q4.4 7 2 7Q0.6 7 0 6'],
  '†': [6, 'M3 0L3 16M0 4.6L6 4.6'],
  '@': [
    13,
    'M9.4 5L9.4 9.5Q9.4 11.4 11 11.4Q13 11.4 13 7.5Q13 0 6.6 0Q0 0 0 7.5Q0 15 6.8 15Q9 15 10.6 14.2M9.4 8.2Q9.4 4.6 6.6 4.6Q3.8 4.6 3.8 8Q3.8 11.4 6.4 11.4Q9 11.4 9.4 8.2',
  ],
})

/** What stands for a sign the face does not have. */
const UNKNOWN: readonly [number, string] = [6, 'M0 2L6 2L6 14L0 14L0 2']

/** From one point to the next, in units of the face. */
export type Segment = readonly [x1: number, y1: number, x2: number, y2: number]

/** Pieces of a curve. */
const PARTS = 6

/** Every stroke of a line of text, its upper left corner at 0, 0; and its width. Accents are left out, unknown signs are boxes. */
export function strokesOf(text: string): { readonly segments: readonly Segment[]; readonly width: number } {
  const segments: Segment[] = []
  let left = 0
  for (const sign of text.normalize('NFD').replace(/\p{M}|\p{C}/gu, '')) {
    if (/\s/u.test(sign)) {
      left += BLANK
      continue
    }
    const [width, strokes] = Object.hasOwn(GLYPHS, sign) ? GLYPHS[sign]! : UNKNOWN
    for (const [x1, y1, x2, y2] of flat(strokes)) segments.push([x1 + left, y1, x2 + left, y2])
    left += width + GAP
  }
  return { segments, width: Math.max(0, left - GAP) }
}

/** Strokes as straight pieces. */
function flat(strokes: string): readonly Segment[] {
  const segments: Segment[] = []
  let [x, y] = [0, 0]
  for (const [, letter, rest] of strokes.matchAll(/([MLQ])([-\d. ]+)/g)) {
    const at = rest!.trim().split(' ').map(Number)
    const [endX, endY] = [at[at.length - 2]!, at[at.length - 1]!]
    if (letter === 'L') segments.push([x, y, endX, endY])
    if (letter === 'Q') {
      const [bendX, bendY] = [at[0]!, at[1]!]
      let [fromX, fromY] = [x, y]
      for (let part = 1; part <= PARTS; part++) {
        const t = part / PARTS
        const s = 1 - t
        const toX = s * s * x + 2 * s * t * bendX + t * t * endX
        const toY = s * s * y + 2 * s * t * bendY + t * t * endY
        segments.push([fromX, fromY, toX, toY])
        ;[fromX, fromY] = [toX, toY]
      }
    }
    ;[x, y] = [endX, endY]
  }
  return segments
}
