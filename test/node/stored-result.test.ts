/** Results read again: every honest one passes, one number changed does not. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkResult, readResult } from '../../bindings/node/stored-result.js'
import { UsageError } from '../../bindings/node/usage.js'
import { createEngine } from '../../bindings/score/engine.js'
import { STANDARDS } from '../../bindings/score/further/index.js'
import type { Result } from '../../bindings/score/result.js'
import { arrayVolume } from '../../bindings/volume/array.js'
import { random } from '../paint.js'

const [rows, columns, slices] = [24, 40, 4]
const from = random(7)
const scalarData = Int16Array.from({ length: rows * columns * slices }, () =>
  from.next() < 0.3 ? 100 + from.below(500) : 40,
)
const volume = arrayVolume({ scalarData, dimensions: [columns, rows, slices], spacing: [0.6, 0.6, 3], thicknessMm: 3 })
const territories = {
  scalarData: Uint8Array.from(scalarData, (_, i) => Math.floor((i % columns) / 8) % 5),
  names: { 1: 'LM', 2: 'LAD', 3: 'RCA', 4: 'AORTA' },
}
const engine = await createEngine()
const copy = (result: Result): Result => JSON.parse(JSON.stringify(result)) as Result

const OPTIONS = {
  masks: { territories },
  'left main into LAD': { territories, lmIntoLad: true },
  whole: { territories, regionRule: 'whole' },
  'the whole image': { scope: 'whole-image' },
} as const

describe.each(STANDARDS.map(({ id }) => id))('an honest result under %s passes', (standard) => {
  test.each(Object.entries(OPTIONS))('%s', async (_name, options) => {
    const result = copy(await engine.score(volume, { standard, ...options }))
    await expect(checkResult(result)).resolves.toEqual(result)
  })
})

describe('what is not passed on', () => {
  const changed = async (change: (result: Record<string, any>) => void): Promise<unknown> => {
    const result = copy(await engine.score(volume, { territories })) as unknown as Record<string, any>
    change(result)
    return checkResult(result)
  }

  test.each<[string, (result: Record<string, any>) => void]>([
    ['a piece left out', (r) => r['lesions'][0].pieces.pop()],
    [
      'a lesion left out',
      (r) =>
        r['lesions'].splice(
          r['lesions'].findIndex(({ counted }: { counted: boolean }) => counted),
          1,
        ),
    ],
    ['pixels of a vessel', (r) => r['territories'].LAD.pixels++],
    ['the score of a vessel', (r) => (r['territories'].LAD.agatston += 0.1)],
    ['the score of a lesion', (r) => (r['lesions'][0].agatston += 0.1)],
    ['the total score', (r) => (r['total'].agatston += 0.1)],
    ['the pieces of the total', (r) => r['total'].pieces--],
  ])('%s', async (_name, change) => {
    await expect(changed(change)).rejects.toMatchObject({ code: 'INTEGRITY_FAILED' })
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['an array', []],
    ['another schema', { schema: 'agatston.result/2' }],
    ['a refusal', { schema: 'agatston.refusal/1', refusals: [], warnings: [] }],
    ['only the schema', { schema: 'agatston.result/1' }],
  ])('%s is no result', async (_name, value) => {
    await expect(checkResult(value)).rejects.toBeInstanceOf(UsageError)
  })

  test('a number that is a text is told by its place, not by its value', async () => {
    const wrong = changed((r) => (r['total'].agatston = 'PATIENT'))
    await expect(wrong).rejects.toThrow('#/total/agatston')
    await expect(wrong).rejects.not.toThrow('PATIENT')
  })

  test('a file cut short, and one that is not there', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'agatston-'))
    try {
      const path = join(dir, 'result.json')
      writeFileSync(path, JSON.stringify(await engine.score(volume, { territories })).slice(0, -5))
      await expect(readResult(path)).rejects.toBeInstanceOf(UsageError)
      await expect(readResult(join(dir, 'none.json'))).rejects.toBeInstanceOf(UsageError)
    } finally {
      rmSync(dir, { recursive: true })
    }
  })
})
