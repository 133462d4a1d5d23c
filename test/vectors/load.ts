/** The vectors on disk, decoded: `for (const vector of vectors) ...`. And each as a volume the engine takes. */
import { readFileSync, readdirSync } from 'node:fs'
import { type VectorCase, type VectorFile, decodeFile } from './format.js'

export { territoriesOf, volumeOf } from '../../bindings/conformance/decode.js'
export type { VectorCase } from './format.js'

const HERE = new URL('./', import.meta.url)

export const vectors: readonly VectorCase[] = readdirSync(HERE)
  .filter((name) => name.endsWith('.json') && name !== 'measures.json')
  .sort()
  .flatMap((name) => decodeFile(name, JSON.parse(readFileSync(new URL(name, HERE), 'utf8')) as VectorFile))
