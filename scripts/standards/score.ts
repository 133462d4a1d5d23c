/** The drawn pixels through the engine, and which pixel belongs to which of the pieces it found. */
import { arrayVolume } from '../../bindings/index.js'
import type { Engine, Result } from '../../bindings/index.js'
import type { Piece } from '../../bindings/score/result.js'
import type { Standard } from '../../bindings/score/standard.js'
import type { Sample, Variant } from './cases.js'

/** A pixel of a piece. */
export interface PiecePixel {
  readonly piece: Piece
  /** Place of the piece among all, which tells neighbours apart. */
  readonly number: number
  /** Id of its lesion on the result. */
  readonly lesion: number
}

export interface Scored {
  readonly sample: Sample
  readonly variant: Variant
  readonly result: Result
  /** By slice, row, column; null: not calcified. */
  readonly pixels: readonly (readonly (readonly (PiecePixel | null)[])[])[]
}

/** @throws Error where the picture would not show what the engine found */
export function scoreSample(engine: Engine, sample: Sample, variant: Variant): Scored {
  const { hu, spacingMm, incrementMm, thicknessMm, labels } = sample
  const [rows, columns] = [hu[0]!.length, hu[0]![0]!.length]
  const volume = arrayVolume({
    scalarData: Int16Array.from(hu.flat(2)),
    dimensions: [columns, rows, hu.length],
    spacing: [spacingMm[1], spacingMm[0], incrementMm],
    thicknessMm,
    ...(variant.kvp === undefined ? {} : { facts: { kvp: variant.kvp } }),
  })
  const { regionRule, lmIntoLad, assignments, massFactor } = variant
  const result = engine.scoreSync(volume, {
    standard: variant.standard,
    ...(labels
      ? { territories: { scalarData: Uint8Array.from(hu.flatMap(() => labels.map.flat())), names: labels.names } }
      : assignments
        ? {}
        : { scope: 'whole-image' as const }),
    ...(regionRule ? { regionRule } : {}),
    ...(lmIntoLad ? { lmIntoLad } : {}),
    ...(assignments ? { assignments } : {}),
    ...(massFactor === undefined ? {} : { massFactor }),
    ...(variant.kvp === undefined ? {} : { kvpAdapted: true }),
    sensitivity: true,
  })
  return { sample, variant, result, pixels: pixelsOf(sample, variant, result) }
}

function pixelsOf({ hu, labels }: Sample, variant: Variant, result: Result): Scored['pixels'] {
  const found = result.lesions.flatMap(({ id, pieces }) => pieces.map((piece) => ({ piece, lesion: id })))
  const left = new Set(found)
  let number = 0
  const pixels = hu.map((slice, k) => {
    const into: (PiecePixel | null)[][] = slice.map((row) => row.map(() => null))
    const clipping = variant.regionRule === 'whole' ? undefined : labels
    for (const places of componentsOf(slice, result.standard, clipping && territories(clipping))) {
      const values = places.map(([r, c]) => slice[r]![c]!)
      const [r, c] = places[0]!
      if (labels && variant.regionRule !== 'whole' && !labels.map[r]![c]) continue
      const match = [...left].find(
        ({ piece }) =>
          piece.slice === k &&
          piece.pixels === places.length &&
          piece.peakHu === Math.max(...values) &&
          piece.centroidPx.every((at, n) => Math.abs(at - mean(places.map((place) => place[n]!))) < 1e-9),
      )
      // What nobody clicked on, and what lies in no territory, is no part of a reading.
      if (!match && result.scope === 'territories') continue
      if (!match) throw new Error(`a piece of ${places.length} pixels in slice ${k} is drawn and was not found`)
      left.delete(match)
      for (const [row, column] of places) into[row]![column] = { ...match, number }
      number++
    }
    return into
  })
  if (left.size > 0) throw new Error(`${variant.heading}: ${left.size} pieces were found and not drawn`)
  return pixels
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

/** Name of each pixel's territory. */
function territories({ map, names }: NonNullable<Sample['labels']>): readonly string[][] {
  return map.map((row) => row.map((label) => names[label] ?? ''))
}

export function isCalcified({ thresholdHu, thresholdRule, upperHu }: Standard, hu: number): boolean {
  return (thresholdRule === '>=' ? hu >= thresholdHu : hu > thresholdHu) && hu <= (upperHu ?? Infinity)
}

/** Class of an HU on the ladder, from 0. */
export function classOf({ ladderHu, ladderRule }: Standard, hu: number): number {
  return ladderHu.filter((edge) => (ladderRule === '>=' ? hu >= edge : hu > edge)).length
}

/** Calcified pixels that touch, as [row, column]. */
function componentsOf(
  slice: readonly (readonly number[])[],
  standard: Standard,
  map: readonly (readonly string[])[] | undefined,
): (readonly [number, number])[][] {
  const seen = slice.map((row) => row.map((hu) => !isCalcified(standard, hu)))
  const steps = [-1, 0, 1].flatMap((r) => [-1, 0, 1].map((c) => [r, c] as const))
  const near = steps.filter(([r, c]) => (r !== 0 || c !== 0) && (standard.connectivity === 8 || r === 0 || c === 0))
  const components: (readonly [number, number])[][] = []
  slice.forEach((values, r) =>
    values.forEach((_, c) => {
      if (seen[r]![c]) return
      const places: (readonly [number, number])[] = []
      const open: (readonly [number, number])[] = [[r, c]]
      seen[r]![c] = true
      for (let at = open.pop(); at; at = open.pop()) {
        places.push(at)
        for (const [down, right] of near) {
          const [row, column] = [at[0] + down, at[1] + right]
          if (seen[row]?.[column] !== false || map?.[row]![column] !== map?.[r]![c]) continue
          seen[row]![column] = true
          open.push([row, column])
        }
      }
      components.push(places)
    }),
  )
  return components
}

/** A space where no line is broken. */
const NARROW = '\u00a0'

/** Area of the counted pixels of each weight, where every pixel has its own. */
function areasByClass({ sample, pixels, result: { standard } }: Scored): Map<number, number> {
  const areas = new Map<number, number>()
  const area = sample.spacingMm[0] * sample.spacingMm[1]
  sample.hu.forEach((slice, k) =>
    slice.forEach((row, r) =>
      row.forEach((hu, c) => {
        if (!pixels[k]![r]![c]?.piece.counted) return
        const weight = standard.weights[classOf(standard, hu)]!
        areas.set(weight, (areas.get(weight) ?? 0) + area)
      }),
    ),
  )
  return areas
}

/** What a score is made of: area x weight, areas of one weight together; checked against the engine's own sum. */
export function arithmetic(scored: Scored): string {
  const { result, sample } = scored
  const pieces = result.lesions.flatMap(({ pieces }) => pieces).filter(({ counted }) => counted)
  if (pieces.length === 0) return 'no piece counts'
  const byWeight = new Map<number, number[]>()
  const add = (weight: number, areaMm2: number): unknown =>
    byWeight.set(weight, [...(byWeight.get(weight) ?? []), areaMm2])
  if (result.standard.weightFrom === 'pixel') {
    for (const [weight, areaMm2] of areasByClass(scored)) add(weight, areaMm2)
  } else for (const { weight, areaMm2 } of pieces) add(weight, areaMm2)
  const terms = [...byWeight].map(([weight, areas]) => {
    const sum = areas.map(plain).join(areas.length > 3 ? ' + ' : `${NARROW}+${NARROW}`)
    return `${areas.length > 1 ? `(${sum})` : sum}${NARROW}×${NARROW}${plain(weight)}`
  })
  const sum = pieces.reduce((so, { areaMm2, weight }) => so + areaMm2 * weight, 0)
  const factor = sliceFactor(result.standard, sample)
  if (Math.abs(sum * factor - result.total.agatston) > 1e-9)
    throw new Error(`${sample.id}: the terms are not the score`)
  const all = terms.join(' + ')
  return factor === 1 ? `= ${all}` : `= ${terms.length > 1 ? `(${all})` : all} × ${plain(factor)}`
}

export function sliceFactor({ sliceFactor }: Standard, { incrementMm, thicknessMm }: Sample): number {
  switch (sliceFactor) {
    case 'increment/3':
      return incrementMm / 3
    case 'thickness/3':
      return thicknessMm / 3
    case 'increment/thickness':
      return Math.min(1, incrementMm / thicknessMm)
    case 'none':
      return 1
  }
}

/** At most two decimals, none of them an idle zero. */
export const plain = (value: number): string => String(Number(value.toFixed(2)))
