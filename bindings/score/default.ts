/**
 * The default standard, which is all the core needs to know; the others come with `further/`. Frozen: `id` and `version` are
 * stamped on every result, and a change of any number here is a new version.
 */
import type { Standard } from './standard.js'

export const DEFAULT_STANDARD: Standard = /* @__PURE__ */ deepFreeze<Standard>({
  id: 'agatston-130',
  version: 1,
  title: 'Agatston score: 130 HU, 8 neighbours, 1 mm2',
  citation: 'Agatston 1990, doi:10.1016/0735-1097(90)90282-T; slices scaled to 3 mm',
  sha256: null,
  thresholdHu: 130,
  thresholdRule: '>=',
  upperHu: null,
  connectivity: 8,
  lesionConnectivity: 6,
  ladderHu: [200, 300, 400],
  ladderRule: '>=',
  weights: [1, 2, 3, 4],
  weightFrom: 'piece-peak',
  weightPixels: 1,
  minimum: { by: 'area', rule: '>=', mm2: 1 },
  minimumOf: 'piece',
  sliceFactor: 'increment/3',
  volume: 'voxels',
  volumeThresholdHu: null,
})

export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze)
    Object.freeze(value)
  }
  return value
}
