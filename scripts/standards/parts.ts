/**
 * The parts of docs/standards.md that are made: pictures with their words, tables, what the example of the document prints. They
 * stand between `<!-- made: name -->` and `<!-- /made -->`; all else is prose and left as it is.
 */
import prettier from 'prettier'
import * as core from '../../bindings/index.js'
import * as further from '../../bindings/score/further/index.js'
import { factorText, minimumText, thresholdText, volumeTexts, weightFromText } from '../../bindings/report/rules.js'
import type { Engine, Standard } from '../../bindings/index.js'
import { TABLE_SAMPLES, VOLUME_SAMPLES } from './cases.js'
import { shippedScores } from './diagrams.js'
import { plain } from './score.js'

/** The document with every made part made anew, laid out by prettier. */
export async function withMadeParts(engine: Engine, text: string, files: ReadonlyMap<string, string>): Promise<string> {
  const output = await runExample(text)
  const made = text.replaceAll(
    /(<!-- made: ([a-z-]+) ?([a-z-]*) -->\n)[\s\S]*?(<!-- \/made -->)/g,
    (_, start: string, what: string, id: string, end: string) =>
      `${start}\n${part(engine, what, id, files, output)}\n\n${end}`,
  )
  return prettier.format(made, { parser: 'markdown', semi: false, singleQuote: true, printWidth: 120 })
}

function part(engine: Engine, what: string, id: string, files: ReadonlyMap<string, string>, output: string): string {
  switch (what) {
    case 'picture':
      return picture(id, files)
    case 'rules':
      return rulesTable()
    case 'scores':
      return valueTable(engine, 'agatston')
    case 'volumes':
      return valueTable(engine, 'volumeMm3')
    case 'ladders':
      return laddersTable()
    case 'sources':
      return further.STANDARDS.map(({ id, title, citation }) => `- \`${id}\`: ${title}. _${citation}._`).join('\n')
    case 'output':
      return `\`\`\`text\n${output}\n\`\`\``
    default:
      throw new Error(`nothing makes '${what}'`)
  }
}

/** The picture; its own description is what is read aloud. */
function picture(id: string, files: ReadonlyMap<string, string>): string {
  const svg = files.get(`standards/${id}.svg`)
  if (svg === undefined) throw new Error(`there is no picture '${id}'`)
  const [, title] = /<title>(.*)<\/title>/.exec(svg)!
  const [, description] = /<desc>(.*)<\/desc>/.exec(svg)!
  const words = `${title!} ${description!}`.replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&')
  return `![${words.replaceAll(/[[\]]/g, '').replaceAll('*', '×')}](standards/${id}.svg)`
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, n) => (n === 0 ? '---' : ':--')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')

function rulesTable(): string {
  const head = [
    'Standard',
    'Calcified',
    'Neighbours',
    'Counts',
    'Weight from',
    'Weights 2, 3, 4',
    'Slice factor',
    'Volume',
  ]
  return table(head, further.STANDARDS.map(ruleCells))
}

function ruleCells(standard: Standard): string[] {
  const { id, connectivity, ladderHu, ladderRule } = standard
  return [
    `\`${id}\``,
    thresholdText(standard),
    String(connectivity),
    minimumText(standard),
    weightFromText(standard),
    `${ladderRule === '>=' ? 'from' : 'above'} ${ladderHu.join(', ')}`,
    factorText(standard),
    volumeTexts(standard).join('; ').replace('volume and mass: ', '') || 'counted pixels × increment',
  ]
}

function valueTable(engine: Engine, what: 'agatston' | 'volumeMm3'): string {
  const samples = what === 'agatston' ? TABLE_SAMPLES : VOLUME_SAMPLES
  const scores = shippedScores(engine, samples)
  const usual = scores[0]!.totals.map((total) => plain(total[what]))
  const rows = scores.map(({ standard, totals }) => [
    `\`${standard.id}\``,
    ...totals.map((total, n) => {
      const value = plain(total[what])
      return value === usual[n] ? value : `**${value}**`
    }),
  ])
  return table(['Standard', ...samples.map(({ name }) => name)], rows)
}

function laddersTable(): string {
  const head = ['Tube voltage', 'Weight 1 from', 'Weight 2 from', 'Weight 3 from', 'Weight 4 from']
  return table(
    head,
    further.KVP_LADDERS.map(({ kvp, thresholdHu, upperBoundsHu }) => [
      `${kvp} kVp`,
      ...[thresholdHu, ...upperBoundsHu.map((bound) => bound + 1)].map((hu) => `${hu} HU`),
    ]),
  )
}

/** The block of code that follows `<!-- runs: name -->`. */
export function exampleOf(text: string, name: string): string {
  const [, code] = new RegExp(`<!-- runs: ${name} -->\\s+\`\`\`[a-z]+\\n([\\s\\S]*?)\`\`\``).exec(text) ?? []
  if (code === undefined) throw new Error(`the document has no example '${name}'`)
  return code
}

/** Runs the program of the document as it stands there, on this source, and gives what it prints. */
async function runExample(text: string): Promise<string> {
  const printed: string[] = []
  const modules: Readonly<Record<string, object>> = {
    agatston: core,
    'agatston/standards': further,
    'node:fs': { readFileSync: (name: string) => exampleOf(text, name) },
  }
  const code = exampleOf(text, 'my-lab.mjs').replaceAll(/^import (\{.*\}) from '(.*)'$/gm, "const $1 = modules['$2']")
  const console = { log: (...words: readonly unknown[]) => printed.push(words.map(String).join(' ')) }
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
    ...args: string[]
  ) => (modules: object, console: object) => Promise<void>
  await new AsyncFunction('modules', 'console', code)(modules, console)
  return printed.join('\n')
}
