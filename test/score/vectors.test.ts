import { describe, expect, it, vi } from 'vitest'
import { type EngineVector, engineVector, optionsOf, wrongTotals } from '../../bindings/conformance/compare.js'
import { platforms } from '../platforms.js'
import { vectors } from '../vectors/load.js'
import { plain } from './studies.js'
import { vectorsSuite } from './vectors.suite.js'

// A slow machine is no failure.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const cases: EngineVector[] = vectors.map(engineVector)

for (const platform of platforms) vectorsSuite(platform, cases)

describe('the two modules', () => {
  it('give the same bits: whole results compare as text', async () => {
    const [simd, scalar] = await Promise.all(platforms.map((platform) => platform.engine()))
    expect([simd!.build, scalar!.build]).toEqual(['simd', 'scalar'])
    for (const one of cases) {
      if (one.vector.expected.found.pieces > 5000) continue
      const [a, b] = [simd!, scalar!].map((engine) => engine.scoreSync(one.volume, optionsOf(one)))
      expect(JSON.stringify(plain(a!)), one.vector.name).toBe(JSON.stringify(plain(b!)))
    }
  })
})

describe('the comparison of vectors', () => {
  it('sees a number that is off by 2e-9 and an integer that is off by one', () => {
    const { vector } = cases[0]!
    const total = { ...vector.expected.total, diffusivity: null }
    expect(wrongTotals(total, vector.expected.total)).toEqual([])
    expect(wrongTotals({ ...total, agatston: total.agatston * (1 + 2e-9) }, vector.expected.total).length).toBe(1)
    expect(wrongTotals({ ...total, pixels: total.pixels + 1, lesions: 0 }, vector.expected.total).length).toBe(2)
  })
})
