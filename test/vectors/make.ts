/**
 * Writes the vectors: `npx tsx test/vectors/make.ts`. With `--check` it writes nothing and fails where the files differ from what
 * the definitions and the reference give.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { answer, toText } from './build.js'
import { deviations } from './define/deviations.js'
import { paintings } from './define/painted.js'
import { pixels } from './define/pixels.js'
import { published, traps } from './define/published.js'
import { rules } from './define/rules.js'
import { space } from './define/space.js'
import { volumes } from './define/volumes.js'
import { weights } from './define/weights.js'
import { wholes } from './define/whole.js'

const HERE = new URL('./', import.meta.url)

/** File name and text of every vector file. */
export function makeVectors(): ReadonlyMap<string, string> {
  const files = [published, traps, deviations, rules, pixels, space, weights, volumes, wholes, paintings]
  return new Map(files.map((definitions) => [definitions.file, `${toText(answer(definitions))}\n`]))
}

function main(check: boolean): void {
  const differing: string[] = []
  for (const [name, text] of makeVectors()) {
    const path = new URL(name, HERE)
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue
    differing.push(name)
    if (!check) writeFileSync(path, text)
  }
  console.log(
    differing.length === 0 ? 'vectors are up to date' : `${check ? 'differ' : 'written'}: ${differing.join(', ')}`,
  )
  if (check && differing.length > 0) process.exitCode = 1
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main(process.argv.includes('--check'))
