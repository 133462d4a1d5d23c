/** The Agatston score with OpenCV's wasm build: its components and their areas, slice by slice; the peaks are looked up here. */
import type { OpenCv } from '../engines.js'
import type { ReferenceCase } from './cases.js'
import { type PeerRule, isLargeEnough, sliceFactor } from './rules.js'

/** Score by pieces; null: refused, for want of a thickness. */
export function scoreWithOpenCv(cv: OpenCv, { input }: ReferenceCase, rule: PeerRule): number | null {
  const factor = sliceFactor(rule, input)
  if (factor === null) return null
  const { pixels, rows, columns, slices, labels: territories, pixelSpacingMm } = input
  const areaMm2 = pixelSpacingMm[0] * pixelSpacingMm[1]
  const size = rows * columns
  const mask = new cv.Mat(rows, columns, cv.CV_8U)
  const [labels, stats, centroids] = [new cv.Mat(), new cv.Mat(), new cv.Mat()]
  let weighted = 0
  try {
    for (let k = 0; k < slices; k++) {
      const { slope, intercept } = input.rescale(k)
      const padding = input.padding?.(k) ?? null
      const stored = pixels.subarray(k * size, (k + 1) * size)
      const own = territories?.subarray(k * size, (k + 1) * size)
      // A piece lies in one territory: each is labelled by itself.
      for (const territory of own ? territoriesIn(own) : [0]) {
        const marked = mask.data
        let found = false
        for (let i = 0; i < size; i++) {
          const value = stored[i]!
          const hu = slope * value + intercept
          const isIn =
            (rule.above ? hu > rule.from : hu >= rule.from) &&
            (rule.upTo === null || hu <= rule.upTo) &&
            !(padding !== null && padding.low <= value && value <= padding.high) &&
            (!own || own[i] === territory)
          marked[i] = isIn ? 1 : 0
          if (isIn) found = true
        }
        if (!found) continue
        const count = cv.connectedComponentsWithStats(mask, labels, stats, centroids, rule.neighbours, cv.CV_32S)
        const peaks = new Float64Array(count).fill(-Infinity)
        const [component, measured] = [labels.data32S, stats.data32S]
        for (let i = 0; i < size; i++) {
          const n = component[i]!
          if (n === 0) continue
          const hu = slope * stored[i]! + intercept
          if (hu > peaks[n]!) peaks[n] = hu
        }
        for (let n = 1; n < count; n++) {
          const area = measured[n * 5 + 4]! // CC_STAT_AREA of five columns
          if (!isLargeEnough(area, rule, areaMm2)) continue
          const reached = rule.edges.filter((edge) => (rule.aboveEdges ? peaks[n]! > edge : peaks[n]! >= edge))
          weighted += area * (1 + reached.length)
        }
      }
    }
  } finally {
    for (const mat of [mask, labels, stats, centroids]) mat.delete()
  }
  return weighted * areaMm2 * factor
}

/** Every label of a slice but 0. */
function territoriesIn(labels: Uint8Array): readonly number[] {
  const has = new Uint8Array(256)
  for (let i = 0; i < labels.length; i++) has[labels[i]!] = 1
  return [...has.keys()].filter((label) => label > 0 && has[label] === 1)
}
