/** Wrong arguments: a TypeError for the wrong kind, a RangeError for the wrong value, each naming what was wrong; never a score. */
import { describe, expect, it } from 'vitest'
import type { AgatstonError } from '../../bindings/base/errors.js'
import type { ScoreOptions } from '../../bindings/score/options.js'
import type { Standard } from '../../bindings/score/standard.js'
import type { Platform } from '../platforms.js'
import { custom } from '../vectors/standards.js'
import { EIGHTEEN, WHOLE, thrown } from './studies.js'

type Expected = typeof TypeError | typeof RangeError | 'SCOPE_MISSING' | 'GEOMETRY_MISSING'
const LABELS = new Uint8Array(64).fill(1)
const map = (changes: object): object => ({ territories: { scalarData: LABELS, names: { 1: 'LAD' }, ...changes } })
const standard = (changes: object): object => ({ ...WHOLE, standard: { ...custom('own', {}), ...changes } })
const without = (key: keyof Standard): object => {
  const { [key]: _gone, ...rest } = custom('own', {})
  return { ...WHOLE, standard: rest }
}

const OPTIONS: readonly (readonly [string, unknown, Expected, RegExp])[] = [
  ['an unknown option', { ...WHOLE, threshold: 130 }, TypeError, /'threshold'.*standard/],
  ['an option in another case', { ...WHOLE, massfactor: 1e-3 }, TypeError, /'massfactor'/],
  ['null for options', null, TypeError, /options must be an object/],
  ['a string for options', 'whole-image', TypeError, /options must be an object/],
  ['no scope', {}, 'SCOPE_MISSING', /territories/],
  ['another scope', { scope: 'everything' }, RangeError, /everything/],
  ['scope and territories', { ...map({}), ...WHOLE }, RangeError, /exclude/],
  ['an unknown standard', { ...WHOLE, standard: 'agatston' }, RangeError, /'agatston'.*agatston-130/],
  ['a number for a standard', { ...WHOLE, standard: 130 }, TypeError, /standard must/],
  ['null for a standard', { ...WHOLE, standard: null }, TypeError, /standard must/],
  ['a mass factor as text', { ...WHOLE, massFactor: '0.0007' }, TypeError, /massFactor/],
  ['a mass factor of 0', { ...WHOLE, massFactor: 0 }, RangeError, /massFactor.*0/],
  ['a negative mass factor', { ...WHOLE, massFactor: -1 }, RangeError, /-1/],
  ['NaN as mass factor', { ...WHOLE, massFactor: NaN }, RangeError, /NaN/],
  ['a mass factor in mg/mL', { ...WHOLE, massFactor: 0.72 }, RangeError, /0\.72.*1000/],
  ['a hasher that is none', { ...WHOLE, hash: 'sha256' }, TypeError, /hash must/],
  ['a signal that is none', { ...WHOLE, signal: {} }, TypeError, /signal must/],
  ['progress that is no function', { ...WHOLE, onProgress: 1 }, TypeError, /onProgress must/],

  ['no labels', { territories: { names: {} } }, TypeError, /scalarData/],
  ['labels of 16 bits', map({ scalarData: new Uint16Array(64) }), TypeError, /Uint8Array/],
  ['one label too few', map({ scalarData: new Uint8Array(63) }), RangeError, /63.*64/],
  ['one label too many', map({ scalarData: new Uint8Array(65) }), RangeError, /65.*64/],
  ['a label without a name', map({ names: { 2: 'LAD' } }), RangeError, /label 1/],
  ['no names', map({ names: undefined }), TypeError, /names/],
  ['a name for label 0', map({ names: { 0: 'LM', 1: 'LAD' } }), RangeError, /0/],
  ['a name for label 256', map({ names: { 1: 'LAD', 256: 'LM' } }), RangeError, /256/],
  ['an empty name', map({ names: { 1: '' } }), RangeError, /label 1/],
  ['a name of 65 letters', map({ names: { 1: 'A'.repeat(65) } }), RangeError, /label 1/],
  ['a name with markup', map({ names: { 1: 'LAD<script>' } }), RangeError, /label 1/],
  ['a name that is a number', map({ names: { 1: 7 } }), RangeError, /label 1/],

  ['a shipped id with another threshold', standard({ id: 'agatston-130', thresholdHu: 100 }), RangeError, /agatston-130/],
  ['an id with spaces', standard({ id: 'my own' }), RangeError, /standard\.id/],
  ['no id', without('id'), RangeError, /standard\.id/],
  ['a version of 0', standard({ version: 0 }), RangeError, /version/],
  ['NaN as threshold', standard({ thresholdHu: NaN }), RangeError, /thresholdHu/],
  ['a threshold as text', standard({ thresholdHu: '130' }), RangeError, /thresholdHu/],
  ['another rule', standard({ thresholdRule: '=>' }), RangeError, /Rule/],
  ['an upper limit below the threshold', standard({ upperHu: 129 }), RangeError, /upperHu/],
  ['no upper limit said', without('upperHu'), RangeError, /upperHu/],
  ['6 neighbours', standard({ connectivity: 6 }), RangeError, /connectivity/],
  ['two edges', standard({ ladderHu: [200, 300] }), RangeError, /ladderHu/],
  ['falling edges', standard({ ladderHu: [200, 400, 300] }), RangeError, /ladderHu/],
  ['an edge below the threshold', standard({ ladderHu: [129, 300, 400] }), RangeError, /ladderHu/],
  ['no edges', without('ladderHu'), RangeError, /ladderHu/],
  ['three weights', standard({ weights: [1, 2, 3] }), RangeError, /weights/],
  ['infinite weights', standard({ weights: [1, 2, 3, Infinity] }), RangeError, /weights/],
  ['no weights', without('weights'), RangeError, /weights/],
  ['another weight source', standard({ weightFrom: 'lesion-peak' }), RangeError, /weightFrom/],
  ['another factor', standard({ sliceFactor: 'thickness' }), RangeError, /sliceFactor/],
  ['another volume', standard({ volume: 'isotropic' }), RangeError, /volume/],
  ['no minimum', without('minimum'), RangeError, /minimum/],
  ['a minimum by nothing known', standard({ minimum: { by: 'mm', rule: '>=', mm2: 1 } }), RangeError, /minimum/],
  ['a negative minimum', standard({ minimum: { by: 'area', rule: '>=', mm2: -1 } }), RangeError, /minimum/],
  ['a minimum without rounding', standard({ minimum: { by: 'pixels-of-area', rule: '>=', mm2: 1 } }), RangeError, /minimum/],
  ['a field no standard has', standard({ treshold: 100 }), RangeError, /treshold/],
  ['a standard that needs the thickness', standard({ sliceFactor: 'thickness/3' }), 'GEOMETRY_MISSING', /thickness/],
] // prettier-ignore

export function argumentsSuite(platform: Platform): void {
  describe(`wrong arguments (${platform.name})`, () => {
    it.each(OPTIONS)('%s', async (_what, options, expected, message) => {
      const engine = await platform.engine()
      const error = thrown(() => engine.scoreSync(EIGHTEEN, options as ScoreOptions)) as AgatstonError
      if (typeof expected === 'string') expect(error.code).toBe(expected)
      else expect(error).toBeInstanceOf(expected)
      expect(error.message).toMatch(message)
      await expect(engine.score(EIGHTEEN, options as ScoreOptions)).rejects.toThrow(message)
      expect(engine.scoreSync(EIGHTEEN, WHOLE).total.agatston).toBe(18) // the engine is free, its window whole
    })

    it('a custom standard that is right is stamped on the result, frozen and apart from the one given', async () => {
      const engine = await platform.engine()
      const own = structuredClone(custom('own', { thresholdHu: 100, ladderHu: [100, 200, 300] }))
      const result = engine.scoreSync(EIGHTEEN, { ...WHOLE, standard: own })
      expect(result.standard).toEqual(own)
      expect(result.standard).not.toBe(own)
      expect(Object.isFrozen(result.standard) && Object.isFrozen(result.standard.ladderHu)).toBe(true)
    })

    it('a shipped standard read back from a result is that standard', async () => {
      const engine = await platform.engine()
      const { standard: stamped } = JSON.parse(JSON.stringify(engine.scoreSync(EIGHTEEN, WHOLE))) as {
        standard: Standard
      }
      expect(engine.scoreSync(EIGHTEEN, { ...WHOLE, standard: stamped }).standard.id).toBe('agatston-130')
      const turned = Object.fromEntries(Object.entries(stamped).reverse()) as unknown as Standard
      expect(engine.scoreSync(EIGHTEEN, { ...WHOLE, standard: turned }).standard.id).toBe('agatston-130')
    })
  })
}
