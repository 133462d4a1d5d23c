/**
 * The same pixels under the vendors' rules. They differ in the smallest piece only and join 4 neighbours, so one look at each
 * slice serves all of them; and where the standard's own edges are theirs, only at the pieces that fall apart under 4 neighbours.
 */
import { pixelAreaMm2 } from '../../volume/geometry.js'
import type { Scanned } from '../further.js'
import { edgesOf } from '../edges.js'
import type { Reading } from '../measure.js'
import { CAC_DRS_VESSELS, cacDrsVessel } from '../../volume/territory.js'
import { categorize } from '../category.js'
import type { Flip, Sensitivity } from '../result.js'
import type { Standard } from '../standard.js'
import { isInTotal } from '../tally.js'
import type { Look } from './look.js'
import { measureOf } from './rules.js'
import { standardById } from './standards.js'
import { findingsOfLook, ownOfLook } from './volumes.js'

const VENDORS = ['literature', 'ge', 'siemens', 'philips', 'canon'] as const
const MOST_FLIPS = 1000
/** Pixels of the largest slice; below its product with the other, numbers are exact. */
const MOST_PIXELS = 2 ** 24
/** More pieces than memory has records for: 32 GiB of them. */
const MOST_PIECES = 2 ** 29
const ALL = (1 << VENDORS.length) - 1
/** Vendors by their bits. */
const AGAINST = Array.from({ length: 1 << VENDORS.length }, (_, bits) =>
  Object.freeze(VENDORS.filter((_id, v) => (bits >> v) & 1)),
)

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
  return sameEdges ? { edges: null } : { edges, connectivity: 4 }
}

/** What pieces that count under one set of rules add up to. */
interface Tally {
  readonly weighted: number
  readonly pieces: number
  /** Whether a label has a counted piece. */
  has(label: number): boolean
}

/** What the band asks of the findings' pieces, asked once: a reading may look far for its answers. */
interface Own {
  readonly label: Int16Array
  /** 1: in the total, as masks and readers have it. */
  readonly isOfTotal: Uint8Array
  readonly counted: Uint8Array
}

function ownOf({ findings, names }: Scanned, reading: Reading): Own {
  const { pieces } = findings
  const own = { label: new Int16Array(pieces), isOfTotal: new Uint8Array(pieces), counted: new Uint8Array(pieces) }
  const inTotal = Array.from({ length: 256 }, (_, label) => isInTotal(names, label))
  for (let i = 0; i < pieces; i++) {
    const label = reading.label(i)
    own.label[i] = label
    own.isOfTotal[i] = inTotal[label] && reading.excluded(i) === null ? 1 : 0
    own.counted[i] = reading.counted(i) ? 1 : 0
  }
  return own
}

/** Where the vendors' pieces stand. */
export interface BandPieces {
  /** Null: the findings' own pieces are theirs. */
  readonly look: Look | null
  /** Number of the look. */
  readonly n: number
}

/** @param isConfirmed whether the result has a category */
export function bandOf(
  scanned: Scanned,
  reading: Reading,
  from: BandPieces,
  isAdapted: boolean,
  isConfirmed: boolean,
): Sensitivity {
  const { geometry } = scanned
  const own = ownOf(scanned, reading)
  const standards = vendors(isAdapted ? scanned.measure.standard : null)
  const least = standards.map((standard) => measureOf(standard, geometry, null).minimumPixels)
  const counts = new Counts(least, standards[0]!.weights)
  const ofOwn = countEach(scanned, reading, own, from, counts)
  const tallies = VENDORS.map((_, v) => counts.tally(v))
  const factor = pixelAreaMm2(geometry) * (geometry.incrementMm / 3)
  const scores = tallies.map(({ weighted }) => weighted * factor)
  const flips = new Flips(scanned, own, ofOwn)
  return {
    min: Math.min(...scores),
    max: Math.max(...scores),
    byStandard: Object.fromEntries(VENDORS.map((id, v) => [id, scores[v]!])),
    categoryChanges: isConfirmed ? changes(scores, tallies, scanned, reading, own) : null,
    get flips() {
      return flips.flips
    },
    flipped: flips.flipped,
  }
}

/**
 * The vendors' pieces of the total as they are counted. Which vendors count a piece is a bit for each, and what pieces of the same
 * bits are worth is summed in one place: a piece costs the same for five vendors as for one.
 */
class Counts {
  readonly #least: readonly number[]
  readonly #weights: Standard['weights']
  readonly #weighted = new Float64Array(1 << VENDORS.length)
  readonly #pieces = new Float64Array(1 << VENDORS.length)
  /** For each label the vendors under which it has a counted piece. */
  readonly #labels = new Uint8Array(256)

  /** @param least fewest pixels that count, for each vendor */
  constructor(least: readonly number[], weights: Standard['weights']) {
    this.#least = least
    this.#weights = weights
  }

  /** Count a piece; the vendors under which it counts. */
  add(pixels: number, density: 0 | 1 | 2 | 3, label: number): number {
    const least = this.#least
    let bits = 0
    for (let v = 0; v < VENDORS.length; v++) bits |= Number(pixels >= least[v]!) << v
    this.#weighted[bits]! += this.#weights[density] * pixels
    this.#pieces[bits]!++
    this.#labels[label]! |= bits
    return bits
  }

  /** What counted under vendor `v`. */
  tally(v: number): Tally {
    let [weighted, pieces] = [0, 0]
    for (let bits = 0; bits < this.#pieces.length; bits++) {
      if (((bits >> v) & 1) === 0) continue
      weighted += this.#weighted[bits]!
      pieces += this.#pieces[bits]!
    }
    return { weighted, pieces, has: (label) => ((this.#labels[label]! >> v) & 1) === 1 }
  }
}

/** Count the vendors' pieces of the total; for each of the findings' the vendors under which one that shares a pixel with it counts. */
function countEach(scanned: Scanned, reading: Reading, own: Own, { look, n }: BandPieces, counts: Counts): Uint8Array {
  const { findings } = scanned
  const ofOwn = new Uint8Array(findings.pieces)
  if (look !== null && look.edges !== null) {
    countLook(scanned, reading, own, n, counts, ofOwn)
    return ofOwn
  }
  const isParted = new Uint8Array(findings.pieces)
  if (look !== null) {
    const parts = findingsOfLook(findings, n)
    const wholes = ownOfLook(findings, parts, n)
    for (let i = 0; i < parts.pieces; i++) {
      const whole = wholes[i]!
      isParted[whole] = 1
      if (own.isOfTotal[whole]) ofOwn[whole]! |= counts.add(parts.pixels(i), parts.peakClass(i), own.label[whole]!)
    }
  }
  for (let i = 0; i < findings.pieces; i++) {
    if (own.isOfTotal[i] && !isParted[i])
      ofOwn[i] = counts.add(findings.pixels(i), findings.peakClass(i), own.label[i]!)
  }
  return ofOwn
}

/**
 * The same of pieces under other edges, of which several may share pixels with one piece, and one with several or none.
 *
 * @param ofOwn gets the vendors of each of the findings' pieces
 */
function countLook(scanned: Scanned, reading: Reading, own: Own, n: number, counts: Counts, ofOwn: Uint8Array): void {
  const { findings, names } = scanned
  const look = findingsOfLook(findings, n)
  const ownPiece = ownOfLook(findings, look, n)
  const bits = new Uint8Array(look.pieces)
  for (let i = 0; i < look.pieces; i++) {
    const j = ownPiece[i]!
    // What only the look saw is in the total where masks, or the whole image, say so.
    if (j >= 0 ? !own.isOfTotal[j] : !isInTotal(names, look.label(i))) continue
    bits[i] = counts.add(look.pixels(i), look.peakClass(i), j >= 0 ? own.label[j]! : reading.countsAs(look.label(i)))
  }
  findings.slices.forEach(({ looks }, k) => {
    const { shared } = looks![n]!
    const [first, firstOfLook] = [findings.sliceStarts[k]!, look.sliceStarts[k]!]
    for (let at = 0; at < shared.length; at += 2) ofOwn[first + shared[at]!]! |= bits[firstOfLook + shared[at + 1]!]!
  })
}

/** Whether any vendor's rules lead to another category, the number of vessels in it included. */
function changes(
  scores: readonly number[],
  tallies: readonly Tally[],
  { measure, names, findings }: Scanned,
  reading: Reading,
  own: Own,
): boolean {
  let [weighted, pieces] = [0, 0]
  const labels = new Set<number>()
  for (let i = 0; i < findings.pieces; i++) {
    if (!own.isOfTotal[i] || !own.counted[i]) continue
    weighted += reading.weighted(i)
    pieces++
    labels.add(own.label[i]!)
  }
  const categoryOf = (score: number, tally: Tally): string =>
    JSON.stringify(categorize(score, tally.pieces, vesselsOf(tally, names)))
  const category = categoryOf(weighted * measure.areaMm2 * measure.sliceFactor, {
    weighted,
    pieces,
    has: (label) => labels.has(label),
  })
  return scores.some((score, v) => categoryOf(score, tallies[v]!) !== category)
}

/** How many of the vessels that CAC-DRS counts have a counted piece. */
function vesselsOf(tally: Tally, names: Scanned['names']): number {
  const found = new Set(
    names?.flatMap((name, label) => (name !== null && tally.has(label) ? [cacDrsVessel(name)] : [])),
  )
  return CAC_DRS_VESSELS.filter((vessel) => found.has(vessel)).length
}

/** The pieces that count otherwise under some vendor. Made when first looked at, as lesions are; how many they are is known before. */
class Flips {
  readonly flipped: number
  readonly #scanned: Scanned
  readonly #own: Own
  readonly #countsThere: Uint8Array
  /** The largest first, of equals the first in order: as one number, whose order needs no function. */
  readonly #orders: Float64Array
  #made: readonly Flip[] | null = null

  /** @param countsThere for each piece a bit for each vendor */
  constructor(scanned: Scanned, own: Own, countsThere: Uint8Array) {
    const { findings } = scanned
    const orders = new Float64Array(findings.pieces)
    let flipped = 0
    for (let i = 0; i < findings.pieces; i++) {
      if (!own.isOfTotal[i] || countsThere[i] === (own.counted[i] ? ALL : 0)) continue
      orders[flipped++] = (MOST_PIXELS - findings.pixels(i)) * MOST_PIECES + i
    }
    this.flipped = flipped
    this.#orders = orders.subarray(0, flipped)
    this.#scanned = scanned
    this.#own = own
    this.#countsThere = countsThere
  }

  get flips(): readonly Flip[] {
    return (this.#made ??= Array.from(this.#orders.sort().subarray(0, MOST_FLIPS), (order) => this.#make(order)))
  }

  #make(order: number): Flip {
    const { findings, names } = this.#scanned
    const rest = Math.floor(order / MOST_PIECES)
    const i = order - rest * MOST_PIECES
    const pixels = MOST_PIXELS - rest
    const counted = this.#own.counted[i] === 1
    const there = this.#countsThere[i]!
    return {
      slice: sliceOf(findings.sliceStarts, i),
      territory: names && (names[this.#own.label[i]!] ?? null),
      centroidPx: [findings.sumRow(i) / pixels, findings.sumColumn(i) / pixels],
      pixels,
      counted,
      against: AGAINST[counted ? ALL & ~there : there]!,
    }
  }
}

/** Slice of a piece: the last that begins at or before it and is not empty. */
function sliceOf(starts: Uint32Array, i: number): number {
  let [low, high] = [0, starts.length - 1]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (starts[middle]! <= i) low = middle
    else high = middle
  }
  return low
}
