/**
 * Other looks at a slice by the kernel, while its pixels are in the window: under other edges, or at what falls apart under fewer
 * neighbours.
 */
import type { Edges } from '../../engine/ladder.js'
import type { LookFindings } from '../findings.js'
import type { Plan } from '../further.js'

/**
 * Pieces under other edges and neighbours; or, with edges null, those the slice's own pieces, of 8 neighbours, fall into under 4: of
 * none but those that do.
 */
export type Look = { readonly edges: Edges; readonly connectivity: 4 | 8 } | { readonly edges: null }

/** How each slice is looked at again; the looks' findings stand in their order. */
export function looker(looks: readonly Look[]): Plan['look'] {
  if (looks.length === 0) return () => undefined
  /** What was found where nothing falls apart, once for all such slices. */
  let nothing: LookFindings | null = null
  return (scanner, found, moved, take) => {
    const split = (): LookFindings => {
      const pieces = scanner.split(found)
      if (pieces === 0 && nothing !== null) return nothing
      const shared = new Uint32Array(2 * pieces)
      const wholes = scanner.window.pairs(pieces)
      for (let part = 0; part < pieces; part++) {
        shared[2 * part] = wholes[part]!
        shared[2 * part + 1] = part
      }
      const parts = { ...take({ pieces, ladder: found.ladder }), shared }
      if (pieces === 0) nothing = parts
      return parts
    }
    // A split goes by the edges the slice was labelled with, so it comes first.
    const parts = looks.some(({ edges }) => edges === null) ? split() : null
    const other = found.slot === 0 ? 1 : 0
    return looks.map((look) => {
      if (look.edges === null) return parts!
      const seen = scanner.scanAgain(other, moved, look.edges, look.connectivity)
      return { ...take(seen), shared: scanner.linked(found, seen).slice() }
    })
  }
}
