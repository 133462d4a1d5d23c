/**
 * Every code of refusal, fault and warning on two scans alike but for the calcium (see `twins`): with calcium, and one whose true
 * score is zero, so that nothing wrong with a scan can pass for a zero. What may be accepted is, and the result must carry the
 * stamp; what `strict` refuses is refused, from files on disk to the end.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  ACCEPTABLE_CODES,
  type AcceptableCode,
  AgatstonError,
  FAULT_CODES,
  REFUSAL_CODES,
  type Refusal,
  STRICT_CODES,
  WARNING_CODES,
  isAcceptable,
  isFault,
} from '../../bindings/base/errors.js'
import { DEFAULT_LIMITS, readSeries } from '../../bindings/dicom/index.js'
import { MASK_SOP_CLASS, MASK_TAG } from '../../bindings/dicom/masks/tags.js'
import { TRANSFER_SYNTAXES } from '../../bindings/dicom/syntax.js'
import { SOP_CLASS } from '../../bindings/dicom/tables.js'
import { TAG, tagText } from '../../bindings/dicom/tags.js'
import { writeNifti } from '../../bindings/nifti/index.js'
import { type ScorePathOptions, scorePath } from '../../bindings/node/index.js'
import { type Engine, createEngine } from '../../bindings/score/engine.js'
import type { Result } from '../../bindings/score/result.js'
import { tempFolder, writeAll } from '../node/series.js'
import { FAULTS, type FaultRow } from './codes-faults.js'
import { WARNINGS, type WarningRow } from './codes-warnings.js'
import { REFUSALS, type RefusalRow, type Study, isNotYet, territoriesOf } from './codes.js'
import { SCORE, TWINS, type Twin, twinSeries } from './twins.js'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})

async function score(
  { sources, read, scope, clicks, kvpAdapted }: Study,
  accept: readonly AcceptableCode[] = [],
): Promise<Result> {
  const options = { ...(read ?? { expectedSlices: sources.length }) }
  const accepted = [...(options.accept ?? []), ...accept]
  const volume = await readSeries(sources, { ...options, accept: accepted })
  if (clicks) return engine.score(volume, { assignments: clicks, accept: accepted })
  if (scope === 'whole-image') return engine.score(volume, { scope, accept: accepted })
  if (scope === null) return engine.score(volume, { accept: accepted })
  const territories = await (scope ?? territoriesOf)(volume)
  return engine.score(volume, { territories, accept: accepted, ...(kvpAdapted ? { kvpAdapted } : {}) })
}

/** The error a study ends in, with all codes it was refused for. Fails where there is a result. */
async function refused(body: Promise<unknown>): Promise<{ error: AgatstonError; codes: string[] }> {
  const error: unknown = await body.then(
    () => new Error('it was scored; a refusal was expected'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AgatstonError)) throw error
  const refusals = (error.details['refusals'] ?? [error.toRefusal()]) as readonly Refusal[]
  // Nothing of the patient module, in whatever becomes of it.
  expect(`${error.message} ${JSON.stringify([error.details, error.warnings])}`).not.toMatch(/CANARY/i)
  expect(error.message.length).toBeGreaterThan(20)
  return { error, codes: [...new Set(refusals.map(({ code }) => code))] }
}

const codesOf = (result: Result): string[] => [...new Set(result.warnings.map(({ code }) => code))]

const rowsOf = <Row extends object, Code extends string>(table: Readonly<Record<Code, readonly Row[] | object>>) =>
  (Object.keys(table) as Code[]).flatMap((code) => {
    const rows = table[code]
    return Array.isArray(rows) ? (rows as readonly Row[]).map((row): [Code, Row] => [code, row]) : []
  })
const named = <Code extends string, Row extends { readonly by: string }>(rows: readonly (readonly [Code, Row])[]) =>
  rows.flatMap(([code, row]) => TWINS.map((twin) => [code, row.by, twin, row] as const))

describe('the tables', () => {
  it.each([
    ['refusal', REFUSAL_CODES, REFUSALS],
    ['fault', FAULT_CODES, FAULTS],
    ['warning', WARNING_CODES, WARNINGS],
  ] as const)('have a row for every %s', (_, codes, table) => {
    expect(Object.keys(table).sort()).toEqual([...codes].sort())
    for (const rows of Object.values(table)) if (!isNotYet(rows)) expect(rows.length).toBeGreaterThan(0)
  })

  it('leave out no code that anything makes', () => {
    const root = fileURLToPath(new URL('../../bindings/', import.meta.url))
    // A report reads codes and makes none of these.
    const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && file !== join('base', 'errors.ts') && !file.startsWith('report'))
      .map((file) => readFileSync(join(root, file), 'utf8'))
      .join('\n')
    const waiting = [REFUSALS, FAULTS, WARNINGS].flatMap((table) =>
      Object.entries(table).flatMap(([code, rows]) => (isNotYet(rows) ? [code] : [])),
    )
    // One of these made by anything from now on needs rows here in place of its `notYet`.
    expect(waiting.filter((code) => sources.includes(`'${code}'`))).toEqual([])
  })
})

describe('the conformance statement', () => {
  const statement = readFileSync(fileURLToPath(new URL('../../docs/dicom-conformance.md', import.meta.url)), 'utf8')
  const unnamed = (names: readonly string[]): string[] => names.filter((name) => !statement.includes(name))

  it('names every code, with its mark', () => {
    expect(unnamed([...REFUSAL_CODES, ...FAULT_CODES, ...WARNING_CODES].map((code) => `\`${code}\``))).toEqual([])
    const plain = ['RESCALE_TYPE_NOT_HU'] // accepted for one unit only, and marked so
    const marked = ACCEPTABLE_CODES.filter((code) => !plain.includes(code)).map((code) => `\`${code}\` *`)
    expect(unnamed([...marked, ...STRICT_CODES.map((code) => `\`${code}\` S`)])).toEqual([])
    const [refusals, rest] = statement.split('### 11.1')[1]!.split('### 11.2') as [string, string]
    const codesWith = (text: string, mark: string): string[] =>
      [...text.matchAll(/`([A-Z0-9_]+)` ([*S])(?=[ ,])/g)].flatMap(([, code, met]) => (met === mark ? [code!] : []))
    expect(codesWith(refusals, '*').sort()).toEqual(ACCEPTABLE_CODES.filter((code) => !plain.includes(code)).sort())
    expect(codesWith(rest, 'S').sort()).toEqual([...STRICT_CODES].sort())
  })

  it('names every transfer syntax that is read, and no other in its table', () => {
    const section = statement.split('## 6 Transfer syntaxes')[1]!.split('\n* ')[0]!
    const uids = [...section.matchAll(/\| +(1\.2\.840\.10008[\d.]+) +\|/g)].map(([, uid]) => uid!)
    const read = [...TRANSFER_SYNTAXES.values()].filter(({ coding }) => coding !== 'none').map(({ uid }) => uid)
    expect(uids.sort()).toEqual(read.sort())
  })

  it('names every attribute that is looked at, every SOP class and every limit', () => {
    const tags = [...Object.values(TAG), ...Object.values(MASK_TAG)].map(tagText)
    expect(unnamed(tags)).toEqual([])
    expect(unnamed([...Object.values(SOP_CLASS), ...Object.values(MASK_SOP_CLASS)])).toEqual([])
    expect(unnamed(Object.keys(DEFAULT_LIMITS).map((limit) => `\`${limit}\``))).toEqual([])
  })
})

describe('the twins as they are', () => {
  it('score 81 and a zero that is verified, without a warning', async () => {
    for (const twin of TWINS) {
      const result = await score({ sources: twinSeries(twin) })
      expect(result.total.agatston).toBe(SCORE[twin])
      expect(result.warnings).toEqual([])
      expect(result.accepted).toEqual([])
      expect(result.category?.classic).toBe(twin === 'zero' ? 'zero' : 'mild')
    }
  })
})

describe('refused', () => {
  const rows = rowsOf<RefusalRow, (typeof REFUSAL_CODES)[number]>(REFUSALS)

  it.each(named(rows))('%s: %s (%s)', async (code, _by, twin, row) => {
    const { error, codes } = await refused(score(row.study(twin)))
    expect(codes.sort()).toEqual([code, ...(row.also ?? [])].sort())
    if (row.also === undefined) expect(error.code).toBe(code)
  })

  const cannot = rows.filter(([code]) => !isAcceptable(code))
  it.each(named(cannot))('%s cannot be accepted: %s (%s)', async (code, _by, twin, row) => {
    // Naming everything else that can be accepted does not help either.
    const { codes } = await refused(score(row.study(twin), ACCEPTABLE_CODES))
    expect(codes).toEqual([code])
    await expect(score(row.study(twin), [code as AcceptableCode])).rejects.toThrow(RangeError)
  })

  it('may be accepted: a row for every code that can be', () => {
    const tested = rows.map(([code]) => code).filter(isAcceptable)
    expect(ACCEPTABLE_CODES.filter((code) => !tested.includes(code))).toEqual([])
  })

  const can = rows.filter(([code]) => isAcceptable(code))
  it.each(named(can))('%s accepted, and stamped: %s (%s)', async (code, _by, twin, row) => {
    const codes = [code, ...(row.also ?? [])].filter(isAcceptable)
    const result = await score(row.study(twin), codes)
    expect(result.total.agatston).toBeCloseTo(row.accepted?.[twin] ?? SCORE[twin], 9)
    expect([...result.accepted].sort()).toEqual([...codes].sort())
    const stamps = result.warnings
      .filter((warning) => warning.code === 'ACCEPTED')
      .map(({ details }) => details['code'])
    expect([...new Set(stamps)].sort()).toEqual([...codes].sort())
    expect(result.category).toBeNull()
    expect(result.provisionalCategory).toBeNull()
    if (twin === 'zero') expect(codesOf(result)).toContain('ZERO_UNVERIFIED')
    expect(JSON.stringify(result)).not.toMatch(/CANARY/)
  })

  it.each(named(can))('%s stays refused where another code is accepted: %s (%s)', async (code, _by, twin, row) => {
    const others = ACCEPTABLE_CODES.filter((other) => other !== code)
    const { codes } = await refused(score(row.study(twin), others))
    expect(codes).toEqual([code])
  })
})

describe('faults', () => {
  const rows = rowsOf<FaultRow, (typeof FAULT_CODES)[number]>(FAULTS)

  it.each(named(rows))('%s: %s (%s)', async (code, _by, twin, row) => {
    const { error, codes } = await refused(row.score(twin))
    expect(codes).toEqual([code])
    expect(isFault(error.code)).toBe(true)
    // Nothing is left behind that would change the next study.
    expect((await score({ sources: twinSeries(twin) })).total.agatston).toBe(SCORE[twin])
  })
})

const warningRows = rowsOf<WarningRow, (typeof WARNING_CODES)[number]>(WARNINGS)
const shows = (row: WarningRow, twin: Twin): boolean => row.only === undefined || row.only === twin

describe('warned', () => {
  const rows = named(warningRows).filter(([, , twin, row]) => shows(row, twin))

  it.each(rows)('%s: %s (%s)', async (code, _by, twin, row) => {
    const result = await score(await row.study(twin))
    const expected = twin === 'zero' ? 0 : (row.score ?? SCORE[twin])
    expect(result.total.agatston).toBeCloseTo(expected, 9)
    expect(result.total.pieces === 0).toBe(expected === 0)
    const doubted = twin === 'zero' && (row.againstZero || code === 'ACCEPTED') ? ['ZERO_UNVERIFIED'] : []
    expect(codesOf(result).sort()).toEqual([code, ...(row.also ?? []), ...doubted].sort())
    expect(JSON.stringify(result)).not.toMatch(/CANARY/)
  })
})

describe('strict, from files on disk', () => {
  const strict: readonly string[] = STRICT_CODES
  const rows = named(warningRows.filter(([code]) => strict.includes(code))).filter(([, , twin, row]) =>
    shows(row, twin),
  )
  const folder = tempFolder()
  let count = 0

  /** The study as files, with a label map where there can be one: its affine knows straight and even grids only. */
  async function onDisk({ sources, read, scope }: Study): Promise<readonly [path: string, options: ScorePathOptions]> {
    const path = join(folder, `study${count++}`)
    writeAll(path, new Map(sources.map(({ name, data }) => [name, data as Uint8Array])))
    const { accept = [], expectedSlices } = read ?? { expectedSlices: sources.length }
    const counted = expectedSlices === undefined ? {} : { expectedSlices }
    const options: ScorePathOptions = { accept, engine, ...counted }
    const volume = await readSeries(sources, { ...counted, accept })
    if (scope === 'whole-image' || volume.warnings.some(({ code }) => /^(SPACING_JITTER|GANTRY_TILT)/.test(code))) {
      return [path, { ...options, scope: 'whole-image' }]
    }
    const { scalarData, names } = await (scope ?? territoriesOf)(volume)
    const map = `${path}.nii.gz`
    writeFileSync(map, writeNifti({ data: scalarData, geometry: volume.geometry, gzip: true }))
    writeFileSync(`${path}.json`, JSON.stringify(names))
    return [path, { ...options, territories: map }]
  }

  it('the twins as they are pass', async () => {
    for (const twin of TWINS) {
      const [path, options] = await onDisk({ sources: twinSeries(twin) })
      const result = await scorePath(path, { ...options, strict: true })
      expect(result.total.agatston).toBe(SCORE[twin])
      expect(result.warnings).toEqual([])
    }
  })

  it.each(rows)('%s: %s (%s)', async (code, _by, twin, row) => {
    const [path, options] = await onDisk(await row.study(twin))
    expect(codesOf(await scorePath(path, options))).toContain(code)
    const { codes } = await refused(scorePath(path, { ...options, strict: true }))
    expect(codes).toContain(code)
    const doubts: readonly string[] = twin === 'zero' ? ['ZERO_UNVERIFIED'] : []
    expect(codes.filter((other) => other !== code && !doubts.includes(other))).toEqual(
      (row.also ?? []).filter(isStrict),
    )
  })

  it('the other warnings do not refuse', async () => {
    for (const [code, row] of warningRows) {
      if (isStrict(code) || row.againstZero || (row.also ?? []).some(isStrict)) continue
      const [path, options] = await onDisk(await row.study('calcium'))
      expect(codesOf(await scorePath(path, { ...options, strict: true })), code).toContain(code)
    }
  })

  function isStrict(code: string): boolean {
    return strict.includes(code)
  }
})
