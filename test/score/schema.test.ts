/** The published JSON Schemas: made from the types, and met by real results and refusals. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { describe, expect, it, vi } from 'vitest'
import { AgatstonError, type Warning } from '../../bindings/base/errors.js'
import { createEngine } from '../../bindings/score/engine.js'
import { territoriesOf, vectors, volumeOf } from '../vectors/load.js'
import { EIGHTEEN, WHOLE, thrown } from './studies.js'
import { optionsOf } from '../../bindings/conformance/compare.js'

// A slow machine is no failure.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const read = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(`${ROOT}/schema/${name}`, 'utf8')) as Record<string, unknown>
const RESULT = 'agatston.result-1.schema.json'
const REFUSAL = 'agatston.refusal-1.schema.json'

const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true, strictTuples: false })
const isResult = ajv.compile(read(RESULT))
const isRefusal = ajv.compile(read(REFUSAL))
type Json = { [key: string]: unknown }
const json = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json

describe('the schemas', () => {
  it('are what the types say: npm run schema', { timeout: 60_000 }, () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/schema.mjs', '--check'], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    expect([status, stderr]).toEqual([0, ''])
  })

  it('are published: package.json exports and packs them', () => {
    const { exports, files } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')) as {
      exports: Json
      files: string[]
    }
    expect(exports['./schema/*.json']).toBe('./schema/*.json')
    expect(files).toContain('schema')
  })

  it('close no object: fields may be added within version 1', () => {
    for (const name of [RESULT, REFUSAL])
      expect(JSON.stringify(read(name))).not.toContain('"additionalProperties":false')
  })

  it('are met by the result of every vector', { timeout: 60_000 }, async () => {
    const engine = await createEngine()
    for (const vector of vectors) {
      if (vector.expected.found.pieces > 5000) continue
      const one = { vector, volume: volumeOf(vector.input), territories: territoriesOf(vector.input) }
      const result = json(engine.scoreSync(one.volume, optionsOf(one)))
      expect(isResult(result), `${vector.name}: ${ajv.errorsText(isResult.errors)}`).toBe(true)
    }
  })

  it('are met by an accepted scan, with warnings', async () => {
    const engine = await createEngine()
    const shape = {
      rows: 1,
      columns: 1,
      pixelSpacingMm: [1, 1],
      orientation: [1, 0, 0, 0, 1, 0],
      thicknessMm: 3,
    } as const
    const scan = engine.begin(shape, { ...WHOLE, accept: ['SLICES_MISSING'] })
    for (const z of [0, 3, 6, 12])
      scan.addSlice({ position: [0, 0, z], pixels: Int16Array.of(500), sopInstanceUid: `1.2.${z}` })
    const result = json(scan.end())
    expect(isResult(result), ajv.errorsText(isResult.errors)).toBe(true)
    expect((result.warnings as unknown[]).length).toBe(3)
  })

  it('refuse a result that lacks a field, or bears another kind of value', async () => {
    const engine = await createEngine()
    const whole = json(engine.scoreSync(EIGHTEEN, { ...WHOLE, massFactor: 7e-4 }))
    expect(isResult(whole), ajv.errorsText(isResult.errors)).toBe(true)
    for (const key of Object.keys(whole)) {
      const { [key]: _gone, ...rest } = whole
      expect(isResult(rest), `without ${key}`).toBe(false)
    }
    const wrong: readonly ((result: Json) => void)[] = [
      (result) => (result.schema = 'agatston.result/2'),
      (result) => ((result.total as Json).agatston = null),
      (result) => ((result.total as Json).agatston = '18'),
      (result) => ((result.input as Json).pixelSpacingMm = [1]),
      (result) => (((result.lesions as Json[])[0]!.pieces as Json[])[0]!.boxPx = [1, 2, 3]),
      (result) => ((result.warnings as Json[])[0]!.code = 'no code'),
      (result) => (result.scope = 'all'),
      (result) => ((result.engine as Json).build = 'avx'),
    ]
    for (const [n, change] of wrong.entries()) {
      const changed = json(whole)
      change(changed)
      expect(isResult(changed), `change ${n}`).toBe(false)
    }
    expect(isResult({ ...whole, later: { added: true } })).toBe(true)
  })

  it('are met by a refusal as it is reported', async () => {
    const engine = await createEngine()
    const error = thrown(() => engine.scoreSync(EIGHTEEN)) as AgatstonError
    const warning: Warning = { code: 'NOISE_HIGH', message: 'noise', details: {} }
    const report = json({ schema: 'agatston.refusal/1', refusals: [error.toRefusal()], warnings: [warning] })
    expect(isRefusal(report), ajv.errorsText(isRefusal.errors)).toBe(true)
    expect(isRefusal({ ...report, refusals: [{ code: 'no code', message: '', details: {} }] })).toBe(false)
    expect(isRefusal({ schema: 'agatston.refusal/1', refusals: [] })).toBe(false)
  })
})
