/**
 * What becomes of every file of the test data: scored, scored with warnings, or refused, file by file, with the reason in words.
 * The table (conformance.json) was judged by hand against the headers and against other readers (pydicom, dcmtk); where a
 * change here makes a row fail, either the change is wrong or the row needs a new judgement, never just new numbers.
 *
 * `outcome`: read alone, nothing accepted. `accepted`: with the codes of `accept`, and an increment of 3 mm where a single slice
 * is among them. Scored is the whole image: for pixels a total is a finer sieve than any mask.
 */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { type AcceptableCode, AgatstonError, type Refusal, type Warning } from '../../bindings/base/errors.js'
import { DataSet } from '../../bindings/dicom/dataset.js'
import { decodeHere } from '../../bindings/dicom/decoding/encoded.js'
import { readSeries } from '../../bindings/dicom/index.js'
import { DEFAULT_LIMITS } from '../../bindings/dicom/limits.js'
import { openObject } from '../../bindings/dicom/open.js'
import { locatePixels, readPixelFormat } from '../../bindings/dicom/pixels.js'
import type { DicomSource } from '../../bindings/dicom/source.js'
import { readStored } from '../../bindings/dicom/stored.js'
import { TAG } from '../../bindings/dicom/tags.js'
import { type Engine, createEngine } from '../../bindings/score/engine.js'
import { dataFolder, sourcesIn } from './data.js'

interface Scored {
  readonly total: number
  readonly pixelSha256: string
  /** Codes in order; an accepted refusal with the code that was accepted, a warning of several kinds with its kind. */
  readonly warnings: readonly string[]
}
interface Refused {
  readonly refused: readonly string[]
  readonly warnings?: readonly string[]
}
type Outcome = Scored | Refused

interface Row {
  /** A file, or with a slash at its end a folder that is one input. */
  readonly path: string
  readonly why: string
  readonly outcome: Outcome
  readonly accept?: readonly AcceptableCode[]
  readonly accepted?: Outcome
}

/** Files whose stored values, all frames, are the same to the bit. */
interface Same {
  readonly what: string
  readonly paths: readonly string[]
  /** Little-endian words without a header, from elsewhere. */
  readonly samples?: string
}

const table = JSON.parse(readFileSync(fileURLToPath(new URL('conformance.json', import.meta.url)), 'utf8')) as {
  readonly rows: readonly Row[]
  readonly same: readonly Same[]
}

const SETS = [
  'ct_all_transfer_syntaxes',
  'ct_encapsulation_variants',
  'htj2k',
  'enhanced_multiframe',
  'seg_sr_rt',
  'malformed',
  'geometry_fail',
  'pydicom_small',
  'chest_acrin_flt_013',
  'qrm_canon',
]
/** Texts and reference tables beside a series; inside a set of single files they have rows of their own. */
const BESIDE = /^(qrm_canon\/(LICENSE|README|reference\/)|geometry_fail\/[^/]*$|geometry_fail\/dcm_qa_ct_GE\/LICENSE)/

const folders = new Map(SETS.map((set) => [set, dataFolder(set)]))
const isThere = (path: string): boolean => folders.get(path.split('/')[0]!) !== null
const pathOf = (path: string): string => join(folders.get(path.split('/')[0]!)!, '..', path)
const sourceOf = (path: string): DicomSource => ({ name: basename(path), data: bytesOf(path) })
const bytesOf = (path: string): Uint8Array => new Uint8Array(readFileSync(pathOf(path)))
const inputOf = (path: string): DicomSource[] => (path.endsWith('/') ? sourcesIn(pathOf(path)) : [sourceOf(path)])

let engine: Engine
beforeAll(async () => {
  engine = await createEngine()
})

async function outcomeOf(path: string, accept: readonly AcceptableCode[]): Promise<Outcome> {
  try {
    const single = accept.includes('TOO_FEW_SLICES') ? { incrementMm: 3 } : {}
    const volume = await readSeries(inputOf(path), { accept, ...single })
    const result = await engine.score(volume, { scope: 'whole-image', accept })
    expect(result.category).toBeNull()
    expect(result.accepted).toEqual(volume.accepted)
    return {
      total: result.total.agatston,
      pixelSha256: result.input.pixelSha256!,
      warnings: result.warnings.map(inWords),
    }
  } catch (error) {
    if (!(error instanceof AgatstonError)) throw error
    const refusals = (error.details['refusals'] ?? [error.toRefusal()]) as readonly Refusal[]
    expect(error.code).toBe(refusals[0]!.code)
    const warnings = error.warnings.map(({ code }) => code)
    return { refused: refusals.map(({ code }) => code), ...(warnings.length > 0 ? { warnings } : {}) }
  }
}

const inWords = ({ code, details }: Warning): string =>
  code === 'ACCEPTED' ? `ACCEPTED ${String(details['code'])}` : details['kind'] ? `${code}:${details['kind']}` : code

describe('the table', () => {
  it('has a reason for each row, each row once, and accepts what was refused and nothing else', () => {
    expect(new Set(table.rows.map(({ path }) => path)).size).toBe(table.rows.length)
    for (const { path, why, outcome, accept, accepted } of table.rows) {
      expect(why.length, path).toBeGreaterThan(20)
      expect(accept === undefined, path).toBe(accepted === undefined)
      if (accept === undefined) continue
      expect(outcome, path).toHaveProperty('refused')
      expect([...accept].sort(), path).toEqual([...new Set((outcome as Refused).refused)].sort())
    }
  })

  it.skipIf(!SETS.every((set) => folders.get(set)))('names every file there is, and none that is not', () => {
    const paths = table.rows.map(({ path }) => path)
    for (const path of paths) {
      expect(existsSync(pathOf(path)), path).toBe(true)
      expect(statSync(pathOf(path)).isDirectory(), path).toBe(path.endsWith('/'))
    }
    const inRow = (file: string): boolean =>
      paths.includes(file) || paths.some((path) => path.endsWith('/') && file.startsWith(path))
    const files = SETS.flatMap((set) =>
      readdirSync(folders.get(set)!, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(set, entry.parentPath.slice(folders.get(set)!.length), entry.name).replaceAll('\\', '/')),
    )
    expect(files.filter((file) => !inRow(file) && !BESIDE.test(file))).toEqual([])
  })
})

for (const set of SETS) {
  const rows = table.rows.filter(({ path }) => path.startsWith(`${set}/`))
  describe.skipIf(!folders.get(set))(set, () => {
    it.each(rows.map((row) => [row.path.slice(set.length + 1), row] as const))('%s', async (_, row) => {
      expect(await outcomeOf(row.path, []), row.why).toEqual(row.outcome)
      if (row.accept) expect(await outcomeOf(row.path, row.accept), row.why).toEqual(row.accepted)
    })
  })
}

/** Stored values of every frame, whatever the modality: a decoder does not know what it decodes. */
async function storedValues(path: string): Promise<Buffer> {
  const opened = openObject(bytesOf(path), basename(path), DEFAULT_LIMITS)!
  expect(opened.failure).toBeNull()
  const set = DataSet.read(opened)
  const frames = set.integer(TAG.NumberOfFrames) ?? 1
  const format = readPixelFormat(set, DEFAULT_LIMITS, frames)
  const decode = decodeHere()
  const all = new Uint16Array(format.rows * format.columns * frames)
  for (let frame = 0; frame < frames; frame++) {
    const size = format.rows * format.columns
    const words = locatePixels(opened, set, format, frame, frames)!
    const view = all.subarray(frame * size, (frame + 1) * size)
    const into = format.signed ? new Int16Array(view.buffer, view.byteOffset, size) : view
    await readStored({ name: path, data: opened.bytes }, words, decode, into)
  }
  return Buffer.from(all.buffer)
}

describe('bit-equal whatever the encoding', () => {
  const available = table.same.filter(({ paths }) => paths.every(isThere))
  it.skipIf(available.length === 0).each(available.map((same) => [same.what, same] as const))('%s', async (_, same) => {
    const first = same.samples ? Buffer.from(bytesOf(same.samples)) : await storedValues(same.paths[0]!)
    for (const path of same.paths) expect((await storedValues(path)).equals(first), path).toBe(true)
  })

  it('and so are their totals and hashes', () => {
    for (const { what, paths } of table.same) {
      const scores = paths.flatMap((path) => {
        const { outcome, accepted } = table.rows.find((row) => row.path === path)!
        const last = accepted ?? outcome
        return 'total' in last ? [`${last.total} ${last.pixelSha256}`] : []
      })
      expect(new Set(scores).size, what).toBeLessThanOrEqual(1)
      expect([0, paths.length], what).toContain(scores.length)
    }
  })
})
