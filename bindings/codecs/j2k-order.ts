/** The order of a tile's packets (ITU-T T.800 B.12) for one component. */
import type { J2kTile } from './j2k-header.js'
import type { Resolution } from './j2k-precincts.js'

/** Resolution, precinct in it, layer. */
export type PacketPlace = readonly [resolution: number, precinct: number, layer: number]

export function* packetOrder(tile: J2kTile, resolutions: readonly Resolution[]): Generator<PacketPlace> {
  const { layers, progression } = tile.packets
  if (progression === 0) {
    for (let l = 0; l < layers; l++) {
      for (const [r, { precincts }] of resolutions.entries()) for (const p of precincts.keys()) yield [r, p, l]
    }
  } else if (progression === 1) {
    for (const [r, { precincts }] of resolutions.entries()) {
      for (let l = 0; l < layers; l++) for (const p of precincts.keys()) yield [r, p, l]
    }
  } else if (progression === 2) {
    // By position, which within one resolution is the order of its precincts.
    for (const [r, { precincts }] of resolutions.entries()) {
      for (const p of precincts.keys()) for (let l = 0; l < layers; l++) yield [r, p, l]
    }
  } else {
    // By position first; with one component the two remaining orders are the same.
    const places = resolutions.flatMap(({ precincts }, r) => precincts.map(({ x, y }, p) => ({ x, y, r, p })))
    places.sort((a, b) => a.y - b.y || a.x - b.x || a.r - b.r)
    for (const { r, p } of places) for (let l = 0; l < layers; l++) yield [r, p, l]
  }
}
