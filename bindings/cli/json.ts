/**
 * A result as JSON in pieces. A string of JavaScript holds half a gigabyte, and everything calcified in a noisy scan is more:
 * the text is that of `JSON.stringify` to the last sign, but never there as a whole, and neither are the lesions.
 */
import { lesionsOf } from '../score/assemble.js'
import type { Lesion, Result } from '../score/result.js'

/** Signs gathered before they are handed on: what a pipe holds, so that its reader works meanwhile. */
const CHUNK = 2 ** 16
/** Pieces up to which a lesion is written at once. */
const AT_ONCE = 100_000

/**
 * The text of `JSON.stringify(result, null, indent)` with a line end, in chunks of some 65,536 signs.
 *
 * @param atOnce pieces up to which the text of a lesion comes whole
 */
export function* resultJson(result: Result, indent: 0 | 2, atOnce: number = AT_ONCE): Generator<string> {
  let text = ''
  for (const part of resultParts(result, { indent, atOnce })) {
    text += part
    if (text.length < CHUNK) continue
    yield text
    text = ''
  }
  yield `${text}\n`
}

interface Manner {
  readonly indent: 0 | 2
  readonly atOnce: number
}

function* resultParts(result: Result, manner: Manner): Generator<string> {
  yield* membersOf(result, manner, '\n', (key, line) =>
    key === 'lesions' ? listOf(lesionsOf(result), manner, line, lesionParts) : null,
  )
}

function lesionParts(lesion: Lesion, manner: Manner, line: string): string | Generator<string> {
  if (lesion.pieces.length <= manner.atOnce) return whole(lesion, manner, line)
  return membersOf(lesion, manner, line, (key, inner) =>
    key === 'pieces' ? listOf(lesion.pieces, manner, inner, whole) : null,
  )
}

/** A value at once. `line` is a line end with the margin the value stands at. */
const whole = (value: unknown, { indent }: Manner, line: string): string =>
  indent === 0 ? JSON.stringify(value) : JSON.stringify(value, null, indent).replaceAll('\n', line)

/** An object member by member; `inParts` says which members come part by part. */
function* membersOf(
  object: object,
  manner: Manner,
  line: string,
  inParts: (key: string, line: string) => Generator<string> | null,
): Generator<string> {
  const inner = line + ' '.repeat(manner.indent)
  let before = '{'
  for (const key of Object.keys(object)) {
    const parts = inParts(key, inner)
    const value = parts ? null : (object as Record<string, unknown>)[key]
    if (value === undefined) continue
    yield manner.indent === 0 ? `${before}${JSON.stringify(key)}:` : `${before}${inner}${JSON.stringify(key)}: `
    if (parts) yield* parts
    else yield whole(value, manner, inner)
    before = ','
  }
  yield manner.indent === 0 || before === '{' ? `${before === '{' ? '{' : ''}}` : `${line}}`
}

/** A list item by item; what comes whole is gathered, since each part passes through everything around it. */
function* listOf<T>(
  items: Iterable<T>,
  manner: Manner,
  line: string,
  each: (item: T, manner: Manner, line: string) => string | Generator<string>,
): Generator<string> {
  const inner = line + ' '.repeat(manner.indent)
  const margin = manner.indent === 0 ? '' : inner
  let before = '['
  let text = ''
  for (const item of items) {
    const value = each(item, manner, inner)
    text += before + margin
    if (typeof value === 'string') text += value
    else {
      yield text
      yield* value
      text = ''
    }
    if (text.length >= CHUNK) {
      yield text
      text = ''
    }
    before = ','
  }
  yield text + (manner.indent === 0 || before === '[' ? `${before === '[' ? '[' : ''}]` : `${line}]`)
}
