/**
 * DICOM Segmentation (PS3.3 A.51, C.8.20) onto the grid of a volume.
 *
 * Frames come in any order, each with its own segment and position; a frame that is not there is empty. So a segmentation must
 * cover the volume in its planes, and cannot be asked to along the normal. Frames on other planes than the slices stand for
 * half their distance either way, and a slice takes the nearest.
 */
import type { DataSet } from '../dataset.js'
import { beyondNote, nearestNote } from '../../volume/mask-trouble.js'
import type { Code, Described } from '../../volume/territory-names.js'
import type { DecodeFrame } from '../decoding/encoded.js'
import type { Limits } from '../limits.js'
import type { MaskCanvas, Owner } from './canvas.js'
import { MaskFrames, type Occupied } from './frames.js'
import { type FrameIndex, GridMatch, Heights, choosePlanes } from './grid.js'
import type { NamedPart } from './names.js'
import { type PlacedFrame, readStack } from './planes.js'
import { MASK_TAG } from './tags.js'
import type { OpenedObject } from '../open.js'
import { parseFailed } from '../trouble.js'

/** The segments of a segmentation. @throws AgatstonError `PARSE_FAILED` where they have no numbers, or share one */
export function readSegments(set: DataSet): readonly Described[] {
  const { file } = set
  const segments = set.items(MASK_TAG.SegmentSequence).map((item): Described => {
    const number = item.unsigned(MASK_TAG.SegmentNumber)
    if (number === null) throw parseFailed('value', 'a segment has no number', { file, tag: MASK_TAG.SegmentNumber })
    const types = item.items(MASK_TAG.SegmentedPropertyTypeCodeSequence)
    return {
      number,
      label: item.text(MASK_TAG.SegmentLabel),
      types: codesOf(types, MASK_TAG.SegmentedPropertyTypeModifierCodeSequence),
      regions: [
        ...codesOf(item.items(MASK_TAG.AnatomicRegionSequence), MASK_TAG.AnatomicRegionModifierSequence),
        ...codesOf(item.items(MASK_TAG.PrimaryAnatomicStructureSequence)),
      ],
    }
  })
  if (new Set(segments.map(({ number }) => number)).size !== segments.length) {
    throw parseFailed('structure', 'two segments have one number', { file, tag: MASK_TAG.SegmentNumber })
  }
  // In label maps the background may be a segment of its own.
  return segments.filter(({ number }) => number !== 0)
}

/** Codes of a sequence's items, then those of the modifiers in them. */
export function codesOf(items: readonly DataSet[], modifiers?: number): readonly Code[] {
  return items.flatMap((item) => [
    {
      scheme: item.text(MASK_TAG.CodingSchemeDesignator),
      value: item.text(MASK_TAG.CodeValue),
      meaning: item.text(MASK_TAG.CodeMeaning),
    },
    ...(modifiers === undefined ? [] : codesOf(item.items(modifiers))),
  ])
}

/**
 * Paint the segments taken for territories; owners, with the pixels each got, and notes.
 *
 * @throws AgatstonError what `MaskFrames` throws; `PARSE_FAILED` for groups that do not belong to the frames;
 *   `TERRITORY_MISMATCH` for frames without position, not parallel, not covering, twice the same, or two territories a pixel
 */
export async function paintSegmentation(
  opened: OpenedObject,
  set: DataSet,
  parts: readonly NamedPart[],
  canvas: MaskCanvas,
  { limits, decode }: { readonly limits: Limits; readonly decode: DecodeFrame },
): Promise<{ readonly owners: readonly Owner[]; readonly notes: readonly string[] }> {
  const { file } = set
  const pixels = new MaskFrames(opened, set, limits, decode)
  const heights = new Heights(canvas.geometry)
  const stack = readStack(set, pixels, heights)
  const match = new GridMatch(stack.grid, canvas.geometry, file)
  const choice = choosePlanes(
    stack.planes.map(({ heightMm }) => heightMm),
    heights,
    stack.distanceMm / 2,
  )
  const owners = new Map<number, Owner | null>()
  for (const part of parts) owners.set(part.number, part.territory === null ? null : canvas.enter(part, part.territory))
  const ownerOf = (segment: number): Owner | null => {
    const owner = owners.get(segment)
    if (owner !== undefined) return owner
    throw parseFailed('structure', `a frame shows segment ${segment}, which is not among the segments`, { file })
  }

  const slicesOf = stack.planes.map((): number[] => [])
  choice.ofSlice.forEach((plane, k) => plane >= 0 && slicesOf[plane]!.push(k))
  const read = (n: number): Promise<Occupied> => {
    // A few bytes may decode to a frame of any size.
    if (pixels.compressed) canvas.spend(Math.ceil((pixels.rows * pixels.columns) / 8), file)
    return pixels.read(n)
  }
  for (const [p, { frames }] of stack.planes.entries()) {
    for (const { n, segment, position } of frames) {
      const one = segment === null ? undefined : ownerOf(segment)
      if (one === null || slicesOf[p]!.length === 0) continue
      const occupied = await read(n)
      if (!occupied) continue
      for (const k of slicesOf[p]!) {
        const index = match.index(heights.onto(position, k), k)
        paintFrame({ pixels, occupied, index, k, canvas, file }, (value) => (one === undefined ? ownerOf(value) : one))
      }
    }
  }
  const beyond = choice.beyond.flatMap((p) => stack.planes[p]!.frames)
  return {
    owners: [...owners.values()].filter((owner) => owner !== null),
    notes: [
      ...notesOf(file, pixels, match.resampled || choice.resampled),
      ...(await beyondNotes(file, beyond, owners, async (n) => ((await read(n)) ? pixels.values : null))),
    ],
  }
}

/** Which territories go on beyond the scan, and on how many planes they mark something there. */
async function beyondNotes(
  file: string,
  frames: readonly PlacedFrame[],
  owners: ReadonlyMap<number, Owner | null>,
  valuesOf: (n: number) => Promise<Uint16Array | null>,
): Promise<readonly string[]> {
  const planes = new Map<number, number>()
  for (const { n, segment } of frames) {
    if (segment !== null && !owners.get(segment)) continue
    const values = await valuesOf(n)
    if (!values) continue
    for (const number of segment === null ? new Set(values) : [segment]) {
      planes.set(number, (planes.get(number) ?? 0) + 1)
    }
  }
  return [...owners].flatMap(([number, owner]) => {
    const count = planes.get(number) ?? 0
    return owner && count > 0 ? [beyondNote(file, `segment ${number} (${owner.territory})`, count)] : []
  })
}

interface Painting {
  readonly pixels: MaskFrames
  readonly occupied: NonNullable<Occupied>
  readonly index: FrameIndex
  readonly k: number
  readonly canvas: MaskCanvas
  readonly file: string
}

/** Mark every pixel of slice `k` that lies in an occupied pixel of the frame read last. */
function paintFrame(painting: Painting, owner: (value: number) => Owner | null): void {
  const { pixels, occupied, index, k, canvas, file } = painting
  const { rows, columns, swapped } = index
  const [rowStride, columnStride] = swapped ? [1, pixels.columns] : [pixels.columns, 1]
  const rowRange = swapped ? occupied.columns : occupied.rows
  const columnRange = swapped ? occupied.rows : occupied.columns
  const inside = (n: number, [low, high]: readonly [number, number]): boolean => n >= low && n <= high
  const first = columns.findIndex((n) => inside(n, columnRange))
  const last = columns.findLastIndex((n) => inside(n, columnRange))
  canvas.spend(rows.length + columns.length, file)
  if (first < 0) return
  for (let row = 0; row < rows.length; row++) {
    if (!inside(rows[row]!, rowRange)) continue
    canvas.spend(last - first + 1, file)
    const line = (k * rows.length + row) * columns.length
    for (let column = first; column <= last; column++) {
      const value = pixels.values[rows[row]! * rowStride + columns[column]! * columnStride]!
      const marks = value === 0 ? null : owner(value)
      if (marks) canvas.mark(line + column, marks)
    }
  }
}

function notesOf(file: string, pixels: MaskFrames, resampled: boolean): readonly string[] {
  const notes: string[] = []
  if (pixels.fractionsMet) {
    const half = Math.ceil(pixels.threshold)
    notes.push(`${file}: fractions from 0 to ${pixels.most}; a pixel is inside from ${half} on, half of the largest`)
  }
  if (resampled) notes.push(nearestNote(file))
  return notes
}
