/** Standards of one's own: checked field by field, frozen, and apart from what was given. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { customStandard } from '../../bindings/score/further/index.js'
import type { Standard, StandardRules } from '../../bindings/score/standard.js'
import { STANDARDS } from '../../bindings/score/further/index.js'
import { custom } from '../vectors/standards.js'

const given = (changes: object): object => ({ ...custom('own', {}), ...changes })
const without = (key: keyof StandardRules): object => {
  const { [key]: _gone, ...rest } = custom('own', {})
  return rest
}

const WRONG: readonly (readonly [string, object, RegExp])[] = [
  ['a shipped id with another threshold', given({ id: 'agatston-130', thresholdHu: 100 }), /agatston-130/],
  ['an id with spaces', given({ id: 'my own' }), /standard\.id/],
  ['no id', without('id'), /standard\.id/],
  ['a version of 0', given({ version: 0 }), /version/],
  ['NaN as threshold', given({ thresholdHu: NaN }), /thresholdHu/],
  ['a threshold as text', given({ thresholdHu: '130' }), /thresholdHu/],
  ['another rule', given({ thresholdRule: '=>' }), /Rule/],
  ['an upper limit below the threshold', given({ upperHu: 129 }), /upperHu/],
  ['no upper limit said', without('upperHu'), /upperHu/],
  ['6 neighbours', given({ connectivity: 6 }), /connectivity/],
  ['two edges', given({ ladderHu: [200, 300] }), /ladderHu/],
  ['falling edges', given({ ladderHu: [200, 400, 300] }), /ladderHu/],
  ['an edge below the threshold', given({ ladderHu: [129, 300, 400] }), /ladderHu/],
  ['no edges', without('ladderHu'), /ladderHu/],
  ['three weights', given({ weights: [1, 2, 3] }), /weights/],
  ['infinite weights', given({ weights: [1, 2, 3, Infinity] }), /weights/],
  ['no weights', without('weights'), /weights/],
  ['a weight below 0', given({ weights: [-1, 2, 3, 4] }), /weights/],
  ['a weight that makes no number of a score', given({ weights: [1, 2, 3, 1000.1] }), /weights/],
  ['a weight as text', given({ weights: ['1', 2, 3, 4] }), /weights/],
  ['another weight source', given({ weightFrom: 'mean' }), /weightFrom/],
  ['no weight pixels', without('weightPixels'), /weightPixels/],
  ['weight pixels of 0', given({ weightFrom: 'piece-pixels', weightPixels: 0 }), /weightPixels/],
  ['weight pixels where nothing counts them', given({ weightPixels: 2 }), /weightPixels/],
  ['10 neighbours between slices', given({ lesionConnectivity: 10 }), /lesionConnectivity/],
  ['a minimum of vessels', given({ minimumOf: 'vessel' }), /minimumOf/],
  ['a volume threshold as text', given({ volumeThresholdHu: '112.5' }), /volumeThresholdHu/],
  ['a volume threshold above the upper limit', given({ upperHu: 1000, volumeThresholdHu: 1001 }), /volumeThresholdHu/],
  [
    'a volume threshold and whole lesions',
    given({ volumeThresholdHu: 112.5, minimumOf: 'lesion' }),
    /volumeThresholdHu/,
  ],
  ['a title of two lines', given({ title: 'own\nrules' }), /title/],
  ['a hash that is another', given({ sha256: '0'.repeat(64) }), /sha256/],
  ['another factor', given({ sliceFactor: 'thickness' }), /sliceFactor/],
  ['another volume', given({ volume: 'pixels' }), /volume/],
  ['no minimum', without('minimum'), /minimum/],
  ['a minimum by nothing known', given({ minimum: { by: 'mm', rule: '>=', mm2: 1 } }), /minimum/],
  ['a negative minimum', given({ minimum: { by: 'area', rule: '>=', mm2: -1 } }), /minimum/],
  ['a minimum without rounding', given({ minimum: { by: 'pixels-of-area', rule: '>=', mm2: 1 } }), /minimum/],
  ['a minimum by a name that objects inherit', given({ minimum: { by: 'constructor' } }), /minimum/],
  ['a minimum with the limit of another', given({ minimum: { by: 'area', rule: '>=', mm2: 1, pixels: 3 } }), /minimum/],
  ['no minimum with a limit', given({ minimum: { by: 'none', mm2: 1 } }), /minimum/],
  ['a field no standard has', given({ treshold: 100 }), /treshold/],
  ['a field with a name that objects inherit', given({ constructor: 1 }), /constructor/],
  ['a field __proto__', JSON.parse('{"__proto__": {}}') as object, /__proto__/],
  ['a hash that is no text', given({ sha256: 5 }), /sha256/],
]

describe('customStandard', () => {
  it.each(WRONG)('refuses %s', (_, standard, message) => {
    expect(() => customStandard(standard as Standard)).toThrow(RangeError)
    expect(() => customStandard(standard as Standard)).toThrow(message)
  })

  it('refuses what is no object', () => {
    for (const wrong of [null, undefined, 'agatston-130', 130])
      expect(() => customStandard(wrong as never)).toThrow(TypeError)
  })

  it('gives a frozen copy of what is right', () => {
    const own = structuredClone(custom('own', { thresholdHu: 100, ladderHu: [100, 200, 300] }))
    const checked = customStandard(own)
    expect(checked).toEqual({ ...own, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string })
    expect(customStandard(checked)).toEqual(checked)
    expect(checked).not.toBe(own)
    expect(Object.isFrozen(checked) && Object.isFrozen(checked.ladderHu)).toBe(true)
  })

  it('takes weights of 0 and of 1000', () => {
    expect(customStandard(given({ weights: [0, 1, 2, 1000] }) as Standard).weights).toEqual([0, 1, 2, 1000])
  })

  it('hashes JSON with sorted keys, as anyone can', () => {
    const rules = { ...custom('own', { title: 'H\u00fc', minimum: { by: 'pixels-of-area', rule: '>', mm2: 1.5, rounding: 'round' } }) } // prettier-ignore
    const text =
      '{"citation":"Agatston AS et al. J Am Coll Cardiol 1990;15:827-832, doi:10.1016/0735-1097(90)90282-T","connectivity":8,"id":"own","ladderHu":[200,300,400],"ladderRule":">=","lesionConnectivity":6,' +
      '"minimum":{"by":"pixels-of-area","mm2":1.5,"rounding":"round","rule":">"},"minimumOf":"piece","sliceFactor":"increment/3",' +
      '"thresholdHu":130,"thresholdRule":">=","title":"H\u00fc","upperHu":null,"version":1,"volume":"voxels","volumeThresholdHu":null,' +
      '"weightFrom":"piece-peak","weightPixels":1,"weights":[1,2,3,4]}'
    expect(customStandard(rules as Standard).sha256).toBe(createHash('sha256').update(text).digest('hex'))
  })

  it('gives a shipped standard for its own rules, in whatever order they stand', () => {
    for (const shipped of STANDARDS) {
      expect(customStandard(structuredClone(shipped))).toBe(shipped)
      const turned = Object.fromEntries(Object.entries(shipped).reverse()) as unknown as Standard
      expect(customStandard(turned)).toBe(shipped)
    }
  })
})
