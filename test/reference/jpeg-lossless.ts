/**
 * JPEG lossless, process 14, from ITU-T T.81 (annexes B, C, F.1.2, H), a bit at a time: the yardstick for the decoder, and an
 * encoder with every parameter. Written to be read; it shares no code with the package.
 */

/** A Huffman table: codes of each length 1..16, and the categories in order of the codes. */
export interface Table {
  readonly counts: readonly number[]
  readonly categories: readonly number[]
}

export interface Coding {
  readonly rows: number
  readonly columns: number
  /** 2 to 16. */
  readonly precision: number
  /** Predictor, 1 to 7. */
  readonly selection: number
  readonly pointTransform?: number
  /** Samples from one restart to the next; 0: none. */
  readonly interval?: number
  /** Made of the frame's differences; default `optimal`. */
  readonly table?: (frequencies: readonly number[]) => Table
}

/** The categories that occur, most frequent first. */
const byFrequency = (frequencies: readonly number[]): number[] =>
  [...frequencies.keys()].filter((s) => frequencies[s]! > 0).sort((a, b) => frequencies[b]! - frequencies[a]!)

const tableOf = (lengths: readonly number[], categories: readonly number[]): Table => ({
  counts: Array.from({ length: 16 }, (_, i) => lengths.filter((length) => length === i + 1).length),
  categories: categories.map((s, i) => [lengths[i]!, i, s] as const).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, , s]) => s), // prettier-ignore
})

/** Huffman's own tree, with one more leaf than categories: its code, the one of ones, is used for none (C.2). */
export function optimal(frequencies: readonly number[]): Table {
  const used = byFrequency(frequencies)
  let trees = [...used, -1].map((s) => ({ weight: frequencies[s] ?? 0, leaves: [s] }))
  const lengths = new Map<number, number>()
  while (trees.length > 1) {
    trees = trees.toSorted((a, b) => b.weight - a.weight)
    const [b, a] = [trees.pop()!, trees.pop()!]
    for (const s of [...a.leaves, ...b.leaves]) lengths.set(s, (lengths.get(s) ?? 0) + 1)
    trees.push({ weight: a.weight + b.weight, leaves: [...a.leaves, ...b.leaves] })
  }
  const of = used.map((s) => lengths.get(s)!)
  return Math.max(...of) > 16 ? comb(frequencies) : tableOf(of, used)
}

/** All seventeen categories with five bits each. */
export const flat = (): Table => tableOf(Array<number>(17).fill(5), [...Array(17).keys()])

/** One code of each length from 1 to 14, then three of 16 bits; the longest for the most frequent where `reversed`. */
export function comb(frequencies: readonly number[], reversed = false): Table {
  const used = byFrequency(frequencies)
  const all = [...used, ...[...Array(17).keys()].filter((s) => !used.includes(s))]
  if (reversed) all.reverse()
  return tableOf([...Array(14).keys()].map((i) => i + 1).concat(16, 16, 16), all)
}

/** Every code is used, the one of ones too: not as C.2 asks, and yet plain. */
export const complete = (frequencies: readonly number[]): Table =>
  tableOf([...Array(16).keys()].map((i) => i + 1).concat(16), comb(frequencies, true).categories)

/** Codes as text, by category (C.2). */
function codes({ counts, categories }: Table): Map<number, string> {
  const result = new Map<number, string>()
  let code = 0
  let next = 0
  counts.forEach((count, i) => {
    for (let k = 0; k < count; k++) result.set(categories[next++]!, (code++).toString(2).padStart(i + 1, '0'))
    code *= 2
  })
  return result
}

/** What a sample is predicted from the ones before it (H.1.2.1). `x` has reduced samples. */
function prediction(x: ArrayLike<number>, i: number, coding: Coding, depth: number): number {
  const { columns, selection, interval } = coding
  const since = interval ? i % interval : i
  if (since === 0) return 2 ** (depth - 1)
  if (since < columns) return x[i - 1]!
  const b = x[i - columns]!
  if (i % columns === 0) return b
  const [a, c] = [x[i - 1]!, x[i - columns - 1]!]
  return [a, b, c, a + b - c, a + Math.floor((b - c) / 2), b + Math.floor((a - c) / 2), Math.floor((a + b) / 2)][selection - 1]! // prettier-ignore
}

/** Category of a difference, and its further bits (H.1.2.2). */
function categorize(difference: number): [number, string] {
  if (difference === -32768) return [16, '']
  const size = Math.abs(difference)
  const s = size === 0 ? 0 : Math.floor(Math.log2(size)) + 1
  return [s, s === 0 ? '' : (difference > 0 ? difference : difference + 2 ** s - 1).toString(2).padStart(s, '0')]
}

const segment = (marker: number, ...body: number[]): number[] => [0xff, marker, 0, body.length + 2, ...body]
const word = (n: number): [number, number] => [n >> 8, n & 255]

/** Bits, filled up with ones, and a zero after each byte of ones (F.1.2.3). */
function stuffed(bits: string): number[] {
  const full = bits.padEnd(8 * Math.ceil(bits.length / 8), '1')
  const bytes = Array.from({ length: full.length / 8 }, (_, i) => parseInt(full.slice(8 * i, 8 * i + 8), 2))
  return bytes.flatMap((byte) => (byte === 255 ? [255, 0] : [byte]))
}

export const dht = ({ counts, categories }: Table, number = 0): number[] =>
  segment(0xc4, number, ...counts, ...categories)
export const sof = ({ rows, columns, precision }: Coding): number[] =>
  segment(0xc3, precision, ...word(rows), ...word(columns), 1, 1, 0x11, 0)
export const sos = ({ selection, pointTransform = 0 }: Coding): number[] =>
  segment(0xda, 1, 1, 0, selection, 0, pointTransform)

/** The table and the entropy-coded data with its restart markers. */
export function encodeScan(samples: ArrayLike<number>, coding: Coding): { table: Table; data: number[] } {
  const { precision, pointTransform = 0, interval = 0 } = coding
  const x = Array.from(samples, (sample) => sample >> pointTransform)
  const symbols = x.map((sample, i) => {
    const difference = sample - prediction(x, i, coding, precision - pointTransform)
    return categorize(((difference + 32768) & 0xffff) - 32768)
  })
  const frequencies = Array<number>(17).fill(0)
  for (const [s] of symbols) frequencies[s]! += 1
  const table = (coding.table ?? optimal)(frequencies)
  const code = codes(table)
  const data: number[] = []
  const step = interval || x.length
  for (let i = 0, n = 0; i < x.length; i += step, n++) {
    if (n > 0) data.push(0xff, 0xd0 + ((n - 1) % 8))
    const bits = symbols.slice(i, i + step).map(([s, more]) => code.get(s)! + more)
    for (const byte of stuffed(bits.join(''))) data.push(byte)
  }
  return { table, data }
}

/** A whole frame. The samples' bits below the point transform are not coded. */
export function encodeLossless(samples: ArrayLike<number>, coding: Coding): Uint8Array {
  const { table, data } = encodeScan(samples, coding)
  const restart = coding.interval ? segment(0xdd, ...word(coding.interval)) : []
  return Uint8Array.from([0xff, 0xd8, ...dht(table), ...sof(coding), ...restart, ...sos(coding), ...data, 0xff, 0xd9])
}

/** The samples of a sound frame. */
export function decodeLossless(frame: Uint8Array): Coding & { readonly samples: Uint16Array } {
  const tables = new Map<number, Map<string, number>>()
  let coding: Coding = { rows: 0, columns: 0, precision: 0, selection: 0 }
  let number = 0
  let at = 2
  for (let marker = 0; marker !== 0xda;) {
    marker = frame[at + 1]!
    const end = at + 2 + frame[at + 2]! * 256 + frame[at + 3]!
    const body = [...frame.subarray(at + 4, end)]
    const two = (i: number): number => body[i]! * 256 + body[i + 1]!
    if (marker === 0xc3) coding = { ...coding, precision: body[0]!, rows: two(1), columns: two(3) }
    if (marker === 0xdd) coding = { ...coding, interval: two(0) }
    if (marker === 0xda) coding = { ...coding, selection: body[3]!, pointTransform: body[5]! & 15 }
    if (marker === 0xda) number = body[2]! >> 4
    while (marker === 0xc4 && body.length > 0) {
      const [id, counts] = [body.shift()!, body.splice(0, 16)]
      const categories = body.splice(0, counts.reduce((a, b) => a + b, 0)) // prettier-ignore
      tables.set(id, new Map([...codes({ counts, categories })].map(([s, code]) => [code, s])))
    }
    at = end
  }
  const { rows, columns, precision, pointTransform = 0, interval = 0 } = coding
  const depth = precision - pointTransform
  const x = new Uint16Array(rows * columns)
  let bits = 0 // left of the byte at `at`
  const bit = (): string => {
    if (bits === 0) bits = 8
    const one = (frame[at]! >> --bits) & 1
    if (bits === 0) at += frame[at] === 255 ? 2 : 1
    return String(one)
  }
  for (let i = 0; i < x.length; i++) {
    if (interval && i > 0 && i % interval === 0) {
      if (bits > 0) at += frame[at] === 255 ? 2 : 1
      bits = 0
      at += 2
    }
    let code = ''
    while (!tables.get(number)!.has(code)) code += bit()
    const s = tables.get(number)!.get(code)!
    let more = ''
    while (s < 16 && more.length < s) more += bit()
    const value = more === '' ? 0 : parseInt(more, 2)
    const difference = s === 16 ? 32768 : more[0] === '0' ? value - 2 ** s + 1 : value
    x[i] = prediction(x, i, coding, depth) + difference
  }
  return { ...coding, samples: x.map((sample) => sample << pointTransform) }
}
