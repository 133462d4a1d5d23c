/** Writers of DICOM segmentations and RT structure sets for tests, apart from the readers: whatever is to be wrong can be. */
import type { Geometry } from '../../bindings/volume/geometry.js'
import { type Encapsulation, encapsulated } from './encode.js'
import { type Edits, type Element, type Elements, type FileOptions, edited, encodeFile } from './make.js'

type Vec = readonly [number, number, number]

/** A small CT grid: rows, columns, slices, mm between rows, columns, slices, and the first pixel's centre. */
export function gridOf(
  size: readonly [rows: number, columns: number, slices: number] = [12, 10, 5],
  spacing: readonly [number, number, number] = [0.5, 0.4, 3],
  origin: Vec = [-20, -30, 100],
): Geometry {
  const [rows, columns, slices] = size
  return {
    rows,
    columns,
    slices,
    pixelSpacingMm: [spacing[0], spacing[1]],
    rowCosines: [1, 0, 0],
    columnCosines: [0, 1, 0],
    normal: [0, 0, 1],
    positions: Array.from({ length: slices }, (_, k) => [origin[0], origin[1], origin[2] + k * spacing[2]] as const),
    incrementMm: spacing[2],
    thicknessMm: spacing[2],
  }
}

export const CT = { frameOfReferenceUid: '1.2.3.3', seriesInstanceUid: '1.2.3.2' } as const

/** A volume as far as masks ask. */
export const volumeOf = (geometry: Geometry) => ({
  geometry,
  facts: { seriesInstanceUid: CT.seriesInstanceUid },
  frameOfReferenceUid: CT.frameOfReferenceUid as string | null,
})

export const code = (scheme: string, value: string, meaning: string): Elements => ({
  0x00080100: { vr: 'SH', value },
  0x00080102: { vr: 'SH', value: scheme },
  0x00080104: { vr: 'LO', value: meaning },
})
const TISSUE = code('SCT', '85756007', 'Tissue')

export interface Segment {
  readonly number: number
  readonly label?: string
  readonly type?: Elements
  readonly modifier?: Elements
  readonly region?: Elements
  /** Value of each pixel of the grid, slice by slice: 0 or 1, a fraction, or for label maps 0 or 1. */
  readonly pixels: ArrayLike<number>
}

/** One frame as it will be written. */
export interface FrameSpec {
  readonly segment: number
  readonly position: Vec
  readonly values: ArrayLike<number>
  /** Put in among this frame's functional groups; null takes a group out. */
  readonly groups?: Edits
}

export interface SegOptions extends FileOptions {
  readonly kind?: 'BINARY' | 'FRACTIONAL' | 'LABELMAP'
  readonly bits?: 8 | 16
  readonly maximum?: number
  /** Frames in another order, fewer, more, moved. */
  readonly frames?: (frames: readonly FrameSpec[]) => readonly FrameSpec[]
  /** Write frames without any marked pixel, too. */
  readonly keepEmpty?: boolean
  /** Orientation and measures in each frame instead of once for all. */
  readonly perFrame?: boolean
  /** Position of the one plane and segment of all frames in the shared groups. */
  readonly edits?: Edits
  /** For what all frames share: mm between planes (null: not told) and thickness. */
  readonly spacingBetweenMm?: number | null
  readonly thicknessMm?: number | null
  readonly orientation?: readonly number[]
  readonly pixelVr?: 'OB' | 'OW'
  /** Compress each frame: its values, its number. `uid` says what the file is to call it. */
  readonly encode?: (values: Uint16Array, n: number) => Uint8Array
  readonly encapsulation?: Encapsulation
}

const ds = (numbers: readonly number[]): string => numbers.map((n) => String(Number(n.toPrecision(12)))).join('\\')
const sq = (...items: readonly Elements[]): Element => ({ vr: 'SQ', value: items })

/** A segmentation of these segments on this grid. */
export function segFile(grid: Geometry, segments: readonly Segment[], options: SegOptions = {}): Uint8Array {
  const { kind = 'BINARY', bits = 8, keepEmpty = false, syntax = 'explicit' } = options
  const frames = (options.frames ?? ((all) => all))(framesOf(grid, segments, kind, keepEmpty))
  const { rows, columns } = grid
  const spacing = options.spacingBetweenMm === undefined ? grid.incrementMm : options.spacingBetweenMm
  const thickness = options.thicknessMm === undefined ? grid.thicknessMm : options.thicknessMm
  const everywhere: Elements = {
    0x00209116: sq({
      0x00200037: { vr: 'DS', value: ds(options.orientation ?? [...grid.rowCosines, ...grid.columnCosines]) },
    }),
    0x00289110: sq({
      0x00280030: { vr: 'DS', value: ds(grid.pixelSpacingMm) },
      ...(spacing === null ? {} : { 0x00180088: { vr: 'DS', value: ds([spacing]) } }),
      ...(thickness === null ? {} : { 0x00180050: { vr: 'DS', value: ds([thickness]) } }),
    }),
  }
  const allocated = kind === 'BINARY' ? 1 : kind === 'FRACTIONAL' ? 8 : bits
  const labelMap = kind === 'LABELMAP'
  const elements: Record<number, Element> = {
    0x00080016: {
      vr: 'UI',
      value: labelMap ? '1.2.840.10008.5.1.4.1.1.66.7' : '1.2.840.10008.5.1.4.1.1.66.4',
    },
    0x00080018: { vr: 'UI', value: '1.2.3.9' },
    0x00080060: { vr: 'CS', value: 'SEG' },
    0x00081115: sq({ 0x0020000e: { vr: 'UI', value: CT.seriesInstanceUid } }),
    0x00100010: { vr: 'PN', value: 'CANARY^NAME' },
    0x00100020: { vr: 'LO', value: 'CANARYID' },
    0x0020000d: { vr: 'UI', value: '1.2.3.1' },
    0x0020000e: { vr: 'UI', value: '1.2.3.8' },
    0x00200052: { vr: 'UI', value: CT.frameOfReferenceUid },
    0x00280002: { vr: 'US', value: [1] },
    0x00280004: { vr: 'CS', value: 'MONOCHROME2' },
    0x00280008: { vr: 'IS', value: String(frames.length) },
    0x00280010: { vr: 'US', value: [rows] },
    0x00280011: { vr: 'US', value: [columns] },
    0x00280100: { vr: 'US', value: [allocated] },
    0x00280101: { vr: 'US', value: [allocated] },
    0x00280102: { vr: 'US', value: [allocated - 1] },
    0x00280103: { vr: 'US', value: [0] },
    0x00620001: { vr: 'CS', value: kind },
    0x00620002: sq(...segments.map(segmentItem)),
    ...(kind === 'FRACTIONAL'
      ? {
          0x0062000e: { vr: 'US', value: [options.maximum ?? 255] } satisfies Element,
          0x00620010: { vr: 'CS', value: 'PROBABILITY' } satisfies Element,
        }
      : {}),
    0x52009229: sq(options.perFrame ? {} : everywhere),
    0x52009230: sq(
      ...frames.map(({ segment, position, groups = {} }) =>
        edited(
          {
            0x00209113: sq({ 0x00200032: { vr: 'DS', value: ds(position) } }),
            ...(labelMap ? {} : { 0x0062000a: sq({ 0x0062000b: { vr: 'US', value: [segment] } }) }),
            ...(options.perFrame ? everywhere : {}),
          },
          groups,
        ),
      ),
    ),
    0x7fe00010: pixelData(frames, allocated, options.pixelVr ?? (allocated === 16 ? 'OW' : 'OB'), syntax === 'big'),
  }
  const { encode, encapsulation } = options
  const coded = encode
    ? encapsulated(
        frames.map(({ values }, n) => encode(Uint16Array.from(values), n)),
        encapsulation,
      )
    : {}
  return encodeFile(edited(elements, { ...coded, ...options.edits }), options)
}

function segmentItem({ number, label, type = TISSUE, modifier, region }: Segment): Elements {
  return {
    0x00620004: { vr: 'US', value: [number] },
    ...(label === undefined ? {} : { 0x00620005: { vr: 'LO', value: label } }),
    0x0062000f: sq({ ...type, ...(modifier ? { 0x00620011: sq(modifier) } : {}) }),
    ...(region ? { 0x00082218: sq(region) } : {}),
  }
}

function framesOf(
  grid: Geometry,
  segments: readonly Segment[],
  kind: string,
  keepEmpty: boolean,
): readonly FrameSpec[] {
  const size = grid.rows * grid.columns
  const frames: FrameSpec[] = []
  const slice = (pixels: ArrayLike<number>, k: number): number[] =>
    Array.from({ length: size }, (_, i) => pixels[k * size + i]!)
  for (let k = 0; k < grid.slices; k++) {
    const position = grid.positions[k]!
    if (kind === 'LABELMAP') {
      const values = Array.from({ length: size }, () => 0)
      for (const { number, pixels } of segments) {
        slice(pixels, k).forEach((value, i) => {
          if (value) values[i] = number
        })
      }
      frames.push({ segment: 0, position, values })
    } else
      for (const { number, pixels } of segments) frames.push({ segment: number, position, values: slice(pixels, k) })
  }
  return keepEmpty ? frames : frames.filter(({ values }) => Array.from(values).some((value) => value !== 0))
}

/** Bits lowest first and without a gap between frames, bytes or words. OW in big endian swaps the bytes of a word. */
function pixelData(frames: readonly FrameSpec[], allocated: number, vr: 'OB' | 'OW', big: boolean): Element {
  const values = frames.flatMap((frame) => Array.from(frame.values))
  const bytes = new Uint8Array(Math.ceil((values.length * allocated) / 16) * 2)
  values.forEach((value, i) => {
    if (allocated === 1) bytes[i >> 3]! |= value << (i & 7)
    else if (allocated === 8) bytes[i] = value
    else new DataView(bytes.buffer).setUint16(2 * i, value, true)
  })
  if (vr === 'OW' && big) new Uint16Array(bytes.buffer).forEach((word, i, all) => (all[i] = (word << 8) | (word >> 8)))
  return { vr, value: bytes }
}

export interface Contour {
  /** Patient coordinates, mm. */
  readonly points: readonly Vec[]
  readonly type?: string
  readonly edits?: Edits
}

export interface Region {
  readonly number: number
  readonly name: string
  readonly contours: readonly Contour[]
  readonly frameOfReferenceUid?: string | null
  readonly code?: Elements
  readonly interpretedType?: string
}

/** An RT structure set. `series`: the one it was drawn on, null: not told. */
export function rtFile(
  regions: readonly Region[],
  options: FileOptions & { readonly series?: string | null; readonly edits?: Edits } = {},
): Uint8Array {
  const { series = CT.seriesInstanceUid } = options
  const elements: Elements = {
    0x00080016: { vr: 'UI', value: '1.2.840.10008.5.1.4.1.1.481.3' },
    0x00080018: { vr: 'UI', value: '1.2.3.10' },
    0x00080060: { vr: 'CS', value: 'RTSTRUCT' },
    0x00100010: { vr: 'PN', value: 'CANARY^NAME' },
    0x00100020: { vr: 'LO', value: 'CANARYID' },
    0x0020000d: { vr: 'UI', value: '1.2.3.1' },
    0x0020000e: { vr: 'UI', value: '1.2.3.7' },
    ...(series === null
      ? {}
      : {
          0x30060010: sq({
            0x00200052: { vr: 'UI', value: CT.frameOfReferenceUid },
            0x30060012: sq({ 0x30060014: sq({ 0x0020000e: { vr: 'UI', value: series } }) }),
          }),
        }),
    0x30060020: sq(
      ...regions.map(({ number, name, frameOfReferenceUid = CT.frameOfReferenceUid }) => ({
        0x30060022: { vr: 'IS', value: String(number) },
        ...(frameOfReferenceUid === null ? {} : { 0x30060024: { vr: 'UI', value: frameOfReferenceUid } }),
        0x30060026: { vr: 'LO', value: name },
      })),
    ),
    0x30060039: sq(
      ...regions.map(({ number, contours }) => ({
        0x30060040: sq(...contours.map(contourItem)),
        0x30060084: { vr: 'IS', value: String(number) },
      })),
    ),
    0x30060080: sq(
      ...regions.map(({ number, code: identified, interpretedType }) => ({
        0x30060084: { vr: 'IS', value: String(number) },
        ...(identified ? { 0x30060086: sq(identified) } : {}),
        0x300600a4: { vr: 'CS', value: interpretedType ?? 'ORGAN' },
      })),
    ),
  }
  return encodeFile(edited(elements, options.edits ?? {}), options)
}

function contourItem({ points, type = 'CLOSED_PLANAR', edits = {} }: Contour): Elements {
  return edited(
    {
      0x30060042: { vr: 'CS', value: type },
      0x30060046: { vr: 'IS', value: String(points.length) },
      0x30060050: { vr: 'DS', value: points.map(ds).join('\\') },
    },
    edits,
  )
}

/** A contour on slice `k` through these points, in pixels: x is the column, y the row. `lift`: mm off the slice. */
export function contourOf(
  grid: Geometry,
  k: number,
  pixels: readonly (readonly [number, number])[],
  lift = 0,
): Contour {
  const [ox, oy, oz] = grid.positions[k]!
  const [dy, dx] = grid.pixelSpacingMm
  return { points: pixels.map(([x, y]): Vec => [ox + x * dx, oy + y * dy, oz + lift]) }
}

/** Corners of a box of whole pixels: first row and column, rows, columns. */
export const boxOf = (row: number, column: number, rows: number, columns: number): [number, number][] => [
  [column - 0.5, row - 0.5],
  [column + columns - 0.5, row - 0.5],
  [column + columns - 0.5, row + rows - 0.5],
  [column - 0.5, row + rows - 0.5],
]

/** Closed loops along the borders of a set of pixels, in pixels: holes are loops of their own. */
export function outlines(
  inside: (row: number, column: number) => boolean,
  rows: number,
  columns: number,
): [number, number][][] {
  // Border edges by their start, inside always on the same hand.
  const next = new Map<string, [number, number][]>()
  const edge = (x0: number, y0: number, x1: number, y1: number): void => {
    const key = `${x0} ${y0}`
    next.set(key, [...(next.get(key) ?? []), [x1, y1]])
  }
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (!inside(row, column)) continue
      const [l, r, t, b] = [column - 0.5, column + 0.5, row - 0.5, row + 0.5]
      if (row === 0 || !inside(row - 1, column)) edge(l, t, r, t)
      if (column === columns - 1 || !inside(row, column + 1)) edge(r, t, r, b)
      if (row === rows - 1 || !inside(row + 1, column)) edge(r, b, l, b)
      if (column === 0 || !inside(row, column - 1)) edge(l, b, l, t)
    }
  }
  const loops: [number, number][][] = []
  for (const start of next.keys()) {
    while ((next.get(start)?.length ?? 0) > 0) {
      const loop: [number, number][] = []
      let at = start
      do {
        const to = next.get(at)!.pop()!
        loop.push(to)
        at = `${to[0]} ${to[1]}`
      } while (at !== start)
      loops.push(loop)
    }
  }
  return loops
}
