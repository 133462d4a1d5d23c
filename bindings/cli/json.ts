/**
 * A result as JSON in pieces. A string of JavaScript holds half a gigabyte, and everything calcified in a noisy scan is more:
 * the text is that of `JSON.stringify` to the last sign, but never there as a whole.
 */
import type { Result } from '../score/result.js'

/** Pieces up to which the text is certainly no longer than a string can be. */
const IN_ONE = 100_000
/** Signs gathered before they are handed on. */
const CHUNK = 2 ** 20

/**
 * The text of `JSON.stringify(result, null, indent)` with a line end, in chunks.
 *
 * @param inOne pieces up to which it comes as one chunk
 */
export function* resultJson(result: Result, indent: 0 | 2, inOne: number = IN_ONE): Generator<string> {
  const pieces = result.lesions.reduce((sum, lesion) => sum + lesion.pieces.length, 0)
  if (pieces <= inOne) return yield `${JSON.stringify(result, null, indent)}\n`
  let text = ''
  for (const part of partsOf(result, indent, '\n')) {
    text += part
    if (text.length < CHUNK) continue
    yield text
    text = ''
  }
  yield `${text}\n`
}

/** Lists of objects, and objects that hold some, part by part; everything else at once. `line` is a line end with its margin. */
function* partsOf(value: unknown, indent: 0 | 2, line: string): Generator<string> {
  const inner = line + ' '.repeat(indent)
  const [open, close] = indent === 0 ? ['', ''] : [inner, line]
  if (isLong(value)) {
    let before = `[${open}`
    for (const item of value) {
      yield before
      yield* partsOf(item, indent, inner)
      before = `,${open}`
    }
    yield `${close}]`
  } else if (holdsLong(value)) {
    let before = `{${open}`
    for (const [key, field] of Object.entries(value)) {
      if (field === undefined) continue
      yield `${before}${JSON.stringify(key)}:${indent === 0 ? '' : ' '}`
      yield* partsOf(field, indent, inner)
      before = `,${open}`
    }
    yield `${close}}`
  } else yield JSON.stringify(value, null, indent).replaceAll('\n', line)
}

/** A list with something in it, all of it objects. */
const isLong = (value: unknown): value is readonly object[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'object' && item !== null)

const holdsLong = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).some(isLong)
