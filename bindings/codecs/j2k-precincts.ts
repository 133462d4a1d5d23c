/** Resolutions, subbands, precincts and code-blocks of a JPEG 2000 tile of one component (ITU-T T.800 B.5 to B.7). */
import { AgatstonError } from '../base/errors.js'
import type { FrameShape } from './decoder.js'
import type { J2kTile } from './j2k-header.js'
import { bitPlanes } from './j2k-styles.js'
import { TagTree } from './j2k-tagtree.js'
import { type CodingName, frameCorrupt, frameShort } from './trouble.js'

/** The code-blocks of one subband that lie in one precinct, and what its packets have said of them so far. */
export interface Subband {
  /** Code-blocks across and down. */
  readonly width: number
  readonly height: number
  /** Most bit planes of a block. */
  readonly planes: number
  readonly inclusion: TagTree
  readonly insignificance: TagTree
  /** By block: bit planes that are all zero, coding passes so far (0: not met), bytes so far, bits of a length. */
  readonly zeroPlanes: Uint8Array
  readonly passes: Uint16Array
  readonly bytes: Float64Array
  readonly lengthBits: Uint8Array
}

export interface Precinct {
  /** Where its packets have their turn on the reference grid. */
  readonly x: number
  readonly y: number
  readonly bands: readonly Subband[]
}

export interface Resolution {
  readonly precincts: readonly Precinct[]
}

/** Precincts of 4096 x 4096 pixels at 64 x 64 each, twice over: beyond that they are made to exhaust. */
const MOST_PRECINCTS = 2 ** 14

/** @param bytes length of the tile's data: a packet takes at least one byte of it */
export function makeResolutions(tile: J2kTile, bytes: number, shape: FrameShape, coding: CodingName): Resolution[] {
  const { levels, precincts } = tile.style
  const grids = precincts.map(([width, height], r) => precinctGrid(tile, levels - r, 2 ** width, 2 ** height))
  const count = grids.reduce((sum, { across, down }) => sum + across * down, 0)
  if (count * tile.packets.layers > bytes) {
    const what = `tile ${tile.index} has ${bytes} bytes for ${count * tile.packets.layers} packets`
    throw frameShort(shape, coding, what, { tile: tile.index, bytes, packets: count * tile.packets.layers })
  }
  if (count > MOST_PRECINCTS) {
    const message = `${shape.file}: tile ${tile.index} of the ${coding} frame has ${count} precincts; the limit is ${MOST_PRECINCTS}. Export the series uncompressed`
    throw new AgatstonError('LIMIT_EXCEEDED', message, {
      file: shape.file,
      coding,
      precincts: count,
      most: MOST_PRECINCTS,
    })
  }
  return grids.map((grid, r) => {
    const made: Precinct[] = []
    for (let j = 0; j < grid.down; j++) {
      for (let i = 0; i < grid.across; i++) made.push(makePrecinct(tile, r, grid, i, j, shape, coding))
    }
    return { precincts: made }
  })
}

interface Grid {
  /** Size of a precinct in samples of its resolution; index of the first one; how many. */
  readonly width: number
  readonly height: number
  readonly left: number
  readonly top: number
  readonly across: number
  readonly down: number
}

/** B.6: the precincts of the resolution `below` levels under the full one. */
function precinctGrid(tile: J2kTile, below: number, width: number, height: number): Grid {
  const scale = 2 ** below
  const [x0, x1] = [Math.ceil(tile.x0 / scale), Math.ceil(tile.x1 / scale)]
  const [y0, y1] = [Math.ceil(tile.y0 / scale), Math.ceil(tile.y1 / scale)]
  const [left, top] = [Math.floor(x0 / width), Math.floor(y0 / height)]
  const empty = x1 <= x0 || y1 <= y0
  const across = empty ? 0 : Math.ceil(x1 / width) - left
  const down = empty ? 0 : Math.ceil(y1 / height) - top
  return { width, height, left, top, across, down }
}

function makePrecinct(
  tile: J2kTile,
  r: number,
  grid: Grid,
  i: number,
  j: number,
  shape: FrameShape,
  coding: CodingName,
): Precinct {
  const { levels } = tile.style
  const scale = 2 ** (levels - r)
  const [px, py] = [(grid.left + i) * grid.width, (grid.top + j) * grid.height]
  const orientations = r === 0 ? [0] : [1, 2, 3]
  const bands = orientations.map((orientation) => {
    const name = r === 0 ? 0 : 3 * (r - 1) + orientation
    const planes = bitPlanes(tile.quantisation, name)
    if (planes === null) {
      throw frameCorrupt(shape, coding, `its quantisation does not name subband ${name}`, { subband: name })
    }
    return makeBand(tile, r, orientation, px, py, grid, planes)
  })
  return { x: Math.max(tile.x0, px * scale), y: Math.max(tile.y0, py * scale), bands }
}

/** Blocks of a subband (B-15, B.7) inside a precinct that begins at (px, py) of its resolution. */
function makeBand(
  tile: J2kTile,
  r: number,
  orientation: number,
  px: number,
  py: number,
  grid: Grid,
  planes: number,
): Subband {
  const { levels, blockWidth, blockHeight } = tile.style
  // In samples of a detail subband a precinct is half as wide.
  const half = r === 0 ? 1 : 2
  const depth = r === 0 ? levels : levels - r + 1
  const columns = blocks(tile.x0, tile.x1, depth, orientation & 1, px / half, grid.width / half, 2 ** blockWidth)
  const rows = blocks(tile.y0, tile.y1, depth, orientation >> 1, py / half, grid.height / half, 2 ** blockHeight)
  const [width, height] = columns === 0 || rows === 0 ? [0, 0] : [columns, rows]
  const count = width * height
  return {
    width,
    height,
    planes,
    inclusion: new TagTree(width, height),
    insignificance: new TagTree(width, height),
    zeroPlanes: new Uint8Array(count),
    passes: new Uint16Array(count),
    bytes: new Float64Array(count),
    lengthBits: new Uint8Array(count),
  }
}

/** Blocks along one axis: where subband, precinct and the grid of blocks meet. */
function blocks(
  from: number,
  to: number,
  depth: number,
  high: number,
  precinct: number,
  size: number,
  block: number,
): number {
  const shift = high === 0 ? 0 : 2 ** (depth - 1)
  const scale = 2 ** depth
  const start = Math.max(Math.ceil((from - shift) / scale), precinct)
  const end = Math.min(Math.ceil((to - shift) / scale), precinct + size)
  if (end <= start) return 0
  const step = Math.min(block, size)
  return Math.ceil(end / step) - Math.floor(start / step)
}
