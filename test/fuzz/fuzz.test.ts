/**
 * A minute of fuzzing with every test run: objects, frames and series, mutated anew each day. `AGATSTON_FUZZ_SECONDS` shortens or
 * lengthens it, `AGATSTON_FUZZ_SEED` repeats a day. Longer runs: `npm run fuzz`.
 */
import { describe, expect, it } from 'vitest'
import { AgatstonError } from '../../bindings/base/errors.js'
import { PATIENT, leaks } from './canary.js'
import { readFields } from './fields.js'
import { LEVELS, type Level, fuzzerOf } from './levels.js'
import { objectSeeds } from './object-seeds.js'
import { seriesSeeds } from './series-seeds.js'
import { Tally } from './tally.js'
import { judgeThrown } from './verdict.js'

const DAY = Math.floor(Date.now() / 86_400_000)
const SEED = Number(process.env['AGATSTON_FUZZ_SEED'] ?? DAY)
const SECONDS = Number(process.env['AGATSTON_FUZZ_SECONDS'] ?? 60)

/** Share of the time, and cases that are run however little time there is. */
const SHARES: Readonly<Record<Level, { readonly time: number; readonly least: number }>> = {
  object: { time: 0.45, least: 400 },
  frame: { time: 0.2, least: 200 },
  series: { time: 0.35, least: 100 },
}

describe(`fuzzing, seed ${SEED}, ${SECONDS} s`, () => {
  it.each(LEVELS)(
    'every mutated %s comes out right, or is refused with a code',
    async (level) => {
      const { time, least } = SHARES[level]
      const tally = new Tally(await fuzzerOf(level), SEED)
      const end = performance.now() + 1000 * SECONDS * time
      for (let n = 0; n < least || performance.now() < end; n++) await tally.run(n)
      const lines = tally.failures.map(
        ({ n, what, failure }) =>
          `${what}: ${failure}\n  again: npm run fuzz -- --level ${level} --seed ${SEED} --from ${n} --count 1`,
      )
      expect(lines).toEqual([])
      // Both sides of the oracle were reached: inputs that are read, and inputs that are not.
      const outcomes = [...tally.outcomes.keys()]
      expect(outcomes.some((outcome) => /equal|read/.test(outcome))).toBe(true)
      expect(outcomes.some((outcome) => /PARSE_FAILED|PIXELS_CORRUPT/.test(outcome))).toBe(true)
      console.log(`${level}: ${tally.cases} cases of seed ${SEED}, ${outcomes.length} outcomes`)
    },
    1000 * SECONDS + 240_000,
  )
})

describe('the same case comes again', () => {
  it.each(LEVELS)('%s', async (level) => {
    const [one, other] = [await fuzzerOf(level), await fuzzerOf(level)]
    for (let n = 0; n < 20; n++) {
      const [a, b] = [one.make(7, n), other.make(7, n)]
      expect([a.what, a.files]).toEqual([b.what, b.files])
      expect((await a.judge(a.files)).outcome).toBe((await b.judge(b.files)).outcome)
    }
  })
})

describe('the oracle fails where it must', () => {
  it('for anything thrown that is no AgatstonError, for unknown codes and for faults', () => {
    const refusal = new AgatstonError('PARSE_FAILED', 'CT.dcm: broken', { file: 'CT.dcm' })
    expect(judgeThrown(refusal)).toEqual({ outcome: 'PARSE_FAILED', failure: null })
    for (const thrown of [new TypeError('x'), new RangeError('x'), 'text', 7, undefined]) {
      expect(judgeThrown(thrown).failure).toContain('untagged')
    }
    expect(judgeThrown(new AgatstonError('INTERNAL', 'x')).failure).toContain('fault')
    expect(judgeThrown(new AgatstonError('NO_CODE' as 'INTERNAL', 'x')).failure).toContain('unknown code')
    expect(judgeThrown(new AgatstonError('PARSE_FAILED', 'a\u001bb')).failure).toContain('unprintable')
  })

  it('for a patient value in a message, a detail, a warning or a cause', () => {
    const canary = String(PATIENT[0x00100020]!.value)
    const errors = [
      new AgatstonError('PARSE_FAILED', canary),
      new AgatstonError('PARSE_FAILED', 'x', { deep: { value: canary } }),
      new AgatstonError('PARSE_FAILED', 'x', {}, { cause: new Error(canary) }),
      new AgatstonError('PARSE_FAILED', 'x', {}, { warnings: [{ code: 'NOT_GATED', message: canary, details: {} }] }),
    ]
    for (const error of errors) expect(judgeThrown(error).failure).toContain('patient')
  })

  it('for a score that moved and nobody says why', async () => {
    const series = await fuzzerOf('series')
    const seed = seriesSeeds()[0]!
    let n = 0
    while (series.make(1, n).seed !== seed.name || series.make(1, n).files.length !== seed.files.length) n++
    const one = series.make(1, n)
    expect(await one.judge(seed.files)).toEqual({ outcome: 'equal', failure: null })
    const bright = seed.files.map(({ name, bytes }, k) => {
      const copy = bytes.slice()
      if (k === 3) copy.set([0x00, 0x06, 0x00, 0x06, 0x00, 0x06], copy.length - 64 * 64 - 64)
      return { name, bytes: copy }
    })
    expect((await one.judge(bright)).failure).toContain('unexplained')
  })

  it('and the seeds are sound and hold canaries', async () => {
    for (const { name, kind, bytes } of objectSeeds()) {
      const { judgeObject } = await import('./objects.js')
      const { outcome, failure } = await judgeObject(kind, { name: 'IM1.dcm', bytes })
      expect([name, failure, outcome]).toEqual([name, null, kind === 'directory' ? 'no series' : 'read'])
      const text = Array.from(bytes.subarray(0, 4000), (byte) => String.fromCharCode(byte)).join('')
      if (kind !== 'zip' && !name.includes('deflated')) expect(leaks(text), name).toBe(true)
      if (kind === 'image' && !name.includes('deflated')) expect(readFields(bytes).fields.length).toBeGreaterThan(30)
    }
  })
})
