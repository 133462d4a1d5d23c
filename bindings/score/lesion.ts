/** Records -> lesions and pieces as they stand on a result: made only when somebody looks at them. */
import type { Geometry } from '../volume/geometry.js'
import type { Findings } from './findings.js'
import type { Measure, Reading } from './measure.js'
import type { Lesion, Piece } from './result.js'
import { Sum } from './tally.js'

export interface LesionContext {
  readonly reading: Reading
  readonly measure: Measure
  readonly geometry: Geometry
  /** Name of each label id; null without labels. */
  readonly names: readonly (string | null)[] | null
  sopInstanceUid(k: number): string | null
}

/**
 * All lesions, ordered by first slice, row, column; each is made when it is asked for and kept by nobody here, so that a writer
 * that goes through thousands of them holds one at a time.
 */
export function* eachLesion(context: LesionContext): Generator<Lesion> {
  const { reading, names } = context
  const { starts, order } = byLesion(reading.findings)
  const { sliceStarts } = reading.findings
  let id = 0
  for (let n = 0; n + 1 < starts.length; n++) {
    const members: Member[] = []
    let k = 0
    for (let at = starts[n]!; at < starts[n + 1]!; at++) {
      const i = order[at]!
      while (sliceStarts[k + 1]! <= i) k++
      // What lies in no territory is no part of the reading: bone, lines, what nobody clicked on.
      if (names !== null && reading.label(i) === 0 && reading.excluded(i) === null) continue
      members.push({ i, piece: makePiece(context, i, k) })
    }
    if (members.length > 0) yield makeLesion(context, n, ++id, members)
  }
}

/** Pieces in order of lesion, those of one lesion in their own order; where each lesion's begin, and one past the last. */
function byLesion({ lesions, pieces, lesionOf }: Findings): { starts: Uint32Array; order: Uint32Array } {
  const starts = new Uint32Array(lesions + 1)
  for (const lesion of lesionOf) starts[lesion + 1]!++
  for (let n = 0; n < lesions; n++) starts[n + 1]! += starts[n]!
  const next = starts.slice()
  const order = new Uint32Array(pieces)
  for (let i = 0; i < pieces; i++) order[next[lesionOf[i]!]!++] = i
  return { starts, order }
}

/** A piece and its number among the findings. */
interface Member {
  readonly i: number
  readonly piece: Piece
}

function makeLesion(context: LesionContext, lesion: number, id: number, members: readonly Member[]): Lesion {
  const { reading, measure, geometry } = context
  const { findings } = reading
  const sum = new Sum()
  const place = new Place(geometry)
  const territories: string[] = []
  for (const { i, piece } of members) {
    const { territory } = piece
    if (territory !== null && !territories.includes(territory)) territories.push(territory)
    if (piece.counted) sum.add(piece.pixels, reading.weighted(i), findings.sumHu(i, piece.slice), piece.peakHu)
    place.add(piece)
  }
  if (reading.volumes) sum.volume = reading.volumes.ofLesion(lesion)
  return {
    id,
    territories,
    agatston: sum.agatston(measure),
    volumeMm3: sum.volumeMm3(measure),
    massMg: sum.massMg(measure),
    peakHu: sum.pieces === 0 ? null : sum.peakHu,
    meanHu: sum.meanHu(),
    centroidMm: place.centroidMm(),
    boundsMm: [place.low, place.high],
    slices: [members[0]!.piece.slice, members[members.length - 1]!.piece.slice],
    counted: sum.pieces > 0,
    pieces: members.map(({ piece }) => piece),
  }
}

/** Where pixels lie in the patient, counted or not: where a lesion lies does not depend on what counts. */
class Place {
  readonly low: [number, number, number] = [Infinity, Infinity, Infinity]
  readonly high: [number, number, number] = [-Infinity, -Infinity, -Infinity]
  readonly #geometry: Geometry
  readonly #weighted: [number, number, number] = [0, 0, 0]
  #pixels = 0

  constructor(geometry: Geometry) {
    this.#geometry = geometry
  }

  /** Add a piece: its centroid, and the corners of its box, in patient coordinates. Indexed throughout: it runs for thousands. */
  add(piece: Piece): void {
    const { rowCosines, columnCosines, pixelSpacingMm, positions } = this.#geometry
    const { boxPx: box, centroidPx: centroid, pixels } = piece
    const position = positions[piece.slice]!
    const { low, high } = this
    this.#pixels += pixels
    for (let n = 0; n < 3; n++) {
      const axis = n as 0 | 1 | 2
      // A coordinate is linear in row and column, so it has its extremes where each of the two has its own.
      const perRow = columnCosines[axis] * pixelSpacingMm[0]
      const perColumn = rowCosines[axis] * pixelSpacingMm[1]
      const start = position[axis]
      const top = box[0] * perRow
      const bottom = box[2] * perRow
      const left = box[1] * perColumn
      const right = box[3] * perColumn
      const least = start + (top < bottom ? top : bottom) + (left < right ? left : right)
      const most = start + (top < bottom ? bottom : top) + (left < right ? right : left)
      this.#weighted[axis] += (start + centroid[0] * perRow + centroid[1] * perColumn) * pixels
      if (least < low[axis]) low[axis] = least
      if (most > high[axis]) high[axis] = most
    }
  }

  centroidMm(): [number, number, number] {
    const [x, y, z] = this.#weighted
    return [x / this.#pixels, y / this.#pixels, z / this.#pixels]
  }
}

function makePiece({ reading, measure, names, sopInstanceUid }: LesionContext, i: number, k: number): Piece {
  const { findings } = reading
  const pixels = findings.pixels(i)
  return {
    slice: k,
    territory: names === null ? null : names[reading.label(i)]!,
    sopInstanceUid: sopInstanceUid(k),
    centroidPx: [findings.sumRow(i) / pixels, findings.sumColumn(i) / pixels],
    boxPx: findings.box(i),
    pixels,
    areaMm2: pixels * measure.areaMm2,
    peakHu: findings.peakHu(i, k),
    meanHu: findings.sumHu(i, k) / pixels,
    weight: reading.weighted(i) / pixels,
    counted: reading.counted(i),
    suggested: null,
    excluded: reading.excluded(i),
  }
}
