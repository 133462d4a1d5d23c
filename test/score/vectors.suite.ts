/**
 * Every vector through the engine: integers exact, other numbers within 1e-9 relative, pieces and lesions in order. The
 * vectors come from the caller, since a page reads them another way.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../bindings/score/engine.js'
import type { Piece, Result, Totals } from '../../bindings/score/result.js'
import type { Standard } from '../../bindings/score/standard.js'
import { customStandard } from '../../bindings/score/custom.js'
import { STANDARDS } from '../../bindings/score/standards.js'
import type { TerritoryMap } from '../../bindings/volume/territory.js'
import type { SyncVolume } from '../../bindings/volume/volume.js'
import type { Platform } from '../platforms.js'
import type { Piece as KnownPiece, Sums } from '../reference/types.js'
import type { VectorCase } from '../vectors/format.js'

/** A vector and the same as the engine takes it. */
export interface EngineVector {
  readonly vector: VectorCase
  readonly volume: SyncVolume
  readonly territories: TerritoryMap | null
}

/** Whether a derived number is the expected one, within 1e-9 relative. */
export function isClose(got: number | null, wanted: number | null): boolean {
  if (got === null || wanted === null) return got === wanted
  return Math.abs(got - wanted) <= 1e-9 * Math.max(Math.abs(wanted), Math.abs(got))
}

const DERIVED = ['agatston', 'volumeMm3', 'massMg', 'areaMm2', 'meanHu', 'densityScore'] as const
const EXACT = ['peakHu', 'pieces', 'lesions', 'pixels'] as const

/** What is wrong with these totals, field by field; empty where nothing is. */
export function wrongTotals(got: Totals, wanted: Sums): string[] {
  return [
    ...DERIVED.filter((key) => !isClose(got[key], wanted[key])),
    ...EXACT.filter((key) => !Object.is((got[key] ?? NaN) + 0, (wanted[key] ?? NaN) + 0)),
  ].map((key) => `${key} ${got[key]}, not ${wanted[key]}`)
}

/** A shipped standard by its id (the vectors word its title their own way; a test compares the parameters), another in full. */
export function asGiven(standard: Standard): Standard | string {
  return STANDARDS.some(({ id }) => id === standard.id) ? standard.id : customStandard(standard)
}

/** A vector's options as a caller gives them. */
export function optionsOf({ vector, territories }: EngineVector) {
  return {
    standard: asGiven(vector.standard),
    ...(territories ? { territories } : { scope: 'whole-image' as const }),
    ...(vector.massFactor === null ? {} : { massFactor: vector.massFactor }),
  }
}

/** What is wrong with a result, in words; empty where it is the expected one. */
export function wrongResult(result: Result, { vector, territories }: EngineVector): string[] {
  const { expected, input } = vector
  const wrong: string[] = []
  const say = (where: string, what: string[]): void => void wrong.push(...what.map((one) => `${where}: ${one}`))
  const name = (label: number): string | null => (territories ? territories.names[label]! : null)

  say('total', wrongTotals(result.total, expected.total))
  for (const [label, sums] of Object.entries(expected.territories)) {
    say(`label ${label}`, wrongTotals(result.territories[name(Number(label))!]!, sums))
  }
  // The result has pieces lesion by lesion, the vector in order of first pixel: same slice, in order of their boxes' first pixel.
  const found = result.lesions.flatMap((lesion, n) => lesion.pieces.map((piece) => ({ piece, lesion: n })))
  if (found.length !== expected.found.pieces) wrong.push(`${found.length} pieces, not ${expected.found.pieces}`)
  if (result.lesions.length !== expected.found.lesions)
    wrong.push(`${result.lesions.length} lesions, not ${expected.found.lesions}`)
  for (const known of expected.pieces) {
    const match = found.find(({ piece, lesion }) => lesion === known.lesion && isPiece(piece, known, vector, name))
    if (!match) wrong.push(`no piece of lesion ${known.lesion} is ${JSON.stringify(known)}`)
  }
  if (!expected.sample && expected.pieces.length !== found.length) wrong.push(`${expected.pieces.length} pieces listed`)
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

export function vectorsSuite(platform: Platform, vectors: readonly EngineVector[]): void {
  describe(`vectors (${platform.name})`, () => {
    let engine: Engine
    beforeAll(async () => {
      engine = await platform.engine()
    })

    it('are here', () => expect(vectors.length).toBeGreaterThan(200))

    for (const rule of new Set(vectors.map(({ vector }) => vector.rule))) {
      it(`${rule}`, { timeout: 60_000 }, async () => {
        for (const one of vectors.filter(({ vector }) => vector.rule === rule)) {
          const result = engine.scoreSync(one.volume, optionsOf(one))
          expect(wrongResult(result, one), one.vector.name).toEqual([])
          const later = await engine.score(one.volume, optionsOf(one))
          if (one.vector.expected.found.pieces < 5000) expect(JSON.stringify(later)).toBe(JSON.stringify(result))
          else expect(later.total).toEqual(result.total)
        }
      })
    }
  })
}
