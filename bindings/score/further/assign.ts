/**
 * Whose a lesion is, beyond labels of pixels: a reader's clicks, each of which takes the whole lesion under it, and the rule `whole`,
 * by which a lesion belongs to the territory that holds most of its pixels.
 */
import { AgatstonError } from '../../base/errors.js'
import { dot } from '../../base/vector.js'
import type { RunTable } from '../../engine/window.js'
import type { Geometry } from '../../volume/geometry.js'
import type { Scanned } from '../further.js'
import type { Assignment } from '../result.js'

/** What decides whose a lesion is. */
interface Wanted {
  readonly clicks: readonly Assignment[] | null
  readonly regionRule: 'clip' | 'whole'
  readonly lmIntoLad: boolean
}

/** Label of each piece, and the reasons why lesions are left out. */
export interface Ownership {
  label(i: number): number
  countsAs(label: number): number
  excluded(i: number): string | null
}

/** @throws AgatstonError `ASSIGNMENT_MISSED` for a click on no calcified pixel */
export function ownershipOf(scanned: Scanned, { clicks, regionRule, lmIntoLad }: Wanted): Ownership {
  const { findings, names } = scanned
  const byMask = regionRule === 'whole' ? mostOfEach(scanned) : null
  // Pieces are formed and lesions claimed before: what is counted elsewhere is the same calcium, and the total the same number.
  const [lm, lad] = lmIntoLad && names ? [names.indexOf('LM'), names.indexOf('LAD')] : [-1, -1]
  const countsAs = (label: number): number => (label === lm ? lad : label)
  // Labels of pixels alone decide: nearly every study.
  if (clicks === null && byMask === null) {
    return { label: (i) => countsAs(findings.label(i)), countsAs, excluded: () => null }
  }
  const byClick = new Map<number, Assignment>()
  clicks?.forEach((click, n) => byClick.set(lesionUnder(scanned, click, n), click))
  const labelOf = new Map<number, number>()
  const reasons = new Map<number, string>()
  for (const [lesion, click] of byClick) {
    if ('exclude' in click) reasons.set(lesion, click.exclude)
    else labelOf.set(lesion, names!.indexOf(click.territory))
  }
  return {
    label(i) {
      const lesion = findings.lesionOf[i]!
      return countsAs(labelOf.get(lesion) ?? (byMask === null ? findings.label(i) : byMask[lesion]!))
    },
    countsAs,
    excluded: (i) => reasons.get(findings.lesionOf[i]!) ?? null,
  }
}

/** For each lesion the label that most of its pixels have, the lower one of two that have as many; 0 where no pixel is labelled. */
function mostOfEach({ findings, geometry, names, labels: labelsOf }: Scanned): Uint8Array {
  const { columns } = geometry
  // Labels of one name are one territory.
  const first = Uint8Array.from({ length: 256 }, (_, label) =>
    names?.[label] == null ? 0 : names.indexOf(names[label]!),
  )
  const counts = new Map<number, number>() // by lesion x 256 + label
  findings.slices.forEach((slice, k) => {
    const { edges, pieces } = runsOf(slice.runs)
    const labels = labelsOf(k)!
    for (let n = 0; n < pieces.length; n++) {
      const lesion = findings.lesionOf[findings.sliceStarts[k]! + pieces[n]!]!
      const [row, start] = placeOf(edges[2 * n]!, columns)
      const from = row * columns + start
      for (let at = from; at < from + edges[2 * n + 1]! - edges[2 * n]!; at++) {
        const label = first[labels[at]!]!
        if (label !== 0) counts.set(lesion * 256 + label, (counts.get(lesion * 256 + label) ?? 0) + 1)
      }
    }
  })
  const most = new Uint8Array(findings.lesions)
  const pixels = new Float64Array(findings.lesions)
  for (const [key, count] of [...counts].sort(([a], [b]) => a - b)) {
    const lesion = Math.floor(key / 256)
    if (count > pixels[lesion]!) [most[lesion], pixels[lesion]] = [key % 256, count]
  }
  return most
}

/** Row and column of a place among runs. */
const placeOf = (place: number, columns: number): [row: number, column: number] => [
  Math.floor(place / (columns + 1)),
  place % (columns + 1),
]

interface Pixel {
  readonly slice: number
  readonly row: number
  readonly column: number
}

function lesionUnder(scanned: Scanned, click: Assignment, n: number): number {
  const { findings, geometry } = scanned
  const pixel = pixelOf(scanned, click, n)
  const { rows, columns, slices } = geometry
  const { slice, row, column } = pixel
  if (slice < 0 || slice >= slices || row < 0 || row >= rows || column < 0 || column >= columns) {
    throw missed(n, click, 'lies outside the scan', pixel)
  }
  const piece = pieceAt(runsOf(findings.slices[slice]!.runs), row * (columns + 1) + column)
  if (piece === null) {
    const inside = findings.labelled ? " inside a mask (the region rule 'whole' sees all)" : ''
    throw missed(n, click, `is on no calcified pixel${inside}`, pixel)
  }
  return findings.lesionOf[findings.sliceStarts[slice]! + piece]!
}

/** The pixel whose centre is nearest. */
function pixelOf({ geometry, sopInstanceUid }: Scanned, click: Assignment, n: number): Pixel {
  if ('slice' in click) return click
  if ('sopInstanceUid' in click) {
    const slices: number[] = []
    for (let k = 0; k < geometry.slices; k++) if (sopInstanceUid(k) === click.sopInstanceUid) slices.push(k)
    if (slices.length === 0) throw missed(n, click, 'names an image that is not in the series', null)
    // The frames of one image share its UID: which of them was meant is not said.
    if (slices.length > 1)
      throw missed(n, click, `names an image of ${slices.length} slices; give a point or a slice`, null)
    return { slice: slices[0]!, row: click.row, column: click.column }
  }
  const nearest = nearestPixel(geometry, click.point)
  if (nearest === null) throw missed(n, click, 'lies outside the scan', null)
  return nearest
}

/** Null where the point lies more than half an increment from every slice. */
function nearestPixel(geometry: Geometry, point: readonly [number, number, number]): Pixel | null {
  const { normal, positions, incrementMm, pixelSpacingMm, rowCosines, columnCosines } = geometry
  const height = dot(point, normal)
  let slice = -1
  let least = incrementMm / 2 + 1e-6
  positions.forEach((position, k) => {
    const distance = Math.abs(dot(position, normal) - height)
    if (distance < least) [slice, least] = [k, distance]
  })
  if (slice < 0) return null
  const [x, y, z] = positions[slice]!
  const offset = [point[0] - x, point[1] - y, point[2] - z] as const
  return {
    slice,
    row: Math.round(dot(offset, columnCosines) / pixelSpacingMm[0]),
    column: Math.round(dot(offset, rowCosines) / pixelSpacingMm[1]),
  }
}

/** The piece a place lies in: runs are in order of place. */
function pieceAt({ edges, pieces }: RunTable, place: number): number | null {
  let [low, high] = [0, pieces.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (edges[2 * middle + 1]! <= place) low = middle + 1
    else high = middle
  }
  return low < pieces.length && edges[2 * low]! <= place ? pieces[low]! : null
}

function runsOf(runs: RunTable | null): RunTable {
  if (runs === null) throw new TypeError('runs were not kept')
  return runs
}

function missed(n: number, click: Assignment, what: string, pixel: Pixel | null): AgatstonError {
  const as = 'exclude' in click ? 'exclude' : click.territory
  const where = pixel === null ? '' : ` (slice ${pixel.slice}, row ${pixel.row}, column ${pixel.column}, from 0)`
  return new AgatstonError(
    'ASSIGNMENT_MISSED',
    `Click ${n + 1} (${as}) ${what}${where}. Click on a pixel that the standard counts as calcified, or leave the click out`,
    { click: n + 1, as, ...pixel },
  )
}
