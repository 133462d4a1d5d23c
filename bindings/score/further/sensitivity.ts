/**
 * The same pixels under the vendors' rules. They differ in the smallest piece only and join 4 neighbours, so one look at each
 * slice, made from the runs that are there, serves all of them.
 */
import { pixelAreaMm2 } from '../../volume/geometry.js'
import type { Look, Scanned } from '../further.js'
import { edgesOf } from '../edges.js'
import type { Findings } from '../findings.js'
import type { Reading } from '../measure.js'
import { CAC_DRS_VESSELS, cacDrsVessel } from '../../volume/territory.js'
import { categorize } from '../category.js'
import type { Flip, Sensitivity } from '../result.js'
import type { Standard } from '../standard.js'
import { isInTotal } from '../tally.js'
import { measureOf } from './rules.js'
import { standardById } from './standards.js'
import { findingsOfLook, ownOfLook } from './volumes.js'

const VENDORS = ['literature', 'ge', 'siemens', 'philips', 'canon'] as const
const MOST_FLIPS = 1000

/** The vendors' rules; under the ladder of another voltage, theirs too. */
function vendors(ladder: Standard | null): readonly Standard[] {
  return VENDORS.map((id) => {
    const standard = standardById(id)
    return ladder ? { ...standard, thresholdHu: ladder.thresholdHu, ladderHu: ladder.ladderHu } : standard
  })
}

/** The look the band needs; null where the pieces of the standard are the vendors' own. */
export function bandLook(standard: Standard, isAdapted: boolean): Look | null {
  const edges = edgesOf(vendors(isAdapted ? standard : null)[0]!)
  const sameEdges = JSON.stringify(edges) === JSON.stringify(edgesOf(standard))
  if (sameEdges && standard.connectivity === 4) return null
  return { edges: sameEdges ? null : edges, connectivity: 4 }
}

/** What pieces that count under one set of rules add up to. */
interface Tally {
  weighted: number
  pieces: number
  /** Whether a label has a counted piece. */
  readonly labels: Uint8Array
}

const emptyTally = (): Tally => ({ weighted: 0, pieces: 0, labels: new Uint8Array(256) })

function addTo(tally: Tally, weighted: number, label: number): void {
  tally.weighted += weighted
  tally.pieces++
  tally.labels[label] = 1
}

/**
 * @param n number of the look; -1: the findings themselves
 * @param isConfirmed whether the result has a category
 */
export function bandOf(
  scanned: Scanned,
  reading: Reading,
  n: number,
  isAdapted: boolean,
  isConfirmed: boolean,
): Sensitivity {
  const { findings, geometry, names } = scanned
  const look = n < 0 ? findings : findingsOfLook(findings, n)
  const own = n < 0 ? null : ownOfLook(findings, look, n)
  const standards = vendors(isAdapted ? scanned.measure.standard : null)
  const least = standards.map((standard) => measureOf(standard, geometry, null).minimumPixels)
  const tallies = standards.map(emptyTally)
  const counts = new Uint8Array(look.pieces) // a bit for each vendor
  const { weights } = standards[0]!
  for (let i = 0; i < look.pieces; i++) {
    const j = own === null ? i : own[i]!
    // What only the look saw is in the total where masks, or the whole image, say so.
    if (j >= 0 ? !isOfTotal(reading, names, j) : !isInTotal(names, look.label(i))) continue
    const pixels = look.pixels(i)
    const weighted = weights[look.peakClass(i)] * pixels
    const label = j >= 0 ? reading.label(j) : reading.countsAs(look.label(i))
    for (let v = 0; v < standards.length; v++) {
      if (pixels < least[v]!) continue
      addTo(tallies[v]!, weighted, label)
      counts[i]! |= 1 << v
    }
  }
  const factor = pixelAreaMm2(geometry) * (geometry.incrementMm / 3)
  const scores = tallies.map(({ weighted }) => weighted * factor)
  const { flips, flipped } = flipsOf(scanned, reading, n < 0 ? counts : countsOfOwn(findings, look, counts, n))
  return {
    min: Math.min(...scores),
    max: Math.max(...scores),
    byStandard: Object.fromEntries(VENDORS.map((id, v) => [id, scores[v]!])),
    categoryChanges: isConfirmed ? changes(scores, tallies, scanned, reading) : null,
    flips,
    flipped,
  }
}

/** For each piece of the findings the vendors under which a piece of the look that shares a pixel with it counts. */
function countsOfOwn(findings: Findings, look: Findings, counts: Uint8Array, n: number): Uint8Array {
  const ofOwn = new Uint8Array(findings.pieces)
  findings.slices.forEach(({ looks }, k) => {
    const { shared } = looks[n]!
    const [first, firstOfLook] = [findings.sliceStarts[k]!, look.sliceStarts[k]!]
    for (let at = 0; at < shared.length; at += 2) ofOwn[first + shared[at]!]! |= counts[firstOfLook + shared[at + 1]!]!
  })
  return ofOwn
}

const isOfTotal = (reading: Reading, names: Scanned['names'], i: number): boolean =>
  isInTotal(names, reading.label(i)) && reading.excluded(i) === null

/** Whether any vendor's rules lead to another category, the number of vessels in it included. */
function changes(
  scores: readonly number[],
  tallies: readonly Tally[],
  { measure, names, findings }: Scanned,
  reading: Reading,
): boolean {
  const own = emptyTally()
  for (let i = 0; i < findings.pieces; i++) {
    if (isOfTotal(reading, names, i) && reading.counted(i)) addTo(own, reading.weighted(i), reading.label(i))
  }
  const categoryOf = (score: number, { pieces, labels }: Tally): string =>
    JSON.stringify(categorize(score, pieces, vesselsOf(labels, names)))
  const category = categoryOf(own.weighted * measure.areaMm2 * measure.sliceFactor, own)
  return scores.some((score, v) => categoryOf(score, tallies[v]!) !== category)
}

/** How many of the vessels that CAC-DRS counts have a counted piece. */
function vesselsOf(labels: Uint8Array, names: Scanned['names']): number {
  const found = new Set(
    names?.flatMap((name, label) => (name !== null && labels[label] === 1 ? [cacDrsVessel(name)] : [])),
  )
  return CAC_DRS_VESSELS.filter((vessel) => found.has(vessel)).length
}

/** @param countsThere for each piece a bit for each vendor */
function flipsOf({ findings, names }: Scanned, reading: Reading, countsThere: Uint8Array) {
  const found: { readonly i: number; readonly k: number }[] = []
  const all = (1 << VENDORS.length) - 1
  for (let k = 0; k + 1 < findings.sliceStarts.length; k++) {
    for (let i = findings.sliceStarts[k]!; i < findings.sliceStarts[k + 1]!; i++) {
      if (isOfTotal(reading, names, i) && countsThere[i] !== (reading.counted(i) ? all : 0)) found.push({ i, k })
    }
  }
  found.sort((a, b) => findings.pixels(b.i) - findings.pixels(a.i) || a.i - b.i)
  const flips = found.slice(0, MOST_FLIPS).map(({ i, k }): Flip => {
    const pixels = findings.pixels(i)
    const counted = reading.counted(i)
    return {
      slice: k,
      territory: names && (names[reading.label(i)] ?? null),
      centroidPx: [findings.sumRow(i) / pixels, findings.sumColumn(i) / pixels],
      pixels,
      counted,
      against: VENDORS.filter((_, v) => ((countsThere[i]! >> v) & 1) !== Number(counted)),
    }
  })
  return { flips, flipped: found.length }
}
