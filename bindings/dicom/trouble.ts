/** How a file is refused: one shape for all that breaks off or contradicts itself. Values of the file never enter a message. */
import { AgatstonError, type Details, type Refusal } from '../base/errors.js'
import { tagText } from './tags.js'

/** What is wrong with the bytes; stands in `details.kind` of a `PARSE_FAILED`. */
export type ParseKind =
  | 'truncated'
  | 'length'
  | 'undelimited'
  | 'depth'
  | 'structure'
  | 'value'
  | 'duplicate'
  | 'read'
  | 'damaged'
  | 'unsupported'

export interface Where {
  /** Base name of the file. */
  readonly file: string
  /** Byte offset in the file, where known. */
  readonly offset?: number | undefined
  readonly tag?: number | undefined
}

/** Where it happened, as details. */
export function whereDetails({ file, offset, tag }: Where): Details {
  return {
    file,
    ...(offset === undefined ? {} : { offset }),
    ...(tag === undefined ? {} : { tag: tagText(tag) }),
  }
}

/** A `PARSE_FAILED` that says what was met and where. */
export function parseFailed(kind: ParseKind, what: string, where: Where, cause?: unknown): AgatstonError {
  const at = where.offset === undefined ? '' : ` at byte ${where.offset}`
  return new AgatstonError(
    'PARSE_FAILED',
    `${where.file}: ${what}${at}. Export or transfer the file again`,
    { kind, ...whereDetails(where) },
    cause === undefined ? {} : { cause },
  )
}

/** Run `body`; a refusal it throws is put on the list and null returned. Anything else passes through. */
export function collect<T>(refusals: Refusal[], body: () => T): T | null {
  try {
    return body()
  } catch (error) {
    if (!(error instanceof AgatstonError)) throw error
    refusals.push(error.toRefusal())
    return null
  }
}
