/** Records -> lesions and pieces as they stand on a result: made only when somebody looks at them. */
import type { Geometry } from '../volume/geometry.js'
import type { Findings } from './findings.js'
import type { Lesion, Piece } from './result.js'
import { type Measure, Sum } from './tally.js'

export interface LesionContext {
  readonly findings: Findings
  readonly measure: Measure
  readonly geometry: Geometry
  /** Name of each label id; null without labels. */
  readonly names: readonly (string | null)[] | null
  sopInstanceUid(k: number): string | null
}

/** All lesions, ordered by first slice, row, column. */
export function makeLesions(context: LesionContext): readonly Lesion[] {
  const { findings } = context
  const builders = Array.from({ length: findings.lesions }, (_, id) => new LesionBuilder(context, id + 1))
  for (let k = 0; k + 1 < findings.sliceStarts.length; k++) {
    for (let i = findings.sliceStarts[k]!; i < findings.sliceStarts[k + 1]!; i++)
      builders[findings.lesionOf[i]!]!.add(i, k)
  }
  return Object.freeze(builders.map((builder) => builder.build()))
}

class LesionBuilder {
  readonly #context: LesionContext
  readonly #id: number
  readonly #pieces: Piece[] = []
  readonly #sum = new Sum()
  readonly #territories = new Set<string>()
  // Over all pixels, counted or not: where the lesion lies does not depend on what counts.
  #pixels = 0
  readonly #weighted: [number, number, number] = [0, 0, 0]
  readonly #low: [number, number, number] = [Infinity, Infinity, Infinity]
  readonly #high: [number, number, number] = [-Infinity, -Infinity, -Infinity]

  constructor(context: LesionContext, id: number) {
    this.#context = context
    this.#id = id
  }

  add(i: number, k: number): void {
    const piece = makePiece(this.#context, i, k)
    const { findings } = this.#context
    this.#pieces.push(piece)
    if (piece.territory !== null) this.#territories.add(piece.territory)
    if (piece.counted) this.#sum.add(piece.pixels, piece.weight, findings.sumHu(i, k), piece.peakHu)
    this.#locate(piece)
  }

  /** Add the piece's place: its centroid, and the four corners of its box, in patient coordinates. */
  #locate(piece: Piece): void {
    const { geometry } = this.#context
    const { rowCosines, columnCosines, pixelSpacingMm } = geometry
    const start = geometry.positions[piece.slice]!
    const [row0, column0, row1, column1] = piece.boxPx
    const [row, column] = piece.centroidPx
    this.#pixels += piece.pixels
    for (let axis = 0; axis < 3; axis++) {
      // A coordinate is linear in row and column, so each axis has its extremes where each of the two has its own.
      const alongRows = columnCosines[axis]! * pixelSpacingMm[0]
      const alongColumns = rowCosines[axis]! * pixelSpacingMm[1]
      const base = start[axis]!
      const low =
        base + Math.min(row0 * alongRows, row1 * alongRows) + Math.min(column0 * alongColumns, column1 * alongColumns)
      const high =
        base + Math.max(row0 * alongRows, row1 * alongRows) + Math.max(column0 * alongColumns, column1 * alongColumns)
      this.#weighted[axis] = this.#weighted[axis]! + (base + row * alongRows + column * alongColumns) * piece.pixels
      if (low < this.#low[axis]!) this.#low[axis] = low
      if (high > this.#high[axis]!) this.#high[axis] = high
    }
  }

  build(): Lesion {
    const { measure } = this.#context
    const totals = this.#sum.totals(measure, null)
    const [x, y, z] = this.#weighted
    return {
      id: this.#id,
      territories: [...this.#territories],
      agatston: totals.agatston,
      volumeMm3: totals.volumeMm3,
      massMg: totals.massMg,
      peakHu: totals.peakHu,
      meanHu: totals.meanHu,
      centroidMm: [x / this.#pixels, y / this.#pixels, z / this.#pixels],
      boundsMm: [this.#low, this.#high],
      slices: [this.#pieces[0]!.slice, this.#pieces.at(-1)!.slice],
      counted: this.#sum.pieces > 0,
      pieces: this.#pieces,
    }
  }
}

function makePiece({ findings, measure, names, sopInstanceUid }: LesionContext, i: number, k: number): Piece {
  const pixels = findings.pixels(i)
  return {
    slice: k,
    territory: names === null ? null : names[findings.label(i)]!,
    sopInstanceUid: sopInstanceUid(k),
    centroidPx: [findings.sumRow(i) / pixels, findings.sumColumn(i) / pixels],
    boxPx: findings.box(i),
    pixels,
    areaMm2: pixels * measure.areaMm2,
    peakHu: findings.peakHu(i, k),
    meanHu: findings.sumHu(i, k) / pixels,
    weight: measure.standard.weights[findings.peakClass(i)],
    counted: pixels >= measure.minimumPixels,
    suggested: null,
    excluded: null,
  }
}
