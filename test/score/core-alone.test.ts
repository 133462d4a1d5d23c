/** The core without what it does without: `scoreSync` cannot fetch it, and says what to import. Nothing here may load it first. */
import { expect, it } from 'vitest'
import { createEngine } from '../../bindings/score/engine.js'
import { EIGHTEEN, WHOLE, thrown } from './studies.js'

it('scores by the default standard, and names the import for all else until it is there', async () => {
  const engine = await createEngine()
  expect(engine.scoreSync(EIGHTEEN, WHOLE).total.agatston).toBe(18)
  for (const asked of [{ standard: 'siemens' }, { sensitivity: true }, { kvpAdapted: true }, { lmIntoLad: true }]) {
    const error = thrown(() => engine.scoreSync(EIGHTEEN, { ...WHOLE, ...asked })) as Error
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toMatch(/import 'agatston\/standards'/)
  }
  await import('../../bindings/score/further/index.js')
  expect(engine.scoreSync(EIGHTEEN, { ...WHOLE, standard: 'siemens' }).total.agatston).toBe(18)
})
