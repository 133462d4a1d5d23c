/**
 * What is brighter than calcium: metal, and peaks cut off at the highest value there is. Only a slice with such a piece is looked
 * at again, by the same kernel under other edges.
 */
import type { Warning, WarningCode } from '../base/errors.js'
import type { Edges } from '../engine/ladder.js'
import type { PixelKind, Rescale } from '../volume/volume.js'
import type { Findings } from './findings.js'
import type { Measure, Reading } from './measure.js'

/** No calcium is above so many HU; a region of it larger than so many mm2 is metal. */
const METAL_HU = 2000
const METAL_MM2 = 10
const TOLERANCE = 1e-9
/** Highest HU of 12 bits with an intercept of -1024, where scanners cut off whatever the file could hold. */
const CUT_12_BITS = 3071
/** Places told of one warning, and pieces searched for the one a region lies in. */
const PLACES = 10
const MOST_SEARCHED = 100

/** Where HU are cut off in a slice whose highest piece has this peak: at the peak, or (Infinity) nowhere. */
export function cutAt(peakHu: number, kind: PixelKind, bits: number, { slope, intercept }: Rescale): number {
  const half = 2 ** (bits - 1)
  const [low, high] = kind === 'int16' ? [-half, half - 1] : [0, 2 * half - 1]
  const most = slope * (slope > 0 ? high : low) + intercept
  return peakHu === CUT_12_BITS || (kind !== 'float32' && peakHu === most) ? peakHu : Infinity
}

/** Edges of the second look, and what of a region is at the cut; null where it is not worth one. */
export function brightEdges(peakHu: number, cut: number): Edges | null {
  if (peakHu <= METAL_HU && peakHu < cut) return null
  return {
    hu: [Math.min(METAL_HU, cut), cut, cut, cut],
    thresholdRule: cut <= METAL_HU ? '>=' : '>',
    ladderRule: '>=',
    upperHu: null,
  }
}

interface Place {
  readonly slice: number
  readonly row: number
  readonly column: number
  readonly territory: string | null
  readonly pixels: number
}

/** Regions of one warning: how many, and the largest of them. */
class Regions {
  count = 0
  pixels = 0
  readonly places: Place[] = []

  add(place: Place): void {
    const { places } = this
    this.count++
    this.pixels += place.pixels
    if (places.length === PLACES && place.pixels <= places[PLACES - 1]!.pixels) return
    places.push(place)
    places.sort((a, b) => b.pixels - a.pixels)
    places.length = Math.min(places.length, PLACES)
  }

  warnings(code: WarningCode, what: string): Warning[] {
    const { count, pixels, places } = this
    const [most] = places
    if (!most) return []
    const where = `the largest on slice ${most.slice} at row ${most.row}, column ${most.column}`
    return [{ code, message: `${count} region(s) ${what}, ${where}`, details: { regions: count, pixels, places } }]
  }
}

/** `METAL` and `SATURATED`, with their number and places. */
export function brightWarnings(
  reading: Reading,
  { areaMm2 }: Measure,
  names: readonly (string | null)[] | null,
): readonly Warning[] {
  const metal = new Regions()
  const cut = new Regions()
  reading.findings.slices.forEach(({ bright }, slice) => {
    if (!bright) return
    const counts = countedAtPeak(reading, slice)
    for (let i = 0; i < bright.pieces; i++) {
      const pixels = bright.pixels(i)
      const place = {
        slice,
        row: Math.round(bright.sumRow(i) / pixels),
        column: Math.round(bright.sumColumn(i) / pixels),
        territory: names && names[bright.label(i)]!,
      }
      if (bright.peakHu(i, 0) > METAL_HU && pixels * areaMm2 > METAL_MM2 * (1 + TOLERANCE)) {
        metal.add({ ...place, pixels })
      }
      const atCut = bright.above(i, 2)
      if (atCut > 0 && counts(bright, i)) cut.add({ ...place, pixels: atCut })
    }
  })
  return [
    ...metal.warnings('METAL', `of metal: above ${METAL_HU} HU and larger than ${METAL_MM2} mm2`),
    ...cut.warnings('SATURATED', 'of counted pixels at the highest value there is'),
  ]
}

/**
 * Whether a region lies in a counted piece that has the highest peak of its slice. Among more of these than a hostile picture
 * should make us search, every region is taken to.
 */
function countedAtPeak(reading: Reading, slice: number): (regions: Findings, i: number) => boolean {
  const { findings } = reading
  let pieces: number[] = []
  let most = -Infinity
  for (let j = findings.sliceStarts[slice]!; j < findings.sliceStarts[slice + 1]!; j++) {
    const peak = findings.peakHu(j, slice)
    if (peak > most) [most, pieces] = [peak, []]
    if (peak === most && reading.counted(j)) pieces.push(j)
  }
  return (regions, i) => {
    const [top, left, bottom, right] = regions.box(i)
    return (
      pieces.length > MOST_SEARCHED ||
      pieces.some((j) => {
        const box = findings.box(j)
        const around = box[0] <= top && box[1] <= left && box[2] >= bottom && box[3] >= right
        return around && findings.label(j) === regions.label(i)
      })
    )
  }
}
