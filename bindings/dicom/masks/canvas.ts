/**
 * The label volume that masks are painted on: one territory a pixel. Two territories on one pixel are refused, whichever they
 * are: its calcium would count for both, or for the one that happened to come first.
 */
import { AgatstonError } from '../../base/errors.js'
import type { Geometry } from '../../volume/geometry.js'
import { maskMismatch } from '../../volume/mask-trouble.js'
import { TERRITORY_IDS, type TerritoryMap, type TerritorySource } from '../../volume/territory.js'

/** One segment or contoured region that is painted, and how often it was. */
export interface Owner {
  readonly source: Omit<TerritorySource, 'pixels'>
  readonly territory: string
  readonly label: number
  /** Pixels marked so far. */
  pixels: number
}

/** Pixels painted for every pixel of the volume before a file is taken for hostile, and the least number of them. */
const MOST_PAINT = { perPixel: 8, least: 2 ** 30 }

export class MaskCanvas {
  readonly labels: Uint8Array
  readonly geometry: Geometry
  private readonly owners: Owner[] = []
  private readonly labelOf = new Map<string, number>()
  private paint: number

  constructor(geometry: Geometry) {
    const { rows, columns, slices } = geometry
    this.geometry = geometry
    this.labels = new Uint8Array(rows * columns * slices)
    this.paint = Math.max(MOST_PAINT.perPixel * this.labels.length, MOST_PAINT.least)
  }

  /** Enter a part that will be painted. @throws AgatstonError `TERRITORY_MISMATCH` beyond 255 territories */
  enter(source: Omit<TerritorySource, 'pixels'>, territory: string): Owner {
    const owner = { source, territory, label: this.labelFor(territory, source.file), pixels: 0 }
    this.owners.push(owner)
    return owner
  }

  private labelFor(territory: string, file: string): number {
    const known = this.labelOf.get(territory)
    if (known !== undefined) return known
    const own = Object.keys(TERRITORY_IDS).length
    const taken = [...this.labelOf.values()].filter((label) => label > own).length
    const label = Object.hasOwn(TERRITORY_IDS, territory)
      ? TERRITORY_IDS[territory as keyof typeof TERRITORY_IDS]
      : own + taken + 1
    if (label > 255) {
      const next = 'Join territories that are not told apart, or leave some out in the file of names'
      throw maskMismatch('names', file, 'the masks name more than 245 territories of their own', next)
    }
    this.labelOf.set(territory, label)
    return label
  }

  /** Account for work about to be done. @throws AgatstonError `LIMIT_EXCEEDED` where it is out of all proportion */
  spend(pixels: number, file: string): void {
    this.paint -= pixels
    if (this.paint >= 0) return
    const message = `${file}: its parts cover the volume many times over, more than any anatomy. Export fewer segments, or only the vessels`
    throw new AgatstonError('LIMIT_EXCEEDED', message, { limit: 'paint', file })
  }

  /** Mark the pixel at `index` (slice, row, column in order). @throws AgatstonError `TERRITORY_MISMATCH` where it has another territory */
  mark(index: number, owner: Owner): void {
    const before = this.labels[index]!
    if (before !== 0 && before !== owner.label) throw this.overlap(before, owner, index)
    this.labels[index] = owner.label
    owner.pixels++
  }

  private overlap(label: number, second: Owner, index: number): AgatstonError {
    const { rows, columns } = this.geometry
    const firsts = this.owners.filter((owner) => owner.label === label && owner.pixels > 0)
    const slice = Math.floor(index / (rows * columns))
    const row = Math.floor(index / columns) % rows
    const first = firsts[0]!
    const who = firsts.length === 1 ? describe(first) : `one of ${firsts.length} parts taken for ${first.territory}`
    return maskMismatch(
      'overlap',
      second.source.file,
      `${who} and ${describe(second)} both mark the pixel in row ${row}, column ${index % columns} of slice ${slice}: its calcium would have two territories`,
      'Make them disjoint, or leave one out in a file of names beside the mask',
      {
        files: [...new Set([...firsts.map(({ source }) => source.file), second.source.file])],
        numbers: [first.source.number, second.source.number],
        territories: [first.territory, second.territory],
        slice,
        row,
        column: index % columns,
      },
    )
  }

  /** The map as painted; names of the territories that have pixels. */
  territories(): Pick<TerritoryMap, 'scalarData' | 'names'> {
    const painted = this.owners.filter(({ pixels }) => pixels > 0)
    const names = Object.fromEntries(painted.map(({ label, territory }) => [label, territory]))
    return { scalarData: this.labels, names: Object.freeze(names) }
  }
}

/** `segment 2 'Mid LAD' of vessels.dcm (LAD)` */
function describe({ source, territory }: Owner): string {
  const what = source.kind === 'seg' ? 'segment' : 'ROI'
  const label = source.label === null ? '' : ` '${source.label}'`
  return `${what} ${source.number}${label} of ${source.file} (${territory})`
}
