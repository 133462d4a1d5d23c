/** The peers' own table of standards (bench/peers/rules.json), for those that run here. */
import { readFileSync } from 'node:fs'
import type { Input } from '../../test/reference/types.js'

export interface PeerRule {
  readonly from: number
  readonly upTo: number | null
  /** `from` itself is not calcified. */
  readonly above: boolean
  readonly neighbours: 4 | 8
  readonly edges: readonly number[]
  readonly aboveEdges: boolean
  readonly weights: 'piece' | 'slice-peak' | 'lesion-peak' | 'slice-pixels'
  readonly minimum:
    | null
    | { readonly mm2: number; readonly above: boolean }
    | { readonly ceil: number }
    | { readonly round: number }
    | { readonly pixels: number }
    | { readonly lesionVoxels: number }
  readonly slice: 'increment/3' | 'thickness/3' | 'increment/thickness' | 'none'
}

const file = new URL('../peers/rules.json', import.meta.url)
export const PEER_RULES = (
  JSON.parse(readFileSync(file, 'utf8')) as { readonly rules: Readonly<Record<string, PeerRule>> }
).rules

/** Areas compare with this relative tolerance. */
const TOLERANCE = 1e-9

/** Whether a piece of so many pixels counts. */
export function isLargeEnough(pixels: number, { minimum }: PeerRule, areaMm2: number): boolean {
  if (minimum === null) return true
  if ('mm2' in minimum) {
    const limit = minimum.mm2
    return minimum.above ? pixels * areaMm2 > limit * (1 + TOLERANCE) : pixels * areaMm2 >= limit * (1 - TOLERANCE)
  }
  if ('ceil' in minimum) return pixels >= Math.ceil((minimum.ceil / areaMm2) * (1 - TOLERANCE))
  if ('round' in minimum) return pixels >= Math.round(minimum.round / areaMm2)
  if ('pixels' in minimum) return pixels >= minimum.pixels
  throw new RangeError('a minimum of lesions is none of pieces')
}

/** What area x weight is multiplied with; null: the volume has no thickness, and the standard needs one. */
export function sliceFactor({ slice }: PeerRule, { incrementMm, thicknessMm }: Input): number | null {
  if (slice === 'none') return 1
  if (slice === 'increment/3') return incrementMm / 3
  if (thicknessMm == null) return null
  return slice === 'thickness/3' ? thicknessMm / 3 : Math.min(1, incrementMm / thicknessMm)
}
