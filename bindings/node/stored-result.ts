/**
 * A result that was written before, read again: checked against the published schema, and its sums against each other, since a number
 * changed by hand or a file cut short must not become a report.
 */
import { readFileSync } from 'node:fs'
import { AgatstonError } from '../base/errors.js'
import type { Result, Totals } from '../score/result.js'
import { isCoronary } from '../volume/territory.js'
import { findFiles } from './files.js'
import { UsageError } from './usage.js'

/** Largest file read at once; the text of a larger one is more than a string holds. */
const MOST_BYTES = 400_000_000

/**
 * The result of a JSON file (`agatston score --json`, or `result.json` of `--out`).
 *
 * @throws UsageError for what is no file of a result; AgatstonError `INTEGRITY_FAILED` where its sums do not agree
 */
export async function readResult(path: string): Promise<Result> {
  const [file] = findFiles([path])
  if (!file || file.bytes > MOST_BYTES) throw new UsageError(`a result is a JSON file of at most ${MOST_BYTES} bytes`)
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file.path)))
  } catch (cause) {
    throw new UsageError(`${file.name} is no JSON text: give the file that score wrote with --json or --out`, { cause })
  }
  return checkResult(value, file.name)
}

/**
 * The same for a parsed value.
 *
 * @param name base name of where it came from, for messages
 */
export async function checkResult(value: unknown, name = 'the result'): Promise<Result> {
  const schema = (value as { schema?: unknown } | null)?.schema
  if (schema === 'agatston.refusal/1') {
    throw new UsageError(`${name} is a refusal: there is no score to report`)
  }
  if (schema !== 'agatston.result/1') throw new UsageError(`${name} is no result of schema agatston.result/1`)
  const { Validator } = await import('@cfworker/json-schema')
  const published = JSON.parse(readFileSync(SCHEMA, 'utf8')) as object
  const { valid, errors } = new Validator(published, '7', true).validate(value)
  if (!valid) {
    // The last one is the innermost: where in the file, never what stands there.
    const where = errors[errors.length - 1]?.instanceLocation ?? '#'
    throw new UsageError(`${name} does not have the form of agatston.result/1 at ${where}`)
  }
  const result = value as Result
  checkSums(result, name)
  return result
}

const SCHEMA = new URL('../../schema/agatston.result-1.schema.json', import.meta.url)

/** What can be formed twice must agree. Sums are formed in another order here, hence the tolerance. */
function checkSums(result: Result, name: string): void {
  const pieces = result.lesions.flatMap((lesion) => lesion.pieces).filter(({ counted }) => counted)
  const isTotal = (territory: string | null): boolean =>
    result.scope === 'territories' ? territory !== null && isCoronary(territory) : true
  check(
    name,
    'total',
    result.total,
    pieces.filter(({ territory }) => isTotal(territory)),
  )
  for (const [territory, totals] of Object.entries(result.territories)) {
    check(
      name,
      territory,
      totals,
      pieces.filter((piece) => piece.territory === territory),
    )
  }
  const ofLesions = sumOf(result.lesions)
  const vessels = Object.entries(result.territories)
  const coronary = sumOf(vessels.filter(([territory]) => isCoronary(territory)).map(([, totals]) => totals))
  const isNamed = vessels.length > 0
  if (!isNear(result.total.agatston, isNamed ? coronary : ofLesions)) throw disagree(name, 'the sums of total')
  if (isNamed && !isNear(ofLesions, sumOf(vessels.map(([, totals]) => totals))))
    throw disagree(name, 'the scores of the lesions')
}

const sumOf = (parts: readonly { readonly agatston: number }[]): number =>
  parts.reduce((sum, { agatston }) => sum + agatston, 0)

function check(name: string, what: string, totals: Totals, pieces: Result['lesions'][number]['pieces']): void {
  const pixels = pieces.reduce((sum, piece) => sum + piece.pixels, 0)
  if (totals.pieces !== pieces.length || totals.pixels !== pixels) throw disagree(name, `the sums of ${what}`)
}

const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))

function disagree(name: string, what: string): AgatstonError {
  const message = `${name}: ${what} are not those of its pieces. The file was changed after it was written: score again`
  return new AgatstonError('INTEGRITY_FAILED', message, { kind: 'sums' })
}
