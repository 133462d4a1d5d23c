/** Wrong arguments: a TypeError for the wrong kind, a RangeError for the wrong value, each naming what was wrong; never a score. */
import { describe, expect, it } from 'vitest'
import type { AgatstonError } from '../../bindings/base/errors.js'
import { customStandard } from '../../bindings/score/further/index.js'
import type { ScoreOptions } from '../../bindings/score/options.js'
import type { Standard } from '../../bindings/score/standard.js'
import type { Platform } from '../platforms.js'
import { custom } from '../vectors/standards.js'
import { EIGHTEEN, WHOLE, thrown } from './studies.js'

type Expected = typeof TypeError | typeof RangeError | 'SCOPE_MISSING' | 'GEOMETRY_MISSING'
const LABELS = new Uint8Array(64).fill(1)
const map = (changes: object): object => ({ territories: { scalarData: LABELS, names: { 1: 'LAD' }, ...changes } })

const OPTIONS: readonly (readonly [string, unknown, Expected, RegExp])[] = [
  ['an unknown option', { ...WHOLE, threshold: 130 }, TypeError, /'threshold'.*standard/],
  ['an option in another case', { ...WHOLE, massfactor: 1e-3 }, TypeError, /'massfactor'/],
  ['null for options', null, TypeError, /options must be an object/],
  ['a string for options', 'whole-image', TypeError, /options must be an object/],
  ['no scope', {}, 'SCOPE_MISSING', /territories, assignments/],
  ['another scope', { scope: 'everything' }, RangeError, /everything/],
  ['scope and territories', { ...map({}), ...WHOLE }, RangeError, /exclude/],
  ['an unknown standard', { ...WHOLE, standard: 'agatston' }, RangeError, /'agatston'.*agatston-130/],
  ['a standard that was not checked', { ...WHOLE, standard: custom('own', {}) }, TypeError, /customStandard/],
  ['a number for a standard', { ...WHOLE, standard: 130 }, TypeError, /standard must/],
  ['null for a standard', { ...WHOLE, standard: null }, TypeError, /standard must/],
  ['a mass factor as text', { ...WHOLE, massFactor: '0.0007' }, TypeError, /massFactor/],
  ['a mass factor of 0', { ...WHOLE, massFactor: 0 }, RangeError, /massFactor.*0/],
  ['a negative mass factor', { ...WHOLE, massFactor: -1 }, RangeError, /-1/],
  ['NaN as mass factor', { ...WHOLE, massFactor: NaN }, RangeError, /NaN/],
  ['a mass factor in mg/mL', { ...WHOLE, massFactor: 0.72 }, RangeError, /0\.72.*1000/],
  ['null as mass factor', { ...WHOLE, massFactor: null }, TypeError, /massFactor must be a number/],
  ['a mass factor from nowhere', { ...WHOLE, massFactor: { mgPerMm3Hu: 7e-4 } }, TypeError, /source of massFactor/],
  ['a mass factor from elsewhere', { ...WHOLE, massFactor: { mgPerMm3Hu: 7e-4, source: 'a guess' } }, TypeError, /caller, calibration or header/],
  ['a mass factor from a list', { ...WHOLE, massFactor: { mgPerMm3Hu: 7e-4, source: ['caller'] } }, TypeError, /source of massFactor/],
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

  ['a standard that needs the thickness', { ...WHOLE, standard: customStandard({ ...custom('own', {}), sliceFactor: 'thickness/3' }) }, 'GEOMETRY_MISSING', /thickness/],
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

    it('a custom standard is stamped on the result', async () => {
      const engine = await platform.engine()
      const own = customStandard(custom('own', { thresholdHu: 100, ladderHu: [100, 200, 300] }))
      expect(engine.scoreSync(EIGHTEEN, { ...WHOLE, standard: own }).standard).toBe(own)
    })

    it('a shipped standard read back from a result is that standard', async () => {
      const engine = await platform.engine()
      const { standard: stamped } = JSON.parse(JSON.stringify(engine.scoreSync(EIGHTEEN, WHOLE))) as {
        standard: Standard
      }
      expect(engine.scoreSync(EIGHTEEN, { ...WHOLE, standard: customStandard(stamped) }).standard.id).toBe(
        'agatston-130',
      )
      const turned = Object.fromEntries(Object.entries(stamped).reverse()) as unknown as Standard
      expect(engine.scoreSync(EIGHTEEN, { ...WHOLE, standard: customStandard(turned) }).standard.id).toBe(
        'agatston-130',
      )
    })
  })
}
