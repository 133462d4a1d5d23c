/**
 * docs/standards.md and its pictures: every number on them comes from the engine, which scores the pixels that are drawn.
 *
 *   npx tsx scripts/standards-pictures.ts            write the pictures and the made parts of the document
 *   npx tsx scripts/standards-pictures.ts --check    write nothing, fail where a file is not what the engine says
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { createEngine } from '../bindings/index.js'
import '../bindings/score/further/index.js'
import { GRID_PICTURES } from './standards/cases.js'
import { drawBand, drawBetween, drawMass, drawSlicing, drawVoltages } from './standards/diagrams.js'
import { drawGrids } from './standards/grids.js'
import { withMadeParts } from './standards/parts.js'
import { scoreSample } from './standards/score.js'

const DOCS = new URL('../docs/', import.meta.url)
export const DOCUMENT = 'standards.md'

/** Text of every file below docs/ that is made here, by its name. */
export async function makeStandardsDocs(): Promise<ReadonlyMap<string, string>> {
  const engine = await createEngine()
  try {
    const files = new Map<string, string>()
    for (const picture of GRID_PICTURES) {
      const scored = picture.variants.map((variant) => scoreSample(engine, picture.sample, variant))
      files.set(`standards/${picture.sample.id}.svg`, drawGrids(picture, scored))
    }
    files.set('standards/slice-factor.svg', drawSlicing(engine, 'score'))
    files.set('standards/volume.svg', drawSlicing(engine, 'volume'))
    files.set('standards/isotropic.svg', drawBetween(engine))
    files.set('standards/mass.svg', drawMass(engine))
    files.set('standards/band.svg', drawBand(engine))
    files.set('standards/voltage.svg', drawVoltages(engine))
    files.set(DOCUMENT, await withMadeParts(engine, readFileSync(new URL(DOCUMENT, DOCS), 'utf8'), files))
    return files
  } finally {
    engine.dispose()
  }
}

async function main(check: boolean): Promise<void> {
  mkdirSync(new URL('standards/', DOCS), { recursive: true })
  const differing: string[] = []
  for (const [name, text] of await makeStandardsDocs()) {
    const path = new URL(name, DOCS)
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue
    differing.push(name)
    if (!check) writeFileSync(path, text)
  }
  console.log(
    differing.length === 0 ? 'docs are up to date' : `${check ? 'differ' : 'written'}: ${differing.join(', ')}`,
  )
  if (check && differing.length > 0) process.exitCode = 1
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  await main(process.argv.includes('--check'))
