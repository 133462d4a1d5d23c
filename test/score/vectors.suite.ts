/**
 * Every vector through the engine, by the comparison that `agatston conformance` makes too. The vectors come from the caller, since
 * a page reads them another way.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { type EngineVector, optionsOf, wrongBand, wrongResult } from '../../bindings/conformance/compare.js'
import type { Engine } from '../../bindings/score/engine.js'
import { STANDARDS } from '../../bindings/score/further/index.js'
import type { Platform } from '../platforms.js'

export function vectorsSuite(platform: Platform, vectors: readonly EngineVector[]): void {
  describe(`vectors (${platform.name})`, () => {
    let engine: Engine
    beforeAll(async () => {
      engine = await platform.engine()
    })

    it('are here, under every shipped standard', () => {
      expect(vectors.length).toBeGreaterThan(2000)
      const ids = new Set(vectors.map(({ vector }) => vector.standard.id))
      expect(STANDARDS.filter(({ id }) => !ids.has(id))).toEqual([])
    })

    it('give the sensitivity band', () => {
      const banded = vectors.filter(({ vector }) => vector.band)
      expect(banded.length).toBeGreaterThan(10)
      for (const one of banded) {
        const options: object = { sensitivity: true }
        const { sensitivity } = engine.scoreSync(one.volume, { ...optionsOf(one), ...options })
        expect(wrongBand(sensitivity, one.vector.band!), one.vector.name).toEqual([])
      }
    })

    for (const rule of new Set(vectors.map(({ vector }) => vector.rule))) {
      it(`${rule}`, { timeout: 60_000 }, async () => {
        for (const one of vectors.filter(({ vector }) => vector.rule === rule)) {
          const result = engine.scoreSync(one.volume, optionsOf(one))
          expect(wrongResult(result, one), one.vector.name).toEqual([])
          const later = await engine.score(one.volume, optionsOf(one))
          if (one.vector.expected.found.pieces < 5000) expect(JSON.stringify(later)).toBe(JSON.stringify(result))
          else expect(later.total).toEqual(result.total)
        }
      })
    }
  })
}
