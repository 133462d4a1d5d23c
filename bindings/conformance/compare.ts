/**
 * A result held against its vector: integers exact, other numbers within 1e-9 relative, pieces and lesions in order. What is
 * wrong comes back in words, so that a suite and the command line say the same.
 */
import { STANDARDS, customStandard } from '../score/further/index.js'
import type { Piece, Result, Totals } from '../score/result.js'
import type { Standard, StandardRules } from '../score/standard.js'
import type { TerritoryMap } from '../volume/territory.js'
import type { SyncVolume } from '../volume/volume.js'
import { territoriesOf, volumeOf } from './decode.js'
import type { KnownBand, KnownPiece, KnownSums, VectorCase } from './format.js'

/** A vector and the same as the engine takes it. */
export interface EngineVector {
  readonly vector: VectorCase
  readonly volume: SyncVolume
  readonly territories: TerritoryMap | null
}

export const engineVector = (vector: VectorCase): EngineVector => ({
  vector,
  volume: volumeOf(vector.input),
  territories: territoriesOf(vector.input),
})

/** Whether a derived number is the expected one, within 1e-9 relative. */
export function isClose(got: number | null, wanted: number | null): boolean {
  if (got === null || wanted === null) return got === wanted
  return Math.abs(got - wanted) <= 1e-9 * Math.max(Math.abs(wanted), Math.abs(got))
}

const DERIVED = ['agatston', 'volumeMm3', 'massMg', 'areaMm2', 'meanHu', 'densityScore'] as const
const EXACT = ['peakHu', 'pieces', 'lesions', 'pixels'] as const

/** What is wrong with these totals, field by field; empty where nothing is. */
export function wrongTotals(got: Totals, wanted: KnownSums): string[] {
  return [
    ...DERIVED.filter((key) => !isClose(got[key], wanted[key])),
    ...EXACT.filter((key) => !Object.is((got[key] ?? NaN) + 0, (wanted[key] ?? NaN) + 0)),
  ].map((key) => `${key} ${got[key]}, not ${wanted[key]}`)
}

/** A shipped standard by its id (the vectors word its title their own way; a test compares the parameters), another in full. */
export function asGiven(standard: StandardRules): Standard | string {
  return STANDARDS.some(({ id }) => id === standard.id) ? standard.id : customStandard(standard)
}

/** Parameters in which a vector's standard is not the shipped one of its id, in words; empty for rules that are not shipped. */
export function wrongStandard(given: StandardRules): string[] {
  const shipped = STANDARDS.find(({ id }) => id === given.id)
  if (!shipped) return []
  const worded = ['title', 'citation', 'sha256']
  return Object.entries(shipped)
    .filter(([key]) => !worded.includes(key))
    .map(([key, value]) => [key, JSON.stringify(value), JSON.stringify(given[key as keyof StandardRules])] as const)
    .filter(([, value, wanted]) => value !== wanted)
    .map(([key, value, wanted]) => `standard ${given.id}: ${key} ${value}, not ${wanted}`)
}

/** The rule for territories, where a vector names one. */
const regionOf = ({ input }: VectorCase): object => (input.regionRule ? { regionRule: input.regionRule } : {})

/** What is wrong with the sensitivity band, in words. */
export function wrongBand(got: unknown, wanted: KnownBand): string[] {
  const { min, max, byStandard } = (got ?? {}) as Partial<KnownBand>
  const wrong = [
    ...(isClose(min ?? null, wanted.min) ? [] : [`min ${min}, not ${wanted.min}`]),
    ...(isClose(max ?? null, wanted.max) ? [] : [`max ${max}, not ${wanted.max}`]),
  ]
  for (const [id, score] of Object.entries(wanted.byStandard)) {
    if (!isClose(byStandard?.[id] ?? null, score)) wrong.push(`${id} ${byStandard?.[id]}, not ${score}`)
  }
  return wrong
}

/** A vector's options as a caller gives them. */
export function optionsOf({ vector, territories }: EngineVector) {
  return {
    standard: asGiven(vector.standard),
    ...(territories ? { territories } : { scope: 'whole-image' as const }),
    ...regionOf(vector),
    ...(vector.massFactor === null ? {} : { massFactor: vector.massFactor }),
  }
}

/** What is wrong with a result, in words; empty where it is the expected one. */
export function wrongResult(result: Result, { vector, territories }: EngineVector): string[] {
  const { expected, input } = vector
  const wrong: string[] = []
  const say = (where: string, what: string[]): void => void wrong.push(...what.map((one) => `${where}: ${one}`))
  const name = (label: number): string | null => territories?.names[label] ?? null

  say('total', wrongTotals(result.total, expected.total))
  for (const [label, sums] of Object.entries(expected.territories)) {
    say(`label ${label}`, wrongTotals(result.territories[name(Number(label))!]!, sums))
  }
  // The result has pieces lesion by lesion, the vector in order of first pixel: same slice, in order of their boxes' first pixel.
  const found = result.lesions.flatMap((lesion, n) => lesion.pieces.map((piece) => ({ piece, lesion: n })))
  // Under the rule `whole` a result does not list what no territory claims.
  const claimed = input.regionRule ? expected.pieces.filter(({ territory }) => territory !== 0) : expected.pieces
  const lesions = [...new Set(claimed.map((piece) => piece.lesion))].sort((a, b) => a - b)
  const [pieceCount, lesionCount] = input.regionRule
    ? [claimed.length, lesions.length]
    : [expected.found.pieces, expected.found.lesions]
  if (found.length !== pieceCount) wrong.push(`${found.length} pieces, not ${pieceCount}`)
  if (result.lesions.length !== lesionCount) wrong.push(`${result.lesions.length} lesions, not ${lesionCount}`)
  for (const known of claimed) {
    const of = input.regionRule ? lesions.indexOf(known.lesion) : known.lesion
    const match = found.find(({ piece, lesion }) => lesion === of && isPiece(piece, known, vector, name))
    if (!match) wrong.push(`no piece of lesion ${known.lesion} is ${JSON.stringify(known)}`)
  }
  if (!expected.sample && claimed.length !== found.length) wrong.push(`${expected.pieces.length} pieces listed`)
  for (const [n, { id, slices, pieces, counted }] of result.lesions.entries()) {
    const all = pieces.map((piece) => piece.slice)
    const isRight = id === n + 1 && slices[0] === Math.min(...all) && slices[1] === Math.max(...all)
    if (!isRight || counted !== pieces.some((piece) => piece.counted)) wrong.push(`lesion ${n}: id, slices or counted`)
  }
  if (result.input.slices !== input.slices) wrong.push('input.slices')
  return wrong
}

function isPiece(
  got: Piece,
  known: KnownPiece,
  { input }: VectorCase,
  name: (label: number) => string | null,
): boolean {
  const { slope, intercept } = input.rescale(known.slice)
  return (
    got.slice === known.slice &&
    got.territory === name(known.territory) &&
    got.pixels === known.pixels &&
    got.boxPx.every((edge, n) => edge === known.box[n]) &&
    got.centroidPx[0] === known.sumRow / known.pixels &&
    got.centroidPx[1] === known.sumColumn / known.pixels &&
    got.peakHu === slope * known.peak + intercept &&
    got.meanHu === (slope * known.sum + intercept * known.pixels) / known.pixels &&
    got.weight === known.weight &&
    got.counted === known.counted
  )
}
