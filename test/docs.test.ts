/** docs/standards.md says what the engine does: its pictures, tables and outputs are made again and compared. */
import { readFileSync, readdirSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { STANDARDS, parseStandard } from '../bindings/score/further/index.js'
import { DOCUMENT, makeStandardsDocs } from '../scripts/standards-pictures.js'
import { exampleOf } from '../scripts/standards/parts.js'

const DOCS = new URL('../docs/', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, DOCS), 'utf8')

describe('docs/standards.md', () => {
  let made: ReadonlyMap<string, string>
  const text = read(DOCUMENT)

  beforeAll(async () => {
    made = await makeStandardsDocs()
  })

  it('and its pictures are what the engine says: npx tsx scripts/standards-pictures.ts', () => {
    for (const [name, expected] of made) expect(read(name), name).toBe(expected)
  })

  it('shows every picture once, and there is no other', () => {
    const pictures = [...made.keys()].filter((name) => name.endsWith('.svg')).sort()
    const shown = [...text.matchAll(/!\[[^\]]{40,}\]\((standards\/[a-z-]+\.svg)\)/g)].map(([, name]) => name)
    expect(shown.sort()).toEqual(pictures)
    expect(readdirSync(new URL('standards/', DOCS)).map((name) => `standards/${name}`).sort()).toEqual(pictures) // prettier-ignore
  })

  it('has every standard in its tables, with what a hand works out', () => {
    const rows = [...text.matchAll(/^\| `([a-z0-9-]+)`.*$/gm)]
    for (const { id } of STANDARDS) expect(rows.filter(([, name]) => name === id)).toHaveLength(3)
    const scores = (id: string): string[] =>
      rows.filter(([, name]) => name === id)[1]![0].split('|').slice(2, -1).map((cell) => cell.replaceAll('*', '').trim()) // prettier-ignore
    // Threshold 2 x 2 mm2; core 9 x 4; corner 8 x 4; 1 + 1.25; 3 x 0.45; 6 + 12 + 24; 16 + 36; none; 18 / 2; 18 / 2.
    expect(scores('agatston-130')).toEqual(['4', '36', '32', '2.25', '1.35', '42', '52', '0', '9', '9'])
    // Horos: from 130 on; a hole; 4 x 4 + 4; all; all; 9 + 6 + 9 + 12; 36 + 7; 3 x 0.25; 18; 18 / 2. Weights need 3 pixels.
    expect(scores('horos')).toEqual(['4', '32', '20', '3.75', '2.7', '36', '43', '0.75', '18', '9'])
  })

  it('has an example that is a standard', () => {
    expect(parseStandard(exampleOf(text, 'my-lab.json')).id).toBe('my-lab')
  })
})
