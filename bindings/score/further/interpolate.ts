/**
 * Isotropic volume: HU interpolated between slice centres, on planes one row spacing apart, counted inside the box of each counted
 * lesion grown by one slice. Boxes are of each territory's part of a lesion, so that territories add up to the total.
 */
import type { Geometry } from '../../volume/geometry.js'
import type { Padding, Rescale, SliceArray } from '../../volume/volume.js'
import type { PixelSource, Scanned } from '../further.js'
import type { Reading, Volumes } from '../measure.js'
import type { Standard } from '../standard.js'

/** A plane that falls on a slice within this share of an increment is that slice. */
const TOLERANCE = 1e-9

/** A territory's part of a lesion. */
interface Part {
  readonly lesion: number
  /** Label of its pixels in the map, where they have one. */
  readonly mapLabel: number
  readonly label: number
  /** First row, first column, last row, last column. */
  readonly box: [number, number, number, number]
  first: number
  last: number
  /** Over its counted pieces. */
  pixels: number
  sumHu: number
  /** Pixels of planes that reach the threshold. */
  voxels: number
  /** HU in its box in the slice before; -Infinity outside the picture or the territory. */
  before: Float64Array | null
}

/** A slice as it was read. */
interface SlicePixels {
  readonly pixels: SliceArray
  readonly rescale: Rescale
  readonly padding: Padding | null
}

/** A plane between two slices: how far from the first of them, 0 on it. */
interface Plane {
  readonly slice: number
  readonly share: number
}

/** The reading with volumes interpolated; a promise where slices come as one. */
export function interpolate(
  scanned: Scanned,
  reading: Reading,
  source: PixelSource,
  standard: Standard,
): Reading | Promise<Reading> {
  const { geometry, findings, names } = scanned
  const { rows, columns } = geometry
  const parts = partsOf(scanned, reading)
  const planes = planesOf(geometry)
  const pixels = new SLICES[source.pixelKind](parts.length === 0 ? 0 : rows * columns)
  const sameTerritory = (label: number, mapLabel: number): boolean =>
    label === mapLabel || (names !== null && label !== 0 && names[label] === names[mapLabel])

  const take = (k: number): void => {
    const labels = findings.labelled ? scanned.labels(k) : null
    const inSlice = { pixels, rescale: source.rescale(k), padding: source.padding(k) }
    for (const part of parts) {
      if (k < part.first || k > part.last) continue
      const here = huInBox(part, columns, inSlice, labels, sameTerritory)
      for (const { slice, share } of planes) {
        if (share === 0 && slice === k) part.voxels += countAt(here, here, 0, standard)
        if (share > 0 && slice === k - 1 && k > part.first) part.voxels += countAt(part.before!, here, share, standard)
      }
      part.before = k === part.last ? null : here
    }
  }
  const wanted = new Set<number>()
  for (const { first, last } of parts) for (let k = first; k <= last; k++) wanted.add(k)
  const slices = [...wanted].sort((a, b) => a - b)
  const finish = (): Reading => ({ ...reading, volumes: volumesOf(parts) })

  const from = (at: number): Reading | Promise<Reading> => {
    for (let n = at; n < slices.length; n++) {
      const coming = source.readSlice(slices[n]!, pixels)
      if (coming !== undefined) return coming.then(() => (take(slices[n]!), from(n + 1)))
      take(slices[n]!)
    }
    return finish()
  }
  return from(0)
}

const SLICES = { int16: Int16Array, uint16: Uint16Array, float32: Float32Array } as const

/** Parts with a counted piece, their boxes over all their pieces, slices grown by one. */
function partsOf({ findings, geometry, names }: Scanned, reading: Reading): readonly Part[] {
  const parts = new Map<number, Part>()
  for (let k = 0; k + 1 < findings.sliceStarts.length; k++) {
    for (let i = findings.sliceStarts[k]!; i < findings.sliceStarts[k + 1]!; i++) {
      if (names !== null && reading.label(i) === 0) continue // bone and lines that nobody claims have boxes of half a chest
      const [lesion, mapLabel] = [findings.lesionOf[i]!, findings.label(i)]
      const box = findings.box(i)
      const key = lesion * 256 + mapLabel
      const part = parts.get(key)
      if (!part) {
        const own = { lesion, mapLabel, label: reading.label(i), box: [...box] as Part['box'], first: k, last: k }
        parts.set(key, { ...own, pixels: 0, sumHu: 0, voxels: 0, before: null })
      } else {
        part.last = k
        part.box[0] = Math.min(part.box[0], box[0])
        part.box[1] = Math.min(part.box[1], box[1])
        part.box[2] = Math.max(part.box[2], box[2])
        part.box[3] = Math.max(part.box[3], box[3])
      }
      if (!reading.counted(i)) continue
      parts.get(key)!.pixels += findings.pixels(i)
      parts.get(key)!.sumHu += findings.sumHu(i, k)
    }
  }
  const counted = [...parts.values()].filter(({ pixels }) => pixels > 0)
  for (const part of counted) {
    part.first = Math.max(part.first - 1, 0)
    part.last = Math.min(part.last + 1, geometry.slices - 1)
  }
  return counted
}

/** Planes one row spacing apart from the first slice's centre to the last's. */
function planesOf({ slices, incrementMm, pixelSpacingMm }: Geometry): readonly Plane[] {
  const step = pixelSpacingMm[0]
  const planes: Plane[] = []
  for (let n = 0; ; n++) {
    const place = slices === 1 ? 0 : (n * step) / incrementMm
    const nearest = Math.round(place)
    const isOnSlice = Math.abs(place - nearest) <= TOLERANCE * Math.max(1, place)
    if (isOnSlice ? nearest > slices - 1 : place > slices - 1) return planes
    planes.push(
      isOnSlice ? { slice: nearest, share: 0 } : { slice: Math.floor(place), share: place - Math.floor(place) },
    )
    if (slices === 1) return planes
  }
}

function huInBox(
  { box: [top, left, bottom, right], mapLabel }: Part,
  columns: number,
  { pixels, rescale: { slope, intercept }, padding }: SlicePixels,
  labels: Uint8Array | null,
  sameTerritory: (label: number, mapLabel: number) => boolean,
): Float64Array {
  const hu = new Float64Array((bottom - top + 1) * (right - left + 1))
  let n = 0
  for (let row = top; row <= bottom; row++) {
    for (let at = row * columns + left; at <= row * columns + right; at++) {
      const stored = pixels[at]!
      const isPadding = padding !== null && stored >= padding.low && stored <= padding.high
      const isElsewhere = labels !== null && !sameTerritory(labels[at]!, mapLabel)
      hu[n++] = isPadding || isElsewhere ? -Infinity : slope * stored + intercept
    }
  }
  return hu
}

/** Pixels of a plane that are calcified; what is interpolated from outside the picture is NaN, or -Infinity, and is not. */
function countAt(before: Float64Array, after: Float64Array, share: number, standard: Standard): number {
  const { thresholdHu, thresholdRule, upperHu } = standard
  const upper = upperHu ?? Infinity
  let count = 0
  for (let n = 0; n < before.length; n++) {
    const a = before[n]!
    const hu = share === 0 ? a : a + (after[n]! - a) * share
    if ((thresholdRule === '>=' ? hu >= thresholdHu : hu > thresholdHu) && hu <= upper) count++
  }
  return count
}

function volumesOf(parts: readonly Part[]): Volumes {
  const sumOf = (some: readonly Part[]) =>
    some.reduce(
      (sum, { voxels, pixels, sumHu }) => ({
        voxels: sum.voxels + voxels,
        sumHu: sum.sumHu + (sumHu / pixels) * voxels,
      }),
      { voxels: 0, sumHu: 0 },
    )
  return {
    labels: [...new Set(parts.map(({ label }) => label))],
    ofLabel: (label) => sumOf(parts.filter((part) => part.label === label)),
    ofLesion: (lesion) => sumOf(parts.filter((part) => part.lesion === lesion)),
  }
}
