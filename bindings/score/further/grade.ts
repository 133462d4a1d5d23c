/** What a piece is worth and whether it counts, for every rule a standard can have. */
import type { Findings } from '../findings.js'
import type { Measure } from '../measure.js'
import type { Geometry } from '../../volume/geometry.js'
import { minimumPixels } from './rules.js'

export interface Grades {
  counted(i: number): boolean
  /** Sum of the weights of its pixels. */
  weighted(i: number): number
}

export function gradesOf(findings: Findings, measure: Measure, geometry: Geometry): Grades {
  return { counted: countedBy(findings, measure, geometry), weighted: weightedBy(findings, measure) }
}

function countedBy(findings: Findings, { standard, areaMm2, minimumPixels: least }: Measure, geometry: Geometry) {
  if (standard.minimumOf === 'piece') return (i: number): boolean => findings.pixels(i) >= least
  const ofLesion = new Float64Array(findings.lesions)
  for (let i = 0; i < findings.pieces; i++) ofLesion[findings.lesionOf[i]!]! += findings.pixels(i)
  const together = minimumPixels(standard.minimum, areaMm2, geometry.incrementMm)
  return (i: number): boolean => ofLesion[findings.lesionOf[i]!]! >= together
}

type Class = 0 | 1 | 2 | 3

function weightedBy(findings: Findings, { standard }: Measure): (i: number) => number {
  const { weights, weightFrom, weightPixels } = standard
  const ofClass =
    (classOf: (i: number) => Class) =>
    (i: number): number =>
      weights[classOf(i)] * findings.pixels(i)
  switch (weightFrom) {
    case 'piece-peak':
      return ofClass((i) => findings.peakClass(i))
    case 'piece-pixels':
      return ofClass((i) => classOfMany((edge) => findings.above(i, edge), weightPixels))
    case 'lesion-peak':
      return ofClass(highestOf(findings, lesionOf(findings)))
    case 'lesion-peak-in-slice':
      return ofClass(highestOf(findings, lesionInSlice(findings)))
    case 'lesion-pixels-in-slice':
      return ofClass(manyOf(findings, lesionInSlice(findings), weightPixels))
    case 'pixel':
      return (i) => {
        const [two, three, four] = [findings.above(i, 2), findings.above(i, 3), findings.above(i, 4)]
        return (
          weights[0] * (findings.pixels(i) - two) +
          weights[1] * (two - three) +
          weights[2] * (three - four) +
          weights[3] * four
        )
      }
  }
}

/** Pieces that share a class: a number for each. */
interface Groups {
  readonly of: (i: number) => number
  readonly count: number
}

const lesionOf = ({ lesionOf, lesions }: Findings): Groups => ({ of: (i) => lesionOf[i]!, count: lesions })

/** Pieces of one lesion in one slice. */
function lesionInSlice({ lesionOf, sliceStarts, pieces }: Findings): Groups {
  const group = new Uint32Array(pieces)
  let count = 0
  for (let k = 0; k + 1 < sliceStarts.length; k++) {
    const seen = new Map<number, number>()
    for (let i = sliceStarts[k]!; i < sliceStarts[k + 1]!; i++) {
      const lesion = lesionOf[i]!
      if (!seen.has(lesion)) seen.set(lesion, count++)
      group[i] = seen.get(lesion)!
    }
  }
  return { of: (i) => group[i]!, count }
}

function highestOf(findings: Findings, groups: Groups): (i: number) => Class {
  const highest = new Uint8Array(groups.count)
  for (let i = 0; i < findings.pieces; i++) {
    const group = groups.of(i)
    highest[group] = Math.max(highest[group]!, findings.peakClass(i))
  }
  return (i) => highest[groups.of(i)] as Class
}

function manyOf(findings: Findings, groups: Groups, least: number): (i: number) => Class {
  const above = {
    2: new Float64Array(groups.count),
    3: new Float64Array(groups.count),
    4: new Float64Array(groups.count),
  }
  for (let i = 0; i < findings.pieces; i++) {
    for (const edge of [2, 3, 4] as const) above[edge][groups.of(i)]! += findings.above(i, edge)
  }
  return (i) => classOfMany((edge) => above[edge][groups.of(i)]!, least)
}

/** The highest class that so many pixels reach. */
function classOfMany(above: (edge: 2 | 3 | 4) => number, least: number): Class {
  if (above(4) >= least) return 3
  if (above(3) >= least) return 2
  return above(2) >= least ? 1 : 0
}
