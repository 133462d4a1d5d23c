/** JSON of a result in pieces: the text of JSON.stringify, whatever its length. */
import { describe, expect, it } from 'vitest'
import { resultJson } from '../../bindings/cli/json.js'
import type { Lesion, Result } from '../../bindings/index.js'
import { changed, score, territoriesOf } from '../report/make.js'

const results: [string, Result][] = [
  ['lesions', score([150, 250, 350, 450], { territories: territoriesOf(['LM', 'LAD']), massFactor: 0.0007 })],
  ['a whole image', score([150, 250], { scope: 'whole-image' })],
  ['no lesion', score([], { scope: 'whole-image' })],
]
results.push(['texts that must be escaped', changed(results[0]![1], { modifiers: ['a"\\\n\u2028\ud800', '', '{[,'] })])
results.push(['a field without a value', changed(results[0]![1], { sensitivity: undefined as never })])

describe('resultJson', () => {
  it.each(results)('is the text of JSON.stringify: %s', (_, result) => {
    for (const indent of [0, 2] as const) {
      const expected = `${JSON.stringify(result, null, indent)}\n`
      for (const inOne of [-1, 0, 1, 3, 4, 100_000])
        expect([...resultJson(result, indent, inOne)].join('')).toBe(expected)
    }
  })

  it('writes more than a string can hold', () => {
    const [, base] = results[1]!
    const lesion = base.lesions[0]!
    // One long text in every piece: few objects, but more than 2^29 signs together.
    const piece = { ...lesion.pieces[0]!, excluded: 'x'.repeat(2 ** 20) }
    const big: Lesion = { ...lesion, pieces: Array<typeof piece>(300).fill(piece) }
    const result = changed(base, { lesions: [big, big] })
    expect(() => JSON.stringify(result)).toThrow(RangeError)
    let [signs, longest] = [0, 0]
    for (const chunk of resultJson(result, 0, 100)) {
      signs += chunk.length
      longest = Math.max(longest, chunk.length)
    }
    expect(signs).toBeGreaterThan(600 * 2 ** 20)
    expect(longest).toBeLessThan(2 ** 22)
  })
})
