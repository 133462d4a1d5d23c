/**
 * What is timed, and the answer each case must give. Answers come from a plain flood fill, never from what is being
 * timed; an engine that gives another answer fails the run.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { arrayVolume } from '../bindings/volume/array.js'
import type { SyncVolume } from '../bindings/volume/volume.js'
import { random, randomMask } from '../test/paint.js'
import { answerOf } from './answer.js'

export interface Answer {
  /** Pixels at 130 HU or more. */
  readonly pixels: number
  /** Components of 8 neighbours in all slices, counted or not. */
  readonly components: number
  /** Agatston score of the whole image under `agatston-130`. */
  readonly agatston: number
}

export interface Case {
  readonly name: string
  /** HU, x fastest. */
  readonly data: Int16Array
  readonly columns: number
  readonly rows: number
  readonly slices: number
  /** Between columns, rows, slices, in mm. */
  readonly spacing: readonly [number, number, number]
  readonly answer: Answer
}

export function volumeOf({ data, columns, rows, slices, spacing }: Case): SyncVolume {
  return arrayVolume({ scalarData: data, dimensions: [columns, rows, slices], spacing })
}

const SOFT_TISSUE_HU = 40

type Grid = Omit<Case, 'answer' | 'data'>

/** A case with its answer. */
function solved(grid: Grid, data: Int16Array): Case {
  return { ...grid, data, answer: answerOf({ ...grid, data }) }
}

/** Share of pixels at 130 HU or more. */
export const shareOf = ({ data, answer }: Case): number => answer.pixels / data.length

/**
 * The synthetic torso as a 512 x 512 x 64 volume of 33.5 MB, emptied from the back until 3 % of its pixels are at 130 HU or
 * more: the size and share the speed goals are stated for, the structure that of a chest.
 */
export async function torsoCase(slices = 64): Promise<Case> {
  const { makePhantom } = await import('../bindings/phantom/index.js')
  const { volume } = makePhantom({ kind: 'torso', seed: 1, slices })
  const { rows, columns } = volume.geometry
  const data = wholeHu(volume)
  emptyFromTheBack(data, rows, columns, 0.03)
  return solved(
    { name: `torso phantom, 3 % calcified, ${slices} slices`, columns, rows, slices, spacing: [0.4, 0.4, 3] },
    data,
  )
}

/** HU of a whole volume in memory, whose rescale has no fractions. */
export function wholeHu(volume: SyncVolume): Int16Array {
  const { rows, columns, slices } = volume.geometry
  const size = rows * columns
  const data = new Int16Array(size * slices)
  const stored = volume.pixelKind === 'uint16' ? new Uint16Array(size) : new Int16Array(size)
  for (let k = 0; k < slices; k++) {
    volume.readSlice(k, stored)
    const { slope, intercept } = volume.rescale(k)
    for (let i = 0; i < size; i++) data[k * size + i] = slope * stored[i]! + intercept
  }
  return data
}

/** Empty rows from the back on (the spine lies there) until no more than `share` of all pixels are calcified. */
function emptyFromTheBack(data: Int16Array, rows: number, columns: number, share: number): void {
  const inRow = new Uint32Array(rows)
  data.forEach((hu, i) => (inRow[Math.floor(i / columns) % rows]! += hu >= 130 ? 1 : 0))
  let left = inRow.reduce((sum, count) => sum + count, 0)
  let first = rows
  while (left > share * data.length) left -= inRow[--first]!
  data.forEach((_, i) => {
    if (Math.floor(i / columns) % rows >= first) data[i] = SOFT_TISSUE_HU
  })
}

/** The real phantom scan, where it is at hand. */
export async function scanCase(): Promise<Case | null> {
  const folder = fileURLToPath(new URL('../../shared/data/qrm_canon/dicom', import.meta.url))
  if (!existsSync(folder)) return null
  const { readPath } = await import('../bindings/node/index.js')
  const volume = await readPath(folder)
  const { rows, columns, slices, pixelSpacingMm, incrementMm } = volume.geometry
  const size = rows * columns
  const data = new Int16Array(size * slices)
  const stored = volume.pixelKind === 'uint16' ? new Uint16Array(size) : new Int16Array(size)
  for (let k = 0; k < slices; k++) {
    await volume.readSlice(k, stored)
    const { slope, intercept } = volume.rescale(k)
    for (let i = 0; i < size; i++) data[k * size + i] = slope * stored[i]! + intercept
  }
  return solved(
    {
      name: 'QRM phantom, real scan',
      columns,
      rows,
      slices,
      spacing: [pixelSpacingMm[1], pixelSpacingMm[0], incrementMm],
    },
    data,
  )
}

/** Noise: each block of `granularity` pixels is calcified with probability `density`. */
export function noiseCase(density: number, granularity: number, slices = 16): Case {
  const [columns, rows] = [512, 512]
  const from = random(Math.round(density * 1000) * 100 + granularity)
  const data = new Int16Array(columns * rows * slices)
  for (let k = 0; k < slices; k++) {
    const mask = randomMask(columns, rows, density, granularity, from).data
    for (let i = 0; i < mask.length; i++) data[k * mask.length + i] = mask[i] ? 150 + ((i * 37) % 300) : 40
  }
  return solved(
    { name: `noise, density ${density}, grain ${granularity}`, columns, rows, slices, spacing: [0.4, 0.4, 3] },
    data,
  )
}
