/**
 * A study that arrives slice by slice, in any order. Each slice is scanned as it comes; only its runs and piece records are
 * kept, never its pixels. `end` finds the order from the positions, refuses what a series refuses, and links.
 */
import { checkKeys, checkNumbers, checkPositive } from '../base/check.js'
import { type AcceptableCode, AgatstonError, isFault } from '../base/errors.js'
import { Objections, judge } from '../base/verdict.js'
import { type Vec3, cross, dot, normalize } from '../base/vector.js'
import type { Instance } from '../engine/instance.js'
import { checkRescale, narrowInt32, pixelKindOf } from '../volume/array.js'
import { type Geometry, MAX_SLICES, checkOrientation, isPixelSpacing } from '../volume/geometry.js'
import { SAME_POSITION_MM, checkTilt, measureIncrement } from '../volume/stack.js'
import { checkLabels, nameTable } from '../volume/territory.js'
import { type Examiner, NO_FACTS, type PixelKind, type Rescale, type SliceArray } from '../volume/volume.js'
import { assemble } from './assemble.js'
import { Collector } from './collect.js'
import type { SliceFindings } from './findings.js'
import { VOLUME_CODES, checkVolume, throwRefusals } from './judge.js'
import { type Request, type ScoreOptions, checkAccept, checkOptions } from './options.js'
import type { EngineStamp, Result } from './result.js'
import type { Reading } from './measure.js'
import { measureFor, readAs } from './read.js'
import type { Scanned } from './further.js'

export interface ScanShape {
  readonly rows: number
  readonly columns: number
  /** Distance between rows, then between columns, in mm. */
  readonly pixelSpacingMm: readonly [number, number]
  /** Row cosines, then column cosines (LPS), as in ImageOrientationPatient. */
  readonly orientation: readonly number[]
  /** Nominal slice thickness in mm, where known. */
  readonly thicknessMm?: number
}

export interface ScanOptions extends Pick<ScoreOptions, 'standard' | 'scope' | 'massFactor' | 'sensitivity'> {
  /** Names of the labels that come with the slices. */
  readonly territories?: { readonly names: Readonly<Record<number, string>> }
  /** Refusals to override; each is stamped on the result. */
  readonly accept?: readonly AcceptableCode[]
  /** Increment in mm for a single slice, together with `accept: ['TOO_FEW_SLICES']`. */
  readonly incrementMm?: number
  /** Looks at the pixels of each slice (`arrayExaminer` of agatston/quality); default: nothing is measured. */
  readonly examiner?: Examiner
}

export interface ScanSlice {
  /** Centre of the first pixel (LPS, mm), as in ImagePositionPatient. */
  readonly position: readonly [number, number, number]
  /** rows x columns stored values; one type for all slices. Read at once, not kept. */
  readonly pixels: Int16Array | Uint16Array | Int32Array | Float32Array
  /** Default slope 1, intercept 0. */
  readonly rescale?: Rescale
  /** One label a pixel, where the scan has territories. */
  readonly labels?: Uint8Array
  readonly sopInstanceUid?: string
}

/** What the engine lends a scan. */
interface Lent {
  instance(): Instance
  release(): void
  readonly stamp: Pick<EngineStamp, 'build' | 'wasmSha256'>
}

interface Arrived {
  readonly position: Vec3
  readonly sopInstanceUid: string | null
  readonly findings: SliceFindings
  /** A copy, where the standard reads pixels again. */
  readonly pixels: SliceArray | null
  readonly labels: Uint8Array | null
}

/** No patient lies a kilometre from the scanner: beyond it a position is an error, and its arithmetic loses millimetres. */
const MAX_POSITION_MM = 1e6

const SHAPE_KEYS = ['rows', 'columns', 'pixelSpacingMm', 'orientation', 'thicknessMm']
const OPTION_KEYS = [
  'standard',
  'scope',
  'massFactor',
  'sensitivity',
  'territories',
  'accept',
  'incrementMm',
  'examiner',
]
const SLICE_KEYS = ['position', 'pixels', 'rescale', 'labels', 'sopInstanceUid']

export class Scan {
  readonly #shape: ScanShape
  readonly #rowCosines: Vec3
  readonly #columnCosines: Vec3
  readonly #request: Request
  readonly #accept: readonly AcceptableCode[]
  readonly #incrementMm: number | null
  readonly #lent: Lent
  readonly #arrived: Arrived[] = []
  readonly #examiner: Examiner | undefined
  #collector: Collector | null = null
  #kind: PixelKind | null = null
  readonly #marked = new Set<string>()
  #ended = false

  constructor(shape: ScanShape, options: ScanOptions, lent: Lent) {
    checkKeys(shape, SHAPE_KEYS)
    checkKeys(options, OPTION_KEYS)
    checkShape(shape)
    const [a, b, c, d, e, f] = shape.orientation as [number, number, number, number, number, number]
    this.#rowCosines = [a, b, c]
    this.#columnCosines = [d, e, f]
    checkOrientation(this.#rowCosines, this.#columnCosines)
    this.#shape = { ...shape, pixelSpacingMm: [...shape.pixelSpacingMm] }
    this.#examiner = options.examiner
    this.#accept = checkAccept(options.accept)
    checkPositive(options.incrementMm, 'incrementMm')
    this.#incrementMm = options.incrementMm ?? null
    // What is marked is known when the labels have come.
    const names = options.territories === undefined ? null : nameTable(options.territories.names)
    const { territories: _names, ...asked } = options
    this.#request = checkOptions(asked, { names, marked: [] }, null)
    this.#lent = lent
  }

  /** Slices taken so far. */
  get slices(): number {
    return this.#arrived.length
  }

  /**
   * Scan one slice.
   *
   * @throws TypeError, RangeError for a slice that does not fit the scan; AgatstonError `RESCALE_INVALID`, `LIMIT_EXCEEDED`: a
   *   slice that was refused leaves the scan as it was; `OUT_OF_MEMORY`, `INTERNAL`, after which the scan has ended.
   */
  addSlice(slice: ScanSlice): void {
    if (this.#ended) throw new TypeError('This scan has ended: begin another')
    checkKeys(slice, SLICE_KEYS)
    const kind = pixelKindOf(slice.pixels)
    this.#checkSlice(slice, kind)
    const rescale = checkRescale(slice.rescale ?? { slope: 1, intercept: 0 })
    if (slice.pixels instanceof Int32Array) narrowInt32(slice.pixels, this.#arrived.length)
    try {
      const collector = this.#collectorFor(kind)
      collector.pixels.set(slice.pixels)
      if (slice.labels) collector.setLabels(slice.labels)
      this.#arrived.push({
        position: [...slice.position],
        sopInstanceUid: slice.sopInstanceUid ?? null,
        findings: collector.scanAlone(rescale, null, 16),
        pixels: this.#request.plan?.keepsPixels ? collector.pixels.slice() : null,
        labels: this.#request.plan?.keepsPixels ? (slice.labels?.slice() ?? null) : null,
      })
      this.#examiner?.add(collector.pixels, rescale, null)
    } catch (error) {
      // A fault took a slice that nobody refused: without it the scan has no score any more.
      if (error instanceof AgatstonError && isFault(error.code)) this.cancel()
      throw error
    }
  }

  /**
   * The result, and the engine free again.
   *
   * @throws AgatstonError for what a series refuses: `TOO_FEW_SLICES`, `SLICES_DUPLICATE`, `SLICES_MISSING`,
   *   `SPACING_IRREGULAR`, `GANTRY_TILT`, where not accepted
   */
  end(): Result {
    if (this.#ended) throw new TypeError('This scan has ended: begin another')
    try {
      return this.#finish()
    } finally {
      this.cancel()
    }
  }

  /** Drop everything and free the engine. */
  cancel(): void {
    this.#ended = true
    this.#arrived.length = 0
    this.#collector = null
    this.#lent.release()
  }

  #finish(): Result {
    if (this.#arrived.length === 0) {
      throw new AgatstonError('TOO_FEW_SLICES', 'No slice was added: add slices before end', { slices: 0 })
    }
    const normal = normalize(cross(this.#rowCosines, this.#columnCosines))
    const objections = new Objections()
    const ordered = inOrder(this.#arrived, normal, objections)
    const positions = ordered.map(({ position }) => position)
    checkTilt(positions, normal, objections)
    const heights = positions.map((position) => dot(position, normal))
    const increment = measureIncrement(heights, this.#incrementMm, objections)
    const geometry = this.#geometry(ordered, normal, increment ?? NaN)
    if (increment !== null) checkVolume(geometry, NO_FACTS, objections)
    const measured = this.#examiner?.finish(objections) ?? null
    const options = { accept: this.#accept, strict: [], incrementGiven: this.#incrementMm !== null }
    const verdict = judge(objections, options, VOLUME_CODES)
    throwRefusals(verdict)
    const request: Request = { ...this.#request, marked: [...this.#marked] }
    const scanned: Scanned = {
      findings: this.#collectorFor(this.#kind!).finishAlone(ordered.map(({ findings }) => findings)),
      measure: measureFor(request, geometry),
      geometry,
      names: request.names,
      labels: (k) => ordered[k]!.labels,
      sopInstanceUid: (k) => ordered[k]!.sopInstanceUid,
    }
    return assemble({
      request,
      scanned,
      reading: this.#read(request, scanned, ordered),
      measured,
      volume: {
        kind: 'array',
        geometry,
        facts: NO_FACTS,
        warnings: verdict.warnings,
        accepted: verdict.accepted,
      },
      pixelSha256: null,
      engine: this.#lent.stamp,
    })
  }

  #read(request: Request, scanned: Scanned, ordered: readonly Arrived[]): Reading {
    // Whatever arrived is in memory, so nothing has to be waited for.
    return readAs(request, scanned, {
      pixelKind: this.#kind!,
      readSlice: (k, into) => into.set(ordered[k]!.pixels!),
      rescale: (k) => ordered[k]!.findings.rescale,
      padding: () => null,
    }) as Reading
  }

  #geometry(ordered: readonly Arrived[], normal: Vec3, incrementMm: number): Geometry {
    const { rows, columns, pixelSpacingMm, thicknessMm } = this.#shape
    return Object.freeze({
      rows,
      columns,
      slices: ordered.length,
      pixelSpacingMm,
      rowCosines: this.#rowCosines,
      columnCosines: this.#columnCosines,
      normal,
      positions: ordered.map(({ position }) => position),
      incrementMm,
      thicknessMm: thicknessMm ?? null,
    })
  }

  #checkSlice(slice: ScanSlice, kind: PixelKind): void {
    const size = this.#shape.rows * this.#shape.columns
    if (slice.pixels.length !== size)
      throw new RangeError(`pixels has ${slice.pixels.length} values, a slice of this scan ${size}`)
    if (this.#kind !== null && this.#kind !== kind)
      throw new TypeError(`pixels of this scan are ${this.#kind}, this slice's ${kind}`)
    if (
      slice.position?.length !== 3 ||
      !slice.position.every((mm) => typeof mm === 'number' && Math.abs(mm) <= MAX_POSITION_MM)
    ) {
      throw new RangeError(
        `position must be three numbers up to ${MAX_POSITION_MM} mm, got [${String(slice.position)}]`,
      )
    }
    if (this.#arrived.length >= MAX_SLICES) {
      throw new AgatstonError('LIMIT_EXCEEDED', `A scan takes at most ${MAX_SLICES} slices`, { limit: 'slices' })
    }
    const { names } = this.#request
    if ((names !== null) !== (slice.labels !== undefined)) {
      throw new TypeError(
        names === null ? 'labels without territories' : 'the scan has territories: give labels with every slice',
      )
    }
    if (!slice.labels) return
    if (!(slice.labels instanceof Uint8Array) || slice.labels.length !== size) {
      throw new RangeError(`labels must be a Uint8Array of ${size} labels`)
    }
    for (const name of checkLabels(slice.labels, names!)) this.#marked.add(name)
  }

  #collectorFor(kind: PixelKind): Collector {
    const instance = this.#lent.instance()
    if (this.#collector === null) {
      const { rows, columns } = this.#shape
      this.#collector = new Collector(
        instance,
        { rows, columns, pixelKind: kind, names: this.#request.names },
        this.#request.standard,
        this.#request.plan,
      )
      this.#kind = kind
    }
    return this.#collector
  }
}

/**
 * Slices in order along the normal. Of slices at one position, one that adds nothing (the same calcified pixels with the same
 * values) is dropped, otherwise the series is refused; accepted, the first in order of UID stays.
 */
function inOrder(arrived: readonly Arrived[], normal: Vec3, objections: Objections): Arrived[] {
  const height = (slice: Arrived): number => dot(slice.position, normal)
  const sorted = [...arrived].sort(
    (a, b) =>
      height(a) - height(b) ||
      compareText(a.sopInstanceUid ?? '', b.sopInstanceUid ?? '') ||
      compareValues(a.findings.runs!.edges, b.findings.runs!.edges) ||
      compareValues(a.findings.records, b.findings.records),
  )
  const kept: Arrived[] = []
  let identical = 0
  let different = 0
  for (const slice of sorted) {
    const before = kept.at(-1)
    if (!before || height(slice) - height(before) >= SAME_POSITION_MM) kept.push(slice)
    else if (sameFindings(before.findings, slice.findings)) identical++
    else different++
  }
  if (identical > 0) {
    const message = `${identical} slice(s) came twice, with the same calcified pixels: each counts once`
    objections.warn('SLICES_IDENTICAL_DROPPED', message, { dropped: identical })
  }
  if (different > 0) {
    const message = `${different} slice(s) lie where another slice with other pixels lies: send one reconstruction only`
    objections.refuse('SLICES_DUPLICATE', message, { slices: different })
  }
  return kept
}

function sameFindings(a: SliceFindings, b: SliceFindings): boolean {
  return (
    a.pieces === b.pieces &&
    a.rescale.slope === b.rescale.slope &&
    a.rescale.intercept === b.rescale.intercept &&
    sameValues(a.records, b.records) &&
    sameValues(a.runs!.edges, b.runs!.edges) &&
    sameValues(a.runs!.pieces, b.runs!.pieces)
  )
}

function sameValues(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

function checkShape({ rows, columns, pixelSpacingMm, orientation, thicknessMm }: ScanShape): void {
  for (const [what, n] of [
    ['rows', rows],
    ['columns', columns],
  ] as const) {
    if (!Number.isInteger(n) || n < 1) throw new RangeError(`${what} must be a whole number of at least 1, got ${n}`)
  }
  checkNumbers(pixelSpacingMm, 2, 'pixelSpacingMm')
  if (!isPixelSpacing(pixelSpacingMm)) {
    throw new RangeError(`pixelSpacingMm must be two distances above 0, got [${String(pixelSpacingMm)}]`)
  }
  checkNumbers(orientation, 6, 'orientation')
  checkPositive(thicknessMm, 'thicknessMm')
}

/** An order of contents, where nothing else orders two slices: which of them came first must decide nothing. */
function compareValues(a: ArrayLike<number>, b: ArrayLike<number>): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return a.length - b.length
}

/** By code unit: the same order in every locale. */
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
