/** Volume and mass from components of their own, found by a look at a lower threshold (or a higher one). */
import { Findings } from '../findings.js'
import type { Scanned } from '../further.js'
import type { Reading, Volumes } from '../measure.js'

/** What one look found in all slices, as findings of its own; its lesions are its pieces. */
export function findingsOfLook({ slices, floats, labelled }: Findings, n: number): Findings {
  const none = new Uint32Array(0)
  const looked = slices.map(({ looks }) => ({ ...looks![n]!, touching: none }))
  return new Findings(
    looked,
    slices.map(() => none),
    floats,
    labelled,
  )
}

/** For each piece of a look the first piece of the findings it shares a pixel with, -1 for none. */
export function ownOfLook(findings: Findings, look: Findings, n: number): Int32Array {
  const own = new Int32Array(look.pieces).fill(-1)
  findings.slices.forEach(({ looks }, k) => {
    const { shared } = looks![n]!
    for (let at = 0; at < shared.length; at += 2) {
      const i = look.sliceStarts[k]! + shared[at + 1]!
      const j = findings.sliceStarts[k]! + shared[at]!
      if (own[i] === -1 || j < own[i]!) own[i] = j
    }
  })
  return own
}

/**
 * Volumes of the components of look `n`, under the same minimum as pieces. A component belongs to the lesion of the first piece it
 * shares a pixel with; one that shares none stands in its territory and the total, in no lesion (where nothing is masked its label is 0,
 * which is nobody's).
 */
export function volumesOfLook(scanned: Scanned, reading: Reading, n: number): Volumes {
  const { findings, measure } = scanned
  const look = findingsOfLook(findings, n)
  const own = ownOfLook(findings, look, n)
  const byLabel = new Map<number, { voxels: number; sumHu: number }>()
  const byLesion = new Map<number, { voxels: number; sumHu: number }>()
  for (let k = 0; k + 1 < look.sliceStarts.length; k++) {
    for (let i = look.sliceStarts[k]!; i < look.sliceStarts[k + 1]!; i++) {
      const voxels = look.pixels(i)
      if (voxels < measure.minimumPixels) continue
      const j = own[i]!
      if (j >= 0 && reading.excluded(j) !== null) continue
      const sumHu = look.sumHu(i, k)
      add(byLabel, j < 0 ? reading.countsAs(look.label(i)) : reading.label(j), voxels, sumHu)
      if (j >= 0) add(byLesion, findings.lesionOf[j]!, voxels, sumHu)
    }
  }
  return {
    labels: [...byLabel.keys()],
    ofLabel: (label) => byLabel.get(label) ?? { voxels: 0, sumHu: 0 },
    ofLesion: (lesion) => byLesion.get(lesion) ?? { voxels: 0, sumHu: 0 },
  }
}

function add(sums: Map<number, { voxels: number; sumHu: number }>, key: number, voxels: number, sumHu: number): void {
  const sum = sums.get(key) ?? { voxels: 0, sumHu: 0 }
  sum.voxels += voxels
  sum.sumHu += sumHu
  sums.set(key, sum)
}
