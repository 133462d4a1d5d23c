/**
 * Files of vectors, given as bytes, to a set that can be run. A file that is none of ours, or that contradicts itself, is refused
 * as a whole and by name: half a set of vectors would pass for all of it.
 */
import { portableHasher } from '../base/sha256.js'
import { decodeFile } from './decode.js'
import type { VectorCase, VectorFile } from './format.js'
import type { MeasureCase, MeasureFile } from './measures.js'

export interface VectorSet {
  readonly files: readonly { readonly file: string; readonly schema: string; readonly sha256: string }[]
  readonly cases: readonly VectorCase[]
  readonly measures: readonly { readonly file: string; readonly measure: MeasureCase }[]
}

/** A file of vectors that cannot be used; the message names the file and what is wrong with it. */
export class VectorFileError extends RangeError {
  override readonly name = 'VectorFileError'
}

/**
 * @param files name and bytes of each, JSON in UTF-8
 * @throws VectorFileError where a file is no JSON, of another schema, or holds a case that cannot be decoded
 */
export async function readVectors(files: readonly (readonly [name: string, bytes: Uint8Array])[]): Promise<VectorSet> {
  const contents = await Promise.all(
    files.map(async ([file, bytes]) => ({ file, content: parse(file, bytes), sha256: await hashOf(bytes) })),
  )
  return {
    files: contents.map(({ file, content, sha256: hash }) => ({ file, schema: content.schema, sha256: hash })),
    cases: contents.flatMap(({ file, content }) => (isMeasures(content) ? [] : decoded(file, content))),
    measures: contents.flatMap(({ file, content }) =>
      isMeasures(content) ? content.cases.map((measure) => ({ file, measure: known(file, measure) })) : [],
    ),
  }
}

/** SHA-256 in hex. */
async function hashOf(bytes: Uint8Array): Promise<string> {
  const hasher = portableHasher()
  hasher.update(bytes)
  return hasher.hex()
}

const SCHEMAS = ['agatston.vectors/1', 'agatston.measure-vectors/1']
const isMeasures = (content: VectorFile | MeasureFile): content is MeasureFile =>
  content.schema === 'agatston.measure-vectors/1'

function parse(file: string, bytes: Uint8Array): VectorFile | MeasureFile {
  let content: unknown
  try {
    content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new VectorFileError(`${file} is no JSON in UTF-8`, { cause })
  }
  const { schema, cases } = (content ?? {}) as { schema?: unknown; cases?: unknown }
  if (typeof schema !== 'string' || !SCHEMAS.includes(schema)) {
    throw new VectorFileError(`${file} holds no vectors: its "schema" is none of ${SCHEMAS.join(', ')}`)
  }
  if (!Array.isArray(cases) || cases.length === 0) throw new VectorFileError(`${file} holds no cases`)
  return content as VectorFile | MeasureFile
}

function decoded(file: string, content: VectorFile): VectorCase[] {
  let cases: VectorCase[]
  try {
    cases = decodeFile(file, content)
  } catch (cause) {
    const why = cause instanceof RangeError ? `: ${cause.message}` : ''
    throw new VectorFileError(`${file} holds a case that cannot be decoded${why}`, { cause })
  }
  const scored = new Set(cases.map(({ caseName }) => caseName))
  const bare = content.cases.find(({ name }) => !scored.has(name))
  if (bare) throw new VectorFileError(`${file}: the case ${JSON.stringify(bare.name)} has no answer under any standard`)
  if (content.cases.length !== scored.size) throw new VectorFileError(`${file}: two cases have one name`)
  return cases
}

const MEASURES = ['spatially-weighted', 'volume-fraction', 'integrated']

function known(file: string, one: MeasureCase): MeasureCase {
  if (MEASURES.includes((one as Partial<MeasureCase> | null)?.measure ?? '')) return one
  throw new VectorFileError(`${file}: a case names no measure; there are ${MEASURES.join(', ')}`)
}
